//! SEAL-002 由保管人办理: who keeps a thing gives it.
//!
//! Why: who uses keeps and answers for it.
//! Source: handbook 4.2 (SEALS)

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "SEAL-002",
    args: &["thing", "keeper"],
    optional: &[],
    zh: "由保管人办理",
    en: "who keeps a thing gives it",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let keeper = case.text("keeper");
    for thing in case.things("thing")? {
        let attributes = case.state.custody.attributes(&thing);
        let own = attributes.and_then(|all| all.get("keeper")).map_or("", String::as_str);
        if own != keeper {
            return Err(refusal::not_keeper(&thing.to_string(), own));
        }
    }
    Ok(())
}
