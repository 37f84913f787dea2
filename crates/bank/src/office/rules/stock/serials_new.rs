//! VOU-006 号段未曾使用: numbers that are neither in the register nor on order.
//!
//! Why: two vouchers with one number cannot be told apart; an order says its numbers before they
//! are printed.
//! Source: handbook 4.1 rule 1

use crate::office::rules::{Case, Rule};
use crate::office::value::Value;
use custody::Range;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "VOU-006",
    args: &["serials"],
    optional: &[],
    zh: "号段未曾使用",
    en: "numbers that are neither in the register nor on order",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Serials(wanted)) = case.value("serials") else { return Ok(()) };
    let refused = |new: &Range, old: &Range, at: &str| {
        custody::range_overlaps(new, old, at).at(case.field("serials"))
    };
    let own = &case.doing.record.number;
    for (at, new) in wanted.iter().enumerate() {
        if let Some(twice) = wanted[..at].iter().find(|old| overlap(new, old)) {
            return Err(refused(new, twice, own));
        }
        let mut known = case.state.custody.ranges(&new.kind);
        if let Some((old, place, _)) = known.find(|(old, ..)| overlap(new, old)) {
            return Err(refused(new, &old, place));
        }
    }
    // Other matters of this kind that are under way name theirs in the same field.
    let record = case.doing.record;
    let others = case.state.records.open.values();
    for other in others.filter(|other| other.code == record.code && other.id != record.id) {
        let Some(Value::Serials(ordered)) = other.value(case.field("serials")) else { continue };
        for new in wanted {
            if let Some(old) = ordered.iter().find(|old| overlap(new, old)) {
                return Err(refused(new, old, &other.number));
            }
        }
    }
    Ok(())
}

fn overlap(one: &Range, other: &Range) -> bool {
    (&one.kind, &one.prefix) == (&other.kind, &other.prefix)
        && one.from <= other.to
        && other.from <= one.to
}
