//! One simulated bank: commands against the real engine, faults, recoveries, and after each of
//! them the question whether the bank is what the model says.

use super::check::{
    Wrong, check_answer, check_interest, check_invariants, check_items, check_state, ensure,
};
use super::disk::{Disk, Fate, items_of};
use super::generate::{Generator, INTERNAL};
use super::model::{Item, Model};
use super::predict::Plan;
use super::random::Random;
use super::rules;
use bank::form::InstitutionForm;
use bank::rulebook::Rulebook;
use bank::{Command, image};
use engine::close::{ClosedDay, Seal, close_day};
use engine::verify::verify;
use engine::{Clock, Engine, Fault, Follower};
use ledger::Day;
use ledger::book::{Book, Phase};
use ledger::chart::Title;
use ledger::close::{Certificate, Check, Step};
use ledger::fact::Fact;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use store::Store;

const BANK: &str = "sim";

/// Days before something happens: settlements, ends of months and years, changes of rates.
const STARTS: [(i16, i8, i8); 8] = [
    (2025, 12, 17),
    (2025, 12, 24),
    (2026, 3, 16),
    (2025, 6, 17),
    (2025, 9, 17),
    (2026, 1, 26),
    (2024, 12, 16),
    (2025, 3, 18),
];

/// What a run did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub commands: u64,
    pub refused: u64,
    pub entries: u64,
    pub days: u64,
    pub faults: u64,
    pub recoveries: u64,
    pub take_overs: u64,
    pub corrections: u64,
}

impl Counts {
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            commands: self.commands + other.commands,
            refused: self.refused + other.refused,
            entries: self.entries + other.entries,
            days: self.days + other.days,
            faults: self.faults + other.faults,
            recoveries: self.recoveries + other.recoveries,
            take_overs: self.take_overs + other.take_overs,
            corrections: self.corrections + other.corrections,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { commands, refused, entries, days, .. } = self;
        let Self { faults, recoveries, take_overs, corrections, .. } = self;
        write!(f, "{commands} commands ({refused} refused, {corrections} corrections), ")?;
        write!(f, "{entries} entries, {days} days closed, {faults} faults, ")?;
        write!(f, "{recoveries} recoveries, {take_overs} take-overs")
    }
}

pub struct World {
    pub trace: Vec<String>,
    pub counts: Counts,
    generator: Generator,
    model: Model,
    disk: Disk,
    engine: Option<Engine>,
    /// Reads the journal beside the engine.
    reader: Option<Box<dyn Store>>,
    seq: u64,
    clock: Clock,
    /// The disk no longer takes writes from those who have it open.
    dead: bool,
    ending: bool,
    /// Whether writes may fail: a bank is first set up in peace.
    spoiling: bool,
    dollars: rules::Values,
    deposits: rules::Values,
    small: bool,
}

