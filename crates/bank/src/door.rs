//! The door (柜面之门): the one way in. `needs` says what must be loaded, `decide` turns a request
//! into facts and entries or a refusal. Nothing else changes the bank, and nothing here reads a
//! clock, a file or a random number.

use crate::form::{
    self, AccountForm, CorrectForm, EntryForm, HoldRequest, InstitutionForm, OperatorForm,
    RenewForm, StatusForm, WithdrawForm, institution, key_of, required, short,
};
use crate::office::request::{Request, Said};
use crate::office::trail::{LockOut, Note};
use crate::office::{self, Preview, amend, trail};
use crate::rulebook::Rulebook;
use crate::state::State;
use ledger::account::Status;
use ledger::book::Phase;
use ledger::chart::Title;
use ledger::close::{Certificate, Step};
use ledger::closing::ClosingForm;
use ledger::correct::CorrectionForm;
use ledger::entry::{AccountId, EntryKind, EntryNo, Header, InstitutionId, LineFlags};
use ledger::fact::{By, Correction, Draft, Fact, HoldKind};
use ledger::gl::GlClosing;
use ledger::hold::HoldForm;
use ledger::post::Posted;
use ledger::{Batch, Day, Refusal, money, refusal};

/// Their ids have 16 bits.
const INSTITUTIONS_MAX: usize = 65_535;

/// What can be asked of a bank.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    CreateBank {
        bank: String,
        title: Title,
        files: Vec<(String, String)>,
    },
    ActivateRulebook {
        files: Vec<(String, String)>,
    },
    AddInstitutions(Vec<InstitutionForm>),
    OpenAccounts(Vec<AccountForm>),
    /// Opens the bank's own accounts of these kinds where they are missing.
    OpenInternal {
        kinds: Vec<String>,
        institution: String,
        unit: String,
    },
    SetStatus(StatusForm),
    /// Pays out what is left, with interest to today, and closes the account (销户).
    CloseAccount {
        account: String,
        to: String,
        maker: String,
        checker: String,
        key: String,
    },
    /// Pays out a part of a deposit with a term, with its interest (部分支取).
    WithdrawTerm(WithdrawForm),
    /// Begins another term where one has ended, interest added to the principal (转存).
    RenewTerm(RenewForm),
    PlaceHold(HoldRequest),
    ReleaseHold {
        hold: u64,
        amount: Option<String>,
        reason: String,
        operator: String,
        /// Idempotency key; empty: none.
        key: String,
    },
    SettleHold {
        hold: u64,
        amount: String,
        entry: EntryForm,
    },
    /// Entries as people write them.
    Post {
        entries: Vec<EntryForm>,
        whole: bool,
    },
    /// Entries whose names are looked up already.
    PostBatch {
        batch: Batch,
        whole: bool,
    },
    Correct(CorrectForm),
    /// A request to the office: matters, their hands, the office verbs.
    Office(Box<Request>),
    /// 试算: says what a request to the office would do, and changes nothing.
    Preview(Box<Request>),
    /// The first operators of a bank, with their posts; later ones come through a matter.
    Enrol(Vec<OperatorForm>),
    /// Lines of the audit trail.
    Note(Vec<Note>),
    /// Locks an operator who failed to sign in too often.
    LockOut(LockOut),
    /// What the clock does at this moment: microseconds since 1970-01-01 UTC.
    Tick {
        at: i64,
    },
    OpenDay {
        day: Option<Day>,
    },
    CloseInstitution {
        institution: String,
        by: String,
    },
    ReopenInstitution {
        institution: String,
        by: String,
        reason: String,
    },
    /// Every institution at once.
    CloseInstitutions {
        by: String,
    },
    RunStep {
        step: Step,
        accept: Option<String>,
    },
    CloseDay {
        certificate: Box<Certificate>,
        gl: Vec<GlClosing>,
    },
}

/// What a command that was not refused answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Done,
    Entry(Posted),
    Entries(Receipts),
    Accounts(Vec<AccountId>),
    Hold(u64),
    Correction(Box<Correction>),
    /// Where a matter stands now.
    Matter(Said),
    Preview(Box<Preview>),
    /// How many matters the clock has passed on.
    Escalated(u64),
    /// Note of a close step, or the day that was opened.
    Note(String),
    Day(Day),
}

