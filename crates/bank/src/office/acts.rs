//! What a step does besides moving things and posting (办理动作): people, parameters, places,
//! accounts, corrections, the rulebook, further matters. Each verb is prepared, which may refuse,
//! before anything is done, and then done.

use super::definition::{Acting, FieldKind, Source};
use super::effect::{Doing, account, kind_of, same_unit};
use super::event::{Event, Instant, Standing};
use super::step::holds;
use super::value::{Value, Values};
use super::{OfficeState, amend, numbers, refusal};
use crate::form::{CorrectForm, EntryForm, LineForm, SideWord, key_of, required};
use crate::rulebook::{Role, Rulebook};
use ledger::account::Status;
use ledger::book::Book;
use ledger::correct::CorrectionForm;
use ledger::entry::{EntryNo, InstitutionId, KindId};
use ledger::fact::{By, Draft, Fact, HoldKind};
use ledger::hold::HoldForm;
use ledger::post::HEAD_OFFICE;
use ledger::{Batch, Day, Refusal, money};

/// A verb: its name, what it must and may be given, what it does, and whether the books may refuse
/// it: such a one stands alone in its step.
#[derive(Debug, PartialEq, Eq)]
pub struct Verb {
    pub name: &'static str,
    pub args: &'static [&'static str],
    pub optional: &'static [&'static str],
    pub zh: &'static str,
    pub en: &'static str,
    pub alone: Stands,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// With moves, postings and other verbs.
    Together,
    /// The books decide about it: nothing else may be half done beside it.
    Alone,
}

type Names = &'static [&'static str];

const fn verb(
    name: &'static str,
    args: (Names, Names),
    does: (&'static str, &'static str),
) -> Verb {
    let (args, optional) = args;
    let (zh, en) = does;
    Verb { name, args, optional, zh, en, alone: Stands::Together }
}

const fn alone(verb: Verb) -> Verb {
    Verb { alone: Stands::Alone, ..verb }
}

/// What a correction may be given besides: the customer notice, and rows that book it right.
const CORRECT: &[&str] = &["notice", "rebook"];

/// All verbs.
pub const VERBS: &[Verb] = &[
    verb("enrol", (&["operator", "name", "institution"], &[]), ("新增柜员", "a new operator")),
    verb(
        "set_standing",
        (&["operator", "to", "reason"], &[]),
        ("启用、锁定、停用柜员", "let an operator work, lock them, or stop them"),
    ),
    verb(
        "reset_password",
        (&["operator"], &[]),
        ("重置柜员密码", "an operator's password is void"),
    ),
    verb(
        "move_operator",
        (&["operator", "institution"], &[]),
        ("柜员调机构", "an operator goes to another institution"),
    ),
    verb(
        "grant",
        (&["operator", "post", "institution"], &["from", "until"]),
        ("授予岗位", "give a post, for a time"),
    ),
    verb("revoke", (&["operator", "post", "institution"], &[]), ("收回岗位", "take a post back")),
    verb(
        "absent",
        (&["operator", "deputy", "from", "until"], &[]),
        ("请假代理", "a deputy acts for a time"),
    ),
    verb(
        "set_number",
        (&["code", "from", "value", "source"], &[]),
        ("设置参数", "set a dated number"),
    ),
    verb(
        "open_place",
        (&["kind", "institution"], &["name", "keeper"]),
        ("设立保管场所", "set up a place of custody"),
    ),
    verb("close_place", (&["place"], &[]), ("撤销保管场所", "close a place that is empty")),
    verb(
        "change_keeper",
        (&["place", "keeper"], &[]),
        ("变更保管人", "a place has another keeper"),
    ),
    verb(
        "open_account",
        (&["kind", "institution"], &[]),
        ("开立内部账户", "open an account of the bank"),
    ),
    alone(verb(
        "close_account",
        (&["account", "reason"], &[]),
        ("撤销内部账户", "close an account of the bank"),
    )),
    alone(verb(
        "hold",
        (&["account", "amount", "authority", "document"], &["until"]),
        ("冻结", "freeze an amount on an account"),
    )),
    alone(verb(
        "release_hold",
        (&["hold", "reason"], &["account"]),
        ("解除冻结", "release a freeze"),
    )),
    alone(verb(
        "correct",
        (&["entry", "class", "cause", "evidence"], CORRECT),
        ("错账冲正", "undo a wrong entry"),
    )),
    verb("post_rows", (&["rows"], &[]), ("按明细记账", "post the lines that people wrote")),
    verb("amend_rulebook", (&["files"], &[]), ("变更规则库", "put files of the rulebook in force")),
    verb("open_matter", (&["code"], &["*"]), ("发起另一事项", "open another matter")),
];

