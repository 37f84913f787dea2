//! What the model expects of corrections, of closing accounts, and of the bank's day.

use super::model::{Entry, Item, Model, effect};
use super::posting::{Code, Request, required, same_body, short};
use super::predict::{Answer, Plan, System, who};
use bank::form::{CorrectForm, key_of};
use ledger::account::Status;
use ledger::book::Phase;
use ledger::calendar::Period;
use ledger::chart::Class;
use ledger::close::{Certificate, Step};
use ledger::entry::{AccountId, EntryKind, Header, InstitutionId, ItemId, Line, LineFlags, UnitId};
use ledger::fact::{By, Correction, Fact, HoldEnd, Opening};
use ledger::gl::GlClosing;
use ledger::{Day, EntryNo};
use std::sync::Arc;

type Planned = Result<Plan, Code>;

fn plan(answer: Answer, items: Vec<Item>) -> Planned {
    Ok(Plan { answer, items, system: System::Nothing })
}

pub(super) fn fact(fact: Fact) -> Item {
    Item::Fact(Arc::new(fact))
}

pub(super) fn line(account: usize, credit: bool, amount: i128) -> Line {
    let flags = if credit { LineFlags::credit() } else { LineFlags::debit() };
    let amount = i64::try_from(amount).expect("the simulation keeps such amounts small");
    Line { account: AccountId(account as u32), flags, amount }
}

impl Model {
    pub(super) fn plan_correction(&self, form: &CorrectForm) -> Planned {
        for text in [
            &form.key,
            &form.cause,
            &form.evidence,
            &form.applicant,
            &form.verifier,
            &form.approver,
            &form.poster,
        ] {
            required(&[text])?;
            short(&[text])?;
        }
        if [&form.verifier, &form.approver].contains(&&form.applicant) {
            return Err("SamePerson");
        }
        let at = form.entry.checked_sub(1).ok_or("UnknownEntry")?;
        let original = self.entries.get(at as usize).ok_or("UnknownEntry")?;
        let rebook = form.rebook.as_ref().map(|entry| self.resolve(entry)).transpose()?;
        if let Some(by) = self.undone_by(form.entry) {
            let filed = self.corrections.iter().find(|one| one.original.0 == form.entry);
            let filed = filed.expect("an undone entry is in the register");
            if self.known(key_of(&form.key)).is_none_or(|known| known.no != by) {
                return Err("AlreadyCorrected");
            }
            let booked = match (filed.rebook, rebook) {
                (Some(no), Some(request)) => {
                    let request = self.rebooking(form.entry, request);
                    let known = self.known(request.key).filter(|known| known.no == no.0);
                    known.is_some_and(|known| same_body(known, &request))
                }
                (filed, rebook) => filed.is_none() && rebook.is_none(),
            };
            let same = booked
                && [&filed.class, &filed.cause, &filed.evidence, &filed.applicant]
                    == [&form.class, &form.cause, &form.evidence, &form.applicant]
                && [&filed.verifier, &filed.approver, &filed.poster, &filed.notice]
                    == [&form.verifier, &form.approver, &form.poster, &form.notice];
            let rebook = filed.rebook.map(|no| no.0);
            let answer = Answer::Correction { undo: filed.undo.0, rebook };
            return if same { plan(answer, Vec::new()) } else { Err("KeyReused") };
        }
        let kind = original.header.kind;
        if !matches!(kind, EntryKind::Normal | EntryKind::Rebook) {
            return Err("NotCorrectable");
        }
        let (undo, shortfall) = self.undoing(original, form)?;
        let mut scratch = self.clone();
        let undone = scratch.post(&undo)?;
        let rebooked = rebook.map(|request| scratch.post(&self.rebooking(form.entry, request)));
        let rebooked = rebooked.transpose()?.map(|receipt| EntryNo(receipt.no));
        let mut items: Vec<Item> =
            scratch.entries[self.entries.len()..].iter().cloned().map(Item::Entry).collect();
        let correction = Correction {
            original: EntryNo(form.entry),
            undo: EntryNo(undone.no),
            rebook: rebooked,
            class: form.class.clone(),
            cause: form.cause.clone(),
            evidence: form.evidence.clone(),
            applicant: form.applicant.clone(),
            verifier: form.verifier.clone(),
            approver: form.approver.clone(),
            poster: form.poster.clone(),
            shortfall: i64::try_from(shortfall).expect("below the amounts of the entry"),
            notice: form.notice.clone(),
        };
        items.push(fact(Fact::CorrectionFiled { correction }));
        let rebook = rebooked.map(|no| no.0);
        plan(Answer::Correction { undo: undone.no, rebook }, items)
    }

