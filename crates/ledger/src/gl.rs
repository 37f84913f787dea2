//! The general ledger (总账): what each institution holds in each unit under each subject.

use crate::entry::{InstitutionId, SubjectId, UnitId};
use serde::{Deserialize, Serialize};

/// Institution × unit × subject, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GlKey {
    pub institution: InstitutionId,
    pub unit: UnitId,
    pub subject: SubjectId,
}

/// One row of a period; balances are debit positive, in the unit's smallest part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlRow {
    pub key: GlKey,
    pub opening: i128,
    pub debit: i128,
    pub credit: i128,
    pub debit_count: u64,
    pub credit_count: u64,
    pub closing: i128,
}

/// A closing balance as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlClosing {
    pub institution: InstitutionId,
    pub unit: UnitId,
    pub subject: SubjectId,
    /// Debit positive, minor units, as text: JSON numbers end at 2⁵³.
    pub balance: String,
}

impl GlClosing {
    /// The closing rows of a day that are not zero.
    pub fn of(rows: &[GlRow]) -> Vec<Self> {
        let live = rows.iter().filter(|row| row.closing != 0);
        live.map(|row| Self {
            institution: row.key.institution,
            unit: row.key.unit,
            subject: row.key.subject,
            balance: row.closing.to_string(),
        })
        .collect()
    }

    pub fn key(&self) -> GlKey {
        GlKey { institution: self.institution, unit: self.unit, subject: self.subject }
    }

    /// The balance as a number; text that is none counts as zero and fails the next check.
    pub fn amount(&self) -> i128 {
        self.balance.parse().unwrap_or_default()
    }
}
