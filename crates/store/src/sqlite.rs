//! The store in one SQLite file, for a bank on one machine.
//!
//! Write-ahead log, one fdatasync for each append (SQLite is built with `HAVE_FDATASYNC`). Several
//! processes may open the file: one wins each seq, readers never wait for the writer. The file
//! must lie on a local disk, as SQLite's locks and its shared memory do not work over a network.

use crate::record::{Condition, First, Way, check_mending, check_query, check_records};
use crate::{
    BLOCK_HEAD_BYTES, Block, BlockHead, Found, Hash, RECORD_HEAD_BYTES, Record, RecordHead,
    RecordQuery, SEQ_MAX, SNAPSHOT_CHUNK_BYTES, SNAPSHOTS_KEPT, Store, StoreError, believable,
    check_block, check_chain, check_document, check_kept, check_names, check_shelf, check_snapshot,
    newest_sound, settle, sha256,
};
use bytes::Bytes;
use rusqlite::types::{Type, Value};
use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension, Row, Transaction, TransactionBehavior,
    params, params_from_iter,
};
use std::collections::BTreeMap;
use std::fs::File;
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::{Duration, Instant};

/// Written into the file's header, so that `file` and we know it: "PiHo".
const APPLICATION_ID: i32 = 0x5069_486f;

/// Each brings the schema from its index to the next version, which is `pragma user_version`.
const MIGRATIONS: [&str; 3] = [
    include_str!("../migrations/sqlite/0001_store.sql"),
    include_str!("../migrations/sqlite/0002_record.sql"),
    include_str!("../migrations/sqlite/0003_kept.sql"),
];

/// Chosen by measurement. Blocks of 1 KB a second with pages of 4, 8, 16, 32, 64 KiB: 6000, 6400,
/// 6000, 4900, 3600, as a small page writes less beside the block. MB/s in blocks of 2 MB: 230,
/// 290, 290, 320, 370, as a large page is copied with fewer calls.
const PAGE_BYTES: u32 = 8192;

/// The log is copied into the file when it has this many bytes. Rarer means fewer copies of the
/// pages that each small block changes again; more often means shorter stops (about 0.3 s for
/// 64 MiB of large blocks). The log is then used again from its start, and a disk writes over
/// blocks it has faster than it makes a file longer.
const LOG_BYTES: u32 = 64 << 20;

/// After a snapshot the log may be much longer: it is cut to this.
const LOG_BYTES_KEPT: u32 = 2 * LOG_BYTES;

/// Room for the pages of the largest usual block, so that none is written twice.
const CACHE_KIB: u32 = 16 << 10;

/// How long a writer waits for another to finish.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

const OPEN_AGAIN_AFTER: Duration = Duration::from_millis(20);

/// The bits of a row's id below the bank's number.
const SEQ_BITS: u32 = 40;

const HEAD_COLUMNS: &str = "id, prev_hash, hash, first_entry, business_date, length(payload)";

const RECORD_COLUMNS: &str = "id, code, number, institution, opened, ended, state, opener";

/// A store in one file, see the module.
pub struct SqliteStore {
    connection: Connection,
    bank_ids: BTreeMap<String, i64>,
    /// Set when the disk failed. What the cache holds may then differ from what the disk holds,
    /// so nothing more is believed until the file is opened again.
    failed: Option<String>,
}

