//! CASH-004 没有现金: the place holds no cash.
//!
//! Why: a box that is put away or given up is empty.
//! Source: handbook 5.2 (VAULT)

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use ledger::{Refusal, money};

pub const RULE: Rule = Rule {
    code: "CASH-004",
    args: &["place"],
    optional: &[],
    zh: "没有现金",
    en: "the place holds no cash",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let place = case.text("place");
    let held = case.state.cash_at(case.doing.office, &place);
    if held == 0 {
        return Ok(());
    }
    let digits = case.book.chart.unit(case.book.chart.base_unit).digits;
    Err(refusal::box_not_empty(&place, &money::plain(i128::from(held), digits)))
}
