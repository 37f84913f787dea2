//! The columnar side of the journal.
//!
//! A block of the journal holds its entries as Arrow record batches; a closed day is sealed as
//! Parquet in a folder or an object store; books, statements and figures are computed by our own
//! operators over both. Nothing here decides anything and nothing here reads a clock.

pub mod archive;
pub mod block;
pub mod group;
pub mod lines;
pub mod manifest;
mod merge;
mod message;
mod parquet_file;
pub mod render;
pub mod report;
pub mod scan;
pub mod seal;
pub mod statement;
pub mod table;
pub mod window;

pub use archive::{Archive, ArchiveError, Catalog};
pub use block::{
    BlockError, BlockFacts, Body, PlacedFact, decode, decode_facts, decode_keys, decode_lines,
    encode, hash_block,
};
pub use group::{Dimension, Group, Sums, Value, group};
pub use lines::{AccountRef, Column, Columns, Directory, UnitRef, from_blocks};
pub use manifest::{ChainRange, Manifest, Period, SealedFile};
pub use scan::{Books, Filter, LineSide, project};
pub use seal::{AccountDay, ClosedDay};
pub use statement::{STATEMENT, Statement};
pub use window::{Joined, Sliding, join, running_balances, sliding, sorted};
