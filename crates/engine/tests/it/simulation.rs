//! A bounded number of simulated banks; `examples/simulate.rs` runs as many as one likes.

use crate::simulate::{Counts, simulate};
use std::time::{Duration, Instant};

/// Seeds that every run of the tests tries at least, however slow the machine.
const SEEDS_MIN: u64 = 20;
const SEEDS_MAX: u64 = 400;
const LONG_ENOUGH: Duration = Duration::from_secs(15);

#[test]
fn simulated_banks_stay_what_the_model_says() {
    let started = Instant::now();
    let mut sum = Counts::default();
    for seed in 0..SEEDS_MAX {
        match simulate(seed) {
            Ok(counts) => sum = sum.plus(counts),
            Err(failure) => panic!("{failure}"),
        }
        if seed >= SEEDS_MIN && started.elapsed() > LONG_ENOUGH {
            break;
        }
    }
    println!("{sum}");
}
