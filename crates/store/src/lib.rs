//! What a bank must never lose: its blocks, its snapshots and its documents, behind one trait; and
//! beside the blocks, for lists, the records of matters that have ended, and small things that may
//! change and are no facts (credentials, sessions).
//!
//! A bank is a chain of blocks. [`Store::append`] adds the next one and returns when it is on the
//! disk; the key (bank, seq) is the fence that lets exactly one of two writers win. SQLite
//! ([`SqliteStore`], one file) and PostgreSQL ([`PostgresStore`]) answer alike, which one
//! conformance suite proves; [`memory`] answers alike too, and fails on demand.
//!
//! What it does not do: it does not read payloads, compute block hashes or know an entry. Every
//! call blocks its thread; whoever owns a store gives it a thread of its own.

pub mod error;
pub mod memory;
mod patient;
mod postgres;
mod record;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::ops::RangeInclusive;
use std::path::Path;

pub use error::{Outcome, StoreError};
pub use patient::Patient;
pub use postgres::PostgresStore;
pub use record::{
    RECORD_HEAD_BYTES, RECORD_TEXT_BYTES_MAX, RECORDS_LISTED_MAX, Record, RecordHead, RecordOrder,
    RecordQuery,
};
pub use sqlite::SqliteStore;

/// A digest of 32 bytes: SHA-256 or SM3, as the writer chose. The store only compares it.
pub type Hash = [u8; 32];

/// The highest seq of a block or snapshot: 2^40 - 1, a thousand blocks a second for 34 years.
pub const SEQ_MAX: u64 = (1 << 40) - 1;

/// The largest payload of a block and the largest document, in bytes: 256 MiB.
pub const VALUE_BYTES_MAX: usize = 256 << 20;

/// The longest name of a bank, in bytes of UTF-8.
pub const BANK_NAME_BYTES_MAX: usize = 100;

/// The longest name of a shelf, and of what lies on it, in bytes of UTF-8.
pub const KEPT_NAME_BYTES_MAX: usize = 200;

/// The largest value that [`Store::keep`] takes, in bytes: 64 KiB.
pub const KEPT_BYTES_MAX: usize = 64 << 10;

/// Days since 1970-01-01 of a block's business date: the years 1 to 9999, which every database can
/// show as a date.
pub const BUSINESS_DATES: RangeInclusive<i32> = -719_162..=2_932_896;

/// What a block weighs against `max_bytes` of [`Store::read`] besides its payload, in bytes.
pub const BLOCK_HEAD_BYTES: usize = 100;

/// A snapshot is kept in pieces of this many bytes, so that no row is huge.
const SNAPSHOT_CHUNK_BYTES: usize = 8 << 20;

/// How many snapshots of a bank are kept: the newest, and one to fall back to.
const SNAPSHOTS_KEPT: usize = 2;

/// One link of a bank's chain, with what it carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// From 1, without gaps.
    pub seq: u64,
    /// The hash of the block before; of the first block, whatever its writer says.
    pub prev_hash: Hash,
    pub hash: Hash,
    /// The number of its first entry; of a block without entries, the next number to be given.
    /// Never lower than that of the block before.
    pub first_entry: u64,
    /// Days since 1970-01-01.
    pub business_date: i32,
    /// Opaque, at most [`VALUE_BYTES_MAX`].
    pub payload: Bytes,
}

impl Block {
    /// The same block without its payload.
    pub fn head(&self) -> BlockHead {
        BlockHead {
            seq: self.seq,
            prev_hash: self.prev_hash,
            hash: self.hash,
            first_entry: self.first_entry,
            business_date: self.business_date,
            payload_bytes: self.payload.len() as u64,
        }
    }
}

/// A block without its payload: cheap to read, enough to check the chain and to find an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockHead {
    pub seq: u64,
    pub prev_hash: Hash,
    pub hash: Hash,
    pub first_entry: u64,
    /// Days since 1970-01-01.
    pub business_date: i32,
    pub payload_bytes: u64,
}

