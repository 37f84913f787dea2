//! What a sealed period consists of, and how to tell that it was not changed.

use ledger::Day;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is sealed as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    Day(Day),
    /// The days of a month merged into one file.
    Month {
        year: i16,
        month: i8,
    },
}

/// The blocks of the journal that hold what is sealed: nothing of the day is outside of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainRange {
    pub first_seq: u64,
    pub last_seq: u64,
    /// Hash of the last block, 64 hexadecimal digits.
    pub last_hash: String,
}

/// A file of a sealed period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedFile {
    pub name: String,
    pub rows: u64,
    pub bytes: u64,
    /// 64 hexadecimal digits.
    pub sha256: String,
}

/// What `manifest.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: u32,
    pub bank: String,
    pub period: Period,
    /// The sealed days inside, in order: one for a day.
    pub days: Vec<Day>,
    /// Whether the balances are those of all accounts and not only of those that moved.
    pub full_balances: bool,
    pub chain: ChainRange,
    pub files: Vec<SealedFile>,
}

/// The layout of files that this program writes.
pub const FORMAT: u32 = 1;

impl Period {
    pub fn month_of(day: Day) -> Self {
        Self::Month { year: day.year(), month: day.month() }
    }

    /// The first day of the period.
    pub fn first_day(self) -> Day {
        match self {
            Self::Day(day) => day,
            Self::Month { year, month } => Day::new(year, month, 1),
        }
    }

    /// The last day of the period.
    pub fn last_day(self) -> Day {
        match self {
            Self::Day(day) => day,
            Self::Month { .. } => Day::from(self.first_day().date().last_of_month()),
        }
    }

    /// Where a file of the period stands in the archive.
    pub fn path(self, bank: &str, file: &str) -> String {
        format!("{bank}/{}/{file}", self.folder())
    }

    /// The name of the period's folder, as Hive writes partitions.
    pub fn folder(self) -> String {
        match self {
            Self::Day(day) => format!("day={day}"),
            Self::Month { year, month } => format!("month={year:04}-{month:02}"),
        }
    }

    /// The period whose folder has this name.
    pub fn parse(folder: &str) -> Option<Self> {
        let period = if let Some(day) = folder.strip_prefix("day=") {
            Self::Day(day.parse().ok()?)
        } else {
            let first: Day = format!("{}-01", folder.strip_prefix("month=")?).parse().ok()?;
            Self::month_of(first)
        };
        (period.folder() == folder).then_some(period)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "the day {day}"),
            Self::Month { year, month } => write!(f, "the month {year:04}-{month:02}"),
        }
    }
}

impl Manifest {
    pub(crate) fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(self).expect("a manifest has only text keys");
        json.push(b'\n');
        json
    }

    pub(crate) fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let manifest: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if manifest.format != FORMAT {
            return Err(format!("it is of format {}, not {FORMAT}", manifest.format));
        }
        Ok(manifest)
    }
}
