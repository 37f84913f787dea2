//! A report as it is read: records go in one by one, rows come out.

use super::item::{Item, each};
use super::shown::Shown;
use super::{Body, Column, Condition, Form, Report, Shows, What};
use crate::office::definition::Test;
use crate::office::event::Instant;
use crate::office::people::is_below;
use crate::office::record::Record;
use crate::state::State;
use ledger::Day;
use ledger::entry::InstitutionId;
use rust_decimal::{Decimal, RoundingStrategy};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// What of the bank a report shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// With those below it.
    pub institution: Option<InstitutionId>,
    pub from: Option<Day>,
    pub until: Option<Day>,
    pub now: Instant,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub rows: Vec<Vec<Shown>>,
    pub total: Option<Vec<Shown>>,
}

/// What a column needs of the items of a group.
#[derive(Clone, Debug, Default)]
struct Tally {
    items: u64,
    sum: Decimal,
    greatest: Option<Decimal>,
    least: Option<Decimal>,
}

pub struct Reading<'a> {
    report: &'a Report,
    state: &'a State,
    asked: Asked,
    /// By the matter and the item within it: records come in no order.
    rows: Vec<((u64, usize), Vec<Shown>)>,
    groups: BTreeMap<Vec<Shown>, Vec<Tally>>,
    /// Over all items.
    all: Vec<Tally>,
}

impl<'a> Reading<'a> {
    pub fn new(report: &'a Report, state: &'a State, asked: Asked) -> Self {
        let all = vec![Tally::default(); report.columns.len()];
        Self { report, state, asked, rows: Vec::new(), groups: BTreeMap::new(), all }
    }

    /// Takes the open matters, which the state has.
    pub fn take_open(&mut self) {
        if self.report.shows != Shows::Ended {
            let state = self.state;
            state.office.records.open.values().for_each(|record| self.take(record));
        }
    }

    /// Takes a record, if the report looks at such.
    pub fn take(&mut self, record: &Record) {
        let (report, state) = (self.report, self.state);
        let rulebook = state.office.rulebook_of(&state.rulebook, record);
        let matter = rulebook.office.matters.get(&record.code).map(|matter| &**matter);
        let item = Item {
            state,
            record,
            matter,
            now: self.asked.now,
            shows: report.shows,
            stay: None,
            hand: None,
            row: None,
        };
        if self.looks_at(&item) {
            let mut at = 0;
            each(&item, &report.each, |item| {
                if report.only.iter().all(|one| holds(one, item)) {
                    self.take_item((record.id, at), item);
                }
                at += 1;
            });
        }
    }

    fn looks_at(&self, item: &Item<'_>) -> bool {
        let (report, asked, record, day) = (self.report, &self.asked, item.record, item.day());
        let of = report.of.as_ref().is_none_or(|of| of.contains(&record.code));
        let shows = match report.shows {
            Shows::Open => !record.has_ended(),
            Shows::Ended => record.has_ended(),
            Shows::All => true,
        };
        let covered =
            asked.institution.is_none_or(|top| is_below(&self.state.book, record.institution, top));
        let (after, before) = (
            asked.from.is_none_or(|from| day >= from),
            asked.until.is_none_or(|until| day <= until),
        );
        of && shows && covered && after && before
    }

    fn take_item(&mut self, at: (u64, usize), item: &Item<'_>) {
        let columns = &self.report.columns;
        let cells: Vec<Shown> = columns.iter().map(|column| looked_at(column, item)).collect();
        for (tally, (cell, column)) in self.all.iter_mut().zip(cells.iter().zip(columns)) {
            tally.add(cell, column);
        }
        match self.report.body {
            Body::Register => self.rows.push((at, cells)),
            Body::Groups(keys) => {
                let none = || vec![Tally::default(); columns.len() - keys];
                let group = self.groups.entry(cells[..keys].to_vec()).or_insert_with(none);
                for (tally, (cell, column)) in
                    group.iter_mut().zip(cells.iter().zip(columns).skip(keys))
                {
                    tally.add(cell, column);
                }
            }
        }
    }