    fn rebooking(&self, no: u64, mut request: Request) -> Request {
        request.header.kind = EntryKind::Rebook;
        request.header.original = EntryNo(no);
        request.header.business_date = self.today;
        request
    }

    /// The entry that undoes another, and what customers could not bear of it.
    fn undoing(&self, original: &Entry, form: &CorrectForm) -> Result<(Request, i128), Code> {
        let date = original.header.business_date;
        let kind = match date {
            date if date == self.today => EntryKind::Cancel,
            date if date.year() == self.today.year() => EntryKind::RedReversal,
            _ => EntryKind::BlueReversal,
        };
        let undone = original.lines.iter().map(|line| self.undone_line(kind, line));
        let undone = undone.collect::<Result<Vec<Line>, Code>>()?;
        let claims = self.claims(&undone)?;
        let (mut lines, mut marks) = (Vec::<Line>::new(), Vec::new());
        for (at, line) in original.lines.iter().enumerate() {
            let (undone, short) = (undone[at], claims[at]);
            let here = lines.len();
            let mark = original.marks.iter().find(|mark| mark.0 == at);
            let mut clears = mark.and_then(|mark| mark.1);
            let quantity = mark.and_then(|mark| mark.2);
            if self.kind(line.account.index()).open_item {
                let opened = ItemId { entry: EntryNo(original.no), line: at as u16 };
                let stands = |item: &ItemId| self.items().contains_key(&(line.account, *item));
                clears = match clears {
                    Some(item) => Some(item).filter(stands),
                    None => Some(opened),
                };
            } else {
                clears = None;
            }
            let left = undone.amount - i64::try_from(short).expect("a part of the amount");
            if left > 0 {
                if clears.is_some() || quantity.is_some() {
                    marks.push((here, clears, quantity));
                }
                lines.push(Line { amount: left, ..undone });
            }
            if short == 0 {
                continue;
            }
            let place = &self.accounts[undone.account.index()];
            let system = self.chart.system;
            let account = self.internal(system.shortfall, place.institution, place.unit);
            lines.push(self::line(account.ok_or("UnknownCode")?, false, short));
        }
        let header = Header {
            business_date: self.today,
            code: "CORR".into(),
            maker: form.poster.as_str().into(),
            checker: form.verifier.as_str().into(),
            authoriser: form.approver.as_str().into(),
            channel: "correction".into(),
            document: form.evidence.as_str().into(),
            summary: format!("{}凭证{}：{}", kind.zh(), original.no, form.cause).into(),
            kind,
            original: EntryNo(original.no),
            ..original.header.clone()
        };
        let total = claims.iter().sum();
        Ok((Request { key: key_of(&form.key), header, lines, marks }, total))
    }

    fn undone_line(&self, kind: EntryKind, line: &Line) -> Result<Line, Code> {
        if kind != EntryKind::BlueReversal {
            return Ok(Line { flags: LineFlags(line.flags.0 ^ LineFlags::RED), ..*line });
        }
        let at = line.account.index();
        let flags = LineFlags(line.flags.0 ^ LineFlags::CREDIT);
        if !matches!(self.class(at), Class::Income | Class::Expense) {
            return Ok(Line { flags, ..*line });
        }
        let place = &self.accounts[at];
        let prior = self.internal(self.chart.system.prior_year, place.institution, place.unit);
        let account = AccountId(prior.ok_or("UnknownCode")? as u32);
        Ok(Line { account, flags, ..*line })
    }

