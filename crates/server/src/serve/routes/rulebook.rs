//! The rulebook (规则库) in force: its files, what the checker finds in it, and how much of the
//! mission it serves.

use super::Problems;
use super::matters::TitleView;
use crate::messages;
use crate::serve::app::App;
use crate::serve::extract::{Asked, Named};
use crate::serve::node::unblocked;
use crate::serve::problem::Problem;
use crate::serve::refusal;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use bank::checker;
use bank::coverage::{self, Row};
use bank::office::access::Function;
use bank::rulebook::{FileInfo, Rulebook};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};
use tower_http::compression::CompressionLayer;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(file))
        .routes(routes!(check))
        .routes(routes!(mission))
        // Long, and much alike.
        .layer(CompressionLayer::new())
}

/// The rulebook by which the bank is kept now.
async fn in_force(app: &App, caller: &Caller) -> Result<Arc<Rulebook>, Problem> {
    let look = |state: &bank::State, _: &_| Ok(Arc::clone(&state.rulebook));
    app.look_as(caller, Function::RulebookRead, look).await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RulebookQuery {
    /// Kind of file: `matter`, `number`, `accounts`, …
    #[serde(default)]
    pub kind: String,
    /// A part of the path, the code or a name
    #[serde(default)]
    pub q: String,
}

#[derive(Serialize, ToSchema)]
pub struct RulebookView {
    /// SHA-256 over all files: its version
    pub hash: String,
    /// Files that define something
    pub files: Vec<FileView>,
    /// Paths of pages and tables beside them
    pub others: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct FileView {
    pub path: String,
    pub kind: &'static str,
    pub code: String,
    pub zh: String,
    pub en: String,
    /// `draft`, `live` or `retired`
    pub standing: &'static str,
    pub why: TitleView,
    pub source: String,
    /// Rows of the mission
    pub serves: Vec<String>,
    /// Codes of what it defines
    pub codes: Vec<String>,
}

fn file_view(info: &FileInfo) -> FileView {
    FileView {
        path: info.path.clone(),
        kind: info.kind.code(),
        code: info.code.clone(),
        zh: info.title.zh.clone(),
        en: info.title.en.clone(),
        standing: info.status.code(),
        why: (&info.why).into(),
        source: info.source.clone(),
        serves: info.serves.clone(),
        codes: info.codes.clone(),
    }
}

/// 规则库 / Version and files of the rulebook
#[utoipa::path(
    get, path = "/rulebook", tag = "rulebook", params(RulebookQuery),
    responses((status = 200, body = RulebookView), Problems),
    extensions(("x-function" = json!("rulebook.read")))
)]
async fn show(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<RulebookQuery>,
) -> Result<Json<RulebookView>, Problem> {
    let rulebook = in_force(&app, &caller).await?;
    let q = asked.q.to_lowercase();
    let fits = |info: &&FileInfo| {
        (asked.kind.is_empty() || info.kind.code() == asked.kind)
            && (info.path.contains(&q)
                || info.code.to_lowercase().contains(&q)
                || info.title.zh.contains(&q)
                || info.title.en.to_lowercase().contains(&q))
    };
    let others = rulebook.files.iter().map(|(path, _)| path);
    let defined = |path: &str| rulebook.infos.iter().any(|info| info.path == path);
    let others = others.filter(|path| asked.kind.is_empty() && path.contains(&q) && !defined(path));
    Ok(Json(RulebookView {
        hash: ledger::hex(&rulebook.hash),
        files: rulebook.infos.iter().filter(fits).map(file_view).collect(),
        others: others.cloned().collect(),
    }))
}

/// A file with its text.
#[derive(Serialize, ToSchema)]
pub struct FileText {
    pub path: String,
    /// `data`: a page or a table
    pub kind: &'static str,
    pub text: String,
}

/// 规则文件 / Text of one file
#[utoipa::path(
    get, path = "/rulebook/files/{path}", tag = "rulebook",
    params(("path" = String, Path, description = "its slashes are written as %2F")),
    responses((status = 200, body = FileText), Problems),
    extensions(("x-function" = json!("rulebook.read")))
)]
async fn file(
    State(app): State<App>,
    caller: Caller,
    Named(path): Named<String>,
) -> Result<Json<FileText>, Problem> {
    let rulebook = in_force(&app, &caller).await?;
    let found = rulebook.files.iter().find(|(known, _)| *known == path);
    let found = found.zip(rulebook.kind_of(&path));
    let ((path, text), kind) = found.ok_or_else(|| refusal::not_found("file"))?;
    Ok(Json(FileText { path: path.clone(), kind, text: text.clone() }))
}

