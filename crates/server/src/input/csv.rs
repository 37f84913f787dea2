//! Entries as rows of separated values, read by a mapping.
//!
//! A record is put together line by line here, because the library that splits it does not tell
//! whether the file ended within quotes.

use crate::cli::Charset;
use crate::input::Row;
use crate::input::encoding::{LINE_BYTES_MAX, LineEnd, Lines, Stop};
use crate::input::mapping::{Mapping, Plan};
use crate::messages;
use crate::refusal;
use anyhow::anyhow;
use bank::form::EntryForm;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use ledger::Refusal;
use std::io::Read;

/// One record as it stands in the file and its cells.
struct Record {
    line: u64,
    text: String,
    cells: Result<Vec<String>, Refusal>,
    /// Nothing can be read after it.
    last: bool,
}

/// Reads entries until the file ends or cannot be read on.
pub struct Csv {
    records: Records,
    plan: Plan,
    columns: usize,
    /// A record read ahead: the first of a file without headers, or of the next group.
    ahead: Option<Record>,
    over: bool,
}

impl Csv {
    /// Reads the names of the columns; refuses a mapping that names others.
    pub fn new(
        source: Box<dyn Read + Send>,
        charset: Charset,
        mapping: &Mapping,
    ) -> anyhow::Result<Self> {
        let lines = Lines::new(source, charset);
        let mut records = Records { lines, reader: reader(mapping), delimiter: mapping.delimiter };
        let first = records.read()?;
        let cells = match &first {
            None => Vec::new(),
            Some(record) => record.cells.clone()?,
        };
        let names: Vec<String> = match mapping.headers {
            true => cells.iter().map(|cell| cell.trim().to_owned()).collect(),
            false => (1..=cells.len()).map(|at| at.to_string()).collect(),
        };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let over = first.is_none();
        // An empty file has no columns, and no entries either.
        let plan = if over { mapping.plan(&[]) } else { mapping.plan(&names) };
        let plan = match plan {
            Err(_) if over => Mapping::of_fields(&FIELDS).plan(&FIELDS)?,
            plan => plan?,
        };
        let ahead = first.filter(|_| !mapping.headers);
        Ok(Self { records, plan, columns: names.len(), ahead, over })
    }

    fn record(&mut self) -> anyhow::Result<Option<Record>> {
        if let Some(record) = self.ahead.take() {
            return Ok(Some(record));
        }
        if self.over {
            return Ok(None);
        }
        let Some(mut record) = self.records.read()? else {
            self.over = true;
            return Ok(None);
        };
        self.over = record.last;
        if let Ok(cells) = &record.cells
            && cells.len() != self.columns
        {
            let refusal = refusal::wrong_columns(cells.len(), self.columns);
            let cut = !record.text.ends_with('\n') && cells.len() < self.columns;
            record.cells = Err(match cut {
                true => refusal::truncated_file(&refusal.en),
                false => refusal,
            });
        }
        Ok(Some(record))
    }

    fn entry(&mut self) -> anyhow::Result<Option<Row>> {
        let Some(first) = self.record()? else { return Ok(None) };
        let Record { line, mut text, cells, .. } = first;
        let cells = match cells {
            Ok(cells) => cells,
            Err(refusal) => return Ok(Some(row(line, &text, Err(refusal)))),
        };
        let cell = |at: usize| cells[at].clone();
        let mut entry = self.plan.entry(&cell);
        if let Some(group) = self.plan.group {
            entry = self.rest_of_group(&cells[group], group, entry, &mut text)?;
        }
        Ok(Some(row(line, &text, entry)))
    }

    /// Adds the rows that follow and are of the same group.
    fn rest_of_group(
        &mut self,
        group: &str,
        column: usize,
        mut entry: Result<EntryForm, Refusal>,
        text: &mut String,
    ) -> anyhow::Result<Result<EntryForm, Refusal>> {
        loop {
            let Some(record) = self.record()? else { return Ok(entry) };
            match &record.cells {
                Ok(cells) if cells[column] == group => {
                    let lines = self.plan.lines.read(&|at| cells[at].clone());
                    entry = entry.and_then(|mut entry| {
                        entry.lines.extend(lines?);
                        Ok(entry)
                    });
                    text.push_str(&record.text);
                }
                _ => {
                    // Another group, or a row whose group nobody can read.
                    self.ahead = Some(record);
                    return Ok(entry);
                }
            }
        }
    }
}

