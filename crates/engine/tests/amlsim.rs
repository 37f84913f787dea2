//! A bank's books on input that nobody here wrote: IBM AMLSim's 20,000 accounts and 117,805
//! transfers, 149 business days, each closed with its certificate, then verified from the blocks.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use bank::form::{AccountForm, EntryForm, InstitutionForm, LineForm, SideWord};
use bank::{Answer, Command};
use engine::close::close_day;
use engine::seal::ArchiveSeal;
use engine::{Engine, verify::verify};
use history::archive::Archive;
use ledger::chart::Title;
use ledger::entry::EntryKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::SqliteStore;

const BRANCHES: usize = 50;
const DAYS: usize = 149;

struct Transfer {
    from: usize,
    to: usize,
    amount: String,
    time: usize,
}

#[test]
fn amlsim_closes_149_days_and_every_account_ties() {
    let folder = std::env::temp_dir().join(format!("piaohao-amlsim-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("books.db");
    let (openings, transfers) = (openings(), transfers());
    let archive = Archive::in_folder(folder.join("history")).unwrap();
    let engine = bank(&path);
    open_accounts(&engine, openings.len());
    let mut done = 0;
    for day in 1..=DAYS {
        let first = (day == 1).then(|| "2026-01-05".parse().unwrap());
        engine.call(Command::OpenDay { day: first }).unwrap();
        if day == 1 {
            post(&engine, openings.iter().enumerate().map(|(no, amount)| deposit(no, amount)));
        }
        let until = done + transfers[done..].iter().take_while(|one| one.time == day).count();
        let today = (done..until).map(|at| transfer(at, &transfers[at]));
        post(&engine, today);
        done = until;
        let mut seal = ArchiveSeal { archive: &archive, bank: "demo", engine: &engine };
        close_day(&engine, "ops", None, &mut seal, |_, _| {}).unwrap();
    }
    assert_eq!(done, transfers.len());
    let interest = interest_by_account(&engine, openings.len());
    let (balances, corrected) = engine
        .look(|state| {
            let book = &state.book;
            let of =
                |no: usize| book.natural_balance(book.accounts.by_number(&number(no)).unwrap());
            ((0..20_000).map(of).collect::<Vec<i64>>(), book.corrected.len())
        })
        .unwrap();
    drop(engine);
    let mut expected: Vec<i64> = openings.iter().map(|amount| fen(amount)).collect();
    for one in &transfers {
        expected[one.from] -= fen(&one.amount);
        expected[one.to] += fen(&one.amount);
    }
    for (no, balance) in balances.iter().enumerate() {
        assert_eq!(*balance, expected[no] + interest[no], "account {no}");
    }
    assert!(interest.iter().any(|interest| *interest != 0), "two quarters were settled");
    assert_eq!(corrected, 0);
    let verified = verify(Box::new(SqliteStore::open(&path).unwrap()), "demo", |_| {}).unwrap();
    assert_eq!((verified.days, verified.differences.len()), (149, 0), "{:?}", verified.differences);
    std::fs::remove_dir_all(folder).unwrap();
}

fn bank(path: &Path) -> Engine {
    let store = Box::new(SqliteStore::open(path).unwrap());
    let title = Title { zh: "示范农商银行".into(), en: "Demo Rural Bank".into() };
    let engine = Engine::create(store, "demo", title, rulebook(), Arc::new(|| 0)).unwrap();
    let mut places = vec![place("0000", None)];
    places.extend((0..BRANCHES).map(|no| place(&branch(no), Some("0000"))));
    engine.call(Command::AddInstitutions(places)).unwrap();
    for no in 0..BRANCHES {
        let kinds = vec!["cash_vault".to_owned()];
        let (institution, unit) = (branch(no), "CNY".to_owned());
        engine.call(Command::OpenInternal { kinds, institution, unit }).unwrap();
    }
    engine
}

fn open_accounts(engine: &Engine, count: usize) {
    let account = |no: usize| AccountForm {
        number: number(no),
        name: format!("客户{no}"),
        kind: "personal_current_overdraft".into(),
        institution: branch(no % BRANCHES),
        unit: None,
        term: None,
    };
    engine.call(Command::OpenAccounts((0..count).map(account).collect())).unwrap();
}

fn post(engine: &Engine, entries: impl Iterator<Item = EntryForm>) {
    let command = Command::Post { entries: entries.collect(), whole: false };
    let Answer::Entries(receipts) = engine.call(command).unwrap() else { panic!("no receipts") };
    assert_eq!(receipts.refused.first(), None);
}

/// Interest posted to each account, read back from the journal's own settlement entries.
fn interest_by_account(engine: &Engine, count: usize) -> Vec<i64> {
    let mut interest = vec![0; count];
    let ids = engine.look(move |state| {
        let book = &state.book;
        (0..count).map(|no| book.accounts.by_number(&number(no)).unwrap()).collect::<Vec<_>>()
    });
    let ids = ids.unwrap();
    let place: std::collections::BTreeMap<_, _> =
        ids.iter().enumerate().map(|(no, id)| (*id, no)).collect();
    let blocks = engine.with_store(|store, bank| store.read(bank, 1, usize::MAX)).unwrap().unwrap();
    for block in blocks {
        let body = history::decode(&block.payload).unwrap();
        for at in 0..body.batch.len() {
            if body.batch.header(at).kind == EntryKind::Settlement {
                for line in body.batch.lines(at) {
                    if let Some(no) = place.get(&line.account) {
                        interest[*no] -= line.effect();
                    }
                }
            }
        }
    }
    interest
}

fn deposit(no: usize, amount: &str) -> EntryForm {
    let cash = format!("{}.CNY.1001-01.01", branch(no % BRANCHES));
    let lines =
        vec![line(&cash, SideWord::Debit, amount), line(&number(no), SideWord::Credit, amount)];
    form(format!("open-{no}"), no % BRANCHES, "OPEN", "开户存入", lines)
}

fn transfer(at: usize, one: &Transfer) -> EntryForm {
    let lines = vec![
        line(&number(one.from), SideWord::Debit, &one.amount),
        line(&number(one.to), SideWord::Credit, &one.amount),
    ];
    form(format!("transfer-{at}"), one.from % BRANCHES, "TRF", "转账", lines)
}

fn form(key: String, at: usize, code: &str, summary: &str, lines: Vec<LineForm>) -> EntryForm {
    EntryForm {
        key,
        institution: branch(at),
        code: code.into(),
        maker: "teller".into(),
        summary: summary.into(),
        lines,
        ..EntryForm::default()
    }
}

fn line(account: &str, side: SideWord, amount: &str) -> LineForm {
    let (account, amount) = (account.to_owned(), amount.to_owned());
    LineForm { account, side, amount, unit: None, red: false, clears: None, quantity: None }
}

fn place(code: &str, parent: Option<&str>) -> InstitutionForm {
    let title = Title { zh: format!("机构{code}"), en: format!("Institution {code}") };
    InstitutionForm { code: code.into(), title, parent: parent.map(Into::into) }
}

fn branch(no: usize) -> String {
    format!("{:04}", 101 + no)
}

fn number(no: usize) -> String {
    format!("6210000000{no:06}")
}

fn fen(text: &str) -> i64 {
    ledger::money::parse(text, 2, "amount").unwrap()
}

fn data(name: &str) -> String {
    let path = root().join("testdata/amlsim/20K_cycle200").join(name);
    std::fs::read_to_string(path).unwrap()
}

fn openings() -> Vec<String> {
    let text = data("nodes.csv");
    text.lines().skip(1).map(|row| row.split(',').nth(2).unwrap().to_owned()).collect()
}

fn transfers() -> Vec<Transfer> {
    let text = data("transactions.csv");
    let rows = text.lines().skip(1).map(|row| {
        let fields: Vec<&str> = row.split(',').collect();
        Transfer {
            from: fields[0].parse().unwrap(),
            to: fields[1].parse().unwrap(),
            amount: fields[2].to_owned(),
            time: fields[3].parse().unwrap(),
        }
    });
    rows.collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn rulebook() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let root = root().join("rulebook");
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if matches!(ending, "toml" | "json" | "csv") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                files.push((name, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}
