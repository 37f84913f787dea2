//! The payload of a journal block: entries as Arrow record batches, other facts as JSON.
//!
//! ```text
//! 0   8  magic "PHBLOCK" and the version, 1
//! 8   8  number of the first entry, u64
//! 16  8  when the block was made, i64 microseconds UTC
//! 24  4  business date, i32 days since 1970-01-01
//! 28  4  number of sections, u32
//! 32  16 per section: kind u32, rows u32, bytes u64
//!        the sections in the order of their kinds, each a multiple of 8 bytes long
//! ```
//!
//! Integers are little-endian. Sections 1 to 4 are encapsulated Arrow record batch messages
//! without their schema message, which would triple the size of a small block: it is the same in
//! every block of a version, see [`schema_message`]. `schema ‖ section ‖ FFFFFFFF00000000` is an
//! Arrow IPC stream. Section 5 is a JSON array padded with spaces. Empty sections are left out.
//!
//! A payload may come from a damaged disk: decoding checks all of it and never panics.

use crate::message::{Columns, Layout, Texts};
use arrow_ipc::MetadataVersion;
use arrow_ipc::writer::{IpcWriteOptions, StreamWriter};
use arrow_schema::{DataType, Field, Schema};
use ledger::entry::{
    AccountId, EntryKind, EntryRow, Header, InstitutionId, ItemId, Line, LineFlags, Mark, Text,
};
use ledger::{Batch, Day, EntryNo, Key};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

/// What a block holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Number of the first entry of the batch; of the next entry if the batch is empty.
    pub first_entry: EntryNo,
    /// When the block was made: microseconds since 1970-01-01 UTC, from the writer's clock.
    pub at_micros: i64,
    /// The bank's business date when the block was made.
    pub business_date: Day,
    pub batch: Batch,
    /// In the order they happened.
    pub facts: Vec<PlacedFact>,
}

/// A fact that is no entry, and where between the entries it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedFact {
    /// How many entries of this block come before it.
    pub after: u32,
    /// JSON text without surrounding blanks.
    pub json: String,
}

/// The keys of a block's entries, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockKeys {
    pub first_entry: EntryNo,
    pub business_date: Day,
    pub keys: Vec<Key>,
}

/// The lines of a block without headers and keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockLines {
    pub first_entry: EntryNo,
    pub business_date: Day,
    /// Where the lines of each entry end.
    pub lines_end: Vec<u32>,
    pub lines: Vec<Line>,
}

/// The facts of a block without its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockFacts {
    pub at_micros: i64,
    pub business_date: Day,
    pub facts: Vec<PlacedFact>,
}

/// The parts of a block that are Arrow record batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Headers = 1,
    Entries = 2,
    Lines = 3,
    Marks = 4,
}

impl Section {
    pub const ALL: [Self; 4] = [Self::Headers, Self::Entries, Self::Lines, Self::Marks];
}

/// Why a payload cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    #[error("the payload is not a journal block: {0}")]
    NotABlock(String),
    #[error("the block is of version {0}, and this program reads version {VERSION}")]
    Version(u8),
    #[error("the section table of the block is damaged: {0}")]
    Table(String),
    #[error("the section `{0}` of the block is damaged: {1}")]
    Section(&'static str, String),
}

