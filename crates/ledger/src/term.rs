//! Accounts with a term (定期存款、定期贷款): what may be agreed, and what may be done before and
//! after maturity. Source: 储蓄管理条例 art. 24–26.

use crate::accrue::fitted;
use crate::book::{Book, PayingOut, Phase};
use crate::day::Day;
use crate::entry::{AccountId, Batch, EntryKind, Header, Key, Line};
use crate::fact::{Draft, Fact, Term};
use crate::interest::{self, Deposit};
use crate::post::Posted;
use crate::refusal::{self, Refusal};
use rust_decimal::Decimal;

/// Longest term, and how far back one may begin: interest on any amount over this time fits the
/// exact fractions of `interest`. It is a bound of the arithmetic, not a rule of a bank.
const YEARS_MAX: i16 = 100;
const DAYS_MAX: i32 = 36_525;

/// Decimals of a rate that interest computes with.
const DECIMALS_MAX: u32 = 12;

/// An application to withdraw a part of a deposit with a term (部分支取).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawalForm {
    pub account: AccountId,
    /// Where the part and its interest go; same unit.
    pub to: AccountId,
    pub amount: i64,
    pub key: Key,
    pub maker: String,
    pub checker: String,
}

/// An application to renew a deposit whose term has ended (转存).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenewalForm {
    pub account: AccountId,
    pub maturity: Day,
    pub rate: Decimal,
    pub key: Key,
    pub maker: String,
    pub checker: String,
}

impl Book {
    /// 部分支取: the part earns the current rate of the day for its days if it comes before
    /// maturity, else what it is due; the rest keeps its terms (储蓄管理条例 art. 24–25). One
    /// entry says it all, so that correcting it restores all. A retry answers the first receipt:
    /// it is computed as on the day of that.
    pub fn withdraw_term(
        &mut self,
        form: &WithdrawalForm,
        draft: &mut Draft,
    ) -> Result<Posted, Refusal> {
        let known = self.keys.get(form.key);
        let day = known.and_then(|known| self.day_of(known.entry)).unwrap_or(self.today);
        let whole = self.term_deposit(form.account, day)?;
        let head = self.accounts.heads[form.account.index()];
        let part = match known {
            Some(_) => Deposit { principal: form.amount, ..whole.0 },
            None => {
                self.check_destination(form)?;
                let split = whole.0.split(form.amount).map(|(part, _)| part);
                split.ok_or_else(|| {
                    let digits = self.chart.unit(head.unit).digits;
                    let number = self.accounts.number(form.account);
                    refusal::term_part(number, whole.0.principal, digits)
                })?
            }
        };
        let earned = fitted(part.interest_on_withdrawal(day, whole.1))?;
        let paid = form
            .amount
            .checked_add(earned)
            .ok_or_else(|| refusal::amount_overflow("amount", &form.amount.to_string()))?;
        let facts = draft.facts.len();
        let expense = self.interest_expense(form.account, draft);
        let mut lines = vec![Line::debit(form.account, form.amount)];
        lines.extend((earned > 0).then(|| Line::debit(expense, earned)));
        lines.push(Line::credit(form.to, paid));
        let header = self.term_header(form.account, day, &form.maker, &form.checker);
        let header = Header { code: "WITHDRAW".into(), summary: "部分支取".into(), ..header };
        let mut batch = Batch::default();
        batch.push(form.key, header, &lines);
        self.post_term(paying_out(form.account, expense), &batch, facts, draft)
    }

    /// 转存: interest of the term is added to the principal, and the sum begins another term on
    /// the day that the old one ended. Nothing is posted where there was no interest.
    pub fn renew_term(
        &mut self,
        form: &RenewalForm,
        draft: &mut Draft,
    ) -> Result<Option<Posted>, Refusal> {
        let known = self.keys.get(form.key);
        let day = known.and_then(|known| self.day_of(known.entry)).unwrap_or(self.today);
        let (deposit, _) = self.term_deposit(form.account, day)?;
        let term = self.terms[&form.account].clone();
        let asked = (term.maturity, term.rate) == (form.maturity, form.rate);
        let new = match known {
            Some(_) if asked => term,
            Some(known) => return Err(refusal::key_reused(form.key, known.entry)),
            // What is asked for stands, and no entry could have said so.
            None if asked && term.renewed_with == 0 => return Ok(None),
            None => self.renewal(form, &term, &deposit)?,
        };
        let header = self.term_header(form.account, day, &form.maker, &form.checker);
        let header = Header {
            code: "RENEW".into(),
            summary: "转存结息".into(),
            kind: EntryKind::Settlement,
            value_date: new.from,
            ..header
        };
        let mut posted = None;
        if new.renewed_with != 0 {
            let facts = draft.facts.len();
            let expense = self.interest_expense(form.account, draft);
            let interest = new.renewed_with;
            let lines = [Line::debit(expense, interest), Line::credit(form.account, interest)];
            let mut batch = Batch::default();
            batch.push(form.key, header, &lines);
            posted =
                Some(self.post_term(paying_out(form.account, expense), &batch, facts, draft)?);
        }
        if known.is_none() {
            self.record(Fact::TermRenewed { account: form.account, term: new }, draft);
        }
        Ok(posted)
    }

