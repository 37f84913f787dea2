//! 单点登录: signing in where another provider of the bank vouches for who somebody is.

use super::{begun, told};
use crate::serve::app::App;
use crate::serve::extract::Asked;
use crate::serve::problem::Problem;
use crate::serve::refusal;
use crate::serve::routes::Problems;
use crate::serve::sign_in::{Credentials, Oidc, PATIENCE_SECONDS, cookie};
use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bank::office::trail::Kind;
use ledger::Refusal;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use utoipa::{IntoParams, ToSchema};

/// The cookie of a sign-in under way. It must come along when the provider's page leads back here,
/// which is the page of another site: `Lax`, where the session's own is `Strict`.
const COOKIE: &str = "piaohao_oidc";

/// Characters of a path that is kept.
const BACK_MAX: usize = 2_000;

#[derive(Serialize, ToSchema)]
pub struct WaysView {
    /// 单点登录, where the bank has it
    pub oidc: Option<OidcWay>,
}

#[derive(Serialize, ToSchema)]
pub struct OidcWay {
    pub title_zh: String,
    pub title_en: String,
    /// What `/?oidc=CODE` may say when it led nowhere
    pub refusals: Vec<OidcRefusal>,
}

#[derive(Serialize, ToSchema)]
pub struct OidcRefusal {
    pub code: &'static str,
    pub zh: String,
    pub en: String,
}

/// 签到方式 / Ways of signing in beside number and password
#[utoipa::path(
    get, path = "/session/ways", tag = "session", security(()),
    responses((status = 200, body = WaysView), Problems),
    extensions(("x-function" = json!("nobody")))
)]
pub async fn ways(State(app): State<App>) -> Json<WaysView> {
    let oidc = app.oidc.as_ref().map(|oidc| {
        let all = [
            refusal::provider_unreachable(),
            refusal::sign_in_not_begun(),
            refusal::not_vouched(),
            refusal::sign_in_failed(),
            refusal::too_many_requests(),
            refusal::busy(),
        ];
        let told = all.map(|no| OidcRefusal { code: no.code, zh: no.zh, en: no.en });
        OidcWay {
            title_zh: oidc.settings.title_zh.clone(),
            title_en: oidc.settings.title_en.clone(),
            refusals: told.into(),
        }
    });
    Json(WaysView { oidc })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BeginQuery {
    /// Path of the page to show afterwards
    #[serde(default)]
    pub back: String,
}

/// 单点登录 / Begin: sends the browser to the provider
#[utoipa::path(
    get, path = "/session/oidc", tag = "session", params(BeginQuery), security(()),
    responses(
        (status = 303, description = "to the provider, or to `/?oidc=CODE` of a refusal"),
        Problems
    ),
    extensions(("x-function" = json!("nobody")))
)]
pub async fn begin(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    uri: Uri,
    headers: HeaderMap,
    Asked(BeginQuery { back }): Asked<BeginQuery>,
) -> Result<Response, Problem> {
    let oidc = app.oidc.as_ref().ok_or_else(|| refusal::not_found("oidc"))?;
    let begun = async {
        app.check_sign_in_rate(peer.ip())?;
        let own = own(&app, oidc, &uri, &headers)?;
        Ok::<_, Problem>(oidc.begin(&own, page(&back), app.now()).await?)
    };
    match begun.await {
        Ok(begun) => {
            let cookie = flow_cookie(&app, &begun.cookie, PATIENCE_SECONDS);
            Ok(lead(&begun.location, [cookie]))
        }
        Err(problem) => Ok(refused(&app, &problem.refusal)),
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReturnQuery {
    /// What the provider gives for its word; missing if it gives none
    #[serde(default)]
    pub code: Option<String>,
    /// As it was sent to the provider
    #[serde(default)]
    pub state: String,
}

/// 单点登录返回 / End: the provider sends the browser back; sets the session's cookie
#[utoipa::path(
    get, path = "/session/oidc/return", tag = "session", params(ReturnQuery), security(()),
    responses(
        (status = 303, description = "signed in and to the page, or to `/?oidc=CODE` of a refusal"),
        Problems
    ),
    extensions(("x-function" = json!("nobody")))
)]
pub async fn finish(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Asked(asked): Asked<ReturnQuery>,
) -> Result<Response, Problem> {
    let oidc = app.oidc.as_ref().ok_or_else(|| refusal::not_found("oidc"))?;
    match signed_in(&app, oidc, (&headers, asked), peer.ip()).await {
        // A browser sends no strict cookie along where another site's page has led it. It need not:
        // the page itself asks for nothing, and what it fetches then comes from our own site.
        Ok((session, back)) => Ok(lead(&back, [session, flow_cookie(&app, "", 0)])),
        Err(problem) => Ok(refused(&app, &problem.refusal)),
    }
}

