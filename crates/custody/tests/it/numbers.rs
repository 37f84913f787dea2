//! Numbered stock: what moves it, and each refusal.

use custody::{Condition, Custody, Move, Order, Range, Serial};
use std::collections::BTreeMap;

fn moved(range: &str, from: &str, to: &str, order: Order) -> Move {
    Move::Stock { range: range.parse().unwrap(), from: from.into(), to: to.into(), order }
}

fn brought(range: &str, to: &str) -> Move {
    moved(range, "outside", to, Order::Any)
}

fn void(range: &str, at: &str) -> Move {
    Move::Void { range: range.parse().unwrap(), at: at.into() }
}

fn mark(thing: &str, set: &[(&str, &str)]) -> Move {
    let set = set.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    Move::Mark { thing: thing.parse().unwrap(), set }
}

/// Cheques A1 to A25 in the vault.
fn vault() -> Custody {
    let mut custody = Custody::default();
    custody.apply(&[brought("cheque:A1-A25", "0101/vault")]).unwrap();
    custody
}

fn shown(custody: &Custody, place: &str) -> Vec<String> {
    let stock = custody.stock(place, "cheque");
    stock.iter().map(|(range, condition)| format!("{range} {}", condition.en())).collect()
}

/// The code and the English sentence; nothing has changed.
fn refused(custody: &mut Custody, moves: &[Move]) -> (&'static str, String) {
    let before = custody.clone();
    let refusal = custody.apply(moves).unwrap_err();
    assert_eq!(*custody, before);
    assert_eq!(custody.audit(), None);
    (refusal.code, refusal.en)
}

#[test]
fn ranges_are_split_and_become_one_again() {
    let mut custody = vault();
    let undo = custody
        .apply(&[
            moved("cheque:A1-A10", "0101/vault", "0101/box/7", Order::Lowest),
            void("cheque:A4", "0101/box/7"),
            moved("cheque:A1-A3", "0101/box/7", "used", Order::Lowest),
        ])
        .unwrap();
    assert_eq!(shown(&custody, "0101/vault"), ["cheque:A00000011-A00000025 good"]);
    assert_eq!(
        shown(&custody, "0101/box/7"),
        ["cheque:A00000004 void", "cheque:A00000005-A00000010 good"]
    );
    assert_eq!(custody.held("0101/box/7", "cheque", Condition::Good), 6);
    assert_eq!(custody.lowest("0101/box/7", "cheque"), "cheque:A5".parse().ok());
    assert_eq!(custody.kinds_at("used"), ["cheque"]);
    let places: Vec<_> = custody.stock_places().collect();
    assert_eq!(places, ["0101/box/7", "0101/vault", "used"]);
    let found = custody.find(&"cheque:A4".parse().unwrap());
    assert_eq!(found, Some(("0101/box/7", Condition::Void)));
    custody.undo(undo);
    assert_eq!(custody, vault());
    assert_eq!(shown(&custody, "0101/vault"), ["cheque:A00000001-A00000025 good"]);
}

#[test]
fn numbers_that_are_elsewhere_or_nowhere_are_refused() {
    let mut custody = vault();
    custody.apply(&[moved("cheque:A5-A6", "0101/vault", "0101/box/7", Order::Any)]).unwrap();
    let next = moved("cheque:A1-A9", "0101/vault", "used", Order::Any);
    let refusal = custody.apply(&[next]).unwrap_err();
    assert_eq!(refusal.code, "RangeNotHeld");
    assert_eq!(
        refusal.zh,
        "0101/vault 没有号段 cheque:A00000001-A00000009 的全部号码：\
         cheque:A00000005 在 0101/box/7"
    );
    assert_eq!(
        refusal.en,
        "`0101/vault` does not hold all of cheque:A00000001-A00000009: \
         cheque:A00000005 is at `0101/box/7`"
    );
    let beyond = moved("cheque:A20-A30", "0101/vault", "used", Order::Any);
    let (code, says) = refused(&mut custody, &[beyond]);
    assert_eq!(code, "RangeNotHeld");
    assert!(says.ends_with("cheque:A00000026 does not exist"), "{says}");
    for unknown in ["cheque:B1", "passbook:A1"] {
        let (code, says) = refused(&mut custody, &[void(unknown, "0101/vault")]);
        assert_eq!(code, "RangeNotHeld");
        assert!(says.ends_with("00000001 does not exist"), "{says}");
    }
}

