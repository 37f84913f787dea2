//! Files of entries: what is read becomes rows, each an entry to hand in or the refusal of its
//! line. A row that ends the file early, because of its encoding or a missing rest, is the last.

pub mod arrow;
pub mod csv;
pub mod encoding;
pub mod mapping;
pub mod ndjson;
pub mod table;

use bank::form::EntryForm;
use ledger::Refusal;

/// One entry of a file.
#[derive(Debug)]
pub struct Row {
    /// Its first line, from 1; for columnar files the row, from 1.
    pub line: u64,
    /// As it stood in the file, so that what was refused can be put right and handed in again.
    pub text: String,
    pub entry: Result<EntryForm, Refusal>,
}

/// Rows in the order of the file; an error is a fault of the disk.
pub type Rows = Box<dyn Iterator<Item = anyhow::Result<Row>> + Send>;
