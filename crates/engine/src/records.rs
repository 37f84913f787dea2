//! Matters that have ended, as the store lists them (已办结事项): a projection of the blocks, written
//! with the block that ends them and made again from blocks when it is damaged.

use crate::fault::Fault;
use crate::follower::{Follower, apply};
use crate::verify::Difference;
use bank::State;
use bank::office::event::Going;
use bank::office::record::Record;
use ledger::Day;
use std::collections::BTreeMap;
use store::Store;

/// Bytes of records looked at in one call.
const READ_BYTES: usize = 16 << 20;

/// Records mended in one transaction.
const MENDED_AT_ONCE: usize = 10_000;

/// Room for most records, so that they are not moved while they are written.
const USUAL_BYTES: usize = 2 << 10;

/// The records of the matters that ended since they were last taken.
pub(crate) fn take(state: &mut State) -> Vec<store::Record> {
    let ended = std::mem::take(&mut state.office.ended);
    ended.iter().map(|record| kept(state, record)).collect()
}

fn kept(state: &State, record: &Record) -> store::Record {
    let end = match &record.at {
        Going::End(end) => end.clone(),
        Going::Step(step) => step.clone(),
    };
    let mut body = Vec::with_capacity(USUAL_BYTES);
    serde_json::to_writer(&mut body, record).expect("plain data serialises");
    store::Record {
        id: record.id,
        code: record.code.clone(),
        number: record.number.clone(),
        institution: state.book.institution(record.institution).code.clone(),
        opened: record.opened.0,
        ended: record.ended.unwrap_or(record.opened).0,
        state: end,
        opener: record.opener.clone(),
        body: body.into(),
    }
}

/// What the store should have of each matter that ended.
#[derive(Default)]
pub(crate) struct Expected(BTreeMap<u64, store::Hash>);

impl Expected {
    pub fn add(&mut self, records: &[store::Record]) {
        self.0.extend(records.iter().map(|record| (record.id, digest(record))));
    }

    /// Ids whose record is missing, different, or of no matter that ended.
    pub fn compare(&self, store: &mut dyn Store, bank: &str) -> Result<Vec<u64>, Fault> {
        let mut missing: BTreeMap<u64, store::Hash> = self.0.clone();
        let mut wrong = Vec::new();
        let mut from = 1;
        loop {
            let page = store.records_from(bank, from, READ_BYTES)?;
            let Some(last) = page.last().map(|record| record.id) else { break };
            for record in &page {
                if missing.remove(&record.id) != Some(digest(record)) {
                    wrong.push(record.id);
                }
            }
            from = last + 1;
        }
        wrong.extend(missing.into_keys());
        Ok(wrong)
    }
}

fn digest(record: &store::Record) -> store::Hash {
    let head = format!("{:?}", record.head());
    let mut all = head.into_bytes();
    all.extend_from_slice(&record.body);
    store::sha256(&all)
}

/// As `verify` tells it.
pub(crate) fn differences(wrong: &[u64], day: Day, seq: u64) -> Vec<Difference> {
    let some = wrong.iter().take(10).map(|id| Difference {
        day,
        seq,
        field: "record",
        certified: id.to_string(),
        found: "is not what the blocks say".to_owned(),
    });
    some.collect()
}

/// Makes every record again from the blocks; answers how many were wrong.
pub fn mend(store: Box<dyn Store>, bank: &str) -> Result<u64, Fault> {
    let mut follower = Follower::from_the_beginning(store, bank)?;
    let (mut expected, mut records) = (Expected::default(), BTreeMap::new());
    follower.each_block(|state, decoded| {
        apply(state, decoded, |_, _| {})?;
        let ended = take(state);
        expected.add(&ended);
        records.extend(ended.into_iter().map(|record| (record.id, record)));
        Ok(())
    })?;
    let store = &mut *follower.store;
    let wrong = expected.compare(store, bank)?;
    for ids in wrong.chunks(MENDED_AT_ONCE) {
        let put: Vec<store::Record> =
            ids.iter().filter_map(|id| records.get(id).cloned()).collect();
        let remove: Vec<u64> = ids.iter().filter(|id| !records.contains_key(id)).copied().collect();
        store.mend_records(bank, &put, &remove)?;
    }
    Ok(wrong.len() as u64)
}
