//! The journal line: one wide row per line of an entry, with what its header and its account say.
//!
//! Today's blocks and sealed days have the same columns, so an operator does not ask where a batch
//! comes from. Amounts are integers in the unit's smallest part.

use crate::block::Body;
use arrow_array::builder::{FixedSizeBinaryBuilder, StringBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Date32Array, DictionaryArray, Int32Array, Int64Array, RecordBatch,
    RecordBatchOptions, StringArray, UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use ledger::Day;
use ledger::entry::{
    AccountId, EntryNo, Header, InstitutionId, KindId, Line, Mark, SubjectId, UnitId,
};
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// What an account is, for whoever shows or groups its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountRef<'a> {
    /// 账号.
    pub no: &'a str,
    /// 户名.
    pub name: &'a str,
    pub kind: KindId,
    pub subject: SubjectId,
    pub institution: InstitutionId,
    pub unit: UnitId,
}

/// A unit's code and the decimal digits of its smallest part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitRef<'a> {
    pub code: &'a str,
    pub digits: u8,
}

/// What the ids in lines stand for. Whoever holds the state of the bank implements it; asking for
/// an id that was never given out may panic.
pub trait Directory: Sync {
    /// How many accounts there are: ids are 0 up to this number.
    fn accounts(&self) -> u32;
    fn account(&self, id: AccountId) -> AccountRef<'_>;
    fn kind_code(&self, id: KindId) -> &str;
    fn subject_code(&self, id: SubjectId) -> &str;
    fn institution_code(&self, id: InstitutionId) -> &str;
    fn unit(&self, id: UnitId) -> UnitRef<'_>;
}

/// A column of the journal line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Column {
    /// 会计日期.
    BusinessDate,
    /// Id of the account.
    Account,
    AccountNo,
    /// Code of the account's subject.
    Subject,
    /// Code of the account's institution.
    Institution,
    /// Code of the account's unit.
    Unit,
    /// Number of the entry.
    Entry,
    /// Place of the line in its entry, from 0.
    Line,
    /// Bits: 1 credit, 2 red, 4 completion, 8 off-balance.
    Flags,
    /// Positive.
    Amount,
    /// What the line adds to the balance: debit positive, red applied.
    Effect,
    /// The account's balance after the line, debit positive; null for lines not sealed yet.
    BalanceAfter,
    ValueDate,
    Code,
    Maker,
    Checker,
    Authoriser,
    Channel,
    Document,
    Attachments,
    Summary,
    /// Code of [`ledger::entry::EntryKind`].
    Kind,
    /// The entry that this one corrects; 0 if none.
    Original,
    /// Code of the institution where the voucher was handed in.
    HeaderInstitution,
    /// Idempotency key, big-endian.
    Key,
    /// The open item that the line clears; null if none.
    ClearsEntry,
    ClearsLine,
    /// Pieces behind an off-balance amount; null if none.
    Quantity,
}

/// A set of columns.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Columns(u32);

/// Which lines of blocks to take, and what of them.
#[derive(Clone, Debug)]
pub struct Pick<'a> {
    /// Ids in ascending order; none: all accounts.
    pub accounts: Option<&'a [AccountId]>,
    /// Business dates of the entries; none: all.
    pub days: Option<RangeInclusive<Day>>,
    pub columns: Columns,
}

/// All columns of the lines of `blocks`, in the order of the journal; `accounts`, in ascending
/// order, names the only ones wanted.
pub fn from_blocks(
    blocks: &[Body],
    directory: &dyn Directory,
    accounts: Option<&[AccountId]>,
) -> RecordBatch {
    pick(blocks, directory, &Pick { accounts, days: None, columns: Columns::ALL })
}

/// Some columns of some lines of `blocks`, in the order of the journal.
pub fn pick(blocks: &[Body], directory: &dyn Directory, pick: &Pick<'_>) -> RecordBatch {
    let rows = rows(blocks, pick.accounts, pick.days.as_ref());
    Gather::new(blocks, directory, pick.columns).batch(&rows, None)
}