/// Version of the layout that [`encode`] writes.
pub const VERSION: u8 = 1;
/// What ends an Arrow IPC stream.
pub const END_OF_STREAM: [u8; 8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

/// Appends the payload of a block to `out`.
///
/// # Panics
///
/// If the batch is not one (an entry without its header, lines that no entry owns, a negative
/// amount), or a fact is not JSON or out of order: better no block than one nobody can read.
pub fn encode(body: &Body, out: &mut Vec<u8>) {
    check(body);
    let batch = &body.batch;
    let rows = [
        batch.headers.len(),
        batch.entries.len(),
        batch.lines.len(),
        batch.marks.len(),
        body.facts.len(),
    ];
    let sections = rows.iter().filter(|rows| **rows > 0).count();
    out.reserve(4096 + batch.entries.len() * 24 + batch.lines.len() * 18);
    out.extend_from_slice(MAGIC);
    out.push(VERSION);
    out.extend_from_slice(&body.first_entry.0.to_le_bytes());
    out.extend_from_slice(&body.at_micros.to_le_bytes());
    out.extend_from_slice(&body.business_date.0.to_le_bytes());
    out.extend_from_slice(&(sections as u32).to_le_bytes());
    let mut slot = out.len();
    out.resize(slot + sections * TABLE_ROW, 0);
    for (kind, rows) in (1_u32..).zip(rows).filter(|(_, rows)| *rows > 0) {
        let start = out.len();
        match kind {
            1 => put_headers(&batch.headers, out),
            2 => put_entries(&batch.entries, out),
            3 => put_lines(batch, out),
            4 => put_marks(&batch.marks, out),
            _ => put_facts(&body.facts, out),
        }
        let length = (out.len() - start) as u64;
        let rows = u32::try_from(rows).expect("a batch is far below 2^32 rows");
        out[slot..slot + 4].copy_from_slice(&kind.to_le_bytes());
        out[slot + 4..slot + 8].copy_from_slice(&rows.to_le_bytes());
        out[slot + 8..slot + 16].copy_from_slice(&length.to_le_bytes());
        slot += TABLE_ROW;
    }
}

/// Reads a whole payload.
///
/// # Errors
///
/// If anything in it is not as [`encode`] would have written it.
pub fn decode(payload: &[u8]) -> Result<Body, BlockError> {
    let frame = Frame::open(payload)?;
    let headers = frame.read(Section::Headers, get_headers)?;
    let (keys, of) = frame.read(Section::Entries, get_entries)?;
    let (lines_end, lines) = frame.lines()?;
    let marks = frame.read(Section::Marks, |columns| get_marks(columns, lines.len()))?;
    if of.iter().any(|header| u32::from_le_bytes(*header) as usize >= headers.len()) {
        return Err(damaged(Section::Entries, "an entry names a header that does not exist"));
    }
    let entries = keys.iter().zip(of).zip(lines_end).map(|((key, header), lines_end)| EntryRow {
        key: Key(u128::from_be_bytes(*key)),
        header: u32::from_le_bytes(*header),
        lines_end,
    });
    let batch = Batch { headers, entries: entries.collect(), lines, marks };
    let facts = frame.facts(keys.len())?;
    let Frame { first_entry, at_micros, business_date, .. } = frame;
    Ok(Body { first_entry, at_micros, business_date, batch, facts })
}

/// Reads only the keys of the entries.
///
/// # Errors
///
/// If the preamble, the table or the section of entries is damaged.
pub fn decode_keys(payload: &[u8]) -> Result<BlockKeys, BlockError> {
    let frame = Frame::open(payload)?;
    let (keys, _) = frame.read(Section::Entries, get_entries)?;
    let keys = keys.iter().map(|key| Key(u128::from_be_bytes(*key))).collect();
    Ok(BlockKeys { first_entry: frame.first_entry, business_date: frame.business_date, keys })
}

/// Reads only the lines.
///
/// # Errors
///
/// If the preamble, the table or the section of lines is damaged.
pub fn decode_lines(payload: &[u8]) -> Result<BlockLines, BlockError> {
    let frame = Frame::open(payload)?;
    let (lines_end, lines) = frame.lines()?;
    let Frame { first_entry, business_date, .. } = frame;
    Ok(BlockLines { first_entry, business_date, lines_end, lines })
}

/// Reads only the facts, and when they were written.
///
/// # Errors
///
/// If the preamble, the table or the section of facts is damaged.
pub fn decode_facts(payload: &[u8]) -> Result<BlockFacts, BlockError> {
    let frame = Frame::open(payload)?;
    let facts = frame.facts(frame.rows[Section::Entries as usize - 1])?;
    let Frame { at_micros, business_date, .. } = frame;
    Ok(BlockFacts { at_micros, business_date, facts })
}

/// One section as an Arrow IPC stream that any Arrow library reads; empty sections give a stream
/// without batches.
///
/// # Errors
///
/// If the preamble or the section table is damaged; the section itself is not looked at.
pub fn section_stream(payload: &[u8], section: Section) -> Result<Vec<u8>, BlockError> {
    let frame = Frame::open(payload)?;
    let mut stream = schema_message(section);
    stream.extend_from_slice(frame.sections[section as usize - 1]);
    stream.extend_from_slice(&END_OF_STREAM);
    Ok(stream)
}

/// The encapsulated Arrow schema message of a section, the same for every block of a version.
pub fn schema_message(section: Section) -> Vec<u8> {
    let options = IpcWriteOptions::try_new(8, false, MetadataVersion::V5)
        .expect("8 is an alignment that Arrow allows");
    let mut bytes = Vec::new();
    StreamWriter::try_new_with_options(&mut bytes, &schema(section), options)
        .expect("writing to memory cannot fail");
    bytes
}

/// The Arrow schema of a section.
pub fn schema(section: Section) -> Schema {
    let field = |name: &str, kind: DataType| Field::new(name, kind, false);
    let nullable = |name: &str, kind: DataType| Field::new(name, kind, true);
    Schema::new(match section {
        Section::Headers => vec![
            field("business_date", DataType::Date32),
            field("value_date", DataType::Date32),
            field("institution", DataType::UInt16),
            field("code", DataType::Utf8),
            field("maker", DataType::Utf8),
            field("checker", DataType::Utf8),
            field("authoriser", DataType::Utf8),
            field("channel", DataType::Utf8),
            field("document", DataType::Utf8),
            field("summary", DataType::Utf8),
            field("attachments", DataType::UInt16),
            field("kind", DataType::UInt8),
            field("original", DataType::UInt64),
        ],
        Section::Entries => {
            vec![field("key", DataType::FixedSizeBinary(16)), field("header", DataType::UInt32)]
        }
        Section::Lines => vec![
            field("entry", DataType::UInt32),
            field("account", DataType::UInt32),
            field("flags", DataType::UInt8),
            field("amount", DataType::Int64),
        ],
        Section::Marks => vec![
            field("line", DataType::UInt32),
            nullable("clears_entry", DataType::UInt64),
            nullable("clears_line", DataType::UInt16),
            nullable("quantity", DataType::Int64),
        ],
    })
}

/// The chain of blocks: SHA-256 over the hash of the block before and the payload.
pub fn hash_block(prev: &[u8; 32], payload: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(prev);
    digest.update(payload);
    digest.finalize().into()
}

const MAGIC: &[u8; 7] = b"PHBLOCK";
const PREAMBLE: usize = 32;
const TABLE_ROW: usize = 16;
const SECTIONS: usize = 5;
const TEXTS: usize = 7;
/// The place of a line in its entry has 16 bits.
const LINES_MAX: u32 = 1 << 16;
const KNOWN_FLAGS: u8 =
    LineFlags::CREDIT | LineFlags::RED | LineFlags::COMPLETION | LineFlags::OFF_BALANCE;
/// Years -9999 to 9999, what a calendar date can hold.
const DAYS: std::ops::RangeInclusive<i32> = -4_371_587..=2_932_896;

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Section {
    fn name(self) -> &'static str {
        ["headers", "entries", "lines", "marks"][self as usize - 1]
    }
}