pub fn find(name: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.name == name)
}

/// A verb with its arguments, ready to be done.
pub enum Ready {
    Events(Vec<Event>),
    OpenPlace { place: String, keeper: String },
    OpenAccount { kind: String, institution: String },
    CloseAccount { account: String, reason: String },
    Hold(Box<HoldForm>),
    ReleaseHold { hold: u64, reason: String },
    Correct(Box<CorrectForm>),
    Amend(Box<Rulebook>),
    OpenMatter { code: String, values: Values },
    Nothing,
}

/// What preparing a verb looks at.
pub struct Preparing<'a> {
    pub doing: &'a Doing<'a>,
    pub book: &'a Book,
    pub state: &'a OfficeState,
    pub acting: &'a Acting,
}

/// Prepares the verbs of the record's step that its values ask for.
pub fn prepare(doing: &Doing<'_>, book: &Book, state: &OfficeState) -> Result<Vec<Ready>, Refusal> {
    let Some(step) = doing.record.step(doing.matter) else { return Ok(Vec::new()) };
    let acts = doing.matter.steps[step].acts.iter();
    let wanted =
        acts.filter(|act| holds(book, doing.matter, &doing.record.values, act.when.as_ref()));
    wanted.map(|acting| Preparing { doing, book, state, acting }.ready()).collect()
}

