//! Groups smaller than the engine makes by itself, in a row: with many in flight, and each waited
//! for, which can never be faster than the disk makes one block durable after another.

use crate::Options;
use crate::bulk::block_sizes;
use crate::entries::{Draw, Entries};
use crate::folder::Folder;
use crate::hand_in::{IN_FLIGHT, check, hand_in};
use crate::pace::{Pace, timed};
use crate::raw;
use crate::setup::{ACCOUNTS, bank};
use crate::table::{Aim, Table, count, figure, percent};
use bank::Command;
use ledger::Batch;
use std::time::Duration;

/// Entries a group, groups in flight, groups waited for at most, and the entries a second that the
/// issue asks for.
const GROUPS: [(usize, usize, usize, f64); 4] = [
    (1_000, 1_000, 1_000, 600_000.0),
    (100, 4_000, 4_000, 250_000.0),
    (10, 10_000, 10_000, 50_000.0),
    (1, 20_000, 20_000, 9_000.0),
];

/// How long groups are waited for, one after another.
const SPAN: Duration = Duration::from_secs(3);

/// How long the disk is measured, each way, before and after.
const DISK_SPAN: Duration = Duration::from_secs(1);

/// What the disk writes at least.
const SECTOR: usize = 4096;

pub fn run(options: &Options) {
    let columns = [
        "group",
        &format!("{IN_FLIGHT} in flight, entries/s"),
        "aim",
        "each waited for, entries/s",
        "groups/s",
        "fdatasync/s of the same bytes, appended",
        "written over",
        "of the faster",
    ];
    let table = Table::begin("Groups in a row, SQLite", &columns);
    for (group, flying, waiting, aim) in GROUPS {
        let most = options.entries.map_or(usize::MAX, |entries| (entries / group).max(10));
        let (many, bytes) = in_flight(group, flying.min(most));
        // On both sides of what they are compared with: the disk's load changes.
        let before = disk(bytes);
        let groups = one_by_one(group, waiting.min(most));
        let after = disk(bytes);
        let [appended, rewritten] = [0, 1].map(|way| (before[way] + after[way]) / 2.0);
        table.row(&[
            count(group),
            figure(many),
            Aim::AtLeast(aim, "").beside(many),
            figure(groups * group as f64),
            figure(groups),
            figure(appended),
            figure(rewritten),
            percent(groups / appended.max(rewritten)),
        ]);
    }
}

/// Entries a second, and the bytes of one group's block in whole sectors.
fn in_flight(group: usize, groups: usize) -> (f64, usize) {
    let folder = Folder::new("groups");
    let (engine, accounts) = bank(&folder.books(), ACCOUNTS);
    let mut made = Entries::new(&accounts, Draw::Uniform, 7);
    // The first makes a block of its own, as it is waited for.
    hand_in(&engine, vec![made.batch(group)], 1);
    let batches: Vec<Batch> = (0..groups).map(|_| made.batch(group)).collect();
    let ((), seconds) = timed(|| hand_in(&engine, batches, IN_FLIGHT));
    drop(engine);
    let bytes = block_sizes(&folder.books())[0].next_multiple_of(SECTOR);
    ((groups * group) as f64 / seconds, bytes)
}

/// Groups a second, each durable before the next is handed in.
fn one_by_one(group: usize, most: usize) -> f64 {
    let folder = Folder::new("groups");
    let (engine, accounts) = bank(&folder.books(), ACCOUNTS);
    let mut made = Entries::new(&accounts, Draw::Uniform, 7);
    let batches: Vec<Batch> = (0..most).map(|_| made.batch(group)).collect();
    let mut batches = batches.into_iter();
    let pace = Pace::repeat(SPAN, most, |_| {
        let batch = batches.next().expect("there is a batch for each time");
        check(engine.call(Command::PostBatch { batch, whole: false }));
    });
    pace.per_second()
}

/// Writes a second that are made durable: appended, and written over.
fn disk(bytes: usize) -> [f64; 2] {
    let folder = Folder::new("raw");
    let appended = raw::appends(&folder, bytes, DISK_SPAN);
    [appended.per_second(), raw::rewrites(&folder, bytes, DISK_SPAN).per_second()]
}
