//! The plain way: every number by itself, with the place where it is. Slow, and easily seen to be
//! right.

use custody::{Class, Condition, Count, Custody, Move, Note, Order, Range, Serial};
use std::collections::{BTreeMap, BTreeSet};

pub const OUTSIDE: &str = "outside";

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub notes: BTreeMap<(String, Note), i64>,
    pub numbers: BTreeMap<Serial, (String, Condition)>,
    pub marks: BTreeMap<Serial, BTreeMap<String, String>>,
}

type Done = Result<(), &'static str>;

impl Model {
    /// All or nothing, or the code of the refusal.
    pub fn apply(&mut self, moves: &[Move]) -> Done {
        let mut after = self.clone();
        moves.iter().try_for_each(|next| after.step(next))?;
        *self = after;
        Ok(())
    }

    fn step(&mut self, next: &Move) -> Done {
        match next {
            Move::Cash { from, to, counts } => {
                check(from != to, "SamePlace")?;
                proper(counts)?;
                for Count { note, pieces } in counts {
                    self.add(from, note, -pieces)?;
                    self.add(to, note, *pieces)?;
                }
                Ok(())
            }
            Move::Sort { at, counts, into } => self.sort(at, counts, *into),
            Move::Stock { range, from, to, order } => {
                check(range.from <= range.to, "RangeBackwards")?;
                check(from != to, "SamePlace")?;
                check(to != OUTSIDE, "StockCannotLeave")?;
                self.hand_over(range, (from, to), *order)
            }
            Move::Void { range, at } => {
                check(range.from <= range.to, "RangeBackwards")?;
                self.all_held(range, at)?;
                self.all_good(range)?;
                for number in serials(range) {
                    self.numbers.insert(number, (at.clone(), Condition::Void));
                }
                Ok(())
            }
            Move::Mark { thing, set } => {
                check(!set.is_empty(), "NothingMoved")?;
                check(self.numbers.contains_key(thing), "ThingUnknown")?;
                let marks = self.marks.entry(thing.clone()).or_default();
                marks.extend(set.clone());
                marks.retain(|_, value| !value.is_empty());
                self.marks.retain(|_, marks| !marks.is_empty());
                Ok(())
            }
        }
    }

    fn add(&mut self, place: &str, note: &Note, pieces: i64) -> Done {
        if place == OUTSIDE {
            return Ok(());
        }
        let held = self.notes.entry((place.to_owned(), note.clone())).or_default();
        *held += pieces;
        check(*held >= 0, "NotesNotHeld")?;
        self.notes.retain(|_, pieces| *pieces != 0);
        Ok(())
    }

    fn sort(&mut self, at: &str, counts: &[Count], into: Class) -> Done {
        proper(counts)?;
        for Count { note, pieces } in counts {
            check(note.class != into, "SameClass")?;
            check(at != OUTSIDE, "NotesNotHeld")?;
            self.add(at, note, -pieces)?;
            self.add(at, &Note { denom: note.denom.clone(), class: into }, *pieces)?;
        }
        Ok(())
    }

    fn hand_over(&mut self, range: &Range, (from, to): (&str, &str), order: Order) -> Done {
        if from == OUTSIDE {
            let fresh = serials(range).all(|number| !self.numbers.contains_key(&number));
            check(fresh, "RangeOverlaps")?;
            for number in serials(range) {
                self.numbers.insert(number, (to.to_owned(), Condition::Good));
            }
            return Ok(());
        }
        self.all_held(range, from)?;
        if order == Order::Lowest {
            self.all_good(range)?;
            check(self.lowest(from, &range.kind) == Some(range.first()), "SerialSkipped")?;
        }
        for number in serials(range) {
            self.numbers.get_mut(&number).unwrap().0 = to.to_owned();
        }
        Ok(())
    }

    fn all_held(&self, range: &Range, place: &str) -> Done {
        let held = |number| self.numbers.get(&number).is_some_and(|(at, _)| at == place);
        check(serials(range).all(held), "RangeNotHeld")
    }

    fn all_good(&self, range: &Range) -> Done {
        let good = |number| self.numbers[&number].1 == Condition::Good;
        check(serials(range).all(good), "RangeVoid")
    }

    fn lowest(&self, place: &str, kind: &str) -> Option<Serial> {
        let good = (place.to_owned(), Condition::Good);
        let mut held =
            self.numbers.iter().filter(|(number, at)| number.kind == kind && **at == good);
        held.next().map(|(number, _)| number.clone())
    }

