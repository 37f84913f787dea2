//! A small bank with made-up books, and its books worked out the slow and plain way.

use history::{
    AccountDay, AccountRef, Archive, ArchiveError, Body, ClosedDay, Directory, Manifest, UnitRef,
    encode, hash_block,
};
use ledger::entry::{
    AccountId, EntryKind, Header, InstitutionId, ItemId, KindId, Line, LineFlags, Mark, SubjectId,
    UnitId,
};
use ledger::gl::{GlKey, GlRow};
use ledger::{Batch, Day, EntryNo, Key};
use std::collections::BTreeMap;

pub const BANK: &str = "town";
/// Every sealed day counts.
pub const ALL: Day = Day(365_000);

/// One line as the plain way sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub entry: EntryNo,
    pub place: u16,
    pub line: Line,
    pub header: Header,
    pub mark: Option<Mark>,
}

pub struct Town {
    accounts: Vec<(String, String, SubjectId, InstitutionId, UnitId)>,
    pub days: Vec<Day>,
    /// The blocks of each day.
    pub blocks: Vec<Vec<Body>>,
    pub told: Vec<Told>,
    last_hash: [u8; 32],
}

const SUBJECTS: [&str; 5] = ["1001", "100201", "2011", "6011", "9001"];
const INSTITUTIONS: [&str; 3] = ["0001", "0101", "0102"];
const UNITS: [(&str, u8); 2] = [("CNY", 2), ("JPY", 0)];

impl Directory for Town {
    fn accounts(&self) -> u32 {
        self.accounts.len() as u32
    }

    fn account(&self, id: AccountId) -> AccountRef<'_> {
        let (no, name, subject, institution, unit) = &self.accounts[id.index()];
        let (subject, institution, unit) = (*subject, *institution, *unit);
        AccountRef { no, name, kind: KindId(0), subject, institution, unit }
    }

    fn kind_code(&self, _: KindId) -> &str {
        "demand"
    }

    fn subject_code(&self, id: SubjectId) -> &str {
        SUBJECTS[id.index()]
    }

    fn institution_code(&self, id: InstitutionId) -> &str {
        INSTITUTIONS[id.index()]
    }

    fn unit(&self, id: UnitId) -> UnitRef<'_> {
        let (code, digits) = UNITS[id.index()];
        UnitRef { code, digits }
    }
}

/// Numbers that look random and are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % sides
    }
}

impl Town {
    /// Books of `days` weekdays from 2026-01-26 with `entries` entries each.
    pub fn new(seed: u64, accounts: u32, days: usize, entries: u32) -> Self {
        let mut dice = Dice(seed);
        let accounts = (0..accounts).map(|id| {
            let subject = SubjectId(dice.roll(SUBJECTS.len() as u64) as u16);
            let institution = InstitutionId(dice.roll(INSTITUTIONS.len() as u64) as u16);
            let unit = UnitId(u16::from(dice.roll(5) == 0));
            (format!("6222{id:08}"), format!("户名 {id}"), subject, institution, unit)
        });
        let calendar = (0..).map(|offset| Day::new(2026, 1, 26).plus(offset));
        let weekday = |day: &Day| day.date().weekday().to_monday_one_offset() <= 5;
        let mut town = Self {
            accounts: accounts.collect(),
            days: calendar.filter(weekday).take(days).collect(),
            blocks: Vec::new(),
            told: Vec::new(),
            last_hash: [0; 32],
        };
        for at in 0..days {
            town.work(&mut dice, town.days[at], entries);
        }
        town
    }

    fn work(&mut self, dice: &mut Dice, day: Day, entries: u32) {
        let mut blocks = Vec::new();
        let mut left = entries;
        while left > 0 {
            let size = (1 + dice.roll(40) as u32).min(left);
            left -= size;
            let first_entry = EntryNo(self.told.last().map_or(1, |told| told.entry.0 + 1));
            let mut batch = Batch::default();
            for no in 0..size {
                self.post(dice, day, &mut batch, no);
            }
            let body =
                Body { first_entry, at_micros: 0, business_date: day, batch, facts: Vec::new() };
            self.tell(&body);
            let mut payload = Vec::new();
            encode(&body, &mut payload);
            self.last_hash = hash_block(&self.last_hash, &payload);
            blocks.push(body);
        }
        self.blocks.push(blocks);
    }