/// The schema of batches with these columns.
pub fn schema(columns: Columns) -> SchemaRef {
    let fields = columns
        .iter()
        .map(|column| Field::new(column.name(), column.data_type(), column.nullable()));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

impl Column {
    pub const ALL: [Self; 28] = [
        Self::BusinessDate,
        Self::Account,
        Self::AccountNo,
        Self::Subject,
        Self::Institution,
        Self::Unit,
        Self::Entry,
        Self::Line,
        Self::Flags,
        Self::Amount,
        Self::Effect,
        Self::BalanceAfter,
        Self::ValueDate,
        Self::Code,
        Self::Maker,
        Self::Checker,
        Self::Authoriser,
        Self::Channel,
        Self::Document,
        Self::Attachments,
        Self::Summary,
        Self::Kind,
        Self::Original,
        Self::HeaderInstitution,
        Self::Key,
        Self::ClearsEntry,
        Self::ClearsLine,
        Self::Quantity,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::BusinessDate => "business_date",
            Self::Account => "account",
            Self::AccountNo => "account_no",
            Self::Subject => "subject",
            Self::Institution => "institution",
            Self::Unit => "unit",
            Self::Entry => "entry",
            Self::Line => "line",
            Self::Flags => "flags",
            Self::Amount => "amount",
            Self::Effect => "effect",
            Self::BalanceAfter => "balance_after",
            Self::ValueDate => "value_date",
            Self::Code => "code",
            Self::Maker => "maker",
            Self::Checker => "checker",
            Self::Authoriser => "authoriser",
            Self::Channel => "channel",
            Self::Document => "document",
            Self::Attachments => "attachments",
            Self::Summary => "summary",
            Self::Kind => "kind",
            Self::Original => "original",
            Self::HeaderInstitution => "header_institution",
            Self::Key => "key",
            Self::ClearsEntry => "clears_entry",
            Self::ClearsLine => "clears_line",
            Self::Quantity => "quantity",
        }
    }

    pub fn data_type(self) -> DataType {
        match self {
            Self::BusinessDate | Self::ValueDate => DataType::Date32,
            Self::Account => DataType::UInt32,
            Self::AccountNo | Self::Document | Self::Summary => DataType::Utf8,
            Self::Subject | Self::Institution | Self::Unit | Self::HeaderInstitution => code_type(),
            Self::Code | Self::Maker | Self::Checker | Self::Authoriser | Self::Channel => {
                code_type()
            }
            Self::Entry | Self::Original | Self::ClearsEntry => DataType::UInt64,
            Self::Line | Self::Attachments | Self::ClearsLine => DataType::UInt16,
            Self::Flags | Self::Kind => DataType::UInt8,
            Self::Amount | Self::Effect | Self::BalanceAfter | Self::Quantity => DataType::Int64,
            Self::Key => DataType::FixedSizeBinary(16),
        }
    }

    pub fn nullable(self) -> bool {
        matches!(self, Self::BalanceAfter | Self::ClearsEntry | Self::ClearsLine | Self::Quantity)
    }
}

impl Columns {
    pub const NONE: Self = Self(0);
    pub const ALL: Self = Self((1 << Column::ALL.len()) - 1);

    #[must_use]
    pub const fn with(self, column: Column) -> Self {
        Self(self.0 | 1 << column as u8)
    }

    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn contains(self, column: Column) -> bool {
        self.0 >> column as u8 & 1 == 1
    }

    pub fn iter(self) -> impl Iterator<Item = Column> {
        Column::ALL.into_iter().filter(move |column| self.contains(*column))
    }
}

impl FromIterator<Column> for Columns {
    fn from_iter<I: IntoIterator<Item = Column>>(columns: I) -> Self {
        columns.into_iter().fold(Self::NONE, Self::with)
    }
}

impl std::fmt::Debug for Columns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) block: u32,
    /// Index of its entry in the block.
    pub(crate) entry: u32,
    /// Index in the lines of the block.
    pub(crate) line: u32,
}

/// The places of the wanted lines, in the order of the journal.
pub(crate) fn rows(
    blocks: &[Body],
    accounts: Option<&[AccountId]>,
    days: Option<&RangeInclusive<Day>>,
) -> Vec<Row> {
    let wanted = |line: &Line| match accounts {
        None => true,
        Some([only]) => line.account == *only,
        Some(several) => several.binary_search(&line.account).is_ok(),
    };
    let mut rows = Vec::new();
    for (block, body) in (0_u32..).zip(blocks) {
        let batch = &body.batch;
        let open = |header: &Header| days.is_none_or(|days| days.contains(&header.business_date));
        let open: Vec<bool> = batch.headers.iter().map(open).collect();
        let mut line = 0;
        for (entry, row) in (0_u32..).zip(&batch.entries) {
            let own = line..row.lines_end;
            line = row.lines_end;
            if open[row.header as usize] {
                let own = own.filter(|line| wanted(&batch.lines[*line as usize]));
                rows.extend(own.map(|line| Row { block, entry, line }));
            }
        }
    }
    rows
}

