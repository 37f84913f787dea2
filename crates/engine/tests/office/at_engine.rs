//! A desk at a running engine, on any store: pages and the simulation of the office sit at it.

use crate::desk::{DOCUMENT, Desk};
use crate::pages::{root, rulebook_files};
use crate::runner::{Cast, found};
use bank::office::record::Record;
use bank::{Answer, Command, State};
use engine::close::{ClosedDay, Seal, close_day};
use engine::{Engine, Fault};
use history::block::decode;
use ledger::fact::Fact;
use ledger::{Batch, Refusal};
use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;
use store::Store;

/// The bank that each case begins with: its blocks, and a snapshot of it.
pub struct Founded {
    pub blocks: Vec<store::Block>,
    snapshot: Vec<u8>,
    /// Matters that have ended.
    records: Vec<store::Record>,
    pub cast: Cast,
}

impl Founded {
    pub fn new(open: &dyn Fn() -> Box<dyn Store>) -> Self {
        let page = std::fs::read_to_string(root().join("cast.md")).unwrap();
        Self::of(open, Cast::read(&page))
    }

    /// With these people.
    pub fn of(open: &dyn Fn() -> Box<dyn Store>, cast: Cast) -> Self {
        let root = root();
        let files = rulebook_files(&root);
        let title =
            ledger::chart::Title { zh: "示范农商银行".into(), en: "Demo Rural Bank".into() };
        let engine = Engine::create(open(), "demo", title, files.clone(), Arc::new(|| 0)).unwrap();
        let mut desk = AtEngine::new(Box::new(Box::new(engine)), open(), "demo", 1);
        found(&mut Founding(&mut desk), &files, &cast);
        desk.engine.snapshot().unwrap();
        drop(desk);
        let mut store = open();
        let blocks = store.read("demo", 1, usize::MAX).unwrap();
        let (_, snapshot) = store.latest_snapshot("demo").unwrap().unwrap();
        Self { blocks, snapshot, records: Vec::new(), cast }
    }

    /// The same bank again, under a name of its own.
    pub fn copy(&self, store: &mut dyn Store, bank: &str) {
        for block in &self.blocks {
            store.append(bank, block).unwrap();
        }
        store.mend_records(bank, &self.records, &[]).unwrap();
        store.put_document(bank, &store::sha256(DOCUMENT), DOCUMENT).unwrap();
        store.put_snapshot(bank, self.blocks.last().unwrap().seq, &self.snapshot).unwrap();
    }
}

/// The engine has created the bank already.
struct Founding<'a>(&'a mut AtEngine);

impl Desk for Founding<'_> {
    fn decide(&mut self, command: Command) -> Result<Answer, Refusal> {
        match command {
            Command::CreateBank { .. } => Ok(Answer::Done),
            command => self.0.decide(command),
        }
    }

    fn close_day(&mut self) -> Result<Answer, Refusal> {
        self.0.close_day()
    }

    fn state(&self) -> &State {
        self.0.state()
    }

    fn entries(&self) -> &[Batch] {
        self.0.entries()
    }

    fn facts(&self) -> &[Fact] {
        self.0.facts()
    }

    fn again(&self) -> Box<dyn Desk> {
        self.0.again()
    }

    fn ended(&mut self) -> Vec<Record> {
        self.0.ended()
    }
}

/// A desk at a running engine; when it is left, the journal is replayed and compared.
pub struct AtEngine {
    /// Its own, or the one behind a service.
    pub engine: Box<dyn Deref<Target = Engine>>,
    store: Box<dyn Store>,
    bank: String,
    seq: u64,
    /// Looked at when it is first asked for, after each command.
    state: OnceCell<State>,
    entries: Vec<Batch>,
    facts: Vec<Fact>,
    place: Option<Rc<Place>>,
}

/// Where banks of pages are kept, and those that were left: what each ended with.
pub struct Place {
    pub open: Box<dyn Fn() -> Box<dyn Store>>,
    pub made: Cell<u32>,
    pub left: RefCell<Vec<(String, State)>>,
}

