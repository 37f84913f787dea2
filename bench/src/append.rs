//! How many blocks a second are made durable: a raw file with fdatasync, SQLite, PostgreSQL, in
//! blocks of four sizes, all in the same run, so that the ratios hold whatever else the machine
//! does.

use crate::Options;
use crate::folder::Folder;
use crate::pace::Pace;
use crate::raw::{self, noise};
use crate::server;
use crate::setup::{BANK, store};
use crate::table::{Table, count, figure, percent};
use std::time::Duration;
use store::{Block, Hash, Store};

const SIZES: [usize; 4] = [1_000, 8_000, 450_000, 2_000_000];

const SPAN: Duration = Duration::from_secs(3);

/// More than SQLite's log holds, so that what is measured includes its being copied.
const WARM_UP_BYTES: usize = 80_000_000;

/// A cell ends after so many bytes, to spare the disk.
const CELL_BYTES_MAX: usize = 2_000_000_000;

pub fn run(_: &Options) {
    let columns =
        ["block bytes", "place", "blocks/s", "MB/s", "of raw", "p50 ms", "p99 ms", "most ms"];
    let table = Table::begin("Blocks made durable, one after another", &columns);
    for bytes in SIZES {
        let folder = Folder::new("append");
        let before = raw::appends(&folder, bytes, SPAN);
        let raw_rate = before.per_second();
        row(&table, bytes, "plain file, appended", raw_rate, &before);
        let rewritten = raw::rewrites(&folder, bytes, SPAN);
        row(&table, bytes, "plain file, written over", raw_rate, &rewritten);
        let pace = append(&mut *store(&folder.books()), bytes);
        row(&table, bytes, "SQLite", raw_rate, &pace);
        if let Some(database) = server::database() {
            let pace = append(&mut *store(database.url()), bytes);
            row(&table, bytes, "PostgreSQL", raw_rate, &pace);
        }
        let again = raw::appends(&folder, bytes, SPAN);
        row(&table, bytes, "plain file, appended again", raw_rate, &again);
    }
}

fn row(table: &Table, bytes: usize, name: &str, raw_rate: f64, pace: &Pace) {
    let rate = pace.per_second();
    table.row(&[
        count(bytes),
        name.to_owned(),
        figure(rate),
        figure(rate * bytes as f64 / 1e6),
        percent(rate / raw_rate),
        figure(pace.at_ms(0.5)),
        figure(pace.at_ms(0.99)),
        figure(pace.at_ms(1.0)),
    ]);
}

fn append(store: &mut dyn Store, bytes: usize) -> Pace {
    let hash = |seq: u64| -> Hash {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&seq.to_le_bytes());
        hash
    };
    let template = Block {
        seq: 0,
        prev_hash: hash(0),
        hash: hash(0),
        first_entry: 0,
        business_date: 20_000,
        payload: noise(bytes).into(),
    };
    let mut seq = 0;
    let mut write = |_| {
        seq += 1;
        let (prev_hash, own_hash) = (hash(seq - 1), hash(seq));
        let block = Block { seq, prev_hash, hash: own_hash, first_entry: seq, ..template.clone() };
        store.append(BANK, &block).expect("the store takes the block");
    };
    Pace::repeat(SPAN * 2, WARM_UP_BYTES.div_ceil(bytes), &mut write);
    Pace::repeat(SPAN, CELL_BYTES_MAX / bytes, write)
}
