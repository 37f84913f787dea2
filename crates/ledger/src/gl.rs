//! The general ledger (总账): what each institution holds in each unit under each subject.

use crate::entry::{InstitutionId, SubjectId, UnitId};

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
