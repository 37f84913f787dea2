//! The interface under `/api/v1`, a file for each part of it.
//!
//! Every operation says in its extension `x-function` who may ask for it, so that clients can tell
//! beforehand and a test can try each operation as everybody:
//!
//! ```text
//! "x-function" = json!("accounts.read")   who has this function, or one of several
//! "x-function" = json!("named")           who has the function that what the path names asks for
//! "x-function" = json!("anyone")          who has signed in, and systems with a token
//! "x-function" = json!("matters")         the same, systems with the scope `matters` only
//! "x-function" = json!("person")          who has signed in
//! "x-function" = json!("present")         the same behind a locked screen
//! "x-function" = json!("nobody")          everybody, signed in or not
//! ```

mod accounts;
mod audit;
mod backups;
mod choices;
mod custody;
mod day;
mod entries;
mod events;
mod matters;
mod monitor;
mod organisation;
mod parameters;
mod reports;
mod rulebook;
mod search;
pub(super) mod session;

use super::app::App;
use super::problem::ProblemBody;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{IntoResponses, Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

pub use backups::Backing;
pub use monitor::health;

/// What every call may answer instead of what was asked for.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes answers that `Problem` gives")]
pub enum Problems {
    /// Not signed in, or the session has ended
    #[response(status = 401, content_type = "application/problem+json")]
    NotSignedIn(#[to_schema] ProblemBody),
    /// No post of the caller may do this
    #[response(status = 403, content_type = "application/problem+json")]
    NotPermitted(#[to_schema] ProblemBody),
    /// There is no such thing, or it is not the caller's to see
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(#[to_schema] ProblemBody),
    /// The facts of now do not allow it
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] ProblemBody),
    /// Somebody changed it since it was read
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(#[to_schema] ProblemBody),
    /// The body is too large
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] ProblemBody),
    /// The body is of another media type
    #[response(status = 415, content_type = "application/problem+json")]
    MediaType(#[to_schema] ProblemBody),
    /// The request itself is wrong
    #[response(status = 422, content_type = "application/problem+json")]
    Wrong(#[to_schema] ProblemBody),
    /// Too many requests
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(#[to_schema] ProblemBody),
    /// The bank is busy, standing by or stopping: try again with the same key
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(#[to_schema] ProblemBody),
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "票号 Piaohao",
        description = "银行运营管理系统接口。金额为字符串，单位为币种主单位；日期为 YYYY-MM-DD；\
            时刻为 UTC 微秒数。\n\n\
            The operations department of a bank. Amounts are strings in the unit's main part; \
            dates are YYYY-MM-DD; instants are microseconds since 1970-01-01 UTC.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    modifiers(&Schemes),
    security(("session" = []), ("token" = []))
)]
pub struct Document;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let cookie = ApiKey::Cookie(ApiKeyValue::new(super::sign_in::COOKIE));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

/// Every route of the interface.
pub fn all() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(session::routes())
        .merge(matters::routes())
        .merge(choices::routes())
        .merge(search::routes())
        .merge(accounts::routes())
        .merge(entries::routes())
        .merge(reports::routes())
        .merge(monitor::routes())
        .merge(backups::routes())
        .merge(day::routes())
        .merge(organisation::routes())
        .merge(parameters::routes())
        .merge(custody::routes())
        .merge(rulebook::routes())
        .merge(audit::routes())
        .merge(events::routes())
}