#[test]
fn a_number_begins_to_exist_once() {
    let mut custody = vault();
    let end = moved("cheque:A20-A25", "0101/vault", "destroyed", Order::Any);
    custody.apply(&[end]).unwrap();
    let (code, says) = refused(&mut custody, &[brought("cheque:A22-A40", "0102/vault")]);
    assert_eq!(code, "RangeOverlaps");
    assert_eq!(
        says,
        "range cheque:A00000022-A00000040 has numbers of cheque:A00000020-A00000025, \
         which is at `destroyed`"
    );
    // Other prefixes and other kinds have numbers of their own.
    let others = [brought("cheque:AA22", "0102/vault"), brought("passbook:A22", "0102/vault")];
    custody.apply(&others).unwrap();
}

#[test]
fn a_number_never_ceases_to_exist() {
    let next = moved("cheque:A1", "0101/vault", "outside", Order::Any);
    assert_eq!(refused(&mut vault(), &[next]).0, "StockCannotLeave");
}

#[test]
fn a_void_number_is_not_used() {
    let mut custody = vault();
    custody.apply(&[void("cheque:A2", "0101/vault")]).unwrap();
    let next = moved("cheque:A1-A5", "0101/vault", "0101/box/7", Order::Lowest);
    let (code, says) = refused(&mut custody, &[next]);
    assert_eq!(code, "RangeVoid");
    assert_eq!(says, "number cheque:A00000002 of range cheque:A00000001-A00000005 is void");
    assert_eq!(refused(&mut custody, &[void("cheque:A1-A2", "0101/vault")]).0, "RangeVoid");
    // In any order void numbers go along, and stay void.
    custody.apply(&[moved("cheque:A1-A5", "0101/vault", "archive", Order::Any)]).unwrap();
    assert_eq!(custody.held("archive", "cheque", Condition::Void), 1);
    assert_eq!(custody.held("archive", "cheque", Condition::Good), 4);
}

#[test]
fn numbers_are_used_in_order() {
    let mut custody = vault();
    let next = moved("cheque:A2", "0101/vault", "used", Order::Lowest);
    let refusal = custody.apply(&[next]).unwrap_err();
    assert_eq!(refusal.code, "SerialSkipped");
    assert_eq!(
        refusal.zh,
        "0101/vault 应从 cheque:A00000001 起顺序使用，不得跳到 cheque:A00000002"
    );
    // By prefix first, in the order of its text and not of its coming.
    let older = [brought("cheque:9", "0101/vault"), brought("cheque:AA1", "0101/vault")];
    custody.apply(&older).unwrap();
    let next = moved("cheque:A1", "0101/vault", "used", Order::Lowest);
    assert_eq!(refused(&mut custody, &[next]).0, "SerialSkipped");
    for range in ["cheque:9", "cheque:A1-A25", "cheque:AA1"] {
        custody.apply(&[moved(range, "0101/vault", "used", Order::Lowest)]).unwrap();
    }
    assert_eq!(custody.lowest("0101/vault", "cheque"), None);
}

#[test]
fn malformed_ranges_are_refused() {
    let range = |kind: &str, prefix: &str, from, to| Range {
        kind: kind.into(),
        prefix: prefix.into(),
        from,
        to,
    };
    for (range, expected) in [
        (range("cheque", "A", 2, 1), "RangeBackwards"),
        (range("cheque", "A", 1, 1_000_000_001), "TooManyPieces"),
        (range("cheque", "A", 0, u64::MAX), "TooManyPieces"),
        (range("Cheque", "A", 1, 1), "KindMalformed"),
        (range("", "A", 1, 1), "KindMalformed"),
        (range("cheque", "A1", 1, 1), "PrefixMalformed"),
        (range("cheque", "A1-B", 1, 1), "PrefixMalformed"),
        (range("cheque", "A\0", 1, 1), "PrefixMalformed"),
        (range("cheque", "A B", 1, 1), "PrefixMalformed"),
        (range("cheque", "甲乙丙丁戊己", 1, 1), "PrefixMalformed"),
    ] {
        let (from, to) = ("outside".into(), "0101/vault".into());
        let next = Move::Stock { range, from, to, order: Order::Any };
        assert_eq!(refused(&mut vault(), &[next]).0, expected);
    }
    let longest = range("cheque", "甲乙丙丁戊", 1, 1_000_000_000);
    let (from, to) = ("outside".into(), "0101/vault".into());
    let next = Move::Stock { range: longest, from, to, order: Order::Any };
    vault().apply(&[next]).unwrap();
}

