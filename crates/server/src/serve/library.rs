//! Keeps the full-text index of this node up to date: a thread of its own looks, soon after the
//! books have changed, at what is new. Nothing waits for it, and what it misses it finds later: it
//! compares what is there with what it has, and never listens to single changes.

use super::app::App;
use super::problem::Problem;
use super::refusal;
use anyhow::Context as _;
use bank::State;
use bank::office::record::Record;
use bank::office::value::{Value, Values};
use bank::rulebook::Rulebook;
use ledger::entry::InstitutionId;
use search::{Kind, Librarian, Library, Mark, Paper, Span};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use store::{Store, StoreError};
use tokio::runtime::Handle;

/// The folder of the home in which it lies; whoever removes it has it made anew.
const FOLDER: &str = "search";

/// How soon after another it looks again, and how late at the latest.
const SOONEST: Duration = Duration::from_millis(500);
const LATEST: Duration = Duration::from_secs(15);

/// Between two attempts after one that failed.
const PAUSE: Duration = Duration::from_secs(2);

/// Things taken from the books with one look, which holds the bank up for a fraction of a
/// millisecond; and bytes of ended matters read at once.
const AT_ONCE: usize = 200;
const PAGE_BYTES: usize = 4 << 20;

/// Things put between two commits of the index while it is made.
const COMMIT_EVERY: usize = 20_000;

/// The index of this node, as those see it who search.
#[derive(Default)]
pub struct Shelves {
    library: OnceLock<Library>,
    complete: AtomicBool,
}

impl Shelves {
    pub fn library(&self) -> Result<Library, Problem> {
        self.library.get().cloned().ok_or_else(|| refusal::search_not_ready().into())
    }

    /// Whether all that the books had a moment ago is found.
    pub fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Acquire)
    }
}

/// What a matter's words are made with; it changes rarely and is shared.
struct Around {
    current: Arc<Rulebook>,
    earlier: BTreeMap<String, Arc<Rulebook>>,
    /// Code and names.
    institutions: Vec<[String; 3]>,
    names: BTreeMap<String, String>,
}

impl Around {
    fn of(state: &State) -> Self {
        let institution = |one: &ledger::book::Institution| {
            [one.code.clone(), one.title.zh.clone(), one.title.en.clone()]
        };
        let people = state.office.people.operators.iter();
        Self {
            current: Arc::clone(&state.rulebook),
            earlier: state.office.earlier.clone(),
            institutions: state.book.institutions.iter().map(institution).collect(),
            names: people.map(|(number, one)| (number.clone(), one.name.clone())).collect(),
        }
    }

    fn institution(&self, id: InstitutionId) -> &[String; 3] {
        &self.institutions[usize::from(id.0)]
    }

    fn paper(&self, record: &Record) -> Paper {
        let rulebook = self.earlier.get(&record.rulebook).unwrap_or(&self.current);
        let title = rulebook.office.matters.get(&record.code).map(|matter| &matter.title);
        let institution = self.institution(record.institution);
        let mut text = vec![record.code.clone(), record.opener.clone()];
        text.extend(title.into_iter().flat_map(|title| [title.zh.clone(), title.en.clone()]));
        text.extend(self.names.get(&record.opener).cloned());
        text.extend(institution.iter().cloned());
        text.extend(said(record));
        Paper {
            kind: Kind::Matter,
            id: record.id,
            version: record.version,
            is_open: !record.has_ended(),
            number: record.number.clone(),
            institution: institution[0].clone(),
            people: people(record),
            text,
            things: things(record),
        }
    }
}

/// The numbers of things that were moved in it.
fn things(record: &Record) -> Vec<Span> {
    let moves = record.moved.iter().flat_map(|one| &one.moves);
    let ranges = moves.filter_map(custody::Move::range);
    ranges.map(|one| Span { kind: before_number(&one), from: one.from, to: one.to }).collect()
}

/// What tells the numbers of a range from others: its kind and its prefix (冠字).
pub fn before_number(range: &custody::Range) -> String {
    format!("{}:{}", range.kind, range.prefix)
}