impl SqliteStore {
    /// Opens the file for reading and writing; makes it, its folder excepted, if it is not there.
    ///
    /// Errors: `Other` when it is another database or a newer store, `Corrupt` when it is none,
    /// `Busy` when another process keeps it locked.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        // While another process makes the file, SQLite does not wait by itself.
        let started = Instant::now();
        loop {
            match SqliteStore::open_once(path) {
                Err(StoreError::Busy { .. }) if started.elapsed() < BUSY_TIMEOUT => {
                    std::thread::sleep(OPEN_AGAIN_AFTER);
                }
                result => return result,
            }
        }
    }

    /// Opens an existing file for reading, beside a writer in this or another process. The folder
    /// must be writable all the same: readers announce themselves in the `-shm` file.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        check_application(&connection)?;
        set_up(&connection)?;
        if schema_version(&connection)? != MIGRATIONS.len() {
            return Err(StoreError::other("the file is not a store of this version"));
        }
        Ok(SqliteStore { connection, bank_ids: BTreeMap::new(), failed: None })
    }

    /// From now on this handle answers `Full` rather than let the file grow beyond `bytes`. The
    /// log beside the file is not counted.
    pub fn limit_file(&mut self, bytes: u64) -> Result<(), StoreError> {
        self.guard(|store| {
            let page: u32 =
                store.connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
            let pages = u32::try_from(bytes / u64::from(page)).unwrap_or(u32::MAX - 1).max(1);
            store.connection.pragma_update_and_check(
                None,
                "max_page_count",
                pages,
                |row| -> rusqlite::Result<i64> { row.get(0) },
            )?;
            Ok(())
        })
    }

    fn open_once(path: &Path) -> Result<Self, StoreError> {
        let is_new = !path.exists();
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        check_application(&connection)?;
        // Only a file without pages takes the page size; it must come before the log.
        connection.pragma_update(None, "page_size", PAGE_BYTES)?;
        let mode: String =
            connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
        if mode != "wal" {
            return Err(StoreError::other(format!("the journal mode is {mode}, not wal")));
        }
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "wal_autocheckpoint", LOG_BYTES / PAGE_BYTES)?;
        connection.pragma_update(None, "journal_size_limit", LOG_BYTES_KEPT)?;
        set_up(&connection)?;
        migrate(&mut connection)?;
        if is_new {
            sync_folder(path)?;
        }
        Ok(SqliteStore { connection, bank_ids: BTreeMap::new(), failed: None })
    }

    /// Runs a piece of work unless the disk has failed before, and notes if it fails now.
    fn guard<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if let Some(what) = &self.failed {
            return Err(StoreError::lost(what));
        }
        let result = work(self);
        if let Err(StoreError::Lost { what }) = &result {
            self.failed = Some(format!("the disk failed before; open the store again: {what}"));
        }
        result
    }

    fn bank_id(&mut self, bank: &str) -> Result<Option<i64>, StoreError> {
        if let Some(id) = self.bank_ids.get(bank) {
            return Ok(Some(*id));
        }
        let id: Option<i64> = self
            .connection
            .prepare_cached("select id from bank where name = ?1")?
            .query_row([bank], |row| row.get(0))
            .optional()?;
        if let Some(id) = id {
            self.bank_ids.insert(bank.to_owned(), id);
        }
        Ok(id)
    }

    fn bank_id_made(&mut self, bank: &str) -> Result<i64, StoreError> {
        if let Some(id) = self.bank_id(bank)? {
            return Ok(id);
        }
        self.connection
            .execute("insert into bank (name) values (?1) on conflict do nothing", [bank])?;
        self.bank_id(bank)?.ok_or_else(|| StoreError::corrupt("a bank just added is not there"))
    }

    fn head(&self, bank_id: i64, seq: u64) -> Result<Option<BlockHead>, StoreError> {
        let sql = format!("select {HEAD_COLUMNS} from block where id = ?1");
        let id = row_id(bank_id, seq);
        Ok(self.connection.prepare_cached(&sql)?.query_row([id], read_head).optional()?)
    }

    fn newest(&self, bank_id: i64) -> Result<Option<BlockHead>, StoreError> {
        let sql = format!(
            "select {HEAD_COLUMNS} from block where id between ?1 and ?2 order by id desc limit 1"
        );
        let range = [row_id(bank_id, 0), row_id(bank_id, SEQ_MAX)];
        Ok(self.connection.prepare_cached(&sql)?.query_row(range, read_head).optional()?)
    }

    fn heads_between(
        &self,
        from_id: i64,
        to_id: i64,
        limit: usize,
    ) -> Result<Vec<BlockHead>, StoreError> {
        let sql = format!(
            "select {HEAD_COLUMNS} from block where id between ?1 and ?2 order by id limit ?3"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([from_id, to_id, limit], read_head)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn blocks(
        &self,
        bank_id: i64,
        from_seq: u64,
        max_bytes: usize,
    ) -> Result<Vec<Block>, StoreError> {
        let sql = format!(
            "select {HEAD_COLUMNS}, payload from block where id between ?1 and ?2 order by id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([row_id(bank_id, from_seq), row_id(bank_id, SEQ_MAX)])?;
        let mut blocks = Vec::new();
        let mut weight = 0_usize;
        while let Some(row) = rows.next()? {
            let head = read_head(row)?;
            weight += head.payload_bytes as usize + BLOCK_HEAD_BYTES;
            if !blocks.is_empty() && weight > max_bytes {
                break;
            }
            let payload = row.get_ref(6)?.as_blob().map_err(|e| StoreError::corrupt(e.to_string()));
            blocks.push(Block {
                seq: head.seq,
                prev_hash: head.prev_hash,
                hash: head.hash,
                first_entry: head.first_entry,
                business_date: head.business_date,
                payload: Bytes::copy_from_slice(payload?),
            });
        }
        Ok(blocks)
    }

    fn append_both(
        &self,
        bank_id: i64,
        block: &Block,
        records: &[Record],
    ) -> Result<(), StoreError> {
        if records.is_empty() {
            self.insert_block(bank_id, block)?;
            return Ok(());
        }
        let transaction =
            Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        match self.insert_block(bank_id, block)? {
            Appended::Now => self.put_records(bank_id, records)?,
            Appended::Before => {}
        }
        Ok(transaction.commit()?)
    }

    fn insert_block(&self, bank_id: i64, block: &Block) -> Result<Appended, StoreError> {
        let inserted = self
            .connection
            .prepare_cached(
                "insert into block (id, prev_hash, hash, first_entry, business_date, payload)
                values (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                row_id(bank_id, block.seq),
                block.prev_hash,
                block.hash,
                block.first_entry as i64, // check_block has seen that it fits
                block.business_date,
                &block.payload[..],
            ]);
        match inserted {
            Ok(_) => Ok(Appended::Now),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                let there = self.head(bank_id, block.seq)?;
                let tip = self.newest(bank_id)?;
                settle(block, there.as_ref(), tip.as_ref())?;
                Ok(Appended::Before)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Halves the chain: `first_entry` never falls along it.
    fn seq_of_entry(&self, bank_id: i64, entry: u64) -> Result<u64, StoreError> {
        let Some(tip) = self.newest(bank_id)? else { return Ok(0) };
        let mut at_or_below = 0;
        let mut above = tip.seq + 1;
        while above - at_or_below > 1 {
            let middle = at_or_below + (above - at_or_below) / 2;
            let head = self
                .head(bank_id, middle)?
                .ok_or_else(|| StoreError::corrupt(format!("block {middle} is missing")))?;
            if head.first_entry <= entry {
                at_or_below = middle;
            } else {
                above = middle;
            }
        }
        Ok(at_or_below)
    }

    /// The runs of blocks of one date: the first and the last id of each, in order.
    fn runs_of_day(&self, bank_id: i64, business_date: i32) -> Result<Vec<(i64, i64)>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "select run.first_block_id, coalesce(
                (select min(next.first_block_id) - 1 from day_run next
                    where next.first_block_id > run.first_block_id
                        and next.first_block_id <= ?3),
                ?3)
            from day_run run
            where run.business_date = ?1 and run.first_block_id between ?2 and ?3
            order by run.first_block_id",
        )?;
        let rows = statement.query_map(
            params![business_date, row_id(bank_id, 0), row_id(bank_id, SEQ_MAX)],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn write_snapshot(&mut self, bank_id: i64, seq: u64, bytes: &[u8]) -> Result<(), StoreError> {
        let id = row_id(bank_id, seq);
        let transaction = begin(&mut self.connection)?;
        transaction.execute("delete from snapshot where id = ?1", [id])?;
        transaction.execute(
            "insert into snapshot (id, length, sha256) values (?1, ?2, ?3)",
            params![id, bytes.len() as i64, sha256(bytes)],
        )?;
        for (number, chunk) in bytes.chunks(SNAPSHOT_CHUNK_BYTES).enumerate() {
            transaction
                .prepare_cached(
                    "insert into snapshot_chunk (snapshot_id, number, bytes) values (?1, ?2, ?3)",
                )?
                .execute(params![id, number as i64, chunk])?;
        }
        transaction.execute(
            "delete from snapshot where bank_id = ?1 and id not in
                (select id from snapshot where bank_id = ?1 order by id desc limit ?2)",
            params![bank_id, SNAPSHOTS_KEPT as i64],
        )?;
        Ok(transaction.commit()?)
    }

    /// The newest snapshot at or before `seq`, without its bytes if they are damaged.
    fn read_snapshot(&mut self, bank_id: i64, seq: u64) -> Result<Option<Found>, StoreError> {
        // One transaction, so that no writer takes the chunks away between the two questions.
        let transaction = self.connection.transaction()?;
        let found = transaction
            .query_row(
                "select id, length, sha256 from snapshot where id between ?1 and ?2
                order by id desc limit 1",
                [row_id(bank_id, 0), row_id(bank_id, seq)],
                |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, Hash>(2)?)),
            )
            .optional()?;
        let Some((id, length, digest)) = found else { return Ok(None) };
        let mut bytes = Vec::with_capacity(believable(length));
        let mut statement = transaction.prepare_cached(
            "select bytes from snapshot_chunk where snapshot_id = ?1 order by number",
        )?;
        let mut rows = statement.query([id])?;
        while let Some(row) = rows.next()? {
            let chunk = row.get_ref(0)?.as_blob();
            bytes.extend_from_slice(chunk.map_err(|e| StoreError::corrupt(e.to_string()))?);
        }
        Ok(Some((seq_of(id), (sha256(&bytes) == digest).then_some(bytes))))
    }

    /// Most records are new, and for one that may take another's place SQLite copies every page it
    /// touches aside first: so that is asked for only where it is needed.
    fn put_records(&self, bank_id: i64, records: &[Record]) -> Result<(), StoreError> {
        let insert = |or: &str| {
            self.connection.prepare_cached(&format!(
                "insert or {or} into record
                    (id, code, number, institution, opened, ended, state, opener, body)
                values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
            ))
        };
        let mut new = insert("ignore")?;
        for record in records {
            let row = params![
                row_id(bank_id, record.id),
                record.code,
                record.number,
                record.institution,
                record.opened,
                record.ended,
                record.state,
                record.opener,
                &record.body[..],
            ];
            if new.execute(row)? == 0 {
                insert("replace")?.execute(row)?;
            }
        }
        Ok(())
    }

    fn list(&self, bank_id: i64, query: &RecordQuery) -> Result<Vec<RecordHead>, StoreError> {
        // One view of the table for all lists.
        let transaction = self.connection.unchecked_transaction()?;
        let days = if query.asks_for_days() { Some(query.days(self.days_kept()?)) } else { None };
        if query.limit == 0 || days.as_ref().is_some_and(RangeInclusive::is_empty) {
            return Ok(Vec::new());
        }
        let way = query.way(days.as_ref());
        let (sql, shared) = list_sql(query, &way, days.as_ref());
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut first = First::of(query);
        for value in &way.values {
            let mut values: Vec<Value> = vec![
                row_id(bank_id, *first.ids().start()).into(),
                row_id(bank_id, *first.ids().end()).into(),
                (query.limit as i64).into(), // check_query has seen that it fits
                value.clone().into(),
            ];
            values.extend_from_slice(&shared);
            let rows = statement.query_map(params_from_iter(values), read_record_head)?;
            first.add(rows.collect::<Result<_, _>>()?);
        }
        drop(statement);
        transaction.commit()?;
        Ok(first.into_heads())
    }

    /// From the first day any bank's record ended to the last; an empty range without records.
    fn days_kept(&self) -> Result<RangeInclusive<i32>, StoreError> {
        let (first, last): (Option<i32>, Option<i32>) = self
            .connection
            .prepare_cached(
                "select (select min(ended) from record), (select max(ended) from record)",
            )?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(first.unwrap_or(1)..=last.unwrap_or(0))
    }

    fn records_between(
        &self,
        bank_id: i64,
        ids: RangeInclusive<u64>,
        max_bytes: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let sql = format!(
            "select {RECORD_COLUMNS}, length(body), body from record
            where id between ?1 and ?2 order by id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows =
            statement.query([row_id(bank_id, *ids.start()), row_id(bank_id, *ids.end())])?;
        let mut records: Vec<Record> = Vec::new();
        let mut weight = 0_usize;
        while let Some(row) = rows.next()? {
            weight += not_negative(row, 8)? as usize + RECORD_HEAD_BYTES;
            if !records.is_empty() && weight > max_bytes {
                break;
            }
            let body = row.get_ref(9)?.as_blob().map_err(|e| StoreError::corrupt(e.to_string()));
            records.push(Record::of(read_record_head(row)?, Bytes::copy_from_slice(body?)));
        }
        Ok(records)
    }

    fn put_kept(
        &self,
        bank_id: i64,
        (shelf, name): (&str, &str),
        value: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        match value {
            Some(value) => self
                .connection
                .prepare_cached(
                    "insert into kept (bank_id, shelf, name, value) values (?1, ?2, ?3, ?4)
                    on conflict do update set value = excluded.value",
                )?
                .execute(params![bank_id, shelf, name, value])?,
            None => self
                .connection
                .prepare_cached("delete from kept where bank_id = ?1 and shelf = ?2 and name = ?3")?
                .execute(params![bank_id, shelf, name])?,
        };
        Ok(())
    }

    fn mend(&self, bank_id: i64, put: &[Record], remove: &[u64]) -> Result<(), StoreError> {
        let transaction =
            Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        for id in remove {
            self.connection
                .prepare_cached("delete from record where id = ?1")?
                .execute([row_id(bank_id, *id)])?;
        }
        self.put_records(bank_id, put)?;
        Ok(transaction.commit()?)
    }
}

/// When a block that is there now was appended.
enum Appended {
    Now,
    Before,
}

impl Store for SqliteStore {
    fn append_with(
        &mut self,
        bank: &str,
        block: &Block,
        records: &[Record],
    ) -> Result<(), StoreError> {
        check_block(bank, block)?;
        check_records(bank, records)?;
        self.guard(|store| {
            let bank_id = store.bank_id_made(bank)?;
            store.append_both(bank_id, block, records)
        })
    }

    fn tip(&mut self, bank: &str) -> Result<Option<BlockHead>, StoreError> {
        self.guard(|store| match store.bank_id(bank)? {
            Some(bank_id) => store.newest(bank_id),
            None => Ok(None),
        })
    }

    fn read(
        &mut self,
        bank: &str,
        from_seq: u64,
        max_bytes: usize,
    ) -> Result<Vec<Block>, StoreError> {
        let from_seq = from_seq.max(1);
        self.guard(|store| {
            let Some(bank_id) = store.bank_id(bank)? else { return Ok(Vec::new()) };
            let blocks = store.blocks(bank_id, from_seq, max_bytes)?;
            check_chain(from_seq, blocks.iter().map(Block::head))?;
            Ok(blocks)
        })
    }

    fn heads(
        &mut self,
        bank: &str,
        from_seq: u64,
        limit: usize,
    ) -> Result<Vec<BlockHead>, StoreError> {
        let from_seq = from_seq.max(1);
        self.guard(|store| {
            let Some(bank_id) = store.bank_id(bank)? else { return Ok(Vec::new()) };
            let (from_id, to_id) = (row_id(bank_id, from_seq), row_id(bank_id, SEQ_MAX));
            let heads = store.heads_between(from_id, to_id, limit)?;
            check_chain(from_seq, heads.iter().copied())?;
            Ok(heads)
        })
    }

    fn heads_of_day(
        &mut self,
        bank: &str,
        business_date: i32,
        from_seq: u64,
        limit: usize,
    ) -> Result<Vec<BlockHead>, StoreError> {
        self.guard(|store| {
            let Some(bank_id) = store.bank_id(bank)? else { return Ok(Vec::new()) };
            let from_id = row_id(bank_id, from_seq);
            let mut heads = Vec::new();
            for (first_id, last_id) in store.runs_of_day(bank_id, business_date)? {
                let rest = limit - heads.len();
                if rest == 0 {
                    break;
                }
                heads.extend(store.heads_between(first_id.max(from_id), last_id, rest)?);
            }
            Ok(heads)
        })
    }

    fn block_of_entry(&mut self, bank: &str, entry: u64) -> Result<Option<Block>, StoreError> {
        self.guard(|store| {
            let Some(bank_id) = store.bank_id(bank)? else { return Ok(None) };
            let seq = store.seq_of_entry(bank_id, entry)?;
            if seq == 0 { Ok(None) } else { Ok(store.blocks(bank_id, seq, 0)?.pop()) }
        })
    }

    fn put_snapshot(&mut self, bank: &str, seq: u64, bytes: &[u8]) -> Result<(), StoreError> {
        check_snapshot(bank, seq)?;
        self.guard(|store| {
            let bank_id = store.bank_id_made(bank)?;
            store.write_snapshot(bank_id, seq, bytes)
        })
    }

    fn snapshot_at_or_before(
        &mut self,
        bank: &str,
        seq: u64,
    ) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        self.guard(|store| match store.bank_id(bank)? {
            Some(bank_id) => newest_sound(seq, |seq| store.read_snapshot(bank_id, seq)),
            None => Ok(None),
        })
    }

    fn put_document(&mut self, bank: &str, sha256: &Hash, bytes: &[u8]) -> Result<(), StoreError> {
        check_document(bank, sha256, bytes)?;
        self.guard(|store| {
            let bank_id = store.bank_id_made(bank)?;
            store
                .connection
                .prepare_cached(
                    "insert into document (bank_id, sha256, bytes) values (?1, ?2, ?3)
                    on conflict do nothing",
                )?
                .execute(params![bank_id, sha256, bytes])?;
            Ok(())
        })
    }

    fn get_document(&mut self, bank: &str, digest: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
        self.guard(|store| {
            let Some(bank_id) = store.bank_id(bank)? else { return Ok(None) };
            let bytes: Option<Vec<u8>> = store
                .connection
                .prepare_cached("select bytes from document where bank_id = ?1 and sha256 = ?2")?
                .query_row(params![bank_id, digest], |row| row.get(0))
                .optional()?;
            if bytes.as_ref().is_some_and(|bytes| sha256(bytes) != *digest) {
                return Err(StoreError::corrupt("a document does not have its digest"));
            }
            Ok(bytes)
        })
    }

    fn documents(
        &mut self,
        bank: &str,
        after: Option<&Hash>,
        limit: usize,
    ) -> Result<Vec<Hash>, StoreError> {
        self.guard(|store| {
            let Some(bank_id) = store.bank_id(bank)? else { return Ok(Vec::new()) };
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            // Nothing stands before the empty string.
            let after = after.map_or(&[][..], |after| &after[..]);
            let mut statement = store.connection.prepare_cached(
                "select sha256 from document where bank_id = ?1 and sha256 > ?2
                order by sha256 limit ?3",
            )?;
            let digests = statement.query_map(params![bank_id, after, limit], |row| row.get(0))?;
            Ok(digests.collect::<Result<_, _>>()?)
        })
    }

    fn record(&mut self, bank: &str, id: u64) -> Result<Option<Record>, StoreError> {
        self.guard(|store| {
            let Some(bank_id) = store.bank_id(bank)? else { return Ok(None) };
            if id > SEQ_MAX {
                return Ok(None);
            }
            Ok(store.records_between(bank_id, id..=id, 0)?.pop())
        })
    }

    fn records(&mut self, bank: &str, query: &RecordQuery) -> Result<Vec<RecordHead>, StoreError> {
        check_query(query)?;
        self.guard(|store| match store.bank_id(bank)? {
            Some(bank_id) => store.list(bank_id, query),
            None => Ok(Vec::new()),
        })
    }

    fn records_from(
        &mut self,
        bank: &str,
        from_id: u64,
        max_bytes: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.guard(|store| {
            let Some(bank_id) = store.bank_id(bank)? else { return Ok(Vec::new()) };
            if from_id > SEQ_MAX {
                return Ok(Vec::new());
            }
            store.records_between(bank_id, from_id..=SEQ_MAX, max_bytes)
        })
    }

    fn mend_records(
        &mut self,
        bank: &str,
        put: &[Record],
        remove: &[u64],
    ) -> Result<(), StoreError> {
        check_mending(bank, put, remove)?;
        self.guard(|store| {
            let bank_id = store.bank_id_made(bank)?;
            store.mend(bank_id, put, remove)
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
        self.guard(|store| {
            let bank_id = store.bank_id_made(bank)?;
            store.put_kept(bank_id, (shelf, name), value)
        })
    }

    fn kept(&mut self, bank: &str, shelf: &str, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        check_names(&[shelf, name])?;
        self.guard(|store| {
            let Some(bank_id) = store.bank_id(bank)? else { return Ok(None) };
            let value = store
                .connection
                .prepare_cached(
                    "select value from kept where bank_id = ?1 and shelf = ?2 and name = ?3",
                )?
                .query_row(params![bank_id, shelf, name], |row| row.get(0))
                .optional()?;
            Ok(value)
        })
    }

    fn kept_on(
        &mut self,
        bank: &str,
        shelf: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        check_shelf(shelf, after)?;
        self.guard(|store| {
            let Some(bank_id) = store.bank_id(bank)? else { return Ok(Vec::new()) };
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let mut statement = store.connection.prepare_cached(
                "select name, value from kept where bank_id = ?1 and shelf = ?2 and name > ?3
                order by name limit ?4",
            )?;
            let rows = statement.query_map(params![bank_id, shelf, after, limit], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn shelves(&mut self, bank: &str) -> Result<Vec<String>, StoreError> {
        self.guard(|store| {
            let Some(bank_id) = store.bank_id(bank)? else { return Ok(Vec::new()) };
            let mut statement = store
                .connection
                .prepare_cached("select distinct shelf from kept where bank_id = ?1 order by 1")?;
            let shelves = statement.query_map([bank_id], |row| row.get(0))?;
            Ok(shelves.collect::<Result<_, _>>()?)
        })
    }

    fn banks(&mut self) -> Result<Vec<String>, StoreError> {
        self.guard(|store| {
            let mut statement = store.connection.prepare_cached(
                "select name from bank
                where exists (select 1 from block where block.id = (bank.id << 40) + 1)
                order by name",
            )?;
            let names = statement.query_map([], |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let what = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::Full { what },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy { what },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                StoreError::Corrupt { what }
            }
            Some(ErrorCode::SystemIoFailure) => StoreError::Lost { what },
            Some(_) => StoreError::Other { what },
            None => match error {
                // Not one failure of a call, but a value that none of our inserts wrote.
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::Utf8Error(..) => StoreError::Corrupt { what },
                _ => StoreError::Other { what },
            },
        }
    }
}

fn row_id(bank_id: i64, seq: u64) -> i64 {
    // A seq to read from may be anything; above the highest there is nothing either way.
    (bank_id << SEQ_BITS) | seq.min(SEQ_MAX) as i64
}

fn seq_of(row_id: i64) -> u64 {
    row_id as u64 & SEQ_MAX
}

fn read_head(row: &Row<'_>) -> rusqlite::Result<BlockHead> {
    Ok(BlockHead {
        seq: seq_of(row.get(0)?),
        prev_hash: row.get(1)?,
        hash: row.get(2)?,
        first_entry: not_negative(row, 3)?,
        business_date: row.get(4)?,
        payload_bytes: not_negative(row, 5)?,
    })
}

fn read_record_head(row: &Row<'_>) -> rusqlite::Result<RecordHead> {
    Ok(RecordHead {
        id: seq_of(row.get(0)?),
        code: row.get(1)?,
        number: row.get(2)?,
        institution: row.get(3)?,
        opened: row.get(4)?,
        ended: row.get(5)?,
        state: row.get(6)?,
        opener: row.get(7)?,
    })
}

/// The question for one list of the way and the values it takes after the lowest id, the highest
/// id, the limit and the list's value.
fn list_sql(
    query: &RecordQuery,
    way: &Way,
    days: Option<&RangeInclusive<i32>>,
) -> (String, Vec<Value>) {
    // Left to itself, SQLite takes the order of the table and reads it all for a rare value.
    let index = match way.columns {
        [] => "not indexed".to_owned(),
        _ => format!("indexed by {}", way.index),
    };
    let mut sql = format!("select {RECORD_COLUMNS} from record {index} where id between ?1 and ?2");
    let mut values: Vec<Value> = Vec::new();
    let mut next = |value: Value| {
        values.push(value);
        format!("?{}", values.len() + 4)
    };
    // ?4 must be in the text even where it has no meaning.
    sql += &format!(" and {} = ?4", way.columns.first().unwrap_or(&"?4"));
    for condition in query.conditions(way, days) {
        sql += &match condition {
            Condition::Is(column, text) => {
                format!(" and {column} = {}", next(text.clone().into()))
            }
            Condition::IsAnyOf(column, texts) => {
                let texts: Vec<_> = texts.iter().map(|text| next(text.clone().into())).collect();
                format!(" and {column} in ({})", texts.join(", "))
            }
            Condition::IsBetween(column, from, until) => {
                format!(
                    " and {column} between {} and {}",
                    next((*from).into()),
                    next((*until).into())
                )
            }
        };
    }
    sql += &format!(" order by id {} limit ?3", query.direction());
    (sql, values)
}

fn not_negative(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, Box::new(error))
    })
}

fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

fn schema_version(connection: &Connection) -> rusqlite::Result<usize> {
    connection
        .pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))
        .map(|version| usize::try_from(version).unwrap_or(usize::MAX))
}

/// Refuses a file that is somebody else's before a single byte of it is changed.
fn check_application(connection: &Connection) -> Result<(), StoreError> {
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 =
        connection.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
    if id != APPLICATION_ID && !(id == 0 && tables == 0) {
        return Err(StoreError::other("the file is an SQLite database, but not a store"));
    }
    Ok(())
}

/// What every connection says, reading or writing.
fn set_up(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "cache_size", -i64::from(CACHE_KIB))?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(())
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    if schema_version(connection)? == MIGRATIONS.len() {
        return Ok(());
    }
    let transaction = begin(connection)?;
    let version = schema_version(&transaction)?;
    if version > MIGRATIONS.len() {
        return Err(StoreError::other(format!("the file has schema {version}, which is newer")));
    }
    for migration in &MIGRATIONS[version..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    Ok(transaction.commit()?)
}

/// Makes the file's name itself durable.
fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| StoreError::lost(error.to_string()))
}
