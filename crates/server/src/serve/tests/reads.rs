//! Organisation, parameters, custody and the rulebook; events.

use super::{Bank, Method, StatusCode, texts};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_organisation_is_seen_as_far_as_a_post_goes() {
    let bank = Bank::new();
    let (zong, cai) = (bank.sign_in("zong").await, bank.sign_in("cai").await);
    let (_, tree) = bank.get(&zong, "/institutions").await;
    assert_eq!(texts(&tree, "code"), ["0000", "0101", "0102"]);
    assert_eq!((&tree[0]["depth"], &tree[2]["depth"]), (&json!(0), &json!(1)));
    let (_, tree) = bank.get(&cai, "/institutions").await;
    assert_eq!(texts(&tree, "code"), ["0101"]);

    let (_, page) = bank.get(&zong, "/operators?limit=3").await;
    assert_eq!(texts(&page["operators"], "operator"), ["ana", "cai", "hua"]);
    let (_, page) = bank.get(&zong, "/operators?cursor=hua&post=auditor").await;
    assert_eq!(
        (texts(&page["operators"], "operator"), &page["cursor"]),
        (vec!["shen"], &Value::Null)
    );
    let (_, page) = bank.get(&cai, "/operators").await;
    assert_eq!(texts(&page["operators"], "operator"), ["ana", "cai"]);
    bank.refuses(&cai, "/operators?institution=0102", (409, "UnknownInstitution")).await;
    bank.refuses(&cai, "/operators?standing=tired", (422, "NotAChoice")).await;
    bank.refuses(&cai, "/operators?colour=red", (422, "Malformed")).await;

    let (_, ana) = bank.get(&cai, "/operators/ana").await;
    assert_eq!(
        (&ana["grants"][0]["post"], &ana["grants"][0]["holds"]),
        (&json!("teller"), &json!(true))
    );
    bank.refuses(&cai, "/operators/ji", (404, "NotFound")).await;

    let (_, posts) = bank.get(&zong, "/posts").await;
    let keeper = posts.as_array().unwrap().iter().find(|one| one["code"] == "seal_keeper").unwrap();
    assert!(!keeper["apart"].as_array().unwrap().is_empty(), "{keeper}");
    let (_, rights) = bank.get(&zong, "/rights?post=auditor").await;
    let functions = texts(&rights["functions"], "function");
    assert!(functions.contains(&"audit.read"), "{rights}");
    let (_, rights) = bank.get(&zong, "/rights?matter=CASH-001").await;
    assert_eq!(texts(&rights["rights"], "step"), ["apply", "approve"]);
    assert_eq!(rights["functions"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_have_values_with_dates_and_sources() {
    let bank = Bank::new();
    let ke = bank.sign_in("ke").await;
    let (_, page) = bank.get(&ke, "/parameters?q=OFFICE.WORK&limit=1").await;
    assert_eq!(page["parameters"].as_array().unwrap().len(), 1, "{page}");
    let next = format!("/parameters?q=office.work&cursor={}", page["cursor"].as_str().unwrap());
    let (_, page) = bank.get(&ke, &next).await;
    assert_eq!(texts(&page["parameters"], "code"), ["office.work_until"]);
    let (_, one) = bank.get(&ke, "/parameters/office.work_from").await;
    assert_eq!((&one["unit"], &one["pending"]), (&json!("time"), &json!([])));
    assert_eq!(one["history"][0]["value"], one["value"]);
    assert!(!one["source"].as_str().unwrap().is_empty());
    bank.refuses(&ke, "/parameters/none", (404, "NotFound")).await;
    bank.refuses(&ke, "/parameters?limit=many", (422, "Malformed")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_seen_by_their_institution() {
    let bank = Bank::new().with_cabinet();
    let (zong, ana) = (bank.sign_in("zong").await, bank.sign_in("ana").await);
    let (_, page) = bank.get(&zong, "/places?kind=cabinet").await;
    assert_eq!(texts(&page["places"], "place"), ["0000/cabinet/A"]);
    assert_eq!(page["places"][0]["cash"], "0.00");
    let (_, one) = bank.get(&zong, "/places/0000%2Fcabinet%2FA").await;
    assert_eq!((&one["institution"], &one["notes"]), (&json!("0000"), &json!([])));
    let (_, page) = bank.get(&ana, "/places").await;
    assert_eq!(page["places"], json!([]));
    bank.refuses(&ana, "/places/0000%2Fcabinet%2FA", (404, "NotFound")).await;
    bank.refuses(&zong, "/places/0000%2Fvault", (404, "NotFound")).await;
    bank.refuses(&zong, "/things/cheque:A00000001", (404, "NotFound")).await;
    let (status, no) = bank.get(&zong, "/things/cheque").await;
    assert_eq!((status, &no["field"]), (422, &json!("thing")), "{no}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rulebook_is_told_with_its_files_and_what_they_serve() {
    let bank = Bank::new();
    let ke = bank.sign_in("ke").await;
    let (_, book) = bank.get(&ke, "/rulebook?kind=access").await;
    assert_eq!(texts(&book["files"], "path"), ["org/access.toml"]);
    assert_eq!((book["hash"].as_str().unwrap().len(), &book["others"]), (64, &json!([])));
    let (_, book) = bank.get(&ke, "/rulebook?q=mission.csv").await;
    assert_eq!(book["others"], json!(["mission.csv"]));
    let (_, file) = bank.get(&ke, "/rulebook/files/org%2Faccess.toml").await;
    assert_eq!(file["kind"], "access");
    assert!(file["text"].as_str().unwrap().contains("audit.read"));
    bank.refuses(&ke, "/rulebook/files/..%2Fsecret", (404, "NotFound")).await;
    let (status, found) = bank.get(&ke, "/rulebook/check").await;
    assert_eq!((status, found), (200, json!([])));
    let (_, all) = bank.get(&ke, "/coverage").await;
    let module = all["modules"][0].as_str().unwrap();
    let (_, own) = bank.get(&ke, &format!("/coverage?module={module}&standing=covered")).await;
    let rows = own["rows"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.len() < all["rows"].as_array().unwrap().len());
    assert!(rows.iter().all(|row| row["standing"] == "covered" && row["files"] != json!([])));
    bank.refuses(&ke, "/coverage?module=none", (422, "ValueWrong")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_tell_what_waits_and_where_the_day_stands() {
    let bank = Bank::new();
    let zong = bank.sign_in("zong").await;
    let response = bank.send(Some(&zong), (Method::GET, "/events"), "").await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.into_body().into_data_stream();
    let mut heard = String::new();
    while !heard.contains("event: day") {
        heard.push_str(std::str::from_utf8(&stream.next().await.unwrap().unwrap()).unwrap());
    }
    assert!(heard.contains(r#"data: {"waiting":0,"late":0}"#), "{heard}");
    assert!(heard.contains(r#"{"business_date":"2026-01-05","phase":"open"}"#), "{heard}");

    let bank = bank.with_cabinet_ordered();
    bank.app.changed.send_modify(|count| *count += 1);
    let news = stream.next().await.unwrap().unwrap();
    let news = std::str::from_utf8(&news).unwrap();
    assert_eq!(news, "event: queue\ndata: {\"waiting\":1,\"late\":0}\n\n");

    // The stream ends with its session.
    let name = super::super::sign_in::digest(zong.cookie.split_once('=').unwrap().1);
    bank.app.sessions.end(&bank.app.node, &name).await.unwrap();
    bank.app.changed.send_modify(|count| *count += 1);
    assert!(stream.next().await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_has_so_many_streams_and_they_end_with_the_service() {
    let bank = Bank::new();
    let ana = bank.sign_in("ana").await;
    let mut open = Vec::new();
    let last = loop {
        let response = bank.send(Some(&ana), (Method::GET, "/events"), "").await;
        if response.status() != StatusCode::OK {
            break response.status();
        }
        open.push(response.into_body().into_data_stream());
    };
    assert_eq!((last, open.len()), (StatusCode::TOO_MANY_REQUESTS, 8));
    let mut first = open.swap_remove(0);
    drop(open);
    bank.app.streams.stop();
    while first.next().await.is_some() {}
    let again = bank.send(Some(&ana), (Method::GET, "/events"), "").await;
    assert_eq!(again.status(), StatusCode::OK);
}