    /// The ranges of a kind at a place, put together number by number.
    fn stock(&self, place: &str, kind: &str) -> Vec<(Range, Condition)> {
        let mut ranges: Vec<(Range, Condition)> = Vec::new();
        for (number, (at, condition)) in &self.numbers {
            if at != place || number.kind != kind {
                continue;
            }
            match ranges.last_mut() {
                Some((last, as_good))
                    if last.prefix == number.prefix
                        && last.to + 1 == number.number
                        && as_good == condition =>
                {
                    last.to += 1;
                }
                _ => ranges.push((number.clone().into(), *condition)),
            }
        }
        ranges
    }

    /// Everything that can be asked is answered as the plain way answers it.
    pub fn compare(&self, custody: &Custody, asked: &Asked) {
        assert_eq!(custody.audit(), None);
        let places: BTreeSet<&str> = self.notes.keys().map(|(place, _)| &**place).collect();
        assert!(custody.cash_places().eq(places));
        let places: BTreeSet<&str> = self.numbers.values().map(|(place, _)| &**place).collect();
        assert!(custody.stock_places().eq(places));
        for place in asked.places {
            self.compare_place(custody, place, asked);
        }
        let mut totals: BTreeMap<(&str, &str, Condition), u64> = BTreeMap::new();
        for (number, (place, condition)) in &self.numbers {
            *totals.entry((place, &number.kind, *condition)).or_default() += 1;
        }
        let totals =
            totals.into_iter().map(|((place, kind, as_good), count)| (place, kind, as_good, count));
        assert!(custody.totals().eq(totals));
        for kind in asked.kinds {
            let marked = self.marks.iter().filter(|(number, _)| number.kind == *kind);
            assert!(custody.things(kind).eq(marked.map(|(number, set)| (number.clone(), set))));
            let pieces = |(range, ..): (Range, &str, Condition)| range.pieces().unwrap();
            let count = self.numbers.keys().filter(|number| number.kind == *kind).count();
            assert_eq!(custody.ranges(kind).map(pieces).sum::<u64>(), count as u64);
        }
        for number in &asked.numbers {
            let held = self.numbers.get(number).map(|(place, as_good)| (&**place, *as_good));
            assert_eq!(custody.find(number), held, "{number}");
            assert_eq!(custody.attributes(number), self.marks.get(number), "{number}");
        }
    }

    fn compare_place(&self, custody: &Custody, place: &str, asked: &Asked) {
        let own = self.notes.iter().filter(|((at, _), _)| at == place);
        assert!(custody.cash(place).eq(own.map(|((_, note), &pieces)| (note, pieces))));
        for note in &asked.notes {
            let held = self.notes.get(&(place.to_owned(), note.clone())).copied().unwrap_or(0);
            assert_eq!(custody.pieces(place, note), held);
        }
        let own = self.numbers.iter().filter(|(_, (at, _))| at == place);
        let kinds: BTreeSet<&String> = own.map(|(number, _)| &number.kind).collect();
        assert!(custody.kinds_at(place).iter().eq(kinds));
        for kind in asked.kinds {
            let stock = self.stock(place, kind);
            for condition in [Condition::Good, Condition::Void] {
                let own = stock.iter().filter(|(_, as_good)| *as_good == condition);
                let count = own.map(|(range, _)| range.pieces().unwrap()).sum::<u64>();
                assert_eq!(custody.held(place, kind, condition), count);
            }
            assert_eq!(custody.stock(place, kind), stock);
            assert_eq!(custody.lowest(place, kind), self.lowest(place, kind));
        }
    }
}

/// What `compare` asks for.
pub struct Asked {
    pub places: &'static [&'static str],
    pub kinds: &'static [&'static str],
    pub notes: Vec<Note>,
    pub numbers: Vec<Serial>,
}

fn check(holds: bool, code: &'static str) -> Done {
    if holds { Ok(()) } else { Err(code) }
}

fn proper(counts: &[Count]) -> Done {
    check(!counts.is_empty(), "NothingMoved")?;
    check(counts.iter().all(|count| count.pieces > 0), "PiecesNotPositive")
}

fn serials(range: &Range) -> impl Iterator<Item = Serial> {
    (range.from..=range.to).map(|number| Serial { number, ..range.first() })
}
