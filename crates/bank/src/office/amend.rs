//! A rulebook with some of its files replaced, added or taken away (流程定义变更).

use super::numbers::NumberSet;
use super::refusal;
use super::value::{Value, Values};
use crate::checker;
use crate::rulebook::Rulebook;
use ledger::Refusal;
use ledger::book::{Book, Phase};

/// The rulebook that the rows make of the one in force, if it may be activated: it reads, it fits
/// the books with the values that matters `set`, and its check finds nothing. A row without a text
/// takes its file away.
pub fn amended(
    current: &Rulebook,
    (book, set): (&Book, &[NumberSet]),
    rows: &[Values],
) -> Result<Rulebook, Refusal> {
    let mut files = current.files.clone();
    for row in rows {
        let path = row.get("path").map(Value::text).unwrap_or_default();
        files.retain(|(known, _)| *known != path);
        if let Some(text) = row.get("text").map(Value::text).filter(|text| !text.is_empty()) {
            files.push((path, text));
        }
    }
    let wrong = refusal::checker_refuses;
    let rulebook = Rulebook::parse(&files).map_err(|errors| wrong(&in_one_line(&errors)))?;
    let rulebook = rulebook.with_numbers(set);
    fits(&rulebook, book, wrong)?;
    Ok(rulebook)
}

/// Whether a rulebook may follow the one that the books are kept by; `wrong` refuses one that does
/// not fit the books.
pub fn fits(rulebook: &Rulebook, book: &Book, wrong: fn(&str) -> Refusal) -> Result<(), Refusal> {
    // A day that is closed is past; one that is open may still get other values.
    let first = if book.phase == Phase::Closed { book.today.plus(1) } else { book.today };
    let merged = rulebook.merge_onto(&book.chart).map(drop);
    let fits = merged.and_then(|()| rulebook.check_past(&book.chart, first));
    fits.map_err(|errors| wrong(&in_one_line(&errors)))?;
    passes(rulebook)
}

/// A version that lets one person act alone never comes into force.
pub fn passes(rulebook: &Rulebook) -> Result<(), Refusal> {
    let found = checker::check(rulebook);
    if found.is_empty() { Ok(()) } else { Err(refusal::checker_refuses(&in_one_line(&found))) }
}

/// What is wrong, as a refusal tells it.
pub fn in_one_line(wrong: &[impl ToString]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
