//! Closing a day, a month, a year (日终、月结、年终决算): a list of steps, each of which may be
//! repeated, and the checks that the books must pass. Source: handbook 1.7.
//!
//! What a close proves across blocks and history (general ledger = Σ accounts, the chain) is
//! added by the engine, which alone can read them.

use crate::account::{Head, Status};
use crate::accrue::signed;
use crate::book::{Book, Item, Phase};
use crate::calendar::Period;
use crate::chart::Class;
use crate::day::Day;
use crate::entry::{AccountId, EntryKind, EntryNo, InstitutionId, ItemId, KindId, Line, UnitId};
use crate::fact::{Draft, Fact, Hold};
use crate::fx::{Price, middle_rate};
use crate::gl::GlClosing;
use crate::money::display;
use crate::number::Decimal;
use crate::post::{HEAD_OFFICE, Savepoint};
use crate::refusal::{self, Refusal};
use crate::segment::{Carried, Spell};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Steps of a close, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// 签退: every institution has stopped.
    Stop,
    /// 计提.
    Accrue,
    /// 汇兑重估, at the month's last business day.
    Revalue,
    /// 损益结转, at the year's last business day.
    Profit,
    /// 零余额账户核对.
    Zero,
}

impl Step {
    pub const ALL: [Self; 5] = [Self::Stop, Self::Accrue, Self::Revalue, Self::Profit, Self::Zero];

    pub fn code(self) -> &'static str {
        ["stop", "accrue", "revalue", "profit", "zero"][self as usize]
    }

    pub fn zh(self) -> &'static str {
        ["机构签退", "利息计提", "汇兑重估", "损益结转", "零余额账户核对"][self as usize]
    }

    pub fn en(self) -> &'static str {
        [
            "institutions stop",
            "interest accrual",
            "revaluation",
            "profit transfer",
            "zero-balance accounts",
        ][self as usize]
    }
}

/// One check of a close and what it found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// `debit_credit`, `gl_accounts`, `interbranch` …
    pub code: String,
    pub passed: bool,
    /// Figures behind the verdict, or the first places that fail.
    pub found: String,
}

/// Turnover of a unit over the whole bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitTotal {
    pub unit: String,
    /// Whole numbers of minor units, as text: JSON numbers end at 2⁵³.
    pub debit: String,
    pub credit: String,
}

/// The close certificate (日终证书): what was proved when the day closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    pub day: Day,
    /// Blocks of the day, and the hash of the last (hex).
    pub first_seq: u64,
    pub last_seq: u64,
    pub chain: String,
    pub entries: u64,
    pub lines: u64,
    pub totals: Vec<UnitTotal>,
    /// SHA-256 over the general ledger's closing rows and over all account balances (hex).
    pub gl_digest: String,
    pub accounts_digest: String,
    pub checks: Vec<Check>,
    /// Notes of the steps.
    pub steps: BTreeMap<String, String>,
}

/// The books as a day was closed, for an opening that is refused on the way: what opening a day
/// changes is everywhere, so that it is copied, on the few days on which the system posts.
struct Evening {
    start: Savepoint,
    facts: usize,
    heads: Vec<Head>,
    holds: BTreeMap<u64, Hold>,
    spent: BTreeMap<u64, (AccountId, Day)>,
    items: BTreeMap<(AccountId, ItemId), Item>,
    carried: BTreeMap<AccountId, Carried>,
    spells: BTreeMap<AccountId, Spell>,
    today: Day,
    phase: Phase,
    day_starts: Vec<(Day, EntryNo)>,
}

impl Book {
    /// 日初: opens `day`, expires holds and settles interest whose period has ended.
    pub fn open_day(&mut self, day: Day, draft: &mut Draft) -> Result<(), Refusal> {
        if self.phase != Phase::Closed {
            return Err(refusal::day_already_open(self.today));
        }
        let before = self.today;
        if day <= before {
            return Err(refusal::day_not_after(day, before));
        }
        if !self.chart.calendar.is_business_day(day) {
            return Err(refusal::not_a_business_day(day));
        }
        if self.chart.calendar.years.is_none_or(|(_, last)| day.year() > last) {
            return Err(refusal::calendar_ends(day));
        }
        // A bank's first day has no period behind it, and may be any.
        let first = before == Day::default();
        let next = self.chart.calendar.next_business_day(before);
        if !first && day != next {
            // The day's last accrual, a month's revaluation, a year's result would be missing.
            return Err(refusal::day_skipped(day, next));
        }
        self.check_rates(if first { day } else { before }, day)?;
        let posts = !first && (day.year() != before.year() || self.settles(before, day));
        if !posts {
            self.record(Fact::DayOpened { day }, draft);
            self.expire_holds(day, draft);
            return Ok(());
        }
        let evening = self.evening(draft);
        let opened = self.open_books(before, day, draft);
        self.undo.clear();
        opened.inspect_err(|_| self.back_to(evening, draft))
    }

