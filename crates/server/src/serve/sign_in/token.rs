//! Bearer tokens of systems (系统令牌): an operator's number with the functions that were given to it.

use super::{digest, secret};
use crate::serve::node::Node;
use crate::serve::problem::Problem;
use crate::serve::refusal;
use bank::office::access::Function;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

const SHELF: &str = "token";

/// How long a token that was revoked on another node may still be believed here.
const BELIEVED: Duration = Duration::from_secs(10);

/// The scope that lets a token open matters and work on them with its operator's posts.
pub const MATTERS: &str = "matters";

/// The mark by which people and scanners know a token that lies around.
const MARK: &str = "ph_";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The name that people give it: `core-banking`.
    pub name: String,
    /// On whose behalf it acts.
    pub operator: String,
    /// Codes of functions: `entries.post`; and [`MATTERS`].
    pub scopes: Vec<String>,
    pub issued_by: String,
    /// Microseconds since 1970-01-01 UTC.
    pub issued: i64,
    pub expires: i64,
}

impl Token {
    pub fn may_work(&self) -> bool {
        self.scopes.iter().any(|code| code == MATTERS)
    }

    pub fn functions(&self) -> Vec<Function> {
        self.scopes.iter().filter_map(|code| Function::by_code(code)).collect()
    }
}

#[derive(Default)]
pub struct Tokens {
    known: RwLock<HashMap<String, (Token, Instant)>>,
}

impl Tokens {
    /// Issues a token; its text is told once and kept nowhere.
    pub async fn issue(&self, node: &Node, token: Token) -> Result<String, Problem> {
        let text = format!("{MARK}{}", secret());
        let name = digest(&text);
        let bytes = serde_json::to_vec(&token).expect("plain data serialises");
        node.store(move |store, bank| store.keep(bank, SHELF, &name, Some(&bytes))).await?;
        Ok(text)
    }

    pub async fn of(&self, node: &Node, text: &str, now: i64) -> Result<Token, Problem> {
        let name = digest(text);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&name).cloned();
        let token = match known {
            Some((token, since)) if since.elapsed() < BELIEVED => token,
            _ => {
                let kept = name.clone();
                let kept = node.store(move |store, bank| store.kept(bank, SHELF, &kept)).await?;
                let kept = kept.and_then(|bytes| serde_json::from_slice::<Token>(&bytes).ok());
                let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
                let Some(token) = kept else {
                    known.remove(&name);
                    return Err(refusal::token_wrong().into());
                };
                known.insert(name, (token.clone(), Instant::now()));
                token
            }
        };
        if token.expires < now { Err(refusal::token_wrong().into()) } else { Ok(token) }
    }

    /// Every token with the name under which it is kept, by which it can be revoked.
    pub async fn all(&self, node: &Node) -> Result<Vec<(String, Token)>, Problem> {
        let kept = node.store(|store, bank| store.kept_on(bank, SHELF, "", 10_000)).await?;
        let tokens = kept.into_iter().filter_map(|(name, bytes)| {
            let token = serde_json::from_slice(&bytes).ok()?;
            Some((name, token))
        });
        Ok(tokens.collect())
    }

    /// Revokes a token; answers whose it was, if there was one.
    pub async fn revoke(&self, node: &Node, name: &str) -> Result<Option<Token>, Problem> {
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(name);
        let name = name.to_owned();
        let kept = node.store(move |store, bank| {
            let kept = store.kept(bank, SHELF, &name)?;
            store.keep(bank, SHELF, &name, None)?;
            Ok(kept)
        });
        Ok(kept.await?.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }
}
