//! What verification and recovery find when a journal was changed and its hashes made to fit: the
//! chain then proves nothing, and the books must contradict themselves.

use crate::simulate::rules;
use bank::Command;
use bank::form::{AccountForm, EntryForm, InstitutionForm, LineForm, SideWord};
use engine::close::{ClosedDay, Seal, close_day};
use engine::verify::{Verified, verify};
use engine::{Engine, Fault, Follower};
use history::block::{Body, decode, encode, hash_block};
use ledger::Day;
use ledger::chart::Title;
use std::sync::Arc;
use store::memory::MemoryDisk;
use store::{Block, Store};

const BANK: &str = "forged";

struct NoSeal;

impl Seal for NoSeal {
    fn seal(&mut self, _day: &ClosedDay) -> Result<(), Fault> {
        Ok(())
    }
}

/// A bank that closed one day and is in its second.
fn bank(disk: &MemoryDisk) -> Engine {
    let title = Title { zh: "甲".into(), en: "A".into() };
    let files =
        rules::small(&vec![("2024-01-01".to_owned(), "\"7.1\"".to_owned())], &rules::deposits());
    let clock = Arc::new(|| 0);
    let engine = Engine::create(Box::new(disk.open()), BANK, title.clone(), files, clock).unwrap();
    let head = InstitutionForm { code: "00".into(), title, parent: None };
    engine.call(Command::AddInstitutions(vec![head])).unwrap();
    let account = |number: &str| AccountForm {
        number: number.into(),
        name: number.into(),
        kind: "personal_current".into(),
        institution: "00".into(),
        unit: None,
        term: None,
    };
    engine.call(Command::OpenAccounts(vec![account("li"), account("wang")])).unwrap();
    let (institution, unit) = ("00".to_owned(), "CNY".to_owned());
    let kinds = vec!["cash_vault".to_owned()];
    engine.call(Command::OpenInternal { kinds, institution, unit }).unwrap();
    engine.call(Command::OpenDay { day: Some(Day::new(2026, 1, 5)) }).unwrap();
    post(&engine, "1");
    close_day(&engine, "ops", None, &mut NoSeal, |_, _| {}).unwrap();
    engine.call(Command::OpenDay { day: None }).unwrap();
    post(&engine, "2");
    engine
}

fn post(engine: &Engine, key: &str) {
    let cash = engine.look(|state| {
        let book = &state.book;
        let id = book.accounts.ids().find(|id| book.accounts.number(*id).contains("1001-01"));
        book.accounts.number(id.unwrap()).to_owned()
    });
    let line = |account: &str, side| LineForm {
        account: account.into(),
        side,
        amount: "100.00".into(),
        unit: None,
        red: false,
        clears: None,
        quantity: None,
    };
    let entry = EntryForm {
        key: key.into(),
        institution: "00".into(),
        maker: "zhao".into(),
        checker: "qian".into(),
        lines: vec![line(&cash.unwrap(), SideWord::Debit), line("li", SideWord::Credit)],
        ..EntryForm::default()
    };
    engine.call(Command::Post { entries: vec![entry], whole: true }).unwrap();
}

fn blocks(disk: &MemoryDisk) -> Vec<Block> {
    disk.open().read(BANK, 1, usize::MAX).unwrap()
}

/// The journal with each block's body changed, and every hash made to fit.
fn forge(blocks: &[Block], mut change: impl FnMut(&mut Body)) -> MemoryDisk {
    let disk = MemoryDisk::new();
    let mut store = disk.open();
    let mut before = blocks[0].prev_hash;
    for block in blocks {
        let mut body = decode(&block.payload).unwrap();
        change(&mut body);
        let mut payload = Vec::new();
        encode(&body, &mut payload);
        let hash = hash_block(&before, &payload);
        let (prev_hash, payload) = (before, payload.into());
        store.append(BANK, &Block { prev_hash, hash, payload, ..block.clone() }).unwrap();
        before = hash;
    }
    disk
}

