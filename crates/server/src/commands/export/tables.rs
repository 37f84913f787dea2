//! The lists of an export as record batches, and any batch as CSV.

use anyhow::anyhow;
use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    Date32Type, Decimal128Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use ledger::Day;
use ledger::book::Book;
use ledger::gl::GlRow;
use ledger::money::plain;
use std::io::Write;
use std::sync::Arc;

type Cells = Vec<String>;

pub fn accounts(book: &Book) -> anyhow::Result<RecordBatch> {
    let columns = ["account", "number", "name", "kind", "subject", "institution", "unit", "status"];
    let columns = [columns.as_slice(), &["balance", "held", "opened"]].concat();
    let rows = book.accounts.ids().map(|id| {
        let head = &book.accounts.heads[id.index()];
        let (kind, unit) = (book.chart.kind(head.kind), book.chart.unit(head.unit));
        vec![
            id.0.to_string(),
            book.accounts.number(id).to_owned(),
            book.accounts.name(id).to_owned(),
            kind.code.to_string(),
            book.chart.subject(kind.subject).code.to_string(),
            book.institution(head.institution).code.clone(),
            unit.code.to_string(),
            head.status.en().to_owned(),
            plain(i128::from(head.balance), unit.digits),
            plain(i128::from(head.held), unit.digits),
            book.accounts.opened[id.index()].to_string(),
        ]
    });
    batch(&columns, rows)
}

pub fn institutions(book: &Book) -> anyhow::Result<RecordBatch> {
    let rows = book.institutions.iter().map(|one| {
        let parent = one.parent.map(|parent| book.institution(parent).code.clone());
        let (zh, en) = (one.title.zh.clone(), one.title.en.clone());
        vec![one.code.clone(), zh, en, parent.unwrap_or_default()]
    });
    batch(&["code", "zh", "en", "parent"], rows)
}

pub fn subjects(book: &Book) -> anyhow::Result<RecordBatch> {
    let rows = book.chart.subjects.iter().map(|subject| {
        let (zh, en) = (subject.title.zh.clone(), subject.title.en.clone());
        vec![subject.code.to_string(), zh, en, word(subject.class), word(subject.side)]
    });
    batch(&["code", "zh", "en", "class", "side"], rows)
}

/// Amounts as decimals: the sums of a bank do not fit the integers of every tool.
pub fn ledger(book: &Book, rows: &[GlRow]) -> anyhow::Result<RecordBatch> {
    let columns = ["institution", "unit", "subject", "opening", "debit", "credit", "closing"];
    let rows = rows.iter().map(|row| {
        let unit = book.chart.unit(row.key.unit);
        let amount = |minor| plain(minor, unit.digits);
        vec![
            book.institution(row.key.institution).code.clone(),
            unit.code.to_string(),
            book.chart.subject(row.key.subject).code.to_string(),
            amount(row.opening),
            amount(row.debit),
            amount(row.credit),
            amount(row.closing),
        ]
    });
    batch(&columns, rows)
}

/// A definition's word, as the rulebook spells it.
fn word(value: impl serde::Serialize) -> String {
    let word = serde_json::to_value(value).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

fn batch(columns: &[&str], rows: impl Iterator<Item = Cells>) -> anyhow::Result<RecordBatch> {
    let mut builders: Vec<StringBuilder> = columns.iter().map(|_| StringBuilder::new()).collect();
    for row in rows {
        for (builder, cell) in builders.iter_mut().zip(row) {
            builder.append_value(cell);
        }
    }
    let arrays = builders.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef);
    Ok(RecordBatch::try_from_iter(columns.iter().zip(arrays))?)
}

/// Writes batches of one schema as CSV in UTF-8, with a heading.
pub fn write_csv(file: impl Write, batches: &[RecordBatch]) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(file);
    let Some(first) = batches.first() else { return Ok(()) };
    writer.write_record(first.schema().fields().iter().map(|field| field.name()))?;
    for batch in batches {
        for row in 0..batch.num_rows() {
            for column in batch.columns() {
                writer.write_field(cell(column, row)?)?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
    }
    writer.flush()?;
    Ok(())
}

fn cell(column: &ArrayRef, row: usize) -> anyhow::Result<String> {
    if column.is_null(row) {
        return Ok(String::new());
    }
    Ok(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::UInt8 => column.as_primitive::<UInt8Type>().value(row).to_string(),
        DataType::UInt16 => column.as_primitive::<UInt16Type>().value(row).to_string(),
        DataType::UInt32 => column.as_primitive::<UInt32Type>().value(row).to_string(),
        DataType::UInt64 => column.as_primitive::<UInt64Type>().value(row).to_string(),
        DataType::Decimal128(..) => column.as_primitive::<Decimal128Type>().value(row).to_string(),
        DataType::Date32 => Day(column.as_primitive::<Date32Type>().value(row)).to_string(),
        DataType::Dictionary(..) => {
            let codes = column.as_dictionary::<Int32Type>();
            let key = usize::try_from(codes.keys().value(row))?;
            codes.values().as_string::<i32>().value(key).to_owned()
        }
        DataType::FixedSizeBinary(_) => ledger::hex(column.as_fixed_size_binary().value(row)),
        other => return Err(anyhow!("no CSV for {other}")),
    })
}