/// What the checker finds wrong.
#[derive(Serialize, ToSchema)]
pub struct FindingView {
    pub code: &'static str,
    pub file: String,
    pub matter: String,
    pub zh: String,
    pub en: String,
    /// The path that shows it, step by step
    pub path: Vec<String>,
}

/// 规则检查 / Findings of the checker; none: the rulebook is sound
#[utoipa::path(
    get, path = "/rulebook/check", tag = "rulebook",
    responses((status = 200, body = Vec<FindingView>), Problems),
    extensions(("x-function" = json!("rulebook.read")))
)]
async fn check(State(app): State<App>, caller: Caller) -> Result<Json<Vec<FindingView>>, Problem> {
    let rulebook = in_force(&app, &caller).await?;
    let found = unblocked(move || checker::check(&rulebook)).await?;
    let view = |one: checker::Finding| {
        let checker::Finding { code, file, matter, zh, en, path } = one;
        FindingView { code, file, matter, zh, en, path }
    };
    Ok(Json(found.into_iter().map(view).collect()))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CoverageQuery {
    #[serde(default)]
    pub module: String,
    /// `covered`, `not_walked`, `not_served` or `gap`
    #[serde(default)]
    pub standing: String,
}

/// 职责覆盖: how much of the mission is served.
#[derive(Serialize, ToSchema)]
pub struct CoverageView {
    pub covered: usize,
    pub not_walked: usize,
    pub not_served: usize,
    /// All modules, in the order of their first rows
    pub modules: Vec<String>,
    pub rows: Vec<MissionRow>,
}

/// A row of the mission, and what serves it.
#[derive(Serialize, ToSchema)]
pub struct MissionRow {
    pub row: String,
    /// Where the duty stands in the documents
    pub reference: String,
    pub zh: String,
    pub en: String,
    pub modules: Vec<String>,
    pub tier: u8,
    pub standing: &'static str,
    pub files: Vec<ServedBy>,
}

#[derive(Serialize, ToSchema)]
pub struct ServedBy {
    pub path: String,
    /// Pages of cases that walk the file
    pub pages: Vec<String>,
}

fn row_view(row: Row) -> MissionRow {
    let (code, standing) = (row.code(), messages::coverage(row.standing()).1);
    let files = row.files.into_iter().map(|file| ServedBy { path: file.path, pages: file.pages });
    MissionRow {
        row: code,
        reference: row.duty.reference,
        zh: row.duty.title.zh,
        en: row.duty.title.en,
        modules: row.duty.modules,
        tier: row.duty.tier,
        standing,
        files: files.collect(),
    }
}

/// The rows of a rulebook by its hash.
type Counted = ([u8; 32], Vec<Row>);

/// The rows that were counted last: to read every page of cases takes a while, and the same
/// rulebook always serves the same.
static COUNTED: Mutex<Option<Counted>> = Mutex::new(None);

fn rows_of(rulebook: &Rulebook) -> Vec<Row> {
    let mut counted = COUNTED.lock().unwrap_or_else(PoisonError::into_inner);
    match &*counted {
        Some((hash, rows)) if *hash == rulebook.hash => rows.clone(),
        _ => {
            let rows = coverage::rows(rulebook, &rulebook.files);
            *counted = Some((rulebook.hash, rows.clone()));
            rows
        }
    }
}

/// 职责覆盖 / Rows of the mission, the files that serve them and the cases that walk the files
#[utoipa::path(
    get, path = "/coverage", tag = "rulebook", params(CoverageQuery),
    responses((status = 200, body = CoverageView), Problems),
    extensions(("x-function" = json!("rulebook.read")))
)]
async fn mission(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<CoverageQuery>,
) -> Result<Json<CoverageView>, Problem> {
    let rulebook = in_force(&app, &caller).await?;
    let rows = unblocked(move || rows_of(&rulebook)).await?;
    let modules: Vec<String> = coverage::modules(&rows).into_iter().map(str::to_owned).collect();
    if !asked.module.is_empty() && !modules.contains(&asked.module) {
        return Err(crate::refusal::value_wrong("module", &asked.module).into());
    }
    let [covered, not_walked, not_served] = coverage::counts(rows.iter());
    let fits = |row: &Row| {
        (asked.module.is_empty() || row.duty.modules.contains(&asked.module))
            && (asked.standing.is_empty() || messages::coverage(row.standing()).1 == asked.standing)
    };
    let rows = rows.into_iter().filter(fits).map(row_view).collect();
    Ok(Json(CoverageView { covered, not_walked, not_served, modules, rows }))
}