/// Verdicts on many entries, in the order handed in: 8 bytes for each that was posted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Receipts {
    /// Number of each entry; 0 where it was refused.
    pub numbers: Vec<EntryNo>,
    /// Position and refusal, in order.
    pub refused: Vec<(u32, Refusal)>,
    /// Positions whose key was known with the same body.
    pub again: Vec<u32>,
}

impl Receipts {
    pub fn push(&mut self, answer: Result<Posted, Refusal>) {
        let at = u32::try_from(self.numbers.len()).expect("a batch is far below 2^32 entries");
        match answer {
            Ok(posted) => {
                self.numbers.push(posted.no);
                self.again.extend(posted.again.then_some(at));
            }
            Err(refusal) => {
                self.numbers.push(EntryNo(0));
                self.refused.push((at, refusal));
            }
        }
    }

    pub fn posted(&self) -> usize {
        self.numbers.len() - self.refused.len() - self.again.len()
    }
}

/// What must be loaded for a command before it is decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    pub entry: Option<EntryNo>,
    /// Digests of the documents that it names.
    pub documents: Vec<[u8; 32]>,
}

impl Needs {
    pub fn is_empty(&self) -> bool {
        self.entry.is_none() && self.documents.is_empty()
    }
}

/// What was loaded for a command before it is decided.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The entry that `needs` named, as a batch of one.
    pub original: Option<Batch>,
    /// Those of the documents that there are.
    pub documents: std::collections::BTreeSet<[u8; 32]>,
}

/// The entry of the past and the documents that a command must see, beyond the state in memory.
pub fn needs(state: &State, command: &Command) -> Needs {
    match command {
        Command::Correct(form) => Needs { entry: Some(EntryNo(form.entry)), documents: Vec::new() },
        Command::Office(request) | Command::Preview(request) => {
            office::request::needs(state, request)
        }
        _ => Needs::default(),
    }
}

/// Decides a command: what it does goes to the state and to `draft`, or nothing does and the
/// refusal says why.
pub fn decide(
    state: &mut State,
    loaded: &Loaded,
    command: Command,
    draft: &mut Draft,
) -> Result<Answer, Refusal> {
    let before = (draft.facts.len(), draft.batch.len(), state.book.next_entry);
    let answer = decide_one(state, loaded, command, draft);
    if let Err(refusal) = &answer {
        let after = (draft.facts.len(), draft.batch.len(), state.book.next_entry);
        assert!(before == after, "a refused command left something behind: {refusal}");
    }
    answer
}

fn decide_one(
    state: &mut State,
    loaded: &Loaded,
    command: Command,
    draft: &mut Draft,
) -> Result<Answer, Refusal> {
    let book = &mut state.book;
    match command {
        Command::PostBatch { mut batch, whole } => {
            only_said_by_clients(&mut batch)?;
            post_batch(state, &batch, whole, draft)
        }
        Command::Post { entries, whole } => post(state, &entries, whole, draft),
        Command::CreateBank { bank, title, files } => create(state, bank, title, files, draft),
        Command::ActivateRulebook { files } => activate(state, files, draft),
        Command::AddInstitutions(forms) => add_institutions(state, &forms, draft),
        Command::OpenAccounts(forms) => open_accounts(state, &forms, draft),
        Command::OpenInternal { kinds, institution, unit } => {
            open_internal(state, &kinds, &institution, &unit, draft)
        }
        Command::SetStatus(form) => set_status(state, form, draft),
        Command::CloseAccount { account, to, maker, checker, key } => {
            close_account(state, (&account, &to), (maker, checker), &key, draft)
        }
        Command::WithdrawTerm(form) => {
            let form = form.resolve(book)?;
            book.withdraw_term(&form, draft).map(Answer::Entry)
        }
        Command::RenewTerm(form) => {
            let form = form.resolve(book)?;
            let posted = book.renew_term(&form, draft)?;
            Ok(posted.map_or(Answer::Done, Answer::Entry))
        }
        Command::PlaceHold(form) => place_hold(state, form, draft),
        Command::ReleaseHold { hold, amount, reason, operator, key } => {
            let (number, part) = (hold.to_string(), amount.as_deref().unwrap_or_default());
            let asked = form::asked(&key, &["release", &number, part, &reason]);
            release_hold(state, (hold, amount), &reason, By { operator, asked }, draft)
        }
        Command::SettleHold { hold, amount, entry } => {
            settle_hold(state, hold, &amount, &entry, draft)
        }
        Command::Correct(form) => correct(state, loaded, form, draft),
        Command::Preview(request) => office::preview::preview(state, loaded, &request)
            .map(|seen| Answer::Preview(Box::new(seen))),
        Command::Office(request) => {
            office::request::decide(state, loaded, *request, draft).map(Answer::Matter)
        }
        Command::Enrol(forms) => enrol(state, &forms, draft),
        Command::Note(notes) => trail::note(state, notes, draft).map(|()| Answer::Done),
        Command::LockOut(form) => trail::lock_out(state, form, draft).map(|()| Answer::Done),
        Command::Tick { at } => Ok(Answer::Escalated(office::verbs::tick(state, at, draft))),
        Command::OpenDay { day } => open_day(state, day, draft),
        Command::CloseInstitution { institution: code, by } => {
            let id = institution(book, "institution", &code)?;
            book.close_institution(id, &by, draft)?;
            Ok(Answer::Done)
        }
        Command::ReopenInstitution { institution: code, by, reason } => {
            required("reason", &reason)?;
            let id = institution(book, "institution", &code)?;
            book.reopen_institution(id, &by, &reason, draft)?;
            Ok(Answer::Done)
        }
        Command::CloseInstitutions { by } => {
            for at in 0..book.institutions.len() {
                let id = InstitutionId(u16::try_from(at).expect("institutions are u16"));
                book.close_institution(id, &by, draft)?;
            }
            Ok(Answer::Done)
        }
        Command::RunStep { step, accept } => {
            book.run_step(step, accept.as_deref(), draft).map(Answer::Note)
        }
        Command::CloseDay { certificate, gl } => close_day(state, *certificate, gl, draft),
    }
}

