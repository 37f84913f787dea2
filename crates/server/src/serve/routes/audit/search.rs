//! Looks through the facts of the journal from the newest backwards, in pieces that take bounded
//! memory and time: what was not looked through yet is left for the next page.

use super::happening::{About, Happening};
use engine::Fault;
use history::decode_facts;
use ledger::Day;
use std::time::{Duration, Instant};
use store::{BLOCK_HEAD_BYTES, Block, BlockHead, Store};

/// Heads looked at in one call, and bytes of blocks read in one.
const HEADS: u64 = 2_048;
const READ_BYTES: usize = 4 << 20;

/// What one page may take.
const BUDGET_BYTES: usize = 64 << 20;
const BUDGET_TIME: Duration = Duration::from_secs(2);

/// By how much a writer's clock may have gone back between two blocks, in microseconds.
const SLACK: i64 = 3_600_000_000;

/// What is looked for; what is left empty fits everything.
#[derive(Clone, Debug, Default)]
pub struct Search {
    pub days: (Option<Day>, Option<Day>),
    /// Microseconds since 1970-01-01 UTC.
    pub instants: (Option<i64>, Option<i64>),
    pub operator: String,
    pub kind: String,
    /// All the ways in which the journal may name what it is about.
    pub about: Vec<About>,
    /// Anywhere in the fact.
    pub text: String,
}

/// Where a search goes on: before this fact of this block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub seq: u64,
    pub position: usize,
}

/// A fact that fits.
#[derive(Clone, Debug)]
pub struct Found {
    pub at: Cursor,
    pub micros: i64,
    pub day: Day,
    pub happening: Happening,
}

#[derive(Debug, Default)]
pub struct Page {
    pub found: Vec<Found>,
    /// None: all was looked through.
    pub rest: Option<Cursor>,
}

/// How a block stands to the times that are looked for.
#[derive(PartialEq, Eq)]
enum Time {
    Later,
    Within,
    Earlier,
}

impl Search {
    fn day(&self, head: &BlockHead) -> Time {
        let day = Day(head.business_date);
        match self.days {
            (_, Some(until)) if day > until => Time::Later,
            (Some(from), _) if day < from => Time::Earlier,
            _ => Time::Within,
        }
    }

    fn instant(&self, micros: i64) -> Time {
        match self.instants {
            (_, Some(until)) if micros > until => Time::Later,
            (Some(from), _) if micros < from => Time::Earlier,
            _ => Time::Within,
        }
    }

    fn fits(&self, json: &str) -> Option<Happening> {
        // Most facts are passed over without being read.
        if !json.contains(&self.text) || !json.contains(&self.operator) {
            return None;
        }
        let happening = Happening::read(json)?;
        let fits = (self.kind.is_empty() || happening.kind == self.kind)
            && (self.operator.is_empty() || happening.who.contains(&self.operator))
            && (self.about.is_empty() || happening.is_about(&self.about));
        fits.then_some(happening)
    }
}

/// The newest facts that fit, before `before`, at most `limit` of them.
pub fn search(
    store: &mut dyn Store,
    bank: &str,
    search: &Search,
    (before, limit): (Option<Cursor>, usize),
) -> Result<Page, Fault> {
    let mut walk =
        Walk { search, limit, before, began: Instant::now(), read: 0, found: Vec::new() };
    let mut last = match before {
        Some(Cursor { seq, position: 0 }) => seq.saturating_sub(1),
        Some(Cursor { seq, .. }) => seq,
        None => newest(store, bank, search)?,
    };
    while last > 0 {
        let first = last.saturating_sub(HEADS - 1).max(1);
        let count = usize::try_from(last - first + 1).unwrap_or(usize::MAX);
        let heads = store.heads(bank, first, count)?;
        if let Some(rest) = walk.heads(store, bank, &heads)? {
            return Ok(Page { found: walk.found, rest });
        }
        last = first - 1;
    }
    Ok(Page { found: walk.found, rest: None })
}

/// The last block that can hold what is looked for. Dates and times go up along the chain, so that
/// it is found by halving.
fn newest(store: &mut dyn Store, bank: &str, search: &Search) -> Result<u64, Fault> {
    let Some(tip) = store.tip(bank)? else { return Ok(0) };
    let (mut low, mut high) = (0, tip.seq);
    if search.days.1.is_none() && search.instants.1.is_none() {
        return Ok(high);
    }
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if is_later(store, bank, (search, middle))? {
            high = middle - 1;
        } else {
            low = middle;
        }
    }
    Ok(low)
}

