//! 资产负债表: what the bank owns, owes and is worth.
//!
//! The rows of the layout with their balance at the end and at the beginning of the period, and
//! the check that assets = liabilities + equity. Income and expense not yet transferred to 本年利润
//! are worth of the bank too: unless the layout names them, they stand in equity as 未结转损益. A
//! common (共同) subject is shown where its net balance stands. Made from the general ledger of the
//! period, for several currencies best after [`in_base`](super::in_base).

use super::layout::{self, EQUITY, Value};
use super::positions::{Position, own};
use super::{Period, Scope, finish, is_off_balance, labels, money, start, unit_cell, unit_column};
use crate::table::{Cell, Column, Kind, Label, Style, Table};
use ledger::chart::{Layout, Unit};
use ledger::entry::{SubjectId, UnitId};
use ledger::gl::GlRow;
use ledger::money::display;
use std::collections::BTreeMap;

pub fn balance_sheet(scope: &Scope, period: Period, layout: &Layout, rows: &[GlRow]) -> Table {
    let columns = vec![
        unit_column(),
        Column::new("line", labels::LINE_NO, Kind::Integer),
        Column::new("item", labels::ITEM, Kind::Text),
        Column::new("closing", labels::CLOSING, money(scope)),
        Column::new("opening", labels::OPENING, money(scope)),
    ];
    let mut table = start(scope, Label::from(&layout.title), period, columns);
    let on_balance =
        rows.iter().filter(|row| !is_off_balance(scope.chart.subject(row.key.subject)));
    let units: BTreeMap<UnitId, _> = own(scope, on_balance);
    for (unit, subjects) in &units {
        section(&mut table, scope, scope.chart.unit(*unit), layout, subjects);
    }
    finish(table, scope, &units.keys().copied().collect())
}

fn section(
    table: &mut Table,
    scope: &Scope,
    unit: &Unit,
    layout: &Layout,
    own: &BTreeMap<SubjectId, Position>,
) {
    let is_profit = |id: &SubjectId| layout::is_profit_and_loss(scope.chart.subject(*id).class);
    let (profit, others): (Vec<SubjectId>, Vec<SubjectId>) =
        layout::unnamed(scope.chart, layout, own).into_iter().partition(is_profit);
    let layout = layout::with_unclosed_profit(layout, scope.chart, &profit);
    let values = layout::evaluate(scope, &layout, own);
    for (at, value) in values.iter().enumerate() {
        let printed = value.printed();
        table.push_of(
            value.subjects.clone(),
            if value.is_total { Style::Subtotal } else { Style::Normal },
            vec![
                unit_cell(unit),
                Cell::Int(i64::try_from(at + 1).unwrap_or(i64::MAX)),
                Cell::Label(Label::from(&value.title)),
                Cell::amount(printed.closing, unit.digits),
                Cell::amount(printed.opening, unit.digits),
            ],
        );
    }
    check(table, unit, &values);
    table.notes.extend(layout::unnamed_note(scope.chart, &others));
}

/// Assets less liabilities and equity, at the end and at the beginning.
fn check(table: &mut Table, unit: &Unit, values: &[Value]) {
    let [assets, liabilities, equity] =
        ["assets", "liabilities", EQUITY].map(|name| layout::section(values, name));
    let opening = assets.opening - liabilities.opening - equity.opening;
    let closing = assets.closing - liabilities.closing - equity.closing;
    let code = Label::same(unit.code.to_string());
    if (opening, closing) == (0, 0) {
        table.notes.push(labels::SHEET_BALANCED.fill(&[code]));
        return;
    }
    table.push(
        Style::Warning,
        vec![
            unit_cell(unit),
            Cell::Empty,
            Cell::Label(labels::DIFFERENCE),
            Cell::amount(closing, unit.digits),
            Cell::amount(opening, unit.digits),
        ],
    );
    let amount = |minor: i128| Label::same(display(minor, unit.digits));
    table.notes.push(labels::SHEET_UNBALANCED.fill(&[code, amount(closing), amount(opening)]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text;
    use crate::report::sample;
    use crate::table::Lang;
    use ledger::day::Day;
    use proptest::prelude::*;

    fn month() -> Period {
        Period { from: Day::new(2026, 3, 1), to: Day::new(2026, 3, 31) }
    }

    #[test]
    fn assets_equal_liabilities_and_equity() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let table = balance_sheet(&scope, month(), &chart.layouts[0], &sample::ledger(&chart));
        insta::assert_snapshot!("zh", text::render(&table, Lang::Zh, 100));
        insta::assert_snapshot!("en", text::render(&table, Lang::En, 100));
    }

    #[test]
    fn what_the_layout_forgets_is_named() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let mut layout = chart.layouts[0].clone();
        layout.rows[1].add.clear();
        let table = balance_sheet(&scope, month(), &layout, &sample::ledger(&chart));
        insta::assert_snapshot!("forgotten", text::render(&table, Lang::Zh, 100));
    }

    proptest! {
        #[test]
        fn balanced_books_make_balanced_sheets(
            opening in prop::collection::vec((0..12_usize, 0..12_usize, 0..1_i64 << 50), 0..20),
            moves in prop::collection::vec((0..12_usize, 0..12_usize, 0..1_i64 << 50), 0..40),
        ) {
            let (chart, institutions) = (sample::chart(), sample::institutions());
            let scope = sample::scope(&chart, &institutions);
            let rows = sample::booked(&chart, &opening, &moves);
            let table = balance_sheet(&scope, month(), &chart.layouts[0], &rows);
            prop_assert!(table.rows.iter().all(|row| row.style != Style::Warning));
        }
    }
}
