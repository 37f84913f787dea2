//! Requests to the office, and how a step is decided: who signs, what is given, what is checked,
//! what is moved and posted. All refusals come before the first change.

use super::acts::{self, Ready};
use super::definition::{Computed, Field, FieldKind, Matter, Office};
use super::effect::{Doing, face};
use super::event::{Event, Going, Hand, Instant};
use super::record::{self, Record};
use super::step::{self, Acting, Signed, check_signers, holds};
use super::value::{Value, Values, read_all};
use super::{effect, refusal, rules, verbs};
use crate::door::{Loaded, Needs};
use crate::form;
use crate::rulebook::{Role, Rulebook};
use crate::state::State;
use custody::Move;
use ledger::book::{Book, Phase};
use ledger::entry::{EntryKind, EntryNo, Header, InstitutionId};
use ledger::fact::{Asked, Draft, Fact};
use ledger::fx::{Price, middle_rate};
use ledger::{Batch, Refusal};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// What is asked of the office, by whom, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub at: Instant,
    /// Who asks, and who signs with them (双人).
    pub by: Vec<Signed>,
    /// Idempotency key; empty: none.
    pub key: String,
    pub ask: Ask,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Opens a matter and takes its first step.
    Open { code: String, institution: String, fields: Map<String, Json> },
    /// 暂存: opens a matter that waits at its first step.
    Draft { code: String, institution: String, fields: Map<String, Json> },
    /// Changes what a draft says.
    Save { matter: u64, version: Option<u64>, fields: Map<String, Json> },
    /// Puts a hand to the step that is waited for.
    Act {
        matter: u64,
        version: Option<u64>,
        /// Empty: whichever it is.
        step: String,
        fields: Map<String, Json>,
        note: String,
    },
    /// An office verb (流转操作).
    Handle { matter: u64, version: Option<u64>, verb: super::event::Verb, note: String },
    /// 请假: a deputy acts from one day to another.
    Absence { deputy: String, from: ledger::Day, until: ledger::Day },
}

impl Ask {
    /// What was filled in, if anything can be.
    pub(super) fn fields(&self) -> Option<&Map<String, Json>> {
        match self {
            Self::Open { fields, .. }
            | Self::Draft { fields, .. }
            | Self::Save { fields, .. }
            | Self::Act { fields, .. } => Some(fields),
            Self::Handle { .. } | Self::Absence { .. } => None,
        }
    }
}

/// What a request came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub matter: u64,
    pub number: String,
    /// Where it stands now.
    pub at: Going,
    pub version: u64,
    pub entry: Option<EntryNo>,
}

/// Longest note, in bytes.
const NOTE_MAX: usize = 4_000;

pub fn decide(
    state: &mut State,
    loaded: &Loaded,
    request: Request,
    draft: &mut Draft,
) -> Result<Said, Refusal> {
    let original = loaded.original.as_ref();
    let asked = asked(&request);
    if let Some(id) = state.book.answered(asked.as_ref())? {
        return Ok(said_before(state, id));
    }
    check(state, loaded, &request)?;
    let Request { at, by, ask, .. } = request;
    match ask {
        Ask::Open { code, institution, fields } => {
            let record = blank(state, &code, &institution, &by[0].operator, at)?;
            let opening = Some(asked);
            let given = Given { fields: &fields, note: "", by: &by, at };
            act(state, record, &given, (opening, None), original, draft)
        }
        Ask::Draft { code, institution, fields } => {
            let record = blank(state, &code, &institution, &by[0].operator, at)?;
            open_draft(state, record, &fields, asked, draft)
        }
        Ask::Save { matter, version, fields } => {
            let record = found(state, matter, version)?;
            save(state, &record, &fields, (&by[0].operator, at), asked, draft)
        }
        Ask::Act { matter, version, step, fields, note } => {
            let record = found(state, matter, version)?;
            check_step(&record, &step)?;
            form_note(&note)?;
            let given = Given { fields: &fields, note: &note, by: &by, at };
            act(state, record, &given, (None, asked), original, draft)
        }
        Ask::Handle { matter, version, verb, note } => {
            let record = found(state, matter, version)?;
            form_note(&note)?;
            verbs::decide(state, &record, (&by[0].operator, at), (verb, note, asked), draft)
        }
        Ask::Absence { deputy, from, until } => {
            verbs::absence(state, &by[0].operator, &deputy, (from, until), asked, draft)
        }
    }
}

/// What is asked of every request alike.
fn check(state: &State, loaded: &Loaded, request: &Request) -> Result<(), Refusal> {
    check_signers(&state.office.people, &request.by, request.at)?;
    check_documents(request, loaded)?;
    // Numbers, deadlines and entries are of business days.
    match state.book.day_starts.is_empty() {
        true => Err(ledger::refusal::day_not_open()),
        false => Ok(()),
    }
}

