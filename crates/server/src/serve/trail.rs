//! Notes of sensitive reads (查阅留痕): who read what goes into the journal, in batches and a moment
//! later, so that no read waits for its note. A node that stands by cannot write; it leaves its
//! notes on a shelf of the store, from which the writer takes them.

use super::app::App;
use super::node::Role;
use super::problem::Problem;
use super::refusal;
use super::sign_in::{Caller, secret};
use bank::Command;
use bank::office::trail::{Kind, Note};
use engine::Clock;
use ledger::{Again, Refusal};
use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// How many notes go into one command at most, and how many are not waited with any longer.
const BATCH: usize = 100;

/// How long a note waits for others.
const WAIT: Duration = Duration::from_secs(1);

/// Bytes of a note that the journal takes for certain: one that it refused would stop all others.
const ABOUT_BYTES: usize = 200;
const NOTE_BYTES: usize = 900;

/// Notes in memory beyond which nothing is read that has to be noted.
const PENDING_MAX: usize = 100_000;

/// Where a node that stands by leaves its notes.
const SHELF: &str = "trail";

/// Notes that are not in the journal yet.
pub struct Trail {
    clock: Clock,
    pending: Mutex<VecDeque<Note>>,
    enough: Notify,
    stop: Notify,
}

impl Trail {
    pub fn new(clock: Clock) -> Self {
        let (pending, enough, stop) = (Mutex::default(), Notify::new(), Notify::new());
        Self { clock, pending, enough, stop }
    }

    /// Notes that a person reads something; what a system reads is no business of this trail.
    ///
    /// Errors: too much waits to be noted, so that nothing more may be read.
    pub fn read(&self, caller: &Caller, about: &str, note: &str) -> Result<(), Refusal> {
        if caller.scopes.is_some() {
            return Ok(());
        }
        self.push(Note {
            at: (self.clock)(),
            operator: caller.operator.clone(),
            kind: Kind::Read,
            about: begin(about, ABOUT_BYTES).to_owned(),
            from: caller.address.to_string(),
            note: begin(note, NOTE_BYTES).to_owned(),
        })
    }

    fn push(&self, note: Note) -> Result<(), Refusal> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.len() >= PENDING_MAX {
            return Err(refusal::busy());
        }
        pending.push_back(note);
        if pending.len() >= BATCH {
            self.enough.notify_one();
        }
        Ok(())
    }

    fn take(&self) -> Vec<Note> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let count = pending.len().min(BATCH);
        pending.drain(..count).collect()
    }

    fn give_back(&self, notes: Vec<Note>) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        notes.into_iter().rev().for_each(|note| pending.push_front(note));
    }

    /// Lets [`keep`] write what is left and end.
    pub fn stop(&self) {
        self.stop.notify_one();
    }
}

/// The begin of a text, of so many bytes at most.
fn begin(text: &str, bytes: usize) -> &str {
    let end = text.floor_char_boundary(bytes);
    &text[..end]
}

/// Writes notes into the journal until it is told to stop; then it writes those that are left.
pub async fn keep(app: App) {
    loop {
        let stopped = tokio::select! {
            () = app.trail.stop.notified() => true,
            () = app.trail.enough.notified() => false,
            () = tokio::time::sleep(WAIT) => false,
        };
        if let Err(problem) = flush(&app).await {
            tracing::warn!(code = problem.refusal.code, "notes of reads wait");
        }
        if stopped {
            return;
        }
    }
}

/// Writes every note there is, the oldest first; what cannot be written waits on.
pub async fn flush(app: &App) -> Result<(), Problem> {
    loop {
        let notes = app.trail.take();
        if notes.is_empty() {
            return Ok(());
        }
        if let Err(problem) = write(app, notes.clone()).await {
            app.trail.give_back(notes);
            return Err(problem);
        }
    }
}

async fn write(app: &App, notes: Vec<Note>) -> Result<(), Problem> {
    if let Role::Follower(_) = app.node.role() {
        return leave(app, notes).await;
    }
    app.node.ask(|_| Ok(()), Command::Note(notes)).await.map(drop)
}

/// Writes one note into the journal at once, or leaves it to who can: somebody signed in, and that
/// must not be forgotten should the node die.
async fn note(app: &App, note: Note) -> Result<(), Problem> {
    match app.node.ask(|_| Ok(()), Command::Note(vec![note.clone()])).await {
        Err(problem) if problem.refusal.again == Again::Later => leave(app, vec![note]).await,
        taken => taken.map(drop),
    }
}

/// As [`note`], for what has happened already whether it is noted or not.
pub async fn tell(app: &App, operator: &str, kind: Kind, about: &str, from: IpAddr) {
    let note = Note {
        at: app.now(),
        operator: operator.to_owned(),
        kind,
        about: about.to_owned(),
        from: from.to_string(),
        note: String::new(),
    };
    if let Err(problem) = self::note(app, note).await {
        tracing::warn!(code = problem.refusal.code, operator, "a note was not taken");
    }
}

/// Leaves notes for the writer; their order is that of their names.
async fn leave(app: &App, notes: Vec<Note>) -> Result<(), Problem> {
    let name = format!("{:020}-{}", app.now(), secret());
    let left = app.node.store(move |store, bank| {
        for (at, note) in notes.iter().enumerate() {
            let bytes = serde_json::to_vec(note).expect("plain data serialises");
            store.keep(bank, SHELF, &format!("{name}-{at:03}"), Some(&bytes))?;
        }
        Ok(())
    });
    left.await
}

/// Takes over the notes that nodes standing by have left. One may be noted twice when the writer
/// breaks off between the two writes, and none is lost.
pub async fn take_over(app: &App) -> Result<(), Problem> {
    loop {
        let left = app.node.store(|store, bank| store.kept_on(bank, SHELF, "", BATCH)).await?;
        if left.is_empty() {
            return Ok(());
        }
        let (names, bytes): (Vec<String>, Vec<Vec<u8>>) = left.into_iter().unzip();
        let notes: Vec<Note> =
            bytes.iter().filter_map(|bytes| serde_json::from_slice(bytes).ok()).collect();
        if !notes.is_empty() {
            app.node.ask(|_| Ok(()), Command::Note(notes)).await?;
        }
        app.node
            .store(move |store, bank| {
                names.iter().try_for_each(|name| store.keep(bank, SHELF, name, None))
            })
            .await?;
    }
}
