//! The plain-text journal: one form for cases, exports, the audit view and messages.
//!
//! ```text
//! 2026-03-02 0101 TRF ana/ben "转账" key=K1 value=2026-03-01
//! Dr alice        1500.00
//! Cr 0101.CNY.2241-02.01 red 20.00 clears=7-1
//! In vault 30.00 x30
//! ```
//!
//! `Dr` 借, `Cr` 贷, `In` 收, `Out` 付. Hands are maker/checker/authoriser. Amounts are in the
//! account's own unit, which is written when it is not the base currency. What is printed is read
//! back, but for the channel and the attachments, which are not printed; blanks and quotes inside
//! a word stand as `\u{20}`.

use crate::book::Book;
use crate::day::Day;
use crate::entry::{Batch, EntryKind, EntryNo, Header, ItemId, Key, Line, LineFlags, Mark};
use crate::money;
use crate::refusal::{self, Refusal};
use std::fmt::Write;

/// Prints entry `at` of a batch; `no` is its number.
pub fn print(book: &Book, no: EntryNo, batch: &Batch, at: usize) -> String {
    let (header, range) = (batch.header(at), batch.range(at));
    let mut text = print_header(book, no, header);
    let lines = &batch.lines[range.clone()];
    let width = lines.iter().map(|line| escaped(book.accounts.number(line.account)).len()).max();
    for (offset, line) in lines.iter().enumerate() {
        let index = range.start + offset;
        let mark = batch.marks(range.clone()).iter().find(|mark| mark.line as usize == index);
        print_line(book, line, mark, width.unwrap_or(0), &mut text);
    }
    text
}

/// Reads one entry; its key is `key_of` what stands after `key=`, or of the text itself.
pub fn parse(book: &Book, text: &str, key_of: impl Fn(&str) -> Key) -> Result<Batch, Refusal> {
    let mut rows = text.lines().map(str::trim).filter(|row| !row.is_empty());
    let first = rows.next().ok_or_else(|| refusal::missing("entry"))?;
    let (header, key) = parse_header(book, first)?;
    let mut batch = Batch::default();
    let (mut lines, mut marks) = (Vec::new(), Vec::new());
    for row in rows {
        let (line, mark) = parse_line(book, row, lines.len())?;
        lines.push(line);
        marks.extend(mark);
    }
    batch.push(key_of(key.as_deref().unwrap_or(text)), header, &lines);
    batch.marks = marks;
    Ok(batch)
}

fn print_header(book: &Book, no: EntryNo, header: &Header) -> String {
    let mut text = format!("{} #{}", header.business_date, no.0);
    let institution = escaped(&book.institution(header.institution).code);
    let hands = [&header.maker, &header.checker, &header.authoriser].map(|hand| escaped(hand));
    let hands = hands.join("/");
    let hands = hands.trim_end_matches('/');
    let hands = if hands.is_empty() { "-" } else { hands };
    let code = if header.code.is_empty() { "-".to_owned() } else { escaped(&header.code) };
    let _ = write!(text, " {institution} {code} {hands}");
    if !header.summary.is_empty() {
        let _ = write!(text, " \"{}\"", escape(&header.summary, |letter| "\"\\".contains(letter)));
    }
    if header.kind != EntryKind::Normal {
        let _ = write!(text, " {}", header.kind.zh());
    }
    if header.original.0 != 0 {
        let _ = write!(text, " of #{}", header.original.0);
    }
    if header.value_date != header.business_date {
        let _ = write!(text, " value={}", header.value_date);
    }
    if !header.document.is_empty() {
        let _ = write!(text, " document={}", escaped(&header.document));
    }
    text.push('\n');
    text
}

fn print_line(book: &Book, line: &Line, mark: Option<&Mark>, width: usize, text: &mut String) {
    let head = &book.accounts.heads[line.account.index()];
    let unit = book.chart.unit(head.unit);
    let side = match (line.flags.is_off_balance(), line.flags.is_credit()) {
        (false, false) => "Dr",
        (false, true) => "Cr",
        (true, false) => "In",
        (true, true) => "Out",
    };
    let number = escaped(book.accounts.number(line.account));
    let amount = money::plain(i128::from(line.amount), unit.digits);
    let _ = write!(text, "{side} {number:width$} {amount:>12}");
    if head.unit != book.chart.base_unit {
        let _ = write!(text, " {}", unit.code);
    }
    if line.flags.is_red() {
        text.push_str(" red");
    }
    if let Some(item) = mark.and_then(|mark| mark.clears) {
        let _ = write!(text, " clears={}-{}", item.entry.0, item.line);
    }
    if let Some(quantity) = mark.and_then(|mark| mark.quantity) {
        let _ = write!(text, " x{quantity}");
    }
    text.push('\n');
}

