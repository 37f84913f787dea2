//! Reading a bank's blocks into its state: recovery, hot standby and verification are this.

use crate::fault::Fault;
use bank::image;
use bank::rulebook::{RuleError, Rulebook};
use bank::state::State;
use bank::{Loaded, Needs};
use crossbeam_channel::bounded;
use history::block::{Body, decode, hash_block};
use ledger::entry::EntryNo;
use ledger::fact::Fact;
use store::{Block, Hash, Store};

/// How many bytes of blocks are read at a time.
const READ_BYTES: usize = 4 << 20;

/// How many readings lie decoded while one is applied.
const READ_AHEAD: usize = 2;

/// A bank as far as its blocks have been read.
pub struct Follower {
    pub(crate) store: Box<dyn Store>,
    pub(crate) bank: String,
    pub(crate) state: State,
    pub(crate) seq: u64,
    pub(crate) hash: Hash,
    /// The first entry that no snapshot holds.
    pub(crate) snapshot_entry: EntryNo,
}

/// A block with what it says, its chain and its own figures checked.
pub(crate) struct Decoded {
    pub block: Block,
    pub body: Body,
    pub facts: Vec<(u32, Fact)>,
}

impl Decoded {
    pub fn closes_a_day(&self) -> bool {
        self.facts.iter().any(|(_, fact)| matches!(fact, Fact::DayClosed { .. }))
    }
}

impl Follower {
    /// Opens a bank at its newest snapshot that is sound and of this chain, or at its beginning;
    /// blocks after that are read by [`Follower::catch_up`].
    pub fn open(mut store: Box<dyn Store>, bank: &str) -> Result<Self, Fault> {
        let mut at_most = store::SEQ_MAX;
        loop {
            let (seq, bytes) = match store.snapshot_at_or_before(bank, at_most) {
                Ok(Some(found)) => found,
                // What the blocks say can be replayed from the beginning.
                Ok(None) | Err(store::StoreError::Corrupt { .. }) => {
                    return Self::from_the_beginning(store, bank);
                }
                Err(error) => return Err(error.into()),
            };
            let head = store.heads(bank, seq, 1)?.first().copied();
            let (image, hash) = bytes.split_last_chunk::<32>().unwrap_or((&bytes, &[0; 32]));
            if head.is_some_and(|head| head.seq == seq && head.hash == *hash)
                && let Ok(state) = image::read(image)
            {
                let (bank, snapshot_entry) = (bank.to_owned(), state.book.next_entry);
                let mut follower = Self { store, bank, state, seq, hash: *hash, snapshot_entry };
                follower.recall_keys()?;
                return Ok(follower);
            }
            let Some(before) = seq.checked_sub(1) else {
                return Self::from_the_beginning(store, bank);
            };
            at_most = before;
        }
    }