    /// Opens a day on which the system posts before anyone else.
    fn open_books(&mut self, before: Day, day: Day, draft: &mut Draft) -> Result<(), Refusal> {
        self.record(Fact::DayOpened { day }, draft);
        self.expire_holds(day, draft);
        if day.year() != before.year() {
            self.carry_profit(draft)?;
        }
        self.settle_due(before, day, draft)
    }

    fn evening(&self, draft: &Draft) -> Evening {
        Evening {
            start: self.savepoint(&draft.batch),
            facts: draft.facts.len(),
            heads: self.accounts.heads.clone(),
            holds: self.holds.clone(),
            spent: self.spent.clone(),
            items: self.items.clone(),
            carried: self.carried.clone(),
            spells: self.spells.clone(),
            today: self.today,
            phase: self.phase,
            day_starts: self.day_starts.clone(),
        }
    }

    /// The day was not opened after all.
    fn back_to(&mut self, evening: Evening, draft: &mut Draft) {
        let posted = evening.start.entries();
        draft.batch.entries[posted..].iter().for_each(|row| self.keys.remove(row.key));
        self.roll_back(evening.start, &mut draft.batch);
        self.take_back_openings(evening.facts, draft);
        self.accounts.heads = evening.heads;
        self.holds = evening.holds;
        self.spent = evening.spent;
        self.items = evening.items;
        self.carried = evening.carried;
        self.spells = evening.spells;
        self.today = evening.today;
        self.phase = evening.phase;
        self.day_starts = evening.day_starts;
    }

    /// 签退: an institution stops for the day.
    pub fn close_institution(
        &mut self,
        institution: InstitutionId,
        by: &str,
        draft: &mut Draft,
    ) -> Result<(), Refusal> {
        self.needs_open_day()?;
        let day = self.today;
        if self.institution(institution).closed != Some(day) {
            let fact = Fact::InstitutionClosed { day, institution, by: by.into() };
            self.record(fact, draft);
        }
        Ok(())
    }

    /// 撤销签退: an institution goes on, as long as no later step has run.
    pub fn reopen_institution(
        &mut self,
        institution: InstitutionId,
        by: &str,
        reason: &str,
        draft: &mut Draft,
    ) -> Result<(), Refusal> {
        self.needs_open_day()?;
        if let Some(step) = self.steps.keys().next() {
            return Err(refusal::step_order("reopen", step));
        }
        let (by, reason) = (by.into(), reason.into());
        let fact = Fact::InstitutionReopened { day: self.today, institution, by, reason };
        self.record(fact, draft);
        Ok(())
    }

    /// Runs a step of today's close; a step that is done answers its note again.
    pub fn run_step(
        &mut self,
        step: Step,
        accept: Option<&str>,
        draft: &mut Draft,
    ) -> Result<String, Refusal> {
        self.needs_open_day()?;
        if let Some(note) = self.steps.get(step.code()) {
            return Ok(note.clone());
        }
        let earlier = Step::ALL.iter().filter(|earlier| **earlier < step);
        if let Some(before) = earlier.into_iter().find(|one| !self.steps.contains_key(one.code())) {
            return Err(refusal::step_order(step.code(), before.code()));
        }
        let (start, facts) = (self.savepoint(&draft.batch), draft.facts.len());
        let note = match self.do_step(step, accept, draft) {
            Ok(note) => note,
            Err(refusal) => {
                self.roll_back(start, &mut draft.batch);
                self.take_back_openings(facts, draft);
                return Err(refusal);
            }
        };
        self.undo.clear();
        let fact = Fact::StepDone { day: self.today, step: step.code().into(), note: note.clone() };
        self.record(fact, draft);
        Ok(note)
    }

