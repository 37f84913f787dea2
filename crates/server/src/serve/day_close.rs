//! The close of the day as the service runs it: on a thread of its own, one at a time, and told
//! step by step to who asks. What is told of lasts as long as the node; the certificate of a day is
//! in the journal.

use super::app::App;
use super::node::unblocked;
use super::problem::Problem;
use super::refusal;
use crate::closing::{self, Closed};
use crate::home::Running;
use ledger::close::Certificate;
use ledger::{Day, Refusal};
use std::sync::{Arc, Mutex, PoisonError};

/// A close that runs or has run.
#[derive(Clone, Debug)]
pub struct Progress {
    pub day: Day,
    pub by: String,
    /// Microseconds since 1970-01-01 UTC.
    pub began: i64,
    pub ended: Option<i64>,
    /// Chinese and English names of the steps begun, in order; all but the last are done.
    pub steps: Vec<(&'static str, &'static str)>,
    pub outcome: Option<Result<Certificate, Refusal>>,
}

impl Progress {
    pub fn is_running(&self) -> bool {
        self.outcome.is_none()
    }
}

/// The close of this node: the one that runs, or the last.
#[derive(Default)]
pub struct DayClose(Mutex<Option<Progress>>);

impl DayClose {
    pub fn progress(&self) -> Option<Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Errors: another one is running.
    fn begin(&self, day: Day, by: &str, began: i64) -> Result<Progress, Refusal> {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now.as_ref().is_some_and(Progress::is_running) {
            return Err(refusal::close_under_way());
        }
        let by = by.to_owned();
        let progress = Progress { day, by, began, ended: None, steps: Vec::new(), outcome: None };
        Ok(now.insert(progress).clone())
    }

    fn change(&self, change: impl FnOnce(&mut Progress)) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(progress) = now.as_mut() {
            change(progress);
        }
    }
}

/// Starts the close and answers at once; the caller has seen to it that `by` may.
pub fn start(app: &App, day: Day, by: &str, accept: Option<String>) -> Result<Progress, Problem> {
    let running = app.node.writer()?;
    let begun = app.day_close.begin(day, by, app.now())?;
    let (app, by) = (app.clone(), by.to_owned());
    tokio::spawn(async move {
        let own = app.clone();
        let closed = unblocked(move || close(&own, &running, accept.as_deref(), &by)).await;
        let outcome = closed.and_then(|closed| closed).map_err(|problem| problem.refusal);
        if let Err(refusal) = &outcome {
            tracing::warn!(code = refusal.code, %day, "the day was not closed");
        }
        let ended = Some(app.now());
        app.day_close.change(|one| (one.ended, one.outcome) = (ended, Some(outcome)));
        app.changed.send_modify(|count| *count = count.wrapping_add(1));
    });
    Ok(begun)
}

fn close(
    app: &App,
    running: &Arc<Running>,
    accept: Option<&str>,
    by: &str,
) -> Result<Certificate, Problem> {
    let home = &app.node.home;
    let archive = home.archive()?;
    let tell = |zh, en| {
        tracing::info!(step = en, "closing the day");
        app.day_close.change(|one| one.steps.push((zh, en)));
        app.changed.send_modify(|count| *count = count.wrapping_add(1));
    };
    let closed = closing::close_day(&running.engine, home, &archive, accept, by, tell)?;
    let Closed { certificate, unmerged } = closed;
    if let Some(error) = unmerged {
        // A merged month is only a copy; the next close tries again.
        tracing::warn!(%error, "a month was not merged");
    }
    tracing::info!(day = %certificate.day, "the day is closed");
    Ok(certificate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_close_runs_at_a_time() {
        let (close, day) = (DayClose::default(), Day::new(2026, 1, 5));
        assert!(close.begin(day, "zong", 0).unwrap().is_running());
        assert_eq!(close.begin(day, "zong", 0).unwrap_err().code, "CloseUnderWay");
        close.change(|one| one.outcome = Some(Err(ledger::refusal::books_moved())));
        assert!(close.begin(day, "kuai", 0).is_ok());
        assert_eq!(close.progress().unwrap().by, "kuai");
    }
}