impl World {
    pub fn new(seed: u64) -> Result<Self, Wrong> {
        let mut random = Random::new(seed);
        let sqlite = random.percent(4);
        let disk = match seed % 50 {
            7 => Disk::postgres(),
            _ if sqlite => Disk::sqlite(),
            _ => Disk::memory(),
        };
        let small = !random.percent(6);
        let dollars = vec![("2024-01-01".to_owned(), "\"7.1\"".to_owned())];
        let deposits = rules::deposits();
        let files = if small { rules::small(&dollars, &deposits) } else { rules::real() };
        let rulebook = Rulebook::parse(&files).map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            format!("the rulebook has errors: {}", errors.join("\n"))
        })?;
        let time = AtomicI64::new(1_800_000_000_000_000);
        let clock: Clock = Arc::new(move || time.fetch_add(1_000, Ordering::Relaxed));
        let mut world = Self {
            trace: Vec::new(),
            counts: Counts::default(),
            generator: Generator::new(random),
            model: Model::new(Arc::new(rulebook.chart)),
            disk,
            engine: None,
            reader: None,
            seq: 0,
            clock,
            dead: false,
            ending: false,
            spoiling: false,
            dollars,
            deposits,
            small,
        };
        world.create(files)?;
        world.set_up()?;
        world.spoiling = true;
        Ok(world)
    }

    fn random(&mut self) -> &mut Random {
        &mut self.generator.random
    }

    fn create(&mut self, files: rules::Files) -> Result<(), Wrong> {
        let title = Title { zh: "模拟银行".into(), en: "Simulated".into() };
        let mut fate = Fate::Kept;
        if self.random().percent(10) {
            fate = self.disk.spoil(&mut self.generator.random).0;
        }
        let (store, clock) = (self.disk.open(), Arc::clone(&self.clock));
        let created = Engine::create(store, BANK, title.clone(), files.clone(), clock);
        self.disk.spare();
        match created {
            Ok(engine) => self.engine = Some(engine),
            Err(fault) => {
                ensure!(fate == Fate::Doubtful, "creating the bank failed: {fault}");
                let (store, clock) = (self.disk.open(), Arc::clone(&self.clock));
                let again = match Engine::open(store, BANK, Arc::clone(&self.clock)) {
                    Err(Fault::NoBank(_)) => {
                        Engine::create(self.disk.open(), BANK, title, files, clock)
                    }
                    opened => opened,
                };
                self.engine = Some(again.map_err(|fault| format!("creating again: {fault}"))?);
            }
        }
        for item in self.read_new()? {
            self.model.ingest(&item);
        }
        ensure!(self.model.bank == BANK, "the bank is called {}", self.model.bank);
        Ok(())
    }

    fn set_up(&mut self) -> Result<(), Wrong> {
        let places = 2 + self.random().below(3);
        for at in 0..places {
            let title = Title { zh: "机构".into(), en: "Place".into() };
            let parent = (at > 0).then(|| "00".to_owned());
            let form = InstitutionForm { code: format!("{at:02}"), title, parent };
            self.command(Command::AddInstitutions(vec![form]))?;
        }
        let chart = Arc::clone(&self.model.chart);
        let known = INTERNAL.into_iter().filter(|code| chart.kind_by_code(code).is_some());
        let kinds: Vec<String> = known.map(str::to_owned).collect();
        for at in 0..places {
            let institution = format!("{at:02}");
            let unit = "CNY".to_owned();
            self.command(Command::OpenInternal { kinds: kinds.clone(), institution, unit })?;
        }
        for _ in 0..3 + self.random().below(4) {
            let forms = self.generator.accounts(&self.model);
            self.command(Command::OpenAccounts(forms))?;
        }
        let (year, month, day) = *self.random().pick(&STARTS);
        let day = self.model.chart.calendar.on_or_after(Day::new(year, month, day));
        self.command(Command::OpenDay { day: Some(day) })
    }

    /// Runs so many steps, each a command, a fault or a recovery.
    pub fn run(&mut self, steps: usize) -> Result<(), Wrong> {
        for _ in 0..steps {
            match self.random().below(100) {
                0..=2 => self.recover(true)?,
                3..=4 => self.snapshot()?,
                5..=6 => self.take_over()?,
                7..=9 => self.burst()?,
                _ => self.one()?,
            }
        }
        self.compare_images()?;
        self.recover(false)?;
        let verified = verify(self.disk.open(), BANK, |_| {}).map_err(|fault| fault.to_string())?;
        let differences = &verified.differences;
        ensure!(differences.is_empty(), "verification finds {differences:?}");
        ensure!(
            verified.entries == self.model.entries.len() as u64,
            "{} entries",
            verified.entries
        );
        check_invariants(&self.model)
    }

    fn one(&mut self) -> Result<(), Wrong> {
        let towards_end = match self.model.phase {
            Phase::Closed => 75,
            Phase::Closing => 75,
            Phase::Open if self.ending => 60,
            Phase::Open => 0,
        };
        if self.model.phase == Phase::Open && self.random().percent(7) {
            self.ending = true;
        }
        if !self.random().percent(towards_end) {
            if self.small && self.random().percent(1) {
                return self.new_rates();
            }
            let command = self.generator.command(&self.model);
            return self.command(command);
        }
        let done = Step::ALL.iter().all(|step| self.model.steps.contains_key(step.code()));
        if self.model.phase == Phase::Closing && done && self.random().percent(85) {
            return self.close_day();
        }
        let command = self.generator.step(&self.model);
        self.command(command)?;
        if self.model.phase == Phase::Open && self.model.steps.is_empty() {
            self.ending &= !self.model.places.iter().all(|one| one.closed.is_none());
        }
        Ok(())
    }

    /// The rulebook anew, with a middle rate for tomorrow or a rate on deposits for some day.
    fn new_rates(&mut self) -> Result<(), Wrong> {
        let (mut dollars, mut deposits) = (self.dollars.clone(), self.deposits.clone());
        let tomorrow = self.model.today.plus(1).to_string();
        if self.random().percent(60) {
            let day = self.random().between(-1, 4);
            let day = self.model.today.plus(day as i32).to_string();
            let rate = format!("\"0.{:02}%\"", self.random().between(1, 99));
            deposits.retain(|(from, _)| *from != day);
            deposits.push((day, rate));
            deposits.sort();
        } else if dollars.last().is_none_or(|last| last.0 < tomorrow) {
            let rate = self.random().between(65_000, 75_000);
            dollars.push((tomorrow, format!("\"{}.{:04}\"", rate / 10_000, rate % 10_000)));
        }
        let files = rules::small(&dollars, &deposits);
        let numbers = Rulebook::parse(&files).map(|rulebook| rulebook.chart.numbers);
        self.command(Command::ActivateRulebook { files })?;
        if numbers.is_ok_and(|numbers| numbers == self.model.chart.numbers) {
            (self.dollars, self.deposits) = (dollars, deposits);
        }
        Ok(())
    }

    /// Closes the day as a bank does, watching each step; somebody else may come in between.
    fn close_day(&mut self) -> Result<(), Wrong> {
        if self.random().percent(10) {
            let wrong = Check { code: "sum".into(), passed: false, found: "1".into() };
            let certificate =
                Box::new(Certificate { checks: vec![wrong], ..Certificate::default() });
            return self.command(Command::CloseDay { certificate, gl: Vec::new() });
        }
        check_invariants(&self.model)?;
        let Ok(book) = self.look() else { return self.recover(true) };
        check_interest(&self.model, &book)?;
        self.trace.push("-- closing the day".into());
        let accept = self.random().percent(85).then_some("dai");
        let engine = self.engine.take().ok_or("no engine runs")?;
        let by = "ops".to_owned();
        let mut next = Some(self.model.plan(&Command::CloseInstitutions { by }));
        let mut wrong = Ok(());
        let closed = close_day(&engine, "ops", accept, &mut NoSeal, |_, step| {
            if wrong.is_ok() {
                wrong = self.between_steps(&engine, &mut next, step, accept);
            }
        });
        self.disk.spare();
        self.engine = Some(engine);
        wrong?;
        let items = self.read_new()?;
        match closed {
            Ok(certificate) => self.closed(&certificate, &items)?,
            Err(Fault::Refused(refusal)) if refusal.code == "Unavailable" => {
                ensure!(self.dead, "out of nothing: {refusal}");
                match &items[..] {
                    [Item::Fact(fact)] if matches!(**fact, Fact::DayClosed { .. }) => {
                        self.model.ingest(&items[0]);
                    }
                    items => self.take_doubtful(next.into_iter().flatten().collect(), 0, items)?,
                }
                return self.recover(true);
            }
            Err(Fault::Refused(refusal)) => {
                let expected = next.and_then(Result::err);
                ensure!(expected == Some(refusal.code), "expected {expected:?}, not {refusal}");
                ensure!(items.is_empty(), "a refused step left {items:?}");
            }
            Err(fault) => {
                ensure!(self.dead, "out of nothing: {fault}");
                ensure!(items.is_empty(), "a step that failed left {items:?}");
            }
        }
        if self.dead {
            return self.recover(true);
        }
        check_state(&self.model, &self.look()?)
    }

    /// The step before is checked, what the coming one must do is foretold.
    fn between_steps(
        &mut self,
        engine: &Engine,
        next: &mut Option<Result<Plan, &'static str>>,
        name: &str,
        accept: Option<&str>,
    ) -> Result<(), Wrong> {
        let items = self.read_new()?;
        match next.take() {
            Some(Ok(plan)) => check_items(&mut self.model, &plan, &items)?,
            Some(Err(code)) => return Err(format!("expected {code}, the close went on")),
            None => ensure!(items.is_empty(), "nothing was to happen: {items:?}"),
        }
        if let Some(step) = Step::ALL.into_iter().find(|step| step.en() == name) {
            let accept = accept.map(str::to_owned);
            *next = Some(self.model.plan(&Command::RunStep { step, accept }));
        }
        if self.random().percent(2) && !self.dead {
            self.disk.spare();
            let (fate, how) = self.disk.spoil(&mut self.generator.random);
            self.trace.push(format!("-- before {name}, {how}"));
            self.dead = fate == Fate::Doubtful;
            self.counts.faults += 1;
            return Ok(());
        }
        if self.random().percent(3) && !self.dead {
            let forms = self.generator.accounts(&self.model);
            let command = Command::OpenAccounts(forms);
            let expected = self.model.plan(&command);
            self.note(&command);
            let outcome = engine.call(command);
            ensure!(expected.is_ok() == outcome.is_ok(), "{expected:?} but {outcome:?}");
            let items = self.read_new()?;
            if let Ok(plan) = expected {
                check_items(&mut self.model, &plan, &items)?;
            }
        }
        Ok(())
    }

    fn closed(&mut self, certificate: &Certificate, items: &[Item]) -> Result<(), Wrong> {
        let failed: Vec<&Check> = certificate.checks.iter().filter(|one| !one.passed).collect();
        ensure!(failed.is_empty(), "the day closed on {failed:?}");
        let [Item::Fact(fact)] = items else {
            return Err(format!("closing the day left {items:?}"));
        };
        let Fact::DayClosed { certificate: noted, next, .. } = &**fact else {
            return Err(format!("closing the day left {fact:?}"));
        };
        ensure!(**noted == *certificate, "noted {noted:?}, answered {certificate:?}");
        let expected = self.model.chart.calendar.next_business_day(self.model.today);
        ensure!(*next == expected, "the next day is {next}, not {expected}");
        self.model.ingest(&items[0]);
        self.counts.days += 1;
        self.ending = false;
        Ok(())
    }

    /// Hands in one command and checks everything about what comes of it.
    fn command(&mut self, command: Command) -> Result<(), Wrong> {
        let expected = self.model.plan(&command);
        let mut fate = if self.dead { Fate::Doubtful } else { Fate::Kept };
        if self.spoiling && self.random().percent(3) && !self.dead {
            let (spoilt, how) = self.disk.spoil(&mut self.generator.random);
            self.trace.push(format!("-- the next write: {how}"));
            (fate, self.counts.faults) = (spoilt, self.counts.faults + 1);
            self.dead = spoilt == Fate::Doubtful;
        }
        self.note(&command);
        let engine = self.engine.as_ref().ok_or("no engine runs")?;
        let outcome = engine.call(command);
        self.disk.spare();
        let items = self.read_new()?;
        self.counts.commands += 1;
        match (expected, outcome) {
            (expected, Err(refusal)) if refusal.code == "Unavailable" => {
                ensure!(fate == Fate::Doubtful, "out of nothing: {refusal}");
                self.take_doubtful(expected.into_iter().collect(), 0, &items)?;
                return self.recover(true);
            }
            (Err(code), Err(refusal)) => {
                self.counts.refused += 1;
                self.trace.push(format!("   {}", refusal.code));
                ensure!(refusal.code == code, "expected {code}, the bank says {refusal}");
                ensure!(items.is_empty(), "a refused command left {items:?}");
            }
            (Err(code), Ok(answer)) => {
                return Err(format!("expected {code}, the bank answers {answer:?}"));
            }
            (Ok(plan), Err(refusal)) => {
                return Err(format!("expected {:?}, the bank says {refusal}", plan.answer));
            }
            (Ok(plan), Ok(answer)) => {
                check_answer(&plan, &answer)?;
                check_items(&mut self.model, &plan, &items)?;
            }
        }
        if self.dead {
            return self.recover(true);
        }
        let book = self.look()?;
        check_state(&self.model, &book)
    }

    /// After a failure: of the commands in flight, a first part is in the journal and the rest is
    /// not; what was acknowledged is in the first part.
    fn take_doubtful(
        &mut self,
        plans: Vec<Plan>,
        acknowledged: usize,
        items: &[Item],
    ) -> Result<(), Wrong> {
        let mut left = items;
        for (at, plan) in plans.iter().enumerate() {
            if left.is_empty() && (!plan.items.is_empty() || at >= acknowledged) {
                ensure!(at >= acknowledged, "acknowledged and lost: {plan:?}");
                return Ok(());
            }
            // What the system makes is of no known length, and comes alone.
            let alone = plan.system != super::predict::System::Nothing;
            let length = if alone { left.len() } else { plan.items.len().min(left.len()) };
            let (own, rest) = left.split_at(length);
            check_items(&mut self.model, plan, own)?;
            left = rest;
        }
        ensure!(left.is_empty(), "the journal has more than was handed in: {left:?}");
        Ok(())
    }

    /// Several commands at once; only what became of each is known, not in which blocks.
    fn burst(&mut self) -> Result<(), Wrong> {
        let mut scratch = self.model.clone();
        let (mut commands, mut plans) = (Vec::new(), Vec::new());
        for _ in 0..2 + self.random().below(14) {
            let command = self.generator.posting(&scratch);
            let plan = scratch.plan(&command);
            if let Ok(plan) = &plan {
                plan.items.iter().for_each(|item| scratch.ingest(item));
            }
            commands.push(command);
            plans.push(plan);
        }
        let spoil = self.random().percent(35) && !self.dead;
        let (fate, how) = match spoil {
            true => self.disk.spoil(&mut self.generator.random),
            // A snapshot torn before may have taken the store with it already.
            false if self.dead => (Fate::Doubtful, ""),
            false => (Fate::Kept, ""),
        };
        self.counts.faults += u64::from(spoil);
        self.trace.push(format!("-- {} at once {how}", commands.len()));
        let (sender, receiver) = crossbeam_channel::unbounded();
        for (at, command) in commands.into_iter().enumerate() {
            self.note(&command);
            let sender = sender.clone();
            let engine = self.engine.as_ref().ok_or("no engine runs")?;
            engine.submit(command, move |outcome| drop(sender.send((at, outcome))));
        }
        drop(sender);
        let mut outcomes = Vec::new();
        loop {
            match receiver.recv_timeout(Duration::from_secs(30)) {
                Ok(outcome) => outcomes.push(outcome),
                Err(crossbeam_channel::RecvTimeoutError::Disconnected) => break,
                Err(_) => return Err("a reply is missing for half a minute".into()),
            }
        }
        self.disk.spare();
        // Who comes too late is told so at once, while others still wait for theirs.
        let given: Vec<usize> =
            outcomes.iter().filter(|(_, one)| !down(one)).map(|one| one.0).collect();
        ensure!(given.is_sorted(), "answers come out of order: {given:?}");
        outcomes.sort_by_key(|one| one.0);
        let mut acknowledged = 0;
        for (at, (no, outcome)) in outcomes.iter().enumerate() {
            ensure!(at == *no, "no reply to command {at}");
            match (&plans[at], outcome) {
                (_, Err(refusal)) if refusal.code == "Unavailable" => {
                    ensure!(fate == Fate::Doubtful, "out of nothing: {refusal}");
                    continue;
                }
                (Err(code), Err(refusal)) => {
                    ensure!(refusal.code == *code, "expected {code}, the bank says {refusal}");
                }
                (Ok(plan), Ok(answer)) => check_answer(plan, answer)?,
                (plan, outcome) => return Err(format!("expected {plan:?}, got {outcome:?}")),
            }
            ensure!(acknowledged == at, "an answer after the bank had stopped");
            acknowledged = at + 1;
        }
        let all = acknowledged == plans.len();
        let acknowledged = plans[..acknowledged].iter().filter(|plan| plan.is_ok()).count();
        let plans: Vec<Plan> = plans.into_iter().flatten().collect();
        let items = self.read_new()?;
        self.take_doubtful(plans, acknowledged, &items)?;
        if all && fate == Fate::Kept { Ok(()) } else { self.recover(true) }
    }

    fn snapshot(&mut self) -> Result<(), Wrong> {
        self.trace.push("-- a snapshot".into());
        if self.random().percent(25) {
            self.dead |= self.disk.spoil_snapshot(&mut self.generator.random);
        }
        let engine = self.engine.as_ref().ok_or("no engine runs")?;
        engine.snapshot().map_err(|refusal| format!("a snapshot is refused: {refusal}"))?;
        // A look comes after the snapshot has been written.
        let _ = self.look();
        self.disk.spare();
        Ok(())
    }

    /// The engine is gone; another opens the bank, from a snapshot or from the beginning.
    fn recover(&mut self, abruptly: bool) -> Result<(), Wrong> {
        self.trace.push("-- the bank is opened again".into());
        self.counts.recoveries += 1;
        if abruptly {
            self.disk.crash();
        }
        (self.engine, self.reader, self.dead) = (None, None, false);
        if self.random().percent(10) {
            self.disk.spoil_read();
            let opened =
                Follower::open(self.disk.open(), BANK).and_then(|mut one| one.catch_up(|_| {}));
            self.disk.spare();
            if matches!(self.disk, Disk::Memory(_)) {
                ensure!(opened.is_err(), "a read was lost and nobody noticed");
            }
        }
        let nearest = self.follow(false)?;
        let whole = self.follow(true)?;
        let images = [&nearest, &whole].map(|one| image::write(one.state()));
        ensure!(images[0] == images[1], "snapshot and replay differ");
        for one in [&nearest, &whole] {
            check_state(&self.model, &one.state().book)?;
        }
        check_keys(&nearest.state().book, &whole.state().book)?;
        check_interest(&self.model, &whole.state().book)?;
        let from_snapshot = self.random().percent(50);
        let follower = if from_snapshot { nearest } else { whole };
        self.engine = Some(Engine::run(follower, Arc::clone(&self.clock)));
        Ok(())
    }

    fn follow(&self, from_the_beginning: bool) -> Result<Follower, Wrong> {
        let store = self.disk.open();
        let follower = match from_the_beginning {
            true => Follower::from_the_beginning(store, BANK),
            false => Follower::open(store, BANK),
        };
        let mut follower = follower.map_err(|fault| format!("the bank does not open: {fault}"))?;
        follower.catch_up(|_| {}).map_err(|fault| format!("blocks cannot be read: {fault}"))?;
        Ok(follower)
    }

    /// A standby becomes the writer while the old one lives; the old one is fenced at its next
    /// write and acknowledges nothing.
    fn take_over(&mut self) -> Result<(), Wrong> {
        if self.dead {
            return self.recover(true);
        }
        self.trace.push("-- a standby takes over".into());
        self.counts.take_overs += 1;
        self.compare_images()?;
        let beginning = self.random().percent(30);
        let standby = self.follow(beginning)?;
        check_state(&self.model, &standby.state().book)?;
        let standby = Engine::run(standby, Arc::clone(&self.clock));
        let old = self.engine.replace(standby);
        let stale = self.model.clone();
        let seq = self.seq;
        let command = self.generator.posting(&self.model);
        self.command(command)?;
        if self.seq == seq {
            // Nothing was written, so nobody is fenced: the old one steps down by itself.
            return Ok(());
        }
        let mut random = self.generator.random.clone();
        let mut late = Generator::new(Random::new(random.next()));
        for _ in 0..20 {
            let command = late.posting(&stale);
            if stale.plan(&command).is_ok_and(|plan| !plan.items.is_empty()) {
                self.trace.push(format!("-- to the old writer: {command:?}"));
                let outcome = old.as_ref().ok_or("no old writer")?.call(command);
                let fenced = outcome.as_ref().is_err_and(|refusal| refusal.code == "Unavailable");
                ensure!(fenced, "the fenced writer answers {outcome:?}");
                break;
            }
        }
        drop(old);
        let items = self.read_new()?;
        ensure!(items.is_empty(), "the fenced writer wrote {items:?}");
        Ok(())
    }

    /// The journal replayed is the state that lives.
    fn compare_images(&mut self) -> Result<(), Wrong> {
        if self.dead {
            return Ok(());
        }
        let engine = self.engine.as_ref().ok_or("no engine runs")?;
        let live = engine.look(image::write).map_err(|refusal| refusal.to_string())?;
        let replayed = self.follow(true)?;
        ensure!(live == image::write(replayed.state()), "replay and life differ");
        check_keys(&self.look()?, &replayed.state().book)
    }

    fn look(&self) -> Result<Book, Wrong> {
        let engine = self.engine.as_ref().ok_or("no engine runs")?;
        engine.look(|state| state.book.clone()).map_err(|refusal| format!("a look: {refusal}"))
    }

    /// What the journal has taken since it was last read.
    fn read_new(&mut self) -> Result<Vec<Item>, Wrong> {
        let mut items = Vec::new();
        loop {
            let blocks = {
                let disk = &self.disk;
                let open = || disk.open();
                let reader = match disk {
                    // A handle of before a crash is dead; a new one costs nothing.
                    Disk::Memory(_) => self.reader.insert(open()),
                    Disk::Sqlite { .. } | Disk::Postgres(_) => self.reader.get_or_insert_with(open),
                };
                reader.read(BANK, self.seq + 1, 1 << 20).map_err(|error| error.to_string())?
            };
            if blocks.is_empty() {
                break;
            }
            for block in blocks {
                self.seq = block.seq;
                items.append(&mut items_of(&block)?);
            }
        }
        let entries = items.iter().filter(|item| matches!(item, Item::Entry(_))).count();
        self.counts.entries += entries as u64;
        Ok(items)
    }

    fn note(&mut self, command: &Command) {
        self.counts.corrections += u64::from(matches!(command, Command::Correct(_)));
        let mut text = match command {
            Command::ActivateRulebook { .. } => "ActivateRulebook".to_owned(),
            command => format!("{command:?}"),
        };
        let end = text.char_indices().nth(1200).map_or(text.len(), |(at, _)| at);
        text.truncate(end);
        self.trace.push(text);
    }
}

fn down(outcome: &engine::Outcome) -> bool {
    outcome.as_ref().is_err_and(|refusal| refusal.code == "Unavailable")
}

/// Closed days are kept nowhere else: the journal is what is simulated.
struct NoSeal;

impl Seal for NoSeal {
    fn seal(&mut self, _day: &ClosedDay) -> Result<(), Fault> {
        Ok(())
    }
}

/// Which keys are known, of which entries and with which words.
fn check_keys(one: &Book, two: &Book) -> Result<(), Wrong> {
    let keys = |book: &Book| book.keys.iter().collect::<BTreeMap<_, _>>();
    ensure!(keys(one) == keys(two), "the keys differ");
    Ok(())
}