/// The matter that a request to open or to act is about, as it stands before it.
pub(super) fn subject(
    state: &State,
    loaded: &Loaded,
    request: &Request,
) -> Result<Record, Refusal> {
    check(state, loaded, request)?;
    match &request.ask {
        Ask::Open { code, institution, .. } => {
            blank(state, code, institution, &request.by[0].operator, request.at)
        }
        Ask::Act { matter, version, step, .. } => {
            let record = found(state, *matter, *version)?;
            check_step(&record, step)?;
            Ok(record)
        }
        _ => Err(refusal::not_a_choice("do", "preview", "open, act")),
    }
}

fn form_note(note: &str) -> Result<(), Refusal> {
    if note.len() > NOTE_MAX { Err(ledger::refusal::too_long("note", NOTE_MAX)) } else { Ok(()) }
}

/// The key with a hash of everything that was asked.
fn asked(request: &Request) -> Option<Asked> {
    if request.key.is_empty() {
        return None;
    }
    let by: Vec<&str> = request.by.iter().map(|one| one.operator.as_str()).collect();
    let words = format!("{:?}", request.ask);
    form::asked(&request.key, &[&by.join(","), &words])
}

fn said_before(state: &State, id: u64) -> Said {
    match state.office.records.open.get(&id) {
        Some(record) => said(record, None),
        None => Said {
            matter: id,
            number: String::new(),
            at: Going::End("ended".to_owned()),
            version: 0,
            entry: None,
        },
    }
}

pub(super) fn said(record: &Record, entry: Option<EntryNo>) -> Said {
    Said {
        matter: record.id,
        number: record.number.clone(),
        at: record.at.clone(),
        version: record.version,
        entry,
    }
}

fn found(state: &State, id: u64, version: Option<u64>) -> Result<Record, Refusal> {
    let records = &state.office.records;
    let record = records.open.get(&id).ok_or_else(|| {
        if id > 0 && id < records.next {
            refusal::matter_ended(id)
        } else {
            refusal::unknown_matter(id)
        }
    })?;
    match version {
        Some(seen) if seen != record.version => {
            Err(refusal::stale_version(id, seen, record.version))
        }
        _ => Ok(record.clone()),
    }
}

/// The rulebook that a matter keeps to its end, and its kind there.
pub(super) fn kept_by(state: &State, record: &Record) -> (Arc<Rulebook>, Arc<Matter>) {
    let rulebook = state.office.rulebook_of(&state.rulebook, record);
    let matter = Arc::clone(&rulebook.office.matters[&record.code]);
    (rulebook, matter)
}

fn check_step(record: &Record, step: &str) -> Result<(), Refusal> {
    match &record.at {
        Going::Step(at) if !step.is_empty() && at != step => {
            Err(refusal::step_not_allowed(record.id, step, at))
        }
        _ => Ok(()),
    }
}

/// A matter as it would be opened now.
fn blank(
    state: &State,
    code: &str,
    institution: &str,
    by: &str,
    at: Instant,
) -> Result<Record, Refusal> {
    let rulebook = &state.rulebook;
    let matter = rulebook.office.matters.get(code);
    let matter = matter.ok_or_else(|| refusal::unknown_matter_kind(code))?;
    if matter.opens.is_some() {
        return Err(refusal::opened_by_clock(code));
    }
    let book = &state.book;
    let own = state.office.people.operators[by].institution;
    let institution = match institution {
        "" => own,
        code => form::institution(book, "institution", code)?,
    };
    let number = state.office.records.number(matter, book, institution);
    let id = state.office.records.next;
    let mut record = Record::new(matter, id, number, institution, by.to_owned());
    record.rulebook = ledger::hex(&rulebook.hash);
    record.opened = book.today;
    record.opened_at = at;
    record.due = due_of(book, matter, 0, at);
    Ok(record)
}

pub(super) fn due_of(book: &Book, matter: &Matter, step: usize, at: Instant) -> Option<Instant> {
    matter.steps[step].within.as_ref().map(|within| super::clock::due(book, within, at))
}

fn opened(record: &Record, asked: Option<Asked>) -> Event {
    Event::Opened {
        id: record.id,
        code: record.code.clone(),
        rulebook: record.rulebook.clone(),
        number: record.number.clone(),
        institution: record.institution,
        by: record.opener.clone(),
        at: record.opened_at,
        values: record.values.clone(),
        due: record.due,
        asked,
    }
}

fn open_draft(
    state: &mut State,
    mut record: Record,
    fields: &Map<String, Json>,
    asked: Option<Asked>,
    draft: &mut Draft,
) -> Result<Said, Refusal> {
    let rulebook = Arc::clone(&state.rulebook);
    let matter = &rulebook.office.matters[&record.code];
    may_act(state, matter, &record, &record.opener, record.opened_at)?;
    record.values = given_values(&rulebook.office, matter, &record, fields)?;
    state.record_event(opened(&record, asked), draft);
    Ok(said(&state.office.records.open[&record.id], None))
}

