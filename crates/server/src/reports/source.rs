//! Where reports read: the state of the bank, the days that are sealed, and the blocks of the day
//! that is not. Nothing here writes.

use crate::cli::{Global, Scope as Asked};
use crate::home::Home;
use crate::refusal;
use anyhow::Context as _;
use arrow_array::RecordBatch;
use engine::names::Names;
use engine::{Fault, Follower};
use history::archive::Archive;
use history::block::{Body, decode};
use history::group::{Dimension, Group, group_columns};
use history::lines::{Columns, Pick, pick};
use history::report::{Period, Reach, Scope};
use history::scan::{Books, Filter};
use ledger::book::{Book, Phase};
use ledger::chart::Title;
use ledger::entry::{AccountId, EntryNo, InstitutionId, UnitId};
use ledger::{Batch, Day, refusal as no};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use store::Store;

/// Bytes of blocks read in one call.
const READ_BYTES: usize = 16 << 20;
/// Threads that decode sealed days.
const THREADS: usize = 2;

/// Says that nobody waits any longer for a report.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Ends the work if nobody waits for it.
    pub fn go_on(&self) -> Result<(), ledger::Refusal> {
        if self.0.load(Ordering::Relaxed) { Err(refusal::given_up()) } else { Ok(()) }
    }
}

/// The books that a report is made from.
enum Seen {
    Followed(Box<Follower>),
    /// What reports need of a running bank's, as [`excerpt`] takes it.
    Taken(Box<Book>),
}

/// Everything that a report is made from.
pub struct Source {
    home: Home,
    pub archive: Archive,
    seen: Seen,
    names: OnceLock<Names>,
    /// Blocks of the day that is not sealed.
    pub bodies: Vec<Body>,
    store: Box<dyn Store>,
    /// The block that was looked into last.
    last: Option<Body>,
    printed: String,
    stop: Stop,
}

/// What reports need of a book that goes on changing; `accounts` says whether they look at any
/// account's name or balance, of which there may be millions.
pub fn excerpt(book: &Book, accounts: bool) -> Book {
    let mut own = Book::new(Arc::clone(&book.chart));
    own.bank.clone_from(&book.bank);
    own.title = Title::clone(&book.title);
    own.institutions.clone_from(&book.institutions);
    (own.today, own.phase, own.next_entry) = (book.today, book.phase, book.next_entry);
    own.certificate.clone_from(&book.certificate);
    if accounts {
        own.accounts = book.accounts.clone();
        own.items.clone_from(&book.items);
        own.corrections.clone_from(&book.corrections);
        own.gl_closing.clone_from(&book.gl_closing);
    }
    own
}

impl Source {
    pub fn open(global: &Global) -> anyhow::Result<Self> {
        let home = Home::open(&global.home)?;
        let follower = home.follow()?;
        let now = jiff::Timestamp::now().round(jiff::Unit::Second)?;
        let printed = format!("{} {now}", global.operator);
        Self::over(home, Seen::Followed(Box::new(follower)), printed, Stop::default())
    }

    /// Reads beside a running bank, from an excerpt of its book, until told to stop.
    pub fn beside(home: Home, book: Book, printed: String, stop: Stop) -> anyhow::Result<Self> {
        Self::over(home, Seen::Taken(Box::new(book)), printed, stop)
    }

    fn over(home: Home, seen: Seen, printed: String, stop: Stop) -> anyhow::Result<Self> {
        let archive = home.archive()?.until(Arc::clone(&stop.0));
        let mut store = home.store()?;
        let book = seen.book();
        if let Some(last) = &book.certificate
            && !archive.catalog(&home.config.bank)?.is_whole(last.day, last.last_seq)
        {
            // Figures without a day's lines would be wrong and look right.
            return Err(refusal::sealed_day_missing().into());
        }
        let sealed = book.certificate.as_ref().map_or(0, |certificate| certificate.last_seq);
        let bodies = match book.phase {
            Phase::Closed => Vec::new(),
            _ => bodies_after(&mut *store, &home.config.bank, (sealed, book.next_entry), &stop)?,
        };
        let (names, last) = (OnceLock::new(), None);
        Ok(Self { home, archive, seen, names, bodies, store, last, printed, stop })
    }

