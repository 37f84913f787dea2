//! Dated parameters that a matter changed (参数变更): they lie over the values of the files, and
//! stay there when another rulebook comes into force.

use super::people::upwards;
use super::refusal;
use crate::rulebook::Rulebook;
use ledger::book::Book;
use ledger::entry::InstitutionId;
use ledger::number::{Decimal, Numbers, Value};
use ledger::{Day, Refusal};
use serde::{Deserialize, Serialize};

/// A value set by a matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberSet {
    pub code: String,
    pub from: Day,
    pub is: Decimal,
    pub source: String,
}

impl NumberSet {
    /// Lays the value over those of the files.
    pub fn lay_over(&self, numbers: &mut Numbers) {
        let Some(values) = numbers.by_code.get_mut(&self.code) else { return };
        let value = Value { from: self.from, is: self.is, source: self.source.clone() };
        match values.binary_search_by_key(&self.from, |value| value.from) {
            Ok(at) => values[at] = value,
            Err(at) => values.insert(at, value),
        }
    }
}

/// The value as it would be kept, if it may be set from this day on.
pub fn check(
    rulebook: &Rulebook,
    book: &Book,
    (code, from): (&str, Day),
    text: &str,
) -> Result<Decimal, Refusal> {
    let info = rulebook.numbers.get(code);
    let info = info.ok_or_else(|| refusal::unknown("code", ("参数", "parameter"), code))?;
    if from < book.today {
        return Err(refusal::date_past("from", book.today));
    }
    info.measure.read(text).map_err(|(zh, en)| refusal::number_value("value", &zh, &en))
}

/// The value of a number on today's business day: that of an institution (`code@0101`), or of one
/// above it, before the bank's own.
pub fn at(book: &Book, code: &str, institution: InstitutionId) -> Option<Decimal> {
    let numbers = &book.chart.numbers;
    let mut own = upwards(book, institution)
        .filter_map(|at| numbers.on(&format!("{code}@{}", book.institution(at).code), book.today));
    own.next().or_else(|| numbers.on(code, book.today))
}
