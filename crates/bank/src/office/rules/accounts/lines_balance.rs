//! GL-001 借贷平衡: debits equal credits.
//!
//! Why: a voucher whose two sides differ is no voucher.
//! Source: handbook 1.5

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use crate::office::value::Value;
use ledger::{Refusal, money};

pub const RULE: Rule = Rule {
    code: "GL-001",
    args: &["rows"],
    optional: &[],
    zh: "借贷平衡",
    en: "debits equal credits",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Rows(rows)) = case.value("rows") else { return Ok(()) };
    let sum = |side: &str| -> i128 {
        let lines =
            rows.iter().filter(|row| row.get("side").is_some_and(|value| value.text() == side));
        let amounts = lines.filter_map(|row| match row.get("amount") {
            Some(Value::Money(amount)) => Some(i128::from(*amount)),
            _ => None,
        });
        amounts.sum()
    };
    let (debit, credit) = (sum("debit"), sum("credit"));
    if debit == credit {
        return Ok(());
    }
    let digits = case.book.chart.unit(case.book.chart.base_unit).digits;
    let (debit, credit) = (money::plain(debit, digits), money::plain(credit, digits));
    Err(refusal::lines_unbalanced(&debit, &credit).at(case.field("rows")))
}
