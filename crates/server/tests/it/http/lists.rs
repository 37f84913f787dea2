//! Lists of matters in the orders that the bank can give them, page by page.

use super::house::House;
use crate::wire::Client;
use serde_json::{Value, json};

/// The matters of all pages, two at a time.
fn walk(client: &mut Client, query: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("/matters?limit=2&{query}&cursor={cursor}")).is(200).json();
        all.extend(page["matters"].as_array().unwrap().iter().cloned());
        match page["cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return all,
        }
    }
}

fn ids(matters: &[Value]) -> Vec<u64> {
    matters.iter().map(|one| one["id"].as_u64().unwrap()).collect()
}

/// 设立柜员尾箱, which one hand decides.
fn open_box(client: &mut Client, name: &str) -> u64 {
    let fields = json!({ "institution": "0102", "kind": "box", "name": name, "keeper": "ji" });
    let form = json!({ "code": "CASH-001", "fields": fields });
    client.post("/matters", &form).is(201).json()["id"].as_u64().unwrap()
}

#[test]
fn matters_are_listed_by_age_and_by_deadline() {
    let house = House::open();
    let mut hua = house.client("hua");
    for name in ["ji", "jia", "yi", "bing", "ding"] {
        open_box(&mut hua, name);
    }
    let newest = ids(&walk(&mut hua, ""));
    assert!(newest.len() >= 5 && newest.is_sorted_by(|a, b| a > b), "{newest:?}");
    assert_eq!(ids(&walk(&mut hua, "sort=-opened")), newest);
    let turned = |ids: &[u64]| ids.iter().rev().copied().collect::<Vec<u64>>();
    assert_eq!(ids(&walk(&mut hua, "sort=opened")), turned(&newest));
    // What has no deadline comes last, the oldest first.
    let by_due = walk(&mut hua, "sort=due");
    let key = |one: &Value| (one["due"].as_i64().unwrap_or(i64::MAX), one["id"].as_u64());
    assert!(by_due.is_sorted_by_key(key) && by_due.len() == newest.len(), "{by_due:?}");
    let mut latest: Vec<(Option<i64>, u64)> = walk(&mut hua, "sort=-due")
        .iter()
        .map(|one| (one["due"].as_i64(), one["id"].as_u64().unwrap()))
        .collect();
    let none = latest.iter().position(|(due, _)| due.is_none()).unwrap_or(latest.len());
    assert!(latest.split_off(none).iter().all(|(due, _)| due.is_none()));
    assert!(latest.is_sorted_by(|a, b| a > b), "{latest:?}");
    hua.get("/matters?sort=amount").refuses(422, "NotAChoice");
    hua.get("/matters?state=ended&sort=due").refuses(422, "NotAChoice");
    hua.get("/matters?cursor=x.1").refuses(422, "CursorWrong");
}

#[test]
fn ended_matters_are_listed_by_age() {
    let house = House::open();
    let (mut hua, mut zong) = (house.client("hua"), house.client("zong"));
    for name in ["ji", "jia", "yi"] {
        let id = open_box(&mut hua, name);
        zong.post(&format!("/matters/{id}/act"), &json!({})).is(200);
    }
    let newest = ids(&walk(&mut zong, "state=ended"));
    assert!(newest.len() >= 3 && newest.is_sorted_by(|a, b| a > b), "{newest:?}");
    let mut oldest = ids(&walk(&mut zong, "state=ended&sort=opened"));
    oldest.reverse();
    assert_eq!(newest, oldest);
}
