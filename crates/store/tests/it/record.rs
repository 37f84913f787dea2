//! What every store must do alike with the records of matters that have ended.

use crate::place::{Place, block, fill, noise, on_every_store};
use bytes::Bytes;
use store::memory::{Call, Fault, MemoryDisk};
use store::{
    RECORD_HEAD_BYTES, RECORDS_LISTED_MAX, Record, RecordHead, RecordOrder, RecordQuery,
    StoreError, VALUE_BYTES_MAX,
};

const CODES: [&str; 3] = ["CASH-020", "SEAL-003", "挂失"];
const INSTITUTIONS: [&str; 5] = ["330201", "330202", "330203", "总行", ""];
const STATES: [&str; 4] = ["done", "refused", "withdrawn", "已作废"];
const OPENERS: [&str; 4] = ["zhang", "li", "王五", "O'Neil \"%_"];

/// Numbers that look like chance and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % count
    }

    fn one_of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }

    /// Mostly nothing, so that the fields meet in every combination.
    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.below(3) == 0 { Some(value(self)) } else { None }
    }

    fn record(&mut self, id: u64) -> Record {
        let code = self.one_of(&CODES);
        let ended = 20_000 + i32::try_from(id / 4 % 100_000).unwrap()
            - i32::try_from(self.below(3)).unwrap();
        Record {
            id,
            code: code.to_owned(),
            number: format!("{code}-{:03}", id / 2),
            institution: self.one_of(&INSTITUTIONS).to_owned(),
            opened: ended - 1,
            ended,
            state: self.one_of(&STATES).to_owned(),
            opener: self.one_of(&OPENERS).to_owned(),
            body: noise(id, self.below(3000)),
        }
    }

    fn query(&mut self, id_max: usize) -> RecordQuery {
        let day = |dice: &mut Self| 19_998 + i32::try_from(dice.below(id_max / 4 + 4)).unwrap();
        let institutions = self.maybe(|dice| 1 + dice.below(4)).unwrap_or(0);
        RecordQuery {
            code: self.maybe(|dice| dice.one_of(&CODES).to_owned()),
            institutions: (0..institutions)
                .map(|_| self.one_of(&INSTITUTIONS).to_owned())
                .collect(),
            state: self.maybe(|dice| dice.one_of(&STATES).to_owned()),
            opener: self.maybe(|dice| dice.one_of(&OPENERS).to_owned()),
            number: match self.below(8) {
                0 => Some(format!("{}-{:03}", self.one_of(&CODES), self.below(id_max / 2))),
                _ => None,
            },
            ended_from: self.maybe(day),
            ended_until: self.maybe(day),
            order: [RecordOrder::NewestFirst, RecordOrder::OldestFirst][self.below(2)],
            behind: self.maybe(|dice| dice.below(id_max + 3) as u64),
            limit: [0, 1, 7, 50, RECORDS_LISTED_MAX][self.below(5)],
        }
    }
}

fn is(wanted: Option<&String>, text: &str) -> bool {
    wanted.is_none_or(|wanted| wanted == text)
}

/// What a query asks for, word by word.
fn naive(records: &[Record], query: &RecordQuery) -> Vec<RecordHead> {
    let mut wanted: Vec<RecordHead> = records
        .iter()
        .filter(|r| is(query.code.as_ref(), &r.code))
        .filter(|r| query.institutions.is_empty() || query.institutions.contains(&r.institution))
        .filter(|r| is(query.state.as_ref(), &r.state))
        .filter(|r| is(query.opener.as_ref(), &r.opener))
        .filter(|r| is(query.number.as_ref(), &r.number))
        .filter(|r| query.ended_from.is_none_or(|day| day <= r.ended))
        .filter(|r| query.ended_until.is_none_or(|day| r.ended <= day))
        .filter(|r| {
            query.behind.is_none_or(|last| match query.order {
                RecordOrder::NewestFirst => r.id < last,
                RecordOrder::OldestFirst => r.id > last,
            })
        })
        .map(Record::head)
        .collect();
    wanted.sort_by_key(|head| head.id);
    if query.order == RecordOrder::NewestFirst {
        wanted.reverse();
    }
    wanted.truncate(query.limit);
    wanted
}

fn record(id: u64) -> Record {
    Dice(id).record(id)
}

fn all() -> RecordQuery {
    RecordQuery { limit: RECORDS_LISTED_MAX, ..RecordQuery::default() }
}

fn is_malformed<T>(result: Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Malformed { .. }))
}

