//! Posting CSV by a mapping.

use crate::program::{CASH, LI, Place, WANG, rejects};

const TRANSFERS: &str = r#"
[entry]
key = { column = "流水号", prefix = "20260105-" }
institution = { column = "网点", default = "0000" }
maker = { const = "batch" }
summary = { column = "摘要" }

[transfer]
debit_account = { column = "付方" }
credit_account = { column = "收方" }
amount = { column = "金额" }
"#;

const LINES: &str = r#"
delimiter = "|"
headers = false
group = "1"
[entry]
key = { column = "1" }
institution = { const = "0000" }
maker = { const = "batch" }
[line]
account = { column = "2" }
side = { column = "3" }
amount = { column = "4" }
"#;

const HEAD: &str = "流水号,网点,付方,收方,金额,摘要\n";

fn mapping(place: &Place, text: &str) -> String {
    place.write("map.toml", text)
}

#[test]
fn one_row_is_one_transfer() {
    let place = Place::open();
    let map = mapping(&place, TRANSFERS);
    let rows = format!(
        "1,0000,{WANG},{LI},\"1,00.00\",坏金额\n\
         2,,{WANG},{LI},\"100.00\",\"多行\n摘要，含\"\"引号\"\"\"\n\
         3,0000,{WANG},{LI}\n\
         4,0000,{WANG},{LI},5.00,末行"
    );
    let file = place.write("e.csv", format!("{HEAD}{rows}"));
    let reject = place.path("r.ndjson").display().to_string();
    place.run(&["post", &file, "--mapping", &map, "--reject", &reject]).ends(5);
    let found = rejects(&place.path("r.ndjson"));
    assert_eq!(
        (found[0]["line"].as_u64(), &found[0]["code"]),
        (Some(2), &"AmountMalformed".into())
    );
    // The record before it took two lines.
    assert_eq!((found[1]["line"].as_u64(), &found[1]["code"]), (Some(5), &"WrongColumns".into()));
    assert_eq!(found.len(), 2);
    assert_eq!(place.balance(LI), "105.00");
    let page = place.run(&["statement", LI]).ok();
    assert!(page.out.contains("含\"引号\""), "{page:?}");
}

#[test]
fn gbk_is_read_when_said() {
    let place = Place::open();
    let map = mapping(&place, TRANSFERS);
    let text = format!("{HEAD}1,0000,{WANG},{LI},5.00,转账\n");
    let (gbk, _, _) = encoding_rs::GBK.encode(&text);
    let file = place.write("e.csv", &gbk);
    let ran = place.run(&["post", &file, "--mapping", &map]).ends(1);
    ran.refuses("WrongEncoding", None);
    place.run(&["post", &file, "--mapping", &map, "--encoding", "gbk"]).ok();
    assert_eq!(place.balance(LI), "5.00");
}

#[test]
fn neighbours_of_a_group_are_one_entry() {
    let place = Place::open();
    let map = mapping(&place, LINES);
    let rows = format!(
        "a|{CASH}|借|30.00\na|{WANG}|贷|10.00\na|{LI}|贷|20.00\n\
         b|{CASH}|借|1.00\nb|{LI}|旁|1.00\n\
         c|{CASH}|debit|2.00\nc|{LI}|credit|2.00\n"
    );
    let file = place.write("e.txt", rows);
    let reject = place.path("r.ndjson").display().to_string();
    place.run(&["post", &file, "--mapping", &map, "--reject", &reject]).ends(5);
    let found = rejects(&place.path("r.ndjson"));
    assert_eq!((found[0]["line"].as_u64(), &found[0]["code"]), (Some(4), &"ValueWrong".into()));
    assert_eq!(found[0]["field"], "side");
    assert_eq!(found[0]["text"].as_str().unwrap().lines().count(), 2);
    assert_eq!(place.balance(LI), "22.00");
    assert_eq!(place.balance(WANG), "1010.00");
}

#[test]
fn a_file_that_ends_within_quotes_or_a_row_is_truncated() {
    let place = Place::open();
    let map = mapping(&place, TRANSFERS);
    let good = format!("1,0000,{WANG},{LI},5.00,转账\n");
    let file = place.write("e.csv", format!("{HEAD}{good}2,0000,{WANG},{LI},5.00,\"未完\n3,"));
    place.run(&["post", &file, "--mapping", &map]).ends(5).refuses("TruncatedFile", Some(3));
    assert_eq!(place.balance(LI), "5.00");
    let file = place.write("f.csv", format!("{HEAD}{good}2,0000,{WANG}"));
    place.run(&["post", &file, "--mapping", &map]).ends(5).refuses("TruncatedFile", Some(3));
}

#[test]
fn a_mapping_must_fit_the_file() {
    let place = Place::open();
    let file = place.write("e.csv", format!("{HEAD}1,0000,{WANG},{LI},5.00,转账\n"));
    place.run(&["post", &file]).ends(1).refuses("MappingMissing", None);
    let map = mapping(&place, &TRANSFERS.replace("付方", "付款方"));
    let ran = place.run(&["post", &file, "--mapping", &map]).ends(1);
    let ran = ran.refuses("UnknownColumn", None);
    assert!(ran.err.contains("流水号, 网点"), "{ran:?}");
    let map = mapping(&place, &TRANSFERS.replace("maker =", "makr ="));
    let ran = place.run(&["post", &file, "--mapping", &map]).ends(1);
    let ran = ran.refuses("MappingWrong", None);
    assert!(ran.err.contains("line 5"), "{ran:?}");
    let map = mapping(&place, &TRANSFERS.replace("const", "column = \"x\", const"));
    place.run(&["post", &file, "--mapping", &map]).ends(1).refuses("MappingWrong", None);
    let map = mapping(&place, &LINES.replace("group = \"1\"\n", ""));
    place.run(&["post", &file, "--mapping", &map]).ends(1).refuses("MappingWrong", None);
    assert_eq!(place.balance(LI), "0.00");
}
