//! The reference model: everything that happened, in a list, and answers found by looking through
//! the list. Nothing is kept up to date that can be summed anew; that is slow and hard to get
//! wrong. It shares the vocabulary of the ledger (entries, facts, the chart) and none of its rules.

use ledger::account::Status;
use ledger::book::Phase;
use ledger::chart::{AccountKind, Chart, Class, Control, Side};
use ledger::entry::{
    AccountId, EntryKind, Header, InstitutionId, ItemId, KindId, Line, LineFlags, UnitId,
};
use ledger::fact::{Asked, By, Correction, Fact, Hold, Opening, Term};
use ledger::{Day, EntryNo, Key};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A mark of an entry's line: line, item cleared, pieces.
pub type Mark = (usize, Option<ItemId>, Option<i64>);

/// An entry with its lines, completion lines included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub no: u64,
    pub key: Key,
    pub header: Header,
    pub lines: Vec<Line>,
    pub marks: Vec<Mark>,
}

/// What the journal holds, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    Entry(Arc<Entry>),
    Fact(Arc<Fact>),
}

#[derive(Clone, Debug)]
pub struct Place {
    pub code: String,
    pub closed: Option<Day>,
}

#[derive(Clone, Debug)]
pub struct Account {
    pub number: String,
    pub name: String,
    pub kind: KindId,
    pub institution: InstitutionId,
    pub unit: UnitId,
    pub status: Status,
    pub opened: Day,
    pub term: Option<Term>,
    pub mirrors: Option<InstitutionId>,
    /// Where interest began anew: how many entries there were, and the first day that counts.
    pub restart: Option<(usize, Day)>,
}

/// What the rules say of a kind of account.
#[derive(Clone, Copy, Debug)]
pub struct Nature {
    pub sign: i128,
    pub off_balance: bool,
    pub one_sided: bool,
    pub limit: i128,
}

/// One line of one account.
#[derive(Clone, Copy, Debug)]
pub struct Movement {
    pub business: Day,
    pub value: Day,
    /// Debit positive.
    pub effect: i128,
    /// Position of its entry.
    pub entry: usize,
}

#[derive(Clone, Debug)]
pub struct Model {
    pub chart: Arc<Chart>,
    pub bank: String,
    pub places: Vec<Place>,
    pub accounts: Vec<Account>,
    pub entries: Vec<Arc<Entry>>,
    pub holds: Vec<Hold>,
    pub next_hold: u64,
    pub corrections: Vec<Correction>,
    /// Requests with a key that made no entry: what was said, the hold, the day.
    pub asked: Vec<(Asked, u64, Day)>,
    pub today: Day,
    pub phase: Phase,
    pub steps: BTreeMap<String, String>,
    /// Days whose keys count, with the first entry of each.
    pub days: Vec<(Day, u64)>,
    /// The account that is just being paid out, and where its interest comes from.
    pub paying_out: Vec<usize>,
}

/// Debit positive; a red line does the opposite of what its side says.
pub fn effect(line: &Line) -> i128 {
    let credit = line.flags.0 & LineFlags::CREDIT != 0;
    let red = line.flags.0 & LineFlags::RED != 0;
    if credit == red { i128::from(line.amount) } else { -i128::from(line.amount) }
}

pub fn is_completion(line: &Line) -> bool {
    line.flags.0 & LineFlags::COMPLETION != 0
}

impl Model {
    pub fn new(chart: Arc<Chart>) -> Self {
        Self {
            chart,
            bank: String::new(),
            places: Vec::new(),
            accounts: Vec::new(),
            entries: Vec::new(),
            holds: Vec::new(),
            next_hold: 1,
            corrections: Vec::new(),
            asked: Vec::new(),
            today: Day(0),
            phase: Phase::Closed,
            steps: BTreeMap::new(),
            days: Vec::new(),
            paying_out: Vec::new(),
        }
    }

    /// Notes what the journal says has happened.
    pub fn ingest(&mut self, item: &Item) {
        match item {
            Item::Entry(entry) => self.entries.push(Arc::clone(entry)),
            Item::Fact(fact) => self.ingest_fact(fact),
        }
    }