    pub fn book(&self) -> &Book {
        self.seen.book()
    }

    /// The names behind the ids of lines.
    pub fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::of(self.book()))
    }

    pub fn home(&self) -> &Home {
        &self.home
    }

    pub fn bank(&self) -> &str {
        &self.home.config.bank
    }

    /// Whether the bank's day is not sealed yet.
    pub fn is_open(&self) -> bool {
        self.book().phase != Phase::Closed
    }

    /// The institution asked for with those below it, or the whole bank.
    pub fn scope(&self, asked: &Asked) -> anyhow::Result<Scope<'_>> {
        let book = self.book();
        let institution = match &asked.institution {
            None => InstitutionId(0),
            Some(code) => {
                let found = book.institution_by_code(code);
                found.ok_or_else(|| no::unknown_institution(code).at("--institution"))?
            }
        };
        Ok(Scope {
            bank: Title::clone(&book.title),
            chart: &book.chart,
            institutions: &book.institutions,
            institution,
            reach: Reach::Subtree,
            printed: self.printed.as_str().into(),
        })
    }

    /// The last day asked for: today unless said otherwise.
    pub fn day(&self, asked: &Asked) -> anyhow::Result<Day> {
        let today = self.book().today;
        let day = asked.date.or(asked.to).unwrap_or(today);
        if day > today {
            return Err(no::future_date(day, today).at("--date").into());
        }
        Ok(day)
    }

    /// The period asked for; where only its end is known, `begin` finds the beginning.
    pub fn period(&self, asked: &Asked, begin: fn(Day) -> Day) -> anyhow::Result<Period> {
        let to = self.day(asked)?;
        let from = asked.from.unwrap_or_else(|| begin(to));
        if from > to {
            return Err(refusal::value_wrong("--from", &from.to_string()).into());
        }
        Ok(Period { from, to })
    }

    pub fn unit(&self, asked: &Asked) -> anyhow::Result<Option<UnitId>> {
        let Some(code) = &asked.unit else { return Ok(None) };
        let found = self.book().chart.unit_by_code(code);
        let what = crate::messages::UNIT;
        Ok(Some(found.ok_or_else(|| no::unknown_code("--unit", what, code))?))
    }

    /// Lines, sealed and not, with some columns.
    pub fn lines(&self, filter: &Filter, columns: Columns) -> anyhow::Result<Vec<RecordBatch>> {
        let today = self.today(filter.accounts.as_deref(), columns.and(filter.columns()));
        Ok(self.books(&today).collect(filter, columns)?)
    }

    /// Sums of lines, sealed and not.
    pub fn group(&self, filter: &Filter, by: &[Dimension]) -> anyhow::Result<Vec<Group>> {
        let columns = filter.columns().and(group_columns(by));
        let today = self.today(filter.accounts.as_deref(), columns);
        Ok(self.books(&today).group(filter, by)?)
    }

    /// Some columns of the lines of the blocks that are not sealed, of these accounts or of all.
    pub fn today(&self, accounts: Option<&[AccountId]>, columns: Columns) -> Vec<RecordBatch> {
        if self.bodies.is_empty() {
            return Vec::new();
        }
        vec![pick(&self.bodies, self.names(), &Pick { accounts, days: None, columns })]
    }

    pub fn books<'a>(&'a self, today: &'a [RecordBatch]) -> Books<'a> {
        let sealed_until = self.sealed_until();
        Books { archive: &self.archive, bank: self.bank(), sealed_until, today, threads: THREADS }
    }

    /// The last day that the journal closed; what is sealed beyond it does not count.
    fn sealed_until(&self) -> Option<Day> {
        self.book().certificate.as_ref().map(|certificate| certificate.day)
    }

    /// The closed days of a period that are sealed, and whether each has the balances of all
    /// accounts.
    pub fn sealed(&self, from: Day, to: Day) -> anyhow::Result<Vec<(Day, bool)>> {
        let Some(to) = self.sealed_until().map(|until| until.min(to)) else {
            return Ok(Vec::new());
        };
        if from > to {
            return Ok(Vec::new());
        }
        let catalog = self.archive.catalog(self.bank())?;
        let days = catalog.days.range(from..=to);
        Ok(days.map(|(day, manifest)| (*day, manifest.full_balances)).collect())
    }

    /// One entry of the journal.
    pub fn entry(&mut self, no: EntryNo) -> anyhow::Result<Option<Batch>> {
        self.stop.go_on()?;
        // Who asks for many asks for neighbours.
        if let Some(entry) = self.last.as_ref().and_then(|body| single(body, no)) {
            return Ok(Some(entry));
        }
        let block = self.store.block_of_entry(&self.home.config.bank, no.0).map_err(Fault::from)?;
        let Some(block) = block else { return Ok(None) };
        let body = decode(&block.payload).with_context(|| block.seq.to_string())?;
        let entry = single(&body, no);
        self.last = Some(body);
        Ok(entry)
    }
}