fn save(
    state: &mut State,
    record: &Record,
    fields: &Map<String, Json>,
    (by, at): (&str, Instant),
    asked: Option<Asked>,
    draft: &mut Draft,
) -> Result<Said, Refusal> {
    let rulebook = state.office.rulebook_of(&state.rulebook, record);
    let matter = &rulebook.office.matters[&record.code];
    may_act(state, matter, record, by, at)?;
    if record.given().next().is_some() {
        return Err(refusal::hand_given(by));
    }
    let values = given_values(&rulebook.office, matter, record, fields)?;
    let event = Event::Saved { id: record.id, by: by.to_owned(), at, values, asked };
    state.record_event(event, draft);
    Ok(said(&state.office.records.open[&record.id], None))
}

fn may_act(
    state: &State,
    matter: &Matter,
    record: &Record,
    by: &str,
    now: Instant,
) -> Result<Hand, Refusal> {
    let (book, people) = (&state.book, &state.office.people);
    Acting { book, people, matter, record, now }.hand_of(by)
}

/// Reads the fields of the record's step.
fn given_values(
    office: &Office,
    matter: &Matter,
    record: &Record,
    sent: &Map<String, Json>,
) -> Result<Values, Refusal> {
    let values = read_all(&matter.fields, "", sent, office)?;
    let step = record.step(matter);
    for name in values.keys() {
        let field = matter.field(name).expect("read_all knows the fields");
        if matter.fields[field].filled_at != step {
            let at = step.map_or("", |at| matter.steps[at].name.as_str());
            return Err(refusal::field_not_here(name, at));
        }
    }
    Ok(values)
}

/// What a request brings to a step.
pub(super) struct Given<'a> {
    pub fields: &'a Map<String, Json>,
    pub note: &'a str,
    pub by: &'a [Signed],
    pub at: Instant,
}

/// A step as it will be done: the record after it, and what it does.
pub(super) struct Plan {
    pub record: Record,
    pub hands: Vec<Hand>,
    /// Whether every hand of the step is given.
    pub complete: bool,
    pub done: Option<Going>,
    due: Option<Instant>,
    pub moves: Vec<Move>,
    transit: Option<String>,
    acts: Vec<Ready>,
}

type Keys = (Option<Option<Asked>>, Option<Asked>);

/// Puts hands to a step. `keys` has the key of an opening, if this opens the matter, and of an act.
fn act(
    state: &mut State,
    record: Record,
    given: &Given<'_>,
    keys: Keys,
    original: Option<&Batch>,
    draft: &mut Draft,
) -> Result<Said, Refusal> {
    let (rulebook, matter) = kept_by(state, &record);
    let opening = keys.0.is_some().then(|| record.clone());
    let plan = plan(state, (&rulebook, &matter), record, (original, false), given)?;
    let entry = execute(state, &rulebook, &matter, &plan, original, draft)?;
    if let (Some(record), Some(asked)) = (opening, keys.0) {
        state.record_event(opened(&record, asked), draft);
    }
    let before = state.office.records.open.get(&plan.record.id).map(|record| &record.values);
    let is_new = |(name, value): &(&String, &Value)| {
        before.is_none_or(|before| before.get(*name) != Some(*value))
    };
    let changed = plan.record.values.iter().filter(is_new);
    let event = Event::Acted {
        id: plan.record.id,
        at: given.at,
        hands: plan.hands.clone(),
        values: changed.map(|(name, value)| (name.clone(), value.clone())).collect(),
        note: given.note.to_owned(),
        going: plan.done.clone(),
        due: plan.due,
        entry,
        stands: entry.is_some() || !plan.moves.is_empty() || !plan.acts.is_empty(),
        transit: plan.transit.clone(),
        asked: keys.1,
    };
    state.record_event(event, draft);
    finish(state, &plan, given, draft);
    let mut said = said(&plan.record, entry);
    match state.office.records.open.get(&plan.record.id) {
        Some(record) => (said.at, said.version) = (record.at.clone(), record.version),
        None => said.at = plan.done.unwrap_or(said.at),
    }
    Ok(said)
}

/// The record with what a request brings and its hands, before anything is judged.
fn filled(
    state: &State,
    (rulebook, matter): (&Rulebook, &Matter),
    mut record: Record,
    original: Option<&Batch>,
    given: &Given<'_>,
) -> Result<(Record, Vec<Hand>), Refusal> {
    let office = &rulebook.office;
    let step = record.step(matter).ok_or_else(|| refusal::matter_ended(record.id))?;
    let first = record.given().next().is_none();
    let mut values = given_values(office, matter, &record, given.fields)?;
    if first {
        defaults(state, matter, &record, step, &given.by[0].operator, &mut values);
    } else if let Some((name, _)) =
        values.iter().find(|(name, value)| record.values.get(*name) != Some(*value))
    {
        return Err(refusal::field_not_here(name, &matter.steps[step].name));
    }
    record.values.extend(values);
    compute(state, (office, matter), original, &mut record.values)?;
    complete(matter, &record, step)?;
    references(state, office, &matter.fields, &record.values, "")?;
    let mut hands = Vec::with_capacity(given.by.len());
    for signer in given.by {
        let hand = may_act(state, matter, &record, &signer.operator, given.at)?;
        record.signers.retain(|waited| *waited != hand.operator);
        record.hands.push(hand.clone());
        hands.push(hand);
    }
    Ok((record, hands))
}

