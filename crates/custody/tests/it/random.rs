//! Moves by chance, made in the crate and in the plain way, and everything asked after each.

use crate::model::{Asked, Model, OUTSIDE};
use custody::{Class, Count, Custody, Move, Note, Order, Range, Serial};
use proptest::prelude::*;
use std::collections::BTreeMap;

const PLACES: [&str; 6] = ["0101/vault", "0101/box/7", "0102/vault", "destroyed", OUTSIDE, "used"];
const KINDS: [&str; 2] = ["seal", "cheque"];
const PREFIXES: [&str; 4] = ["", "AB", "A", "银"];
const DENOMS: [&str; 2] = ["CNY:100", "CNY:0.1"];
const CLASSES: [Class; 4] = [Class::Fit, Class::Unfit, Class::Mint, Class::Unsorted];
const NUMBERS: u64 = 24;

/// Throws of dice, of which a move is made.
type Throw = (u8, [usize; 4], u64, u64, i64);

fn throws() -> impl Strategy<Value = Vec<Vec<Throw>>> {
    let throw = (0..14_u8, [0..64_usize, 0..64, 0..64, 0..64], 0..NUMBERS, 0..8_u64, -1..9_i64);
    proptest::collection::vec(proptest::collection::vec(throw, 1..4), 1..30)
}

fn pick<T: Copy>(of: &[T], at: usize) -> T {
    of[at % of.len()]
}

/// A range of numbers and a place: mostly one that holds them, else too many would be refused.
fn aimed(model: &Model, (throw, dice, from, length, _): Throw) -> (Range, String) {
    let to = if throw == 13 { from.saturating_sub(1) } else { from + length / 2 };
    let prefix = pick(&PREFIXES, dice[0]).into();
    let mut range = Range { kind: pick(&KINDS, dice[1]).into(), prefix, from, to };
    let held: Vec<_> = model.numbers.iter().collect();
    if held.is_empty() || dice[2].is_multiple_of(8) {
        return (range, pick(&PLACES, dice[3]).into());
    }
    let (number, (place, _)) = pick(&held, dice[0] + 31 * dice[1]);
    let lowest = held.iter().find(|(first, at)| first.kind == number.kind && at.0 == *place);
    let number = if dice[2].is_multiple_of(3) { lowest.unwrap().0 } else { number };
    range = number.clone().into();
    let same = |next: &u64| {
        let next = Serial { number: *next, ..range.first() };
        model.numbers.get(&next).is_some_and(|(at, _)| at == place)
    };
    let more = (range.from + 1..=range.from + length).take_while(same).count() as u64;
    range.to += more;
    (range, place.clone())
}

fn counts(model: &Model, (_, dice, length, ..): Throw, pieces: i64) -> (String, Vec<Count>) {
    let held: Vec<_> = model.notes.iter().collect();
    let (place, note) = if held.is_empty() || dice[2].is_multiple_of(8) {
        let note = Note { denom: pick(&DENOMS, dice[0]).into(), class: pick(&CLASSES, dice[1]) };
        (pick(&PLACES, dice[3]).to_owned(), note)
    } else {
        pick(&held, dice[0] + 31 * dice[1]).0.clone()
    };
    let other = Note { denom: pick(&DENOMS, dice[1]).into(), class: pick(&CLASSES, dice[0]) };
    let both = [Count { note, pieces }, Count { note: other, pieces: 1 }];
    let many = if length == 0 { 0 } else { 1 + usize::from(length.is_multiple_of(5)) };
    (place, both.into_iter().take(many).collect())
}