/// Kinds of entry and completion lines are the ledger's own words.
fn only_said_by_clients(batch: &mut Batch) -> Result<(), Refusal> {
    let own = |header: &Header| header.kind != EntryKind::Normal || header.original != EntryNo(0);
    if let Some(at) = batch.headers.iter().position(own) {
        return Err(refusal::kind_not_allowed(at, batch.headers[at].kind.zh()));
    }
    let flags = batch.lines.iter().fold(0, |flags, line| flags | line.flags.0);
    if LineFlags(flags).is_completion() {
        batch.lines.iter_mut().for_each(|line| line.flags.0 &= !LineFlags::COMPLETION);
    }
    Ok(())
}

fn post_batch(
    state: &mut State,
    batch: &Batch,
    whole: bool,
    draft: &mut Draft,
) -> Result<Answer, Refusal> {
    let mut receipts = Receipts::default();
    receipts.numbers.reserve(batch.len());
    if whole {
        let posted = state.book.post_whole(batch, &mut draft.batch);
        let posted = posted.map_err(|(at, refusal)| within(at, refusal))?;
        posted.into_iter().for_each(|posted| receipts.push(Ok(posted)));
    } else {
        state.book.post_all(batch, &mut draft.batch, |answer| receipts.push(answer));
    }
    Ok(Answer::Entries(receipts))
}

fn post(
    state: &mut State,
    entries: &[EntryForm],
    whole: bool,
    draft: &mut Draft,
) -> Result<Answer, Refusal> {
    let mut batch = Batch::default();
    let mut unresolved: Vec<Option<Refusal>> = Vec::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        match entry.resolve_into(&state.book, &mut batch) {
            Ok(()) => unresolved.push(None),
            Err(refusal) if whole => return Err(within(at, refusal)),
            Err(refusal) => unresolved.push(Some(refusal)),
        }
    }
    if whole {
        return post_batch(state, &batch, whole, draft);
    }
    let mut receipts = Receipts::default();
    let mut unresolved = unresolved.into_iter();
    let mut refuse_up_to_next = |receipts: &mut Receipts| {
        while let Some(Some(refusal)) = unresolved.next() {
            receipts.push(Err(refusal));
        }
    };
    refuse_up_to_next(&mut receipts);
    state.book.post_all(&batch, &mut draft.batch, |answer| {
        receipts.push(answer);
        refuse_up_to_next(&mut receipts);
    });
    Ok(Answer::Entries(receipts))
}

/// Names the entry of a file in the field of its refusal.
fn within(at: usize, refusal: Refusal) -> Refusal {
    let field = format!("entries[{at}].{}", refusal.field);
    refusal.at(field)
}