fn is_later(
    store: &mut dyn Store,
    bank: &str,
    (search, seq): (&Search, u64),
) -> Result<bool, Fault> {
    if let Some(until) = search.days.1 {
        let head = store.heads(bank, seq, 1)?;
        if head.first().is_some_and(|head| head.business_date > until.0) {
            return Ok(true);
        }
    }
    let Some(until) = search.instants.1 else { return Ok(false) };
    let block = store.read(bank, seq, 1)?;
    let Some(block) = block.first() else { return Ok(false) };
    Ok(facts_of(block)?.at_micros > until.saturating_add(SLACK))
}

fn facts_of(block: &Block) -> Result<history::BlockFacts, Fault> {
    decode_facts(&block.payload)
        .map_err(|error| Fault::Damaged { seq: block.seq, what: error.to_string() })
}

struct Walk<'a> {
    search: &'a Search,
    limit: usize,
    before: Option<Cursor>,
    began: Instant,
    read: usize,
    found: Vec<Found>,
}

/// That the page is done, and where the next begins.
type Done = Option<Option<Cursor>>;

impl Walk<'_> {
    /// Looks through these blocks, the last first.
    fn heads(
        &mut self,
        store: &mut dyn Store,
        bank: &str,
        heads: &[BlockHead],
    ) -> Result<Done, Fault> {
        let mut end = heads.len();
        while end > 0 {
            match self.search.day(&heads[end - 1]) {
                Time::Later => {
                    end -= 1;
                    continue;
                }
                Time::Earlier => return Ok(Some(None)),
                Time::Within => {}
            }
            let (start, bytes) = piece(&heads[..end]);
            let (first, last) = (heads[start].seq, heads[end - 1].seq);
            self.read += bytes;
            let blocks = store.read(bank, first, bytes)?;
            for block in blocks.iter().rev().filter(|block| block.seq <= last) {
                match self.search.day(&block.head()) {
                    Time::Later => continue,
                    Time::Earlier => return Ok(Some(None)),
                    Time::Within => {}
                }
                if let Some(rest) = self.block(block)? {
                    return Ok(Some(rest));
                }
            }
            let spent = self.read >= BUDGET_BYTES || self.began.elapsed() >= BUDGET_TIME;
            if spent && first > 1 {
                return Ok(Some(Some(Cursor { seq: first, position: 0 })));
            }
            end = start;
        }
        Ok(None)
    }

    fn block(&mut self, block: &Block) -> Result<Done, Fault> {
        let facts = facts_of(block)?;
        match self.search.instant(facts.at_micros) {
            Time::Later => return Ok(None),
            Time::Earlier => {
                // A clock that was set back must not hide what is older.
                let from = self.search.instants.0.unwrap_or(i64::MIN);
                let over = facts.at_micros < from.saturating_sub(SLACK);
                return Ok(over.then_some(None));
            }
            Time::Within => {}
        }
        let end = match self.before {
            Some(Cursor { seq, position }) if seq == block.seq && position > 0 => position,
            _ => facts.facts.len(),
        };
        for (position, fact) in facts.facts.iter().enumerate().take(end).rev() {
            let Some(happening) = self.search.fits(&fact.json) else { continue };
            let at = Cursor { seq: block.seq, position };
            let (micros, day) = (facts.at_micros, facts.business_date);
            self.found.push(Found { at, micros, day, happening });
            if self.found.len() >= self.limit {
                let over = at.seq == 1 && position == 0;
                return Ok(Some((!over).then_some(at)));
            }
        }
        Ok(None)
    }
}

/// Where the last blocks begin that are read in one call, and what they weigh.
fn piece(heads: &[BlockHead]) -> (usize, usize) {
    let weight = |head: &BlockHead| {
        usize::try_from(head.payload_bytes).unwrap_or(usize::MAX).saturating_add(BLOCK_HEAD_BYTES)
    };
    let (mut start, mut bytes) = (heads.len(), 0_usize);
    while let Some(before) = start.checked_sub(1) {
        let more = bytes.saturating_add(weight(&heads[before]));
        if more > READ_BYTES && bytes > 0 {
            break;
        }
        (start, bytes) = (before, more);
    }
    (start, bytes)
}
