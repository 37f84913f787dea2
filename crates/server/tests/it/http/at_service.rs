//! A desk behind the service: what a page does with matters is asked over HTTP by each person with
//! a session of their own, and by whoever signs with them with a ticket. Days, accounts and entries
//! go to the engine, since pages name hands for them that the service takes from who has signed in.

use crate::at_engine::{AtEngine, Founded};
use crate::desk::Desk;
use crate::wire::{Client, Reply};
use bank::form::key_of;
use bank::office::event::{Going, Standing as Duty, Verb};
use bank::office::record::Record;
use bank::office::request::{Ask, Request, Said};
use bank::office::step::Signed;
use bank::{Answer, Command, State};
use ledger::entry::EntryNo;
use ledger::fact::Fact;
use ledger::{Again, Batch, Refusal};
use serde_json::{Value, json};
use server::testing::{Limits, Place, Service, Standing};
use std::cell::Cell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::Store;

const PASSWORD: &str = "Piaohao-2026";

/// Longer than anybody in a page stays at a window without a word.
const PAUSE: i64 = 10 * 60_000_000;

/// No reset comes after it, and no password is older.
const NEVER_TOO_OLD: i64 = i64::MAX / 4;

/// Where banks are kept.
pub struct Ground {
    pub folder: PathBuf,
    pub made: Cell<u32>,
}

impl Ground {
    pub fn store(&self) -> Box<dyn Store> {
        Box::new(store::SqliteStore::open(self.folder.join("bank.sqlite")).unwrap())
    }
}

pub struct AtService {
    // Left before the service stops: it looks at the engine behind it.
    inner: AtEngine,
    ground: Rc<Ground>,
    service: Service,
    clock: Arc<AtomicI64>,
    /// Who has signed in, and when they last asked.
    people: HashMap<String, (Client, i64)>,
    with_password: Vec<String>,
}

impl AtService {
    /// A bank with a service of its own.
    pub fn copied(ground: &Rc<Ground>, founded: &Founded) -> Self {
        ground.made.set(ground.made.get() + 1);
        let bank = format!("case-{}", ground.made.get());
        founded.copy(&mut *ground.store(), &bank);
        let clock = Arc::new(AtomicI64::new(0));
        let tells = Arc::clone(&clock);
        let limits = Limits { sign_ins: u32::MAX, ..Limits::default() };
        let (folder, kept) = (ground.folder.join(&bank), ground.folder.join("bank.sqlite"));
        let place = Place {
            folder: &folder,
            store: kept.to_str().unwrap(),
            bank: &bank,
            secure: false,
            oidc: None,
        };
        let tell: engine::Clock = Arc::new(move || tells.load(Ordering::Relaxed));
        let service = Service::start(&place, limits, tell).unwrap();
        let mut inner = AtEngine::new(Box::new(service.behind()), ground.store(), &bank, 0);
        inner.follow();
        let ground = Rc::clone(ground);
        Self { inner, ground, service, clock, people: HashMap::new(), with_password: Vec::new() }
    }

