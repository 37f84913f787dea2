//! The statement of one account (对账单、分户账): its lines over some days, with balances.

use crate::archive::{Archive, ArchiveError, Catalog};
use crate::lines::{Column, Columns, schema};
use crate::manifest::{Manifest, Period};
use crate::scan::{BATCH, Books, Filter, project};
use crate::seal::{BALANCES, GL, balances_schema, gl_schema};
use crate::window::{running_balances, sorted};
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int64Type, UInt16Type, UInt64Type};
use arrow_select::concat::concat_batches;
use ledger::Day;
use ledger::entry::{AccountId, InstitutionId, SubjectId, UnitId};
use ledger::gl::{GlKey, GlRow};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// An account's lines over some days.
#[derive(Clone, Debug)]
pub struct Statement {
    pub account: AccountId,
    /// Balance before the first of the days, debit positive.
    pub opening: i64,
    /// In the order of booking, with the columns that were asked for.
    pub lines: RecordBatch,
    /// Balance after the last of the days.
    pub closing: i64,
}

/// What a printed statement shows of a line.
pub const STATEMENT: Columns = Columns::NONE
    .with(Column::BusinessDate)
    .with(Column::Entry)
    .with(Column::Line)
    .with(Column::Flags)
    .with(Column::Amount)
    .with(Column::BalanceAfter)
    .with(Column::ValueDate)
    .with(Column::Code)
    .with(Column::Maker)
    .with(Column::Document)
    .with(Column::Summary)
    .with(Column::Kind)
    .with(Column::Original);

/// The columns that today's lines must have for a statement that shows `columns`.
pub const fn statement_columns(columns: Columns) -> Columns {
    columns.and(NEEDED)
}

impl Books<'_> {
    /// The statement of an account, sealed lines and today's: [`STATEMENT`] has the usual columns.
    /// Today's lines must have those of [`statement_columns`], and may be of this account alone.
    ///
    /// # Errors
    ///
    /// If the store does not answer, a file is damaged, or no earlier balance is sealed.
    pub fn statement(
        &self,
        account: AccountId,
        days: RangeInclusive<Day>,
        columns: Columns,
    ) -> Result<Statement, ArchiveError> {
        let read = statement_columns(columns);
        let accounts = Some(vec![account]);
        let filter = Filter { accounts: accounts.clone(), ..Filter::days(days.clone()) };
        let sealed = concat(&Books { today: &[], ..*self }.collect(&filter, read)?, read);
        let mut opening = match balance_before(&sealed, 0) {
            Some(opening) => opening,
            None => self.balance_before(account, *days.start())?,
        };
        // Days that are not sealed come after those that are, so their lines follow.
        let balance = balance_after(&sealed).unwrap_or(opening);
        let unsealed = Filter { accounts, ..Filter::days(Day(i32::MIN)..=*days.end()) };
        let today: Vec<RecordBatch> =
            self.today.iter().map(|batch| project(&unsealed.apply(batch), read)).collect();
        let today = booked(&concat(&today, read), balance).ok_or_else(|| ArchiveError::Books {
            day: *days.end(),
            says: format!("a balance of account {} is beyond 64 bits", account.0),
        })?;
        let dates = today[Column::BusinessDate.name()].as_primitive::<Date32Type>().values();
        let early = dates.partition_point(|date| *date < days.start().0);
        if early > 0 {
            opening = balance_after(&today.slice(0, early)).unwrap_or(opening);
        }
        let closing = balance_after(&today).unwrap_or(balance);
        let today = today.slice(early, today.num_rows() - early);
        let lines = project(&concat(&[sealed, today], read), columns);
        Ok(Statement { account, opening, lines, closing })
    }

    /// The balance before a day, as far as the journal has closed days.
    fn balance_before(&self, account: AccountId, day: Day) -> Result<i64, ArchiveError> {
        match self.sealed_until {
            Some(until) => self.archive.balance_before(self.bank, account, day.min(until.plus(1))),
            None => Ok(0),
        }
    }
}

impl Archive {
    /// The balance of an account before the first line of `day`, from the sealed days before.
    ///
    /// # Errors
    ///
    /// If the store does not answer or a file is damaged; [`ArchiveError::Books`] if the balances
    /// of the days before do not reach back to a day with those of all accounts.
    pub fn balance_before(
        &self,
        bank: &str,
        account: AccountId,
        day: Day,
    ) -> Result<i64, ArchiveError> {
        let catalog = self.catalog(bank)?;
        for (_, manifest) in catalog.days.range(..day).rev() {
            let balances = self.read_balances(bank, manifest, Some(&[account]))?;
            let found = balances.iter().find(|batch| batch.num_rows() > 0);
            if let Some(batch) = found {
                return Ok(batch["closing"].as_primitive::<Int64Type>().value(0));
            }
            if manifest.full_balances {
                // It was opened later.
                return Ok(0);
            }
        }
        if catalog.days.range(..day).next().is_none() {
            return Ok(0);
        }
        let says = "no sealed day before it has the balances of all accounts".to_owned();
        Err(ArchiveError::Books { day, says })
    }

