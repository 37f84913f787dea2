//! Whether the node lives, whether it can work, and its figures.

use super::Problems;
use crate::serve::app::App;
use crate::serve::node::Role;
use crate::serve::problem::Problem;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use bank::office::access::Function;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(status))
}

/// What load balancers and Prometheus ask, outside the interface and without a sign-in.
pub fn health() -> Router<App> {
    Router::new()
        .route("/health", get(|| async { "ok" }))
        .route("/ready", get(ready))
        .route("/metrics", get(figures))
}

/// Ready: the bank answers a look. A follower is ready to be read from.
async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match (app.node.look(|_| ()).await, app.node.role()) {
        (Ok(()), Role::Writer(_)) => (StatusCode::OK, "writer"),
        (Ok(()), _) => (StatusCode::OK, "follower"),
        (Err(_), _) => (StatusCode::SERVICE_UNAVAILABLE, "stopped"),
    }
}

async fn figures(State(app): State<App>) -> String {
    metrics::gauge!("piaohao_commands_room").set(gauge(app.node.room()));
    if let Ok((open, entries, accounts)) = app
        .node
        .look(|state| {
            let (records, book) = (&state.office.records, &state.book);
            (records.open.len(), book.next_entry.0 - 1, book.accounts.len())
        })
        .await
    {
        metrics::gauge!("piaohao_matters_open").set(gauge(open));
        metrics::counter!("piaohao_entries_total").absolute(entries);
        metrics::gauge!("piaohao_accounts").set(gauge(accounts));
    }
    app.metrics.render()
}

/// Prometheus knows floating numbers only; counts of things are exact in them.
fn gauge(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// How the bank does.
#[derive(Serialize, ToSchema)]
pub struct Status {
    /// `writer`, `follower` or `stopped`
    pub role: &'static str,
    /// Address of the node that writes, as it says itself; empty: nobody knows
    pub writer: String,
    pub version: &'static str,
    pub business_date: String,
    pub phase: String,
    pub institutions: usize,
    pub accounts: usize,
    pub entries: u64,
    pub matters_open: usize,
    pub matters_late: usize,
    /// Steps of the close that are done
    pub steps_done: Vec<String>,
    /// Commands that the node may still take on
    pub room: usize,
}

/// 运行状态 / How the bank does
#[utoipa::path(
    get, path = "/status", tag = "monitor", responses((status = 200, body = Status), Problems),
    extensions(("x-function" = json!("monitor.read")))
)]
async fn status(State(app): State<App>, caller: Caller) -> Result<Json<Status>, Problem> {
    let role = match app.node.role() {
        Role::Writer(_) => "writer",
        Role::Follower(_) => "follower",
        Role::Stopped => "stopped",
    };
    let (room, now, writer) = (app.node.room(), app.now(), app.node.writer_at());
    let look = app.look_as(&caller, Function::MonitorRead, move |state, _| {
        let (book, records) = (&state.book, &state.office.records);
        let late = records.open.values().filter(|one| one.is_late(now));
        Ok(Status {
            role,
            writer,
            version: env!("CARGO_PKG_VERSION"),
            business_date: book.today.to_string(),
            phase: book.phase.code().to_owned(),
            institutions: book.institutions.len(),
            accounts: book.accounts.len(),
            entries: book.next_entry.0 - 1,
            matters_open: records.open.len(),
            matters_late: late.count(),
            steps_done: book.steps.keys().cloned().collect(),
            room,
        })
    });
    Ok(Json(look.await?))
}
