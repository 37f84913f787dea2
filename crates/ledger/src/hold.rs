//! Money set aside (止付、圈存、冻结): placed, paid from, released, expired.

use crate::book::Book;
use crate::day::Day;
use crate::entry::{AccountId, Batch};
use crate::fact::{By, Draft, Fact, Hold, HoldEnd, HoldKind};
use crate::post::Posted;
use crate::refusal::{self, Refusal};

/// A request to set money aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldForm {
    pub account: AccountId,
    pub amount: i64,
    pub kind: HoldKind,
    pub authority: String,
    pub document: String,
    pub until: Option<Day>,
    pub who: By,
}

impl Book {
    /// Places a hold and answers its number. A reserve takes only what is available; a freeze
    /// may exceed the balance and waits behind earlier ones (轮候冻结).
    pub fn place_hold(&mut self, form: HoldForm, draft: &mut Draft) -> Result<u64, Refusal> {
        if form.amount <= 0 {
            return Err(refusal::amount_not_positive(0, form.amount).at("amount"));
        }
        if form.until.is_some_and(|until| until < self.today) {
            return Err(refusal::hold_until_past(form.until.unwrap_or(self.today)));
        }
        let head = self.accounts.heads[form.account.index()];
        let number = self.accounts.number(form.account);
        if head.status == crate::account::Status::Closed {
            return Err(refusal::status_forbids(number, head.status, false));
        }
        let available = self.available(form.account);
        if form.kind == HoldKind::Reserve && form.amount > available {
            let digits = self.chart.unit(head.unit).digits;
            return Err(refusal::insufficient_funds(number, available, digits));
        }
        if head.held.checked_add(form.amount).is_none() {
            return Err(refusal::amount_overflow("amount", &form.amount.to_string()));
        }
        let id = self.next_hold;
        let HoldForm { account, amount, kind, authority, document, until, who } = form;
        let placed = self.today;
        let hold = Hold { id, account, amount, kind, authority, document, until, placed };
        self.record(Fact::HoldPlaced { hold, who }, draft);
        Ok(id)
    }

    /// Lowers a hold by `amount`, or takes it off whole.
    pub fn release_hold(
        &mut self,
        id: u64,
        amount: Option<i64>,
        (reason, who): (&str, By),
        draft: &mut Draft,
    ) -> Result<(), Refusal> {
        let hold = self.holds.get(&id).ok_or_else(|| refusal::unknown_hold(id))?;
        let by = amount.unwrap_or(hold.amount);
        if by <= 0 {
            return Err(refusal::amount_not_positive(0, by).at("amount"));
        }
        if by > hold.amount {
            let digits = self.chart.unit(self.accounts.heads[hold.account.index()].unit).digits;
            return Err(refusal::hold_exceeded(id, hold.amount, digits));
        }
        let why = HoldEnd::Released;
        self.record(Fact::HoldReduced { hold: id, by, why, reason: reason.into(), who }, draft);
        Ok(())
    }

    /// Pays `amount` out of a hold by the one entry of `input` (预授权完成、扣划). What the
    /// hold covers is the balance left by the holds placed before it.
    pub fn settle_hold(
        &mut self,
        id: u64,
        amount: i64,
        input: &Batch,
        draft: &mut Draft,
    ) -> Result<Posted, Refusal> {
        if self.keys.get(input.entries[0].key).is_some() {
            // The first receipt again, or a key that was used for something else.
            let posted = self.post_whole(input, &mut draft.batch);
            return posted.map(|posted| posted[0]).map_err(|(_, refusal)| refusal);
        }
        let hold = self.holds.get(&id).ok_or_else(|| refusal::unknown_hold(id))?.clone();
        let (at, head) = (hold.account.index(), self.accounts.heads[hold.account.index()]);
        let digits = self.chart.unit(head.unit).digits;
        if amount <= 0 {
            return Err(refusal::amount_not_positive(0, amount).at("amount"));
        }
        let (earlier, cover) = self.cover(&hold);
        if amount > cover {
            return Err(refusal::hold_exceeded(id, cover, digits));
        }
        let own = input.lines(0).iter().filter(|line| line.account == hold.account);
        let moved: i128 = own.map(|line| i128::from(line.effect())).sum();
        let paid = -moved * i128::from(self.rules[head.kind.index()].natural);
        if paid != i128::from(amount) {
            return Err(refusal::hold_amount_differs(id, amount, paid, digits));
        }
        // The hold and those behind it step aside for the payment, and back if it is refused;
        // those before it stay, as what they hold is not there to be paid.
        self.accounts.heads[at].held = earlier;
        let posted = self.post_whole(input, &mut draft.batch);
        self.accounts.heads[at].held = head.held;
        let posted = posted.map_err(|(_, refusal)| refusal)?[0];
        let (why, reason) = (HoldEnd::Settled, format!("{}", posted.no.0));
        let who = By::default();
        self.record(Fact::HoldReduced { hold: id, by: amount, why, reason, who }, draft);
        Ok(posted)
    }

    /// Takes off the holds whose last day lies before `day`.
    pub(crate) fn expire_holds(&mut self, day: Day, draft: &mut Draft) {
        let over = |hold: &&Hold| hold.until.is_some_and(|until| until < day);
        let expired: Vec<(u64, i64)> =
            self.holds.values().filter(over).map(|hold| (hold.id, hold.amount)).collect();
        for (hold, by) in expired {
            let (why, reason) = (HoldEnd::Expired, String::new());
            let who = By::default();
            self.record(Fact::HoldReduced { hold, by, why, reason, who }, draft);
        }
    }

    /// What the holds before this one set aside, and what they leave of the balance for it.
    fn cover(&self, hold: &Hold) -> (i64, i64) {
        let before = self.holds_of(hold.account).filter(|other| other.id < hold.id);
        let earlier: i64 = before.map(|other| other.amount).sum();
        let left = self.natural_balance(hold.account).saturating_sub(earlier);
        (earlier, left.clamp(0, hold.amount))
    }
}
