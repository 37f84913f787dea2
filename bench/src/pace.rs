//! How often something was done and how long each time took.

use std::time::{Duration, Instant};

/// What was measured over a span of time.
pub struct Pace {
    seconds: f64,
    /// Ascending.
    latencies: Vec<Duration>,
}

impl Pace {
    pub fn of(seconds: f64, mut latencies: Vec<Duration>) -> Self {
        assert!(!latencies.is_empty(), "nothing was done in {seconds} s");
        latencies.sort_unstable();
        Self { seconds, latencies }
    }

    /// Does it again and again for `span`, but at most `most` times; it is told how many times it
    /// was done before.
    pub fn repeat<T>(span: Duration, most: usize, mut action: impl FnMut(usize) -> T) -> Self {
        let (start, mut latencies) = (Instant::now(), Vec::new());
        while start.elapsed() < span && latencies.len() < most {
            let before = Instant::now();
            std::hint::black_box(action(latencies.len()));
            latencies.push(before.elapsed());
        }
        Self::of(start.elapsed().as_secs_f64(), latencies)
    }

    /// Several spans as one.
    pub fn together(parts: Vec<Self>) -> Self {
        let seconds = parts.iter().map(|part| part.seconds).sum();
        Self::of(seconds, parts.into_iter().flat_map(|part| part.latencies).collect())
    }

    pub fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.seconds
    }

    /// The latency that `part` of all times do not exceed, in milliseconds.
    pub fn at_ms(&self, part: f64) -> f64 {
        let at = ((self.latencies.len() - 1) as f64 * part).round() as usize;
        self.latencies[at].as_secs_f64() * 1e3
    }
}

/// What `work` gives, and the seconds it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let made = work();
    (made, start.elapsed().as_secs_f64())
}
