//! The peer: a ledger on PostgreSQL written as its users write it. A table of accounts with
//! balances, one of entries with their idempotency keys, one of lines; one transaction an entry
//! that locks both accounts, looks at the funds, moves both balances and keeps both lines.
//!
//! It is given what favours it: statements are prepared, rows are locked in one order so that
//! nothing deadlocks, lines have no foreign keys, and pages of accounts have room to be updated
//! in place. All clients are driven by one thread.

use crate::pace::Pace;
use crate::random::Random;
use crate::server::{connect, runtime};
use crate::setup::first_day;
use std::time::{Duration, Instant};
use tokio_postgres::{Client, Error, Statement};

const SCHEMA: &str = "
    create table account (
        id bigint primary key,
        number text not null unique,
        name text not null,
        overdraft_limit bigint not null,
        balance bigint not null
    ) with (fillfactor = 70);
    create table entry (
        id bigint generated always as identity primary key,
        key bytea not null unique,
        business_date date not null,
        code text not null,
        maker text not null,
        summary text not null,
        created_at timestamptz not null default now()
    );
    create table line (
        entry_id bigint not null,
        account_id bigint not null,
        amount bigint not null
    );
    create index line_by_account on line (account_id, entry_id)";

const INSERT_ENTRY: &str = "
    insert into entry (key, business_date, code, maker, summary)
    values ($1, date '1970-01-01' + $2::integer, 'TRF', 'batch', '转账')
    on conflict (key) do nothing
    returning id";

const LOCK_ACCOUNTS: &str = "
    select id, balance, overdraft_limit from account
    where id in ($1, $2)
    order by id
    for update";

const MOVE_BALANCE: &str = "update account set balance = balance + $2 where id = $1";

const INSERT_LINES: &str = "
    insert into line (entry_id, account_id, amount) values ($1, $2, -$4::bigint), ($1, $3, $4)";

/// The ledger in a database of its own.
pub struct Plain {
    url: String,
    accounts: i64,
}

/// An entry: who pays whom.
struct Transfer {
    key: [u8; 16],
    from: i64,
    to: i64,
    amount: i64,
}

struct Prepared {
    insert_entry: Statement,
    lock_accounts: Statement,
    move_balance: Statement,
    insert_lines: Statement,
}

impl Plain {
    /// Makes the tables and the accounts in an empty database.
    pub fn create(url: &str, accounts: usize) -> Self {
        let fill = format!(
            "insert into account
                select no, '62100000' || lpad(no::text, 11, '0'), '客户' || no, 5000000, 0
                from generate_series(1, {accounts}) no"
        );
        runtime().block_on(async {
            let client = connect(url).await;
            // Each is a statement of its own: vacuum refuses to run in a transaction.
            for sql in [SCHEMA, &fill, "vacuum analyze", "checkpoint"] {
                client.batch_execute(sql).await.expect("the database is empty and ours");
            }
        });
        let accounts = i64::try_from(accounts).expect("so many accounts fit");
        Self { url: url.to_owned(), accounts }
    }

    /// So many clients, each posting one entry after another for `span` after a warm-up.
    pub fn run(&self, clients: u64, warm_up: Duration, span: Duration, seed: u64) -> Pace {
        let accounts = self.accounts;
        let latencies = runtime().block_on(async {
            let mut sessions = Vec::new();
            for _ in 0..clients {
                let client = connect(&self.url).await;
                let prepared = Prepared::on(&client).await.expect("the tables are there");
                sessions.push((client, prepared));
            }
            let from = Instant::now() + warm_up;
            let tasks: Vec<_> = (seed..)
                .zip(sessions)
                .map(|(seed, (client, prepared))| {
                    let random = Random::of(seed);
                    tokio::spawn(one_client(
                        client,
                        prepared,
                        random,
                        accounts,
                        (from, from + span),
                    ))
                })
                .collect();
            let mut latencies = Vec::new();
            for task in tasks {
                latencies.extend(task.await.expect("a client ends").expect("the server answers"));
            }
            latencies
        });
        Pace::of(span.as_secs_f64(), latencies)
    }
}

impl Prepared {
    async fn on(client: &Client) -> Result<Self, Error> {
        Ok(Self {
            insert_entry: client.prepare(INSERT_ENTRY).await?,
            lock_accounts: client.prepare(LOCK_ACCOUNTS).await?,
            move_balance: client.prepare(MOVE_BALANCE).await?,
            insert_lines: client.prepare(INSERT_LINES).await?,
        })
    }
}

/// Latencies of the entries that were sent between the two instants.
async fn one_client(
    mut client: Client,
    prepared: Prepared,
    mut random: Random,
    accounts: i64,
    (from, until): (Instant, Instant),
) -> Result<Vec<Duration>, Error> {
    let mut latencies = Vec::new();
    loop {
        let transfer = draw(&mut random, accounts);
        let sent = Instant::now();
        if sent >= until {
            return Ok(latencies);
        }
        let posted = post(&mut client, &prepared, &transfer).await?;
        assert!(posted, "the key is new and the funds suffice");
        if sent >= from {
            latencies.push(sent.elapsed());
        }
    }
}

/// Between two accounts that differ: one row cannot be locked for two ends of a transfer.
fn draw(random: &mut Random, accounts: i64) -> Transfer {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&random.next().to_be_bytes());
    key[8..].copy_from_slice(&random.next().to_be_bytes());
    let mut account = |bound: i64| random.below(bound.unsigned_abs()) as i64;
    let from = 1 + account(accounts);
    let to = 1 + (from + account(accounts - 1)) % accounts;
    Transfer { key, from, to, amount: 1 }
}

/// Posts one entry; `false` if its key is known or the payer's funds do not suffice.
async fn post(client: &mut Client, sql: &Prepared, transfer: &Transfer) -> Result<bool, Error> {
    let Transfer { key, from, to, amount } = transfer;
    let transaction = client.transaction().await?;
    let date = first_day().0;
    let entry = transaction.query_opt(&sql.insert_entry, &[&&key[..], &date]).await?;
    let Some(entry) = entry else { return Ok(false) };
    let entry: i64 = entry.get(0);
    for account in transaction.query(&sql.lock_accounts, &[from, to]).await? {
        let (id, balance, limit): (i64, i64, i64) =
            (account.get(0), account.get(1), account.get(2));
        if id == *from && balance - amount < -limit {
            return Ok(false);
        }
    }
    transaction.execute(&sql.move_balance, &[from, &-amount]).await?;
    transaction.execute(&sql.move_balance, &[to, amount]).await?;
    transaction.execute(&sql.insert_lines, &[&entry, from, to, amount]).await?;
    transaction.commit().await?;
    Ok(true)
}
