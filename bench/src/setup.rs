//! A bank of one institution with many accounts, and entries between them.

use bank::form::{AccountForm, InstitutionForm};
use bank::{Answer, Command};
use engine::Engine;
use ledger::chart::Title;
use ledger::entry::{AccountId, EntryKind, EntryNo, Header, InstitutionId, Line};
use ledger::{Batch, Day, Key};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use store::Store;

/// How the accounts of entries are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draw {
    Uniform,
    /// Zipf with exponent 0.99: a few accounts take most of the entries.
    Zipf,
}

/// A folder that is removed when dropped.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("piaohao-bench-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("the temporary folder is writable");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A bank with `accounts` current accounts, its first day open.
pub fn bank(store: Box<dyn Store>, accounts: usize) -> (Engine, Vec<AccountId>) {
    let title = Title { zh: "示范农商银行".into(), en: "Demo Rural Bank".into() };
    let clock = Arc::new(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(now.as_micros()).unwrap_or(i64::MAX)
    });
    let engine = Engine::create(store, "bench", title, rulebook(), clock).expect("an empty store");
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
        if let Ok(Answer::Accounts(opened)) = answer {
            ids.extend(opened);
        }
    }
    let day = Some(Day::new(2026, 1, 5));
    engine.call(Command::OpenDay { day }).expect("the first day opens");
    (engine, ids)
}

/// Small deterministic generator (splitmix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Makes batches of two-line entries with keys of their own.
pub struct Entries {
    random: Random,
    cumulated: Vec<f64>,
    accounts: Vec<AccountId>,
}

impl Entries {
    pub fn new(accounts: Vec<AccountId>, draw: Draw) -> Self {
        let mut cumulated = Vec::new();
        if draw == Draw::Zipf {
            let mut sum = 0.0;
            for rank in 1..=accounts.len() {
                sum += (rank as f64).powf(-0.99);
                cumulated.push(sum);
            }
        }
        Self { random: Random(7), cumulated, accounts }
    }

    pub fn batch(&mut self, entries: usize) -> Batch {
        let mut batch = Batch::default();
        batch.headers.push(header());
        batch.entries.reserve(entries);
        batch.lines.reserve(entries * 2);
        for _ in 0..entries {
            let (from, to) = (self.account(), self.account());
            let key = u128::from(self.random.next()) << 64 | u128::from(self.random.next());
            batch.push_shared(Key(key), &[Line::debit(from, 1), Line::credit(to, 1)]);
        }
        batch
    }

    fn account(&mut self) -> AccountId {
        let drawn = self.random.next();
        let at = match self.cumulated.last() {
            None => drawn as usize % self.accounts.len(),
            Some(total) => {
                let point = (drawn >> 11) as f64 / (1_u64 << 53) as f64 * total;
                self.cumulated.partition_point(|sum| *sum < point).min(self.accounts.len() - 1)
            }
        };
        self.accounts[at]
    }
}

pub fn header() -> Header {
    Header {
        business_date: Day::new(2026, 1, 5),
        value_date: Day::new(2026, 1, 5),
        institution: InstitutionId(0),
        code: "TRF".into(),
        maker: "batch".into(),
        checker: "".into(),
        authoriser: "".into(),
        channel: "file".into(),
        document: "".into(),
        attachments: 0,
        summary: "转账".into(),
        kind: EntryKind::Normal,
        original: EntryNo(0),
    }
}

fn rulebook() -> Vec<(String, String)> {
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
