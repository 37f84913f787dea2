//! GEN-011 日期不晚于营业日: a date is not to come.
//!
//! Why: what is recorded as done was done today or before; what begins later has not begun.
//! Source: handbook 0.3

use super::{Case, Rule};
use crate::office::refusal;
use ledger::{Day, Refusal};

pub const RULE: Rule = Rule {
    code: "GEN-011",
    args: &["date"],
    optional: &[],
    zh: "日期不晚于营业日",
    en: "a date is not to come",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    match case.text("date").parse::<Day>() {
        Ok(day) if day > case.book.today => {
            Err(refusal::date_ahead(case.field("date"), case.book.today))
        }
        _ => Ok(()),
    }
}
