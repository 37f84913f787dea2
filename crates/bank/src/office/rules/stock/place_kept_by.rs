//! VOU-009 由场所保管人办理: a place is its keeper's own.
//!
//! Why: a teller answers for one box, and reaches into no other.
//! Source: handbook 4.1, 5.1 (BLANK, VAULT)

use crate::office::effect::kind_of;
use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "VOU-009",
    args: &["place", "keeper"],
    optional: &[],
    zh: "由场所保管人办理",
    en: "a place is its keeper's own",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let (place, keeper) = (case.text("place"), case.text("keeper"));
    let own = case.state.places.get(&place).map_or("", |place| place.keeper.as_str());
    let kind = kind_of(case.book, &place).map_or("", |(_, kind)| kind);
    let by_post = case.doing.office.places.get(kind).is_some_and(|kind| kind.keeper.is_some());
    // A store that was set up without a name is kept by whoever holds the post of its kind.
    if own == keeper || own.is_empty() && by_post {
        return Ok(());
    }
    Err(refusal::not_keeper(&place, own))
}
