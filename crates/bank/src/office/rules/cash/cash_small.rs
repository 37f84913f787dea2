//! CASH-005 小面额券: notes and coins are of no higher a denomination than a bound.
//!
//! Why: an allotment of small change that has large notes in it is a cash transfer by another name.
//! Source: handbook 5.1, 5.2; P

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use crate::office::value::Value;
use ledger::Refusal;
use rust_decimal::Decimal;

pub const RULE: Rule = Rule {
    code: "CASH-005",
    args: &["notes", "most"],
    optional: &[],
    zh: "小面额券",
    en: "notes and coins are of no higher a denomination than a bound",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Notes(counts)) = case.value("notes") else { return Ok(()) };
    let Some(most) = case.number("most") else { return Ok(()) };
    let digits = u32::from(case.book.chart.unit(case.book.chart.base_unit).digits);
    for count in counts {
        let denom = &count.note.denom;
        let face = case.doing.office.denominations.get(denom).map_or(0, |one| one.face);
        if Decimal::new(face, digits) > most {
            return Err(refusal::note_too_large(case.field("notes"), denom, &most.to_string()));
        }
    }
    Ok(())
}
