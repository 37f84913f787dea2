//! Simulates many banks: `simulate --seeds 10000 [--from N]`. Ends with the number of seeds that
//! were clean, or with the trace of the first that was not.

#[path = "../tests/simulate/mod.rs"]
mod simulate;

use simulate::{Counts, simulate};
use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let (mut seeds, mut from) = (1_000_u64, 0_u64);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let number = words.next().and_then(|number| number.parse().ok());
        match (word.as_str(), number) {
            ("--seeds", Some(number)) => seeds = number,
            ("--from", Some(number)) => from = number,
            _ => {
                eprintln!("usage: simulate [--seeds 10000] [--from 0]");
                return ExitCode::from(2);
            }
        }
    }
    let started = Instant::now();
    let mut sum = Counts::default();
    for (done, seed) in (from..from + seeds).enumerate() {
        match simulate(seed) {
            Ok(counts) => sum = sum.plus(counts),
            Err(failure) => {
                eprintln!("\n{failure}");
                return ExitCode::FAILURE;
            }
        }
        if (done + 1) % 100 == 0 {
            eprint!("\r{} of {seeds} seeds, {:.0} s", done + 1, started.elapsed().as_secs_f64());
            let _ = std::io::stderr().flush();
        }
    }
    eprintln!();
    println!("{sum}");
    println!("{seeds} seeds clean");
    ExitCode::SUCCESS
}
