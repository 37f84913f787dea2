//! The commands about the rulebook.

use crate::program::Place;
use serde_json::{Value, json};

/// A matter that one person may carry alone: it moves cash and asks nobody else.
const ALONE: &str = r#"kind   = "matter"
code   = "OWN-001"
title  = { zh = "本行事项", en = "A matter of the bank" }
serves = ["S114"]
why.zh = "本行自有的事项。"
why.en = "A bank has matters of its own."
source = "P"
status = "live"

number = "BH-{date}-{seq:4}"
keep   = "voucher"

[fields]
from  = { type = "place", of = ["vault"], title = { zh = "调出", en = "From" } }
to    = { type = "place", of = ["vault"], title = { zh = "调入", en = "To" } }
notes = { type = "note_counts", title = { zh = "券别", en = "Notes" } }

[[step]]
name  = "move"
title = { zh = "移动", en = "Move" }
within = { working_hours = 4 }
escalate = "ops_head"
hands = [{ as = "maker", post = "vault_keeper", at = "from" }]
move  = [{ what = "notes", from = "from", to = "to" }]
"#;

/// A place with a folder of the bank's own files.
fn with_overlay(matter: &str) -> Place {
    let place = Place::empty();
    std::fs::create_dir_all(place.path("own/own")).unwrap();
    place.write("own/own/move.toml", matter);
    place
}

fn sound() -> String {
    ALONE.replace("at = \"from\" }]", "at = \"from\", count = 2 }]")
}

#[test]
fn a_bank_lays_its_own_files_over_the_rulebook() {
    let place = with_overlay(&sound());
    let (_, own) = place.json(&["rulebook", "check"]);
    let (code, laid) = place.json(&["rulebook", "check", "--overlay", "own"]);
    let matters = |said: &[Value]| said[0]["matters"].as_u64().unwrap();
    assert_eq!((code, matters(&laid)), (0, matters(&own) + 1));
    // A file of the same path takes the place of the rulebook's.
    std::fs::create_dir_all(place.path("own/cash")).unwrap();
    place.write("own/cash/vault_transfer.toml", sound().replace("OWN-001", "CASH-020"));
    std::fs::remove_file(place.path("own/own/move.toml")).unwrap();
    let (_, shown) = place.json(&["rulebook", "show", "CASH-020", "--overlay", "own"]);
    assert_eq!(shown[0]["title"]["en"], "A matter of the bank");
    let init = ["init", "--bank", "demo", "--title", "示范农商银行", "--overlay", "own"];
    place.run(&init).ok();
    let (code, _) = place.json(&["rulebook", "activate", "--overlay", "own"]);
    assert_eq!(code, 0);
    place.run(&["rulebook", "activate"]).ends(2);
}

/// A register of the bank's own is shown with the rulebook's; a wrong one is told with its place.
#[test]
fn a_bank_lays_its_own_reports_over_the_rulebook() {
    const OWN: &str = r#"kind = "report"
code = "workload"
title = { zh = "本行在办表", en = "What is open" }
serves = []
why = { zh = "本行只看在办。", en = "The bank asks for less." }
source = "P"
status = "live"
shows = "open"
by = ["@institution"]
column = [{ count = [] }]
"#;
    let place = Place::empty();
    std::fs::create_dir_all(place.path("own/proc")).unwrap();
    place.write("own/proc/workload.toml", OWN);
    let init = ["init", "--bank", "demo", "--title", "示范农商银行", "--overlay", "own"];
    place.run(&init).ok();
    let list = place.run(&["office", "report", "list"]).ok().out;
    assert!(list.contains("本行在办表") && !list.contains("待办账龄表"), "{list}");
    place.run(&["office", "report", "本行在办表"]).ok();
    place.write("own/proc/workload.toml", OWN.replace("@institution", "@branch"));
    let (code, said) = place.json(&["rulebook", "check", "--overlay", "own"]);
    let error = &said[0]["errors"][0];
    assert_eq!((code, &error["code"], &error["line"]), (1, &json!("UnknownReference"), &json!(9)));
    assert!(error["en"].as_str().unwrap().contains("@institution"), "{error}");
}

#[test]
fn where_people_work_a_rulebook_is_put_in_force_by_a_matter_or_for_a_reason() {
    let place = with_overlay(&sound());
    place.run(&["init", "--bank", "demo", "--title", "示范农商银行"]).ok();
    let people = "operator,name,institution,posts\nzhi,支制,0000,process_clerk\n";
    place.write("people.csv", people);
    place.run(&["office", "enrol", "people.csv"]).ok();
    let ran = place.run(&["rulebook", "activate", "--overlay", "own"]).ends(1);
    assert!(ran.err.contains("ActivationNeedsReason"), "{ran:?}");
    place.run(&["rulebook", "activate", "--overlay", "own", "--reason", "升级到新版本"]).ok();
}

