//! Closing the bank's day from outside the state: stop, the steps, the roll-up from blocks, the
//! certificate, the sealed files, the roll of the date. Every part may be repeated: whoever runs
//! it again after a crash goes on where it stopped.

use crate::certificate::{DayBlocks, draw_up};
use crate::fault::Fault;
use crate::follower::decode_block;
use crate::names::Names;
use crate::roll::Roll;
use crate::writer::Engine;
use bank::{Answer, Command, State};
use history::block::Body;
use ledger::Day;
use ledger::book::Book;
use ledger::calendar::Period;
use ledger::close::{Certificate, Step};
use ledger::gl::{GlClosing, GlRow};
use ledger::refusal;
use std::sync::Arc;
use store::{Block, BlockHead};

/// Heads of blocks looked at in one call.
const HEADS: usize = 4096;

/// Bytes of blocks read in one call.
const READ_BYTES: usize = 16 << 20;

/// How often a day is proved before somebody must keep the others off the books.
const PROOFS: usize = 10;

/// Everything that a sealed day is made of.
pub struct ClosedDay {
    pub day: Day,
    /// Whether balances of all accounts are kept: on the first day and at month ends.
    pub full: bool,
    pub blocks: DayBlocks,
    pub bodies: Arc<Vec<Body>>,
    pub names: Names,
    pub gl: Vec<GlRow>,
}

/// Keeps a closed day outside the journal; sealing the same day twice must do no harm.
pub trait Seal {
    fn seal(&mut self, day: &ClosedDay) -> Result<(), Fault>;

    /// Told when the journal has closed the day just as it was sealed last.
    fn closed(&mut self, _day: &ClosedDay) -> Result<(), Fault> {
        Ok(())
    }
}

/// Closes the bank's day. `accept` names who accepts balances on zero-balance accounts;
/// `progress` is told each step by its Chinese and English name.
pub fn close_day(
    engine: &Engine,
    by: &str,
    accept: Option<&str>,
    seal: &mut dyn Seal,
    mut progress: impl FnMut(&'static str, &'static str),
) -> Result<Certificate, Fault> {
    engine.call(Command::CloseInstitutions { by: by.to_owned() })?;
    for step in Step::ALL {
        progress(step.zh(), step.en());
        let accept = accept.map(str::to_owned);
        engine.call(Command::RunStep { step, accept })?;
    }
    // Accounts may be opened and holds placed until the very end: what has been proved must be
    // the books that are rolled.
    for _ in 0..PROOFS {
        progress("总分核对", "general ledger against accounts");
        let stamp = engine.stamp()?;
        let (closed, certificate) = prove(engine)?;
        progress("封存", "sealing the day");
        seal.seal(&closed)?;
        progress("日切", "rolling the date");
        let gl = GlClosing::of(&closed.gl);
        let command = Command::CloseDay { certificate: Box::new(certificate.clone()), gl };
        match engine.call_at(stamp, command) {
            Ok(Answer::Day(_)) => {
                // The day is closed, come what may: files that are not right now are found by
                // `verify` and can be made again from the blocks.
                let _ = seal.closed(&closed);
                return Ok(certificate);
            }
            Ok(other) => unreachable!("closing a day answers a day, not {other:?}"),
            Err(refusal) if refusal.code == refusal::books_moved().code => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Err(refusal::books_moved().into())
}

/// Rolls the day's lines up and draws the certificate.
fn prove(engine: &Engine) -> Result<(ClosedDay, Certificate), Fault> {
    let (day, opening, last_close) = engine.look(|state| {
        let book = &state.book;
        let last = book.certificate.as_ref().map(|certificate| certificate.last_seq);
        (book.today, book.gl_closing.clone(), last)
    })?;
    let heads = heads_after(engine, last_close)?;
    let blocks = day_blocks(&heads);
    let bodies = Arc::new(bodies(engine, &heads)?);
    let mut roll = Roll::begin(&opening);
    let (full, (names, certificate, rows)) = engine.look({
        let bodies = Arc::clone(&bodies);
        move |state| (is_full(&state.book), certify(state, &mut roll, &bodies, blocks))
    })?;
    Ok((ClosedDay { day, full, blocks, bodies, names, gl: rows }, certificate))
}

/// Whether the balances of all accounts are sealed with the day, and not of those that moved.
pub(crate) fn is_full(book: &Book) -> bool {
    book.certificate.is_none() || book.ends(Period::Month)
}

fn certify(
    state: &State,
    roll: &mut Roll,
    bodies: &[Body],
    blocks: DayBlocks,
) -> (Names, Certificate, Vec<GlRow>) {
    let book = &state.book;
    roll.learn(book);
    for body in bodies {
        roll.add(body.batch.len(), &body.batch.lines);
    }
    (Names::of(book), draw_up(state, roll, blocks), roll.rows())
}

/// Heads of the blocks since the last close, whose own block is the one after its `last_seq`.
fn heads_after(engine: &Engine, last_close: Option<u64>) -> Result<Vec<BlockHead>, Fault> {
    let mut from = last_close.map_or(1, |last| last + 2);
    let mut heads = Vec::new();
    loop {
        let page = engine.with_store(move |store, bank| store.heads(bank, from, HEADS))??;
        let Some(last) = page.last() else { return Ok(heads) };
        from = last.seq + 1;
        heads.extend(page);
    }
}

fn day_blocks(heads: &[BlockHead]) -> DayBlocks {
    let (first, last) = (heads.first(), heads.last());
    DayBlocks {
        first_seq: first.map_or(0, |head| head.seq),
        last_seq: last.map_or(0, |head| head.seq),
        last_hash: last.map_or([0; 32], |head| head.hash),
    }
}

fn bodies(engine: &Engine, heads: &[BlockHead]) -> Result<Vec<Body>, Fault> {
    let Some(last) = heads.last().map(|head| head.seq) else { return Ok(Vec::new()) };
    let mut next = heads.first().map_or(1, |head| head.seq);
    let mut bodies = Vec::with_capacity(heads.len());
    while next <= last {
        let read =
            move |store: &mut dyn store::Store, bank: &str| store.read(bank, next, READ_BYTES);
        let blocks: Vec<Block> = engine.with_store(read)??;
        next = blocks.last().map_or(last, |block| block.seq) + 1;
        for block in blocks.iter().take_while(|block| block.seq <= last) {
            bodies.push(decode_block(block)?);
        }
    }
    Ok(bodies)
}
