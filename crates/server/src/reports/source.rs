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
use store::Store;

/// Bytes of blocks read in one call.
const READ_BYTES: usize = 16 << 20;
/// Threads that decode sealed days.
const THREADS: usize = 2;

/// Everything that a report is made from.
pub struct Source {
    home: Home,
    pub archive: Archive,
    follower: Follower,
    pub names: Names,
    /// Blocks of the day that is not sealed.
    pub bodies: Vec<Body>,
    store: Box<dyn Store>,
    printed: String,
}

impl Source {
    pub fn open(global: &Global) -> anyhow::Result<Self> {
        let home = Home::open(&global.home)?;
        let archive = home.archive()?;
        let follower = home.follow()?;
        let mut store = home.store()?;
        let book = &follower.state().book;
        if let Some(last) = &book.certificate
            && !archive.catalog(&home.config.bank)?.is_whole(last.day, last.last_seq)
        {
            // Figures without a day's lines would be wrong and look right.
            return Err(refusal::sealed_day_missing().into());
        }
        let sealed = book.certificate.as_ref().map_or(0, |certificate| certificate.last_seq);
        let bodies = match book.phase {
            Phase::Closed => Vec::new(),
            _ => bodies_after(&mut *store, &home.config.bank, sealed)?,
        };
        let names = Names::of(book);
        let now = jiff::Timestamp::now().round(jiff::Unit::Second)?;
        let printed = format!("{} {now}", global.operator);
        Ok(Self { home, archive, follower, names, bodies, store, printed })
    }

    pub fn book(&self) -> &Book {
        &self.follower.state().book
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
        vec![pick(&self.bodies, &self.names, &Pick { accounts, days: None, columns })]
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
        let block = self.store.block_of_entry(&self.home.config.bank, no.0).map_err(Fault::from)?;
        let Some(block) = block else { return Ok(None) };
        let body = decode(&block.payload).with_context(|| block.seq.to_string())?;
        let at = no.0.checked_sub(body.first_entry.0).and_then(|at| usize::try_from(at).ok());
        Ok(at.filter(|at| *at < body.batch.len()).map(|at| body.batch.single(at)))
    }
}

fn bodies_after(store: &mut dyn Store, bank: &str, seq: u64) -> anyhow::Result<Vec<Body>> {
    let (mut next, mut bodies) = (seq + 1, Vec::new());
    loop {
        let blocks = store.read(bank, next, READ_BYTES).map_err(Fault::from)?;
        let Some(last) = blocks.last() else { return Ok(bodies) };
        next = last.seq + 1;
        for block in &blocks {
            bodies.push(decode(&block.payload).with_context(|| block.seq.to_string())?);
        }
    }
}