    /// What of each line the customer cannot bear: of all that an account gives and gets the sum
    /// counts, and its last lines are cut first.
    fn claims(&self, undone: &[Line]) -> Result<Vec<i128>, Code> {
        let mut claims = vec![0; undone.len()];
        for (first, line) in undone.iter().enumerate() {
            let account = line.account;
            if undone[..first].iter().any(|other| other.account == account) {
                continue;
            }
            let (at, own) = (account.index(), |line: &&Line| line.account == account);
            let nature = self.nature(at);
            let taken = -undone.iter().filter(own).map(effect).sum::<i128>() * nature.sign;
            let loan = nature.sign > 0;
            let frozen =
                !loan && !matches!(self.accounts[at].status, Status::Normal | Status::PayOnly);
            let available = if frozen { 0 } else { self.available(at) };
            if self.kind(at).internal || !nature.one_sided || taken <= available.max(0) {
                continue;
            }
            if loan {
                return Err("CorrectionExceeds");
            }
            let mut left = taken - available;
            for (place, line) in undone.iter().enumerate().rev() {
                if line.account == account && effect(line) > 0 {
                    claims[place] = left.min(line.amount.into());
                    left -= claims[place];
                }
            }
        }
        Ok(claims)
    }

    /// 销户: interest to today, what is left to another account, closed.
    pub(super) fn plan_closing(
        &self,
        number: &str,
        to: &str,
        [maker, checker]: [&str; 2],
        key: &str,
    ) -> Planned {
        required(&[key])?;
        let at = self.account(number).ok_or("UnknownAccount")?;
        let words = ["close", number, to, maker, checker];
        let to = self.account(to).ok_or("UnknownAccount")?;
        let who = who(maker, key, &words);
        if self.answered(who.asked.as_ref())?.is_some() {
            return plan(Answer::Done, Vec::new());
        }
        let header = self.check_closing(at, to, [maker, checker])?;
        let (earned, overdrawn) = self.closing_interest(at, &self.movements()[at]);
        let deposit = self.nature(at).sign < 0;
        let (paid, charged) = if deposit { (earned, overdrawn) } else { (overdrawn, earned) };
        let mut scratch = self.clone();
        scratch.paying_out.push(at);
        let mut items = Vec::new();
        if (paid, charged) != (0, 0) {
            let terms = self.kind(at).terms.clone().expect("interest comes from terms");
            let place = (self.accounts[at].institution, self.accounts[at].unit);
            let mut lines = Vec::new();
            for (amount, kind, credit) in
                [(paid, terms.expense, true), (charged, terms.income, false)]
            {
                if amount != 0 {
                    let (credit, amount) = (credit == (amount > 0), amount.abs());
                    let counter = scratch.ensure(kind, place, &mut items);
                    let own = line(at, credit, amount);
                    let other = line(counter, !credit, amount);
                    lines.extend(if kind == terms.expense { [other, own] } else { [own, other] });
                }
            }
            let header = Header {
                kind: EntryKind::Settlement,
                maker: "".into(),
                checker: "".into(),
                ..header.clone()
            };
            let key = key_of(key).derived("interest");
            let first = scratch.entries.len();
            scratch.post(&Request { key, header, lines, marks: Vec::new() })?;
            items.extend(scratch.entries[first..].iter().cloned().map(Item::Entry));
        }
        let balance = scratch.balance(at);
        if balance != 0 {
            let (amount, pays) = (balance.abs(), balance < 0);
            let (own, other) = (line(at, !pays, amount), line(to, pays, amount));
            let lines = if pays { vec![own, other] } else { vec![other, own] };
            let first = scratch.entries.len();
            scratch.post(&Request { key: key_of(key), header, lines, marks: Vec::new() })?;
            items.extend(scratch.entries[first..].iter().cloned().map(Item::Entry));
        }
        let account = AccountId(at as u32);
        items.push(fact(Fact::AccountSettled { account, from: self.today }));
        let (status, reason, document) = (Status::Closed, "销户".to_owned(), String::new());
        items.push(fact(Fact::StatusChanged { account, status, reason, document, who }));
        plan(Answer::Done, items)
    }

