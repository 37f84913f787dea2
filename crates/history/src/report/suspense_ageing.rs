//! 内部账户账龄表: how long open items (挂账) of internal accounts have been waiting.
//!
//! For each account what is left of its items by age, the sum, what is overdue against the limit
//! of its kind (最长挂账天数), and the oldest age. [`suspense_items`] lists the items one by one, the
//! oldest first. Made from the open items that are not wholly cleared.

use super::{
    OpenItemRow, Period, Scope, finish, labels, money, side_label, start, unit_cell, unit_column,
};
use crate::table::{Cell, Column, Kind, Label, Style, Table};
use ledger::chart::Unit;
use ledger::day::Day;
use ledger::entry::{Text, UnitId};
use std::collections::{BTreeMap, BTreeSet};

/// Last day of each bucket but the last, which has none.
const BUCKETS: [i32; 5] = [7, 30, 90, 180, 360];
const BUCKET_KEYS: [&str; 6] =
    ["days_0_7", "days_8_30", "days_31_90", "days_91_180", "days_181_360", "days_over_360"];

pub fn suspense_ageing(scope: &Scope, day: Day, items: &[OpenItemRow]) -> Table {
    let mut accounts: BTreeMap<(UnitId, Text, bool), Ages> = BTreeMap::new();
    for item in items.iter().filter(|item| scope.covers(item.institution)) {
        let key = (item.unit, item.account.clone(), item.remainder < 0);
        let ages = accounts.entry(key).or_default();
        ages.name = item.account_name.clone();
        ages.add(item, day, overdue_days(scope, item, day) > 0);
    }
    let table = start(scope, labels::SUSPENSE_AGEING, Period::day(day), ageing_columns(scope));
    let mut units: BTreeSet<UnitId> = BTreeSet::new();
    let mut table = table;
    let mut totals: BTreeMap<bool, Ages> = BTreeMap::new();
    let mut rows = accounts.iter().peekable();
    while let Some(((unit_id, number, is_credit), ages)) = rows.next() {
        units.insert(*unit_id);
        let unit = scope.chart.unit(*unit_id);
        let style = if ages.overdue == 0 { Style::Normal } else { Style::Warning };
        let name = Cell::Text(ages.name.clone());
        table.push(style, ages.cells(unit, Cell::Text(number.clone()), name, *is_credit));
        totals.entry(*is_credit).or_default().merge(ages);
        if rows.peek().is_none_or(|((next, _, _), _)| next != unit_id) {
            for (is_credit, total) in std::mem::take(&mut totals) {
                let label = Cell::Label(labels::TOTAL);
                table.push(Style::Total, total.cells(unit, Cell::Empty, label, is_credit));
            }
        }
    }
    finish(table, scope, &units)
}

/// The items behind the ageing.
pub fn suspense_items(scope: &Scope, day: Day, items: &[OpenItemRow]) -> Table {
    let columns = vec![
        unit_column(),
        Column::new("institution", labels::INSTITUTION, Kind::Code),
        Column::new("account", labels::ACCOUNT, Kind::Code),
        Column::new("name", labels::ACCOUNT_NAME, Kind::Text),
        Column::new("opened", labels::OPENED, Kind::Date),
        Column::new("item", labels::ITEM_NO, Kind::Code),
        Column::new("summary", labels::SUMMARY, Kind::Text),
        Column::new("side", labels::SIDE, Kind::Text),
        Column::new("amount", labels::ITEM_AMOUNT, money(scope)),
        Column::new("remainder", labels::REMAINDER, money(scope)),
        Column::new("age", labels::AGE, Kind::Integer),
        Column::new("overdue", labels::OVERDUE_DAYS, Kind::Integer),
    ];
    let mut table = start(scope, labels::SUSPENSE_ITEMS, Period::day(day), columns);
    let mut items: Vec<&OpenItemRow> =
        items.iter().filter(|item| scope.covers(item.institution)).collect();
    items.sort_by_key(|item| (item.unit, item.opened, item.id));
    for item in &items {
        let unit = scope.chart.unit(item.unit);
        let overdue = overdue_days(scope, item, day);
        let amount = |minor: i64| Cell::amount(i128::from(minor).abs(), unit.digits);
        table.push(
            if overdue > 0 { Style::Warning } else { Style::Normal },
            vec![
                unit_cell(unit),
                Cell::Text(scope.code(item.institution)),
                Cell::Text(item.account.clone()),
                Cell::Text(item.account_name.clone()),
                Cell::Date(item.opened),
                Cell::text(&format!("{}-{}", item.id.entry.0, item.id.line)),
                Cell::text(&item.summary),
                Cell::Label(side_label(i128::from(item.remainder))),
                amount(item.amount),
                amount(item.remainder),
                Cell::Int(i64::from(day.since(item.opened))),
                if overdue > 0 { Cell::Int(i64::from(overdue)) } else { Cell::Empty },
            ],
        );
    }
    finish(table, scope, &items.iter().map(|item| item.unit).collect())
}

