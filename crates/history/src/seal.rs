//! Sealing: a closed day becomes files that nobody changes any more.
//!
//! Lines are sorted by account, so that a statement touches a few pages of each day. What is
//! sealed must agree with itself: every movement of the general ledger is the sum of the lines.
//! Sealing the same day again gives the same bytes and changes nothing.

use crate::archive::{Archive, ArchiveError, check_bank, sha256_hex};
use crate::block::Body;
use crate::lines::{Column, Columns, Directory, Gather, Row, rows, schema};
use crate::manifest::{ChainRange, FORMAT, Manifest, Period, SealedFile};
use crate::parquet_file::{Format, ROW_GROUP, write};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Int64Array, RecordBatch, StringArray,
    UInt16Array, UInt32Array, UInt64Array,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use ledger::Day;
use ledger::entry::{AccountId, Line};
use ledger::gl::{GlKey, GlRow};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A day that is closed, as the bank's state knows it.
pub struct ClosedDay<'a> {
    /// Names the bank's folder: letters, digits, `-` and `_`.
    pub bank: &'a str,
    pub day: Day,
    /// All blocks with entries of the day, in order; entries of other days are passed over.
    pub blocks: &'a [Body],
    pub directory: &'a dyn Directory,
    /// By account id: all accounts of the directory.
    pub accounts: &'a [AccountDay],
    /// The day's general ledger. A red line lowers the turnover of its side.
    pub gl: &'a [GlRow],
    /// Whether to write the balances of all accounts: on the first day and at month ends.
    pub full_balances: bool,
    pub first_seq: u64,
    pub last_seq: u64,
    /// Hash of the block `last_seq`.
    pub last_hash: [u8; 32],
}

/// What an account brings into a day besides its lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountDay {
    /// Balance before the first line of the day, debit positive.
    pub opening: i64,
    /// Sum of holds and freezes at the close.
    pub held: i64,
}

impl Archive {
    /// Seals a day: `lines.parquet`, `balances.parquet`, `gl.parquet` and, last, the manifest.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Books`] if the general ledger does not agree with the lines or a balance is
    /// beyond 64 bits, [`ArchiveError::AlreadySealed`] if the day is sealed with other content.
    pub fn seal(&self, day: &ClosedDay<'_>) -> Result<Manifest, ArchiveError> {
        check_bank(day.bank)?;
        let rows = sorted_rows(day);
        let gather = Gather::new(day.blocks, day.directory, Columns::ALL);
        let movements = movements(day, &gather, &rows)?;
        check_gl(day, &movements.accounts)?;
        let files = [
            (LINES, rows.len(), write_lines(day, &gather, &rows, &movements.after)?),
            balances(day, &movements.accounts)?,
            (GL, day.gl.len(), write_gl(day)?),
        ];
        let manifest = Manifest {
            format: FORMAT,
            bank: day.bank.to_owned(),
            period: Period::Day(day.day),
            days: vec![day.day],
            full_balances: day.full_balances,
            chain: ChainRange {
                first_seq: day.first_seq,
                last_seq: day.last_seq,
                last_hash: ledger::hex(&day.last_hash),
            },
            files: files.iter().map(|(name, rows, bytes)| sealed(name, *rows, bytes)).collect(),
        };
        let files = files.into_iter().map(|(name, _, bytes)| (name, bytes)).collect();
        self.publish(day.bank, &manifest, files)?;
        Ok(manifest)
    }

    /// Merges the sealed days of a closed month into one file by account, which statements over
    /// many months then read instead of some twenty. The days stay as they are.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::NotSealed`] if no day of the month is sealed.
    pub fn compact_month(
        &self,
        bank: &str,
        year: i16,
        month: i8,
    ) -> Result<Manifest, ArchiveError> {
        let period = Period::Month { year, month };
        let catalog = self.catalog(bank)?;
        let days: Vec<&Manifest> = catalog
            .days
            .range(period.first_day()..=period.last_day())
            .map(|(_, manifest)| manifest)
            .collect();
        let (Some(first), Some(last)) = (days.first(), days.last()) else {
            return Err(ArchiveError::NotSealed(period, bank.to_owned()));
        };
        let merge = crate::merge::Merge::open(self, bank, &days)?;
        let rows = merge.rows();
        let lines = write(schema(Columns::ALL), lines_format(bank, &period), merge)?;
        let manifest = Manifest {
            format: FORMAT,
            bank: bank.to_owned(),
            period,
            days: days.iter().flat_map(|manifest| manifest.days.iter().copied()).collect(),
            full_balances: false,
            chain: ChainRange {
                first_seq: first.chain.first_seq,
                last_seq: last.chain.last_seq,
                last_hash: last.chain.last_hash.clone(),
            },
            files: vec![sealed(LINES, rows, &lines)],
        };
        self.publish(bank, &manifest, vec![(LINES, lines)])?;
        Ok(manifest)
    }
}

