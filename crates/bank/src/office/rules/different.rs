//! GEN-001 两项不同: two values differ.
//!
//! Why: a thing is not moved to where it is, and nobody hands over to themselves.
//! Source: handbook 0.3

use super::{Case, Rule};
use crate::office::definition::Source;
use crate::office::refusal;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "GEN-001",
    args: &["first", "second"],
    optional: &[],
    zh: "两项不同",
    en: "two values differ",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    if case.check.args.get("second") == Some(&Source::Operator) {
        // 回避: nobody who signs this step is the one whom it concerns.
        let concerned = case.text("first");
        let signs = case.doing.record.given().any(|hand| hand.operator == concerned);
        let concerns = || refusal::own_matter(case.field("first"), &concerned);
        return if signs { Err(concerns()) } else { Ok(()) };
    }
    let (first, second) = (case.text("first"), case.text("second"));
    if first != second || first.is_empty() {
        return Ok(());
    }
    Err(refusal::same_in_both(case.field("first"), case.field("second"), &first))
}
