//! How the full-text index finds its way when what lies there is not of this bank.

use super::{Bank, CUSTOMER};
use crate::serve::library;
use search::{Kind, Library, Mark, Paper};
use serde_json::{Value, json};

/// Lays an index of another bank where the service looks for its own.
fn lay(bank: &Bank, mark: &Mark) {
    let library = Library::open(&bank.app.node.home.folder.join("search")).unwrap();
    let mut librarian = library.librarian().unwrap();
    let paper = Paper {
        kind: Kind::Account,
        id: 0,
        version: 0,
        is_open: false,
        number: "9999".to_owned(),
        institution: "0101".to_owned(),
        people: Vec::new(),
        text: vec!["别行账户".to_owned()],
        things: Vec::new(),
    };
    librarian.put(&paper).unwrap();
    librarian.commit(mark).unwrap();
}

/// Has the index kept once, as the service does; answers how many a search finds.
async fn found(bank: &Bank, word: &str) -> usize {
    let app = bank.app.clone();
    let kept = tokio::task::spawn_blocking(move || library::turn(&app, &mut None));
    kept.await.unwrap().unwrap();
    let (_, page): (_, Value) =
        bank.get(&bank.sign_in("cai").await, &format!("/search?q={word}")).await;
    assert_eq!(page["complete"], json!(true), "{page}");
    page["found"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_another_chain_is_made_anew() {
    let bank = Bank::new();
    let mark = Mark { seq: 1, hash: "00".repeat(32), matters: 1_000, accounts: 1_000 };
    lay(&bank, &mark);
    assert_eq!(found(&bank, "9999").await, 0);
    assert_eq!(found(&bank, CUSTOMER).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_a_block_that_is_yet_to_come_is_made_anew() {
    let bank = Bank::new();
    lay(&bank, &Mark { seq: 1_000_000, hash: "ab".to_owned(), matters: 1_000, accounts: 1_000 });
    assert_eq!(found(&bank, CUSTOMER).await, 1);
}