/// Judges what the step asks, and again what was asked before it and is not done yet.
fn judge(doing: &Doing<'_>, state: &State) -> Result<(), (RefusedBy, Refusal)> {
    let (record, matter) = (doing.record, doing.matter);
    let last = record.step(matter).map_or(0, |step| step + 1);
    for step in record.floor..last {
        for (check, def) in matter.steps[step].checks.iter().enumerate() {
            if holds(&state.book, matter, &record.values, def.when.as_ref()) {
                rules::judge(doing, &state.book, &state.office, def)
                    .map_err(|refusal| (RefusedBy { step, check }, refusal))?;
            }
        }
    }
    Ok(())
}

/// Positions of the step of a matter and of its check that refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusedBy {
    pub step: usize,
    pub check: usize,
}

/// The kind of matter and the check by which a request to open or to act is refused, if one
/// refuses it. For who proves that every check can.
pub fn refused_by(
    state: &State,
    loaded: &Loaded,
    request: &Request,
) -> Option<(Arc<Matter>, RefusedBy)> {
    let record = subject(state, loaded, request).ok()?;
    let (rulebook, matter) = kept_by(state, &record);
    let given = Given { fields: request.ask.fields()?, note: "", by: &request.by, at: request.at };
    let original = loaded.original.as_ref();
    let (record, _) = filled(state, (&rulebook, &matter), record, original, &given).ok()?;
    let doing = doing(state, (&rulebook, &matter), &record, &given);
    let (by, _) = judge(&doing, state).err()?;
    Some((matter, by))
}

fn doing<'a>(
    state: &'a State,
    (rulebook, matter): (&'a Rulebook, &'a Matter),
    record: &'a Record,
    given: &'a Given<'_>,
) -> Doing<'a> {
    Doing {
        rulebook: &state.rulebook,
        office: &rulebook.office,
        people: &state.office.people,
        matter,
        record,
        operator: &given.by[0].operator,
    }
}

/// `whole`: as if every hand of the step were given.
pub(super) fn plan(
    state: &State,
    (rulebook, matter): (&Arc<Rulebook>, &Arc<Matter>),
    record: Record,
    (original, whole): (Option<&Batch>, bool),
    given: &Given<'_>,
) -> Result<Plan, Refusal> {
    let step = record.step(matter).ok_or_else(|| refusal::matter_ended(record.id))?;
    let (record, hands) = filled(state, (rulebook, matter), record, original, given)?;
    let doing = doing(state, (rulebook, matter), &record, given);
    judge(&doing, state).map_err(|(_, refusal)| refusal)?;
    let (mut done, mut due) = (None, None);
    let (mut moves, mut transit, mut ready) = (Vec::new(), None, Vec::new());
    let complete = step::is_done(&state.book, matter, &record);
    if complete || whole {
        (moves, transit) = doing.moves(&state.book)?;
        ready = acts::prepare(&doing, &state.book, &state.office)?;
        let target = next(&state.book, matter, &record, step);
        if let super::definition::Target::Step(to) = target {
            due = due_of(&state.book, matter, to, given.at);
        }
        done = Some(record::going(matter, target));
    }
    Ok(Plan { record, hands, complete, done, due, moves, transit, acts: ready })
}

fn next(book: &Book, matter: &Matter, record: &Record, step: usize) -> super::definition::Target {
    use super::definition::Target;
    let go = matter.steps[step].go.iter();
    let mut open = go.filter(|branch| holds(book, matter, &record.values, branch.when.as_ref()));
    match open.next() {
        Some(branch) => branch.to,
        None if step + 1 < matter.steps.len() => Target::Step(step + 1),
        None => Target::End(0),
    }
}

/// Fills what was left out and has a default.
fn defaults(
    state: &State,
    matter: &Matter,
    record: &Record,
    step: usize,
    operator: &str,
    values: &mut Values,
) {
    let doing = Doing {
        rulebook: &state.rulebook,
        office: &state.rulebook.office,
        people: &state.office.people,
        matter,
        record,
        operator,
    };
    for field in matter.fields.iter().filter(|field| field.filled_at == Some(step)) {
        let missing = !values.contains_key(&field.name) && record.value(&field.name).is_none();
        if let (true, Some(source)) = (missing, &field.default) {
            let text = Json::String(doing.source(&state.book, source));
            let office = &state.rulebook.office;
            if let Ok(Some(value)) = super::value::read(field, &field.name, &text, office) {
                values.insert(field.name.clone(), value);
            }
        }
    }
}

