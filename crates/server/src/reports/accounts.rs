//! Accounts, their lines and their open items as reports show them.

use crate::reports::Source;
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Int32Type, Int64Type, UInt8Type, UInt32Type, UInt64Type};
use history::lines::{Column, Columns};
use history::report::anomaly_list::BackdatedRow;
use history::report::{AccountRow, OpenItemRow, Period, StatementLine};
use history::scan::Filter;
use history::statement::{Statement, statement_columns};
use ledger::Day;
use ledger::entry::{AccountId, EntryNo, LineFlags, Text};
use std::collections::BTreeMap;

/// What a printed page shows of a line.
const PAGE: Columns = Columns::NONE
    .with(Column::BusinessDate)
    .with(Column::Entry)
    .with(Column::Flags)
    .with(Column::Amount)
    .with(Column::Maker)
    .with(Column::Checker)
    .with(Column::Summary);

/// Balance and movement of an account on a day that is over.
#[derive(Clone, Copy, Debug, Default)]
struct Past {
    closing: i64,
    debit: i64,
    credit: i64,
    held: i64,
}

impl Source {
    /// Every account at the end of a day. Names and statuses are those of now.
    pub fn accounts(&self, day: Day) -> anyhow::Result<Vec<AccountRow>> {
        let book = self.book();
        if day == book.today {
            return Ok(book.accounts.ids().map(|id| self.account(id, day)).collect());
        }
        let past = self.past(day)?;
        let opened = book.accounts.ids().filter(|id| book.accounts.opened[id.index()] <= day);
        let rows = opened.map(|id| {
            let Past { closing, debit, credit, held } =
                past.get(&id.0).copied().unwrap_or_default();
            AccountRow {
                balance: closing,
                held,
                day_debit: debit,
                day_credit: credit,
                ..self.account(id, day)
            }
        });
        Ok(rows.collect())
    }

    /// An account as it stands now, with its turnover of `day` if that is its last day.
    pub fn account(&self, id: AccountId, day: Day) -> AccountRow {
        let book = self.book();
        let head = &book.accounts.heads[id.index()];
        let (day_debit, day_credit) = head.turnover(day);
        AccountRow {
            number: book.accounts.number(id).into(),
            name: book.accounts.name(id).into(),
            institution: head.institution,
            unit: head.unit,
            kind: head.kind,
            balance: head.balance,
            held: head.held,
            day_debit,
            day_credit,
            status: head.status,
        }
    }

    /// Sealed balances: those of the last day that has all accounts, and what moved since.
    fn past(&self, day: Day) -> anyhow::Result<BTreeMap<u32, Past>> {
        let days = self.sealed(Day(i32::MIN), day)?;
        let full = days.iter().rposition(|(_, full)| *full).unwrap_or(0);
        let mut past: BTreeMap<u32, Past> = BTreeMap::new();
        for sealed in days[full..].iter().map(|(day, _)| *day) {
            for batch in self.archive.balances(self.bank(), sealed, None)? {
                let ids = batch["account"].as_primitive::<UInt32Type>();
                let number =
                    |name: &str, at: usize| batch[name].as_primitive::<Int64Type>().value(at);
                for at in 0..batch.num_rows() {
                    let moved = |name: &str| if sealed == day { number(name, at) } else { 0 };
                    let one = Past {
                        closing: number("closing", at),
                        debit: moved("debit"),
                        credit: moved("credit"),
                        held: number("held", at),
                    };
                    past.insert(ids.value(at), one);
                }
            }
        }
        Ok(past)
    }

    /// An account's opening balance and lines over a period.
    pub fn statement(
        &self,
        id: AccountId,
        period: Period,
    ) -> anyhow::Result<(Statement, Vec<StatementLine>)> {
        let today = self.today(Some(&[id]), statement_columns(PAGE));
        let books = self.books(&today);
        let statement = books.statement(id, period.from..=period.to, PAGE)?;
        let lines = (0..statement.lines.num_rows()).map(|at| line(&statement.lines, at)).collect();
        Ok((statement, lines))
    }

