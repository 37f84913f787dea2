//! Registers and figures that the rulebook declares: records go in, open ones from the state and
//! ended ones page by page from the store, and a table comes out.

use crate::home::Home;
use crate::reports::Stop;
use bank::State;
use bank::office::record::Record;
use bank::office::report::reading::{Asked, Reading, Sheet};
use bank::office::report::shown::Shown;
use bank::office::report::{Form, Report, Shows};
use history::table::{Cell, Column, Kind, Label, Style, Table};
use ledger::Day;
use ledger::number::Decimal;
use std::borrow::Cow;
use store::RecordQuery;

/// Heads of ended matters that are asked for at once.
const PAGE: usize = 1_000;

/// Bytes of ended matters that are read at once.
const PAGE_BYTES: usize = 8 << 20;

/// A report that is about to be filled.
pub fn reading<'a>(state: &'a State, report: &'a Report, asked: Asked) -> Reading<'a> {
    Reading::new(report, state, asked)
}

/// What was read, as a table.
pub fn table(report: &Report, sheet: Sheet) -> Table {
    let columns = report.columns.iter().map(|column| {
        let (key, title) = (Cow::Owned(column.key.clone()), Label::from(&column.title));
        Column::new(key, title, kind(column.form))
    });
    let mut table = Table::new(Label::from(&report.title), columns.collect());
    for row in sheet.rows {
        table.push(Style::Normal, row.into_iter().map(cell).collect());
    }
    if let Some(total) = sheet.total {
        table.push(Style::Total, total.into_iter().map(cell).collect());
    }
    table
}

/// Ended matters that the report may look at; which of them it does is for the reading.
pub fn each_ended(
    home: &Home,
    report: &Report,
    asked: &Asked,
    stop: &Stop,
    mut take: impl FnMut(Record),
) -> anyhow::Result<()> {
    if report.shows == Shows::Open {
        return Ok(());
    }
    let Some(of) = &report.of else {
        return match asked.from {
            Some(_) => read_listed(home, None, (report, asked, stop), &mut take),
            None => read_all(home, stop, &mut take),
        };
    };
    let each = |code| read_listed(home, Some(code), (report, asked, stop), &mut take);
    of.iter().try_for_each(each)
}

/// Every one, in the order of the store.
fn read_all(home: &Home, stop: &Stop, take: &mut impl FnMut(Record)) -> anyhow::Result<()> {
    let mut store = home.store()?;
    let mut from = 1;
    loop {
        stop.go_on()?;
        let page = store.records_from(&home.config.bank, from, PAGE_BYTES)?;
        let Some(last) = page.last() else { return Ok(()) };
        from = last.id + 1;
        for kept in &page {
            take(serde_json::from_slice(&kept.body)?);
        }
    }
}

/// Those of a code, and of a time. Nothing ends before it is opened: what ended before the first
/// day is not looked at, by whichever day the report goes.
fn read_listed(
    home: &Home,
    code: Option<&String>,
    (report, asked, stop): (&Report, &Asked, &Stop),
    take: &mut impl FnMut(Record),
) -> anyhow::Result<()> {
    let mut store = home.store()?;
    let mut behind = None;
    let days = |day: Option<Day>| day.map(|day| day.0);
    loop {
        stop.go_on()?;
        let query = RecordQuery {
            code: code.cloned(),
            ended_from: days(asked.from),
            ended_until: days(asked.until.filter(|_| report.shows == Shows::Ended)),
            behind,
            limit: PAGE,
            ..RecordQuery::default()
        };
        let heads = store.records(&home.config.bank, &query)?;
        let Some(last) = heads.last() else { return Ok(()) };
        behind = Some(last.id);
        for head in &heads {
            if let Some(kept) = store.record(&home.config.bank, head.id)? {
                take(serde_json::from_slice(&kept.body)?);
            }
        }
    }
}

fn kind(form: Form) -> Kind {
    match form {
        Form::Code => Kind::Code,
        Form::Text => Kind::Text,
        Form::Whole => Kind::Integer,
        Form::Money(digits) => Kind::Amount(digits),
        Form::Decimal => Kind::Rate,
        Form::Day => Kind::Date,
        Form::Share => Kind::Percent,
    }
}

fn cell(shown: Shown) -> Cell {
    match shown {
        Shown::Text(text) => Cell::text(&text),
        Shown::Named(_, title) => Cell::Label(Label::from(&title)),
        Shown::Whole(number) => Cell::Int(number),
        Shown::Money(minor, digits) => Cell::amount(minor, digits),
        Shown::Decimal(number) => decimal(number),
        Shown::Day(day) => Cell::Date(day),
        Shown::Share(hundredths) => Cell::amount(hundredths.into(), 2),
        Shown::Nothing => Cell::Empty,
    }
}

/// A decimal has 28 digits after the point at most.
fn decimal(number: Decimal) -> Cell {
    Cell::amount(number.mantissa(), u8::try_from(number.scale()).unwrap_or(u8::MAX))
}
