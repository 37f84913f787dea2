//! A matter under way (事项), and all of them: what waits for whom.

use super::definition::{Hand as HandDef, Matter, NumberPart, Target, Where};
use super::event::{Event, Going, Hand, Instant, Verb};
use super::people::upwards;
use super::value::{Value, Values};
use custody::Move;
use ledger::Day;
use ledger::book::Book;
use ledger::entry::{EntryNo, InstitutionId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

/// One line of who did what (流转轨迹).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    pub at: Instant,
    pub by: String,
    /// The step, or the office verb.
    pub what: String,
    /// Where the matter stood; empty of a hand, which is given to the step that it names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stood: String,
    /// The time of its step was over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Trace {
    /// The step in which it was done.
    pub fn step(&self) -> &str {
        if self.stood.is_empty() { &self.what } else { &self.stood }
    }

    /// Whether it is this office verb, and no step of that name.
    pub fn is(&self, verb: &str) -> bool {
        !self.stood.is_empty() && self.what == verb
    }
}

/// What a step did with numbered things (实物变动): what a thing has gone through is told from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub at: Instant,
    pub day: Day,
    pub step: String,
    /// Whose hands did it.
    pub by: Vec<String>,
    pub moves: Vec<Move>,
}

/// A matter as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub id: u64,
    pub code: String,
    /// Hash of its rulebook.
    pub rulebook: String,
    pub number: String,
    pub institution: InstitutionId,
    pub opener: String,
    pub opened: Day,
    pub opened_at: Instant,
    pub values: Values,
    pub at: Going,
    /// Raised by everything that happens to it: what was seen before is stale.
    pub version: u64,
    pub hands: Vec<Hand>,
    /// 转办: who alone may act in this step.
    #[serde(default)]
    pub assigned: Option<String>,
    /// 委派: (who delegated, to whom).
    #[serde(default)]
    pub delegated: Vec<(String, String)>,
    /// 加签 that is still to be given.
    #[serde(default)]
    pub signers: Vec<String>,
    /// 抄送, and whether it was read.
    #[serde(default)]
    pub copies: BTreeMap<String, bool>,
    #[serde(default)]
    pub due: Option<Instant>,
    /// The post that it was escalated to.
    #[serde(default)]
    pub escalated: Option<String>,
    pub trace: Vec<Trace>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Moved>,
    #[serde(default)]
    pub entries: Vec<EntryNo>,
    #[serde(default)]
    pub transit: Option<String>,
    /// The first step that may be gone back to: what an earlier one did stands.
    #[serde(default)]
    pub floor: usize,
    #[serde(default)]
    pub urged: u32,
    /// The business day on which it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Day>,
}

impl Record {
    /// A matter at its first step, before anything is in it.
    pub fn new(
        matter: &Matter,
        id: u64,
        number: String,
        institution: InstitutionId,
        opener: String,
    ) -> Self {
        Self {
            id,
            code: matter.code.clone(),
            rulebook: String::new(),
            number,
            institution,
            opener,
            opened: Day::default(),
            opened_at: 0,
            values: Values::new(),
            at: Going::Step(matter.steps[0].name.clone()),
            version: 0,
            hands: Vec::new(),
            assigned: None,
            delegated: Vec::new(),
            signers: Vec::new(),
            copies: BTreeMap::new(),
            due: None,
            escalated: None,
            trace: Vec::new(),
            moved: Vec::new(),
            entries: Vec::new(),
            transit: None,
            floor: 0,
            urged: 0,
            ended: None,
        }
    }

    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    pub fn has_ended(&self) -> bool {
        matches!(self.at, Going::End(_))
    }

    /// 超时: the deadline of the step that it stands at is past. That of one that was escalated for
    /// it is no longer kept, and past all the same.
    pub fn is_late(&self, now: Instant) -> bool {
        !self.has_ended() && (self.escalated.is_some() || self.due.is_some_and(|due| due < now))
    }

    /// Position of the step that is waited for.
    pub fn step(&self, matter: &Matter) -> Option<usize> {
        match &self.at {
            Going::Step(name) => matter.step(name),
            Going::End(_) => None,
        }
    }

