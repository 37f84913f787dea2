//! Judgements about ranges of numbers, and where they are kept.

pub(super) mod account_vouchers_back;
pub(super) mod best_score;
pub(super) mod pieces_as_asked;
pub(super) mod place_kept_by;
pub(super) mod same_institution;
pub(super) mod serials_counted;
pub(super) mod serials_match;
pub(super) mod serials_new;
pub(super) mod serials_void;
pub(super) mod stock_planned;
pub(super) mod whole_books;
