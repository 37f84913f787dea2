//! Business days: opened, closed, reopened, verified.

use crate::program::{LI, Place, WANG, line, transfer};
use std::path::Path;

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

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).unwrap();
        }
    }
}

#[test]
fn a_close_that_broke_off_after_sealing_counts_nothing_twice_and_is_made_up_for() {
    let place = Place::open();
    let reports = |place: &Place| {
        let statement = place.run(&["statement", WANG, "--format", "csv"]).ok().out;
        let summary = place.run(&["report", "科目日结单", "--format", "csv"]).ok().out;
        let export = place.path("export").display().to_string();
        place.run(&["export", "--to", &export, "--format", "csv"]).ok();
        let lines = std::fs::read_to_string(place.path("export/lines/2026-01-05.csv")).unwrap();
        [statement, summary, lines].map(|text| text.lines().count())
    };
    let before = reports(&place);
    // The program is killed between sealing the day and writing its certificate.
    copy(&place.home(), &place.path("kept"));
    place.run(&["day", "close"]).ok();
    let history = place.path("kept/history");
    copy(&place.home().join("history"), &history);
    std::fs::remove_dir_all(place.home()).unwrap();
    std::fs::rename(place.path("kept"), place.home()).unwrap();
    assert!(place.home().join("history/demo/day=2026-01-05/manifest.json").exists());
    assert_eq!(reports(&place), before);
    let (code, verified) = place.json(&["verify"]);
    assert_eq!((code, &verified[0]["days"]), (0, &0.into()), "{verified:?}");
    let file = place.write("e.ndjson", line(&transfer("late", WANG, LI, "1.00")));
    place.run(&["post", &file]).ok();
    place.run(&["day", "close"]).ok();
    place.run(&["verify"]).ok();
}

#[test]
fn damaged_and_lost_days_are_sealed_again_from_the_blocks() {
    let place = Place::open();
    place.run(&["day", "close"]).ok();
    for _ in 0..2 {
        place.run(&["day", "open"]).ok();
        place.run(&["day", "close"]).ok();
    }
    let sealed = |day: &str| place.home().join(format!("history/demo/day={day}"));
    copy(&place.home().join("history"), &place.path("good"));
    std::fs::remove_dir_all(sealed("2026-01-05")).unwrap();
    std::fs::write(sealed("2026-01-06").join("manifest.json"), "{").unwrap();
    // A whole manifest, but of other blocks than the certificate names.
    let path = sealed("2026-01-07").join("manifest.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"first_seq\": ", "\"first_seq\": 1")).unwrap();
    // Whoever reads figures is not given wrong ones.
    std::fs::rename(sealed("2026-01-06"), place.path("away")).unwrap();
    place.run(&["statement", WANG]).ends(1).refuses("SealedDayMissing", None);
    place.run(&["report", "试算平衡表"]).ends(1).refuses("SealedDayMissing", None);
    std::fs::rename(place.path("away"), sealed("2026-01-06")).unwrap();
    let (code, found) = place.json(&["verify"]);
    assert_eq!((code, found[0]["damaged_files"].as_array().unwrap().len()), (4, 3), "{found:?}");
    place.run(&["verify", "--reseal", "--from-snapshot"]).ends(2);
    let (code, found) = place.json(&["verify", "--reseal"]);
    assert_eq!((code, found[0]["resealed"].as_array().unwrap().len()), (0, 3), "{found:?}");
    for day in ["2026-01-05", "2026-01-06", "2026-01-07"] {
        for file in ["lines.parquet", "balances.parquet", "gl.parquet", "manifest.json"] {
            let good = place.path(&format!("good/demo/day={day}/{file}"));
            let again = std::fs::read(sealed(day).join(file)).unwrap();
            assert!(std::fs::read(good).unwrap() == again, "{day} {file}");
        }
    }
    place.run(&["verify"]).ok();
}

#[test]
fn a_day_that_nobody_closed_is_damage() {
    let place = Place::open();
    place.run(&["day", "close"]).ok();
    let folder = place.home().join("history/demo");
    let day = folder.join("day=2026-01-02");
    copy(&folder.join("day=2026-01-05"), &day);
    let manifest = std::fs::read_to_string(day.join("manifest.json")).unwrap();
    let manifest = manifest.replace("2026-01-05", "2026-01-02");
    std::fs::write(day.join("manifest.json"), manifest).unwrap();
    let ran = place.run(&["verify"]).ends(4);
    assert!(ran.out.contains("2026-01-02"), "{ran:?}");
}

#[test]
fn a_month_that_is_over_is_merged_now_or_after_the_next_close() {
    let place = Place::open_from("2026-01-29");
    place.run(&["day", "close"]).ok();
    let month = place.home().join("history/demo/month=2026-01");
    assert!(!month.exists());
    place.run(&["day", "open"]).ok();
    let file = place.write("e.ndjson", line(&transfer("1", WANG, LI, "10.00")));
    place.run(&["post", &file]).ok();
    place.run(&["day", "close"]).ok();
    assert!(month.join("manifest.json").exists());
    // As after a kill between the certificate and the merge, or in the middle of it.
    std::fs::remove_file(month.join("manifest.json")).unwrap();
    place.run(&["verify"]).ok();
    let page = ["statement", WANG, "--from", "2026-01-01", "--format", "csv"];
    let before = place.run(&page).ok().out;
    place.run(&["day", "open"]).ok();
    place.run(&["day", "close"]).ok();
    assert!(month.join("manifest.json").exists());
    std::fs::write(month.join("manifest.json"), "{").unwrap();
    assert!(before.contains("990.00") && place.run(&page).ok().out.contains("990.00"));
    place.run(&["verify"]).ok();
    // It is no day, and the days do not need it.
    std::fs::remove_dir_all(&month).unwrap();
    place.run(&["verify"]).ok();
}
