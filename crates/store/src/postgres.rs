//! The store in PostgreSQL and what speaks its protocol, for banks on several machines.
//!
//! One connection, driven by a runtime inside the store: call it from a plain thread, not from
//! async code. A connection that breaks is made anew by the next call; with several hosts in the
//! address and `target_session_attrs=read-write` that call finds the new primary. There is no
//! TLS: the server is reached through a socket, the loopback or a private network.

use crate::record::{Condition, Way, check_mending, check_query, check_records};
use crate::{
    BLOCK_HEAD_BYTES, Block, BlockHead, Found, Hash, RECORD_HEAD_BYTES, Record, RecordHead,
    RecordOrder, RecordQuery, SEQ_MAX, SNAPSHOT_CHUNK_BYTES, SNAPSHOTS_KEPT, Store, StoreError,
    believable, check_block, check_chain, check_document, check_kept, check_names, check_shelf,
    check_snapshot, newest_sound, settle, sha256,
};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::error::Error;
use std::future::Future;
use std::ops::RangeInclusive;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{
    Client, Config, GenericClient, IsolationLevel, NoTls, Row, Statement, Transaction,
};

/// Each brings the schema from its index to the next version, see the table `schema_version`.
const MIGRATIONS: [&str; 3] = [
    include_str!("../migrations/postgres/0001_store.sql"),
    include_str!("../migrations/postgres/0002_record.sql"),
    include_str!("../migrations/postgres/0003_kept.sql"),
];

/// Nodes that start together make the schema one after another, under this advisory lock.
const MIGRATION_LOCK: i64 = 0x5069_486f;

/// Comes before the first migration, as it tells which have run.
const SCHEMA_VERSION_TABLE: &str = "
    create table if not exists schema_version (
        version integer constraint schema_version_pk primary key,
        applied_at timestamptz not null default now()
    );
    comment on table schema_version is 'One row for each migration that has run.'";

const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// A dead peer is noticed after this long without a word.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);

/// How long we wait for the answer to one statement. Longer than the server's own limits below,
/// so that a slow server says no, and only a dead one leaves us in doubt.
const ANSWER_WITHIN: Duration = Duration::from_secs(90);

/// How long a store that is dropped waits for the server to notice.
const GOODBYE_WITHIN: Duration = Duration::from_secs(1);

/// What every session says first. Commits must be on the disk; stricter settings stay. Every
/// question is asked by a key, and a plan made while a table was small must not scan it later;
/// none has so much to compute that compiling it first would pay.
const SESSION_SETTINGS: &str = "
    select set_config('synchronous_commit', 'on', false)
    where current_setting('synchronous_commit') in ('off', 'local');
    set enable_seqscan = off;
    set enable_bitmapscan = off;
    set jit = off;
    set statement_timeout = '60s';
    set lock_timeout = '10s';
    set idle_in_transaction_session_timeout = '60s'";

/// One decides and writes: the block before is there, is the one named, and does not begin at a
/// later entry. Two that race are parted by the primary key. The block before is asked for by its
/// key alone: with more conditions, the planner of a young table takes another index and reads the
/// whole chain.
const INSERT_BLOCK: &str = "
    insert into block (bank_id, seq, prev_hash, hash, first_entry, business_date, payload)
    select $1::integer, $2::bigint, $3::bytea, $4::bytea, $5::bigint,
        date '1970-01-01' + $6::integer, $7::bytea
    where $2 = 1 or $3 = (
        select case when first_entry <= $5 then hash end
        from block where bank_id = $1 and seq = $2 - 1
    )
    on conflict do nothing";

/// Takes each column of many records as an array.
const PUT_RECORDS: &str = "
    insert into record
        (bank_id, id, code, number, institution, opened, ended, state, opener, body)
    select $1::integer, id, code, number, institution, date '1970-01-01' + opened,
        date '1970-01-01' + ended, state, opener, body
    from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::integer[],
            $8::text[], $9::text[], $10::bytea[])
        as r (id, code, number, institution, opened, ended, state, opener, body)
    on conflict (bank_id, id) do update set
        code = excluded.code, number = excluded.number, institution = excluded.institution,
        opened = excluded.opened, ended = excluded.ended, state = excluded.state,
        opener = excluded.opener, body = excluded.body";

/// How much of records one statement takes: the server wants each array in one piece.
const RECORDS_BYTES_AT_ONCE: usize = 8 << 20;

/// Heads looked at first to decide how many blocks a read may give; four times more each time.
const HEADS_AT_FIRST: i64 = 32;

const HEAD_COLUMNS: &str = "seq, prev_hash, hash, first_entry, \
    business_date - date '1970-01-01' as day, octet_length(payload)::bigint as payload_bytes";

const RECORD_COLUMNS: &str = "id, code, number, institution, opened - date '1970-01-01', \
    ended - date '1970-01-01', state, opener";

/// A store in a PostgreSQL database, see the module.
pub struct PostgresStore {
    runtime: Runtime,
    config: Config,
    session: Option<Session>,
}

