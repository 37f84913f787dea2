//! What the model expects of a command: the refusal's code, or the answer and what the journal
//! must hold after it.

use super::model::{Item, Model, effect};
use super::posting::{Code, Receipt, Request, requests, required, short};
use bank::Command;
use bank::form::{
    AccountForm, EntryForm, HoldRequest, InstitutionForm, StatusForm, TermForm, key_of,
};
use ledger::Day;
use ledger::account::Status;
use ledger::book::Phase;
use ledger::chart::{Chart, Method};
use ledger::close::Step;
use ledger::entry::{AccountId, EntryKind, Header, InstitutionId, KindId, UnitId};
use ledger::fact::{Asked, By, Fact, Hold, HoldEnd, HoldKind, Opening, Term};
use rust_decimal::Decimal;
use std::sync::Arc;

/// What a command that is not refused answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Done,
    Entry(Receipt),
    /// In the order handed in.
    Entries(Vec<Result<Receipt, Code>>),
    Accounts(Vec<AccountId>),
    Hold(u64),
    Correction {
        undo: u64,
        rebook: Option<u64>,
    },
    Note(Option<String>),
    Day(Day),
}

/// What is expected.
#[derive(Clone, Debug)]
pub struct Plan {
    pub answer: Answer,
    /// What the journal must hold; after it comes what the system itself makes, if it does.
    pub items: Vec<Item>,
    pub system: System,
}

/// What the system makes on its own, checked by what it comes to and not line by line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    Nothing,
    /// Interest whose period has ended, at the opening of a day after this one.
    Settlement {
        before: Day,
    },
    Step(Step),
}

type Planned = Result<Plan, Code>;

/// Who asks, and under which key.
pub fn who(operator: &str, key: &str, words: &[&str]) -> By {
    let asked = (!key.is_empty()).then(|| Asked::of(key_of(key), words));
    By { operator: operator.to_owned(), asked }
}

fn speaks_as_ledger(header: &Header) -> bool {
    header.kind != EntryKind::Normal || header.original.0 != 0
}

fn plan(answer: Answer, items: Vec<Item>) -> Plan {
    Plan { answer, items, system: System::Nothing }
}

fn fact(fact: Fact) -> Item {
    Item::Fact(Arc::new(fact))
}

impl Model {
    /// What must come of a command.
    pub fn plan(&self, command: &Command) -> Planned {
        match command {
            Command::PostBatch { batch, .. } if batch.headers.iter().any(speaks_as_ledger) => {
                Err("KindNotAllowed")
            }
            Command::PostBatch { batch, whole } => {
                let requests = requests(batch).into_iter().map(Ok).collect();
                self.plan_posts(requests, *whole)
            }
            Command::Post { entries, whole } => {
                let requests = entries.iter().map(|entry| self.resolve(entry)).collect();
                self.plan_posts(requests, *whole)
            }
            Command::Office(_)
            | Command::Preview(_)
            | Command::Enrol(_)
            | Command::Note(_)
            | Command::LockOut(_)
            | Command::Tick { .. } => unreachable!("only the books are predicted"),
            Command::AddInstitutions(_) if self.phase == Phase::Closing => Err("DayClosing"),
            Command::AddInstitutions(forms) => Ok(self.plan_institutions(forms)),
            Command::OpenAccounts(forms) => self.plan_accounts(forms),
            Command::OpenInternal { kinds, institution, unit } => {
                self.plan_internal(kinds, institution, unit)
            }
            Command::SetStatus(form) => self.plan_status(form),
            Command::CloseAccount { account, to, maker, checker, key } => {
                self.plan_closing(account, to, [maker, checker], key)
            }
            Command::WithdrawTerm(form) => self.plan_withdrawal(form),
            Command::RenewTerm(form) => self.plan_renewal(form),
            Command::PlaceHold(form) => self.plan_hold(form),
            Command::ReleaseHold { hold, amount, reason, operator, key } => {
                let (number, part) = (hold.to_string(), amount.as_deref().unwrap_or_default());
                let words = ["release", &number, part, reason];
                let who = who(operator, key, &words);
                self.plan_release(*hold, amount.as_deref(), reason, who)
            }
            Command::SettleHold { hold, amount, entry } => self.plan_settle(*hold, amount, entry),
            Command::Correct(form) => self.plan_correction(form),
            Command::OpenDay { day } => self.plan_day(*day),
            Command::CloseInstitution { institution, by } => {
                self.place(institution).ok_or("UnknownInstitution")?;
                self.plan_stops(std::slice::from_ref(institution), by)
            }
            Command::CloseInstitutions { by } => {
                let codes: Vec<String> = self.places.iter().map(|one| one.code.clone()).collect();
                self.plan_stops(&codes, by)
            }
            Command::ReopenInstitution { institution, by, reason } => {
                self.plan_reopening(institution, by, reason)
            }
            Command::RunStep { step, accept } => self.plan_step(*step, accept.as_deref()),
            Command::CloseDay { certificate, gl } => self.plan_closing_of_day(certificate, gl),
            Command::ActivateRulebook { files } => {
                let book = bank::rulebook::Rulebook::parse(files).map_err(|_| "RulebookWrong")?;
                if self.rewrites_past(&book.chart) {
                    return Err("RulebookWrong");
                }
                let hash = book.hash.iter().map(|byte| format!("{byte:02x}")).collect();
                let files = files.clone();
                let items = vec![fact(Fact::RulebookActivated { hash, files })];
                Ok(plan(Answer::Done, items))
            }
            Command::CreateBank { .. } => Err("BankExists"),
        }
    }

