//! Rolling lines up into the general ledger (总分核对): an account of the books kept apart from
//! the account heads, so that comparing the two proves something.

use ledger::book::Book;
use ledger::chart::Class;
use ledger::entry::{Line, UnitId};
use ledger::gl::{GlClosing, GlKey, GlRow};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The general ledger of one day, in the making.
#[derive(Clone, Debug, Default)]
pub struct Roll {
    rows: Vec<GlRow>,
    places: BTreeMap<GlKey, u32>,
    /// Row of each account.
    slots: Vec<u32>,
    pub entries: u64,
    pub lines: u64,
}

impl Roll {
    /// Begins a day from the closing rows of the day before.
    pub fn begin(closing: &[GlClosing]) -> Self {
        let mut roll = Self::default();
        for row in closing {
            let at = roll.row(row.key());
            roll.rows[at as usize].opening = row.amount();
            roll.rows[at as usize].closing = row.amount();
        }
        roll
    }

    /// Begins the next day where this one ended.
    pub fn next_day(&mut self) {
        for row in &mut self.rows {
            *row = GlRow { opening: row.closing, closing: row.closing, ..empty_row(row.key) };
        }
        (self.entries, self.lines) = (0, 0);
    }

    /// Adds the lines of some entries whose accounts have been learnt.
    pub fn add(&mut self, entries: usize, lines: &[Line]) {
        self.entries += entries as u64;
        self.lines += lines.len() as u64;
        for line in lines {
            let row = &mut self.rows[self.slots[line.account.index()] as usize];
            let turnover = i128::from(if line.flags.is_red() { -line.amount } else { line.amount });
            if line.flags.is_credit() {
                row.credit += turnover;
                row.credit_count += 1;
            } else {
                row.debit += turnover;
                row.debit_count += 1;
            }
            row.closing += i128::from(line.effect());
        }
    }

    /// Rows in the order of their keys; rows that are zero throughout are left out.
    pub fn rows(&self) -> Vec<GlRow> {
        let live = |row: &&GlRow| {
            row.opening != 0 || row.closing != 0 || row.debit_count + row.credit_count > 0
        };
        self.places.values().map(|at| &self.rows[*at as usize]).filter(live).copied().collect()
    }

    /// Debit and credit turnover by unit; off-balance lines, single sided, do not count.
    pub fn totals(&self, book: &Book) -> BTreeMap<UnitId, (i128, i128)> {
        let mut totals: BTreeMap<UnitId, (i128, i128)> = BTreeMap::new();
        for row in &self.rows {
            if book.chart.subject(row.key.subject).class != Class::OffBalance {
                let total = totals.entry(row.key.unit).or_default();
                total.0 += row.debit;
                total.1 += row.credit;
            }
        }
        totals.retain(|_, total| *total != (0, 0));
        totals
    }

    /// Learns where the accounts opened since the last time stand.
    pub fn learn(&mut self, book: &Book) {
        for head in &book.accounts.heads[self.slots.len()..] {
            let subject = book.chart.kind(head.kind).subject;
            let key = GlKey { institution: head.institution, unit: head.unit, subject };
            let at = self.row(key);
            self.slots.push(at);
        }
    }

    fn row(&mut self, key: GlKey) -> u32 {
        let rows = &mut self.rows;
        *self.places.entry(key).or_insert_with(|| {
            rows.push(empty_row(key));
            u32::try_from(rows.len() - 1).expect("fewer rows than accounts")
        })
    }
}

/// The general ledger as the account heads tell it: turnover of today and closing balances.
pub fn from_accounts(book: &Book) -> BTreeMap<GlKey, (i128, i128, i128)> {
    let mut sums: BTreeMap<GlKey, (i128, i128, i128)> = BTreeMap::new();
    // Accounts of one place mostly follow each other: look a sum up only when the place changes.
    let mut run: Option<(GlKey, (i128, i128, i128))> = None;
    for head in &book.accounts.heads {
        let subject = book.chart.kind(head.kind).subject;
        let key = GlKey { institution: head.institution, unit: head.unit, subject };
        let (debit, credit) = head.turnover(book.today);
        if run.as_ref().is_none_or(|(of, _)| *of != key) {
            put(&mut sums, run.take());
            run = Some((key, (0, 0, 0)));
        }
        let sum = &mut run.as_mut().expect("set above").1;
        sum.0 += i128::from(debit);
        sum.1 += i128::from(credit);
        sum.2 += i128::from(head.balance);
    }
    put(&mut sums, run);
    sums.retain(|_, sum| *sum != (0, 0, 0));
    sums
}

/// SHA-256 over closing balances by place, in hex.
pub fn gl_digest(rows: &[GlRow]) -> String {
    let mut digest = Sha256::new();
    for row in rows.iter().filter(|row| row.closing != 0) {
        digest.update(row.key.institution.0.to_le_bytes());
        digest.update(row.key.unit.0.to_le_bytes());
        digest.update(row.key.subject.0.to_le_bytes());
        digest.update(row.closing.to_le_bytes());
    }
    ledger::hex(&digest.finalize())
}

/// SHA-256 over every account's balance and holds, in hex.
pub fn accounts_digest(book: &Book) -> String {
    let mut digest = Sha256::new();
    let mut bytes = Vec::with_capacity(16 * 1024);
    for head in &book.accounts.heads {
        bytes.extend_from_slice(&head.balance.to_le_bytes());
        bytes.extend_from_slice(&head.held.to_le_bytes());
        if bytes.len() >= 16 * 1024 {
            digest.update(&bytes);
            bytes.clear();
        }
    }
    digest.update(&bytes);
    ledger::hex(&digest.finalize())
}

fn put(sums: &mut BTreeMap<GlKey, (i128, i128, i128)>, run: Option<(GlKey, (i128, i128, i128))>) {
    if let Some((key, add)) = run {
        let sum = sums.entry(key).or_default();
        *sum = (sum.0 + add.0, sum.1 + add.1, sum.2 + add.2);
    }
}

fn empty_row(key: GlKey) -> GlRow {
    GlRow { key, opening: 0, debit: 0, credit: 0, debit_count: 0, credit_count: 0, closing: 0 }
}