/// The cookie of the session that begins, and the page to show.
async fn signed_in(
    app: &App,
    oidc: &Oidc,
    (headers, ReturnQuery { code, state }): (&HeaderMap, ReturnQuery),
    from: IpAddr,
) -> Result<(HeaderValue, String), Problem> {
    let browser = cookie(headers, COOKIE).unwrap_or_default();
    let vouched = oidc.finish((browser, &state), code, app.now()).await?;
    let operator = vouched.operator;
    let proof = Credentials::new(app).vouched(&operator, app.now()).await?;
    let proved = told(app, &operator, proof, (from, Kind::SignedIn)).await?;
    let (_, cookie) = begun(app, &operator, proved).await?;
    Ok((cookie, vouched.back))
}

/// Where the browser reaches the bank. It is believed: the provider leads only to addresses that it
/// was told of beforehand.
fn own(app: &App, oidc: &Oidc, uri: &Uri, headers: &HeaderMap) -> Result<String, Refusal> {
    if let Some(address) = &oidc.settings.address {
        return Ok(address.trim_end_matches('/').to_owned());
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| uri.authority().map(|authority| authority.as_str()));
    let host = host.ok_or_else(|| refusal::malformed("Host"))?;
    Ok(format!("http{}://{host}", if app.secure { "s" } else { "" }))
}

/// A page of ours; whatever else the query says leads to the first one. What two slashes or a
/// backslash begin is another site, and what the interface answers is no page.
fn page(back: &str) -> &str {
    let is_plain = back.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_ours = back.starts_with('/') && !back.starts_with("//") && !back.starts_with("/api/");
    if is_plain && is_ours && back.len() <= BACK_MAX { back } else { "/" }
}

fn flow_cookie(app: &App, text: &str, seconds: i64) -> HeaderValue {
    let secure = if app.secure { "; Secure" } else { "" };
    let path = "/api/v1/session/oidc";
    let value =
        format!("{COOKIE}={text}; Path={path}; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::try_from(value).expect("a secret is plain ASCII")
}

/// A person looks at what is answered: the entrance says what was refused, and what may be done.
fn refused(app: &App, refusal: &Refusal) -> Response {
    metrics::counter!("piaohao_refusals_total", "code" => refusal.code).increment(1);
    lead(&format!("/?oidc={}", refusal.code), [flow_cookie(app, "", 0)])
}

fn lead<const COUNT: usize>(to: &str, cookies: [HeaderValue; COUNT]) -> Response {
    let to = HeaderValue::try_from(to).expect("an address is plain ASCII");
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn only_pages_of_ours_are_kept() {
        for ours in ["/", "/matters/8", "/accounts?number=900001&on=2026-01-05"] {
            assert_eq!(page(ours), ours);
        }
        for other in ["", "x", "https://evil.example", "//evil.example", "/\\evil.example"] {
            assert_eq!(page(other), "/", "{other}");
        }
        for other in ["/api/v1/session", "/a\r\nb", "/账户", "\\/evil.example", "/a\\b"] {
            assert_eq!(page(other), "/", "{other}");
        }
    }
}