fn made(model: &Model, throw: Throw) -> Move {
    let (which, dice, .., pieces) = throw;
    let to = pick(&PLACES, dice[2]).to_owned();
    match which {
        0 | 1 => {
            let (_, counts) = counts(model, throw, pieces * 3);
            Move::Cash { from: OUTSIDE.into(), to, counts }
        }
        2 | 3 => {
            let (from, counts) = counts(model, throw, pieces);
            Move::Cash { from, to, counts }
        }
        4 => {
            let (at, counts) = counts(model, throw, pieces);
            Move::Sort { at, counts, into: pick(&CLASSES, dice[3]) }
        }
        5..=7 => {
            let (from, to) = (OUTSIDE.into(), pick(&PLACES, dice[2]).into());
            let prefix = pick(&PREFIXES, dice[0]).into();
            let (first, length) = (throw.2, throw.3);
            let kind = pick(&KINDS, dice[1]).into();
            let range = Range { kind, prefix, from: first, to: first + length };
            Move::Stock { range, from, to, order: Order::Any }
        }
        8 => {
            let (range, at) = aimed(model, throw);
            Move::Void { range, at }
        }
        9 => {
            let (range, _) = aimed(model, throw);
            let value = ["", "0007", "0008"][dice[3] % 3].to_owned();
            let set = BTreeMap::from([("keeper".to_owned(), value)]);
            let set = if pieces < 0 { BTreeMap::new() } else { set };
            Move::Mark { thing: range.first(), set }
        }
        _ => {
            let (range, from) = aimed(model, throw);
            let order = if which == 10 { Order::Lowest } else { Order::Any };
            Move::Stock { range, from, to, order }
        }
    }
}

fn asked() -> Asked {
    let mut notes = Vec::new();
    for denom in DENOMS {
        notes.extend(CLASSES.map(|class| Note { denom: denom.into(), class }));
    }
    let mut numbers = Vec::new();
    for kind in KINDS {
        for prefix in PREFIXES {
            numbers.extend((0..NUMBERS + 9).map(|number| Serial {
                kind: kind.into(),
                prefix: prefix.into(),
                number,
            }));
        }
    }
    Asked { places: &PLACES, kinds: &KINDS, notes, numbers }
}

fn through_json(custody: &Custody) -> Custody {
    serde_json::from_str(&serde_json::to_string(custody).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn moves_do_what_the_plain_way_does(throws in throws()) {
        let asked = asked();
        let (mut custody, mut model) = (Custody::default(), Model::default());
        let mut undos = Vec::new();
        for batch in throws {
            let moves: Vec<Move> = batch.into_iter().map(|throw| made(&model, throw)).collect();
            let json = serde_json::to_string(&moves).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Vec<Move>>(&json).unwrap(), &moves);
            let before = (custody.clone(), model.clone());
            let done = custody.apply(&moves);
            let codes = done.as_ref().map(|_| ()).map_err(|refusal| refusal.code);
            prop_assert_eq!(codes, model.apply(&moves), "{:?}", moves);
            match done {
                Ok(undo) => undos.push((before, undo)),
                Err(_) => prop_assert_eq!(&custody, &before.0),
            }
            model.compare(&custody, &asked);
        }
        let again = through_json(&custody);
        prop_assert_eq!(&again, &custody);
        model.compare(&again, &asked);
        while let Some(((before, plain), undo)) = undos.pop() {
            custody.undo(undo);
            prop_assert_eq!(&custody, &before);
            plain.compare(&custody, &asked);
        }
        prop_assert_eq!(&custody, &Custody::default());
    }

    #[test]
    fn what_is_written_is_read(
        kind in "[a-z0-9_]{1,8}",
        prefix in "([A-Z银-锅]{1,3}-?([0-9]?[A-Z])?)?",
        ends in any::<(u64, u64)>(),
    ) {
        let (from, to) = (ends.0.min(ends.1), ends.0.max(ends.1));
        let range = Range { kind, prefix, from, to };
        prop_assert_eq!(&range.to_string().parse::<Range>().unwrap(), &range);
        let first = range.first();
        prop_assert_eq!(&first.to_string().parse::<Serial>().unwrap(), &first);
        let single: Range = first.into();
        prop_assert_eq!(&single.to_string().parse::<Range>().unwrap(), &single);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(cheque:)?[A-C0-3:-]{0,12}") {
        if let Ok(range) = text.parse::<Range>() {
            prop_assert_eq!(range.to_string().parse::<Range>().unwrap(), range);
        }
        if let Ok(serial) = text.parse::<Serial>() {
            prop_assert_eq!(serial.to_string().parse::<Serial>().unwrap(), serial);
        }
    }
}
