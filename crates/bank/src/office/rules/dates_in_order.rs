//! GEN-003 日期先后: the second date is not before the first.
//!
//! Why: a period that ends before it begins covers nothing.
//! Source: handbook 0.3

use super::{Case, Rule};
use crate::office::definition::Source;
use crate::office::refusal;
use ledger::{Day, Refusal};

pub const RULE: Rule = Rule {
    code: "GEN-003",
    args: &["first", "second"],
    optional: &[],
    zh: "日期先后",
    en: "the second date is not before the first",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let day = |name: &str| case.text(name).parse::<Day>().ok();
    match (day("first"), day("second")) {
        (Some(first), Some(second)) if second < first => {
            let today = |name: &str| case.check.args.get(name) == Some(&Source::Today);
            if today("second") {
                return Err(refusal::date_ahead(case.field("first"), second));
            }
            if today("first") {
                return Err(refusal::date_past(case.field("second"), first));
            }
            Err(refusal::dates_backwards(case.field("first"), case.field("second")))
        }
        _ => Ok(()),
    }
}
