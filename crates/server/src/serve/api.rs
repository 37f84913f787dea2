//! The whole service: the interface, its description, its health, and what every request passes.

use super::app::App;
use super::lang;
use super::page;
use super::problem::Problem;
use super::refusal;
use super::routes;
use super::traces::Answered;
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

/// Header that names a request in the log and in the answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

static REQUESTS: AtomicU64 = AtomicU64::new(1);
static BEGAN: LazyLock<i64> = LazyLock::new(crate::home::now);

/// What browsers are told never to do with what they get.
const HEADERS: [(HeaderName, &str); 5] = [
    // What a bank answers is not for whoever sits at the machine next.
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
];

/// Over TLS: for a year, nothing of ours is asked for without it.
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// The interface with its description.
pub fn described() -> (Router<App>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(routes::Document::openapi())
        .nest("/api/v1", routes::all())
        .split_for_parts()
}

/// Everything that is served.
pub fn router(app: App) -> Router {
    let (interface, document) = described();
    let docs = SwaggerUi::new("/api/docs").url("/api/openapi.json", document);
    let body = app.limits.body;
    // Only the pages: answers of the interface are small, and streams must not wait for a block.
    let pages = any(page::serve).layer(CompressionLayer::new());
    Router::new()
        .merge(interface)
        .merge(routes::health())
        .merge(docs)
        .fallback_service(pages)
        .method_not_allowed_fallback(|| async { not_allowed() })
        .layer(DefaultBodyLimit::max(body))
        .layer(CatchPanicLayer::custom(panicked))
        // One layer for everything that each request passes: layers are boxed, and cost as much as
        // what they do.
        .layer(from_fn_with_state(app.clone(), watched))
        .with_state(app)
}

pub fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, refusal::not_found("address"))
}

fn not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, refusal::method_not_allowed())
}

/// A bug of ours: the caller learns that it was not done, the log learns where.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn panicked(error: Box<dyn std::any::Any + Send>) -> Response {
    let says = error
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| error.downcast_ref::<&str>().copied())
        .unwrap_or("?");
    tracing::error!(says, "a handler has panicked");
    let problem = Problem::from(ledger::refusal::unavailable("Fault"));
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, problem.refusal).into_response()
}

/// Names, times and logs each request; gives up on one that takes too long.
async fn watched(
    State(app): State<App>,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let lang = lang::of(request.headers());
    lang::within(lang, watch(&app, path.as_ref(), request, next)).await
}

async fn in_time(app: &App, answer: impl Future<Output = Response>) -> Response {
    let limit = Duration::from_secs(app.limits.seconds);
    let answered = tokio::time::timeout(limit, answer).await;
    answered
        .unwrap_or_else(|_| Problem::from(ledger::refusal::unavailable("timeout")).into_response())
}

async fn watch(app: &App, path: Option<&MatchedPath>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let given = request
        .headers()
        .get(REQUEST_ID)
        .filter(|id| id.len() <= 64 && id.as_bytes().iter().all(|byte| byte.is_ascii_graphic()));
    let id = match given {
        Some(id) => id.clone(),
        None => {
            // Names of a node's requests: when it began to serve, and how many came before.
            let number = REQUESTS.fetch_add(1, Ordering::Relaxed);
            let id = format!("{:x}-{number}", *BEGAN);
            HeaderValue::try_from(id).expect("digits are plain ASCII")
        }
    };
    let path = path.map_or("other", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let traced = app.traces.get().map(|traces| (traces, traces.parent(request.headers())));
    // Reports have a time of their own.
    let reports = path.contains("/reports/") || path.contains("/office-reports/");
    let reports = reports || path.ends_with("/statement");
    let streams = path.ends_with("/bulk") || path.ends_with("/events") || reports;
    let (parts, body) = request.into_parts();
    let mut response = match app.rate.check(app, &parts) {
        Err(problem) => problem.into_response(),
        Ok(()) if streams => next.run(Request::from_parts(parts, body)).await,
        Ok(()) => in_time(app, next.run(Request::from_parts(parts, body))).await,
    };
    let (took, status) = (began.elapsed(), response.status().as_u16());
    metrics::histogram!("piaohao_request_seconds", "path" => path.clone())
        .record(took.as_secs_f64());
    if let Some((traces, parent)) = traced {
        let (id, route) = (id.to_str().unwrap_or_default(), path.as_str());
        traces.note(&parent, &Answered { method: &method, route, id, status, took });
    }
    tracing::debug!(
        id = id.to_str().unwrap_or_default(), %method, path, status,
        micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX), "request"
    );
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if app.secure {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(TLS_ONLY);
    }
    response
}