    /// The sealed balances of a day, of `accounts` (in ascending order) or of all that it holds,
    /// with the columns of [`crate::seal::balances_schema`].
    ///
    /// # Errors
    ///
    /// [`ArchiveError::NotSealed`], or if the store does not answer or a file is damaged.
    pub fn balances(
        &self,
        bank: &str,
        day: Day,
        accounts: Option<&[AccountId]>,
    ) -> Result<Vec<RecordBatch>, ArchiveError> {
        let catalog = self.catalog(bank)?;
        let manifest = sealed(&catalog, bank, day)?;
        self.read_balances(bank, manifest, accounts)
    }

    /// The sealed general ledger of a day, sorted by institution, unit and subject.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::NotSealed`], or if the store does not answer or a file is damaged.
    pub fn gl(&self, bank: &str, day: Day) -> Result<Vec<GlRow>, ArchiveError> {
        let catalog = self.catalog(bank)?;
        let file = self.file(bank, sealed(&catalog, bank, day)?, GL)?;
        let columns: Vec<usize> = (0..gl_schema().fields().len()).collect();
        let mut rows = Vec::new();
        for piece in file.pieces() {
            for batch in file.read(self, &piece, &columns, BATCH)? {
                rows.extend((0..batch.num_rows()).map(|row| gl_row(&batch, row)));
            }
        }
        Ok(rows)
    }

    fn read_balances(
        &self,
        bank: &str,
        manifest: &Manifest,
        accounts: Option<&[AccountId]>,
    ) -> Result<Vec<RecordBatch>, ArchiveError> {
        let file = self.file(bank, manifest, BALANCES)?;
        let pieces = match accounts {
            Some(accounts) => file.pieces_of(self, accounts)?,
            None => file.pieces(),
        };
        let columns: Vec<usize> = (0..balances_schema().fields().len()).collect();
        let mut batches = Vec::new();
        for piece in pieces {
            batches.extend(file.read(self, &piece, &columns, BATCH)?);
        }
        Ok(batches)
    }
}

/// What balances are computed from.
const NEEDED: Columns = Columns::NONE
    .with(Column::BusinessDate)
    .with(Column::Account)
    .with(Column::Entry)
    .with(Column::Line)
    .with(Column::Effect)
    .with(Column::BalanceAfter);

fn sealed<'a>(catalog: &'a Catalog, bank: &str, day: Day) -> Result<&'a Manifest, ArchiveError> {
    catalog.days.get(&day).ok_or_else(|| ArchiveError::NotSealed(Period::Day(day), bank.to_owned()))
}

fn gl_row(batch: &RecordBatch, row: usize) -> GlRow {
    let id = |name: &str| batch[name].as_primitive::<UInt16Type>().value(row);
    let sum = |name: &str| batch[name].as_primitive::<Decimal128Type>().value(row);
    let count = |name: &str| batch[name].as_primitive::<UInt64Type>().value(row);
    GlRow {
        key: GlKey {
            institution: InstitutionId(id("institution_id")),
            unit: UnitId(id("unit_id")),
            subject: SubjectId(id("subject_id")),
        },
        opening: sum("opening"),
        debit: sum("debit"),
        credit: sum("credit"),
        debit_count: count("debit_count"),
        credit_count: count("credit_count"),
        closing: sum("closing"),
    }
}

fn concat(batches: &[RecordBatch], columns: Columns) -> RecordBatch {
    concat_batches(&schema(columns), batches).expect("all batches have the columns asked for")
}

/// The balance before a sealed line.
fn balance_before(sealed: &RecordBatch, line: usize) -> Option<i64> {
    let after = sealed[Column::BalanceAfter.name()].as_primitive::<Int64Type>();
    let effects = sealed[Column::Effect.name()].as_primitive::<Int64Type>();
    (line < sealed.num_rows()).then(|| after.value(line).wrapping_sub(effects.value(line)))
}

/// The balance after the last line.
fn balance_after(lines: &RecordBatch) -> Option<i64> {
    let after = lines[Column::BalanceAfter.name()].as_primitive::<Int64Type>().values();
    after.last().copied()
}

/// Lines of one account in the order of booking, with the balances that follow from `balance`.
fn booked(lines: &RecordBatch, balance: i64) -> Option<RecordBatch> {
    let lines = sorted(std::slice::from_ref(lines)).expect("one batch has one schema");
    let balances = running_balances(&lines, |_| balance)?;
    let place = lines.schema().index_of(Column::BalanceAfter.name()).ok()?;
    let mut columns = lines.columns().to_vec();
    columns[place] = Arc::new(balances);
    Some(RecordBatch::try_new(lines.schema(), columns).expect("a balance replaces a balance"))
}
