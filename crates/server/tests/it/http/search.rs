//! Full-text search as its clients meet it: what is found, how soon, and by whom.

use super::house::{ELSEWHERE, House, MINE};
use crate::wire::Client;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Asks until the answer is as it should be, or for long enough.
#[track_caller]
pub fn until(client: &mut Client, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let reply = client.get(path);
        let page = if reply.status == 200 { reply.json() } else { Value::Null };
        if is_so(&page) {
            return page;
        }
        assert!(began.elapsed() < Duration::from_secs(40), "{path}: {}", reply.text());
        std::thread::yield_now();
    }
}

fn ids(page: &Value) -> Vec<u64> {
    let found = page["found"].as_array().unwrap().iter();
    found.filter_map(|one| one["matter"]["id"].as_u64()).collect()
}

fn numbers(page: &Value) -> Vec<String> {
    let found = page["found"].as_array().unwrap().iter();
    found.filter_map(|one| one["account"]["number"].as_str().map(str::to_owned)).collect()
}

fn is_complete(page: &Value) -> bool {
    page["complete"] == true
}

/// 河西支行的柜员箱 is asked for by hua at 总行, and waits for zong.
fn asked_for(house: &House) -> u64 {
    let fields = json!({ "institution": "0102", "kind": "box", "name": "ji", "keeper": "ji" });
    let form = json!({ "code": "CASH-001", "fields": fields });
    house.client("hua").post("/matters", &form).is(201).json()["id"].as_u64().unwrap()
}

#[test]
fn a_matter_is_found_soon_and_as_it_is_now() {
    let house = House::open();
    house.service.keep_library();
    let mut hua = house.client("hua");
    let id = asked_for(&house);
    let path = "/search?q=设立&kind=matter";
    let page = until(&mut hua, path, |page| page != &Value::Null && ids(page).contains(&id));
    let one = page["found"].as_array().unwrap().iter().find(|one| one["matter"]["id"] == id);
    assert_eq!(one.unwrap()["matter"]["has_ended"], false);
    // A note is found soon after it was made, with the words around it.
    let note = json!({ "do": "comment", "note": "请尽快办理，押运车已约好" });
    hua.post(&format!("/matters/{id}/handle"), &note).is(200);
    let found = |page: &Value| page != &Value::Null && ids(page) == [id];
    let page = until(&mut hua, "/search?q=押运车", found);
    assert_eq!(page["found"][0]["piece"], "请尽快办理，押运车已约好");
    // One that has ended is found too.
    house.client("zong").post(&format!("/matters/{id}/act"), &json!({})).is(200);
    let ended = |page: &Value| found(page) && page["found"][0]["matter"]["has_ended"] == true;
    until(&mut hua, "/search?q=押运车", ended);
    // By its number it comes first.
    let number = page["found"][0]["matter"]["number"].as_str().unwrap().to_owned();
    assert_eq!(ids(&hua.get(&format!("/search?q={number}")).is(200).json())[0], id);
}

#[test]
fn who_may_not_see_it_does_not_find_it() {
    let house = House::open();
    house.service.keep_library();
    let id = asked_for(&house);
    let note = json!({ "do": "comment", "note": "押运车已约好" });
    house.client("hua").post(&format!("/matters/{id}/handle"), &note).is(200);
    let path = "/search?q=押运车";
    until(&mut house.client("hua"), path, |page| page != &Value::Null && ids(page) == [id]);
    for stranger in ["ana", "hai", "ren", super::house::IDLE] {
        let page = house.client(stranger).get(path).is(200).json();
        assert_eq!((ids(&page), &page["cursor"]), (vec![], &Value::Null), "{stranger}");
    }
    house.client("zong").post(&format!("/matters/{id}/act"), &json!({})).is(200);
    let ended =
        |page: &Value| page != &Value::Null && page["found"][0]["matter"]["has_ended"] == true;
    until(&mut house.client("hua"), path, ended);
    assert_eq!(ids(&house.client("ana").get(path).is(200).json()), [0; 0]);
    house.nobody().get(path).refuses(401, "NotSignedIn");
}