    /// Opens a bank at its first block, trusting no snapshot.
    pub fn from_the_beginning(mut store: Box<dyn Store>, bank: &str) -> Result<Self, Fault> {
        let first = store.read(bank, 1, 1)?;
        let first = first.first().ok_or_else(|| Fault::NoBank(bank.to_owned()))?;
        let body = decode_block(first)?;
        let facts = facts_of(first.seq, &body)?;
        let files = facts.into_iter().find_map(|(_, fact)| match fact {
            Fact::RulebookActivated { files, .. } => Some(files),
            _ => None,
        });
        let what = "it begins without a rulebook".to_owned();
        let files = files.ok_or(Fault::Damaged { seq: 1, what })?;
        let rulebook = Rulebook::parse(&files)
            .map_err(|errors| Fault::Damaged { seq: 1, what: format!("{errors:?}") })?;
        let (state, hash) = (State::new(rulebook), first.prev_hash);
        let bank = bank.to_owned();
        Ok(Self { store, bank, state, seq: 0, hash, snapshot_entry: EntryNo(1) })
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    /// Sequence number of the last block read.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Reads and applies every block that the store has by now; `progress` is told each seq.
    pub fn catch_up(&mut self, mut progress: impl FnMut(u64)) -> Result<u64, Fault> {
        let from = self.seq;
        self.each_block(|state, decoded| {
            apply(state, decoded, |_, _| {})?;
            // The store has the records of matters that ended: they came with their blocks.
            state.office.ended.clear();
            progress(decoded.block.seq);
            Ok(())
        })?;
        Ok(self.seq - from)
    }

    /// Calls `visit` with each block after the last one read.
    pub(crate) fn each_block(
        &mut self,
        mut visit: impl FnMut(&mut State, &Decoded) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let Self { store, bank, state, seq, hash, .. } = self;
        let from = (*seq + 1, Some(*hash));
        read_ahead(&mut **store, bank, from, store::SEQ_MAX, |decoded| {
            visit(state, decoded)?;
            (*seq, *hash) = (decoded.block.seq, decoded.block.hash);
            Ok(())
        })
    }

    /// Reads the idempotency keys of the days that count, up to the snapshot.
    fn recall_keys(&mut self) -> Result<(), Fault> {
        let Self { store, bank, state, seq, hash, .. } = self;
        let book = &mut state.book;
        let Some(&(_, oldest)) = book.day_starts.first() else { return Ok(()) };
        if oldest >= book.next_entry {
            return Ok(());
        }
        let keys = book.next_entry.0 - oldest.0;
        book.keys.reserve(usize::try_from(keys).unwrap_or(0));
        let from = store.block_of_entry(bank, oldest.0)?.map_or(1, |block| block.seq);
        let mut last = Hash::default();
        read_ahead(&mut **store, bank, (from, None), *seq, |decoded| {
            book.recall_keys(&decoded.body.batch, decoded.body.first_entry);
            last = decoded.block.hash;
            Ok(())
        })?;
        if last == *hash {
            return Ok(());
        }
        Err(Fault::Damaged { seq: *seq, what: "the chain does not lead to it".to_owned() })
    }
}

/// Reads blocks from `from` (and the hash before it, if known) to `until` in a thread of its own,
/// which checks and decodes them while `visit` is busy with earlier ones.
fn read_ahead(
    store: &mut dyn Store,
    bank: &str,
    (from, before): (u64, Option<Hash>),
    until: u64,
    mut visit: impl FnMut(&Decoded) -> Result<(), Fault>,
) -> Result<(), Fault> {
    std::thread::scope(|scope| {
        let (sender, readings) = bounded(READ_AHEAD);
        scope.spawn(move || {
            let (mut next, mut before) = (from, before);
            while next <= until {
                let reading = read(store, bank, next, until, &mut before);
                let end = match &reading {
                    Ok(reading) if !reading.is_empty() => false,
                    Ok(_) => return,
                    Err(_) => true,
                };
                next += reading.as_ref().map_or(0, |reading| reading.len() as u64);
                if sender.send(reading).is_err() || end {
                    return;
                }
            }
        });
        for reading in readings {
            for decoded in &reading? {
                visit(decoded)?;
            }
        }
        Ok(())
    })
}

/// One reading of blocks, each checked against the one before it.
fn read(
    store: &mut dyn Store,
    bank: &str,
    next: u64,
    until: u64,
    before: &mut Option<Hash>,
) -> Result<Vec<Decoded>, Fault> {
    let blocks = store.read(bank, next, READ_BYTES)?;
    let mut decoded = Vec::with_capacity(blocks.len());
    for (block, seq) in blocks.into_iter().zip(next..=until) {
        check_link(&block, seq, *before)?;
        *before = Some(block.hash);
        let body = decode_block(&block)?;
        let facts = facts_of(block.seq, &body)?;
        decoded.push(Decoded { block, body, facts });
    }
    Ok(decoded)
}

fn check_link(block: &Block, seq: u64, before: Option<Hash>) -> Result<(), Fault> {
    let linked = block.seq == seq && before.is_none_or(|before| before == block.prev_hash);
    if linked && hash_block(&block.prev_hash, &block.payload) == block.hash {
        return Ok(());
    }
    let what = if linked { "its hash does not fit" } else { "it does not follow its forerunner" };
    Err(Fault::Damaged { seq: block.seq, what: what.to_owned() })
}

/// Applies a block's entries and facts in the order they were decided; `seen` is told of every
/// fact before it is applied.
pub(crate) fn apply(
    state: &mut State,
    decoded: &Decoded,
    mut seen: impl FnMut(&State, &Fact),
) -> Result<(), Fault> {
    let Decoded { block, body, facts } = decoded;
    if body.first_entry != state.book.next_entry {
        let what = format!("it begins at entry {}", body.first_entry.0);
        return Err(Fault::Damaged { seq: block.seq, what });
    }
    check_ids(state, decoded)?;
    let mut done = 0;
    for (after, fact) in facts {
        let after = (*after as usize).min(body.batch.len());
        state.book.apply_entries(&body.batch, done..after.max(done));
        done = after.max(done);
        seen(state, fact);
        check_rulebook(block.seq, fact)?;
        state
            .apply(fact)
            .map_err(|error| Fault::Damaged { seq: block.seq, what: error.to_string() })?;
    }
    state.book.apply_entries(&body.batch, done..body.batch.len());
    Ok(())
}

/// A rulebook that this version cannot read is no reason to die on: who opens the bank is told.
fn check_rulebook(seq: u64, fact: &Fact) -> Result<(), Fault> {
    let Fact::RulebookActivated { files, .. } = fact else { return Ok(()) };
    let unreadable = |errors: Vec<RuleError>| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Fault::Damaged { seq, what: format!("its rulebook: {}", errors.join("; ")) }
    };
    Rulebook::parse(files).map(drop).map_err(unreadable)
}

