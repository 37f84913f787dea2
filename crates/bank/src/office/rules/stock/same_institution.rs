//! VOU-010 同一机构: two places belong to one institution.
//!
//! Why: what goes from one institution to another is dispatched, on its way, and received.
//! Source: handbook 4.1 (chain)

use crate::office::effect::kind_of;
use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "VOU-010",
    args: &["first", "second"],
    optional: &[],
    zh: "同一机构",
    en: "two places belong to one institution",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let (first, second) = (case.text("first"), case.text("second"));
    let institution = |place: &str| kind_of(case.book, place).map(|(at, _)| at);
    if institution(&first) == institution(&second) {
        return Ok(());
    }
    Err(refusal::other_institution(case.field("second"), &first, &second))
}
