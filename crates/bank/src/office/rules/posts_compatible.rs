//! PARM-002 岗位相容: posts may be held together.
//!
//! Why: who books, who approves, who keeps and who checks are different people.
//! Source: handbook 0.3 (ACC24 art.25, BLANK)

use super::{Case, Rule};
use crate::office::refusal;
use ledger::{Day, Refusal};

pub const RULE: Rule = Rule {
    code: "PARM-002",
    args: &["operator", "post"],
    optional: &["from", "until", "leaving"],
    zh: "岗位相容",
    en: "posts may be held together",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let (operator, post) = (case.text("operator"), case.text("post"));
    let day = |name: &str| case.text(name).parse::<Day>().ok();
    let from = day("from").unwrap_or(case.book.today);
    let (office, people) = (case.doing.office, case.doing.people);
    let leaving = case.text("leaving");
    match people.clash(office, &operator, (&post, &leaving), (from, day("until"))) {
        Some((other, why)) => Err(refusal::posts_apart(&operator, &post, other, why)),
        None => Ok(()),
    }
}
