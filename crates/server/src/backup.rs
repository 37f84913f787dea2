//! Backups (备份): a folder that holds a bank whole, whichever store it lives in, and grows by what
//! is new with each run.
//!
//! ```text
//! manifest.json                       what there is, with the SHA-256 of each piece and of itself
//! blocks/000000000001-000000000450    blocks in order
//! documents/9f86d0…                   one document each
//! snapshot/000000000450               the newest state, so that recovery is short
//! kept/20260105T120000.000001Z        credentials, tokens and the like, without sessions
//! sealed/day=2026-01-05/lines.parquet the sealed days, as they stand in the archive
//! ```
//!
//! All but the sealed files is compressed by zstd. A run writes pieces and, last of all, the
//! manifest: what no manifest names is the rest of a run that broke off. A run reads the store up
//! to the tip that it saw first, in pieces, on a connection of its own: the bank goes on.

mod make;
mod manifest;
mod piece;
mod restore;

pub use make::make;
pub use manifest::{Made, Manifest};
pub use restore::{Point, Restored, restore};

/// Shelves of what is true of the running service only.
const PASSING: [&str; 2] = ["node", "session"];
