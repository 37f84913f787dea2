//! Proof of the register by itself: counters and indexes are worked out again from the ranges.

use crate::holdings::Custody;
use crate::moves::{Condition, OUTSIDE};
use crate::serial::Range;
use crate::stock::{Holding, Key, Piece, Ranges, Series, Spot, spot};
use std::collections::BTreeMap;

impl Custody {
    /// Works out every counter and index again from the ranges, and tells the first thing that
    /// disagrees. For `verify` and simulators.
    pub fn audit(&self) -> Option<String> {
        self.audit_cash()
            .or_else(|| self.audit_ranges())
            .or_else(|| self.audit_indexes())
            .or_else(|| self.audit_marks())
    }

    fn audit_cash(&self) -> Option<String> {
        for (&place, held) in &self.cash.places {
            let name = self.places.text(place);
            if name == OUTSIDE || held.is_empty() {
                return Some(format!("`{name}` is kept as a place of notes and is none"));
            }
            if let Some((note, pieces)) = held.iter().find(|&(_, &pieces)| pieces <= 0) {
                return Some(format!("`{name}` holds {pieces} of {}", note.denom));
            }
        }
        None
    }

    fn audit_ranges(&self) -> Option<String> {
        self.stock.ranges.iter().find_map(|(&series, ranges)| self.audit_series(series, ranges))
    }

    fn audit_series(&self, series: Series, ranges: &Ranges) -> Option<String> {
        let mut before: Option<(u64, Holding)> = None;
        for (&from, &(to, holding)) in ranges {
            let range = self.name(Key { series, from }, to);
            if to < from {
                return Some(format!("range {range} is backwards"));
            }
            if self.places.text(holding.place) == OUTSIDE {
                return Some(format!("range {range} is outside, where nothing is counted"));
            }
            if before.is_some_and(|(end, _)| end >= from) {
                return Some(format!("range {range} overlaps the one before it"));
            }
            if from > 0 && before == Some((from - 1, holding)) {
                return Some(format!("range {range} and the one before it should be one"));
            }
            before = Some((to, holding));
        }
        None
    }

    fn audit_indexes(&self) -> Option<String> {
        let mut spots: BTreeMap<Spot, u64> = BTreeMap::new();
        let mut counters: BTreeMap<(u32, u32, Condition), u64> = BTreeMap::new();
        let all = self.stock.ranges.iter();
        let all = all.flat_map(|(series, ranges)| ranges.iter().map(move |next| (*series, next)));
        for (series, (&from, &(to, holding))) in all {
            let piece = Piece { from, to, holding };
            spots.insert(spot(series, piece), to);
            let counter = (holding.place, series.kind, holding.condition);
            *counters.entry(counter).or_default() += piece.pieces();
        }
        if let Some((place, kind, condition)) = first_difference(&self.stock.counters, &counters) {
            let (place, kind) = (self.places.text(place), self.kinds.text(kind));
            let condition = condition.en();
            return Some(format!("the {condition} {kind} at `{place}` are miscounted"));
        }
        let spot = first_difference(&self.stock.spots, &spots)?;
        let (place, kind) = (self.places.text(spot.place), self.kinds.text(spot.kind));
        Some(format!("the index of {kind} at `{place}` is wrong at number {}", spot.from))
    }

    fn audit_marks(&self) -> Option<String> {
        let wrong = self.marks.iter().find(|(key, set)| {
            let exists = self.stock.holding(key.series, key.from).is_some();
            !exists || set.is_empty() || set.values().any(String::is_empty)
        });
        wrong.map(|(&key, _)| format!("what is marked on {} is wrong", self.name(key, key.from)))
    }

    fn name(&self, Key { series, from }: Key, to: u64) -> Range {
        let kind = self.kinds.text(series.kind).to_owned();
        Range { kind, prefix: series.prefix.text(), from, to }
    }
}

fn first_difference<K: Ord + Copy>(kept: &BTreeMap<K, u64>, right: &BTreeMap<K, u64>) -> Option<K> {
    let missing = right.iter().find(|&(key, value)| kept.get(key) != Some(value));
    let missing = missing.map(|(key, _)| *key);
    missing.or_else(|| kept.keys().find(|key| !right.contains_key(key)).copied())
}

#[cfg(test)]
mod tests {
    use crate::{Custody, Move, Order};
    use std::collections::BTreeMap;

    fn register() -> Custody {
        let mut custody = Custody::default();
        let brought = |range: &str, to: &str| Move::Stock {
            range: range.parse().unwrap(),
            from: "outside".into(),
            to: to.into(),
            order: Order::Any,
        };
        let set = BTreeMap::from([("keeper".to_owned(), "0007".to_owned())]);
        let marked = Move::Mark { thing: "seal:A1".parse().unwrap(), set };
        let moves = [brought("seal:A1-A9", "0101"), brought("seal:A11-A19", "0102"), marked];
        custody.apply(&moves).unwrap();
        custody
    }

    #[test]
    fn what_disagrees_is_told() {
        assert_eq!(register().audit(), None);
        let spoilt = |spoil: fn(&mut Custody)| {
            let mut custody = register();
            spoil(&mut custody);
            custody.audit().unwrap()
        };
        let counted = spoilt(|custody| *custody.stock.counters.values_mut().next().unwrap() += 1);
        assert_eq!(counted, "the good seal at `0101` are miscounted");
        let indexed = spoilt(|custody| {
            custody.stock.spots.pop_last();
        });
        assert_eq!(indexed, "the index of seal at `0102` is wrong at number 11");
        let longer = spoilt(|custody| {
            let ranges = custody.stock.ranges.values_mut().next().unwrap();
            ranges.insert(1, (11, ranges[&1].1));
        });
        assert_eq!(longer, "range seal:A00000011-A00000019 overlaps the one before it");
        let gone = spoilt(|custody| {
            let series = *custody.stock.ranges.first_key_value().unwrap().0;
            custody.stock.set(series, (1, 1), None);
        });
        assert_eq!(gone, "what is marked on seal:A00000001 is wrong");
    }
}
