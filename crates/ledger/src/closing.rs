//! Closing an account (销户): interest to today at today's rate (储蓄管理条例 art. 24–27), then
//! everything to another account, then the account is closed for ever.

use crate::account::Status;
use crate::accrue::{Interest, signed};
use crate::book::{Book, PayingOut, Phase};
use crate::entry::{AccountId, Batch, EntryKind, Header, Key, Line};
use crate::fact::{By, Draft, Fact};
use crate::refusal::{self, Refusal};

/// An application to close an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingForm {
    pub account: AccountId,
    /// Where the money goes; same unit.
    pub to: AccountId,
    pub key: Key,
    pub maker: String,
    pub checker: String,
    pub who: By,
}

impl Book {
    pub fn close_account(&mut self, form: &ClosingForm, draft: &mut Draft) -> Result<(), Refusal> {
        let head = self.accounts.heads[form.account.index()];
        self.check_closing(form)?;
        let interest = self.interest_on_closing(form.account)?;
        let mut batch = Batch::default();
        let mut balance = head.balance;
        let facts = draft.facts.len();
        if interest != Interest::default() {
            let header =
                self.system_header(EntryKind::Settlement, head.institution, "销户结息", self.today);
            let lines = self.interest_lines(form.account, interest, draft);
            let own = lines.iter().filter(|line| line.account == form.account);
            let paid: i64 = own.map(Line::effect).sum();
            let Some(left) = balance.checked_add(paid) else {
                self.take_back_openings(facts, draft);
                return Err(refusal::amount_overflow("interest", &paid.to_string()));
            };
            balance = left;
            batch.push(form.key.derived("interest"), header, &lines);
        }
        if balance != 0 {
            let amount = balance.abs();
            let lines = match balance < 0 {
                true => [Line::debit(form.account, amount), Line::credit(form.to, amount)],
                false => [Line::debit(form.to, amount), Line::credit(form.account, amount)],
            };
            batch.push(form.key, self.closing_header(form), &lines);
        }
        let out = PayingOut { account: form.account, interest: None };
        if let Err(refusal) = self.post_paying_out(out, &batch, draft) {
            self.take_back_openings(facts, draft);
            return Err(refusal);
        }
        let (account, from) = (form.account, self.today);
        self.record(Fact::AccountSettled { account, from }, draft);
        let (reason, document) = (String::from("销户"), String::new());
        let status = Status::Closed;
        let who = form.who.clone();
        self.record(Fact::StatusChanged { account, status, reason, document, who }, draft);
        Ok(())
    }

    /// Everything that could refuse, before the first fact is recorded.
    fn check_closing(&self, form: &ClosingForm) -> Result<(), Refusal> {
        let (head, to) =
            (&self.accounts.heads[form.account.index()], &self.accounts.heads[form.to.index()]);
        let number = self.accounts.number(form.account);
        if self.phase != Phase::Open {
            return Err(refusal::day_not_open());
        }
        if head.held != 0 {
            return Err(refusal::has_holds(number));
        }
        if head.status != Status::Normal {
            return Err(refusal::status_forbids(number, head.status, false));
        }
        if self.natural_balance(form.account) < 0 {
            let digits = self.chart.unit(head.unit).digits;
            return Err(refusal::balance_not_zero(number, head.balance, digits));
        }
        let to_number = self.accounts.number(form.to);
        if !to.status.may_receive() || form.to == form.account {
            return Err(refusal::status_forbids(to_number, to.status, true).at("to"));
        }
        if to.unit != head.unit {
            let codes = (&self.chart.unit(head.unit).code, &self.chart.unit(to.unit).code);
            return Err(refusal::wrong_unit(to_number, codes.0, codes.1).at("to"));
        }
        self.check_header(&self.closing_header(form))
    }

    fn closing_header(&self, form: &ClosingForm) -> Header {
        Header {
            code: "CLOSE".into(),
            maker: form.maker.as_str().into(),
            checker: form.checker.as_str().into(),
            channel: "counter".into(),
            kind: EntryKind::Normal,
            ..self.system_header(
                EntryKind::Normal,
                self.accounts.heads[form.account.index()].institution,
                "销户",
                self.today,
            )
        }
    }

    fn interest_lines(
        &mut self,
        id: AccountId,
        interest: Interest,
        draft: &mut Draft,
    ) -> Vec<Line> {
        let head = self.accounts.heads[id.index()];
        let chart = std::sync::Arc::clone(&self.chart);
        let terms = chart.kind(head.kind).terms.as_ref().expect("interest comes from terms");
        let deposit = self.rules[head.kind.index()].natural < 0;
        let (paid, charged) = match deposit {
            true => (interest.earned, interest.overdrawn),
            false => (interest.overdrawn, interest.earned),
        };
        let mut lines = Vec::new();
        if paid != 0 {
            let expense = self.ensure_internal(terms.expense, head.institution, head.unit, draft);
            lines.extend([signed(expense, paid), signed(id, -paid)].into_iter().flatten());
        }
        if charged != 0 {
            let income = self.ensure_internal(terms.income, head.institution, head.unit, draft);
            lines.extend([signed(id, charged), signed(income, -charged)].into_iter().flatten());
        }
        lines
    }
}