fn damaged(section: Section, says: impl Into<String>) -> BlockError {
    BlockError::Section(section.name(), says.into())
}

/// Asserts what [`decode`] will ask for.
fn check(body: &Body) {
    let batch = &body.batch;
    let mut end = 0;
    for entry in &batch.entries {
        assert!((entry.header as usize) < batch.headers.len(), "every entry has a header");
        assert!(entry.lines_end >= end, "the lines of an entry follow those of the one before");
        assert!(entry.lines_end - end <= LINES_MAX, "an entry has at most 65,536 lines");
        end = entry.lines_end;
    }
    assert!(end as usize == batch.lines.len(), "every line belongs to an entry");
    let sound = |line: &Line| line.amount >= 0 && line.flags.0 & !KNOWN_FLAGS == 0;
    assert!(batch.lines.iter().all(sound), "amounts are positive and flags are known");
    let placed = |mark: &Mark| (mark.line as usize) < batch.lines.len();
    assert!(batch.marks.iter().all(placed), "a mark belongs to a line");
    assert!(batch.marks.is_sorted_by_key(|mark| mark.line), "marks are sorted by line");
    let placed = |fact: &PlacedFact| fact.after as usize <= batch.len();
    assert!(body.facts.iter().all(placed), "a fact stands between entries of its block");
    assert!(body.facts.is_sorted_by_key(|fact| fact.after), "facts are in order");
    let dated = |header: &Header| [header.business_date, header.value_date].iter().all(in_calendar);
    assert!(batch.headers.iter().all(dated), "a header has dates that the calendar holds");
    assert!(in_calendar(&body.business_date), "a block has a date that the calendar holds");
}

