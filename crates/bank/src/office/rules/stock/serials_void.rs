//! VOU-011 均已作废: all of the numbers are void.
//!
//! Why: a good voucher that is destroyed as void leaves somebody with a blank that nobody misses.
//! Source: handbook 4.1 rule 6 (BLANK)

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use crate::office::value::Value;
use custody::{Condition, Serial};
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "VOU-011",
    args: &["place", "serials"],
    optional: &[],
    zh: "均已作废",
    en: "all of the numbers are void",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Serials(ranges)) = case.value("serials") else { return Ok(()) };
    let place = case.text("place");
    for range in ranges {
        let held = case.state.custody.stock(&place, &range.kind);
        let good = held.iter().find(|(held, condition)| {
            *condition == Condition::Good
                && held.prefix == range.prefix
                && held.from <= range.to
                && range.from <= held.to
        });
        if let Some((held, _)) = good {
            let number = held.from.max(range.from);
            let first = Serial { number, ..range.first() };
            return Err(refusal::not_void(case.field("serials"), range, &first));
        }
    }
    Ok(())
}
