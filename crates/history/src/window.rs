//! Lines in the order of each account: running balances, sums over sliding days, and what the
//! directory says of their accounts.

use crate::lines::{Column, Directory};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{ArrayRef, DictionaryArray, Int64Array, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{ArrowError, Field, Schema};
use arrow_select::concat::concat_batches;
use arrow_select::take::take_record_batch;
use ledger::entry::{AccountId, LineFlags};
use std::sync::Arc;

/// What an account turned over in the days up to a line, the line included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sliding {
    /// In the unit's smallest part; a red line lowers its side.
    pub debit: i128,
    pub credit: i128,
    /// How many lines.
    pub count: u32,
}

/// What can be looked up of a line's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    AccountNo,
    /// 户名.
    AccountName,
    Kind,
    Subject,
    Institution,
    Unit,
}

/// Puts batches together in the order of sealed lines: account, business date, entry, line.
///
/// # Errors
///
/// If the batches do not have the same columns.
pub fn sorted(batches: &[RecordBatch]) -> Result<RecordBatch, ArrowError> {
    let Some(first) = batches.first() else {
        return Ok(RecordBatch::new_empty(Arc::new(Schema::empty())));
    };
    let all = concat_batches(&first.schema(), batches)?;
    let accounts = all[Column::Account.name()].as_primitive::<UInt32Type>().values();
    let dates = all[Column::BusinessDate.name()].as_primitive::<Date32Type>().values();
    let entries = all[Column::Entry.name()].as_primitive::<UInt64Type>().values();
    let lines = all[Column::Line.name()].as_primitive::<UInt16Type>().values();
    let key = |row: usize| (accounts[row], dates[row], entries[row], lines[row]);
    if (1..all.num_rows()).all(|row| key(row - 1) <= key(row)) {
        return Ok(all);
    }
    let mut order: Vec<u32> = (0..all.num_rows() as u32).collect();
    order.sort_unstable_by_key(|row| key(*row as usize));
    take_record_batch(&all, &UInt32Array::from(order))
}

/// The balance of each line's account after it, for lines in the order of [`sorted`]. `opening`
/// is an account's balance before its first line here. `None` if a balance is beyond 64 bits.
pub fn running_balances(
    batch: &RecordBatch,
    mut opening: impl FnMut(AccountId) -> i64,
) -> Option<Int64Array> {
    let accounts = batch[Column::Account.name()].as_primitive::<UInt32Type>().values();
    let effects = batch[Column::Effect.name()].as_primitive::<Int64Type>().values();
    let mut balances = Vec::with_capacity(batch.num_rows());
    let mut last: Option<(u32, i64)> = None;
    for (account, effect) in accounts.iter().zip(effects) {
        let before = match last {
            Some((same, balance)) if same == *account => balance,
            _ => opening(AccountId(*account)),
        };
        let balance = before.checked_add(*effect)?;
        balances.push(balance);
        last = Some((*account, balance));
    }
    Some(Int64Array::from(balances))
}

/// For each line, in the order of [`sorted`], the turnover of its account over the last `days`
/// days by business date, from the first line of the earliest day up to the line itself.
pub fn sliding(batch: &RecordBatch, days: u16) -> Vec<Sliding> {
    let accounts = batch[Column::Account.name()].as_primitive::<UInt32Type>().values();
    let dates = batch[Column::BusinessDate.name()].as_primitive::<Date32Type>().values();
    let flags = batch[Column::Flags.name()].as_primitive::<UInt8Type>().values();
    let amounts = batch[Column::Amount.name()].as_primitive::<Int64Type>().values();
    let (mut sum, mut first) = (Sliding::default(), 0);
    let mut sums = Vec::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        if accounts[first] != accounts[row] {
            (sum, first) = (Sliding::default(), row);
        }
        while dates[first] <= dates[row].saturating_sub(i32::from(days)) && first < row {
            sum.turn(flags[first], amounts[first], -1);
            first += 1;
        }
        sum.turn(flags[row], amounts[row], 1);
        sums.push(sum);
    }
    sums
}

/// Adds to lines what the directory says of their accounts, replacing columns of the same name.
pub fn join(
    batch: &RecordBatch,
    directory: &dyn Directory,
    wanted: &[Joined],
) -> Result<RecordBatch, ArrowError> {
    let ids = batch[Column::Account.name()].as_primitive::<UInt32Type>().values();
    let (mut fields, mut columns) = (Vec::new(), Vec::new());
    let replaced = |name: &str| wanted.iter().any(|joined| joined.name() == name);
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        if !replaced(field.name()) {
            fields.push(field.clone());
            columns.push(column.clone());
        }
    }
    for joined in wanted {
        let column = joined.column(ids, directory);
        fields.push(Arc::new(Field::new(joined.name(), column.data_type().clone(), false)));
        columns.push(column);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

impl Joined {
    pub fn name(self) -> &'static str {
        match self {
            Self::AccountNo => "account_no",
            Self::AccountName => "account_name",
            Self::Kind => "account_kind",
            Self::Subject => "subject",
            Self::Institution => "institution",
            Self::Unit => "unit",
        }
    }

    fn column(self, ids: &[u32], directory: &dyn Directory) -> ArrayRef {
        let text = |id: &u32| {
            let account = directory.account(AccountId(*id));
            match self {
                Self::AccountNo => account.no,
                Self::AccountName => account.name,
                Self::Kind => directory.kind_code(account.kind),
                Self::Subject => directory.subject_code(account.subject),
                Self::Institution => directory.institution_code(account.institution),
                Self::Unit => directory.unit(account.unit).code,
            }
        };
        match self {
            Self::AccountNo | Self::AccountName => {
                Arc::new(StringArray::from_iter_values(ids.iter().map(text)))
            }
            _ => Arc::new(ids.iter().map(text).collect::<DictionaryArray<Int32Type>>()),
        }
    }
}

impl Sliding {
    fn turn(&mut self, flags: u8, amount: i64, times: i32) {
        let flags = LineFlags(flags);
        let amount = i128::from(amount) * i128::from(if flags.is_red() { -times } else { times });
        let side = if flags.is_credit() { &mut self.credit } else { &mut self.debit };
        *side += amount;
        self.count = self.count.wrapping_add_signed(times);
    }
}
