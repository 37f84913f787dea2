//! How ranges and moves are written, and what a snapshot may say.

use custody::{Class, Count, Custody, Move, Note, Range, Serial};

#[test]
fn ranges_are_read_as_people_write_them() {
    for (written, shown) in [
        ("cheque:A00000001-A00000025", "cheque:A00000001-A00000025"),
        ("cheque:A00000001-00000025", "cheque:A00000001-A00000025"),
        ("cheque:A1-25", "cheque:A00000001-A00000025"),
        ("cheque:AB7-AB7", "cheque:AB00000007"),
        ("cheque:7", "cheque:00000007"),
        ("cheque:1-2", "cheque:00000001-00000002"),
        ("box:甲-1-甲-3", "box:甲-00000001-甲-00000003"),
        ("box:2024N-1-3", "box:2024N-00000001-2024N-00000003"),
        ("u_key2:A123456789-A123456790", "u_key2:A123456789-A123456790"),
    ] {
        assert_eq!(written.parse::<Range>().unwrap().to_string(), shown);
    }
}

#[test]
fn other_text_is_refused_with_what_was_expected() {
    for (written, code) in [
        ("", "RangeMalformed"),
        ("A1-A2", "RangeMalformed"),
        ("cheque:", "RangeMalformed"),
        ("cheque:A", "RangeMalformed"),
        ("cheque:A1-", "RangeMalformed"),
        ("cheque:A1-A", "RangeMalformed"),
        ("cheque:A99999999999999999999", "RangeMalformed"),
        ("cheque:A1-B2", "PrefixesDiffer"),
        ("cheque:A1-2-3", "PrefixesDiffer"),
        ("cheque:1-A2", "PrefixesDiffer"),
        ("cheque:A2-A1", "RangeBackwards"),
        ("Cheque:A1", "KindMalformed"),
        ("cheque:A:1", "PrefixMalformed"),
        ("cheque:A 1", "PrefixMalformed"),
    ] {
        let refusal = written.parse::<Range>().unwrap_err();
        assert_eq!(refusal.code, code, "{written}");
        assert_eq!(refusal.field, "serials");
    }
    let refusal = "cheque".parse::<Serial>().unwrap_err();
    assert_eq!(refusal.zh, "号码“cheque”格式不正确，应为“种类:冠字号码”，如 cheque:AB00000007");
    assert_eq!("cheque:A1-A2".parse::<Serial>().unwrap_err().code, "PrefixMalformed");
}

#[test]
fn a_move_is_plain_json() {
    let note = Note { denom: "CNY:0.1".into(), class: Class::Mint };
    let counts = vec![Count { note, pieces: 20 }];
    let next = Move::Cash { from: "outside".into(), to: "0101/vault".into(), counts };
    let json = concat!(
        r#"{"move":"cash","from":"outside","to":"0101/vault","#,
        r#""counts":[{"denom":"CNY:0.1","class":"mint","pieces":20}]}"#,
    );
    assert_eq!(serde_json::to_string(&next).unwrap(), json);
    assert_eq!(serde_json::from_str::<Move>(json).unwrap(), next);
}

fn snapshot(cash: &str, stock: &str, marks: &str) -> Result<Custody, String> {
    let json = format!(r#"{{"cash":[{cash}],"stock":[{stock}],"marks":[{marks}]}}"#);
    serde_json::from_str(&json).map_err(|error| error.to_string())
}

fn row(prefix: &str, (from, to): (u64, u64), place: &str) -> String {
    format!(
        r#"{{"kind":"seal","prefix":"{prefix}","from":{from},"to":{to},
            "place":"{place}","condition":"good"}}"#
    )
}

#[test]
fn a_snapshot_is_read_in_any_order() {
    let three = [row("A", (5, 9), "a"), row("", (1, 1), "a"), row("A", (1, 4), "a")];
    let read = snapshot("", &three.join(","), "").unwrap();
    assert_eq!(read.audit(), None);
    let shown: Vec<String> =
        read.stock("a", "seal").iter().map(|(range, _)| range.to_string()).collect();
    assert_eq!(shown, ["seal:00000001", "seal:A00000001-A00000009"]);
}

#[test]
fn a_wrong_snapshot_is_an_error() {
    let notes = |place: &str, pieces: i64| {
        format!(r#"{{"place":"{place}","denom":"CNY:1","class":"fit","pieces":{pieces}}}"#)
    };
    for (place, pieces, code) in [
        ("a", -1, "PiecesNotPositive"),
        ("a", 0, "PiecesNotPositive"),
        ("outside", 1, "SamePlace"),
        ("", 1, "FieldMissing"),
    ] {
        let error = snapshot(&notes(place, pieces), "", "").unwrap_err();
        assert!(error.starts_with(code), "{error}");
    }
    let twice = [notes("a", i64::MAX), notes("a", 1)].join(",");
    assert!(snapshot(&twice, "", "").unwrap_err().starts_with("TooManyPieces"));

    let overlapping = [row("A", (1, 5), "a"), row("A", (5, 9), "b")].join(",");
    let whole = [row("A", (0, u64::MAX - 1), "a"), row("B", (0, 1), "a")].join(",");
    for (stock, code) in [
        (overlapping, "RangeOverlaps"),
        (whole, "TooManyPieces"),
        (row("A", (0, u64::MAX), "a"), "TooManyPieces"),
        (row("A", (2, 1), "a"), "RangeBackwards"),
        (row("A1", (1, 2), "a"), "PrefixMalformed"),
        (row("A", (1, 2), "outside"), "SamePlace"),
        (row("A", (1, 2), ""), "FieldMissing"),
    ] {
        let error = snapshot("", &stock, "").unwrap_err();
        assert!(error.starts_with(code), "{error}");
    }
    let mark = r#"{"kind":"seal","prefix":"A","number":3,"set":{"keeper":"0007"}}"#;
    let error = snapshot("", &row("A", (1, 2), "a"), mark).unwrap_err();
    assert!(error.starts_with("ThingUnknown"), "{error}");
    assert!(snapshot("", &row("A", (1, 3), "a"), mark).is_ok());
}
