//! Seals closed days again, from the blocks alone: for files that were lost or damaged. The same
//! blocks give the same files.

use crate::certificate::DayBlocks;
use crate::close::{ClosedDay, is_full};
use crate::fault::Fault;
use crate::follower::{Decoded, Follower, apply};
use crate::names::Names;
use crate::roll::Roll;
use crate::seal::seal;
use bank::State;
use history::archive::Archive;
use history::block::Body;
use history::manifest::Period;
use ledger::Day;
use ledger::fact::Fact;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Store;

/// Replays a bank from its first block and seals those of its closed days that are `wanted`,
/// whatever the archive holds of them. Answers the days that were sealed; others were never
/// closed. The journal must have been verified: what it says is not questioned here.
pub fn reseal(
    store: Box<dyn Store>,
    bank: &str,
    archive: &Archive,
    wanted: &BTreeSet<Day>,
    mut progress: impl FnMut(u64),
) -> Result<Vec<Day>, Fault> {
    let mut follower = Follower::from_the_beginning(store, bank)?;
    let mut replay = Replay::new(wanted);
    let mut done = Vec::new();
    follower.each_block(|state, decoded| {
        progress(decoded.block.seq);
        if let Some(closed) = replay.block(state, decoded)? {
            let failed = |error: history::ArchiveError| Fault::Archive(error.to_string());
            archive.unseal(bank, Period::Day(closed.day)).map_err(failed)?;
            seal(archive, bank, &closed).map_err(failed)?;
            done.push(closed.day);
        }
        Ok(())
    })?;
    Ok(done)
}

struct Replay<'a> {
    wanted: &'a BTreeSet<Day>,
    roll: Roll,
    blocks: DayBlocks,
    /// Blocks since the last close, if their day is wanted.
    bodies: Vec<Body>,
}

impl<'a> Replay<'a> {
    fn new(wanted: &'a BTreeSet<Day>) -> Self {
        let (roll, blocks) = (Roll::default(), DayBlocks::default());
        Self { wanted, roll, blocks, bodies: Vec::new() }
    }

    /// Takes a block up; if it closes a wanted day, answers what that day is sealed from.
    fn block(&mut self, state: &mut State, decoded: &Decoded) -> Result<Option<ClosedDay>, Fault> {
        let (block, body) = (&decoded.block, &decoded.body);
        if self.blocks.first_seq == 0 {
            self.blocks.first_seq = block.seq;
        }
        if !decoded.closes_a_day() {
            apply(state, decoded, |_, _| {})?;
            self.roll.learn(&state.book);
            self.roll.add(body.batch.len(), &body.batch.lines);
            if self.wanted.contains(&body.business_date) {
                self.bodies.push(body.clone());
            }
            (self.blocks.last_seq, self.blocks.last_hash) = (block.seq, block.hash);
            return Ok(None);
        }
        // What is sealed is the state just before the fact that closes the day.
        let mut closed = None;
        let Self { wanted, roll, blocks, bodies } = self;
        apply(state, decoded, |state, fact| {
            let book = &state.book;
            if matches!(fact, Fact::DayClosed { .. }) && wanted.contains(&book.today) {
                roll.learn(book);
                closed = Some(ClosedDay {
                    day: book.today,
                    full: is_full(book),
                    blocks: *blocks,
                    bodies: Arc::new(std::mem::take(bodies)),
                    names: Names::of(book),
                    gl: roll.rows(),
                });
            }
        })?;
        self.bodies.clear();
        self.roll.next_day();
        self.blocks = DayBlocks { first_seq: block.seq + 1, ..DayBlocks::default() };
        Ok(closed)
    }
}
