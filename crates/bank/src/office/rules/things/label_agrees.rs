//! CASH-133 登记项相符: what is seen on a thing is what was registered of it.
//!
//! Why: a packet that leaves has the seal and the weight with which it came, or it was opened.
//! Source: handbook 5.3

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use crate::office::value::Value;
use ledger::Refusal;
use rust_decimal::Decimal;

pub const RULE: Rule = Rule {
    code: "CASH-133",
    args: &["thing", "attribute", "seen"],
    optional: &[],
    zh: "登记项相符",
    en: "what is seen on a thing is what was registered of it",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Thing(thing)) = case.value("thing") else { return Ok(()) };
    let (attribute, seen) = (case.text("attribute"), case.text("seen"));
    let attributes = case.state.custody.attributes(thing);
    let own = attributes.and_then(|all| all.get(&attribute)).map_or("", String::as_str);
    // 50 grams are 50.00 grams.
    let number = |text: &str| text.parse::<Decimal>().ok();
    let same = own == seen || number(own).is_some() && number(own) == number(&seen);
    if same {
        return Ok(());
    }
    Err(refusal::label_differs(case.field("seen"), (&thing.to_string(), &attribute), own, &seen))
}
