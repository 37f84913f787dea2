//! VOU-009 由场所保管人办理: a place is its keeper's own.
//!
//! Why: a teller answers for one box, and reaches into no other.
//! Source: handbook 4.1, 5.1 (BLANK, VAULT)

use super::{Case, Rule};
use crate::office::refusal;
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
    if own == keeper { Ok(()) } else { Err(refusal::not_keeper(&place, own)) }
}