    /// Hands given in the step that is waited for.
    pub fn given(&self) -> impl Iterator<Item = &Hand> {
        let step = match &self.at {
            Going::Step(name) => name.as_str(),
            Going::End(_) => "",
        };
        self.hands.iter().filter(move |hand| hand.step == step)
    }

    /// Whether somebody gave this hand of the step, in the same person's place: who may repeat
    /// has other hands too, and is still one of the people that a hand asks for.
    pub fn has_given(&self, hand: usize, operator: &str, instead_of: &str) -> bool {
        self.given().any(|given| {
            given.hand.map(usize::from) == Some(hand)
                && given.operator == operator
                && given.instead_of == instead_of
        })
    }

    /// Whether the hand of somebody whom a field names was given, by them or in their place.
    pub fn is_given(&self, hand: usize, name: &str) -> bool {
        let mut given = self.given().filter(|one| one.hand.map(usize::from) == Some(hand));
        given.any(|one| one.operator == name || one.instead_of == name)
    }

    /// Notes that it was opened.
    pub fn trace_opening(&mut self) {
        let (at, by) = (self.opened_at, self.opener.clone());
        self.trace_at(self.stands_at(), at, by, "open", String::new());
    }

    fn trace_at(&mut self, stood: String, at: Instant, by: String, what: &str, note: String) {
        let what = what.to_owned();
        let late = self.due.is_some_and(|due| due < at);
        self.trace.push(Trace { at, by, what, stood, late, note });
        self.version += 1;
    }

    /// The step that it stands at; empty once it has ended.
    fn stands_at(&self) -> String {
        match &self.at {
            Going::Step(step) => step.clone(),
            Going::End(_) => String::new(),
        }
    }

    /// Notes what the hands of the step that is waited for have moved; of notes only the count is
    /// known, and no single one.
    pub fn note_moves(&mut self, (at, day): (Instant, Day), mut moves: Vec<Move>) {
        moves.retain(|one| one.range().is_some());
        if moves.is_empty() {
            return;
        }
        let by = self.given().map(|hand| hand.operator.clone()).collect();
        self.moved.push(Moved { at, day, step: self.stands_at(), by, moves });
    }

    fn go(&mut self, going: Going, due: Option<Instant>) {
        self.at = going;
        self.due = due;
        self.assigned = None;
        self.delegated.clear();
        self.signers.clear();
        self.escalated = None;
    }

    /// Back to a step: hands from there on must be given again.
    fn go_back(&mut self, matter: &Matter, to: &str, due: Option<Instant>) {
        let first = matter.step(to).unwrap_or(0);
        let later = |hand: &Hand| matter.step(&hand.step).is_some_and(|step| step >= first);
        self.hands.retain(|hand| !later(hand));
        self.go(Going::Step(to.to_owned()), due);
    }
}

/// For whom a matter waits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wait {
    Post(String, InstitutionId),
    Operator(String),
}

/// Every matter that is open.
#[derive(Clone, Debug, Default)]
pub struct Records {
    pub open: BTreeMap<u64, Record>,
    pub next: u64,
    /// The last number given, by what stands before the sequence.
    pub sequences: BTreeMap<String, u64>,
    waits: BTreeMap<Wait, BTreeSet<u64>>,
    waiting: BTreeMap<u64, Vec<Wait>>,
    due: BTreeSet<(Instant, u64)>,
    copied: BTreeMap<String, BTreeSet<u64>>,
}

