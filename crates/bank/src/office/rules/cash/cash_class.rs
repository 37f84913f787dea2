//! CASH-131 券类符合: notes are of the classes asked for.
//!
//! Why: what is worn is never paid out, and the central bank takes fit and unfit apart.
//! Source: handbook 5.3, 5.5 (RMB art.22)

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use crate::office::value::{Value, class_word};
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "CASH-131",
    args: &["notes", "is"],
    optional: &[],
    zh: "券类符合",
    en: "notes are of the classes asked for",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Notes(counts)) = case.value("notes") else { return Ok(()) };
    let wanted = case.text("is");
    for count in counts {
        let class = class_word(count.note.class);
        if !wanted.split('|').any(|one| one == class) {
            return Err(refusal::class_differs(case.field("notes"), class, &wanted));
        }
    }
    Ok(())
}
