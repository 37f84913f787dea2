//! What only SQLite has: a file, its fullness, its readers, and a process that is killed.

use crate::place::{Place, SqlitePlace, block, ended, fill, noise};
use rusqlite::Connection;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use store::testing::on_small_disk;
use store::{Block, Record, RecordQuery, SqliteStore, Store, StoreError};

const CHILD_FILE: &str = "PIAOHAO_TEST_CHILD_FILE";

#[test]
fn a_full_file_keeps_nothing_of_the_block_and_goes_on_when_there_is_room() {
    let place = SqlitePlace::new();
    let mut store = SqliteStore::open(place.file()).unwrap();
    let blocks = fill(&mut store, "a", 3, 100_000);
    store.limit_file(1 << 20).unwrap();
    let big = block("a", 4, 1 << 20);
    assert!(matches!(store.append("a", &big), Err(StoreError::Full { .. })));
    let full = store.put_snapshot("a", 3, &noise(1, 2 << 20));
    assert!(matches!(full, Err(StoreError::Full { .. })));
    assert_eq!(store.latest_snapshot("a").unwrap(), None, "no part of it");
    assert_eq!(store.tip("a").unwrap(), Some(blocks[2].head()));
    let small = block("a", 4, 1000);
    store.append("a", &small).unwrap();
    store.limit_file(1 << 30).unwrap();
    store.append("a", &block("a", 5, 1 << 20)).unwrap();
    assert_eq!(place.open().tip("a").unwrap().unwrap().seq, 5);
    assert_sound(&place);
}

#[test]
fn a_full_disk_keeps_nothing_of_the_block_and_goes_on_when_there_is_room() {
    let place = SqlitePlace::new();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "sqlite::full_disk_child", "--nocapture"]);
    child.env(CHILD_FILE, place.file());
    let output = on_small_disk(&child, place.folder.path(), "root", 8).output().unwrap();
    let said = [&output.stdout[..], &output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    if !output.status.success() && !said.contains("running 1 test") {
        return eprintln!("only root can make a small disk to fill: {said}");
    }
    assert!(output.status.success() && said.contains("filled"), "{said}");
}

