//! Measures the books beside their limits and their peers, in one run: what the disk alone can
//! do, and what a ledger on PostgreSQL does. Prints the Markdown tables of README.md.

mod append;
mod blocks;
mod bulk;
mod child;
mod close;
mod entries;
mod folder;
mod groups;
mod growth;
mod hand_in;
mod history;
mod machine;
mod memory;
mod office;
mod pace;
mod plain;
mod profile;
mod random;
mod raw;
mod recovery;
mod server;
mod setup;
mod single;
mod state;
mod table;
mod today;
mod year;

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Instant;

/// As in the program.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// What was asked for; nothing: what README.md shows.
#[derive(Default)]
struct Options {
    /// Names of measurements.
    only: Vec<String>,
    entries: Option<usize>,
    accounts: Option<usize>,
    /// Where the year of `history` is kept, and used again the next time.
    folder: Option<PathBuf>,
}

type Measurement = (&'static str, &'static str, fn(&Options));

const MEASUREMENTS: [Measurement; 10] = [
    ("bulk", "bulk posting, embedded store", bulk::sqlite),
    ("postgres", "bulk posting, PostgreSQL store", bulk::postgres),
    ("groups", "smaller groups in a row", groups::run),
    ("single", "single entries beside a plain PostgreSQL ledger", single::run),
    ("history", "statements and trial balances over history", history::run),
    ("state", "memory, close, recovery and verify", state::run),
    ("office", "matters, queues, numbers, rulebooks", office::run),
    ("growth", "how the figures grow", growth::run),
    ("profile", "where the time of bulk posting goes", profile::run),
    ("parts", "the disk, the stores and the form of a block", parts),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == child::CHILD) {
        child::main(&arguments[1..]);
        return ExitCode::SUCCESS;
    }
    let options = match Options::parse(&arguments) {
        Ok(options) => options,
        Err(says) => {
            eprintln!("{says}\n\n{}", usage());
            return ExitCode::FAILURE;
        }
    };
    println!("Measured on: {}. Load average before: {}.", machine::describe(), machine::load());
    for (name, about, measure) in MEASUREMENTS {
        if !options.only.is_empty() && !options.only.iter().any(|only| only == name) {
            continue;
        }
        let (start, load) = (Instant::now(), machine::load());
        println!("\n### {name}: {about}");
        measure(&options);
        let seconds = start.elapsed().as_secs_f64();
        println!("\n({seconds:.0} s; load average {load} before, {} after.)", machine::load());
    }
    println!("\nLoad average at the end: {}.", machine::load());
    ExitCode::SUCCESS
}

fn parts(options: &Options) {
    append::run(options);
    blocks::run(options);
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(name) = rest.next() {
            let value = rest.next().ok_or_else(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--only" => options.only = value.split(',').map(str::to_owned).collect(),
                "--entries" => options.entries = Some(number(name, value)?),
                "--accounts" => options.accounts = Some(number(name, value)?),
                "--folder" => options.folder = Some(value.into()),
                _ => return Err(format!("{name} is unknown")),
            }
        }
        let known = |only: &str| MEASUREMENTS.iter().any(|(name, ..)| *name == only);
        match options.only.iter().find(|only| !known(only)) {
            Some(unknown) => Err(format!("there is no measurement `{unknown}`")),
            None => Ok(options),
        }
    }
}

fn number(name: &str, value: &str) -> Result<usize, String> {
    let number = usize::from_str(&value.replace('_', "")).ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("{name} needs a number, not `{value}`"))
}

fn usage() -> String {
    let mut text = String::from(
        "bench [--only NAME,…] [--entries N] [--accounts N] [--folder YEAR]\n\nMeasurements:\n",
    );
    for (name, about, _) in MEASUREMENTS {
        text.push_str(&format!("  {name:9} {about}\n"));
    }
    text
}
