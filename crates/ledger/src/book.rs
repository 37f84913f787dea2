//! The state of a bank's books, and how facts and entries change it. Deciding is elsewhere
//! (`post`, `hold`, `correct`, `accrue`, `close`); what stands here cannot refuse.

use crate::account::{Accounts, Head, Status};
use crate::accrue::boundary;
use crate::chart::{Chart, Class, Control, Manual, Method, Side, Title};
use crate::close::Certificate;
use crate::day::Day;
use crate::entry::{
    AccountId, Batch, EntryNo, Header, InstitutionId, ItemId, Key, KindId, Line, LineFlags, Mark,
    Text, UnitId,
};
use crate::fact::{Asked, Correction, Draft, Fact, Hold, Opening, Term};
use crate::gl::GlClosing;
use crate::hash::{mix, mix_text};
use crate::keys::{Keys, Known};
use crate::refusal::{self, Refusal};
use crate::segment::{Carried, Spell, roll_products};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// 机构: a node of the tree; the first is the head office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institution {
    pub code: String,
    pub title: Title,
    pub parent: Option<InstitutionId>,
    /// The latest day that it has closed.
    pub closed: Option<Day>,
}

/// 挂账: an open item on a suspense account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Effect of the line that opened it, debit positive.
    pub amount: i64,
    /// What is not yet cleared, same sign; 0 until the day is closed, then forgotten.
    pub remaining: i64,
    pub opened: Day,
}

/// The answer to a request that came with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub body: u64,
    /// The hold it was about, or 0.
    pub hold: u64,
    pub day: Day,
}

/// Where the bank's day stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Not yet opened for the first time, or closed and waiting for the next.
    #[default]
    Closed,
    Open,
    /// Every institution has stopped; only the system posts.
    Closing,
}

impl Phase {
    /// As images write it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::Closing => "closing",
        }
    }
}

/// A kind of account as posting needs it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// +1 if the account's natural side is debit, −1 if credit.
    pub natural: i64,
    pub off_balance: bool,
    /// The balance must stay on its natural side, down to −`limit`.
    pub one_sided: bool,
    pub limit: i64,
    pub manual: Manual,
    pub open_item: bool,
    /// The side on which items are opened, as `natural`.
    pub opens: i64,
    pub has_terms: bool,
    /// 逐笔计息: its accounts have a term.
    pub per_deposit: bool,
    /// 应收欠息: settlement opens its items, on either side.
    pub due: bool,
    pub customer: bool,
}

/// Accounts that a command of the books may touch where entries may not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PayingOut {
    /// Its term does not stand in the way.
    pub account: AccountId,
    /// Where the interest in the same entry comes from: the bank computes it, nobody posts it.
    pub interest: Option<AccountId>,
}

/// What the running entry may post to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Keeping {
    #[default]
    BooksAlone,
    WithThings,
}

/// How to take back what an entry did, newest last.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Undo {
    Head(AccountId, Head),
    Key(Key),
    Item(AccountId, ItemId, Option<Item>),
    Pieces(AccountId, Option<i64>),
    Corrected(EntryNo),
    Earned(AccountId, Option<Carried>, Option<Spell>),
}

