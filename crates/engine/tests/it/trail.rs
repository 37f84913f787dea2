//! Notes of the audit trail in the blocks: replaying and verifying them finds nothing.

use crate::office::at_engine::{AtEngine, Founded, Place};
use crate::runner::Runner;
use bank::Command;
use bank::office::event::Standing;
use bank::office::trail::{Kind, LockOut, Note};
use engine::Engine;
use engine::verify::verify;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use store::Store;
use store::memory::MemoryDisk;

const BANK: &str = "case-1";

#[test]
fn a_bank_with_notes_and_a_lock_out_is_replayed_and_verified() {
    let disk = MemoryDisk::new();
    let other = disk.clone();
    let open = move || -> Box<dyn Store> { Box::new(other.open()) };
    let founded = Founded::new(&open);
    let (made, left) = (Cell::new(0), RefCell::default());
    let place = Rc::new(Place { open: Box::new(open), made, left });
    let mut runner = Runner::at(Box::new(AtEngine::copied(&place, &founded)), &founded.cast);
    runner.run("ready");
    let note = |operator: &str, kind| Note {
        at: 1,
        operator: operator.into(),
        kind,
        about: "6217000000000000029".into(),
        from: "10.0.0.7".into(),
        note: String::new(),
    };
    let notes = vec![note("ana", Kind::SignedIn), note("ana", Kind::Read)];
    runner.desk.decide(Command::Note(notes)).unwrap();
    let (operator, reason) = ("bo".to_owned(), "连续输错密码".to_owned());
    let lock = LockOut { operator, at: 2, reason, from: String::new() };
    runner.desk.decide(Command::LockOut(lock)).unwrap();
    drop(runner);
    let verified = verify(Box::new(disk.open()), BANK, |_| {}).unwrap();
    assert_eq!(verified.differences, []);
    let engine = Engine::open(Box::new(disk.open()), BANK, Arc::new(|| 0)).unwrap();
    let standing = |who: &str| {
        let who = who.to_owned();
        engine.look(move |state| state.office.people.operators[&who].standing).unwrap()
    };
    assert_eq!(standing("bo"), Standing::Locked);
    assert_eq!(standing("ana"), Standing::Active);
}
