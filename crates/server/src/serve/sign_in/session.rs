//! Sessions (会话): a cookie that only the browser holds, kept beside the journal under its digest,
//! so that another node that takes over knows it too.

use super::{Proved, digest, secret};
use crate::serve::node::Node;
use crate::serve::problem::Problem;
use crate::serve::refusal;
use bank::office::event::Standing;
use bank::office::signin::Policy;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

const SHELF: &str = "session";
const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;

/// Microseconds of use that need not reach the store: what another node may not know.
const UNSAID: i64 = MINUTE;

/// How long a session that was changed on another node may still be believed as it was.
const BELIEVED: Duration = Duration::from_secs(10);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub operator: String,
    /// What a page must send with every write, as the cookie comes by itself.
    pub csrf: String,
    /// Microseconds since 1970-01-01 UTC.
    pub began: i64,
    pub seen: i64,
    /// 锁屏: nothing goes until the password is given again.
    pub locked: bool,
    /// The password was a one-time password, or is too old.
    pub must_change: bool,
    /// The rules ask for a second factor, and the operator has none yet.
    #[serde(default)]
    pub must_set_factor: bool,
}

impl Session {
    /// When it ends if nothing more is done.
    pub fn ends(&self, policy: &Policy) -> i64 {
        let idle = self.seen + i64::from(policy.idle_minutes) * MINUTE;
        idle.min(self.began + i64::from(policy.session_hours) * HOUR)
    }
}

#[derive(Default)]
pub struct Sessions {
    known: RwLock<HashMap<String, (Session, Instant)>>,
}

impl Sessions {
    /// Begins a session; the text goes into the cookie and nowhere else.
    pub async fn begin(
        &self,
        node: &Node,
        operator: &str,
        proved: Proved,
        now: i64,
    ) -> Result<(String, Session), Problem> {
        let cookie = secret();
        let session = Session {
            operator: operator.to_owned(),
            csrf: secret(),
            began: now,
            seen: now,
            locked: false,
            must_change: proved.must_change,
            must_set_factor: proved.must_set_factor,
        };
        self.set(node, &digest(&cookie), session.clone()).await?;
        Ok((cookie, session))
    }

    /// The session of a cookie with its name, if it has not ended; to ask for it is to use it.
    pub async fn of(
        &self,
        node: &Node,
        cookie: &str,
        policy: &Policy,
        now: i64,
    ) -> Result<(String, Session), Problem> {
        let name = digest(cookie);
        let mut session = self.named(node, &name).await?;
        if session.ends(policy) < now {
            self.end(node, &name).await?;
            return Err(refusal::session_ended().into());
        }
        // Use within a minute is not noted: a session ends a minute early at worst.
        if now - session.seen > UNSAID {
            // Another node may have ended it since: to note its use must not bring it back.
            session = self.kept(node, &name).await?;
            session.seen = session.seen.max(now);
            self.set(node, &name, session.clone()).await?;
        }
        Ok((name, session))
    }

    /// The session that is kept under this name.
    pub async fn named(&self, node: &Node, name: &str) -> Result<Session, Problem> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if let Some((session, since)) = known
            && since.elapsed() < BELIEVED
        {
            return Ok(session);
        }
        let session = self.kept(node, name).await?;
        self.know(name, &session);
        Ok(session)
    }

    /// The session as the store has it.
    async fn kept(&self, node: &Node, name: &str) -> Result<Session, Problem> {
        let kept = name.to_owned();
        let kept = node.store(move |store, bank| store.kept(bank, SHELF, &kept)).await?;
        let kept = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        if kept.is_none() {
            self.known.write().unwrap_or_else(PoisonError::into_inner).remove(name);
        }
        kept.ok_or_else(|| refusal::session_ended().into())
    }

    fn know(&self, name: &str, session: &Session) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(name.to_owned(), (session.clone(), Instant::now()));
    }

    pub async fn set(&self, node: &Node, name: &str, session: Session) -> Result<(), Problem> {
        let kept = name.to_owned();
        let bytes = serde_json::to_vec(&session).expect("plain data serialises");
        node.store(move |store, bank| store.keep(bank, SHELF, &kept, Some(&bytes))).await?;
        self.know(name, &session);
        Ok(())
    }

    pub async fn end(&self, node: &Node, name: &str) -> Result<(), Problem> {
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(name);
        let kept = name.to_owned();
        node.store(move |store, bank| store.keep(bank, SHELF, &kept, None)).await
    }

    /// Ends every session of an operator but one: after a new password nobody goes on with the old.
    pub async fn end_others(&self, node: &Node, operator: &str, but: &str) -> Result<(), Problem> {
        let all = node.store(|store, bank| all(store, bank)).await?;
        for (name, session) in all {
            if session.operator == operator && name != but {
                self.end(node, &name).await?;
            }
        }
        Ok(())
    }

    /// Removes what has ended, here and in the store, and sessions of who may not sign in any more.
    pub async fn sweep(&self, node: &Node, policy: &Policy, now: i64) -> Result<(), Problem> {
        let active = node.look(|state| {
            let people = state.office.people.operators.iter();
            let active = people.filter(|(_, one)| one.standing == Standing::Active);
            active.map(|(operator, _)| operator.clone()).collect::<HashSet<String>>()
        });
        let active = active.await?;
        for (name, session) in node.store(|store, bank| all(store, bank)).await? {
            // What this node saw since may not have been said to the store.
            let known = {
                let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
                known.get(&name).map(|(own, _)| own.ends(policy))
            };
            // And what another node saw may not be known here.
            let newest = session.ends(policy).max(known.unwrap_or(i64::MIN));
            if newest + 2 * UNSAID < now || !active.contains(&session.operator) {
                self.end(node, &name).await?;
            }
        }
        Ok(())
    }

    /// Forgets what it remembers of sessions, so that what another node changed is seen.
    pub fn forget(&self) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn all(
    store: &mut dyn store::Store,
    bank: &str,
) -> Result<Vec<(String, Session)>, store::StoreError> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = store.kept_on(bank, SHELF, &after, 1_000)?;
        let Some((last, _)) = page.last() else { return Ok(found) };
        after.clone_from(last);
        found.extend(page.into_iter().filter_map(|(name, bytes)| {
            let session = serde_json::from_slice(&bytes).ok()?;
            Some((name, session))
        }));
    }
}
