//! A node of the bank: the writer, or a follower that answers reads until it takes over. Handlers
//! speak to the bank through it, without ever blocking the threads that serve connections.

use super::problem::Problem;
use super::refusal;
use crate::home::{Home, Running};
use bank::{Answer, Command, State};
use engine::Follower;
use ledger::Refusal;
use ledger::refusal as books;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use store::Store;
use tokio::sync::{Semaphore, oneshot};

/// Store connections that serve lists of what has ended, documents and credentials.
const READERS: usize = 4;

/// What this node is now.
#[derive(Clone)]
pub enum Role {
    Writer(Arc<Running>),
    Follower(Arc<Mutex<Follower>>),
    /// On its way out, or between two roles.
    Stopped,
}

pub struct Node {
    pub home: Home,
    role: RwLock<Role>,
    /// Spare connections. They are opened, used and closed by threads that may be blocked.
    readers: Arc<Mutex<Vec<Box<dyn Store>>>>,
    reading: Semaphore,
    /// Commands handed in and not answered: more are told to come again.
    room: Semaphore,
    /// Where this node can be reached, once it is.
    pub reached_at: OnceLock<String>,
    /// Where the writer can be reached, as its last beat said.
    writer_at: RwLock<String>,
}

impl Node {
    pub fn new(home: Home, role: Role, commands: usize) -> Self {
        let (role, readers) = (RwLock::new(role), Arc::default());
        let (reading, room) = (Semaphore::new(READERS), Semaphore::new(commands));
        let (reached_at, writer_at) = (OnceLock::new(), RwLock::default());
        Self { home, role, readers, reading, room, reached_at, writer_at }
    }

    /// Where this node can be reached; empty as long as it cannot.
    pub fn address(&self) -> String {
        self.reached_at.get().cloned().unwrap_or_default()
    }

    pub fn writer_at(&self) -> String {
        self.writer_at.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_writer_at(&self, address: &str) {
        address.clone_into(&mut self.writer_at.write().unwrap_or_else(PoisonError::into_inner));
    }

    pub fn role(&self) -> Role {
        self.role.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_role(&self, role: Role) {
        *self.role.write().unwrap_or_else(PoisonError::into_inner) = role;
    }

    pub fn writer(&self) -> Result<Arc<Running>, Problem> {
        match self.role() {
            Role::Writer(running) => Ok(running),
            Role::Follower(_) => Err(refusal::not_the_writer().into()),
            Role::Stopped => Err(books::unavailable("stopping").into()),
        }
    }

    /// Commands that may still be handed in before clients are told to wait.
    pub fn room(&self) -> usize {
        self.room.available_permits()
    }

    /// Hands in a command that `guard` lets pass, and waits until it is durable.
    pub async fn ask(
        &self,
        guard: impl FnOnce(&State) -> Result<(), Refusal> + Send + 'static,
        command: Command,
    ) -> Result<Answer, Problem> {
        let _place = self.room.try_acquire().map_err(|_| Problem::from(refusal::busy()))?;
        let running = self.writer()?;
        let (answer, wait) = oneshot::channel();
        running.engine.submit_if(guard, command, move |outcome| drop(answer.send(outcome)));
        Ok(wait.await.map_err(|_| books::unavailable("the engine has stopped"))??)
    }

    /// Looks at the bank between two commands; what was seen is durable.
    pub async fn look<T: Send + 'static>(
        &self,
        view: impl FnOnce(&State) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        match self.role() {
            Role::Writer(running) => {
                let (answer, wait) = oneshot::channel();
                running.engine.look_then(view, move |seen| drop(answer.send(seen)));
                let reason = || running.engine.down().unwrap_or_default();
                Ok(wait.await.map_err(|_| books::unavailable(&reason()))?)
            }
            Role::Follower(follower) => {
                let look = move || {
                    let follower = follower.lock().unwrap_or_else(PoisonError::into_inner);
                    view(follower.state())
                };
                unblocked(look).await
            }
            Role::Stopped => Err(books::unavailable("stopping").into()),
        }
    }

    /// Reads or keeps something in the store beside the chain, on a connection of its own.
    pub async fn store<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn Store, &str) -> Result<T, store::StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        let closed = |_| Problem::from(books::unavailable("stopping"));
        let _turn = self.reading.acquire().await.map_err(closed)?;
        let (readers, home) = (Arc::clone(&self.readers), self.home.clone());
        let work = move || -> anyhow::Result<Result<T, store::StoreError>> {
            let spare = readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut store = match spare {
                Some(store) => store,
                None => home.store()?,
            };
            let done = job(&mut *store, &home.config.bank);
            if !matches!(done, Err(store::StoreError::Lost { .. })) {
                readers.lock().unwrap_or_else(PoisonError::into_inner).push(store);
            }
            Ok(done)
        };
        Ok(unblocked(work).await???)
    }

    /// Closes the spare connections; blocks.
    pub fn close(&self) {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Runs what blocks on a thread that may be blocked.
pub async fn unblocked<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| {
        tracing::error!(%error, "a thread at work has panicked");
        books::unavailable("Fault").into()
    })
}
