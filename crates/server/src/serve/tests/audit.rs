//! The audit trail: what was read is noted and found again.

use super::{Bank, CUSTOMER, texts, trail};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_a_customers_account_is_found_in_the_trail() {
    let bank = Bank::new();
    let (ana, shen) = (bank.sign_in("ana").await, bank.sign_in("shen").await);
    for _ in 0..3 {
        assert_eq!(bank.get(&ana, &format!("/accounts/{CUSTOMER}")).await.0, 200);
    }
    bank.refuses(&ana, "/accounts/none", (404, "UnknownAccount")).await;
    trail::flush(&bank.app).await.unwrap();
    let path = format!("/audit?kind=read&about={CUSTOMER}");
    let (status, page) = bank.get(&shen, &path).await;
    assert_eq!((status, texts(&page["rows"], "about")), (200, vec![CUSTOMER; 3]), "{page}");
    let row = &page["rows"][0];
    assert_eq!((&row["who"], &row["en"]), (&json!(["ana"]), &json!("read")));
    assert_eq!(
        (&row["business_date"], &row["institution"]),
        (&json!("2026-01-05"), &json!("0101"))
    );
    assert_eq!(row["fact"]["event"]["note"], "account");
    // To look into the trail is noted too.
    trail::flush(&bank.app).await.unwrap();
    let (_, page) = bank.get(&shen, "/audit?kind=read&operator=shen").await;
    assert_eq!(page["rows"][0]["fact"]["event"]["note"], format!("kind=read about={CUSTOMER}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_read_page_by_page_from_the_newest() {
    let bank = Bank::new().with_cabinet();
    let shen = bank.sign_in("shen").await;
    let (mut path, mut seen) = ("/audit?limit=5".to_owned(), Vec::new());
    loop {
        let (status, page) = bank.get(&shen, &path).await;
        assert_eq!(status, 200, "{page}");
        let rows = page["rows"].as_array().unwrap();
        seen.extend(rows.iter().map(|row| (row["seq"].as_u64(), row["position"].as_u64())));
        match &page["cursor"] {
            Value::String(cursor) => path = format!("/audit?limit=5&cursor={cursor}"),
            _ => break,
        }
    }
    let mut sorted = seen.clone();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.reverse();
    assert_eq!(seen, sorted, "each once, newest first");
    assert!(seen.len() > 10 && seen.last() == Some(&(Some(1), Some(0))), "{seen:?}");

    let kinds = |page: &Value| -> Vec<String> {
        texts(&page["rows"], "kind").into_iter().map(str::to_owned).collect()
    };
    let (_, page) = bank.get(&shen, "/audit?about=1&operator=zong").await;
    assert_eq!(kinds(&page), ["acted"]);
    let (_, page) = bank.get(&shen, "/audit?q=cabinet&kind=place_opened").await;
    assert_eq!(
        (kinds(&page), &page["rows"][0]["about"]),
        (vec!["place_opened".into()], &json!("0000/cabinet/A"))
    );
    let (_, page) = bank.get(&shen, "/audit?kind=rulebook_activated").await;
    assert_eq!(page["rows"][0]["cut"], json!(true));
    // Before the day there was the founding, at no date.
    let (_, page) = bank.get(&shen, "/audit?about=6001-01&from=2026-01-05").await;
    assert_eq!(
        (kinds(&page), &page["rows"][0]["about"]),
        (vec!["accounts_opened".into()], &json!(CUSTOMER))
    );
    let (_, page) = bank.get(&shen, "/audit?kind=bank_created&from=2026-01-05").await;
    assert_eq!(page, json!({ "rows": [], "cursor": null }));
    let (_, page) = bank.get(&shen, "/audit?until=2026-01-04&limit=1").await;
    assert_eq!(page["rows"].as_array().unwrap().len(), 1);
    let (_, page) = bank.get(&shen, "/audit?until=1000000").await;
    assert_eq!(page, json!({ "rows": [], "cursor": null }));
    let (_, page) = bank.get(&shen, "/audit?from=1000000&kind=day_opened").await;
    assert_eq!(page["rows"][0]["about"], "2026-01-05");

    bank.refuses(&shen, "/audit?kind=none", (422, "ValueWrong")).await;
    bank.refuses(&shen, "/audit?cursor=5", (422, "ValueWrong")).await;
    bank.refuses(&shen, "/audit?from=soon", (422, "ValueWrong")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_happening_can_be_asked_for() {
    let bank = Bank::new();
    let shen = bank.sign_in("shen").await;
    let (status, kinds) = bank.get(&shen, "/audit/kinds").await;
    assert_eq!(status, 200, "{kinds}");
    let mut names = texts(&kinds, "kind");
    assert!(names.contains(&"acted") && names.contains(&"signed_in"), "{names:?}");
    for kind in &names {
        let (status, _) = bank.get(&shen, &format!("/audit?kind={kind}&limit=1")).await;
        assert_eq!(status, 200, "{kind}");
    }
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_are_written_before_the_service_stops() {
    let bank = Bank::new();
    let (ana, shen) = (bank.sign_in("ana").await, bank.sign_in("shen").await);
    let keeping = tokio::spawn(trail::keep(bank.app.clone()));
    bank.get(&ana, &format!("/accounts/{CUSTOMER}")).await;
    bank.app.trail.stop();
    keeping.await.unwrap();
    let (_, page) = bank.get(&shen, "/audit?kind=read&operator=ana").await;
    assert_eq!(texts(&page["rows"], "about"), [CUSTOMER]);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_that_another_node_left_are_taken_over_once() {
    let bank = Bank::new();
    let shen = bank.sign_in("shen").await;
    let note = json!({ "at": 1, "operator": "ana", "kind": "read", "about": CUSTOMER });
    let bytes = serde_json::to_vec(&note).unwrap();
    let leave =
        bank.app.node.store(move |store, bank| store.keep(bank, "trail", "1", Some(&bytes)));
    leave.await.unwrap();
    for _ in 0..2 {
        trail::take_over(&bank.app).await.unwrap();
    }
    let (_, page) = bank.get(&shen, "/audit?kind=read&operator=ana").await;
    assert_eq!(texts(&page["rows"], "about"), [CUSTOMER]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chain_is_proved_piece_by_piece() {
    let bank = Bank::new();
    let shen = bank.sign_in("shen").await;
    let (_, all) = bank.get(&shen, "/audit/chain").await;
    assert_eq!(
        (&all["sound"], &all["until"], &all["cursor"]),
        (&json!(true), &all["tip"], &Value::Null)
    );
    let (_, first) = bank.get(&shen, "/audit/chain?limit=2").await;
    assert_eq!((&first["until"], &first["cursor"]), (&json!(2), &json!(3)));
    let (_, rest) = bank.get(&shen, "/audit/chain?from=3").await;
    assert_eq!((&rest["sound"], &rest["hash"]), (&json!(true), &all["hash"]));
    bank.refuses(&shen, "/audit/chain?from=0", (422, "ValueWrong")).await;
}
