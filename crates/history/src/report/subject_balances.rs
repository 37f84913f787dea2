//! 科目余额表: balances and turnover of the subjects asked for.
//!
//! What stands behind a row of 资产负债表 or 利润表. Made from the general ledger of the period; some
//! of the books need not balance, so nothing is proved.

use super::positions::{Groups, Of, SixColumns, six_columns};
use super::{Level, Period, Scope, labels};
use crate::table::Table;
use ledger::entry::SubjectId;
use ledger::gl::GlRow;

/// Of these subjects with all below them; of all, if none is named.
pub fn subject_balances(
    scope: &Scope,
    period: Period,
    rows: &[GlRow],
    level: Level,
    subjects: Vec<SubjectId>,
) -> Table {
    let form = SixColumns {
        title: labels::SUBJECT_BALANCES,
        titles: labels::SIX_SIDES,
        level,
        groups: Groups::None,
        of: if subjects.is_empty() { Of::All } else { Of::These(subjects) },
    };
    six_columns(scope, period, rows, form)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::report::balance_sheet::balance_sheet;
    use crate::report::sample;
    use crate::table::{Cell, Style};
    use ledger::day::Day;
    use ledger::statement::is_debit_section;
    use proptest::prelude::*;

    fn amount(table: &Table, row: usize, key: &str) -> i128 {
        match table.rows[row].cells[table.column(key).unwrap()] {
            Cell::Amount { minor, .. } => minor,
            _ => 0,
        }
    }

    /// Debit less credit of the total.
    fn closing(table: &Table) -> i128 {
        let is_total = |style| style == Style::Total;
        let at = table.rows.iter().position(|row| is_total(row.style)).unwrap();
        amount(table, at, "closing_debit") - amount(table, at, "closing_credit")
    }

    proptest! {
        /// Whatever the books hold, the subjects behind a row of the balance sheet come to it.
        #[test]
        fn the_subjects_of_a_row_come_to_the_row(
            moves in prop::collection::vec((0..12_usize, 0..12_usize, 0..1_i64 << 50), 1..40),
        ) {
            let (chart, institutions) = (sample::chart(), sample::institutions());
            let scope = sample::scope(&chart, &institutions);
            let month = Period { from: Day::new(2026, 3, 1), to: Day::new(2026, 3, 31) };
            let (rows, layout) = (sample::booked(&chart, &[], &moves), &chart.layouts[0]);
            let sheet = balance_sheet(&scope, month, layout, &rows);
            for (at, row) in sheet.rows.iter().enumerate() {
                if row.style != Style::Normal || row.subjects.is_empty() {
                    continue;
                }
                let code = |code| chart.subject_by_code(code).unwrap();
                let subjects = row.subjects.iter().map(|one| code(one)).collect();
                let behind = subject_balances(&scope, month, &rows, Level::First, subjects);
                let row = layout.rows.get(at);
                let is_debit = row.is_some_and(|row| is_debit_section(&row.section));
                let sum = if is_debit { closing(&behind) } else { -closing(&behind) };
                prop_assert_eq!(sum, amount(&sheet, at, "closing"));
            }
        }
    }
}