/// The books of one bank.
#[derive(Clone, Debug)]
pub struct Book {
    pub bank: String,
    pub title: Title,
    pub chart: Arc<Chart>,
    pub accounts: Accounts,
    pub institutions: Vec<Institution>,
    pub holds: BTreeMap<u64, Hold>,
    pub items: BTreeMap<(AccountId, ItemId), Item>,
    /// Pieces on off-balance accounts (数量), beside the amounts.
    pub pieces: BTreeMap<AccountId, i64>,
    pub terms: BTreeMap<AccountId, Term>,
    /// Entries that were undone, and by which entry.
    pub corrected: BTreeMap<EntryNo, EntryNo>,
    pub corrections: Vec<Correction>,
    /// Interest of earlier segments of the period (分段计息).
    pub carried: BTreeMap<AccountId, Carried>,
    /// Days that accounts ended overdrawn, for entries that come late.
    pub spells: BTreeMap<AccountId, Spell>,
    pub today: Day,
    pub phase: Phase,
    /// Steps of today's close that are done, with their notes.
    pub steps: BTreeMap<String, String>,
    /// What the last close proved, and the general ledger's closing rows of that day.
    pub certificate: Option<Certificate>,
    pub gl_closing: Vec<GlClosing>,
    pub next_entry: EntryNo,
    pub next_hold: u64,
    pub keys: Keys,
    /// Requests that made no entry of their own: kept as long as keys are.
    pub asked: BTreeMap<Key, Answered>,
    /// Accounts of holds that are gone, and since when: a payment from one may be sent again.
    pub spent: BTreeMap<u64, (AccountId, Day)>,
    /// First entry of each recent business day, for forgetting keys.
    pub day_starts: Vec<(Day, EntryNo)>,
    /// Accounts of cash and stock in somebody's keeping (账实): only an entry that goes with a move
    /// of the things themselves posts to them.
    pub kept: BTreeSet<AccountId>,
    /// Whether the running entry goes with such a move; never between commands.
    pub(crate) keeping: Keeping,
    /// What the running command pays out; nothing between commands.
    pub(crate) paying_out: Option<PayingOut>,
    pub(crate) rules: Vec<Rules>,
    pub(crate) internal: BTreeMap<(KindId, InstitutionId, UnitId), AccountId>,
    /// Branch and unit → the branch's account with head office, head office's with the branch.
    pub(crate) mirrors: BTreeMap<(InstitutionId, UnitId), AccountId>,
    pub(crate) undo: Vec<Undo>,
}

impl Book {
    pub fn new(chart: Arc<Chart>) -> Self {
        let rules = rules_of(&chart);
        Self {
            bank: String::new(),
            title: Title::default(),
            chart,
            accounts: Accounts::default(),
            institutions: Vec::new(),
            holds: BTreeMap::new(),
            items: BTreeMap::new(),
            pieces: BTreeMap::new(),
            terms: BTreeMap::new(),
            corrected: BTreeMap::new(),
            corrections: Vec::new(),
            carried: BTreeMap::new(),
            spells: BTreeMap::new(),
            today: Day::default(),
            phase: Phase::Closed,
            steps: BTreeMap::new(),
            certificate: None,
            gl_closing: Vec::new(),
            next_entry: EntryNo(1),
            next_hold: 1,
            keys: Keys::default(),
            asked: BTreeMap::new(),
            spent: BTreeMap::new(),
            day_starts: Vec::new(),
            kept: BTreeSet::new(),
            keeping: Keeping::BooksAlone,
            paying_out: None,
            rules,
            internal: BTreeMap::new(),
            mirrors: BTreeMap::new(),
            undo: Vec::new(),
        }
    }

    /// Puts another rulebook in force. Positions of codes must have been kept (`Chart` merging).
    pub fn set_chart(&mut self, chart: Arc<Chart>) {
        self.rules = rules_of(&chart);
        self.chart = chart;
    }

    pub fn institution(&self, id: InstitutionId) -> &Institution {
        &self.institutions[id.index()]
    }

    pub fn institution_by_code(&self, code: &str) -> Option<InstitutionId> {
        let at = self.institutions.iter().position(|institution| institution.code == code)?;
        u16::try_from(at).ok().map(InstitutionId)
    }

    /// The bank's own account of a kind at an institution, if it has been opened.
    pub fn internal(
        &self,
        kind: KindId,
        institution: InstitutionId,
        unit: UnitId,
    ) -> Option<AccountId> {
        self.internal.get(&(kind, institution, unit)).copied()
    }

