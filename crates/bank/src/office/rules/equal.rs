//! GEN-002 两项相等: two values agree.
//!
//! Why: what two papers say of one thing must be the same.
//! Source: handbook 0.3 (四相符)

use super::{Case, Rule};
use crate::office::refusal;
use crate::office::value::Value;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "GEN-002",
    args: &["first", "second"],
    optional: &[],
    zh: "两项相等",
    en: "two values agree",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let same = match (case.value("first"), case.value("second")) {
        // 100 grams are 100.00 grams.
        (Some(Value::Decimal(first)), Some(Value::Decimal(second))) => first == second,
        _ => case.text("first") == case.text("second"),
    };
    if same {
        return Ok(());
    }
    let (first, second) = (case.shown("first"), case.shown("second"));
    Err(refusal::sums_differ(case.field("first"), case.field("second"), &first, &second))
}
