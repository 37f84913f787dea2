//! 错账调整登记簿: every correction of a wrong entry, in the order of correction.
//!
//! The wrong entry and its date, how it was undone (抹账, 红字冲销, 蓝字冲销), both new entries, the
//! amount, the cause, the people who applied, verified, approved and posted, and how the customer
//! was told. Made from the entries that name an original and from the requests behind them.

use super::{CorrectionRow, Period, Scope, finish, labels, money, start, unit_cell, unit_column};
use crate::table::{Cell, Column, Kind, Style, Table};
use ledger::entry::UnitId;
use ledger::money::display;
use std::collections::{BTreeMap, BTreeSet};

pub fn correction_register(scope: &Scope, period: Period, rows: &[CorrectionRow]) -> Table {
    let mut table = start(scope, labels::CORRECTION_REGISTER, period, columns(scope));
    let asked = |row: &&CorrectionRow| {
        scope.covers(row.institution) && period.from <= row.day && row.day <= period.to
    };
    let mut rows: Vec<&CorrectionRow> = rows.iter().filter(asked).collect();
    rows.sort_by_key(|row| (row.day, row.reversal));
    let mut sums: BTreeMap<UnitId, (u64, i128)> = BTreeMap::new();
    for row in rows {
        let unit = scope.chart.unit(row.unit);
        let (count, sum) = sums.entry(row.unit).or_default();
        *count += 1;
        *sum += i128::from(row.amount);
        table.push(
            Style::Normal,
            vec![
                Cell::Date(row.day),
                Cell::Text(scope.code(row.institution)),
                unit_cell(unit),
                Cell::count(row.wrong.0),
                Cell::Date(row.wrong_day),
                Cell::Label(labels::method(row.method)),
                Cell::count(row.reversal.0),
                row.rebook.map_or(Cell::Empty, |entry| Cell::count(entry.0)),
                Cell::amount(i128::from(row.amount), unit.digits),
                Cell::Label(labels::cause(row.cause)),
                Cell::text(&row.reason),
                Cell::text(&row.applicant),
                Cell::text(&row.verifier),
                Cell::text(&row.approver),
                Cell::text(&row.poster),
                Cell::text(&row.notice),
            ],
        );
    }
    for (unit, (count, sum)) in &sums {
        let unit = scope.chart.unit(*unit);
        let values = [unit.code.to_string(), count.to_string(), display(*sum, unit.digits)];
        table.notes.push(labels::CORRECTIONS.fill(&values.map(crate::table::Label::same)));
    }
    finish(table, scope, &sums.keys().copied().collect::<BTreeSet<_>>())
}

fn columns(scope: &Scope) -> Vec<Column> {
    vec![
        Column::new("day", labels::CORRECTED, Kind::Date),
        Column::new("institution", labels::INSTITUTION, Kind::Code),
        unit_column(),
        Column::new("wrong", labels::WRONG_ENTRY, Kind::Code),
        Column::new("wrong_day", labels::WRONG_DAY, Kind::Date),
        Column::new("method", labels::METHOD, Kind::Text),
        Column::new("reversal", labels::REVERSAL, Kind::Code),
        Column::new("rebook", labels::REBOOK, Kind::Code),
        Column::new("amount", labels::AMOUNT, money(scope)),
        Column::new("cause", labels::CAUSE, Kind::Text),
        Column::new("reason", labels::REASON, Kind::Text),
        Column::new("applicant", labels::APPLICANT, Kind::Text),
        Column::new("verifier", labels::VERIFIER, Kind::Text),
        Column::new("approver", labels::APPROVER, Kind::Text),
        Column::new("poster", labels::POSTER, Kind::Text),
        Column::new("notice", labels::NOTICE, Kind::Text),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text;
    use crate::report::Cause;
    use crate::report::sample;
    use crate::table::Lang;
    use ledger::day::Day;
    use ledger::entry::{EntryKind, EntryNo, InstitutionId};

    #[test]
    fn corrections_are_listed_in_order() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let later = CorrectionRow {
            day: Day::new(2026, 3, 9),
            institution: InstitutionId(1),
            unit: chart.base_unit,
            wrong: EntryNo(43),
            wrong_day: Day::new(2026, 3, 5),
            method: EntryKind::RedReversal,
            reversal: EntryNo(58),
            rebook: Some(EntryNo(59)),
            amount: 20_000,
            cause: Cause::Operator,
            reason: "收款人账号录入错误".into(),
            applicant: "王五".into(),
            verifier: "赵六".into(),
            approver: "钱七".into(),
            poster: "孙八、周九".into(),
            notice: "03-09电话".into(),
        };
        let earlier = CorrectionRow {
            day: Day::new(2026, 3, 4),
            wrong_day: Day::new(2026, 3, 4),
            method: EntryKind::Cancel,
            reversal: EntryNo(31),
            rebook: None,
            cause: Cause::Customer,
            notice: "".into(),
            ..later.clone()
        };
        let outside = CorrectionRow { day: Day::new(2026, 4, 1), ..later.clone() };
        let period = Period { from: Day::new(2026, 3, 1), to: Day::new(2026, 3, 31) };
        let table = correction_register(&scope, period, &[later, outside, earlier]);
        insta::assert_snapshot!(text::render(&table, Lang::Zh, 160));
    }
}
