//! What people and programs hand in, in their own words: account numbers, codes, amounts as
//! text. Turning a form into ids is where unknown names are refused.

use crate::office;
use crate::office::event::Event;
use crate::state::State;
use ledger::account::Status;
use ledger::book::Book;
use ledger::chart::Title;
use ledger::entry::{AccountId, EntryKind, Header, InstitutionId, ItemId, Line, LineFlags, Mark};
use ledger::fact::{Asked, HoldKind, Opening, Term};
use ledger::term::{RenewalForm, WithdrawalForm};
use ledger::{Batch, Day, EntryNo, Key, Refusal, journal, money, refusal};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Longest text of a form, in bytes; a summary on a voucher has room for about 40 characters.
const TEXT_MAX: usize = 240;

/// 借贷方向; off-balance lines read debit as 收 and credit as 付.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SideWord {
    #[serde(alias = "dr", alias = "Dr", alias = "D", alias = "借", alias = "收", alias = "in")]
    Debit,
    #[serde(alias = "cr", alias = "Cr", alias = "C", alias = "贷", alias = "付", alias = "out")]
    Credit,
}

/// One line of an entry (分录).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineForm {
    pub account: String,
    pub side: SideWord,
    /// "1234.50", in the account's unit.
    pub amount: String,
    /// If given, must be the account's own unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub red: bool,
    /// The open item that this line clears: "entry-line".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clears: Option<String>,
    /// Pieces behind an off-balance amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<i64>,
}

/// An entry (一套凭证) as one JSON object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryForm {
    /// Idempotency key: any text of the client's, or a UUID.
    pub key: String,
    pub institution: String,
    #[serde(default)]
    pub code: String,
    pub maker: String,
    #[serde(default)]
    pub checker: String,
    #[serde(default)]
    pub authoriser: String,
    #[serde(default)]
    pub channel: String,
    #[serde(default)]
    pub document: String,
    #[serde(default)]
    pub attachments: u16,
    #[serde(default)]
    pub summary: String,
    /// The open day unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_date: Option<Day>,
    /// The business date unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_date: Option<Day>,
    pub lines: Vec<LineForm>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstitutionForm {
    pub code: String,
    pub title: Title,
    /// Code of the institution above; none for the head office.
    #[serde(default)]
    pub parent: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountForm {
    pub number: String,
    pub name: String,
    pub kind: String,
    pub institution: String,
    #[serde(default)]
    pub unit: Option<String>,
    #[serde(default)]
    pub term: Option<TermForm>,
}

/// Terms of a time deposit or loan; the rate is annual: "0.0125".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermForm {
    #[serde(default)]
    pub from: Option<Day>,
    pub maturity: Day,
    pub rate: Decimal,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRequest {
    pub account: String,
    pub amount: String,
    pub kind: HoldKind,
    pub authority: String,
    pub document: String,
    #[serde(default)]
    pub until: Option<Day>,
    /// Who places it.
    #[serde(default)]
    pub operator: String,
    /// Idempotency key; none: each request places a hold.
    #[serde(default)]
    pub key: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusForm {
    pub account: String,
    pub status: Status,
    pub reason: String,
    #[serde(default)]
    pub document: String,
    /// Who changes it.
    #[serde(default)]
    pub operator: String,
}

/// An application to withdraw a part of a deposit with a term (部分支取).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawForm {
    pub account: String,
    /// Where the part and its interest go.
    pub to: String,
    pub amount: String,
    pub maker: String,
    #[serde(default)]
    pub checker: String,
    pub key: String,
}

/// An application to renew a deposit whose term has ended (转存).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenewForm {
    pub account: String,
    pub maturity: Day,
    pub rate: Decimal,
    pub maker: String,
    #[serde(default)]
    pub checker: String,
    pub key: String,
}

/// An application to correct an entry; see `ledger::correct`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectForm {
    pub key: String,
    pub entry: u64,
    pub class: String,
    pub cause: String,
    pub evidence: String,
    pub applicant: String,
    pub verifier: String,
    pub approver: String,
    pub poster: String,
    #[serde(default)]
    pub notice: String,
    #[serde(default)]
    pub rebook: Option<EntryForm>,
}

/// One of the first operators (柜员), with posts: `"cash_clerk"`, or `"cash_clerk@0101"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorForm {
    pub operator: String,
    pub name: String,
    pub institution: String,
    pub posts: Vec<String>,
}