    pub fn internal_accounts(
        &self,
    ) -> impl Iterator<Item = (KindId, InstitutionId, UnitId, AccountId)> + '_ {
        self.internal.iter().map(|(&(kind, institution, unit), &id)| (kind, institution, unit, id))
    }

    /// Head office's accounts with its branches.
    pub fn mirror_accounts(&self) -> impl Iterator<Item = (InstitutionId, UnitId, AccountId)> + '_ {
        self.mirrors.iter().map(|(&(branch, unit), &id)| (branch, unit, id))
    }

    /// Balance on the account's natural side: positive is where it should be.
    pub fn natural_balance(&self, id: AccountId) -> i64 {
        let head = &self.accounts.heads[id.index()];
        head.balance * self.rules[head.kind.index()].natural
    }

    /// What may be paid out: natural balance − holds + overdraft limit, never below zero.
    pub fn available(&self, id: AccountId) -> i64 {
        let head = &self.accounts.heads[id.index()];
        let limit = self.rules[head.kind.index()].limit;
        (self.natural_balance(id).saturating_sub(head.held).saturating_add(limit)).max(0)
    }

    /// Holds on an account in the order they were placed.
    pub fn holds_of(&self, id: AccountId) -> impl Iterator<Item = &Hold> {
        self.holds.values().filter(move |hold| hold.account == id)
    }

    /// Takes back the openings recorded since the draft had `facts` facts: whoever opened them
    /// for an entry that was then refused. Other facts go too; what they did, the caller undoes.
    pub fn take_back_openings(&mut self, facts: usize, draft: &mut Draft) {
        for (_, fact) in draft.facts.drain(facts..).rev() {
            if let Fact::AccountsOpened { accounts } = fact {
                accounts.iter().for_each(|_| self.accounts.pop());
            }
        }
        let left = self.accounts.len();
        self.internal.retain(|_, id| id.index() < left);
        self.mirrors.retain(|_, id| id.index() < left);
    }

    /// Applies a fact and notes it in the draft.
    pub fn record(&mut self, fact: Fact, draft: &mut Draft) {
        self.apply(&fact);
        let after = u32::try_from(draft.batch.len()).expect("a block is far below 2^32 entries");
        draft.facts.push((after, fact));
    }

    /// Changes the state by a fact that has been decided.
    pub fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::BankCreated { bank, title } => {
                self.bank.clone_from(bank);
                self.title = title.clone();
            }
            // Theirs who read rulebooks and run the office.
            Fact::RulebookActivated { .. } | Fact::Office { .. } => {}
            Fact::InstitutionAdded { code, title, parent } => {
                let (code, title, parent) = (code.clone(), title.clone(), *parent);
                self.institutions.push(Institution { code, title, parent, closed: None });
            }
            Fact::AccountsOpened { accounts } => accounts.iter().for_each(|one| self.open(one)),
            Fact::StatusChanged { account, status, who, .. } => {
                self.remember(who.asked.as_ref(), 0);
                self.accounts.heads[account.index()].status = *status;
                if *status == Status::Closed {
                    self.unindex_account(*account);
                }
            }
            Fact::HoldPlaced { hold, who } => {
                self.remember(who.asked.as_ref(), hold.id);
                self.accounts.heads[hold.account.index()].held += hold.amount;
                self.next_hold = self.next_hold.max(hold.id + 1);
                self.holds.insert(hold.id, hold.clone());
            }
            Fact::HoldReduced { hold, by, who, .. } => {
                self.remember(who.asked.as_ref(), *hold);
                self.reduce_hold(*hold, *by);
            }
            Fact::DayOpened { day } => self.begin_day(*day),
            Fact::InstitutionClosed { day, institution, .. } => {
                self.institutions[institution.index()].closed = Some(*day);
                if self.institutions.iter().all(|one| one.closed == Some(*day)) {
                    self.phase = Phase::Closing;
                }
            }
            Fact::InstitutionReopened { institution, .. } => {
                self.institutions[institution.index()].closed = None;
                self.phase = Phase::Open;
            }
            Fact::StepDone { step, note, .. } => {
                self.steps.insert(step.clone(), note.clone());
            }
            Fact::InterestSettled { kind, unit, from } => {
                for id in self.accounts.ids() {
                    let head = &self.accounts.heads[id.index()];
                    if (head.kind, head.unit) == (*kind, *unit) {
                        self.restart_product(id, *from);
                    }
                }
                self.carry_segments((*kind, Some(*unit)), *from, self.today);
            }
            Fact::AccountSettled { account, from } => self.restart_product(*account, *from),
            Fact::TermRenewed { account, term } => {
                self.terms.insert(*account, term.clone());
            }
            Fact::CorrectionFiled { correction } => self.corrections.push(correction.clone()),
            Fact::DayClosed { certificate, gl, .. } => {
                self.gl_closing.clone_from(gl);
                self.certificate = Some((**certificate).clone());
                self.end_day();
            }
        }
    }

    /// Applies the entries of a block; they were checked when they were decided.
    pub fn apply_batch(&mut self, batch: &Batch) {
        self.apply_entries(batch, 0..batch.len());
    }

    /// Applies some entries of a block, for facts that stand between them.
    pub fn apply_entries(&mut self, batch: &Batch, entries: std::ops::Range<usize>) {
        let mut header_hash = (u32::MAX, 0);
        for at in entries {
            let (row, header, range) = (batch.entries[at], batch.header(at), batch.range(at));
            if header_hash.0 != row.header {
                header_hash = (row.header, hash_header(header));
            }
            let marks = batch.marks(range.clone());
            let lines = &batch.lines[range.clone()];
            let body = hash_body(header_hash.1, lines, marks, range.start);
            self.keys.insert(row.key, Known { entry: self.next_entry, body });
            for (offset, line) in lines.iter().enumerate() {
                let head = &mut self.accounts.heads[line.account.index()];
                let rules = self.rules[head.kind.index()];
                // A decided line cannot overflow: it did not when it was decided.
                let _ = move_head(head, rules, line, header);
                if rules.open_item {
                    let clears = clears_of(marks, range.start + offset);
                    self.move_item(line, item_id(self.next_entry, offset), clears);
                }
            }
            for mark in marks {
                self.count_pieces(&lines[mark.line as usize - range.start], mark);
            }
            let _ = self.correct_products(header, lines);
            self.finish_entry(header);
            self.undo.clear();
        }
    }

    /// Remembers the keys of entries that an image already holds the effects of.
    pub fn recall_keys(&mut self, batch: &Batch, first: EntryNo) {
        let mut header_hash = (u32::MAX, 0);
        for (at, row) in batch.entries.iter().enumerate() {
            if header_hash.0 != row.header {
                header_hash = (row.header, hash_header(batch.header(at)));
            }
            let range = batch.range(at);
            let marks = batch.marks(range.clone());
            let body = hash_body(header_hash.1, &batch.lines[range.clone()], marks, range.start);
            self.keys.insert(row.key, Known { entry: EntryNo(first.0 + at as u64), body });
        }
    }

    /// The business day of a recent entry.
    pub(crate) fn day_of(&self, entry: EntryNo) -> Option<Day> {
        let starts = self.day_starts.iter().rev();
        starts.into_iter().find(|(_, first)| *first <= entry).map(|(day, _)| *day)
    }

    pub(crate) fn finish_entry(&mut self, header: &Header) {
        if header.kind.undoes() {
            self.undo.push(Undo::Corrected(header.original));
            self.corrected.insert(header.original, self.next_entry);
        }
        self.next_entry.0 += 1;
    }

    /// 收 adds the pieces behind a line and 付 takes them off.
    pub(crate) fn count_pieces(&mut self, line: &Line, mark: &Mark) {
        let (Some(quantity), true) = (mark.quantity, line.flags.is_off_balance()) else { return };
        let before = self.pieces.get(&line.account).copied();
        self.undo.push(Undo::Pieces(line.account, before));
        let moved = if line.effect() > 0 { quantity } else { quantity.saturating_neg() };
        let left = before.unwrap_or_default().saturating_add(moved);
        self.pieces.insert(line.account, left);
    }

    /// Opens, reduces or restores the open item behind a line.
    pub(crate) fn move_item(&mut self, line: &Line, own: ItemId, clears: Option<ItemId>) {
        let key = (line.account, clears.unwrap_or(own));
        let before = self.items.get(&key).copied();
        self.undo.push(Undo::Item(key.0, key.1, before));
        let item = match before {
            Some(item) => Item { remaining: item.remaining + line.effect(), ..item },
            None => Item { amount: line.effect(), remaining: line.effect(), opened: self.today },
        };
        self.items.insert(key, item);
    }

    /// Notes where an account belongs, for one that was opened or read back from an image.
    pub fn index_account(&mut self, id: AccountId, mirrors: Option<InstitutionId>) {
        let head = &self.accounts.heads[id.index()];
        let (kind, institution, unit) = (head.kind, head.institution, head.unit);
        if head.status == Status::Closed {
            return;
        }
        if let Some(branch) = mirrors {
            self.mirrors.insert((branch, unit), id);
        } else if self.chart.kind(kind).internal {
            self.internal.entry((kind, institution, unit)).or_insert(id);
        }
    }

    /// The bank's own accounts may be closed too: then another of the same place serves, or a
    /// new one is opened when it is needed.
    fn unindex_account(&mut self, id: AccountId) {
        let head = self.accounts.heads[id.index()];
        let place = (head.kind, head.institution, head.unit);
        self.mirrors.retain(|_, mirror| *mirror != id);
        if self.internal.get(&place) != Some(&id) {
            return;
        }
        self.internal.remove(&place);
        let mirrors: Vec<AccountId> = self.mirrors.values().copied().collect();
        let next = self.accounts.ids().find(|other| {
            let head = &self.accounts.heads[other.index()];
            let same = (head.kind, head.institution, head.unit) == place;
            same && head.status != Status::Closed && !mirrors.contains(other)
        });
        if let Some(next) = next {
            self.internal.insert(place, next);
        }
    }

    fn open(&mut self, opening: &Opening) {
        let head = Head::new(opening.kind, opening.institution, opening.unit, self.today);
        let id = self.accounts.push(&opening.number, &opening.name, head, self.today);
        if let Some(term) = &opening.term {
            self.terms.insert(id, term.clone());
        }
        self.index_account(id, opening.mirrors);
    }

    /// What was answered under the key of a request that may make no entry: a hold's number, or 0.
    pub fn answered(&self, asked: Option<&Asked>) -> Result<Option<u64>, Refusal> {
        let Some(asked) = asked else { return Ok(None) };
        match (self.asked.get(&asked.key), self.keys.get(asked.key)) {
            (Some(known), _) if known.body == asked.body => Ok(Some(known.hold)),
            (Some(_), _) => Err(refusal::key_asked(asked.key)),
            (None, Some(known)) => Err(refusal::key_reused(asked.key, known.entry)),
            (None, None) => Ok(None),
        }
    }

    /// Keeps what was answered to a request that came with a key.
    pub fn remember(&mut self, asked: Option<&Asked>, hold: u64) {
        if let Some(&Asked { key, body }) = asked {
            self.asked.insert(key, Answered { body, hold, day: self.today });
        }
    }

    fn reduce_hold(&mut self, id: u64, by: i64) {
        let hold = self.holds.get_mut(&id).expect("only a hold that stands is reduced");
        hold.amount -= by;
        self.accounts.heads[hold.account.index()].held -= by;
        if hold.amount == 0 {
            self.spent.insert(id, (hold.account, self.today));
            self.holds.remove(&id);
        }
    }

    fn begin_day(&mut self, day: Day) {
        self.note_spells();
        let chart = Arc::clone(&self.chart);
        for (at, kind) in chart.kinds.iter().enumerate() {
            let Some(terms) = &kind.terms else { continue };
            // A period that ends takes its days first; what changed since is carried after it.
            let first = self.today == Day::default();
            let end = if first { None } else { boundary(terms, self.today, day) };
            let kind = KindId(u16::try_from(at).expect("kinds are u16"));
            self.carry_segments((kind, None), self.today, end.unwrap_or(day));
        }
        self.today = day;
        self.phase = Phase::Open;
        self.day_starts.push((day, self.next_entry));
    }

    fn end_day(&mut self) {
        self.phase = Phase::Closed;
        self.steps.clear();
        self.items.retain(|_, item| item.remaining != 0);
        let keep = self.key_days();
        if self.day_starts.len() > keep {
            self.day_starts.drain(..self.day_starts.len() - keep);
            self.keys.forget_before(self.day_starts[0].1);
        }
        let oldest = self.day_starts.first().map_or(self.today, |(day, _)| *day);
        self.asked.retain(|_, answered| answered.day >= oldest);
        self.spent.retain(|_, (_, day)| *day >= oldest);
    }

    /// Business days for which idempotency keys are remembered.
    fn key_days(&self) -> usize {
        let days = self.chart.numbers.on("gl.idempotency_days", self.today);
        days.and_then(|days| usize::try_from(days).ok()).unwrap_or(7).max(1)
    }

    fn restart_product(&mut self, id: AccountId, from: Day) {
        let head = &mut self.accounts.heads[id.index()];
        head.product = 0;
        head.overdrawn_product = 0;
        head.product_day = from;
        self.carried.remove(&id);
    }
}

