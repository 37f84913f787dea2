//! Where a test keeps its blocks: one of the three stores, empty, opened as often as wanted.

use bytes::Bytes;
use store::memory::MemoryDisk;
use store::testing::{Cluster, Database};
use store::{Block, Hash, PostgresStore, Record, SqliteStore, Store, StoreError};
use tempfile::TempDir;

/// Something durable that a store can be opened on, again and again.
pub trait Place: Sync {
    fn open(&self) -> Box<dyn Store>;
}

/// Runs a test on each store, in a place of its own.
pub fn on_every_store(test: impl Fn(&dyn Place)) {
    let memory = MemoryDisk::new();
    eprintln!("in memory");
    test(&memory);
    eprintln!("on SQLite");
    test(&SqlitePlace::new());
    eprintln!("on PostgreSQL");
    test(&PostgresPlace::new());
}

pub struct SqlitePlace {
    pub folder: TempDir,
}

impl SqlitePlace {
    pub fn new() -> Self {
        SqlitePlace { folder: tempfile::tempdir().unwrap() }
    }

    pub fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("bank.db")
    }
}

impl Place for SqlitePlace {
    fn open(&self) -> Box<dyn Store> {
        Box::new(SqliteStore::open(self.file()).unwrap())
    }
}

impl Place for MemoryDisk {
    fn open(&self) -> Box<dyn Store> {
        Box::new(MemoryDisk::open(self))
    }
}

/// A hash that tells which writer made which block.
pub fn hash(writer: &str, seq: u64) -> Hash {
    store::sha256(format!("{writer}/{seq}").as_bytes())
}

/// Block `seq` of the chain that `writer` makes alone: two entries each, ten blocks a day.
pub fn block(writer: &str, seq: u64, bytes: usize) -> Block {
    Block {
        seq,
        prev_hash: if seq == 1 { [0; 32] } else { hash(writer, seq - 1) },
        hash: hash(writer, seq),
        first_entry: 2 * seq - 1,
        business_date: 20_000 + i32::try_from(seq / 10).unwrap(),
        payload: noise(seq, bytes),
    }
}

/// Bytes that no compression makes smaller.
pub fn noise(seed: u64, bytes: usize) -> Bytes {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut noise = Vec::with_capacity(bytes + 8);
    while noise.len() < bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        noise.extend_from_slice(&state.to_le_bytes());
    }
    noise.truncate(bytes);
    noise.into()
}

/// Appends blocks 1 to `count`.
pub fn fill(store: &mut dyn Store, bank: &str, count: u64, bytes: usize) -> Vec<Block> {
    let blocks: Vec<Block> = (1..=count).map(|seq| block(bank, seq, bytes)).collect();
    for block in &blocks {
        store.append(bank, block).unwrap();
    }
    blocks
}

/// One database of the test cluster.
pub struct PostgresPlace {
    pub database: Database,
}

impl PostgresPlace {
    pub fn new() -> Self {
        PostgresPlace { database: Cluster::shared().database().unwrap() }
    }

    /// Runs SQL beside the stores.
    pub fn run(&self, sql: &str) -> Result<(), StoreError> {
        store::testing::run(self.database.url(), sql)
    }
}

impl Place for PostgresPlace {
    fn open(&self) -> Box<dyn Store> {
        Box::new(PostgresStore::connect(self.database.url()).unwrap())
    }
}

/// The record of a matter that ended thus.
pub fn ended(state: &str, id: u64) -> Record {
    Record {
        id,
        code: "CASH-020".into(),
        number: format!("XJDB-20260105-{id:05}"),
        institution: "330201".into(),
        opened: 20_000,
        ended: 20_001,
        state: state.into(),
        opener: "zhang".into(),
        body: noise(id, 500),
    }
}