fn create(
    state: &mut State,
    bank: String,
    title: Title,
    files: Vec<(String, String)>,
    draft: &mut Draft,
) -> Result<Answer, Refusal> {
    if !state.book.bank.is_empty() {
        return Err(refusal::bank_exists(&state.book.bank));
    }
    required("bank", &bank)?;
    short("bank", &bank)?;
    required("title", &title.zh)?;
    let rulebook = parse(&files)?;
    amend::passes(&rulebook)?;
    let hash = ledger::hex(&rulebook.hash);
    state.put_in_force(rulebook);
    state.book.record(Fact::RulebookActivated { hash, files }, draft);
    state.book.record(Fact::BankCreated { bank, title }, draft);
    Ok(Answer::Done)
}

fn activate(
    state: &mut State,
    files: Vec<(String, String)>,
    draft: &mut Draft,
) -> Result<Answer, Refusal> {
    let rulebook = parse(&files)?.with_numbers(&state.office.numbers);
    amend::fits(&rulebook, &state.book, refusal::rulebook_wrong)?;
    let hash = ledger::hex(&rulebook.hash);
    state.put_in_force(rulebook);
    state.book.record(Fact::RulebookActivated { hash, files }, draft);
    Ok(Answer::Done)
}

fn parse(files: &[(String, String)]) -> Result<Rulebook, Refusal> {
    Rulebook::parse(files).map_err(|errors| refusal::rulebook_wrong(&amend::in_one_line(&errors)))
}

fn add_institutions(
    state: &mut State,
    forms: &[InstitutionForm],
    draft: &mut Draft,
) -> Result<Answer, Refusal> {
    if state.book.phase == Phase::Closing {
        // One that has not stopped could post into a day whose interest is accrued already.
        return Err(refusal::day_closing(state.book.today));
    }
    if state.book.institutions.len() + forms.len() > INSTITUTIONS_MAX {
        return Err(refusal::too_many_institutions(INSTITUTIONS_MAX));
    }
    let known = state.book.institutions.iter().map(|one| one.code.clone());
    let mut codes: Vec<String> = known.collect();
    for form in forms {
        required("code", &form.code)?;
        short("code", &form.code)?;
        required("title", &form.title.zh)?;
        if codes.contains(&form.code) {
            return Err(refusal::institution_exists(&form.code));
        }
        match &form.parent {
            Some(parent) if !codes.contains(parent) => {
                return Err(refusal::unknown_institution(parent).at("parent"));
            }
            None if !codes.is_empty() => return Err(refusal::missing("parent")),
            _ => codes.push(form.code.clone()),
        }
    }
    for form in forms {
        let book = &mut state.book;
        let parent = form.parent.as_deref().and_then(|code| book.institution_by_code(code));
        let (code, title) = (form.code.clone(), form.title.clone());
        book.record(Fact::InstitutionAdded { code, title, parent }, draft);
        let id = InstitutionId(u16::try_from(book.institutions.len() - 1).expect("u16"));
        let accounts = book.place_openings(id, book.chart.base_unit);
        book.record(Fact::AccountsOpened { accounts }, draft);
    }
    Ok(Answer::Done)
}

fn open_accounts(
    state: &mut State,
    forms: &[AccountForm],
    draft: &mut Draft,
) -> Result<Answer, Refusal> {
    let book = &mut state.book;
    let mut openings = Vec::with_capacity(forms.len());
    let mut numbers = std::collections::BTreeSet::new();
    let mut places = std::collections::BTreeSet::new();
    for (at, form) in forms.iter().enumerate() {
        let opening = form.resolve(book).map_err(|refusal| within(at, refusal))?;
        if !numbers.insert(&form.number) {
            return Err(within(at, refusal::account_exists(&form.number)));
        }
        places.insert((opening.institution, opening.unit));
        openings.push(opening);
    }
    for (institution, unit) in places {
        let accounts = book.place_openings(institution, unit);
        if !accounts.is_empty() {
            book.record(Fact::AccountsOpened { accounts }, draft);
        }
    }
    let first = u32::try_from(book.accounts.len()).expect("accounts are u32");
    let count = u32::try_from(openings.len()).expect("accounts are u32");
    book.record(Fact::AccountsOpened { accounts: openings }, draft);
    Ok(Answer::Accounts((first..first + count).map(AccountId).collect()))
}