fn parse_header(book: &Book, row: &str) -> Result<(Header, Option<String>), Refusal> {
    let malformed = || refusal::journal_malformed(row);
    let (before, summary, after) = match row.split_once('"') {
        None => (row, "", ""),
        Some((before, rest)) => {
            let (summary, after) = rest.split_once('"').ok_or_else(malformed)?;
            (before, summary, after)
        }
    };
    let mut words = before.split_whitespace().peekable();
    let business_date = match words.peek().and_then(|word| word.parse::<Day>().ok()) {
        Some(day) => {
            words.next();
            day
        }
        None => book.today,
    };
    // The entry's own number is the book's to give.
    words.next_if(|word| word.starts_with('#'));
    let institution = unescaped(words.next().ok_or_else(malformed)?).ok_or_else(malformed)?;
    let code = words.next().ok_or_else(malformed)?;
    let code = if code == "-" { "" } else { code };
    let hands = words.next().ok_or_else(malformed)?;
    let hands = hands.splitn(3, '/').map(|hand| if hand == "-" { "" } else { hand });
    let hands: Vec<String> = hands.map(unescaped).collect::<Option<_>>().ok_or_else(malformed)?;
    let hand = |at: usize| hands.get(at).map_or("", String::as_str).into();
    let mut header = Header {
        business_date,
        value_date: business_date,
        institution: book
            .institution_by_code(&institution)
            .ok_or_else(|| refusal::unknown_institution(&institution))?,
        code: unescaped(code).ok_or_else(malformed)?.into(),
        maker: hand(0),
        checker: hand(1),
        authoriser: hand(2),
        channel: "journal".into(),
        document: "".into(),
        attachments: 0,
        summary: unescaped(summary).ok_or_else(malformed)?.into(),
        kind: EntryKind::Normal,
        original: EntryNo(0),
    };
    let mut key = None;
    let mut words = words.chain(after.split_whitespace());
    while let Some(word) = words.next() {
        if let Some(kind) = EntryKind::ALL.into_iter().find(|kind| kind.zh() == word) {
            header.kind = kind;
            continue;
        }
        if word == "of" {
            let no = words.next().and_then(|word| word.strip_prefix('#')?.parse().ok());
            header.original = EntryNo(no.ok_or_else(malformed)?);
            continue;
        }
        match word.split_once('=') {
            Some(("key", text)) => key = Some(text.to_owned()),
            Some(("value", text)) => header.value_date = text.parse().map_err(|_| malformed())?,
            Some(("document", text)) => {
                header.document = unescaped(text).ok_or_else(malformed)?.into();
            }
            _ => return Err(malformed()),
        }
    }
    Ok((header, key))
}

fn parse_line(book: &Book, row: &str, at: usize) -> Result<(Line, Option<Mark>), Refusal> {
    let malformed = || refusal::journal_malformed(row);
    let mut words = row.split_whitespace();
    let side = match words.next() {
        Some("Dr" | "In" | "借" | "收") => 0,
        Some("Cr" | "Out" | "贷" | "付") => LineFlags::CREDIT,
        _ => return Err(malformed()),
    };
    let number = unescaped(words.next().ok_or_else(malformed)?).ok_or_else(malformed)?;
    let number = number.as_str();
    let amount = words.next().ok_or_else(malformed)?;
    let field = |name: &str| format!("lines[{at}].{name}");
    let account = book
        .accounts
        .by_number(number)
        .ok_or_else(|| refusal::unknown_account(number).at(field("account")))?;
    let unit = book.chart.unit(book.accounts.heads[account.index()].unit);
    let amount = money::parse(amount, unit.digits, &field("amount"))?;
    let mut line = Line { account, amount, flags: LineFlags(side) };
    let here = u32::try_from(at).expect("an entry has few lines");
    let mut mark = Mark { line: here, clears: None, quantity: None };
    for word in words {
        if word == "red" {
            line.flags = line.flags.with(LineFlags::RED);
        } else if let Some(item) = word.strip_prefix("clears=") {
            mark.clears = Some(parse_item(item).ok_or_else(malformed)?);
        } else if let Some(pieces) = word.strip_prefix('x') {
            mark.quantity = Some(pieces.parse().map_err(|_| malformed())?);
        } else if *word != *unit.code {
            return Err(refusal::wrong_unit(number, word, &unit.code).at(field("unit")));
        }
    }
    let marked = mark.clears.is_some() || mark.quantity.is_some();
    Ok((line, marked.then_some(mark)))
}

/// A word as the journal carries it: what would end it or mean something else stands as its
/// number, `\u{20}` for a blank.
fn escaped(text: &str) -> String {
    if text == "-" {
        return "\\u{2d}".to_owned();
    }
    escape(text, |letter| letter.is_whitespace() || "\"\\/#".contains(letter))
}

fn escape(text: &str, special: impl Fn(char) -> bool) -> String {
    let mut word = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() || special(letter) {
            let _ = write!(word, "\\u{{{:x}}}", u32::from(letter));
        } else {
            word.push(letter);
        }
    }
    word
}

/// `None` where a backslash begins no letter.
fn unescaped(word: &str) -> Option<String> {
    let mut parts = word.split('\\');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.strip_prefix("u{")?.split_once('}')?;
        text.push(char::from_u32(u32::from_str_radix(number, 16).ok()?)?);
        text.push_str(rest);
    }
    Some(text)
}

/// An open item as people write it: "12-0".
pub fn parse_item(text: &str) -> Option<ItemId> {
    let (entry, line) = text.split_once('-')?;
    Some(ItemId { entry: EntryNo(entry.parse().ok()?), line: line.parse().ok()? })
}
