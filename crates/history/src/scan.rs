//! Filters, sums and windows over journal lines: sealed days and today's blocks alike.
//!
//! Only the columns that are asked for are decoded, and of an account's lines only the pages
//! that hold them. Sums are 128 bits wide.

use crate::archive::{Archive, ArchiveError, Catalog};
use crate::lines::{Column, Columns, schema};
use crate::manifest::Manifest;
use crate::parquet_file::{OpenFile, Piece};
use crate::seal::LINES;
use arrow_array::builder::BooleanBufferBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int32Type, Int64Type, UInt8Type, UInt32Type};
use arrow_array::{Array, BooleanArray, RecordBatch};
use arrow_select::filter::filter_record_batch;
use ledger::Day;
use ledger::entry::{AccountId, EntryKind, LineFlags};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The lines of a bank: what is sealed, and what is not sealed yet.
#[derive(Clone, Copy)]
pub struct Books<'a> {
    pub archive: &'a Archive,
    pub bank: &'a str,
    /// The last day that the journal closed; none: it closed none. What is sealed beyond it is the
    /// rest of a close that did not come to its end: its lines are still among today's.
    pub sealed_until: Option<Day>,
    /// Lines of days that are not sealed, in the order of the journal, with all the columns that
    /// will be asked for.
    pub today: &'a [RecordBatch],
    /// How many threads may decode.
    pub threads: usize,
}

/// Which lines are wanted; what is empty or `None` does not restrict.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub days: Option<RangeInclusive<Day>>,
    /// In ascending order.
    pub accounts: Option<Vec<AccountId>>,
    /// Codes that the subject's code begins with: `1` takes 1002 and 100201.
    pub subjects: Vec<String>,
    /// Codes of the accounts' institutions.
    pub institutions: Vec<String>,
    pub units: Vec<String>,
    pub codes: Vec<String>,
    pub makers: Vec<String>,
    /// Lines of one side only.
    pub side: Option<LineSide>,
    /// In the unit's smallest part, both ends included.
    pub amounts: Option<RangeInclusive<i64>>,
    pub kinds: Vec<EntryKind>,
}

/// A side of the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineSide {
    Debit,
    Credit,
}

impl Filter {
    /// The lines of these days.
    pub fn days(days: RangeInclusive<Day>) -> Self {
        Self { days: Some(days), ..Self::default() }
    }

    /// The columns that the filter looks at.
    pub fn columns(&self) -> Columns {
        let looked_at = [
            (Column::BusinessDate, self.days.is_some()),
            (Column::Account, self.accounts.is_some()),
            (Column::Subject, !self.subjects.is_empty()),
            (Column::Institution, !self.institutions.is_empty()),
            (Column::Unit, !self.units.is_empty()),
            (Column::Code, !self.codes.is_empty()),
            (Column::Maker, !self.makers.is_empty()),
            (Column::Flags, self.side.is_some()),
            (Column::Amount, self.amounts.is_some()),
            (Column::Kind, !self.kinds.is_empty()),
        ];
        looked_at.into_iter().filter(|(_, wanted)| *wanted).map(|(column, _)| column).collect()
    }

