//! `verify`: recomputes everything from the blocks alone, trusting no snapshot, no sealed file
//! and no figure but the hashes: the chain, every entry, and every certificate ever drawn up.

use crate::certificate::{DayBlocks, draw_up};
use crate::fault::Fault;
use crate::follower::{Follower, facts_of};
use crate::roll::Roll;
use history::block::Body;
use ledger::Day;
use ledger::close::Certificate;
use ledger::fact::Fact;
use store::{Block, Store};

/// What verifying found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    pub blocks: u64,
    pub entries: u64,
    pub lines: u64,
    pub days: u64,
    /// Hash of the last block (hex).
    pub chain: String,
    /// Certificates that do not come out again, or whose checks failed.
    pub differences: Vec<Difference>,
}

/// A certificate that says something else than the blocks do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub day: Day,
    pub seq: u64,
    pub field: &'static str,
    pub certified: String,
    pub found: String,
}

/// Replays a bank from its first block. A damaged block ends it with [`Fault::Damaged`];
/// differences of certificates are listed.
pub fn verify(
    store: Box<dyn Store>,
    bank: &str,
    mut progress: impl FnMut(u64),
) -> Result<Verified, Fault> {
    let mut follower = Follower::from_the_beginning(store, bank)?;
    let mut verified = Verified::default();
    let mut day = Verifying::default();
    follower.each_block(|follower, block, body| {
        day.block(follower, block, body, &mut verified)?;
        progress(block.seq);
        Ok(())
    })?;
    verified.chain = crate::roll::hex(&follower.hash);
    Ok(verified)
}

#[derive(Default)]
struct Verifying {
    roll: Roll,
    blocks: DayBlocks,
}

impl Verifying {
    fn block(
        &mut self,
        follower: &mut Follower,
        block: &Block,
        body: &Body,
        verified: &mut Verified,
    ) -> Result<(), Fault> {
        verified.blocks += 1;
        verified.entries += body.batch.len() as u64;
        verified.lines += body.batch.lines.len() as u64;
        if self.blocks.first_seq == 0 {
            self.blocks.first_seq = block.seq;
        }
        let closes = facts_of(block.seq, body)?
            .into_iter()
            .any(|(_, fact)| matches!(fact, Fact::DayClosed { .. }));
        if !closes {
            follower.apply(block, body)?;
            self.add(follower, body);
        } else {
            self.close(follower, block, body, verified)?;
        }
        self.blocks.last_seq = block.seq;
        self.blocks.last_hash = block.hash;
        Ok(())
    }

    fn add(&mut self, follower: &Follower, body: &Body) {
        self.roll.learn(&follower.state.book);
        self.roll.add(body.batch.len(), &body.batch.lines);
    }

    /// A day closes in a block of its own facts: what the state says just before that fact is
    /// what its certificate must say.
    fn close(
        &mut self,
        follower: &mut Follower,
        block: &Block,
        body: &Body,
        verified: &mut Verified,
    ) -> Result<(), Fault> {
        self.roll.learn(&follower.state.book);
        self.roll.add(body.batch.len(), &body.batch.lines);
        let (roll, blocks) = (&self.roll, self.blocks);
        let differences = &mut verified.differences;
        crate::follower::apply_body(&mut follower.state, block.seq, body, |state, fact| {
            if let Fact::DayClosed { certificate, .. } = fact {
                let found = draw_up(&state.book, roll, blocks);
                differences.extend(compare(block.seq, certificate, &found));
            }
        })?;
        verified.days += 1;
        self.roll.next_day();
        self.blocks.first_seq = block.seq + 1;
        Ok(())
    }
}

fn compare(seq: u64, certified: &Certificate, found: &Certificate) -> Vec<Difference> {
    let text = |value: &dyn std::fmt::Debug| format!("{value:?}");
    let fields: [(&'static str, String, String); 9] = [
        ("day", certified.day.to_string(), found.day.to_string()),
        ("first_seq", text(&certified.first_seq), text(&found.first_seq)),
        ("last_seq", text(&certified.last_seq), text(&found.last_seq)),
        ("chain", certified.chain.clone(), found.chain.clone()),
        ("entries", text(&certified.entries), text(&found.entries)),
        ("lines", text(&certified.lines), text(&found.lines)),
        ("totals", text(&certified.totals), text(&found.totals)),
        ("gl_digest", certified.gl_digest.clone(), found.gl_digest.clone()),
        ("accounts_digest", certified.accounts_digest.clone(), found.accounts_digest.clone()),
    ];
    let day = certified.day;
    let mut differences: Vec<Difference> = fields
        .into_iter()
        .filter(|(_, certified, found)| certified != found)
        .map(|(field, certified, found)| Difference { day, seq, field, certified, found })
        .collect();
    for check in found.checks.iter().filter(|check| !check.passed) {
        differences.push(Difference {
            day,
            seq,
            field: "checks",
            certified: String::new(),
            found: format!("{} {}", check.code, check.found),
        });
    }
    differences
}
