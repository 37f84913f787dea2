//! The register of things (实物登记簿): moves are made, taken back, and asked about.

use crate::cash::Cash;
use crate::moves::{Condition, Count, Move, Note, OUTSIDE, Order, PIECES_MAX};
use crate::names::Names;
use crate::refusal;
use crate::serial::{Prefix, Range, Serial, prefix_of};
use crate::stock::{Holding, Key, Piece, Series, Stock};
use ledger::Refusal;
use ledger::refusal::missing;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Who holds what. Two are equal when every thing is at the same place, however it came there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "crate::flat::Flat<'static>")]
pub struct Custody {
    pub(crate) places: Names,
    pub(crate) kinds: Names,
    pub(crate) cash: Cash,
    pub(crate) stock: Stock,
    pub(crate) marks: BTreeMap<Key, BTreeMap<String, String>>,
}

/// What `apply` did, for `undo`.
#[derive(Debug, Default)]
pub struct Undo(Vec<Step>);

/// What one place, range or thing was before.
#[derive(Debug)]
enum Step {
    Cash { place: u32, note: Note, before: i64 },
    Numbers { series: Series, span: (u64, u64), before: Option<Holding> },
    Mark { thing: Key, before: BTreeMap<String, String> },
}

impl Custody {
    /// All of the moves or none of them. Each finds things where those before it left them.
    pub fn apply(&mut self, moves: &[Move]) -> Result<Undo, Refusal> {
        let mut undo = Undo::default();
        for next in moves {
            if let Err(refusal) = self.step(next, &mut undo.0) {
                self.undo(undo);
                return Err(refusal);
            }
        }
        Ok(undo)
    }

    /// Takes back what `apply` just did; undos are given back in reverse order.
    pub fn undo(&mut self, undo: Undo) {
        for step in undo.0.into_iter().rev() {
            match step {
                Step::Cash { place, note, before } => self.cash.set(place, &note, before),
                Step::Numbers { series, span, before } => self.stock.set(series, span, before),
                Step::Mark { thing, before } => self.describe(thing, before),
            }
        }
    }

    // What is asked of notes.

