//! Correcting wrong entries (错账调整). The method follows from two dates, the wrong entry's and
//! today's (handbook 1.6): same day 抹账, same year 红字冲销, earlier year 蓝字反方向 with profit
//! effects through 以前年度损益调整. The original is never changed.

use crate::book::Book;
use crate::chart::Class;
use crate::day::Day;
use crate::entry::{
    AccountId, Batch, EntryKind, EntryNo, Header, ItemId, Key, KindId, Line, LineFlags, Mark,
};
use crate::fact::{Correction, Draft, Fact};
use crate::refusal::{self, Refusal};
use std::collections::BTreeMap;

/// An application to correct an entry (错账调整申请).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionForm {
    pub key: Key,
    /// system, operator, customer, other.
    pub class: String,
    pub cause: String,
    pub evidence: String,
    pub applicant: String,
    pub verifier: String,
    pub approver: String,
    /// Who posts; applicant and poster may be one person, poster and verifier may not.
    pub poster: String,
    pub notice: String,
    /// What the entry should have said (补正), one entry, if it should have been at all.
    pub rebook: Option<Batch>,
}

/// How an entry of `date` is undone on `today`.
pub fn method(date: Day, today: Day) -> EntryKind {
    if date == today {
        EntryKind::Cancel
    } else if date.year() == today.year() {
        EntryKind::RedReversal
    } else {
        EntryKind::BlueReversal
    }
}

impl Book {
    /// Undoes entry `no`, whose content the caller has loaded, and books it right if asked to:
    /// both or neither.
    pub fn correct(
        &mut self,
        no: EntryNo,
        original: &Batch,
        form: CorrectionForm,
        draft: &mut Draft,
    ) -> Result<Correction, Refusal> {
        let header = original.header(0);
        if let Some(&by) = self.corrected.get(&no) {
            if self.keys.get(form.key).is_none_or(|known| known.entry != by) {
                return Err(refusal::already_corrected(no, by));
            }
            let filed = self.filed(no);
            return match self.is_filed_as(&filed, &form) {
                true => Ok(filed),
                false => Err(refusal::key_reused(form.key, by)),
            };
        }
        if header.kind.undoes() || header.kind.by_system() {
            return Err(refusal::not_correctable(no));
        }
        let kind = method(header.business_date, self.today);
        let mut batch = Batch::default();
        let shortfall = self.undo_entry(no, original, kind, &form, &mut batch)?;
        if let Some(rebook) = &form.rebook {
            let rebook = self.rebooking(no, rebook);
            let start = u32::try_from(batch.lines.len()).expect("a batch is far below 2^32");
            batch.push(rebook.entries[0].key, rebook.header(0).clone(), rebook.lines(0));
            let marks = rebook.marks.iter();
            batch.marks.extend(marks.map(|mark| Mark { line: mark.line + start, ..*mark }));
        }
        let posted = self.post_whole(&batch, &mut draft.batch).map_err(|(_, refusal)| refusal)?;
        let correction = Correction {
            original: no,
            undo: posted[0].no,
            rebook: posted.get(1).map(|posted| posted.no),
            class: form.class,
            cause: form.cause,
            evidence: form.evidence,
            applicant: form.applicant,
            verifier: form.verifier,
            approver: form.approver,
            poster: form.poster,
            shortfall,
            notice: form.notice,
        };
        self.record(Fact::CorrectionFiled { correction: correction.clone() }, draft);
        Ok(correction)
    }

    /// The entry that books `no` right.
    fn rebooking(&self, no: EntryNo, entry: &Batch) -> Batch {
        let mut rebook = entry.single(0);
        let header = &mut rebook.headers[0];
        (header.kind, header.original, header.business_date) = (EntryKind::Rebook, no, self.today);
        rebook
    }

    /// Whether an application says what the one in the register did.
    fn is_filed_as(&self, filed: &Correction, form: &CorrectionForm) -> bool {
        let texts = [
            (&filed.class, &form.class),
            (&filed.cause, &form.cause),
            (&filed.evidence, &form.evidence),
            (&filed.applicant, &form.applicant),
            (&filed.verifier, &form.verifier),
            (&filed.approver, &form.approver),
            (&filed.poster, &form.poster),
            (&filed.notice, &form.notice),
        ];
        let rebooked = match (filed.rebook, &form.rebook) {
            (Some(no), Some(entry)) => {
                self.is_posted_as(no, &self.rebooking(filed.original, entry))
            }
            (filed, form) => filed.is_none() && form.is_none(),
        };
        rebooked && texts.iter().all(|(filed, form)| filed == form)
    }

    fn filed(&self, no: EntryNo) -> Correction {
        let mut filed = self.corrections.iter();
        filed
            .find(|filed| filed.original == no)
            .expect("an undone entry is in the register")
            .clone()
    }