#[test]
fn the_last_numbers_there_are() {
    let last = u64::MAX;
    let mut custody = Custody::default();
    custody
        .apply(&[
            brought(&format!("cheque:{}-{last}", last - 9), "a"),
            brought("cheque:0-9", "a"),
            moved(&format!("cheque:{last}"), "a", "b", Order::Any),
            moved("cheque:0", "a", "b", Order::Lowest),
            moved(&format!("cheque:{}-{last}", last), "b", "a", Order::Any),
        ])
        .unwrap();
    assert_eq!(custody.audit(), None);
    assert_eq!(custody.held("a", "cheque", Condition::Good), 19);
    let beyond = moved(&format!("cheque:{}-{last}", last - 10), "a", "b", Order::Any);
    assert_eq!(refused(&mut custody, &[beyond]).0, "RangeNotHeld");
}

#[test]
fn places_are_two_and_named() {
    let next = moved("cheque:A1", "0101/vault", "0101/vault", Order::Any);
    assert_eq!(refused(&mut vault(), &[next]).0, "SamePlace");
    for (from, to) in [("", "0101/vault"), ("0101/vault", "")] {
        let next = moved("cheque:A1", from, to, Order::Any);
        assert_eq!(refused(&mut vault(), &[next]).0, "FieldMissing");
    }
    assert_eq!(refused(&mut vault(), &[void("cheque:A1", "")]).0, "FieldMissing");
}

#[test]
fn attributes_go_with_the_thing() {
    let seal: Serial = "seal:7".parse().unwrap();
    let mut custody = vault();
    let set = mark("seal:7", &[("keeper", "0007"), ("use", "业务公章")]);
    custody.apply(&[brought("seal:1-9", "0101/vault"), set]).unwrap();
    let before = custody.clone();
    let undo = custody
        .apply(&[
            moved("seal:7", "0101/vault", "0102/vault", Order::Any),
            mark("seal:7", &[("keeper", "0008"), ("use", "")]),
        ])
        .unwrap();
    let marks = BTreeMap::from([("keeper".to_owned(), "0008".to_owned())]);
    assert_eq!(custody.attributes(&seal), Some(&marks));
    assert_eq!(custody.things("seal").collect::<Vec<_>>(), [(seal.clone(), &marks)]);
    custody.undo(undo);
    assert_eq!(custody, before);
    custody.apply(&[mark("seal:7", &[("keeper", ""), ("use", "")])]).unwrap();
    assert_eq!(custody.attributes(&seal), None);

    assert_eq!(refused(&mut custody, &[mark("seal:10", &[("a", "b")])]).0, "ThingUnknown");
    assert_eq!(refused(&mut custody, &[mark("key:10", &[("a", "b")])]).0, "ThingUnknown");
    assert_eq!(refused(&mut custody, &[mark("seal:7", &[])]).0, "NothingMoved");
    assert_eq!(refused(&mut custody, &[mark("seal:7", &[("", "b")])]).0, "FieldMissing");
}

#[test]
fn one_refusal_takes_all_moves_back() {
    let moves = [
        brought("cheque:B1-B9", "0101/vault"),
        moved("cheque:A1-A9", "0101/vault", "0101/box/7", Order::Any),
        void("cheque:A3", "0101/box/7"),
        mark("cheque:A3", &[("why", "spoilt")]),
        void("cheque:A3", "0101/box/7"),
    ];
    assert_eq!(refused(&mut vault(), &moves).0, "RangeVoid");
}
