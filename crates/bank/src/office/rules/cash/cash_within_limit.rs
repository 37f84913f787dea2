//! CASH-001 现金不超过限额: cash stays within the limit of its place.
//!
//! Why: what lies idle earns nothing and tempts; over the limit it is paid in.
//! Source: handbook 5.2 (VAULT)

use crate::office::effect::{face, kind_of};
use crate::office::rules::{Case, Rule};
use crate::office::value::Value;
use crate::office::{numbers, refusal};
use ledger::{Refusal, money};
use rust_decimal::Decimal;

pub const RULE: Rule = Rule {
    code: "CASH-001",
    args: &["place"],
    optional: &["after"],
    zh: "现金不超过限额",
    en: "cash stays within the limit of its place",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let place = case.text("place");
    let Some((institution, kind)) = kind_of(case.book, &place) else { return Ok(()) };
    let limit = case.doing.office.places.get(kind).and_then(|kind| kind.limit.as_deref());
    let Some(limit) = limit else { return Ok(()) };
    let Some(limit) = numbers::at(case.book, limit, institution) else { return Ok(()) };
    let coming = match case.value("after") {
        Some(Value::Notes(counts)) => face(case.doing.office, counts).unwrap_or(i64::MAX),
        _ => 0,
    };
    let held = case.state.cash_at(case.doing.office, &place).saturating_add(coming);
    let digits = case.book.chart.unit(case.book.chart.base_unit).digits;
    if Decimal::new(held, u32::from(digits)) <= limit {
        return Ok(());
    }
    let held = money::plain(i128::from(held), digits);
    Err(refusal::over_limit(&place, &held, &limit.to_string()))
}
