//! The office from a shell: people, matters, things, registers.

use crate::program::Place;
use serde_json::{Value, json};

const PEOPLE: &str = "operator,name,institution,posts\n\
                      hua,华华,0000,cash_clerk\n\
                      zong,宗总,0000,ops_head\n\
                      kong,孔空,0000,vault_keeper\n";

fn staffed() -> Place {
    let place = Place::open();
    let file = place.write("people.csv", PEOPLE);
    let (code, enrolled) = place.json(&["office", "enrol", &file]);
    assert_eq!((code, &enrolled[0]["enrolled"]), (0, &json!(3)));
    place
}

/// As one of the people.
fn by<'a>(operator: &'a str, words: &[&'a str]) -> Vec<&'a str> {
    [&["--operator", operator, "office"], words].concat()
}

fn rows(answer: &[Value]) -> &Vec<Value> {
    answer[0].as_array().unwrap()
}

#[test]
fn a_matter_goes_from_hand_to_hand() {
    let place = staffed();
    let open = ["open", "CASH-001", "institution=0000", "kind=cabinet", "name=A"];
    let (code, said) = place.json(&by("hua", &open));
    assert_eq!((code, &said[0]["matter"], &said[0]["at"]), (0, &json!(1), &json!("approve")));
    let (_, queue) = place.json(&by("zong", &["queue"]));
    assert_eq!((rows(&queue).len(), &queue[0][0]["code"]), (1, &json!("CASH-001")));
    let (_, queue) = place.json(&by("hua", &["queue"]));
    assert!(rows(&queue).is_empty(), "who ordered it does not approve it");
    place.run(&by("hua", &["act", "1"])).ends(1).refuses("NotYourPost", None);
    let (_, said) = place.json(&by("zong", &["act", "1", "approve"]));
    assert_eq!(said[0]["at"], "[done]");
    place.run(&by("zong", &["act", "1"])).ends(1).refuses("MatterEnded", None);
    let (_, list) = place.json(&by("zong", &["list", "--code", "CASH-001"]));
    assert_eq!((rows(&list).len(), &list[0][0]["end"]), (1, &json!("done")));
    let (_, shown) = place.json(&by("zong", &["show", "1"]));
    assert_eq!((&shown[0]["opener"], &shown[0]["values"]["name"]), (&json!("hua"), &json!("A")));
    let (_, places) = place.json(&by("zong", &["places"]));
    assert_eq!(places[0][0]["place"], "0000/cabinet/A");
    let csv = place.path("register.csv").display().to_string();
    let words = ["report", "register", "--code", "CASH-001", "--format", "csv", "--output", &csv];
    place.run(&by("zong", &words)).ok();
    let written = std::fs::read_to_string(csv).unwrap();
    assert!(written.contains("KFSL-20260105-0001") && written.contains("hua/zong"), "{written}");
    place.run(&["verify"]).ok();
}

#[test]
fn requests_come_from_a_file_and_stop_at_the_first_that_is_refused() {
    let place = staffed();
    let fields = json!({ "institution": "0000", "kind": "cabinet", "name": "B" });
    let open = json!({ "by": ["hua"], "do": "open", "code": "CASH-001", "fields": fields });
    let act = json!({ "by": ["zong"], "do": "act", "matter": 1 });
    let again = json!({ "by": ["zong"], "do": "act", "matter": 1 });
    let text = format!("{open}\n{act}\n{again}\n{open}\n");
    let file = place.write("day.ndjson", text);
    place.run(&["office", "run", &file]).ends(1).refuses("MatterEnded", Some(3));
    let (_, list) = place.json(&["office", "list"]);
    assert_eq!(rows(&list).len(), 1);
    let file = place.write("odd.ndjson", "{\"do\":\"dance\",\"by\":[\"hua\"]}\n");
    place.run(&["office", "run", &file]).ends(1).refuses("NotAChoice", Some(1));
    let file = place.write("worse.ndjson", "{\"doo\":\"open\"}\n");
    place.run(&["office", "run", &file]).ends(1).refuses("MalformedLine", Some(1));
}

#[test]
fn a_matter_names_only_documents_that_are_kept() {
    let place = staffed();
    let file = place.write("evidence.pdf", "paper");
    let (code, kept) = place.json(&["office", "attach", &file]);
    assert_eq!((code, &kept[0]["name"], &kept[0]["bytes"]), (0, &json!("evidence.pdf"), &json!(5)));
    let file = place.write("program.exe", "paper");
    place.run(&["office", "attach", &file]).ends(1).refuses("AttachmentType", None);
}

#[test]
fn operators_come_once_and_posts_are_kept_apart() {
    let place = Place::open();
    let head = "operator,name,institution,posts\n";
    let file = place.write("p.csv", format!("{head}a,甲,0000,seal_keeper cipher_keeper\n"));
    let no = place.run(&["office", "enrol", &file]).ends(1).refuses("PostsApart", None).err;
    assert!(no.contains("不能兼任 cipher_keeper：印、押、证三分管"), "{no}");
    assert!(no.contains("from `cipher_keeper`: Seals, ciphers and blank vouchers have"), "{no}");
    let file = place.write("q.csv", format!("{head}a,甲,0000,teller\na,乙,0000,teller\n"));
    place.run(&["office", "enrol", &file]).ends(1).refuses("OperatorExists", None);
    let file = place.write("r.csv", format!("{head}a,甲,0000,teller\n"));
    place.run(&["office", "enrol", &file]).ok();
    place.run(&["office", "enrol", &file]).ends(1).refuses("OperatorsExist", None);
    let (_, people) = place.json(&["office", "people"]);
    assert_eq!(people[0][0]["posts"], "teller@0000");
}

#[test]
fn lists_are_named_and_shown() {
    let place = staffed();
    place.run(&["office", "report", "none"]).ends(1).refuses("UnknownReport", None);
    for name in ["cash", "stock", "transit", "limits", "rotation", "workload"] {
        place.run(&["office", "report", name]).ok();
    }
    let list = place.run(&["office", "report", "list"]).ok().out;
    assert!(list.contains("现金限额使用表") && list.contains("流程运行绩效表"), "{list}");
    let csv = place.path("posts.csv").display().to_string();
    let words = ["office", "report", "重要岗位轮岗到期表", "--format", "csv", "--output", &csv];
    place.run(&words).ok();
    let written = std::fs::read_to_string(csv).unwrap();
    assert!(written.contains("kong") && !written.contains("hua"), "{written}");
}

/// Of three orders one is done, one refused and one open; times are the machine's, so that only
/// what does not depend on them is looked at.
#[test]
fn what_the_rulebook_declares_is_shown_in_every_shape() {
    let place = staffed();
    for name in ["A", "B", "C"] {
        let name = format!("name={name}");
        place
            .run(&by("hua", &["open", "CASH-001", "institution=0000", "kind=cabinet", &name]))
            .ok();
    }
    place.run(&by("zong", &["act", "1"])).ok();
    place.run(&by("zong", &["handle", "2", "refuse", "--note", "不设"])).ok();
    let csv = place.path("figures.csv").display().to_string();
    let shown = |report: &str, words: &[&str]| {
        let words = [&["report", report, "--format", "csv", "--output", &csv], words].concat();
        place.run(&by("zong", &words)).ok();
        std::fs::read_to_string(&csv).unwrap()
    };
    let ended = shown("process-performance", &[]);
    assert!(ended.contains("CASH-001,设立库房与尾箱,2,"), "{ended}");
    assert!(ended.contains(",50.00,"), "half of them were refused: {ended}");
    assert_eq!(shown("流程运行绩效表", &["--from", "2026-01-05"]), ended);
    let before = shown("process-performance", &["--until", "2026-01-04"]);
    assert!(before.contains("合计") && !before.contains("CASH-001"), "{before}");
    let waits = shown("process-waits", &["--institution", "0000"]);
    assert!(waits.contains("CASH-001,审批,3,"), "{waits}");
    let open = shown("workload", &[]);
    assert!(open.contains("CASH-001,设立库房与尾箱,1,"), "{open}");
    let told = place.run(&by("zong", &["report", "workload", "--format", "json"])).ok().out;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["rows"][0]["count"], json!(1), "{told}");
    let xlsx = place.path("figures.xlsx").display().to_string();
    let words = ["report", "process-performance", "--format", "xlsx", "--output", &xlsx];
    place.run(&by("zong", &words)).ok();
    assert!(std::fs::read(xlsx).unwrap().starts_with(b"PK"));
}