fn in_calendar(day: &Day) -> bool {
    DAYS.contains(&day.0)
}

fn texts(header: &Header) -> [&Text; TEXTS] {
    [
        &header.code,
        &header.maker,
        &header.checker,
        &header.authoriser,
        &header.channel,
        &header.document,
        &header.summary,
    ]
}

fn put_headers(headers: &[Header], out: &mut Vec<u8>) {
    let mut bytes = [0; TEXTS];
    for header in headers {
        for (sum, text) in bytes.iter_mut().zip(texts(header)) {
            *sum += text.len();
        }
    }
    let mut layout = Layout::new(headers.len());
    let dates = [layout.fixed(4), layout.fixed(4)];
    let institution = layout.fixed(2);
    let columns = bytes.map(|bytes| layout.text(bytes));
    let (attachments, kind, original) = (layout.fixed(2), layout.fixed(1), layout.fixed(8));
    let mut body = layout.begin(out);
    body.fill(dates[0], headers.iter().map(|header| header.business_date.0.to_le_bytes()));
    body.fill(dates[1], headers.iter().map(|header| header.value_date.0.to_le_bytes()));
    body.fill(institution, headers.iter().map(|header| header.institution.0.to_le_bytes()));
    for (at, column) in columns.into_iter().enumerate() {
        body.fill_text(column, headers.iter().map(|header| &**texts(header)[at]));
    }
    body.fill(attachments, headers.iter().map(|header| header.attachments.to_le_bytes()));
    body.fill(kind, headers.iter().map(|header| [header.kind.code()]));
    body.fill(original, headers.iter().map(|header| header.original.0.to_le_bytes()));
}

fn put_entries(entries: &[EntryRow], out: &mut Vec<u8>) {
    let mut layout = Layout::new(entries.len());
    let (key, header) = (layout.fixed(16), layout.fixed(4));
    let mut body = layout.begin(out);
    body.fill(key, entries.iter().map(|entry| entry.key.0.to_be_bytes()));
    body.fill(header, entries.iter().map(|entry| entry.header.to_le_bytes()));
}

fn put_lines(batch: &Batch, out: &mut Vec<u8>) {
    let lines = &batch.lines;
    let mut layout = Layout::new(lines.len());
    let (entry, account) = (layout.fixed(4), layout.fixed(4));
    let (flags, amount) = (layout.fixed(1), layout.fixed(8));
    let mut body = layout.begin(out);
    let (mut cells, _) = body.buffer(entry).as_chunks_mut::<4>();
    let mut start = 0;
    for (index, row) in (0_u32..).zip(&batch.entries) {
        let (own, rest) = cells.split_at_mut((row.lines_end - start) as usize);
        own.fill(index.to_le_bytes());
        (cells, start) = (rest, row.lines_end);
    }
    body.fill(account, lines.iter().map(|line| line.account.0.to_le_bytes()));
    body.fill(flags, lines.iter().map(|line| [line.flags.0]));
    body.fill(amount, lines.iter().map(|line| line.amount.to_le_bytes()));
}

fn put_marks(marks: &[Mark], out: &mut Vec<u8>) {
    let not_clearing = marks.iter().filter(|mark| mark.clears.is_none()).count();
    let uncounted = marks.iter().filter(|mark| mark.quantity.is_none()).count();
    let mut layout = Layout::new(marks.len());
    let line = layout.fixed(4);
    let (entry_valid, entry) = layout.nullable(8, not_clearing);
    let (item_valid, item) = layout.nullable(2, not_clearing);
    let (quantity_valid, quantity) = layout.nullable(8, uncounted);
    let mut body = layout.begin(out);
    body.fill(line, marks.iter().map(|mark| mark.line.to_le_bytes()));
    let clears = || marks.iter().map(|mark| mark.clears);
    body.fill_bits(entry_valid, clears().map(|item| item.is_some()));
    body.fill(entry, clears().map(|item| item.map_or(0, |item| item.entry.0).to_le_bytes()));
    body.fill_bits(item_valid, clears().map(|item| item.is_some()));
    body.fill(item, clears().map(|item| item.map_or(0, |item| item.line).to_le_bytes()));
    body.fill_bits(quantity_valid, marks.iter().map(|mark| mark.quantity.is_some()));
    body.fill(quantity, marks.iter().map(|mark| mark.quantity.unwrap_or(0).to_le_bytes()));
}

