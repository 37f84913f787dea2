//! GL-002 内部账户余额为零: an account of the bank is empty.
//!
//! Why: an account that is closed with money in it would take the money out of the books.
//! Source: handbook 1.3

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "GL-002",
    args: &["account"],
    optional: &[],
    zh: "内部账户余额为零",
    en: "an account of the bank is empty",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let number = case.text("account");
    let Some(id) = case.book.accounts.by_number(&number) else { return Ok(()) };
    if case.book.accounts.heads[id.index()].balance == 0 {
        return Ok(());
    }
    Err(refusal::balance_left(&number))
}