    /// The rows of `batch` that are wanted; it must have the columns of [`Filter::columns`].
    pub fn apply(&self, batch: &RecordBatch) -> RecordBatch {
        let mut keep = vec![true; batch.num_rows()];
        if let Some(days) = &self.days {
            let dates = batch[Column::BusinessDate.name()].as_primitive::<Date32Type>().values();
            narrow(&mut keep, dates, |date| days.contains(&Day(*date)));
        }
        if let Some(accounts) = &self.accounts {
            let ids = batch[Column::Account.name()].as_primitive::<UInt32Type>().values();
            narrow(&mut keep, ids, |id| accounts.binary_search(&AccountId(*id)).is_ok());
        }
        let under = |code: &str, prefix: &str| code.starts_with(prefix);
        narrow_codes(&mut keep, batch, Column::Subject, &self.subjects, under);
        let same = |code: &str, wanted: &str| code == wanted;
        narrow_codes(&mut keep, batch, Column::Institution, &self.institutions, same);
        narrow_codes(&mut keep, batch, Column::Unit, &self.units, same);
        narrow_codes(&mut keep, batch, Column::Code, &self.codes, same);
        narrow_codes(&mut keep, batch, Column::Maker, &self.makers, same);
        if let Some(side) = self.side {
            let flags = batch[Column::Flags.name()].as_primitive::<UInt8Type>().values();
            let credit = side == LineSide::Credit;
            narrow(&mut keep, flags, |flags| LineFlags(*flags).is_credit() == credit);
        }
        if let Some(amounts) = &self.amounts {
            let values = batch[Column::Amount.name()].as_primitive::<Int64Type>().values();
            narrow(&mut keep, values, |amount| amounts.contains(amount));
        }
        if !self.kinds.is_empty() {
            let kinds = batch[Column::Kind.name()].as_primitive::<UInt8Type>().values();
            narrow(&mut keep, kinds, |kind| self.kinds.iter().any(|known| known.code() == *kind));
        }
        if keep.iter().all(|keep| *keep) {
            return batch.clone();
        }
        let mut bits = BooleanBufferBuilder::new(keep.len());
        bits.append_slice(&keep);
        filter_record_batch(batch, &BooleanArray::new(bits.finish(), None))
            .expect("the mask is as long as the batch")
    }
}

impl Books<'_> {
    /// The wanted lines with these columns: sealed days in order of time, each by account, then
    /// today's in the order of the journal.
    ///
    /// # Errors
    ///
    /// If the store does not answer or a file is damaged.
    pub fn collect(
        &self,
        filter: &Filter,
        columns: Columns,
    ) -> Result<Vec<RecordBatch>, ArchiveError> {
        let parts = self.fold(filter, columns, Vec::new, |found, place, batch| {
            found.push((place, batch.clone()));
        })?;
        let mut found: Vec<(usize, RecordBatch)> = parts.into_iter().flatten().collect();
        found.sort_by_key(|(place, _)| *place);
        Ok(found.into_iter().map(|(_, batch)| batch).collect())
    }

    /// Gives every batch of wanted lines to `each`, with its place in order of time: one state per
    /// thread, each made by `new`.
    ///
    /// # Errors
    ///
    /// If the store does not answer or a file is damaged.
    pub fn fold<T: Send>(
        &self,
        filter: &Filter,
        columns: Columns,
        new: impl Fn() -> T + Sync,
        each: impl Fn(&mut T, usize, &RecordBatch) + Sync,
    ) -> Result<Vec<T>, ArchiveError> {
        let catalog = self.archive.catalog(self.bank)?;
        let units = self.units(filter, &catalog)?;
        let (next, units) = (AtomicUsize::new(0), &units[..]);
        let work = || {
            let mut state = new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(unit) = units.get(place) else { return Ok(state) };
                for batch in self.read(unit, filter, columns)? {
                    if batch.num_rows() > 0 {
                        each(&mut state, place, &batch);
                    }
                }
            }
        };
        let more = self.threads.clamp(1, units.len().max(1)) - 1;
        std::thread::scope(|scope| {
            let others: Vec<_> = (0..more).map(|_| scope.spawn(work)).collect();
            let mut states = vec![work()?];
            for other in others {
                // A panic in another thread is a bug here too.
                states.push(other.join().unwrap_or_else(|bug| std::panic::resume_unwind(bug))?);
            }
            Ok(states)
        })
    }

    /// What to read, in order of time.
    fn units(&self, filter: &Filter, catalog: &Catalog) -> Result<Vec<Unit>, ArchiveError> {
        let mut units = Vec::new();
        if let Some(days) = self.sealed_days(filter) {
            for manifest in catalog.parts(days.clone()) {
                let ends = [manifest.days.first(), manifest.days.last()];
                let inside = ends.into_iter().flatten().all(|day| days.contains(day));
                let days = (!inside).then(|| days.clone());
                if filter.accounts.is_some() {
                    units.push(Unit::Accounts { manifest: manifest.clone(), days });
                    continue;
                }
                let file = self.archive.file(self.bank, manifest, LINES)?;
                let unit = |piece| Unit::Lines { file: file.clone(), piece, days: days.clone() };
                units.extend(file.pieces().into_iter().map(unit));
            }
        }
        units.extend((0..self.today.len()).map(Unit::Today));
        Ok(units)
    }

    /// The days whose lines are to be read from sealed files.
    fn sealed_days(&self, filter: &Filter) -> Option<RangeInclusive<Day>> {
        let until = self.sealed_until?;
        let wanted = filter.days.as_ref();
        let first = wanted.map_or(Day(i32::MIN), |days| *days.start());
        Some(first..=wanted.map_or(until, |days| until.min(*days.end())))
    }

    fn read(
        &self,
        unit: &Unit,
        filter: &Filter,
        columns: Columns,
    ) -> Result<Vec<RecordBatch>, ArchiveError> {
        self.archive.go_on()?;
        // What the choice of files and pages has settled need not be looked at again.
        let settled = |days: &Option<RangeInclusive<Day>>| Filter {
            accounts: None,
            days: days.clone(),
            ..filter.clone()
        };
        match unit {
            Unit::Today(at) => Ok(vec![project(&filter.apply(&self.today[*at]), columns)]),
            Unit::Lines { file, piece, days } => self.decode(file, piece, &settled(days), columns),
            Unit::Accounts { manifest, days } => {
                let accounts = filter.accounts.as_deref().unwrap_or_default();
                let (file, rest) = (self.archive.file(self.bank, manifest, LINES)?, settled(days));
                let mut batches = Vec::new();
                for piece in file.pieces_of(self.archive, accounts)? {
                    batches.extend(self.decode(&file, &piece, &rest, columns)?);
                }
                Ok(batches)
            }
        }
    }

    fn decode(
        &self,
        file: &OpenFile,
        piece: &Piece,
        filter: &Filter,
        columns: Columns,
    ) -> Result<Vec<RecordBatch>, ArchiveError> {
        let read = columns.and(filter.columns()).iter();
        let read: Vec<usize> =
            read.map(|column| file.position(column.name())).collect::<Result<_, _>>()?;
        let batches = file.read(self.archive, piece, &read, BATCH)?;
        Ok(batches.iter().map(|batch| project(&filter.apply(batch), columns)).collect())
    }
}

