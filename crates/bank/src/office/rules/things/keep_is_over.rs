//! ARCH-001 保管期限届满且无未了事项: its time is over and nothing holds it back.
//!
//! Why: unsettled debts and unfinished matters are taken out and kept.
//! Source: handbook 10.1, 10.2 (ARC79)

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use custody::Serial;
use ledger::{Day, Refusal};

pub const RULE: Rule = Rule {
    code: "ARCH-001",
    args: &["thing"],
    optional: &[],
    zh: "保管期限届满且无未了事项",
    en: "its time is over and nothing holds it back",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    case.things("thing")?.iter().try_for_each(|thing| over(case, thing))
}

fn over(case: &Case<'_>, thing: &Serial) -> Result<(), Refusal> {
    let attributes = case.state.custody.attributes(thing);
    let attribute = |name: &str| attributes.and_then(|all| all.get(name)).map(String::as_str);
    if let Some(why) = attribute("hold") {
        return Err(refusal::on_hold(&thing.to_string(), why));
    }
    let until = attribute("keep_until").unwrap_or("permanent");
    match until.parse::<Day>() {
        Ok(day) if day < case.book.today => Ok(()),
        _ => Err(refusal::keep_not_over(&thing.to_string(), until)),
    }
}