pub(crate) const LINES: &str = "lines.parquet";
pub(crate) const BALANCES: &str = "balances.parquet";
pub(crate) const GL: &str = "gl.parquet";

/// The order of lines in every sealed file. Within an account it is the order of booking: its
/// balance after each line follows from the line before.
pub(crate) const SORTED: [Column; 4] =
    [Column::Account, Column::BusinessDate, Column::Entry, Column::Line];

const PACKED: [Column; 9] = [
    Column::Account,
    Column::Entry,
    Column::Amount,
    Column::Effect,
    Column::BalanceAfter,
    Column::Original,
    Column::ClearsEntry,
    Column::ClearsLine,
    Column::Quantity,
];
const PLAIN: [Column; 3] = [Column::AccountNo, Column::Document, Column::Key];

/// What the lines of the day did.
struct Movements {
    /// The balance after each row.
    after: Vec<i64>,
    accounts: BTreeMap<AccountId, Moved>,
}

/// One account's day.
#[derive(Clone, Copy, Default)]
struct Moved {
    debit: i64,
    credit: i64,
    debit_count: u64,
    credit_count: u64,
    closing: i64,
}

fn sealed(name: &str, rows: usize, bytes: &[u8]) -> SealedFile {
    let (rows, length) = (rows as u64, bytes.len() as u64);
    SealedFile { name: name.to_owned(), rows, bytes: length, sha256: sha256_hex(bytes) }
}

/// The lines of the day by account, entry and line: a counting sort, since the blocks already
/// have entries and lines in order.
fn sorted_rows(day: &ClosedDay<'_>) -> Vec<Row> {
    let rows = rows(day.blocks, None, Some(&(day.day..=day.day)));
    let account = |row: &Row| day.blocks[row.block as usize].batch.lines[row.line as usize].account;
    let mut next = vec![0_usize; day.directory.accounts() as usize + 1];
    for row in &rows {
        next[account(row).index() + 1] += 1;
    }
    for id in 1..next.len() {
        next[id] += next[id - 1];
    }
    let mut sorted = vec![Row { block: 0, entry: 0, line: 0 }; rows.len()];
    for row in &rows {
        let place = &mut next[account(row).index()];
        sorted[*place] = *row;
        *place += 1;
    }
    sorted
}

fn movements(
    day: &ClosedDay<'_>,
    gather: &Gather<'_>,
    rows: &[Row],
) -> Result<Movements, ArchiveError> {
    let mut after = Vec::with_capacity(rows.len());
    let mut accounts = BTreeMap::new();
    for own in rows.chunk_by(|a, b| gather.line(*a).account == gather.line(*b).account) {
        let id = gather.line(own[0]).account;
        let opening = day.accounts.get(id.index()).copied().unwrap_or_default().opening;
        let mut moved = Moved { closing: opening, ..Moved::default() };
        for row in own {
            let line = gather.line(*row);
            moved.add(line).ok_or_else(|| {
                let no = day.directory.account(id).no;
                books(day, format!("a balance or turnover of account {no} is beyond 64 bits"))
            })?;
            after.push(moved.closing);
        }
        accounts.insert(id, moved);
    }
    Ok(Movements { after, accounts })
}

impl Moved {
    fn add(&mut self, line: &Line) -> Option<()> {
        let turnover = if line.flags.is_red() { -line.amount } else { line.amount };
        let (sum, count) = if line.flags.is_credit() {
            (&mut self.credit, &mut self.credit_count)
        } else {
            (&mut self.debit, &mut self.debit_count)
        };
        *sum = sum.checked_add(turnover)?;
        *count += 1;
        self.closing = self.closing.checked_add(line.effect())?;
        Some(())
    }
}

fn books(day: &ClosedDay<'_>, says: String) -> ArchiveError {
    ArchiveError::Books { day: day.day, says }
}

/// The general ledger must say what the lines say.
fn check_gl(
    day: &ClosedDay<'_>,
    accounts: &BTreeMap<AccountId, Moved>,
) -> Result<(), ArchiveError> {
    let mut sums: BTreeMap<GlKey, (i128, i128)> = BTreeMap::new();
    for (id, moved) in accounts {
        let account = day.directory.account(*id);
        let (institution, unit, subject) = (account.institution, account.unit, account.subject);
        let (debit, credit) = sums.entry(GlKey { institution, unit, subject }).or_default();
        *debit += i128::from(moved.debit);
        *credit += i128::from(moved.credit);
    }
    for row in day.gl {
        let (debit, credit) = sums.remove(&row.key).unwrap_or_default();
        let closing = row.opening + row.debit - row.credit;
        if (debit, credit) != (row.debit, row.credit) || closing != row.closing {
            return Err(differs(day, row.key));
        }
    }
    match sums.into_iter().find(|(_, sums)| *sums != (0, 0)) {
        Some((key, _)) => Err(differs(day, key)),
        None => Ok(()),
    }
}

