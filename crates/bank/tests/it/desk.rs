//! Where a case is played: a bank in process. The engine's tests play the same pages on stores.

use bank::door::{Answer, Command, Loaded, decide, needs};
use bank::image;
use bank::office::acts::Stands;
use bank::office::record::Record;
use bank::office::request::refused_by;
use bank::office::{Ask, Preview};
use bank::rulebook::Rulebook;
use bank::state::State;
use ledger::close::Certificate;
use ledger::fact::{Draft, Fact};
use ledger::{Batch, Refusal, money};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Mutex;

/// The one document that is kept when a case begins, which attachments may name.
pub const DOCUMENT: &[u8] = b"case";

/// Checks that have refused something: kind of matter, step, and place among the step's checks.
pub static REFUSED: Mutex<BTreeSet<(String, usize, usize)>> = Mutex::new(BTreeSet::new());

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

    /// What the bank says a step would do, which leaves it as it was.
    fn preview(&mut self, command: &Command, loaded: &Loaded) -> Option<Result<Preview, Refusal>> {
        let Command::Office(request) = command else { return None };
        if !matches!(request.ask, Ask::Open { .. } | Ask::Act { .. }) || !request.key.is_empty() {
            return None;
        }
        let (before, mut draft) = (image::write(&self.state), Draft::default());
        let asked = Command::Preview(request.clone());
        let seen = decide(&mut self.state, loaded, asked, &mut draft).map(|answer| match answer {
            Answer::Preview(seen) => *seen,
            other => panic!("no preview: {other:?}"),
        });
        assert!(draft.is_empty(), "a preview left something in the journal");
        assert!(before == image::write(&self.state), "a preview changed something: {request:?}");
        Some(seen)
    }

    /// A step comes to what its preview said.
    fn compare(&self, seen: Result<Preview, Refusal>, answer: &Result<Answer, Refusal>) {
        match (seen, answer) {
            (Ok(seen), Ok(Answer::Matter(said))) if seen.complete => {
                assert_eq!(seen.going, said.at);
                let posted = said.entry.map(|no| &self.entries[no.0 as usize - 1].lines);
                let posted = posted.into_iter().flatten().map(|line| {
                    let number = self.state.book.accounts.number(line.account).to_owned();
                    let unit = self.state.book.accounts.heads[line.account.index()].unit;
                    let digits = self.state.book.chart.unit(unit).digits;
                    (number, money::plain(i128::from(line.amount).abs(), digits), line.flags)
                });
                let lines = seen.lines.into_iter().map(|one| (one.account, one.amount, one.flags));
                assert_eq!(lines.collect::<Vec<_>>(), posted.collect::<Vec<_>>());
            }
            // More hands are needed, and what they will do may not be possible yet.
            (_, Ok(_)) => {}
            (Err(seen), Err(refused)) => {
                assert_eq!((seen.code, seen.field), (refused.code, refused.field.clone()))
            }
            (Ok(seen), Err(refused)) => {
                let books_decide = seen.acts.iter().any(|act| act.alone == Stands::Alone);
                assert!(books_decide || refused.field == "note", "not foreseen: {refused}");
            }
        }
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
        let seen = self.preview(&command, &loaded);
        let request = match &command {
            Command::Office(request) => Some(request.clone()),
            _ => None,
        };
        let mut draft = Draft::default();
        let answer = decide(&mut self.state, &loaded, command, &mut draft);
        if let (Some(request), Err(_)) = (request, &answer)
            && let Some((matter, by)) = refused_by(&self.state, &loaded, &request)
        {
            let check = (matter.code.clone(), by.step, by.check);
            REFUSED.lock().unwrap().insert(check);
        }
        self.facts = draft.facts.into_iter().map(|(_, fact)| fact).collect();
        self.entries.extend((0..draft.batch.len()).map(|at| draft.batch.single(at)));
        if let Some(seen) = seen {
            self.compare(seen, &answer);
        }
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
