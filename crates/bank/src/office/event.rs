//! What happens in the office, as the journal keeps it: a file format, so fields are added and
//! never renamed. The books carry these facts without reading them.

use super::trail::Note;
use super::value::Values;
use crate::rulebook::Role;
use custody::Move;
use ledger::Day;
use ledger::entry::{EntryNo, InstitutionId};
use ledger::fact::{Asked, Carried};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Microseconds since 1970-01-01 UTC, as the request said.
pub type Instant = i64;

/// 柜员状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 启用.
    Active,
    /// 锁定.
    Locked,
    /// 停用: for ever.
    Stopped,
}

impl Standing {
    pub const ALL: [Self; 3] = [Self::Active, Self::Locked, Self::Stopped];

    /// As the journal writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Locked => "locked",
            Self::Stopped => "stopped",
        }
    }
}

/// A hand that was put to a matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hand {
    pub step: String,
    /// Position of the hand in its step; none: a signature added by 加签.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand: Option<u16>,
    #[serde(rename = "as")]
    pub role: Role,
    pub operator: String,
    /// 代办: in whose place.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub instead_of: String,
    pub at: Instant,
}

/// 流转操作: what can be done with a matter besides its steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum Verb {
    /// 退回, to this step.
    Return {
        to: String,
    },
    /// 否决.
    Refuse,
    /// 撤回, by who opened it.
    Withdraw,
    /// 作废, by who opened it.
    Void,
    /// 转办: this operator alone.
    Transfer {
        to: String,
    },
    /// 委派: this operator may act in the place of who delegates.
    Delegate {
        to: String,
    },
    /// 加签.
    AddSigner {
        operator: String,
    },
    /// 减签.
    RemoveSigner {
        operator: String,
    },
    /// 催办.
    Urge,
    /// 抄送.
    Copy {
        to: Vec<String>,
    },
    /// 阅知.
    Read,
    Comment,
    /// 超时升级, by the clock.
    Escalate {
        post: String,
    },
}

impl Verb {
    pub fn zh(&self) -> &'static str {
        match self {
            Self::Return { .. } => "退回",
            Self::Refuse => "否决",
            Self::Withdraw => "撤回",
            Self::Void => "作废",
            Self::Transfer { .. } => "转办",
            Self::Delegate { .. } => "委派",
            Self::AddSigner { .. } => "加签",
            Self::RemoveSigner { .. } => "减签",
            Self::Urge => "催办",
            Self::Copy { .. } => "抄送",
            Self::Read => "阅知",
            Self::Comment => "备注",
            Self::Escalate { .. } => "超时升级",
        }
    }

    pub fn en(&self) -> &'static str {
        match self {
            Self::Return { .. } => "return",
            Self::Refuse => "refuse",
            Self::Withdraw => "withdraw",
            Self::Void => "void",
            Self::Transfer { .. } => "transfer",
            Self::Delegate { .. } => "delegate",
            Self::AddSigner { .. } => "add signer",
            Self::RemoveSigner { .. } => "remove signer",
            Self::Urge => "urge",
            Self::Copy { .. } => "copy",
            Self::Read => "read",
            Self::Comment => "comment",
            Self::Escalate { .. } => "escalate",
        }
    }
}

/// Where a matter goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Going {
    Step(String),
    End(String),
}

impl fmt::Display for Going {
    /// The name of the step or, in brackets, of the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step(step) => f.write_str(step),
            Self::End(end) => write!(f, "[{end}]"),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "office", rename_all = "snake_case")]
pub enum Event {
    Enrolled {
        operator: String,
        name: String,
        institution: InstitutionId,
    },
    StandingChanged {
        operator: String,
        standing: Standing,
        reason: String,
    },
    /// What opened the door for the operator before `at` no longer does.
    PasswordReset {
        operator: String,
        at: Instant,
        /// Number of the matter that decided it.
        document: String,
    },
    Moved {
        operator: String,
        institution: InstitutionId,
    },
    Granted {
        operator: String,
        post: String,
        institution: InstitutionId,
        from: Day,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Day>,
        /// Number of the matter that decided it.
        document: String,
    },
    Revoked {
        operator: String,
        post: String,
        institution: InstitutionId,
        document: String,
    },
    /// 请假与代理: who acts for whom.
    Absent {
        operator: String,
        deputy: String,
        from: Day,
        until: Day,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<Asked>,
    },
    NumberSet {
        code: String,
        from: Day,
        is: String,
        source: String,
    },
    /// A line of the audit trail; it changes nothing.
    Noted(Note),
    PlaceOpened {
        place: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        keeper: String,
    },
    PlaceClosed {
        place: String,
    },
    KeeperChanged {
        place: String,
        keeper: String,
    },
    Custody {
        moves: Vec<Move>,
    },
    Opened {
        id: u64,
        code: String,
        /// Hash of the rulebook that it keeps to the end.
        rulebook: String,
        number: String,
        institution: InstitutionId,
        by: String,
        at: Instant,
        values: Values,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Instant>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<Asked>,
    },
    /// 暂存.
    Saved {
        id: u64,
        by: String,
        at: Instant,
        values: Values,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<Asked>,
    },
    Acted {
        id: u64,
        at: Instant,
        hands: Vec<Hand>,
        /// What changed.
        #[serde(default, skip_serializing_if = "Values::is_empty")]
        values: Values,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        going: Option<Going>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Instant>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<EntryNo>,
        /// Whether the step moved, posted or changed anything, which then stands.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        stands: bool,
        /// 在途的场所.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        transit: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<Asked>,
    },
    Handled {
        id: u64,
        at: Instant,
        by: String,
        #[serde(flatten)]
        verb: Verb,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Instant>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<Asked>,
    },
}

impl Event {
    /// As the journal carries it.
    pub fn written(&self) -> Carried {
        Carried::of(self)
    }

    pub fn read(written: &Carried) -> Result<Self, serde_json::Error> {
        serde_json::from_str(written.text())
    }
}
