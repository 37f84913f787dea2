//! Builds a year of sealed days and times statements and sums over it:
//! `cargo run --release --example statement_rate -- [lines a year] [days] [accounts] [folder]`.
//! A folder that is named is kept, and used as it is the next time.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a measurement reads the clock")]

use history::{
    AccountDay, AccountRef, Archive, Body, Books, ClosedDay, Column, Columns, Dimension, Directory,
    Filter, STATEMENT, UnitRef,
};
use ledger::entry::{AccountId, EntryKind, Header, InstitutionId, KindId, Line, SubjectId, UnitId};
use ledger::gl::{GlKey, GlRow};
use ledger::{Batch, Day, EntryNo, Key};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const BANK: &str = "bank";
const FIRST: Day = Day(20_455);

struct Names {
    numbers: Vec<String>,
    subjects: Vec<String>,
    institutions: Vec<String>,
}

impl Directory for Names {
    fn accounts(&self) -> u32 {
        self.numbers.len() as u32
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

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % sides
    }

    /// A tenth of the lines fall on a hundred busy accounts.
    fn account(&mut self, accounts: u32) -> AccountId {
        let among = if self.roll(10) == 0 { 100 } else { accounts };
        AccountId(self.roll(u64::from(among.min(accounts))) as u32)
    }
}

fn header(dice: &mut Dice, day: Day) -> Header {
    Header {
        business_date: day,
        value_date: day,
        institution: InstitutionId(dice.roll(100) as u16),
        code: format!("70{:02}", dice.roll(30)).into(),
        maker: format!("t{:04}", dice.roll(800)).into(),
        checker: format!("t{:04}", dice.roll(800)).into(),
        authoriser: "".into(),
        channel: ["counter", "api", "batch"][dice.roll(3) as usize].into(),
        document: format!("转账支票 {:08}", dice.roll(90_000_000)).into(),
        attachments: 1,
        summary: ["货款", "工资", "往来转账", "货款 第三批"][dice.roll(4) as usize].into(),
        kind: EntryKind::Normal,
        original: EntryNo(0),
    }
}

fn blocks(dice: &mut Dice, day: Day, entries: u64, accounts: u32, next: &mut u64) -> Vec<Body> {
    let mut blocks = Vec::new();
    let mut left = entries;
    while left > 0 {
        let size = left.min(8192);
        left -= size;
        let mut batch = Batch::default();
        for no in 0..size {
            let amount = 1 + dice.roll(50_000_000) as i64;
            let (from, to) = (dice.account(accounts), dice.account(accounts));
            let lines = [Line::debit(from, amount), Line::credit(to, amount)];
            let key = Key(u128::from(dice.roll(u64::MAX)) << 64 | u128::from(no));
            batch.push(key, header(dice, day), &lines);
        }
        let first_entry = EntryNo(*next);
        *next += size;
        blocks.push(Body { first_entry, at_micros: 0, business_date: day, batch, facts: vec![] });
    }
    blocks
}

#[derive(Default)]
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

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn best(rounds: usize, mut call: impl FnMut()) -> (f64, f64) {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            call();
            ms(start.elapsed())
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[0], times[rounds / 2])
}

fn build(archive: &Archive, names: &Names, lines: u64, days: &[Day]) {
    let mut state =
        State { accounts: vec![AccountDay::default(); names.numbers.len()], ..State::default() };
    let (mut dice, mut next) = (Dice(7), 1);
    let (mut sealing, mut bytes) = (Duration::ZERO, 0);
    for (at, day) in days.iter().enumerate() {
        let entries = lines / 2 / days.len() as u64;
        let blocks = blocks(&mut dice, *day, entries, names.accounts(), &mut next);
        let accounts = state.accounts.clone();
        let gl = state.post(names, &blocks);
        let start = Instant::now();
        let next_month = days.get(at + 1).is_none_or(|next| next.month() != day.month());
        let sealed = archive
            .seal(&ClosedDay {
                bank: BANK,
                day: *day,
                blocks: &blocks,
                directory: names,
                accounts: &accounts,
                gl: &gl,
                full_balances: at == 0 || next_month,
                first_seq: 1,
                last_seq: 2,
                last_hash: [0; 32],
            })
            .unwrap();
        sealing += start.elapsed();
        bytes += sealed.files[0].bytes;
    }
    println!(
        "sealed {} days of {} lines: {:.0} ms a day, {:.1} bytes a line",
        days.len(),
        lines / days.len() as u64,
        ms(sealing) / days.len() as f64,
        bytes as f64 / lines as f64
    );
}

