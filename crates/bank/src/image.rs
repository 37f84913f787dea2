//! The image of a bank's state (快照): what a snapshot stores, so that recovery replays only the
//! blocks after it. Columns of accounts are raw little-endian numbers, everything else JSON.
//! Idempotency keys are not in it: they are read back from the blocks of the days that count.

use crate::office::numbers::NumberSet;
use crate::office::record::{self, Record};
use crate::office::{OfficeState, People, Place};
use crate::rulebook::Rulebook;
use crate::state::State;
use custody::Custody;
use ledger::Day;
use ledger::account::{Head, Status};
use ledger::book::{Answered, Institution, Item, Phase};
use ledger::chart::Title;
use ledger::close::Certificate;
use ledger::entry::{AccountId, EntryNo, InstitutionId, ItemId, Key, KindId, UnitId};
use ledger::fact::{Correction, Hold, Term};
use ledger::gl::GlClosing;
use ledger::segment::{Carried, Spell};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The last digit is the version: an image without what later ones hold is not read, and the
/// blocks are replayed instead. 2: pieces, requests and spent holds. 3: the office.
/// 4: where a matter stood, and whether it was late, when something was done with it.
const MAGIC: &[u8; 8] = b"PHIMG004";
const HEAD_BYTES: usize = 64;

/// Why an image cannot be read; recovery then replays from an older one or from the beginning.
#[derive(Debug)]
pub struct ImageError(pub String);

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "snapshot cannot be read: {}", self.0)
    }
}

impl std::error::Error for ImageError {}

/// Everything of a state but its account columns.
#[derive(Serialize, Deserialize)]
struct Rest {
    bank: String,
    title: Title,
    /// Codes in the order of their ids: a rulebook parsed afresh may order them otherwise.
    codes: [Vec<String>; 3],
    institutions: Vec<Institution>,
    holds: Vec<Hold>,
    items: Vec<(AccountId, ItemId, Item)>,
    terms: Vec<(AccountId, Term)>,
    corrected: Vec<(EntryNo, EntryNo)>,
    corrections: Vec<Correction>,
    /// As text: JSON numbers end at 2⁵³.
    carried: Vec<(AccountId, [String; 4])>,
    spells: Vec<(AccountId, Day, Option<Day>, i64)>,
    mirrors: Vec<(InstitutionId, AccountId)>,
    today: Day,
    phase: Phase,
    steps: Vec<(String, String)>,
    certificate: Option<Certificate>,
    gl_closing: Vec<GlClosing>,
    next_entry: EntryNo,
    next_hold: u64,
    day_starts: Vec<(Day, EntryNo)>,
    pieces: Vec<(AccountId, i64)>,
    asked: Vec<(Key, Answered)>,
    spent: Vec<(u64, AccountId, Day)>,
    office: OfficeImage,
}

/// The office, whose indexes are built anew.
#[derive(Serialize, Deserialize)]
struct OfficeImage {
    people: People,
    custody: Custody,
    places: Vec<(String, Place)>,
    records: Vec<Record>,
    next: u64,
    sequences: Vec<(String, u64)>,
    numbers: Vec<NumberSet>,
    /// Files of the rulebooks that open matters keep.
    earlier: Vec<Vec<(String, String)>>,
    opened_last: Vec<(String, String, Day)>,
}

/// Writes the image of a state.
pub fn write(state: &State) -> Vec<u8> {
    let accounts = &state.book.accounts;
    let rest = serde_json::to_vec(&rest_of(state)).expect("plain data serialises");
    let mut out = Vec::with_capacity(rest.len() + accounts.len() * 128 + 64);
    out.extend_from_slice(MAGIC);
    put_bytes(&mut out, &rest);
    // As they are: as JSON they would be most of the work.
    let files = &state.rulebook.files;
    put_u64(&mut out, files.len() as u64);
    for (path, text) in files {
        put_bytes(&mut out, path.as_bytes());
        put_bytes(&mut out, text.as_bytes());
    }
    put_u64(&mut out, accounts.len() as u64);
    accounts.heads.iter().for_each(|head| put_head(&mut out, head));
    accounts.opened.iter().for_each(|day| out.extend_from_slice(&day.0.to_le_bytes()));
    for column in [&accounts.numbers, &accounts.names] {
        for at in 0..column.len() {
            let text = column.get(at);
            let length = u32::try_from(text.len()).expect("names are short");
            out.extend_from_slice(&length.to_le_bytes());
            out.extend_from_slice(text.as_bytes());
        }
    }
    out
}

