//! Small things that may change: what every store must do alike with them.

use crate::place::{block, fill, on_every_store};
use std::sync::Barrier;
use store::{KEPT_BYTES_MAX, KEPT_NAME_BYTES_MAX, Store, StoreError};

fn malformed<T: std::fmt::Debug>(result: Result<T, StoreError>) {
    assert!(matches!(result, Err(StoreError::Malformed { .. })), "{result:?}");
}

fn names(found: Vec<(String, Vec<u8>)>) -> Vec<String> {
    found.into_iter().map(|(name, _)| name).collect()
}

#[test]
fn what_is_kept_changes_and_goes_and_another_connection_sees_it() {
    on_every_store(|place| {
        let (mut store, mut other) = (place.open(), place.open());
        assert_eq!(store.kept("a", "credential", "ana").unwrap(), None, "before the bank is");
        assert_eq!(store.kept_on("a", "credential", "", 10).unwrap(), []);
        for value in [&b"first"[..], b"", &[0, 255, 0], &[7; KEPT_BYTES_MAX]] {
            store.keep("a", "credential", "ana", Some(value)).unwrap();
            for store in [&mut store, &mut other] {
                let found = store.kept("a", "credential", "ana").unwrap();
                assert!(found.as_deref() == Some(value), "{} bytes", value.len());
            }
        }
        assert_eq!(place.open().kept_on("a", "credential", "", 10).unwrap().len(), 1);
        other.keep("a", "credential", "ana", None).unwrap();
        other.keep("a", "credential", "ana", None).unwrap();
        assert_eq!(store.kept("a", "credential", "ana").unwrap(), None);
        assert_eq!(store.kept_on("a", "credential", "", 10).unwrap(), []);
    });
}

#[test]
fn a_bank_without_a_block_keeps_too_and_is_not_listed() {
    on_every_store(|place| {
        let mut store = place.open();
        store.keep("a", "session", "1", Some(b"one")).unwrap();
        assert_eq!(store.banks().unwrap(), Vec::<String>::new());
        assert_eq!(store.tip("a").unwrap(), None);
        fill(&mut *store, "a", 2, 10);
        assert_eq!(place.open().kept("a", "session", "1").unwrap(), Some(b"one".to_vec()));
        assert_eq!(store.banks().unwrap(), ["a"]);
    });
}

#[test]
fn banks_and_shelves_are_apart() {
    on_every_store(|place| {
        let mut store = place.open();
        let places = [("a", "s"), ("a", "t"), ("b", "s"), ("a", "s'; drop table kept; --")];
        for (bank, shelf) in places {
            let value = format!("{bank}/{shelf}");
            store.keep(bank, shelf, "n", Some(value.as_bytes())).unwrap();
        }
        store.keep("b", "t", "n", None).unwrap();
        for (bank, shelf) in places {
            let value = format!("{bank}/{shelf}").into_bytes();
            assert_eq!(store.kept(bank, shelf, "n").unwrap(), Some(value.clone()));
            let found = store.kept_on(bank, shelf, "", 10).unwrap();
            assert_eq!(found, [("n".to_owned(), value)]);
        }
        store.keep("a", "s", "n", None).unwrap();
        assert_eq!(store.kept("a", "s", "n").unwrap(), None);
        assert!(store.kept("b", "s", "n").unwrap().is_some());
        assert!(store.kept("a", "t", "n").unwrap().is_some());
    });
}

#[test]
fn a_shelf_is_read_in_order_of_bytes_page_by_page() {
    on_every_store(|place| {
        let mut store = place.open();
        let sorted = ["B", "a", "a.b", "ab", "b", "é", "柜员"];
        for name in sorted.iter().rev() {
            store.keep("a", "s", name, Some(name.as_bytes())).unwrap();
        }
        let mut page = |after, limit| names(store.kept_on("a", "s", after, limit).unwrap());
        assert_eq!(page("", 100), sorted);
        assert_eq!(page("", 3), sorted[..3]);
        assert_eq!(page("a.b", 3), sorted[3..6]);
        assert_eq!(page("aa", usize::MAX), sorted[3..], "a name that is not there");
        assert_eq!(page("柜员", 9), Vec::<String>::new());
        assert_eq!(page("", 0), Vec::<String>::new());
    });
}

#[test]
fn names_and_values_have_their_limits() {
    on_every_store(|place| {
        let mut store = place.open();
        let long = "x".repeat(KEPT_NAME_BYTES_MAX);
        store.keep("a", &long, &long, Some(b"")).unwrap();
        assert_eq!(store.kept("a", &long, &long).unwrap(), Some(Vec::new()));
        assert_eq!(names(store.kept_on("a", &long, "w", 9).unwrap()), [long.as_str()]);
        let too_long = format!("{long}x");
        for name in ["", "a\0b", "a\nb", too_long.as_str()] {
            malformed(store.keep("a", name, "n", Some(b"")));
            malformed(store.keep("a", "s", name, None));
            malformed(store.kept("a", name, "n"));
            malformed(store.kept("a", "s", name));
            malformed(store.kept_on("a", name, "", 1));
        }
        malformed(store.kept_on("a", "s", &too_long, 1));
        malformed(store.keep("", "s", "n", Some(b"")));
        malformed(store.keep("a", "s", "n", Some(&[0; KEPT_BYTES_MAX + 1])));
        assert_eq!(store.kept("a", "s", "n").unwrap(), None);
    });
}

/// Sessions are kept while the bank posts: neither waits so long that it is refused.
#[test]
fn a_second_connection_keeps_while_the_first_appends() {
    const BLOCKS: u64 = 30;
    on_every_store(|place| {
        let start = Barrier::new(2);
        let keeping = |mut store: Box<dyn Store>| {
            start.wait();
            for number in 0..BLOCKS {
                let name = format!("{:02}", number % 7);
                store.keep("a", "session", &name, Some(&number.to_le_bytes())).unwrap();
            }
        };
        std::thread::scope(|scope| {
            // Opened here: who fails to come to the start would leave the other waiting.
            let (mut writer, other) = (place.open(), place.open());
            scope.spawn(|| keeping(other));
            start.wait();
            for seq in 1..=BLOCKS {
                let bytes = if seq.is_multiple_of(5) { 2 << 20 } else { 1000 };
                writer.append("a", &block("a", seq, bytes)).unwrap();
            }
        });
        let mut store = place.open();
        assert_eq!(store.tip("a").unwrap().unwrap().seq, BLOCKS);
        assert_eq!(store.kept_on("a", "session", "", 99).unwrap().len(), 7);
        let last = store.kept("a", "session", "01").unwrap();
        assert_eq!(last, Some(29_u64.to_le_bytes().to_vec()));
    });
}

#[test]
fn shelves_are_listed_as_long_as_something_lies_on_them() {
    on_every_store(|place| {
        let mut store = place.open();
        assert_eq!(store.shelves("a").unwrap(), Vec::<String>::new());
        for (bank, shelf, name) in
            [("a", "票", "1"), ("a", "b", "1"), ("a", "b", "2"), ("a", "B", "1"), ("c", "d", "1")]
        {
            store.keep(bank, shelf, name, Some(b"")).unwrap();
        }
        assert_eq!(place.open().shelves("a").unwrap(), ["B", "b", "票"]);
        store.keep("a", "B", "1", None).unwrap();
        store.keep("a", "b", "1", None).unwrap();
        assert_eq!(store.shelves("a").unwrap(), ["b", "票"]);
    });
}
