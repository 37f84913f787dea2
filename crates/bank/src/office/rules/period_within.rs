//! PARM-005 期间在天数界限内: a period has so many days, working days or months.
//!
//! Why: a cover that has no end becomes a second post, and a leave of a day shows nothing.
//! Source: handbook 0.3 (OPSYS): cover, forced leave

use super::{Case, Rule};
use crate::office::refusal;
use crate::rulebook::Measure;
use ledger::{Day, Refusal};
use rust_decimal::Decimal;

pub const RULE: Rule = Rule {
    code: "PARM-005",
    args: &["first", "second"],
    optional: &["least", "most"],
    zh: "期间在天数界限内",
    en: "a period has so many days",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let day = |name: &str| case.text(name).parse::<Day>().ok();
    let (Some(first), Some(second)) = (day("first"), day("second")) else { return Ok(()) };
    let field = case.field("second");
    for name in ["least", "most"] {
        let Some(bound) = case.number(name) else { continue };
        let (days, unit) = length(case, name, first, second);
        let days = Decimal::from(days);
        if name == "least" && days < bound || name == "most" && days > bound {
            let bound = (name == "least", bound.to_string());
            return Err(refusal::period_length(field, (&days.to_string(), unit), bound));
        }
    }
    Ok(())
}

/// Days from the first to the last, both counted, in what the bound is measured in.
fn length(
    case: &Case<'_>,
    bound: &str,
    first: Day,
    last: Day,
) -> (i32, (&'static str, &'static str)) {
    let measure = case.doing.rulebook.numbers.get(&case.text(bound)).map(|info| info.measure);
    match measure {
        Some(Measure::WorkingDay) => {
            let days = case.book.chart.calendar.business_days_between(first.plus(-1), last);
            (days, ("个工作日", "working days"))
        }
        // Days are whole: the last one counts to its end.
        Some(Measure::Hour) => ((last.since(first) + 1) * 24, ("小时", "hours")),
        // A month is over on the same day of the next: what is begun of one counts whole.
        Some(Measure::Month) => {
            let (from, to) = (first.date(), last.date());
            let years = i32::from(to.year()) - i32::from(from.year());
            let months = years * 12 + i32::from(to.month()) - i32::from(from.month());
            (months + i32::from(to.day() > from.day()), ("个月", "months"))
        }
        _ => (last.since(first) + 1, ("天", "days")),
    }
}