impl Preparing<'_> {
    fn text(&self, name: &str) -> String {
        let source = self.acting.args.get(name);
        source.map(|source| self.doing.source(self.book, source)).unwrap_or_default()
    }

    fn value(&self, name: &str) -> Option<&Value> {
        match self.acting.args.get(name)? {
            Source::Field(at) => self.doing.value(*at),
            _ => None,
        }
    }

    fn needed(&self, name: &str) -> Result<String, Refusal> {
        let text = self.text(name);
        required(name, &text)?;
        Ok(text)
    }

    fn day(&self, name: &str) -> Option<Day> {
        self.text(name).parse().ok()
    }

    fn institution(&self, name: &str) -> Result<ledger::entry::InstitutionId, Refusal> {
        crate::form::institution(self.book, name, &self.needed(name)?)
    }

    fn operator(&self) -> Result<String, Refusal> {
        let operator = self.needed("operator")?;
        if self.doing.people.operators.contains_key(&operator) {
            return Ok(operator);
        }
        Err(refusal::unknown("operator", ("柜员", "operator"), &operator))
    }

    fn ready(&self) -> Result<Ready, Refusal> {
        Ok(match self.acting.verb.as_str() {
            "enrol" => Ready::Events(vec![self.enrol()?]),
            "set_standing" => Ready::Events(vec![self.set_standing()?]),
            "reset_password" => Ready::Events(vec![self.reset_password()?]),
            "move_operator" => Ready::Events(self.move_operator()?),
            "grant" => Ready::Events(vec![self.grant()?]),
            "revoke" => Ready::Events(vec![self.revoke()?]),
            "absent" => Ready::Events(vec![self.absent()?]),
            "set_number" => Ready::Events(vec![self.set_number()?]),
            "open_place" => self.open_place()?,
            "close_place" => Ready::Events(vec![self.close_place()?]),
            "change_keeper" => Ready::Events(vec![self.change_keeper()?]),
            "open_account" => Ready::OpenAccount {
                kind: self.internal_kind()?,
                institution: self.needed("institution")?,
            },
            "close_account" => {
                let (account, reason) = (self.needed("account")?, self.needed("reason")?);
                Ready::CloseAccount { account, reason }
            }
            "hold" => self.hold()?,
            "release_hold" => self.release_hold()?,
            "correct" => self.correct()?,
            "amend_rulebook" => self.amend()?,
            "open_matter" => self.open_matter()?,
            _ => Ready::Nothing,
        })
    }

    fn enrol(&self) -> Result<Event, Refusal> {
        let (operator, name) = (self.needed("operator")?, self.needed("name")?);
        crate::form::operator_number(&operator)?;
        if self.doing.people.operators.contains_key(&operator) {
            return Err(refusal::operator_exists(&operator));
        }
        Ok(Event::Enrolled { operator, name, institution: self.institution("institution")? })
    }

    fn set_standing(&self) -> Result<Event, Refusal> {
        let (operator, reason) = (self.operator()?, self.needed("reason")?);
        let standing = match self.text("to").as_str() {
            "locked" => Standing::Locked,
            "stopped" => Standing::Stopped,
            _ => Standing::Active,
        };
        if self.doing.people.operators[&operator].standing == Standing::Stopped {
            return Err(refusal::operator_not_active("operator", &operator));
        }
        Ok(Event::StandingChanged { operator, standing, reason })
    }

    /// The old password is void from the moment of the last hand; a new one is the service's.
    fn reset_password(&self) -> Result<Event, Refusal> {
        let (operator, record) = (self.operator()?, self.doing.record);
        if self.doing.people.operators[&operator].standing != Standing::Active {
            return Err(refusal::operator_not_active("operator", &operator));
        }
        let last = record.hands.last().expect("a step that is done was given a hand");
        Ok(Event::PasswordReset { operator, at: last.at, document: record.number.clone() })
    }

    /// 调动: posts at the institution that is left end with the move.
    fn move_operator(&self) -> Result<Vec<Event>, Refusal> {
        let (operator, institution) = (self.operator()?, self.institution("institution")?);
        let known = &self.doing.people.operators[&operator];
        let today = self.book.today;
        let mut left: Vec<&str> = Vec::new();
        for grant in &known.grants {
            let open = grant.until.is_none_or(|until| until >= today);
            let here = grant.institution == known.institution;
            if open && here && institution != known.institution && !left.contains(&&*grant.post) {
                left.push(&grant.post);
            }
        }
        let mut events: Vec<Event> = Vec::with_capacity(left.len() + 1);
        events.extend(left.into_iter().map(|post| Event::Revoked {
            operator: operator.clone(),
            post: post.to_owned(),
            institution: known.institution,
            document: self.doing.record.number.clone(),
        }));
        events.push(Event::Moved { operator, institution });
        Ok(events)
    }

    /// 休假: like what an operator says of themselves, for who is sent on leave.
    fn absent(&self) -> Result<Event, Refusal> {
        let (operator, deputy) = (self.operator()?, self.needed("deputy")?);
        let day = |name: &str| self.day(name).ok_or_else(|| ledger::refusal::missing(name));
        let (from, until) = (day("from")?, day("until")?);
        let who = (operator.as_str(), deputy.as_str());
        super::verbs::check_absence(self.state, self.book.today, who, (from, until))?;
        Ok(Event::Absent { operator, deputy, from, until, asked: None })
    }

    fn grant(&self) -> Result<Event, Refusal> {
        let (operator, post) = (self.operator()?, self.needed("post")?);
        let institution = self.institution("institution")?;
        let from = self.day("from").unwrap_or(self.book.today);
        let until = self.day("until");
        let people = self.doing.people;
        if people.operators[&operator].standing != Standing::Active {
            return Err(refusal::operator_not_active("operator", &operator));
        }
        if until.is_some_and(|until| until < from) {
            return Err(refusal::period_backwards("until"));
        }
        if from < self.book.today {
            return Err(refusal::date_past("from", self.book.today));
        }
        let grants = &people.operators[&operator].grants;
        let same = grants.iter().any(|grant| {
            grant.post == post && grant.institution == institution && grant.overlaps(from, until)
        });
        if same {
            return Err(refusal::grant_exists(&operator, &post));
        }
        let office = &self.doing.rulebook.office;
        if let Some((other, why)) = people.clash(office, &operator, (&post, ""), (from, until)) {
            return Err(refusal::posts_apart(&operator, &post, other, why));
        }
        let document = self.doing.record.number.clone();
        Ok(Event::Granted { operator, post, institution, from, until, document })
    }

    fn revoke(&self) -> Result<Event, Refusal> {
        let (operator, post) = (self.operator()?, self.needed("post")?);
        let institution = self.institution("institution")?;
        let grants = &self.doing.people.operators[&operator].grants;
        let held = grants.iter().any(|grant| {
            let open = grant.until.is_none_or(|until| until >= self.book.today);
            grant.post == post && grant.institution == institution && open
        });
        if !held {
            return Err(refusal::no_grant(&operator, &post));
        }
        let document = self.doing.record.number.clone();
        Ok(Event::Revoked { operator, post, institution, document })
    }

    fn set_number(&self) -> Result<Event, Refusal> {
        let (code, text) = (self.needed("code")?, self.needed("value")?);
        let from = self.day("from").ok_or_else(|| ledger::refusal::missing("from"))?;
        let is = numbers::check(self.doing.rulebook, self.book, (&code, from), &text)?;
        let source = self.needed("source")?;
        Ok(Event::NumberSet { code, from, is: is.to_string(), source })
    }

    fn open_place(&self) -> Result<Ready, Refusal> {
        let (kind, name) = (self.needed("kind")?, self.text("name"));
        let institution = self.institution("institution")?;
        let code = &self.book.institution(institution).code;
        let known = self.doing.rulebook.office.places.contains_key(&kind);
        if !known || kind == "transit" {
            return Err(refusal::unknown("kind", ("场所种类", "kind of place"), &kind));
        }
        let place = match name.is_empty() {
            true => format!("{code}/{kind}"),
            false => format!("{code}/{kind}/{name}"),
        };
        if name.contains('/') || self.state.places.contains_key(&place) {
            return Err(refusal::place_exists(&place));
        }
        Ok(Ready::OpenPlace { place, keeper: self.text("keeper") })
    }

    fn place(&self) -> Result<String, Refusal> {
        let place = self.needed("place")?;
        if self.state.places.contains_key(&place) {
            return Ok(place);
        }
        Err(refusal::place_not_open("place", &place))
    }

    fn close_place(&self) -> Result<Event, Refusal> {
        let place = self.place()?;
        let custody = &self.state.custody;
        if custody.cash(&place).next().is_some() || !custody.kinds_at(&place).is_empty() {
            return Err(refusal::place_not_empty(&place));
        }
        Ok(Event::PlaceClosed { place })
    }

    fn change_keeper(&self) -> Result<Event, Refusal> {
        Ok(Event::KeeperChanged { place: self.place()?, keeper: self.needed("keeper")? })
    }

    fn internal_kind(&self) -> Result<String, Refusal> {
        let code = self.needed("kind")?;
        let kind = self.book.chart.kind_by_code(&code);
        let internal = kind.filter(|kind| self.book.chart.kind(*kind).internal);
        let institution = self.institution("institution")?;
        let kind = internal
            .ok_or_else(|| refusal::unknown("kind", ("内部账户种类", "kind of account"), &code))?;
        let unit = self.book.chart.base_unit;
        match self.book.internal(kind, institution, unit) {
            Some(id) => Err(ledger::refusal::account_exists(self.book.accounts.number(id))),
            None => Ok(code),
        }
    }

    fn hold(&self) -> Result<Ready, Refusal> {
        let number = self.needed("account")?;
        let account = crate::form::account(self.book, "account", &number)?;
        if let Some(Source::Field(at)) = self.acting.args.get("amount")
            && let FieldKind::Money(_, unit) = &self.doing.matter.fields[*at].kind
            && let Some(unit) = self.book.chart.unit_by_code(unit)
        {
            same_unit(self.book, account, unit).map_err(|no| no.at("amount"))?;
        }
        let amount = match self.value("amount") {
            Some(Value::Money(amount)) => *amount,
            _ => {
                let unit = self.book.accounts.heads[account.index()].unit;
                money::parse(&self.text("amount"), self.book.chart.unit(unit).digits, "amount")?
            }
        };
        let who = By { operator: self.doing.operator.to_owned(), asked: None };
        Ok(Ready::Hold(Box::new(HoldForm {
            account,
            amount,
            kind: HoldKind::Freeze,
            authority: self.needed("authority")?,
            document: self.needed("document")?,
            until: self.day("until"),
            who,
        })))
    }

    /// A hold by its number, or of an account by the document that ordered it.
    fn release_hold(&self) -> Result<Ready, Refusal> {
        let hold = self.needed("hold")?;
        let account = self.text("account");
        let found = if account.is_empty() {
            hold.parse().ok()
        } else {
            let account = crate::form::account(self.book, "account", &account)?;
            let mut holds = self.book.holds.values().filter(|one| one.account == account);
            holds.find(|one| one.document == hold).map(|one| one.id)
        };
        let unknown = || refusal::unknown("hold", ("止付或冻结", "hold"), &hold);
        let hold = found.ok_or_else(unknown)?;
        Ok(Ready::ReleaseHold { hold, reason: self.needed("reason")? })
    }

    /// Hands of the record become those of the correction: who applied, verified, approved, posts.
    fn correct(&self) -> Result<Ready, Refusal> {
        let entry = self.needed("entry")?;
        let wrong = || refusal::wrong_type("entry", &entry, "凭证序号", "the number of an entry");
        let entry = entry.parse().map_err(|_| wrong())?;
        let record = self.doing.record;
        let by = |hand: Option<&super::event::Hand>| {
            hand.map(|hand| hand.operator.clone()).unwrap_or_default()
        };
        let last = |role: Role| record.hands.iter().rfind(|hand| hand.role == role);
        Ok(Ready::Correct(Box::new(CorrectForm {
            key: format!("{}-correct", self.doing.record.number),
            entry,
            class: self.needed("class")?,
            cause: self.needed("cause")?,
            evidence: self.needed("evidence")?,
            applicant: by(record.hands.first()),
            verifier: by(last(Role::Checker)),
            approver: by(last(Role::Authoriser)),
            poster: by(record.given().next()),
            notice: self.text("notice"),
            rebook: self.rebook(),
        })))
    }

    /// 补正: what the entry should have said, if rows say it. Its hands and its institution are
    /// those of the correction.
    fn rebook(&self) -> Option<EntryForm> {
        let Some(Source::Field(at)) = self.acting.args.get("rebook") else { return None };
        let Some(Value::Rows(rows)) = self.doing.value(*at) else { return None };
        let (digits, unit) = match &self.doing.matter.fields[*at].kind {
            FieldKind::Rows(columns) => columns.iter().find_map(|one| match &one.kind {
                FieldKind::Money(digits, unit) => Some((*digits, unit.clone())),
                _ => None,
            })?,
            _ => return None,
        };
        let lines = rows.iter().map(|row| {
            let text = |name: &str| row.get(name).map(Value::text).unwrap_or_default();
            let clears = Some(text("clears")).filter(|item| !item.is_empty());
            let amount = match row.get("amount") {
                Some(Value::Money(amount)) => money::plain(i128::from(*amount), digits),
                _ => String::new(),
            };
            let side = match text("side").as_str() {
                "credit" => SideWord::Credit,
                _ => SideWord::Debit,
            };
            let (unit, red, quantity) = (Some(unit.clone()), false, None);
            LineForm { account: text("account"), side, amount, unit, red, clears, quantity }
        });
        Some(EntryForm {
            key: format!("{}-rebook", self.doing.record.number),
            code: self.doing.record.code.clone(),
            channel: "correction".to_owned(),
            lines: lines.collect(),
            ..EntryForm::default()
        })
    }

    fn amend(&self) -> Result<Ready, Refusal> {
        let Some(Value::Rows(rows)) = self.value("files") else { return Ok(Ready::Nothing) };
        let amended = amend::amended(self.doing.rulebook, (self.book, &self.state.numbers), rows)?;
        Ok(Ready::Amend(Box::new(amended)))
    }

    /// A further matter, filled from this one: "differences become matters".
    fn open_matter(&self) -> Result<Ready, Refusal> {
        let code = self.needed("code")?;
        let office = &self.doing.rulebook.office;
        let matter = office.matters.get(&code);
        let matter = matter.ok_or_else(|| refusal::unknown_matter_kind(&code))?;
        let mut values = Values::new();
        for (name, source) in self.acting.args.iter().filter(|(name, _)| *name != "code") {
            let Some(field) = matter.field(name).map(|at| &matter.fields[at]) else { continue };
            let value = match source {
                Source::Field(at) => self.doing.value(*at).cloned(),
                other => {
                    let text = serde_json::Value::String(self.doing.source(self.book, other));
                    super::value::read(field, name, &text, office)?
                }
            };
            if let Some(value) = value {
                values.insert(name.clone(), value);
            }
        }
        Ok(Ready::OpenMatter { code, values })
    }
}

