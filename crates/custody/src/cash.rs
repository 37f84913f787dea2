//! Notes at places. Only what is there is kept: no zero, no empty place.

use crate::moves::Note;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default)]
pub struct Cash {
    pub places: BTreeMap<u32, BTreeMap<Note, i64>>,
}

impl Cash {
    pub fn pieces(&self, place: u32, note: &Note) -> i64 {
        self.places.get(&place).and_then(|held| held.get(note)).copied().unwrap_or(0)
    }

    pub fn set(&mut self, place: u32, note: &Note, pieces: i64) {
        let held = self.places.entry(place).or_default();
        if pieces == 0 {
            held.remove(note);
            if held.is_empty() {
                self.places.remove(&place);
            }
        } else if let Some(kept) = held.get_mut(note) {
            *kept = pieces;
        } else {
            held.insert(note.clone(), pieces);
        }
    }
}