impl AtEngine {
    pub fn new(
        engine: Box<dyn Deref<Target = Engine>>,
        store: Box<dyn Store>,
        bank: &str,
        seq: u64,
    ) -> Self {
        let (bank, state) = (bank.to_owned(), OnceCell::new());
        Self {
            engine,
            store,
            bank,
            seq,
            state,
            entries: Vec::new(),
            facts: Vec::new(),
            place: None,
        }
    }

    /// The same bank in this place again, under a name of its own.
    pub fn copied(place: &Rc<Place>, founded: &Founded) -> Self {
        place.made.set(place.made.get() + 1);
        let bank = format!("case-{}", place.made.get());
        founded.copy(&mut *(place.open)(), &bank);
        let engine = Engine::open((place.open)(), &bank, Arc::new(|| 0)).unwrap();
        let mut desk = Self::new(Box::new(Box::new(engine)), (place.open)(), &bank, 0);
        desk.place = Some(Rc::clone(place));
        // What was posted before counts.
        desk.follow();
        desk.facts.clear();
        desk
    }

    /// What there is now, for another to begin with.
    pub fn founded(&self, store: &mut dyn Store) -> Founded {
        self.engine.snapshot().unwrap();
        let blocks = store.read(&self.bank, 1, usize::MAX).unwrap();
        let (_, snapshot) = store.latest_snapshot(&self.bank).unwrap().unwrap();
        let records = store.records_from(&self.bank, 1, usize::MAX).unwrap();
        Founded { blocks, snapshot, records, cast: Cast::default() }
    }

    /// Reads what has been appended.
    pub fn follow(&mut self) {
        self.facts.clear();
        if self.engine.down().is_some() {
            return;
        }
        for block in self.store.read(&self.bank, self.seq + 1, usize::MAX).unwrap() {
            self.seq = block.seq;
            let body = decode(&block.payload).unwrap();
            let facts = body.facts.iter().map(|fact| Fact::read(&fact.json).unwrap());
            self.facts.extend(facts);
            self.entries.extend((0..body.batch.len()).map(|at| body.batch.single(at)));
        }
        self.state.take();
    }
}

impl Desk for AtEngine {
    fn decide(&mut self, command: Command) -> Result<Answer, Refusal> {
        let answer = self.engine.call(command);
        self.follow();
        answer
    }

    fn close_day(&mut self) -> Result<Answer, Refusal> {
        struct NoFiles;
        impl Seal for NoFiles {
            fn seal(&mut self, _day: &ClosedDay) -> Result<(), Fault> {
                Ok(())
            }
        }
        let closed = close_day(&self.engine, "ana", None, &mut NoFiles, |_, _| {});
        self.follow();
        match closed {
            Ok(_) => {
                let book = &self.state().book;
                Ok(Answer::Day(book.chart.calendar.next_business_day(book.today)))
            }
            Err(Fault::Refused(refusal)) => Err(refusal),
            Err(fault) => Err(ledger::refusal::unavailable(&fault.to_string())),
        }
    }

    fn state(&self) -> &State {
        self.state.get_or_init(|| self.engine.look(State::clone).unwrap())
    }

    fn entries(&self) -> &[Batch] {
        &self.entries
    }

    fn facts(&self) -> &[Fact] {
        &self.facts
    }

    fn ended(&mut self) -> Vec<Record> {
        let kept = self.store.records_from(&self.bank, 1, usize::MAX).unwrap();
        kept.iter().map(|kept| serde_json::from_slice(&kept.body).unwrap()).collect()
    }

    fn again(&self) -> Box<dyn Desk> {
        let place = self.place.as_ref().expect("pages are played in a place");
        let founded = self.founded(&mut *(place.open)());
        Box::new(Self::copied(place, &founded))
    }
}

impl Drop for AtEngine {
    fn drop(&mut self) {
        if let (Some(place), false) = (&self.place, std::thread::panicking()) {
            let state = self.state().clone();
            place.left.borrow_mut().push((self.bank.clone(), state));
        }
    }
}
