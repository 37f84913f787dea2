//! GEN-005 数量在界限内: a count lies within bounds.
//!
//! Why: a bound that the bank may change is a dated number, named here by its code.
//! Source: handbook 0.3

use super::{Case, Rule};
use crate::office::refusal;
use crate::office::value::Value;
use ledger::Refusal;
use rust_decimal::Decimal;

pub const RULE: Rule = Rule {
    code: "GEN-005",
    args: &["value"],
    optional: &["least", "most"],
    zh: "数量在界限内",
    en: "a count lies within bounds",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let value = match case.value("value") {
        Some(Value::Money(minor)) => {
            let digits = case.book.chart.unit(case.book.chart.base_unit).digits;
            Some(Decimal::new(*minor, u32::from(digits)))
        }
        Some(value) => value.text().parse().ok(),
        None => None,
    };
    let Some(value) = value else { return Ok(()) };
    if let Some(least) = case.number("least").filter(|least| value < *least) {
        return Err(refusal::too_few(case.field("value"), &least.to_string()));
    }
    if let Some(most) = case.number("most").filter(|most| value > *most) {
        return Err(refusal::too_many(case.field("value"), &most.to_string()));
    }
    Ok(())
}
