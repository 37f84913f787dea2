//! VOU-005 得分最高者中选: who is chosen has the highest score.
//!
//! Why: an award that no score explains is a favour.
//! Source: handbook 4.1; 招标投标法 art. 41 (M)

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use crate::office::value::Value;
use ledger::Refusal;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

pub const RULE: Rule = Rule {
    code: "VOU-005",
    args: &["rows", "chosen"],
    optional: &[],
    zh: "得分最高者中选",
    en: "who is chosen has the highest score",
    judge,
};

/// Rows have `party` and `score`, a row for each that somebody gave.
fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Rows(rows)) = case.value("rows") else { return Ok(()) };
    let mut totals: BTreeMap<String, Decimal> = BTreeMap::new();
    for row in rows {
        let text = |column: &str| row.get(column).map(Value::text).unwrap_or_default();
        let score: Decimal = text("score").parse().unwrap_or_default();
        *totals.entry(text("party")).or_default() += score;
    }
    let (field, chosen) = (case.field("chosen"), case.text("chosen"));
    let Some(score) = totals.get(&chosen) else {
        return Err(refusal::unknown(field, ("参评单位", "party with a score"), &chosen));
    };
    match totals.iter().find(|(_, total)| *total > score) {
        Some((better, total)) => Err(refusal::not_the_best(
            field,
            (&chosen, &score.to_string()),
            (better, &total.to_string()),
        )),
        None => Ok(()),
    }
}