impl Records {
    /// What waits for somebody, in the order in which it was opened.
    pub fn waiting_for<'a>(&'a self, wait: &Wait) -> impl Iterator<Item = u64> + 'a {
        self.waits.get(wait).into_iter().flatten().copied()
    }

    /// Matters whose time was over at this moment, longest first.
    pub fn overdue(&self, now: Instant) -> impl Iterator<Item = u64> + '_ {
        self.due.range(..(now, 0)).map(|(_, id)| *id)
    }

    /// Matters in the order of their deadlines, those behind this one.
    pub fn due_behind(&self, last: Option<(Instant, u64)>) -> impl Iterator<Item = &Record> {
        let from = last.map_or(Bound::Unbounded, Bound::Excluded);
        self.due.range((from, Bound::Unbounded)).filter_map(|(_, id)| self.open.get(id))
    }

    /// The same in the order turned round.
    pub fn due_before(&self, last: Option<(Instant, u64)>) -> impl Iterator<Item = &Record> {
        let until = last.map_or(Bound::Unbounded, Bound::Excluded);
        self.due.range((Bound::Unbounded, until)).rev().filter_map(|(_, id)| self.open.get(id))
    }

    pub fn copied_to<'a>(&'a self, operator: &str) -> impl Iterator<Item = u64> + 'a {
        self.copied.get(operator).into_iter().flatten().copied()
    }

    /// The number that the next matter of a kind gets at an institution.
    pub fn number(&self, matter: &Matter, book: &Book, at: InstitutionId) -> String {
        let (before, after, digits) = number_parts(matter, book, at);
        let last = self.sequences.get(&before).copied().unwrap_or(0);
        match digits {
            Some(digits) => format!("{before}{:0digits$}{after}", last + 1),
            None => before,
        }
    }

    /// Notes that a number was given.
    pub fn count(&mut self, matter: &Matter, book: &Book, at: InstitutionId) {
        let (before, _, _) = number_parts(matter, book, at);
        *self.sequences.entry(before).or_default() += 1;
    }

    pub fn insert(&mut self, record: Record, waits: Vec<Wait>) {
        let id = record.id;
        self.forget(id);
        for wait in &waits {
            self.waits.entry(wait.clone()).or_default().insert(id);
        }
        self.waiting.insert(id, waits);
        if let Some(due) = record.due {
            self.due.insert((due, id));
        }
        for operator in record.copies.keys() {
            self.copied.entry(operator.clone()).or_default().insert(id);
        }
        self.open.insert(id, record);
    }

    /// Takes a matter out, as it ended or before it is put back changed.
    pub fn forget(&mut self, id: u64) -> Option<Record> {
        for wait in self.waiting.remove(&id).unwrap_or_default() {
            if let Some(ids) = self.waits.get_mut(&wait) {
                ids.remove(&id);
                if ids.is_empty() {
                    self.waits.remove(&wait);
                }
            }
        }
        let record = self.open.remove(&id)?;
        if let Some(due) = record.due {
            self.due.remove(&(due, id));
        }
        for operator in record.copies.keys() {
            if let Some(ids) = self.copied.get_mut(operator) {
                ids.remove(&id);
                if ids.is_empty() {
                    self.copied.remove(operator);
                }
            }
        }
        Some(record)
    }
}

/// What stands before and after the sequence of a number, and the digits of the sequence.
fn number_parts(
    matter: &Matter,
    book: &Book,
    at: InstitutionId,
) -> (String, String, Option<usize>) {
    let (mut before, mut after, mut digits) = (String::new(), String::new(), None);
    for part in &matter.number {
        let text = match part {
            NumberPart::Text(text) => text.clone(),
            NumberPart::Date => book.today.to_string().replace('-', ""),
            NumberPart::Year => book.today.year().to_string(),
            NumberPart::Institution => book.institution(at).code.clone(),
            NumberPart::Sequence(wide) => {
                digits = Some(*wide);
                continue;
            }
        };
        if digits.is_none() { before.push_str(&text) } else { after.push_str(&text) }
    }
    (before, after, digits)
}

/// Applies what happened to a matter that is open, and on which day; a step moved these things.
pub fn apply(
    record: &mut Record,
    matter: &Arc<Matter>,
    event: Event,
    (day, moves): (Day, Vec<Move>),
) {
    match event {
        Event::Saved { by, at, values, .. } => {
            record.values.extend(values);
            record.trace_at(record.stands_at(), at, by, "save", String::new());
        }
        Event::Acted { at, hands, values, note, going, due, entry, stands, transit, .. } => {
            record.values.extend(values);
            record.entries.extend(entry);
            record.transit = transit.or(record.transit.take());
            for hand in &hands {
                record.signers.retain(|signer| *signer != hand.operator);
                // What was handed over is done: other hands of the step are anybody's again.
                record.assigned.take_if(|assigned| *assigned == hand.operator);
                let by = hand.operator.clone();
                record.trace_at(String::new(), at, by, &hand.step, note.clone());
            }
            record.hands.extend(hands);
            record.note_moves((at, day), moves);
            let step = record.step(matter);
            if let (Some(going), Some(step)) = (going, step) {
                if stands {
                    record.floor = step + 1;
                }
                record.go(going, due);
            }
        }
        Event::Handled { at, by, verb, note, due, .. } => {
            record.trace_at(record.stands_at(), at, by.clone(), verb.en(), note);
            handle(record, matter, verb, by, due);
        }
        _ => {}
    }
}

