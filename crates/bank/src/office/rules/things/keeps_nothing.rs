//! PARM-006 名下无实物: an operator keeps nothing.
//!
//! Why: who leaves a place or the bank hands over first what they answer for.
//! Source: handbook 0.3 (OPSYS): hand-over of goods

use crate::office::effect::kind_of;
use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "PARM-006",
    args: &["operator"],
    optional: &[],
    zh: "名下无实物",
    en: "an operator keeps nothing",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let operator = case.text("operator");
    let custody = &case.state.custody;
    let own = case.state.places.iter().filter(|(_, place)| place.keeper == operator);
    for (place, _) in own {
        if custody.cash(place).next().is_some() || !custody.kinds_at(place).is_empty() {
            return Err(refusal::keeps_things(case.field("operator"), &operator, place));
        }
    }
    for kind in case.doing.office.stocks.keys() {
        let mut kept = custody.things(kind);
        let held = kept.find(|(thing, attributes)| {
            let here = custody.find(thing).is_some_and(|(at, _)| kind_of(case.book, at).is_some());
            here && attributes.get("keeper") == Some(&operator)
        });
        if let Some((thing, _)) = held {
            let thing = thing.to_string();
            return Err(refusal::keeps_things(case.field("operator"), &operator, &thing));
        }
    }
    Ok(())
}
