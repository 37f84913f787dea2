//! Reading a bank's blocks into its state: recovery, hot standby and verification are this.

use crate::fault::Fault;
use bank::state::State;
use bank::{image, rulebook::Rulebook};
use history::block::{Body, decode, hash_block};
use ledger::entry::EntryNo;
use ledger::fact::Fact;
use store::{Block, Hash, Store};

/// How many bytes of blocks are read at a time.
const READ_BYTES: usize = 16 << 20;

/// A bank as far as its blocks have been read.
pub struct Follower {
    pub(crate) store: Box<dyn Store>,
    pub(crate) bank: String,
    pub(crate) state: State,
    pub(crate) seq: u64,
    pub(crate) hash: Hash,
}

impl Follower {
    /// Opens a bank at its newest readable snapshot, or at its beginning; blocks after that are
    /// read by [`Follower::catch_up`].
    pub fn open(mut store: Box<dyn Store>, bank: &str) -> Result<Self, Fault> {
        let mut before = store::SEQ_MAX;
        loop {
            match store.snapshot_at_or_before(bank, before) {
                Ok(None) => return Self::from_the_beginning(store, bank),
                Ok(Some((seq, bytes))) => {
                    if let Ok(state) = image::read(&bytes) {
                        return Self::from_snapshot(store, bank, state, seq);
                    }
                    before = seq.saturating_sub(1);
                }
                // An older snapshot, or replay from the beginning, serves as well.
                Err(store::StoreError::Corrupt { .. }) => {
                    return Self::from_the_beginning(store, bank);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Opens a bank at its first block, trusting no snapshot.
    pub fn from_the_beginning(mut store: Box<dyn Store>, bank: &str) -> Result<Self, Fault> {
        let first = store.read(bank, 1, 1)?;
        let first = first.first().ok_or_else(|| Fault::NoBank(bank.to_owned()))?;
        let body = decode_block(first)?;
        let files = facts_of(first.seq, &body)?.into_iter().find_map(|(_, fact)| match fact {
            Fact::RulebookActivated { files, .. } => Some(files),
            _ => None,
        });
        let what = "it begins without a rulebook".to_owned();
        let files = files.ok_or(Fault::Damaged { seq: 1, what })?;
        let rulebook = Rulebook::parse(&files)
            .map_err(|errors| Fault::Damaged { seq: 1, what: format!("{errors:?}") })?;
        let (state, hash) = (State::new(rulebook), first.prev_hash);
        Ok(Self { store, bank: bank.to_owned(), state, seq: 0, hash })
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
        self.each_block(|follower, block, body| {
            follower.apply(block, body)?;
            progress(block.seq);
            Ok(())
        })?;
        Ok(self.seq - from)
    }

    /// Calls `visit` with each block after the last one read, its chain checked.
    pub(crate) fn each_block(
        &mut self,
        mut visit: impl FnMut(&mut Self, &Block, &Body) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        loop {
            let blocks = self.store.read(&self.bank, self.seq + 1, READ_BYTES)?;
            if blocks.is_empty() {
                return Ok(());
            }
            for block in &blocks {
                self.check_link(block)?;
                let body = decode_block(block)?;
                visit(self, block, &body)?;
                self.seq = block.seq;
                self.hash = block.hash;
            }
        }
    }

    /// Applies a block's entries and facts in the order they were decided.
    pub(crate) fn apply(&mut self, block: &Block, body: &Body) -> Result<(), Fault> {
        apply_body(&mut self.state, block.seq, body, |_, _| {})
    }

    fn check_link(&self, block: &Block) -> Result<(), Fault> {
        let linked = block.seq == self.seq + 1 && block.prev_hash == self.hash;
        if linked && hash_block(&block.prev_hash, &block.payload) == block.hash {
            return Ok(());
        }
        let what =
            if linked { "its hash does not fit" } else { "it does not follow its forerunner" };
        Err(Fault::Damaged { seq: block.seq, what: what.to_owned() })
    }

    fn from_snapshot(
        mut store: Box<dyn Store>,
        bank: &str,
        state: State,
        seq: u64,
    ) -> Result<Self, Fault> {
        let heads = store.heads(bank, seq, 1)?;
        let Some(head) = heads.first().filter(|head| head.seq == seq) else {
            return Self::from_the_beginning(store, bank);
        };
        let hash = head.hash;
        let mut follower = Self { store, bank: bank.to_owned(), state, seq, hash };
        follower.recall_keys()?;
        Ok(follower)
    }

    /// Reads the idempotency keys of the days that count, up to the snapshot.
    fn recall_keys(&mut self) -> Result<(), Fault> {
        let book = &self.state.book;
        let Some(&(_, oldest)) = book.day_starts.first() else { return Ok(()) };
        if oldest >= book.next_entry {
            return Ok(());
        }
        let until = self.seq;
        let start = self.store.block_of_entry(&self.bank, oldest.0)?;
        let mut next = start.map_or(1, |block| block.seq);
        while next <= until {
            let blocks = self.store.read(&self.bank, next, READ_BYTES)?;
            for block in blocks.iter().take_while(|block| block.seq <= until) {
                let body = decode_block(block)?;
                self.state.book.recall_keys(&body.batch, body.first_entry);
            }
            next = blocks.last().map_or(until, |block| block.seq) + 1;
        }
        Ok(())
    }
}

/// Applies a block to a state; `seen` is told of every fact before it is applied.
pub(crate) fn apply_body(
    state: &mut State,
    seq: u64,
    body: &Body,
    mut seen: impl FnMut(&State, &Fact),
) -> Result<(), Fault> {
    if body.first_entry != state.book.next_entry {
        let what = format!("it begins at entry {}", body.first_entry.0);
        return Err(Fault::Damaged { seq, what });
    }
    check_ids(state, seq, body)?;
    let mut done = 0;
    for (after, fact) in facts_of(seq, body)? {
        let after = (after as usize).min(body.batch.len());
        state.book.apply_entries(&body.batch, done..after.max(done));
        done = after.max(done);
        seen(state, &fact);
        state.apply(&fact);
    }
    state.book.apply_entries(&body.batch, done..body.batch.len());
    Ok(())
}

/// A line may name an account that a fact of the same block opens, but none beyond.
fn check_ids(state: &State, seq: u64, body: &Body) -> Result<(), Fault> {
    let opened: usize = facts_of(seq, body)?
        .iter()
        .map(|(_, fact)| match fact {
            Fact::AccountsOpened { accounts } => accounts.len(),
            _ => 0,
        })
        .sum();
    let accounts = state.book.accounts.len() + opened;
    if body.batch.lines.iter().all(|line| line.account.index() < accounts) {
        return Ok(());
    }
    Err(Fault::Damaged { seq, what: "a line names an account that was not opened".to_owned() })
}

pub(crate) fn decode_block(block: &Block) -> Result<Body, Fault> {
    decode(&block.payload)
        .map_err(|error| Fault::Damaged { seq: block.seq, what: error.to_string() })
}

pub(crate) fn facts_of(seq: u64, body: &Body) -> Result<Vec<(u32, Fact)>, Fault> {
    let facts = body.facts.iter().map(|placed| {
        let fact = serde_json::from_str(&placed.json)
            .map_err(|error| Fault::Damaged { seq, what: error.to_string() })?;
        Ok((placed.after, fact))
    });
    facts.collect()
}

/// The entry `no` as a batch of one, from the block that holds it.
pub(crate) fn load_entry(
    store: &mut dyn Store,
    bank: &str,
    no: EntryNo,
) -> Result<Option<ledger::Batch>, Fault> {
    let Some(block) = store.block_of_entry(bank, no.0)? else { return Ok(None) };
    let body = decode_block(&block)?;
    let at = no.0.checked_sub(body.first_entry.0).and_then(|at| usize::try_from(at).ok());
    Ok(at.filter(|at| *at < body.batch.len()).map(|at| body.batch.single(at)))
}