fn put_facts(facts: &[PlacedFact], out: &mut Vec<u8>) {
    let start = out.len();
    for (index, fact) in facts.iter().enumerate() {
        let json: &RawValue = serde_json::from_str(&fact.json).expect("a fact is JSON text");
        assert!(json.get().len() == fact.json.len(), "a fact has no surrounding blanks");
        out.push(if index == 0 { b'[' } else { b',' });
        out.extend_from_slice(format!("{{\"after\":{},\"fact\":", fact.after).as_bytes());
        out.extend_from_slice(fact.json.as_bytes());
        out.push(b'}');
    }
    out.push(b']');
    let padding = (out.len() - start).next_multiple_of(8) - (out.len() - start);
    out.extend_from_slice(&b"       "[..padding]);
}

/// A payload whose preamble and section table are sound.
struct Frame<'a> {
    first_entry: EntryNo,
    at_micros: i64,
    business_date: Day,
    rows: [usize; SECTIONS],
    sections: [&'a [u8]; SECTIONS],
    facts: &'a [u8],
}

impl<'a> Frame<'a> {
    fn open(payload: &'a [u8]) -> Result<Self, BlockError> {
        let not_a_block = |says: &str| BlockError::NotABlock(says.to_owned());
        let (preamble, rest) = payload
            .split_first_chunk::<PREAMBLE>()
            .ok_or_else(|| not_a_block("it is shorter than a preamble"))?;
        if preamble[..7] != *MAGIC {
            return Err(not_a_block("it does not begin with the magic bytes"));
        }
        if preamble[7] != VERSION {
            return Err(BlockError::Version(preamble[7]));
        }
        let first_entry = EntryNo(u64_at(preamble, 8));
        let at_micros = u64_at(preamble, 16) as i64;
        let business_date = Day(u32_at(preamble, 24) as i32);
        if !in_calendar(&business_date) {
            return Err(not_a_block("its business date is beyond the calendar"));
        }
        let (rows, sections) =
            table(rest, u32_at(preamble, 28)).map_err(|says| BlockError::Table(says.into()))?;
        // A row takes bytes: a count beyond them is damage, and must not be given memory.
        if rows.iter().zip(&sections).take(4).any(|(rows, section)| *rows > section.len()) {
            return Err(BlockError::Table("a section has more rows than bytes".into()));
        }
        if first_entry.0.checked_add(rows[1] as u64).is_none() {
            return Err(not_a_block("its entry numbers are beyond 64 bits"));
        }
        let facts = sections[4];
        Ok(Self { first_entry, at_micros, business_date, rows, sections, facts })
    }

    /// Reads a section with `get`, or the default if it is left out because it is empty.
    fn read<T: Default>(
        &self,
        section: Section,
        get: impl FnOnce(&mut Columns<'a>) -> Result<T, String>,
    ) -> Result<T, BlockError> {
        let at = section as usize - 1;
        if self.rows[at] == 0 {
            return Ok(T::default());
        }
        let read = || {
            let mut columns = Columns::open(self.sections[at], self.rows[at])?;
            let value = get(&mut columns)?;
            columns.finish().map(|()| value)
        };
        read().map_err(|says| damaged(section, says))
    }

    /// Where the lines of each entry end, and the lines.
    fn lines(&self) -> Result<(Vec<u32>, Vec<Line>), BlockError> {
        let entries = self.rows[1];
        let (mut lines_end, lines) =
            self.read(Section::Lines, |columns| get_lines(columns, entries))?;
        // Without a section of lines, every entry ends where it begins.
        lines_end.resize(entries, 0);
        Ok((lines_end, lines))
    }

    /// The facts, between so many entries.
    fn facts(&self, entries: usize) -> Result<Vec<PlacedFact>, BlockError> {
        let facts = get_facts(self.facts, self.rows[4], entries);
        facts.map_err(|says| BlockError::Section("facts", says))
    }
}

type Sections<'a> = ([usize; SECTIONS], [&'a [u8]; SECTIONS]);

