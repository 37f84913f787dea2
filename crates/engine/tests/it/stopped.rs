//! A bank whose threads die answers everybody who waits, and takes no more.

use crate::simulate::rules;
use bank::Command;
use bank::form::InstitutionForm;
use crossbeam_channel::unbounded;
use engine::Engine;
use ledger::chart::Title;
use std::sync::Arc;
use std::time::Duration;
use store::memory::MemoryDisk;

fn bank(disk: &MemoryDisk) -> Engine {
    let title = Title { zh: "甲".into(), en: "A".into() };
    let files =
        rules::small(&vec![("2024-01-01".to_owned(), "\"7.1\"".to_owned())], &rules::deposits());
    Engine::create(Box::new(disk.open()), "stopped", title, files, Arc::new(|| 0)).unwrap()
}

fn institution(code: &str) -> Command {
    let title = Title { zh: "机构".into(), en: "Place".into() };
    let parent = (code != "00").then(|| "00".to_owned());
    Command::AddInstitutions(vec![InstitutionForm { code: code.into(), title, parent }])
}

/// Hands in commands around what makes a thread panic; every one of them is answered.
fn everybody_is_answered(kill: impl FnOnce(&Engine)) {
    let disk = MemoryDisk::new();
    let engine = bank(&disk);
    engine.call(institution("00")).unwrap();
    let (sender, answers) = unbounded();
    let submit = |code: &str| {
        let sender = sender.clone();
        engine.submit(institution(code), move |outcome| drop(sender.send(outcome)));
    };
    submit("01");
    kill(&engine);
    submit("02");
    submit("03");
    for _ in 0..3 {
        let answer = answers.recv_timeout(Duration::from_secs(30));
        let answer = answer.expect("whoever waits is answered");
        assert!(answer.is_ok() || answer.is_err_and(|refusal| refusal.code == "Unavailable"));
    }
    assert_eq!(engine.call(institution("04")).unwrap_err().code, "Unavailable");
    assert!(engine.look(|_| ()).is_err());
    // Some are answered while the thread is still on its way out.
    let reason = std::iter::repeat_with(|| engine.down()).find_map(|reason| reason);
    assert!(reason.is_some_and(|reason| reason.contains("panicked")));
}

#[test]
fn a_deciding_thread_that_dies_leaves_nobody_waiting() {
    everybody_is_answered(|engine| {
        assert!(engine.look(|_| panic!("on purpose")).is_err());
    });
}

#[test]
fn a_committing_thread_that_dies_leaves_nobody_waiting() {
    everybody_is_answered(|engine| {
        assert!(engine.with_store(|_, _| panic!("on purpose")).is_err());
    });
}

#[test]
fn a_writer_that_was_overtaken_learns_it_when_it_asks() {
    let disk = MemoryDisk::new();
    let first = bank(&disk);
    first.confirm().unwrap();
    let second = Engine::open(Box::new(disk.open()), "stopped", Arc::new(|| 0)).unwrap();
    first.confirm().unwrap();
    second.call(institution("00")).unwrap();
    assert_eq!(first.confirm().unwrap_err().code, "Unavailable");
    assert!(first.down().is_some_and(|reason| reason.contains("StoreFenced")));
    assert!(first.look(|_| ()).is_err());
    assert_eq!(first.call(institution("00")).unwrap_err().code, "Unavailable");
    second.confirm().unwrap();
}
