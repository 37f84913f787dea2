//! Accounts with a term (定期存款、定期贷款): what may be agreed, and what may be done before and
//! after maturity. Source: 储蓄管理条例 art. 24–26.

use crate::book::Book;
use crate::day::Day;
use crate::fact::Term;
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
}
