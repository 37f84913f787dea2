//! Keeps the node in its role: a follower reads on and listens for the writer's beats; when they
//! stop it takes over and says so in the journal at once, which is the fence; a writer beats, and
//! steps down when its engine stopped or another has written.

use super::app::App;
use super::node::Role;
use crate::beat::{self, Beat, Heard, Watch};
use crate::home::Running;
use bank::Command;
use bank::office::trail::{Kind, Note};
use crossbeam_channel::{Receiver, RecvTimeoutError};
use engine::{Fault, Follower};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::Store;

/// How often it looks: so old may be what a follower shows.
const STEP: Duration = Duration::from_millis(100);

/// Between two attempts to open the bank again; each pause is twice as long as the one before.
const PAUSE_FIRST: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(2);

/// Between two attempts to let go of a follower that somebody looks at.
const LOOKED_AT: Duration = Duration::from_millis(1);

/// Who signs the note of a node that became the writer.
const SIGNER: &str = "node";

pub struct Keeper {
    app: App,
    own: String,
    /// A connection of its own: no queue of the engine holds a beat up.
    store: Option<Box<dyn Store>>,
    watch: Watch,
    beats: u64,
    last_beat: Option<Instant>,
    pause: Duration,
    not_before: Instant,
}

impl Keeper {
    pub fn new(app: App) -> anyhow::Result<Self> {
        let own = app.node.home.node()?;
        let (store, watch, last_beat) = (None, Watch::default(), None);
        let (pause, not_before) = (PAUSE_FIRST, Instant::now());
        Ok(Self { app, own, store, watch, beats: 0, last_beat, pause, not_before })
    }

    /// Goes on until whoever holds the other end lets it go, and leaves in good order.
    pub fn run(mut self, stop: &Receiver<()>) {
        while stop.recv_timeout(STEP) == Err(RecvTimeoutError::Timeout) {
            self.step();
        }
        self.leave();
    }

    /// One look at where the node stands.
    pub fn step(&mut self) {
        let done = match self.app.node.role() {
            Role::Writer(running) => self.write(running),
            Role::Follower(follower) => self.follow(follower),
            Role::Stopped => self.open_again(),
        };
        if let Err(error) = done {
            tracing::warn!(error = %format!("{error:#}"), "the node cannot reach its store");
            // What was not heard meanwhile is no silence.
            self.watch.forget();
            self.store = None;
            self.wait_longer();
        }
    }

    fn write(&mut self, running: Arc<Running>) -> anyhow::Result<()> {
        if running.engine.down().is_none() {
            if self.last_beat.is_some_and(|last| last.elapsed() < beat::EVERY) {
                return Ok(());
            }
            let heard = self.heard()?;
            if heard.is_none_or(|beat| beat.node == self.own) || running.engine.confirm().is_ok() {
                return self.beat();
            }
        }
        // Without a reason the store did not answer, which is no proof that another writes.
        let reason = running.engine.down();
        let reason = reason.ok_or_else(|| anyhow::anyhow!("whether it still writes is unknown"))?;
        tracing::warn!(reason, "the node steps down");
        drop(running);
        self.become_now(Role::Stopped);
        Ok(())
    }

    fn follow(&mut self, follower: Arc<Mutex<Follower>>) -> anyhow::Result<()> {
        let read = follower.lock().unwrap_or_else(PoisonError::into_inner).catch_up(|_| {});
        match read {
            Ok(0) => {}
            Ok(_) => self.app.say_changed(),
            Err(Fault::Store(error)) => return Err(Fault::Store(error).into()),
            Err(fault) => {
                // It may have applied half a block: only opening again makes it whole.
                self.become_now(Role::Stopped);
                return Err(fault.into());
            }
        }
        let heard = self.heard()?;
        let address = heard.as_ref().map(|beat| beat.address.clone()).unwrap_or_default();
        self.app.node.set_writer_at(&address);
        match self.watch.judge(heard, &self.own, Instant::now()) {
            Heard::Silence => self.take_over(follower, &address),
            Heard::Beat | Heard::Nothing => Ok(()),
        }
    }

