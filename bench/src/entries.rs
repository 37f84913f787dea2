//! Two-line entries between the accounts of a bank, and how the accounts are drawn.

use crate::random::Random;
use crate::setup::first_day;
use ledger::entry::{AccountId, EntryKind, EntryNo, Header, InstitutionId, Line};
use ledger::{Batch, Day, Key};

/// Entries handed in at once.
pub const BATCH: usize = 8_000;

/// How the accounts of entries are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draw {
    Uniform,
    /// Zipf with exponent 0.99: a few accounts take most of the entries.
    Zipf,
}

impl Draw {
    pub fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Zipf => "zipf 0.99",
        }
    }
}

/// Makes batches of two-line entries of one day, with keys of their own.
pub struct Entries<'a> {
    random: Random,
    cumulated: Vec<f64>,
    accounts: &'a [AccountId],
    pub day: Day,
}

impl<'a> Entries<'a> {
    /// Generators of other seeds make other keys.
    pub fn new(accounts: &'a [AccountId], draw: Draw, seed: u64) -> Self {
        let mut cumulated = Vec::new();
        if draw == Draw::Zipf {
            let mut sum = 0.0;
            for rank in 1..=accounts.len() {
                sum += (rank as f64).powf(-0.99);
                cumulated.push(sum);
            }
        }
        Self { random: Random::of(seed), cumulated, accounts, day: first_day() }
    }

    pub fn batch(&mut self, entries: usize) -> Batch {
        let mut batch = self.empty(entries);
        for _ in 0..entries {
            let (from, to) = (self.account(), self.account());
            batch.push_shared(self.key(), &[Line::debit(from, 1), Line::credit(to, 1)]);
        }
        batch
    }

    /// So many entries in batches of [`BATCH`]; the last may be smaller.
    pub fn batches(&mut self, entries: usize) -> Vec<Batch> {
        let starts = (0..entries).step_by(BATCH);
        starts.map(|start| self.batch(BATCH.min(entries - start))).collect()
    }

    /// Moves money between the two halves of the accounts, so that none is left at nothing.
    pub fn every_account(&mut self, amount: i64) -> Vec<Batch> {
        let (left, right) = self.accounts.split_at(self.accounts.len() / 2);
        let pairs: Vec<_> = left.iter().copied().zip(right.iter().copied()).collect();
        let batches = pairs.chunks(BATCH).map(|pairs| {
            let mut batch = self.empty(pairs.len());
            for (from, to) in pairs {
                let lines = [Line::debit(*from, amount), Line::credit(*to, amount)];
                batch.push_shared(self.key(), &lines);
            }
            batch
        });
        batches.collect()
    }

    fn empty(&self, entries: usize) -> Batch {
        let mut batch = Batch::default();
        batch.headers.push(header(self.day));
        batch.entries.reserve(entries);
        batch.lines.reserve(entries * 2);
        batch
    }

    fn key(&mut self) -> Key {
        Key(u128::from(self.random.next()) << 64 | u128::from(self.random.next()))
    }

    fn account(&mut self) -> AccountId {
        let drawn = self.random.next();
        let at = match self.cumulated.last() {
            None => drawn as usize % self.accounts.len(),
            Some(total) => {
                let point = (drawn >> 11) as f64 / (1_u64 << 53) as f64 * total;
                self.cumulated.partition_point(|sum| *sum < point).min(self.accounts.len() - 1)
            }
        };
        self.accounts[at]
    }
}

fn header(day: Day) -> Header {
    Header {
        business_date: day,
        value_date: day,
        institution: InstitutionId(0),
        code: "TRF".into(),
        maker: "batch".into(),
        checker: "".into(),
        authoriser: "".into(),
        channel: "file".into(),
        document: "".into(),
        attachments: 0,
        summary: "转账".into(),
        kind: EntryKind::Normal,
        original: EntryNo(0),
    }
}
