//! 试算平衡表: the test that Σ debit = Σ credit, for opening, turnover and closing.
//!
//! Every subject of the chosen depth with both sides of the three, and their totals proved. Made
//! from the general ledger of the period. A chart deeper than the level is summed, not lost.

use super::positions::{Groups, Of, SixColumns, six_columns};
use super::{Level, Period, Scope, labels};
use crate::table::Table;
use ledger::gl::GlRow;

pub fn trial_balance(scope: &Scope, period: Period, rows: &[GlRow], level: Level) -> Table {
    let form = SixColumns {
        title: labels::TRIAL_BALANCE,
        titles: labels::SIX_SIDES,
        level,
        groups: Groups::None,
        of: Of::All,
    };
    six_columns(scope, period, rows, form)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::render::text;
    use crate::report::sample;
    use crate::table::{Cell, Lang, Style};
    use ledger::day::Day;
    use proptest::prelude::*;

    fn month() -> Period {
        Period { from: Day::new(2026, 3, 1), to: Day::new(2026, 3, 31) }
    }

    #[test]
    fn each_currency_is_proved_by_itself() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let mut rows = sample::ledger(&chart);
        rows.push(sample::row(&chart, 0, "USD", "1001", (0, 10_000, 0, 10_000)));
        rows.push(sample::row(&chart, 0, "USD", "2011-03", (0, 0, 10_000, -10_000)));
        let table = trial_balance(&scope, month(), &rows, Level::Every);
        insta::assert_snapshot!(text::render(&table, Lang::Zh, 160));
    }

    fn total(table: &Table, key: &str) -> i128 {
        let amount = |cell: &Cell| match cell {
            Cell::Amount { minor, .. } => *minor,
            _ => 0,
        };
        table.cells(key).filter(|(style, _)| *style == Style::Total).map(|(_, c)| amount(c)).sum()
    }

    fn details(table: &Table, key: &str) -> i128 {
        let amount = |cell: &Cell| match cell {
            Cell::Amount { minor, .. } => *minor,
            _ => 0,
        };
        table.cells(key).filter(|(style, _)| style.is_detail()).map(|(_, c)| amount(c)).sum()
    }

    proptest! {
        /// Entries of two lines keep every total equal on both sides, whatever they move.
        #[test]
        fn balanced_books_balance_on_paper(
            opening in prop::collection::vec((0..12_usize, 0..12_usize, 0..1_i64 << 50), 0..20),
            moves in prop::collection::vec((0..12_usize, 0..12_usize, 0..1_i64 << 50), 0..40),
        ) {
            let (chart, institutions) = (sample::chart(), sample::institutions());
            let scope = sample::scope(&chart, &institutions);
            let rows = sample::booked(&chart, &opening, &moves);
            let table = trial_balance(&scope, month(), &rows, Level::First);
            for (debit, credit) in [
                ("opening_debit", "opening_credit"),
                ("debit", "credit"),
                ("closing_debit", "closing_credit"),
            ] {
                prop_assert_eq!(total(&table, debit), total(&table, credit));
                prop_assert_eq!(total(&table, debit), details(&table, debit));
                prop_assert_eq!(total(&table, credit), details(&table, credit));
            }
            let turnover: i128 = moves.iter().map(|(_, _, amount)| i128::from(*amount)).sum();
            prop_assert_eq!(total(&table, "debit"), turnover);
        }
    }
}
