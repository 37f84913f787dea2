//! Backups (备份) of the bank while it is served: into the folder that the configuration names,
//! never into one that a request names.

use super::Problems;
use crate::backup::{self, Made, Manifest};
use crate::serve::app::App;
use crate::serve::node::unblocked;
use crate::serve::problem::Problem;
use crate::serve::refusal;
use crate::serve::sign_in::Caller;
use crate::serve::trail;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use bank::office::access::Function;
use bank::office::trail::Kind;
use ledger::Refusal;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, make))
}

/// What this node is doing about backups.
#[derive(Default)]
pub struct Backing(Mutex<Stand>);

#[derive(Clone, Default)]
struct Stand {
    /// When the one that is being made began.
    since: Option<i64>,
    /// Why the last one failed, if it did.
    failed: Option<&'static str>,
}

impl Backing {
    fn stand(&self) -> MutexGuard<'_, Stand> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins one, unless one is being made.
    fn begin(&self, now: i64) -> Result<(), Refusal> {
        let mut stand = self.stand();
        if stand.since.is_some() {
            return Err(crate::refusal::backup_running());
        }
        *stand = Stand { since: Some(now), failed: None };
        Ok(())
    }

    fn end(&self, failed: Option<&'static str>) {
        *self.stand() = Stand { since: None, failed };
    }
}

#[derive(Serialize, ToSchema)]
pub struct BackupsView {
    /// When the one that is being made by this node began
    pub running_since: Option<i64>,
    /// Code of why the last one by this node failed
    pub failed: Option<&'static str>,
    /// The newest first
    pub made: Vec<Made>,
}

fn folder(app: &App) -> Result<PathBuf, Refusal> {
    let home = &app.node.home;
    let folder = home.config.serve.as_ref().and_then(|serve| serve.backup.clone());
    folder.map(|folder| home.folder.join(folder)).ok_or_else(refusal::no_backup_folder)
}

/// 备份一览 / Backups in the folder that the configuration names
#[utoipa::path(
    get, path = "/backups", tag = "monitor",
    responses((status = 200, body = BackupsView), Problems),
    extensions(("x-function" = json!("backup.run")))
)]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<BackupsView>, Problem> {
    app.look_as(&caller, Function::BackupRun, |_, _| Ok(())).await?;
    let folder = folder(&app)?;
    let manifest = unblocked(move || Manifest::read(&folder)).await??;
    let made = manifest.map(|manifest| manifest.made).unwrap_or_default();
    let Stand { since, failed } = app.backing.stand().clone();
    let made = made.into_iter().rev().collect();
    Ok(Json(BackupsView { running_since: since, failed, made }))
}

/// 备份 / Begin a backup; the list says when it is made
#[utoipa::path(
    post, path = "/backups", tag = "monitor",
    responses((status = 202, body = BackupsView), Problems),
    extensions(("x-function" = json!("backup.run")))
)]
async fn make(
    State(app): State<App>,
    caller: Caller,
) -> Result<(StatusCode, Json<BackupsView>), Problem> {
    app.look_as(&caller, Function::BackupRun, |_, _| Ok(())).await?;
    let folder = folder(&app)?;
    let now = app.now();
    app.backing.begin(now)?;
    let (work, by) = (app.clone(), caller.operator.clone());
    tokio::spawn(async move {
        let home = work.node.home.clone();
        let made = unblocked(move || backup::make(&home, &folder, (now, &by), |_, _| {}));
        let made = made.await.and_then(|made| Ok(made?));
        work.backing.end(made.as_ref().err().map(|problem| problem.refusal.code));
        match made {
            Ok(made) => {
                tracing::info!(tip = made.tip, bytes = made.bytes, "a backup was made");
                let tip = made.tip.to_string();
                trail::tell(&work, &caller.operator, Kind::BackedUp, &tip, caller.address).await;
            }
            Err(problem) => tracing::error!(says = problem.refusal.en, "no backup was made"),
        }
    });
    let view = BackupsView { running_since: Some(now), failed: None, made: Vec::new() };
    Ok((StatusCode::ACCEPTED, Json(view)))
}