/// Days beyond the limit of the item's kind; a kind without a limit is never overdue.
pub(super) fn overdue_days(scope: &Scope, item: &OpenItemRow, day: Day) -> i32 {
    match scope.chart.kind(item.kind).max_age_days {
        0 => 0,
        limit => (day.since(item.opened) - i32::from(limit)).max(0),
    }
}

fn ageing_columns(scope: &Scope) -> Vec<Column> {
    let mut columns = vec![
        unit_column(),
        Column::new("account", labels::ACCOUNT, Kind::Code),
        Column::new("name", labels::ACCOUNT_NAME, Kind::Text),
        Column::new("side", labels::SIDE, Kind::Text),
        Column::new("count", labels::ITEMS, Kind::Integer),
    ];
    let buckets = BUCKET_KEYS.into_iter().zip(labels::BUCKETS);
    columns.extend(buckets.map(|(key, title)| Column::new(key, title, money(scope))));
    columns.push(Column::new("total", labels::TOTAL, money(scope)));
    columns.push(Column::new("overdue", labels::OVERDUE, money(scope)));
    columns.push(Column::new("oldest", labels::OLDEST, Kind::Integer));
    columns
}

/// What is left of items on one side, by age.
#[derive(Default)]
struct Ages {
    name: Text,
    count: u64,
    buckets: [i128; 6],
    overdue: i128,
    oldest: i32,
}

impl Ages {
    fn add(&mut self, item: &OpenItemRow, day: Day, is_overdue: bool) {
        let age = day.since(item.opened);
        let remainder = i128::from(item.remainder).abs();
        self.buckets[BUCKETS.partition_point(|last| *last < age)] += remainder;
        self.count += 1;
        self.oldest = self.oldest.max(age);
        if is_overdue {
            self.overdue += remainder;
        }
    }

    fn merge(&mut self, other: &Self) {
        for (sum, amount) in self.buckets.iter_mut().zip(other.buckets) {
            *sum += amount;
        }
        self.count += other.count;
        self.overdue += other.overdue;
        self.oldest = self.oldest.max(other.oldest);
    }

    fn cells(&self, unit: &Unit, number: Cell, name: Cell, is_credit: bool) -> Vec<Cell> {
        let amount = |minor: i128| Cell::amount(minor, unit.digits);
        let side: Label = if is_credit { labels::CR } else { labels::DR };
        let mut cells =
            vec![unit_cell(unit), number, name, Cell::Label(side), Cell::count(self.count)];
        cells.extend(self.buckets.map(amount));
        cells.push(amount(self.buckets.iter().sum()));
        cells.push(amount(self.overdue));
        cells.push(Cell::Int(i64::from(self.oldest)));
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text;
    use crate::report::sample;
    use crate::table::Lang;

    #[test]
    fn items_fall_into_buckets_by_age() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let day = Day::new(2026, 3, 31);
        let ages = [0, 7, 8, 30, 31, 90, 91, 180, 181, 360, 361];
        let mut items: Vec<OpenItemRow> =
            ages.iter().map(|age| sample::item(&chart, day.plus(-age), 10_000)).collect();
        items[0].remainder = -2_500;
        let table = suspense_ageing(&scope, day, &items);
        insta::assert_snapshot!("ageing", text::render(&table, Lang::Zh, 160));
        let table = suspense_items(&scope, day, &items[..5]);
        insta::assert_snapshot!("items", text::render(&table, Lang::Zh, 160));
    }
}
