//! Business days: opened, closed, reopened, verified.

use crate::program::{LI, Place, WANG, line, transfer};

#[test]
fn a_day_closes_with_a_certificate_and_the_next_opens() {
    let place = Place::open();
    place.run(&["day", "open"]).ends(1).refuses("DayAlreadyOpen", None);
    let (code, closed) = place.json(&["day", "close"]);
    assert_eq!((code, &closed[0]["day"]), (0, &"2026-01-05".into()));
    assert!(closed[0]["checks"].as_array().unwrap().iter().all(|check| check["passed"] == true));
    let file = place.write("e.ndjson", line(&transfer("late", WANG, LI, "1.00")));
    place.run(&["post", &file]).ends(1).refuses("PeriodClosed", Some(1));
    place.run(&["day", "open", "2026-01-10"]).ends(1).refuses("NotABusinessDay", None);
    let (_, opened) = place.json(&["day", "open"]);
    assert_eq!(opened[0]["day"], "2026-01-06");
    place.run(&["post", &file]).ok();
    let (code, verified) = place.json(&["verify"]);
    assert_eq!((code, &verified[0]["days"]), (0, &1.into()));
    place.run(&["verify", "--from-snapshot"]).ok();
}

#[test]
fn an_institution_stops_and_goes_on() {
    let place = Place::open();
    place.run(&["day", "close", "--institution", "0000"]).ok();
    let file = place.write("e.ndjson", line(&transfer("late", WANG, LI, "1.00")));
    let ran = place.run(&["post", &file]).ends(1);
    assert!(ran.err.contains("InstitutionClosed") || ran.err.contains("DayNotOpen"), "{ran:?}");
    place.run(&["day", "reopen", "--institution", "0000", "--reason", "补记"]).ok();
    place.run(&["post", &file]).ok();
    let (_, status) = place.json(&["day", "status"]);
    assert_eq!(status[0]["phase"], "open");
}

#[test]
fn a_sealed_file_that_was_changed_is_damage() {
    let place = Place::open();
    place.run(&["day", "close"]).ok();
    let sealed = place.home().join("history/demo/day=2026-01-05/lines.parquet");
    let mut bytes = std::fs::read(&sealed).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&sealed, bytes).unwrap();
    let ran = place.run(&["verify"]).ends(4);
    assert!(ran.out.contains("lines.parquet"), "{ran:?}");
}

#[test]
fn two_programs_of_one_home_take_turns() {
    let place = Place::open();
    let file = |name: &str| {
        let entries = (0..200).map(|no| line(&transfer(&format!("{name}-{no}"), WANG, LI, "0.01")));
        place.write(name, entries.collect::<String>())
    };
    let files = [file("a.ndjson"), file("b.ndjson"), file("c.ndjson")];
    let start = |file: &String| place.command(&["-q", "post", file]).spawn().unwrap();
    let children: Vec<_> = files.iter().map(start).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(place.balance(LI), "6.00");
}