    /// The notes of a place in order, those that are there.
    pub fn cash<'a>(&'a self, place: &str) -> impl Iterator<Item = (&'a Note, i64)> + use<'a> {
        let place = self.places.get(place);
        let held = place.and_then(|place| self.cash.places.get(&place));
        held.into_iter().flatten().map(|(note, &pieces)| (note, pieces))
    }

    pub fn pieces(&self, place: &str, note: &Note) -> i64 {
        self.places.get(place).map_or(0, |place| self.cash.pieces(place, note))
    }

    /// The places that hold notes, by name.
    pub fn cash_places(&self) -> impl Iterator<Item = &str> {
        let holds = |(_, place): &(&str, u32)| self.cash.places.contains_key(place);
        self.places.iter().filter(holds).map(|(name, _)| name)
    }

    // What is asked of numbers.

    /// The places that hold numbers, by name.
    pub fn stock_places(&self) -> impl Iterator<Item = &str> {
        let holds = |(_, place): &(&str, u32)| self.stock.counts(*place).next().is_some();
        self.places.iter().filter(holds).map(|(name, _)| name)
    }

    /// What a place holds of a kind, in as few ranges as can be, by prefix and number.
    pub fn stock(&self, place: &str, kind: &str) -> Vec<(Range, Condition)> {
        let Some((place, id)) = self.places.get(place).zip(self.kinds.get(kind)) else {
            return Vec::new();
        };
        let conditions = [Condition::Good, Condition::Void];
        let of = |condition| self.stock.at(Holding { place, condition }, id);
        let ranges = conditions.map(|condition| of(condition).map(move |at| (at, condition)));
        let mut ranges: Vec<_> = ranges.into_iter().flatten().collect();
        ranges.sort_unstable();
        let range = |(prefix, from, to)| range(kind, prefix, (from, to));
        ranges.into_iter().map(|(at, condition)| (range(at), condition)).collect()
    }

    /// The kinds a place holds, by name.
    pub fn kinds_at(&self, place: &str) -> Vec<String> {
        let place = self.places.get(place);
        let counts = place.map(|place| self.stock.counts(place));
        let kinds = counts.into_iter().flatten().map(|(kind, ..)| self.kinds.text(kind).to_owned());
        let mut kinds: Vec<String> = kinds.collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// Pieces of a kind at a place in a condition, from a counter.
    pub fn held(&self, place: &str, kind: &str, condition: Condition) -> u64 {
        let ids = self.places.get(place).zip(self.kinds.get(kind));
        ids.map_or(0, |(place, kind)| self.stock.held(place, kind, condition))
    }

    /// Every counter: place, kind, condition and pieces, in this order.
    pub fn totals(&self) -> impl Iterator<Item = (&str, &str, Condition, u64)> {
        self.places.iter().flat_map(|(name, place)| {
            let counts = self.stock.counts(place);
            let mut counts: Vec<_> = counts
                .map(|(kind, condition, pieces)| (name, self.kinds.text(kind), condition, pieces))
                .collect();
            counts.sort_unstable();
            counts
        })
    }

    /// Every range of a kind by prefix and number, with its place.
    pub fn ranges(&self, kind: &str) -> impl Iterator<Item = (Range, &str, Condition)> {
        let id = self.kinds.get(kind);
        let pieces = id.into_iter().flat_map(|id| self.stock.of_kind(id));
        pieces.map(move |(prefix, Piece { from, to, holding })| {
            let place = self.places.text(holding.place);
            (range(kind, prefix, (from, to)), place, holding.condition)
        })
    }

    pub fn find(&self, thing: &Serial) -> Option<(&str, Condition)> {
        let Key { series, from } = self.key(thing)?;
        let holding = self.stock.holding(series, from)?;
        Some((self.places.text(holding.place), holding.condition))
    }

    /// 下一可用号码: the lowest good number that a place holds of a kind.
    pub fn lowest(&self, place: &str, kind: &str) -> Option<Serial> {
        let place = self.places.get(place)?;
        let holding = Holding { place, condition: Condition::Good };
        let (prefix, number, _) = self.stock.at(holding, self.kinds.get(kind)?).next()?;
        Some(Serial { kind: kind.into(), prefix: prefix.text(), number })
    }

    /// What is marked on a thing. None: nothing.
    pub fn attributes(&self, thing: &Serial) -> Option<&BTreeMap<String, String>> {
        self.marks.get(&self.key(thing)?)
    }

    /// The things of a kind that something is marked on, by prefix and number.
    pub fn things(&self, kind: &str) -> impl Iterator<Item = (Serial, &BTreeMap<String, String>)> {
        let ends = self.kinds.get(kind).map(|kind| {
            let key = |prefix, from| Key { series: Series { kind, prefix }, from };
            key(Prefix::FIRST, 0)..=key(Prefix::LAST, u64::MAX)
        });
        let marked = ends.into_iter().flat_map(|ends| self.marks.range(ends));
        marked.map(move |(key, set)| {
            let (prefix, number) = (key.series.prefix.text(), key.from);
            (Serial { kind: kind.into(), prefix, number }, set)
        })
    }

    // How a move is made.

    fn step(&mut self, next: &Move, steps: &mut Vec<Step>) -> Result<(), Refusal> {
        match next {
            Move::Cash { from, to, counts } => {
                two_places(from, to)?;
                proper(counts)?;
                for Count { note, pieces } in counts {
                    if from != OUTSIDE {
                        self.change((from, note), -pieces, steps)?;
                    }
                    if to != OUTSIDE {
                        self.change((to, note), *pieces, steps)?;
                    }
                }
                Ok(())
            }
            Move::Sort { at, counts, into } => {
                named("at", at)?;
                proper(counts)?;
                for Count { note, pieces } in counts {
                    if note.class == *into {
                        return Err(refusal::same_class(note));
                    }
                    self.change((at, note), -pieces, steps)?;
                    let sorted = Note { denom: note.denom.clone(), class: *into };
                    self.change((at, &sorted), *pieces, steps)?;
                }
                Ok(())
            }
            Move::Stock { range, from, to, order } => {
                let prefix = limited(range)?;
                two_places(from, to)?;
                if to == OUTSIDE {
                    return Err(refusal::stock_cannot_leave(range));
                }
                if from == OUTSIDE {
                    let (series, span) = self.bring(range, prefix, (to, Condition::Good))?;
                    steps.push(Step::Numbers { series, span, before: None });
                    return Ok(());
                }
                self.hand_over((range, prefix), (from, to), *order, steps)
            }
            Move::Void { range, at } => {
                let prefix = limited(range)?;
                named("at", at)?;
                let (series, pieces) = self.all_held(range, prefix, at)?;
                good(range, &pieces)?;
                for piece in pieces {
                    let holding = Holding { condition: Condition::Void, ..piece.holding };
                    self.replace(series, piece, holding, steps);
                }
                Ok(())
            }
            Move::Mark { thing, set } => {
                let (key, after) = self.marked(thing, set)?;
                let before = self.marks.get(&key).cloned().unwrap_or_default();
                self.describe(key, after);
                steps.push(Step::Mark { thing: key, before });
                Ok(())
            }
        }
    }

    fn change(
        &mut self,
        (place, note): (&str, &Note),
        by: i64,
        steps: &mut Vec<Step>,
    ) -> Result<(), Refusal> {
        let before = self.pieces(place, note);
        let after = before.checked_add(by).ok_or_else(|| refusal::too_many_pieces("notes"))?;
        if after < 0 {
            let wanted = Count { note: note.clone(), pieces: -by };
            return Err(refusal::notes_not_held(place, &wanted, before));
        }
        let place = self.places.intern(place);
        self.cash.set(place, note, after);
        steps.push(Step::Cash { place, note: note.clone(), before });
        Ok(())
    }

    /// Puts pieces at a place without a move, as a snapshot does.
    pub(crate) fn load(&mut self, place: &str, count: &Count) -> Result<(), Refusal> {
        two_places(OUTSIDE, place)?;
        if count.pieces <= 0 {
            return Err(refusal::pieces_not_positive(count));
        }
        self.change((place, &count.note), count.pieces, &mut Vec::new())
    }

    /// Numbers that are nowhere begin to exist at a place.
    pub(crate) fn bring(
        &mut self,
        range: &Range,
        prefix: Prefix,
        (place, condition): (&str, Condition),
    ) -> Result<(Series, (u64, u64)), Refusal> {
        let series = Series { kind: self.kinds.intern(&range.kind), prefix };
        let span = (range.from, range.to);
        if let Some(old) = self.stock.touching(series, span).first() {
            let existing = self::range(&range.kind, prefix, (old.from, old.to));
            let held = self.places.text(old.holding.place);
            return Err(refusal::range_overlaps(range, &existing, held));
        }
        let place = self.room(place, (series.kind, range.pieces()))?;
        self.stock.set(series, span, Some(Holding { place, condition }));
        Ok((series, span))
    }

    fn hand_over(
        &mut self,
        (range, prefix): (&Range, Prefix),
        (from, to): (&str, &str),
        order: Order,
        steps: &mut Vec<Step>,
    ) -> Result<(), Refusal> {
        let (series, pieces) = self.all_held(range, prefix, from)?;
        if order == Order::Lowest {
            good(range, &pieces)?;
            let lowest = self.lowest(from, &range.kind);
            let first = range.first();
            if let Some(lowest) = lowest.filter(|lowest| *lowest != first) {
                return Err(refusal::serial_skipped(from, &lowest, &first));
            }
        }
        let place = self.room(to, (series.kind, range.pieces()))?;
        for piece in pieces {
            self.replace(series, piece, Holding { place, ..piece.holding }, steps);
        }
        Ok(())
    }

    /// The parts of a range in their conditions, if all of it is at the place.
    fn all_held(
        &self,
        range: &Range,
        prefix: Prefix,
        place: &str,
    ) -> Result<(Series, Vec<Piece>), Refusal> {
        let refused = |number, instead| {
            let first = Serial { number, ..range.first() };
            refusal::range_not_held(place, range, (&first, instead))
        };
        let Some(kind) = self.kinds.get(&range.kind) else {
            return Err(refused(range.from, None));
        };
        let series = Series { kind, prefix };
        let here = self.places.get(place);
        let pieces = self.stock.within(series, (range.from, range.to));
        let mut next = Some(range.from);
        for piece in &pieces {
            if next != Some(piece.from) {
                break;
            }
            if here != Some(piece.holding.place) {
                let instead = self.places.text(piece.holding.place);
                return Err(refused(piece.from, Some(instead)));
            }
            next = piece.to.checked_add(1);
        }
        match next {
            Some(next) if next <= range.to => Err(refused(next, None)),
            _ => Ok((series, pieces)),
        }
    }

    /// The place, if so many pieces more of a kind can be counted there.
    fn room(&mut self, place: &str, more: (u32, Option<u64>)) -> Result<u32, Refusal> {
        let (kind, pieces) = more;
        let place = self.places.intern(place);
        let total = pieces.and_then(|pieces| self.stock.total(place, kind).checked_add(pieces));
        total.map(|_| place).ok_or_else(|| refusal::too_many_pieces("serials"))
    }

    fn replace(&mut self, series: Series, old: Piece, new: Holding, steps: &mut Vec<Step>) {
        let span = (old.from, old.to);
        self.stock.set(series, span, Some(new));
        steps.push(Step::Numbers { series, span, before: Some(old.holding) });
    }

    /// The thing, and what is marked on it once `set` is.
    pub(crate) fn marked(
        &self,
        thing: &Serial,
        set: &BTreeMap<String, String>,
    ) -> Result<(Key, BTreeMap<String, String>), Refusal> {
        if set.is_empty() {
            return Err(refusal::nothing_moved("set"));
        }
        if set.contains_key("") {
            return Err(missing("set"));
        }
        let exists = |key: &Key| self.stock.holding(key.series, key.from).is_some();
        let Some(key) = self.key(thing).filter(exists) else {
            return Err(refusal::thing_unknown(thing));
        };
        let mut after = self.marks.get(&key).cloned().unwrap_or_default();
        after.extend(set.clone());
        after.retain(|_, value| !value.is_empty());
        Ok((key, after))
    }

    pub(crate) fn describe(&mut self, thing: Key, marks: BTreeMap<String, String>) {
        if marks.is_empty() {
            self.marks.remove(&thing);
        } else {
            self.marks.insert(thing, marks);
        }
    }

    fn key(&self, thing: &Serial) -> Option<Key> {
        let kind = self.kinds.get(&thing.kind)?;
        let prefix = prefix_of(&thing.kind, &thing.prefix).ok()?;
        Some(Key { series: Series { kind, prefix }, from: thing.number })
    }
}

fn range(kind: &str, prefix: Prefix, (from, to): (u64, u64)) -> Range {
    Range { kind: kind.into(), prefix: prefix.text(), from, to }
}

fn named(field: &str, place: &str) -> Result<(), Refusal> {
    if place.is_empty() { Err(missing(field)) } else { Ok(()) }
}

/// Both places of a move, which are two.
pub(crate) fn two_places(from: &str, to: &str) -> Result<(), Refusal> {
    named("from", from)?;
    named("to", to)?;
    if from == to { Err(refusal::same_place(from)) } else { Ok(()) }
}

/// Some pieces, more than none of each, and not too many together.
fn proper(counts: &[Count]) -> Result<(), Refusal> {
    if counts.is_empty() {
        return Err(refusal::nothing_moved("notes"));
    }
    let mut total = 0_u64;
    for count in counts {
        if count.note.denom.is_empty() {
            return Err(missing("denom"));
        }
        let positive = u64::try_from(count.pieces).ok().filter(|&pieces| pieces > 0);
        let pieces = positive.ok_or_else(|| refusal::pieces_not_positive(count))?;
        total = total.saturating_add(pieces);
    }
    if total > PIECES_MAX { Err(refusal::too_many_pieces("notes")) } else { Ok(()) }
}

/// The prefix of a range that is written right and runs forwards.
pub(crate) fn forwards(range: &Range) -> Result<Prefix, Refusal> {
    let prefix = prefix_of(&range.kind, &range.prefix)?;
    if range.from > range.to { Err(refusal::range_backwards(range)) } else { Ok(prefix) }
}

fn limited(range: &Range) -> Result<Prefix, Refusal> {
    let prefix = forwards(range)?;
    let few = range.pieces().is_some_and(|pieces| pieces <= PIECES_MAX);
    if few { Ok(prefix) } else { Err(refusal::too_many_pieces("serials")) }
}

fn good(range: &Range, pieces: &[Piece]) -> Result<(), Refusal> {
    let void = pieces.iter().find(|piece| piece.holding.condition == Condition::Void);
    match void {
        Some(void) => {
            let number = Serial { number: void.from, ..range.first() };
            Err(refusal::range_void(range, &number))
        }
        None => Ok(()),
    }
}