/// Blocks, snapshots, documents, records and small things of banks, durable.
///
/// Every call answers [`StoreError::Lost`] when the disk or the server stopped answering; the
/// next call reaches for it again. Reading never changes anything, so reads may be repeated.
pub trait Store: Send {
    /// Adds the next block of a bank; on `Ok` it is on the disk.
    ///
    /// The very same block (seq, hash and prev_hash) may be appended again, and that is `Ok`: so
    /// a writer that got [`StoreError::Lost`] repeats itself.
    ///
    /// Errors: `Fenced` when another block has this seq, or the block before is missing or has
    /// another hash; `Malformed` when the block breaks what its fields promise; `Full` and `Busy`
    /// when nothing of it was kept; `Lost` when it is not known whether it was kept.
    fn append(&mut self, bank: &str, block: &Block) -> Result<(), StoreError> {
        self.append_with(bank, block, &[])
    }

    /// As [`Store::append`], and keeps the records of the matters that end with this block: both
    /// or neither. A record of an id that is there already takes its place.
    ///
    /// Of a block that is there already nothing is written, as its records came with it.
    ///
    /// Errors: also `Malformed` when a record breaks what its fields promise or two have one id.
    fn append_with(
        &mut self,
        bank: &str,
        block: &Block,
        records: &[Record],
    ) -> Result<(), StoreError>;

    /// The head of the newest block; `None` for a bank without blocks.
    fn tip(&mut self, bank: &str) -> Result<Option<BlockHead>, StoreError>;

    /// Blocks in order from `from_seq`, as many as weigh no more than `max_bytes` together
    /// (payload and [`BLOCK_HEAD_BYTES`] each), but at least one if there is one.
    ///
    /// `Corrupt` when a seq is missing or a block does not name the one before.
    fn read(
        &mut self,
        bank: &str,
        from_seq: u64,
        max_bytes: usize,
    ) -> Result<Vec<Block>, StoreError>;

    /// At most `limit` heads in order from `from_seq`. Payloads are not read. `Corrupt` as for
    /// [`Store::read`].
    fn heads(
        &mut self,
        bank: &str,
        from_seq: u64,
        limit: usize,
    ) -> Result<Vec<BlockHead>, StoreError>;

    /// At most `limit` heads of one business date (days since 1970-01-01), in order from
    /// `from_seq`; for the next page, ask from the last seq + 1. A date's blocks need not be
    /// neighbours.
    fn heads_of_day(
        &mut self,
        bank: &str,
        business_date: i32,
        from_seq: u64,
        limit: usize,
    ) -> Result<Vec<BlockHead>, StoreError>;

    /// The block that holds this entry: the newest whose `first_entry` is not above it. `None`
    /// if the number is below that of the first block. For a number not given yet it is the
    /// newest block, which does not hold it: the caller looks inside.
    fn block_of_entry(&mut self, bank: &str, entry: u64) -> Result<Option<Block>, StoreError>;

    /// Keeps the state of a bank after block `seq` (0: before the first). Others see it only when
    /// it is whole. The newest two are kept; a second one of the same seq replaces the first.
    fn put_snapshot(&mut self, bank: &str, seq: u64, bytes: &[u8]) -> Result<(), StoreError>;

    /// The newest snapshot at or before `seq` whose bytes are those that were put, with its seq.
    /// A damaged one is passed over: it only shortens recovery, and an older one serves as well.
    fn snapshot_at_or_before(
        &mut self,
        bank: &str,
        seq: u64,
    ) -> Result<Option<(u64, Vec<u8>)>, StoreError>;

