//! The office: matters and their hands, people and their posts, things and their places. What is
//! decided here goes into the journal as [`event::Event`]s, and the state is what they make.

pub mod access;
pub mod acts;
pub mod amend;
pub mod clock;
pub mod definition;
pub mod effect;
pub mod event;
pub mod form;
pub mod numbers;
pub mod people;
pub mod preview;
pub mod proof;
pub mod queue;
pub mod record;
pub mod refusal;
pub mod report;
pub mod request;
pub mod rules;
pub mod schedule;
pub mod signin;
pub mod step;
pub mod told;
pub mod trail;
pub mod value;
pub mod verbs;

pub use people::People;
pub use preview::Preview;
pub use request::{Ask, Request};

use crate::rulebook::Rulebook;
use custody::{Custody, Move};
use definition::{Matter, Office};
use event::{Event, Standing};
use ledger::Day;
use ledger::book::Book;
use numbers::NumberSet;
use people::{Absence, Grant, Operator};
use record::{Record, Records};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A place that was set up (保管场所).
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// Whose it is, of a box; empty: the post of its kind keeps it.
    pub keeper: String,
}

/// Everything that is not books.
#[derive(Clone, Debug, Default)]
pub struct OfficeState {
    pub people: People,
    pub custody: Custody,
    pub places: BTreeMap<String, Place>,
    pub records: Records,
    pub numbers: Vec<NumberSet>,
    /// Rulebooks that open matters keep, by hash; the one in force is not among them.
    pub earlier: BTreeMap<String, Arc<Rulebook>>,
    /// When the calendar last opened a matter for a place.
    pub opened_last: BTreeMap<(String, String), Day>,
    /// Matters that ended since somebody took them: the store keeps them from there on.
    pub ended: Vec<Record>,
    /// What the step that is being done has moved, until it is noted in its matter.
    pub moved: Vec<Move>,
}

impl OfficeState {
    /// The rulebook that a matter keeps.
    pub fn rulebook_of(&self, current: &Arc<Rulebook>, record: &Record) -> Arc<Rulebook> {
        let earlier = self.earlier.get(&record.rulebook);
        Arc::clone(earlier.unwrap_or(current))
    }

    /// Cash at a place, in minor units.
    pub fn cash_at(&self, office: &Office, place: &str) -> i64 {
        let notes = self.custody.cash(place).map(|(note, pieces)| {
            office.denominations.get(&note.denom).map_or(0, |one| one.face) * pieces
        });
        notes.sum()
    }

    /// Applies what was decided; it cannot refuse.
    pub fn apply(&mut self, current: &Arc<Rulebook>, book: &mut Book, event: Event) {
        match event {
            Event::Enrolled { operator, name, institution } => {
                let (standing, grants) = (Standing::Active, Vec::new());
                let password_reset = None;
                let one = Operator { name, institution, standing, grants, password_reset };
                self.people.operators.insert(operator, one);
            }
            Event::StandingChanged { operator, standing, .. } => {
                self.operator(&operator).standing = standing;
            }
            Event::PasswordReset { operator, at, .. } => {
                self.operator(&operator).password_reset = Some(at);
            }
            Event::Moved { operator, institution } => {
                self.operator(&operator).institution = institution;
            }
            Event::Granted { operator, post, institution, from, until, document } => {
                let grant = Grant { post, institution, from, until, document };
                self.operator(&operator).grants.push(grant);
            }
            Event::Revoked { operator, post, institution, .. } => {
                let yesterday = book.today.plus(-1);
                let grants = &mut self.operator(&operator).grants;
                grants.retain_mut(|grant| {
                    let meant = grant.post == post && grant.institution == institution;
                    if meant && grant.until.is_none_or(|until| until > yesterday) {
                        grant.until = Some(yesterday);
                    }
                    !meant || grant.from <= yesterday
                });
            }
            Event::Absent { operator, deputy, from, until, .. } => {
                self.people.absences.push(Absence { operator, deputy, from, until });
            }
            Event::NumberSet { code, from, is, source } => {
                let is = is.parse().expect("a value that was set is a number");
                self.numbers.push(NumberSet { code, from, is, source });
                let mut chart = (*book.chart).clone();
                self.numbers.iter().for_each(|set| set.lay_over(&mut chart.numbers));
                book.change_chart(Arc::new(chart));
                self.rearrange(current, book);
            }
            Event::PlaceOpened { place, keeper } => {
                let kept = proof::accounts_at(&current.office, book, &place);
                book.kept.extend(kept);
                self.places.insert(place, Place { keeper });
            }
            Event::PlaceClosed { place } => {
                self.places.remove(&place);
                self.keep_accounts(&current.office, book);
            }
            Event::KeeperChanged { place, keeper } => {
                self.places.insert(place, Place { keeper });
            }
            Event::Custody { moves } => {
                self.custody.apply(&moves).expect("moves that were decided fit");
                self.moved = moves;
            }
            Event::Noted(_) => {}
            _ => self.apply_to_record(current, book, event),
        }
    }