/// Reads an image back; the idempotency keys of the result are empty.
pub fn read(bytes: &[u8]) -> Result<State, ImageError> {
    let mut reader = Reader { bytes, at: 0 };
    if reader.take(MAGIC.len())? != MAGIC {
        return Err(ImageError("it does not begin as an image does".into()));
    }
    let length = reader.u64()?;
    let rest: Rest = serde_json::from_slice(reader.take(length)?)
        .map_err(|error| ImageError(error.to_string()))?;
    let mut files = Vec::new();
    for _ in 0..reader.u64()? {
        files.push((reader.long_text()?, reader.long_text()?));
    }
    let mut state = state_of(&rest, &files)?;
    let count = reader.u64()?;
    let heads = reader.take(count.saturating_mul(HEAD_BYTES))?;
    let opened = reader.take(count.saturating_mul(4))?;
    let mut texts = Vec::with_capacity(2);
    for _ in 0..2 {
        let mut column = Vec::with_capacity(count);
        for _ in 0..count {
            column.push(reader.text()?);
        }
        texts.push(column);
    }
    let mirrors: std::collections::BTreeMap<_, _> =
        rest.mirrors.iter().map(|(branch, id)| (*id, *branch)).collect();
    state.book.accounts.reserve(count);
    let (kinds, places) = (state.book.chart.kinds.len(), state.book.institutions.len());
    for at in 0..count {
        let head = get_head(&heads[at * HEAD_BYTES..(at + 1) * HEAD_BYTES])?;
        if head.kind.index() >= kinds || head.institution.index() >= places {
            return Err(ImageError(format!("account {at} is of an unknown kind or place")));
        }
        let day = Day(int(&opened[at * 4..at * 4 + 4]));
        let id = state.book.accounts.push(texts[0][at], texts[1][at], head, day);
        state.book.index_account(id, mirrors.get(&id).copied());
    }
    put_office(&mut state, &rest.office)?;
    Ok(state)
}

fn rest_of(state: &State) -> Rest {
    let book = &state.book;
    let text = |codes: Vec<&ledger::entry::Text>| {
        codes.into_iter().map(ToString::to_string).collect::<Vec<String>>()
    };
    let chart = &book.chart;
    Rest {
        bank: book.bank.clone(),
        title: book.title.clone(),
        codes: [
            text(chart.subjects.iter().map(|one| &one.code).collect()),
            text(chart.units.iter().map(|one| &one.code).collect()),
            text(chart.kinds.iter().map(|one| &one.code).collect()),
        ],
        institutions: book.institutions.clone(),
        holds: book.holds.values().cloned().collect(),
        items: book.items.iter().map(|((account, id), item)| (*account, *id, *item)).collect(),
        terms: book.terms.iter().map(|(id, term)| (*id, term.clone())).collect(),
        corrected: book.corrected.iter().map(|(of, by)| (*of, *by)).collect(),
        corrections: book.corrections.clone(),
        carried: book.carried.iter().map(|(id, sums)| (*id, texts(sums))).collect(),
        spells: book
            .spells
            .iter()
            .map(|(id, spell)| (*id, spell.from, spell.until, spell.balance))
            .collect(),
        mirrors: book.mirror_accounts().map(|(branch, _, id)| (branch, id)).collect(),
        today: book.today,
        phase: book.phase,
        steps: book.steps.iter().map(|(step, note)| (step.clone(), note.clone())).collect(),
        certificate: book.certificate.clone(),
        gl_closing: book.gl_closing.clone(),
        next_entry: book.next_entry,
        next_hold: book.next_hold,
        day_starts: book.day_starts.clone(),
        pieces: book.pieces.iter().map(|(id, pieces)| (*id, *pieces)).collect(),
        spent: book.spent.iter().map(|(id, (account, day))| (*id, *account, *day)).collect(),
        asked: book.asked.iter().map(|(key, answered)| (*key, *answered)).collect(),
        office: office_of(&state.office),
    }
}