    /// The newest snapshot, with its seq.
    fn latest_snapshot(&mut self, bank: &str) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        self.snapshot_at_or_before(bank, SEQ_MAX)
    }

    /// Keeps a document under its SHA-256. Putting it again is `Ok` and changes nothing;
    /// `Malformed` when the digest is not that of the bytes.
    fn put_document(&mut self, bank: &str, sha256: &Hash, bytes: &[u8]) -> Result<(), StoreError>;

    /// A document by its SHA-256, which is checked again: `Corrupt` if it does not hold.
    fn get_document(&mut self, bank: &str, sha256: &Hash) -> Result<Option<Vec<u8>>, StoreError>;

    /// At most `limit` digests of documents in order, beginning behind `after`, for who copies
    /// them all. The documents are not read.
    fn documents(
        &mut self,
        bank: &str,
        after: Option<&Hash>,
        limit: usize,
    ) -> Result<Vec<Hash>, StoreError>;

    /// The record of a matter that has ended.
    fn record(&mut self, bank: &str, id: u64) -> Result<Option<Record>, StoreError>;

    /// Records without their bodies, the newest id first. `Malformed` when the query asks for too
    /// many, or for a text that no record can have.
    fn records(&mut self, bank: &str, query: &RecordQuery) -> Result<Vec<RecordHead>, StoreError>;

    /// Records in order of id from `from_id`, as many as weigh no more than `max_bytes` together
    /// (body and [`RECORD_HEAD_BYTES`] each), but at least one if there is one. Ids have gaps.
    fn records_from(
        &mut self,
        bank: &str,
        from_id: u64,
        max_bytes: usize,
    ) -> Result<Vec<Record>, StoreError>;

    /// Removes the records of these ids, then puts others, in place of those with the same ids:
    /// all or nothing. For records that are made again from blocks.
    fn mend_records(
        &mut self,
        bank: &str,
        put: &[Record],
        remove: &[u64],
    ) -> Result<(), StoreError>;

    /// Keeps a small thing that may change, and is no fact, under a name on a shelf; `None` removes
    /// it. On `Ok` it is on the disk. A bank that has no block yet may keep things too. The last
    /// word counts; asking the same again is `Ok`.
    ///
    /// Errors: `Malformed` when the shelf or the name is empty, longer than
    /// [`KEPT_NAME_BYTES_MAX`] or has control characters, or the value is larger than
    /// [`KEPT_BYTES_MAX`].
    fn keep(
        &mut self,
        bank: &str,
        shelf: &str,
        name: &str,
        value: Option<&[u8]>,
    ) -> Result<(), StoreError>;

    /// What is kept under this name.
    fn kept(&mut self, bank: &str, shelf: &str, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// At most `limit` names with their values, in order of their bytes, beginning behind `after`;
    /// behind the empty name lie all.
    fn kept_on(
        &mut self,
        bank: &str,
        shelf: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError>;

    /// The shelves on which something is kept, in order of their bytes.
    fn shelves(&mut self, bank: &str) -> Result<Vec<String>, StoreError>;

    /// The banks that have at least one block, by name.
    fn banks(&mut self) -> Result<Vec<String>, StoreError>;
}

/// How long a writer waits for its database to come back: a fail-over takes seconds.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// Opens the store a configuration names: PostgreSQL for `postgres://` and `postgresql://`, whose
/// fail-over is waited for, else the SQLite file at that path. Either is made if it is new.
pub fn open(url_or_path: &str) -> Result<Box<dyn Store>, StoreError> {
    if url_or_path.starts_with("postgres://") || url_or_path.starts_with("postgresql://") {
        Ok(Box::new(Patient::new(Box::new(PostgresStore::connect(url_or_path)?), PATIENCE)))
    } else {
        Ok(Box::new(SqliteStore::open(Path::new(url_or_path))?))
    }
}

/// The name under which documents are kept.
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// Refuses a name that a database would not give back as it came.
fn check_bank(bank: &str) -> Result<(), StoreError> {
    if bank.is_empty() || bank.len() > BANK_NAME_BYTES_MAX || bank.chars().any(char::is_control) {
        return Err(StoreError::malformed(format!(
            "the name of a bank has 1 to {BANK_NAME_BYTES_MAX} bytes and no control characters"
        )));
    }
    Ok(())
}

/// Refuses a block whose fields cannot be stored, before any database sees it.
fn check_block(bank: &str, block: &Block) -> Result<(), StoreError> {
    check_bank(bank)?;
    check_value(block.payload.len())?;
    if block.seq == 0 || block.seq > SEQ_MAX {
        return Err(StoreError::malformed(format!("seq {} is not in 1..={SEQ_MAX}", block.seq)));
    }
    if !BUSINESS_DATES.contains(&block.business_date) {
        return Err(StoreError::malformed(format!("day {} is in no year", block.business_date)));
    }
    if i64::try_from(block.first_entry).is_err() {
        return Err(StoreError::malformed(format!("entry {} is above 2^63-1", block.first_entry)));
    }
    Ok(())
}

fn check_value(bytes: usize) -> Result<(), StoreError> {
    if bytes > VALUE_BYTES_MAX {
        return Err(StoreError::malformed(format!(
            "{bytes} bytes are more than the {VALUE_BYTES_MAX} of one payload or document"
        )));
    }
    Ok(())
}

fn check_snapshot(bank: &str, seq: u64) -> Result<(), StoreError> {
    check_bank(bank)?;
    if seq > SEQ_MAX {
        return Err(StoreError::malformed(format!("seq {seq} is above {SEQ_MAX}")));
    }
    Ok(())
}

fn check_document(bank: &str, digest: &Hash, bytes: &[u8]) -> Result<(), StoreError> {
    check_bank(bank)?;
    check_value(bytes.len())?;
    if sha256(bytes) != *digest {
        return Err(StoreError::malformed("the digest is not that of the document"));
    }
    Ok(())
}

/// Refuses a shelf or a name that a database would not give back as it came.
fn check_names(names: &[&str]) -> Result<(), StoreError> {
    let wrong = |name: &&&str| {
        let long = name.is_empty() || name.len() > KEPT_NAME_BYTES_MAX;
        long || name.chars().any(char::is_control)
    };
    if names.iter().any(|name| wrong(&name)) {
        return Err(StoreError::malformed(format!(
            "a shelf or name has 1 to {KEPT_NAME_BYTES_MAX} bytes and no control characters"
        )));
    }
    Ok(())
}

fn check_kept(bank: &str, names: &[&str], value: Option<&[u8]>) -> Result<(), StoreError> {
    check_bank(bank)?;
    check_names(names)?;
    let bytes = value.map_or(0, <[u8]>::len);
    if bytes > KEPT_BYTES_MAX {
        return Err(StoreError::malformed(format!(
            "{bytes} bytes are more than the {KEPT_BYTES_MAX} that one name keeps"
        )));
    }
    Ok(())
}

/// Names are in order and none is empty, so that the empty one stands before all.
fn check_shelf(shelf: &str, after: &str) -> Result<(), StoreError> {
    match after {
        "" => check_names(&[shelf]),
        _ => check_names(&[shelf, after]),
    }
}

/// How much room to make for so many bytes, as long as only a row that may be damaged says so.
fn believable(bytes: i64) -> usize {
    usize::try_from(bytes).unwrap_or(0).min(SNAPSHOT_CHUNK_BYTES)
}

/// A snapshot: its seq, and its bytes unless they are damaged.
type Found = (u64, Option<Vec<u8>>);

/// Asks for the snapshot at or before `seq`, and for an older one while bytes are damaged.
fn newest_sound(
    seq: u64,
    mut ask: impl FnMut(u64) -> Result<Option<Found>, StoreError>,
) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
    let mut at_most = Some(seq.min(SEQ_MAX));
    while let Some(seq) = at_most {
        match ask(seq)? {
            None => break,
            Some((seq, Some(bytes))) => return Ok(Some((seq, bytes))),
            Some((seq, None)) => at_most = seq.checked_sub(1),
        }
    }
    Ok(None)
}