impl OperatorForm {
    /// What enrols them, if nobody has the number and the posts go together.
    pub(crate) fn resolve(
        &self,
        state: &State,
        taken: &BTreeSet<String>,
    ) -> Result<Vec<Event>, Refusal> {
        let Self { operator, name, posts, .. } = self;
        required("operator", operator)?;
        required("name", name)?;
        operator_number(operator)?;
        if taken.contains(operator) {
            return Err(office::refusal::operator_exists(operator));
        }
        let home = institution(&state.book, "institution", &self.institution)?;
        let mut events = vec![Event::Enrolled {
            operator: operator.clone(),
            name: name.clone(),
            institution: home,
        }];
        let mut held: Vec<&str> = Vec::new();
        let office = &state.rulebook.office;
        for text in posts {
            let (post, at) = text.split_once('@').unwrap_or((text, &self.institution));
            if !office.posts.contains_key(post) {
                return Err(office::refusal::unknown("posts", ("岗位", "post"), post));
            }
            let apart = office.apart.iter().find_map(|apart| {
                let one = |code: &str| apart.posts.iter().any(|known| known == code);
                let other = held.iter().find(|other| **other != post && one(other));
                other.filter(|_| one(post)).map(|other| (*other, &apart.why))
            });
            if let Some((other, why)) = apart {
                return Err(office::refusal::posts_apart(operator, post, other, why).at("posts"));
            }
            held.push(post);
            events.push(Event::Granted {
                operator: operator.clone(),
                post: post.to_owned(),
                institution: institution(&state.book, "posts", at)?,
                from: state.book.today,
                until: None,
                document: "开业授权".to_owned(),
            });
        }
        Ok(events)
    }
}

/// Whether an operator may have this number: it stands in names of boxes, and is not the clock's.
pub(crate) fn operator_number(operator: &str) -> Result<(), Refusal> {
    short("operator", operator)?;
    let plain = operator.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if plain && operator != "clock" {
        return Ok(());
    }
    let (zh, en) = ("字母、数字组成的柜员号", "letters and digits");
    Err(office::refusal::wrong_type("operator", operator, zh, en))
}

/// The 128-bit key behind a client's text: a UUID is itself, other text its SHA-256.
pub fn key_of(text: &str) -> Key {
    let hex: String = text.chars().filter(|c| *c != '-').collect();
    let uuid = matches!(text.len(), 32 | 36) && hex.len() == 32;
    if let (true, Ok(key)) = (uuid, u128::from_str_radix(&hex, 16)) {
        return Key(key);
    }
    let digest = Sha256::digest(text.as_bytes());
    let bytes = digest[..16].try_into().expect("a SHA-256 has 32 bytes");
    Key(u128::from_be_bytes(bytes))
}

/// The key of a request that may make no entry, if it has one, with its words.
pub(crate) fn asked(key: &str, words: &[&str]) -> Option<Asked> {
    (!key.is_empty()).then(|| Asked::of(key_of(key), words))
}

impl EntryForm {
    /// The entry with names looked up, added to `batch`.
    pub fn resolve_into(&self, book: &Book, batch: &mut Batch) -> Result<(), Refusal> {
        required("key", &self.key)?;
        let header = self.header(book)?;
        let mut lines = Vec::with_capacity(self.lines.len());
        let first = batch.lines.len();
        let mut marks = Vec::new();
        for (at, form) in self.lines.iter().enumerate() {
            let line = form.resolve(at, book)?;
            let clears = form.clears.as_deref().map(|text| parse_item(at, text)).transpose()?;
            if clears.is_some() || form.quantity.is_some() {
                let line = u32::try_from(first + at).expect("a batch is far below 2^32 lines");
                marks.push(Mark { line, clears, quantity: form.quantity });
            }
            lines.push(line);
        }
        match batch.headers.last() {
            Some(last) if *last == header => batch.push_shared(key_of(&self.key), &lines),
            _ => batch.push(key_of(&self.key), header, &lines),
        }
        batch.marks.append(&mut marks);
        Ok(())
    }

    fn header(&self, book: &Book) -> Result<Header, Refusal> {
        let texts = [
            ("code", &self.code),
            ("maker", &self.maker),
            ("checker", &self.checker),
            ("authoriser", &self.authoriser),
            ("channel", &self.channel),
            ("document", &self.document),
            ("summary", &self.summary),
        ];
        texts.into_iter().try_for_each(|(field, text)| short(field, text))?;
        let business_date = self.business_date.unwrap_or(book.today);
        Ok(Header {
            business_date,
            value_date: self.value_date.unwrap_or(business_date),
            institution: institution(book, "institution", &self.institution)?,
            code: self.code.as_str().into(),
            maker: self.maker.as_str().into(),
            checker: self.checker.as_str().into(),
            authoriser: self.authoriser.as_str().into(),
            channel: self.channel.as_str().into(),
            document: self.document.as_str().into(),
            attachments: self.attachments,
            summary: self.summary.as_str().into(),
            kind: EntryKind::Normal,
            original: EntryNo(0),
        })
    }
}

