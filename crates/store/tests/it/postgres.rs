//! What only PostgreSQL has: a connection that breaks, a server that goes away, roles.

use crate::place::{Place, PostgresPlace, block, ended, fill, noise};
use std::sync::mpsc;
use store::testing::{Cluster, Wishes};
use store::{PostgresStore, Record, RecordOrder, RecordQuery, Store, StoreError};

const KILL_OTHERS: &str = "select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()";

/// Waits until the other sessions have ended, and so have been counted by the server.
const ALONE: &str = "do $$ begin
    while exists (
        select from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()
    ) loop
        perform pg_stat_clear_snapshot();
    end loop;
end $$";

fn is_lost<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Lost { .. }))
}

#[test]
fn a_broken_connection_is_lost_once_and_made_again() {
    let place = PostgresPlace::new();
    let mut store = PostgresStore::connect(place.database.url()).unwrap();
    let blocks = fill(&mut store, "a", 3, 1000);
    place.run(KILL_OTHERS).unwrap();
    let fourth = block("a", 4, 1000);
    let lost = store.append("a", &fourth);
    assert!(is_lost(&lost), "{lost:?}");
    assert_eq!(store.tip("a").unwrap(), Some(blocks[2].head()));
    store.append("a", &fourth).unwrap();
    place.run(KILL_OTHERS).unwrap();
    assert_eq!(store.tip("a").unwrap(), Some(fourth.head()), "reading reaches again by itself");
    place.run(KILL_OTHERS).unwrap();
    assert!(is_lost(&store.append("a", &fourth)));
    store.append("a", &fourth).unwrap();
    place.run(KILL_OTHERS).unwrap();
    assert!(is_lost(&store.put_snapshot("a", 4, &noise(1, 20 << 20))));
    assert_eq!(store.latest_snapshot("a").unwrap(), None, "no part of it");
}

#[test]
fn connections_cut_at_any_moment_lose_nothing_acknowledged() {
    let place = PostgresPlace::new();
    let mut store = PostgresStore::connect(place.database.url()).unwrap();
    let (mut next, mut cuts) = (1, 0);
    let (progress, cut_now) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for () in cut_now {
                place.run(KILL_OTHERS).unwrap();
            }
        });
        while next <= 200 {
            match store.append("a", &block("a", next, 20_000)) {
                Ok(()) => next += 1,
                Err(StoreError::Lost { .. }) => cuts += 1,
                Err(error) => panic!("{error}"),
            }
            // The cut comes whenever it comes; meanwhile the writer goes on.
            if next % 5 == 0 {
                progress.send(()).unwrap();
            }
        }
        drop(progress);
    });
    assert!(cuts > 3, "{cuts} cuts");
    let tip = place.open().tip("a").unwrap().unwrap().seq;
    assert!(tip == next - 1 || tip == next, "{tip} {next}");
    for seq in 1..=tip {
        assert_eq!(store.read("a", seq, 0).unwrap(), [block("a", seq, 20_000)]);
    }
}

#[test]
fn a_server_that_crashed_comes_back_with_what_it_acknowledged() {
    let cluster = Cluster::start(&Wishes::default()).unwrap();
    let database = cluster.database().unwrap();
    let mut store = PostgresStore::connect(database.url()).unwrap();
    let blocks = fill(&mut store, "a", 20, 100_000);
    cluster.crash().unwrap();
    let lost = store.append("a", &block("a", 21, 10));
    assert!(is_lost(&lost), "{lost:?}");
    assert!(is_lost(&store.tip("a")), "nobody is there");
    assert!(is_lost(&PostgresStore::connect(database.url())));
    cluster.restart().unwrap();
    assert_eq!(store.read("a", 1, usize::MAX).unwrap(), blocks);
    store.append("a", &block("a", 21, 10)).unwrap();
}

#[test]
fn blocks_are_append_only() {
    let place = PostgresPlace::new();
    let blocks = fill(&mut *place.open(), "a", 3, 10);
    for sql in [
        "update block set payload = ''",
        "update block set business_date = business_date + 1 where seq = 2",
        "delete from block where seq = 3",
        "truncate block",
    ] {
        let error = place.run(sql).unwrap_err();
        assert!(error.what().contains("block is append-only"), "{error}");
    }
    let second = "insert into block select bank_id, 3, prev_hash, hash, first_entry, business_date,
        payload from block where seq = 3";
    let error = place.run(second).unwrap_err();
    assert!(error.what().contains("block_pk"), "{error}");
    assert_eq!(place.open().read("a", 1, usize::MAX).unwrap(), blocks);
}