    /// Open items that are not wholly cleared, with the summaries of their entries.
    pub fn items(&mut self) -> anyhow::Result<Vec<OpenItemRow>> {
        let open: Vec<_> = self.book().items.iter().map(|(key, item)| (*key, *item)).collect();
        let mut rows = Vec::new();
        for ((account, id), item) in open.into_iter().filter(|(_, item)| item.remaining != 0) {
            let entry = self.entry(id.entry)?;
            let summary = entry.map_or_else(|| "".into(), |entry| entry.header(0).summary.clone());
            let account = self.account(account, item.opened);
            rows.push(OpenItemRow {
                id,
                account: account.number,
                account_name: account.name,
                institution: account.institution,
                unit: account.unit,
                kind: account.kind,
                opened: item.opened,
                summary,
                amount: item.amount,
                remainder: item.remaining,
            });
        }
        Ok(rows)
    }

    /// Entries of a day whose value date lies before it, each with its debits.
    pub fn backdated(&self, day: Day) -> anyhow::Result<Vec<BackdatedRow>> {
        let columns = Columns::NONE
            .with(Column::Account)
            .with(Column::Entry)
            .with(Column::Flags)
            .with(Column::Amount)
            .with(Column::ValueDate)
            .with(Column::Summary);
        let mut rows: BTreeMap<u64, BackdatedRow> = BTreeMap::new();
        for batch in self.lines(&Filter::days(day..=day), columns)? {
            let dates = batch[Column::ValueDate.name()].as_primitive::<Date32Type>();
            let accounts = batch[Column::Account.name()].as_primitive::<UInt32Type>();
            let entries = batch[Column::Entry.name()].as_primitive::<UInt64Type>();
            for at in (0..batch.num_rows()).filter(|at| dates.value(*at) < day.0) {
                let flags = LineFlags(number::<UInt8Type>(&batch, Column::Flags, at));
                let amount = number::<Int64Type>(&batch, Column::Amount, at);
                let head = &self.book().accounts.heads[AccountId(accounts.value(at)).index()];
                let row = rows.entry(entries.value(at)).or_insert_with(|| BackdatedRow {
                    entry: EntryNo(entries.value(at)),
                    institution: head.institution,
                    unit: head.unit,
                    business_date: day,
                    value_date: Day(dates.value(at)),
                    amount: 0,
                    summary: text(&batch, Column::Summary, at),
                });
                row.amount += if flags.is_credit() { 0 } else { amount };
            }
        }
        Ok(rows.into_values().collect())
    }
}

fn line(batch: &RecordBatch, at: usize) -> StatementLine {
    StatementLine {
        day: Day(number::<Date32Type>(batch, Column::BusinessDate, at)),
        entry: EntryNo(number::<UInt64Type>(batch, Column::Entry, at)),
        summary: text(batch, Column::Summary, at),
        flags: LineFlags(number::<UInt8Type>(batch, Column::Flags, at)),
        amount: number::<Int64Type>(batch, Column::Amount, at),
        maker: text(batch, Column::Maker, at),
        checker: text(batch, Column::Checker, at),
    }
}

pub(super) fn number<T: arrow_array::ArrowPrimitiveType>(
    batch: &RecordBatch,
    column: Column,
    at: usize,
) -> T::Native {
    batch[column.name()].as_primitive::<T>().value(at)
}

/// A text column, which may keep each text once.
pub(super) fn text(batch: &RecordBatch, column: Column, at: usize) -> Text {
    let column = &batch[column.name()];
    if let Some(plain) = column.as_string_opt::<i32>() {
        return plain.value(at).into();
    }
    let codes = column.as_dictionary::<Int32Type>();
    let key = usize::try_from(codes.keys().value(at)).unwrap_or_default();
    codes.values().as_string::<i32>().value(key).into()
}
