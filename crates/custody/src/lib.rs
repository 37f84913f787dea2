//! Who holds which physical things: banknotes by denomination and class (现金实物), and numbered
//! stock by ranges of serials (重要空白凭证、有价单证、印章、机具、档案).
//!
//! Pure: no clock, no files, no chance. It knows places and things; it knows nothing of accounts,
//! of people, or of the matter for which a thing is moved: those who call it say what may go where.

mod audit;
mod cash;
mod flat;
mod holdings;
mod moves;
mod names;
mod refusal;
mod serial;
mod stock;

pub use holdings::{Custody, Undo};
pub use moves::{Class, Condition, Count, Move, Note, OUTSIDE, Order, PIECES_MAX};
pub use refusal::range_overlaps;
pub use serial::{PREFIX_BYTES_MAX, Range, Serial};