    pub(super) fn ensure(
        &mut self,
        kind: ledger::entry::KindId,
        (at, unit): (InstitutionId, UnitId),
        items: &mut Vec<Item>,
    ) -> usize {
        if self.internal(kind, at, unit).is_none() {
            let (number, name) = (String::new(), String::new());
            let opening =
                Opening { number, name, kind, institution: at, unit, mirrors: None, term: None };
            let opened = fact(Fact::AccountsOpened { accounts: vec![opening] });
            self.ingest(&opened);
            items.push(opened);
        }
        self.internal(kind, at, unit).expect("opened just now")
    }

    fn check_closing(&self, at: usize, to: usize, hands: [&str; 2]) -> Result<Header, Code> {
        let forbids = |status| ledger::refusal::status_forbids("", status, false).code;
        let (from, into) = (&self.accounts[at], &self.accounts[to]);
        if self.phase != Phase::Open {
            return Err("DayNotOpen");
        }
        if self.held(at) != 0 {
            return Err("HasHolds");
        }
        if from.status != Status::Normal {
            return Err(forbids(from.status));
        }
        if self.natural(at) < 0 {
            return Err("BalanceNotZero");
        }
        if !matches!(into.status, Status::Normal | Status::ReceiveOnly) || to == at {
            return Err(forbids(into.status));
        }
        if into.unit != from.unit {
            return Err("WrongUnit");
        }
        let header = Header {
            business_date: self.today,
            value_date: self.today,
            institution: from.institution,
            code: "CLOSE".into(),
            maker: hands[0].into(),
            checker: hands[1].into(),
            authoriser: "".into(),
            channel: "counter".into(),
            document: "".into(),
            attachments: 0,
            summary: "销户".into(),
            kind: EntryKind::Normal,
            original: EntryNo(0),
        };
        self.check_header(&header)?;
        Ok(header)
    }

    pub(super) fn plan_day(&self, day: Option<Day>) -> Planned {
        if self.places.is_empty() {
            return Err("FieldMissing");
        }
        let day = day.unwrap_or_else(|| self.chart.calendar.next_business_day(self.today));
        if self.phase != Phase::Closed {
            return Err("DayAlreadyOpen");
        }
        if day <= self.today {
            return Err("DayNotAfter");
        }
        if !self.chart.calendar.is_business_day(day) {
            return Err("NotABusinessDay");
        }
        if self.chart.calendar.years.is_none_or(|(_, last)| day.year() > last) {
            return Err("CalendarEnds");
        }
        if self.today != Day(0) && day != self.chart.calendar.next_business_day(self.today) {
            return Err("DaySkipped");
        }
        if !self.rates_known(day.plus(-1)) {
            return Err("NumberMissing");
        }
        let mut items = vec![fact(Fact::DayOpened { day })];
        let mut over: Vec<_> =
            self.holds.iter().filter(|hold| hold.until.is_some_and(|until| until < day)).collect();
        over.sort_by_key(|hold| hold.id);
        items.extend(over.into_iter().map(|hold| {
            let (why, reason) = (HoldEnd::Expired, String::new());
            let who = By::default();
            fact(Fact::HoldReduced { hold: hold.id, by: hold.amount, why, reason, who })
        }));
        let system = System::Settlement { before: self.today };
        Ok(Plan { answer: Answer::Day(day), items, system })
    }

