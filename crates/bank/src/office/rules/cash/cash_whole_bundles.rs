//! CASH-003 整把整捆: notes go in whole bundles, or bricks of ten.
//!
//! Why: the central bank takes whole bricks, a vault whole bundles: each strap says who counted it.
//! Source: handbook 5.1, 5.3 (M)

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use crate::office::value::Value;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "CASH-003",
    args: &["notes"],
    optional: &["bundles"],
    zh: "整把整捆",
    en: "notes go in whole bundles, or bricks of ten",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Notes(counts)) = case.value("notes") else { return Ok(()) };
    let bundles: i64 = case.text("bundles").parse().unwrap_or(1);
    for count in counts {
        let per = case.doing.office.denominations.get(&count.note.denom);
        let per = per.map_or(1, |denomination| i64::from(denomination.per_bundle)) * bundles;
        if count.pieces % per != 0 {
            return Err(refusal::not_whole_packets(case.field("notes"), &per.to_string()));
        }
    }
    Ok(())
}