    fn plan_institutions(&self, forms: &[InstitutionForm]) -> Plan {
        let mut scratch = self.clone();
        let items = forms.iter().flat_map(|form| {
            let (code, title) = (form.code.clone(), form.title.clone());
            let parent = form.parent.as_ref().and_then(|parent| scratch.place(parent));
            let parent = parent.map(|parent| InstitutionId(parent as u16));
            let added = fact(Fact::InstitutionAdded { code, title, parent });
            scratch.ingest(&added);
            let at = InstitutionId(scratch.places.len() as u16 - 1);
            let accounts = scratch.openings_at(at, scratch.chart.base_unit);
            let opened = fact(Fact::AccountsOpened { accounts });
            scratch.ingest(&opened);
            [added, opened]
        });
        plan(Answer::Done, items.collect())
    }

    /// Whether a number would say something else of a day that is over, or began in one.
    fn rewrites_past(&self, chart: &Chart) -> bool {
        let over = |day: Day| match self.phase {
            Phase::Closed => day <= self.today,
            _ => day < self.today,
        };
        self.chart.numbers.by_code.iter().any(|(code, values)| {
            let new = chart.numbers.by_code.get(code).into_iter().flatten();
            let (new, old) =
                (new.filter(|one| over(one.from)), values.iter().filter(|one| over(one.from)));
            !old.map(|one| (one.from, one.is)).eq(new.map(|one| (one.from, one.is)))
        })
    }

    fn plan_posts(&self, requests: Vec<Result<Request, Code>>, whole: bool) -> Planned {
        if whole && let Some(refused) = requests.iter().find_map(|one| one.as_ref().err()) {
            return Err(refused);
        }
        let mut scratch = self.clone();
        let receipts: Vec<Result<Receipt, Code>> =
            requests.into_iter().map(|request| scratch.post(&request?)).collect();
        if whole && let Some(refused) = receipts.iter().find_map(|one| one.as_ref().err()) {
            return Err(refused);
        }
        Ok(plan(Answer::Entries(receipts), scratch.since(self)))
    }

    /// Entries that were posted since an earlier state.
    fn since(&self, earlier: &Self) -> Vec<Item> {
        let new = &self.entries[earlier.entries.len()..];
        new.iter().map(|entry| Item::Entry(Arc::clone(entry))).collect()
    }

    /// An account of the bank's own; its number is for the ledger to choose.
    fn opening(&self, kind: KindId, institution: InstitutionId, unit: UnitId) -> Opening {
        let (number, name) = (String::new(), String::new());
        Opening { number, name, kind, institution, unit, mirrors: None, term: None }
    }

    /// What a place needs in a unit and does not have.
    fn openings_at(&self, at: InstitutionId, unit: UnitId) -> Vec<Opening> {
        let system = self.chart.system;
        let mut kinds = vec![system.shortfall, system.prior_year, system.year_profit];
        if at.0 != 0 {
            kinds.push(system.interbranch);
        }
        kinds.retain(|kind| self.internal(*kind, at, unit).is_none());
        let mut openings: Vec<Opening> =
            kinds.into_iter().map(|kind| self.opening(kind, at, unit)).collect();
        if at.0 != 0 && self.mirror(at, unit).is_none() {
            let mirror = self.opening(system.interbranch, InstitutionId(0), unit);
            openings.push(Opening { mirrors: Some(at), ..mirror });
        }
        openings
    }

    fn plan_accounts(&self, forms: &[AccountForm]) -> Planned {
        let mut openings: Vec<Opening> = Vec::new();
        for form in forms {
            let opening = self.opening_of(form)?;
            if openings.iter().any(|other| other.number == opening.number) {
                return Err("AccountExists");
            }
            openings.push(opening);
        }
        let mut places: Vec<_> = openings.iter().map(|one| (one.institution, one.unit)).collect();
        places.sort_unstable();
        places.dedup();
        let needed = places.into_iter().map(|(at, unit)| self.openings_at(at, unit));
        let mut items: Vec<Item> = needed
            .filter(|accounts| !accounts.is_empty())
            .map(|accounts| fact(Fact::AccountsOpened { accounts }))
            .collect();
        let mut first = self.accounts.len();
        for item in &items {
            if let Item::Fact(opened) = item
                && let Fact::AccountsOpened { accounts } = &**opened
            {
                first += accounts.len();
            }
        }
        let ids = (first..first + openings.len()).map(|id| AccountId(id as u32)).collect();
        items.push(fact(Fact::AccountsOpened { accounts: openings }));
        Ok(plan(Answer::Accounts(ids), items))
    }