/// A line may name an account that a fact of the same block opens, but none beyond.
fn check_ids(state: &State, Decoded { block, body, facts }: &Decoded) -> Result<(), Fault> {
    let opened = facts.iter().map(|(_, fact)| match fact {
        Fact::AccountsOpened { accounts } => accounts.len(),
        _ => 0,
    });
    let accounts = state.book.accounts.len() + opened.sum::<usize>();
    if body.batch.lines.iter().all(|line| line.account.index() < accounts) {
        return Ok(());
    }
    let what = "a line names an account that was not opened".to_owned();
    Err(Fault::Damaged { seq: block.seq, what })
}

/// The body of a block, if it is what the block's own columns say.
pub(crate) fn decode_block(block: &Block) -> Result<Body, Fault> {
    let damaged = |what: String| Fault::Damaged { seq: block.seq, what };
    let body = decode(&block.payload).map_err(|error| damaged(error.to_string()))?;
    if (body.first_entry.0, body.business_date.0) != (block.first_entry, block.business_date) {
        return Err(damaged("its columns are not what its payload says".to_owned()));
    }
    Ok(body)
}

pub(crate) fn facts_of(seq: u64, body: &Body) -> Result<Vec<(u32, Fact)>, Fault> {
    let facts = body.facts.iter().map(|placed| {
        let fact = Fact::read(&placed.json)
            .map_err(|error| Fault::Damaged { seq, what: error.to_string() })?;
        Ok((placed.after, fact))
    });
    facts.collect()
}

/// What a command needs beyond the state: an entry of the past, the documents that it names.
pub(crate) fn load(store: &mut dyn Store, bank: &str, needs: &Needs) -> Result<Loaded, Fault> {
    let mut loaded = Loaded::default();
    if let Some(no) = needs.entry {
        loaded.original = load_entry(store, bank, no)?;
    }
    for digest in &needs.documents {
        if store.get_document(bank, digest)?.is_some() {
            loaded.documents.insert(*digest);
        }
    }
    Ok(loaded)
}

/// The entry `no` as a batch of one, from the block that holds it; `None` if there is none.
pub fn load_entry(
    store: &mut dyn Store,
    bank: &str,
    no: EntryNo,
) -> Result<Option<ledger::Batch>, Fault> {
    let Some(block) = store.block_of_entry(bank, no.0)? else { return Ok(None) };
    let body = decode_block(&block)?;
    let at = no.0.checked_sub(body.first_entry.0).and_then(|at| usize::try_from(at).ok());
    Ok(at.filter(|at| *at < body.batch.len()).map(|at| body.batch.single(at)))
}