/// The process that the test above starts on a disk of 8 MiB; by itself it does nothing.
#[test]
fn full_disk_child() {
    let Ok(file) = std::env::var(CHILD_FILE) else { return };
    let file = std::path::PathBuf::from(file);
    let ballast = file.with_file_name("ballast");
    std::fs::write(&ballast, noise(1, 1 << 20)).unwrap();
    let mut store = SqliteStore::open(&file).unwrap();
    let mut seq = 0;
    let full = loop {
        match store.append("a", &block("a", seq + 1, 30_000)) {
            Ok(()) => seq += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(full, StoreError::Full { .. }), "{full:?}");
    assert!(seq > 50, "{seq}");
    println!("filled after {seq} blocks");
    let check = |store: &mut dyn Store, seq| {
        assert_eq!(store.tip("a").unwrap().unwrap().seq, seq);
        let expected: Vec<Block> = (1..=seq).map(|seq| block("a", seq, 30_000)).collect();
        assert!(store.read("a", 1, usize::MAX).unwrap() == expected);
    };
    check(&mut store, seq);
    assert!(store.append("a", &block("a", seq + 1, 30_000)).is_err(), "still full");
    std::fs::remove_file(ballast).unwrap();
    store.append("a", &block("a", seq + 1, 30_000)).unwrap();
    check(&mut store, seq + 1);
    drop(store);
    check(&mut SqliteStore::open(&file).unwrap(), seq + 1);
}

#[test]
fn blocks_are_append_only_and_a_chain_whoever_writes() {
    let place = SqlitePlace::new();
    fill(&mut *place.open(), "a", 3, 10);
    let sql = Connection::open(place.file()).unwrap();
    let insert = |verb: &str, id: i64, before: u8| {
        sql.execute(
            &format!(
                "{verb} into block (id, prev_hash, hash, first_entry, business_date, payload)
                values (?1, ?2, zeroblob(32), 99, 1, x'')"
            ),
            (id, [before; 32]),
        )
    };
    let bank = 1_i64 << 40;
    for refused in [
        sql.execute("update block set payload = x'00'", []),
        sql.execute("update block set business_date = 1 where seq = 2", []),
        sql.execute("delete from block where seq = 3", []),
        insert("insert", bank + 3, 0),
        insert("insert or replace", bank + 3, 0),
        insert("insert", bank + 4, 7),
        insert("insert", bank + 5, 0),
        insert("insert", bank * 2 + 2, 0),
    ] {
        let error = refused.unwrap_err().to_string();
        assert!(error.contains("block"), "{error}");
    }
    let blocks: Vec<Block> = (1..=3).map(|seq| block("a", seq, 10)).collect();
    assert_eq!(place.open().read("a", 1, usize::MAX).unwrap(), blocks);
}

#[test]
fn a_reader_follows_the_writer_and_cannot_write() {
    let place = SqlitePlace::new();
    let mut writer = SqliteStore::open(place.file()).unwrap();
    let mut reader = SqliteStore::open_read_only(place.file()).unwrap();
    assert_eq!(reader.tip("a").unwrap(), None);
    for seq in 1..=20 {
        let block = block("a", seq, 50_000);
        writer.append("a", &block).unwrap();
        assert_eq!(reader.read("a", seq, 0).unwrap(), [block]);
    }
    let refused = reader.append("a", &block("a", 21, 10));
    assert!(matches!(refused, Err(StoreError::Other { .. })), "{refused:?}");
    drop(writer);
    assert_eq!(reader.tip("a").unwrap().unwrap().seq, 20);
}

#[test]
fn only_a_store_is_opened() {
    let place = SqlitePlace::new();
    assert!(SqliteStore::open_read_only(place.file()).is_err(), "not there");
    let code = |result: Result<SqliteStore, StoreError>| result.err().map(|error| error.code());
    std::fs::write(place.file(), noise(1, 100_000)).unwrap();
    assert_eq!(code(SqliteStore::open(place.file())), Some("StoreCorrupt"));
    assert_eq!(std::fs::read(place.file()).unwrap(), noise(1, 100_000), "untouched");
    std::fs::remove_file(place.file()).unwrap();
    Connection::open(place.file()).unwrap().execute_batch("create table t (a)").unwrap();
    assert_eq!(code(SqliteStore::open(place.file())), Some("StoreFault"));
    std::fs::remove_file(place.file()).unwrap();
    drop(SqliteStore::open(place.file()).unwrap());
    Connection::open(place.file()).unwrap().execute_batch("pragma user_version = 99").unwrap();
    assert_eq!(code(SqliteStore::open(place.file())), Some("StoreFault"), "a newer schema");
}

#[test]
fn a_changed_byte_is_found() {
    let place = SqlitePlace::new();
    let mut store = SqliteStore::open(place.file()).unwrap();
    fill(&mut store, "a", 3, 10);
    let bytes = noise(1, 100_000);
    let digest = store::sha256(&bytes);
    store.put_document("a", &digest, &bytes).unwrap();
    store.put_snapshot("a", 2, &bytes).unwrap();
    store.put_snapshot("a", 3, &bytes).unwrap();
    let sql = Connection::open(place.file()).unwrap();
    sql.execute_batch(
        "update document set bytes = x'00';
        update snapshot_chunk set bytes = x'00' where snapshot_id & 255 = 3;
        drop trigger block_refuses_delete;
        delete from block where seq = 2;",
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
fn a_killed_writer_has_lost_nothing_it_acknowledged() {
    let place = SqlitePlace::new();
    let mut acknowledged = 0;
    // The log and the file change places now and then: kill at different moments.
    for lines in [1, 40, 120] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "sqlite::writer_child", "--nocapture"])
            .env(CHILD_FILE, place.file())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let mut seen = 0;
        while output.read_line(&mut line).unwrap() > 0 {
            if line.starts_with("kept ") {
                seen += 1;
                if seen == lines {
                    child.kill().unwrap();
                }
                // What it had already written into the pipe was acknowledged as well.
                if line.ends_with('\n') {
                    acknowledged = line.trim()["kept ".len()..].parse::<u64>().unwrap();
                }
            }
            line.clear();
        }
        child.wait().unwrap();
        assert!(seen >= lines, "the child stopped by itself");
        let tip = place.open().tip("a").unwrap().unwrap().seq;
        assert!(tip == acknowledged || tip == acknowledged + 1, "{tip} {acknowledged}");
        for seq in 1..=tip {
            let expected = block("a", seq, child_block_bytes(seq));
            assert_eq!(place.open().read("a", seq, 0).unwrap(), [expected]);
        }
    }
    assert_sound(&place);
}

/// The process that the test above starts and kills; by itself it does nothing.
#[test]
fn writer_child() {
    let Ok(file) = std::env::var(CHILD_FILE) else { return };
    let mut store = SqliteStore::open(file).unwrap();
    let first = store.tip("a").unwrap().map_or(1, |tip| tip.seq + 1);
    for seq in first..first + 10_000 {
        store.append("a", &block("a", seq, child_block_bytes(seq))).unwrap();
        println!("kept {seq}");
    }
}

/// Mostly small, sometimes large enough to fill the log and have it copied.
fn child_block_bytes(seq: u64) -> usize {
    if seq.is_multiple_of(7) { 5 << 20 } else { 2000 }
}

