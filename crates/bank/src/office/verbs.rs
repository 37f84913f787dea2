//! The office verbs (流转操作): they exist once, for every matter.

use super::definition::{FieldKind, Matter};
use super::event::{Event, Instant, Standing, Verb};
use super::record::Record;
use super::request::{Said, due_of, said};
use super::step::Acting;
use super::value::Value;
use super::{OfficeState, refusal};
use crate::state::State;
use ledger::fact::{Asked, Draft};
use ledger::{Day, Refusal};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Days that a deputy may act at most.
const ABSENCE_DAYS_MAX: i32 = 366;

/// Decides an office verb.
pub fn decide(
    state: &mut State,
    record: &Record,
    (by, at): (&str, Instant),
    (verb, note, asked): (Verb, String, Option<Asked>),
    draft: &mut Draft,
) -> Result<Said, Refusal> {
    let rulebook = state.office.rulebook_of(&state.rulebook, record);
    let matter = Arc::clone(&rulebook.office.matters[&record.code]);
    check(state, &matter, record, (by, at), &verb, &note)?;
    let due = match &verb {
        Verb::Return { to } => {
            matter.step(to).and_then(|step| due_of(&state.book, &matter, step, at))
        }
        Verb::Withdraw => due_of(&state.book, &matter, 0, at),
        _ => None,
    };
    let (id, by) = (record.id, by.to_owned());
    state.record_event(Event::Handled { id, at, by, verb: verb.clone(), note, due, asked }, draft);
    Ok(match state.office.records.open.get(&id) {
        Some(record) => said(record, None),
        None => {
            let mut said = said(record, None);
            let end = if verb == Verb::Void { "voided" } else { "refused" };
            said.at = super::event::Going::End(end.to_owned());
            said
        }
    })
}

fn check(
    state: &State,
    matter: &Matter,
    record: &Record,
    (by, now): (&str, Instant),
    verb: &Verb,
    note: &str,
) -> Result<(), Refusal> {
    let may = || {
        let (book, people) = (&state.book, &state.office.people);
        Acting { book, people, matter, record, now }.hand_of(by)
    };
    let needs_note =
        matches!(verb, Verb::Return { .. } | Verb::Refuse | Verb::Void | Verb::Comment);
    if needs_note && note.trim().is_empty() {
        return Err(refusal::note_missing(verb.zh()));
    }
    match verb {
        Verb::Return { to } => {
            may()?;
            let (step, to_step) = (record.step(matter), matter.step(to));
            let earlier = to_step.zip(step).is_some_and(|(to, at)| to < at && to >= record.floor);
            if earlier { Ok(()) } else { Err(refusal::cannot_return(record.id, to)) }
        }
        Verb::Refuse => {
            may()?;
            no_effects(record)?;
            // A count that the clock asks for, a difference that it found: both are dealt with.
            let by_people = state.office.people.operators.contains_key(&record.opener);
            let first = record.step(matter) == Some(0);
            if by_people || !first { Ok(()) } else { Err(refusal::nothing_to_refuse(record.id)) }
        }
        Verb::Withdraw => {
            opened_by(record, by)?;
            no_effects(record)?;
            let step = record.step(matter).unwrap_or(0);
            let taken = step > 1 || record.hands.iter().any(|hand| hand.operator != by);
            if taken { Err(refusal::already_taken(record.id)) } else { Ok(()) }
        }
        Verb::Void => {
            opened_by(record, by)?;
            no_effects(record)?;
            let first = record.step(matter) == Some(0);
            if first { Ok(()) } else { Err(refusal::already_taken(record.id)) }
        }
        Verb::Transfer { to } | Verb::Delegate { to } => {
            may()?;
            hand_to(state, matter, record, to, now)
        }
        Verb::AddSigner { operator } => {
            may()?;
            active(&state.office, "operator", operator)?;
            let acted = record.hands.iter().any(|hand| hand.operator == *operator);
            if acted || operator == by || record.signers.contains(operator) {
                return Err(refusal::one_hand_only(operator, "加签"));
            }
            Ok(())
        }
        Verb::RemoveSigner { operator } => {
            involved(state, matter, record, by)?;
            let waited = record.signers.contains(operator);
            if waited { Ok(()) } else { Err(refusal::no_such_signer(operator)) }
        }
        Verb::Urge | Verb::Comment => involved(state, matter, record, by),
        Verb::Copy { to } => {
            involved(state, matter, record, by)?;
            if to.is_empty() {
                return Err(ledger::refusal::missing("to"));
            }
            to.iter().try_for_each(|operator| active(&state.office, "to", operator))
        }
        Verb::Read => match record.copies.contains_key(by) {
            true => Ok(()),
            false => Err(refusal::not_copied(record.id, by)),
        },
        Verb::Escalate { .. } => Err(refusal::not_involved(record.id, by)),
    }
}

fn opened_by(record: &Record, by: &str) -> Result<(), Refusal> {
    if record.opener == by {
        return Ok(());
    }
    Err(refusal::not_opener(record.id, &record.opener))
}

