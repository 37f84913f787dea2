//! What every store must do alike. Each test runs on all of them.

use crate::place::{block, fill, hash, noise, on_every_store};
use bytes::Bytes;
use std::sync::Barrier;
use store::{BLOCK_HEAD_BYTES, Block, Outcome, Store, StoreError};

fn fenced(result: Result<(), StoreError>) -> (u64, u64) {
    match result {
        Err(StoreError::Fenced { seq, tip_seq }) => (seq, tip_seq),
        other => panic!("expected to be fenced, got {other:?}"),
    }
}

fn code<T>(result: Result<T, StoreError>) -> &'static str {
    match result {
        Ok(_) => "Ok",
        Err(error) => error.code(),
    }
}

#[test]
fn an_empty_store_has_nothing() {
    on_every_store(|place| {
        let mut store = place.open();
        assert_eq!(store.banks().unwrap(), Vec::<String>::new());
        assert_eq!(store.tip("a").unwrap(), None);
        assert_eq!(store.read("a", 1, 1000).unwrap(), []);
        assert_eq!(store.heads("a", 0, 10).unwrap(), []);
        assert_eq!(store.heads_of_day("a", 0, 0, 10).unwrap(), []);
        assert_eq!(store.block_of_entry("a", 1).unwrap(), None);
        assert_eq!(store.latest_snapshot("a").unwrap(), None);
        assert_eq!(store.get_document("a", &[1; 32]).unwrap(), None);
    });
}

#[test]
fn what_is_appended_is_read_back_also_after_opening_again() {
    on_every_store(|place| {
        let mut store = place.open();
        let sizes = [0, 1, 1000, 2040, 8000, 70_000, 3 << 20];
        let blocks: Vec<Block> =
            sizes.iter().zip(1..).map(|(bytes, seq)| block("a", seq, *bytes)).collect();
        for block in &blocks {
            store.append("a", block).unwrap();
            assert_eq!(store.tip("a").unwrap(), Some(block.head()));
        }
        let heads: Vec<_> = blocks.iter().map(Block::head).collect();
        for mut store in [store, place.open()] {
            assert_eq!(store.read("a", 1, usize::MAX >> 1).unwrap(), blocks);
            assert_eq!(store.heads("a", 1, usize::MAX).unwrap(), heads);
            assert_eq!(store.heads("a", 3, 2).unwrap(), heads[2..4]);
            assert_eq!(store.heads("a", 3, 0).unwrap(), []);
            assert_eq!(store.heads("a", 8, 10).unwrap(), []);
            assert_eq!(store.heads("a", u64::MAX, 10).unwrap(), []);
            assert_eq!(store.tip("a").unwrap(), heads.last().copied());
            assert_eq!(store.banks().unwrap(), ["a"]);
        }
    });
}

#[test]
fn reading_stops_at_the_bytes_allowed_but_gives_at_least_one() {
    on_every_store(|place| {
        let mut store = place.open();
        let blocks = fill(&mut *store, "a", 5, 1000);
        let three = 3 * (1000 + BLOCK_HEAD_BYTES);
        assert_eq!(store.read("a", 2, three).unwrap(), blocks[1..4]);
        assert_eq!(store.read("a", 2, three - 1).unwrap(), blocks[1..3]);
        assert_eq!(store.read("a", 2, 0).unwrap(), blocks[1..2]);
        assert_eq!(store.read("a", 0, 0).unwrap(), blocks[..1]);
        assert_eq!(store.read("a", 5, usize::MAX).unwrap(), blocks[4..]);
        assert_eq!(store.read("a", 6, usize::MAX).unwrap(), []);
        assert_eq!(store.read("a", u64::MAX, usize::MAX).unwrap(), []);
        let blocks = fill(&mut *store, "b", 200, 0);
        for count in [1, 31, 32, 33, 159, 160, 161, 200] {
            assert_eq!(store.read("b", 1, count * BLOCK_HEAD_BYTES).unwrap(), blocks[..count]);
        }
    });
}

#[test]
fn a_block_must_follow_the_tip() {
    on_every_store(|place| {
        let mut store = place.open();
        assert_eq!(fenced(store.append("a", &block("a", 2, 10))), (2, 0), "nothing before it");
        fill(&mut *store, "a", 3, 10);
        assert_eq!(fenced(store.append("a", &block("a", 5, 10))), (5, 3), "a gap");
        let wrong = Block { prev_hash: [7; 32], ..block("a", 4, 10) };
        assert_eq!(fenced(store.append("a", &wrong)), (4, 3), "another block before it");
        let skipping = Block { prev_hash: hash("a", 2), ..block("a", 4, 10) };
        assert_eq!(fenced(store.append("a", &skipping)), (4, 3), "the one before the tip");
        assert_eq!(store.tip("a").unwrap().unwrap().seq, 3);
        store.append("a", &block("a", 4, 10)).unwrap();
    });
}

