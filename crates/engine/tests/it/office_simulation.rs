//! A bounded number of simulated offices; `examples/simulate.rs` runs as many as one likes.

use crate::office::simulation::{Counts, founded, simulate};
use std::time::{Duration, Instant};

/// Seeds that every run of the tests tries at least, however slow the machine.
const SEEDS_MIN: u64 = 3;
const SEEDS_MAX: u64 = 60;
const LONG_ENOUGH: Duration = Duration::from_secs(15);

#[test]
fn simulated_offices_stay_what_the_auditor_says() {
    let founded = founded();
    let (started, mut sum) = (Instant::now(), Counts::default());
    for seed in 0..SEEDS_MAX {
        match simulate(&founded, seed) {
            Ok(counts) => sum = sum.plus(counts),
            Err(wrong) => panic!("seed {seed}: {wrong}"),
        }
        if seed >= SEEDS_MIN && started.elapsed() > LONG_ENOUGH {
            break;
        }
    }
    assert!(sum.ended > 0 && sum.closes > 0, "nothing came to its end: {sum:?}");
    println!("{sum:?}");
}