fn handle(record: &mut Record, matter: &Matter, verb: Verb, by: String, due: Option<Instant>) {
    let ended = |name: &str| Going::End(name.to_owned());
    match verb {
        Verb::Return { to } => record.go_back(matter, &to, due),
        Verb::Withdraw => record.go_back(matter, &matter.steps[0].name, due),
        Verb::Refuse => record.go(ended("refused"), None),
        Verb::Void => record.go(ended("voided"), None),
        Verb::Transfer { to } => record.assigned = Some(to),
        Verb::Delegate { to } => record.delegated.push((by, to)),
        Verb::AddSigner { operator } => record.signers.push(operator),
        Verb::RemoveSigner { operator } => record.signers.retain(|signer| *signer != operator),
        Verb::Urge => record.urged += 1,
        Verb::Copy { to } => {
            for operator in to {
                record.copies.entry(operator).or_insert(false);
            }
        }
        Verb::Read => {
            record.copies.insert(by, true);
        }
        Verb::Comment => {}
        Verb::Escalate { post } => {
            record.escalated = Some(post);
            record.due = None;
        }
    }
}

/// For whom a record waits now.
pub fn waits(book: &Book, people: &super::People, matter: &Matter, record: &Record) -> Vec<Wait> {
    let Some(step) = record.step(matter) else { return Vec::new() };
    let mut waits: BTreeSet<Wait> = record.signers.iter().cloned().map(Wait::Operator).collect();
    if let Some(post) = &record.escalated {
        waits.extend(upwards(book, record.institution).map(|at| Wait::Post(post.clone(), at)));
    }
    if let Some(operator) = &record.assigned {
        waits.insert(Wait::Operator(operator.clone()));
    } else {
        for (at, hand) in matter.steps[step].hands.iter().enumerate() {
            if super::step::still_needed(book, matter, record, at) > 0 {
                wait_for_hand((book, people), (matter, record), (at, hand), &mut waits);
            }
        }
    }
    waits.extend(record.delegated.iter().map(|(_, to)| Wait::Operator(to.clone())));
    waits.into_iter().collect()
}

fn wait_for_hand(
    (book, people): (&Book, &super::People),
    (matter, record): (&Matter, &Record),
    (at, hand): (usize, &HandDef),
    waits: &mut BTreeSet<Wait>,
) {
    // Who fills the field that names them is waited for by their post.
    if let Some(named) = hand.who.and_then(|field| record.value(&matter.fields[field].name)) {
        let named = match named {
            Value::Code(one) => vec![one.clone()],
            Value::Codes(all) => all.clone(),
            _ => Vec::new(),
        };
        let left = named.into_iter().filter(|name| !record.is_given(at, name));
        waits.extend(left.map(Wait::Operator));
        return;
    }
    let Some(band) = super::step::band(book, matter, record, hand) else { return };
    let Some(post) = &band.post else { return };
    match super::step::place_of(book, people, matter, record, &band.at) {
        Some(at) if band.at == Where::Above => {
            waits.extend(upwards(book, at).map(|at| Wait::Post(post.clone(), at)));
        }
        Some(at) => {
            waits.insert(Wait::Post(post.clone(), at));
        }
        None => {}
    }
}

/// A matter goes to a step or an end.
pub fn going(matter: &Matter, target: Target) -> Going {
    match target {
        Target::Step(at) => Going::Step(matter.steps[at].name.clone()),
        Target::End(at) => Going::End(matter.ends[at].0.clone()),
    }
}