fn verified(disk: &MemoryDisk) -> Verified {
    verify(Box::new(disk.open()), BANK, |_| {}).unwrap()
}

fn fields(disk: &MemoryDisk) -> Vec<&'static str> {
    verified(disk).differences.iter().map(|one| one.field).collect()
}

#[test]
fn an_unchanged_journal_verifies() {
    let disk = MemoryDisk::new();
    drop(bank(&disk));
    let forged = forge(&blocks(&disk), |_| {});
    let verified = verified(&forged);
    assert!(verified.differences.is_empty(), "{:?}", verified.differences);
    assert_eq!((verified.days, verified.entries), (1, 2));
}

#[test]
fn an_entry_that_does_not_balance_is_found_on_a_closed_day_and_on_the_open_one() {
    let disk = MemoryDisk::new();
    drop(bank(&disk));
    for day in [Day::new(2026, 1, 5), Day::new(2026, 1, 6)] {
        let forged = forge(&blocks(&disk), |body| {
            let posted = body.batch.headers.iter().any(|header| &*header.maker == "zhao");
            if body.business_date == day && posted {
                body.batch.lines[1].amount += 1;
            }
        });
        let found = fields(&forged);
        assert!(found.contains(&"entry"), "{day}: {found:?}");
        assert!(found.contains(&"checks"), "{day}: {found:?}");
    }
}

#[test]
fn both_lines_of_an_entry_changed_are_found_by_the_certificate() {
    let disk = MemoryDisk::new();
    drop(bank(&disk));
    let forged = forge(&blocks(&disk), |body| {
        if body.business_date == Day::new(2026, 1, 5) {
            body.batch.lines.iter_mut().for_each(|line| line.amount *= 2);
        }
    });
    let found = fields(&forged);
    for field in ["totals", "gl_digest", "accounts_digest", "gl"] {
        assert!(found.contains(&field), "{field}: {found:?}");
    }
}

#[test]
fn closing_rows_that_the_lines_do_not_lead_to_are_found() {
    let disk = MemoryDisk::new();
    drop(bank(&disk));
    let forged = forge(&blocks(&disk), |body| {
        for fact in &mut body.facts {
            if fact.json.contains("\"day_closed\"") {
                assert!(fact.json.contains("\"10000\""), "{}", fact.json);
                fact.json = fact.json.replace("\"balance\":\"10000\"", "\"balance\":\"10001\"");
            }
        }
    });
    assert!(fields(&forged).contains(&"gl"), "{:?}", fields(&forged));
}

#[test]
fn a_column_that_the_payload_contradicts_is_damage() {
    let disk = MemoryDisk::new();
    drop(bank(&disk));
    let changed = MemoryDisk::new();
    let mut store = changed.open();
    for block in blocks(&disk) {
        let first_entry = block.first_entry + u64::from(block.first_entry > 1);
        store.append(BANK, &Block { first_entry, ..block }).unwrap();
    }
    let verified = verify(Box::new(changed.open()), BANK, |_| {});
    assert!(matches!(verified, Err(Fault::Damaged { .. })), "{verified:?}");
}

#[test]
fn a_snapshot_of_another_chain_is_passed_over() {
    let (disk, other) = (MemoryDisk::new(), MemoryDisk::new());
    let engine = bank(&disk);
    engine.snapshot().unwrap();
    drop(engine);
    let (seq, image) = disk.open().latest_snapshot(BANK).unwrap().unwrap();
    drop(bank(&other));
    let forged = forge(&blocks(&other), |body| {
        body.batch.lines.iter_mut().for_each(|line| line.amount *= 3);
    });
    forged.open().put_snapshot(BANK, seq, &image).unwrap();
    let open = |disk: &MemoryDisk| Follower::open(Box::new(disk.open()), BANK).unwrap();
    assert_eq!(open(&disk).seq(), seq, "its own is used");
    assert_eq!(open(&forged).seq(), 0, "another's is not");
}
