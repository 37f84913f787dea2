//! Where a simulated bank keeps its blocks, how it breaks, and what stands in it.

use super::model::{Entry, Item};
use super::random::Random;
use history::block::{Body, decode};
use ledger::fact::Fact;
use std::path::PathBuf;
use std::sync::Arc;
use store::memory::{Call, Fault, MemoryDisk};
use store::testing::{Cluster, Database};
use store::{Block, PostgresStore, SqliteStore, Store};
use tempfile::TempDir;

/// What outlives a crash.
pub enum Disk {
    Memory(MemoryDisk),
    Sqlite { folder: TempDir, life: u32 },
    Postgres(Database),
}

/// Ends every session, as when the server goes down or a network is cut.
const CUT: &str = "select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()";

/// What may become of the next write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is kept and acknowledged.
    Kept,
    /// It may be refused as unavailable, kept or not.
    Doubtful,
}

impl Disk {
    pub fn memory() -> Self {
        Self::Memory(MemoryDisk::new())
    }

    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        Self::Sqlite { folder, life: 0 }
    }

    pub fn postgres() -> Self {
        let database = Cluster::shared().database();
        Self::Postgres(database.expect("the test's server makes databases"))
    }

    pub fn open(&self) -> Box<dyn Store> {
        match self {
            Self::Memory(disk) => Box::new(disk.open()),
            Self::Postgres(database) => {
                let store = PostgresStore::connect(database.url());
                Box::new(store.expect("the test's server answers"))
            }
            Self::Sqlite { .. } => {
                let store = SqliteStore::open(self.file());
                Box::new(store.expect("the file is in a folder of its own"))
            }
        }
    }

    fn file(&self) -> PathBuf {
        match self {
            Self::Memory(_) | Self::Postgres(_) => unreachable!("it has no file of ours"),
            Self::Sqlite { folder, life } => folder.path().join(format!("bank-{life}.db")),
        }
    }

    /// The process is gone without a goodbye: who had the disk open has it no more. SQLite's file
    /// and log are copied as they stand, as a crash would leave them.
    pub fn crash(&mut self) {
        match self {
            Self::Memory(disk) => disk.crash(),
            Self::Postgres(_) => self.cut(),
            Self::Sqlite { .. } => {
                let old = self.file();
                if let Self::Sqlite { life, .. } = self {
                    *life += 1;
                }
                let new = self.file();
                for suffix in ["", "-wal"] {
                    let from = format!("{}{suffix}", old.display());
                    if std::path::Path::new(&from).exists() {
                        let to = format!("{}{suffix}", new.display());
                        std::fs::copy(from, to).expect("the folder has room for a copy");
                    }
                }
            }
        }
    }

    fn cut(&self) {
        if let Self::Postgres(database) = self {
            store::testing::run(database.url(), CUT).expect("the test's server answers");
        }
    }

    /// Breaks the next write in some way: SQLite is only ever crashed between writes, and a
    /// PostgreSQL that cut the connection is reached again.
    pub fn spoil(&self, random: &mut Random) -> (Fate, &'static str) {
        let Self::Memory(disk) = self else {
            self.cut();
            return (Fate::Kept, "a connection may be cut");
        };
        let plan = |faults: &[Fault]| {
            faults.iter().for_each(|fault| disk.plan(Call::Append, fault.clone()));
        };
        match random.below(9) {
            0 => plan(&[Fault::Full]),
            1 => plan(&[Fault::Busy, Fault::Busy]),
            2 => plan(&[Fault::LostBefore, Fault::LostBefore]),
            3 => plan(&[Fault::LostAfter, Fault::LostBefore]),
            4 => plan(&[Fault::Torn]),
            5 => disk.crash(),
            6 => {
                plan(&[Fault::Busy]);
                return (Fate::Kept, "busy once");
            }
            7 => {
                plan(&[Fault::LostBefore]);
                return (Fate::Kept, "lost once, before");
            }
            _ => {
                plan(&[Fault::LostAfter]);
                return (Fate::Kept, "lost once, after");
            }
        }
        (Fate::Doubtful, "failing")
    }

    /// Breaks the next snapshot; whether the disk is dead after it.
    pub fn spoil_snapshot(&self, random: &mut Random) -> bool {
        let Self::Memory(disk) = self else { return false };
        let faults = [Fault::Full, Fault::LostBefore, Fault::LostAfter, Fault::Torn];
        let fault = random.pick(&faults);
        disk.plan(Call::PutSnapshot, fault.clone());
        *fault == Fault::Torn
    }

    /// Breaks the next read.
    pub fn spoil_read(&self) {
        if let Self::Memory(disk) = self {
            disk.plan(Call::Read, Fault::LostBefore);
        }
    }

    /// Faults that have not happened do not happen any more.
    pub fn spare(&self) {
        if let Self::Memory(disk) = self {
            disk.plan_nothing();
        }
    }
}

/// What a block says, entries and facts in the order they happened.
pub fn items_of(block: &Block) -> Result<Vec<Item>, String> {
    let body = decode(&block.payload).map_err(|error| format!("block {}: {error}", block.seq))?;
    let Body { first_entry, batch, facts, .. } = body;
    let mut facts = facts.iter().peekable();
    let mut items = Vec::new();
    for at in 0..=batch.len() {
        while let Some(placed) = facts.next_if(|placed| placed.after as usize == at) {
            let fact = Fact::read(&placed.json)
                .map_err(|error| format!("block {}: {error}", block.seq))?;
            items.push(Item::Fact(Arc::new(fact)));
        }
        if at == batch.len() {
            break;
        }
        let start = if at == 0 { 0 } else { batch.entries[at - 1].lines_end as usize };
        let end = batch.entries[at].lines_end as usize;
        let marks = batch.marks.iter().filter(|mark| (start..end).contains(&(mark.line as usize)));
        let entry = Entry {
            no: first_entry.0 + at as u64,
            key: batch.entries[at].key,
            header: batch.headers[batch.entries[at].header as usize].clone(),
            lines: batch.lines[start..end].to_vec(),
            marks: marks
                .map(|mark| (mark.line as usize - start, mark.clears, mark.quantity))
                .collect(),
        };
        items.push(Item::Entry(Arc::new(entry)));
    }
    Ok(items)
}
