//! Accounts with a term (定期存款、定期贷款): what may be agreed, and what may be done before and
//! after maturity. Source: 储蓄管理条例 art. 24–26.

use crate::book::Book;
use crate::day::Day;
use crate::entry::{AccountId, Batch};
use crate::fact::{Draft, Term};
use crate::post::Posted;
use crate::refusal::{self, Refusal};
use rust_decimal::Decimal;

/// Longest term, and how far back one may begin: interest on any amount over this time fits the
/// exact fractions of `interest`. It is a bound of the arithmetic, not a rule of a bank.
const YEARS_MAX: i16 = 100;
const DAYS_MAX: i32 = 36_525;

/// Decimals of a rate that interest computes with.
const DECIMALS_MAX: u32 = 12;

impl Book {
    /// Refuses a term that interest cannot be computed by.
    pub fn check_term(&self, term: &Term) -> Result<(), Refusal> {
        let opened = self.today != Day::default();
        if opened && term.from > self.today {
            return Err(refusal::term_ahead(term.from, self.today));
        }
        let days = term.maturity.since(term.from);
        if days <= 0 || days > DAYS_MAX {
            return Err(refusal::term_length(term.from, term.maturity, YEARS_MAX));
        }
        let (from, since) = (term.from, self.today.plus(-DAYS_MAX));
        if opened && from < since || from.year() < 1900 {
            return Err(refusal::term_length(term.from, term.maturity, YEARS_MAX).at("from"));
        }
        let decimals = term.rate.normalize().scale();
        if term.rate < Decimal::ZERO || term.rate > Decimal::ONE || decimals > DECIMALS_MAX {
            return Err(refusal::term_rate(term.rate));
        }
        Ok(())
    }

    /// A deposit with a term is paid in once and not paid out by entries: each amount would need
    /// days of its own. Corrections and the system's own entries are free.
    pub(crate) fn check_term_line(&self, id: AccountId, receives: bool) -> Result<(), Refusal> {
        let number = self.accounts.number(id);
        if !receives && !self.is_paid_out(id) {
            return Err(refusal::term_pays(number));
        }
        if receives && self.accounts.heads[id.index()].balance != 0 {
            return Err(refusal::term_paid_in(number));
        }
        Ok(())
    }

    pub(crate) fn is_paid_out(&self, id: AccountId) -> bool {
        self.paying_out.is_some_and(|accounts| accounts.contains(&id))
    }

    /// Posts entries that pay out an account and its interest.
    pub(crate) fn post_paying_out(
        &mut self,
        accounts: [AccountId; 2],
        batch: &Batch,
        draft: &mut Draft,
    ) -> Result<Vec<Posted>, Refusal> {
        self.paying_out = Some(accounts);
        let posted = self.post_whole(batch, &mut draft.batch);
        self.paying_out = None;
        posted.map_err(|(_, refusal)| refusal)
    }
}
