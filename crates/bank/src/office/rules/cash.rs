//! Judgements about cash.

pub(super) mod cash_class;
pub(super) mod cash_counted;
pub(super) mod cash_exchange;
pub(super) mod cash_keeper;
pub(super) mod cash_none;
pub(super) mod cash_small;
pub(super) mod cash_whole_bundles;
pub(super) mod cash_within_limit;
pub(super) mod halves_apart;
