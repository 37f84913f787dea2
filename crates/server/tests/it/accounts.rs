//! Accounts: opened, listed, held, frozen, settled, closed.

use crate::program::{CASH, LI, Place, WANG, line, transfer};
use serde_json::json;

#[test]
fn accounts_are_opened_from_a_file_all_or_none() {
    let place = Place::open();
    let head = "number,name,kind,institution\n";
    let rows = "A1,甲,personal_current,0000\nA2,乙,personal_current,0000\n";
    let file = place.write("a.csv", format!("{head}{rows}"));
    let (code, opened) = place.json(&["account", "open", "--file", &file]);
    assert_eq!((code, &opened[0]["opened"]), (0, &json!(2)));
    let rows = "A3,丙,personal_current,0000\nA1,甲,personal_current,0000\n";
    let file = place.write("b.csv", format!("{head}{rows}"));
    let ran = place.run(&["account", "open", "--file", &file]);
    ran.ends(1).refuses("AccountExists", Some(3));
    place.run(&["account", "show", "A3"]).ends(1).refuses("UnknownAccount", None);
    let rows = json!({ "number": "A4", "name": "丁", "kind": "none", "institution": "0000" });
    let file = place.write("c.ndjson", line(&rows));
    let ran = place.run(&["account", "open", "--file", &file]);
    ran.ends(1).refuses("UnknownCode", Some(1));
}

#[test]
fn a_list_is_filtered_sorted_and_paged() {
    let place = Place::open();
    let (_, page) = place.json(&["account", "list", "--subject", "2011", "--limit", "1"]);
    assert_eq!(page[0]["found"], 2);
    assert_eq!(page[0]["accounts"][0]["number"], WANG);
    let next = page[0]["next"].as_str().unwrap();
    let flags = ["account", "list", "--subject", "2011", "--limit", "1", "--cursor", next];
    let (_, page) = place.json(&flags);
    assert_eq!(page[0]["accounts"][0]["number"], LI);
    assert_eq!(page[0]["next"], json!(null));
    let (_, page) = place.json(&["account", "list", "--sort", "balance", "--search", "王"]);
    assert_eq!(page[0]["accounts"].as_array().unwrap().len(), 1);
    place.run(&["account", "list", "--cursor", "none"]).ends(1).refuses("CursorWrong", None);
    place.run(&["account", "list", "--status", "odd"]).ends(1).refuses("ValueWrong", None);
}

#[test]
fn a_hold_is_placed_settled_and_released() {
    let place = Place::open();
    let flags = ["account", "hold", WANG, "--amount", "300", "--authority", "POS"];
    let (_, held) = place.json(&flags);
    let hold = held[0]["hold"].to_string();
    assert_eq!(place.account(WANG)["available"], "700.00");
    let too_much = ["account", "hold", WANG, "--amount", "800", "--authority", "POS"];
    place.run(&too_much).ends(1).refuses("InsufficientFunds", None);
    let settle = ["account", "settle", &hold, "--amount", "120.50", "--to", LI];
    let (code, settled) = place.json(&settle);
    assert_eq!((code, &settled[0]["again"]), (0, &json!(false)));
    // The same order again is answered by the same entry.
    let (_, again) = place.json(&settle);
    assert_eq!((&again[0]["entry"], &again[0]["again"]), (&settled[0]["entry"], &json!(true)));
    assert_eq!(place.balance(LI), "120.50");
    place.run(&["account", "release", &hold, "--reason", "撤销"]).ok();
    let account = place.account(WANG);
    assert_eq!((&account["available"], &account["held"]), (&json!("879.50"), &json!("0.00")));
    let ran = place.run(&["account", "release", &hold, "--reason", "撤销"]);
    ran.ends(1).refuses("UnknownHold", None);
}