    /// Asks as somebody, who signs in if they have not, or have been away for long.
    fn ask_as(
        &mut self,
        who: &str,
        (method, path): (&str, &str),
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Reply {
        let now = self.clock.load(Ordering::Relaxed);
        let known = self.people.get(who).filter(|(_, asked)| (0..PAUSE).contains(&(now - asked)));
        if known.is_none() {
            let browser = self.service.begin(who, Standing::default());
            let client = Client::with(self.service.address, browser);
            self.people.insert(who.to_owned(), (client, now));
        }
        let (client, asked) = self.people.get_mut(who).unwrap();
        *asked = now;
        client.call(method, path, Some(body.to_string().as_bytes()), headers)
    }

    /// The ticket of a second person, who signs in at the window of the first.
    fn ticket(
        &mut self,
        window: &str,
        signed: &Signed,
        (matter, code): (u64, &str),
    ) -> Result<String, Refusal> {
        let who = signed.operator.as_str();
        if !self.can_sign_in(window, signed) {
            let until = signed.until.unwrap_or(i64::MAX);
            return Ok(self.service.ticket(who, window, (matter, code), until));
        }
        if !self.with_password.iter().any(|known| *known == who) {
            self.service.password(who, PASSWORD, NEVER_TOO_OLD);
            self.with_password.push(who.to_owned());
        }
        let form = json!({ "operator": who, "password": PASSWORD, "matter": matter, "kind": code });
        let reply = self.ask_as(window, ("POST", "/session/second-person"), &form, &[]);
        let said = answer(&reply)?;
        Ok(said["ticket"].as_str().unwrap().to_owned())
    }

    /// Tickets in the order in which people sign. Those that nobody signed in for come last, since
    /// to issue a ticket is to forget those that have run out.
    fn tickets(
        &mut self,
        window: &str,
        others: &[Signed],
        target: (u64, &str),
    ) -> Result<Vec<String>, Refusal> {
        let mut tickets = vec![String::new(); others.len()];
        for signs_in in [true, false] {
            for (ticket, who) in tickets.iter_mut().zip(others) {
                if self.can_sign_in(window, who) == signs_in {
                    *ticket = self.ticket(window, who, target)?;
                }
            }
        }
        Ok(tickets)
    }

    /// Whether somebody could sign in at this window now. Who could not may have done so before
    /// they were stopped: the bank is to judge it.
    fn can_sign_in(&self, window: &str, who: &Signed) -> bool {
        let known = self.inner.state().office.people.operators.get(&who.operator);
        let is_active = known.is_some_and(|one| one.standing == Duty::Active);
        is_active && who.operator != window && who.until.is_none()
    }

    fn office(&mut self, request: Request) -> Result<Answer, Refusal> {
        self.clock.store(request.at, Ordering::Relaxed);
        let (first, others) = request.by.split_first().unwrap();
        let window = first.operator.clone();
        let target = match &request.ask {
            Ask::Open { code, .. } | Ask::Draft { code, .. } => (0, code.clone()),
            Ask::Save { matter, .. } | Ask::Act { matter, .. } | Ask::Handle { matter, .. } => {
                (*matter, String::new())
            }
            Ask::Absence { .. } => (0, String::new()),
        };
        let with = self.tickets(&window, others, (target.0, &target.1));
        // Notes of who signed in are no part of what the page did.
        self.inner.follow();
        let (method, path, body, version) = asked(request.ask.clone(), &with?);
        let version = version.map(|version| format!("\"{version}\""));
        let mut headers = Vec::new();
        if let Some(version) = &version {
            headers.push(("If-Match", version.as_str()));
        }
        if !request.key.is_empty() {
            headers.push(("Idempotency-Key", request.key.as_str()));
        }
        let reply = self.ask_as(&window, (method, &path), &body, &headers);
        let key = request.key.clone();
        self.inner.follow();
        let is_open = self.inner.state().office.records.open.contains_key(&target.0);
        if is_open && reply.code() == "UnknownMatter" {
            // It was not there for them: the bank would have told them why not.
            let judged = self.inner.decide(Command::Office(Box::new(request)));
            assert!(judged.is_err(), "what was hidden from {window} they might have done");
            return judged;
        }
        let said = answer(&reply).map_err(|refusal| as_typed(refusal, &window, &key))?;
        Ok(Answer::Matter(Said {
            matter: said["id"].as_u64().unwrap_or(0),
            number: said["number"].as_str().unwrap_or_default().to_owned(),
            at: going(said["at"].as_str().unwrap_or("[done]")),
            version: said["version"].as_u64().unwrap_or(0),
            entry: said["entry"].as_u64().map(EntryNo),
        }))
    }
}

/// A refusal that names a key names the key that was typed: the service makes it the caller's own.
fn as_typed(mut refusal: Refusal, who: &str, key: &str) -> Refusal {
    let (own, typed) = (key_of(&format!("{who}/{key}")), key_of(key));
    let shown = |key: ledger::Key| format!("{:032x}", key.0);
    refusal.zh = refusal.zh.replace(&shown(own), &shown(typed));
    refusal
}

fn going(word: &str) -> Going {
    match word.strip_prefix('[').and_then(|word| word.strip_suffix(']')) {
        Some(end) => Going::End(end.to_owned()),
        None => Going::Step(word.to_owned()),
    }
}

/// What was asked as a call: how, where, with which body, and of which version.
fn asked(ask: Ask, with: &[String]) -> (&'static str, String, Value, Option<u64>) {
    let opening = |code: String, institution: String, fields, draft: bool| {
        let (path, fields) = ("/matters".to_owned(), Value::Object(fields));
        let body = json!({
            "code": code, "institution": institution, "fields": fields, "draft": draft,
            "with": with,
        });
        ("POST", path, body, None)
    };
    match ask {
        Ask::Open { code, institution, fields } => opening(code, institution, fields, false),
        Ask::Draft { code, institution, fields } => opening(code, institution, fields, true),
        Ask::Save { matter, version, fields } => {
            ("PUT", format!("/matters/{matter}"), json!({ "fields": fields }), version)
        }
        Ask::Act { matter, version, step, fields, note } => {
            let body = json!({ "step": step, "fields": fields, "note": note, "with": with });
            ("POST", format!("/matters/{matter}/act"), body, version)
        }
        Ask::Handle { matter, version, verb, note } => {
            let (word, to) = deed(verb);
            let body = json!({ "do": word, "to": to, "note": note });
            ("POST", format!("/matters/{matter}/handle"), body, version)
        }
        Ask::Absence { deputy, from, until } => {
            let (from, until) = (from.to_string(), until.to_string());
            let body = json!({ "deputy": deputy, "from": from, "until": until });
            ("POST", "/absences".to_owned(), body, None)
        }
    }
}

fn deed(verb: Verb) -> (&'static str, Vec<String>) {
    match verb {
        Verb::Return { to } => ("return", vec![to]),
        Verb::Refuse => ("refuse", Vec::new()),
        Verb::Withdraw => ("withdraw", Vec::new()),
        Verb::Void => ("void", Vec::new()),
        Verb::Transfer { to } => ("transfer", vec![to]),
        Verb::Delegate { to } => ("delegate", vec![to]),
        Verb::AddSigner { operator } => ("add_signer", vec![operator]),
        Verb::RemoveSigner { operator } => ("remove_signer", vec![operator]),
        Verb::Urge => ("urge", Vec::new()),
        Verb::Copy { to } => ("copy", to),
        Verb::Read => ("read", Vec::new()),
        Verb::Comment => ("comment", Vec::new()),
        Verb::Escalate { .. } => unreachable!("the clock escalates, and asks nobody"),
    }
}

/// What was answered, or the refusal that the problem tells.
fn answer(reply: &Reply) -> Result<Value, Refusal> {
    if reply.status == 204 {
        return Ok(Value::Null);
    }
    let body = reply.json();
    if reply.status < 300 {
        return Ok(body);
    }
    assert!(reply.status < 500 || reply.status == 503, "{}", reply.text());
    assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{body}");
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    Err(Refusal {
        code: text("code").leak(),
        zh: text("detail"),
        en: text("en"),
        field: text("field"),
        again: match text("again").as_str() {
            "later" => Again::Later,
            "when_facts_change" => Again::WhenFactsChange,
            _ => Again::Never,
        },
    })
}

impl Desk for AtService {
    fn decide(&mut self, command: Command) -> Result<Answer, Refusal> {
        match command {
            Command::Office(request) => self.office(*request),
            Command::Tick { at } => {
                self.clock.store(at, Ordering::Relaxed);
                self.inner.decide(Command::Tick { at })
            }
            command => self.inner.decide(command),
        }
    }

    fn close_day(&mut self) -> Result<Answer, Refusal> {
        self.inner.close_day()
    }

    fn state(&self) -> &State {
        self.inner.state()
    }

    fn entries(&self) -> &[Batch] {
        self.inner.entries()
    }

    fn facts(&self) -> &[Fact] {
        self.inner.facts()
    }

    fn ended(&mut self) -> Vec<Record> {
        self.inner.ended()
    }

    fn again(&self) -> Box<dyn Desk> {
        let founded = self.inner.founded(&mut *self.ground.store());
        Box::new(Self::copied(&self.ground, &founded))
    }
}