/// Everybody whose own a matter may be; what else has a code is nobody's number and does no harm.
fn people(record: &Record) -> Vec<String> {
    let hands = record.hands.iter().flat_map(|hand| [&hand.operator, &hand.instead_of]);
    let codes = record.values.values().flat_map(|value| match value {
        Value::Code(one) => std::slice::from_ref(one),
        Value::Codes(all) => all,
        _ => &[],
    });
    let people = hands.chain(codes).chain(record.copies.keys()).chain(&record.signers);
    let people = people.chain(record.delegated.iter().map(|(_, to)| to));
    let people = people.chain(&record.assigned).chain([&record.opener]);
    let mut people: Vec<String> = people.filter(|one| !one.is_empty()).cloned().collect();
    people.sort();
    people.dedup();
    people
}

/// What was typed into a matter: its fields that are words, and its notes.
pub fn said(record: &Record) -> Vec<String> {
    let mut text = Vec::new();
    words(&record.values, &mut text);
    text.extend(record.trace.iter().map(|one| one.note.clone()).filter(|note| !note.is_empty()));
    text
}

fn words(values: &Values, text: &mut Vec<String>) {
    for value in values.values() {
        match value {
            Value::Rows(rows) => rows.iter().for_each(|row| words(row, text)),
            Value::Text(_) | Value::Code(_) | Value::Thing(_) | Value::Attachments(_) => {
                text.push(value.text());
            }
            Value::Codes(codes) => text.extend(codes.iter().cloned()),
            Value::Serials(ranges) => text.extend(ranges.iter().map(ToString::to_string)),
            Value::Integer(_)
            | Value::Decimal(_)
            | Value::Money(_)
            | Value::Date(_)
            | Value::Notes(_)
            | Value::Matter(_) => {}
        }
    }
}

/// Who keeps the index, and how far it has come.
pub struct Keeping {
    app: App,
    handle: Handle,
    librarian: Librarian,
    /// Matters that are open in the index, with their versions.
    known: BTreeMap<u64, u64>,
    mark: Mark,
    /// Things put since the last commit.
    put: usize,
}

/// Goes on until the service stops; blocks.
pub fn keep(app: &App) {
    let handle = Handle::current();
    let (mut changed, mut stopping) = (app.changed.subscribe(), app.streams.stopping());
    let mut keeping = None;
    loop {
        changed.mark_unchanged();
        if let Err(error) = turn(app, &mut keeping) {
            // What it has put and not committed is gone with it; the next one begins where it did.
            tracing::warn!(error = %format!("{error:#}"), "the full-text index waits");
            keeping = None;
        }
        let soonest = if keeping.is_some() { SOONEST } else { PAUSE };
        let next = async {
            tokio::time::sleep(soonest).await;
            let _ = tokio::time::timeout(LATEST, changed.changed()).await;
        };
        let stopped = async {
            tokio::select! {
                () = next => false,
                _ = stopping.wait_for(|stopping| *stopping) => true,
            }
        };
        if handle.block_on(stopped) {
            return;
        }
    }
}

/// Looks once at what is new; who keeps it goes on with the next.
pub fn turn(app: &App, keeping: &mut Option<Keeping>) -> anyhow::Result<()> {
    let mut own = match keeping.take() {
        Some(own) => own,
        None => Keeping::open(app)?,
    };
    own.catch_up()?;
    *keeping = Some(own);
    Ok(())
}

/// A refusal as the reason why nothing goes on.
fn reason(problem: Problem) -> anyhow::Error {
    problem.refusal.into()
}

impl Keeping {
    fn open(app: &App) -> anyhow::Result<Self> {
        let library = match app.shelves.library.get() {
            Some(library) => library.clone(),
            None => Library::open(&app.node.home.folder.join(FOLDER))?,
        };
        let librarian = library.librarian()?;
        let known = library.open_matters()?;
        let mark = library.mark()?;
        let (app, handle) = (app.clone(), Handle::current());
        let mut own = Self { app, handle, librarian, known, mark: Mark::default(), put: 0 };
        match mark {
            Some(mark) if own.is_of_this_chain(&mark)? => own.mark = mark,
            _ => own.clear()?,
        }
        // Only now: what lay there may have been of another bank.
        let _ = own.app.shelves.library.set(library);
        Ok(own)
    }