/// What doing a verb may change.
pub struct Books<'a> {
    pub book: &'a mut Book,
    pub draft: &'a mut Draft,
    /// The entry that a correction undoes.
    pub original: Option<&'a Batch>,
}

/// Does what the books themselves may still refuse; everything else is left for the events.
pub fn ledger_part(ready: &Ready, books: &mut Books<'_>, by: &str) -> Result<(), Refusal> {
    let Books { book, draft, original } = books;
    match ready {
        Ready::CloseAccount { account, reason } => {
            let id = crate::form::account(book, "account", account)?;
            let head = book.accounts.heads[id.index()];
            if !book.chart.kind(head.kind).internal {
                return Err(refusal::not_bank_account(account));
            }
            if head.balance != 0 {
                return Err(refusal::balance_left(account));
            }
            if posted_by_system(book, head.kind) {
                return Err(refusal::system_needs(account));
            }
            if book.kept.contains(&id) {
                return Err(ledger::refusal::kept_by_custody(account));
            }
            let status = Status::Closed;
            if head.status == status {
                return Err(ledger::refusal::status_forbids(account, status, true));
            }
            let who = By { operator: by.to_owned(), asked: None };
            let (reason, document) = (reason.clone(), String::new());
            book.record(Fact::StatusChanged { account: id, status, reason, document, who }, draft);
            Ok(())
        }
        Ready::Hold(form) => book.place_hold((**form).clone(), draft).map(drop),
        Ready::ReleaseHold { hold, reason } => {
            let who = By { operator: by.to_owned(), asked: None };
            book.release_hold(*hold, None, (reason.as_str(), who), draft)
        }
        Ready::Correct(form) => {
            let no = EntryNo(form.entry);
            let original = original.ok_or_else(|| ledger::refusal::unknown_entry(no))?;
            let rebook = form.rebook.as_ref().map(|entry| rebooked(book, original, form, entry));
            let rebook = rebook.transpose()?;
            let form = CorrectionForm {
                key: key_of(&form.key),
                class: form.class.clone(),
                cause: form.cause.clone(),
                evidence: form.evidence.clone(),
                applicant: form.applicant.clone(),
                verifier: form.verifier.clone(),
                approver: form.approver.clone(),
                poster: form.poster.clone(),
                notice: form.notice.clone(),
                rebook,
            };
            book.correct(no, original, form, draft).map(drop)
        }
        _ => Ok(()),
    }
}

