//! Clients that post one entry and wait for it: rate and latency by number of clients, beside a
//! plain ledger on PostgreSQL on the same machine in the same run.

use crate::Options;
use crate::entries::{Draw, Entries};
use crate::folder::Folder;
use crate::pace::Pace;
use crate::plain::Plain;
use crate::server;
use crate::setup::{ACCOUNTS, bank};
use crate::table::{Aim, Table, count, figure};
use bank::Command;
use engine::Engine;
use ledger::entry::AccountId;
use std::time::{Duration, Instant};

const CLIENTS: [u64; 3] = [1, 8, 64];
const WARM_UP: Duration = Duration::from_millis(500);

/// Each ledger runs so long, in turns, so many times: all meet the same load of the machine.
const SPAN: Duration = Duration::from_secs(2);
const TURNS: u64 = 3;

const EMBEDDED: &str = "ours, SQLite";

/// How many times faster than the plain ledger, embedded and at 64 clients.
const AIM: f64 = 15.0;

/// A ledger that single entries are posted to.
enum Ledger {
    Plain(Plain),
    Ours(Engine, Vec<AccountId>),
}

pub fn run(_: &Options) {
    let databases = server::database().zip(server::database());
    let folder = Folder::new("single");
    let mut ledgers = Vec::new();
    if let Some((first, second)) = &databases {
        println!("\n{}.", server::describe(first.url()));
        let (engine, accounts) = bank(second.url(), ACCOUNTS);
        ledgers.push(("plain, PostgreSQL", Ledger::Plain(Plain::create(first.url(), ACCOUNTS))));
        ledgers.push(("ours, PostgreSQL", Ledger::Ours(engine, accounts)));
    }
    let (engine, accounts) = bank(&folder.books(), ACCOUNTS);
    ledgers.push((EMBEDDED, Ledger::Ours(engine, accounts)));
    let columns = ["clients", "ledger", "entries/s", "p50 ms", "p99 ms", "times plain", "aim"];
    let title = format!("Single entries, each waited for, {} accounts", count(ACCOUNTS));
    let table = Table::begin(&title, &columns);
    for clients in CLIENTS {
        let mut turns: Vec<Vec<Pace>> = ledgers.iter().map(|_| Vec::new()).collect();
        for turn in 1..=TURNS {
            // A seed for each client of each turn: no key comes twice.
            let seed = (turn << 16) + (clients << 8);
            for ((_, ledger), paces) in ledgers.iter().zip(&mut turns) {
                paces.push(ledger.run(clients, seed));
            }
        }
        let mut peer = None;
        for ((name, ledger), paces) in ledgers.iter().zip(turns) {
            let pace = Pace::together(paces);
            row(&table, clients, name, &pace, peer);
            if matches!(ledger, Ledger::Plain(_)) {
                peer = Some(pace.per_second());
            }
        }
    }
}

impl Ledger {
    /// So many clients for [`SPAN`] after a warm-up.
    fn run(&self, clients: u64, seed: u64) -> Pace {
        match self {
            Self::Plain(plain) => plain.run(clients, WARM_UP, SPAN, seed),
            Self::Ours(engine, accounts) => ours(engine, accounts, clients, seed),
        }
    }
}

fn row(table: &Table, clients: u64, name: &str, pace: &Pace, peer: Option<f64>) {
    let rate = pace.per_second();
    let times = peer.map(|peer| rate / peer);
    let judged = clients == CLIENTS[2] && name == EMBEDDED;
    let aim = if judged { Aim::AtLeast(AIM, "×") } else { Aim::None };
    table.row(&[
        clients.to_string(),
        name.to_owned(),
        figure(rate),
        figure(pace.at_ms(0.5)),
        figure(pace.at_ms(0.99)),
        times.map_or(String::from("–"), |times| format!("{}×", figure(times))),
        times.map_or(String::from("–"), |times| aim.beside(times)),
    ]);
}

fn ours(engine: &Engine, accounts: &[AccountId], clients: u64, seed: u64) -> Pace {
    let from = Instant::now() + WARM_UP;
    let until = from + SPAN;
    let latencies = std::thread::scope(|scope| {
        let threads: Vec<_> = (seed..seed + clients)
            .map(|seed| {
                let made = Entries::new(accounts, Draw::Uniform, seed);
                scope.spawn(move || one_client(engine, made, from, until))
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a client ends")).collect()
    });
    Pace::of(SPAN.as_secs_f64(), latencies)
}

fn one_client(
    engine: &Engine,
    mut made: Entries<'_>,
    from: Instant,
    until: Instant,
) -> Vec<Duration> {
    let mut latencies = Vec::new();
    loop {
        let batch = made.batch(1);
        let sent = Instant::now();
        if sent >= until {
            return latencies;
        }
        let outcome = engine.call(Command::PostBatch { batch, whole: true });
        assert!(outcome.is_ok(), "{outcome:?}");
        if sent >= from {
            latencies.push(sent.elapsed());
        }
    }
}