#[test]
fn a_writer_waits_for_the_other_and_is_then_fenced() {
    let place = PostgresPlace::new();
    let mut store = place.open();
    fill(&mut *store, "a", 3, 10);
    // Another node is in the middle of writing block 4, and stays there a while.
    let url = place.database.url().to_owned();
    let rival = std::thread::spawn(move || {
        store::testing::run(
            &url,
            "begin;
            insert into block select bank_id, 4, hash, decode(repeat('05', 32), 'hex'), 9,
                business_date, '' from block where seq = 3;
            select pg_sleep(1);
            commit",
        )
    });
    place
        .run(
            "do $$ begin
                while not exists (
                    select from pg_stat_activity
                    where datname = current_database() and wait_event = 'PgSleep'
                        and pid <> pg_backend_pid()
                ) loop
                    perform pg_stat_clear_snapshot();
                end loop;
            end $$",
        )
        .unwrap();
    let fenced = store.append("a", &block("a", 4, 10));
    assert_eq!(fenced, Err(StoreError::Fenced { seq: 4, tip_seq: 4 }));
    rival.join().unwrap().unwrap();
    assert_eq!(store.tip("a").unwrap().unwrap().hash, [5; 32]);
}

#[test]
fn a_standby_cannot_be_written_and_is_left() {
    let place = PostgresPlace::new();
    let mut store = place.open();
    fill(&mut *store, "a", 1, 10);
    let name = place.database.name();
    place.run(&format!("alter database {name} set default_transaction_read_only = on")).unwrap();
    let mut store = place.open();
    assert!(is_lost(&store.append("a", &block("a", 2, 10))));
    assert_eq!(store.tip("a").unwrap().unwrap().seq, 1);
}

#[test]
fn no_question_reads_a_whole_chain() {
    let place = PostgresPlace::new();
    let mut store = place.open();
    for seq in 1..=1000 {
        store.append("a", &block("a", seq, 10)).unwrap();
        store.tip("a").unwrap();
        store.block_of_entry("a", seq).unwrap();
        store.heads("a", seq, 1).unwrap();
        store.heads_of_day("a", 20_000, seq, 1).unwrap();
        store.read("a", seq, 0).unwrap();
    }
    // The server counts what was read when the session ends.
    drop(store);
    place
        .run(
            "do $$
            declare
                scans bigint;
                entries bigint;
            begin
                select seq_scan into scans from pg_stat_user_tables where relname = 'block';
                select sum(idx_tup_read) into entries from pg_stat_user_indexes
                where relname = 'block';
                -- Each of the three indexes was built by a scan of the empty table.
                if scans > 3 or entries < 6000 or entries > 10000 then
                    raise exception '% scans, % index entries', scans, entries;
                end if;
            end $$",
        )
        .unwrap();
}

#[test]
fn a_newer_schema_is_not_touched() {
    let place = PostgresPlace::new();
    drop(place.open());
    place.run("insert into schema_version (version) values (99)").unwrap();
    let newer = PostgresStore::connect(place.database.url()).err();
    assert!(matches!(newer, Some(StoreError::Other { .. })), "{newer:?}");
}

#[test]
fn a_changed_byte_is_found() {
    let place = PostgresPlace::new();
    let mut store = place.open();
    fill(&mut *store, "a", 3, 10);
    let bytes = noise(1, 100_000);
    let digest = store::sha256(&bytes);
    store.put_document("a", &digest, &bytes).unwrap();
    store.put_snapshot("a", 2, &bytes).unwrap();
    store.put_snapshot("a", 3, &bytes).unwrap();
    place
        .run(
            "update document set bytes = '';
            update snapshot_chunk set bytes = '' where seq = 3;
            alter table block disable trigger block_append_only;
            delete from block where seq = 2",
        )
        .unwrap();
    let corrupt = |error: Option<StoreError>| {
        assert!(matches!(error, Some(StoreError::Corrupt { .. })), "{error:?}");
    };
    corrupt(store.get_document("a", &digest).err());
    assert_eq!(store.latest_snapshot("a").unwrap().unwrap().0, 2, "to fall back to");
    assert_eq!(store.snapshot_at_or_before("a", 1).unwrap(), None);
    corrupt(store.read("a", 1, usize::MAX).err());
    corrupt(store.heads("a", 2, 1).err());
}

#[test]
fn an_address_that_cannot_be_is_said_to_be_wrong() {
    let code = |url: &str| store::open(url).err().map(|error| error.code());
    assert_eq!(code("postgres://host:port/x"), Some("StoreFault"));
    let nobody = Cluster::shared().url().replace("/postgres", "/no_such_database");
    assert_eq!(code(&nobody), Some("StoreFault"));
    assert_eq!(code("postgres://postgres@%2Fnowhere/postgres"), Some("StoreLost"));
}

