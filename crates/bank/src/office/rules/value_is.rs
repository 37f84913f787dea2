//! GEN-006 取值符合要求: a value is the one required.
//!
//! Why: a step may depend on what an earlier one found.
//! Source: handbook 0.3

use super::{Case, Rule};
use crate::office::refusal;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "GEN-006",
    args: &["value", "is"],
    optional: &[],
    zh: "取值符合要求",
    en: "a value is the one required",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let (value, wanted) = (case.text("value"), case.text("is"));
    if wanted.split('|').any(|one| one == value) {
        return Ok(());
    }
    Err(refusal::value_differs(case.field("value"), &value, &wanted))
}
