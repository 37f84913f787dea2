//! 日计表: the books of one day on one page.
//!
//! For each subject the balance of the day before, the day's turnover and the day's balance, on
//! both sides, with totals and the proof that both sides agree. Made from the day's general
//! ledger (总账); off-balance subjects have a list of their own.

use super::positions::{Groups, Of, SixColumns, six_columns};
use super::{Level, Period, Scope, labels};
use crate::table::Table;
use ledger::day::Day;
use ledger::gl::GlRow;

pub fn daily_statement(scope: &Scope, day: Day, rows: &[GlRow], level: Level) -> Table {
    let form = SixColumns {
        title: labels::DAILY_STATEMENT,
        titles: [
            labels::PREVIOUS_DEBIT,
            labels::PREVIOUS_CREDIT,
            labels::TODAY_DEBIT,
            labels::TODAY_CREDIT,
            labels::TODAY_DEBIT_BALANCE,
            labels::TODAY_CREDIT_BALANCE,
        ],
        level,
        groups: Groups::None,
        of: Of::All,
    };
    six_columns(scope, Period::day(day), rows, form)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::render::{Format, csv, json, render, text};
    use crate::report::{Reach, sample};
    use crate::table::{Cell, Lang};
    use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
    use ledger::entry::InstitutionId;
    use ledger::money::plain;
    use std::io::Cursor;

    const DAY: Day = Day(20_543);

    #[test]
    fn a_day_is_proved() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let rows = sample::ledger(&chart);
        let table = daily_statement(&scope, DAY, &rows, Level::First);
        insta::assert_snapshot!("zh", text::render(&table, Lang::Zh, 160));
        insta::assert_snapshot!("en", text::render(&table, Lang::En, 160));
        insta::assert_snapshot!("json", json::render(&table, Lang::Zh));
        let csv = csv::render(&table, Lang::Zh, csv::Dialect::Plain);
        insta::assert_snapshot!("csv", String::from_utf8_lossy(&csv));
    }

    #[test]
    fn the_workbook_holds_the_same_cells() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let table = daily_statement(&scope, DAY, &sample::ledger(&chart), Level::Every);
        let bytes = render(&table, Format::Xlsx, Lang::Zh, None).unwrap();
        let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let range = workbook.worksheet_range("日计表").unwrap();
        // Title, captions, header, rows, notes.
        assert_eq!(range.height(), 3 + table.rows.len() + table.notes.len());
        for (row, cells) in table.rows.iter().zip(range.rows().skip(3)) {
            for (cell, data) in row.cells.iter().zip(cells) {
                match (cell, data) {
                    (Cell::Empty, Data::Empty) => {}
                    (Cell::Text(text), Data::String(data)) => assert_eq!(&**text, data),
                    (Cell::Label(label), Data::String(data)) => assert_eq!(label.zh, *data),
                    (Cell::Amount { minor, digits }, Data::Float(data)) => {
                        assert_eq!(plain(*minor, *digits), format!("{data:.2}"));
                    }
                    other => panic!("{other:?} differ"),
                }
            }
        }
    }

    #[test]
    fn second_level_subjects_stand_below_the_first() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let mut scope = sample::scope(&chart, &institutions);
        scope.institution = InstitutionId(1);
        scope.reach = Reach::Alone;
        let rows = sample::ledger(&chart);
        let table = daily_statement(&scope, DAY, &rows, Level::Second);
        insta::assert_snapshot!("second_level", text::render(&table, Lang::Zh, 160));
    }

    #[test]
    fn a_break_is_shown_and_named() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let mut rows = sample::ledger(&chart);
        rows[0].debit += 1;
        rows[0].closing += 1;
        let table = daily_statement(&scope, DAY, &rows, Level::First);
        insta::assert_snapshot!("unbalanced", text::render(&table, Lang::Zh, 160));
    }
}
