//! Bearer tokens of systems (系统令牌): an operator's number with the functions that were given to it.

use super::shelf::Known;
use super::{digest, secret};
use crate::serve::node::Node;
use crate::serve::problem::Problem;
use crate::serve::refusal;
use bank::office::access::Function;
use serde::{Deserialize, Serialize};

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

pub struct Tokens(Known<Token>);

impl Default for Tokens {
    fn default() -> Self {
        Self(Known::new("token"))
    }
}

impl Tokens {
    /// Issues a token; its text is told once and kept nowhere.
    pub async fn issue(&self, node: &Node, token: &Token) -> Result<String, Problem> {
        let text = format!("{MARK}{}", secret());
        self.0.keep(node, &digest(&text), token).await?;
        Ok(text)
    }

    /// The name of a token, if this node remembers it.
    pub fn known(&self, text: &str) -> Option<String> {
        Some(digest(text)).filter(|name| self.0.is_remembered(name))
    }

    pub async fn of(&self, node: &Node, text: &str, now: i64) -> Result<Token, Problem> {
        let token = self.0.of(node, &digest(text)).await?;
        let lasts = token.filter(|token| token.expires >= now);
        lasts.ok_or_else(|| refusal::token_wrong().into())
    }

    /// Every token with the name under which it is kept, by which it can be revoked.
    pub async fn all(&self, node: &Node) -> Result<Vec<(String, Token)>, Problem> {
        self.0.shelf.all(node).await
    }

    /// Forgets what it remembers of tokens, so that what another node changed is seen.
    pub fn forget(&self) {
        self.0.forget();
    }

    /// Revokes a token; answers whose it was, if there was one.
    pub async fn revoke(&self, node: &Node, name: &str) -> Result<Option<Token>, Problem> {
        let token = self.0.shelf.of(node, name).await?;
        self.0.remove(node, name).await?;
        Ok(token)
    }
}
