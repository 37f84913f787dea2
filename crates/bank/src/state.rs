//! Everything the bank knows: its books and the rulebook they are kept by. Applying a decided
//! fact cannot fail; a rulebook in the journal was parsed before it was activated.

use crate::office::OfficeState;
use crate::office::event::Event;
use crate::rulebook::Rulebook;
use ledger::book::Book;
use ledger::fact::{Draft, Fact};
use std::sync::Arc;

/// State of one bank.
#[derive(Clone, Debug)]
pub struct State {
    pub book: Book,
    pub office: OfficeState,
    pub rulebook: Arc<Rulebook>,
}

impl State {
    /// A bank before its first fact, kept by `rulebook`.
    pub fn new(rulebook: Rulebook) -> Self {
        let book = Book::new(Arc::new(rulebook.chart.clone()));
        let mut office = OfficeState::default();
        office.records.next = 1;
        Self { book, office, rulebook: Arc::new(rulebook) }
    }

    /// Applies a fact of the journal.
    ///
    /// Errors: an event of the office that this version cannot read; nothing is changed by it.
    pub fn apply(&mut self, fact: &Fact) -> Result<(), serde_json::Error> {
        if let Fact::RulebookActivated { files, .. } = fact {
            let rulebook = Rulebook::parse(files).expect("only a parsed rulebook is activated");
            self.put_in_force(rulebook);
        }
        self.book.apply(fact);
        match fact {
            Fact::Office { event } => {
                let event = Event::read(event)?;
                self.office.apply(&self.rulebook, &mut self.book, event);
            }
            Fact::DayClosed { .. } => self.office.drop_unused(),
            _ => {}
        }
        Ok(())
    }

    /// Applies an event of the office and notes it in the draft.
    pub(crate) fn record_event(&mut self, event: Event, draft: &mut Draft) {
        self.note_event(&event, draft);
        self.office.apply(&self.rulebook, &mut self.book, event);
    }

    /// Notes an event that is applied already.
    pub(crate) fn note_event(&mut self, event: &Event, draft: &mut Draft) {
        self.book.record(Fact::Office { event: event.written() }, draft);
    }

    /// Puts a parsed rulebook in force, keeping the positions of known codes.
    pub(crate) fn put_in_force(&mut self, rulebook: Rulebook) {
        let rulebook = rulebook.with_numbers(&self.office.numbers);
        let known = (!self.book.bank.is_empty()).then(|| Arc::clone(&self.book.chart));
        let chart = match known {
            None => rulebook.chart.clone(),
            Some(known) => {
                rulebook.merge_onto(&known).expect("only a rulebook that merges is activated")
            }
        };
        self.book.change_chart(Arc::new(chart));
        let before = std::mem::replace(&mut self.rulebook, Arc::new(rulebook));
        // Matters under way keep the rulebook that they were opened by.
        self.office.keep_earlier(before, &self.rulebook);
        self.office.rearrange(&self.rulebook, &self.book);
        self.office.keep_accounts(&self.rulebook.office, &mut self.book);
    }
}