/// Computes sums and counts anew, and looks at the places again.
fn compute(
    state: &State,
    (office, matter): (&Office, &Matter),
    original: Option<&Batch>,
    values: &mut Values,
) -> Result<(), Refusal> {
    for field in &matter.fields {
        let Some(computed) = &field.computed else { continue };
        let value = match computed {
            Computed::EntryAmount(at) => {
                let no = values.get(&matter.fields[*at].name);
                no.map(|no| entry_amount(&state.book, original, no)).transpose()?
            }
            _ => computed_value(state, (office, matter), values, (field, computed))?,
        };
        match value {
            Some(value) => drop(values.insert(field.name.clone(), value)),
            None => drop(values.remove(&field.name)),
        }
    }
    Ok(())
}

fn computed_value(
    state: &State,
    (office, matter): (&Office, &Matter),
    values: &Values,
    (field, computed): (&Field, &Computed),
) -> Result<Option<Value>, Refusal> {
    let of = |at: usize| values.get(&matter.fields[at].name);
    let too_large = || refusal::sum_too_large(&field.name);
    Ok(match computed {
        Computed::Face(at) => match of(*at) {
            Some(Value::Notes(counts)) => {
                Some(Value::Money(face(office, counts).ok_or_else(too_large)?))
            }
            Some(Value::Serials(ranges)) => {
                let each = |kind: &str| Some(effect::piece_value(&state.book, office, kind));
                Some(Value::Money(effect::worth(ranges, each).ok_or_else(too_large)?))
            }
            _ => None,
        },
        Computed::Priced(at, list) => match of(*at) {
            Some(Value::Serials(ranges)) => {
                let each = |kind: &str| effect::price(&state.book, &format!("{list}.{kind}"));
                Some(Value::Money(effect::worth(ranges, each).ok_or_else(too_large)?))
            }
            _ => None,
        },
        Computed::Column { rows, column, only } => match of(*rows) {
            Some(Value::Rows(rows)) => {
                Some(sum(rows, column, only.as_ref()).ok_or_else(too_large)?)
            }
            _ => None,
        },
        Computed::EntryAmount(_) => None,
        Computed::Number(at) => of(*at).map(Value::text).and_then(|code| {
            let info = state.rulebook.numbers.get(&code)?;
            Some(Value::Text(super::numbers::shown(info, &state.book, &code)))
        }),
        Computed::Pieces(at) => match of(*at) {
            Some(value) => Some(Value::Integer(pieces(value).ok_or_else(too_large)?)),
            None => None,
        },
        Computed::RowsAt { rows, only: (name, is) } => match of(*rows) {
            Some(Value::Rows(rows)) => {
                let meant = |row: &&Values| row.get(name).is_some_and(|one| one.text() == *is);
                let count = i64::try_from(rows.iter().filter(meant).count());
                Some(Value::Integer(count.map_err(|_| too_large())?))
            }
            _ => None,
        },
        Computed::Booked(at) => {
            of(*at).map(|place| Value::Money(state.office.cash_at(office, &place.text())))
        }
        Computed::Agrees { place, counted } => of(*place).map(|place| {
            let counted = (&matter.fields[*counted].kind, of(*counted));
            let agrees = rules::agrees(&state.office, &place.text(), counted);
            Value::Code(if agrees { "yes" } else { "no" }.to_owned())
        }),
        Computed::Keep { class, ends } => match (of(*class), of(*ends)) {
            (Some(class), Some(Value::Date(ends))) => {
                Some(Value::Text(keep_until(&state.book, office, &class.text(), *ends)))
            }
            _ => None,
        },
    })
}

/// What an entry moved, in the base currency: its debits, or what it put on one side off balance.
fn entry_amount(book: &Book, original: Option<&Batch>, no: &Value) -> Result<Value, Refusal> {
    let no = no.text();
    let unknown = || ledger::refusal::unknown_entry(EntryNo(no.parse().unwrap_or_default()));
    let original = original.ok_or_else(unknown)?;
    let base_digits = book.chart.unit(book.chart.base_unit).digits;
    let (mut debits, mut off_balance) = (0_i128, 0_i128);
    for line in original.lines(0).iter().filter(|line| !line.flags.is_completion()) {
        let unit = book.accounts.heads[line.account.index()].unit;
        let (code, foreign_digits) = (&book.chart.unit(unit).code, book.chart.unit(unit).digits);
        let rate = middle_rate(&book.chart.numbers, code, book.today);
        let amount = match rate.filter(|_| unit != book.chart.base_unit) {
            Some(rate) => {
                Price { rate, per: 1, foreign_digits, base_digits }.to_base(line.amount.into())
            }
            None => line.amount.into(),
        };
        match (line.flags.is_off_balance(), line.flags.is_credit()) {
            (true, _) => off_balance += amount,
            (false, false) => debits += amount,
            (false, true) => {}
        }
    }
    let amount = i64::try_from(debits.max(off_balance));
    Ok(Value::Money(amount.map_err(|_| refusal::sum_too_large("entry"))?))
}

