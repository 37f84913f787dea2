//! Everything the bank knows: its books and the rulebook they are kept by. Applying a decided
//! fact cannot fail; a rulebook in the journal was parsed before it was activated.

use crate::rulebook::Rulebook;
use ledger::book::Book;
use ledger::fact::Fact;
use std::sync::Arc;

/// State of one bank.
#[derive(Clone, Debug)]
pub struct State {
    pub book: Book,
    pub rulebook: Arc<Rulebook>,
}

impl State {
    /// A bank before its first fact, kept by `rulebook`.
    pub fn new(rulebook: Rulebook) -> Self {
        let book = Book::new(Arc::new(rulebook.chart.clone()));
        Self { book, rulebook: Arc::new(rulebook) }
    }

    /// Applies a fact of the journal.
    pub fn apply(&mut self, fact: &Fact) {
        if let Fact::RulebookActivated { files, .. } = fact {
            let rulebook = Rulebook::parse(files).expect("only a parsed rulebook is activated");
            self.put_in_force(rulebook);
        }
        self.book.apply(fact);
    }

    /// Puts a parsed rulebook in force, keeping the positions of known codes.
    pub(crate) fn put_in_force(&mut self, rulebook: Rulebook) {
        let known = (!self.book.bank.is_empty()).then(|| Arc::clone(&self.book.chart));
        let chart = match known {
            None => rulebook.chart.clone(),
            Some(known) => {
                rulebook.merge_onto(&known).expect("only a rulebook that merges is activated")
            }
        };
        self.book.change_chart(Arc::new(chart));
        self.rulebook = Arc::new(rulebook);
    }
}
