//! Saying no: a refusal is the bank's answer, made only by the constructors of this file, one
//! place where the code, the Chinese and the English sentence stand side by side.

use std::fmt;

/// Whether the same request may succeed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// The request itself is wrong.
    Never,
    /// It may succeed when the facts change: a balance, a status, an open day.
    WhenFactsChange,
    /// Nothing is wrong with it: try again.
    Later,
}

/// A refused request: nothing was changed by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable, never reused: `AccountFrozen`, `Unbalanced`.
    pub code: &'static str,
    pub zh: String,
    pub en: String,
    /// The field of the request at fault, as the request spells it: `lines[1].account`.
    pub field: String,
    pub again: Again,
}

impl Refusal {
    /// The same refusal, naming the field of the caller's own form.
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = field.into();
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} / {}", self.code, self.zh, self.en)?;
        if self.field.is_empty() { Ok(()) } else { write!(f, " [{}]", self.field) }
    }
}

impl std::error::Error for Refusal {}

/// The one way to make a refusal, for the constructors of this crate and of those above it.
pub fn refuse(
    code: &'static str,
    field: impl Into<String>,
    again: Again,
    zh: impl Into<String>,
    en: impl Into<String>,
) -> Refusal {
    Refusal { code, zh: zh.into(), en: en.into(), field: field.into(), again }
}