    fn opening_of(&self, form: &AccountForm) -> Result<Opening, Code> {
        required(&[&form.number])?;
        short(&[&form.number])?;
        required(&[&form.name])?;
        short(&[&form.name])?;
        if self.account(&form.number).is_some() {
            return Err("AccountExists");
        }
        let kind = self.chart.kind_by_code(&form.kind).ok_or("UnknownCode")?;
        let unit = match &form.unit {
            Some(code) => self.chart.unit_by_code(code).ok_or("UnknownCode")?,
            None => self.chart.base_unit,
        };
        let terms = self.chart.kind(kind).terms.as_ref();
        let per_deposit = terms.is_some_and(|terms| terms.method != Method::Product);
        if per_deposit && form.term.is_none() {
            return Err("TermRequired");
        }
        if !per_deposit && form.term.is_some() {
            return Err("NotATermAccount");
        }
        let term = form.term.as_ref().map(|term| self.agreed(term)).transpose()?;
        let institution = self.place(&form.institution).ok_or("UnknownInstitution")?;
        Ok(Opening {
            number: form.number.clone(),
            name: form.name.clone(),
            kind,
            institution: InstitutionId(institution as u16),
            unit,
            mirrors: None,
            term,
        })
    }

    /// A term that interest can be computed by: a hundred years at most, rates up to one.
    pub(super) fn agreed(&self, form: &TermForm) -> Result<Term, Code> {
        let opened = self.today.0 > 0;
        let from = match form.from {
            Some(from) => from,
            None if opened => self.today,
            None => return Err("FieldMissing"),
        };
        if opened && self.today < from {
            return Err("TermAhead");
        }
        let century = 36_525;
        let days = form.maturity.since(from);
        let old = (opened && self.today.since(from) > century) || from < Day::new(1900, 1, 1);
        if !(1..=century).contains(&days) || old {
            return Err("TermLength");
        }
        let parts = form.rate * Decimal::from(1_000_000_000_000_i64);
        if form.rate.is_sign_negative() && !form.rate.is_zero()
            || form.rate > Decimal::ONE
            || !parts.fract().is_zero()
        {
            return Err("TermRate");
        }
        Ok(Term { from, maturity: form.maturity, rate: form.rate, renewed_with: 0 })
    }

    fn plan_internal(&self, kinds: &[String], institution: &str, unit: &str) -> Planned {
        let at = self.place(institution).ok_or("UnknownInstitution")?;
        let at = InstitutionId(at as u16);
        let unit = self.chart.unit_by_code(unit).ok_or("UnknownCode")?;
        let mut found = Vec::new();
        for code in kinds {
            let kind = self.chart.kind_by_code(code).ok_or("UnknownCode")?;
            if !self.chart.kind(kind).internal {
                return Err("UnknownCode");
            }
            found.push(kind);
        }
        let mut scratch = self.clone();
        let (mut ids, mut items) = (Vec::new(), Vec::new());
        let accounts = self.openings_at(at, unit);
        if !accounts.is_empty() {
            items.push(fact(Fact::AccountsOpened { accounts }));
            scratch.ingest(&items[0]);
        }
        for kind in found {
            if scratch.internal(kind, at, unit).is_none() {
                let accounts = vec![scratch.opening(kind, at, unit)];
                items.push(fact(Fact::AccountsOpened { accounts }));
                scratch.ingest(&items[items.len() - 1]);
            }
            let id = scratch.internal(kind, at, unit).expect("opened just now");
            ids.push(AccountId(id as u32));
        }
        Ok(plan(Answer::Accounts(ids), items))
    }

    fn plan_status(&self, form: &StatusForm) -> Planned {
        let at = self.account(&form.account).ok_or("UnknownAccount")?;
        required(&[&form.reason])?;
        if self.accounts[at].status == Status::Closed {
            return Err("AccountClosed");
        }
        if form.status == Status::Closed {
            if self.balance(at) != 0 {
                return Err("BalanceNotZero");
            }
            if self.held(at) != 0 {
                return Err("HasHolds");
            }
            if self.kind(at).terms.is_some() && !self.rates_known_of(at, self.today.plus(-1)) {
                return Err("NumberMissing");
            }
            if self.interest(at, &self.movements()[at], self.today) != (0, 0) {
                return Err("InterestDue");
            }
        }
        let StatusForm { status, reason, document, operator, .. } = form.clone();
        let account = AccountId(at as u32);
        let who = By { operator, asked: None };
        let changed = Fact::StatusChanged { account, status, reason, document, who };
        Ok(plan(Answer::Done, vec![fact(changed)]))
    }