#[test]
fn a_full_disk_keeps_nothing_of_the_block_and_goes_on_when_there_is_room() {
    let wishes = Wishes { small_disk_mib: Some(24), ..Wishes::default() };
    let cluster = match Cluster::start(&wishes) {
        Ok(cluster) => cluster,
        Err(what) => return eprintln!("only root can make a small disk to fill: {what}"),
    };
    let database = cluster.database().unwrap();
    let mut store = PostgresStore::connect(database.url()).unwrap();
    let blocks = fill(&mut store, "a", 3, 1000);
    let folder = cluster.small_disk().unwrap();
    let sql = format!("create tablespace small location '{}'", folder.display());
    store::testing::run(database.url(), &sql).unwrap();
    let run = |sql| store::testing::run(database.url(), sql).unwrap();
    run("alter table block set tablespace small");
    run("create table ballast tablespace small as
        select repeat('x', 1000) from generate_series(1, 4000)");
    let full = store.append("a", &block("a", 4, 40 << 20));
    assert!(matches!(full, Err(StoreError::Full { .. })), "{full:?}");
    assert_eq!(store.tip("a").unwrap(), Some(blocks[2].head()));
    run("drop table ballast");
    // What the aborted block took is given back by the vacuum, which runs by itself in time.
    run("vacuum block");
    store.append("a", &block("a", 4, 1 << 20)).unwrap();
    assert_eq!(store.read("a", 4, 0).unwrap(), [block("a", 4, 1 << 20)]);
    drop(store);
    drop(database);
}

#[test]
fn a_database_from_before_gets_its_tables_and_keeps_its_blocks() {
    let place = PostgresPlace::new();
    let blocks = fill(&mut *place.open(), "a", 3, 10);
    place
        .run("drop table record; drop table kept; delete from schema_version where version > 1")
        .unwrap();
    let mut store = place.open();
    store.append_with("a", &block("a", 4, 10), &[ended("done", 1)]).unwrap();
    assert_eq!(store.record("a", 1).unwrap(), Some(ended("done", 1)));
    assert_eq!(store.read("a", 1, usize::MAX).unwrap()[..3], blocks);
}

#[test]
fn records_that_cannot_be_kept_take_their_block_with_them() {
    let place = PostgresPlace::new();
    let mut store = place.open();
    fill(&mut *store, "a", 3, 10);
    place.run("alter table record add constraint no_rival check (state <> 'rival')").unwrap();
    let (sound, refused) = (ended("done", 1), ended("rival", 2));
    let result = store.append_with("a", &block("a", 4, 10), &[sound.clone(), refused]);
    assert!(matches!(result, Err(StoreError::Other { .. })), "{result:?}");
    assert_eq!(store.tip("a").unwrap().unwrap().seq, 3);
    assert_eq!(store.records_from("a", 1, usize::MAX).unwrap(), []);
    store.append_with("a", &block("a", 4, 10), std::slice::from_ref(&sound)).unwrap();
    assert_eq!(store.records_from("a", 1, usize::MAX).unwrap(), [sound]);
}

#[test]
fn records_of_more_bytes_than_one_statement_takes_are_kept_together() {
    let place = PostgresPlace::new();
    let mut store = place.open();
    let records: Vec<Record> =
        (1..=7).map(|id| Record { body: noise(id, 3 << 20), ..ended("done", id) }).collect();
    store.append_with("a", &block("a", 1, 10), &records).unwrap();
    assert!(store.records_from("a", 1, usize::MAX).unwrap() == records);
}

#[test]
fn a_list_of_records_is_read_from_its_index() {
    let place = PostgresPlace::new();
    let mut store = place.open();
    let records: Vec<Record> =
        (1..=20_000).map(|id| Record { body: noise(id, 9), ..ended("done", id) }).collect();
    store.append_with("a", &block("a", 1, 10), &records).unwrap();
    drop(store);
    place.run("alter table record set (autovacuum_enabled = off); analyze record").unwrap();
    place.run(ALONE).unwrap();
    place.run("select pg_stat_reset()").unwrap();
    let mut store = place.open();
    // Sorts after all values, so that a scan that does not know where to stop reads them all.
    let none = || Some("~none".to_owned());
    let institutions = vec!["~none".to_owned(), "330201".to_owned()];
    let order = RecordOrder::OldestFirst;
    let all = RecordQuery { limit: 1, ..RecordQuery::default() };
    let queries = [
        all.clone(),
        RecordQuery { behind: Some(100), code: Some("CASH-020".into()), ..all.clone() },
        RecordQuery { code: none(), ..all.clone() },
        RecordQuery { state: none(), ..all.clone() },
        RecordQuery { number: none(), ..all.clone() },
        RecordQuery { opener: none(), code: none(), ..all.clone() },
        RecordQuery { institutions: institutions.clone(), code: none(), ..all.clone() },
        RecordQuery { institutions, behind: Some(100), ..all.clone() },
        RecordQuery { ended_from: Some(20_001), behind: Some(100), ..all.clone() },
        RecordQuery { order, code: none(), ..all.clone() },
        RecordQuery { order, behind: Some(19_900), code: Some("CASH-020".into()), ..all },
    ];
    for query in &queries {
        // More often than the server plans anew for each value.
        for _ in 0..10 {
            store.records("a", query).unwrap();
        }
    }
    drop(store);
    place.run(ALONE).unwrap();
    place
        .run(
            "do $$
            declare pages bigint;
            begin
                select sum(idx_blks_hit + idx_blks_read) into pages
                from pg_statio_user_indexes where relname = 'record';
                -- Each of the 110 goes down one or two indexes; one of them has a hundred pages.
                if pages is null or pages not between 110 and 1500 then
                    raise exception '% pages of indexes', pages;
                end if;
            end $$",
        )
        .unwrap();
}
