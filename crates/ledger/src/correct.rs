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
            return match self.keys.get(form.key) {
                Some(known) if known.entry == by => Ok(self.filed(no)),
                _ => Err(refusal::already_corrected(no, by)),
            };
        }
        if header.kind.undoes() || header.kind.by_system() {
            return Err(refusal::not_correctable(no));
        }
        let kind = method(header.business_date, self.today);
        let mut batch = Batch::default();
        let shortfall = self.undo_entry(no, original, kind, &form, &mut batch)?;
        if let Some(rebook) = &form.rebook {
            let header = Header {
                kind: EntryKind::Rebook,
                original: no,
                business_date: self.today,
                ..rebook.header(0).clone()
            };
            let start = u32::try_from(batch.lines.len()).expect("a batch is far below 2^32");
            batch.push(rebook.entries[0].key, header, rebook.lines(0));
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
        let mut lines = Vec::with_capacity(original.lines.len() + 1);
        let mut total_shortfall = 0;
        for (at, line) in original.lines(0).iter().enumerate() {
            let undone = self.undone(kind, line)?;
            let here = u32::try_from(lines.len()).expect("an entry has few lines");
            batch.marks.extend(self.mark_of(no, original, at, here));
            let short = self.shortfall(&undone, &lines);
            if short == 0 {
                lines.push(undone);
                continue;
            }
            total_shortfall += short;
            let part = undone.amount - short;
            lines.extend((part > 0).then_some(Line { amount: part, ..undone }));
            let account = self.counterpart(self.chart.system.shortfall, undone.account)?;
            lines.push(Line::debit(account, short));
        }
        batch.push(form.key, header, &lines);
        Ok(total_shortfall)
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

    /// How much of a line the customer's balance cannot bear, after the lines before it.
    fn shortfall(&self, line: &Line, before: &[Line]) -> i64 {
        let head = &self.accounts.heads[line.account.index()];
        let rules = self.rules[head.kind.index()];
        if !rules.customer || !rules.one_sided || line.effect() * rules.natural >= 0 {
            return 0;
        }
        let earlier = before.iter().filter(|other| other.account == line.account);
        let moved: i64 = earlier.map(|other| other.effect() * rules.natural).sum();
        let natural = (head.balance * rules.natural).saturating_add(moved);
        let available = natural.saturating_sub(head.held).saturating_add(rules.limit).max(0);
        (line.amount - available).max(0)
    }
}