/// Whether the close, interest or clearing posts to a kind of account by itself.
fn posted_by_system(book: &Book, kind: KindId) -> bool {
    let system = book.chart.system;
    let own = [
        system.interbranch,
        system.exchange,
        system.exchange_gain,
        system.year_profit,
        system.prior_year,
        system.undistributed,
        system.shortfall,
    ];
    let terms = book.chart.kinds.iter().filter_map(|one| one.terms.as_ref());
    let mut interest = terms.flat_map(|terms| {
        let fixed = [terms.expense, terms.payable, terms.income, terms.receivable];
        fixed.into_iter().chain(terms.due)
    });
    own.contains(&kind) || interest.any(|one| one == kind)
}

/// The entry that books right what a correction undoes, where the wrong one was booked.
fn rebooked(
    book: &Book,
    original: &Batch,
    form: &CorrectForm,
    entry: &EntryForm,
) -> Result<Batch, Refusal> {
    let entry = EntryForm {
        institution: book.institution(original.header(0).institution).code.clone(),
        maker: form.poster.clone(),
        checker: form.verifier.clone(),
        authoriser: form.approver.clone(),
        document: form.evidence.clone(),
        summary: format!("补正凭证{}：{}", form.entry, form.cause),
        ..entry.clone()
    };
    let mut batch = Batch::default();
    entry.resolve_into(book, &mut batch).map_err(|no| {
        let field = no.field.replace("lines[", "rebook[");
        no.at(field)
    })?;
    Ok(batch)
}