fn table(rest: &[u8], count: u32) -> Result<Sections<'_>, &'static str> {
    let count = count as usize;
    if count > SECTIONS || rest.len() < count * TABLE_ROW {
        return Err("it has more sections than a block can have");
    }
    let (rows_of_table, mut rest) = rest.split_at(count * TABLE_ROW);
    let (mut rows, mut sections): Sections<'_> = ([0; SECTIONS], [&[]; SECTIONS]);
    let mut last = 0;
    for row in rows_of_table.chunks_exact(TABLE_ROW) {
        let kind = u32_at(row, 0) as usize;
        if kind <= last || kind > SECTIONS {
            return Err("its sections are unknown or out of order");
        }
        let length = usize::try_from(u64_at(row, 8)).map_err(|_| "a section is too long")?;
        if length > rest.len() || !length.is_multiple_of(8) || u32_at(row, 4) == 0 {
            return Err("a section is empty or does not fit the payload");
        }
        (sections[kind - 1], rest) = rest.split_at(length);
        rows[kind - 1] = u32_at(row, 4) as usize;
        last = kind;
    }
    if rest.is_empty() { Ok((rows, sections)) } else { Err("bytes follow the last section") }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes are four bytes"))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes are eight bytes"))
}

/// Shares equal texts within a block: most headers repeat the code, the teller and the summary,
/// and a shared text costs neither an allocation nor memory.
struct Shared {
    slots: Vec<Option<Text>>,
}

impl Shared {
    fn new(headers: usize) -> Self {
        Self { slots: vec![None; (headers * 2).next_power_of_two().clamp(8, 512)] }
    }

    fn share(&mut self, text: &str) -> Text {
        let at = spread(text.as_bytes()) as usize & (self.slots.len() - 1);
        match &mut self.slots[at] {
            Some(known) if **known == *text => known.clone(),
            slot => slot.insert(Arc::from(text)).clone(),
        }
    }
}

/// A hash of a text's length and ends; texts that differ only in the middle share a slot in turns.
fn spread(text: &[u8]) -> u64 {
    let (first, last) = match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
            }
            _ => (text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
        },
    };
    ledger::hash::mix(first, last.rotate_left(7) ^ text.len() as u64)
}

fn get_headers(columns: &mut Columns<'_>) -> Result<Vec<Header>, String> {
    let business_date = columns.fixed::<4>()?;
    let value_date = columns.fixed::<4>()?;
    let institution = columns.fixed::<2>()?;
    let texts = (0..TEXTS).map(|_| columns.text()).collect::<Result<Vec<Texts<'_>>, _>>()?;
    let attachments = columns.fixed::<2>()?;
    let kind = columns.fixed::<1>()?;
    let original = columns.fixed::<8>()?;
    let mut shared = Shared::new(business_date.len());
    let mut headers: Vec<Header> = Vec::with_capacity(business_date.len());
    for row in 0..business_date.len() {
        let document = match texts[5].get(row)? {
            "" => shared.share(""),
            // Documents are numbered, so hardly any two are alike.
            document => Arc::from(document),
        };
        let mut text = |column: usize| texts[column].get(row).map(|text| shared.share(text));
        let day = |days: [u8; 4]| {
            let day = Day(i32::from_le_bytes(days));
            in_calendar(&day).then_some(day).ok_or("a date is beyond the calendar")
        };
        headers.push(Header {
            business_date: day(business_date[row])?,
            value_date: day(value_date[row])?,
            institution: InstitutionId(u16::from_le_bytes(institution[row])),
            code: text(0)?,
            maker: text(1)?,
            checker: text(2)?,
            authoriser: text(3)?,
            channel: text(4)?,
            document,
            summary: text(6)?,
            attachments: u16::from_le_bytes(attachments[row]),
            kind: EntryKind::from_code(kind[row][0]).ok_or("an entry is of an unknown kind")?,
            original: EntryNo(u64::from_le_bytes(original[row])),
        });
    }
    Ok(headers)
}

type Entries<'a> = (&'a [[u8; 16]], &'a [[u8; 4]]);

/// Keys and header indexes.
fn get_entries<'a>(columns: &mut Columns<'a>) -> Result<Entries<'a>, String> {
    Ok((columns.fixed::<16>()?, columns.fixed::<4>()?))
}

