//! Who a request comes from: a session's cookie with its token against forgery, or a bearer token.

use crate::serve::app::App;
use crate::serve::problem::Problem;
use crate::serve::refusal;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use bank::office::access::Function;
use ledger::Refusal;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Name of the session's cookie.
pub const COOKIE: &str = "piaohao_session";

/// Header of the token against forged requests.
pub const CSRF: &str = "x-csrf-token";

/// Somebody who may ask.
#[derive(Clone, Debug)]
pub struct Caller {
    pub operator: String,
    /// Functions that a token was given; a person has those of their posts.
    pub scopes: Option<Vec<Function>>,
    /// Whether matters may be opened and worked on: people may, a token if it was given `matters`.
    pub matters: bool,
    /// Name of the session.
    pub session: Option<String>,
    /// Until when the session lasts, in microseconds since 1970-01-01 UTC.
    pub until: Option<i64>,
    pub address: IpAddr,
}

/// Somebody who is there, though the screen may be locked or the password too old.
#[derive(Clone, Debug)]
pub struct Present(pub Caller);

impl Caller {
    /// Refuses a token that was not given to work on matters.
    pub fn check_matters(&self) -> Result<(), Refusal> {
        if self.matters {
            return Ok(());
        }
        Err(refusal::not_permitted(&self.operator, "事项", "work on matters"))
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let (caller, hindered) = of(parts, app).await?;
        hindered.map_or(Ok(caller), |refusal| Err(refusal.into()))
    }
}

impl FromRequestParts<App> for Present {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let (caller, _) = of(parts, app).await?;
        Ok(Self(caller))
    }
}

/// The caller, and what keeps a person from doing more than mending their session.
async fn of(parts: &Parts, app: &App) -> Result<(Caller, Option<Refusal>), Problem> {
    let (now, address) = (app.now(), address(parts));
    let shown = credential(&parts.headers).ok_or_else(refusal::not_signed_in)?;
    let cookie = match shown {
        Credential::Token(text) => return Ok((of_token(app, text, address).await?, None)),
        Credential::Session(cookie) => cookie,
    };
    let policy = app.policy();
    let (name, session) = app.sessions.of(&app.node, cookie, &policy, now).await?;
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    let token = parts.headers.get(CSRF).map(|token| token.as_bytes());
    if !reads && token != Some(session.csrf.as_bytes()) {
        return Err(refusal::csrf_wrong().into());
    }
    let until = Some(session.ends(&policy));
    let (operator, matters) = (session.operator.clone(), true);
    let caller = Caller { operator, scopes: None, matters, session: Some(name), until, address };
    let hindered = match () {
        () if session.locked => Some(refusal::screen_locked()),
        () if session.must_change => Some(refusal::password_must_change()),
        () if session.must_set_factor => Some(refusal::factor_must_be_set()),
        () => None,
    };
    Ok((caller, hindered))
}

async fn of_token(app: &App, text: &str, address: IpAddr) -> Result<Caller, Problem> {
    let token = app.tokens.of(&app.node, text, app.now()).await?;
    let (scopes, matters) = (Some(token.functions()), token.may_work());
    let operator = token.operator;
    Ok(Caller { operator, scopes, matters, session: None, until: None, address })
}

/// Where the request comes from.
pub fn address(parts: &Parts) -> IpAddr {
    let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip())
}

/// What a request shows to be somebody's, which proves nothing yet.
pub enum Credential<'a> {
    Token(&'a str),
    Session(&'a str),
}

/// A token goes before a session.
pub fn credential(headers: &HeaderMap) -> Option<Credential<'_>> {
    let token = bearer(headers).map(Credential::Token);
    token.or_else(|| cookie(headers, COOKIE).map(Credential::Session))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// What the browser keeps under this name.
pub fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(name, value)| (name.trim() == wanted).then(|| value.trim()))
}
