//! Reports, statements and exports, of the open day and of closed ones.

use crate::program::{LI, Place, WANG, line, transfer};
use serde_json::Value;

fn document(place: &Place, arguments: &[&str]) -> Value {
    let ran = place.run(&[&["--json"], arguments].concat()).ok();
    serde_json::from_str(&ran.out).unwrap()
}

/// A bank with one day closed and the next open, money moved on both.
fn two_days() -> Place {
    let place = Place::open();
    let file = place.write("1.ndjson", line(&transfer("d1", WANG, LI, "200.00")));
    place.run(&["post", &file]).ok();
    place.run(&["day", "close"]).ok();
    place.run(&["day", "open"]).ok();
    let file = place.write("2.ndjson", line(&transfer("d2", WANG, LI, "50.00")));
    place.run(&["post", &file]).ok();
    place
}

#[test]
fn every_report_is_made_by_either_name() {
    let place = two_days();
    let list = document(&place, &["report", "list"]);
    for report in list.as_array().unwrap() {
        for name in [&report["name"], &report["zh"]] {
            let name = name.as_str().unwrap();
            let more: &[&str] = match report["name"].as_str().unwrap() {
                "general-ledger" => &["--subject", "2011"],
                "account-ledger" => &["--account", WANG],
                _ => &[],
            };
            let made = place.run(&[&["report", name], more].concat()).ok();
            assert!(made.out.contains("示范农商银行"), "{name}: {made:?}");
        }
    }
    place.run(&["report", "no-such"]).ends(1).refuses("UnknownReport", None);
    place.run(&["report", "总账"]).ends(1).refuses("FieldMissing", None);
}

#[test]
fn the_trial_balance_balances_over_open_and_closed_days() {
    let place = two_days();
    let of = |arguments: &[&str]| {
        let text =
            place.run(&[&["report", "trial-balance", "--format", "csv"], arguments].concat());
        text.ok().out
    };
    let first = of(&["--date", "2026-01-05"]);
    assert!(first.contains("200.00") && !first.contains("50.00"), "{first}");
    let second = of(&[]);
    assert!(second.contains("50.00"), "{second}");
    let both = of(&["--from", "2026-01-05", "--to", "2026-01-06"]);
    assert!(both.contains("250.00") && both.contains("1250.00"), "{both}");
    let ran = place.run(&["report", "trial-balance", "--date", "2026-02-01"]).ends(1);
    ran.refuses("FutureDate", None);
}

#[test]
fn a_statement_runs_from_sealed_days_into_today() {
    let place = two_days();
    let page = place.run(&["statement", LI]).ok().out;
    assert!(page.contains("200.00") && page.contains("250.00"), "{page}");
    let page = place.run(&["statement", LI, "--from", "2026-01-06"]).ok().out;
    assert!(page.contains("250.00") && page.contains("期初余额"), "{page}");
    place.run(&["statement", "nobody"]).ends(1).refuses("UnknownAccount", None);
}

#[test]
fn balances_of_a_closed_day_are_those_of_that_day() {
    let place = two_days();
    let list = |date: &str| place.run(&["report", "余额表", "--date", date]).ok().out;
    assert!(list("2026-01-05").contains("800.00"));
    assert!(list("2026-01-06").contains("750.00"));
    let ran = place.run(&["report", "suspense-ageing", "--date", "2026-01-05"]).ends(1);
    ran.refuses("OnlyToday", None);
}

#[test]
fn a_report_is_written_to_a_file() {
    let place = two_days();
    let file = place.path("b.xlsx").display().to_string();
    place.run(&["report", "余额表", "--format", "xlsx", "--output", &file]).ok();
    assert!(std::fs::read(&file).unwrap().starts_with(b"PK"));
    let file = place.path("b.pdf").display().to_string();
    place.run(&["report", "余额表", "--format", "pdf", "--output", &file]).ok();
    assert!(std::fs::read(&file).unwrap().starts_with(b"%PDF"));
    let mut command = place.command(&["report", "余额表", "--format", "pdf", "--output", &file]);
    let ran = command.env("PIAOHAO_FONT", place.path("none.ttc")).output().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(ran.status.code() == Some(1) && said.contains("FontMissing"), "{said}");
}

#[test]
fn the_history_is_exported() {
    let place = two_days();
    for format in ["csv", "parquet"] {
        let folder = place.path(format).display().to_string();
        place.run(&["export", "--to", &folder, "--format", format]).ok();
        for name in ["accounts", "lines/2026-01-05", "lines/2026-01-06", "gl/2026-01-05"] {
            assert!(place.path(&format!("{format}/{name}.{format}")).exists(), "{name}");
        }
    }
    let lines = std::fs::read_to_string(place.path("csv/lines/2026-01-05.csv")).unwrap();
    assert_eq!(lines.lines().count(), 5, "{lines}");
    assert!(lines.contains("account_name,account_kind") && lines.contains("王芳"), "{lines}");
}

#[test]
fn the_register_shows_a_correction() {
    let place = two_days();
    let who = ["--applicant", "li", "--verifier", "zhao", "--approver", "qian", "--poster", "sun"];
    let why = ["--class", "operator", "--cause", "串户", "--evidence", "CZ-1"];
    place.run(&[&["correct", "2"], why.as_slice(), &who].concat()).ok();
    let register = place.run(&["report", "错账调整登记簿"]).ok().out;
    assert!(register.contains("串户") && register.contains("红字"), "{register}");
}
