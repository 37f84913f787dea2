//! Ranges of numbers and where they are.
//!
//! Ranges are kept as long as can be: two that touch and are held alike are one. So what is kept
//! follows from where each number is, and not from the moves that brought it there.

use crate::moves::Condition;
use crate::serial::Prefix;
use std::collections::BTreeMap;

/// Numbers that follow one another: those of one kind and prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Series {
    pub kind: u32,
    pub prefix: Prefix,
}

/// One number of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub series: Series,
    pub from: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    pub place: u32,
    pub condition: Condition,
}

/// Numbers of one series that are held alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub from: u64,
    pub to: u64,
    pub holding: Holding,
}

impl Piece {
    // Invariant: no place holds as many as 2^64 of a kind, so this does not run over.
    pub fn pieces(&self) -> u64 {
        self.to - self.from + 1
    }
}

/// A range as seen from the place that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    pub place: u32,
    pub kind: u32,
    pub condition: Condition,
    pub prefix: Prefix,
    pub from: u64,
}

pub type Ranges = BTreeMap<u64, (u64, Holding)>;

#[derive(Clone, Debug, Default)]
pub struct Stock {
    /// The ranges of each series by their first number: the last number, and who holds them.
    pub ranges: BTreeMap<Series, Ranges>,
    /// The same ranges by place, to their last number: what is lowest at a place is at once found.
    pub spots: BTreeMap<Spot, u64>,
    /// Pieces by place, kind and condition, where there are any.
    pub counters: BTreeMap<(u32, u32, Condition), u64>,
}

impl Stock {
    /// The ranges that have numbers of `from..=to`, whole, lowest first.
    pub fn touching(&self, series: Series, (from, to): (u64, u64)) -> Vec<Piece> {
        let Some(ranges) = self.ranges.get(&series) else { return Vec::new() };
        let pieces = ranges.range(..=to).rev().map(piece);
        // Ranges do not overlap, so their ends are in order too.
        let mut pieces: Vec<Piece> = pieces.take_while(|piece| piece.to >= from).collect();
        pieces.reverse();
        pieces
    }

    /// The parts of ranges that lie in `from..=to`, lowest first.
    pub fn within(&self, series: Series, (from, to): (u64, u64)) -> Vec<Piece> {
        let mut pieces = self.touching(series, (from, to));
        for piece in &mut pieces {
            piece.from = piece.from.max(from);
            piece.to = piece.to.min(to);
        }
        pieces
    }

    /// Who holds a number.
    pub fn holding(&self, series: Series, number: u64) -> Option<Holding> {
        let (_, &(to, holding)) = self.ranges.get(&series)?.range(..=number).next_back()?;
        (to >= number).then_some(holding)
    }

    /// The ranges of a kind by prefix and number.
    pub fn of_kind(&self, kind: u32) -> impl Iterator<Item = (Prefix, Piece)> {
        let series = |prefix| Series { kind, prefix };
        let all = self.ranges.range(series(Prefix::FIRST)..=series(Prefix::LAST));
        all.flat_map(|(series, ranges)| ranges.iter().map(|next| (series.prefix, piece(next))))
    }

    /// The ranges of a kind in one condition at a place: prefix, first and last number, in order.
    pub fn at(&self, holding: Holding, kind: u32) -> impl Iterator<Item = (Prefix, u64, u64)> {
        let Holding { place, condition } = holding;
        let spot = |prefix, from| Spot { place, kind, condition, prefix, from };
        let ends = spot(Prefix::FIRST, 0)..=spot(Prefix::LAST, u64::MAX);
        self.spots.range(ends).map(|(spot, &to)| (spot.prefix, spot.from, to))
    }

    pub fn held(&self, place: u32, kind: u32, condition: Condition) -> u64 {
        self.counters.get(&(place, kind, condition)).copied().unwrap_or(0)
    }

    /// Good and void pieces of a kind at a place.
    pub fn total(&self, place: u32, kind: u32) -> u64 {
        self.held(place, kind, Condition::Good) + self.held(place, kind, Condition::Void)
    }

    /// The counters of a place: kind, condition and pieces.
    pub fn counts(&self, place: u32) -> impl Iterator<Item = (u32, Condition, u64)> {
        let ends = (place, 0, Condition::Good)..=(place, u32::MAX, Condition::Void);
        self.counters.range(ends).map(|(&(_, kind, condition), &pieces)| (kind, condition, pieces))
    }

    /// From now on the numbers `from..=to` are held so, whoever held them; None: they are not.
    pub fn set(&mut self, series: Series, (from, to): (u64, u64), holding: Option<Holding>) {
        let mut joined = (from, to);
        // With the neighbours, that may become one with what is set.
        for old in self.touching(series, (from.saturating_sub(1), to.saturating_add(1))) {
            let joins = holding == Some(old.holding);
            if joins {
                joined = (joined.0.min(old.from), joined.1.max(old.to));
            } else if old.from > to || old.to < from {
                continue;
            }
            self.discount(series, old);
            // What begins where the old one did takes its place in the map.
            let replaced = old.from < from || (old.from == joined.0 && holding.is_some());
            if !replaced {
                self.remove(series, old.from);
            }
            if !joins && old.from < from {
                self.put(series, Piece { to: from - 1, ..old });
            }
            if !joins && old.to > to {
                self.put(series, Piece { from: to + 1, ..old });
            }
        }
        if let Some(holding) = holding {
            self.put(series, Piece { from: joined.0, to: joined.1, holding });
        }
    }

    fn put(&mut self, series: Series, piece: Piece) {
        let Piece { from, to, holding } = piece;
        self.ranges.entry(series).or_default().insert(from, (to, holding));
        self.spots.insert(spot(series, piece), to);
        let counter = (holding.place, series.kind, holding.condition);
        *self.counters.entry(counter).or_default() += piece.pieces();
    }

    fn remove(&mut self, series: Series, from: u64) {
        let ranges = self.ranges.get_mut(&series).expect("a range is of its series");
        ranges.remove(&from);
        if ranges.is_empty() {
            self.ranges.remove(&series);
        }
    }

    /// Takes a range out of the index and the counter of its place.
    fn discount(&mut self, series: Series, piece: Piece) {
        let holding = piece.holding;
        self.spots.remove(&spot(series, piece));
        let counter = (holding.place, series.kind, holding.condition);
        let held = self.counters.get_mut(&counter).expect("what is kept is counted");
        *held -= piece.pieces();
        if *held == 0 {
            self.counters.remove(&counter);
        }
    }
}

fn piece((&from, &(to, holding)): (&u64, &(u64, Holding))) -> Piece {
    Piece { from, to, holding }
}

pub fn spot(series: Series, piece: Piece) -> Spot {
    let Series { kind, prefix } = series;
    let Holding { place, condition } = piece.holding;
    Spot { place, kind, condition, prefix, from: piece.from }
}