fn office_of(office: &OfficeState) -> OfficeImage {
    let opened_last = office.opened_last.iter();
    OfficeImage {
        people: office.people.clone(),
        custody: office.custody.clone(),
        places: office.places.iter().map(|(code, place)| (code.clone(), place.clone())).collect(),
        records: office.records.open.values().cloned().collect(),
        next: office.records.next,
        sequences: office.records.sequences.iter().map(|(of, n)| (of.clone(), *n)).collect(),
        numbers: office.numbers.clone(),
        earlier: office.earlier.values().map(|one| one.files.clone()).collect(),
        opened_last: opened_last
            .map(|((code, place), day)| (code.clone(), place.clone(), *day))
            .collect(),
    }
}

/// Puts the office back, once the accounts are there.
fn put_office(state: &mut State, image: &OfficeImage) -> Result<(), ImageError> {
    let wrong = |what: &str| ImageError(what.to_owned());
    let office = &mut state.office;
    for files in &image.earlier {
        let rulebook =
            Rulebook::parse(files).map_err(|_| wrong("an earlier rulebook has errors"))?;
        let hash = ledger::hex(&rulebook.hash);
        office.earlier.insert(hash, std::sync::Arc::new(rulebook));
    }
    office.people = image.people.clone();
    office.custody = image.custody.clone();
    office.places = image.places.iter().cloned().collect();
    office.records.next = image.next;
    office.records.sequences = image.sequences.iter().cloned().collect();
    let opened_last = image.opened_last.iter();
    office.opened_last =
        opened_last.map(|(code, place, day)| ((code.clone(), place.clone()), *day)).collect();
    for record in &image.records {
        let rulebook = office.rulebook_of(&state.rulebook, record);
        let known = rulebook.office.matters.get(&record.code);
        let matter = known.ok_or_else(|| wrong("a matter is of no kind"))?;
        let waits = record::waits(&state.book, &office.people, matter, record);
        office.records.insert(record.clone(), waits);
    }
    office.keep_accounts(&state.rulebook.office, &mut state.book);
    Ok(())
}

fn state_of(rest: &Rest, files: &[(String, String)]) -> Result<State, ImageError> {
    let wrong = |what: &str| ImageError(what.to_owned());
    let rulebook = Rulebook::parse(files).map_err(|_| wrong("its rulebook has errors"))?;
    let rulebook = rulebook.with_numbers(&rest.office.numbers);
    let ordered = rulebook.chart_in_order(&rest.codes).ok_or_else(|| wrong("codes are missing"))?;
    let mut state = State::new(rulebook);
    state.office.numbers.clone_from(&rest.office.numbers);
    state.book.set_chart(std::sync::Arc::new(ordered));
    let book = &mut state.book;
    book.bank.clone_from(&rest.bank);
    book.title = rest.title.clone();
    book.institutions.clone_from(&rest.institutions);
    book.holds = rest.holds.iter().map(|hold| (hold.id, hold.clone())).collect();
    book.items = rest.items.iter().map(|(account, id, item)| ((*account, *id), *item)).collect();
    book.terms = rest.terms.iter().cloned().collect();
    book.corrected = rest.corrected.iter().copied().collect();
    book.corrections.clone_from(&rest.corrections);
    for (id, sums) in &rest.carried {
        let sums = sums_of(sums).ok_or_else(|| wrong("a carried sum is not a number"))?;
        book.carried.insert(*id, sums);
    }
    for &(id, from, until, balance) in &rest.spells {
        book.spells.insert(id, Spell { from, until, balance });
    }
    book.today = rest.today;
    book.phase = rest.phase;
    book.steps = rest.steps.iter().cloned().collect();
    book.certificate.clone_from(&rest.certificate);
    book.gl_closing.clone_from(&rest.gl_closing);
    book.next_entry = rest.next_entry;
    book.next_hold = rest.next_hold;
    book.day_starts.clone_from(&rest.day_starts);
    book.pieces = rest.pieces.iter().copied().collect();
    book.spent = rest.spent.iter().map(|(id, account, day)| (*id, (*account, *day))).collect();
    book.asked = rest.asked.iter().copied().collect();
    Ok(state)
}