fn no_effects(record: &Record) -> Result<(), Refusal> {
    if record.floor == 0 { Ok(()) } else { Err(refusal::has_effects(record.id)) }
}

fn active(office: &OfficeState, field: &str, operator: &str) -> Result<(), Refusal> {
    match office.people.operators.get(operator) {
        None => Err(refusal::unknown(field, ("柜员", "operator"), operator)),
        Some(one) if one.standing != Standing::Active => {
            Err(refusal::operator_not_active(field, operator))
        }
        Some(_) => Ok(()),
    }
}

/// Whoever takes a matter over must be able to act in it.
fn hand_to(
    state: &State,
    matter: &Matter,
    record: &Record,
    to: &str,
    now: Instant,
) -> Result<(), Refusal> {
    active(&state.office, "to", to)?;
    let mut free = record.clone();
    free.assigned = None;
    let (book, people) = (&state.book, &state.office.people);
    let hand = Acting { book, people, matter, record: &free, now }.hand_of(to);
    hand.map(drop).map_err(|refusal| refusal.at("to"))
}

/// Whether somebody opened the matter, had or may have a hand in it, or reads along.
fn involved(state: &State, matter: &Matter, record: &Record, by: &str) -> Result<(), Refusal> {
    let (book, people) = (&state.book, &state.office.people);
    let known = record.opener == by
        || record.copies.contains_key(by)
        || record.signers.iter().any(|signer| signer == by)
        || record.hands.iter().any(|hand| hand.operator == by)
        || Acting { book, people, matter, record, now: 0 }.hand_of(by).is_ok();
    if known { Ok(()) } else { Err(refusal::not_involved(record.id, by)) }
}

/// Whether somebody may stand in for an operator in this time.
pub(super) fn check_absence(
    office: &OfficeState,
    today: Day,
    (operator, deputy): (&str, &str),
    (from, until): (Day, Day),
) -> Result<(), Refusal> {
    active(office, "deputy", deputy)?;
    if deputy == operator {
        return Err(refusal::same_operator("deputy", operator));
    }
    if until < from || until.since(from) > ABSENCE_DAYS_MAX {
        return Err(refusal::period_backwards("until"));
    }
    if from < today {
        return Err(refusal::date_past("from", today));
    }
    Ok(())
}

/// 请假代理.
pub fn absence(
    state: &mut State,
    by: &str,
    deputy: &str,
    (from, until): (Day, Day),
    asked: Option<Asked>,
    draft: &mut Draft,
) -> Result<Said, Refusal> {
    check_absence(&state.office, state.book.today, (by, deputy), (from, until))?;
    let (operator, deputy) = (by.to_owned(), deputy.to_owned());
    state.record_event(Event::Absent { operator, deputy, from, until, asked }, draft);
    Ok(Said {
        matter: 0,
        number: String::new(),
        at: super::event::Going::End("done".to_owned()),
        version: 0,
        entry: None,
    })
}

/// What the clock does: matters whose time is over go to those above (超时升级).
pub fn tick(state: &mut State, now: Instant, draft: &mut Draft) -> u64 {
    let overdue: Vec<u64> = state.office.records.overdue(now).collect();
    let mut escalated = 0;
    for id in overdue {
        let record = &state.office.records.open[&id];
        let rulebook = state.office.rulebook_of(&state.rulebook, record);
        let matter = &rulebook.office.matters[&record.code];
        let step = record.step(matter).map(|step| &matter.steps[step]);
        let Some(post) = step.and_then(|step| step.escalate.clone()) else { continue };
        let (verb, by) = (Verb::Escalate { post }, "clock".to_owned());
        let (note, due, asked) = (String::new(), None, None);
        state.record_event(Event::Handled { id, at: now, by, verb, note, due, asked }, draft);
        escalated += 1;
    }
    escalated
}

/// Matters that the calendar opens today (定期发起、突击检查).
pub fn open_due(state: &mut State, draft: &mut Draft) {
    let rulebook = Arc::clone(&state.rulebook);
    let at = super::clock::instant(&state.book, state.book.today, 0);
    for (code, matter) in &rulebook.office.matters {
        let Some(opens) = &matter.opens else { continue };
        let mut places: Vec<String> = state.office.places.keys().cloned().collect();
        places.retain(|place| {
            super::effect::kind_of(&state.book, place).is_some_and(|(_, kind)| kind == opens.place)
        });
        for place in places {
            let before = state.office.opened_last.get(&(code.clone(), place.clone())).copied();
            if !super::schedule::falls_today(state, opens, (code, &place), before) {
                continue;
            }
            let field = &matter.fields[opens.field];
            debug_assert!(matches!(field.kind, FieldKind::Place(_)));
            let code_of = place.split('/').next().unwrap_or_default();
            let Some(institution) = state.book.institution_by_code(code_of) else { continue };
            let values = BTreeMap::from([(field.name.clone(), Value::Code(place))]);
            let (current, from) = ((&*rulebook, &state.book), (institution, "clock", at));
            let event = super::acts::opened(&state.office, current, (code, values), from);
            state.record_event(event, draft);
        }
    }
}
