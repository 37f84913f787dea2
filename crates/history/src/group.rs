//! Sums of lines by institution, unit, subject, account, day, code or maker.

use crate::archive::ArchiveError;
use crate::lines::{Column, Columns};
use crate::scan::{Books, Filter};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int32Type, Int64Type, UInt8Type, UInt32Type};
use arrow_array::{Array, RecordBatch};
use ledger::Day;
use ledger::entry::{AccountId, LineFlags};
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// What lines are summed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    Institution,
    Unit,
    Subject,
    Account,
    Day,
    Code,
    Maker,
}

/// What a group has in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Text(Arc<str>),
    Account(AccountId),
    Day(Day),
}

/// Turnover of a group in the unit's smallest part; a red line lowers its side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub debit: i128,
    pub credit: i128,
    pub debit_count: u64,
    pub credit_count: u64,
}

/// One group: a value per dimension, and its sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub key: Vec<Value>,
    pub sums: Sums,
}

impl Dimension {
    pub fn column(self) -> Column {
        match self {
            Self::Institution => Column::Institution,
            Self::Unit => Column::Unit,
            Self::Subject => Column::Subject,
            Self::Account => Column::Account,
            Self::Day => Column::BusinessDate,
            Self::Code => Column::Code,
            Self::Maker => Column::Maker,
        }
    }
}

impl Books<'_> {
    /// Sums the wanted lines by `by`, sorted by their values.
    ///
    /// # Errors
    ///
    /// If the store does not answer or a file is damaged.
    pub fn group(&self, filter: &Filter, by: &[Dimension]) -> Result<Vec<Group>, ArchiveError> {
        let groupers = self.fold(
            filter,
            group_columns(by),
            || Grouper::new(by),
            |grouper, _, batch| grouper.add(batch),
        )?;
        Ok(finish(groupers))
    }
}

/// The columns that today's lines must have to be grouped.
pub fn group_columns(by: &[Dimension]) -> Columns {
    let summed = Columns::NONE.with(Column::Flags).with(Column::Amount);
    by.iter().fold(summed, |columns, dimension| columns.with(dimension.column()))
}

/// Sums lines in memory, sorted by their values.
pub fn group(batches: &[RecordBatch], by: &[Dimension]) -> Vec<Group> {
    let mut grouper = Grouper::new(by);
    for batch in batches {
        grouper.add(batch);
    }
    finish(vec![grouper])
}

/// Sums batch after batch.
struct Grouper {
    by: Vec<Dimension>,
    /// For each dimension the values met so far, and their numbers.
    texts: Vec<Numbered>,
    /// For each dimension but the first: (number of the group so far, value) → number.
    pairs: Vec<HashMap<u64, u32, BuildHasherDefault<Mixed>>>,
    /// The pair behind each number of a group, for each dimension.
    parents: Vec<Vec<(u32, u32)>>,
    sums: Vec<Sums>,
}

