//! Where reports are made: a few at once, in time, and only as long as somebody waits for them.

use super::config::Limits;
use super::problem::Problem;
use super::refusal;
use crate::home::Home;
use crate::paper::Press;
use crate::reports::Stop;
use ledger::refusal as books;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub struct Desk {
    places: Arc<Semaphore>,
    seconds: u64,
    pub press: Arc<Press>,
}

/// A place at the desk. It goes with the work to the thread that does it, and is given back when
/// the thread is done, though nobody may wait any more.
pub struct Place {
    _permit: OwnedSemaphorePermit,
    pub stop: Stop,
}

/// Who waits for the work; whoever lets it go tells the work to stop.
pub struct Waiting(Stop);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.set();
    }
}

impl Desk {
    pub fn new(home: &Home, limits: &Limits) -> Self {
        let places = Arc::new(Semaphore::new(limits.reports));
        Self { places, seconds: limits.report_seconds, press: Arc::new(Press::of(home)) }
    }

    /// Waits for a place.
    pub async fn place(&self) -> Result<(Waiting, Place), Problem> {
        let permit = Arc::clone(&self.places).acquire_owned().await;
        let permit = permit.map_err(|_| Problem::from(books::unavailable("stopping")))?;
        let stop = Stop::default();
        Ok((Waiting(stop.clone()), Place { _permit: permit, stop }))
    }

    /// Gives up what is not done in time.
    pub async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, Problem>>,
    ) -> Result<T, Problem> {
        let done = tokio::time::timeout(Duration::from_secs(self.seconds), work).await;
        done.unwrap_or_else(|_| Err(refusal::took_too_long(self.seconds).into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::Config;

    #[tokio::test]
    async fn few_work_at_once_in_time_and_while_somebody_waits() {
        let [store, archive, bank] = [""; 3].map(str::to_owned);
        let config = Config { store, archive, bank, serve: None };
        let home = Home { folder: "none".into(), config };
        let limits = Limits { reports: 1, report_seconds: 0, ..Limits::default() };
        let desk = Desk::new(&home, &limits);
        let (waiting, place) = desk.place().await.unwrap();
        let second = desk.in_time(desk.place()).await;
        assert_eq!(second.err().map(|problem| problem.refusal.code), Some("TookTooLong"));
        assert!(place.stop.go_on().is_ok());
        drop(waiting);
        assert_eq!(place.stop.go_on().unwrap_err().code, "GivenUp");
        drop(place);
        assert!(desk.place().await.is_ok(), "the place is free again");
    }
}
