//! Records of ended matters that are lost or wrong: verification tells, mending makes them again.

use crate::office::at_engine::{AtEngine, Founded, Place};
use crate::runner::Runner;
use engine::records::mend;
use engine::verify::verify;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use store::Store;
use store::memory::MemoryDisk;

const BANK: &str = "case-1";

#[test]
fn records_that_are_lost_or_wrong_are_told_and_made_again() {
    let disk = MemoryDisk::new();
    let other = disk.clone();
    let open = move || -> Box<dyn Store> { Box::new(other.open()) };
    let founded = Founded::new(&open);
    let (made, left) = (Cell::new(0), RefCell::default());
    let place = Rc::new(Place { open: Box::new(open), made, left });
    let mut runner = Runner::at(Box::new(AtEngine::copied(&place, &founded)), &founded.cast);
    runner.run("ready");
    drop(runner);
    let differences = || verify(Box::new(disk.open()), BANK, |_| {}).unwrap().differences;
    assert_eq!(differences(), []);
    let mut store = disk.open();
    let mut wrong = store.record(BANK, 2).unwrap().unwrap();
    let right = wrong.clone();
    wrong.state = "refused".into();
    let stray = store::Record { id: 900, ..wrong.clone() };
    store.mend_records(BANK, &[wrong, stray], &[1]).unwrap();
    let told: Vec<String> = differences().into_iter().map(|one| one.certified).collect();
    assert_eq!(told, ["2", "900", "1"]);
    assert_eq!(mend(Box::new(disk.open()), BANK).unwrap(), 3);
    assert_eq!(differences(), []);
    assert_eq!(store.record(BANK, 2).unwrap(), Some(right));
    assert!(store.record(BANK, 1).unwrap().is_some());
    assert_eq!(store.record(BANK, 900).unwrap(), None);
}