/// Moves a head by a line; `None` if a figure would leave the range of `i64`.
pub(crate) fn move_head(head: &mut Head, rules: Rules, line: &Line, header: &Header) -> Option<()> {
    let (day, effect) = (header.business_date, line.effect());
    if rules.has_terms {
        roll_products(head, rules, day)?;
    }
    if head.turn_day != day {
        head.turn_day = day;
        head.day_debit = 0;
        head.day_credit = 0;
    }
    let turnover = if line.flags.is_red() { -line.amount } else { line.amount };
    let side = if line.flags.is_credit() { &mut head.day_credit } else { &mut head.day_debit };
    *side = side.checked_add(turnover)?;
    // The smallest i64 has no positive counterpart: without it, every balance has a size.
    head.balance = head.balance.checked_add(effect).filter(|balance| *balance != i64::MIN)?;
    Some(())
}

pub(crate) fn clears_of(marks: &[Mark], line: usize) -> Option<ItemId> {
    marks.iter().find(|mark| mark.line as usize == line).and_then(|mark| mark.clears)
}

pub(crate) fn item_id(entry: EntryNo, line: usize) -> ItemId {
    ItemId { entry, line: u16::try_from(line).expect("an entry has at most 65,535 lines") }
}

/// Hash of what a client said in a header. The business date is not among it: there is only the
/// open day, and the same words sent again after the day has rolled are still the same.
pub(crate) fn hash_header(header: &Header) -> u64 {
    let said = header.value_date != header.business_date;
    hash_header_valued(header, said.then_some(header.value_date))
}

