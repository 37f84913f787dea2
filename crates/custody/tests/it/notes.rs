//! Notes: what moves them, and each refusal.

use custody::{Class, Count, Custody, Move, Note};

fn note(denom: &str, class: Class) -> Note {
    Note { denom: denom.into(), class }
}

fn hundreds(class: Class, pieces: i64) -> Count {
    Count { note: note("CNY:100", class), pieces }
}

fn cash(from: &str, to: &str, counts: &[Count]) -> Move {
    Move::Cash { from: from.into(), to: to.into(), counts: counts.into() }
}

fn vault(pieces: i64) -> Custody {
    let mut custody = Custody::default();
    let counts = [hundreds(Class::Unsorted, pieces)];
    custody.apply(&[cash("outside", "0101/vault", &counts)]).unwrap();
    custody
}

fn refused(custody: &mut Custody, next: Move) -> (&'static str, String, String) {
    let before = custody.clone();
    let refusal = custody.apply(&[next]).unwrap_err();
    assert_eq!(*custody, before);
    (refusal.code, refusal.field, refusal.en)
}

#[test]
fn notes_come_are_sorted_and_go() {
    let mut custody = vault(1000);
    let sorted = |pieces, into| Move::Sort {
        at: "0101/vault".into(),
        counts: vec![hundreds(Class::Unsorted, pieces)],
        into,
    };
    let paid = [hundreds(Class::Fit, 300)];
    let moves = [
        sorted(900, Class::Fit),
        sorted(100, Class::Unfit),
        cash("0101/vault", "0101/box/7", &paid),
        cash("0101/box/7", "outside", &paid),
    ];
    let undo = custody.apply(&moves).unwrap();
    let held: Vec<_> = custody.cash("0101/vault").collect();
    let (fit, unfit) = (note("CNY:100", Class::Fit), note("CNY:100", Class::Unfit));
    assert_eq!(held, [(&fit, 600), (&unfit, 100)]);
    assert_eq!(custody.cash_places().collect::<Vec<_>>(), ["0101/vault"]);
    assert_eq!(custody.pieces("0101/box/7", &fit), 0);
    custody.undo(undo);
    assert_eq!(custody, vault(1000));
}

#[test]
fn notes_that_are_not_there_are_refused() {
    let next = cash("0101/vault", "0101/box/7", &[hundreds(Class::Unsorted, 6)]);
    let refusal = vault(5).apply(&[next]).unwrap_err();
    assert_eq!(refusal.code, "NotesNotHeld");
    assert_eq!(refusal.zh, "0101/vault 的 CNY:100 未清分券不足：需 6，实存 5");
    assert_eq!(refusal.en, "`0101/vault` holds 5 of CNY:100 (unsorted), not 6");
    assert_eq!(refusal.field, "notes");

    let counts = vec![hundreds(Class::Unsorted, 1)];
    let outside = Move::Sort { at: "outside".into(), counts, into: Class::Fit };
    assert_eq!(refused(&mut vault(5), outside).0, "NotesNotHeld");
}

#[test]
fn no_notes_are_no_move() {
    let nothing = cash("0101/vault", "0101/box/7", &[]);
    assert_eq!(refused(&mut vault(5), nothing).0, "NothingMoved");
    for pieces in [0, -1, i64::MIN] {
        let counts = [hundreds(Class::Unsorted, pieces)];
        let next = cash("0101/vault", "0101/box/7", &counts);
        assert_eq!(refused(&mut vault(5), next).0, "PiecesNotPositive");
    }
}

#[test]
fn a_place_gives_nothing_to_itself() {
    let counts = [hundreds(Class::Unsorted, 1)];
    for place in ["0101/vault", "outside"] {
        assert_eq!(refused(&mut vault(5), cash(place, place, &counts)).0, "SamePlace");
    }
    let nowhere = refused(&mut vault(5), cash("0101/vault", "", &counts));
    assert_eq!((nowhere.0, nowhere.1.as_str()), ("FieldMissing", "to"));
    let nameless = [Count { note: note("", Class::Fit), pieces: 1 }];
    let nameless = refused(&mut vault(5), cash("outside", "0101/vault", &nameless));
    assert_eq!((nameless.0, nameless.1.as_str()), ("FieldMissing", "denom"));
}

#[test]
fn sorting_changes_the_class() {
    let counts = vec![hundreds(Class::Unsorted, 1)];
    let next = Move::Sort { at: "0101/vault".into(), counts, into: Class::Unsorted };
    assert_eq!(refused(&mut vault(5), next).0, "SameClass");
}

#[test]
fn a_slip_of_the_pen_is_refused() {
    let half = 500_000_000;
    let counts = [hundreds(Class::Fit, half), hundreds(Class::Unfit, half)];
    vault(1).apply(&[cash("outside", "0101/vault", &counts)]).unwrap();
    let counts = [hundreds(Class::Fit, half), hundreds(Class::Unfit, half + 1)];
    let next = cash("outside", "0101/vault", &counts);
    assert_eq!(refused(&mut vault(1), next).0, "TooManyPieces");
    let counts = [hundreds(Class::Fit, i64::MAX), hundreds(Class::Fit, i64::MAX)];
    let next = cash("outside", "0101/vault", &counts);
    assert_eq!(refused(&mut vault(1), next).0, "TooManyPieces");
}

#[test]
fn a_full_place_takes_no_more() {
    let json = format!(
        r#"{{"cash":[{{"place":"a","denom":"CNY:100","class":"fit","pieces":{}}}],
            "stock":[],"marks":[]}}"#,
        i64::MAX,
    );
    let mut custody: Custody = serde_json::from_str(&json).unwrap();
    let next = cash("outside", "a", &[hundreds(Class::Fit, 1)]);
    assert_eq!(refused(&mut custody, next).0, "TooManyPieces");
}
