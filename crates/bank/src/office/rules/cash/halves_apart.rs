//! KEY-001 钥匙与密码分管: nobody keeps two keys or combinations of one place.
//!
//! Why: a vault needs two people at its door, so that no one of them can open it alone.
//! Source: handbook 5.2 (VAULT)

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use crate::office::value::Value;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "KEY-001",
    args: &["thing", "keeper"],
    optional: &["place"],
    zh: "钥匙与密码分管",
    en: "nobody keeps two keys or combinations of one place",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Thing(thing)) = case.value("thing") else { return Ok(()) };
    let (keeper, custody) = (case.text("keeper"), &case.state.custody);
    let place = match case.text("place") {
        named if named.is_empty() => custody.find(thing).map(|(place, _)| place.to_owned()),
        named => Some(named),
    };
    let Some(place) = place else { return Ok(()) };
    let mut kept = custody.things(&thing.kind);
    let held = kept.find(|(other, attributes)| {
        other != thing
            && attributes.get("keeper") == Some(&keeper)
            && attributes.get("state").is_none_or(|state| state != "stopped")
            && custody.find(other).is_some_and(|(at, _)| at == place)
    });
    match held {
        Some((other, _)) => {
            let (other, thing) = (other.to_string(), thing.to_string());
            Err(refusal::both_halves(case.field("keeper"), &keeper, &other, &thing))
        }
        None => Ok(()),
    }
}