    fn operator(&mut self, number: &str) -> &mut Operator {
        self.people.operators.get_mut(number).expect("only operators that there are change")
    }

    fn apply_to_record(&mut self, current: &Arc<Rulebook>, book: &mut Book, event: Event) {
        let (id, asked) = match &event {
            Event::Opened { id, asked, .. }
            | Event::Saved { id, asked, .. }
            | Event::Acted { id, asked, .. }
            | Event::Handled { id, asked, .. } => (*id, asked),
            _ => return,
        };
        book.remember(asked.as_ref(), id);
        let (mut record, event) = match event {
            Event::Opened { .. } => (self.opened(current, book, event), None),
            _ => (self.records.forget(id).expect("only an open matter goes on"), Some(event)),
        };
        let rulebook = self.rulebook_of(current, &record);
        let matter = rulebook.office.matters.get(&record.code);
        let matter = matter.expect("a matter's rulebook has it");
        if let Some(event) = event {
            let moved = (book.today, std::mem::take(&mut self.moved));
            record::apply(&mut record, matter, event, moved);
        }
        if record.has_ended() {
            record.ended = Some(book.today);
            self.ended.push(record);
        } else {
            let waits = record::waits(book, &self.people, matter, &record);
            self.records.insert(record, waits);
        }
    }

    fn opened(&mut self, current: &Rulebook, book: &Book, event: Event) -> Record {
        let Event::Opened { id, code, rulebook, number, institution, by, at, values, due, .. } =
            event
        else {
            unreachable!("asked for an opening alone")
        };
        let matter = &current.office.matters[&code];
        self.records.next = id + 1;
        self.records.count(matter, book, institution);
        let mut record = Record::new(matter, id, number, institution, by);
        record.rulebook = rulebook;
        record.opened = book.today;
        record.opened_at = at;
        record.due = due;
        record.values = values;
        record.trace_opening();
        if let Some(opens) = &matter.opens
            && let Some(place) = record.values.get(&matter.fields[opens.field].name)
        {
            self.opened_last.insert((code, place.text()), book.today);
        }
        record
    }

    /// Keeps a rulebook that is no longer in force, as long as open matters need it.
    pub fn keep_earlier(&mut self, before: Arc<Rulebook>, current: &Rulebook) {
        self.earlier.remove(&ledger::hex(&current.hash));
        if before.hash != current.hash {
            self.earlier.insert(ledger::hex(&before.hash), before);
        }
        self.drop_unused();
    }

    /// Forgets rulebooks that no open matter keeps; looked at when a day closes.
    pub fn drop_unused(&mut self) {
        if !self.earlier.is_empty() {
            let used: BTreeSet<&String> =
                self.records.open.values().map(|record| &record.rulebook).collect();
            self.earlier.retain(|hash, _| used.contains(hash));
        }
    }

    /// Finds anew for whom every matter waits, when posts' authority or places have changed.
    pub fn rearrange(&mut self, current: &Arc<Rulebook>, book: &Book) {
        let open = std::mem::take(&mut self.records.open);
        for (id, record) in open {
            let rulebook = self.rulebook_of(current, &record);
            let matter: &Arc<Matter> = &rulebook.office.matters[&record.code];
            let waits = record::waits(book, &self.people, matter, &record);
            self.records.forget(id);
            self.records.insert(record, waits);
        }
    }

    /// The accounts that only moves of things may post to: those of the places set up.
    pub fn keep_accounts(&self, office: &Office, book: &mut Book) {
        book.kept = proof::held(self, office, book).into_keys().collect();
    }
}
