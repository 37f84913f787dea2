//! GEN-004 日期不早于营业日: a date is not past.
//!
//! Why: what is decided today cannot take effect before today.
//! Source: handbook 0.3

use super::{Case, Rule};
use crate::office::refusal;
use ledger::{Day, Refusal};

pub const RULE: Rule = Rule {
    code: "GEN-004",
    args: &["date"],
    optional: &[],
    zh: "日期不早于营业日",
    en: "a date is not past",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    match case.text("date").parse::<Day>() {
        Ok(day) if day < case.book.today => {
            Err(refusal::date_past(case.field("date"), case.book.today))
        }
        _ => Ok(()),
    }
}
