//! GEN-002 两项相等: two values agree.
//!
//! Why: what two papers say of one thing must be the same.
//! Source: handbook 0.3 (四相符)

use super::{Case, Rule};
use crate::office::refusal;
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
    let (first, second) = (case.text("first"), case.text("second"));
    if first == second {
        return Ok(());
    }
    Err(refusal::sums_differ(case.field("first"), case.field("second"), &first, &second))
}