fn open_internal(
    state: &mut State,
    kinds: &[String],
    code: &str,
    unit: &str,
    draft: &mut Draft,
) -> Result<Answer, Refusal> {
    let book = &mut state.book;
    let at = institution(book, "institution", code)?;
    let unit = book
        .chart
        .unit_by_code(unit)
        .ok_or_else(|| refusal::unknown_code("unit", ("币种", "unit"), unit))?;
    let mut found = Vec::with_capacity(kinds.len());
    for code in kinds {
        let what = ("账户种类", "kind of account");
        let kind = book
            .chart
            .kind_by_code(code)
            .filter(|kind| book.chart.kind(*kind).internal)
            .ok_or_else(|| refusal::unknown_code("kind", what, code))?;
        found.push(kind);
    }
    // Entries across institutions in this unit must find what completes them.
    let accounts = book.place_openings(at, unit);
    if !accounts.is_empty() {
        book.record(Fact::AccountsOpened { accounts }, draft);
    }
    let ids = found.into_iter().map(|kind| book.ensure_internal(kind, at, unit, draft));
    Ok(Answer::Accounts(ids.collect()))
}

/// 开业授权: posts are kept apart from the first day.
fn enrol(state: &mut State, forms: &[OperatorForm], draft: &mut Draft) -> Result<Answer, Refusal> {
    if !state.office.people.operators.is_empty() {
        return Err(office::refusal::operators_exist());
    }
    let mut taken = std::collections::BTreeSet::new();
    let mut events = Vec::new();
    for (at, form) in forms.iter().enumerate() {
        let resolved = form.resolve(state, &taken).map_err(|refusal| {
            let field = format!("operators[{at}].{}", refusal.field);
            refusal.at(field)
        })?;
        events.extend(resolved);
        taken.insert(form.operator.clone());
    }
    events.into_iter().for_each(|event| state.record_event(event, draft));
    Ok(Answer::Done)
}

fn set_status(state: &mut State, form: StatusForm, draft: &mut Draft) -> Result<Answer, Refusal> {
    let book = &mut state.book;
    let id = form::account(book, "account", &form.account)?;
    required("reason", &form.reason)?;
    let head = book.accounts.heads[id.index()];
    if head.status == Status::Closed {
        return Err(refusal::status_forbids(&form.account, head.status, true));
    }
    if form.status == Status::Closed {
        if head.balance != 0 {
            let digits = book.chart.unit(head.unit).digits;
            return Err(refusal::balance_not_zero(&form.account, head.balance, digits));
        }
        if head.held != 0 {
            return Err(refusal::has_holds(&form.account));
        }
        let interest = book.interest_to(id, book.today)?;
        let due = if interest.earned == 0 { interest.overdrawn } else { interest.earned };
        if due != 0 {
            let digits = book.chart.unit(head.unit).digits;
            return Err(refusal::interest_due(&form.account, due, digits));
        }
    }
    let StatusForm { status, reason, document, operator, .. } = form;
    let who = By { operator, asked: None };
    book.record(Fact::StatusChanged { account: id, status, reason, document, who }, draft);
    Ok(Answer::Done)
}

fn place_hold(state: &mut State, form: HoldRequest, draft: &mut Draft) -> Result<Answer, Refusal> {
    let book = &mut state.book;
    let id = form::account(book, "account", &form.account)?;
    required("authority", &form.authority)?;
    if form.kind == HoldKind::Freeze {
        required("document", &form.document)?;
    }
    let digits = book.chart.unit(book.accounts.heads[id.index()].unit).digits;
    let amount = money::parse(&form.amount, digits, "amount")?;
    let (kind, until) = (format!("{:?}", form.kind), format!("{:?}", form.until));
    let words =
        ["hold", &form.account, &form.amount, &kind, &form.authority, &form.document, &until];
    let asked = form::asked(&form.key, &words);
    if let Some(hold) = book.answered(asked.as_ref())? {
        return Ok(Answer::Hold(hold));
    }
    let HoldRequest { kind, authority, document, until, operator, .. } = form;
    let who = By { operator, asked };
    let form = HoldForm { account: id, amount, kind, authority, document, until, who };
    book.place_hold(form, draft).map(Answer::Hold)
}