fn statements(archive: &Archive, names: &Names, days: &[Day], label: &str) {
    let year = days[0]..=days[days.len() - 1];
    for threads in [1, 2] {
        let books = Books {
            archive,
            bank: BANK,
            sealed_until: Some(ledger::Day(365_000)),
            today: &[],
            threads,
        };
        let mut found = 0;
        for (kind, first) in [("an average account", 5_000), ("a busy account", 7)] {
            let mut account = first;
            let (least, middle) = best(15, || {
                account += 1;
                let id = AccountId(account % names.accounts());
                found = books.statement(id, year.clone(), STATEMENT).unwrap().lines.num_rows();
            });
            println!(
                "{label}, {threads} threads: a year of {kind} ({found} lines): \
                 {least:.1} ms best, {middle:.1} ms median"
            );
        }
    }
}

fn sums(archive: &Archive, days: &[Day], lines: u64) {
    // As many days as hold ten million lines.
    let a_day = lines / days.len() as u64;
    let count = (10_000_000 / a_day).clamp(1, days.len() as u64) as usize;
    let filter = Filter::days(days[0]..=days[count - 1]);
    let by = [Dimension::Institution, Dimension::Unit, Dimension::Subject];
    for threads in [1, 2] {
        let books = Books {
            archive,
            bank: BANK,
            sealed_until: Some(ledger::Day(365_000)),
            today: &[],
            threads,
        };
        let mut groups = 0;
        let (least, middle) = best(5, || groups = books.group(&filter, &by).unwrap().len());
        println!(
            "trial balance of {} lines ({groups} groups) from Parquet, {threads} threads: \
             {least:.0} ms best, {middle:.0} ms median",
            a_day * count as u64
        );
    }
    let columns: Columns = by.iter().map(|dimension| dimension.column()).collect();
    let columns = columns.with(Column::Flags).with(Column::Amount);
    let books = Books {
        archive,
        bank: BANK,
        sealed_until: Some(ledger::Day(365_000)),
        today: &[],
        threads: 2,
    };
    let batches = books.collect(&filter, columns).unwrap();
    for threads in [1, 2] {
        let books = Books {
            archive,
            bank: "nothing",
            sealed_until: Some(ledger::Day(365_000)),
            today: &batches,
            threads,
        };
        let (least, middle) = best(5, || drop(books.group(&Filter::default(), &by).unwrap()));
        println!(
            "the same from memory, {threads} threads: {least:.0} ms best, {middle:.0} ms median"
        );
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| arguments.next().map_or(default, |text| text.parse().unwrap());
    let (lines, count, accounts) = (number(50_000_000), number(250), number(1_000_000));
    let named: Option<std::path::PathBuf> = arguments.next().map(Into::into);
    let temporary = std::env::temp_dir().join("piaohao-statement-rate");
    let folder = named.clone().unwrap_or(temporary);
    let names = Names {
        numbers: (0..accounts).map(|id| format!("62220010{id:011}")).collect(),
        subjects: (0..40).map(|id| format!("{}", 1001 + id * 17)).collect(),
        institutions: (0..100).map(|id| format!("{:04}", 101 + id)).collect(),
    };
    let days: Vec<Day> = (0..)
        .map(|offset| FIRST.plus(offset))
        .filter(|day| day.date().weekday().to_monday_one_offset() <= 5)
        .take(count as usize)
        .collect();
    let archive = Archive::in_folder(folder.clone()).unwrap();
    if archive.catalog(BANK).unwrap().days.len() < days.len() {
        build(&archive, &names, lines, &days);
    }
    let archive = Archive::in_folder(folder.clone()).unwrap();
    let start = Instant::now();
    let books = Books {
        archive: &archive,
        bank: BANK,
        sealed_until: Some(ledger::Day(365_000)),
        today: &[],
        threads: 2,
    };
    let year = days[0]..=days[days.len() - 1];
    books.statement(AccountId(4_000), year, STATEMENT).unwrap();
    println!("the first statement, with the metadata of all days: {:.0} ms", ms(start.elapsed()));
    statements(&archive, &names, &days, "days");
    sums(&archive, &days, lines);
    let start = Instant::now();
    let mut months: Vec<(i16, i8)> = days.iter().map(|day| (day.year(), day.month())).collect();
    months.dedup();
    for (year, month) in &months {
        archive.compact_month(BANK, *year, *month).unwrap();
    }
    println!("merged {} months: {:.1} s", months.len(), start.elapsed().as_secs_f64());
    statements(&archive, &names, &days, "months");
    sums(&archive, &days, lines);
    if named.is_none() {
        std::fs::remove_dir_all(folder).unwrap();
    }
}