    fn do_step(
        &mut self,
        step: Step,
        accept: Option<&str>,
        draft: &mut Draft,
    ) -> Result<String, Refusal> {
        match step {
            Step::Stop => self.stopped(),
            Step::Accrue => self.accrue(self.accrue_until(), draft),
            Step::Revalue if self.ends(Period::Month) => self.revalue(draft),
            Step::Profit if self.ends(Period::Year) => self.transfer_profit(draft),
            Step::Revalue | Step::Profit => Ok(String::from("-")),
            Step::Zero => self.zero_accounts(accept),
        }
    }

    /// Whether today is the last business day of the period.
    pub fn ends(&self, period: Period) -> bool {
        self.chart.calendar.is_last_business_day(self.today, period)
    }

    /// Rolls the business date once every step is done and the certificate holds.
    pub fn close_day(
        &mut self,
        certificate: Certificate,
        gl: Vec<GlClosing>,
        draft: &mut Draft,
    ) -> Result<(), Refusal> {
        self.needs_open_day()?;
        if let Some(left) = Step::ALL.iter().find(|step| !self.steps.contains_key(step.code())) {
            return Err(refusal::step_order("roll", left.code()));
        }
        let failed: Vec<&str> = certificate
            .checks
            .iter()
            .filter(|check| !check.passed)
            .map(|check| check.code.as_str())
            .collect();
        if !failed.is_empty() {
            return Err(refusal::checks_failed(&failed.join(", ")));
        }
        let next = self.chart.calendar.next_business_day(self.today);
        let certificate = Box::new(certificate);
        self.record(Fact::DayClosed { certificate, gl, next }, draft);
        Ok(())
    }

    /// The checks that the state alone can answer.
    pub fn checks(&self) -> Vec<Check> {
        vec![
            self.check_balanced(),
            self.check_interbranch(),
            self.check_sides(),
            self.check_holds(),
            self.check_items(),
        ]
    }

    pub(crate) fn needs_open_day(&self) -> Result<(), Refusal> {
        if self.phase == Phase::Closed { Err(refusal::day_not_open()) } else { Ok(()) }
    }

    fn stopped(&self) -> Result<String, Refusal> {
        let open = self.institutions.iter().filter(|one| one.closed != Some(self.today));
        let open: Vec<&str> = open.map(|one| one.code.as_str()).collect();
        if open.is_empty() {
            return Ok(self.institutions.len().to_string());
        }
        Err(refusal::institutions_open(&open.join(", ")))
    }

    /// Interest is accrued through today; at a month's last business day through its last day.
    fn accrue_until(&self) -> Day {
        if self.ends(Period::Month) {
            Period::Month.end(self.today).plus(1)
        } else {
            self.today.plus(1)
        }
    }

    /// Foreign positions at the day's middle rate: what they gained goes to 汇兑损益.
    fn revalue(&mut self, draft: &mut Draft) -> Result<String, Refusal> {
        let (base, kind) = (self.chart.base_unit, self.chart.system.exchange);
        let mut gains: BTreeMap<InstitutionId, i128> = BTreeMap::new();
        for id in self.accounts.ids() {
            let head = &self.accounts.heads[id.index()];
            if head.kind == kind && head.balance != 0 {
                let balance = i128::from(head.balance);
                let foreign = head.unit != base;
                let in_base = if foreign { self.in_base(balance, head.unit)? } else { balance };
                *gains.entry(head.institution).or_default() -= in_base;
            }
        }
        let mut moved = 0;
        for (institution, gain) in gains.into_iter().filter(|(_, gain)| *gain != 0) {
            let position = self.ensure_internal(kind, institution, base, draft);
            let result =
                self.ensure_internal(self.chart.system.exchange_gain, institution, base, draft);
            let amount = i64::try_from(gain.unsigned_abs())
                .map_err(|_| refusal::amount_overflow("revalue", &gain.to_string()))?;
            let lines = match gain > 0 {
                true => [Line::debit(position, amount), Line::credit(result, amount)],
                false => [Line::debit(result, amount), Line::credit(position, amount)],
            };
            let header =
                self.system_header(EntryKind::Revaluation, institution, "汇兑重估", self.today);
            self.post_system("revalue", header, &lines, draft)?;
            moved += 1;
        }
        Ok(moved.to_string())
    }

