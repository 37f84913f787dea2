//! Where the time of bulk posting goes. First one stage after another on one thread, by calling
//! what the engine calls on the same batches; then in the engine itself, by thread.

use crate::Options;
use crate::entries::{Draw, Entries};
use crate::folder::Folder;
use crate::hand_in::{IN_FLIGHT, hand_in};
use crate::machine::{own_cpu_seconds, thread_seconds};
use crate::pace::timed;
use crate::setup::{ACCOUNTS, BANK, bank, store};
use crate::table::{Table, count, figure, percent};
use crate::{raw, recovery};
use bank::{Command, Loaded, decide};
use history::block::{Body, encode, hash_block};
use ledger::Batch;
use ledger::fact::Draft;
use std::time::Instant;
use store::Block;

/// The engine closes a group when it holds so many lines.
const GROUP_LINES: usize = 1 << 16;

/// Names of the engine's threads, and of this one.
const THREADS: [(&str, &str); 4] = [
    ("decide", "decides, owns the state"),
    ("commit", "encodes, hashes, appends"),
    ("answer", "wakes those who wait"),
    ("bench", "hands in, takes the answers"),
];

pub fn run(options: &Options) {
    let entries = options.entries.unwrap_or(1_000_000);
    stages(entries);
    threads(entries);
}

/// What a stage took, in all its calls.
#[derive(Clone, Copy, Default)]
struct Stage {
    seconds: f64,
    /// On a processor; the rest of the seconds it waited.
    cpu: f64,
}

#[derive(Default)]
struct Stages {
    decide: Stage,
    encode: Stage,
    hash: Stage,
    append: Stage,
    /// Payload bytes of each block.
    sizes: Vec<usize>,
}

impl Stage {
    fn measure<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let cpu = own_cpu_seconds();
        let (made, seconds) = timed(work);
        self.seconds += seconds;
        self.cpu += own_cpu_seconds() - cpu;
        made
    }
}

fn stages(entries: usize) {
    let folder = Folder::new("profile");
    let (engine, accounts) = bank(&folder.books(), ACCOUNTS);
    drop(engine);
    let batches = Entries::new(&accounts, Draw::Uniform, 7).batches(entries);
    let posted: usize = batches.iter().map(Batch::len).sum();
    let stages = post(&folder, batches);
    let synced = raw::append_seconds(&folder, &stages.sizes);
    let title = format!("One stage after another, {} entries on one thread", count(posted));
    let columns = ["stage", "seconds", "share", "µs an entry", "waiting s"];
    let table = Table::begin(&title, &columns);
    let named = [
        ("decide (`bank::decide`)", stages.decide),
        ("encode (`history::encode`)", stages.encode),
        ("hash (`history::hash_block`)", stages.hash),
        ("append (`SqliteStore::append`)", stages.append),
    ];
    let all: f64 = named.iter().map(|(_, stage)| stage.seconds).sum();
    for (name, stage) in named {
        table.row(&[
            name.to_owned(),
            figure(stage.seconds),
            percent(stage.seconds / all),
            figure(stage.seconds * 1e6 / posted as f64),
            figure((stage.seconds - stage.cpu).max(0.0)),
        ]);
    }
    println!(
        "\n{} blocks of {} entries; the same bytes appended to a plain file with fdatasync take \
         {} s.",
        stages.sizes.len(),
        count(posted / stages.sizes.len().max(1)),
        figure(synced)
    );
}

/// What the engine's two threads do, in turns.
fn post(folder: &Folder, batches: Vec<Batch>) -> Stages {
    let mut state = recovery::follow(&folder.books()).state().clone();
    let mut store = store(&folder.books());
    let tip = store.tip(BANK).expect("the store answers").expect("the bank has blocks");
    let (mut seq, mut prev_hash) = (tip.seq, tip.hash);
    let (mut stages, mut draft) = (Stages::default(), Draft::default());
    let mut first_entry = state.book.next_entry;
    let last = batches.len() - 1;
    for (at, batch) in batches.into_iter().enumerate() {
        let command = Command::PostBatch { batch, whole: false };
        let loaded = Loaded::default();
        let outcome = stages.decide.measure(|| decide(&mut state, &loaded, command, &mut draft));
        outcome.expect("every entry is posted");
        if draft.batch.lines.len() < GROUP_LINES && at < last {
            continue;
        }
        let business_date = state.book.today;
        let batch = std::mem::take(&mut draft.batch);
        let body = Body { first_entry, at_micros: 0, business_date, batch, facts: Vec::new() };
        let payload = stages.encode.measure(|| {
            let mut payload = Vec::new();
            encode(&body, &mut payload);
            payload
        });
        let hash = stages.hash.measure(|| hash_block(&prev_hash, &payload));
        stages.sizes.push(payload.len());
        seq += 1;
        let block = Block {
            seq,
            prev_hash,
            hash,
            first_entry: first_entry.0,
            business_date: business_date.0,
            payload: payload.into(),
        };
        stages.append.measure(|| store.append(BANK, &block)).expect("the store takes the block");
        prev_hash = hash;
        first_entry = state.book.next_entry;
        draft.batch = body.batch;
        draft.clear();
    }
    stages
}

/// The same entries through the engine: what its threads ran, and what they waited.
fn threads(entries: usize) {
    let folder = Folder::new("profile");
    let (engine, accounts) = bank(&folder.books(), ACCOUNTS);
    let batches = Entries::new(&accounts, Draw::Uniform, 7).batches(entries);
    let posted: usize = batches.iter().map(Batch::len).sum();
    let before = THREADS.map(|(name, _)| thread_seconds(name));
    let start = Instant::now();
    hand_in(&engine, batches, IN_FLIGHT);
    let wall = start.elapsed().as_secs_f64();
    let after = THREADS.map(|(name, _)| thread_seconds(name));
    let title = format!(
        "The engine's threads, {} entries in {} s: {} entries/s",
        count(posted),
        figure(wall),
        figure(posted as f64 / wall)
    );
    let columns = [
        "thread",
        "what it does",
        "running s",
        "queued for a core s",
        "idle or on disk s",
        "running",
    ];
    let table = Table::begin(&title, &columns);
    for ((name, does), (before, after)) in THREADS.iter().zip(before.iter().zip(&after)) {
        let (ran, queued) = (after.0 - before.0, after.1 - before.1);
        table.row(&[
            format!("`{name}`"),
            (*does).to_owned(),
            figure(ran),
            figure(queued),
            figure((wall - ran - queued).max(0.0)),
            percent(ran / wall),
        ]);
    }
}
