//! Dated parameters that a matter changed (参数变更): they lie over the values of the files, and
//! stay there when another rulebook comes into force.

use super::people::upwards;
use super::refusal;
use crate::rulebook::{NumberInfo, Rulebook};
use ledger::book::{Book, Phase};
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
    // Once a day begins to close, what it earned and what was checked by its values stands.
    let first = if book.phase == Phase::Open { book.today } else { book.today.plus(1) };
    if from < first {
        return Err(refusal::date_past("from", first));
    }
    if info.fixed {
        return Err(refusal::number_fixed(code));
    }
    let is = info.measure.read(text);
    let is = is.map_err(|(zh, en)| refusal::number_value("value", &zh, &en))?;
    check_hours(book, (code, from), is)?;
    Ok(is)
}

/// A working day has an end after its beginning.
fn check_hours(book: &Book, (code, from): (&str, Day), is: Decimal) -> Result<(), Refusal> {
    let on = |code: &str| book.chart.numbers.on(code, from);
    let (begins, ends) = match code {
        "office.work_from" => (Some(is), on("office.work_until")),
        "office.work_until" => (on("office.work_from"), Some(is)),
        _ => return Ok(()),
    };
    if begins < ends {
        return Ok(());
    }
    let (zh, en) = ("上班时间须早于下班时间", "work begins before it ends");
    Err(refusal::number_value("value", zh, en))
}

/// The value in force today, and those that are to follow it: "0.05%; 2026-03-01: 0.04%".
pub fn shown(info: &NumberInfo, book: &Book, code: &str) -> String {
    let values = book.chart.numbers.by_code.get(code).into_iter().flatten();
    let (mut now, mut later) = (String::new(), String::new());
    for value in values {
        let text = info.measure.shown(value.is);
        if value.from <= book.today {
            now = text;
        } else {
            later.push_str(&format!("; {}: {text}", value.from));
        }
    }
    now + &later
}

/// The value of a number on today's business day: that of an institution (`code@0101`), or of one
/// above it, before the bank's own.
pub fn at(book: &Book, code: &str, institution: InstitutionId) -> Option<Decimal> {
    let numbers = &book.chart.numbers;
    let mut own = upwards(book, institution)
        .filter_map(|at| numbers.on(&format!("{code}@{}", book.institution(at).code), book.today));
    own.next().or_else(|| numbers.on(code, book.today))
}