    fn post(&self, dice: &mut Dice, day: Day, batch: &mut Batch, no: u32) {
        let count = self.accounts.len() as u64;
        let amount = 1 + dice.roll(1_000_000) as i64;
        let mut flags = LineFlags::debit();
        if dice.roll(9) == 0 {
            flags = flags.with(LineFlags::RED);
        }
        let debit = Line { account: AccountId(dice.roll(count) as u32), flags, amount };
        let flags = flags.with(LineFlags::CREDIT);
        let credit = Line { account: AccountId(dice.roll(count) as u32), flags, amount };
        if dice.roll(6) == 0 {
            let clears = (dice.roll(2) == 0).then_some(ItemId { entry: EntryNo(1), line: 1 });
            let quantity = (dice.roll(2) == 0).then_some(-3);
            batch.marks.push(Mark { line: batch.lines.len() as u32, clears, quantity });
        }
        let key = Key(u128::from(dice.roll(u64::MAX)) << 64 | u128::from(no));
        if batch.headers.is_empty() || dice.roll(3) == 0 {
            batch.push(key, header(dice, day), &[debit, credit]);
        } else {
            batch.push_shared(key, &[debit, credit]);
        }
    }

    fn tell(&mut self, body: &Body) {
        for at in 0..body.batch.len() {
            let range = body.batch.range(at);
            for line in range.clone() {
                self.told.push(Told {
                    entry: EntryNo(body.first_entry.0 + at as u64),
                    place: (line - range.start) as u16,
                    line: body.batch.lines[line],
                    header: body.batch.header(at).clone(),
                    mark: body.batch.marks(line..line + 1).first().copied(),
                });
            }
        }
    }

    /// Balances before the first line of a day.
    pub fn openings(&self, day: Day) -> Vec<AccountDay> {
        let mut openings: Vec<AccountDay> = (0..self.accounts.len())
            .map(|id| AccountDay { opening: 0, held: id as i64 % 3 })
            .collect();
        for told in self.told.iter().filter(|told| told.header.business_date < day) {
            openings[told.line.account.index()].opening += told.line.effect();
        }
        openings
    }

    pub fn gl(&self, day: Day) -> Vec<GlRow> {
        let mut rows: BTreeMap<GlKey, GlRow> = BTreeMap::new();
        for told in self.told.iter().filter(|told| told.header.business_date <= day) {
            let account = self.account(told.line.account);
            let (institution, unit, subject) = (account.institution, account.unit, account.subject);
            let key = GlKey { institution, unit, subject };
            let empty = GlRow {
                key,
                opening: 0,
                debit: 0,
                credit: 0,
                debit_count: 0,
                credit_count: 0,
                closing: 0,
            };
            let row = rows.entry(key).or_insert(empty);
            let flags = told.line.flags;
            let amount = i128::from(told.line.amount) * if flags.is_red() { -1 } else { 1 };
            row.closing += i128::from(told.line.effect());
            if told.header.business_date < day {
                row.opening += i128::from(told.line.effect());
            } else if flags.is_credit() {
                row.credit += amount;
                row.credit_count += 1;
            } else {
                row.debit += amount;
                row.debit_count += 1;
            }
        }
        rows.into_values().collect()
    }

    /// Seals the day at this place; the first day has the balances of all accounts.
    pub fn seal(&self, archive: &Archive, at: usize) -> Result<Manifest, ArchiveError> {
        let day = self.days[at];
        archive.seal(&ClosedDay {
            bank: BANK,
            day,
            blocks: &self.blocks[at],
            directory: self,
            accounts: &self.openings(day),
            gl: &self.gl(day),
            full_balances: at == 0 || day.plus(1).month() != day.month(),
            first_seq: at as u64 * 100,
            last_seq: at as u64 * 100 + 99,
            last_hash: self.last_hash,
        })
    }

    /// Seals the first `days` days and gives the blocks of the others.
    pub fn sealed(&self, archive: &Archive, days: usize) -> Vec<Body> {
        for at in 0..days {
            self.seal(archive, at).unwrap();
        }
        self.blocks[days..].iter().flatten().cloned().collect()
    }
}

fn header(dice: &mut Dice, day: Day) -> Header {
    Header {
        business_date: day,
        value_date: day.plus(-(dice.roll(3) as i32)),
        institution: InstitutionId(dice.roll(INSTITUTIONS.len() as u64) as u16),
        code: format!("70{}", dice.roll(4)).into(),
        maker: format!("t{}", dice.roll(5)).into(),
        checker: "".into(),
        authoriser: "".into(),
        channel: "counter".into(),
        document: format!("支票 {}", dice.roll(1000)).into(),
        attachments: dice.roll(3) as u16,
        summary: ["工资", "货款", "interest"][dice.roll(3) as usize].into(),
        kind: EntryKind::ALL[dice.roll(9) as usize],
        original: EntryNo(dice.roll(2)),
    }
}