fn differs(day: &ClosedDay<'_>, key: GlKey) -> ArchiveError {
    books(
        day,
        format!(
            "the general ledger of subject {}, institution {}, unit {} is not the sum of its lines",
            day.directory.subject_code(key.subject),
            day.directory.institution_code(key.institution),
            day.directory.unit(key.unit).code,
        ),
    )
}

fn lines_format(bank: &str, period: &Period) -> Format<'static> {
    const PACKED_NAMES: [&str; PACKED.len()] = names(PACKED);
    const PLAIN_NAMES: [&str; PLAIN.len()] = names(PLAIN);
    const TEXT_NAMES: [&str; 1] = names([Column::Summary]);
    const SORTED_NAMES: [&str; SORTED.len()] = names(SORTED);
    Format {
        packed: &PACKED_NAMES,
        plain: &PLAIN_NAMES,
        texts: &TEXT_NAMES,
        sorted: &SORTED_NAMES,
        about: about(bank, period, "lines"),
    }
}

const fn names<const N: usize>(columns: [Column; N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut at = 0;
    while at < N {
        names[at] = columns[at].name();
        at += 1;
    }
    names
}

fn about(bank: &str, period: &Period, holds: &str) -> Vec<(&'static str, String)> {
    vec![
        ("piaohao.format", FORMAT.to_string()),
        ("piaohao.bank", bank.to_owned()),
        ("piaohao.period", period.folder()),
        ("piaohao.holds", holds.to_owned()),
    ]
}

fn write_lines(
    day: &ClosedDay<'_>,
    gather: &Gather<'_>,
    rows: &[Row],
    after: &[i64],
) -> Result<Vec<u8>, ArchiveError> {
    let chunks = rows.chunks(ROW_GROUP).zip(after.chunks(ROW_GROUP));
    let batches = chunks.map(|(rows, after)| Ok(gather.batch(rows, Some(after))));
    write(schema(Columns::ALL), lines_format(day.bank, &Period::Day(day.day)), batches)
}

/// The file of balances: its name, rows and bytes.
fn balances(
    day: &ClosedDay<'_>,
    moved: &BTreeMap<AccountId, Moved>,
) -> Result<(&'static str, usize, Vec<u8>), ArchiveError> {
    let ids: Vec<AccountId> = if day.full_balances {
        (0..day.directory.accounts()).map(AccountId).collect()
    } else {
        moved.keys().copied().collect()
    };
    let mut about = about(day.bank, &Period::Day(day.day), "balances");
    about.push(("piaohao.full_balances", day.full_balances.to_string()));
    let packed = &["account", "opening", "debit", "credit", "closing", "held"];
    let plain = &["account_no", "name"];
    let schema = balances_schema();
    let format = Format { packed, plain, texts: &[], sorted: &["account"], about };
    let batches = ids.chunks(ROW_GROUP).map(|ids| Ok(balances_batch(day, moved, ids, &schema)));
    let bytes = write(schema.clone(), format, batches)?;
    Ok((BALANCES, ids.len(), bytes))
}

fn balances_batch(
    day: &ClosedDay<'_>,
    moved: &BTreeMap<AccountId, Moved>,
    ids: &[AccountId],
    schema: &SchemaRef,
) -> RecordBatch {
    let directory = day.directory;
    let refs = || ids.iter().map(|id| directory.account(*id));
    let of = |id: &AccountId| day.accounts.get(id.index()).copied().unwrap_or_default();
    let still = |id: &AccountId| Moved { closing: of(id).opening, ..Moved::default() };
    let moved = |id: &AccountId| moved.get(id).copied().unwrap_or_else(|| still(id));
    let amounts = |get: &dyn Fn(&AccountId) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(ids.iter().map(get)))
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Date32Array::from(vec![day.day.0; ids.len()])),
        Arc::new(UInt32Array::from_iter_values(ids.iter().map(|id| id.0))),
        Arc::new(StringArray::from_iter_values(refs().map(|account| account.no))),
        Arc::new(StringArray::from_iter_values(refs().map(|account| account.name))),
        codes(refs().map(|account| directory.kind_code(account.kind))),
        codes(refs().map(|account| directory.subject_code(account.subject))),
        codes(refs().map(|account| directory.institution_code(account.institution))),
        codes(refs().map(|account| directory.unit(account.unit).code)),
        amounts(&|id| of(id).opening),
        amounts(&|id| moved(id).debit),
        amounts(&|id| moved(id).credit),
        amounts(&|id| moved(id).closing),
        amounts(&|id| of(id).held),
        Arc::new(UInt64Array::from_iter_values(ids.iter().map(|id| moved(id).debit_count))),
        Arc::new(UInt64Array::from_iter_values(ids.iter().map(|id| moved(id).credit_count))),
    ];
    RecordBatch::try_new(schema.clone(), columns).expect("the columns are those of the schema")
}

