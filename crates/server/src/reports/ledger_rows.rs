//! General ledger rows of a period: sealed days read from the archive, the open day rolled up
//! from its blocks.

use crate::reports::Source;
use engine::roll::Roll;
use history::group::{Dimension, Value};
use history::lines::{Column, Columns};
use history::report::{CashPart, DayRow, Period, SubjectTurnover, Turn};
use history::scan::Filter;
use ledger::Day;
use ledger::chart::{Chart, Class};
use ledger::entry::{AccountId, EntryKind, LineFlags, SubjectId, UnitId};
use ledger::gl::{GlKey, GlRow};
use std::collections::{BTreeMap, BTreeSet};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int64Type, UInt8Type, UInt32Type, UInt64Type};

/// The kind of account whose subject, with all around it, is cash.
const CASH_KIND: &str = "cash_vault";

impl Source {
    /// The ledger over a period: opening of its first day, movements, closing of its last.
    pub fn gl(&self, period: Period, unit: Option<UnitId>) -> anyhow::Result<Vec<GlRow>> {
        let mut rows: BTreeMap<GlKey, GlRow> = BTreeMap::new();
        for row in self.closing_before(period.from)? {
            let empty = GlRow { debit: 0, credit: 0, debit_count: 0, credit_count: 0, ..row };
            rows.insert(row.key, GlRow { opening: row.closing, ..empty });
        }
        for DayRow { row, .. } in self.gl_days(period)? {
            let sum = rows.entry(row.key).or_insert(GlRow {
                debit: 0,
                credit: 0,
                debit_count: 0,
                credit_count: 0,
                ..row
            });
            sum.debit += row.debit;
            sum.credit += row.credit;
            sum.debit_count += row.debit_count;
            sum.credit_count += row.credit_count;
            sum.closing = row.closing;
        }
        let wanted = |row: &GlRow| unit.is_none_or(|unit| row.key.unit == unit);
        Ok(rows.into_values().filter(wanted).collect())
    }

    /// The ledger of each day of a period.
    pub fn gl_days(&self, period: Period) -> anyhow::Result<Vec<DayRow>> {
        let (today, is_open) = (self.book().today, self.is_open());
        let mut rows = Vec::new();
        for (day, _) in self.sealed(period.from, period.to)? {
            let sealed = self.archive.gl(self.bank(), day)?;
            rows.extend(sealed.into_iter().map(|row| DayRow { day, row }));
        }
        if is_open && (period.from..=period.to).contains(&today) {
            rows.extend(self.open_day().into_iter().map(|row| DayRow { day: today, row }));
        }
        Ok(rows)
    }

    fn closing_before(&self, day: Day) -> anyhow::Result<Vec<GlRow>> {
        Ok(match self.sealed(Day(i32::MIN), day.plus(-1))?.last() {
            Some((before, _)) => self.archive.gl(self.bank(), *before)?,
            None => Vec::new(),
        })
    }

    fn open_day(&self) -> Vec<GlRow> {
        let book = self.book();
        let mut roll = Roll::begin(&book.gl_closing);
        roll.learn(book);
        for body in &self.bodies {
            roll.add(body.batch.len(), &body.batch.lines);
        }
        roll.rows()
    }

    /// The ledger as it stood before 损益结转 emptied income and expense, if it did in the period.
    pub fn gl_before_transfer(
        &self,
        period: Period,
        unit: Option<UnitId>,
    ) -> anyhow::Result<Vec<GlRow>> {
        let mut rows = self.gl(period, unit)?;
        let kinds = vec![EntryKind::ProfitTransfer];
        let filter = Filter { kinds, ..Filter::days(period.from..=period.to) };
        let by = [Dimension::Institution, Dimension::Unit, Dimension::Subject];
        for group in self.group(&filter, &by)? {
            let Some(key) = self.gl_key(&group.key) else { continue };
            let class = self.book().chart.subject(key.subject).class;
            let row = rows.iter_mut().find(|row| row.key == key);
            if let (Class::Income | Class::Expense, Some(row)) = (class, row) {
                row.closing -= group.sums.effect();
            }
        }
        Ok(rows)
    }

    /// The place in the ledger that the codes of an institution, a unit and a subject name.
    fn gl_key(&self, codes: &[Value]) -> Option<GlKey> {
        let [Value::Text(institution), Value::Text(unit), Value::Text(subject)] = codes else {
            return None;
        };
        let book = self.book();
        Some(GlKey {
            institution: book.institution_by_code(institution)?,
            unit: book.chart.unit_by_code(unit)?,
            subject: book.chart.subject_by_code(subject)?,
        })
    }

    fn key(&self, id: AccountId) -> GlKey {
        let book = self.book();
        let head = &book.accounts.heads[id.index()];
        let subject = book.chart.kind(head.kind).subject;
        GlKey { institution: head.institution, unit: head.unit, subject }
    }

    /// A day's turnover of each subject, cash told from transfers.
    pub fn subject_turnover(
        &self,
        day: Day,
        unit: Option<UnitId>,
    ) -> anyhow::Result<Vec<SubjectTurnover>> {
        let columns = Columns::NONE
            .with(Column::Account)
            .with(Column::Entry)
            .with(Column::Flags)
            .with(Column::Amount);
        let batches = self.lines(&Filter::days(day..=day), columns)?;
        let chart = &self.book().chart;
        let cash = chart.kind_by_code(CASH_KIND).map(|kind| top(chart, chart.kind(kind).subject));
        let (mut lines, mut in_cash) = (Vec::new(), BTreeSet::new());
        for batch in &batches {
            let accounts = batch[Column::Account.name()].as_primitive::<UInt32Type>();
            let entries = batch[Column::Entry.name()].as_primitive::<UInt64Type>();
            let flags = batch[Column::Flags.name()].as_primitive::<UInt8Type>();
            let amounts = batch[Column::Amount.name()].as_primitive::<Int64Type>();
            for at in 0..batch.num_rows() {
                let key = self.key(AccountId(accounts.value(at)));
                if cash == Some(top(chart, key.subject)) {
                    in_cash.insert(entries.value(at));
                }
                if unit.is_none_or(|unit| key.unit == unit) {
                    let flags = LineFlags(flags.value(at));
                    lines.push((key, entries.value(at), flags, amounts.value(at)));
                }
            }
        }
        let mut rows: BTreeMap<GlKey, SubjectTurnover> = BTreeMap::new();
        for (key, entry, flags, amount) in lines {
            let row = rows.entry(key).or_insert_with(|| SubjectTurnover {
                key,
                debit: Turn::default(),
                credit: Turn::default(),
                cash: cash.map(|_| CashPart::default()),
                vouchers: 0,
            });
            row.vouchers += 1;
            add(row, flags, amount, in_cash.contains(&entry));
        }
        Ok(rows.into_values().collect())
    }
}

fn add(row: &mut SubjectTurnover, flags: LineFlags, amount: i64, in_cash: bool) {
    let amount = i128::from(if flags.is_red() { -amount } else { amount });
    let count = |turn: &mut Turn| {
        turn.amount += amount;
        turn.count += 1;
    };
    let part = row.cash.as_mut().filter(|_| in_cash);
    if flags.is_credit() {
        count(&mut row.credit);
        if let Some(part) = part {
            count(&mut part.credit);
        }
    } else {
        count(&mut row.debit);
        if let Some(part) = part {
            count(&mut part.debit);
        }
    }
}

/// The first-level subject above a subject.
fn top(chart: &Chart, subject: SubjectId) -> SubjectId {
    let mut at = subject;
    while let Some(parent) = chart.subject(at).parent {
        at = parent;
    }
    at
}
