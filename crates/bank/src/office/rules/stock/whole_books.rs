//! VOU-008 整本: a kind that is bound in books goes in whole books.
//!
//! Why: a torn book cannot be counted by its cover, and its rest is lost sight of.
//! Source: handbook 4.1 (sheets per book); P

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use crate::office::value::Value;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "VOU-008",
    args: &["serials"],
    optional: &[],
    zh: "整本",
    en: "a kind that is bound in books goes in whole books",
    judge,
};

/// The first book of a prefix begins with number 1.
fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Serials(ranges)) = case.value("serials") else { return Ok(()) };
    for range in ranges {
        let stock = case.doing.office.stocks.get(&range.kind);
        let Some(per) = stock.and_then(|stock| stock.per_book) else { continue };
        let per = u64::from(per.max(1));
        let begins = range.from.checked_sub(1).is_some_and(|before| before % per == 0);
        if !begins || range.to % per != 0 {
            return Err(refusal::not_whole_books(case.field("serials"), range, per));
        }
    }
    Ok(())
}