impl LineForm {
    fn resolve(&self, at: usize, book: &Book) -> Result<Line, Refusal> {
        let field = |name: &str| format!("lines[{at}].{name}");
        let account = account(book, field("account"), &self.account)?;
        let unit = book.chart.unit(book.accounts.heads[account.index()].unit);
        if let Some(given) = &self.unit
            && **given != *unit.code
        {
            let refused = refusal::wrong_unit(&self.account, given, &unit.code);
            return Err(refused.at(field("unit")));
        }
        let amount = money::parse(&self.amount, unit.digits, &field("amount"))?;
        let side = if self.side == SideWord::Credit { LineFlags::CREDIT } else { 0 };
        let red = if self.red { LineFlags::RED } else { 0 };
        Ok(Line { account, amount, flags: LineFlags(side | red) })
    }
}

impl AccountForm {
    pub(crate) fn resolve(&self, book: &Book) -> Result<Opening, Refusal> {
        required("number", &self.number)?;
        short("number", &self.number)?;
        required("name", &self.name)?;
        short("name", &self.name)?;
        if book.accounts.by_number(&self.number).is_some() {
            return Err(refusal::account_exists(&self.number));
        }
        let what = ("账户种类", "kind of account");
        let kind = book
            .chart
            .kind_by_code(&self.kind)
            .ok_or_else(|| refusal::unknown_code("kind", what, &self.kind))?;
        let unit = match &self.unit {
            None => book.chart.base_unit,
            Some(code) => book
                .chart
                .unit_by_code(code)
                .ok_or_else(|| refusal::unknown_code("unit", ("币种", "unit"), code))?,
        };
        let per_deposit = book
            .chart
            .kind(kind)
            .terms
            .as_ref()
            .is_some_and(|terms| !matches!(terms.method, ledger::chart::Method::Product));
        let term = match (&self.term, per_deposit) {
            (None, false) => None,
            (None, true) => return Err(refusal::term_required(&self.number)),
            (Some(_), false) => return Err(refusal::not_a_term_account(&self.number).at("term")),
            (Some(term), true) => Some(term.resolve(book)?),
        };
        Ok(Opening {
            number: self.number.clone(),
            name: self.name.clone(),
            kind,
            institution: institution(book, "institution", &self.institution)?,
            unit,
            mirrors: None,
            term,
        })
    }
}

impl TermForm {
    /// The term, which begins today unless it says otherwise.
    fn resolve(&self, book: &Book) -> Result<Term, Refusal> {
        let opened = book.today != Day::default();
        let from = self.from.or(opened.then_some(book.today));
        let from = from.ok_or_else(|| refusal::missing("term.from"))?;
        let (maturity, rate) = (self.maturity, self.rate);
        let term = Term { from, maturity, rate, renewed_with: 0 };
        book.check_term(&term).map_err(|refusal| {
            let field = format!("term.{}", refusal.field);
            refusal.at(field)
        })?;
        Ok(term)
    }
}

impl WithdrawForm {
    pub(crate) fn resolve(self, book: &Book) -> Result<WithdrawalForm, Refusal> {
        let key = signed_key(&self.key, &self.maker, &self.checker)?;
        let id = account(book, "account", &self.account)?;
        let to = account(book, "to", &self.to)?;
        let digits = book.chart.unit(book.accounts.heads[id.index()].unit).digits;
        let amount = money::parse(&self.amount, digits, "amount")?;
        let (maker, checker) = (self.maker, self.checker);
        Ok(WithdrawalForm { account: id, to, amount, key, maker, checker })
    }
}

impl RenewForm {
    pub(crate) fn resolve(self, book: &Book) -> Result<RenewalForm, Refusal> {
        let key = signed_key(&self.key, &self.maker, &self.checker)?;
        let account = account(book, "account", &self.account)?;
        let Self { maturity, rate, maker, checker, .. } = self;
        Ok(RenewalForm { account, maturity, rate, key, maker, checker })
    }
}

/// The key of an application, and texts that are not too long.
fn signed_key(key: &str, maker: &str, checker: &str) -> Result<Key, Refusal> {
    required("key", key)?;
    short("maker", maker)?;
    short("checker", checker)?;
    Ok(key_of(key))
}

pub(crate) fn account(
    book: &Book,
    field: impl Into<String>,
    number: &str,
) -> Result<AccountId, Refusal> {
    book.accounts.by_number(number).ok_or_else(|| refusal::unknown_account(number).at(field))
}

pub(crate) fn institution(book: &Book, field: &str, code: &str) -> Result<InstitutionId, Refusal> {
    book.institution_by_code(code).ok_or_else(|| refusal::unknown_institution(code).at(field))
}

pub(crate) fn required(field: &str, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(refusal::missing(field)) } else { Ok(()) }
}

pub(crate) fn short(field: &str, text: &str) -> Result<(), Refusal> {
    if text.len() > TEXT_MAX { Err(refusal::too_long(field, TEXT_MAX)) } else { Ok(()) }
}

fn parse_item(line: usize, text: &str) -> Result<ItemId, Refusal> {
    journal::parse_item(text)
        .ok_or_else(|| refusal::item_malformed(text).at(format!("lines[{line}].clears")))
}
