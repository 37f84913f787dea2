//! Simulates many banks and offices: `simulate --seeds 10000 --offices 1000 [--from N]`. Ends with
//! the number of seeds that were clean, or with what the first that was not did wrong.
#![allow(clippy::unwrap_used, reason = "a simulation that cannot go on should stop")]
#![allow(dead_code, reason = "the pages of cases are played by the tests")]

#[path = "../../bank/tests/it/desk.rs"]
mod desk;
#[path = "../tests/office/mod.rs"]
mod office;
#[path = "../../bank/tests/it/office_words.rs"]
mod office_words;
#[path = "../../bank/tests/it/pages.rs"]
mod pages;
#[path = "../../bank/tests/it/runner.rs"]
mod runner;
#[path = "../tests/simulate/mod.rs"]
mod simulate;

use office::simulation;
use simulate::{Counts, simulate};
use std::io::Write;
use std::ops::Range;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let (mut seeds, mut offices, mut from) = (1_000_u64, 0_u64, 0_u64);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let number = words.next().and_then(|number| number.parse().ok());
        match (word.as_str(), number) {
            ("--seeds", Some(number)) => seeds = number,
            ("--offices", Some(number)) => offices = number,
            ("--from", Some(number)) => from = number,
            _ => {
                eprintln!("usage: simulate [--seeds 10000] [--offices 1000] [--from 0]");
                return ExitCode::from(2);
            }
        }
    }
    let run = banks(from..from + seeds).and_then(|()| run_offices(from..from + offices));
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("\n{wrong}");
            ExitCode::FAILURE
        }
    }
}

fn banks(seeds: Range<u64>) -> Result<(), String> {
    let (count, started) = (seeds.end - seeds.start, Instant::now());
    let mut sum = Counts::default();
    for (done, seed) in (1..).zip(seeds) {
        sum = sum.plus(simulate(seed).map_err(|failure| failure.to_string())?);
        tell(done, count, started);
    }
    println!("{sum}\n{count} seeds clean");
    Ok(())
}

fn run_offices(seeds: Range<u64>) -> Result<(), String> {
    if seeds.is_empty() {
        return Ok(());
    }
    let (count, started, founded) =
        (seeds.end - seeds.start, Instant::now(), simulation::founded());
    let mut sum = simulation::Counts::default();
    for (done, seed) in (1..).zip(seeds) {
        let counts = simulation::simulate(&founded, seed);
        sum = sum.plus(counts.map_err(|wrong| format!("office {seed}: {wrong}"))?);
        tell(done, count, started);
    }
    println!("{sum:?}\n{count} offices clean");
    Ok(())
}

fn tell(done: u64, of: u64, since: Instant) {
    if done.is_multiple_of(100) || done == of {
        eprint!("\r{done} of {of} seeds, {:.0} s", since.elapsed().as_secs_f64());
        let _ = std::io::stderr().flush();
    }
    if done == of {
        eprintln!();
    }
}