#[test]
fn the_same_block_again_is_ok_and_another_of_its_seq_is_fenced() {
    on_every_store(|place| {
        let mut store = place.open();
        let blocks = fill(&mut *store, "a", 3, 10);
        for block in &blocks {
            store.append("a", block).unwrap();
        }
        let other = Block { hash: [9; 32], ..blocks[2].clone() };
        assert_eq!(fenced(store.append("a", &other)), (3, 3));
        let other = Block { hash: [9; 32], ..blocks[0].clone() };
        assert_eq!(fenced(store.append("a", &other)), (1, 3));
        let forged = Block { prev_hash: [9; 32], ..blocks[2].clone() };
        assert_eq!(fenced(store.append("a", &forged)), (3, 3), "same hash, other history");
        assert_eq!(store.read("a", 1, usize::MAX).unwrap(), blocks);
    });
}

#[test]
fn a_block_that_breaks_its_promises_is_malformed() {
    on_every_store(|place| {
        let mut store = place.open();
        fill(&mut *store, "a", 2, 10);
        let next = block("a", 3, 10);
        let back = Block { first_entry: 2, ..next.clone() };
        assert_eq!(code(store.append("a", &back)), "StoreMalformed");
        let zero = Block { seq: 0, ..next.clone() };
        assert_eq!(code(store.append("a", &zero)), "StoreMalformed");
        let far = Block { seq: 1 << 40, ..next.clone() };
        assert_eq!(code(store.append("a", &far)), "StoreMalformed");
        let many = Block { first_entry: 1 << 63, ..next.clone() };
        assert_eq!(code(store.append("a", &many)), "StoreMalformed");
        let never = Block { business_date: i32::MAX, ..next.clone() };
        assert_eq!(code(store.append("a", &never)), "StoreMalformed");
        let long = "长".repeat(34);
        for bank in ["", "a\0b", long.as_str()] {
            assert_eq!(code(store.append(bank, &block("a", 1, 1))), "StoreMalformed");
            assert_eq!(code(store.put_snapshot(bank, 1, b"")), "StoreMalformed");
        }
        store.append("a", &next).unwrap();
        assert_eq!(store.banks().unwrap(), ["a"]);
    });
}

#[test]
fn the_highest_entry_number_and_any_date_are_kept() {
    on_every_store(|place| {
        let mut store = place.open();
        let last = i64::MAX as u64;
        let early = Block { business_date: -719_162, ..block("a", 1, 1) };
        let late = Block { business_date: 2_932_896, first_entry: last, ..block("a", 2, 1) };
        store.append("a", &early).unwrap();
        store.append("a", &late).unwrap();
        assert_eq!(store.read("a", 1, 1000).unwrap(), [early, late.clone()]);
        assert_eq!(store.block_of_entry("a", u64::MAX).unwrap(), Some(late.clone()));
        assert_eq!(store.heads_of_day("a", 2_932_896, 1, 9).unwrap(), [late.head()]);
    });
}

