//! Values of a matter's fields: read from what a person or a system sends, kept typed, shown as
//! JSON. Text is always allowed, so that a command line, a file and a form say the same thing.

use super::definition::{Field, FieldKind, Office};
use super::refusal;
use custody::{Class, Count, Note, Range, Serial};
use ledger::{Day, Refusal, money};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// Characters of a text that says nothing else.
const TEXT_MAX: usize = 4_000;

/// Rows of one list.
const ROWS_MAX: usize = 10_000;

/// What attachments may be.
const MEDIA: [&str; 12] =
    ["pdf", "ofd", "png", "jpg", "jpeg", "xlsx", "docx", "csv", "txt", "xml", "md", "toml"];

/// The largest attachment, in bytes.
pub const ATTACHMENT_MAX: u64 = 20 << 20;

/// A file kept beside the journal under its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    pub name: String,
    /// 64 hexadecimal digits.
    pub sha256: String,
    pub bytes: u64,
}

impl Attachment {
    /// The attachment that a file with this digest makes.
    pub fn of(name: String, digest: &[u8; 32], bytes: u64) -> Result<Self, Refusal> {
        let attachment = Self { name, sha256: ledger::hex(digest), bytes };
        attachment.check("file")?;
        Ok(attachment)
    }

    /// Refuses what is no digest, of no type that is taken, empty or too large.
    pub fn check(&self, at: &str) -> Result<(), Refusal> {
        let digest = self.sha256.len() == 64 && self.sha256.bytes().all(|b| b.is_ascii_hexdigit());
        let media = self.name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
        if !digest {
            return Err(refusal::wrong_type(at, &self.sha256, "SHA-256", "a SHA-256"));
        }
        if !MEDIA.contains(&media.as_str()) {
            return Err(refusal::attachment_type(at, &self.name, &MEDIA.join(", ")));
        }
        if self.bytes == 0 || self.bytes > ATTACHMENT_MAX {
            return Err(refusal::attachment_size(at, &self.name, ATTACHMENT_MAX));
        }
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Text(String),
    Integer(i64),
    Decimal(Decimal),
    /// Minor units of the field's unit.
    Money(i64),
    Date(Day),
    /// A code of something that the bank knows.
    Code(String),
    Codes(Vec<String>),
    Serials(Vec<Range>),
    Thing(Serial),
    Notes(Vec<Count>),
    Rows(Vec<Values>),
    Attachments(Vec<Attachment>),
    Matter(u64),
}

pub type Values = BTreeMap<String, Value>;

impl Value {
    /// The plain text of a value that has one.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Code(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Decimal(number) => number.to_string(),
            Self::Money(minor) => minor.to_string(),
            Self::Date(day) => day.to_string(),
            Self::Codes(codes) => codes.join(","),
            Self::Thing(thing) => thing.to_string(),
            Self::Matter(id) => id.to_string(),
            Self::Serials(ranges) => joined(ranges.iter().map(Range::to_string)),
            Self::Notes(counts) => joined(counts.iter().map(note_text)),
            Self::Rows(rows) => rows.len().to_string(),
            Self::Attachments(files) => joined(files.iter().map(|file| file.name.clone())),
        }
    }

    /// As the interfaces show it.
    pub fn to_json(&self, kind: &FieldKind) -> Json {
        match (self, kind) {
            (Self::Money(minor), FieldKind::Money(digits, _)) => {
                json!(money::plain(i128::from(*minor), *digits))
            }
            (Self::Integer(number), _) => json!(number),
            (Self::Matter(id), _) => json!(id),
            (Self::Codes(codes), _) => json!(codes),
            (Self::Serials(ranges), _) => {
                json!(ranges.iter().map(Range::to_string).collect::<Vec<_>>())
            }
            (Self::Notes(counts), _) => {
                json!(counts.iter().map(note_text).collect::<Vec<_>>())
            }
            (Self::Rows(rows), FieldKind::Rows(columns)) => {
                rows.iter().map(|row| shown(row, columns)).collect()
            }
            (Self::Attachments(files), _) => json!(files),
            (other, _) => json!(other.text()),
        }
    }
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(",")
}

/// "CNY:100:50", or "CNY:100/unfit:50".
fn note_text(count: &Count) -> String {
    let class = match count.note.class {
        Class::Fit => String::new(),
        class => format!("/{}", class_word(class)),
    };
    format!("{}{class}:{}", count.note.denom, count.pieces)
}

pub fn class_word(class: Class) -> &'static str {
    match class {
        Class::Fit => "fit",
        Class::Unfit => "unfit",
        Class::Mint => "mint",
        Class::Unsorted => "unsorted",
    }
}

/// All values that there are, by the names of their fields.
pub fn shown(values: &Values, fields: &[Field]) -> Json {
    let shown = fields.iter().filter_map(|field| {
        let value = values.get(&field.name)?;
        Some((field.name.clone(), value.to_json(&field.kind)))
    });
    Json::Object(shown.collect::<Map<_, _>>())
}

