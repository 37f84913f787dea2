//! Durable bulk posting of two-line entries on the embedded store, against the raw append of the
//! same bytes with one fdatasync a block.

use crate::machine::cpu_seconds;
use crate::setup::{Draw, Entries, Folder, bank};
use bank::Command;
use crossbeam_channel::bounded;
use ledger::Batch;
use std::fs::File;
use std::io::Write;
use std::time::Instant;
use store::{SqliteStore, Store};

const ACCOUNTS: usize = 100_000;
const BATCH: usize = 8_000;
/// Batches handed in before the first answer is waited for.
const IN_FLIGHT: usize = 16;

/// Bulk posting in batches of 8,000.
pub fn run(entries: usize) {
    println!("\n## Durable bulk posting, SQLite, {entries} entries, {ACCOUNTS} accounts\n");
    println!(
        "| accounts | entries/s | CPU µs/entry | bytes/entry | raw append, entries/s | of raw |"
    );
    println!("|---|---|---|---|---|---|");
    for draw in [Draw::Uniform, Draw::Zipf] {
        let figures = post(draw, entries, BATCH);
        println!(
            "| {draw:?} | {:.0} | {:.2} | {:.1} | {:.0} | {:.0}% |",
            figures.rate,
            figures.cpu_micros,
            figures.bytes,
            figures.raw,
            figures.rate / figures.raw * 100.0
        );
    }
}

/// The same batches on the PostgreSQL that PIAOHAO_TEST_PG names: `scripts/with-postgres.sh`.
pub fn postgres(entries: usize) {
    let Ok(address) = std::env::var("PIAOHAO_TEST_PG") else {
        println!("\nPostgreSQL: run under scripts/with-postgres.sh to measure it");
        return;
    };
    let store = store::open(&address).expect("the server answers");
    let (engine, accounts) = bank(store, ACCOUNTS);
    let mut made = Entries::new(accounts, Draw::Uniform);
    let batches: Vec<Batch> = (0..entries.div_ceil(BATCH)).map(|_| made.batch(BATCH)).collect();
    let posted = batches.len() * BATCH;
    let start = Instant::now();
    hand_in(&engine, batches, IN_FLIGHT);
    let rate = posted as f64 / start.elapsed().as_secs_f64();
    println!("\n## Durable bulk posting, PostgreSQL, {posted} entries in batches of {BATCH}\n");
    println!("| entries/s |\n|---|\n| {rate:.0} |");
}

/// Smaller groups, one after another and with several in flight.
pub fn groups() {
    println!("\n## Groups in a row, SQLite\n");
    println!("| group | waiting for each, entries/s | {IN_FLIGHT} in flight, entries/s |");
    println!("|---|---|---|");
    for (group, entries) in [(1_000, 400_000), (100, 100_000), (10, 20_000), (1, 5_000)] {
        let alone = post_groups(entries / 2, group, 1);
        let many = post_groups(entries, group, IN_FLIGHT);
        println!("| {group} | {alone:.0} | {many:.0} |");
    }
}

struct Figures {
    rate: f64,
    cpu_micros: f64,
    bytes: f64,
    raw: f64,
}

fn post(draw: Draw, entries: usize, size: usize) -> Figures {
    let folder = Folder::new("bulk");
    let path = folder.0.join("books.db");
    let store = SqliteStore::open(&path).expect("the temporary folder is writable");
    let (engine, accounts) = bank(Box::new(store), ACCOUNTS);
    let mut made = Entries::new(accounts, draw);
    let batches: Vec<Batch> = (0..entries.div_ceil(size)).map(|_| made.batch(size)).collect();
    let posted = batches.len() * size;
    let (cpu, start) = (cpu_seconds(), Instant::now());
    hand_in(&engine, batches, IN_FLIGHT);
    let (wall, cpu) = (start.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    drop(engine);
    let mut store = SqliteStore::open(&path).expect("the file was just written");
    let sizes = block_sizes(&mut store);
    let bytes: usize = sizes.iter().sum();
    let raw = raw_append(&folder, &sizes);
    Figures {
        rate: posted as f64 / wall,
        cpu_micros: cpu * 1e6 / posted as f64,
        bytes: bytes as f64 / posted as f64,
        raw: posted as f64 / raw,
    }
}

fn post_groups(entries: usize, group: usize, in_flight: usize) -> f64 {
    let folder = Folder::new("groups");
    let store = SqliteStore::open(folder.0.join("books.db")).expect("a writable folder");
    let (engine, accounts) = bank(Box::new(store), ACCOUNTS);
    let mut made = Entries::new(accounts, Draw::Uniform);
    let batches: Vec<Batch> = (0..entries / group).map(|_| made.batch(group)).collect();
    let start = Instant::now();
    hand_in(&engine, batches, in_flight);
    entries as f64 / start.elapsed().as_secs_f64()
}

fn hand_in(engine: &engine::Engine, batches: Vec<Batch>, in_flight: usize) {
    let (done, answers) = bounded(in_flight);
    let count = batches.len();
    for (no, batch) in batches.into_iter().enumerate() {
        if no >= in_flight {
            check(answers.recv().expect("the engine answers"));
        }
        let done = done.clone();
        engine.submit(Command::PostBatch { batch, whole: false }, move |outcome| {
            let _ = done.send(outcome);
        });
    }
    for _ in 0..in_flight.min(count) {
        check(answers.recv().expect("the engine answers"));
    }
}

fn check(outcome: engine::Outcome) {
    let Ok(bank::Answer::Entries(receipts)) = outcome else { panic!("refused: {outcome:?}") };
    assert!(receipts.refused.is_empty(), "{:?}", receipts.refused.first());
}

/// Payload sizes of the blocks that hold entries.
fn block_sizes(store: &mut SqliteStore) -> Vec<usize> {
    let mut sizes = Vec::new();
    let mut from = 1;
    loop {
        let heads = store.heads("bench", from, 1_000).expect("the store answers");
        let Some(last) = heads.last() else { break };
        from = last.seq + 1;
        sizes.extend(heads.windows(2).filter_map(|pair| {
            let holds = pair[1].first_entry > pair[0].first_entry;
            holds.then_some(pair[0].payload_bytes as usize)
        }));
        let holds = last.payload_bytes as usize;
        sizes.push(holds);
    }
    sizes
}

/// Seconds to append the same bytes to a plain file, fdatasync after each block.
fn raw_append(folder: &Folder, sizes: &[usize]) -> f64 {
    let mut file = File::create(folder.0.join("raw")).expect("the temporary folder is writable");
    let bytes = vec![7_u8; sizes.iter().copied().max().unwrap_or(0)];
    let start = Instant::now();
    for size in sizes {
        file.write_all(&bytes[..*size]).expect("the disk has room");
        file.sync_data().expect("the disk answers");
    }
    start.elapsed().as_secs_f64()
}