/// The same for a value date that was said, or none.
pub(crate) fn hash_header_valued(header: &Header, value: Option<Day>) -> u64 {
    let dates = value.map_or(0, |day| 1 << 32 | u64::from(day.0 as u32));
    let rest = u64::from(header.institution.0) << 32
        | u64::from(header.attachments) << 8
        | u64::from(header.kind.code());
    let hash = mix(mix(mix(0, dates), rest), header.original.0);
    let texts: [&Text; 7] = [
        &header.code,
        &header.maker,
        &header.checker,
        &header.authoriser,
        &header.channel,
        &header.document,
        &header.summary,
    ];
    texts.iter().fold(hash, |hash, text| mix_text(hash, text))
}

/// Hash of what a client said in an entry: completion lines are the ledger's own words.
pub(crate) fn hash_body(header: u64, lines: &[Line], marks: &[Mark], start: usize) -> u64 {
    let said = LineFlags::CREDIT | LineFlags::RED;
    let own = |line: &&Line| !line.flags.is_completion();
    let hash = lines.iter().filter(own).fold(header, |hash, line| {
        let place = u64::from(line.account.0) << 8 | u64::from(line.flags.0 & said);
        mix(mix(hash, place), line.amount as u64)
    });
    marks.iter().fold(hash, |hash, mark| {
        let clears = mark.clears.map_or(0, |item| item.entry.0 << 16 | u64::from(item.line));
        let line = mark.line as usize - start;
        mix(mix(mix(hash, line as u64), clears), mark.quantity.unwrap_or(-1) as u64)
    })
}

