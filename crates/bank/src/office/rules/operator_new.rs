//! PARM-007 柜员号可用: an operator's number is free.
//!
//! Why: a number is one person's for ever, and what it did before stays theirs.
//! Source: handbook 0.3; P

use super::{Case, Rule};
use crate::form;
use crate::office::refusal;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "PARM-007",
    args: &["number"],
    optional: &[],
    zh: "柜员号可用",
    en: "an operator's number is free",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let number = case.text("number");
    form::operator_number(&number).map_err(|no| no.at(case.field("number")))?;
    if case.doing.people.operators.contains_key(&number) {
        return Err(refusal::operator_exists(&number));
    }
    Ok(())
}
