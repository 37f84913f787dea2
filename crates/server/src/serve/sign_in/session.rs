//! Sessions (会话): a cookie that only the browser holds, kept beside the journal under its digest,
//! so that another node that takes over knows it too.

use super::shelf::Known;
use super::{Proved, digest, secret};
use crate::serve::node::Node;
use crate::serve::problem::Problem;
use crate::serve::refusal;
use bank::office::event::Standing;
use bank::office::signin::Policy;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;

/// Microseconds of use that need not reach the store: what another node may not know.
const UNSAID: i64 = MINUTE;

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

pub struct Sessions(Known<Session>);

impl Default for Sessions {
    fn default() -> Self {
        Self(Known::new("session"))
    }
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

    /// The name of the session of a cookie, if this node remembers it.
    pub fn known(&self, cookie: &str) -> Option<String> {
        Some(digest(cookie)).filter(|name| self.0.is_remembered(name))
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
            session = self.0.fresh(node, &name).await?.ok_or_else(refusal::session_ended)?;
            session.seen = session.seen.max(now);
            self.set(node, &name, session.clone()).await?;
        }
        Ok((name, session))
    }

    /// The session that is kept under this name.
    pub async fn named(&self, node: &Node, name: &str) -> Result<Session, Problem> {
        self.0.of(node, name).await?.ok_or_else(|| refusal::session_ended().into())
    }

    pub async fn set(&self, node: &Node, name: &str, session: Session) -> Result<(), Problem> {
        self.0.keep(node, name, &session).await
    }

    pub async fn end(&self, node: &Node, name: &str) -> Result<(), Problem> {
        self.0.remove(node, name).await
    }

    /// Ends every session of an operator but one: after a new password nobody goes on with the old.
    pub async fn end_others(&self, node: &Node, operator: &str, but: &str) -> Result<(), Problem> {
        for (name, session) in self.0.shelf.all(node).await? {
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
        for (name, session) in self.0.shelf.all(node).await? {
            // What this node saw since may not have been said to the store.
            let known = self.0.remembered(&name).map(|own| own.ends(policy));
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
        self.0.forget();
    }
}
