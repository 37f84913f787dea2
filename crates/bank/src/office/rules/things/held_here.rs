//! SEAL-004 实物在该处: a thing is at the place that is named.
//!
//! Why: who approves should not find out with the last signature that the cabinet is another one.
//! Source: handbook 4.1 (custody is total), 4.2

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "SEAL-004",
    args: &["thing", "place"],
    optional: &[],
    zh: "实物在该处",
    en: "a thing is at the place that is named",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let place = case.text("place");
    for thing in case.things("thing")? {
        let found = case.state.custody.find(&thing).map(|(found, _)| found);
        if found != Some(place.as_str()) {
            let field = case.field("place");
            return Err(refusal::not_here(field, &thing.to_string(), (&place, found)));
        }
    }
    Ok(())
}
