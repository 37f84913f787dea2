//! VOU-007 号段与申请数量一致: of each kind as many pieces as were asked for and approved.
//!
//! Why: what was approved is what is handed out.
//! Source: handbook 4.1 (requisition → approval → dispatch)

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use crate::office::value::Value;
use ledger::Refusal;
use std::collections::BTreeMap;

pub const RULE: Rule = Rule {
    code: "VOU-007",
    args: &["serials", "rows"],
    optional: &[],
    zh: "号段与申请数量一致",
    en: "of each kind as many pieces as were asked for and approved",
    judge,
};

/// Rows have `kind` and `pieces`.
fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let (Some(Value::Serials(ranges)), Some(Value::Rows(rows))) =
        (case.value("serials"), case.value("rows"))
    else {
        return Ok(());
    };
    let mut given: BTreeMap<String, (u128, u128)> = BTreeMap::new();
    for range in ranges {
        given.entry(range.kind.clone()).or_default().0 += u128::from(range.pieces().unwrap_or(0));
    }
    for row in rows {
        let kind = row.get("kind").map(Value::text).unwrap_or_default();
        let Some(Value::Integer(pieces)) = row.get("pieces") else { continue };
        given.entry(kind).or_default().1 += u128::try_from(*pieces).unwrap_or(0);
    }
    match given.iter().find(|(_, (given, asked))| given != asked) {
        Some((kind, (given, asked))) => {
            Err(refusal::pieces_differ(case.field("serials"), kind, *given, *asked))
        }
        None => Ok(()),
    }
}
