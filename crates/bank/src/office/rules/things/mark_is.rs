//! SEAL-005 登记与所见一致: what the register says of a thing is what was seen on it.
//!
//! Why: a packet that carries another number was opened by somebody who is not in the register.
//! Source: handbook 4.2, 4.3

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "SEAL-005",
    args: &["thing", "mark", "value"],
    optional: &[],
    zh: "登记与所见一致",
    en: "what the register says of a thing is what was seen on it",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let (mark, seen) = (case.text("mark"), case.text("value"));
    for thing in case.things("thing")? {
        let attributes = case.state.custody.attributes(&thing);
        let said = attributes.and_then(|all| all.get(&mark)).map_or("", String::as_str);
        if said != seen {
            let field = case.field("value");
            return Err(refusal::mark_differs(field, (&thing.to_string(), &mark), (said, &seen)));
        }
    }
    Ok(())
}
