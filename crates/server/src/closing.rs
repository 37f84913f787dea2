//! Closing the day from the command line: the engine closes it, the archive keeps it, and a month
//! that is over is merged for statements over long times.

use crate::home::Home;
use engine::seal::ArchiveSeal;
use engine::{Engine, Fault};
use history::archive::{Archive, ArchiveError};
use history::manifest::Period;
use ledger::Day;
use ledger::calendar;
use ledger::close::{Certificate, Step};
use std::collections::BTreeSet;

/// What a progress bar counts: the steps of a close, the check, the seal and the roll.
pub const STEPS: u64 = Step::ALL.len() as u64 + 3;

/// A day that is closed.
#[derive(Debug)]
pub struct Closed {
    pub certificate: Certificate,
    /// Why a month that is over could not be merged.
    pub unmerged: Option<ArchiveError>,
}

/// Closes the open day; `progress` is told the steps in both languages.
pub fn close_day(
    engine: &Engine,
    home: &Home,
    archive: &Archive,
    accept: Option<&str>,
    by: &str,
    progress: impl FnMut(&'static str, &'static str),
) -> Result<Closed, Fault> {
    let mut seal = ArchiveSeal { archive, bank: &home.config.bank, engine };
    let certificate = engine::close::close_day(engine, by, accept, &mut seal, progress)?;
    let month = Period::month_of(certificate.day);
    let ended = engine.look(|state| state.book.ends(calendar::Period::Month))?;
    let over = if ended { month.last_day() } else { month.first_day().plus(-1) };
    // The day is closed whatever becomes of this: a merged month is only a copy, and what was
    // not merged now is merged after the next close.
    let merged = merge_months(archive, &home.config.bank, over);
    Ok(Closed { certificate, unmerged: merged.err() })
}

/// Merges the months that were over on a day and are not merged yet.
fn merge_months(archive: &Archive, bank: &str, over: Day) -> Result<(), ArchiveError> {
    let catalog = archive.catalog(bank)?;
    let months: BTreeSet<Period> = catalog.days.keys().map(|day| Period::month_of(*day)).collect();
    let is_due = |month: &Period| month.last_day() <= over && !catalog.is_merged(*month);
    for month in months.into_iter().filter(is_due) {
        if let Period::Month { year, month } = month {
            archive.compact_month(bank, year, month)?;
        }
    }
    Ok(())
}
