//! A store that is waited for: while a database changes over to another server it answers nobody,
//! and a bank that gave up at once would have to be started again by hand.

use crate::{Block, BlockHead, Hash, Record, RecordHead, RecordQuery, Store, StoreError};
use std::time::{Duration, Instant};

/// Between two attempts, at first; then twice as long each time.
const PAUSE_FIRST: Duration = Duration::from_millis(50);
const PAUSE_MAX: Duration = Duration::from_secs(2);

/// Repeats an append that was [`StoreError::Lost`] or [`StoreError::Busy`] for a while. Appending
/// the very same block again is safe, whatever became of it before; other calls fail at once.
pub struct Patient {
    store: Box<dyn Store>,
    patience: Duration,
    sleep: fn(Duration),
}

impl Patient {
    pub fn new(store: Box<dyn Store>, patience: Duration) -> Self {
        Self { store, patience, sleep: std::thread::sleep }
    }
}

impl Store for Patient {
    fn append_with(
        &mut self,
        bank: &str,
        block: &Block,
        records: &[Record],
    ) -> Result<(), StoreError> {
        let started = Instant::now();
        let mut pause = PAUSE_FIRST;
        loop {
            match self.store.append_with(bank, block, records) {
                Err(StoreError::Lost { .. } | StoreError::Busy { .. })
                    if started.elapsed() + pause <= self.patience =>
                {
                    (self.sleep)(pause);
                    pause = (pause * 2).min(PAUSE_MAX);
                }
                result => return result,
            }
        }
    }

    fn tip(&mut self, bank: &str) -> Result<Option<BlockHead>, StoreError> {
        self.store.tip(bank)
    }

    fn read(&mut self, bank: &str, from: u64, max_bytes: usize) -> Result<Vec<Block>, StoreError> {
        self.store.read(bank, from, max_bytes)
    }

    fn heads(&mut self, bank: &str, from: u64, limit: usize) -> Result<Vec<BlockHead>, StoreError> {
        self.store.heads(bank, from, limit)
    }

    fn heads_of_day(
        &mut self,
        bank: &str,
        business_date: i32,
        from: u64,
        limit: usize,
    ) -> Result<Vec<BlockHead>, StoreError> {
        self.store.heads_of_day(bank, business_date, from, limit)
    }

    fn block_of_entry(&mut self, bank: &str, entry: u64) -> Result<Option<Block>, StoreError> {
        self.store.block_of_entry(bank, entry)
    }

    fn put_snapshot(&mut self, bank: &str, seq: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.store.put_snapshot(bank, seq, bytes)
    }

    fn snapshot_at_or_before(
        &mut self,
        bank: &str,
        seq: u64,
    ) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        self.store.snapshot_at_or_before(bank, seq)
    }

    fn put_document(&mut self, bank: &str, sha256: &Hash, bytes: &[u8]) -> Result<(), StoreError> {
        self.store.put_document(bank, sha256, bytes)
    }

    fn get_document(&mut self, bank: &str, sha256: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.get_document(bank, sha256)
    }

    fn documents(
        &mut self,
        bank: &str,
        after: Option<&Hash>,
        limit: usize,
    ) -> Result<Vec<Hash>, StoreError> {
        self.store.documents(bank, after, limit)
    }

    fn record(&mut self, bank: &str, id: u64) -> Result<Option<Record>, StoreError> {
        self.store.record(bank, id)
    }

    fn records(&mut self, bank: &str, query: &RecordQuery) -> Result<Vec<RecordHead>, StoreError> {
        self.store.records(bank, query)
    }

    fn records_from(
        &mut self,
        bank: &str,
        from_id: u64,
        max_bytes: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.store.records_from(bank, from_id, max_bytes)
    }

    fn mend_records(
        &mut self,
        bank: &str,
        put: &[Record],
        remove: &[u64],
    ) -> Result<(), StoreError> {
        self.store.mend_records(bank, put, remove)
    }

    fn keep(
        &mut self,
        bank: &str,
        shelf: &str,
        name: &str,
        value: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        self.store.keep(bank, shelf, name, value)
    }

    fn kept(&mut self, bank: &str, shelf: &str, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.kept(bank, shelf, name)
    }

    fn kept_on(
        &mut self,
        bank: &str,
        shelf: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.store.kept_on(bank, shelf, after, limit)
    }

    fn shelves(&mut self, bank: &str) -> Result<Vec<String>, StoreError> {
        self.store.shelves(bank)
    }

    fn banks(&mut self) -> Result<Vec<String>, StoreError> {
        self.store.banks()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::memory::{Call, Fault, MemoryDisk};

    fn first() -> Block {
        Block {
            seq: 1,
            prev_hash: [0; 32],
            hash: [1; 32],
            first_entry: 1,
            business_date: 0,
            payload: bytes::Bytes::from_static(b"one"),
        }
    }

    fn append(patience: Duration, faults: &[Fault]) -> Result<(), StoreError> {
        let disk = MemoryDisk::new();
        faults.iter().for_each(|fault| disk.plan(Call::Append, fault.clone()));
        let store = Box::new(disk.open());
        Patient { store, patience, sleep: |_| {} }.append("a", &first())
    }

    #[test]
    fn a_store_that_comes_back_in_time_is_waited_for() {
        let faults = [Fault::LostAfter, Fault::Busy];
        append(Duration::from_secs(20), &faults).unwrap();
    }

    #[test]
    fn patience_ends_and_a_full_disk_is_not_waited_for() {
        let lost = append(Duration::ZERO, &[Fault::LostBefore]);
        assert!(matches!(lost, Err(StoreError::Lost { .. })), "{lost:?}");
        let full = append(Duration::from_secs(20), &[Fault::Full]);
        assert!(matches!(full, Err(StoreError::Full { .. })), "{full:?}");
    }
}
