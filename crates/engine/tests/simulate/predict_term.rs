//! What the model expects of deposits with a term: parts withdrawn, and another term.

use super::model::{Item, Model};
use super::posting::{Code, Request, required, short};
use super::predict::{Answer, Plan, System};
use super::predict_day::{fact, line};
use bank::form::{RenewForm, TermForm, WithdrawForm, key_of};
use ledger::account::Status;
use ledger::book::Phase;
use ledger::entry::{AccountId, EntryKind, Header};
use ledger::fact::{Fact, Term};
use ledger::{Day, EntryNo};
use rust_decimal::Decimal;

/// Who asks, and under which key.
struct Asked<'a> {
    maker: &'a str,
    checker: &'a str,
    key: &'a str,
}

impl Model {
    fn term_of(&self, number: &str, asked: &Asked) -> Result<(usize, Term), Code> {
        required(&[asked.key])?;
        short(&[asked.maker, asked.checker])?;
        let at = self.account(number).ok_or("UnknownAccount")?;
        Ok((at, self.accounts[at].term.clone().ok_or("NotATermAccount")?))
    }

    fn term_header(&self, at: usize, day: Day, asked: &Asked, words: [&str; 2]) -> Header {
        Header {
            business_date: day,
            value_date: day,
            institution: self.accounts[at].institution,
            code: words[0].into(),
            maker: asked.maker.into(),
            checker: asked.checker.into(),
            authoriser: "".into(),
            channel: "counter".into(),
            document: "".into(),
            attachments: 0,
            summary: words[1].into(),
            kind: EntryKind::Normal,
            original: EntryNo(0),
        }
    }

    /// The day of the entry that a key stands for, or today.
    fn day_of_key(&self, key: &str) -> (bool, Day) {
        match self.known(key_of(key)) {
            Some(entry) => (true, entry.header.business_date),
            None => (false, self.today),
        }
    }

    fn paid_out(
        &self,
        at: usize,
        request: impl FnOnce(usize) -> Request,
    ) -> Result<(Answer, Vec<Item>), Code> {
        let terms = self.kind(at).terms.clone().expect("a term belongs to a kind with terms");
        let place = (self.accounts[at].institution, self.accounts[at].unit);
        let (mut scratch, mut items) = (self.clone(), Vec::new());
        let expense = scratch.ensure(terms.expense, place, &mut items);
        scratch.paying_out = vec![at, expense];
        let receipt = scratch.post(&request(expense))?;
        if receipt.again {
            items.clear();
        }
        let new = scratch.entries[self.entries.len()..].iter().cloned();
        items.extend(new.map(Item::Entry));
        Ok((Answer::Entry(receipt), items))
    }

    pub(super) fn plan_withdrawal(&self, form: &WithdrawForm) -> Result<Plan, Code> {
        let WithdrawForm { account: number, to, amount, maker, checker, key } = form;
        let asked = &Asked { maker, checker, key };
        required(&[asked.key])?;
        short(&[asked.maker, asked.checker])?;
        let at = self.account(number).ok_or("UnknownAccount")?;
        let to = self.account(to).ok_or("UnknownAccount")?;
        let digits = self.chart.unit(self.accounts[at].unit).digits;
        let part = ledger::money::parse(amount, digits, "").map_err(|refusal| refusal.code)?;
        if self.phase != Phase::Open {
            return Err("DayNotOpen");
        }
        let (_, term) = self.term_of(number, asked)?;
        let (known, day) = self.day_of_key(asked.key);
        if !known {
            if to == at {
                return Err("SameAccount");
            }
            if self.accounts[to].unit != self.accounts[at].unit {
                return Err("WrongUnit");
            }
            if part <= 0 || i128::from(part) >= self.natural(at) {
                return Err("TermPart");
            }
        }
        let earned = self.interest_on_part(at, &term, part.into(), day);
        let (answer, items) = self.paid_out(at, |expense| {
            let part = i128::from(part);
            let mut lines = vec![line(at, false, part)];
            lines.extend((earned > 0).then(|| line(expense, false, earned)));
            lines.push(line(to, true, part + earned));
            let header = self.term_header(at, day, asked, ["WITHDRAW", "部分支取"]);
            Request { key: key_of(asked.key), header, lines, marks: Vec::new() }
        })?;
        Ok(Plan { answer, items, system: System::Nothing })
    }

    pub(super) fn plan_renewal(&self, form: &RenewForm) -> Result<Plan, Code> {
        let RenewForm { account: number, maturity, rate, maker, checker, key } = form;
        let (maturity, rate) = (*maturity, *rate);
        let asked = &Asked { maker, checker, key };
        required(&[asked.key])?;
        short(&[asked.maker, asked.checker])?;
        self.account(number).ok_or("UnknownAccount")?;
        if self.phase != Phase::Open {
            return Err("DayNotOpen");
        }
        let (at, term) = self.term_of(number, asked)?;
        let (known, day) = self.day_of_key(asked.key);
        let asked_before = term.maturity == maturity && term.rate == rate;
        if known && !asked_before {
            return Err("KeyReused");
        }
        let nothing = Plan { answer: Answer::Done, items: Vec::new(), system: System::Nothing };
        if !known && asked_before && term.renewed_with == 0 {
            return Ok(nothing);
        }
        let new = if known { term } else { self.renewed(at, &term, maturity, rate, asked)? };
        let (mut answer, mut items) = (Answer::Done, Vec::new());
        if new.renewed_with != 0 {
            (answer, items) = self.paid_out(at, |expense| {
                let interest = i128::from(new.renewed_with);
                let lines = vec![line(expense, false, interest), line(at, true, interest)];
                let header = self.term_header(at, day, asked, ["RENEW", "转存结息"]);
                let (kind, value_date) = (EntryKind::Settlement, new.from);
                let header = Header { kind, value_date, ..header };
                Request { key: key_of(asked.key), header, lines, marks: Vec::new() }
            })?;
        }
        if !known {
            let account = AccountId(at as u32);
            items.push(fact(Fact::TermRenewed { account, term: new }));
        }
        Ok(Plan { answer, items, ..nothing })
    }

    fn renewed(
        &self,
        at: usize,
        term: &Term,
        maturity: Day,
        rate: Decimal,
        asked: &Asked,
    ) -> Result<Term, Code> {
        let status = self.accounts[at].status;
        if !matches!(status, Status::Normal | Status::ReceiveOnly) {
            return Err(ledger::refusal::status_forbids("", status, true).code);
        }
        if self.today < term.maturity {
            return Err("TermNotDue");
        }
        self.check_header(&self.term_header(at, self.today, asked, ["", ""]))?;
        let new = self.agreed(&TermForm { from: Some(term.maturity), maturity, rate })?;
        let due = self.agreed_interest(at, term);
        let renewed_with = i64::try_from(due).expect("the simulation keeps such amounts small");
        Ok(Term { renewed_with, ..new })
    }
}