/// Reads what was sent for one field; `None` where nothing was.
pub fn read(
    field: &Field,
    at: &str,
    sent: &Json,
    office: &Office,
) -> Result<Option<Value>, Refusal> {
    let empty = match sent {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(list) => list.is_empty(),
        _ => false,
    };
    if empty {
        return Ok(None);
    }
    let value = read_kind(&field.kind, at, sent, office)?;
    check_bounds(field, at, &value)?;
    Ok(Some(value))
}

fn read_kind(kind: &FieldKind, at: &str, sent: &Json, office: &Office) -> Result<Value, Refusal> {
    let wrong = |zh: &str, en: &str| refusal::wrong_type(at, &plain(sent), zh, en);
    let text = || scalar(sent).ok_or_else(|| wrong("文字", "text"));
    Ok(match kind {
        FieldKind::Text | FieldKind::Document | FieldKind::Party => Value::Text(text()?),
        FieldKind::Integer => {
            Value::Integer(text()?.parse().map_err(|_| wrong("整数", "a whole number"))?)
        }
        FieldKind::Decimal => {
            Value::Decimal(text()?.parse().map_err(|_| wrong("数值，如 1.5", "a number like 1.5"))?)
        }
        FieldKind::Money(digits, _) => {
            let text = text()?;
            if text.trim_matches(['0', '.']).is_empty() {
                Value::Money(0)
            } else {
                Value::Money(money::parse(&text, *digits, at)?)
            }
        }
        FieldKind::Date => Value::Date(
            text()?.parse().map_err(|_| wrong("日期，如 2026-01-05", "a date like 2026-01-05"))?,
        ),
        FieldKind::Time => {
            let text = text()?;
            if super::clock::minutes(&text).is_none() {
                return Err(wrong("时间，如 09:30", "a time like 09:30"));
            }
            Value::Text(text)
        }
        FieldKind::Choice(choices) => {
            let text = text()?;
            if !choices.iter().any(|(code, _)| *code == text) {
                let codes = joined(choices.iter().map(|(code, _)| code.clone()));
                return Err(refusal::not_a_choice(at, &text, &codes));
            }
            Value::Code(text)
        }
        FieldKind::Matter(_) => {
            Value::Matter(text()?.parse().map_err(|_| wrong("事项序号", "the id of a matter"))?)
        }
        FieldKind::Operators => {
            Value::Codes(once(list(sent).ok_or_else(|| wrong("名单", "a list"))?))
        }
        FieldKind::Serials(kinds) => serials(kinds, at, sent, office)?,
        FieldKind::Thing(kinds) => {
            let thing: Serial = text()?.parse().map_err(|no: Refusal| no.at(at))?;
            known_stock(kinds, &thing.kind, at, office)?;
            Value::Thing(thing)
        }
        FieldKind::Stock => {
            let code = text()?;
            known_stock(&[], &code, at, office)?;
            Value::Code(code)
        }
        FieldKind::Notes => notes(at, sent, office)?,
        FieldKind::Rows(columns) => rows(columns, at, sent, office)?,
        FieldKind::Attachment => attachments(at, sent)?,
        FieldKind::Institution
        | FieldKind::Operator
        | FieldKind::Account
        | FieldKind::AccountKind
        | FieldKind::Place(_)
        | FieldKind::Post
        | FieldKind::Number => Value::Code(text()?),
    })
}

