//! VOU-012 客户未用凭证已交回: the holder of an account has no unused vouchers of the bank left.
//!
//! Why: a cheque that outlives its account is a promise that nobody can keep.
//! Source: handbook 4.1 rule 7; 支付结算办法 (M)

use super::serials_counted;
use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use crate::office::value::Value;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "VOU-012",
    args: &["account"],
    optional: &["returned", "kinds"],
    zh: "客户未用凭证已交回",
    en: "the holder of an account has no unused vouchers of the bank left",
    judge,
};

/// `kinds` are those that must come back, `cheque|cash_cheque`; left out: all.
fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let (account, kinds) = (case.text("account"), case.text("kinds"));
    let mut out = serials_counted::held(case.state, &format!("customer/{account}"), &[]);
    out.retain(|range| kinds.is_empty() || kinds.split('|').any(|kind| kind == range.kind));
    let back = serials_counted::ordered(case.value("returned"));
    if out == back || out.is_empty() {
        return Ok(());
    }
    let back = if back.is_empty() { "0".to_owned() } else { Value::Serials(back).text() };
    Err(refusal::vouchers_out(&account, &Value::Serials(out).text(), &back))
}
