//! A shelf of the store beside the chain, with what was read of it a moment ago: what another node
//! changed is seen within seconds, and a request does not cost a read.

use crate::serve::node::Node;
use crate::serve::problem::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};
use store::{Store, StoreError};

/// How long what was changed on another node may still be believed as it was.
const BELIEVED: Duration = Duration::from_secs(10);

/// Names read at once.
const PAGE: usize = 1_000;

/// Things of one kind, without memory.
pub struct Shelf<T>(&'static str, PhantomData<fn() -> T>);

impl<T: Serialize + DeserializeOwned + Send + 'static> Shelf<T> {
    pub const fn new(name: &'static str) -> Self {
        Self(name, PhantomData)
    }

    /// What is kept under a name; what cannot be read is nothing.
    pub async fn of(&self, node: &Node, name: &str) -> Result<Option<T>, Problem> {
        let (shelf, name) = (self.0, name.to_owned());
        let kept = node.store(move |store, bank| store.kept(bank, shelf, &name)).await?;
        Ok(kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    pub async fn keep(&self, node: &Node, name: &str, thing: &T) -> Result<(), Problem> {
        let (shelf, name) = (self.0, name.to_owned());
        let bytes = serde_json::to_vec(thing).expect("plain data serialises");
        node.store(move |store, bank| store.keep(bank, shelf, &name, Some(&bytes))).await
    }

    pub async fn remove(&self, node: &Node, name: &str) -> Result<(), Problem> {
        let (shelf, name) = (self.0, name.to_owned());
        node.store(move |store, bank| store.keep(bank, shelf, &name, None)).await
    }

    /// Everything with its name, in order of name.
    pub async fn all(&self, node: &Node) -> Result<Vec<(String, T)>, Problem> {
        let shelf = self.0;
        node.store(move |store, bank| all(store, bank, shelf)).await
    }
}

fn all<T: DeserializeOwned>(
    store: &mut dyn Store,
    bank: &str,
    shelf: &str,
) -> Result<Vec<(String, T)>, StoreError> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = store.kept_on(bank, shelf, &after, PAGE)?;
        let Some((last, _)) = page.last() else { return Ok(found) };
        after.clone_from(last);
        found.extend(page.into_iter().filter_map(|(name, bytes)| {
            let thing = serde_json::from_slice(&bytes).ok()?;
            Some((name, thing))
        }));
    }
}

/// A shelf and what is remembered of it.
pub struct Known<T> {
    pub shelf: Shelf<T>,
    known: RwLock<HashMap<String, (T, Instant)>>,
}

impl<T: Clone + Serialize + DeserializeOwned + Send + 'static> Known<T> {
    pub fn new(name: &'static str) -> Self {
        Self { shelf: Shelf::new(name), known: RwLock::default() }
    }

    /// What is kept under a name, as it is now or was a moment ago.
    pub async fn of(&self, node: &Node, name: &str) -> Result<Option<T>, Problem> {
        let known = self.read().get(name).cloned();
        if let Some((thing, since)) = known
            && since.elapsed() < BELIEVED
        {
            return Ok(Some(thing));
        }
        self.fresh(node, name).await
    }

    /// What is kept under a name now.
    pub async fn fresh(&self, node: &Node, name: &str) -> Result<Option<T>, Problem> {
        let kept = self.shelf.of(node, name).await?;
        match &kept {
            Some(thing) => self.remember(name, thing),
            None => drop(self.write().remove(name)),
        }
        Ok(kept)
    }

    pub fn is_remembered(&self, name: &str) -> bool {
        self.read().contains_key(name)
    }

    /// What is remembered, however old.
    pub fn remembered(&self, name: &str) -> Option<T> {
        self.read().get(name).map(|(thing, _)| thing.clone())
    }

    pub async fn keep(&self, node: &Node, name: &str, thing: &T) -> Result<(), Problem> {
        self.shelf.keep(node, name, thing).await?;
        self.remember(name, thing);
        Ok(())
    }

    pub async fn remove(&self, node: &Node, name: &str) -> Result<(), Problem> {
        self.write().remove(name);
        self.shelf.remove(node, name).await
    }

    /// Forgets all of it, so that what another node changed is seen.
    pub fn forget(&self) {
        self.write().clear();
    }

    fn remember(&self, name: &str, thing: &T) {
        self.write().insert(name.to_owned(), (thing.clone(), Instant::now()));
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<String, (T, Instant)>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<String, (T, Instant)>> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}
