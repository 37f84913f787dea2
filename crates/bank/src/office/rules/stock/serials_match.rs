//! VOU-003 号段相符: the numbers that came are those that were named.
//!
//! Why: a transfer names exact ranges; what differs is found while sender and carrier are known.
//! Source: handbook 4.1 rule 4

use super::serials_counted;
use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use crate::office::value::Value;
use custody::Range;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "VOU-003",
    args: &["counted", "named"],
    optional: &[],
    zh: "号段相符",
    en: "the numbers that came are those that were named",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let counted = serials_counted::ordered(case.value("counted"));
    let named = serials_counted::ordered(case.value("named"));
    if counted == named {
        return Ok(());
    }
    let (counted, named) = (or_none(counted), or_none(named));
    Err(refusal::numbers_differ(case.field("counted"), case.field("named"), &counted, &named))
}

fn or_none(ranges: Vec<Range>) -> String {
    if ranges.is_empty() { "0".to_owned() } else { Value::Serials(ranges).text() }
}
