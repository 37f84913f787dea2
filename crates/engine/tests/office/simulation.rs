//! A simulated office (handbook 9): from one seed, days of random matters with crashes between.

use super::at_engine::{AtEngine, Founded};
use super::auditor::Auditor;
use super::people;
use crate::desk::Desk;
use crate::runner::Runner;
use crate::simulate::random::Random;
use bank::{Command, image};
use engine::{Engine, Follower};
use ledger::book::Phase;
use ledger::fact::Fact;
use std::sync::Arc;
use store::Store;
use store::memory::{Call, Fault, MemoryDisk};

const MINUTE: i64 = 60_000_000;

/// Requests made of one office.
const REQUESTS: usize = 300;

/// How one simulated office went.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub done: u64,
    pub refused: u64,
    pub ended: u64,
    pub closes: u64,
    pub crashes: u64,
}

impl Counts {
    pub fn plus(self, other: Self) -> Self {
        Self {
            done: self.done + other.done,
            refused: self.refused + other.refused,
            ended: self.ended + other.ended,
            closes: self.closes + other.closes,
            crashes: self.crashes + other.crashes,
        }
    }
}

/// Simulates one office; what is wrong comes back as a sentence.
pub fn simulate(founded: &Founded, seed: u64) -> Result<Counts, String> {
    Office::new(founded, seed)?.run(REQUESTS)
}

/// The bank that every office begins with.
pub fn founded() -> Founded {
    let disk = MemoryDisk::new();
    Founded::new(&|| Box::new(disk.open()))
}

/// A simulated office: a bank on a disk that outlives its crashes.
struct Office<'a> {
    founded: &'a Founded,
    disk: MemoryDisk,
    desk: AtEngine,
    auditor: Auditor,
    /// The last block that the auditor has read.
    read: u64,
    random: Random,
    now: i64,
    counts: Counts,
}

impl<'a> Office<'a> {
    /// The bank of the pages, on its first morning.
    fn new(founded: &'a Founded, seed: u64) -> Result<Self, String> {
        let disk = MemoryDisk::new();
        founded.copy(&mut disk.open(), "demo");
        let seq = founded.blocks.last().map_or(0, |block| block.seq);
        let mut runner = Runner::at(Box::new(at(&disk, seq)), &founded.cast);
        runner.run("ready");
        let now = runner.now;
        drop(runner);
        let (auditor, random, counts) = (Auditor::default(), Random::new(seed), Counts::default());
        let desk = at(&disk, seq);
        let mut office = Self { founded, disk, desk, auditor, read: seq, random, now, counts };
        office.audit()?;
        Ok(office)
    }

    fn run(mut self, requests: usize) -> Result<Counts, String> {
        for _ in 0..requests {
            self.now += MINUTE;
            match self.random.below(100) {
                0 => self.close()?,
                1 => self.plan_fault(),
                2 => drop(self.desk.decide(Command::Tick { at: self.now })),
                _ => self.ask(),
            }
            if self.desk.engine.down().is_some() {
                self.reopen();
            }
            self.audit()?;
        }
        self.disk.plan_nothing();
        self.auditor.agree(self.desk.state())?;
        self.counts.ended = self.auditor.ended;
        self.replays()
    }

    fn ask(&mut self) {
        let request = people::request(self.desk.state(), &mut self.random, self.now);
        match self.desk.decide(Command::Office(Box::new(request))) {
            Ok(_) => self.counts.done += 1,
            Err(_) => self.counts.refused += 1,
        }
    }

    fn plan_fault(&mut self) {
        let faults = [Fault::LostBefore, Fault::LostAfter, Fault::Torn, Fault::Full];
        self.disk.plan(Call::Append, self.random.pick(&faults).clone());
        self.counts.crashes += 1;
    }

    /// Closes the day, whatever breaks on the way, and opens the next.
    fn close(&mut self) -> Result<(), String> {
        loop {
            let phase = self.desk.state().book.phase;
            let said = match phase {
                Phase::Closed => self.desk.decide(Command::OpenDay { day: None }),
                _ => self.desk.close_day(),
            };
            if self.desk.engine.down().is_some() {
                self.reopen();
            } else if let Err(refusal) = said {
                return Err(format!("a close is refused: {refusal}"));
            } else if phase == Phase::Closed {
                break;
            }
            self.audit()?;
            self.auditor.agree(self.desk.state())?;
        }
        self.counts.closes += 1;
        let book = &self.desk.state().book;
        self.now = self.now.max(bank::office::clock::instant(book, book.today, 9 * 60));
        Ok(())
    }

    fn reopen(&mut self) {
        self.disk.plan_nothing();
        let seq = self.founded.blocks.last().map_or(0, |block| block.seq);
        self.desk = at(&self.disk, seq);
    }

    /// The auditor reads what is new in the journal.
    fn audit(&mut self) -> Result<(), String> {
        let blocks = self.disk.open().read("demo", self.read + 1, usize::MAX);
        for block in blocks.map_err(|error| error.to_string())? {
            self.read = block.seq;
            let body = history::block::decode(&block.payload).map_err(|error| error.to_string())?;
            let facts: Result<Vec<Fact>, _> =
                body.facts.iter().map(|fact| Fact::read(&fact.json)).collect();
            let facts = facts.map_err(|error| error.to_string())?;
            let rules = std::sync::Arc::clone(&self.desk.state().rulebook);
            self.auditor.see(&facts, &[body.batch], &rules)?;
        }
        Ok(())
    }

    /// What the journal replays to is what the engine had.
    fn replays(self) -> Result<Counts, String> {
        let mut follower = Follower::from_the_beginning(Box::new(self.disk.open()), "demo")
            .map_err(|fault| fault.to_string())?;
        follower.catch_up(|_| {}).map_err(|fault| fault.to_string())?;
        if image::write(follower.state()) != image::write(self.desk.state()) {
            return Err("the journal replays to something else".to_owned());
        }
        Ok(self.counts)
    }
}

fn at(disk: &MemoryDisk, seq: u64) -> AtEngine {
    let engine = Engine::open(Box::new(disk.open()), "demo", Arc::new(|| 0));
    let store: Box<dyn Store> = Box::new(disk.open());
    let engine = engine.expect("what is kept can be opened");
    AtEngine::new(Box::new(Box::new(engine)), store, "demo", seq)
}