fn assert_sound(place: &SqlitePlace) {
    let sql = Connection::open(place.file()).unwrap();
    let word: String = sql.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(word, "ok");
    let broken: i64 = sql
        .query_row("select count(*) from pragma_foreign_key_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(broken, 0);
}

#[test]
fn a_file_from_before_gets_its_tables_and_keeps_its_blocks() {
    let place = SqlitePlace::new();
    let blocks = fill(&mut *place.open(), "a", 3, 10);
    let sql = Connection::open(place.file()).unwrap();
    sql.execute_batch("drop table record; drop table kept; pragma user_version = 1").unwrap();
    let reader = SqliteStore::open_read_only(place.file()).err();
    assert!(matches!(reader, Some(StoreError::Other { .. })), "a reader changes nothing");
    let mut store = place.open();
    store.append_with("a", &block("a", 4, 10), &[ended("done", 1)]).unwrap();
    assert_eq!(store.record("a", 1).unwrap(), Some(ended("done", 1)));
    assert_eq!(store.read("a", 1, usize::MAX).unwrap()[..3], blocks);
    store.keep("a", "shelf", "name", Some(b"value")).unwrap();
    assert_sound(&place);
}

#[test]
fn a_reader_sees_what_is_kept_and_keeps_nothing() {
    let place = SqlitePlace::new();
    place.open().keep("a", "shelf", "name", Some(b"value")).unwrap();
    let mut reader = SqliteStore::open_read_only(place.file()).unwrap();
    assert_eq!(reader.kept("a", "shelf", "name").unwrap(), Some(b"value".to_vec()));
    let refused = reader.keep("a", "shelf", "name", None);
    assert!(matches!(refused, Err(StoreError::Other { .. })), "{refused:?}");
    assert_eq!(place.open().kept("a", "shelf", "name").unwrap(), Some(b"value".to_vec()));
}

#[test]
fn a_full_file_keeps_neither_the_block_nor_its_records() {
    let place = SqlitePlace::new();
    let mut store = SqliteStore::open(place.file()).unwrap();
    fill(&mut store, "a", 3, 100_000);
    store.limit_file(1 << 20).unwrap();
    let small = ended("done", 1);
    let big = Record { body: noise(1, 2 << 20), ..ended("done", 2) };
    let full = store.append_with("a", &block("a", 4, 10), &[small.clone(), big]);
    assert!(matches!(full, Err(StoreError::Full { .. })), "{full:?}");
    assert_eq!(store.tip("a").unwrap().unwrap().seq, 3);
    assert_eq!(store.records_from("a", 1, usize::MAX).unwrap(), []);
    store.append_with("a", &block("a", 4, 10), std::slice::from_ref(&small)).unwrap();
    assert_eq!(place.open().records_from("a", 1, usize::MAX).unwrap(), [small]);
    assert_sound(&place);
}

#[test]
fn a_damaged_record_is_corrupt_and_stops_nobody() {
    let place = SqlitePlace::new();
    let mut store = SqliteStore::open(place.file()).unwrap();
    let records = [ended("done", 1), ended("done", 2)];
    store.append_with("a", &block("a", 1, 10), &records).unwrap();
    let sql = Connection::open(place.file()).unwrap();
    let all = RecordQuery { limit: 10, ..RecordQuery::default() };
    let dated = RecordQuery { ended_from: Some(0), ..all.clone() };
    for damage in ["code = cast(x'ff' as text)", "opened = 1 << 40"] {
        sql.execute(&format!("update record set {damage} where record_id = 2"), []).unwrap();
        let corrupt = [
            store.record("a", 2).err(),
            store.records("a", &all).err(),
            store.records_from("a", 1, usize::MAX).err(),
        ];
        for error in corrupt {
            assert!(matches!(error, Some(StoreError::Corrupt { .. })), "{damage}: {error:?}");
        }
        assert_eq!(store.record("a", 1).unwrap().as_ref(), Some(&records[0]));
        store.mend_records("a", &records[1..], &[]).unwrap();
        assert_eq!(store.records_from("a", 1, usize::MAX).unwrap(), records);
    }
    // No such day, and too many to ask for one by one.
    sql.execute("update record set ended = 2147483647 where record_id = 2", []).unwrap();
    let heads = store.records("a", &dated).unwrap();
    assert_eq!(heads.iter().map(|head| head.id).collect::<Vec<_>>(), [2, 1]);
    sql.execute("update record set ended = 1 << 40 where record_id = 2", []).unwrap();
    let far = store.records("a", &dated);
    assert!(matches!(far, Err(StoreError::Corrupt { .. })), "{far:?}");
}
