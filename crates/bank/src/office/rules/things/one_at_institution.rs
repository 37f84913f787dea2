//! SEAL-003 一机构一枚: an institution has one of a kind, at most.
//!
//! Why: two seals with one bank code cannot be told apart by who receives the paper.
//! Source: handbook 4.2 (SEALS): settlement and draft seals

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "SEAL-003",
    args: &["thing", "institution", "kinds"],
    optional: &[],
    zh: "一机构一枚",
    en: "an institution has one of a kind, at most",
    judge,
};

/// States of a thing that stands in the way of no other.
const OVER: [&str; 4] = ["stopped", "returned", "destroyed", "lost"];

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let (institution, kinds) = (case.text("institution"), case.text("kinds"));
    for thing in case.things("thing")? {
        if kinds.split('|').all(|kind| kind != thing.kind) {
            continue;
        }
        let other = case.state.custody.things(&thing.kind).find(|(other, attributes)| {
            let state = attributes.get("state").map_or("", String::as_str);
            *other != thing
                && attributes.get("institution") == Some(&institution)
                && !OVER.contains(&state)
        });
        if let Some((other, _)) = other {
            let (other, thing) = (other.to_string(), thing.to_string());
            return Err(refusal::one_at_institution(&institution, &other, &thing));
        }
    }
    Ok(())
}