fn texts(sums: &Carried) -> [String; 4] {
    [sums.natural, sums.overdrawn, sums.unrated, sums.unrated_overdrawn].map(|sum| sum.to_string())
}

fn sums_of(texts: &[String; 4]) -> Option<Carried> {
    let sum = |at: usize| texts[at].parse().ok();
    Some(Carried {
        natural: sum(0)?,
        overdrawn: sum(1)?,
        unrated: sum(2)?,
        unrated_overdrawn: sum(3)?,
    })
}

fn put_u64(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_u64(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn put_head(out: &mut Vec<u8>, head: &Head) {
    let sums = [
        head.balance,
        head.held,
        head.day_debit,
        head.day_credit,
        head.product,
        head.overdrawn_product,
    ];
    sums.iter().for_each(|sum| out.extend_from_slice(&sum.to_le_bytes()));
    for day in [head.product_day, head.turn_day] {
        out.extend_from_slice(&day.0.to_le_bytes());
    }
    for id in [head.kind.0, head.institution.0, head.unit.0, head.status as u16] {
        out.extend_from_slice(&id.to_le_bytes());
    }
}

fn get_head(bytes: &[u8]) -> Result<Head, ImageError> {
    let sum = |at: usize| i64::from_le_bytes(bytes[at * 8..at * 8 + 8].try_into().expect("8"));
    let id = |at: usize| u16::from_le_bytes([bytes[56 + at * 2], bytes[57 + at * 2]]);
    let status = Status::ALL.get(usize::from(id(3)));
    let status = status.ok_or_else(|| ImageError("an account has an unknown status".into()))?;
    Ok(Head {
        balance: sum(0),
        held: sum(1),
        day_debit: sum(2),
        day_credit: sum(3),
        product: sum(4),
        overdrawn_product: sum(5),
        product_day: Day(int(&bytes[48..52])),
        turn_day: Day(int(&bytes[52..56])),
        kind: KindId(id(0)),
        institution: InstitutionId(id(1)),
        unit: UnitId(id(2)),
        status: *status,
    })
}

fn int(bytes: &[u8]) -> i32 {
    i32::from_le_bytes(bytes.try_into().expect("four bytes were taken"))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], ImageError> {
        let end = self.at.checked_add(length);
        let taken = end.and_then(|end| self.bytes.get(self.at..end));
        self.at = end.unwrap_or(self.at);
        taken.ok_or_else(|| ImageError("it ends too early".into()))
    }

    fn u64(&mut self) -> Result<usize, ImageError> {
        let value = u64::from_le_bytes(self.take(8)?.try_into().expect("8 bytes were taken"));
        usize::try_from(value).map_err(|_| ImageError("a length is too large".into()))
    }

    fn long_text(&mut self) -> Result<String, ImageError> {
        let length = self.u64()?;
        let text = std::str::from_utf8(self.take(length)?);
        text.map(str::to_owned).map_err(|_| ImageError("a text is not UTF-8".into()))
    }

    fn text(&mut self) -> Result<&'a str, ImageError> {
        let length = u32::from_le_bytes(self.take(4)?.try_into().expect("4 bytes were taken"));
        let bytes = self.take(length as usize)?;
        std::str::from_utf8(bytes).map_err(|_| ImageError("a text is not UTF-8".into()))
    }
}