#[test]
fn accounts_are_found_by_name_and_number_as_far_as_a_post_goes() {
    let house = House::open();
    house.service.keep_library();
    let mut cai = house.client("cai");
    let path = "/search?q=9000&kind=account";
    let page = until(&mut cai, path, is_complete);
    let mut found = numbers(&page);
    found.sort();
    assert_eq!(found, ["900001", "900002"], "{page}");
    let page = cai.get(&format!("/search?q={MINE}")).is(200).json();
    assert_eq!(numbers(&page)[0], MINE);
    let page = cai.get(&format!("/search?q={ELSEWHERE}")).is(200).json();
    assert_eq!(numbers(&page), [""; 0], "{page}");
    // Who has no post sees no accounts, and is told so when they ask for nothing else.
    let mut idle = house.client(super::house::IDLE);
    assert_eq!(numbers(&idle.get("/search?q=9000").is(200).json()), [""; 0]);
    idle.get(path).refuses(403, "NotPermitted");
    // A new one is found soon.
    let form = json!({
        "number": "900009", "name": "滨江建材有限公司", "kind": "personal_current",
        "institution": "0101",
    });
    cai.post("/accounts", &form).is(201);
    until(&mut cai, "/search?q=建材", |page| page != &Value::Null && numbers(page) == ["900009"]);
    // Page by page, nothing twice.
    let first = cai.get("/search?q=9000&kind=account&limit=2").is(200).json();
    let rest = format!("/search?q=9000&kind=account&limit=2&cursor={}", first["cursor"]);
    let rest = cai.get(&rest).is(200).json();
    let mut all = [numbers(&first), numbers(&rest)].concat();
    all.sort();
    assert_eq!((all.len(), &rest["cursor"]), (3, &Value::Null), "{all:?}");
    all.dedup();
    assert_eq!(all.len(), 3);
}

#[test]
fn whatever_is_looked_for_is_text() {
    let house = House::open();
    house.nobody().get("/search?q=x").refuses(401, "NotSignedIn");
    let mut cai = house.client("cai");
    // Nobody has opened the index yet.
    cai.get("/search?q=x").refuses(503, "SearchNotReady");
    house.service.keep_library();
    until(&mut cai, "/search?q=x", is_complete);
    for q in ["%28a", "%22a", "a*:*", "number:%28", "a%20OR%20b", "%5B%20TO%20%5D", "%F0%9F%99%82a"]
    {
        cai.get(&format!("/search?q={q}")).is(200);
    }
    for empty in ["", "%20", "%E3%80%80", "%28%29", "%EF%BC%8C"] {
        let reply = cai.get(&format!("/search?q={empty}"));
        let field = reply.json()["field"].clone();
        assert_eq!((reply.status, field), (422, json!("q")), "{empty}");
    }
    cai.get("/search?q=x&kind=person").refuses(422, "NotAChoice");
    cai.get("/search?q=x&cursor=999999").is(200);
}

#[test]
fn it_is_there_after_a_restart_and_made_anew_when_it_is_gone() {
    let mut house = House::open();
    house.service.keep_library();
    let id = asked_for(&house);
    let path = "/search?q=设立&kind=matter";
    let found = |page: &Value| page != &Value::Null && ids(page).contains(&id);
    until(&mut house.client("hua"), path, found);
    house = house.again();
    // What happened while nobody kept it is found as well.
    let other = asked_for(&house);
    house.service.keep_library();
    let both = |page: &Value| found(page) && ids(page).contains(&other);
    until(&mut house.client("hua"), path, both);
    house = house.again();
    house.forgets_its_index();
    house.service.keep_library();
    until(&mut house.client("hua"), path, both);
}
