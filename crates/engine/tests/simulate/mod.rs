//! A deterministic simulator (handbook 9): from one seed, random commands to a real engine on a
//! store that fails, against a reference model that knows what must come of each. A seed that
//! fails prints what was done; the same seed does it again.

mod check;
mod disk;
mod generate;
mod interest;
mod model;
mod posting;
mod predict;
mod predict_day;
mod predict_term;
pub mod random;
pub mod rules;
mod world;

pub use world::Counts;

use std::panic::{AssertUnwindSafe, catch_unwind};
use world::World;

/// A seed that did not go as it must.
pub struct Failure {
    pub seed: u64,
    pub wrong: String,
    /// What was handed in, oldest first.
    pub trace: Vec<String>,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in &self.trace {
            writeln!(f, "{line}")?;
        }
        write!(f, "seed {}: {}", self.seed, self.wrong)
    }
}

/// How many steps a seed makes: most are short, so that many differ.
fn steps(seed: u64) -> usize {
    if seed % 10 == 9 { 260 } else { 90 }
}

/// Simulates one bank from its creation to its last recovery.
pub fn simulate(seed: u64) -> Result<Counts, Box<Failure>> {
    let mut world = match World::new(seed) {
        Ok(world) => world,
        Err(wrong) => return Err(Box::new(Failure { seed, wrong, trace: Vec::new() })),
    };
    let run = catch_unwind(AssertUnwindSafe(|| world.run(steps(seed))));
    let wrong = match run {
        Ok(Ok(())) => return Ok(world.counts),
        Ok(Err(wrong)) => wrong,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            format!("panicked: {}", text.unwrap_or_default())
        }
    };
    Err(Box::new(Failure { seed, wrong, trace: std::mem::take(&mut world.trace) }))
}