    pub fn finish(mut self) -> Sheet {
        let columns = &self.report.columns;
        let mut rows: Vec<Vec<Shown>> = match self.report.body {
            Body::Register => {
                self.rows.sort_by_key(|(at, _)| *at);
                self.rows.into_iter().map(|(_, cells)| cells).collect()
            }
            Body::Groups(keys) => {
                let groups = self.groups.into_iter().map(|(mut cells, tallies)| {
                    let figures = tallies.iter().zip(&columns[keys..]);
                    cells.extend(figures.map(|(tally, column)| tally.figure(column)));
                    cells
                });
                groups.collect()
            }
        };
        for (column, greatest) in self.report.order.iter().rev() {
            rows.sort_by(|one, other| compare(&one[*column], &other[*column], *greatest));
        }
        let total = (!self.report.total.is_empty()).then(|| total(self.report, &self.all));
        Sheet { rows, total }
    }
}

/// The last row, over all items; its first cell says what it is, if it is no figure.
fn total(report: &Report, all: &[Tally]) -> Vec<Shown> {
    let tallies = all.iter().zip(&report.columns).enumerate();
    let cells = tallies.map(|(at, (tally, column))| match report.total.contains(&at) {
        true => tally.figure(column),
        false if at == 0 => Shown::named("total", "合计", "Total"),
        false => Shown::Nothing,
    });
    cells.collect()
}

/// What stands nowhere is last in either order.
fn compare(one: &Shown, other: &Shown, greatest: bool) -> Ordering {
    let nothing = |shown: &Shown| *shown == Shown::Nothing;
    match (nothing(one), nothing(other)) {
        (false, false) if greatest => other.cmp(one),
        (false, false) => one.cmp(other),
        (one, other) => one.cmp(&other),
    }
}

/// What an item adds to a column: itself, or one where a condition holds.
fn looked_at(column: &Column, item: &Item<'_>) -> Shown {
    match &column.what {
        What::Show(name)
        | What::Sum(name)
        | What::Average(name)
        | What::Greatest(name)
        | What::Least(name) => item.shown(name),
        What::Count(only) | What::Share(only) => {
            Shown::Whole(only.iter().all(|one| holds(one, item)).into())
        }
    }
}

fn holds(condition: &Condition, item: &Item<'_>) -> bool {
    let book = &item.state.book;
    let shown = item.shown(&condition.name);
    let bound = |text: &str| {
        text.parse().ok().or_else(|| book.chart.numbers.on(text, book.today)).unwrap_or_default()
    };
    match &condition.test {
        Test::Is(is) => is.contains(&shown.code()),
        Test::AtLeast(least) => shown.number().is_some_and(|number| number >= bound(least)),
        Test::Below(below) => shown.number().is_some_and(|number| number < bound(below)),
    }
}

impl Tally {
    fn add(&mut self, cell: &Shown, column: &Column) {
        let Some(number) = cell.number() else { return };
        self.items += 1;
        self.sum += if column.form == Form::Day { Decimal::ZERO } else { number };
        self.greatest = Some(self.greatest.map_or(number, |before| before.max(number)));
        self.least = Some(self.least.map_or(number, |before| before.min(number)));
    }

    /// The figure; nothing where no item has a value.
    fn figure(&self, column: &Column) -> Shown {
        let average = || {
            let exact = (self.items > 0).then(|| self.sum / Decimal::from(self.items))?;
            Some(if column.form == Form::Decimal { hundredths(exact) } else { exact })
        };
        let figure = match &column.what {
            What::Show(_) | What::Sum(_) | What::Count(_) => Some(self.sum),
            What::Average(_) | What::Share(_) => average(),
            What::Greatest(_) => self.greatest,
            What::Least(_) => self.least,
        };
        figure.map_or(Shown::Nothing, |figure| Shown::figure(figure, column.form))
    }
}

/// An average of counts: two digits after the point, half up.
fn hundredths(exact: Decimal) -> Decimal {
    let mut rounded = exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(2);
    rounded
}
