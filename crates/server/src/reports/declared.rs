//! Registers and figures that the rulebook declares: records go in, open ones from the state and
//! ended ones page by page from the store, and a table comes out.

use crate::home::Home;
use bank::State;
use bank::office::record::Record;
use bank::office::report::reading::{Asked, Reading};
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

pub fn table(home: &Home, state: &State, report: &Report, asked: Asked) -> anyhow::Result<Table> {
    let mut reading = Reading::new(report, state, asked);
    reading.take_open();
    if report.shows != Shows::Open {
        read_ended(home, report, &asked, |record| reading.take(record))?;
    }
    let sheet = reading.finish();
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
    Ok(table)
}

/// Ended matters that the report may look at; which of them it does is for the reading.
fn read_ended(
    home: &Home,
    report: &Report,
    asked: &Asked,
    mut take: impl FnMut(&Record),
) -> anyhow::Result<()> {
    let Some(of) = &report.of else {
        return match asked.from {
            Some(_) => read_listed(home, None, report, asked, &mut take),
            None => read_all(home, &mut take),
        };
    };
    of.iter().try_for_each(|code| read_listed(home, Some(code), report, asked, &mut take))
}

/// Every one, in the order of the store.
fn read_all(home: &Home, take: &mut impl FnMut(&Record)) -> anyhow::Result<()> {
    let mut store = home.store()?;
    let mut from = 1;
    loop {
        let page = store.records_from(&home.config.bank, from, PAGE_BYTES)?;
        let Some(last) = page.last() else { return Ok(()) };
        from = last.id + 1;
        for kept in &page {
            take(&serde_json::from_slice(&kept.body)?);
        }
    }
}

/// Those of a code, and of a time. Nothing ends before it is opened: what ended before the first
/// day is not looked at, by whichever day the report goes.
fn read_listed(
    home: &Home,
    code: Option<&String>,
    report: &Report,
    asked: &Asked,
    take: &mut impl FnMut(&Record),
) -> anyhow::Result<()> {
    let mut store = home.store()?;
    let mut before = None;
    let days = |day: Option<Day>| day.map(|day| day.0);
    loop {
        let query = RecordQuery {
            code: code.cloned(),
            ended_from: days(asked.from),
            ended_until: days(asked.until.filter(|_| report.shows == Shows::Ended)),
            before,
            limit: PAGE,
            ..RecordQuery::default()
        };
        let heads = store.records(&home.config.bank, &query)?;
        let Some(last) = heads.last() else { return Ok(()) };
        before = Some(last.id);
        for head in &heads {
            if let Some(kept) = store.record(&home.config.bank, head.id)? {
                take(&serde_json::from_slice(&kept.body)?);
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
