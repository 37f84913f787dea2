//! PARM-003 柜员在用: an operator is active.
//!
//! Why: nothing is entrusted to who is locked or gone.
//! Source: handbook 0.3

use super::{Case, Rule};
use crate::office::event::Standing;
use crate::office::refusal;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "PARM-003",
    args: &["operator"],
    optional: &[],
    zh: "柜员在用",
    en: "an operator is active",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let operator = case.text("operator");
    match case.doing.people.operators.get(&operator) {
        Some(known) if known.standing == Standing::Active => Ok(()),
        _ => Err(refusal::operator_not_active(case.field("operator"), &operator)),
    }
}
