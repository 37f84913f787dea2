//! Founding banks, homes, help and everything around the books.

use crate::program::{CASH, Place};
use serde_json::json;

#[test]
fn a_bank_is_founded_once() {
    let place = Place::empty();
    let flags = ["init", "--bank", "demo", "--title", "示范农商银行", "--title-en", "Demo Bank"];
    place.run(&flags).ok();
    place.run(&flags).ends(1).refuses("HomeTaken", None);
    let (_, status) = place.json(&["day", "status"]);
    assert_eq!(status[0]["bank"], "demo");
    assert_eq!(status[0]["phase"], "closed");
    assert_eq!(place.account(CASH)["institution"], "0000");
    let config = std::fs::read_to_string(place.home().join("piaohao.toml")).unwrap();
    assert!(config.contains("store = \"books.db\""), "{config}");
}

#[test]
fn institutions_come_from_a_file() {
    let place = Place::empty();
    let file = place.write("i.csv", "code,zh,en,parent\n0000,总行,Head,\n0101,城关支行,C,0000\n");
    place.run(&["init", "--bank", "b", "--title", "行", "--institutions", &file]).ok();
    place.run(&["institution", "add", "0102", "--title", "东门支行"]).ok();
    let (_, list) = place.json(&["institution", "list"]);
    let codes: Vec<_> = list[0].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, ["0000", "0101", "0102"]);
    assert_eq!(list[0][2]["parent"], "0000");
    let again = place.run(&["institution", "add", "0102", "--title", "又一个"]);
    again.ends(1).refuses("InstitutionExists", None);
    let bad = place.write("bad.csv", "code,zh\n0103,甲,乙\n");
    place.run(&["institution", "add", "--file", &bad]).ends(1).refuses("MalformedLine", Some(2));
}

#[test]
fn an_attempt_that_failed_half_way_is_taken_up() {
    let place = Place::empty();
    let flags = ["init", "--bank", "demo", "--title", "示范农商银行"];
    let odd = [flags.as_slice(), &["--internal", "no_such_kind"]].concat();
    place.run(&odd).ends(1).refuses("UnknownCode", None);
    place.run(&["day", "status"]).ends(1).refuses("NoHome", None);
    place.run(&flags).ok();
    place.run(&["day", "open", "2026-01-05"]).ok();
    place.run(&["verify"]).ok();
    // Once a day was opened, losing the home's file is no reason to begin again.
    std::fs::remove_file(place.home().join("piaohao.toml")).unwrap();
    place.run(&flags).ends(1).refuses("BankExists", None);
}

#[test]
fn a_folder_without_a_bank_is_refused() {
    let place = Place::empty();
    place.run(&["day", "status"]).ends(1).refuses("NoHome", None);
    std::fs::create_dir(place.home()).unwrap();
    std::fs::write(place.home().join("piaohao.toml"), "store = \"a\"\nbooks = 1\n").unwrap();
    let ran = place.run(&["day", "status"]).ends(1).refuses("ConfigWrong", None);
    assert!(ran.err.contains("line 2"), "{ran:?}");
}

#[test]
fn secrets_stay_off_the_command_line() {
    let place = Place::empty();
    let store = "postgres://piaohao:geheim@localhost/books";
    let ran = place.run(&["init", "--bank", "b", "--title", "行", "--store", store]);
    ran.ends(1).refuses("SecretOnCommandLine", None);
    let ran = place.run(&["init", "--bank", "b", "--title", "行", "--store", "env:NO_SUCH_ONE"]);
    ran.ends(1).refuses("VariableMissing", None);
    // The attempt has left no home behind, so that it can be repeated.
    let mut command = place.command(&["init", "--bank", "b", "--title", "行", "--store", "env:DB"]);
    let output = command.env("DB", place.path("other.db")).output().unwrap();
    assert!(output.status.success());
    assert!(place.path("other.db").exists());
}

#[test]
fn a_store_that_is_out_of_reach_is_a_fault() {
    let place = Place::empty();
    let mut command = place.command(&["init", "--bank", "b", "--title", "行", "--store", "env:DB"]);
    let output = command.env("DB", place.path("no/such/folder/books.db")).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("故障 Store"), "{text}");
}

#[test]
fn usage_errors_end_with_2_and_help_teaches() {
    let place = Place::empty();
    place.run(&["post", "--batch", "0"]).ends(2);
    place.run(&["nonsense"]).ends(2);
    let help = place.run(&["post", "--help"]).ok();
    assert!(help.out.contains("[transfer]") && help.out.contains("例 / Examples"), "{help:?}");
    let script = place.run(&["completions", "bash"]).ok();
    assert!(script.out.contains("piaohao"));
    let (code, schema) = place.json(&["schema"]);
    assert_eq!((code, schema[0]["sections"].as_array().unwrap().len()), (0, 4));
}

#[test]
fn a_rulebook_is_checked_with_file_line_and_column() {
    let place = Place::open();
    let (code, sound) = place.json(&["rulebook", "check"]);
    assert_eq!((code, &sound[0]["merged"]), (0, &json!(true)));
    std::fs::create_dir(place.path("rules")).unwrap();
    place.write("rules/bad.toml", "kind = \"number\"\ncode = 5\n");
    let ran = place.run(&["rulebook", "check", "rules", "--alone"]).ends(1);
    assert!(ran.out.starts_with("bad.toml:"), "{ran:?}");
    let (code, wrong) = place.json(&["rulebook", "check", "rules", "--alone"]);
    assert_eq!(code, 1);
    assert!(wrong[0]["errors"][0]["line"].as_u64().unwrap() > 0, "{wrong:?}");
}

#[test]
fn answers_come_in_either_language() {
    let place = Place::open();
    assert!(place.run(&["day", "status"]).ok().out.contains("营业中"));
    assert!(place.run(&["--lang", "en", "day", "status"]).ok().out.contains("open"));
    assert!(place.run(&["-q", "day", "close"]).ok().err.is_empty());
}
