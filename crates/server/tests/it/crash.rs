//! Killing the program in the middle of a file: what it had acknowledged is there, nothing is
//! there twice or by half, and running it again does the rest.

use crate::program::{CASH, LI, Place, line, transfer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

const ENTRIES: u64 = 20_000;

/// Receipts by line: the number of the entry, and whether it was known.
fn receipts<'a>(lines: impl Iterator<Item = &'a String>) -> BTreeMap<u64, (u64, bool)> {
    let mut receipts = BTreeMap::new();
    for line in lines {
        let value: Value = serde_json::from_str(line).unwrap();
        if let (Some(line), Some(entry)) = (value["line"].as_u64(), value["entry"].as_u64()) {
            receipts.insert(line, (entry, value["again"].as_bool().unwrap()));
        }
    }
    receipts
}

#[test]
fn what_was_acknowledged_before_a_kill_is_never_lost() {
    let place = Place::open();
    let text: String =
        (0..ENTRIES).map(|no| line(&transfer(&format!("big-{no}"), CASH, LI, "1.00"))).collect();
    let file = place.write("big.ndjson", text);
    let arguments = ["--json", "post", &file, "--batch", "500"];
    let mut acknowledged: BTreeMap<u64, u64> = BTreeMap::new();
    for stop_after in [600, 4_000, 9_000] {
        let mut command = place.command(&arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = Vec::new();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        // On Unix this is SIGKILL: no destructor runs, no buffer is flushed.
        while lines.len() < stop_after && reader.read_line(&mut text).unwrap() > 0 {
            lines.push(std::mem::take(&mut text));
        }
        child.kill().unwrap();
        // What it had written before it died counts as acknowledged too, if it is a whole line.
        while reader.read_line(&mut text).unwrap() > 0 && text.ends_with('\n') {
            lines.push(std::mem::take(&mut text));
        }
        child.wait().unwrap();
        for (line, (entry, again)) in receipts(lines.iter()) {
            let known = acknowledged.insert(line, entry);
            assert!(known.is_none_or(|known| known == entry && again), "line {line}");
        }
    }
    assert!(!acknowledged.is_empty() && (acknowledged.len() as u64) < ENTRIES);

    let (code, lines) = place.json(&arguments[1..]);
    assert_eq!(code, 0);
    let text: Vec<String> = lines.iter().map(Value::to_string).collect();
    let last = receipts(text.iter());
    assert_eq!(last.len() as u64, ENTRIES);
    for (line, entry) in &acknowledged {
        assert_eq!(last[line], (*entry, true), "line {line} was acknowledged and is another");
    }
    let summary = &lines.last().unwrap()["summary"];
    let (posted, again) = (&summary["posted"], &summary["again"]);
    assert_eq!(posted.as_u64().unwrap() + again.as_u64().unwrap(), ENTRIES);
    assert!(again.as_u64().unwrap() >= acknowledged.len() as u64);
    assert_eq!(place.balance(LI), "20000.00");
    place.run(&["day", "close"]).ok();
    place.run(&["verify"]).ok();
}
