//! GEN-010 必须填写: what is optional elsewhere is needed here.
//!
//! Why: a detailed rule hangs on the rule above it, and a decision of the board has a number.
//! Source: handbook 14.4

use super::{Case, Rule};
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "GEN-010",
    args: &["value"],
    optional: &[],
    zh: "必须填写",
    en: "what is optional elsewhere is needed here",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    match case.text("value").is_empty() {
        true => Err(ledger::refusal::missing(case.field("value"))),
        false => Ok(()),
    }
}
