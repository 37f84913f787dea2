//! Where a case is played: a bank in process. The engine's tests play the same pages on stores.

use bank::door::{Answer, Command, Loaded, decide, needs};
use bank::office::record::Record;
use bank::rulebook::Rulebook;
use bank::state::State;
use ledger::close::Certificate;
use ledger::fact::{Draft, Fact};
use ledger::{Batch, Refusal};
use sha2::{Digest, Sha256};

/// The one document that is kept when a case begins, which attachments may name.
pub const DOCUMENT: &[u8] = b"case";

/// Somebody who decides the commands of a case.
pub trait Desk {
    fn decide(&mut self, command: Command) -> Result<Answer, Refusal>;

    /// Closes the day once every step is done.
    fn close_day(&mut self) -> Result<Answer, Refusal>;

    fn state(&self) -> &State;

    /// The same bank again, at a desk of its own.
    fn again(&self) -> Box<dyn Desk>;

    /// Every matter that has ended, in no order.
    fn ended(&mut self) -> Vec<Record>;

    /// Every entry ever posted, in order.
    fn entries(&self) -> &[Batch];

    /// Facts of the last command.
    fn facts(&self) -> &[Fact];
}

#[derive(Clone)]
pub struct InProcess {
    state: State,
    entries: Vec<Batch>,
    facts: Vec<Fact>,
}

impl InProcess {
    pub fn new(rulebook: Rulebook) -> Self {
        Self { state: State::new(rulebook), entries: Vec::new(), facts: Vec::new() }
    }
}

impl Desk for InProcess {
    fn decide(&mut self, command: Command) -> Result<Answer, Refusal> {
        let needs = needs(&self.state, &command);
        let kept: [u8; 32] = Sha256::digest(DOCUMENT).into();
        let documents = needs.documents.into_iter().filter(|digest| *digest == kept);
        let mut loaded = Loaded { original: None, documents: documents.collect() };
        if let Some(no) = needs.entry {
            loaded.original = self.entries.get((no.0 as usize).wrapping_sub(1)).cloned();
        }
        let mut draft = Draft::default();
        let answer = decide(&mut self.state, &loaded, command, &mut draft);
        self.facts = draft.facts.into_iter().map(|(_, fact)| fact).collect();
        self.entries.extend((0..draft.batch.len()).map(|at| draft.batch.single(at)));
        answer
    }

    fn close_day(&mut self) -> Result<Answer, Refusal> {
        let certificate =
            Certificate { checks: self.state.book.checks(), ..Certificate::default() };
        let certificate = Box::new(certificate);
        self.decide(Command::CloseDay { certificate, gl: Vec::new() })
    }

    fn state(&self) -> &State {
        &self.state
    }

    fn again(&self) -> Box<dyn Desk> {
        Box::new(self.clone())
    }

    fn ended(&mut self) -> Vec<Record> {
        self.state.office.ended.clone()
    }

    fn entries(&self) -> &[Batch] {
        &self.entries
    }

    fn facts(&self) -> &[Fact] {
        &self.facts
    }
}
