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
    let said = |errors: Vec<crate::rulebook::RuleError>| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        refusal::checker_refuses(&errors.join("; "))
    };
    let rulebook = Rulebook::parse(&files).map_err(said)?.with_numbers(set);
    check(&rulebook, book)?;
    Ok(rulebook)
}

/// Whether a rulebook may follow the one that the books are kept by.
pub fn check(rulebook: &Rulebook, book: &Book) -> Result<(), Refusal> {
    let said = |errors: Vec<crate::rulebook::RuleError>| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        refusal::checker_refuses(&errors.join("; "))
    };
    rulebook.merge_onto(&book.chart).map_err(said)?;
    // A day that is closed is past; one that is open may still get other values.
    let first = if book.phase == Phase::Closed { book.today.plus(1) } else { book.today };
    rulebook.check_past(&book.chart, first).map_err(said)?;
    let found = checker::check(rulebook);
    if found.is_empty() {
        return Ok(());
    }
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    Err(refusal::checker_refuses(&found.join("; ")))
}