/// The last day of keeping, counted from the first day after the fiscal year ends.
fn keep_until(book: &Book, office: &Office, class: &str, ends: ledger::Day) -> String {
    let years = office.retention.get(class).and_then(|class| class.years.as_deref());
    let years = years.and_then(|code| book.chart.numbers.on(code, book.today));
    match years.and_then(|years| i16::try_from(years).ok()) {
        Some(years) => ledger::Day::new(ends.year().saturating_add(years), 12, 31).to_string(),
        None => "permanent".to_owned(),
    }
}

fn sum(rows: &[Values], column: &str, only: Option<&(String, String)>) -> Option<Value> {
    let mut money = 0_i64;
    let mut whole = None;
    let meant = |row: &&Values| {
        only.is_none_or(|(name, is)| row.get(name).is_some_and(|value| value.text() == *is))
    };
    for row in rows.iter().filter(meant) {
        match row.get(column) {
            Some(Value::Money(amount)) => money = money.checked_add(*amount)?,
            Some(Value::Integer(number)) => {
                whole = Some(whole.unwrap_or(0_i64).checked_add(*number)?);
            }
            _ => {}
        }
    }
    Some(whole.map_or(Value::Money(money), Value::Integer))
}

fn pieces(value: &Value) -> Option<i64> {
    match value {
        Value::Serials(ranges) => ranges.iter().try_fold(0_i64, |sum, range| {
            let pieces = i64::try_from(range.to.checked_sub(range.from)?).ok()?;
            sum.checked_add(pieces)?.checked_add(1)
        }),
        Value::Notes(counts) => {
            counts.iter().try_fold(0_i64, |sum, count| sum.checked_add(count.pieces))
        }
        Value::Rows(rows) => i64::try_from(rows.len()).ok(),
        _ => Some(1),
    }
}

/// Every field that the step asks for is there.
fn complete(matter: &Matter, record: &Record, step: usize) -> Result<(), Refusal> {
    let asked = matter.steps[step].fill.iter().map(|at| &matter.fields[*at]);
    let mut missing = asked.filter(|field| !field.optional && record.value(&field.name).is_none());
    missing.next().map_or(Ok(()), |field| Err(ledger::refusal::missing(&field.name)))
}

/// Everything that a value names is there.
fn references(
    state: &State,
    office: &Office,
    fields: &[Field],
    values: &Values,
    before: &str,
) -> Result<(), Refusal> {
    for field in fields {
        let Some(value) = values.get(&field.name) else { continue };
        let at = format!("{before}{}", field.name);
        match (value, &field.kind) {
            (Value::Rows(rows), FieldKind::Rows(columns)) => {
                for (row, values) in rows.iter().enumerate() {
                    references(state, office, columns, values, &format!("{at}[{row}]."))?;
                }
            }
            (Value::Codes(codes), FieldKind::Operators) => {
                codes.iter().try_for_each(|code| known_operator(state, &at, code))?;
            }
            (Value::Code(code), kind) => reference(state, office, kind, &at, code)?,
            (Value::Matter(id), FieldKind::Matter(of)) => known_matter(state, of, &at, *id)?,
            _ => {}
        }
    }
    Ok(())
}

/// One that was opened, and is of the right kind as long as it is under way.
fn known_matter(state: &State, of: &[String], at: &str, id: u64) -> Result<(), Refusal> {
    let records = &state.office.records;
    if id == 0 || id >= records.next {
        return Err(refusal::unknown_matter(id).at(at));
    }
    match records.open.get(&id) {
        Some(record) if !of.is_empty() && !of.contains(&record.code) => {
            Err(refusal::not_a_choice(at, &record.code, &of.join(",")))
        }
        _ => Ok(()),
    }
}

fn known_operator(state: &State, at: &str, code: &str) -> Result<(), Refusal> {
    if state.office.people.operators.contains_key(code) {
        return Ok(());
    }
    Err(refusal::unknown(at, ("柜员", "operator"), code))
}

fn reference(
    state: &State,
    office: &Office,
    kind: &FieldKind,
    at: &str,
    code: &str,
) -> Result<(), Refusal> {
    let book = &state.book;
    let yes = match kind {
        FieldKind::Institution => return form::institution(book, at, code).map(drop),
        FieldKind::Account => return form::account(book, at, code).map(drop),
        FieldKind::Operator => return known_operator(state, at, code),
        FieldKind::Place(kinds) => return known_place(state, kinds, at, code),
        FieldKind::AccountKind => {
            (book.chart.kind_by_code(code).is_some(), ("账户种类", "kind of account"))
        }
        FieldKind::Post => (office.posts.contains_key(code), ("岗位", "post")),
        FieldKind::Number => (state.rulebook.numbers.contains_key(code), ("参数", "parameter")),
        _ => return Ok(()),
    };
    match yes {
        (true, _) => Ok(()),
        (false, what) => Err(refusal::unknown(at, what, code)),
    }
}

fn known_place(state: &State, kinds: &[String], at: &str, code: &str) -> Result<(), Refusal> {
    if !state.office.places.contains_key(code) {
        return Err(refusal::place_not_open(at, code));
    }
    let kind = effect::kind_of(&state.book, code).map_or("", |(_, kind)| kind);
    if kinds.is_empty() || kinds.iter().any(|one| one == kind) {
        return Ok(());
    }
    Err(refusal::wrong_place(at, code, &kinds.join(",")))
}

