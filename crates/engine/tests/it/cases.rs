//! The pages of cases that the bank plays in process, played by the engine on both stores: the
//! answers are the same, and what the journal replays to is what the engine had.

use crate::desk::Desk;
use crate::office::at_engine::{AtEngine, Founded};
use crate::pages::{answered, first_difference, pages, root};
use bank::{Answer, Command, State, image};
use engine::verify::verify;
use engine::{Engine, Follower};
use ledger::fact::Fact;
use ledger::{Batch, Refusal};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
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
fn play(open: &dyn Fn() -> Box<dyn Store>, leave: impl Fn(&str, &State)) {
    let founded = Founded::new(open);
    let mut wrong = Vec::new();
    let count = Cell::new(0);
    for (page, text) in pages(&root()) {
        let left = Rc::new(RefCell::new(Vec::new()));
        let answers = answered(&text, &founded.cast, || {
            count.set(count.get() + 1);
            let bank = format!("case-{}", count.get());
            founded.copy(&mut *open(), &bank);
            let engine = Engine::open(open(), &bank, Arc::new(|| 0)).unwrap();
            let seq = founded.blocks.last().unwrap().seq;
            let desk = AtEngine::new(engine, open(), &bank, seq);
            Box::new(Watched { desk, bank, left: Rc::clone(&left) })
        });
        if answers != text {
            wrong.push(format!("{}\n{}", page.display(), first_difference(&text, &answers)));
        }
        for (bank, state) in left.borrow().iter() {
            leave(bank, state);
        }
    }
    assert!(wrong.is_empty(), "pages differ on this store:\n{}", wrong.join("\n"));
}

/// Keeps the state that a case ends with, to be compared once its engine has stopped.
struct Watched {
    desk: AtEngine,
    bank: String,
    left: Rc<RefCell<Vec<(String, State)>>>,
}

impl Desk for Watched {
    fn decide(&mut self, command: Command) -> Result<Answer, Refusal> {
        self.desk.decide(command)
    }

    fn close_day(&mut self) -> Result<Answer, Refusal> {
        self.desk.close_day()
    }

    fn state(&self) -> &State {
        self.desk.state()
    }

    fn entries(&self) -> &[Batch] {
        self.desk.entries()
    }

    fn facts(&self) -> &[Fact] {
        self.desk.facts()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.left.borrow_mut().push((self.bank.clone(), self.desk.state().clone()));
    }
}

#[test]
fn pages_say_the_same_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.sqlite");
    let open = || -> Box<dyn Store> { Box::new(store::SqliteStore::open(&path).unwrap()) };
    play(&open, |bank, state| replay(bank, &open, state));
}

#[test]
fn pages_say_the_same_on_postgres() {
    let database = store::testing::Cluster::shared().database().unwrap();
    let url = database.url().to_owned();
    play(&|| Box::new(store::PostgresStore::connect(&url).unwrap()), |_, _| {});
}
