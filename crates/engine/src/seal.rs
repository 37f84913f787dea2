//! Keeps closed days as Parquet in an archive: a folder or an object store.

use crate::close::{ClosedDay, Seal};
use crate::fault::Fault;
use history::archive::Archive;
use history::seal::{AccountDay, ClosedDay as SealedDay};

/// Seals the days of one bank.
pub struct ArchiveSeal<'a> {
    pub archive: &'a Archive,
    pub bank: &'a str,
}

impl Seal for ArchiveSeal<'_> {
    fn seal(&mut self, day: &ClosedDay) -> Result<(), Fault> {
        let accounts: Vec<AccountDay> = day
            .names
            .accounts
            .heads
            .iter()
            .map(|head| {
                let (debit, credit) = head.turnover(day.day);
                AccountDay { opening: head.balance - debit + credit, held: head.held }
            })
            .collect();
        let sealed = SealedDay {
            bank: self.bank,
            day: day.day,
            blocks: &day.bodies,
            directory: &day.names,
            accounts: &accounts,
            gl: &day.gl,
            full_balances: day.full,
            first_seq: day.blocks.first_seq,
            last_seq: day.blocks.last_seq,
            last_hash: day.blocks.last_hash,
        };
        let sealed = self.archive.seal(&sealed);
        sealed.map(drop).map_err(|error| Fault::Archive(error.to_string()))
    }
}
