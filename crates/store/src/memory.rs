//! A store in memory that fails on demand, for simulations: the same answers as the databases,
//! and the faults they may have, at the call that is told to fail. No clock, no chance: the same
//! calls give the same answers.

use crate::record::{check_mending, check_query, check_records};
use crate::{
    BLOCK_HEAD_BYTES, Block, BlockHead, Hash, Record, RecordHead, RecordOrder, RecordQuery,
    SNAPSHOTS_KEPT, Store, StoreError, check_block, check_document, check_kept, check_names,
    check_shelf, check_snapshot, settle,
};
use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What outlives a crash. Clones are the same disk; each [`MemoryStore`] is one process using it.
#[derive(Clone, Default)]
pub struct MemoryDisk {
    shared: Arc<Mutex<Disk>>,
}

/// Which call a planned fault waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    Append,
    PutSnapshot,
    PutDocument,
    MendRecords,
    Keep,
    /// Any call that only reads.
    Read,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Answers `Full`; nothing is kept.
    Full,
    /// Answers `Busy`; nothing is kept.
    Busy,
    /// Answers `Lost`; nothing was kept.
    LostBefore,
    /// Answers `Lost`, but it was kept. A read that is lost is lost either way.
    LostAfter,
    /// The machine died in the middle of the write: `Lost`, nothing of it can be seen, and every
    /// open store is dead as after [`MemoryDisk::crash`].
    Torn,
    /// Another writer puts this block into the same bank just before; then the call goes on.
    Rival(Block),
}

/// One process's handle on a [`MemoryDisk`].
pub struct MemoryStore {
    disk: MemoryDisk,
    life: u64,
}

#[derive(Default)]
struct Disk {
    banks: BTreeMap<String, Bank>,
    plans: BTreeMap<Call, VecDeque<Fault>>,
    /// Crashes so far. A store opened in an earlier life is dead.
    life: u64,
}

#[derive(Default)]
struct Bank {
    /// The block of seq n is at n - 1.
    blocks: Vec<Block>,
    snapshots: BTreeMap<u64, Vec<u8>>,
    documents: BTreeMap<Hash, Vec<u8>>,
    records: BTreeMap<u64, Record>,
    /// By shelf and name.
    kept: BTreeMap<(String, String), Vec<u8>>,
}

impl MemoryDisk {
    pub fn new() -> Self {
        MemoryDisk::default()
    }

    /// Opens the disk, as a process that starts does.
    pub fn open(&self) -> MemoryStore {
        MemoryStore { disk: self.clone(), life: self.lock().life }
    }

    /// Every store opened so far answers `Lost` from now on; what was kept stays. Plans stay too.
    pub fn crash(&self) {
        self.lock().life += 1;
    }

    /// The next call of this kind, by whichever store, gets this fault; a second plan waits for
    /// the call after it.
    pub fn plan(&self, call: Call, fault: Fault) {
        self.lock().plans.entry(call).or_default().push_back(fault);
    }

