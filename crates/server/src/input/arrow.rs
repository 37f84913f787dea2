//! Entries as rows of an Arrow IPC stream or file. A file is a stream between a magic word and a
//! footer, so both are read from front to back and may come through a pipe.

use crate::input::Row;
use crate::input::mapping::{LinePlan, Mapping, Plan};
use crate::messages;
use crate::refusal;
use anyhow::anyhow;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Int32Type, Int64Type, UInt16Type};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::StreamReader;
use arrow_schema::{ArrowError, DataType};
use history::block::END_OF_STREAM;
use ledger::{Day, Refusal, money};
use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, Once, PoisonError};

/// What an Arrow file begins with; zeros follow.
const MAGIC: &[u8; 6] = b"ARROW1";

/// Decimal digits of the bank's units, since Arrow amounts are minor units.
#[derive(Clone, Debug)]
pub struct Units {
    pub base: String,
    pub digits: Vec<(String, u8)>,
}

/// Reads entries until the stream ends or cannot be read on.
pub struct Arrow {
    reader: StreamReader<Watched>,
    watch: Arc<Mutex<Watch>>,
    units: Units,
    plan: Plan,
    /// The amount's column holds minor units.
    minor: bool,
    batch: Option<RecordBatch>,
    at: usize,
    row: u64,
    over: bool,
}

impl Arrow {
    /// Reads the schema; refuses columns that do not fit.
    pub fn new(
        source: Box<dyn Read + Send>,
        mapping: Option<&Mapping>,
        units: Units,
    ) -> anyhow::Result<Self> {
        let mut source = BufReader::new(source);
        let mut head = [0; 8];
        let got = read_up_to(&mut source, &mut head)?;
        let is_file = got == head.len() && head.starts_with(MAGIC);
        let again = if is_file { skip_padding(&mut source)? } else { head[..got].to_vec() };
        let again = io::Cursor::new(again);
        let watch = Arc::new(Mutex::new(Watch::default()));
        let watched = Watched { source: Box::new(again.chain(source)), watch: Arc::clone(&watch) };
        let reader = match guarded(|| StreamReader::try_new(watched, None)) {
            Some(Ok(reader)) => reader,
            Some(Err(_)) if got > 0 && lock(&watch).ended && is_arrow(&head) => {
                return Err(refusal::truncated_file(messages::CUT_SCHEMA).into());
            }
            _ => return Err(refusal::not_arrow().into()),
        };
        let schema = reader.schema();
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let of_fields = Mapping::of_fields(&names);
        let plan = mapping.unwrap_or(&of_fields).plan(&names)?;
        for field in schema.fields() {
            check_type(field.name(), field.data_type())?;
        }
        let LinePlan::Transfer { amount, .. } = &plan.lines else {
            let says = messages::ARROW_TRANSFER;
            return Err(refusal::mapping_wrong("", 1, says).into());
        };
        let minor =
            amount.column().is_some_and(|at| *schema.field(at).data_type() == DataType::Int64);
        let (batch, at, row, over) = (None, 0, 0, false);
        Ok(Self { reader, watch, units, plan, minor, batch, at, row, over })
    }

    fn next_row(&mut self) -> anyhow::Result<Option<Row>> {
        loop {
            if let Some(batch) = &self.batch
                && self.at < batch.num_rows()
            {
                let row = self.entry(batch, self.at);
                self.at += 1;
                self.row += 1;
                return Ok(Some(Row { line: self.row, ..row? }));
            }
            if self.over {
                return Ok(None);
            }
            self.at = 0;
            self.batch = None;
            match guarded(|| self.reader.next()) {
                Some(Some(Ok(batch))) => self.batch = Some(batch),
                Some(end) => {
                    self.over = true;
                    return end_of(end.and_then(Result::err), &lock(&self.watch), self.row + 1);
                }
                None => {
                    self.over = true;
                    let refusal = refusal::malformed_line(messages::ARROW_DAMAGED);
                    return Ok(Some(refused(self.row + 1, refusal)));
                }
            }
        }
    }

    fn entry(&self, batch: &RecordBatch, at: usize) -> anyhow::Result<Row> {
        let cell = |column: usize| text(batch.column(column), at);
        let mut text = serde_json::Map::new();
        for (column, field) in batch.schema_ref().fields().iter().enumerate() {
            text.insert(field.name().clone(), cell(column).into());
        }
        let text = serde_json::to_string(&text)?;
        let entry = self.plan.entry(&cell).and_then(|mut entry| {
            for line in entry.lines.iter_mut().filter(|_| self.minor) {
                // Without a unit the digits are a guess: naming the base unit makes it a check.
                let unit = line.unit.get_or_insert_with(|| self.units.base.clone());
                let known = self.units.digits.iter().find(|(code, _)| code == unit);
                let digits = known.ok_or_else(|| refusal::value_wrong("unit", unit))?.1;
                let minor = line.amount.parse::<i64>();
                let minor = minor.map_err(|_| refusal::value_wrong("amount", &line.amount))?;
                line.amount = money::plain(i128::from(minor), digits);
            }
            Ok(entry)
        });
        Ok(Row { line: 0, text, entry })
    }
}

/// A stream ends with its end marker; without it, the rest is missing.
fn end_of(error: Option<ArrowError>, watch: &Watch, row: u64) -> anyhow::Result<Option<Row>> {
    let refusal = match error {
        None if watch.tail == END_OF_STREAM => return Ok(None),
        None => refusal::truncated_file(messages::CUT_END),
        Some(error) if watch.ended => refusal::truncated_file(&error.to_string()),
        Some(ArrowError::IoError(_, error)) => return Err(anyhow!(error)),
        Some(error) => refusal::malformed_line(&error.to_string()),
    };
    Ok(Some(refused(row, refusal)))
}

