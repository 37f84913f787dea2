//! The trial balance of a day that is not closed, from its blocks: what the report reads.

use crate::pace::timed;
use crate::setup::{BANK, store};
use engine::roll::Roll;
use history::block::{Body, decode};
use history::report::trial_balance::trial_balance as report;
use history::report::{Level, Period, Reach, Scope};
use ledger::book::Book;
use ledger::chart::Title;
use ledger::entry::InstitutionId;

/// Bytes of blocks read in one call.
const READ_BYTES: usize = 16 << 20;

/// What was found and the seconds of each part.
pub struct Found {
    pub lines: usize,
    /// Rows of the printed table.
    pub rows: usize,
    pub read: f64,
    pub decode: f64,
    pub sum: f64,
}

pub fn trial_balance(address: &str, book: &Book) -> Found {
    let mut store = store(address);
    let after = book.certificate.as_ref().map_or(0, |certificate| certificate.last_seq);
    let mut found = Found { lines: 0, rows: 0, read: 0.0, decode: 0.0, sum: 0.0 };
    let mut bodies: Vec<Body> = Vec::new();
    let mut next = after + 1;
    loop {
        let (blocks, read) = timed(|| store.read(BANK, next, READ_BYTES));
        let blocks = blocks.expect("the store answers");
        found.read += read;
        let Some(last) = blocks.last() else { break };
        next = last.seq + 1;
        let decoded =
            || blocks.iter().map(|block| decode(&block.payload)).collect::<Result<_, _>>();
        let (decoded, seconds) = timed(decoded);
        let decoded: Vec<Body> = decoded.expect("the blocks are sound");
        found.decode += seconds;
        bodies.extend(decoded);
    }
    found.lines = bodies.iter().map(|body| body.batch.lines.len()).sum();
    (found.rows, found.sum) = timed(|| {
        let mut roll = Roll::begin(&book.gl_closing);
        roll.learn(book);
        for body in &bodies {
            roll.add(body.batch.len(), &body.batch.lines);
        }
        let scope = Scope {
            bank: Title::clone(&book.title),
            chart: &book.chart,
            institutions: &book.institutions,
            institution: InstitutionId(0),
            reach: Reach::Subtree,
            printed: "".into(),
        };
        report(&scope, Period::day(book.today), &roll.rows(), Level::Second).rows.len()
    });
    found
}