/// Some lines to read; `days` are the wanted ones, or none if all of them are.
enum Unit {
    /// A piece of a sealed file.
    Lines { file: Arc<OpenFile>, piece: Piece, days: Option<RangeInclusive<Day>> },
    /// The wanted accounts of a sealed file, which is not even opened yet.
    Accounts { manifest: Manifest, days: Option<RangeInclusive<Day>> },
    /// A batch of today's.
    Today(usize),
}

/// The columns of `batch` that are in `columns`, in their order.
///
/// # Panics
///
/// If the batch does not have one of them.
pub fn project(batch: &RecordBatch, columns: Columns) -> RecordBatch {
    let own = batch.schema();
    let places = columns.iter().map(|column| {
        own.index_of(column.name()).expect("a batch of lines has the columns that are asked for")
    });
    let places: Vec<usize> = places.collect();
    let arrays = places.iter().map(|place| batch.column(*place).clone()).collect();
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(schema(columns), arrays, &options)
        .expect("the columns of lines have the types of their schema")
}

/// Rows decoded at once: their columns stay near the processor.
pub(crate) const BATCH: usize = 16 * 1024;

fn narrow<T>(keep: &mut [bool], values: &[T], wanted: impl Fn(&T) -> bool) {
    for (keep, value) in keep.iter_mut().zip(values) {
        *keep = *keep && wanted(value);
    }
}

/// Keeps the rows whose code fits one of `wanted`; asks once for each code, not for each row.
fn narrow_codes(
    keep: &mut [bool],
    batch: &RecordBatch,
    column: Column,
    wanted: &[String],
    fits: impl Fn(&str, &str) -> bool,
) {
    if wanted.is_empty() {
        return;
    }
    let codes = batch[column.name()].as_dictionary::<Int32Type>();
    let texts = codes.values().as_string::<i32>();
    let fit: Vec<bool> = (0..texts.len())
        .map(|at| wanted.iter().any(|wanted| fits(texts.value(at), wanted)))
        .collect();
    narrow(keep, codes.keys().values(), |key| fit[*key as usize]);
}