/// Collects the columns of lines out of blocks.
pub(crate) struct Gather<'a> {
    blocks: &'a [Body],
    directory: &'a dyn Directory,
    columns: Columns,
    /// Where the headers of each block begin among all headers.
    first_header: Vec<usize>,
    texts: Vec<(Column, Texts)>,
}

impl<'a> Gather<'a> {
    pub(crate) fn new(blocks: &'a [Body], directory: &'a dyn Directory, columns: Columns) -> Self {
        let mut first_header = Vec::with_capacity(blocks.len());
        let mut headers = 0;
        for block in blocks {
            first_header.push(headers);
            headers += block.batch.headers.len();
        }
        let texts = columns.iter().filter_map(|column| {
            let of = header_text(column)?;
            Some((column, Texts::new(blocks, headers, of)))
        });
        Self { blocks, directory, columns, first_header, texts: texts.collect() }
    }

    /// The columns of `rows`; `balances` are the balances after each of them.
    pub(crate) fn batch(&self, rows: &[Row], balances: Option<&[i64]>) -> RecordBatch {
        let arrays = self.columns.iter().map(|column| self.column(column, rows, balances));
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        RecordBatch::try_new_with_options(schema(self.columns), arrays.collect(), &options)
            .expect("every column is built after the schema")
    }

    fn column(&self, column: Column, rows: &[Row], balances: Option<&[i64]>) -> ArrayRef {
        let lines = || rows.iter().map(|row| self.line(*row));
        let headers = || rows.iter().map(|row| self.header(*row));
        let marks = || rows.iter().map(|row| self.mark(*row));
        match column {
            Column::BusinessDate => {
                Arc::new(Date32Array::from_iter_values(headers().map(|h| h.business_date.0)))
            }
            Column::ValueDate => {
                Arc::new(Date32Array::from_iter_values(headers().map(|h| h.value_date.0)))
            }
            Column::Account => {
                Arc::new(UInt32Array::from_iter_values(lines().map(|line| line.account.0)))
            }
            Column::AccountNo => self.account_numbers(rows),
            Column::Subject | Column::Institution | Column::Unit | Column::HeaderInstitution => {
                self.codes(column, rows)
            }
            Column::Code
            | Column::Maker
            | Column::Checker
            | Column::Authoriser
            | Column::Channel => self.texts(column, rows),
            Column::Document => strings(headers().map(|header| &*header.document)),
            Column::Summary => strings(headers().map(|header| &*header.summary)),
            Column::Entry => {
                Arc::new(UInt64Array::from_iter_values(rows.iter().map(|row| self.entry(*row).0)))
            }
            Column::Line => {
                Arc::new(UInt16Array::from_iter_values(rows.iter().map(|row| self.place(*row))))
            }
            Column::Flags => Arc::new(UInt8Array::from_iter_values(lines().map(|l| l.flags.0))),
            Column::Amount => Arc::new(Int64Array::from_iter_values(lines().map(|l| l.amount))),
            Column::Effect => Arc::new(Int64Array::from_iter_values(lines().map(Line::effect))),
            Column::BalanceAfter => match balances {
                Some(balances) => Arc::new(Int64Array::from(balances.to_vec())),
                None => Arc::new(Int64Array::new_null(rows.len())),
            },
            Column::Attachments => {
                Arc::new(UInt16Array::from_iter_values(headers().map(|h| h.attachments)))
            }
            Column::Kind => {
                Arc::new(UInt8Array::from_iter_values(headers().map(|h| h.kind.code())))
            }
            Column::Original => {
                Arc::new(UInt64Array::from_iter_values(headers().map(|h| h.original.0)))
            }
            Column::Key => self.keys(rows),
            Column::ClearsEntry => {
                Arc::new(marks().map(|mark| Some(mark?.clears?.entry.0)).collect::<UInt64Array>())
            }
            Column::ClearsLine => {
                Arc::new(marks().map(|mark| Some(mark?.clears?.line)).collect::<UInt16Array>())
            }
            Column::Quantity => {
                Arc::new(marks().map(|mark| mark?.quantity).collect::<Int64Array>())
            }
        }
    }

