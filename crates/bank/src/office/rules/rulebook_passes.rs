//! PARM-004 规则库通过检查: the rulebook passes its check.
//!
//! Why: a version that lets one person act alone must never come into force.
//! Source: handbook 0.3; mission S12, S36

use super::{Case, Rule};
use crate::office::amend;
use crate::office::value::Value;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "PARM-004",
    args: &["files"],
    optional: &[],
    zh: "规则库通过检查",
    en: "the rulebook passes its check",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Rows(rows)) = case.value("files") else { return Ok(()) };
    amend::amended(case.doing.rulebook, case.book, rows).map(drop)
}