    /// Writes the undoing entry into `batch` and answers what customers could not bear.
    fn undo_entry(
        &self,
        no: EntryNo,
        original: &Batch,
        kind: EntryKind,
        form: &CorrectionForm,
        batch: &mut Batch,
    ) -> Result<i64, Refusal> {
        let header = Header {
            business_date: self.today,
            code: "CORR".into(),
            maker: form.poster.as_str().into(),
            checker: form.verifier.as_str().into(),
            authoriser: form.approver.as_str().into(),
            channel: "correction".into(),
            document: form.evidence.as_str().into(),
            summary: format!("{}凭证{}：{}", kind.zh(), no.0, form.cause).into(),
            kind,
            original: no,
            ..original.header(0).clone()
        };
        let undone = original.lines(0).iter().map(|line| self.undone(kind, line));
        let undone = undone.collect::<Result<Vec<Line>, Refusal>>()?;
        let claims = self.claims(&undone)?;
        let mut lines = Vec::with_capacity(undone.len() + 1);
        for (at, (line, claim)) in undone.into_iter().zip(&claims).enumerate() {
            let here = u32::try_from(lines.len()).expect("an entry has few lines");
            if line.amount > *claim {
                batch.marks.extend(self.mark_of(no, original, at, here));
                lines.push(Line { amount: line.amount - claim, ..line });
            }
            if *claim > 0 {
                let account = self.counterpart(self.chart.system.shortfall, line.account)?;
                lines.push(Line::debit(account, *claim));
            }
        }
        batch.push(form.key, header, &lines);
        Ok(claims.iter().sum())
    }

    /// For each line, how much of it becomes a claim on the customer (待查错账): what the lines of
    /// an account take from it together beyond what it can bear, from the last line backwards.
    fn claims(&self, undone: &[Line]) -> Result<Vec<i64>, Refusal> {
        let mut moved: BTreeMap<AccountId, i128> = BTreeMap::new();
        for line in undone {
            *moved.entry(line.account).or_default() += i128::from(line.effect());
        }
        let mut short: BTreeMap<AccountId, i64> = BTreeMap::new();
        for (id, effect) in moved {
            let lacking = self.shortfall(id, effect)?;
            short.extend((lacking > 0).then_some((id, lacking)));
        }
        let mut claims = vec![0; undone.len()];
        for (line, claim) in undone.iter().zip(&mut claims).rev() {
            // What can be short is a deposit: its debits take.
            let left = short.get_mut(&line.account).filter(|_| line.effect() > 0);
            if let Some(left) = left {
                *claim = line.amount.min(*left);
                *left -= *claim;
            }
        }
        Ok(claims)
    }

    fn undone(&self, kind: EntryKind, line: &Line) -> Result<Line, Refusal> {
        if kind != EntryKind::BlueReversal {
            return Ok(Line { flags: LineFlags(line.flags.0 ^ LineFlags::RED), ..*line });
        }
        let of = self.accounts.heads[line.account.index()].kind;
        let class = self.chart.subject(self.chart.kind(of).subject).class;
        let account = match class {
            Class::Income | Class::Expense => {
                self.counterpart(self.chart.system.prior_year, line.account)?
            }
            _ => line.account,
        };
        Ok(Line { account, flags: LineFlags(line.flags.0 ^ LineFlags::CREDIT), ..*line })
    }

    /// The bank's own account of a kind at the place of another account.
    fn counterpart(&self, kind: KindId, of: AccountId) -> Result<AccountId, Refusal> {
        let head = &self.accounts.heads[of.index()];
        self.internal(kind, head.institution, head.unit).ok_or_else(|| {
            let code = &self.chart.kind(kind).code;
            refusal::unknown_code("account", ("内部账户", "internal account"), code)
        })
    }

    /// A line that opened an item takes it back; one that cleared an item restores it.
    fn mark_of(&self, no: EntryNo, original: &Batch, at: usize, here: u32) -> Option<Mark> {
        let line = &original.lines(0)[at];
        let rules = self.rules[self.accounts.heads[line.account.index()].kind.index()];
        let own = original.marks.iter().find(|mark| mark.line as usize == at);
        let quantity = own.and_then(|mark| mark.quantity);
        let cleared = own.and_then(|mark| mark.clears);
        let opened = ItemId { entry: no, line: u16::try_from(at).unwrap_or(u16::MAX) };
        let item = cleared.unwrap_or(opened);
        let stands = rules.open_item
            && (cleared.is_none() || self.items.contains_key(&(line.account, item)));
        let clears = stands.then_some(item);
        (clears.is_some() || quantity.is_some()).then_some(Mark { line: here, clears, quantity })
    }

    /// How much of what an entry takes from a customer's account it cannot bear. A loan that was
    /// repaid meanwhile owes the customer money, which no claim can stand for.
    fn shortfall(&self, id: AccountId, effect: i128) -> Result<i64, Refusal> {
        let head = &self.accounts.heads[id.index()];
        let rules = self.rules[head.kind.index()];
        let taken = -effect * i128::from(rules.natural);
        if !rules.customer || !rules.one_sided || taken <= 0 {
            return Ok(0);
        }
        let loan = rules.natural > 0;
        // A reversal may touch a frozen account, and takes nothing from it.
        let available = if head.status.may_pay() || loan { self.available(id) } else { 0 };
        let lacking = (taken - i128::from(available)).max(0);
        if lacking > 0 && loan {
            let digits = self.chart.unit(head.unit).digits;
            let (number, balance) = (self.accounts.number(id), self.natural_balance(id));
            return Err(refusal::correction_exceeds(number, balance, digits));
        }
        let taken = lacking.to_string();
        i64::try_from(lacking).map_err(|_| refusal::amount_overflow("entry", &taken))
    }
}