    fn ingest_fact(&mut self, fact: &Fact) {
        match fact {
            // The office has its own invariants, see `check`.
            Fact::Office { .. } => {}
            Fact::BankCreated { bank, .. } => self.bank.clone_from(bank),
            Fact::RulebookActivated { files, .. } => {
                let rulebook = bank::rulebook::Rulebook::parse(files).expect("it was activated");
                self.chart = Arc::new(rulebook.chart);
            }
            Fact::InstitutionAdded { code, .. } => {
                self.places.push(Place { code: code.clone(), closed: None });
            }
            Fact::AccountsOpened { accounts } => accounts.iter().for_each(|one| self.open(one)),
            Fact::StatusChanged { account, status, who, .. } => {
                self.remember(who, 0);
                self.accounts[account.index()].status = *status;
            }
            Fact::HoldPlaced { hold, who } => {
                self.remember(who, hold.id);
                self.next_hold = hold.id + 1;
                self.holds.push(hold.clone());
            }
            Fact::HoldReduced { hold, by, who, .. } => {
                self.remember(who, *hold);
                let held = self.holds.iter_mut().find(|one| one.id == *hold);
                held.expect("a hold that is reduced stands").amount -= by;
                self.holds.retain(|one| one.amount != 0);
            }
            Fact::DayOpened { day } => {
                self.today = *day;
                self.phase = Phase::Open;
                self.days.push((*day, self.next_entry()));
            }
            Fact::InstitutionClosed { day, institution, .. } => {
                self.places[institution.index()].closed = Some(*day);
                if self.places.iter().all(|place| place.closed == Some(*day)) {
                    self.phase = Phase::Closing;
                }
            }
            Fact::InstitutionReopened { institution, .. } => {
                self.places[institution.index()].closed = None;
                self.phase = Phase::Open;
            }
            Fact::StepDone { step, note, .. } => {
                self.steps.insert(step.clone(), note.clone());
            }
            Fact::InterestSettled { kind, unit, from } => {
                let entries = self.entries.len();
                let of = |one: &&mut Account| (one.kind, one.unit) == (*kind, *unit);
                let accounts = self.accounts.iter_mut().filter(of);
                accounts.for_each(|one| one.restart = Some((entries, *from)));
            }
            Fact::AccountSettled { account, from } => {
                self.accounts[account.index()].restart = Some((self.entries.len(), *from));
            }
            Fact::TermRenewed { account, term } => {
                self.accounts[account.index()].term = Some(term.clone());
            }
            Fact::CorrectionFiled { correction } => self.corrections.push(correction.clone()),
            Fact::DayClosed { .. } => {
                self.phase = Phase::Closed;
                self.steps.clear();
                let keep = self.number("gl.idempotency_days").unwrap_or(7).max(1);
                let keep = usize::try_from(keep).expect("a few days");
                let forget = self.days.len().saturating_sub(keep);
                self.days.drain(..forget);
                let oldest = self.days[0].0;
                self.asked.retain(|(_, _, day)| *day >= oldest);
            }
        }
    }

    fn remember(&mut self, who: &By, hold: u64) {
        self.asked.extend(who.asked.map(|asked| (asked, hold, self.today)));
    }

