//! CASH-002 清点与账面券别一致: what was counted is what the books say.
//!
//! Why: a count that only adds up to the right sum can hide a note that is missing.
//! Source: handbook 5.1, 5.2 (VAULT)

use crate::office::refusal;
use crate::office::rules::{Case, OfficeState, Rule};
use crate::office::value::Value;
use custody::Count;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "CASH-002",
    args: &["place", "counted"],
    optional: &[],
    zh: "清点与账面券别一致",
    en: "what was counted is what the books say",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let place = case.text("place");
    let booked = held(case.state, &place);
    let counted = case.value("counted").cloned().unwrap_or(Value::Notes(Vec::new()));
    if counted == booked {
        return Ok(());
    }
    let field = case.field("counted");
    Err(refusal::count_differs(field, &or_none(&counted), &or_none(&booked)))
}

/// Notes that a place holds, as a value.
pub(in crate::office::rules) fn held(state: &OfficeState, place: &str) -> Value {
    let notes = state.custody.cash(place);
    Value::Notes(notes.map(|(note, pieces)| Count { note: note.clone(), pieces }).collect())
}

fn or_none(value: &Value) -> String {
    let text = value.text();
    if text.is_empty() { "0".to_owned() } else { text }
}