#[test]
fn a_freeze_may_exceed_the_balance_and_stops_payments() {
    let place = Place::open();
    let court =
        ["--authority", "县人民法院", "--document", "(2026)执12号", "--until", "2026-06-30"];
    let freeze = [&["account", "freeze", WANG, "--amount", "5000"], court.as_slice()].concat();
    place.run(&freeze).ok();
    let file = place.write("p.ndjson", line(&transfer("p", WANG, LI, "1.00")));
    let ran = place.run(&["post", &file]).ends(1);
    ran.refuses("InsufficientFunds", Some(1));
    let account = place.account(WANG);
    assert_eq!(account["holds"][0]["document"], "(2026)执12号");
    let undocumented = ["account", "freeze", WANG, "--amount", "1", "--authority", "法院"];
    place.run(&undocumented).ends(1).refuses("FieldMissing", None);
    let file = place.write("entry.json", transfer("s", WANG, LI, "400.00").to_string());
    let settle = ["account", "settle", "1", "--amount", "400.00", "--entry", &file];
    place.run(&settle).ok();
    assert_eq!(place.balance(LI), "400.00");
}

#[test]
fn status_and_closing() {
    let place = Place::open();
    let status = ["account", "status", WANG, "--to", "receive_only", "--reason", "证件过期"];
    place.run(&status).ok();
    let file = place.write("p.ndjson", line(&transfer("p", WANG, LI, "1.00")));
    place.run(&["post", &file]).ends(1).refuses("AccountFrozen", Some(1));
    let status = ["account", "status", WANG, "--to", "normal", "--reason", "已更新证件"];
    place.run(&status).ok();
    place.run(&["account", "close", WANG, "--to", CASH, "--maker", "zhang"]).ok();
    let account = place.account(WANG);
    assert_eq!((&account["status"], &account["balance"]), (&json!("closed"), &json!("0.00")));
    place.run(&["post", &file]).ends(1).refuses("AccountClosed", Some(1));
}

#[test]
fn a_time_deposit_is_withdrawn_in_part_and_renewed() {
    let place = Place::open();
    let open = ["account", "open", "T1", "--name", "王芳", "--kind", "personal_time"];
    let term = ["--institution", "0000", "--from", "2025-01-05", "--rate", "0.0135"];
    let due = "2026-01-05";
    let wrong = [&open[..], &term[..], &["--maturity", "2025-01-05"]].concat();
    place.run(&wrong).ends(1).refuses("TermLength", None);
    place.run(&[&open[..], &term[..], &["--maturity", due]].concat()).ok();
    let file = place.write("t.ndjson", line(&transfer("t", WANG, "T1", "500.00")));
    place.run(&["post", &file]).ok();
    place
        .run(&["post", &place.write("u.ndjson", line(&transfer("u", WANG, "T1", "1.00")))])
        .ends(1)
        .refuses("TermPaidIn", Some(1));
    let withdraw = ["account", "withdraw", "T1", "--amount", "200", "--to", LI];
    place.run(&withdraw).ok();
    place.run(&withdraw).ok();
    assert_eq!(place.balance("T1"), "300.00");
    let renew = ["account", "renew", "T1", "--maturity", "2027-01-05", "--rate", "0.0095"];
    place.run(&renew).ok();
    place.run(&renew).ok();
    assert_eq!(place.account("T1")["term"]["from"], due);
}

#[test]
fn internal_accounts_are_opened_by_kind() {
    let place = Place::open();
    let kinds = "interest_expense_personal_current,central_bank_settlement";
    place.run(&["account", "internal", "--kind", kinds, "--institution", "0000"]).ok();
    let (_, page) = place.json(&["account", "list", "--subject", "1003"]);
    assert_eq!(page[0]["found"], 1);
    let ran = place.run(&["account", "internal", "--kind", "odd", "--institution", "0000"]);
    ran.ends(1).refuses("UnknownCode", None);
}

#[test]
fn a_file_of_too_many_accounts_is_refused_before_the_bank_sees_it() {
    let place = Place::open();
    let row = |no: u32| format!("9{no:07},客户,personal_current,0000\n");
    let rows: String = (0..200_001).map(row).collect();
    let file = place.write("many.csv", format!("number,name,kind,institution\n{rows}"));
    place.run(&["account", "open", "--file", &file]).ends(1).refuses("AccountsTooMany", None);
    place.run(&["account", "show", "90000000"]).ends(1).refuses("UnknownAccount", None);
}
