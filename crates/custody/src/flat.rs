//! Custody as flat lists, ordered by names: what a snapshot keeps. Nothing in it comes from the
//! numbers of names or from the history of moves, so equal holdings give equal bytes. What is
//! read is checked like moves are, and the indexes are built anew.

use crate::holdings::{Custody, forwards, two_places};
use crate::moves::{Class, Condition, Count, Note, OUTSIDE};
use crate::serial::{Range, Serial};
use ledger::Refusal;
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;

#[derive(PartialEq, Serialize, Deserialize)]
pub struct Flat<'a> {
    cash: Vec<CashRow<'a>>,
    stock: Vec<StockRow<'a>>,
    marks: Vec<MarkRow<'a>>,
}

#[derive(PartialEq, Serialize, Deserialize)]
struct CashRow<'a> {
    place: Cow<'a, str>,
    denom: Cow<'a, str>,
    class: Class,
    pieces: i64,
}

#[derive(PartialEq, Serialize, Deserialize)]
struct StockRow<'a> {
    kind: Cow<'a, str>,
    prefix: String,
    from: u64,
    to: u64,
    place: Cow<'a, str>,
    condition: Condition,
}

#[derive(PartialEq, Serialize, Deserialize)]
struct MarkRow<'a> {
    kind: Cow<'a, str>,
    prefix: String,
    number: u64,
    set: Cow<'a, BTreeMap<String, String>>,
}

impl Custody {
    fn flat(&self) -> Flat<'_> {
        let cash = self.cash_places().flat_map(|place| {
            self.cash(place).map(move |(note, pieces)| CashRow {
                place: place.into(),
                denom: note.denom.as_str().into(),
                class: note.class,
                pieces,
            })
        });
        let stock = self.kinds.iter().flat_map(|(kind, _)| {
            self.ranges(kind).map(move |(range, place, condition)| StockRow {
                kind: kind.into(),
                prefix: range.prefix,
                from: range.from,
                to: range.to,
                place: place.into(),
                condition,
            })
        });
        let marks = self.kinds.iter().flat_map(|(kind, _)| {
            self.things(kind).map(move |(Serial { prefix, number, .. }, set)| MarkRow {
                kind: kind.into(),
                prefix,
                number,
                set: Cow::Borrowed(set),
            })
        });
        Flat { cash: cash.collect(), stock: stock.collect(), marks: marks.collect() }
    }
}

impl PartialEq for Custody {
    fn eq(&self, other: &Self) -> bool {
        self.flat() == other.flat()
    }
}

impl Eq for Custody {}

impl Serialize for Custody {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.flat().serialize(serializer)
    }
}

impl TryFrom<Flat<'_>> for Custody {
    type Error = Refusal;

    fn try_from(flat: Flat<'_>) -> Result<Self, Refusal> {
        let mut custody = Custody::default();
        for CashRow { place, denom, class, pieces } in flat.cash {
            let note = Note { denom: denom.into_owned(), class };
            custody.load(&place, &Count { note, pieces })?;
        }
        for StockRow { kind, prefix, from, to, place, condition } in flat.stock {
            let range = Range { kind: kind.into_owned(), prefix, from, to };
            let key = forwards(&range)?;
            two_places(OUTSIDE, &place)?;
            custody.bring(&range, key, (&place, condition))?;
        }
        for MarkRow { kind, prefix, number, set } in flat.marks {
            let thing = Serial { kind: kind.into_owned(), prefix, number };
            let (key, marks) = custody.marked(&thing, &set)?;
            custody.describe(key, marks);
        }
        Ok(custody)
    }
}
