//! Durable bulk posting of two-line entries in batches of 8,000, against the raw append of the
//! same bytes with one fdatasync a block.

use crate::Options;
use crate::entries::{BATCH, Draw, Entries};
use crate::folder::Folder;
use crate::hand_in::{IN_FLIGHT, hand_in};
use crate::machine::cpu_seconds;
use crate::pace::timed;
use crate::raw;
use crate::server;
use crate::setup::{ACCOUNTS, BANK, bank, store};
use crate::table::{Aim, Table, count, figure, percent};
use ledger::Batch;

/// What the issue asks at one million entries and at ten.
const SIZES: [usize; 2] = [1_000_000, 10_000_000];

/// On the embedded store.
pub fn sqlite(options: &Options) {
    let sizes = options.entries.map_or(SIZES.to_vec(), |entries| vec![entries]);
    let title = "Durable bulk posting, SQLite";
    let table = begin(title);
    for entries in sizes {
        let aim = if entries > SIZES[0] { 800_000.0 } else { 1_000_000.0 };
        for draw in [Draw::Uniform, Draw::Zipf] {
            let folder = Folder::new("bulk");
            row(
                &table,
                draw,
                Aim::AtLeast(aim, ""),
                &post(&folder, &folder.books(), draw, entries),
            );
        }
    }
}

/// On the server.
pub fn postgres(options: &Options) {
    let Some(first) = server::database() else { return };
    let entries = options.entries.unwrap_or(SIZES[0]);
    let table = begin("Durable bulk posting, PostgreSQL");
    let mut database = Some(first);
    for draw in [Draw::Uniform, Draw::Zipf] {
        let Some(place) = database.take().or_else(server::database) else { return };
        let folder = Folder::new("bulk");
        let figures = post(&folder, place.url(), draw, entries);
        row(&table, draw, Aim::AtLeast(400_000.0, ""), &figures);
    }
}

/// What posting came to.
pub struct Figures {
    pub entries: usize,
    /// Entries a second.
    pub rate: f64,
    /// Of this process, without a server's.
    pub cpu_micros: f64,
    /// Of the journal, for each entry.
    pub bytes: f64,
    /// Entries a second that the disk could take.
    pub raw: f64,
}

/// Posts to a new bank in an empty store, and leaves it there.
pub fn post(folder: &Folder, address: &str, draw: Draw, entries: usize) -> Figures {
    let (engine, accounts) = bank(address, ACCOUNTS);
    let batches: Vec<Batch> = Entries::new(&accounts, draw, 7).batches(entries);
    let posted: usize = batches.iter().map(Batch::len).sum();
    let cpu = cpu_seconds();
    let ((), seconds) = timed(|| hand_in(&engine, batches, IN_FLIGHT));
    let cpu = cpu_seconds() - cpu;
    drop(engine);
    let sizes = block_sizes(address);
    let bytes: usize = sizes.iter().sum();
    let raw = raw::append_seconds(folder, &sizes);
    Figures {
        entries: posted,
        rate: posted as f64 / seconds,
        cpu_micros: cpu * 1e6 / posted as f64,
        bytes: bytes as f64 / posted as f64,
        raw: posted as f64 / raw,
    }
}

/// Payload sizes of the blocks that hold entries.
pub fn block_sizes(address: &str) -> Vec<usize> {
    let mut store = store(address);
    let (mut heads, mut from) = (Vec::new(), 1);
    loop {
        let page = store.heads(BANK, from, 1_000).expect("the store answers");
        let Some(last) = page.last() else { break };
        from = last.seq + 1;
        heads.extend(page);
    }
    // The last block is of entries too: nothing else comes after them.
    let nexts = heads.iter().skip(1).map(|head| head.first_entry).chain([u64::MAX]);
    let holding = heads.iter().zip(nexts).filter(|(head, next)| *next > head.first_entry);
    holding.map(|(head, _)| head.payload_bytes as usize).collect()
}

fn begin(title: &str) -> Table {
    let title = format!(
        "{title}: two-line entries in batches of {}, {} accounts",
        count(BATCH),
        count(ACCOUNTS)
    );
    let columns = [
        "entries",
        "accounts drawn",
        "entries/s",
        "aim",
        "own CPU µs an entry",
        "journal bytes an entry",
        "raw append, entries/s",
        "of raw",
    ];
    Table::begin(&title, &columns)
}

fn row(table: &Table, draw: Draw, aim: Aim, figures: &Figures) {
    table.row(&[
        count(figures.entries),
        draw.name().to_owned(),
        figure(figures.rate),
        aim.beside(figures.rate),
        figure(figures.cpu_micros),
        figure(figures.bytes),
        figure(figures.raw),
        percent(figures.rate / figures.raw),
    ]);
}
