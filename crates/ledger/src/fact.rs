//! Facts: everything but entries that happens to the books. The journal keeps them as JSON, so
//! these types are a file format: fields are added, never renamed.

use crate::account::Status;
use crate::chart::Title;
use crate::close::Certificate;
use crate::day::Day;
use crate::entry::{AccountId, Batch, EntryNo, InstitutionId, Key, KindId, UnitId};
use crate::gl::GlClosing;
use crate::hash::mix_text;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::{RawValue, to_raw_value};

/// Two ways to set money aside on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldKind {
    /// 预授权、圈存: never more than what is available.
    Reserve,
    /// 有权机关冻结: may exceed the balance; earlier freezes come first (轮候).
    Freeze,
}

/// Money set aside (止付、冻结).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub id: u64,
    pub account: AccountId,
    pub amount: i64,
    pub kind: HoldKind,
    /// 有权机关 or the system that reserved.
    pub authority: String,
    /// Number of the writ or order.
    pub document: String,
    /// Last day of effect; none: until released.
    pub until: Option<Day>,
    pub placed: Day,
}

/// Why a hold shrank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldEnd {
    Released,
    Expired,
    /// Its money was paid: by settlement of a reserve or deduction (扣划) of a freeze.
    Settled,
}

/// Terms agreed for one time deposit or loan (逐笔计息).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    pub from: Day,
    pub maturity: Day,
    /// Annual rate, fixed for the term.
    pub rate: Decimal,
    /// 转存: interest of the term before, which its renewal added to the principal.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub renewed_with: i64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(amount: &i64) -> bool {
    *amount == 0
}

/// An account as it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub number: String,
    pub name: String,
    pub kind: KindId,
    pub institution: InstitutionId,
    pub unit: UnitId,
    /// For an account of the head office that mirrors a branch (系统内往来): that branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirrors: Option<InstitutionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
}

/// A correction as the register keeps it (错账调整登记簿).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub original: EntryNo,
    pub undo: EntryNo,
    pub rebook: Option<EntryNo>,
    /// 差错类别: system, operator, customer, other.
    pub class: String,
    pub cause: String,
    /// Reference of the evidence (依据).
    pub evidence: String,
    pub applicant: String,
    pub verifier: String,
    pub approver: String,
    pub poster: String,
    /// What the customer's balance could not bear, booked to 待查错账.
    pub shortfall: i64,
    /// Told to the customer.
    pub notice: String,
}

/// The idempotency key of a request that may make no entry, and a hash of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub key: Key,
    /// Of 53 bits: JSON numbers end there.
    pub body: u64,
}

impl Asked {
    pub fn of(key: Key, words: &[&str]) -> Self {
        let body = words.iter().fold(0, |hash, word| mix_text(hash, word)) >> 11;
        Self { key, body }
    }
}

/// Who asked for a thing that is no entry, and under which key; facts of earlier journals say
/// neither.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub operator: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
}

/// What the books carry and do not read, as JSON text: it is written once, where it happens, and
/// read by who knows what it means.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Carried(Box<RawValue>);

impl Carried {
    /// # Panics
    ///
    /// If the value does not serialise, as a map whose keys are no texts.
    pub fn of(value: &impl Serialize) -> Self {
        Self(to_raw_value(value).expect("plain data serialises"))
    }

    pub fn text(&self) -> &str {
        self.0.get()
    }
}

impl PartialEq for Carried {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Carried {}

impl<'de> Deserialize<'de> for Carried {
    /// From any form of JSON, which is written anew: see [`Fact::read`] for what keeps the text.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        serde_json::Value::deserialize(from).map(|value| Self::of(&value))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    BankCreated {
        bank: String,
        title: Title,
    },
    /// The files of the rulebook in force from here on; the journal carries its own rules.
    RulebookActivated {
        hash: String,
        files: Vec<(String, String)>,
    },
    InstitutionAdded {
        code: String,
        title: Title,
        parent: Option<InstitutionId>,
    },
    AccountsOpened {
        accounts: Vec<Opening>,
    },
    StatusChanged {
        account: AccountId,
        status: Status,
        reason: String,
        document: String,
        #[serde(flatten)]
        who: By,
    },
    HoldPlaced {
        hold: Hold,
        #[serde(flatten)]
        who: By,
    },
    HoldReduced {
        hold: u64,
        by: i64,
        why: HoldEnd,
        reason: String,
        #[serde(flatten)]
        who: By,
    },
    DayOpened {
        day: Day,
    },
    InstitutionClosed {
        day: Day,
        institution: InstitutionId,
        by: String,
    },
    InstitutionReopened {
        day: Day,
        institution: InstitutionId,
        by: String,
        reason: String,
    },
    /// A step of the close is done; its note says what it found.
    StepDone {
        day: Day,
        step: String,
        note: String,
    },
    /// Products of every account of a kind begin again at `from` (结息后积数清零).
    InterestSettled {
        kind: KindId,
        unit: UnitId,
        from: Day,
    },
    AccountSettled {
        account: AccountId,
        from: Day,
    },
    /// 转存: a deposit begins another term where the one before ended.
    TermRenewed {
        account: AccountId,
        term: Term,
    },
    CorrectionFiled {
        correction: Correction,
    },
    /// What happened in the office above the books, which carry it and do not read it.
    Office {
        event: Carried,
    },
    /// The day is proved and rolled; `gl` is the general ledger's closing, rows that are not zero.
    DayClosed {
        certificate: Box<Certificate>,
        gl: Vec<GlClosing>,
        next: Day,
    },
}

impl Fact {
    /// Reads a fact of the journal. What the office says is most of what there is, and is taken as
    /// it stands.
    pub fn read(json: &str) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Office {
            event: Box<RawValue>,
        }
        if json.starts_with(r#"{"fact":"office","#) {
            let Office { event } = serde_json::from_str(json)?;
            return Ok(Self::Office { event: Carried(event) });
        }
        serde_json::from_str(json)
    }
}

/// What deciding produced: entries, and the facts between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    pub batch: Batch,
    /// A fact and how many entries of the batch stand before it.
    pub facts: Vec<(u32, Fact)>,
}

impl Draft {
    pub fn is_empty(&self) -> bool {
        self.batch.is_empty() && self.facts.is_empty()
    }

    pub fn clear(&mut self) {
        self.batch.clear();
        self.facts.clear();
    }
}
