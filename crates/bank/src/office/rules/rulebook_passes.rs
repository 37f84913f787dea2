//! PARM-004 规则库通过检查: the rulebook passes its check.
//!
//! Why: a version that lets one person act alone must never come into force.
//! Source: handbook 0.3; mission S12, S36

use super::{Case, Rule};
use crate::office::value::{Value, Values};
use crate::office::{amend, refusal};
use crate::rulebook::Rulebook;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "PARM-004",
    args: &["files"],
    optional: &["kinds", "numbers"],
    zh: "规则库通过检查",
    en: "the rulebook passes its check",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Rows(rows)) = case.value("files") else { return Ok(()) };
    let current = case.doing.rulebook;
    not_moved(case, rows)?;
    let amended = amend::amended(current, (case.book, &case.state.numbers), rows)?;
    if case.text("numbers") == "kept" {
        // 参数值: a number that there is changes as a parameter, with its own hands.
        let (now, next) = (&case.book.chart.numbers.by_code, &amended.chart.numbers.by_code);
        let values = |one: &[ledger::number::Value]| -> Vec<_> {
            one.iter().map(|value| (value.from, value.is)).collect()
        };
        let moved = now
            .iter()
            .find(|(code, old)| next.get(*code).is_none_or(|new| values(new) != values(old)));
        if let Some((code, _)) = moved {
            return Err(refusal::number_elsewhere(case.field("files"), code));
        }
    }
    let kinds = case.text("kinds");
    for (at, row) in rows.iter().enumerate() {
        let path = row.get("path").map(Value::text).unwrap_or_default();
        // What stood there counts too: nothing is taken away or written over by another matter.
        for rulebook in [current, &amended] {
            let kind = rulebook.kind_of(&path);
            let other = kind.filter(|kind| !kinds.split('|').any(|one| one == *kind));
            if let Some(kind) = other.filter(|_| !kinds.is_empty()) {
                let field = format!("{}[{at}].path", case.field("files"));
                return Err(refusal::file_kind(&field, &path, kind));
            }
        }
    }
    Ok(())
}

/// Nobody else has changed these files since the matter began: a text that was drafted on an
/// earlier one would take that change back unseen.
fn not_moved(case: &Case<'_>, rows: &[Values]) -> Result<(), Refusal> {
    let Some(begun) = case.state.earlier.get(&case.doing.record.rulebook) else { return Ok(()) };
    for (at, row) in rows.iter().enumerate() {
        let path = row.get("path").map(Value::text).unwrap_or_default();
        let text = |of: &Rulebook| of.files.iter().find(|file| file.0 == path).cloned();
        if text(begun) != text(case.doing.rulebook) {
            let field = format!("{}[{at}].path", case.field("files"));
            return Err(refusal::file_moved(&field, &path));
        }
    }
    Ok(())
}
