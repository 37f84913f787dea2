//! VOU-004 需用量合理: what is wanted fills the stock up to its reorder point, and not too far.
//!
//! Why: a counter without certificates turns customers away; vouchers for years go out of use in
//! the store and must be destroyed.
//! Source: handbook 4.1; months P

use crate::office::effect::kind_of;
use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use crate::office::value::{Value, Values};
use custody::Condition;
use ledger::Refusal;
use rust_decimal::Decimal;

pub const RULE: Rule = Rule {
    code: "VOU-004",
    args: &["rows", "reorder", "cover"],
    optional: &[],
    zh: "需用量合理",
    en: "what is wanted fills the stock up to its reorder point, and not too far",
    judge,
};

/// Rows have `kind`, `use` in a month, `held` and `wanted`; `reorder` and `cover` are months.
fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Rows(rows)) = case.value("rows") else { return Ok(()) };
    let months = |name: &str| case.number(name).unwrap_or_default();
    // Stock goes on being used: it is compared when it is said, and not at each step after.
    let said_now = said_in_this_step(case);
    for (at, row) in rows.iter().enumerate() {
        let spot = |column: &str| format!("{}[{at}].{column}", case.field("rows"));
        let [monthly, held, wanted] = ["use", "held", "wanted"].map(|name| pieces(row, name));
        let booked = held_at(case, &row.get("kind").map(Value::text).unwrap_or_default());
        if said_now && held != booked {
            let (held, booked) = (held.to_string(), booked.to_string());
            return Err(refusal::count_differs(&spot("held"), &held, &booked));
        }
        let least = (monthly * months("reorder") - held).ceil().max(Decimal::ZERO);
        let most = (monthly * months("cover") - held).floor().max(least);
        if wanted < least {
            return Err(refusal::too_few(&spot("wanted"), &least.to_string()));
        }
        if wanted > most {
            return Err(refusal::too_many(&spot("wanted"), &most.to_string()));
        }
    }
    Ok(())
}

fn said_in_this_step(case: &Case<'_>) -> bool {
    let (matter, record) = (case.doing.matter, case.doing.record);
    let field = matter.field(case.field("rows"));
    field.is_some_and(|at| matter.fields[at].filled_at == record.step(matter))
}

fn pieces(row: &Values, column: &str) -> Decimal {
    match row.get(column) {
        Some(Value::Integer(pieces)) => Decimal::from(*pieces),
        _ => Decimal::ZERO,
    }
}

/// Good pieces of a kind at all places of the matter's institution.
fn held_at(case: &Case<'_>, kind: &str) -> Decimal {
    let own = case.doing.record.institution;
    let places = case.state.places.keys();
    let places = places.filter(|place| kind_of(case.book, place).is_some_and(|(at, _)| at == own));
    let held = places.map(|place| case.state.custody.held(place, kind, Condition::Good));
    held.map(Decimal::from).sum()
}
