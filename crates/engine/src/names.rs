//! The names behind ids, as sealing and reports need them: taken from the state once, so that
//! long work on files does not hold up the bank.

use history::lines::{AccountRef, Directory, UnitRef};
use ledger::account::Accounts;
use ledger::book::{Book, Institution};
use ledger::chart::Chart;
use ledger::entry::{AccountId, InstitutionId, KindId, SubjectId, UnitId};
use std::sync::Arc;

/// Accounts, institutions and chart of a bank at one moment.
#[derive(Clone, Debug)]
pub struct Names {
    pub accounts: Accounts,
    pub institutions: Vec<Institution>,
    pub chart: Arc<Chart>,
}

impl Names {
    pub fn of(book: &Book) -> Self {
        Self {
            accounts: book.accounts.clone(),
            institutions: book.institutions.clone(),
            chart: Arc::clone(&book.chart),
        }
    }
}

impl Directory for Names {
    fn accounts(&self) -> u32 {
        u32::try_from(self.accounts.len()).expect("ids are u32")
    }

    fn account(&self, id: AccountId) -> AccountRef<'_> {
        let head = &self.accounts.heads[id.index()];
        AccountRef {
            no: self.accounts.number(id),
            name: self.accounts.name(id),
            kind: head.kind,
            subject: self.chart.kind(head.kind).subject,
            institution: head.institution,
            unit: head.unit,
        }
    }

    fn kind_code(&self, id: KindId) -> &str {
        &self.chart.kind(id).code
    }

    fn subject_code(&self, id: SubjectId) -> &str {
        &self.chart.subject(id).code
    }

    fn institution_code(&self, id: InstitutionId) -> &str {
        &self.institutions[id.index()].code
    }

    fn unit(&self, id: UnitId) -> UnitRef<'_> {
        let unit = self.chart.unit(id);
        UnitRef { code: &unit.code, digits: unit.digits }
    }
}