impl Seen {
    fn book(&self) -> &Book {
        match self {
            Self::Followed(follower) => &follower.state().book,
            Self::Taken(book) => book,
        }
    }
}

fn single(body: &Body, no: EntryNo) -> Option<Batch> {
    let at = no.0.checked_sub(body.first_entry.0).and_then(|at| usize::try_from(at).ok())?;
    (at < body.batch.len()).then(|| body.batch.single(at))
}

/// Blocks after `seq`, as far as the book goes: what was posted meanwhile is not in its balances.
fn bodies_after(
    store: &mut dyn Store,
    bank: &str,
    (seq, until): (u64, EntryNo),
    stop: &Stop,
) -> anyhow::Result<Vec<Body>> {
    let (mut next, mut bodies) = (seq + 1, Vec::new());
    loop {
        stop.go_on()?;
        let blocks = store.read(bank, next, READ_BYTES).map_err(Fault::from)?;
        let Some(last) = blocks.last() else { return Ok(bodies) };
        next = last.seq + 1;
        for block in &blocks {
            let mut body = decode(&block.payload).with_context(|| block.seq.to_string())?;
            let room = until.0.saturating_sub(body.first_entry.0);
            let room = usize::try_from(room).unwrap_or(usize::MAX);
            if room == 0 && !body.batch.is_empty() {
                return Ok(bodies);
            }
            if room < body.batch.len() {
                body.batch = beginning(&body.batch, room);
            }
            bodies.push(body);
        }
    }
}

/// The first entries of a batch.
fn beginning(batch: &Batch, entries: usize) -> Batch {
    let mut own = Batch::default();
    for at in 0..entries {
        let range = batch.range(at);
        own.push(batch.entries[at].key, batch.header(at).clone(), &batch.lines[range.clone()]);
        own.marks.extend(batch.marks(range).iter().copied());
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::entry::{EntryKind, Header, Key, Line, LineFlags};

    fn header() -> Header {
        let [code, maker, checker, authoriser, channel, document, summary] =
            [""; 7].map(ledger::entry::Text::from);
        Header {
            business_date: Day::default(),
            value_date: Day::default(),
            institution: InstitutionId(0),
            code,
            maker,
            checker,
            authoriser,
            channel,
            document,
            attachments: 0,
            summary,
            kind: EntryKind::Normal,
            original: EntryNo(0),
        }
    }

    #[test]
    fn a_block_is_read_as_far_as_the_book_goes() {
        let mut batch = Batch::default();
        for (key, amount) in [(1, 5), (2, 7), (3, 9)] {
            let line = Line { account: AccountId(0), flags: LineFlags::default(), amount };
            batch.push(Key(key), header(), &[line, line]);
        }
        let cut = beginning(&batch, 2);
        assert_eq!((cut.len(), cut.lines.len(), cut.headers.len()), (2, 4, 2));
        assert_eq!((cut.lines(1), cut.entries[1]), (batch.lines(1), batch.entries[1]));
        assert_eq!(beginning(&batch, 3).lines, batch.lines);
    }

    #[test]
    fn who_stops_waiting_stops_the_work() {
        let stop = Stop::default();
        let other = stop.clone();
        assert!(other.go_on().is_ok());
        stop.set();
        assert_eq!(other.go_on().unwrap_err().code, "GivenUp");
    }
}