    fn needs_open_day(&self) -> Result<(), Code> {
        if self.phase == Phase::Closed { Err("DayNotOpen") } else { Ok(()) }
    }

    pub(super) fn plan_stops(&self, codes: &[String], by: &str) -> Planned {
        if !codes.is_empty() {
            self.needs_open_day()?;
        }
        let day = self.today;
        let open = codes.iter().filter_map(|code| {
            let at = self.place(code).filter(|at| self.places[*at].closed != Some(day))?;
            let institution = InstitutionId(at as u16);
            Some(fact(Fact::InstitutionClosed { day, institution, by: by.to_owned() }))
        });
        plan(Answer::Done, open.collect())
    }

    pub(super) fn plan_reopening(&self, code: &str, by: &str, reason: &str) -> Planned {
        required(&[reason])?;
        let at = self.place(code).ok_or("UnknownInstitution")?;
        self.needs_open_day()?;
        if !self.steps.is_empty() {
            return Err("StepOrder");
        }
        let (institution, by, reason) =
            (InstitutionId(at as u16), by.to_owned(), reason.to_owned());
        let fact =
            self::fact(Fact::InstitutionReopened { day: self.today, institution, by, reason });
        plan(Answer::Done, vec![fact])
    }

    pub(super) fn plan_step(&self, step: Step, accept: Option<&str>) -> Planned {
        self.needs_open_day()?;
        if let Some(note) = self.steps.get(step.code()) {
            return plan(Answer::Note(Some(note.clone())), Vec::new());
        }
        let earlier = Step::ALL.iter().take_while(|one| **one != step);
        if earlier.clone().any(|one| !self.steps.contains_key(one.code())) {
            return Err("StepOrder");
        }
        match step {
            Step::Stop if self.places.iter().any(|place| place.closed != Some(self.today)) => {
                return Err("InstitutionsOpen");
            }
            Step::Revalue if self.ends(Period::Month) && !self.middle_rates_known() => {
                return Err("NumberMissing");
            }
            Step::Zero if self.not_zero() && accept.is_none_or(str::is_empty) => {
                return Err("NotZeroAtClose");
            }
            _ => {}
        }
        Ok(Plan { answer: Answer::Note(None), items: Vec::new(), system: System::Step(step) })
    }

    /// Whether today is the period's last business day.
    pub fn ends(&self, period: Period) -> bool {
        self.chart.calendar.next_business_day(self.today) > period.end(self.today)
    }

    /// Interest is accrued through this day: the next one, or the next month's first.
    pub fn accrued_until(&self) -> Day {
        let ends = self.ends(Period::Month);
        if ends { Period::Month.end(self.today).plus(1) } else { self.today.plus(1) }
    }

    fn middle_rates_known(&self) -> bool {
        let system = self.chart.system;
        self.accounts.iter().enumerate().all(|(at, account)| {
            let position = account.kind == system.exchange
                && account.unit != self.chart.base_unit
                && self.balance(at) != 0;
            let code = format!("fx.mid.{}", self.chart.unit(account.unit).code);
            !position || self.chart.numbers.on(&code, self.today).is_some()
        })
    }

    fn not_zero(&self) -> bool {
        (0..self.accounts.len()).any(|at| self.kind(at).zero_at_close && self.balance(at) != 0)
    }

    pub(super) fn plan_closing_of_day(
        &self,
        certificate: &Certificate,
        gl: &[GlClosing],
    ) -> Planned {
        self.needs_open_day()?;
        if Step::ALL.iter().any(|step| !self.steps.contains_key(step.code())) {
            return Err("StepOrder");
        }
        if certificate.checks.iter().any(|check| !check.passed) {
            return Err("ChecksFailed");
        }
        let next = self.chart.calendar.next_business_day(self.today);
        let certificate = Box::new(certificate.clone());
        plan(Answer::Day(next), vec![fact(Fact::DayClosed { certificate, gl: gl.to_vec(), next })])
    }
}
