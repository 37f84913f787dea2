//! The business day: opened, stopped, closed, and its certificates.

use super::{Bank, Signed};
use serde_json::{Value, json};

/// Waits for the close that was started.
async fn closed(bank: &Bank, who: &Signed) -> Value {
    let mut changed = bank.app.changed.subscribe();
    loop {
        changed.mark_unchanged();
        let (status, view) = bank.get(who, "/day/close").await;
        assert_eq!(status, 200, "{view}");
        if view["running"] == json!(false) {
            return view;
        }
        changed.changed().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_institution_stops_and_goes_on() {
    let bank = Bank::new();
    let (zong, cai) = (bank.sign_in("zong").await, bank.sign_in("cai").await);
    let (_, day) = bank.get(&cai, "/day").await;
    assert_eq!((&day["phase"], &day["business_date"]), (&json!("open"), &json!("2026-01-05")));
    // Who reads the books of a branch sees its day alone.
    assert_eq!(super::texts(&day["institutions"], "code"), ["0101"]);
    assert_eq!(bank.post(&cai, "/institutions/0101/close", "").await.0, 403);
    assert_eq!(bank.post(&zong, "/institutions/0101/close", "").await.0, 204);
    let (_, day) = bank.get(&zong, "/day").await;
    assert_eq!(day["institutions"][1]["closed"], json!(true));
    let (status, no) = bank.post(&zong, "/institutions/9999/close", "").await;
    assert_eq!((status, &no["code"]), (409, &json!("UnknownInstitution")));
    let (status, no) = bank.post(&zong, "/institutions/0101/reopen", "{}").await;
    assert_eq!((status, &no["code"]), (422, &json!("Malformed")));
    let body = r#"{"reason":"一笔漏记"}"#;
    assert_eq!(bank.post(&cai, "/institutions/0101/reopen", body).await.0, 403);
    assert_eq!(bank.post(&zong, "/institutions/0101/reopen", body).await.0, 204);
    assert_eq!(bank.post(&cai, "/day/close-institutions", "").await.0, 403);
    assert_eq!(bank.post(&zong, "/day/close-institutions", "").await.0, 204);
    let (_, day) = bank.get(&zong, "/day").await;
    assert_eq!(day["phase"], "closing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_closed_in_the_background_and_the_next_is_opened() {
    let bank = Bank::new();
    let (zong, cai) = (bank.sign_in("zong").await, bank.sign_in("cai").await);
    let (_, none) = bank.get(&zong, "/day/close").await;
    assert_eq!((&none["running"], &none["business_date"]), (&json!(false), &Value::Null));
    let (_, page) = bank.get(&zong, "/day/certificates").await;
    assert_eq!(page, json!({ "certificates": [], "cursor": null }));
    assert_eq!(bank.post(&cai, "/day/close", "{}").await.0, 403);
    assert_eq!(bank.post(&zong, "/day/close", "{\"force\":true}").await.0, 422);
    for day in ["2026-01-05", "2026-01-06"] {
        let (status, begun) = bank.post(&zong, "/day/close", "{}").await;
        assert_eq!((status, &begun["business_date"]), (202, &json!(day)), "{begun}");
        let view = closed(&bank, &zong).await;
        assert_eq!((&view["certificate"]["day"], &view["refusal"]), (&json!(day), &Value::Null));
        let done = view["steps"].as_array().unwrap();
        assert!(done.iter().all(|step| step["done"] == json!(true)), "{view}");
        let (status, no) = bank.post(&zong, "/day/close", "{}").await;
        assert_eq!((status, &no["code"]), (409, &json!("DayNotOpen")));
        if day == "2026-01-05" {
            assert_eq!(bank.post(&cai, "/day/open", "{}").await.0, 403);
            let (status, no) = bank.post(&zong, "/day/open", r#"{"day":"soon"}"#).await;
            assert_eq!((status, &no["field"]), (422, &json!("day")));
            let (status, opened) = bank.post(&zong, "/day/open", "{}").await;
            assert_eq!((status, &opened["business_date"]), (200, &json!("2026-01-06")));
        }
    }
    let (_, page) = bank.get(&cai, "/day/certificates?limit=1").await;
    assert_eq!(super::texts(&page["certificates"], "day"), ["2026-01-06"]);
    let next = format!("/day/certificates?cursor={}", page["cursor"]);
    let (_, page) = bank.get(&cai, &next).await;
    assert_eq!(super::texts(&page["certificates"], "day"), ["2026-01-05"]);
    assert_eq!(page["cursor"], Value::Null);
    let (_, one) = bank.get(&cai, "/day/certificates/2026-01-05").await;
    assert_eq!(one, page["certificates"][0]);
    let checks = one["checks"].as_array().unwrap();
    assert!(checks.iter().all(|check| check["passed"] == json!(true)), "{one}");
    assert!(checks.iter().all(|check| check["zh"] != check["code"]), "each has its title: {one}");
    bank.refuses(&cai, "/day/certificates/2026-01-04", (404, "NotFound")).await;
    bank.refuses(&cai, "/day/certificates/soon", (422, "ValueWrong")).await;
}
