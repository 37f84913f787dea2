//! Clients that post one entry and wait for it: rate and latency by number of clients.

use crate::setup::{Draw, Entries, Folder, bank};
use bank::Command;
use std::time::{Duration, Instant};
use store::SqliteStore;

const ACCOUNTS: usize = 100_000;
const SPAN: Duration = Duration::from_secs(4);

pub fn run() {
    println!("\n## Single entries, SQLite, each client waits for its receipt\n");
    println!("| clients | entries/s | p50 ms | p99 ms |");
    println!("|---|---|---|---|");
    for clients in [1, 8, 64] {
        let folder = Folder::new("single");
        let store = SqliteStore::open(folder.0.join("books.db")).expect("a writable folder");
        let (engine, accounts) = bank(Box::new(store), ACCOUNTS);
        let start = Instant::now();
        let mut times: Vec<Duration> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..clients)
                .map(|client| {
                    let (engine, accounts) = (&engine, accounts.clone());
                    scope.spawn(move || one_client(engine, accounts, client, start))
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().expect("a client ends")).collect()
        });
        times.sort_unstable();
        let at = |share: f64| times[(times.len() as f64 * share) as usize].as_secs_f64() * 1e3;
        let rate = times.len() as f64 / start.elapsed().as_secs_f64();
        println!("| {clients} | {rate:.0} | {:.2} | {:.2} |", at(0.5), at(0.99));
    }
}

fn one_client(
    engine: &engine::Engine,
    accounts: Vec<ledger::entry::AccountId>,
    client: usize,
    start: Instant,
) -> Vec<Duration> {
    let mut made = Entries::new(accounts, Draw::Uniform);
    // Each client draws from a place of its own, so that keys differ.
    (0..client).for_each(|_| drop(made.batch(20_000)));
    let mut times = Vec::new();
    while start.elapsed() < SPAN {
        let batch = made.batch(1);
        let sent = Instant::now();
        let outcome = engine.call(Command::PostBatch { batch, whole: true });
        assert!(outcome.is_ok(), "{outcome:?}");
        times.push(sent.elapsed());
    }
    times
}