    /// An amount of a foreign unit at today's middle rate (`fx.mid.USD`, base units per unit).
    fn in_base(&self, amount: i128, unit: UnitId) -> Result<i128, Refusal> {
        let (foreign, base) = (self.chart.unit(unit), self.chart.unit(self.chart.base_unit));
        let rate = middle_rate(&self.chart.numbers, &foreign.code, self.today);
        let rate = rate.filter(|rate| *rate > Decimal::ZERO).ok_or_else(|| {
            refusal::number_missing(&format!("fx.mid.{}", foreign.code), self.today)
        })?;
        let (foreign_digits, base_digits) = (foreign.digits, base.digits);
        Ok(Price { rate, per: 1, foreign_digits, base_digits }.to_base(amount))
    }

    /// 年终决算: every income and expense account to 本年利润, each institution its own; what was
    /// set right of earlier years (以前年度损益调整) is no result of this one and goes to 未分配利润.
    fn transfer_profit(&mut self, draft: &mut Draft) -> Result<String, Refusal> {
        let system = self.chart.system;
        let chart = Arc::clone(&self.chart);
        let class = |kind| chart.subject(chart.kind(kind).subject).class;
        let results = |kind: KindId| {
            let result = matches!(class(kind), Class::Income | Class::Expense);
            let target =
                if kind == system.prior_year { system.undistributed } else { system.year_profit };
            result.then_some(target)
        };
        self.strike("损益结转", results, draft)
    }

    /// 上年利润结转: 本年利润 begins the year at nothing, and the year that has ended still shows
    /// its own on its last day.
    fn carry_profit(&mut self, draft: &mut Draft) -> Result<String, Refusal> {
        let system = self.chart.system;
        let last = |kind| (kind == system.year_profit).then_some(system.undistributed);
        self.strike("上年利润结转", last, draft)
    }

    /// Empties accounts into the account of the kind that `into` names for theirs: an entry for
    /// each institution, unit and kind to go into.
    fn strike(
        &mut self,
        what: &str,
        into: impl Fn(KindId) -> Option<KindId>,
        draft: &mut Draft,
    ) -> Result<String, Refusal> {
        let mut places: BTreeMap<(InstitutionId, UnitId, KindId), Vec<AccountId>> = BTreeMap::new();
        for id in self.accounts.ids() {
            let head = &self.accounts.heads[id.index()];
            if head.balance == 0 {
                continue;
            }
            if let Some(target) = into(head.kind) {
                let place = (head.institution, head.unit, target);
                places.entry(place).or_default().push(id);
            }
        }
        let count = places.len();
        for ((institution, unit, target), accounts) in places {
            let total = self.ensure_internal(target, institution, unit, draft);
            let mut lines: Vec<Line> = Vec::with_capacity(accounts.len() + 1);
            for id in accounts.iter().copied().filter(|id| *id != total) {
                lines.extend(signed(id, -self.accounts.heads[id.index()].balance));
            }
            let sum: i128 = lines.iter().map(|line| i128::from(line.effect())).sum();
            let sum = i64::try_from(-sum)
                .map_err(|_| refusal::amount_overflow("profit", &sum.to_string()))?;
            lines.extend(signed(total, sum));
            let header =
                self.system_header(EntryKind::ProfitTransfer, institution, what, self.today);
            self.post_system(what, header, &lines, draft)?;
        }
        Ok(count.to_string())
    }

    fn zero_accounts(&self, accept: Option<&str>) -> Result<String, Refusal> {
        let mut left = Vec::new();
        // An institution may have several accounts of a kind: each must be at nothing.
        for id in self.accounts.ids() {
            let head = &self.accounts.heads[id.index()];
            if head.balance != 0 && self.chart.kind(head.kind).zero_at_close {
                let amount = display(i128::from(head.balance), self.chart.unit(head.unit).digits);
                left.push(format!("{} {amount}", self.accounts.number(id)));
            }
        }
        match (left.is_empty(), accept) {
            (true, _) => Ok(String::from("0")),
            (false, Some(who)) if !who.is_empty() => Ok(format!("{who}: {}", left.join("; "))),
            (false, _) => Err(refusal::not_zero_at_close(&left.join("; "))),
        }
    }

    /// Σ debit balances = Σ credit balances per unit and institution.
    fn check_balanced(&self) -> Check {
        let mut sums: BTreeMap<(InstitutionId, UnitId), i128> = BTreeMap::new();
        for head in &self.accounts.heads {
            if !self.rules[head.kind.index()].off_balance {
                *sums.entry((head.institution, head.unit)).or_default() += i128::from(head.balance);
            }
        }
        let places = sums.len();
        let off = sums.iter().filter(|(_, sum)| **sum != 0).map(|((institution, unit), sum)| {
            let unit = self.chart.unit(*unit);
            format!("{} {} {sum}", self.institution(*institution).code, unit.code)
        });
        check("balances", off.collect(), format!("{places}"))
    }