#[test]
fn lists_have_what_a_plain_filter_has() {
    const COUNT: u64 = 400;
    on_every_store(|place| {
        let mut store = place.open();
        let mut dice = Dice(7);
        // Ids have gaps, and do not come in order.
        let mut records: Vec<Record> =
            (1..=COUNT).filter(|id| id % 7 != 0).map(|id| dice.record(id)).collect();
        for at in 1..records.len() {
            records.swap(at, dice.below(at + 1));
        }
        for (some, seq) in records.chunks(60).zip(1..) {
            store.append_with("a", &block("a", seq, 10), some).unwrap();
        }
        let mut found = 0;
        for number in 0..1500 {
            let query = dice.query(COUNT as usize);
            let heads = store.records("a", &query).unwrap();
            assert_eq!(heads, naive(&records, &query), "query {number}: {query:?}");
            found += usize::from(!heads.is_empty());
        }
        assert!(found > 500, "{found} queries found something");
    });
}

#[test]
fn many_lists_are_merged() {
    on_every_store(|place| {
        let mut store = place.open();
        let mut dice = Dice(3);
        let mut record = |id: u64| Record {
            institution: dice.below(300).to_string(),
            ended: i32::try_from(dice.below(300)).unwrap(),
            ..dice.record(id)
        };
        let records: Vec<Record> = (1..=2000).map(&mut record).collect();
        store.append_with("a", &block("a", 1, 10), &records).unwrap();
        let named = (0..400).step_by(2).map(|number| number.to_string()).collect();
        let of_institutions = RecordQuery { institutions: named, ..all() };
        let coded = RecordQuery { code: Some(CODES[0].into()), ..of_institutions.clone() };
        let of_days = RecordQuery { ended_from: Some(10), ended_until: Some(250), ..all() };
        for query in [of_institutions, coded, of_days] {
            for limit in [1, 50, 700, RECORDS_LISTED_MAX] {
                for order in [RecordOrder::NewestFirst, RecordOrder::OldestFirst] {
                    let query = RecordQuery { limit, order, ..query.clone() };
                    assert!(store.records("a", &query).unwrap() == naive(&records, &query));
                }
            }
        }
    });
}

#[test]
fn pages_walk_over_everything_exactly_once() {
    on_every_store(|place| {
        let mut store = place.open();
        let records: Vec<Record> = (1..=300).map(|id| record(3 * id)).collect();
        store.append_with("a", &block("a", 1, 10), &records).unwrap();
        let own = RecordQuery { institutions: vec!["总行".into(), "330201".into()], ..all() };
        let coded = RecordQuery { code: Some("挂失".into()), ..all() };
        let dated = RecordQuery { ended_from: Some(20_010), ..all() };
        for query in [all(), own, coded, dated] {
            let mut page = RecordQuery { limit: 7, ..query.clone() };
            let mut walked = Vec::new();
            loop {
                let heads = store.records("a", &page).unwrap();
                let Some(last) = heads.last() else { break };
                page.behind = Some(last.id);
                walked.extend(heads);
            }
            assert!(!walked.is_empty() && walked == naive(&records, &query));
        }
    });
}

#[test]
fn a_record_is_read_back_whole_also_after_opening_again() {
    on_every_store(|place| {
        let mut store = place.open();
        let sizes = [0, 1, 2000, 8200, 70_000, 9 << 20, 5];
        let records: Vec<Record> = sizes
            .iter()
            .zip(1..)
            .map(|(bytes, id)| Record { body: noise(id, *bytes), ..record(id) })
            .collect();
        store.append_with("a", &block("a", 1, 10), &records).unwrap();
        for mut store in [store, place.open()] {
            for record in &records {
                assert!(store.record("a", record.id).unwrap().as_ref() == Some(record));
            }
            for id in [0, 8, (1 << 40) - 1, 1 << 40, u64::MAX] {
                assert_eq!(store.record("a", id).unwrap(), None);
            }
            assert_eq!(store.tip("a").unwrap(), Some(block("a", 1, 10).head()));
        }
    });
}

#[test]
fn records_in_order_stop_at_the_bytes_allowed_but_give_at_least_one() {
    on_every_store(|place| {
        let mut store = place.open();
        assert_eq!(store.records_from("a", 1, usize::MAX).unwrap(), []);
        // More than a store looks at first, with a gap before each.
        let records: Vec<Record> =
            (1..=170).map(|n| Record { body: noise(n, 100), ..record(2 * n) }).collect();
        store.append_with("a", &block("a", 1, 10), &records).unwrap();
        let each = 100 + RECORD_HEAD_BYTES;
        for count in [1, 31, 32, 33, 160, 170] {
            assert_eq!(store.records_from("a", 1, count * each).unwrap(), records[..count]);
        }
        assert_eq!(store.records_from("a", 5, 2 * each - 1).unwrap(), records[2..3]);
        assert_eq!(store.records_from("a", 0, 0).unwrap(), records[..1]);
        assert_eq!(store.records_from("a", 340, usize::MAX).unwrap(), records[169..]);
        assert_eq!(store.records_from("a", 341, usize::MAX).unwrap(), []);
        assert_eq!(store.records_from("a", u64::MAX, usize::MAX).unwrap(), []);
    });
}

