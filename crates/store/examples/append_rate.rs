//! How many blocks a second are made durable: a raw file with fdatasync, SQLite, PostgreSQL, in
//! blocks of four sizes, all in the same run, so that the ratios hold whatever else the machine
//! does.
//!
//!     cargo run --release -p store --features testing --example append_rate [folder] [seconds]
//!
//! Each cell runs for some seconds after a warm-up in which SQLite's log reaches its full length.
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on should stop")]

use bytes::Bytes;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use store::testing::{Cluster, Wishes};
use store::{Block, Hash, PostgresStore, SqliteStore, Store};

const SIZES: [usize; 4] = [1_000, 8_000, 450_000, 2_000_000];

/// More than SQLite's log holds, so that what is measured includes its being copied.
const WARM_UP_BYTES: usize = 80_000_000;

/// A cell ends after so many bytes, to spare the disk.
const CELL_BYTES_MAX: usize = 2_000_000_000;

struct Rate {
    seconds: f64,
    /// Of each append, in milliseconds, ascending.
    latencies: Vec<f64>,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let seconds = arguments.next().map_or(3.0, |text| text.parse().unwrap());
    let folder = folder.join(format!("append-rate-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let cluster = match Cluster::start(&Wishes::default()) {
        Ok(cluster) => Some(cluster),
        Err(what) => {
            eprintln!("without PostgreSQL: {what}");
            None
        }
    };
    println!("| block bytes | store | blocks/s | MB/s | of raw | p50 ms | p99 ms | max ms |");
    println!("|---|---|---|---|---|---|---|---|");
    for bytes in SIZES {
        let payload = noise(bytes);
        let before = raw(&folder, &payload, seconds);
        let raw_rate = before.blocks_per_second();
        before.print(bytes, "raw append + fdatasync", raw_rate);
        let file = folder.join("bank.db");
        let mut sqlite = SqliteStore::open(&file).unwrap();
        append(&mut sqlite, &payload, seconds).print(bytes, "SQLite", raw_rate);
        drop(sqlite);
        fs::remove_file(file).unwrap();
        if let Some(cluster) = &cluster {
            let database = cluster.database().unwrap();
            let mut postgres = PostgresStore::connect(database.url()).unwrap();
            append(&mut postgres, &payload, seconds).print(bytes, "PostgreSQL", raw_rate);
        }
        raw(&folder, &payload, seconds).print(bytes, "raw again", raw_rate);
    }
    fs::remove_dir_all(folder).unwrap();
}

impl Rate {
    fn blocks_per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.seconds
    }

    fn print(&self, bytes: usize, name: &str, raw_rate: f64) {
        let rate = self.blocks_per_second();
        let at = |part: f64| self.latencies[((self.latencies.len() - 1) as f64 * part) as usize];
        println!(
            "| {bytes} | {name} | {rate:.0} | {:.1} | {:.2} | {:.2} | {:.2} | {:.1} |",
            rate * bytes as f64 / 1e6,
            rate / raw_rate,
            at(0.5),
            at(0.99),
            at(1.0),
        );
    }
}

fn raw(folder: &Path, payload: &Bytes, seconds: f64) -> Rate {
    let path = folder.join("raw");
    let mut file = File::create(&path).unwrap();
    let rate = measure(payload.len(), 0, seconds, |_| {
        file.write_all(payload).unwrap();
        file.sync_data().unwrap();
    });
    fs::remove_file(path).unwrap();
    rate
}

fn append(store: &mut dyn Store, payload: &Bytes, seconds: f64) -> Rate {
    let hash = |seq: u64| -> Hash {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&seq.to_le_bytes());
        hash
    };
    measure(payload.len(), WARM_UP_BYTES, seconds, |seq| {
        let block = Block {
            seq,
            prev_hash: hash(seq - 1),
            hash: hash(seq),
            first_entry: seq,
            business_date: 20_000 + (seq / 1000) as i32,
            payload: payload.clone(),
        };
        store.append("bank", &block).unwrap();
    })
}

fn measure(bytes: usize, warm_up: usize, seconds: f64, mut write: impl FnMut(u64)) -> Rate {
    let mut seq = 0;
    let mut run = |bytes_max: usize, limit: Duration| {
        let started = Instant::now();
        let mut latencies = Vec::new();
        while started.elapsed() < limit && latencies.len() * bytes < bytes_max {
            seq += 1;
            let before = Instant::now();
            write(seq);
            latencies.push(before.elapsed().as_secs_f64() * 1e3);
        }
        let seconds = started.elapsed().as_secs_f64();
        latencies.sort_by(f64::total_cmp);
        Rate { seconds, latencies }
    };
    let limit = Duration::from_secs_f64(seconds);
    run(warm_up, limit * 2);
    run(CELL_BYTES_MAX, limit)
}

fn noise(bytes: usize) -> Bytes {
    let mut state = 88_172_645_463_325_252_u64;
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