/// The columns of `balances.parquet`.
pub fn balances_schema() -> SchemaRef {
    let field = |name: &str, kind: DataType| Field::new(name, kind, false);
    Arc::new(Schema::new(vec![
        field("business_date", DataType::Date32),
        field("account", DataType::UInt32),
        field("account_no", DataType::Utf8),
        field("name", DataType::Utf8),
        field("kind", code_type()),
        field("subject", code_type()),
        field("institution", code_type()),
        field("unit", code_type()),
        field("opening", DataType::Int64),
        field("debit", DataType::Int64),
        field("credit", DataType::Int64),
        field("closing", DataType::Int64),
        field("held", DataType::Int64),
        field("debit_count", DataType::UInt64),
        field("credit_count", DataType::UInt64),
    ]))
}

/// The columns of `gl.parquet`.
pub fn gl_schema() -> SchemaRef {
    let field = |name: &str, kind: DataType| Field::new(name, kind, false);
    Arc::new(Schema::new(vec![
        field("business_date", DataType::Date32),
        field("institution", code_type()),
        field("unit", code_type()),
        field("subject", code_type()),
        field("institution_id", DataType::UInt16),
        field("unit_id", DataType::UInt16),
        field("subject_id", DataType::UInt16),
        field("opening", DECIMAL),
        field("debit", DECIMAL),
        field("credit", DECIMAL),
        field("closing", DECIMAL),
        field("debit_count", DataType::UInt64),
        field("credit_count", DataType::UInt64),
    ]))
}

/// The columns of a sealed file.
pub(crate) fn schema_of(file: &str) -> SchemaRef {
    match file {
        BALANCES => balances_schema(),
        GL => gl_schema(),
        _ => schema(Columns::ALL),
    }
}

const DECIMAL: DataType = DataType::Decimal128(38, 0);

fn write_gl(day: &ClosedDay<'_>) -> Result<Vec<u8>, ArchiveError> {
    let mut rows: Vec<&GlRow> = day.gl.iter().collect();
    rows.sort_by_key(|row| row.key);
    let directory = day.directory;
    let ids = |get: &dyn Fn(&GlKey) -> u16| -> ArrayRef {
        Arc::new(UInt16Array::from_iter_values(rows.iter().map(|row| get(&row.key))))
    };
    let sums = |get: &dyn Fn(&GlRow) -> i128| -> ArrayRef {
        let values = Decimal128Array::from_iter_values(rows.iter().map(|row| get(row)));
        Arc::new(values.with_data_type(DECIMAL))
    };
    let counts = |get: &dyn Fn(&GlRow) -> u64| -> ArrayRef {
        Arc::new(UInt64Array::from_iter_values(rows.iter().map(|row| get(row))))
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Date32Array::from(vec![day.day.0; rows.len()])),
        codes(rows.iter().map(|row| directory.institution_code(row.key.institution))),
        codes(rows.iter().map(|row| directory.unit(row.key.unit).code)),
        codes(rows.iter().map(|row| directory.subject_code(row.key.subject))),
        ids(&|key| key.institution.0),
        ids(&|key| key.unit.0),
        ids(&|key| key.subject.0),
        sums(&|row| row.opening),
        sums(&|row| row.debit),
        sums(&|row| row.credit),
        sums(&|row| row.closing),
        counts(&|row| row.debit_count),
        counts(&|row| row.credit_count),
    ];
    let schema = gl_schema();
    let batch = RecordBatch::try_new(schema.clone(), columns);
    let batch = batch.expect("the columns are those of the schema");
    let plain = &["opening", "debit", "credit", "closing"];
    let sorted = &["institution_id", "unit_id", "subject_id"];
    let about = about(day.bank, &Period::Day(day.day), "gl");
    let format =
        Format { packed: &["debit_count", "credit_count"], plain, texts: &[], sorted, about };
    write(schema, format, std::iter::once(Ok(batch)))
}

fn code_type() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn codes<'a>(codes: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(codes.collect::<DictionaryArray<Int32Type>>())
}