    fn look<T: Send + 'static>(
        &self,
        view: impl FnOnce(&State) -> T + Send + 'static,
    ) -> anyhow::Result<T> {
        self.handle.block_on(self.app.node.look(view)).map_err(reason)
    }

    fn store<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn Store, &str) -> Result<T, StoreError> + Send + 'static,
    ) -> anyhow::Result<T> {
        self.handle.block_on(self.app.node.store(job)).map_err(reason)
    }

    /// Whether the chain still has the block from which the index was made: a bank that was put
    /// back to an earlier day and went on from there has another one.
    fn is_of_this_chain(&self, mark: &Mark) -> anyhow::Result<bool> {
        let seq = mark.seq;
        let heads = self.store(move |store, bank| store.heads(bank, seq, 1))?;
        let head = heads.first().filter(|head| head.seq == seq);
        Ok(head.is_some_and(|head| ledger::hex(&head.hash) == mark.hash))
    }

    fn clear(&mut self) -> anyhow::Result<()> {
        self.app.shelves.complete.store(false, Ordering::Release);
        self.librarian.clear()?;
        self.known.clear();
        self.mark = Mark::default();
        Ok(())
    }

    /// Puts all that is new since the last time.
    fn catch_up(&mut self) -> anyhow::Result<()> {
        // Before it is looked: what comes after this block may be in the index, and does no harm.
        let tip = self.store(|store, bank| store.tip(bank))?.context("a bank has a block")?;
        let looked = self.look(|state| {
            let open = &state.office.records.open;
            let open: BTreeMap<u64, u64> =
                open.iter().map(|(id, one)| (*id, one.version)).collect();
            let accounts = state.book.accounts.heads.len() as u64;
            (open, state.office.records.next, accounts)
        });
        let (open, next, accounts) = looked?;
        let mut mark = Mark { seq: tip.seq, hash: ledger::hex(&tip.hash), ..self.mark.clone() };
        if mark.seq == self.mark.seq && mark.hash == self.mark.hash && open == self.known {
            self.app.shelves.complete.store(true, Ordering::Release);
            return Ok(());
        }
        let around = self.look(Around::of)?;
        self.accounts(&around, &mut mark, accounts)?;
        self.ended(&around, &mut mark, next)?;
        let gone = self.changed(&around, &open)?;
        self.gone(&around, gone)?;
        mark.matters = mark.matters.max(next);
        self.commit(mark)?;
        self.app.shelves.complete.store(true, Ordering::Release);
        Ok(())
    }

    fn put(&mut self, paper: &Paper) -> anyhow::Result<()> {
        self.put += 1;
        Ok(self.librarian.put(paper)?)
    }

    fn commit(&mut self, mark: Mark) -> anyhow::Result<()> {
        self.librarian.commit(&mark)?;
        (self.mark, self.put) = (mark, 0);
        Ok(())
    }

    fn commit_if_enough(&mut self, mark: &Mark) -> anyhow::Result<()> {
        if self.put < COMMIT_EVERY {
            return Ok(());
        }
        self.commit(mark.clone())
    }

    /// Accounts have numbers in the order in which they were opened, and keep their names.
    fn accounts(&mut self, around: &Around, mark: &mut Mark, count: u64) -> anyhow::Result<()> {
        while mark.accounts < count {
            let from = usize::try_from(mark.accounts)?;
            let heads = self.look(move |state| {
                let accounts = &state.book.accounts;
                let some = accounts.ids().skip(from).take(AT_ONCE);
                let head = |id: ledger::entry::AccountId| {
                    let at = accounts.heads[id.index()].institution;
                    (accounts.number(id).to_owned(), accounts.name(id).to_owned(), at)
                };
                some.map(head).collect::<Vec<_>>()
            })?;
            for (number, name, at) in heads {
                let institution = around.institution(at);
                let title = institution[1..].iter().cloned();
                self.put(&Paper {
                    kind: Kind::Account,
                    id: mark.accounts,
                    version: 0,
                    is_open: false,
                    number,
                    institution: institution[0].clone(),
                    people: Vec::new(),
                    text: [name].into_iter().chain(title).collect(),
                    things: Vec::new(),
                })?;
                mark.accounts += 1;
            }
            self.commit_if_enough(mark)?;
        }
        Ok(())
    }

    /// Matters that had ended when they were first looked at, page by page from the store.
    fn ended(&mut self, around: &Around, mark: &mut Mark, next: u64) -> anyhow::Result<()> {
        while mark.matters < next {
            let from = mark.matters;
            let page = self.store(move |store, bank| store.records_from(bank, from, PAGE_BYTES))?;
            let Some(last) = page.last() else { return Ok(()) };
            let behind = last.id + 1;
            for kept in &page {
                self.put(&around.paper(&serde_json::from_slice(&kept.body)?))?;
            }
            mark.matters = behind;
            self.commit_if_enough(mark)?;
        }
        Ok(())
    }

    /// Open matters that are new or have changed; answers those that have ended.
    fn changed(&mut self, around: &Around, open: &BTreeMap<u64, u64>) -> anyhow::Result<Vec<u64>> {
        let mut gone: Vec<u64> =
            self.known.keys().filter(|id| !open.contains_key(id)).copied().collect();
        let stale = open.iter().filter(|(id, version)| self.known.get(id) != Some(version));
        let stale: Vec<u64> = stale.map(|(id, _)| *id).collect();
        for ids in stale.chunks(AT_ONCE) {
            let wanted = ids.to_vec();
            let records = self.look(move |state| {
                let open = &state.office.records.open;
                wanted.iter().map(|id| open.get(id).cloned()).collect::<Vec<Option<Record>>>()
            })?;
            for (id, record) in ids.iter().zip(records) {
                match record {
                    Some(record) => {
                        self.put(&around.paper(&record))?;
                        self.known.insert(*id, record.version);
                    }
                    // It ended a moment ago, and came into the store with that.
                    None => gone.push(*id),
                }
            }
        }
        Ok(gone)
    }

    fn gone(&mut self, around: &Around, gone: Vec<u64>) -> anyhow::Result<()> {
        for id in gone {
            match self.store(move |store, bank| store.record(bank, id))? {
                Some(kept) => self.put(&around.paper(&serde_json::from_slice(&kept.body)?))?,
                None => self.librarian.remove(Kind::Matter, id),
            }
            self.known.remove(&id);
        }
        Ok(())
    }
}

