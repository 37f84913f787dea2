//! GEN-007 在工作日期限内: within so many working days of a date.
//!
//! Why: a right that has lapsed is not given again by habit.
//! Source: handbook 5.6 (FAKE): appeals

use super::{Case, Rule};
use crate::office::refusal;
use ledger::{Day, Refusal};

pub const RULE: Rule = Rule {
    code: "GEN-007",
    args: &["since", "days"],
    optional: &["date"],
    zh: "在工作日期限内",
    en: "within so many working days of a date",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Ok(since) = case.text("since").parse::<Day>() else { return Ok(()) };
    let days = case.number("days").and_then(|days| i32::try_from(days).ok());
    let Some(days) = days else { return Ok(()) };
    let last = case.book.chart.calendar.add_business_days(since, days);
    // The day that is judged: one given, as that of an application, or today.
    let day = case.text("date").parse::<Day>().unwrap_or(case.book.today);
    if day <= last {
        return Ok(());
    }
    Err(refusal::deadline_over(case.field("since"), &last.to_string()))
}
