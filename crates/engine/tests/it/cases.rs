//! The pages of cases that the bank plays in process, played by the engine on both stores: the
//! answers are the same, and what the journal replays to is what the engine had.

use crate::office::at_engine::{AtEngine, Founded, Place};
use crate::pages::{Beginnings, answered, first_difference, pages, root};
use bank::{State, image};
use engine::Follower;
use engine::verify::verify;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use store::Store;

/// A pages' block has ended: what the blocks say is what the engine had, and nothing is amiss.
fn replay(bank: &str, open: &dyn Fn() -> Box<dyn Store>, state: &State) {
    let mut follower = Follower::from_the_beginning(open(), bank).unwrap();
    follower.catch_up(|_| {}).unwrap();
    assert!(image::write(follower.state()) == image::write(state), "{bank} replays otherwise");
    let verified = verify(open(), bank, |_| {}).unwrap();
    assert_eq!(verified.differences, [], "{bank}");
}

/// Plays every page; `leave` looks at each bank once its engine has stopped.
fn play(open: impl Fn() -> Box<dyn Store> + Clone + 'static, leave: impl Fn(&str, &State)) {
    let founded = Founded::new(&open);
    let (made, left) = (Cell::new(0), RefCell::default());
    let place = Rc::new(Place { open: Box::new(open), made, left });
    let first = AtEngine::copied(&place, &founded);
    let mut beginnings = Beginnings::new(Box::new(first), &founded.cast);
    let mut wrong = Vec::new();
    for (page, text) in pages(&root()) {
        let answers = answered(&text, &mut beginnings);
        if answers != text {
            wrong.push(format!("{}\n{}", page.display(), first_difference(&text, &answers)));
        }
        for (bank, state) in place.left.take() {
            leave(&bank, &state);
        }
    }
    assert!(wrong.is_empty(), "pages differ on this store:\n{}", wrong.join("\n"));
}

#[test]
fn pages_say_the_same_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.sqlite");
    let open = move || -> Box<dyn Store> { Box::new(store::SqliteStore::open(&path).unwrap()) };
    play(open.clone(), |bank, state| replay(bank, &open, state));
}

#[test]
fn pages_say_the_same_on_postgres() {
    let database = store::testing::Cluster::shared().database().unwrap();
    let url = database.url().to_owned();
    play(move || Box::new(store::PostgresStore::connect(&url).unwrap()), |_, _| {});
}