/// One connection and what is known on it.
struct Session {
    client: Client,
    /// The task that moves bytes. It ends with the client.
    connection: JoinHandle<Result<(), tokio_postgres::Error>>,
    /// Prepared, by their text.
    statements: BTreeMap<String, Statement>,
    bank_ids: BTreeMap<String, i32>,
}

impl PostgresStore {
    /// Connects to `postgres://user@host/database?…` and makes the tables if they are not there.
    ///
    /// Errors: `Lost` when the server cannot be reached, `Other` when it refuses us or has a
    /// newer schema.
    pub fn connect(url: &str) -> Result<Self, StoreError> {
        let mut config: Config = url.parse().map_err(|error| StoreError::other(causes(&error)))?;
        config.keepalives_idle(KEEPALIVE_IDLE).application_name("piaohao");
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_WITHIN);
        }
        let mut store = PostgresStore { runtime: runtime()?, config, session: None };
        store.run(async |_| Ok(()))?;
        Ok(store)
    }

    /// Runs a piece of work on a connection, a new one if the last broke.
    fn run<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let PostgresStore { runtime, config, session } = self;
        let result = runtime.block_on(async {
            match session {
                Some(session) => work(session).await,
                None => work(session.insert(Session::open(config).await?)).await,
            }
        });
        if matches!(result, Err(StoreError::Lost { .. }))
            && let Some(broken) = session.take()
        {
            // An answer that comes too late must not be taken for that to another question.
            broken.connection.abort();
        }
        result
    }

    /// Runs a piece of work that changes nothing: once more if the connection broke under it.
    fn look<T>(
        &mut self,
        work: impl AsyncFn(&mut Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self.run(&work) {
            Err(StoreError::Lost { .. }) => self.run(&work),
            result => result,
        }
    }
}

impl Drop for PostgresStore {
    /// Says goodbye, so that the server does not log a broken connection.
    fn drop(&mut self) {
        if let Some(Session { client, connection, .. }) = self.session.take() {
            drop(client);
            let ended = self.runtime.block_on(async { timeout(GOODBYE_WITHIN, connection).await });
            drop(ended);
        }
    }
}

impl Store for PostgresStore {
    fn append_with(
        &mut self,
        bank: &str,
        block: &Block,
        records: &[Record],
    ) -> Result<(), StoreError> {
        check_block(bank, block)?;
        check_records(bank, records)?;
        self.run(async |session| {
            let bank_id = session.bank_id_made(bank).await?;
            session.append(bank_id, block, records).await
        })
    }