/// The piece of a text around the first of these words, in small letters as they are; none: it has
/// none of them.
pub fn around(text: &str, words: &[String]) -> Option<String> {
    const BEFORE: usize = 12;
    const BEHIND: usize = 24;
    let small: Vec<char> =
        text.chars().map(|sign| sign.to_lowercase().next().unwrap_or(sign)).collect();
    let found = words.iter().find_map(|word| {
        let word: Vec<char> = word.chars().collect();
        small.windows(word.len()).position(|piece| piece == word).map(|at| (at, word.len()))
    });
    let (at, length) = found?;
    let from = at.saturating_sub(BEFORE);
    let until = (at + length + BEHIND).min(small.len());
    let cut = |is_cut: bool| is_cut.then_some('…');
    let piece = text.chars().skip(from).take(until - from);
    Some(cut(from > 0).into_iter().chain(piece).chain(cut(until < small.len())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_of_a_text_is_cut_around_the_word() {
        let words = |word: &str| vec![word.to_owned()];
        assert_eq!(around("送往河西支行", &words("河西")).as_deref(), Some("送往河西支行"));
        let long = format!("{}河西{}", "前".repeat(40), "后".repeat(40));
        let piece = around(&long, &words("河西")).unwrap();
        assert_eq!(piece, format!("…{}河西{}…", "前".repeat(12), "后".repeat(24)));
        assert_eq!(around("Custody Seals", &words("seals")).as_deref(), Some("Custody Seals"));
        assert_eq!(around("印章", &words("现金")), None);
        assert_eq!(around("", &words("现金")), None);
    }
}