fn release_hold(
    state: &mut State,
    (hold, amount): (u64, Option<String>),
    reason: &str,
    who: By,
    draft: &mut Draft,
) -> Result<Answer, Refusal> {
    if state.book.answered(who.asked.as_ref())?.is_some() {
        return Ok(Answer::Done);
    }
    let amount = amount.map(|text| hold_amount(state, hold, &text)).transpose()?;
    state.book.release_hold(hold, amount, (reason, who), draft)?;
    Ok(Answer::Done)
}

fn settle_hold(
    state: &mut State,
    hold: u64,
    amount: &str,
    entry: &EntryForm,
    draft: &mut Draft,
) -> Result<Answer, Refusal> {
    let mut batch = Batch::default();
    entry.resolve_into(&state.book, &mut batch)?;
    // A key that is known answers first: the hold it paid from may be gone.
    let known = state.book.keys.get(batch.entries[0].key).is_some();
    let amount = if known { 0 } else { hold_amount(state, hold, amount)? };
    state.book.settle_hold(hold, amount, &batch, draft).map(Answer::Entry)
}

fn close_account(
    state: &mut State,
    (number, to): (&str, &str),
    (maker, checker): (String, String),
    key: &str,
    draft: &mut Draft,
) -> Result<Answer, Refusal> {
    required("key", key)?;
    let book = &mut state.book;
    let (id, into) = (form::account(book, "account", number)?, form::account(book, "to", to)?);
    let asked = form::asked(key, &["close", number, to, &maker, &checker]);
    if book.answered(asked.as_ref())?.is_some() {
        return Ok(Answer::Done);
    }
    let who = By { operator: maker.clone(), asked };
    let form = ClosingForm { account: id, to: into, key: key_of(key), maker, checker, who };
    book.close_account(&form, draft)?;
    Ok(Answer::Done)
}

fn hold_amount(state: &State, hold: u64, text: &str) -> Result<i64, Refusal> {
    let book = &state.book;
    let held = book.holds.get(&hold).ok_or_else(|| refusal::unknown_hold(hold))?;
    let digits = book.chart.unit(book.accounts.heads[held.account.index()].unit).digits;
    money::parse(text, digits, "amount")
}

fn correct(
    state: &mut State,
    loaded: &Loaded,
    form: CorrectForm,
    draft: &mut Draft,
) -> Result<Answer, Refusal> {
    let no = EntryNo(form.entry);
    for (field, text) in [
        ("key", &form.key),
        ("cause", &form.cause),
        ("evidence", &form.evidence),
        ("applicant", &form.applicant),
        ("verifier", &form.verifier),
        ("approver", &form.approver),
        ("poster", &form.poster),
    ] {
        required(field, text)?;
        short(field, text)?;
    }
    for (field, hand) in [("verifier", &form.verifier), ("approver", &form.approver)] {
        if *hand == form.applicant {
            return Err(refusal::same_person(field, hand));
        }
    }
    let original = loaded.original.as_ref().ok_or_else(|| refusal::unknown_entry(no))?;
    let rebook = match &form.rebook {
        None => None,
        Some(entry) => {
            let mut batch = Batch::default();
            entry.resolve_into(&state.book, &mut batch)?;
            Some(batch)
        }
    };
    let form = CorrectionForm {
        key: key_of(&form.key),
        class: form.class,
        cause: form.cause,
        evidence: form.evidence,
        applicant: form.applicant,
        verifier: form.verifier,
        approver: form.approver,
        poster: form.poster,
        notice: form.notice,
        rebook,
    };
    let correction = state.book.correct(no, original, form, draft)?;
    Ok(Answer::Correction(Box::new(correction)))
}

/// 日切: books and things agree, or the day stays open.
fn close_day(
    state: &mut State,
    certificate: Certificate,
    gl: Vec<GlClosing>,
    draft: &mut Draft,
) -> Result<Answer, Refusal> {
    let book = &mut state.book;
    office::proof::check(&state.office, &state.rulebook.office, book)?;
    book.close_day(certificate, gl, draft)?;
    state.office.drop_unused();
    Ok(Answer::Day(book.chart.calendar.next_business_day(book.today)))
}

fn open_day(state: &mut State, day: Option<Day>, draft: &mut Draft) -> Result<Answer, Refusal> {
    let book = &mut state.book;
    if book.institutions.is_empty() {
        return Err(refusal::missing("institution"));
    }
    let next = book.chart.calendar.next_business_day(book.today);
    let day = day.unwrap_or(next);
    book.open_day(day, draft)?;
    office::verbs::open_due(state, draft);
    Ok(Answer::Day(day))
}
