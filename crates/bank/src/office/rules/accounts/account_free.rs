//! GL-003 内部账户可开: a kind of the bank's account is not yet open at an institution.
//!
//! Why: two accounts for one purpose hide in each other.
//! Source: handbook 1.3

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "GL-003",
    args: &["kind", "institution"],
    optional: &[],
    zh: "内部账户可开",
    en: "a kind of the bank's account is not yet open at an institution",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let (book, code) = (case.book, case.text("kind"));
    let kind = book.chart.kind_by_code(&code).filter(|kind| book.chart.kind(*kind).internal);
    let Some(kind) = kind else {
        let what = ("内部账户种类", "kind of the bank's account");
        return Err(refusal::unknown(case.field("kind"), what, &code));
    };
    let Some(at) = book.institution_by_code(&case.text("institution")) else { return Ok(()) };
    match book.internal(kind, at, book.chart.base_unit) {
        Some(open) => {
            let number = book.accounts.number(open);
            Err(ledger::refusal::account_exists(number).at(case.field("kind")))
        }
        None => Ok(()),
    }
}