/// Opens the accounts that a place needs before it is set up.
pub fn open_accounts_of(rulebook: &Rulebook, book: &mut Book, place: &str, draft: &mut Draft) {
    let Some((institution, kind)) = kind_of(book, place) else { return };
    let office = &rulebook.office;
    let kinds: Vec<String> = [kind, "transit"]
        .into_iter()
        .filter_map(|kind| office.places.get(kind))
        .flat_map(|kind| kind.cash.iter().chain(kind.stock.values()).cloned())
        .collect();
    let unit = book.chart.base_unit;
    for at in [institution, HEAD_OFFICE] {
        let openings = book.place_openings(at, unit);
        if !openings.is_empty() {
            book.record(Fact::AccountsOpened { accounts: openings }, draft);
        }
    }
    for code in kinds {
        if let Some(kind) = book.chart.kind_by_code(&code) {
            account(book, kind, institution, draft);
        }
    }
}

/// A matter that another opens, or the clock, so that nobody can void it; its first step is still
/// to be taken. `from` has where, by whom and when.
pub fn opened(
    state: &OfficeState,
    (current, book): (&Rulebook, &Book),
    (code, values): (&str, Values),
    from: (InstitutionId, &str, Instant),
) -> Event {
    let (institution, by, at) = from;
    let matter = &current.office.matters[code];
    Event::Opened {
        id: state.records.next,
        code: code.to_owned(),
        rulebook: ledger::hex(&current.hash),
        number: state.records.number(matter, book, institution),
        institution,
        by: by.to_owned(),
        at,
        values,
        due: super::request::due_of(book, matter, 0, at),
        asked: None,
    }
}