    pub(crate) fn line(&self, row: Row) -> &'a Line {
        &self.blocks[row.block as usize].batch.lines[row.line as usize]
    }

    fn header(&self, row: Row) -> &'a Header {
        self.blocks[row.block as usize].batch.header(row.entry as usize)
    }

    fn entry(&self, row: Row) -> EntryNo {
        EntryNo(self.blocks[row.block as usize].first_entry.0 + u64::from(row.entry))
    }

    /// The place of a line in its entry.
    fn place(&self, row: Row) -> u16 {
        let start = self.blocks[row.block as usize].batch.range(row.entry as usize).start;
        u16::try_from(row.line as usize - start).expect("an entry has at most 65,536 lines")
    }

    fn mark(&self, row: Row) -> Option<&'a Mark> {
        let line = row.line as usize;
        self.blocks[row.block as usize].batch.marks(line..line + 1).first()
    }

    fn keys(&self, rows: &[Row]) -> ArrayRef {
        let mut keys = FixedSizeBinaryBuilder::with_capacity(rows.len(), 16);
        for row in rows {
            let key = self.blocks[row.block as usize].batch.entries[row.entry as usize].key;
            keys.append_value(key.0.to_be_bytes()).expect("a key has 16 bytes");
        }
        Arc::new(keys.finish())
    }

    fn account_numbers(&self, rows: &[Row]) -> ArrayRef {
        strings(rows.iter().map(|row| self.directory.account(self.line(*row).account).no))
    }

    /// A column of codes that the directory knows by number.
    fn codes(&self, column: Column, rows: &[Row]) -> ArrayRef {
        let mut known: Vec<i32> = Vec::new();
        let mut values: Vec<&str> = Vec::new();
        let mut last = (AccountId(u32::MAX), 0);
        let keys = rows.iter().map(|row| {
            let id = if column == Column::HeaderInstitution {
                self.header(*row).institution.0
            } else {
                // Sealed lines are sorted by account, so the account before is mostly this one.
                let account = self.line(*row).account;
                if last.0 != account {
                    last = (account, self.code_of(column, account));
                }
                last.1
            };
            let at = usize::from(id);
            if known.len() <= at {
                known.resize(at + 1, -1);
            }
            if known[at] < 0 {
                known[at] = values.len() as i32;
                values.push(self.code(column, id));
            }
            known[at]
        });
        let keys = Int32Array::from_iter_values(keys);
        dictionary(keys, Arc::new(StringArray::from_iter_values(values)))
    }

    fn code_of(&self, column: Column, account: AccountId) -> u16 {
        let account = self.directory.account(account);
        match column {
            Column::Subject => account.subject.0,
            Column::Institution => account.institution.0,
            _ => account.unit.0,
        }
    }

    fn code(&self, column: Column, id: u16) -> &'a str {
        match column {
            Column::Subject => self.directory.subject_code(SubjectId(id)),
            Column::Unit => self.directory.unit(UnitId(id)).code,
            _ => self.directory.institution_code(InstitutionId(id)),
        }
    }

    fn texts(&self, column: Column, rows: &[Row]) -> ArrayRef {
        let (_, texts) = self
            .texts
            .iter()
            .find(|(known, _)| *known == column)
            .expect("the texts of every wanted column were collected");
        let keys = rows.iter().map(|row| {
            let block = row.block as usize;
            let header = self.blocks[block].batch.entries[row.entry as usize].header as usize;
            texts.keys[self.first_header[block] + header]
        });
        dictionary(Int32Array::from_iter_values(keys), texts.values.clone())
    }
}

/// One text of every header, as a dictionary.
struct Texts {
    /// By header.
    keys: Vec<i32>,
    values: ArrayRef,
}

impl Texts {
    fn new(blocks: &[Body], headers: usize, of: fn(&Header) -> &str) -> Self {
        let mut known: HashMap<&str, i32> = HashMap::new();
        let mut values: Vec<&str> = Vec::new();
        let mut keys = Vec::with_capacity(headers);
        for header in blocks.iter().flat_map(|block| &block.batch.headers) {
            let text = of(header);
            let key = *known.entry(text).or_insert_with(|| {
                values.push(text);
                values.len() as i32 - 1
            });
            keys.push(key);
        }
        Self { keys, values: Arc::new(StringArray::from_iter_values(values)) }
    }
}

fn header_text(column: Column) -> Option<fn(&Header) -> &str> {
    Some(match column {
        Column::Code => |header| &header.code,
        Column::Maker => |header| &header.maker,
        Column::Checker => |header| &header.checker,
        Column::Authoriser => |header| &header.authoriser,
        Column::Channel => |header| &header.channel,
        _ => return None,
    })
}

fn code_type() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn strings<'t>(texts: impl ExactSizeIterator<Item = &'t str>) -> ArrayRef {
    let mut builder = StringBuilder::with_capacity(texts.len(), texts.len() * 16);
    for text in texts {
        builder.append_value(text);
    }
    Arc::new(builder.finish())
}

fn dictionary(keys: Int32Array, values: ArrayRef) -> ArrayRef {
    let array = DictionaryArray::<Int32Type>::try_new(keys, values);
    Arc::new(array.expect("every key was given out with its value"))
}
