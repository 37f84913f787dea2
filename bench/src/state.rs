//! What a bank's state takes and how long it takes to close a day over it and to read it back.

use crate::Options;
use crate::{close, memory, recovery};

/// Ten million lines.
const ENTRIES: usize = 5_000_000;

pub fn run(options: &Options) {
    let few = options.accounts.map(|accounts| vec![accounts]);
    memory::table(&few.unwrap_or_else(|| vec![1_000_000, 5_000_000]));
    close::table(options.accounts.unwrap_or(1_000_000));
    recovery::table(options.entries.unwrap_or(ENTRIES));
}
