//! 表外科目余额表: what is kept off the balance sheet.
//!
//! Single entry: 收入 raises, 付出 lowers, and there is no counterpart to balance with. For each
//! subject the opening, both turnovers and the closing, with the number of pieces (数量) where they
//! are counted. A balance below zero cannot be and is a warning. Made from the general ledger of
//! the period.

use super::{
    Period, Scope, by_code, finish, is_off_balance, labels, money, start, subject_cells, unit_cell,
    unit_column,
};
use crate::table::{Cell, Column, Kind, Label, Style, Table};
use ledger::entry::{SubjectId, UnitId};
use ledger::gl::GlRow;
use std::collections::{BTreeMap, BTreeSet};

/// A row of the ledger and the pieces behind its closing balance, where they are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffBalanceRow {
    pub row: GlRow,
    pub quantity: Option<i64>,
}

pub fn off_balance_list(scope: &Scope, period: Period, rows: &[OffBalanceRow]) -> Table {
    let columns = vec![
        unit_column(),
        Column::new("subject", labels::SUBJECT, Kind::Code),
        Column::new("name", labels::SUBJECT_NAME, Kind::Text),
        Column::new("opening", labels::OPENING, money(scope)),
        Column::new("received", labels::RECEIVED, money(scope)),
        Column::new("paid", labels::PAID, money(scope)),
        Column::new("closing", labels::CLOSING, money(scope)),
        Column::new("quantity", labels::QUANTITY, Kind::Integer),
    ];
    let mut table = start(scope, labels::OFF_BALANCE_LIST, period, columns);
    let mut units: BTreeMap<UnitId, BTreeMap<SubjectId, Sum>> = BTreeMap::new();
    let asked = |row: &&OffBalanceRow| {
        scope.covers(row.row.key.institution)
            && is_off_balance(scope.chart.subject(row.row.key.subject))
    };
    for row in rows.iter().filter(asked) {
        let subjects = units.entry(row.row.key.unit).or_default();
        subjects.entry(row.row.key.subject).or_default().add(row);
    }
    let mut negative: Vec<String> = Vec::new();
    for (unit, subjects) in &units {
        let unit = scope.chart.unit(*unit);
        for id in by_code(scope.chart, subjects.keys().copied()) {
            let (subject, sum) = (scope.chart.subject(id), &subjects[&id]);
            let amount = |minor: i128| Cell::amount(minor, unit.digits);
            let [code, name] = subject_cells(subject);
            if sum.closing < 0 {
                negative.push(subject.code.to_string());
            }
            table.push(
                if sum.closing < 0 { Style::Warning } else { Style::Normal },
                vec![
                    unit_cell(unit),
                    code,
                    name,
                    amount(sum.opening),
                    amount(sum.received),
                    amount(sum.paid),
                    amount(sum.closing),
                    sum.quantity.map_or(Cell::Empty, Cell::Int),
                ],
            );
        }
    }
    if !negative.is_empty() {
        table.notes.push(labels::NEGATIVE_NOTE.fill(&[Label::same(negative.join(", "))]));
    }
    finish(table, scope, &units.keys().copied().collect::<BTreeSet<_>>())
}

#[derive(Default)]
struct Sum {
    opening: i128,
    received: i128,
    paid: i128,
    closing: i128,
    quantity: Option<i64>,
}

impl Sum {
    fn add(&mut self, row: &OffBalanceRow) {
        self.opening += row.row.opening;
        self.received += row.row.debit;
        self.paid += row.row.credit;
        self.closing += row.row.closing;
        if let Some(quantity) = row.quantity {
            self.quantity = Some(self.quantity.unwrap_or(0) + quantity);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text;
    use crate::report::sample;
    use crate::table::Lang;
    use ledger::day::Day;

    #[test]
    fn amounts_and_pieces_stand_side_by_side() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let mut ledger = sample::ledger(&chart);
        ledger.push(sample::row(&chart, 1, "USD", "7001", (100, 0, 250, -150)));
        let rows: Vec<OffBalanceRow> = ledger
            .into_iter()
            .map(|row| OffBalanceRow { row, quantity: (row.key.unit.0 != 1).then_some(575) })
            .collect();
        let period = Period { from: Day::new(2026, 3, 1), to: Day::new(2026, 3, 31) };
        let table = off_balance_list(&scope, period, &rows);
        insta::assert_snapshot!(text::render(&table, Lang::Zh, 140));
    }
}