/// Moves things, posts the entry and does what the books may refuse: all of it, or nothing.
fn execute(
    state: &mut State,
    rulebook: &Arc<Rulebook>,
    matter: &Matter,
    plan: &Plan,
    original: Option<&Batch>,
    draft: &mut Draft,
) -> Result<Option<EntryNo>, Refusal> {
    if plan.done.is_none() {
        return Ok(None);
    }
    let facts = draft.facts.len();
    let State { book, office, rulebook: current, .. } = state;
    let undo = office.custody.apply(&plan.moves)?;
    let operator = plan.hands[0].operator.as_str();
    let doing = Doing {
        rulebook: current,
        office: &rulebook.office,
        people: &office.people,
        matter,
        record: &plan.record,
        operator,
    };
    let posted = post(book, &doing, plan, draft).and_then(|entry| {
        let mut books = acts::Books { book, draft, original };
        plan.acts
            .iter()
            .try_for_each(|ready| acts::ledger_part(ready, &mut books, operator))
            .map(|()| entry)
    });
    match posted {
        Ok(entry) => {
            if !plan.moves.is_empty() {
                let moves = plan.moves.clone();
                let event = Event::Custody { moves };
                state.note_event(&event, draft);
                if let Event::Custody { moves } = event {
                    state.office.moved = moves;
                }
            }
            Ok(entry)
        }
        Err(refusal) => {
            office.custody.undo(undo);
            book.take_back_openings(facts, draft);
            Err(refusal)
        }
    }
}

fn post(
    book: &mut Book,
    doing: &Doing<'_>,
    plan: &Plan,
    draft: &mut Draft,
) -> Result<Option<EntryNo>, Refusal> {
    let Some(batch) = entry(book, doing, plan, draft)? else { return Ok(None) };
    let posted = book.post_kept(&batch, &mut draft.batch).map_err(|(_, refusal)| refusal)?;
    Ok(posted.first().map(|posted| posted.no))
}

/// The entry that goes with the step, if one does.
pub(super) fn entry(
    book: &mut Book,
    doing: &Doing<'_>,
    plan: &Plan,
    draft: &mut Draft,
) -> Result<Option<Batch>, Refusal> {
    let lines = doing.lines(book, &plan.moves, draft)?;
    if lines.lines.is_empty() {
        return Ok(None);
    }
    if book.phase == Phase::Closed {
        return Err(ledger::refusal::day_not_open());
    }
    for (at, line) in lines.lines.iter().enumerate().skip(lines.moved) {
        if book.kept.contains(&line.account) {
            let number = book.accounts.number(line.account);
            let field = format!("lines[{at}].account");
            return Err(ledger::refusal::kept_by_custody(number).at(field));
        }
    }
    let mut batch = Batch::default();
    let document = format!("{}/{}", plan.record.number, plan.hands[0].step);
    let key = form::key_of(&format!("{}#{}", document, plan.record.version));
    batch.push(key, header(book, doing, plan), &lines.lines);
    batch.marks = lines.marks;
    Ok(Some(batch))
}

/// Hands of the record become those of the voucher: 经办, 复核, 授权.
fn header(book: &Book, doing: &Doing<'_>, plan: &Plan) -> Header {
    let record = &plan.record;
    let maker = record.hands.first().map_or("", |hand| hand.operator.as_str());
    let by = |wanted: fn(Role) -> bool, other: &str| {
        let mut hands = record.hands.iter().rev().filter(|hand| hand.operator != other);
        let found = hands.find(|hand| hand.operator != maker && wanted(hand.role));
        found.map_or("", |hand| hand.operator.as_str())
    };
    let authoriser = by(|role| role == Role::Authoriser, "");
    let checker = by(|role| role != Role::Authoriser, authoriser);
    Header {
        business_date: book.today,
        value_date: book.today,
        institution: institution(book, doing, plan),
        code: record.code.as_str().into(),
        maker: maker.into(),
        checker: checker.into(),
        authoriser: authoriser.into(),
        channel: "office".into(),
        document: record.number.as_str().into(),
        attachments: 0,
        summary: doing.matter.title.zh.as_str().into(),
        kind: EntryKind::Normal,
        original: EntryNo(0),
    }
}

/// An entry is booked where the step is done: where its first hand is asked for.
fn institution(book: &Book, doing: &Doing<'_>, plan: &Plan) -> InstitutionId {
    let (matter, record) = (doing.matter, &plan.record);
    let step = record.step(matter).map(|step| &matter.steps[step]);
    let hands = step.into_iter().flat_map(|step| &step.hands);
    let mut asked = hands.filter(|hand| {
        hand.who.is_none() && holds(book, matter, &record.values, hand.when.as_ref())
    });
    let band = asked.next().and_then(|hand| step::band(book, matter, record, hand));
    let at = band.and_then(|band| step::place_of(book, doing.people, matter, record, &band.at));
    at.unwrap_or(record.institution)
}

