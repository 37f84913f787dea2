//! VOU-001 物品状态符合: a thing is in the right state.
//!
//! Why: a seal that was stopped is not used, a machine that was scrapped is not moved.
//! Source: handbook 4.2, 4.3, Appendix B

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "VOU-001",
    args: &["thing", "state"],
    optional: &[],
    zh: "物品状态符合",
    en: "a thing is in the right state",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let wanted = case.text("state");
    for thing in case.things("thing")? {
        let attributes = case.state.custody.attributes(&thing);
        let state = attributes.and_then(|all| all.get("state")).map_or("", String::as_str);
        if wanted.split('|').all(|one| one != state) {
            return Err(refusal::thing_state(&thing.to_string(), state, &wanted));
        }
    }
    Ok(())
}
