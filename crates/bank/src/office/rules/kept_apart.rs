//! SEAL-001 印押证分管: seals, ciphers and blanks have three keepers.
//!
//! Why: with all three in one hand, one person can make a draft that the bank must pay.
//! Source: handbook 0.3, 4.2 (BLANK, SEALS)

use super::{Case, Rule};
use crate::office::refusal;
use crate::office::value::Value;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "SEAL-001",
    args: &["thing", "keeper"],
    optional: &[],
    zh: "印押证分管",
    en: "seals, ciphers and blanks have three keepers",
    judge,
};

/// Families of stock that no two of may have one keeper.
const APART: [&str; 3] = ["seal", "cipher", "blank"];

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let keeper = case.text("keeper");
    let Some(Value::Thing(thing)) = case.value("thing") else { return Ok(()) };
    let office = case.doing.office;
    let family = |kind: &str| office.stocks.get(kind).and_then(|stock| stock.family.as_deref());
    let Some(own) = family(&thing.kind).filter(|own| APART.contains(own)) else { return Ok(()) };
    let kinds = office
        .stocks
        .keys()
        .filter(|kind| family(kind).is_some_and(|other| other != own && APART.contains(&other)));
    for kind in kinds {
        let mut kept = case.state.custody.things(kind);
        let held = kept.find(|(_, attributes)| {
            attributes.get("keeper") == Some(&keeper)
                && attributes.get("state").is_none_or(|state| state != "stopped")
        });
        if let Some((other, _)) = held {
            let (other, thing) = (other.to_string(), thing.to_string());
            return Err(refusal::kept_apart(case.field("keeper"), &keeper, &other, &thing));
        }
    }
    Ok(())
}
