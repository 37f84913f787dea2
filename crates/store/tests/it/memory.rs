//! The store in memory fails as it is told.

use crate::place::{block, fill};
use store::memory::{Call, Fault, MemoryDisk, MemoryStore};
use store::{Block, Store, StoreError};

fn lost<T: std::fmt::Debug>(result: Result<T, StoreError>) {
    assert!(matches!(result, Err(StoreError::Lost { .. })), "{result:?}");
}

#[test]
fn a_planned_fault_happens_once_and_only_to_its_call() {
    let mut store = MemoryStore::new();
    let disk = store.disk();
    disk.plan(Call::Append, Fault::Full);
    disk.plan(Call::Append, Fault::LostBefore);
    let first = block("a", 1, 10);
    store.put_snapshot("a", 0, b"empty").unwrap();
    assert!(matches!(store.append("a", &first), Err(StoreError::Full { .. })));
    lost(store.append("a", &first));
    assert_eq!(store.tip("a").unwrap(), None);
    store.append("a", &first).unwrap();
    disk.plan(Call::Read, Fault::LostBefore);
    lost(store.tip("a"));
    assert_eq!(store.tip("a").unwrap(), Some(first.head()));
    disk.plan(Call::PutSnapshot, Fault::Full);
    disk.plan(Call::PutDocument, Fault::Busy);
    disk.plan(Call::Keep, Fault::Busy);
    let busy = store.keep("a", "shelf", "name", Some(b"value"));
    assert!(matches!(busy, Err(StoreError::Busy { .. })), "{busy:?}");
    assert_eq!(store.kept("a", "shelf", "name").unwrap(), None);
    disk.plan_nothing();
    store.put_snapshot("a", 1, b"one").unwrap();
}

#[test]
fn a_lost_answer_may_hide_a_kept_block_and_repeating_it_is_ok() {
    let mut store = MemoryStore::new();
    fill(&mut store, "a", 2, 10);
    store.disk().plan(Call::Append, Fault::LostAfter);
    let third = block("a", 3, 10);
    lost(store.append("a", &third));
    assert_eq!(store.tip("a").unwrap(), Some(third.head()));
    store.append("a", &third).unwrap();
    store.append("a", &block("a", 4, 10)).unwrap();
}

#[test]
fn a_torn_write_is_not_seen_and_kills_the_process() {
    let disk = MemoryDisk::new();
    let mut store = disk.open();
    let blocks = fill(&mut store, "a", 2, 10);
    disk.plan(Call::Append, Fault::Torn);
    lost(store.append("a", &block("a", 3, 10)));
    lost(store.append("a", &block("a", 3, 10)));
    lost(store.banks());
    let mut next = disk.open();
    assert_eq!(next.read("a", 1, 1000).unwrap(), blocks);
    disk.plan(Call::PutSnapshot, Fault::Torn);
    lost(next.put_snapshot("a", 2, b"two"));
    assert_eq!(disk.open().latest_snapshot("a").unwrap(), None);
}

#[test]
fn a_crash_ends_the_process_and_keeps_the_blocks() {
    let disk = MemoryDisk::new();
    let mut store = disk.open();
    let blocks = fill(&mut store, "a", 2, 10);
    disk.crash();
    lost(store.append("a", &block("a", 3, 10)));
    lost(store.tip("a"));
    assert_eq!(disk.open().read("a", 1, 1000).unwrap(), blocks);
}

#[test]
fn a_rival_gets_in_first() {
    let mut store = MemoryStore::new();
    fill(&mut store, "a", 2, 10);
    let rival = Block { hash: [5; 32], ..block("a", 3, 20) };
    store.disk().plan(Call::Append, Fault::Rival(rival.clone()));
    let fenced = store.append("a", &block("a", 3, 10));
    assert_eq!(fenced, Err(StoreError::Fenced { seq: 3, tip_seq: 3 }));
    assert_eq!(store.tip("a").unwrap(), Some(rival.head()));
}