fn refused(line: u64, refusal: Refusal) -> Row {
    Row { line, text: String::new(), entry: Err(refusal) }
}

thread_local! {
    /// Whether this thread is where a panic is expected and means only a damaged file.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Reads with a library that panics where a file's own figures contradict each other; `None` if it
/// did. Other panics are told as ever.
fn guarded<T>(read: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let told = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                told(info);
            }
        }));
    });
    GUARDED.set(true);
    // What was being read is not used again: nothing half done is ever seen.
    let done = panic::catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(false);
    done.ok()
}

impl Iterator for Arrow {
    type Item = anyhow::Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row().transpose()
    }
}

fn read_up_to(source: &mut impl Read, out: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < out.len() {
        match source.read(&mut out[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// Passes over the zeros between the magic word and the stream, as many as the writer aligns to;
/// answers the first byte that is none.
fn skip_padding(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut byte = [0];
    loop {
        match read_up_to(source, &mut byte)? {
            0 => return Ok(Vec::new()),
            _ if byte[0] != 0 => return Ok(byte.to_vec()),
            _ => {}
        }
    }
}

/// Whether the first bytes could be the beginning of a stream or file.
fn is_arrow(head: &[u8; 8]) -> bool {
    head.starts_with(MAGIC) || head.starts_with(&[0xff; 4])
}

fn check_type(name: &str, kind: &DataType) -> Result<(), Refusal> {
    let fits = matches!(
        kind,
        DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View
            | DataType::Int64
            | DataType::Int32
            | DataType::UInt16
            | DataType::Date32
    );
    if fits { Ok(()) } else { Err(refusal::arrow_column(name, TYPES, &kind.to_string())) }
}

const TYPES: &str = "Utf8, LargeUtf8, Utf8View, Int64, Int32, UInt16, Date32";

/// A cell as text; a null is empty.
fn text(column: &dyn Array, at: usize) -> String {
    if column.is_null(at) {
        return String::new();
    }
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(at).to_owned(),
        DataType::LargeUtf8 => column.as_string::<i64>().value(at).to_owned(),
        DataType::Utf8View => column.as_string_view().value(at).to_owned(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(at).to_string(),
        DataType::Int32 => column.as_primitive::<Int32Type>().value(at).to_string(),
        DataType::UInt16 => column.as_primitive::<UInt16Type>().value(at).to_string(),
        DataType::Date32 => Day(column.as_primitive::<Date32Type>().value(at)).to_string(),
        // Other types were refused with the schema.
        _ => String::new(),
    }
}

/// What was read last, and whether the source is over.
#[derive(Debug, Default)]
struct Watch {
    tail: [u8; 8],
    ended: bool,
}

fn lock(watch: &Mutex<Watch>) -> std::sync::MutexGuard<'_, Watch> {
    watch.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Watched {
    source: Box<dyn Read + Send>,
    watch: Arc<Mutex<Watch>>,
}

impl Read for Watched {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(out)?;
        let mut watch = lock(&self.watch);
        watch.ended |= read == 0 && !out.is_empty();
        let new = read.min(8);
        watch.tail.rotate_left(new);
        watch.tail[8 - new..].copy_from_slice(&out[read - new..read]);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{ArrayRef, Int64Array, StringArray};
    use arrow_ipc::writer::StreamWriter;

    /// A stream of two batches, two entries each.
    fn stream() -> Vec<u8> {
        let text = |texts: [&str; 2]| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef;
        let batch = |keys: [&str; 2]| {
            let amounts: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
            let columns = vec![
                ("key", text(keys)),
                ("institution", text(["0000"; 2])),
                ("maker", text(["wang"; 2])),
                ("debit_account", text(["a"; 2])),
                ("credit_account", text(["b"; 2])),
                ("amount", amounts),
            ];
            RecordBatch::try_from_iter(columns).unwrap()
        };
        let first = batch(["1", "2"]);
        let mut writer = StreamWriter::try_new(Vec::new(), &first.schema()).unwrap();
        writer.write(&first).unwrap();
        writer.write(&batch(["3", "4"])).unwrap();
        writer.finish().unwrap();
        writer.into_inner().unwrap()
    }

    /// How many entries were read, and the code of what stopped it.
    fn read(bytes: &[u8]) -> (usize, Option<&'static str>) {
        let units = Units { base: "CNY".to_owned(), digits: vec![("CNY".to_owned(), 2)] };
        let rows = match Arrow::new(Box::new(io::Cursor::new(bytes.to_vec())), None, units) {
            Ok(rows) => rows,
            Err(error) => return (0, Some(error.downcast_ref::<Refusal>().unwrap().code)),
        };
        let mut read = 0;
        for row in rows {
            match row.unwrap().entry {
                Ok(_) => read += 1,
                Err(refusal) => return (read, Some(refusal.code)),
            }
        }
        (read, None)
    }

    #[test]
    fn a_stream_cut_anywhere_is_never_taken_for_whole() {
        let whole = stream();
        assert_eq!(read(&whole), (4, None));
        for length in 0..whole.len() {
            let (read, stopped) = read(&whole[..length]);
            assert!(read <= 4 && stopped.is_some(), "{length}: {read}");
        }
    }

    #[test]
    fn a_damaged_stream_is_refused_and_no_panic_gets_out() {
        let whole = stream();
        for at in 0..whole.len() {
            for bit in [1, 0x80] {
                let mut damaged = whole.clone();
                damaged[at] ^= bit;
                // A changed value is no damage that a reader can see: it only must not panic.
                let (read, _) = read(&damaged);
                assert!(read <= 4, "{at}: {read}");
            }
        }
    }
}
