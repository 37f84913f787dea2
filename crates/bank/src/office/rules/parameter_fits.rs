//! PARM-001 参数值可用: a value fits its parameter.
//!
//! Why: a rate without its sign, or a date that lies behind, would be wrong from the first day.
//! Source: handbook 0.1, Appendix C

use super::{Case, Rule};
use crate::office::{numbers, refusal};
use ledger::{Day, Refusal};

pub const RULE: Rule = Rule {
    code: "PARM-001",
    args: &["code", "from", "value"],
    optional: &["under", "outside"],
    zh: "参数值可用",
    en: "a value fits its parameter",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let (code, value) = (case.text("code"), case.text("value"));
    let (under, outside) = (case.text("under"), case.text("outside"));
    let among = |list: &str| list.split('|').any(|one| code.starts_with(one));
    if !under.is_empty() && !among(&under) || !outside.is_empty() && among(&outside) {
        return Err(refusal::number_elsewhere(case.field("code"), &code));
    }
    let from = case.text("from").parse::<Day>().ok();
    let from = from.unwrap_or(case.book.today);
    numbers::check(case.doing.rulebook, case.book, (&code, from), &value).map(drop)
}
