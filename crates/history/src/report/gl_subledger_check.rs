//! 总分核对报告: does the general ledger equal the sum of its accounts?
//!
//! For each institution, unit and subject the balance of the general ledger, the sum of the ledger
//! accounts (分户账), the difference and the number of accounts. Both balances are shown on the side
//! of the general ledger's, so that one on the other side reads as a minus. Made from the closing
//! of the general ledger and the sums of the account heads, which must be of the same moment.

use super::{
    Period, Scope, Shown, SubledgerRow, finish, labels, money, side_label, start, unit_cell,
    unit_column,
};
use crate::table::{Cell, Column, Kind, Label, Style, Table};
use ledger::day::Day;
use ledger::gl::{GlKey, GlRow};
use std::collections::{BTreeMap, BTreeSet};

pub fn gl_subledger_check(
    scope: &Scope,
    day: Day,
    ledger: &[GlRow],
    accounts: &[SubledgerRow],
    shown: Shown,
) -> Table {
    let columns = vec![
        Column::new("institution", labels::INSTITUTION, Kind::Code),
        unit_column(),
        Column::new("subject", labels::SUBJECT, Kind::Code),
        Column::new("name", labels::SUBJECT_NAME, Kind::Text),
        Column::new("side", labels::SIDE, Kind::Text),
        Column::new("ledger", labels::LEDGER_BALANCE, money(scope)),
        Column::new("accounts", labels::ACCOUNTS_SUM, money(scope)),
        Column::new("difference", labels::DIFFERENCE, money(scope)),
        Column::new("count", labels::ACCOUNT_COUNT, Kind::Integer),
        Column::new("result", labels::RESULT, Kind::Text),
    ];
    let mut table = start(scope, labels::GL_SUBLEDGER_CHECK, Period::day(day), columns);
    let pairs = pairs(scope, ledger, accounts);
    let mut breaks = 0_usize;
    for (key, pair) in &pairs {
        let agrees = pair.ledger == pair.accounts;
        breaks += usize::from(!agrees);
        if agrees && shown == Shown::DifferencesOnly {
            continue;
        }
        let unit = scope.chart.unit(key.unit);
        let subject = scope.chart.subject(key.subject);
        // Where the general ledger shows nothing, the accounts say which side is meant.
        let leading = if pair.ledger == 0 { pair.accounts } else { pair.ledger };
        let sign = if leading < 0 { -1 } else { 1 };
        let amount = |minor: i128| Cell::amount(sign * minor, unit.digits);
        table.push(
            if agrees { Style::Normal } else { Style::Warning },
            vec![
                Cell::Text(scope.code(key.institution)),
                unit_cell(unit),
                Cell::Text(subject.code.clone()),
                Cell::Label(Label::from(&subject.title)),
                Cell::Label(side_label(leading)),
                amount(pair.ledger),
                amount(pair.accounts),
                amount(pair.ledger - pair.accounts),
                Cell::count(pair.count),
                Cell::Label(if agrees { labels::AGREES } else { labels::DIFFERS }),
            ],
        );
    }
    let counts = [pairs.len(), breaks].map(|count| Label::same(count.to_string()));
    table.notes.push(labels::CHECKED.fill(&counts));
    let units: BTreeSet<_> = pairs.keys().map(|key| key.unit).collect();
    finish(table, scope, &units)
}

#[derive(Default)]
pub(super) struct Pair {
    pub ledger: i128,
    pub accounts: i128,
    pub count: u64,
}

/// What either side knows: a key that only one of them has is compared with nothing.
pub(super) fn pairs(
    scope: &Scope,
    ledger: &[GlRow],
    accounts: &[SubledgerRow],
) -> BTreeMap<GlKey, Pair> {
    let mut pairs: BTreeMap<GlKey, Pair> = BTreeMap::new();
    for row in ledger.iter().filter(|row| scope.covers(row.key.institution)) {
        pairs.entry(row.key).or_default().ledger += row.closing;
    }
    for row in accounts.iter().filter(|row| scope.covers(row.key.institution)) {
        let pair = pairs.entry(row.key).or_default();
        pair.accounts += row.balance;
        pair.count += row.accounts;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text;
    use crate::report::{sample, subledger};
    use crate::table::Lang;

    #[test]
    fn the_ledger_is_compared_with_its_accounts() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let day = Day::new(2026, 3, 31);
        let mut ledger = sample::ledger(&chart);
        ledger.retain(|row| row.key.institution.0 == 1 && row.key.unit == chart.base_unit);
        let mut accounts = sample::accounts(&chart);
        accounts.retain(|account| account.balance != -10_000);
        let sums = subledger(&chart, &accounts);
        let table = gl_subledger_check(&scope, day, &ledger, &sums, Shown::All);
        insta::assert_snapshot!("all", text::render(&table, Lang::Zh, 150));
        let table = gl_subledger_check(&scope, day, &ledger, &sums, Shown::DifferencesOnly);
        assert!(table.rows.iter().all(|row| row.style == Style::Warning));
    }
}
