//! The audit trail (审计日志): what happened at the door of the bank and is no matter. Who signed
//! in or failed to, who read or took out what. Notes are facts of the journal and change nothing,
//! but for a lock-out, which locks the operator.

use super::event::{Event, Instant, Standing};
use super::refusal;
use crate::form::{required, short};
use crate::state::State;
use ledger::Refusal;
use ledger::fact::Draft;
use serde::{Deserialize, Serialize};

/// How many notes one command takes.
pub const NOTES_MAX: usize = 1_000;

/// The longest address of a client, in bytes: an IPv6 address with its zone and port fits.
const FROM_BYTES_MAX: usize = 100;

/// The longest text of a note, in bytes.
const NOTE_BYTES_MAX: usize = 1_000;

/// What happened. A file format: kinds are added and never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    SignedIn,
    SignInFailed,
    LockedOut,
    SignedOut,
    /// By who has it.
    PasswordChanged,
    /// 启用动态码.
    SecondFactorSet,
    /// A one-time password was handed out; `about` says to whom.
    PasswordIssued,
    /// `about` is the system.
    TokenIssued,
    TokenRevoked,
    /// A sensitive read; `about` says of what.
    Read,
    /// Data left the bank as a file.
    Exported,
    /// Asked for what the operator has no right to.
    Denied,
    BackedUp,
    /// Rules were put in force without the matter for it; `note` says why.
    RulebookActivated,
}

impl Kind {
    pub const ALL: [Self; 14] = [
        Self::SignedIn,
        Self::SignInFailed,
        Self::LockedOut,
        Self::SignedOut,
        Self::PasswordChanged,
        Self::SecondFactorSet,
        Self::PasswordIssued,
        Self::TokenIssued,
        Self::TokenRevoked,
        Self::Read,
        Self::Exported,
        Self::Denied,
        Self::BackedUp,
        Self::RulebookActivated,
    ];

    /// As the journal writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignInFailed => "sign_in_failed",
            Self::LockedOut => "locked_out",
            Self::SignedOut => "signed_out",
            Self::PasswordChanged => "password_changed",
            Self::SecondFactorSet => "second_factor_set",
            Self::PasswordIssued => "password_issued",
            Self::TokenIssued => "token_issued",
            Self::TokenRevoked => "token_revoked",
            Self::Read => "read",
            Self::Exported => "exported",
            Self::Denied => "denied",
            Self::BackedUp => "backed_up",
            Self::RulebookActivated => "rulebook_activated",
        }
    }

    pub fn zh(self) -> &'static str {
        match self {
            Self::SignedIn => "登录",
            Self::SignInFailed => "登录失败",
            Self::LockedOut => "登录锁定",
            Self::SignedOut => "退出",
            Self::PasswordChanged => "修改密码",
            Self::SecondFactorSet => "启用动态码",
            Self::PasswordIssued => "发放一次性密码",
            Self::TokenIssued => "发放令牌",
            Self::TokenRevoked => "收回令牌",
            Self::Read => "查阅",
            Self::Exported => "导出",
            Self::Denied => "越权被拒",
            Self::BackedUp => "备份",
            Self::RulebookActivated => "直接启用规则库",
        }
    }

    pub fn en(self) -> &'static str {
        match self {
            Self::SignedIn => "signed in",
            Self::SignInFailed => "failed to sign in",
            Self::LockedOut => "locked out",
            Self::SignedOut => "signed out",
            Self::PasswordChanged => "changed the password",
            Self::SecondFactorSet => "set a second factor",
            Self::PasswordIssued => "handed out a one-time password",
            Self::TokenIssued => "handed out a token",
            Self::TokenRevoked => "took back a token",
            Self::Read => "read",
            Self::Exported => "exported",
            Self::Denied => "was denied",
            Self::BackedUp => "made a backup",
            Self::RulebookActivated => "put a rulebook in force",
        }
    }

    /// Whether a note of this kind says nothing without what it is about.
    fn is_about_something(self) -> bool {
        matches!(
            self,
            Self::PasswordIssued
                | Self::TokenIssued
                | Self::TokenRevoked
                | Self::Read
                | Self::Exported
                | Self::Denied
        )
    }
}

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub at: Instant,
    /// Who; of a failed sign-in, the number that was typed, which may be nobody's.
    pub operator: String,
    pub kind: Kind,
    /// An account, a matter, an operator, a token: as the kind has it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Address of the client; empty: the machine of the bank itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Note {
    fn check(&self) -> Result<(), Refusal> {
        required("operator", &self.operator)?;
        short("operator", &self.operator)?;
        if self.kind.is_about_something() {
            required("about", &self.about)?;
        }
        short("about", &self.about)?;
        for (field, text, max) in
            [("from", &self.from, FROM_BYTES_MAX), ("note", &self.note, NOTE_BYTES_MAX)]
        {
            if text.len() > max {
                return Err(ledger::refusal::too_long(field, max));
            }
        }
        Ok(())
    }
}

/// Writes notes into the journal, all or none. Who signs in and reads need not be an operator.
pub fn note(state: &mut State, notes: Vec<Note>, draft: &mut Draft) -> Result<(), Refusal> {
    if notes.is_empty() {
        return Err(ledger::refusal::missing("notes"));
    }
    if notes.len() > NOTES_MAX {
        return Err(refusal::too_many_rows("notes", NOTES_MAX));
    }
    for (at, note) in notes.iter().enumerate() {
        note.check().map_err(|refusal| {
            let field = format!("notes[{at}].{}", refusal.field);
            refusal.at(field)
        })?;
    }
    notes.into_iter().for_each(|note| state.record_event(Event::Noted(note), draft));
    Ok(())
}

/// 连续输错密码锁定: an operator is locked, and the trail says why. A matter unlocks them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockOut {
    pub operator: String,
    pub at: Instant,
    pub reason: String,
    /// Address of the client that failed last.
    pub from: String,
}

/// Locks an operator who is active.
pub fn lock_out(state: &mut State, form: LockOut, draft: &mut Draft) -> Result<(), Refusal> {
    let LockOut { operator, at, reason, from } = form;
    required("reason", &reason)?;
    let known = state.office.people.operators.get(&operator);
    let known =
        known.ok_or_else(|| refusal::unknown("operator", ("柜员", "operator"), &operator))?;
    if known.standing != Standing::Active {
        return Err(refusal::operator_not_active("operator", &operator));
    }
    let (kind, about, note) = (Kind::LockedOut, String::new(), reason.clone());
    let line = Note { at, operator: operator.clone(), kind, about, from, note };
    line.check().map_err(|refusal| match refusal.field.as_str() {
        "note" => refusal.at("reason"),
        _ => refusal,
    })?;
    let standing = Standing::Locked;
    state.record_event(Event::StandingChanged { operator, standing, reason }, draft);
    state.record_event(Event::Noted(line), draft);
    Ok(())
}
