//! 总账: one subject over a period, a row for each day with movement.
//!
//! Turnover on both sides with the number of postings, the balance at the end of the day and its
//! side, totals of each month (本月合计) and of the period (本期合计). Made from the balance before
//! the first day and the daily movements of the general ledger; days without movement are not
//! printed. A subject includes those below it.

use super::positions::lineage;
use super::{DayRow, Period, Scope, finish, is_wrong_side, labels, money, side_label, start};
use crate::table::{Cell, Column, Kind, Label, Style, Table};
use ledger::chart::Class;
use ledger::day::Day;
use ledger::entry::{SubjectId, UnitId};
use std::collections::{BTreeMap, BTreeSet};

/// The subject asked for, and its balance before the period.
#[derive(Clone, Copy, Debug)]
pub struct GeneralLedger<'a> {
    pub subject: SubjectId,
    pub unit: UnitId,
    /// Debit positive: of the subject and all below it, in all institutions of the scope.
    pub opening: i128,
    /// In any order; rows of other subjects, units, institutions and days are passed over. Only
    /// their movements are read: a day without movement need not have a row.
    pub days: &'a [DayRow],
}

pub fn general_ledger(scope: &Scope, period: Period, of: &GeneralLedger) -> Table {
    let subject = scope.chart.subject(of.subject);
    let mut table = start(scope, labels::GENERAL_LEDGER, period, columns(scope, subject.class));
    let name = [Label::same(subject.code.to_string()), Label::from(&subject.title)];
    table.caption(labels::SUBJECT_CAPTION, labels::CODE_AND_TITLE.fill(&name));
    let digits = scope.chart.unit(of.unit).digits;
    let mut book = Book { table, digits, balance: of.opening };
    book.balance_row(Style::Subtotal, Cell::Date(period.from), labels::BROUGHT_FORWARD);
    let (mut month, mut whole) = (Sum::default(), Sum::default());
    let days = by_day(scope, period, of);
    let mut days = days.iter().peekable();
    while let Some((day, sum)) = days.next() {
        month.add(sum);
        whole.add(sum);
        book.balance += sum.debit - sum.credit;
        let is_wrong = is_wrong_side(book.balance, subject.side);
        let style = if is_wrong { Style::Warning } else { Style::Normal };
        book.row(style, Cell::Date(*day), Cell::Empty, sum);
        let is_last = days.peek().is_none_or(|(next, _)| month_of(**next) != month_of(*day));
        if is_last {
            let label = Cell::Label(labels::MONTH_TOTAL);
            book.row(Style::Subtotal, Cell::text(&month_of(*day)), label, &month);
            month = Sum::default();
        }
    }
    book.row(Style::Total, Cell::Date(period.to), Cell::Label(labels::PERIOD_TOTAL), &whole);
    finish(book.table, scope, &BTreeSet::from([of.unit]))
}

fn columns(scope: &Scope, class: Class) -> Vec<Column> {
    let [debit, credit] = labels::turnover_sides(class);
    vec![
        Column::new("day", labels::DATE, Kind::Date),
        Column::new("summary", labels::SUMMARY, Kind::Text),
        Column::new("debit", debit, money(scope)),
        Column::new("debit_count", labels::DEBIT_COUNT, Kind::Integer),
        Column::new("credit", credit, money(scope)),
        Column::new("credit_count", labels::CREDIT_COUNT, Kind::Integer),
        Column::new("side", labels::SIDE, Kind::Text),
        Column::new("balance", labels::BALANCE, money(scope)),
    ]
}

#[derive(Clone, Copy, Default)]
struct Sum {
    debit: i128,
    credit: i128,
    debit_count: u64,
    credit_count: u64,
}

impl Sum {
    fn add(&mut self, other: &Self) {
        self.debit += other.debit;
        self.credit += other.credit;
        self.debit_count += other.debit_count;
        self.credit_count += other.credit_count;
    }
}

fn by_day(scope: &Scope, period: Period, of: &GeneralLedger) -> BTreeMap<Day, Sum> {
    let mut days: BTreeMap<Day, Sum> = BTreeMap::new();
    for DayRow { day, row } in of.days {
        let is_asked = period.from <= *day
            && *day <= period.to
            && row.key.unit == of.unit
            && lineage(scope.chart, row.key.subject).contains(&of.subject)
            && scope.covers(row.key.institution);
        let moved = (row.debit, row.credit, row.debit_count, row.credit_count) != (0, 0, 0, 0);
        if !is_asked || !moved {
            continue;
        }
        days.entry(*day).or_default().add(&Sum {
            debit: row.debit,
            credit: row.credit,
            debit_count: row.debit_count,
            credit_count: row.credit_count,
        });
    }
    days
}

fn month_of(day: Day) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

struct Book {
    table: Table,
    digits: u8,
    balance: i128,
}

impl Book {
    fn row(&mut self, style: Style, day: Cell, summary: Cell, sum: &Sum) {
        self.table.push(
            style,
            vec![
                day,
                summary,
                Cell::amount(sum.debit, self.digits),
                Cell::count(sum.debit_count),
                Cell::amount(sum.credit, self.digits),
                Cell::count(sum.credit_count),
                Cell::Label(side_label(self.balance)),
                Cell::amount(self.balance.abs(), self.digits),
            ],
        );
    }

    fn balance_row(&mut self, style: Style, day: Cell, summary: Label) {
        let side = Cell::Label(side_label(self.balance));
        let balance = Cell::amount(self.balance.abs(), self.digits);
        let [a, b, c, d] = [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty];
        self.table.push(style, vec![day, Cell::Label(summary), a, b, c, d, side, balance]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text;
    use crate::report::sample;
    use crate::table::Lang;

    #[test]
    fn days_months_and_the_period_add_up() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let day = |month, day, institution, subject, debit, credit| DayRow {
            day: Day::new(2026, month, day),
            row: sample::row(
                &chart,
                institution,
                "CNY",
                subject,
                (0, debit, credit, debit - credit),
            ),
        };
        let days = [
            day(2, 27, 0, "2011-01", 0, 500_000),
            day(2, 28, 1, "2011-03", 120_000, 0),
            day(3, 2, 1, "2011-03", 0, 30_050),
            day(3, 2, 0, "2011-01", 2_000_000, 0),
            day(3, 2, 0, "1303", 99, 0),
            day(4, 1, 0, "2011-01", 77, 0),
        ];
        let of = GeneralLedger {
            subject: sample::subject_id(&chart, "2011"),
            unit: chart.base_unit,
            opening: -1_000_000,
            days: &days,
        };
        let period = Period { from: Day::new(2026, 2, 1), to: Day::new(2026, 3, 31) };
        let table = general_ledger(&scope, period, &of);
        insta::assert_snapshot!(text::render(&table, Lang::Zh, 140));
    }
}
