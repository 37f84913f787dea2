//! The lines of one account, newest first: sealed days are opened from the last one backwards, only
//! as far as the page reaches.

use super::accounts::{number, text};
use crate::reports::Source;
use arrow_array::RecordBatch;
use arrow_array::types::{Date32Type, Int64Type, UInt8Type, UInt16Type, UInt64Type};
use history::lines::{Column, Columns};
use history::report::Period;
use history::statement::statement_columns;
use ledger::Day;
use ledger::entry::{AccountId, EntryNo, LineFlags, Text};

/// Days that are opened first, and how many times as many after that.
const DAYS: i32 = 31;
const MORE: i32 = 4;

const COLUMNS: Columns = Columns::NONE
    .with(Column::BusinessDate)
    .with(Column::Entry)
    .with(Column::Line)
    .with(Column::Flags)
    .with(Column::Amount)
    .with(Column::BalanceAfter)
    .with(Column::Summary);

/// A posted line with the balance after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    pub day: Day,
    pub entry: EntryNo,
    pub line: u16,
    pub summary: Text,
    pub flags: LineFlags,
    /// Always positive; red is a flag.
    pub amount: i64,
    /// Debit positive.
    pub balance: i64,
}

impl Posted {
    /// Where it stands among the lines of its account.
    pub fn place(&self) -> (Day, u64, u16) {
        (self.day, self.entry.0, self.line)
    }
}

impl Source {
    /// So many lines of an account before a place, or from the last one on.
    pub fn newest(
        &self,
        id: AccountId,
        period: Period,
        before: Option<(Day, u64, u16)>,
        limit: usize,
    ) -> anyhow::Result<Vec<Posted>> {
        let today = self.today(Some(&[id]), statement_columns(COLUMNS));
        let books = self.books(&today);
        let mut to = before.map_or(period.to, |(day, ..)| day.min(period.to));
        let (mut days, mut found) = (DAYS, Vec::new());
        while to >= period.from && found.len() < limit {
            let from = to.plus(1 - days).max(period.from);
            let part = books.statement(id, from..=to, COLUMNS)?;
            let lines = (0..part.lines.num_rows()).rev().map(|at| posted(&part.lines, at));
            let fits = |line: &Posted| before.is_none_or(|before| line.place() < before);
            found.extend(lines.filter(fits).take(limit - found.len()));
            (to, days) = (from.plus(-1), days.saturating_mul(MORE).min(MORE * MORE * DAYS));
        }
        Ok(found)
    }

    /// The account on the other side of an entry, if there is just one.
    pub fn counterparty(
        &mut self,
        id: AccountId,
        no: EntryNo,
    ) -> anyhow::Result<Option<AccountId>> {
        let Some(entry) = self.entry(no)? else { return Ok(None) };
        let own = entry.lines(0).iter().filter(|line| !line.flags.is_completion());
        let mut others: Vec<AccountId> =
            own.map(|line| line.account).filter(|account| *account != id).collect();
        others.sort_unstable();
        others.dedup();
        Ok(if let [one] = others[..] { Some(one) } else { None })
    }
}

fn posted(batch: &RecordBatch, at: usize) -> Posted {
    Posted {
        day: Day(number::<Date32Type>(batch, Column::BusinessDate, at)),
        entry: EntryNo(number::<UInt64Type>(batch, Column::Entry, at)),
        line: number::<UInt16Type>(batch, Column::Line, at),
        summary: text(batch, Column::Summary, at),
        flags: LineFlags(number::<UInt8Type>(batch, Column::Flags, at)),
        amount: number::<Int64Type>(batch, Column::Amount, at),
        balance: number::<Int64Type>(batch, Column::BalanceAfter, at),
    }
}
