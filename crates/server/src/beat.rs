//! The heartbeat of the writer (心跳), kept beside the chain: who writes this bank says so again and
//! again, and whoever hears nothing for a while may take its place. A hint only: that two never
//! write is the store's key `(bank, seq)`. Clocks of two machines are never compared; what counts
//! is how long one's own clock has seen no new beat.

use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};
use store::{Store, StoreError};

const SHELF: &str = "node";
const NAME: &str = "writer";

/// How often the writer beats.
pub const EVERY: Duration = Duration::from_millis(500);

/// How long nothing is heard until the writer is thought dead: five beats.
pub const SILENCE: Duration = Duration::from_millis(2_500);

/// What the writer says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beat {
    /// Id of the node, which its home keeps.
    pub node: String,
    /// Where it can be reached; empty until it is known.
    pub address: String,
    /// Another number with each beat.
    pub beat: u64,
}

/// The last beat that was kept; one that cannot be read is of a version to come and counts.
pub fn heard(store: &mut dyn Store, bank: &str) -> Result<Option<Beat>, StoreError> {
    let kept = store.kept(bank, SHELF, NAME)?;
    Ok(kept.map(|bytes| serde_json::from_slice(&bytes).unwrap_or_default()))
}

pub fn keep(store: &mut dyn Store, bank: &str, beat: &Beat) -> Result<(), StoreError> {
    let bytes = serde_json::to_vec(beat).expect("plain data serialises");
    store.keep(bank, SHELF, NAME, Some(&bytes))
}

/// Takes one's own beat away, so that nobody has to wait for silence.
pub fn end(store: &mut dyn Store, bank: &str, node: &str) -> Result<(), StoreError> {
    match heard(store, bank)? {
        Some(beat) if beat.node == node => store.keep(bank, SHELF, NAME, None),
        _ => Ok(()),
    }
}

/// Listens for another node's beats.
#[derive(Default)]
pub struct Watch {
    last: Option<(Beat, Instant)>,
}

/// What was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A new beat since the last time: somebody writes.
    Beat,
    /// The same as before, but not for long enough.
    Nothing,
    /// Nobody writes: there is no beat, it is one's own from before, or it has long been the same.
    Silence,
}

impl Watch {
    /// Judges what is kept now. The first beat that is seen may be old, so it tells nothing.
    pub fn judge(&mut self, beat: Option<Beat>, own: &str, now: Instant) -> Heard {
        let Some(beat) = beat.filter(|beat| beat.node != own) else {
            self.last = None;
            return Heard::Silence;
        };
        match &self.last {
            Some((last, since)) if *last == beat => {
                if now.duration_since(*since) >= SILENCE {
                    Heard::Silence
                } else {
                    Heard::Nothing
                }
            }
            before => {
                let heard = if before.is_some() { Heard::Beat } else { Heard::Nothing };
                self.last = Some((beat, now));
                heard
            }
        }
    }

    /// Begins to listen anew: while the store did not answer, silence means nothing.
    pub fn forget(&mut self) {
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::memory::MemoryDisk;

    fn beat(node: &str, beat: u64) -> Option<Beat> {
        Some(Beat { node: node.to_owned(), beat, ..Beat::default() })
    }

    #[test]
    fn only_a_long_silence_is_one() {
        let (mut watch, start) = (Watch::default(), Instant::now());
        let at = |millis| start + Duration::from_millis(millis);
        assert_eq!(watch.judge(beat("a", 1), "b", at(0)), Heard::Nothing, "it may be old");
        assert_eq!(watch.judge(beat("a", 1), "b", at(2_400)), Heard::Nothing);
        assert_eq!(watch.judge(beat("a", 2), "b", at(2_450)), Heard::Beat);
        assert_eq!(watch.judge(beat("a", 2), "b", at(4_900)), Heard::Nothing);
        assert_eq!(watch.judge(beat("a", 2), "b", at(4_950)), Heard::Silence);
        assert_eq!(watch.judge(beat("c", 2), "b", at(5_000)), Heard::Beat, "somebody else began");
    }

    #[test]
    fn no_beat_and_ones_own_are_silence_at_once() {
        let (mut watch, now) = (Watch::default(), Instant::now());
        assert_eq!(watch.judge(None, "b", now), Heard::Silence);
        assert_eq!(watch.judge(beat("b", 7), "b", now), Heard::Silence);
    }

    #[test]
    fn after_a_time_without_the_store_one_listens_anew() {
        let (mut watch, start) = (Watch::default(), Instant::now());
        watch.judge(beat("a", 1), "b", start);
        watch.forget();
        let later = start + Duration::from_secs(60);
        assert_eq!(watch.judge(beat("a", 1), "b", later), Heard::Nothing);
    }

    #[test]
    fn a_beat_is_taken_away_by_who_gave_it() {
        let mut store = MemoryDisk::new().open();
        assert_eq!(heard(&mut store, "demo").unwrap(), None);
        let own = beat("a", 1).unwrap();
        keep(&mut store, "demo", &own).unwrap();
        end(&mut store, "demo", "b").unwrap();
        assert_eq!(heard(&mut store, "demo").unwrap(), Some(own));
        end(&mut store, "demo", "a").unwrap();
        assert_eq!(heard(&mut store, "demo").unwrap(), None);
    }
}