    /// Forgets the faults that have not happened.
    pub fn plan_nothing(&self) {
        self.lock().plans.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Disk> {
        // A thread that panicked did so between changes: none panics when it is half done.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MemoryStore {
    /// A store on a disk of its own.
    pub fn new() -> Self {
        MemoryDisk::new().open()
    }

    /// The disk under it, to open again after a crash.
    pub fn disk(&self) -> MemoryDisk {
        self.disk.clone()
    }

    fn write(
        &mut self,
        call: Call,
        bank: &str,
        keep: impl FnOnce(&mut Bank) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut disk = self.disk.lock();
        if disk.life != self.life {
            return Err(StoreError::lost("this process crashed"));
        }
        match disk.next_fault(call) {
            Some(Fault::Full) => return Err(StoreError::Full { what: "as planned".into() }),
            Some(Fault::Busy) => return Err(StoreError::Busy { what: "as planned".into() }),
            Some(Fault::LostBefore) => return Err(StoreError::lost("as planned, before")),
            Some(Fault::Torn) => {
                disk.life += 1;
                return Err(StoreError::lost("as planned, in the middle"));
            }
            Some(Fault::LostAfter) => {
                // If the write is refused, that answer is what is lost.
                let _ = keep(disk.banks.entry(bank.to_owned()).or_default());
                return Err(StoreError::lost("as planned, after"));
            }
            Some(Fault::Rival(block)) => {
                let kept = disk.banks.entry(bank.to_owned()).or_default().append(&block, &[]);
                assert!(kept.is_ok(), "a rival's block must follow the tip: {kept:?}");
            }
            None => {}
        }
        keep(disk.banks.entry(bank.to_owned()).or_default())
    }

    fn look<T: Default>(
        &mut self,
        bank: &str,
        see: impl FnOnce(&Bank) -> T,
    ) -> Result<T, StoreError> {
        let mut disk = self.disk.lock();
        if disk.life != self.life {
            return Err(StoreError::lost("this process crashed"));
        }
        if disk.next_fault(Call::Read).is_some() {
            return Err(StoreError::lost("as planned, reading"));
        }
        Ok(disk.banks.get(bank).map(see).unwrap_or_default())
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        MemoryStore::new()
    }
}

impl Store for MemoryStore {
    fn append_with(
        &mut self,
        bank: &str,
        block: &Block,
        records: &[Record],
    ) -> Result<(), StoreError> {
        check_block(bank, block)?;
        check_records(bank, records)?;
        self.write(Call::Append, bank, |bank| bank.append(block, records))
    }

    fn tip(&mut self, bank: &str) -> Result<Option<BlockHead>, StoreError> {
        self.look(bank, Bank::tip)
    }

    fn read(
        &mut self,
        bank: &str,
        from_seq: u64,
        max_bytes: usize,
    ) -> Result<Vec<Block>, StoreError> {
        self.look(bank, |bank| {
            let mut blocks: Vec<Block> = Vec::new();
            let mut weight = 0;
            for block in bank.from(from_seq) {
                weight += block.payload.len() + BLOCK_HEAD_BYTES;
                if !blocks.is_empty() && weight > max_bytes {
                    break;
                }
                blocks.push(block.clone());
            }
            blocks
        })
    }

    fn heads(
        &mut self,
        bank: &str,
        from_seq: u64,
        limit: usize,
    ) -> Result<Vec<BlockHead>, StoreError> {
        self.look(bank, |bank| bank.from(from_seq).iter().take(limit).map(Block::head).collect())
    }

    fn heads_of_day(
        &mut self,
        bank: &str,
        business_date: i32,
        from_seq: u64,
        limit: usize,
    ) -> Result<Vec<BlockHead>, StoreError> {
        self.look(bank, |bank| {
            let blocks = bank.from(from_seq).iter();
            let of_day = blocks.filter(|block| block.business_date == business_date);
            of_day.take(limit).map(Block::head).collect()
        })
    }

    fn block_of_entry(&mut self, bank: &str, entry: u64) -> Result<Option<Block>, StoreError> {
        self.look(bank, |bank| {
            let end = bank.blocks.partition_point(|block| block.first_entry <= entry);
            bank.blocks[..end].last().cloned()
        })
    }

    fn put_snapshot(&mut self, bank: &str, seq: u64, bytes: &[u8]) -> Result<(), StoreError> {
        check_snapshot(bank, seq)?;
        self.write(Call::PutSnapshot, bank, |bank| {
            bank.snapshots.insert(seq, bytes.to_vec());
            while bank.snapshots.len() > SNAPSHOTS_KEPT {
                bank.snapshots.pop_first();
            }
            Ok(())
        })
    }

    fn snapshot_at_or_before(
        &mut self,
        bank: &str,
        seq: u64,
    ) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        self.look(bank, |bank| {
            bank.snapshots.range(..=seq).next_back().map(|(seq, bytes)| (*seq, bytes.clone()))
        })
    }

    fn put_document(&mut self, bank: &str, sha256: &Hash, bytes: &[u8]) -> Result<(), StoreError> {
        check_document(bank, sha256, bytes)?;
        self.write(Call::PutDocument, bank, |bank| {
            bank.documents.insert(*sha256, bytes.to_vec());
            Ok(())
        })
    }

    fn get_document(&mut self, bank: &str, sha256: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
        self.look(bank, |bank| bank.documents.get(sha256).cloned())
    }

    fn documents(
        &mut self,
        bank: &str,
        after: Option<&Hash>,
        limit: usize,
    ) -> Result<Vec<Hash>, StoreError> {
        let behind = after.map_or(Bound::Unbounded, |after| Bound::Excluded(*after));
        self.look(bank, |bank| {
            let range = bank.documents.range((behind, Bound::Unbounded));
            range.take(limit).map(|(digest, _)| *digest).collect()
        })
    }

    fn record(&mut self, bank: &str, id: u64) -> Result<Option<Record>, StoreError> {
        self.look(bank, |bank| bank.records.get(&id).cloned())
    }

    fn records(&mut self, bank: &str, query: &RecordQuery) -> Result<Vec<RecordHead>, StoreError> {
        check_query(query)?;
        self.look(bank, |bank| {
            let ids = query.ids();
            if ids.is_empty() {
                return Vec::new();
            }
            let wanted = bank.records.range(ids).map(|(_, r)| r).filter(|r| query.wants(r));
            match query.order {
                RecordOrder::OldestFirst => wanted.take(query.limit).map(Record::head).collect(),
                RecordOrder::NewestFirst => {
                    wanted.rev().take(query.limit).map(Record::head).collect()
                }
            }
        })
    }

    fn records_from(
        &mut self,
        bank: &str,
        from_id: u64,
        max_bytes: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.look(bank, |bank| {
            let mut records: Vec<Record> = Vec::new();
            let mut weight = 0;
            for record in bank.records.range(from_id..).map(|(_, record)| record) {
                weight += record.weight();
                if !records.is_empty() && weight > max_bytes {
                    break;
                }
                records.push(record.clone());
            }
            records
        })
    }

    fn mend_records(
        &mut self,
        bank: &str,
        put: &[Record],
        remove: &[u64],
    ) -> Result<(), StoreError> {
        check_mending(bank, put, remove)?;
        self.write(Call::MendRecords, bank, |bank| {
            remove.iter().for_each(|id| drop(bank.records.remove(id)));
            bank.keep(put);
            Ok(())
        })
    }

    fn keep(
        &mut self,
        bank: &str,
        shelf: &str,
        name: &str,
        value: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        check_kept(bank, &[shelf, name], value)?;
        self.write(Call::Keep, bank, |bank| {
            let key = (shelf.to_owned(), name.to_owned());
            match value {
                Some(value) => drop(bank.kept.insert(key, value.to_vec())),
                None => drop(bank.kept.remove(&key)),
            }
            Ok(())
        })
    }

    fn kept(&mut self, bank: &str, shelf: &str, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        check_names(&[shelf, name])?;
        let key = (shelf.to_owned(), name.to_owned());
        self.look(bank, |bank| bank.kept.get(&key).cloned())
    }

    fn kept_on(
        &mut self,
        bank: &str,
        shelf: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        check_shelf(shelf, after)?;
        let behind = Bound::Excluded((shelf.to_owned(), after.to_owned()));
        self.look(bank, |bank| {
            let kept = bank.kept.range((behind, Bound::Unbounded));
            let here = kept.take_while(|((on, _), _)| on == shelf).take(limit);
            here.map(|((_, name), value)| (name.clone(), value.clone())).collect()
        })
    }

    fn shelves(&mut self, bank: &str) -> Result<Vec<String>, StoreError> {
        self.look(bank, |bank| {
            let mut shelves: Vec<String> =
                bank.kept.keys().map(|(shelf, _)| shelf.clone()).collect();
            shelves.dedup();
            shelves
        })
    }

    fn banks(&mut self) -> Result<Vec<String>, StoreError> {
        let mut disk = self.disk.lock();
        if disk.life != self.life || disk.next_fault(Call::Read).is_some() {
            return Err(StoreError::lost("as planned, reading"));
        }
        let with_blocks = disk.banks.iter().filter(|(_, bank)| !bank.blocks.is_empty());
        Ok(with_blocks.map(|(name, _)| name.clone()).collect())
    }
}

impl Disk {
    fn next_fault(&mut self, call: Call) -> Option<Fault> {
        self.plans.get_mut(&call)?.pop_front()
    }
}

impl Bank {
    fn tip(&self) -> Option<BlockHead> {
        self.blocks.last().map(Block::head)
    }

    fn from(&self, seq: u64) -> &[Block] {
        let start = usize::try_from(seq.max(1) - 1).unwrap_or(usize::MAX);
        self.blocks.get(start..).unwrap_or_default()
    }

    fn keep(&mut self, records: &[Record]) {
        self.records.extend(records.iter().map(|record| (record.id, record.clone())));
    }

    fn append(&mut self, block: &Block, records: &[Record]) -> Result<(), StoreError> {
        let follows = match self.blocks.last() {
            None => block.seq == 1,
            Some(tip) => {
                block.seq == tip.seq + 1
                    && block.prev_hash == tip.hash
                    && block.first_entry >= tip.first_entry
            }
        };
        if !follows {
            let there = self.from(block.seq).first().map(Block::head);
            return settle(block, there.as_ref(), self.tip().as_ref());
        }
        self.blocks.push(block.clone());
        self.keep(records);
        Ok(())
    }
}