/// Why an append added nothing: the very block is there already, which is `Ok`, or the chain is
/// not the one the writer thinks it continues.
///
/// `there` is the block that has its seq, `tip` the newest one.
fn settle(
    block: &Block,
    there: Option<&BlockHead>,
    tip: Option<&BlockHead>,
) -> Result<(), StoreError> {
    if let Some(there) = there
        && there.hash == block.hash
        && there.prev_hash == block.prev_hash
    {
        return Ok(());
    }
    if let Some(tip) = tip
        && tip.seq + 1 == block.seq
        && tip.hash == block.prev_hash
        && tip.first_entry > block.first_entry
    {
        return Err(StoreError::malformed(format!(
            "block {} begins at entry {}, before the {} of the block before it",
            block.seq, block.first_entry, tip.first_entry
        )));
    }
    Err(StoreError::Fenced { seq: block.seq, tip_seq: tip.map_or(0, |tip| tip.seq) })
}

/// Makes sure that heads read from `from_seq` on are a chain: no seq missing, each naming the one
/// before it.
fn check_chain(
    from_seq: u64,
    heads: impl IntoIterator<Item = BlockHead>,
) -> Result<(), StoreError> {
    let mut before: Option<BlockHead> = None;
    for (head, seq) in heads.into_iter().zip(from_seq..) {
        if head.seq != seq {
            return Err(StoreError::corrupt(format!("block {seq} is missing")));
        }
        if before.is_some_and(|before| before.hash != head.prev_hash) {
            return Err(StoreError::corrupt(format!("block {seq} does not follow the one before")));
        }
        before = Some(head);
    }
    Ok(())
}
