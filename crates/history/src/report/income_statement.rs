//! 利润表: what the bank earned and spent.
//!
//! The rows of the layout: for the period, for the year up to it, and for the year to its end.
//! Made from the general ledger of the period, whose balances of income and expense are those of
//! the year so far. The transfer to 本年利润 empties them: for the last day of the year hand over
//! the ledger as it stood before that transfer.

use super::layout;
use super::positions::{Position, lineage, own};
use super::{Period, Scope, finish, labels, money, start, unit_cell, unit_column};
use crate::table::{Cell, Column, Kind, Label, Style, Table};
use ledger::chart::{Layout, Unit};
use ledger::entry::SubjectId;
use ledger::gl::GlRow;
use std::collections::BTreeMap;

pub fn income_statement(scope: &Scope, period: Period, layout: &Layout, rows: &[GlRow]) -> Table {
    let columns = vec![
        unit_column(),
        Column::new("line", labels::LINE_NO, Kind::Integer),
        Column::new("item", labels::ITEM, Kind::Text),
        Column::new("period", labels::THIS_PERIOD, money(scope)),
        Column::new("before", labels::YEAR_BEFORE, money(scope)),
        Column::new("year", labels::YEAR_TO_DATE, money(scope)),
    ];
    let mut table = start(scope, Label::from(&layout.title), period, columns);
    let profit_and_loss = rows
        .iter()
        .filter(|row| layout::is_profit_and_loss(scope.chart.subject(row.key.subject).class));
    let units = own(scope, profit_and_loss);
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
    for (at, value) in layout::evaluate(scope, layout, own).iter().enumerate() {
        let printed = value.printed();
        table.push_of(
            value.subjects.clone(),
            if value.is_total { Style::Subtotal } else { Style::Normal },
            vec![
                unit_cell(unit),
                Cell::Int(i64::try_from(at + 1).unwrap_or(i64::MAX)),
                Cell::Label(Label::from(&value.title)),
                Cell::amount(printed.closing - printed.opening, unit.digits),
                Cell::amount(printed.opening, unit.digits),
                Cell::amount(printed.closing, unit.digits),
            ],
        );
    }
    // 以前年度损益调整 goes to distribution and is rightly not in this year's profit.
    let prior_year = scope.chart.kind(scope.chart.system.prior_year).subject;
    let prior_year = lineage(scope.chart, prior_year);
    let mut unnamed = layout::unnamed(scope.chart, layout, own);
    unnamed.retain(|id| !prior_year.contains(id));
    table.notes.extend(layout::unnamed_note(scope.chart, &unnamed));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text;
    use crate::report::sample;
    use crate::table::Lang;
    use ledger::day::Day;

    #[test]
    fn profit_is_income_less_expense() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let period = Period { from: Day::new(2026, 3, 1), to: Day::new(2026, 3, 31) };
        let ledger = sample::ledger(&chart);
        let table = income_statement(&scope, period, &chart.layouts[1], &ledger);
        insta::assert_snapshot!("zh", text::render(&table, Lang::Zh, 120));
        let mut layout = chart.layouts[1].clone();
        layout.rows[2].deduct.clear();
        let table = income_statement(&scope, period, &layout, &ledger);
        assert_eq!(table.notes, [labels::NOT_IN_LAYOUT.fill(&[Label::same("6411")])]);
    }
}
