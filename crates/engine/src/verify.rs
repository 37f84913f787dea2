//! `verify`: recomputes everything from the blocks alone, trusting no snapshot, no sealed file
//! and no figure but the hashes: the chain, every entry, and every certificate ever drawn up.

use crate::certificate::{DayBlocks, draw_up};
use crate::fault::Fault;
use crate::follower::{Decoded, Follower, apply};
use crate::records::{self, Expected};
use crate::roll::Roll;
use bank::State;
use ledger::Day;
use ledger::book::Phase;
use ledger::close::Certificate;
use ledger::fact::Fact;
use ledger::gl::GlClosing;
use store::Store;

/// What verifying found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    pub blocks: u64,
    pub entries: u64,
    pub lines: u64,
    pub days: u64,
    /// Hash of the last block (hex).
    pub chain: String,
    /// Certificates that do not come out again, entries that do not balance, checks that fail.
    pub differences: Vec<Difference>,
}

/// Where a certificate says something else than the blocks do, or the blocks contradict themselves.
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
    follower.each_block(|state, decoded| {
        day.block(state, decoded, &mut verified)?;
        progress(decoded.block.seq);
        Ok(())
    })?;
    day.end(&follower.state, &mut verified);
    let wrong = day.records.compare(&mut *follower.store, bank)?;
    let (today, seq) = (follower.state.book.today, follower.seq);
    verified.differences.extend(records::differences(&wrong, today, seq));
    verified.chain = ledger::hex(&follower.hash);
    Ok(verified)
}

#[derive(Default)]
struct Verifying {
    roll: Roll,
    blocks: DayBlocks,
    records: Expected,
}

impl Verifying {
    fn block(
        &mut self,
        state: &mut State,
        decoded: &Decoded,
        verified: &mut Verified,
    ) -> Result<(), Fault> {
        let (block, batch) = (&decoded.block, &decoded.body.batch);
        verified.blocks += 1;
        verified.entries += batch.len() as u64;
        verified.lines += batch.lines.len() as u64;
        if self.blocks.first_seq == 0 {
            self.blocks.first_seq = block.seq;
        }
        // A day closes in a block of its own: what the state says just before that fact is what
        // its certificate must say.
        let closes = decoded.closes_a_day();
        if closes {
            self.roll.learn(&state.book);
        }
        let (roll, blocks) = (&self.roll, self.blocks);
        let differences = &mut verified.differences;
        apply(state, decoded, |state, fact| {
            if let Fact::DayClosed { certificate, gl, .. } = fact {
                let found = draw_up(state, roll, blocks);
                differences.extend(compare(block.seq, certificate, &found));
                differences.extend(compare_gl(block.seq, certificate.day, gl, roll));
            }
        })?;
        self.records.add(&records::take(state));
        self.check_entries(state, decoded, verified);
        self.roll.learn(&state.book);
        self.roll.add(batch.len(), &batch.lines);
        if closes {
            verified.days += 1;
            self.roll.next_day();
            self.blocks.first_seq = block.seq + 1;
        }
        self.blocks.last_seq = block.seq;
        self.blocks.last_hash = block.hash;
        Ok(())
    }

    fn check_entries(&self, state: &State, decoded: &Decoded, verified: &mut Verified) {
        let book = &state.book;
        let unbalanced = book.unbalanced(&decoded.body.batch).into_iter().take(10);
        verified.differences.extend(unbalanced.map(|(at, unit, institution, sum)| Difference {
            day: decoded.body.business_date,
            seq: decoded.block.seq,
            field: "entry",
            certified: "0".to_owned(),
            found: format!(
                "{}: {} {} {sum}",
                decoded.body.first_entry.0 + at as u64,
                book.institution(institution).code,
                book.chart.unit(unit).code
            ),
        }));
    }

    /// No certificate covers a day that is still open: it must pass the checks as it stands.
    fn end(&self, state: &State, verified: &mut Verified) {
        if state.book.phase == Phase::Closed {
            return;
        }
        let (day, seq) = (state.book.today, self.blocks.last_seq);
        let found = draw_up(state, &self.roll, self.blocks);
        verified.differences.extend(failed(day, seq, &found));
    }
}

/// The closing rows that the next day began from must be those that the lines lead to.
fn compare_gl(seq: u64, day: Day, certified: &[GlClosing], roll: &Roll) -> Option<Difference> {
    let found = GlClosing::of(&roll.rows());
    if certified == found {
        return None;
    }
    let text = |rows: &[GlClosing], others: &[GlClosing]| {
        let own = rows.iter().filter(|row| !others.contains(row)).take(3);
        format!("{:?}", own.collect::<Vec<_>>())
    };
    let (certified, found) = (text(certified, &found), text(&found, certified));
    Some(Difference { day, seq, field: "gl", certified, found })
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
    differences.extend(failed(day, seq, found));
    differences
}

fn failed(day: Day, seq: u64, found: &Certificate) -> impl Iterator<Item = Difference> {
    found.checks.iter().filter(|check| !check.passed).map(move |check| Difference {
        day,
        seq,
        field: "checks",
        certified: String::new(),
        found: format!("{} {}", check.code, check.found),
    })
}
