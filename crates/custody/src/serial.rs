//! Serial numbers (凭证号码) and ranges of them, as people write them: a kind, a prefix (冠字) and
//! digits, `cheque:AB00000001-AB00000025`.

use crate::refusal;
use ledger::Refusal;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The longest prefix: it is part of every key, and orders there like its text.
pub const PREFIX_BYTES_MAX: usize = 16;

/// 号段: the numbers `from..=to` of one kind and prefix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Range {
    /// `[a-z0-9_]+`, a code of the rulebook.
    pub kind: String,
    /// 冠字: letters, with digits and `-` among them, or nothing. It ends with no digit, and no
    /// digit stands before a `-`, so that a written range can be read in one way only.
    pub prefix: String,
    pub from: u64,
    pub to: u64,
}

/// One number of a range.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Serial {
    pub kind: String,
    pub prefix: String,
    pub number: u64,
}

impl Range {
    /// 份数. None when the range is backwards, or is all the numbers there are.
    pub fn pieces(&self) -> Option<u64> {
        self.to.checked_sub(self.from)?.checked_add(1)
    }

    pub fn first(&self) -> Serial {
        Serial { kind: self.kind.clone(), prefix: self.prefix.clone(), number: self.from }
    }
}

impl From<Serial> for Range {
    fn from(serial: Serial) -> Self {
        let Serial { kind, prefix, number } = serial;
        Range { kind, prefix, from: number, to: number }
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}{:08}", self.kind, self.prefix, self.number)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Range { kind, prefix, from, to } = self;
        write!(f, "{kind}:{prefix}{from:08}")?;
        if from == to { Ok(()) } else { write!(f, "-{prefix}{to:08}") }
    }
}

impl FromStr for Serial {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let malformed = || refusal::serial_malformed(text);
        let (kind, rest) = text.split_once(':').ok_or_else(malformed)?;
        let (prefix, number) = digits(rest).ok_or_else(malformed)?;
        prefix_of(kind, prefix)?;
        Ok(Serial { kind: kind.into(), prefix: prefix.into(), number })
    }
}

impl FromStr for Range {
    type Err = Refusal;

    /// Any padding is read, and the second prefix may be left out.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let malformed = || refusal::range_malformed(text);
        let (kind, rest) = text.split_once(':').ok_or_else(malformed)?;
        let (first, last) = halves(rest);
        let (prefix, from) = digits(first).ok_or_else(malformed)?;
        let (again, to) = digits(last.unwrap_or(first)).ok_or_else(malformed)?;
        prefix_of(kind, prefix)?;
        if !again.is_empty() && again != prefix {
            return Err(refusal::prefixes_differ(text));
        }
        let range = Range { kind: kind.into(), prefix: prefix.into(), from, to };
        if from > to { Err(refusal::range_backwards(&range)) } else { Ok(range) }
    }
}

/// The two halves of a written range: only the `-` between them comes after a digit.
fn halves(text: &str) -> (&str, Option<&str>) {
    let bytes = text.as_bytes();
    match (1..bytes.len()).find(|&at| bytes[at] == b'-' && bytes[at - 1].is_ascii_digit()) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

/// The prefix, and the number that its last digits are.
fn digits(text: &str) -> Option<(&str, u64)> {
    let prefix = text.trim_end_matches(|next: char| next.is_ascii_digit());
    Some((prefix, text[prefix.len()..].parse().ok()?))
}

/// The prefix as a key, if kind and prefix are such as can be written and read.
pub fn prefix_of(kind: &str, prefix: &str) -> Result<Prefix, Refusal> {
    let of_kind = |next: u8| next.is_ascii_lowercase() || next.is_ascii_digit() || next == b'_';
    if kind.is_empty() || !kind.bytes().all(of_kind) {
        return Err(refusal::kind_malformed(kind));
    }
    let letters = |next: char| next.is_alphabetic() || next.is_ascii_digit() || next == '-';
    let ends = prefix.ends_with(|next: char| next.is_ascii_digit());
    let wrong = ends || halves(prefix).1.is_some() || !prefix.chars().all(letters);
    if wrong || prefix.len() > PREFIX_BYTES_MAX {
        return Err(refusal::prefix_malformed(prefix));
    }
    Ok(Prefix::new(prefix))
}

/// The bytes of a prefix, so laid out that numbers order like the text. Without a table of
/// prefixes a new one needs no room made for it between the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prefix([u64; PREFIX_BYTES_MAX / 8]);

impl Prefix {
    pub const FIRST: Prefix = Prefix([0; PREFIX_BYTES_MAX / 8]);
    pub const LAST: Prefix = Prefix([u64::MAX; PREFIX_BYTES_MAX / 8]);

    /// `text` is one that `prefix_of` takes: not too long, and without a zero byte.
    fn new(text: &str) -> Prefix {
        let mut words = [[0; 8]; PREFIX_BYTES_MAX / 8];
        words.as_flattened_mut()[..text.len()].copy_from_slice(text.as_bytes());
        Prefix(words.map(u64::from_be_bytes))
    }

    pub fn text(self) -> String {
        let words = self.0.map(u64::to_be_bytes);
        let bytes = words.as_flattened();
        let length = bytes.iter().position(|&next| next == 0).unwrap_or(bytes.len());
        String::from_utf8(bytes[..length].to_vec()).expect("it was made of text")
    }
}