    fn plan_hold(&self, form: &HoldRequest) -> Planned {
        let at = self.account(&form.account).ok_or("UnknownAccount")?;
        required(&[&form.authority])?;
        if form.kind == HoldKind::Freeze {
            required(&[&form.document])?;
        }
        let amount = self.amount(at, &form.amount)?;
        let (kind, until) = (format!("{:?}", form.kind), format!("{:?}", form.until));
        let (account, document) = (&form.account, &form.document);
        let words = ["hold", account, &form.amount, &kind, &form.authority, document, &until];
        let who = who(&form.operator, &form.key, &words);
        if let Some(hold) = self.answered(who.asked.as_ref())? {
            return Ok(plan(Answer::Hold(hold), Vec::new()));
        }
        if amount <= 0 {
            return Err("AmountNotPositive");
        }
        if form.until.is_some_and(|until| until < self.today) {
            return Err("HoldUntilPast");
        }
        if self.accounts[at].status == Status::Closed {
            return Err("AccountClosed");
        }
        if form.kind == HoldKind::Reserve && i128::from(amount) > self.available(at) {
            return Err("InsufficientFunds");
        }
        if i64::try_from(self.held(at) + i128::from(amount)).is_err() {
            return Err("AmountOverflow");
        }
        let HoldRequest { kind, authority, document, until, .. } = form.clone();
        let (id, account, placed) = (self.next_hold, AccountId(at as u32), self.today);
        let hold = Hold { id, account, amount, kind, authority, document, until, placed };
        Ok(plan(Answer::Hold(id), vec![fact(Fact::HoldPlaced { hold, who })]))
    }

    fn amount(&self, account: usize, text: &str) -> Result<i64, Code> {
        let digits = self.chart.unit(self.accounts[account].unit).digits;
        ledger::money::parse(text, digits, "").map_err(|refusal| refusal.code)
    }

    fn hold(&self, id: u64) -> Result<&Hold, Code> {
        self.holds.iter().find(|hold| hold.id == id).ok_or("UnknownHold")
    }

    fn plan_release(&self, id: u64, amount: Option<&str>, reason: &str, who: By) -> Planned {
        if self.answered(who.asked.as_ref())?.is_some() {
            return Ok(plan(Answer::Done, Vec::new()));
        }
        let hold = self.hold(id)?;
        let by = match amount {
            Some(text) => self.amount(hold.account.index(), text)?,
            None => hold.amount,
        };
        if by <= 0 {
            return Err("AmountNotPositive");
        }
        if by > hold.amount {
            return Err("HoldExceeded");
        }
        let (why, reason) = (HoldEnd::Released, reason.to_owned());
        Ok(plan(Answer::Done, vec![fact(Fact::HoldReduced { hold: id, by, why, reason, who })]))
    }

    /// A hold pays what it covers: what the holds before it leave of the balance.
    fn plan_settle(&self, id: u64, amount: &str, form: &EntryForm) -> Planned {
        let request = self.resolve(form)?;
        if self.known(request.key).is_some() {
            let receipt = self.clone().post(&request)?;
            return Ok(plan(Answer::Entry(receipt), Vec::new()));
        }
        let hold = self.hold(id)?;
        let at = hold.account.index();
        let amount = self.amount(at, amount)?;
        let earlier = self.holds.iter().filter(|one| one.account == hold.account && one.id < id);
        let earlier: i128 = earlier.map(|one| i128::from(one.amount)).sum();
        let cover = (self.natural(at) - earlier).clamp(0, i128::from(hold.amount));
        if amount <= 0 {
            return Err("AmountNotPositive");
        }
        if i128::from(amount) > cover {
            return Err("HoldExceeded");
        }
        let own = request.lines.iter().filter(|line| line.account == hold.account);
        let paid = -own.map(effect).sum::<i128>() * self.nature(at).sign;
        if paid != i128::from(amount) {
            return Err("HoldAmountDiffers");
        }
        let mut scratch = self.clone();
        // The hold and those behind it step aside for the payment.
        scratch.holds.retain(|one| one.account != hold.account || one.id < id);
        let receipt = scratch.post(&request)?;
        let mut items = scratch.since(self);
        let (why, reason) = (HoldEnd::Settled, receipt.no.to_string());
        let who = By::default();
        items.push(fact(Fact::HoldReduced { hold: id, by: amount, why, reason, who }));
        Ok(plan(Answer::Entry(receipt), items))
    }
}