#[test]
fn a_fenced_block_leaves_no_records() {
    on_every_store(|place| {
        let mut store = place.open();
        fill(&mut *store, "a", 3, 10);
        store.append_with("a", &block("a", 4, 10), &[record(1)]).unwrap();
        let rival = store::Block { hash: [9; 32], ..block("a", 4, 10) };
        for (fenced, id) in [(rival, 1), (block("a", 6, 10), 2)] {
            let other = Record { opener: "rival".into(), ..record(id) };
            let result = store.append_with("a", &fenced, &[other]);
            assert!(matches!(result, Err(StoreError::Fenced { .. })), "{result:?}");
        }
        assert_eq!(store.records("a", &all()).unwrap(), [record(1).head()]);
        store.append_with("a", &block("a", 5, 10), &[record(2)]).unwrap();
    });
}

#[test]
fn repeating_an_append_leaves_one_copy_and_undoes_nothing() {
    on_every_store(|place| {
        let mut store = place.open();
        let records = [record(1), record(2)];
        let first = block("a", 1, 10);
        store.append_with("a", &first, &records).unwrap();
        store.append_with("a", &first, &records).unwrap();
        assert_eq!(store.records_from("a", 1, usize::MAX).unwrap(), records);
        let later = Record { state: "voided".into(), ..record(2) };
        store.append_with("a", &block("a", 2, 10), std::slice::from_ref(&later)).unwrap();
        store.append_with("a", &first, &records).unwrap();
        store.append("a", &first).unwrap();
        let [one, _] = records;
        assert_eq!(store.records_from("a", 1, usize::MAX).unwrap(), [one, later]);
    });
}

#[test]
fn two_banks_do_not_see_each_others_records() {
    on_every_store(|place| {
        let mut store = place.open();
        for (bank, number) in [("镇北农商行", 1), ("b", 2)] {
            let named = |id| Record { number: bank.into(), ended: number, ..record(id) };
            let records = [named(1), named(number as u64 + 1), named((1 << 40) - 1)];
            store.append_with(bank, &block(bank, 1, 10), &records).unwrap();
        }
        for (bank, number) in [("镇北农商行", 1), ("b", 2)] {
            let by_number = RecordQuery { number: Some(bank.into()), ..all() };
            let by_day = RecordQuery { ended_from: Some(number), ended_until: Some(2), ..all() };
            for query in [all(), by_number, by_day] {
                let heads = store.records(bank, &query).unwrap();
                let ids: Vec<u64> = heads.iter().map(|head| head.id).collect();
                assert_eq!(ids, [(1 << 40) - 1, number as u64 + 1, 1], "{query:?}");
                assert!(heads.iter().all(|head| head.number == bank));
            }
            assert_eq!(store.record(bank, 4 - number as u64).unwrap(), None);
            assert_eq!(store.records_from(bank, 1, usize::MAX).unwrap().len(), 3);
        }
        store.mend_records("b", &[], &[1]).unwrap();
        assert!(store.record("镇北农商行", 1).unwrap().is_some());
        let nobody = RecordQuery { ended_from: Some(0), ..all() };
        assert_eq!(store.records("nobody", &nobody).unwrap(), []);
        assert_eq!(store.record("nobody", 1).unwrap(), None);
    });
}

#[test]
fn mending_puts_some_in_place_and_removes_others() {
    on_every_store(|place| {
        let mut store = place.open();
        let records: Vec<Record> = (1..=5).map(record).collect();
        store.append_with("a", &block("a", 1, 10), &records).unwrap();
        let changed = |id| Record { code: "新".into(), body: Bytes::new(), ..record(id) };
        store.mend_records("a", &[changed(2), changed(9), changed(4)], &[1, 4, 77]).unwrap();
        let expected = [changed(2), record(3), changed(4), record(5), changed(9)];
        assert_eq!(store.records_from("a", 1, usize::MAX).unwrap(), expected);
        let new = RecordQuery { code: Some("新".into()), ..all() };
        let ids: Vec<u64> = store.records("a", &new).unwrap().iter().map(|h| h.id).collect();
        assert_eq!(ids, [9, 4, 2]);
        store.mend_records("a", &[], &[]).unwrap();
        store.mend_records("new", &[record(1)], &[]).unwrap();
        assert_eq!(store.records_from("new", 1, 0).unwrap(), [record(1)]);
        assert_eq!(store.banks().unwrap(), ["a"], "records alone make no bank");
    });
}

