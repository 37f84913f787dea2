//! Streams of events that go out: how many an operator has, and their end when the service stops.

use super::refusal;
use ledger::Refusal;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Streams of one operator: some windows, on some machines.
const OF_ONE_MAX: usize = 8;

type Open = Arc<Mutex<HashMap<String, usize>>>;

pub struct Streams {
    open: Open,
    stopping: watch::Sender<bool>,
}

impl Default for Streams {
    fn default() -> Self {
        Self { open: Open::default(), stopping: watch::Sender::new(false) }
    }
}

/// The place of one stream; it is free again when this goes.
pub struct Place {
    operator: String,
    open: Open,
}

impl Streams {
    /// Errors: the operator has as many as one may have.
    pub fn begin(&self, operator: &str) -> Result<Place, Refusal> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(operator.to_owned()).or_default();
        if *count >= OF_ONE_MAX {
            return Err(refusal::too_many_requests());
        }
        *count += 1;
        Ok(Place { operator: operator.to_owned(), open: Arc::clone(&self.open) })
    }

    /// Changes to true when the service stops.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.operator) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.operator);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_has_so_many_streams_and_no_more() {
        let streams = Streams::default();
        let mut places: Vec<Place> =
            (0..OF_ONE_MAX).map(|_| streams.begin("ana").unwrap()).collect();
        assert_eq!(streams.begin("ana").err().unwrap().code, "TooManyRequests");
        assert!(streams.begin("bo").is_ok());
        places.pop();
        assert!(streams.begin("ana").is_ok());
    }
}