/// Texts with numbers in the order of their first appearance.
#[derive(Default)]
struct Numbered {
    numbers: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Grouper {
    fn new(by: &[Dimension]) -> Self {
        Self {
            by: by.to_vec(),
            texts: by.iter().map(|_| Numbered::default()).collect(),
            pairs: by.iter().map(|_| HashMap::default()).collect(),
            parents: by.iter().map(|_| Vec::new()).collect(),
            sums: Vec::new(),
        }
    }

    fn add(&mut self, batch: &RecordBatch) {
        let mut groups = vec![0_u32; batch.num_rows()];
        for at in 0..self.by.len() {
            self.split(at, batch, &mut groups);
        }
        let count = self.parents.last().map_or(1, Vec::len);
        self.sums.resize(count, Sums::default());
        let amounts = batch[Column::Amount.name()].as_primitive::<Int64Type>().values();
        let flags = batch[Column::Flags.name()].as_primitive::<UInt8Type>().values();
        for ((group, flags), amount) in groups.iter().zip(flags).zip(amounts) {
            self.sums[*group as usize].add(LineFlags(*flags), *amount);
        }
    }

    /// Splits the groups of rows further by one dimension.
    fn split(&mut self, at: usize, batch: &RecordBatch, groups: &mut [u32]) {
        let dimension = self.by[at];
        let column = &batch[dimension.column().name()];
        let (pairs, parents) = (&mut self.pairs[at], &mut self.parents[at]);
        match dimension {
            Dimension::Account => {
                let ids = column.as_primitive::<UInt32Type>().values().iter();
                pair(pairs, parents, groups, ids.copied());
            }
            Dimension::Day => {
                let dates = column.as_primitive::<Date32Type>().values().iter();
                pair(pairs, parents, groups, dates.map(|date| *date as u32));
            }
            _ => {
                let codes = column.as_dictionary::<Int32Type>();
                let texts = codes.values().as_string::<i32>();
                let numbered = &mut self.texts[at];
                let numbers: Vec<u32> =
                    (0..texts.len()).map(|text| numbered.number(texts.value(text))).collect();
                let keys = codes.keys().values().iter();
                pair(pairs, parents, groups, keys.map(|key| numbers[*key as usize]));
            }
        }
    }

    fn key(&self, group: usize) -> Vec<Value> {
        let mut key = Vec::with_capacity(self.by.len());
        let mut number = group;
        for at in (0..self.by.len()).rev() {
            let (parent, value) = self.parents[at][number];
            key.push(match self.by[at] {
                Dimension::Account => Value::Account(AccountId(value)),
                Dimension::Day => Value::Day(Day(value as i32)),
                _ => Value::Text(self.texts[at].texts[value as usize].clone()),
            });
            number = parent as usize;
        }
        key.reverse();
        key
    }
}

/// Replaces each row's group by the group of it and the row's value.
fn pair(
    pairs: &mut HashMap<u64, u32, BuildHasherDefault<Mixed>>,
    parents: &mut Vec<(u32, u32)>,
    groups: &mut [u32],
    values: impl Iterator<Item = u32>,
) {
    // Sealed lines are sorted by account: the pair is mostly the same as in the row before.
    let mut last = None;
    for (group, value) in groups.iter_mut().zip(values) {
        let pair = u64::from(*group) << 32 | u64::from(value);
        let number = match last {
            Some((known, number)) if known == pair => number,
            _ => *pairs.entry(pair).or_insert_with(|| {
                parents.push((*group, value));
                parents.len() as u32 - 1
            }),
        };
        last = Some((pair, number));
        *group = number;
    }
}

/// Brings the sums of all threads together.
fn finish(groupers: Vec<Grouper>) -> Vec<Group> {
    let mut all: BTreeMap<Vec<Value>, Sums> = BTreeMap::new();
    for grouper in groupers {
        for (group, sums) in grouper.sums.iter().enumerate() {
            all.entry(grouper.key(group)).or_default().merge(sums);
        }
    }
    all.into_iter().map(|(key, sums)| Group { key, sums }).collect()
}

impl Sums {
    fn add(&mut self, flags: LineFlags, amount: i64) {
        let turnover = i128::from(if flags.is_red() { -amount } else { amount });
        if flags.is_credit() {
            self.credit += turnover;
            self.credit_count += 1;
        } else {
            self.debit += turnover;
            self.debit_count += 1;
        }
    }

    fn merge(&mut self, other: &Self) {
        self.debit += other.debit;
        self.credit += other.credit;
        self.debit_count += other.debit_count;
        self.credit_count += other.credit_count;
    }

    /// What the group adds to its balance, debit positive.
    pub fn effect(&self) -> i128 {
        self.debit - self.credit
    }
}

impl Numbered {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let (number, text) = (self.texts.len() as u32, Arc::<str>::from(text));
        self.numbers.insert(text.clone(), number);
        self.texts.push(text);
        number
    }
}

/// Hashes one 64-bit word: the pairs come from the bank's own books, not from an adversary.
#[derive(Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = ledger::hash::mix(self.0, word);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
