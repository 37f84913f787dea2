//! What grows with accounts: memory, accrual, snapshot and recovery.

use crate::machine::resident_bytes;
use crate::setup::{Draw, Entries, Folder, bank};
use bank::Command;
use engine::{Engine, verify::verify};
use ledger::close::Step;
use std::sync::Arc;
use std::time::Instant;
use store::SqliteStore;

/// Memory per account, accrual of a million accounts, recovery and verification of 5 million
/// entries (10 million lines).
pub fn accounts() {
    println!("\n## State\n");
    println!("| what | figure |");
    println!("|---|---|");
    let folder = Folder::new("state");
    let path = folder.0.join("books.db");
    let before = resident_bytes();
    let store = SqliteStore::open(&path).expect("a writable folder");
    let (engine, accounts) = bank(Box::new(store), 1_000_000);
    let grown = resident_bytes().saturating_sub(before);
    println!("| memory an account, 1,000,000 accounts | {} bytes |", grown / 1_000_000);
    let mut made = Entries::new(accounts, Draw::Uniform);
    for _ in 0..625 {
        let command = Command::PostBatch { batch: made.batch(8_000), whole: false };
        engine.call(command).expect("a batch is posted");
    }
    let command = Command::CloseInstitutions { by: "bench".into() };
    engine.call(command).expect("institutions stop");
    for step in [Step::Stop, Step::Accrue] {
        let start = Instant::now();
        engine.call(Command::RunStep { step, accept: None }).expect("the step runs");
        println!(
            "| {} of 1,000,000 accounts | {:.2} s |",
            step.en(),
            start.elapsed().as_secs_f64()
        );
    }
    drop(engine);
    let open = || Box::new(SqliteStore::open(&path).expect("the file was just written"));
    let start = Instant::now();
    drop(Engine::open(open(), "bench", Arc::new(|| 0)).expect("the bank recovers"));
    println!("| recovery, 10 million lines | {:.2} s |", start.elapsed().as_secs_f64());
    let start = Instant::now();
    let verified = verify(open(), "bench", |_| {}).expect("the bank verifies");
    let seconds = start.elapsed().as_secs_f64();
    println!("| verify, {} lines | {seconds:.2} s |", verified.lines);
}
