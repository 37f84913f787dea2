//! Idempotency keys of the days that still count: key → the entry first made and its body.
//!
//! Split in 256 shards that grow one at a time: at ten million keys, doubling one shard moves
//! 40 thousand slots (about a millisecond) where doubling one table would stop the bank.

use crate::entry::{EntryNo, Key};
use crate::hash::mix;

const SHARDS: usize = 256;
const FIRST_SLOTS: usize = 16;

/// What was first posted under a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// 0 marks an empty slot: entries count from 1.
    pub entry: EntryNo,
    /// Hash of what the client sent under the key.
    pub body: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    key: u128,
    known: Known,
}

#[derive(Clone, Debug, Default)]
struct Shard {
    slots: Vec<Slot>,
    used: usize,
}

/// Open-addressing table of keys, 32 bytes a slot.
#[derive(Clone, Debug)]
pub struct Keys {
    shards: Vec<Shard>,
}

impl Default for Keys {
    fn default() -> Self {
        Self { shards: vec![Shard::default(); SHARDS] }
    }
}

impl Keys {
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.used).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, key: Key) -> Option<Known> {
        let hash = place(key);
        let shard = &self.shards[hash as usize % SHARDS];
        if shard.slots.is_empty() {
            return None;
        }
        let slot = shard.slots[shard.find(key.0, hash)];
        (slot.known.entry.0 != 0).then_some(slot.known)
    }

    /// Remembers a key that [`Keys::get`] did not find.
    pub fn insert(&mut self, key: Key, known: Known) {
        let hash = place(key);
        let shard = &mut self.shards[hash as usize % SHARDS];
        if (shard.used + 1) * 4 > shard.slots.len() * 3 {
            shard.grow();
        }
        let at = shard.find(key.0, hash);
        shard.used += usize::from(shard.slots[at].known.entry.0 == 0);
        shard.slots[at] = Slot { key: key.0, known };
    }

    /// Makes room for so many keys more, so that inserting them moves none.
    pub fn reserve(&mut self, additional: usize) {
        let each = additional / SHARDS + additional / SHARDS / 16 + 1;
        for shard in &mut self.shards {
            let slots = ((shard.used + each) * 4 / 3 + 1).next_power_of_two().max(FIRST_SLOTS);
            if slots > shard.slots.len() {
                shard.resize(slots);
            }
        }
    }

    /// Takes back the key inserted under `key`: what stands behind the gap in its probe chain
    /// moves up. A batch that is rolled back takes many keys, so the cost must not be a shard's.
    pub fn remove(&mut self, key: Key) {
        let hash = place(key);
        let shard = &mut self.shards[hash as usize % SHARDS];
        if shard.slots.is_empty() {
            return;
        }
        let at = shard.find(key.0, hash);
        if shard.slots[at].known.entry.0 != 0 {
            shard.close_gap(at);
        }
    }

    /// Forgets what was posted before `oldest`.
    pub fn forget_before(&mut self, oldest: EntryNo) {
        for shard in &mut self.shards {
            let kept: Vec<Slot> =
                shard.slots.iter().filter(|slot| slot.known.entry >= oldest).copied().collect();
            let mut slots = FIRST_SLOTS;
            while kept.len() * 4 > slots * 3 {
                slots *= 2;
            }
            shard.rebuild(slots, &kept);
        }
    }

    /// Reads the slot where a key will be looked for, so that the memory is near when it is.
    pub fn touch(&self, key: Key) -> u64 {
        let hash = place(key);
        let shard = &self.shards[hash as usize % SHARDS];
        if shard.slots.is_empty() { 0 } else { shard.slots[shard.start(hash)].known.body }
    }

    /// All keys, in no useful order.
    pub fn iter(&self) -> impl Iterator<Item = (Key, Known)> {
        let slots = self.shards.iter().flat_map(|shard| &shard.slots);
        slots.filter(|slot| slot.known.entry.0 != 0).map(|slot| (Key(slot.key), slot.known))
    }
}

fn place(key: Key) -> u64 {
    mix(key.0 as u64, (key.0 >> 64) as u64)
}

impl Shard {
    fn start(&self, hash: u64) -> usize {
        (hash >> 8) as usize & (self.slots.len() - 1)
    }

    /// The slot that holds `key`, or the empty one where it belongs.
    fn find(&self, key: u128, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = self.start(hash);
        while self.slots[at].known.entry.0 != 0 && self.slots[at].key != key {
            at = (at + 1) & mask;
        }
        at
    }

    /// Empties a slot, and moves into it the next of the chain that may stand there, and so on:
    /// no slot may be reached from its start over an empty one.
    fn close_gap(&mut self, mut gap: usize) {
        let mask = self.slots.len() - 1;
        let mut at = gap;
        loop {
            at = (at + 1) & mask;
            let slot = self.slots[at];
            if slot.known.entry.0 == 0 {
                break;
            }
            let start = self.start(place(Key(slot.key)));
            if at.wrapping_sub(start) & mask >= at.wrapping_sub(gap) & mask {
                self.slots[gap] = slot;
                gap = at;
            }
        }
        self.slots[gap] = Slot::default();
        self.used -= 1;
    }

    fn grow(&mut self) {
        self.resize((self.used * 2).next_power_of_two().max(FIRST_SLOTS));
    }

    fn resize(&mut self, slots: usize) {
        let old = std::mem::take(&mut self.slots);
        let kept: Vec<Slot> = old.into_iter().filter(|slot| slot.known.entry.0 != 0).collect();
        self.rebuild(slots, &kept);
    }

    fn rebuild(&mut self, slots: usize, kept: &[Slot]) {
        self.slots = vec![Slot::default(); slots];
        self.used = kept.len();
        for slot in kept {
            let at = self.find(slot.key, place(Key(slot.key)));
            self.slots[at] = *slot;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Keys of one shard, so that their probe chains run into each other.
    fn crowded() -> Vec<Key> {
        let of_one_shard = |key: &Key| (place(*key) as usize).is_multiple_of(SHARDS);
        (0..).map(Key).filter(of_one_shard).take(60).collect()
    }

    proptest! {
        #[test]
        fn keys_behave_as_a_map(
            steps in prop::collection::vec((0_usize..400, 0_u8..8), 1..900),
            crowd in any::<bool>(),
        ) {
            let (mut keys, mut model) = (Keys::default(), BTreeMap::new());
            let few = crowded();
            for (no, (key, step)) in steps.into_iter().enumerate() {
                let key = if crowd { few[key % few.len()] } else { Key(key as u128) };
                let step = if crowd { step / 4 } else { step };
                let known = Known { entry: EntryNo(no as u64 + 1), body: no as u64 };
                if step == 0 {
                    keys.remove(key);
                    model.remove(&key);
                } else if let std::collections::btree_map::Entry::Vacant(slot) = model.entry(key) {
                    prop_assert_eq!(keys.get(key), None);
                    keys.insert(key, known);
                    slot.insert(known);
                }
                prop_assert_eq!(keys.get(key), model.get(&key).copied());
            }
            prop_assert_eq!(keys.len(), model.len());
            prop_assert_eq!(keys.iter().collect::<BTreeMap<_, _>>(), model.clone());
            keys.forget_before(EntryNo(300));
            model.retain(|_, known| known.entry >= EntryNo(300));
            prop_assert_eq!(keys.iter().collect::<BTreeMap<_, _>>(), model);
        }
    }
}
