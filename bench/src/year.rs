//! A year of sealed days, made by the code that seals a bank's days: 100 institutions, 40
//! subjects, a tenth of the lines on a hundred busy accounts, a header for every entry.

use crate::random::Random;
use history::{AccountDay, AccountRef, Archive, Body, ClosedDay, Directory, UnitRef};
use ledger::entry::{AccountId, EntryKind, Header, InstitutionId, KindId, Line, SubjectId, UnitId};
use ledger::gl::{GlKey, GlRow};
use ledger::{Batch, Day, EntryNo, Key};
use std::collections::BTreeMap;

/// Folder of the bank in the archive.
pub const BANK: &str = "year";

const FIRST: Day = Day(20_455);
const BUSY: u32 = 100;
const BLOCK_ENTRIES: u64 = 8_192;

/// What the ids of the year stand for.
pub struct Names {
    numbers: Vec<String>,
    subjects: Vec<String>,
    institutions: Vec<String>,
}

impl Names {
    pub fn new(accounts: u32) -> Self {
        Self {
            numbers: (0..accounts).map(|id| format!("62220010{id:011}")).collect(),
            subjects: (0..40).map(|id| format!("{}", 1001 + id * 17)).collect(),
            institutions: (0..100).map(|id| format!("{:04}", 101 + id)).collect(),
        }
    }
}

/// So many working days.
pub fn days(count: usize) -> Vec<Day> {
    let all = (0..).map(|offset| FIRST.plus(offset));
    all.filter(|day| day.date().weekday().to_monday_one_offset() <= 5).take(count).collect()
}

/// Seals the days with so many lines in all; tells the seconds that sealing took, and the bytes
/// of the files of lines.
pub fn seal(archive: &Archive, names: &Names, lines: u64, days: &[Day]) -> (f64, u64) {
    let accounts = vec![AccountDay::default(); names.numbers.len()];
    let mut state = State { accounts, gl: BTreeMap::new() };
    let (mut random, mut next) = (Random(7), 1);
    let (mut seconds, mut bytes) = (0.0, 0);
    for (at, day) in days.iter().enumerate() {
        let entries = lines / 2 / days.len() as u64;
        let blocks = blocks(&mut random, *day, entries, names.accounts(), &mut next);
        let accounts = state.accounts.clone();
        let gl = state.post(names, &blocks);
        let ends_month = days.get(at + 1).is_none_or(|next| next.month() != day.month());
        let closed = ClosedDay {
            bank: BANK,
            day: *day,
            blocks: &blocks,
            directory: names,
            accounts: &accounts,
            gl: &gl,
            full_balances: at == 0 || ends_month,
            first_seq: 2 * at as u64 + 1,
            last_seq: 2 * at as u64 + 1,
            last_hash: [0; 32],
        };
        let (sealed, took) = crate::pace::timed(|| archive.seal(&closed));
        seconds += took;
        bytes += sealed.expect("the books of the day agree").files[0].bytes;
        if at % 25 == 24 {
            eprintln!("sealed {} of {} days", at + 1, days.len());
        }
    }
    (seconds, bytes)
}

impl Directory for Names {
    fn accounts(&self) -> u32 {
        u32::try_from(self.numbers.len()).expect("ids are u32")
    }

    fn account(&self, id: AccountId) -> AccountRef<'_> {
        AccountRef {
            no: &self.numbers[id.index()],
            name: "某某有限责任公司",
            kind: KindId(0),
            subject: SubjectId((id.0 % 40) as u16),
            institution: InstitutionId((id.0 / 7 % 100) as u16),
            unit: UnitId(0),
        }
    }

    fn kind_code(&self, _: KindId) -> &str {
        "demand"
    }

    fn subject_code(&self, id: SubjectId) -> &str {
        &self.subjects[id.index()]
    }

    fn institution_code(&self, id: InstitutionId) -> &str {
        &self.institutions[id.index()]
    }

    fn unit(&self, _: UnitId) -> UnitRef<'_> {
        UnitRef { code: "CNY", digits: 2 }
    }
}

/// What the next day needs to know of those before.
struct State {
    accounts: Vec<AccountDay>,
    gl: BTreeMap<GlKey, i128>,
}

impl State {
    /// Posts the day and gives its general ledger.
    fn post(&mut self, names: &Names, blocks: &[Body]) -> Vec<GlRow> {
        let mut rows: BTreeMap<GlKey, GlRow> = BTreeMap::new();
        for line in blocks.iter().flat_map(|block| &block.batch.lines) {
            let account = names.account(line.account);
            let (institution, unit, subject) = (account.institution, account.unit, account.subject);
            let key = GlKey { institution, unit, subject };
            let opening = *self.gl.entry(key).or_default();
            let (debit, credit, closing) = (0, 0, opening);
            let (debit_count, credit_count) = (0, 0);
            let row = rows.entry(key).or_insert(GlRow {
                key,
                opening,
                debit,
                credit,
                debit_count,
                credit_count,
                closing,
            });
            let side = if line.flags.is_credit() {
                (&mut row.credit, &mut row.credit_count)
            } else {
                (&mut row.debit, &mut row.debit_count)
            };
            *side.0 += i128::from(line.amount);
            *side.1 += 1;
            row.closing += i128::from(line.effect());
            self.accounts[line.account.index()].opening += line.effect();
        }
        for row in rows.values() {
            self.gl.insert(row.key, row.closing);
        }
        rows.into_values().collect()
    }
}

fn blocks(random: &mut Random, day: Day, entries: u64, accounts: u32, next: &mut u64) -> Vec<Body> {
    let mut blocks = Vec::new();
    let mut left = entries;
    while left > 0 {
        let size = left.min(BLOCK_ENTRIES);
        left -= size;
        let mut batch = Batch::default();
        for no in 0..size {
            let amount = 1 + random.below(50_000_000) as i64;
            let (from, to) = (account(random, accounts), account(random, accounts));
            let lines = [Line::debit(from, amount), Line::credit(to, amount)];
            let key = Key(u128::from(random.next()) << 64 | u128::from(no));
            batch.push(key, header(random, day), &lines);
        }
        let first_entry = EntryNo(*next);
        *next += size;
        let facts = Vec::new();
        blocks.push(Body { first_entry, at_micros: 0, business_date: day, batch, facts });
    }
    blocks
}

fn account(random: &mut Random, accounts: u32) -> AccountId {
    let among = if random.below(10) == 0 { BUSY } else { accounts };
    AccountId(random.below(u64::from(among.min(accounts))) as u32)
}

fn header(random: &mut Random, day: Day) -> Header {
    let mut one_of = |texts: &[&'static str]| texts[random.below(texts.len() as u64) as usize];
    let (channel, summary) = (
        one_of(&["counter", "api", "batch"]),
        one_of(&["货款", "工资", "往来转账", "货款 第三批"]),
    );
    Header {
        business_date: day,
        value_date: day,
        institution: InstitutionId(random.below(100) as u16),
        code: format!("70{:02}", random.below(30)).into(),
        maker: format!("t{:04}", random.below(800)).into(),
        checker: format!("t{:04}", random.below(800)).into(),
        authoriser: "".into(),
        channel: channel.into(),
        document: format!("转账支票 {:08}", random.below(90_000_000)).into(),
        attachments: 1,
        summary: summary.into(),
        kind: EntryKind::Normal,
        original: EntryNo(0),
    }
}