#[test]
fn what_breaks_the_promises_is_malformed_and_keeps_nothing() {
    on_every_store(|place| {
        let mut store = place.open();
        let first = block("a", 1, 10);
        let long = "长".repeat(67);
        let huge = Bytes::from(vec![0; VALUE_BYTES_MAX + 1]);
        for wrong in [
            Record { id: 0, ..record(1) },
            Record { id: 1 << 40, ..record(1) },
            Record { code: long.clone(), ..record(1) },
            Record { number: "a\0b".into(), ..record(1) },
            Record { institution: long.clone(), ..record(1) },
            Record { state: "\0".into(), ..record(1) },
            Record { opener: long.clone(), ..record(1) },
            Record { opened: i32::MIN, ..record(1) },
            Record { ended: i32::MAX, ..record(1) },
            Record { body: huge, ..record(1) },
            record(2),
        ] {
            let records = [record(2), wrong];
            assert!(is_malformed(store.append_with("a", &first, &records)));
            assert!(is_malformed(store.mend_records("a", &records, &[])));
        }
        for id in [0, 1 << 40] {
            assert!(is_malformed(store.mend_records("a", &[], &[id])));
        }
        assert!(is_malformed(store.mend_records("", &[record(1)], &[])));
        for query in [
            RecordQuery { limit: RECORDS_LISTED_MAX + 1, ..all() },
            RecordQuery { code: Some(long.clone()), ..all() },
            RecordQuery { number: Some("a\0b".into()), ..all() },
            RecordQuery { institutions: vec!["a".into(), long], ..all() },
            RecordQuery { institutions: vec!["a".into(); RECORDS_LISTED_MAX + 1], ..all() },
        ] {
            assert!(is_malformed(store.records("a", &query)), "{query:?}");
        }
        assert_eq!(store.tip("a").unwrap(), None);
        assert_eq!(store.records("a", &all()).unwrap(), []);
    });
}

#[test]
fn the_longest_texts_and_any_date_are_kept_and_asked_for() {
    on_every_store(|place| {
        let mut store = place.open();
        let text = "长".repeat(66);
        let early = Record {
            code: text.clone(),
            number: text.clone(),
            institution: text.clone(),
            state: text.clone(),
            opener: text,
            opened: -719_162,
            ended: -719_162,
            ..record(1)
        };
        let late = Record { ended: 2_932_896, ..record(2) };
        let records = [early.clone(), late.clone()];
        store.append_with("a", &block("a", 1, 10), &records).unwrap();
        assert_eq!(store.record("a", 1).unwrap(), Some(early));
        let days = [i32::MIN, -719_162, 0, 2_932_896, i32::MAX];
        for from in days {
            for until in days {
                let days =
                    RecordQuery { ended_from: Some(from), ended_until: Some(until), ..all() };
                let numbered = RecordQuery { number: Some(late.number.clone()), ..days.clone() };
                for query in [days, numbered] {
                    let heads = store.records("a", &query).unwrap();
                    assert_eq!(heads, naive(&records, &query), "{query:?}");
                }
            }
        }
    });
}

#[test]
fn a_fault_keeps_the_block_and_its_records_or_neither() {
    for (fault, kept) in [
        (Fault::Full, 0),
        (Fault::LostBefore, 0),
        (Fault::Torn, 0),
        (Fault::Rival(block("rival", 1, 10)), 0),
        (Fault::LostAfter, 2),
    ] {
        let disk = MemoryDisk::new();
        disk.plan(Call::Append, fault.clone());
        let records = [record(1), record(2)];
        let mut store = Place::open(&disk);
        store.append_with("a", &block("a", 1, 10), &records).unwrap_err();
        let mut store = Place::open(&disk);
        let is_there = store.read("a", 1, 0).unwrap() == [block("a", 1, 10)];
        assert_eq!(is_there, kept == 2, "{fault:?}");
        assert_eq!(store.records("a", &all()).unwrap().len(), kept, "{fault:?}");
    }
    let disk = MemoryDisk::new();
    disk.plan(Call::MendRecords, Fault::Busy);
    let mut store = Place::open(&disk);
    store.mend_records("a", &[record(1)], &[]).unwrap_err();
    assert_eq!(store.record("a", 1).unwrap(), None);
}