#[test]
fn what_the_check_finds_is_told_with_its_path() {
    let place = with_overlay(ALONE);
    let ran = place.run(&["rulebook", "check", "--overlay", "own"]).ends(1);
    assert!(ran.out.contains("own/move.toml: OneAlone OWN-001"), "{ran:?}");
    let (code, said) = place.json(&["rulebook", "check", "--overlay", "own"]);
    assert_eq!((code, &said[0]["errors"]), (1, &json!([])));
    assert_eq!(said[0]["findings"][0]["path"], json!(["move(maker: vault_keeper)"]));
    let init = ["init", "--bank", "demo", "--title", "示范农商银行", "--overlay", "own"];
    assert_eq!(place.run(&init).code, 1, "a bank is not founded on what the check finds");
}

#[test]
fn a_matter_is_shown_in_either_language() {
    let place = with_overlay(&sound());
    let zh = place.run(&["rulebook", "show", "OWN-001", "--overlay", "own"]).ok().out;
    assert!(zh.starts_with("OWN-001 本行事项\n缘由"), "{zh}");
    assert!(zh.contains("本行自有的事项。"), "{zh}");
    for part in ["保管期限", "voucher 会计凭证", "经办", "4 个工作小时，超时后 ops_head 可办"]
    {
        assert!(zh.contains(part), "{part}: {zh}");
    }
    let show = ["--lang", "en", "rulebook", "show", "OWN-001", "--overlay", "own"];
    let en = place.run(&show).ok().out;
    assert!(en.starts_with("OWN-001 A matter of the bank\nwhy"), "{en}");
    assert!(en.contains("A bank has matters of its own."), "{en}");
    assert!(en.contains("vault_keeper Vault keeper @from ×2"), "{en}");
    assert!(en.contains("4 working hours, then ops_head may too"), "{en}");
    assert!(en.contains("notes: from → to"), "{en}");
    let (_, shown) = place.json(&["rulebook", "show", "OWN-001", "--overlay", "own"]);
    assert_eq!(shown[0]["steps"][0]["hands"][0]["count"], 2);
    let (_, number) = place.json(&["rulebook", "show", "cash.box_limit"]);
    assert_eq!(number[0]["file"], "cash/limits.toml");
    let (_, rule) = place.json(&["rulebook", "show", "GEN-001"]);
    assert_eq!(rule[0]["args"], "first, second");
    let (code, no) = place.json(&["rulebook", "show", "NO-001"]);
    assert_eq!((code, &no[0]["refused"]["code"]), (1, &json!("UnknownCode")));
}

#[test]
fn the_mission_is_told_by_module_and_by_row() {
    let place = Place::empty();
    let all = place.run(&["rulebook", "coverage"]).ok().out;
    assert!(all.contains("CASH") && all.lines().last().unwrap().starts_with("合计"), "{all}");
    let (_, rows) = place.json(&["rulebook", "coverage"]);
    assert_eq!(rows[0].as_array().unwrap().len(), 720);
    let (_, rows) = place.json(&["rulebook", "coverage", "--module", "CASH"]);
    let transfer = rows[0].as_array().unwrap().iter().find(|row| row["row"] == "S114").unwrap();
    assert_eq!(transfer["standing"], "covered");
    let file = &transfer["files"][0];
    assert_eq!(file["path"], "cash/vault_transfer.toml");
    assert!(file["pages"].as_array().unwrap().contains(&json!("cash/vault_transfer.md")));
    assert_eq!(place.run(&["rulebook", "coverage", "--module", "NONE"]).code, 1);
}

#[test]
fn words_rights_and_schema_are_told() {
    let place = Place::empty();
    let words = place.run(&["rulebook", "words"]).ok().out;
    for word in ["CASH-001", "open_place", "note_counts", "OneAlone", "name?, keeper?", "@returns"]
    {
        assert!(words.contains(word), "{word}: {words}");
    }
    let (_, words) = place.json(&["rulebook", "words"]);
    assert_eq!(words[0]["rules"][0]["code"], "CASH-001");
    let rights = place.run(&["rulebook", "rights"]).ok().out;
    assert!(rights.contains("✔ CASH-020 dispatch as custodian at of from ×2"), "{rights}");
    let (_, all) = place.json(&["rulebook", "schema"]);
    assert_eq!(all[0]["oneOf"].as_array().unwrap().len(), 13);
    let (_, access) = place.json(&["rulebook", "schema", "access"]);
    assert!(access[0].to_string().contains("credentials.issue"));
    let (_, one) = place.json(&["rulebook", "schema", "matter"]);
    assert_eq!(one[0]["oneOf"][0]["properties"]["kind"]["const"], "matter");
    assert_eq!(place.run(&["rulebook", "schema", "none"]).code, 1);
}
