//! CASH-132 库箱由其保管: a place is kept by this operator.
//!
//! Why: who keeps the box answers for what it lacks, and is there when it is counted.
//! Source: handbook 5.2, 5.4 (VAULT, CDIFF)

use crate::office::effect::kind_of;
use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "CASH-132",
    args: &["place", "keeper"],
    optional: &[],
    zh: "库箱由其保管",
    en: "a place is kept by this operator",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let (place, keeper) = (case.text("place"), case.text("keeper"));
    let Some((institution, kind)) = kind_of(case.book, &place) else { return Ok(()) };
    let own = case.state.places.get(&place).map_or("", |place| place.keeper.as_str());
    let post = case.doing.office.places.get(kind).and_then(|kind| kind.keeper.as_deref());
    let (keeps, who) = match (own, post) {
        ("", Some(post)) => {
            let people = case.doing.people;
            (people.holds(&keeper, post, institution, case.book.today), post)
        }
        ("", None) => return Ok(()),
        (own, _) => (own == keeper, own),
    };
    if keeps { Ok(()) } else { Err(refusal::not_keeper(&place, who).at(case.field("keeper"))) }
}