/// What follows once the step is in the journal.
fn finish(state: &mut State, plan: &Plan, given: &Given<'_>, draft: &mut Draft) {
    for ready in &plan.acts {
        match ready {
            Ready::Events(events) => {
                events.iter().for_each(|event| state.record_event(event.clone(), draft));
            }
            Ready::OpenPlace { place, keeper } => {
                let rulebook = Arc::clone(&state.rulebook);
                acts::open_accounts_of(&rulebook, &mut state.book, place, draft);
                let (place, keeper) = (place.clone(), keeper.clone());
                state.record_event(Event::PlaceOpened { place, keeper }, draft);
            }
            Ready::OpenAccount { kind, institution } => {
                let book = &mut state.book;
                let kind = book.chart.kind_by_code(kind);
                let at = book.institution_by_code(institution);
                if let (Some(kind), Some(at)) = (kind, at) {
                    effect::account(book, kind, at, draft);
                }
            }
            Ready::Amend(rulebook) => {
                let (hash, files) = (ledger::hex(&rulebook.hash), rulebook.files.clone());
                state.put_in_force((**rulebook).clone());
                state.book.record(Fact::RulebookActivated { hash, files }, draft);
            }
            Ready::OpenMatter { code, values } => {
                let from = (plan.record.institution, plan.record.number.as_str(), given.at);
                let current = (&*state.rulebook, &state.book);
                let event = acts::opened(&state.office, current, (code, values.clone()), from);
                state.record_event(event, draft);
            }
            Ready::CloseAccount { .. }
            | Ready::Hold(_)
            | Ready::ReleaseHold { .. }
            | Ready::Correct(_)
            | Ready::Nothing => {}
        }
    }
}

/// What a request needs to see: the entry that its matter corrects, the documents that it names.
pub fn needs(state: &State, request: &Request) -> Needs {
    let (code, record, sent) = match &request.ask {
        Ask::Open { code, fields, .. } | Ask::Draft { code, fields, .. } => {
            (code.clone(), None, fields)
        }
        Ask::Act { matter, fields, .. } | Ask::Save { matter, fields, .. } => {
            let Some(record) = state.office.records.open.get(matter) else {
                return Needs::default();
            };
            (record.code.clone(), Some(record), fields)
        }
        _ => return Needs::default(),
    };
    let rulebook = match record {
        Some(record) => state.office.rulebook_of(&state.rulebook, record),
        None => Arc::clone(&state.rulebook),
    };
    let Some(matter) = rulebook.office.matters.get(&code) else { return Needs::default() };
    Needs { entry: corrected(matter, record, sent), documents: documents(sent) }
}

fn corrected(
    matter: &Matter,
    record: Option<&Record>,
    sent: &Map<String, Json>,
) -> Option<EntryNo> {
    let acts = matter.steps.iter().flat_map(|step| &step.acts);
    let correct = acts.into_iter().find(|act| act.verb == "correct")?;
    let super::definition::Source::Field(at) = correct.args.get("entry")? else { return None };
    let name = &matter.fields[*at].name;
    let value = record.and_then(|record| record.value(name)).map(Value::text);
    let text = value.or_else(|| {
        sent.get(name).map(|sent| match sent {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        })
    })?;
    text.parse().ok().map(EntryNo)
}

/// Digests of everything sent that looks like an attachment.
fn documents(sent: &Map<String, Json>) -> Vec<[u8; 32]> {
    let mut found = Vec::new();
    let mut rest: Vec<&Json> = sent.values().collect();
    while let Some(value) = rest.pop() {
        match value {
            Json::Array(list) => rest.extend(list),
            Json::Object(object) => {
                let digest =
                    object.get("sha256").and_then(Json::as_str).and_then(ledger::hex::digest);
                found.extend(digest);
                rest.extend(object.values());
            }
            _ => {}
        }
    }
    found
}

/// Every attachment that a request names is kept: evidence that is not there is none.
fn check_documents(request: &Request, loaded: &Loaded) -> Result<(), Refusal> {
    let Some(fields) = request.ask.fields() else { return Ok(()) };
    match documents(fields).iter().find(|digest| !loaded.documents.contains(*digest)) {
        Some(digest) => Err(refusal::document_missing(&ledger::hex(digest))),
        None => Ok(()),
    }
}

impl Request {
    /// About how many bytes it adds to its block.
    pub fn weight(&self) -> usize {
        300 + self.ask.fields().map_or(0, weight_of)
    }
}

fn weight(value: &Json) -> usize {
    match value {
        Json::String(text) => text.len() + 8,
        Json::Array(list) => list.iter().map(weight).sum(),
        Json::Object(object) => weight_of(object),
        _ => 8,
    }
}

fn weight_of(object: &Map<String, Json>) -> usize {
    object.iter().map(|(name, value)| name.len() + 4 + weight(value)).sum()
}