/// Columns enough for any plan, for a file that has none.
const FIELDS: [&str; 6] =
    ["key", "institution", "maker", "debit_account", "credit_account", "amount"];

fn row(line: u64, text: &str, entry: Result<EntryForm, Refusal>) -> Row {
    Row { line, text: text.trim_end().to_owned(), entry }
}

impl Iterator for Csv {
    type Item = anyhow::Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        self.entry().transpose()
    }
}

fn reader(mapping: &Mapping) -> Reader {
    let delimiter = u8::try_from(mapping.delimiter).unwrap_or(b',');
    ReaderBuilder::new().delimiter(delimiter).build()
}

/// Lines put together to records.
struct Records {
    lines: Lines,
    reader: Reader,
    delimiter: char,
}

impl Records {
    /// The next record that is not blank.
    fn read(&mut self) -> anyhow::Result<Option<Record>> {
        let mut text = String::new();
        let mut quotes = Quotes::FieldStart;
        let (mut line, mut scanned) = (0, 0);
        loop {
            let end = match self.lines.read(&mut text) {
                Ok(end) => end,
                Err(Stop::Fault(error)) => return Err(error.into()),
                Err(Stop::Refused(refusal)) => {
                    let line = if line == 0 { self.lines.line } else { line };
                    return Ok(Some(Record { line, text, cells: Err(refusal), last: true }));
                }
            };
            if line == 0 {
                line = self.lines.line;
            }
            quotes = quotes.after(&text[scanned..], self.delimiter);
            scanned = text.len();
            let within = quotes == Quotes::Quoted;
            match end {
                None if text.is_empty() => return Ok(None),
                None | Some(LineEnd::EndOfFile) if within => {
                    let refusal = refusal::truncated_file(messages::CUT_QUOTE);
                    return Ok(Some(Record { line, text, cells: Err(refusal), last: true }));
                }
                Some(_) if within && text.len() < LINE_BYTES_MAX => {}
                Some(LineEnd::Newline) if text.trim().is_empty() => {
                    text.clear();
                    (line, scanned, quotes) = (0, 0, Quotes::FieldStart);
                }
                _ => {
                    let cells = self.split(&text);
                    return Ok(Some(Record { line, text, cells: Ok(cells?), last: false }));
                }
            }
        }
    }

    fn split(&mut self, text: &str) -> anyhow::Result<Vec<String>> {
        self.reader.reset();
        let (mut cells, mut ends) = (vec![0; text.len() + 1], vec![0; 64]);
        let (mut input, mut filled, mut ended) = (text.as_bytes(), 0, 0);
        loop {
            let (result, read, written, fields) =
                self.reader.read_record(input, &mut cells[filled..], &mut ends[ended..]);
            (filled, ended) = (filled + written, ended + fields);
            input = &input[read..];
            match result {
                ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record | ReadRecordResult::End => break,
                ReadRecordResult::OutputFull => return Err(anyhow!(messages::CELLS_OUTGROW)),
            }
        }
        let mut start = 0;
        let cell = |end: &usize| {
            let cell = String::from_utf8_lossy(&cells[start..*end]).into_owned();
            start = *end;
            cell
        };
        Ok(ends[..ended].iter().map(cell).collect())
    }
}

/// Where in a record a scan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quotes {
    FieldStart,
    Plain,
    Quoted,
    /// A quote within quotes: their end, or the first of two that stand for one.
    Closing,
}

impl Quotes {
    fn after(self, text: &str, delimiter: char) -> Self {
        text.chars().fold(self, |at, next| match (at, next) {
            (Self::FieldStart, '"') | (Self::Closing, '"') => Self::Quoted,
            (Self::Quoted, '"') => Self::Closing,
            (Self::Quoted, _) => Self::Quoted,
            (_, next) if next == delimiter => Self::FieldStart,
            _ => Self::Plain,
        })
    }
}
