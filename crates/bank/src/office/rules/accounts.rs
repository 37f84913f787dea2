//! Judgements about accounts and the lines posted to them.

pub(super) mod account_empty;
pub(super) mod account_free;
pub(super) mod lines_balance;
pub(super) mod lines_postable;