/// Where the lines of each of `entries` entries end, and the lines.
fn get_lines(columns: &mut Columns<'_>, entries: usize) -> Result<(Vec<u32>, Vec<Line>), String> {
    let entry = columns.fixed::<4>()?;
    let account = columns.fixed::<4>()?;
    let flags = columns.fixed::<1>()?;
    let amount = columns.fixed::<8>()?;
    let mut ends = Vec::with_capacity(entries);
    for (line, entry) in (0_u32..).zip(entry) {
        let entry = u32::from_le_bytes(*entry) as usize;
        if entry >= entries {
            return Err("a line belongs to an entry that does not exist".into());
        }
        if entry < ends.len() {
            return Err("lines are not in the order of their entries".into());
        }
        // The entries before this line's own have ended.
        while ends.len() < entry {
            ends.push(line);
        }
    }
    ends.resize(entries, entry.len() as u32);
    if ends.windows(2).any(|pair| pair[1] - pair[0] > LINES_MAX) || ends.first() > Some(&LINES_MAX)
    {
        return Err("an entry has more than 65,536 lines".into());
    }
    if flags.iter().any(|flags| flags[0] & !KNOWN_FLAGS != 0) {
        return Err("a line has flags of an unknown meaning".into());
    }
    if amount.iter().any(|amount| i64::from_le_bytes(*amount) < 0) {
        return Err("a line has a negative amount".into());
    }
    let line = |((account, flags), amount): ((&[u8; 4], &[u8; 1]), &[u8; 8])| Line {
        account: AccountId(u32::from_le_bytes(*account)),
        flags: LineFlags(flags[0]),
        amount: i64::from_le_bytes(*amount),
    };
    Ok((ends, account.iter().zip(flags).zip(amount).map(line).collect()))
}

fn get_marks(columns: &mut Columns<'_>, lines: usize) -> Result<Vec<Mark>, String> {
    let line = columns.fixed::<4>()?;
    let (entry_valid, entry) = columns.nullable::<8>()?;
    let (item_valid, item) = columns.nullable::<2>()?;
    let (quantity_valid, quantity) = columns.nullable::<8>()?;
    if entry_valid != item_valid {
        return Err("an open item is named by half".into());
    }
    let valid = |bits: Option<&[u8]>, row: usize| {
        bits.is_none_or(|bits| bits[row / 8] >> (row % 8) & 1 == 1)
    };
    let mark = |row: usize| Mark {
        line: u32::from_le_bytes(line[row]),
        clears: valid(entry_valid, row).then(|| ItemId {
            entry: EntryNo(u64::from_le_bytes(entry[row])),
            line: u16::from_le_bytes(item[row]),
        }),
        quantity: valid(quantity_valid, row).then(|| i64::from_le_bytes(quantity[row])),
    };
    let marks: Vec<Mark> = (0..line.len()).map(mark).collect();
    if marks.iter().any(|mark| mark.line as usize >= lines) {
        return Err("a mark belongs to a line that does not exist".into());
    }
    if !marks.is_sorted_by_key(|mark| mark.line) {
        return Err("marks are not in the order of their lines".into());
    }
    Ok(marks)
}

/// A fact as the section of facts holds it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredFact<'a> {
    after: u32,
    #[serde(borrow)]
    fact: &'a RawValue,
}

fn get_facts(bytes: &[u8], rows: usize, entries: usize) -> Result<Vec<PlacedFact>, String> {
    if rows == 0 {
        return Ok(Vec::new());
    }
    let stored: Vec<StoredFact<'_>> =
        serde_json::from_slice(bytes).map_err(|error| format!("it is not valid JSON: {error}"))?;
    if stored.len() != rows {
        return Err(format!("it has {} facts and should have {rows}", stored.len()));
    }
    if !stored.is_sorted_by_key(|fact| fact.after) {
        return Err("its facts are out of order".into());
    }
    if stored.last().is_some_and(|fact| fact.after as usize > entries) {
        return Err("a fact stands after more entries than the block has".into());
    }
    let placed =
        |fact: StoredFact<'_>| PlacedFact { after: fact.after, json: fact.fact.get().to_owned() };
    Ok(stored.into_iter().map(placed).collect())
}
