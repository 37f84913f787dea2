//! A request to the office as one JSON object, as files and interfaces send it:
//! `{"by":["hua"],"do":"open","code":"CASH-020","fields":{"from":"0000/vault",…}}`.

use super::event::{Instant, Verb};
use super::refusal;
use super::request::{Ask, Request};
use super::step::Signed;
use ledger::{Day, Refusal, refusal as books};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// What can be done, as `do` says it.
pub const DEEDS: [&str; 17] = [
    "open",
    "draft",
    "save",
    "act",
    "return",
    "refuse",
    "withdraw",
    "void",
    "transfer",
    "delegate",
    "add_signer",
    "remove_signer",
    "urge",
    "copy",
    "read",
    "comment",
    "absence",
];

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestForm {
    /// Who asks, then who signs with them.
    #[serde(default)]
    pub by: Vec<String>,
    #[serde(rename = "do")]
    pub deed: String,
    /// Code of the matter that is opened.
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub institution: String,
    #[serde(default)]
    pub matter: u64,
    /// The version that was seen; left out: whatever it is now.
    #[serde(default)]
    pub version: Option<u64>,
    #[serde(default)]
    pub step: String,
    #[serde(default)]
    pub fields: Map<String, Json>,
    #[serde(default)]
    pub note: String,
    /// A step, an operator, or operators, of the office verbs.
    #[serde(default)]
    pub to: Vec<String>,
    #[serde(default)]
    pub from: Option<Day>,
    #[serde(default)]
    pub until: Option<Day>,
    /// Idempotency key; empty: none.
    #[serde(default)]
    pub key: String,
}

impl RequestForm {
    /// The request, made at this moment.
    pub fn request(self, at: Instant) -> Result<Request, Refusal> {
        let by = self.by.iter().map(|operator| Signed::by(operator)).collect();
        let key = self.key.clone();
        Ok(Request { at, by, key, ask: self.ask()? })
    }

    fn ask(self) -> Result<Ask, Refusal> {
        let to = || self.to.first().cloned().ok_or_else(|| books::missing("to"));
        let verb = match self.deed.as_str() {
            "open" => {
                let (code, institution, fields) = (self.code, self.institution, self.fields);
                return Ok(Ask::Open { code, institution, fields });
            }
            "draft" => {
                let (code, institution, fields) = (self.code, self.institution, self.fields);
                return Ok(Ask::Draft { code, institution, fields });
            }
            "save" => {
                let (matter, version, fields) = (self.matter, self.version, self.fields);
                return Ok(Ask::Save { matter, version, fields });
            }
            "act" => {
                let Self { matter, version, step, fields, note, .. } = self;
                return Ok(Ask::Act { matter, version, step, fields, note });
            }
            "absence" => {
                let deputy = to()?;
                let from = self.from.ok_or_else(|| books::missing("from"))?;
                let until = self.until.ok_or_else(|| books::missing("until"))?;
                return Ok(Ask::Absence { deputy, from, until });
            }
            "return" => Verb::Return { to: to()? },
            "refuse" => Verb::Refuse,
            "withdraw" => Verb::Withdraw,
            "void" => Verb::Void,
            "transfer" => Verb::Transfer { to: to()? },
            "delegate" => Verb::Delegate { to: to()? },
            "add_signer" => Verb::AddSigner { operator: to()? },
            "remove_signer" => Verb::RemoveSigner { operator: to()? },
            "urge" => Verb::Urge,
            "copy" => Verb::Copy { to: self.to },
            "read" => Verb::Read,
            "comment" => Verb::Comment,
            other => return Err(refusal::not_a_choice("do", other, &DEEDS.join(", "))),
        };
        let (matter, version, note) = (self.matter, self.version, self.note);
        Ok(Ask::Handle { matter, version, verb, note })
    }
}
