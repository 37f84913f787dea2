//! 余额表: the balances of accounts, subject by subject.
//!
//! Account number, name, institution, side and balance, what is held or frozen of it, and the
//! status; a subtotal of the net balance for each subject, a total of both sides for each unit.
//! Made from the heads of the accounts; it is what the general ledger is checked against.

use super::{
    AccountRow, Period, Scope, finish, is_off_balance, is_wrong_side, labels, money, side_label,
    start, subject_cells, unit_cell, unit_column,
};
use crate::table::{Cell, Column, Kind, Label, Style, Table};
use ledger::chart::Unit;
use ledger::day::Day;
use ledger::entry::{SubjectId, Text, UnitId};
use std::collections::{BTreeMap, BTreeSet};

pub fn balance_list(scope: &Scope, day: Day, accounts: &[AccountRow]) -> Table {
    let mut sorted: BTreeMap<(UnitId, Text, SubjectId), Vec<&AccountRow>> = BTreeMap::new();
    for account in accounts.iter().filter(|account| scope.covers(account.institution)) {
        let id = scope.chart.kind(account.kind).subject;
        let code = scope.chart.subject(id).code.clone();
        sorted.entry((account.unit, code, id)).or_default().push(account);
    }
    let mut table = start(scope, labels::BALANCE_LIST, Period::day(day), columns(scope));
    let mut totals: BTreeMap<UnitId, Total> = BTreeMap::new();
    let mut groups = sorted.iter_mut().peekable();
    while let Some(((unit_id, _, subject), rows)) = groups.next() {
        rows.sort_by(|left, right| left.number.cmp(&right.number));
        let unit = scope.chart.unit(*unit_id);
        let total = totals.entry(*unit_id).or_default();
        group(&mut table, scope, unit, *subject, rows, total);
        if groups.peek().is_none_or(|((next, _, _), _)| next != unit_id) {
            total.push(&mut table, unit);
        }
    }
    finish(table, scope, &totals.keys().copied().collect::<BTreeSet<_>>())
}

fn columns(scope: &Scope) -> Vec<Column> {
    vec![
        unit_column(),
        Column::new("subject", labels::SUBJECT, Kind::Code),
        Column::new("account", labels::ACCOUNT, Kind::Code),
        Column::new("name", labels::ACCOUNT_NAME, Kind::Text),
        Column::new("institution", labels::INSTITUTION, Kind::Code),
        Column::new("side", labels::SIDE, Kind::Text),
        Column::new("balance", labels::BALANCE, money(scope)),
        Column::new("held", labels::HELD, money(scope)),
        Column::new("status", labels::STATUS, Kind::Text),
    ]
}

fn group(
    table: &mut Table,
    scope: &Scope,
    unit: &Unit,
    subject: SubjectId,
    rows: &[&AccountRow],
    total: &mut Total,
) {
    let subject = scope.chart.subject(subject);
    let [code, _] = subject_cells(subject);
    let (mut net, mut held) = (0_i128, 0_i128);
    for account in rows {
        let balance = i128::from(account.balance);
        net += balance;
        held += i128::from(account.held);
        if !is_off_balance(subject) {
            total.debit += balance.max(0);
            total.credit += (-balance).max(0);
        }
        total.accounts += 1;
        let is_wrong = is_wrong_side(balance, subject.side);
        table.push(
            if is_wrong { Style::Warning } else { Style::Normal },
            vec![
                unit_cell(unit),
                code.clone(),
                Cell::Text(account.number.clone()),
                Cell::Text(account.name.clone()),
                Cell::Text(scope.code(account.institution)),
                Cell::Label(side_label(balance)),
                Cell::amount(balance.abs(), unit.digits),
                Cell::amount(i128::from(account.held), unit.digits),
                Cell::Label(Label::of(account.status.zh(), account.status.en())),
            ],
        );
    }
    let count = Label::same(rows.len().to_string());
    let name = labels::SUBJECT_SUBTOTAL.fill(&[Label::from(&subject.title), count]);
    table.push(
        Style::Subtotal,
        vec![
            unit_cell(unit),
            code,
            Cell::Empty,
            Cell::Label(name),
            Cell::Empty,
            Cell::Label(side_label(net)),
            Cell::amount(net.abs(), unit.digits),
            Cell::amount(held, unit.digits),
            Cell::Empty,
        ],
    );
}

/// Both sides of one unit; off-balance accounts have no side that a total could use.
#[derive(Default)]
struct Total {
    debit: i128,
    credit: i128,
    accounts: usize,
}

impl Total {
    fn push(&self, table: &mut Table, unit: &Unit) {
        let count = Label::same(self.accounts.to_string());
        let sides = [
            (labels::DEBIT_TOTAL.fill(&[count]), labels::DR, self.debit),
            (labels::CREDIT_TOTAL, labels::CR, self.credit),
        ];
        for (name, side, sum) in sides {
            table.push(
                Style::Total,
                vec![
                    unit_cell(unit),
                    Cell::Empty,
                    Cell::Empty,
                    Cell::Label(name),
                    Cell::Empty,
                    Cell::Label(side),
                    Cell::amount(sum, unit.digits),
                    Cell::Empty,
                    Cell::Empty,
                ],
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text;
    use crate::report::sample;
    use crate::table::Lang;

    #[test]
    fn accounts_stand_under_their_subjects() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let accounts = sample::accounts(&chart);
        let table = balance_list(&scope, Day::new(2026, 3, 31), &accounts);
        insta::assert_snapshot!(text::render(&table, Lang::Zh, 150));
    }

    #[test]
    fn each_unit_is_a_section() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let mut accounts = sample::accounts(&chart);
        accounts[1].unit = UnitId(1);
        accounts[1].balance = -5_000;
        let table = balance_list(&scope, Day::new(2026, 3, 31), &accounts);
        insta::assert_snapshot!("units", text::render(&table, Lang::En, 150));
    }
}
