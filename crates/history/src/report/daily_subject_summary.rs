//! 科目日结单: what the vouchers of one day add up to under each subject.
//!
//! Debit and credit turnover with the number of postings, the part in cash (现金) and by transfer
//! (转账) where the books tell them apart, and the number of vouchers (凭证张数) that must lie behind
//! the slip. Made from the day's postings; it ties the vouchers to the general ledger.

use super::positions::lineage;
use super::{
    Period, Scope, SubjectTurnover, Turn, by_code, finish, is_off_balance, labels, money, start,
    subject_cells, unit_cell, unit_column,
};
use crate::table::{Cell, Column, Kind, Style, Table};
use ledger::chart::Unit;
use ledger::day::Day;
use ledger::entry::{SubjectId, UnitId};
use std::collections::{BTreeMap, BTreeSet};

/// All subjects with turnover, or one with those below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    All,
    One(SubjectId),
}

pub fn daily_subject_summary(
    scope: &Scope,
    day: Day,
    rows: &[SubjectTurnover],
    which: Which,
) -> Table {
    let mut units: BTreeMap<UnitId, BTreeMap<SubjectId, Sum>> = BTreeMap::new();
    let covered = rows.iter().filter(|row| scope.covers(row.key.institution));
    let asked = |id: SubjectId| match which {
        Which::All => true,
        Which::One(subject) => lineage(scope.chart, id).contains(&subject),
    };
    for row in covered.filter(|row| asked(row.key.subject)) {
        let subjects = units.entry(row.key.unit).or_default();
        subjects.entry(row.key.subject).or_insert(Sum::EMPTY).add(&Sum::of(row));
    }
    let mut table = start(scope, labels::DAILY_SUBJECT_SUMMARY, Period::day(day), columns(scope));
    let mut tells_cash = false;
    for (unit, subjects) in &units {
        let unit = scope.chart.unit(*unit);
        let mut total = Sum::EMPTY;
        for id in by_code(scope.chart, subjects.keys().copied()) {
            let (subject, sum) = (scope.chart.subject(id), &subjects[&id]);
            tells_cash |= sum.cash.is_some();
            let [code, name] = subject_cells(subject);
            table.push(Style::Normal, sum.cells(unit, code, name));
            // Off-balance postings have no counterpart: in the total they would break its balance.
            if !is_off_balance(subject) || which != Which::All {
                total.add(sum);
            }
        }
        if which == Which::All {
            let label = Cell::Label(labels::TOTAL);
            table.push(Style::Total, total.cells(unit, Cell::Empty, label));
        }
    }
    if !tells_cash {
        for key in ["debit_cash", "debit_transfer", "credit_cash", "credit_transfer"] {
            table = table.without(key);
        }
    }
    let has_off_balance =
        units.values().flat_map(BTreeMap::keys).any(|id| is_off_balance(scope.chart.subject(*id)));
    if has_off_balance && which == Which::All {
        table.notes.push(labels::OFF_BALANCE_APART);
    }
    finish(table, scope, &units.keys().copied().collect::<BTreeSet<_>>())
}

fn columns(scope: &Scope) -> Vec<Column> {
    let amount = money(scope);
    vec![
        unit_column(),
        Column::new("subject", labels::SUBJECT, Kind::Code),
        Column::new("name", labels::SUBJECT_NAME, Kind::Text),
        Column::new("debit_cash", labels::DEBIT_CASH, amount),
        Column::new("debit_transfer", labels::DEBIT_TRANSFER, amount),
        Column::new("debit", labels::DEBIT_AMOUNT, amount),
        Column::new("debit_count", labels::DEBIT_COUNT, Kind::Integer),
        Column::new("credit_cash", labels::CREDIT_CASH, amount),
        Column::new("credit_transfer", labels::CREDIT_TRANSFER, amount),
        Column::new("credit", labels::CREDIT_AMOUNT, amount),
        Column::new("credit_count", labels::CREDIT_COUNT, Kind::Integer),
        Column::new("vouchers", labels::VOUCHERS, Kind::Integer),
    ]
}

struct Sum {
    debit: Turn,
    credit: Turn,
    /// Debit and credit in cash; none as soon as one row does not tell.
    cash: Option<(i128, i128)>,
    vouchers: u64,
}

impl Sum {
    const EMPTY: Self = Self {
        debit: Turn { amount: 0, count: 0 },
        credit: Turn { amount: 0, count: 0 },
        cash: Some((0, 0)),
        vouchers: 0,
    };

    fn of(row: &SubjectTurnover) -> Self {
        let cash = row.cash.map(|cash| (cash.debit.amount, cash.credit.amount));
        Self { debit: row.debit, credit: row.credit, cash, vouchers: row.vouchers }
    }

    fn add(&mut self, other: &Self) {
        self.debit.amount += other.debit.amount;
        self.debit.count += other.debit.count;
        self.credit.amount += other.credit.amount;
        self.credit.count += other.credit.count;
        self.vouchers += other.vouchers;
        let both = self.cash.zip(other.cash);
        self.cash = both.map(|(left, right)| (left.0 + right.0, left.1 + right.1));
    }

    fn cells(&self, unit: &Unit, code: Cell, name: Cell) -> Vec<Cell> {
        let amount = |minor: i128| Cell::amount(minor, unit.digits);
        let part = |minor: Option<i128>| minor.map_or(Cell::Empty, amount);
        let debit_cash = self.cash.map(|cash| cash.0);
        let credit_cash = self.cash.map(|cash| cash.1);
        vec![
            unit_cell(unit),
            code,
            name,
            part(debit_cash),
            part(debit_cash.map(|cash| self.debit.amount - cash)),
            amount(self.debit.amount),
            Cell::count(self.debit.count),
            part(credit_cash),
            part(credit_cash.map(|cash| self.credit.amount - cash)),
            amount(self.credit.amount),
            Cell::count(self.credit.count),
            Cell::count(self.vouchers),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text;
    use crate::report::{CashPart, sample};
    use crate::table::Lang;
    use ledger::chart::Chart;

    fn rows(chart: &Chart, tells_cash: bool) -> Vec<SubjectTurnover> {
        let turn = |row: &ledger::gl::GlRow| {
            let debit = Turn { amount: row.debit, count: row.debit_count };
            let credit = Turn { amount: row.credit, count: row.credit_count };
            let is_cash = chart.subject(row.key.subject).code.starts_with("1001");
            let all = CashPart { debit, credit };
            SubjectTurnover {
                key: row.key,
                debit,
                credit,
                cash: tells_cash.then(|| if is_cash { all } else { CashPart::default() }),
                vouchers: row.debit_count + row.credit_count,
            }
        };
        let ledger = sample::ledger(chart);
        ledger.iter().filter(|row| row.debit + row.credit > 0).map(turn).collect()
    }

    #[test]
    fn vouchers_add_up_under_each_subject() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let day = Day::new(2026, 3, 31);
        let mut rows = rows(&chart, true);
        rows.retain(|row| row.key.unit == chart.base_unit);
        let table = daily_subject_summary(&scope, day, &rows, Which::All);
        insta::assert_snapshot!("all", text::render(&table, Lang::Zh, 160));
    }

    #[test]
    fn one_subject_has_its_own_slip() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let which = Which::One(sample::subject_id(&chart, "2011-03"));
        let rows = rows(&chart, false);
        let table = daily_subject_summary(&scope, Day::new(2026, 3, 31), &rows, which);
        insta::assert_snapshot!("one", text::render(&table, Lang::Zh, 160));
    }
}