    /// Each branch's account with head office mirrors head office's with the branch.
    fn check_interbranch(&self) -> Check {
        let kind = self.chart.system.interbranch;
        let mut off = Vec::new();
        for (&(branch, unit), mirror) in &self.mirrors {
            let own = self.internal(kind, branch, unit);
            let own = own.map_or(0, |id| i128::from(self.accounts.heads[id.index()].balance));
            if own + i128::from(self.accounts.heads[mirror.index()].balance) != 0 {
                let unit = &self.chart.unit(unit).code;
                off.push(format!("{} {unit}", self.institution(branch).code));
            }
        }
        check("interbranch", off, format!("{}", self.mirrors.len()))
    }

    /// No one-sided account of the bank on its wrong side, no off-balance account below zero,
    /// in amount or in pieces.
    fn check_sides(&self) -> Check {
        let wrong = self.accounts.ids().filter(|id| {
            let head = &self.accounts.heads[id.index()];
            let rules = self.rules[head.kind.index()];
            let below = self.natural_balance(*id) < -rules.limit;
            (rules.one_sided && !rules.customer && below)
                || self.pieces.get(id).is_some_and(|pieces| *pieces < 0)
        });
        check("sides", wrong.map(|id| self.accounts.number(id).into()).collect(), String::new())
    }

    fn check_holds(&self) -> Check {
        let mut held: BTreeMap<_, i64> = BTreeMap::new();
        for hold in self.holds.values() {
            *held.entry(hold.account).or_default() += hold.amount;
        }
        let off = self.accounts.ids().filter(|id| {
            self.accounts.heads[id.index()].held != held.get(id).copied().unwrap_or_default()
        });
        let off = off.map(|id| self.accounts.number(id).into()).collect();
        check("holds", off, format!("{}", self.holds.len()))
    }

    /// Σ open items of an open-item account = its balance.
    fn check_items(&self) -> Check {
        let mut open: BTreeMap<_, i128> = BTreeMap::new();
        for ((account, _), item) in &self.items {
            *open.entry(*account).or_default() += i128::from(item.remaining);
        }
        let candidates: BTreeSet<_> = open.keys().copied().collect();
        let mut off: Vec<String> = Vec::new();
        for id in self.accounts.ids() {
            let head = &self.accounts.heads[id.index()];
            let tracked = self.rules[head.kind.index()].open_item || candidates.contains(&id);
            let sum = if tracked { open.get(&id).copied().unwrap_or_default() } else { continue };
            if sum != i128::from(head.balance) {
                off.push(self.accounts.number(id).into());
            }
        }
        check("items", off, format!("{}", self.items.len()))
    }
}

impl Book {
    /// Internal accounts that an institution needs from its first day, in the base currency and
    /// in any unit it will hold: without them an entry across institutions cannot be completed.
    pub fn place_openings(
        &self,
        institution: InstitutionId,
        unit: UnitId,
    ) -> Vec<crate::fact::Opening> {
        let system = self.chart.system;
        let mut kinds = vec![system.shortfall, system.prior_year, system.year_profit];
        if institution != HEAD_OFFICE {
            kinds.push(system.interbranch);
        }
        kinds.retain(|kind| self.internal(*kind, institution, unit).is_none());
        let mut openings: Vec<_> = kinds
            .into_iter()
            .map(|kind| self.internal_opening(kind, institution, unit, None))
            .collect();
        if institution != HEAD_OFFICE && self.mirror(institution, unit).is_none() {
            let kind = system.interbranch;
            openings.push(self.internal_opening(kind, HEAD_OFFICE, unit, Some(institution)));
        }
        openings
    }

    /// Accounts that are open, by status.
    pub fn count_accounts(&self) -> BTreeMap<&'static str, u64> {
        let mut counts = BTreeMap::new();
        for head in &self.accounts.heads {
            *counts.entry(Status::en(head.status)).or_insert(0) += 1;
        }
        counts
    }
}

/// A check fails on the places that are off; at most ten are named.
fn check(code: &str, off: Vec<String>, found: String) -> Check {
    let passed = off.is_empty();
    let found =
        if passed { found } else { off.into_iter().take(10).collect::<Vec<_>>().join("; ") };
    Check { code: code.into(), passed, found }
}