#[test]
fn of_two_writers_racing_exactly_one_wins_each_seq() {
    const BLOCKS: u64 = 40;
    on_every_store(|place| {
        let start = Barrier::new(2);
        let race = |writer: &str, mut store: Box<dyn Store>| {
            let mut won = Vec::new();
            start.wait();
            while won.len() < BLOCKS as usize {
                let tip = store.tip("a").unwrap();
                let seq = tip.map_or(1, |tip| tip.seq + 1);
                if seq > BLOCKS {
                    break;
                }
                let next = Block {
                    prev_hash: tip.map_or([0; 32], |tip| tip.hash),
                    hash: hash(writer, seq),
                    ..block(writer, seq, 500)
                };
                match store.append("a", &next) {
                    Ok(()) => won.push(next),
                    Err(StoreError::Fenced { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            won
        };
        let mut won = std::thread::scope(|scope| {
            // Opened here: who fails to come to the start would leave the other waiting.
            let (first, second) = (place.open(), place.open());
            let one = scope.spawn(|| race("one", first));
            let mut won = race("two", second);
            won.extend(one.join().unwrap());
            won
        });
        won.sort_by_key(|block| block.seq);
        assert_eq!(won.len() as u64, BLOCKS, "each seq acknowledged once");
        assert_eq!(place.open().read("a", 1, usize::MAX).unwrap(), won);
    });
}

#[test]
fn processes_that_start_together_make_one_store() {
    on_every_store(|place| {
        let banks = ["a", "b", "c", "d"];
        std::thread::scope(|scope| {
            for bank in banks {
                scope.spawn(move || fill(&mut *place.open(), bank, 5, 10));
            }
        });
        assert_eq!(place.open().banks().unwrap(), banks);
    });
}

#[test]
fn a_writer_that_was_overtaken_is_fenced_and_reads_the_rival() {
    on_every_store(|place| {
        let (mut old, mut new) = (place.open(), place.open());
        fill(&mut *old, "a", 3, 10);
        let rival = Block { hash: [5; 32], ..block("a", 4, 20) };
        new.append("a", &rival).unwrap();
        assert_eq!(fenced(old.append("a", &block("a", 4, 10))), (4, 4));
        assert_eq!(fenced(old.append("a", &block("a", 5, 10))), (5, 4), "nor may it go on");
        assert_eq!(old.tip("a").unwrap(), Some(rival.head()));
        assert_eq!(old.read("a", 4, 100).unwrap(), [rival]);
    });
}

#[test]
fn an_entry_is_found_in_its_block_past_blocks_without_entries() {
    on_every_store(|place| {
        let mut store = place.open();
        // Blocks 2, 4 and 5 have no entries.
        let first_entries = [10, 13, 13, 20, 20, 20];
        for (first_entry, seq) in first_entries.iter().zip(1..) {
            let block = Block { first_entry: *first_entry, ..block("a", seq, 10) };
            store.append("a", &block).unwrap();
        }
        let mut seq_of = |entry| store.block_of_entry("a", entry).unwrap().map(|b| b.seq);
        assert_eq!(seq_of(0), None);
        assert_eq!(seq_of(9), None);
        assert_eq!(seq_of(10), Some(1));
        assert_eq!(seq_of(12), Some(1));
        assert_eq!(seq_of(13), Some(3));
        assert_eq!(seq_of(19), Some(3));
        assert_eq!(seq_of(20), Some(6));
        assert_eq!(seq_of(1000), Some(6));
    });
}

#[test]
fn a_day_has_its_blocks_even_where_dates_alternate() {
    on_every_store(|place| {
        let mut store = place.open();
        let days = [7, 7, 8, 7, 8, 8, 9, 7];
        for (day, seq) in days.iter().zip(1..) {
            let here = Block { business_date: *day, ..block("a", seq, 10) };
            store.append("a", &here).unwrap();
            store.append("b", &Block { business_date: 7, ..block("b", seq, 10) }).unwrap();
        }
        let mut seqs = |day, from, limit| -> Vec<u64> {
            let heads = store.heads_of_day("a", day, from, limit).unwrap();
            assert!(heads.iter().all(|head| head.business_date == day));
            heads.iter().map(|head| head.seq).collect()
        };
        assert_eq!(seqs(7, 1, 100), [1, 2, 4, 8]);
        assert_eq!(seqs(8, 0, 100), [3, 5, 6]);
        assert_eq!(seqs(9, 1, 100), [7]);
        assert_eq!(seqs(6, 1, 100), []);
        assert_eq!(seqs(7, 1, 3), [1, 2, 4]);
        assert_eq!(seqs(7, 2, 2), [2, 4]);
        assert_eq!(seqs(7, 5, 100), [8]);
        assert_eq!(seqs(7, 9, 100), []);
        assert_eq!(seqs(7, 1, 0), []);
    });
}

#[test]
fn two_banks_in_one_store_do_not_mix() {
    on_every_store(|place| {
        let mut store = place.open();
        let names = ["镇北农商行", "b", "B", "a'; drop table block; --"];
        let chains: Vec<Vec<Block>> = names
            .iter()
            .zip(3..)
            .map(|(name, count)| fill(&mut *store, name, count, 100))
            .collect();
        for ((name, chain), number) in names.iter().zip(&chains).zip(1..) {
            store.put_snapshot(name, number, name.as_bytes()).unwrap();
            let bytes = name.as_bytes();
            store.put_document(name, &store::sha256(bytes), bytes).unwrap();
            assert_eq!(store.read(name, 1, usize::MAX).unwrap(), *chain);
        }
        let mut store = place.open();
        for ((name, chain), number) in names.iter().zip(&chains).zip(1..) {
            assert_eq!(store.tip(name).unwrap(), chain.last().map(Block::head));
            assert_eq!(store.heads_of_day(name, 20_000, 1, 99).unwrap().len(), chain.len());
            let snapshot = store.latest_snapshot(name).unwrap();
            assert_eq!(snapshot, Some((number, name.as_bytes().to_vec())));
            for other in names {
                let found = store.get_document(name, &store::sha256(other.as_bytes())).unwrap();
                assert_eq!(found.is_some(), other == *name);
            }
        }
        let mut sorted = names.to_vec();
        sorted.sort_unstable();
        assert_eq!(store.banks().unwrap(), sorted, "by code point, not by a language's order");
    });
}

#[test]
fn the_newest_two_snapshots_are_kept_whole() {
    on_every_store(|place| {
        let mut store = place.open();
        // Below, at and above the size of a piece.
        let sizes = [0_usize, 1, 8 << 20, (8 << 20) + 1, 20 << 20];
        for (bytes, seq) in sizes.iter().zip([0, 10, 20, 30, 40]) {
            store.put_snapshot("a", seq, &noise(seq, *bytes)).unwrap();
            let (found, read) = store.latest_snapshot("a").unwrap().unwrap();
            assert!(found == seq && read == noise(seq, *bytes), "snapshot {seq}");
        }
        for mut store in [store, place.open()] {
            let mut at = |seq| store.snapshot_at_or_before("a", seq).unwrap().map(|s| s.0);
            assert_eq!(at(u64::MAX), Some(40));
            assert_eq!(at(40), Some(40));
            assert_eq!(at(39), Some(30));
            assert_eq!(at(29), None, "older ones are gone");
        }
        assert_eq!(place.open().banks().unwrap(), Vec::<String>::new());
    });
}

#[test]
fn a_second_snapshot_of_a_seq_replaces_the_first() {
    on_every_store(|place| {
        let mut store = place.open();
        store.put_snapshot("a", 5, &noise(1, 9 << 20)).unwrap();
        store.put_snapshot("a", 7, b"seven").unwrap();
        store.put_snapshot("a", 5, b"five").unwrap();
        assert_eq!(store.latest_snapshot("a").unwrap(), Some((7, b"seven".to_vec())));
        assert_eq!(store.snapshot_at_or_before("a", 6).unwrap(), Some((5, b"five".to_vec())));
    });
}

#[test]
fn a_document_is_kept_once_under_its_digest() {
    on_every_store(|place| {
        let mut store = place.open();
        for bytes in [Bytes::new(), Bytes::from_static(b"voucher"), noise(3, 5 << 20)] {
            let digest = store::sha256(&bytes);
            assert_eq!(store.get_document("a", &digest).unwrap(), None);
            store.put_document("a", &digest, &bytes).unwrap();
            store.put_document("a", &digest, &bytes).unwrap();
            assert!(store.get_document("a", &digest).unwrap().unwrap() == bytes);
            assert!(place.open().get_document("a", &digest).unwrap().unwrap() == bytes);
        }
        assert_eq!(code(store.put_document("a", &[1; 32], b"voucher")), "StoreMalformed");
        assert_eq!(store.get_document("a", &[1; 32]).unwrap(), None);
    });
}

#[test]
fn every_error_says_what_can_be_relied_on() {
    let what = || "disk I/O error".to_owned();
    let errors = [
        StoreError::Fenced { seq: 9, tip_seq: 12 },
        StoreError::Malformed { what: what() },
        StoreError::Full { what: what() },
        StoreError::Busy { what: what() },
        StoreError::Lost { what: what() },
        StoreError::Corrupt { what: what() },
        StoreError::Other { what: what() },
    ];
    let mut codes: Vec<_> = errors.iter().map(StoreError::code).collect();
    codes.dedup();
    assert_eq!(codes.len(), errors.len());
    for error in &errors {
        assert!(error.en().is_ascii() && !error.zh().is_ascii());
        assert!(error.to_string().contains(error.what()));
        assert_eq!(error.acknowledged_is_safe(), error.code() != "StoreCorrupt");
    }
    assert_eq!(errors[2].outcome(), Outcome::NotKept);
    assert_eq!(errors[4].outcome(), Outcome::Unknown);
    assert!(errors[0].zh().contains("第9块") && errors[0].en().contains("block 9"));
}

#[test]
fn documents_are_listed_in_order_and_page_by_page() {
    on_every_store(|place| {
        let mut store = place.open();
        assert_eq!(store.documents("a", None, 10).unwrap(), Vec::<store::Hash>::new());
        let mut digests: Vec<store::Hash> = (0_u8..20)
            .map(|no| {
                let digest = store::sha256(&[no]);
                store.put_document("a", &digest, &[no]).unwrap();
                digest
            })
            .collect();
        store.put_document("b", &store::sha256(b"else"), b"else").unwrap();
        digests.sort_unstable();
        let mut other = place.open();
        assert_eq!(other.documents("a", None, 100).unwrap(), digests);
        assert_eq!(other.documents("a", Some(&[0; 32]), 7).unwrap(), digests[..7]);
        assert_eq!(other.documents("a", Some(&digests[6]), 7).unwrap(), digests[7..14]);
        assert!(other.documents("a", Some(&digests[19]), 7).unwrap().is_empty());
        assert!(other.documents("a", None, 0).unwrap().is_empty());
    });
}