    fn tip(&mut self, bank: &str) -> Result<Option<BlockHead>, StoreError> {
        self.look(async |session| match session.bank_id(bank).await? {
            Some(bank_id) => session.newest(bank_id).await,
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
        self.look(async |session| {
            let Some(bank_id) = session.bank_id(bank).await? else { return Ok(Vec::new()) };
            let blocks = session.blocks(bank_id, from_seq, max_bytes).await?;
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
        self.look(async |session| {
            let Some(bank_id) = session.bank_id(bank).await? else { return Ok(Vec::new()) };
            let heads = session.heads(bank_id, from_seq, to_limit(limit)).await?;
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
        self.look(async |session| {
            let Some(bank_id) = session.bank_id(bank).await? else { return Ok(Vec::new()) };
            let sql = format!(
                "select {HEAD_COLUMNS} from block
                where bank_id = $1 and business_date = date '1970-01-01' + $2::integer
                    and seq >= $3
                order by seq limit $4"
            );
            let limit = to_limit(limit);
            let rows =
                session.rows(&sql, &[&bank_id, &business_date, &to_seq(from_seq), &limit]).await?;
            rows.iter().map(read_head).collect()
        })
    }

    fn block_of_entry(&mut self, bank: &str, entry: u64) -> Result<Option<Block>, StoreError> {
        self.look(async |session| {
            let Some(bank_id) = session.bank_id(bank).await? else { return Ok(None) };
            let sql = format!(
                "select {HEAD_COLUMNS}, payload from block
                where bank_id = $1 and first_entry <= $2
                order by first_entry desc, seq desc limit 1"
            );
            let entry = i64::try_from(entry).unwrap_or(i64::MAX);
            let rows = session.rows(&sql, &[&bank_id, &entry]).await?;
            rows.first().map(read_block).transpose()
        })
    }

    fn put_snapshot(&mut self, bank: &str, seq: u64, bytes: &[u8]) -> Result<(), StoreError> {
        check_snapshot(bank, seq)?;
        self.run(async |session| {
            let bank_id = session.bank_id_made(bank).await?;
            session.put_snapshot(bank_id, to_seq(seq), bytes).await
        })
    }

    fn snapshot_at_or_before(
        &mut self,
        bank: &str,
        seq: u64,
    ) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        newest_sound(seq, |seq| {
            self.look(async |session| match session.bank_id(bank).await? {
                Some(bank_id) => session.snapshot(bank_id, to_seq(seq)).await,
                None => Ok(None),
            })
        })
    }

    fn put_document(&mut self, bank: &str, sha256: &Hash, bytes: &[u8]) -> Result<(), StoreError> {
        check_document(bank, sha256, bytes)?;
        self.run(async |session| {
            let bank_id = session.bank_id_made(bank).await?;
            let sql = "insert into document (bank_id, sha256, bytes) values ($1, $2, $3)
                on conflict do nothing";
            session.execute(sql, &[&bank_id, &&sha256[..], &bytes]).await?;
            Ok(())
        })
    }

    fn get_document(&mut self, bank: &str, digest: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
        self.look(async |session| {
            let Some(bank_id) = session.bank_id(bank).await? else { return Ok(None) };
            let sql = "select bytes from document where bank_id = $1 and sha256 = $2";
            let rows = session.rows(sql, &[&bank_id, &&digest[..]]).await?;
            let Some(row) = rows.first() else { return Ok(None) };
            let bytes: Vec<u8> = row.try_get(0).map_err(wrong_type)?;
            if sha256(&bytes) != *digest {
                return Err(StoreError::corrupt("a document does not have its digest"));
            }
            Ok(Some(bytes))
        })
    }

    fn documents(
        &mut self,
        bank: &str,
        after: Option<&Hash>,
        limit: usize,
    ) -> Result<Vec<Hash>, StoreError> {
        self.look(async |session| {
            let Some(bank_id) = session.bank_id(bank).await? else { return Ok(Vec::new()) };
            // Nothing stands before the empty string.
            let after = after.map_or(&[][..], |after| &after[..]);
            let sql = "select sha256 from document where bank_id = $1 and sha256 > $2
                order by sha256 limit $3";
            let rows = session.rows(sql, &[&bank_id, &after, &to_limit(limit)]).await?;
            let digest = |row: &Row| {
                let bytes: Vec<u8> = row.try_get(0).map_err(wrong_type)?;
                let digest = Hash::try_from(bytes);
                digest.map_err(|_| StoreError::corrupt("a digest does not have 32 bytes"))
            };
            rows.iter().map(digest).collect()
        })
    }

    fn record(&mut self, bank: &str, id: u64) -> Result<Option<Record>, StoreError> {
        self.look(async |session| {
            let Some(bank_id) = session.bank_id(bank).await? else { return Ok(None) };
            let id = to_seq(id);
            Ok(session.records_between(bank_id, id, id).await?.pop())
        })
    }

    fn records(&mut self, bank: &str, query: &RecordQuery) -> Result<Vec<RecordHead>, StoreError> {
        check_query(query)?;
        self.look(async |session| match session.bank_id(bank).await? {
            Some(bank_id) => session.list(bank_id, query).await,
            None => Ok(Vec::new()),
        })
    }

    fn records_from(
        &mut self,
        bank: &str,
        from_id: u64,
        max_bytes: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.look(async |session| match session.bank_id(bank).await? {
            Some(bank_id) => session.records_from(bank_id, to_seq(from_id), max_bytes).await,
            None => Ok(Vec::new()),
        })
    }

    fn mend_records(
        &mut self,
        bank: &str,
        put: &[Record],
        remove: &[u64],
    ) -> Result<(), StoreError> {
        check_mending(bank, put, remove)?;
        let remove: Vec<i64> = remove.iter().map(|id| to_seq(*id)).collect();
        self.run(async |session| {
            let bank_id = session.bank_id_made(bank).await?;
            session.mend(bank_id, put, &remove).await
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
        self.run(async |session| {
            let bank_id = session.bank_id_made(bank).await?;
            let inserted = "insert into kept (bank_id, shelf, name, value) values ($1, $2, $3, $4)
                on conflict (bank_id, shelf, name) do update set value = excluded.value";
            let removed = "delete from kept where bank_id = $1 and shelf = $2 and name = $3";
            match value {
                Some(value) => {
                    session.execute(inserted, &[&bank_id, &shelf, &name, &value]).await?
                }
                None => session.execute(removed, &[&bank_id, &shelf, &name]).await?,
            };
            Ok(())
        })
    }

    fn kept(&mut self, bank: &str, shelf: &str, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        check_names(&[shelf, name])?;
        self.look(async |session| {
            let Some(bank_id) = session.bank_id(bank).await? else { return Ok(None) };
            let sql = "select value from kept where bank_id = $1 and shelf = $2 and name = $3";
            let rows = session.rows(sql, &[&bank_id, &shelf, &name]).await?;
            rows.first().map(|row| row.try_get(0).map_err(wrong_type)).transpose()
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
        self.look(async |session| {
            let Some(bank_id) = session.bank_id(bank).await? else { return Ok(Vec::new()) };
            let sql = "select name, value from kept
                where bank_id = $1 and shelf = $2 and name > $3 order by name limit $4";
            let rows = session.rows(sql, &[&bank_id, &shelf, &after, &to_limit(limit)]).await?;
            let read = |row: &Row| {
                Ok((row.try_get(0).map_err(wrong_type)?, row.try_get(1).map_err(wrong_type)?))
            };
            rows.iter().map(read).collect()
        })
    }

    fn shelves(&mut self, bank: &str) -> Result<Vec<String>, StoreError> {
        self.look(async |session| {
            let Some(bank_id) = session.bank_id(bank).await? else { return Ok(Vec::new()) };
            let sql = "select distinct shelf from kept where bank_id = $1 order by shelf";
            let rows = session.rows(sql, &[&bank_id]).await?;
            rows.iter().map(|row| row.try_get(0).map_err(wrong_type)).collect()
        })
    }

    fn banks(&mut self) -> Result<Vec<String>, StoreError> {
        self.look(async |session| {
            let sql = "select name from bank
                where exists (select from block where bank_id = bank.id and seq = 1)
                order by name";
            let rows = session.rows(sql, &[]).await?;
            rows.iter().map(|row| row.try_get(0).map_err(wrong_type)).collect()
        })
    }
}

impl Session {
    async fn open(config: &Config) -> Result<Self, StoreError> {
        let connecting = timeout(ANSWER_WITHIN, config.connect(NoTls)).await;
        let (mut client, connection) = match connecting {
            Ok(connected) => connected.map_err(|error| refused_connection(&error))?,
            Err(_) => return Err(StoreError::lost("the server does not take the connection")),
        };
        let connection = tokio::spawn(connection);
        answered(client.batch_execute(SESSION_SETTINGS)).await?;
        migrate(&mut client).await?;
        let (statements, bank_ids) = (BTreeMap::new(), BTreeMap::new());
        Ok(Session { client, connection, statements, bank_ids })
    }

    async fn prepared(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = answered(self.client.prepare(sql)).await?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    async fn rows(&mut self, sql: &str, values: Values<'_>) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared(sql).await?;
        answered(self.client.query(&statement, values)).await
    }

    async fn execute(&mut self, sql: &str, values: Values<'_>) -> Result<u64, StoreError> {
        let statement = self.prepared(sql).await?;
        answered(self.client.execute(&statement, values)).await
    }

    async fn bank_id(&mut self, bank: &str) -> Result<Option<i32>, StoreError> {
        if let Some(id) = self.bank_ids.get(bank) {
            return Ok(Some(*id));
        }
        let rows = self.rows("select id from bank where name = $1", &[&bank]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let id = row.try_get(0).map_err(wrong_type)?;
        self.bank_ids.insert(bank.to_owned(), id);
        Ok(Some(id))
    }

    async fn bank_id_made(&mut self, bank: &str) -> Result<i32, StoreError> {
        if let Some(id) = self.bank_id(bank).await? {
            return Ok(id);
        }
        self.execute("insert into bank (name) values ($1) on conflict do nothing", &[&bank])
            .await?;
        let id = self.bank_id(bank).await?;
        id.ok_or_else(|| StoreError::corrupt("a bank just added is not there"))
    }

    async fn append(
        &mut self,
        bank_id: i32,
        block: &Block,
        records: &[Record],
    ) -> Result<(), StoreError> {
        let seq = to_seq(block.seq);
        let (prev_hash, hash, payload) =
            (&block.prev_hash[..], &block.hash[..], &block.payload[..]);
        let first_entry = block.first_entry as i64; // check_block has seen that it fits
        let values: Values<'_> =
            &[&bank_id, &seq, &prev_hash, &hash, &first_entry, &block.business_date, &payload];
        let inserted = if records.is_empty() {
            self.execute(INSERT_BLOCK, values).await?
        } else {
            let insert = self.prepared(INSERT_BLOCK).await?;
            let put = self.prepared(PUT_RECORDS).await?;
            let transaction = answered(self.client.transaction()).await?;
            let inserted = answered(transaction.execute(&insert, values)).await?;
            if inserted == 1 {
                put_records(&transaction, &put, bank_id, records).await?;
            }
            answered(transaction.commit()).await?;
            inserted
        };
        if inserted == 1 {
            return Ok(());
        }
        let there = self.heads(bank_id, block.seq, 1).await?;
        let there = there.first().filter(|head| head.seq == block.seq);
        settle(block, there, self.newest(bank_id).await?.as_ref())
    }

    async fn newest(&mut self, bank_id: i32) -> Result<Option<BlockHead>, StoreError> {
        let sql = format!(
            "select {HEAD_COLUMNS} from block where bank_id = $1 order by seq desc limit 1"
        );
        self.rows(&sql, &[&bank_id]).await?.first().map(read_head).transpose()
    }

    async fn heads(
        &mut self,
        bank_id: i32,
        from_seq: u64,
        limit: i64,
    ) -> Result<Vec<BlockHead>, StoreError> {
        let sql = format!(
            "select {HEAD_COLUMNS} from block where bank_id = $1 and seq >= $2
            order by seq limit $3"
        );
        let rows = self.rows(&sql, &[&bank_id, &to_seq(from_seq), &limit]).await?;
        rows.iter().map(read_head).collect()
    }

    async fn blocks(
        &mut self,
        bank_id: i32,
        from_seq: u64,
        max_bytes: usize,
    ) -> Result<Vec<Block>, StoreError> {
        let sizes = "select seq, octet_length(payload)::bigint from block
            where bank_id = $1 and seq >= $2 order by seq limit $3";
        let from = to_seq(from_seq);
        let last = self.last_within(sizes, bank_id, from, BLOCK_HEAD_BYTES, max_bytes).await?;
        let Some(last) = last else { return Ok(Vec::new()) };
        let sql = format!(
            "select {HEAD_COLUMNS}, payload from block
            where bank_id = $1 and seq between $2 and $3 order by seq"
        );
        let rows = self.rows(&sql, &[&bank_id, &from, &last]).await?;
        rows.iter().map(read_block).collect()
    }

    /// The last key of the rows from `from` that weigh no more than `max_bytes` together, and
    /// `head_bytes` more each. `sizes` asks for keys and bytes. It is asked first, as the server
    /// would send every payload of an answer that we stop reading.
    async fn last_within(
        &mut self,
        sizes: &str,
        bank_id: i32,
        from: i64,
        head_bytes: usize,
        max_bytes: usize,
    ) -> Result<Option<i64>, StoreError> {
        let (mut weight, mut last) = (0, None);
        let (mut next, mut limit) = (from, HEADS_AT_FIRST);
        loop {
            let rows = self.rows(sizes, &[&bank_id, &next, &limit]).await?;
            for row in &rows {
                let key: i64 = row.try_get(0).map_err(wrong_type)?;
                weight += not_negative(row, 1)? as usize + head_bytes;
                if last.is_some() && weight > max_bytes {
                    return Ok(last);
                }
                last = Some(key);
                next = key + 1;
            }
            if (rows.len() as i64) < limit {
                return Ok(last);
            }
            limit *= 4;
        }
    }

    async fn list(
        &mut self,
        bank_id: i32,
        query: &RecordQuery,
    ) -> Result<Vec<RecordHead>, StoreError> {
        let days = if query.asks_for_days() {
            Some(query.days(self.days_kept(bank_id).await?))
        } else {
            None
        };
        if query.limit == 0 || days.as_ref().is_some_and(RangeInclusive::is_empty) {
            return Ok(Vec::new());
        }
        let way = query.way(days.as_ref());
        let ids = query.ids();
        let begin = match query.order {
            RecordOrder::NewestFirst => to_seq(*ids.end()),
            RecordOrder::OldestFirst => to_seq(*ids.start()),
        };
        let limit = to_limit(query.limit);
        let first: Vec<&(dyn ToSql + Sync)> = vec![&bank_id, &begin, &limit, &way.values];
        let (sql, values) = list_sql(query, &way, days.as_ref(), first);
        self.rows(&sql, &values).await?.iter().map(read_record_head).collect()
    }

    /// From the first day a record of the bank ended to the last; an empty range without records.
    async fn days_kept(&mut self, bank_id: i32) -> Result<RangeInclusive<i32>, StoreError> {
        let sql = "select min(ended) - date '1970-01-01', max(ended) - date '1970-01-01'
            from record where bank_id = $1";
        let rows = self.rows(sql, &[&bank_id]).await?;
        let Some(row) = rows.first() else { return Ok(RangeInclusive::new(1, 0)) };
        let day = |column| row.try_get::<_, Option<i32>>(column).map_err(wrong_type);
        Ok(day(0)?.unwrap_or(1)..=day(1)?.unwrap_or(0))
    }

    async fn records_between(
        &mut self,
        bank_id: i32,
        from: i64,
        until: i64,
    ) -> Result<Vec<Record>, StoreError> {
        let sql = format!(
            "select {RECORD_COLUMNS}, body from record
            where bank_id = $1 and id between $2 and $3 order by id"
        );
        let rows = self.rows(&sql, &[&bank_id, &from, &until]).await?;
        let read = |row| {
            let body: &[u8] = Row::try_get(row, 8).map_err(wrong_type)?;
            Ok(Record::of(read_record_head(row)?, Bytes::copy_from_slice(body)))
        };
        rows.iter().map(read).collect()
    }

    async fn records_from(
        &mut self,
        bank_id: i32,
        from: i64,
        max_bytes: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let sizes = "select id, octet_length(body)::bigint from record
            where bank_id = $1 and id >= $2 order by id limit $3";
        let last = self.last_within(sizes, bank_id, from, RECORD_HEAD_BYTES, max_bytes).await?;
        match last {
            Some(last) => self.records_between(bank_id, from, last).await,
            None => Ok(Vec::new()),
        }
    }

    async fn mend(
        &mut self,
        bank_id: i32,
        put: &[Record],
        remove: &[i64],
    ) -> Result<(), StoreError> {
        let insert = self.prepared(PUT_RECORDS).await?;
        let transaction = answered(self.client.transaction()).await?;
        let sql = "delete from record where bank_id = $1 and id = any($2)";
        answered(transaction.execute(sql, &[&bank_id, &remove])).await?;
        put_records(&transaction, &insert, bank_id, put).await?;
        answered(transaction.commit()).await
    }

    async fn put_snapshot(
        &mut self,
        bank_id: i32,
        seq: i64,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        let transaction = answered(self.client.transaction()).await?;
        let (length, digest) = (bytes.len() as i64, sha256(bytes));
        let sql = "delete from snapshot where bank_id = $1 and seq = $2";
        answered(transaction.execute(sql, &[&bank_id, &seq])).await?;
        let sql = "insert into snapshot (bank_id, seq, length, sha256) values ($1, $2, $3, $4)";
        answered(transaction.execute(sql, &[&bank_id, &seq, &length, &&digest[..]])).await?;
        let sql = "insert into snapshot_chunk (bank_id, seq, number, bytes)
            values ($1, $2, $3, $4)";
        let insert = answered(transaction.prepare(sql)).await?;
        for (chunk, number) in bytes.chunks(SNAPSHOT_CHUNK_BYTES).zip(0_i32..) {
            let values: Values<'_> = &[&bank_id, &seq, &number, &chunk];
            answered(transaction.execute(&insert, values)).await?;
        }
        let sql = "delete from snapshot where bank_id = $1 and seq not in
            (select seq from snapshot where bank_id = $1 order by seq desc limit $2)";
        let kept = SNAPSHOTS_KEPT as i64;
        answered(transaction.execute(sql, &[&bank_id, &kept])).await?;
        answered(transaction.commit()).await
    }

    /// The newest snapshot at or before `seq`, without its bytes if they are damaged.
    async fn snapshot(&mut self, bank_id: i32, seq: i64) -> Result<Option<Found>, StoreError> {
        // One view of the tables, so that no writer takes the chunks away between the questions.
        let begin = self
            .client
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(true)
            .start();
        let transaction = answered(begin).await?;
        let sql = "select seq, length, sha256 from snapshot where bank_id = $1 and seq <= $2
            order by seq desc limit 1";
        let found = answered(transaction.query_opt(sql, &[&bank_id, &seq])).await?;
        let Some(found) = found else { return Ok(None) };
        let seq: i64 = found.try_get(0).map_err(wrong_type)?;
        let length: i64 = found.try_get(1).map_err(wrong_type)?;
        let digest = read_hash(&found, 2)?;
        let mut bytes: Vec<u8> = Vec::with_capacity(believable(length));
        let sql = "select bytes from snapshot_chunk
            where bank_id = $1 and seq = $2 and number = $3";
        let chunk = answered(transaction.prepare(sql)).await?;
        for number in 0_i32.. {
            let values: Values<'_> = &[&bank_id, &seq, &number];
            let row = answered(transaction.query_opt(&chunk, values)).await?;
            let Some(row) = row else { break };
            bytes.extend_from_slice(row.try_get(0).map_err(wrong_type)?);
        }
        Ok(Some((seq as u64, (sha256(&bytes) == digest).then_some(bytes))))
    }
}

/// Puts records with as few statements as their size allows.
async fn put_records(
    transaction: &Transaction<'_>,
    put: &Statement,
    bank_id: i32,
    mut records: &[Record],
) -> Result<(), StoreError> {
    while !records.is_empty() {
        let mut weight = 0;
        let more = records.iter().take_while(|record| {
            weight += record.weight();
            weight <= RECORDS_BYTES_AT_ONCE
        });
        let (now, later) = records.split_at(more.count().max(1));
        let ids: Vec<i64> = now.iter().map(|record| to_seq(record.id)).collect();
        let texts = |text: fn(&Record) -> &str| now.iter().map(text).collect::<Vec<&str>>();
        let (codes, numbers) = (texts(|r| &r.code), texts(|r| &r.number));
        let institutions = texts(|r| &r.institution);
        let opened: Vec<i32> = now.iter().map(|record| record.opened).collect();
        let ended: Vec<i32> = now.iter().map(|record| record.ended).collect();
        let (states, openers) = (texts(|r| &r.state), texts(|r| &r.opener));
        let bodies: Vec<&[u8]> = now.iter().map(|record| &record.body[..]).collect();
        let values: Values<'_> = &[
            &bank_id,
            &ids,
            &codes,
            &numbers,
            &institutions,
            &opened,
            &ended,
            &states,
            &openers,
            &bodies,
        ];
        answered(transaction.execute(put, values)).await?;
        records = later;
    }
    Ok(())
}

/// The question for all lists of the way, and its values. `first` are the bank, the id that
/// the order begins with, the limit and the values of the lists.
fn list_sql<'a>(
    query: &'a RecordQuery,
    way: &Way,
    days: Option<&'a RangeInclusive<i32>>,
    first: Vec<&'a (dyn ToSql + Sync)>,
) -> (String, Vec<&'a (dyn ToSql + Sync)>) {
    let mut values = first;
    let mut next = |value: &'a (dyn ToSql + Sync)| {
        values.push(value);
        format!("${}", values.len())
    };
    let value = |column: &str| match column {
        "ended" => "date '1970-01-01' + list.value::integer",
        _ => "list.value",
    };
    let promised = way.columns.first().copied();
    let mut last = promised.map(|column| (column, value(column).to_owned()));
    let mut conditions = "bank_id = $1::integer".to_owned();
    for condition in query.conditions(way, days) {
        match condition {
            Condition::Is(column, text) => {
                let text = format!("{}::text", next(text));
                if way.columns.last() == Some(&column)
                    && let Some((first, value)) = last.replace((column, text.clone()))
                {
                    conditions += &format!(" and {first} = {value}");
                } else {
                    conditions += &format!(" and {column} = {text}");
                }
            }
            Condition::IsAnyOf(column, texts) => {
                conditions += &format!(" and {column} = any({}::text[])", next(texts));
            }
            Condition::IsBetween(column, from, until) => {
                let (from, until) = (next(from), next(until));
                conditions += &format!(
                    " and {column} between date '1970-01-01' + {from}::integer
                        and date '1970-01-01' + {until}::integer"
                );
            }
        }
    }
    // By its estimates, the planner would read the whole table backwards for what it believes to
    // be common. It does not see that a column between a value and itself is constant: so only
    // the index of the way has this order. The first condition is where the scan starts, the
    // second where it ends.
    let (begins, ends) = match query.order {
        RecordOrder::NewestFirst => ("<=", ">="),
        RecordOrder::OldestFirst => (">=", "<="),
    };
    let direction = query.direction();
    let order = match last {
        Some((column, value)) => {
            conditions += &format!(
                " and ({column}, id) {begins} ({value}, $2::bigint) and {column} {ends} {value}"
            );
            format!("{column} {direction}, id {direction}")
        }
        None => {
            conditions += &format!(" and id {begins} $2::bigint");
            format!("id {direction}")
        }
    };
    let sql = format!(
        "select {RECORD_COLUMNS} from (
            select found.id as found_id
            from unnest($4::text[]) as list (value) cross join lateral (
                select id from record where {conditions} order by {order} limit $3
            ) found
            order by found.id {direction} limit $3
        ) first cross join lateral (
            -- The limit keeps the planner from joining in another order than one by one.
            select * from record where bank_id = $1 and id = found_id limit 1
        ) record
        order by id {direction}"
    );
    (sql, values)
}

type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// Runs SQL on a connection of its own.
#[cfg(feature = "testing")]
pub(crate) fn run_sql(url: &str, sql: &str) -> Result<(), StoreError> {
    runtime()?.block_on(async {
        let connecting = tokio_postgres::connect(url, NoTls).await;
        let (client, connection) = connecting.map_err(|error| refused_connection(&error))?;
        let connection = tokio::spawn(connection);
        answered(client.batch_execute(sql)).await?;
        drop(client);
        // Only so that the server sees us go; the work is done.
        let _ = timeout(GOODBYE_WITHIN, connection).await;
        Ok(())
    })
}

/// A runtime of this thread alone: the store is called by one thread at a time.
fn runtime() -> Result<Runtime, StoreError> {
    let built = Builder::new_current_thread().enable_all().build();
    built.map_err(|error| StoreError::other(error.to_string()))
}

/// Brings the schema to our version. Asks first, so that a user who may only use the tables, or
/// a standby, can connect.
async fn migrate(client: &mut Client) -> Result<(), StoreError> {
    let made = "select to_regclass('schema_version') is not null";
    let made = answered(client.query_one(made, &[])).await?;
    let made: bool = made.try_get(0).map_err(wrong_type)?;
    if made && schema_version(client).await? == MIGRATIONS.len() {
        return Ok(());
    }
    let transaction = answered(client.transaction()).await?;
    let lock = transaction.execute("select pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK]);
    answered(lock).await?;
    // Not by asking to_regclass again: in one transaction it answers from what it has seen.
    answered(transaction.batch_execute(SCHEMA_VERSION_TABLE)).await?;
    let version = schema_version(&transaction).await?;
    if version > MIGRATIONS.len() {
        return Err(StoreError::other(format!("the database has schema {version}: newer")));
    }
    for (migration, number) in MIGRATIONS.iter().zip(1_i32..).skip(version) {
        answered(transaction.batch_execute(migration)).await?;
        let sql = "insert into schema_version (version) values ($1)";
        answered(transaction.execute(sql, &[&number])).await?;
    }
    answered(transaction.commit()).await
}

async fn schema_version(client: &impl GenericClient) -> Result<usize, StoreError> {
    let sql = "select coalesce(max(version), 0) from schema_version";
    let version: i32 =
        answered(client.query_one(sql, &[])).await?.try_get(0).map_err(wrong_type)?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

/// Waits for the server's answer, but not for ever.
async fn answered<T>(
    answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, StoreError> {
    match timeout(ANSWER_WITHIN, answer).await {
        Ok(result) => result.map_err(|error| fault(&error)),
        Err(_) => Err(StoreError::lost("the server does not answer")),
    }
}

/// A statement failed: by the server's word, or because there was none.
fn fault(error: &tokio_postgres::Error) -> StoreError {
    match error.code() {
        Some(state) => fault_of_state(state, causes(error)),
        None => StoreError::Lost { what: causes(error) },
    }
}

/// No connection was made: by the server's word, by the network, or by our own address.
fn refused_connection(error: &tokio_postgres::Error) -> StoreError {
    let network = |error: &(dyn Error + 'static)| error.is::<std::io::Error>();
    if error.code().is_none() && !error.source().is_some_and(network) && !error.is_closed() {
        return StoreError::Other { what: causes(error) };
    }
    fault(error)
}

fn fault_of_state(state: &SqlState, what: String) -> StoreError {
    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    match state.code() {
        "53100" => StoreError::Full { what },
        // Cancelled by a timeout, a lock not granted in time; nothing was kept of the statement.
        "57014" | "55P03" => StoreError::Busy { what },
        // This is a standby now: the next connection looks for the primary.
        "25006" => StoreError::Lost { what },
        // The server's own disk failed.
        "58030" => StoreError::Lost { what },
        "XX001" | "XX002" => StoreError::Corrupt { what },
        // Out of memory, of connections, of something else.
        code if code.starts_with("53") => StoreError::Busy { what },
        // Serialisation failure or deadlock; PostgreSQL's descendants use it more than itself.
        // 40003 alone means that the server does not know what became of the statement.
        "40003" => StoreError::Lost { what },
        code if code.starts_with("40") => StoreError::Busy { what },
        // The connection broke, or an administrator, a shutdown or a timeout ended the session.
        code if code.starts_with("08") || code.starts_with("57P") => StoreError::Lost { what },
        "25P03" => StoreError::Lost { what },
        _ => StoreError::Other { what },
    }
}

/// An error with all its causes: the first one of this library alone says only "db error".
fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

fn wrong_type(error: tokio_postgres::Error) -> StoreError {
    StoreError::corrupt(causes(&error))
}

fn to_seq(seq: u64) -> i64 {
    // A seq to read from may be anything; above the highest there is nothing.
    seq.min(SEQ_MAX + 1) as i64
}

fn to_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn not_negative(row: &Row, column: usize) -> Result<u64, StoreError> {
    let value: i64 = row.try_get(column).map_err(wrong_type)?;
    u64::try_from(value).map_err(|error| StoreError::corrupt(error.to_string()))
}

fn read_record_head(row: &Row) -> Result<RecordHead, StoreError> {
    let text = |column| row.try_get(column).map_err(wrong_type);
    Ok(RecordHead {
        id: not_negative(row, 0)?,
        code: text(1)?,
        number: text(2)?,
        institution: text(3)?,
        opened: row.try_get(4).map_err(wrong_type)?,
        ended: row.try_get(5).map_err(wrong_type)?,
        state: text(6)?,
        opener: text(7)?,
    })
}

fn read_head(row: &Row) -> Result<BlockHead, StoreError> {
    Ok(BlockHead {
        seq: not_negative(row, 0)?,
        prev_hash: read_hash(row, 1)?,
        hash: read_hash(row, 2)?,
        first_entry: not_negative(row, 3)?,
        business_date: row.try_get(4).map_err(wrong_type)?,
        payload_bytes: not_negative(row, 5)?,
    })
}

fn read_block(row: &Row) -> Result<Block, StoreError> {
    let head = read_head(row)?;
    let payload: &[u8] = row.try_get(6).map_err(wrong_type)?;
    Ok(Block {
        seq: head.seq,
        prev_hash: head.prev_hash,
        hash: head.hash,
        first_entry: head.first_entry,
        business_date: head.business_date,
        payload: Bytes::copy_from_slice(payload),
    })
}

fn read_hash(row: &Row, column: usize) -> Result<Hash, StoreError> {
    let bytes: &[u8] = row.try_get(column).map_err(wrong_type)?;
    bytes.try_into().map_err(|_| StoreError::corrupt("a hash does not have 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_of_the_server_has_its_meaning() {
        let code = |state| fault_of_state(&SqlState::from_code(state), String::new()).code();
        for (state, expected) in [
            ("53100", "StoreFull"),
            ("53200", "StoreBusy"),
            ("53300", "StoreBusy"),
            ("57014", "StoreBusy"),
            ("55P03", "StoreBusy"),
            ("40001", "StoreBusy"),
            ("40P01", "StoreBusy"),
            ("40003", "StoreLost"),
            ("08006", "StoreLost"),
            ("57P01", "StoreLost"),
            ("57P02", "StoreLost"),
            ("57P03", "StoreLost"),
            ("25006", "StoreLost"),
            ("25P03", "StoreLost"),
            ("58030", "StoreLost"),
            ("XX001", "StoreCorrupt"),
            ("28P01", "StoreFault"),
            ("42501", "StoreFault"),
        ] {
            assert_eq!(code(state), expected, "{state}");
        }
    }
}
