//! Posting NDJSON: every class of bad input with its code and line, and what is posted beside it.

use crate::program::{CASH, LI, Place, WANG, line, rejects, transfer};
use serde_json::{Value, json};

#[test]
fn good_lines_are_posted_and_bad_ones_rejected_with_their_text() {
    let place = Place::open();
    let good = line(&transfer("1", WANG, LI, "10.00"));
    let poor = line(&transfer("2", LI, WANG, "99999.00"));
    let nobody = line(&transfer("3", WANG, "nobody", "1.00"));
    let odd = line(&transfer("4", WANG, LI, "1.005"));
    let cut = "{\"key\": \"5\",\n";
    let unknown = "{\"key\":\"6\",\"institution\":\"0000\",\"maker\":\"z\",\"linez\":[]}\n";
    let text = [&good, &poor, "\n", &nobody, &odd, cut, unknown].concat();
    let file = place.write("e.ndjson", &text);
    let reject = place.path("r.ndjson").display().to_string();
    place.run(&["post", &file, "--reject", &reject]).ends(5);
    let found = rejects(&place.path("r.ndjson"));
    let seen: Vec<(u64, &str)> = found
        .iter()
        .map(|one| (one["line"].as_u64().unwrap(), one["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        seen,
        [
            (2, "InsufficientFunds"),
            (4, "UnknownAccount"),
            (5, "AmountTooPrecise"),
            (6, "MalformedLine"),
            (7, "MalformedLine"),
        ]
    );
    assert_eq!(found[0]["text"].as_str().unwrap(), poor.trim_end());
    assert_eq!(found[1]["field"], "lines[1].account");
    assert!(found[0]["zh"].as_str().unwrap().contains("可用余额不足"));
    assert_eq!(place.balance(LI), "10.00");
}

#[test]
fn the_same_key_answers_the_first_receipt_or_is_refused() {
    let place = Place::open();
    let file = place.write("e.ndjson", line(&transfer("1", WANG, LI, "10.00")));
    let (code, first) = place.json(&["post", &file]);
    assert_eq!((code, &first[0]["again"], &first[0]["line"]), (0, &json!(false), &json!(1)));
    let (code, again) = place.json(&["post", &file]);
    assert_eq!((code, &again[0]["entry"]), (0, &first[0]["entry"]));
    assert_eq!(again[0]["again"], true);
    assert_eq!(again[1]["summary"], json!({ "posted": 0, "again": 1, "refused": 0 }));
    let file = place.write("e.ndjson", line(&transfer("1", WANG, LI, "11.00")));
    let (code, other) = place.json(&["post", &file]);
    assert_eq!(code, 1);
    assert_eq!(other[0]["refused"]["code"], "KeyReused");
    assert_eq!(other[0]["refused"]["line"], 1);
    assert_eq!(place.balance(LI), "10.00");
}

#[test]
fn a_truncated_file_is_told_from_a_malformed_line() {
    let place = Place::open();
    let good = line(&transfer("1", WANG, LI, "10.00"));
    let cut = &line(&transfer("2", WANG, LI, "10.00"))[..40];
    let file = place.write("e.ndjson", format!("{good}{cut}"));
    place.run(&["post", &file]).ends(5).refuses("TruncatedFile", Some(2));
    assert_eq!(place.balance(LI), "10.00");
    // A whole last line without its newline is no truncation.
    let file = place.write("e.ndjson", transfer("3", WANG, LI, "1.00").to_string());
    place.run(&["post", &file]).ok();
    assert_eq!(place.balance(LI), "11.00");
}

#[test]
fn another_encoding_is_refused_with_its_byte_and_read_if_said() {
    let place = Place::open();
    let text = line(&transfer("1", WANG, LI, "10.00"));
    let (gbk, _, _) = encoding_rs::GBK.encode(&text);
    let file = place.write("e.ndjson", &gbk);
    let ran = place.run(&["post", &file]).ends(1).refuses("WrongEncoding", Some(1));
    // The two bytes of 转 happen to be a character of UTF-8 too; those of 账 are none.
    let at = text.find('转').unwrap() + 2;
    assert!(ran.err.contains(&format!("byte {at} ")), "{ran:?}");
    assert!(ran.err.contains("--encoding gbk"), "{ran:?}");
    place.run(&["post", &file, "--encoding", "gbk"]).ok();
    let (_, statement) = whole(&place, &["statement", WANG]);
    assert!(statement.to_string().contains("转账"));
    let file = place.write("f.ndjson", b"{\"key\":\"\xff\"}\n");
    place.run(&["post", &file, "--encoding", "gbk"]).ends(1).refuses("WrongEncoding", Some(1));
}

/// An answer that is one document over several lines.
fn whole(place: &Place, arguments: &[&str]) -> (i32, Value) {
    let ran = place.run(&[&["--json"], arguments].concat());
    (ran.code, serde_json::from_str(&ran.out).unwrap())
}

#[test]
fn all_or_nothing_leaves_nothing_of_a_file_with_one_bad_line() {
    let place = Place::open();
    let good = line(&transfer("1", WANG, LI, "10.00"));
    let poor = line(&transfer("2", LI, WANG, "99999.00"));
    let file = place.write("e.ndjson", format!("{good}\n{poor}"));
    let ran = place.run(&["post", &file, "--all-or-nothing"]).ends(1);
    let ran = ran.refuses("InsufficientFunds", Some(3));
    assert!(ran.err.contains("字段 field: lines[0].account"), "{ran:?}");
    let file = place.write("f.ndjson", format!("{good}{{\n"));
    let reject = place.path("r.ndjson").display().to_string();
    let ran = place.run(&["post", &file, "--all-or-nothing", "--reject", &reject]).ends(1);
    ran.refuses("MalformedLine", Some(2));
    assert_eq!(rejects(&place.path("r.ndjson")).len(), 1);
    assert_eq!(place.balance(LI), "0.00");
    let file = place.write("g.ndjson", &good);
    place.run(&["post", &file, "--all-or-nothing"]).ok();
    assert_eq!(place.balance(LI), "10.00");
}

#[test]
fn entries_come_through_a_pipe_in_many_batches() {
    use std::io::Write as _;
    use std::process::Stdio;
    let place = Place::open();
    let mut command = place.command(&["--json", "post", "-", "--batch", "7"]);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    for no in 0..100 {
        let entry = transfer(&format!("k{no}"), CASH, LI, "1.00");
        input.write_all(line(&entry).as_bytes()).unwrap();
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let numbers: Vec<u64> = lines.iter().filter_map(|one| one["line"].as_u64()).collect();
    assert_eq!(numbers, (1..=100).collect::<Vec<u64>>());
    assert_eq!(lines[100]["summary"]["posted"], 100);
    assert_eq!(place.balance(LI), "100.00");
}

#[test]
fn refused_lines_never_overwrite_the_file_they_come_from() {
    let place = Place::open();
    let file = place.write("e.ndjson", "{\n");
    place.run(&["post", &file, "--reject", &file]).ends(1).refuses("RejectIsInput", None);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "{\n");
}

#[test]
fn an_empty_file_posts_nothing_and_a_missing_one_is_refused() {
    let place = Place::open();
    let file = place.write("e.ndjson", "");
    place.run(&["post", &file]).ok();
    place.run(&["post", "missing.ndjson"]).ends(1).refuses("FileUnreadable", None);
}

#[test]
fn an_entry_is_corrected_once() {
    let place = Place::open();
    let file = place.write("e.ndjson", line(&transfer("1", WANG, LI, "10.00")));
    let (_, posted) = place.json(&["post", &file]);
    let entry = posted[0]["entry"].to_string();
    let rebook = place.write("right.json", transfer("1-right", WANG, LI, "100.00").to_string());
    let who = ["--applicant", "li", "--verifier", "zhao", "--approver", "qian", "--poster", "sun"];
    let why = ["--class", "operator", "--cause", "金额记错", "--evidence", "CZ-1"];
    let all = [&["correct", &entry], why.as_slice(), &who, &["--rebook", &rebook]].concat();
    let (code, done) = place.json(&all);
    assert_eq!((code, done[0]["original"].to_string()), (0, entry.clone()));
    assert_eq!(place.balance(LI), "100.00");
    let (code, again) = place.json(&all);
    assert_eq!((code, &again[0]["undo"]), (0, &done[0]["undo"]));
    let key = [all.as_slice(), &["--key", "another"]].concat();
    place.run(&key).ends(1).refuses("AlreadyCorrected", None);
    let same = ["--applicant", "li", "--verifier", "li", "--approver", "qian", "--poster", "sun"];
    let all = [&["correct", &entry], why.as_slice(), &same].concat();
    place.run(&all).ends(1).refuses("SamePerson", None);
    let bad = place.write("bad.json", "{\n\"key\": 5}");
    let all = [&["correct", &entry], why.as_slice(), &who, &["--rebook", &bad]].concat();
    place.run(&all).ends(1).refuses("MalformedLine", Some(2));
}

#[test]
fn a_file_that_is_not_there_is_refused_by_name() {
    let place = Place::open();
    let ran = place.run(&["post", "nowhere.ndjson"]).ends(1).refuses("FileUnreadable", None);
    assert!(ran.err.contains("nowhere.ndjson"), "{ran:?}");
    let ran = place.run(&["account", "open", "--file", "nowhere.csv"]);
    ran.ends(1).refuses("FileUnreadable", None);
}
