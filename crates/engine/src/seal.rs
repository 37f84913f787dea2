//! Keeps closed days as Parquet in an archive: a folder or an object store. What the archive holds
//! of a day is believed only as far as the journal closed that day.

use crate::close::{ClosedDay, Seal};
use crate::fault::Fault;
use crate::follower::{decode_block, facts_of};
use crate::writer::Engine;
use history::archive::{Archive, ArchiveError};
use history::manifest::{Manifest, Period};
use history::seal::{AccountDay, ClosedDay as SealedDay};
use ledger::Day;
use ledger::close::Certificate;
use ledger::fact::Fact;
use store::{Block, Store};

/// Bytes of blocks read in one call.
const READ_BYTES: usize = 16 << 20;

/// Seals the days of one bank.
pub struct ArchiveSeal<'a> {
    pub archive: &'a Archive,
    pub bank: &'a str,
    /// Whose journal tells which sealed days are closed.
    pub engine: &'a Engine,
}

impl Seal for ArchiveSeal<'_> {
    fn seal(&mut self, day: &ClosedDay) -> Result<(), Fault> {
        match seal(self.archive, self.bank, day) {
            // The day was sealed otherwise. If the journal has not closed it, that was a close
            // that broke off: before its certificate was written, or because the books moved.
            Err(ArchiveError::AlreadySealed(..) | ArchiveError::Manifest(..))
                if !self.is_closed(day)? =>
            {
                self.seal_anew(day)
            }
            sealed => sealed.map(drop).map_err(fault),
        }
    }

    fn closed(&mut self, day: &ClosedDay) -> Result<(), Fault> {
        // Another node may have taken ours for the rest of a close that broke off, and sealed its
        // own before it lost the day to us.
        let manifest = self.archive.manifest(self.bank, Period::Day(day.day));
        if manifest.is_ok_and(|manifest| manifest.chain.last_seq == day.blocks.last_seq) {
            return Ok(());
        }
        self.seal_anew(day)
    }
}

impl ArchiveSeal<'_> {
    fn seal_anew(&self, day: &ClosedDay) -> Result<(), Fault> {
        self.archive.unseal(self.bank, Period::Day(day.day)).map_err(fault)?;
        seal(self.archive, self.bank, day).map(drop).map_err(fault)
    }

    fn is_closed(&self, day: &ClosedDay) -> Result<bool, Fault> {
        let (day, from) = (day.day, day.blocks.first_seq);
        self.engine.with_store(move |store, bank| has_closed(store, bank, day, from))?
    }
}

/// Seals a day, unless it is sealed with other content.
pub(crate) fn seal(
    archive: &Archive,
    bank: &str,
    day: &ClosedDay,
) -> Result<Manifest, ArchiveError> {
    let heads = day.names.accounts.heads.iter();
    let accounts: Vec<AccountDay> = heads
        .map(|head| {
            let (debit, credit) = head.turnover(day.day);
            AccountDay { opening: head.balance - debit + credit, held: head.held }
        })
        .collect();
    archive.seal(&SealedDay {
        bank,
        day: day.day,
        blocks: &day.bodies,
        directory: &day.names,
        accounts: &accounts,
        gl: &day.gl,
        full_balances: day.full,
        first_seq: day.blocks.first_seq,
        last_seq: day.blocks.last_seq,
        last_hash: day.blocks.last_hash,
    })
}

/// The certificate by which a block closes a day, if it does.
pub fn certificate_at(
    store: &mut dyn Store,
    bank: &str,
    seq: u64,
) -> Result<Option<Certificate>, Fault> {
    let blocks = store.read(bank, seq, 1)?;
    match blocks.first().filter(|block| block.seq == seq) {
        Some(block) => certificate_in(block),
        None => Ok(None),
    }
}

/// Whether the journal, from this block on, closes the day.
fn has_closed(store: &mut dyn Store, bank: &str, day: Day, from: u64) -> Result<bool, Fault> {
    let mut next = from;
    loop {
        let blocks = store.read(bank, next, READ_BYTES)?;
        let Some(last) = blocks.last() else { return Ok(false) };
        next = last.seq + 1;
        for block in &blocks {
            if certificate_in(block)?.is_some_and(|certificate| certificate.day == day) {
                return Ok(true);
            }
        }
    }
}

fn certificate_in(block: &Block) -> Result<Option<Certificate>, Fault> {
    let facts = facts_of(block.seq, &decode_block(block)?)?;
    Ok(facts.into_iter().find_map(|(_, fact)| match fact {
        Fact::DayClosed { certificate, .. } => Some(*certificate),
        _ => None,
    }))
}

fn fault(error: ArchiveError) -> Fault {
    Fault::Archive(error.to_string())
}