    /// What was answered to a request before, if it had a key.
    pub fn answered(&self, asked: Option<&Asked>) -> Result<Option<u64>, &'static str> {
        let Some(asked) = asked else { return Ok(None) };
        match self.asked.iter().find(|(known, ..)| known.key == asked.key) {
            Some((known, hold, _)) if known == asked => Ok(Some(*hold)),
            Some(_) => Err("KeyReused"),
            None if self.known(asked.key).is_some() => Err("KeyReused"),
            None => Ok(None),
        }
    }

    fn open(&mut self, opening: &Opening) {
        self.accounts.push(Account {
            number: opening.number.clone(),
            name: opening.name.clone(),
            kind: opening.kind,
            institution: opening.institution,
            unit: opening.unit,
            status: Status::Normal,
            opened: self.today,
            term: opening.term.clone(),
            mirrors: opening.mirrors,
            restart: None,
        });
    }

    pub fn next_entry(&self) -> u64 {
        self.entries.len() as u64 + 1
    }

    /// A whole number of the rulebook as of today.
    pub fn number(&self, code: &str) -> Option<i64> {
        self.chart.numbers.on(code, self.today).and_then(|is| i64::try_from(is).ok())
    }

    pub fn kind(&self, account: usize) -> &AccountKind {
        self.chart.kind(self.accounts[account].kind)
    }

    pub fn class(&self, account: usize) -> Class {
        self.chart.subject(self.kind(account).subject).class
    }

    pub fn nature(&self, account: usize) -> Nature {
        let kind = self.kind(account);
        let subject = self.chart.subject(kind.subject);
        let off_balance = subject.class == Class::OffBalance;
        let credit = match kind.control {
            Control::CreditOnly => true,
            Control::DebitOnly => false,
            Control::Either => subject.side == Side::Credit,
        };
        Nature {
            sign: if credit && !off_balance { -1 } else { 1 },
            off_balance,
            one_sided: off_balance || kind.control != Control::Either,
            limit: i128::from(kind.overdraft_limit),
        }
    }

    pub fn account(&self, number: &str) -> Option<usize> {
        self.accounts.iter().position(|one| one.number == number)
    }

    pub fn place(&self, code: &str) -> Option<usize> {
        self.places.iter().position(|place| place.code == code)
    }

    /// The bank's own account of a kind at a place: the first that is open.
    pub fn internal(&self, kind: KindId, at: InstitutionId, unit: UnitId) -> Option<usize> {
        if !self.chart.kind(kind).internal {
            return None;
        }
        self.accounts.iter().position(|one| {
            let open = one.mirrors.is_none() && one.status != Status::Closed;
            open && (one.kind, one.institution, one.unit) == (kind, at, unit)
        })
    }

    pub fn mirror(&self, branch: InstitutionId, unit: UnitId) -> Option<usize> {
        self.accounts.iter().position(|one| {
            one.mirrors == Some(branch) && one.unit == unit && one.status != Status::Closed
        })
    }

    /// All lines of every account, oldest first.
    pub fn movements(&self) -> Vec<Vec<Movement>> {
        let mut movements = vec![Vec::new(); self.accounts.len()];
        for (at, entry) in self.entries.iter().enumerate() {
            for line in &entry.lines {
                movements[line.account.index()].push(Movement {
                    business: entry.header.business_date,
                    value: entry.header.value_date,
                    effect: effect(line),
                    entry: at,
                });
            }
        }
        movements
    }

    /// Every account's balance, debit positive: the sum of all its lines.
    pub fn balances(&self) -> Vec<i128> {
        let mut balances = vec![0; self.accounts.len()];
        for line in self.entries.iter().flat_map(|entry| &entry.lines) {
            balances[line.account.index()] += effect(line);
        }
        balances
    }

    pub fn balance(&self, account: usize) -> i128 {
        let lines = self.entries.iter().flat_map(|entry| &entry.lines);
        lines.filter(|line| line.account.index() == account).map(effect).sum()
    }

    /// The balance on the account's natural side.
    pub fn natural(&self, account: usize) -> i128 {
        self.balance(account) * self.nature(account).sign
    }

    pub fn held(&self, account: usize) -> i128 {
        let holds = self.holds.iter().filter(|hold| hold.account.index() == account);
        holds.map(|hold| i128::from(hold.amount)).sum()
    }

    pub fn available(&self, account: usize) -> i128 {
        (self.natural(account) - self.held(account) + self.nature(account).limit).max(0)
    }

    /// Today's debit and credit turnover of every account; red lines lower it.
    pub fn turnovers(&self) -> Vec<(i128, i128)> {
        let mut turnovers = vec![(0, 0); self.accounts.len()];
        let of_today = |entry: &&Arc<Entry>| entry.header.business_date == self.today;
        for line in self.entries.iter().filter(of_today).flat_map(|entry| &entry.lines) {
            let red = line.flags.0 & LineFlags::RED != 0;
            let amount = if red { -i128::from(line.amount) } else { i128::from(line.amount) };
            let turnover: &mut (i128, i128) = &mut turnovers[line.account.index()];
            match line.flags.0 & LineFlags::CREDIT != 0 {
                true => turnover.1 += amount,
                false => turnover.0 += amount,
            }
        }
        turnovers
    }

    /// Open items: account and item → (opened with, left, day). One that is cleared stays until
    /// the day is closed, so that it can be restored.
    pub fn items(&self) -> BTreeMap<(AccountId, ItemId), (i128, i128, Day)> {
        let mut items: BTreeMap<(AccountId, ItemId), (i128, i128, Day)> = BTreeMap::new();
        let mut moved = BTreeMap::new();
        for entry in &self.entries {
            for (at, line) in entry.lines.iter().enumerate() {
                if !self.kind(line.account.index()).open_item {
                    continue;
                }
                let clears = entry.marks.iter().find(|mark| mark.0 == at).and_then(|mark| mark.1);
                let own = ItemId { entry: EntryNo(entry.no), line: at as u16 };
                let id = (line.account, clears.unwrap_or(own));
                let day = entry.header.business_date;
                let item = items.entry(id).or_insert((effect(line), 0, day));
                item.1 += effect(line);
                moved.insert(id, day);
            }
        }
        let open = self.phase != Phase::Closed;
        items.retain(|id, item| item.1 != 0 || (open && moved[id] == self.today));
        items
    }

    /// Which entry undid another.
    pub fn undone_by(&self, no: u64) -> Option<u64> {
        let undoes = |entry: &&Arc<Entry>| {
            let kind = entry.header.kind;
            let undo = [EntryKind::Cancel, EntryKind::RedReversal, EntryKind::BlueReversal];
            undo.contains(&kind) && entry.header.original.0 == no
        };
        self.entries.iter().find(undoes).map(|entry| entry.no)
    }

    /// The entry first made under a key that still counts.
    pub fn known(&self, key: Key) -> Option<&Arc<Entry>> {
        let oldest = self.days.first().map_or(1, |day| day.1);
        self.entries.iter().find(|entry| entry.no >= oldest && entry.key == key)
    }
}