fn rules_of(chart: &Chart) -> Vec<Rules> {
    let due = |of: usize| {
        let mut terms = chart.kinds.iter().filter_map(|kind| kind.terms.as_ref());
        terms.any(|terms| terms.due.is_some_and(|due| due.index() == of))
    };
    let rules = chart.kinds.iter().enumerate().map(|(at, kind)| {
        let subject = chart.subject(kind.subject);
        let credit = match kind.control {
            Control::CreditOnly => true,
            Control::DebitOnly => false,
            Control::Either => subject.side == Side::Credit,
        };
        let off_balance = subject.class == Class::OffBalance;
        let natural = if credit && !off_balance { -1 } else { 1 };
        Rules {
            natural,
            off_balance,
            one_sided: off_balance || kind.control != Control::Either,
            limit: kind.overdraft_limit,
            manual: kind.manual,
            open_item: kind.open_item,
            opens: match kind.opens {
                Some(Side::Debit) => 1,
                Some(Side::Credit) => -1,
                Some(Side::Both) | None => natural,
            },
            has_terms: kind.terms.is_some(),
            per_deposit: kind.terms.as_ref().is_some_and(|terms| terms.method != Method::Product),
            due: due(at),
            customer: !kind.internal,
        }
    });
    rules.collect()
}
