//! Work queues (待办): what waits for somebody, for their posts, for their institution, and what
//! is late.

use super::event::{Instant, Standing};
use super::people::is_below;
use super::record::{Record, Wait};
use super::step::Acting;
use crate::state::State;
use ledger::entry::InstitutionId;
use std::collections::BTreeSet;

/// Which queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Queue {
    /// What I may act on now.
    Mine,
    /// What waits for a post that I hold, whoever takes it.
    Post(String),
    /// What runs at my institution and below.
    Institution(InstitutionId),
    /// What was copied to me and not read.
    Copied,
    /// What I opened.
    Opened,
}

/// A matter in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting<'a> {
    pub record: &'a Record,
    pub overdue: bool,
}

/// Lists a queue: what is late first, then in order of deadline, then of age. A matter in which
/// somebody may not act, as they had a hand in it before, does not wait for them.
pub fn list<'a>(bank: &'a State, operator: &str, queue: &Queue, now: Instant) -> Vec<Waiting<'a>> {
    let (state, book) = (&bank.office, &bank.book);
    let ids = match queue {
        Queue::Mine => mine(bank, operator, now),
        Queue::Post(post) => {
            let places = state.people.places_of(operator, post, book.today);
            let waits = places.map(|at| Wait::Post(post.clone(), at));
            waits.flat_map(|wait| state.records.waiting_for(&wait).collect::<Vec<_>>()).collect()
        }
        Queue::Institution(top) => {
            let records = state.records.open.values();
            let below = records.filter(|one| is_below(book, one.institution, *top));
            below.map(|record| record.id).collect()
        }
        Queue::Copied => {
            let copied = state.records.copied_to(operator);
            copied.filter(|id| !state.records.open[id].copies[operator]).collect()
        }
        Queue::Opened => {
            let records = state.records.open.values();
            records.filter(|one| one.opener == operator).map(|record| record.id).collect()
        }
    };
    let mut waiting: Vec<Waiting> = ids
        .into_iter()
        .map(|id: u64| &state.records.open[&id])
        .map(|record| Waiting { record, overdue: record.is_late(now) })
        .collect();
    waiting
        .sort_by_key(|one| (!one.overdue, one.record.due.unwrap_or(Instant::MAX), one.record.id));
    waiting
}

fn mine(bank: &State, operator: &str, now: Instant) -> BTreeSet<u64> {
    let (state, book, people) = (&bank.office, &bank.book, &bank.office.people);
    let Some(known) = state.people.operators.get(operator) else { return BTreeSet::new() };
    if known.standing != Standing::Active {
        return BTreeSet::new();
    }
    let posts =
        known.held_on(book.today).map(|grant| Wait::Post(grant.post.clone(), grant.institution));
    let stands_in = state.people.absences.iter().filter(|absence| {
        absence.deputy == operator && absence.from <= book.today && book.today <= absence.until
    });
    let named = std::iter::once(operator.to_owned())
        .chain(stands_in.map(|absence| absence.operator.clone()))
        .map(Wait::Operator);
    let ids =
        posts.chain(named).flat_map(|wait| state.records.waiting_for(&wait).collect::<Vec<_>>());
    ids.filter(|id| {
        let record = &state.records.open[id];
        let rulebook = state.rulebook_of(&bank.rulebook, record);
        let matter = &rulebook.office.matters[&record.code];
        Acting { book, people, matter, record, now }.hand_of(operator).is_ok()
    })
    .collect()
}
