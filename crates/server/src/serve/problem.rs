//! What a request that was not done answers: a problem as RFC 9457 has it, with the refusal's
//! stable code, its field and both sentences.

use super::lang::{self, Lang};
use super::refusal;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ledger::{Again, Refusal};
use serde::Serialize;
use utoipa::ToSchema;

/// Codes that say that somebody may not, whatever the request says.
const FORBIDDEN: [&str; 15] = [
    "AboveAuthority",
    "AssignedTo",
    "CsrfTokenWrong",
    "FactorMustBeSet",
    "HandGiven",
    "NoAuthority",
    "NotPermitted",
    "NotTheOne",
    "NotYourPost",
    "OneHandOnly",
    "OperatorNotActive",
    "OwnMatter",
    "PasswordMustChange",
    "SameOperator",
    "ScreenLocked",
];

/// Codes that say that somebody has not said who they are.
const UNAUTHORISED: [&str; 6] = [
    "NotSignedIn",
    "SecondFactorNeeded",
    "SessionEnded",
    "SessionExpired",
    "SignInFailed",
    "TokenWrong",
];

/// Codes of what is named by the path and is not there, or is no business of who asks.
const NOT_FOUND: [&str; 8] = [
    "NotFound",
    "UnknownAccount",
    "UnknownEntry",
    "UnknownHold",
    "UnknownMatter",
    "UnknownMatterKind",
    "UnknownReport",
    "Unknown",
];

/// A refused or failed request.
#[derive(Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub refusal: Refusal,
    /// Seconds after which to try again.
    pub retry_after: Option<u32>,
}

/// As the client reads it (`application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// `urn:piaohao:` and the code.
    #[schema(rename = "type")]
    #[serde(rename = "type")]
    pub kind: String,
    /// The stable code, never reused.
    pub code: &'static str,
    pub title: &'static str,
    pub status: u16,
    /// The sentence in the language that was asked for.
    pub detail: String,
    pub zh: String,
    pub en: String,
    /// The field at fault, as the request spells it; empty: none.
    pub field: String,
    /// Whether the same request may succeed: `never`, `when_facts_change` or `later`.
    pub again: &'static str,
}

impl Problem {
    pub fn new(status: StatusCode, refusal: Refusal) -> Self {
        let retry_after = match status {
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => Some(1),
            _ => None,
        };
        Self { status, refusal, retry_after }
    }

    pub fn after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

fn status_of(refusal: &Refusal) -> StatusCode {
    let is = |codes: &[&str]| codes.contains(&refusal.code);
    match refusal.again {
        _ if is(&UNAUTHORISED) => StatusCode::UNAUTHORIZED,
        _ if is(&FORBIDDEN) => StatusCode::FORBIDDEN,
        _ if is(&NOT_FOUND) => StatusCode::NOT_FOUND,
        _ if refusal.code == "StaleVersion" => StatusCode::PRECONDITION_FAILED,
        _ if refusal.code == "TooManyRequests" => StatusCode::TOO_MANY_REQUESTS,
        _ if refusal.code == "CommandTooLarge" => StatusCode::PAYLOAD_TOO_LARGE,
        Again::Later => StatusCode::SERVICE_UNAVAILABLE,
        Again::WhenFactsChange => StatusCode::CONFLICT,
        Again::Never => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::new(status_of(&refusal), refusal)
    }
}

impl From<engine::Fault> for Problem {
    fn from(fault: engine::Fault) -> Self {
        match fault {
            engine::Fault::Refused(refusal) => refusal.into(),
            fault => {
                tracing::error!(fault = ?fault, "a fault of the store");
                ledger::refusal::unavailable(fault.code()).into()
            }
        }
    }
}

impl From<store::StoreError> for Problem {
    fn from(error: store::StoreError) -> Self {
        if let store::StoreError::Malformed { what } = &error {
            // What was asked for is called as nothing in the store is.
            return refusal::malformed(what).into();
        }
        engine::Fault::from(error).into()
    }
}

impl From<anyhow::Error> for Problem {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<Refusal>() {
            Ok(refusal) => refusal.into(),
            Err(error) => match error.downcast::<engine::Fault>() {
                Ok(fault) => fault.into(),
                Err(error) => {
                    tracing::error!(error = %format!("{error:#}"), "a fault");
                    ledger::refusal::unavailable("Fault").into()
                }
            },
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self { status, refusal, retry_after } = self;
        let detail = match lang::current() {
            Lang::Zh => refusal.zh.clone(),
            Lang::En => refusal.en.clone(),
        };
        metrics::counter!("piaohao_refusals_total", "code" => refusal.code).increment(1);
        let body = ProblemBody {
            kind: format!("urn:piaohao:{}", refusal.code),
            code: refusal.code,
            title: refusal.code,
            status: status.as_u16(),
            detail,
            zh: refusal.zh,
            en: refusal.en,
            field: refusal.field,
            again: match refusal.again {
                Again::Never => "never",
                Again::WhenFactsChange => "when_facts_change",
                Again::Later => "later",
            },
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        let problem = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, problem);
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"piaohao\"");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::refusal as books;

    #[test]
    fn a_refusal_has_the_status_that_clients_expect() {
        let status = |refusal: Refusal| Problem::from(refusal).status.as_u16();
        assert_eq!(status(books::missing("by")), 422);
        assert_eq!(status(books::unavailable("gone")), 503);
        assert_eq!(status(books::unknown_account("1")), 404);
        assert_eq!(status(bank::office::refusal::stale_version(1, 2, 3)), 412);
        assert_eq!(status(bank::office::refusal::not_your_post("ana", "teller", "0101")), 403);
        assert_eq!(status(books::day_not_open()), 409);
    }
}
