//! Closing the day from the command line: the engine closes it, the archive keeps it.

use crate::home::Home;
use engine::Engine;
use engine::seal::ArchiveSeal;
use history::archive::Archive;
use ledger::close::{Certificate, Step};

/// What a progress bar counts: the steps of a close, the check, the seal and the roll.
pub const STEPS: u64 = Step::ALL.len() as u64 + 3;

/// Closes the open day; `progress` is told the steps in both languages.
pub fn close_day(
    engine: &Engine,
    home: &Home,
    archive: &Archive,
    accept: Option<&str>,
    by: &str,
    progress: impl FnMut(&'static str, &'static str),
) -> anyhow::Result<Certificate> {
    let mut seal = ArchiveSeal { archive, bank: &home.config.bank };
    Ok(engine::close::close_day(engine, by, accept, &mut seal, progress)?)
}
