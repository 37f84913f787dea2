//! GL-004 分录可记: hands may post to the accounts of the lines.
//!
//! Why: who writes a voucher hears at once what its last signature would be refused for.
//! Source: handbook 1.3, 1.5

use crate::office::rules::{Case, Rule};
use crate::office::value::{Value, Values};
use ledger::account::Status;
use ledger::chart::Manual;
use ledger::{Refusal, refusal};

pub const RULE: Rule = Rule {
    code: "GL-004",
    args: &["rows"],
    optional: &[],
    zh: "分录可记",
    en: "hands may post to the accounts of the lines",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Rows(rows)) = case.value("rows") else { return Ok(()) };
    for (at, row) in rows.iter().enumerate() {
        check(case, row).map_err(|no| no.at(format!("{}[{at}].account", case.field("rows"))))?;
    }
    Ok(())
}

fn check(case: &Case<'_>, row: &Values) -> Result<(), Refusal> {
    let book = case.book;
    let number = row.get("account").map(Value::text).unwrap_or_default();
    let Some(id) = book.accounts.by_number(&number) else { return Ok(()) };
    let head = book.accounts.heads[id.index()];
    let kind = book.chart.kind(head.kind);
    if book.kept.contains(&id) {
        return Err(refusal::kept_by_custody(&number));
    }
    if kind.manual == Manual::SystemOnly {
        return Err(refusal::system_only(&number));
    }
    if head.status == Status::Closed {
        return Err(refusal::status_forbids(&number, head.status, true));
    }
    let clears = row.get("clears").map(Value::text).unwrap_or_default();
    match ledger::journal::parse_item(&clears) {
        Some(item) if !book.items.contains_key(&(id, item)) => {
            Err(refusal::unknown_item(&number, item))
        }
        None if !clears.is_empty() => Err(refusal::item_malformed(&clears)),
        _ => Ok(()),
    }
}
