//! A bank of one institution with many accounts, its first day open.

use bank::form::{AccountForm, InstitutionForm};
use bank::{Answer, Command};
use engine::{Clock, Engine};
use ledger::Day;
use ledger::chart::Title;
use ledger::entry::AccountId;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};
use store::Store;

/// The name of the bank in its store and its archive.
pub const BANK: &str = "bench";

/// Accounts of a bank, where nothing else is said.
pub const ACCOUNTS: usize = 100_000;

/// A bank with `accounts` current accounts in an empty store, its first day open.
pub fn bank(address: &str, accounts: usize) -> (Engine, Vec<AccountId>) {
    let title = Title { zh: "示范农商银行".into(), en: "Demo Rural Bank".into() };
    let store = store(address);
    let engine = Engine::create(store, BANK, title, rulebook(), clock()).expect("an empty store");
    let title = Title { zh: "总行".into(), en: "Head office".into() };
    let head = InstitutionForm { code: "0000".into(), title, parent: None };
    engine.call(Command::AddInstitutions(vec![head])).expect("the first institution");
    let mut ids = Vec::with_capacity(accounts);
    for from in (0..accounts).step_by(50_000) {
        let forms = (from..(from + 50_000).min(accounts)).map(|no| AccountForm {
            number: format!("62100000{no:011}"),
            name: format!("客户{no}"),
            kind: "personal_current_overdraft".into(),
            institution: "0000".into(),
            unit: None,
            term: None,
        });
        let answer = engine.call(Command::OpenAccounts(forms.collect()));
        let Ok(Answer::Accounts(opened)) = answer else { panic!("not opened: {answer:?}") };
        ids.extend(opened);
    }
    engine.call(Command::OpenDay { day: Some(first_day()) }).expect("the first day opens");
    (engine, ids)
}

/// The bank's first day.
pub fn first_day() -> Day {
    Day::new(2026, 1, 5)
}

/// The store at an address: a file, or a database of a server.
pub fn store(address: &str) -> Box<dyn Store> {
    store::open(address).expect("the store opens")
}

pub fn clock() -> Clock {
    Arc::new(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(now.as_micros()).unwrap_or(i64::MAX)
    })
}

/// Read once: a run takes minutes, and the files may change to what this program does not know.
pub fn rulebook() -> Vec<(String, String)> {
    static FILES: OnceLock<Vec<(String, String)>> = OnceLock::new();
    FILES.get_or_init(read_rulebook).clone()
}

fn read_rulebook() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rulebook");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if matches!(ending, "toml" | "json" | "csv") {
                let name = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
                files.push((name, std::fs::read_to_string(path).unwrap_or_default()));
            }
        }
    }
    files.sort();
    files
}