    fn take_over(&mut self, follower: Arc<Mutex<Follower>>, before: &str) -> anyhow::Result<()> {
        let Some(lock) = self.app.node.home.try_lock()? else { return Ok(()) };
        self.app.node.set_role(Role::Stopped);
        let running = Running::of(alone(follower), lock);
        let note = Note {
            at: self.app.now(),
            operator: SIGNER.to_owned(),
            kind: Kind::TookOver,
            about: self.own.clone(),
            from: String::new(),
            note: self.app.node.address(),
        };
        if let Err(refusal) = running.engine.call(Command::Note(vec![note])) {
            tracing::info!(says = refusal.en, "another node was faster");
            drop(running);
            self.become_now(Role::Stopped);
            return Ok(());
        }
        tracing::info!(node = self.own, before, "the node is the writer");
        self.become_now(Role::Writer(Arc::new(running)));
        self.beat()
    }

    fn open_again(&mut self) -> anyhow::Result<()> {
        if Instant::now() < self.not_before {
            return Ok(());
        }
        let follower = self.app.node.home.follow()?;
        self.pause = PAUSE_FIRST;
        self.become_now(Role::Follower(Arc::new(Mutex::new(follower))));
        tracing::info!("the node follows");
        Ok(())
    }

    /// What another node changed beside the chain is seen from here on.
    fn become_now(&mut self, role: Role) {
        self.last_beat = None;
        self.watch.forget();
        let writes = matches!(role, Role::Writer(_));
        metrics::gauge!("piaohao_writer").set(if writes { 1.0 } else { 0.0 });
        metrics::counter!("piaohao_role_changes_total").increment(1);
        self.app.node.set_role(role);
        self.app.forget();
        self.app.say_changed();
    }

    fn wait_longer(&mut self) {
        self.not_before = Instant::now() + self.pause;
        self.pause = (self.pause * 2).min(PAUSE_MAX);
    }

    fn heard(&mut self) -> anyhow::Result<Option<Beat>> {
        let bank = self.app.node.home.config.bank.clone();
        Ok(beat::heard(self.store()?, &bank).map_err(Fault::from)?)
    }

    fn beat(&mut self) -> anyhow::Result<()> {
        self.beats += 1;
        let address = self.app.node.address();
        self.app.node.set_writer_at(&address);
        let beat = Beat { node: self.own.clone(), address, beat: self.beats };
        let bank = self.app.node.home.config.bank.clone();
        beat::keep(self.store()?, &bank, &beat).map_err(Fault::from)?;
        self.last_beat = Some(Instant::now());
        Ok(())
    }

    fn store(&mut self) -> anyhow::Result<&mut dyn Store> {
        let store = match self.store.take() {
            Some(store) => store,
            None => self.app.node.home.store()?,
        };
        Ok(&mut **self.store.insert(store))
    }

    /// Commits what is in hand, and only then says that nobody writes any more.
    fn leave(mut self) {
        let wrote = matches!(self.app.node.role(), Role::Writer(_));
        self.app.node.set_role(Role::Stopped);
        let (own, bank) = (self.own.clone(), self.app.node.home.config.bank.clone());
        let ended = self.store().and_then(|store| {
            if wrote {
                beat::end(store, &bank, &own).map_err(Fault::from)?
            }
            Ok(())
        });
        if let Err(error) = ended {
            tracing::warn!(error = %format!("{error:#}"), "the other node was not told");
        }
    }
}

/// The follower, once nobody looks at it any more; nobody begins to, as its role is gone.
fn alone(follower: Arc<Mutex<Follower>>) -> Follower {
    let mut follower = follower;
    loop {
        match Arc::try_unwrap(follower) {
            Ok(alone) => return alone.into_inner().unwrap_or_else(PoisonError::into_inner),
            Err(shared) => follower = shared,
        }
        std::thread::sleep(LOOKED_AT);
    }
}