/// Each name once: whoever is named twice is still one person.
fn once(names: Vec<String>) -> Vec<String> {
    let mut once: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

/// A text, or a number or a truth as it is written.
fn scalar(sent: &Json) -> Option<String> {
    match sent {
        Json::String(text) => Some(text.trim().to_owned()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn plain(sent: &Json) -> String {
    scalar(sent).unwrap_or_else(|| sent.to_string()).chars().take(60).collect()
}

/// A list of texts, or one text with commas.
fn list(sent: &Json) -> Option<Vec<String>> {
    match sent {
        Json::Array(list) => list.iter().map(scalar).collect(),
        other => {
            let text = scalar(other)?;
            Some(text.split(',').map(|part| part.trim().to_owned()).collect())
        }
    }
}

fn serials(kinds: &[String], at: &str, sent: &Json, office: &Office) -> Result<Value, Refusal> {
    let texts = list(sent).ok_or_else(|| {
        refusal::wrong_type(at, &plain(sent), "号段，如 cheque:A1-A25", "like cheque:A1-A25")
    })?;
    let mut ranges = Vec::with_capacity(texts.len());
    for (row, text) in texts.iter().enumerate() {
        let spot = if texts.len() == 1 { at.to_owned() } else { format!("{at}[{row}]") };
        let range: Range = text.parse().map_err(|no: Refusal| no.at(spot.as_str()))?;
        known_stock(kinds, &range.kind, &spot, office)?;
        ranges.push(range);
    }
    Ok(Value::Serials(ranges))
}

fn known_stock(kinds: &[String], kind: &str, at: &str, office: &Office) -> Result<(), Refusal> {
    if !office.stocks.contains_key(kind) {
        return Err(refusal::unknown(at, ("编号物品种类", "kind of numbered stock"), kind));
    }
    if kinds.is_empty() || kinds.iter().any(|one| one == kind) {
        return Ok(());
    }
    Err(refusal::not_a_choice(at, kind, &kinds.join(",")))
}

fn notes(at: &str, sent: &Json, office: &Office) -> Result<Value, Refusal> {
    let wrong = || {
        let (zh, en) = ("券别与张数，如 100:50,10/unfit:5", "like 100:50,10/unfit:5");
        refusal::wrong_type(at, &plain(sent), zh, en)
    };
    let mut counts: BTreeMap<Note, i64> = BTreeMap::new();
    for text in list(sent).ok_or_else(wrong)? {
        let (note, pieces) = text.rsplit_once(':').ok_or_else(wrong)?;
        let (denom, class) = note.split_once('/').unwrap_or((note, "fit"));
        let classes = [Class::Fit, Class::Unfit, Class::Mint, Class::Unsorted];
        let class = classes.into_iter().find(|one| class_word(*one) == class).ok_or_else(wrong)?;
        if !office.denominations.contains_key(denom) {
            return Err(refusal::unknown(at, ("券别", "denomination"), denom));
        }
        let pieces: i64 = pieces.trim().parse().map_err(|_| wrong())?;
        if pieces <= 0 {
            return Err(wrong());
        }
        let note = Note { denom: denom.to_owned(), class };
        let before = counts.entry(note).or_default();
        *before = before.checked_add(pieces).ok_or_else(wrong)?;
    }
    let counts = counts.into_iter().map(|(note, pieces)| Count { note, pieces });
    Ok(Value::Notes(counts.collect()))
}

fn rows(columns: &[Field], at: &str, sent: &Json, office: &Office) -> Result<Value, Refusal> {
    let wrong = |what: &Json| refusal::wrong_type(at, &plain(what), "明细行", "a list of rows");
    let Json::Array(list) = sent else { return Err(wrong(sent)) };
    if list.len() > ROWS_MAX {
        return Err(refusal::too_many_rows(at, ROWS_MAX));
    }
    let mut rows = Vec::with_capacity(list.len());
    for (row, sent) in list.iter().enumerate() {
        let Json::Object(cells) = sent else { return Err(wrong(sent)) };
        rows.push(read_all(columns, &format!("{at}[{row}]."), cells, office)?);
        for column in columns.iter().filter(|column| !column.optional) {
            if !rows[row].contains_key(&column.name) {
                return Err(ledger::refusal::missing(&format!("{at}[{row}].{}", column.name)));
            }
        }
    }
    Ok(Value::Rows(rows))
}

/// Reads everything that was sent; a name that no field has is refused.
pub fn read_all(
    fields: &[Field],
    before: &str,
    sent: &Map<String, Json>,
    office: &Office,
) -> Result<Values, Refusal> {
    let mut values = Values::new();
    for (name, sent) in sent {
        let at = format!("{before}{name}");
        let field = fields.iter().find(|field| field.name == *name);
        let field = field.ok_or_else(|| {
            let names = joined(fields.iter().map(|field| field.name.clone()));
            refusal::unknown_field(&at, &names)
        })?;
        if field.computed.is_some() {
            return Err(refusal::computed_field(&at));
        }
        if let Some(value) = read(field, &at, sent, office)? {
            values.insert(name.clone(), value);
        }
    }
    Ok(values)
}

fn attachments(at: &str, sent: &Json) -> Result<Value, Refusal> {
    let list = match sent {
        Json::Array(list) => list.clone(),
        one => vec![one.clone()],
    };
    let mut files = Vec::with_capacity(list.len());
    for sent in list {
        let file: Attachment = serde_json::from_value(sent.clone()).map_err(|_| {
            let en = "an attachment: name, sha256, bytes";
            refusal::wrong_type(at, &plain(&sent), "附件（name、sha256、bytes）", en)
        })?;
        file.check(at)?;
        files.push(file);
    }
    Ok(Value::Attachments(files))
}

fn check_bounds(field: &Field, at: &str, value: &Value) -> Result<(), Refusal> {
    let amount = match (value, &field.kind) {
        (Value::Integer(number), _) => Decimal::from(*number),
        (Value::Decimal(number), _) => *number,
        (Value::Money(minor), FieldKind::Money(digits, _)) => {
            Decimal::new(*minor, u32::from(*digits))
        }
        (Value::Codes(names), _) => Decimal::from(names.len()),
        (Value::Text(text), _) => {
            let max = field.max.unwrap_or(Decimal::from(TEXT_MAX));
            let length = Decimal::from(text.chars().count());
            let min = field.min.unwrap_or_default();
            if length > max || length < min {
                return Err(refusal::text_length(at, min, max));
            }
            return Ok(());
        }
        _ => return Ok(()),
    };
    let low = field.min.is_some_and(|min| amount < min);
    if low || field.max.is_some_and(|max| amount > max) {
        let bound = |bound: Option<Decimal>| bound.map_or("…".to_owned(), |b| b.to_string());
        return Err(refusal::out_of_bounds(at, &bound(field.min), &bound(field.max)));
    }
    Ok(())
}
