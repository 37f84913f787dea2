//! What requests carry, read with the service's own refusals.

use super::app::App;
use super::problem::Problem;
use super::refusal;
use crate::input::malformed_json;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use ledger::{Day, Refusal};
use serde::de::DeserializeOwned;
use std::fmt::Write as _;

/// Things on one page, unless more or fewer are asked for.
const PAGE: usize = 50;
const PAGE_MAX: usize = 500;

/// Header of the idempotency key.
pub const KEY: &str = "idempotency-key";

/// A body of JSON.
pub struct Body<T>(pub T);

/// The query of the address.
pub struct Asked<T>(pub T);

/// What the path names.
pub struct Named<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        media_type(request.headers(), "application/json")?;
        let bytes = Bytes::from_request(request, app).await;
        let bytes = bytes.map_err(|_| too_large(app.limits.body))?;
        no_nul(&bytes, b"\\u0000", "")?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let text = String::from_utf8_lossy(&bytes);
            let at = malformed_json(&text, &error).field;
            refusal::malformed(&error.to_string()).at(at).into()
        })
    }
}

/// Refuses the sign that no text has and no store keeps, as it is spelt where it comes from.
fn no_nul(bytes: &[u8], spelt: &[u8], field: &str) -> Result<(), Problem> {
    if bytes.windows(spelt.len()).any(|window| window == spelt) {
        return Err(refusal::malformed("U+0000").at(field).into());
    }
    Ok(())
}

/// Only what says that it is of this type: pages of others cannot say so without being asked first.
pub fn media_type(headers: &HeaderMap, wanted: &'static str) -> Result<(), Problem> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let given = given.map(|given| given.split(';').next().unwrap_or_default().trim());
    if given.is_some_and(|given| given.eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    let no = refusal::media_type_wrong(wanted);
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, no))
}

pub fn too_large(bytes: usize) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, refusal::too_large(bytes))
}

impl<T: DeserializeOwned> FromRequestParts<App> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        no_nul(parts.uri.query().unwrap_or_default().as_bytes(), b"%00", "query")?;
        let query = Query::from_request_parts(parts, app).await;
        let wrong = |error: axum::extract::rejection::QueryRejection| {
            Problem::from(refusal::malformed(&error.body_text()).at("query"))
        };
        query.map(|Query(asked)| Self(asked)).map_err(wrong)
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        no_nul(parts.uri.path().as_bytes(), b"%00", "path")?;
        let path = Path::from_request_parts(parts, app).await;
        let wrong = |error: axum::extract::rejection::PathRejection| {
            Problem::from(refusal::malformed(&error.body_text()).at("path"))
        };
        path.map(|Path(named)| Self(named)).map_err(wrong)
    }
}

/// The idempotency key of a write, made the caller's own: two callers' keys never meet.
pub fn key(headers: &HeaderMap, operator: &str) -> Result<String, Problem> {
    let Some(value) = headers.get(KEY) else { return Ok(String::new()) };
    let text = value.to_str().map(str::trim).unwrap_or_default();
    if text.is_empty() || text.len() > 200 {
        let no = refusal::malformed("1..200 ASCII").at("Idempotency-Key");
        return Err(no.into());
    }
    Ok(format!("{operator}/{text}"))
}

/// The version that `If-Match` asks for; `*` is any.
pub fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let version = text.trim_start_matches("W/").trim_matches('"').parse();
    version.map(Some).map_err(|_| refusal::if_match_wrong().into())
}

/// The version of a thing, as `ETag` tells it.
pub fn etag(version: u64) -> [(header::HeaderName, String); 1] {
    [(header::ETAG, format!("\"{version}\""))]
}

/// A business day, as YYYY-MM-DD.
pub fn day(text: &str, field: &str) -> Result<Day, Refusal> {
    text.parse().map_err(|_| crate::refusal::value_wrong(field, text))
}

/// As [`day`], of what may be left out.
pub fn day_of(text: Option<&str>, field: &str) -> Result<Option<Day>, Refusal> {
    text.map(|text| day(text, field)).transpose()
}

/// How many there are on a page: as many as were asked for, within reason.
pub fn on_a_page(asked: Option<usize>) -> usize {
    asked.unwrap_or(PAGE).clamp(1, PAGE_MAX)
}

/// Where the page before ended, as this reads it; none, where nothing was said.
pub fn cursor<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    read(text).map(Some).ok_or_else(|| crate::refusal::cursor_wrong(text).at("cursor"))
}

/// A name as headers carry it (RFC 8187).
pub fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(3 * name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}