    /// The term that follows, after everything that could refuse it.
    fn renewal(&self, form: &RenewalForm, term: &Term, old: &Deposit) -> Result<Term, Refusal> {
        let (number, id) = (self.accounts.number(form.account), form.account);
        let status = self.accounts.heads[id.index()].status;
        if !status.may_receive() {
            return Err(refusal::status_forbids(number, status, true));
        }
        if self.today < term.maturity {
            return Err(refusal::term_not_due(number, term.maturity));
        }
        let header = self.term_header(id, self.today, &form.maker, &form.checker);
        self.check_header(&header)?;
        let (from, maturity, rate) = (term.maturity, form.maturity, form.rate);
        let new = Term { from, maturity, rate, renewed_with: 0 };
        self.check_term(&new)?;
        let days = interest::Term::Days(maturity.since(from));
        let sum = old.renewed(rate, days).map(|renewed| renewed.principal);
        let sum = sum.ok_or_else(|| refusal::amount_overflow("account", number))?;
        Ok(Term { renewed_with: sum - old.principal, ..new })
    }

    /// A deposit with a term, and the current rate of a day.
    fn term_deposit(&self, id: AccountId, day: Day) -> Result<(Deposit, Decimal), Refusal> {
        if self.phase != Phase::Open {
            return Err(refusal::day_not_open());
        }
        let kind = self.accounts.heads[id.index()].kind;
        let term = self.terms.get(&id).filter(|_| self.rules[kind.index()].natural < 0);
        let (Some(term), Some(terms)) = (term, &self.chart.kind(kind).terms) else {
            return Err(refusal::not_a_term_account(self.accounts.number(id)));
        };
        let rates = self.rates(terms, day)?;
        Ok((self.deposit(id, term, &rates), rates.current))
    }

    fn check_destination(&self, form: &WithdrawalForm) -> Result<(), Refusal> {
        let heads = &self.accounts.heads;
        let (from, to) = (&heads[form.account.index()], &heads[form.to.index()]);
        let number = self.accounts.number(form.to);
        if form.to == form.account {
            return Err(refusal::same_account(number));
        }
        if from.unit != to.unit {
            let codes = (&self.chart.unit(from.unit).code, &self.chart.unit(to.unit).code);
            return Err(refusal::wrong_unit(number, codes.0, codes.1).at("to"));
        }
        Ok(())
    }

    fn interest_expense(&mut self, id: AccountId, draft: &mut Draft) -> AccountId {
        let head = self.accounts.heads[id.index()];
        let terms = self.chart.kind(head.kind).terms.as_ref();
        let expense = terms.expect("a term belongs to a kind with terms").expense;
        self.ensure_internal(expense, head.institution, head.unit, draft)
    }

    fn term_header(&self, id: AccountId, day: Day, maker: &str, checker: &str) -> Header {
        let institution = self.accounts.heads[id.index()].institution;
        Header {
            business_date: day,
            maker: maker.into(),
            checker: checker.into(),
            channel: "counter".into(),
            ..self.system_header(EntryKind::Normal, institution, "", day)
        }
    }

    fn post_term(
        &mut self,
        out: PayingOut,
        batch: &Batch,
        facts: usize,
        draft: &mut Draft,
    ) -> Result<Posted, Refusal> {
        let posted = self.post_paying_out(out, batch, draft);
        if posted.as_ref().map_or(true, |posted| posted[0].again) {
            self.take_back_openings(facts, draft);
        }
        Ok(posted?[0])
    }

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
        if !receives && self.paying_out.is_none_or(|out| out.account != id) {
            return Err(refusal::term_pays(number));
        }
        if receives && self.accounts.heads[id.index()].balance != 0 {
            return Err(refusal::term_paid_in(number));
        }
        Ok(())
    }

    /// Posts entries that pay out an account and its interest.
    pub(crate) fn post_paying_out(
        &mut self,
        out: PayingOut,
        batch: &Batch,
        draft: &mut Draft,
    ) -> Result<Vec<Posted>, Refusal> {
        self.paying_out = Some(out);
        let posted = self.post_whole(batch, &mut draft.batch);
        self.paying_out = None;
        posted.map_err(|(_, refusal)| refusal)
    }
}

fn paying_out(account: AccountId, interest: AccountId) -> PayingOut {
    PayingOut { account, interest: Some(interest) }
}
