//! Interest on the books (计提、结息): what each account has earned, accrued at every close and
//! settled when its period ends. Source: handbook 1.8; 储蓄管理条例 art. 27.
//!
//! What has been accrued is the balance of the payable or receivable account itself, so accruing
//! twice posts nothing the second time: the step repeats safely after a crash.

use crate::account::Status;
use crate::book::Book;
use crate::chart::{Basis, Method, RateChange, Terms};
use crate::day::Day;
use crate::entry::{
    AccountId, Batch, EntryKind, EntryNo, Header, InstitutionId, Key, KindId, Line, UnitId,
};
use crate::fact::{Draft, Fact, Opening, Term};
use crate::hash::{mix, mix_text};
use crate::interest::Deposit;
use crate::money::round_half_up;
use crate::refusal::{self, Refusal};
use crate::segment::{Carried, day_weight, products, year_parts};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Rates inside sums are whole numbers of 10⁻¹².
const PARTS: i128 = 1_000_000_000_000;

/// Accounts settled in one entry: a voucher that a printer can still carry.
const ACCOUNTS_PER_ENTRY: usize = 500;

/// An annual rate in parts of 10⁻¹²; digits beyond the twelfth do not occur in a rulebook.
pub fn rate_in_parts(rate: Decimal) -> i128 {
    let mut scaled = rate;
    scaled.rescale(12);
    scaled.mantissa()
}

/// Interest earned on the natural side and owed on the overdrawn side, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interest {
    pub earned: i64,
    pub overdrawn: i64,
}

/// Rates of a kind of account, looked up once for all its accounts.
#[derive(Clone, Debug)]
pub(crate) struct Rates {
    /// The rate in force, for deposits that compute their own interest (逐笔计息).
    pub(crate) current: Decimal,
    method: Method,
    basis: Basis,
    main: i128,
    overdraft: i128,
    /// What a day of the running segment weighs, and the weight of a year at rate 1.
    weight: i128,
    divisor: i128,
    /// Days to come on which the rates change, and by how much: main, overdraft.
    ahead: Vec<(Day, i128, i128)>,
}

type Place = (KindId, InstitutionId, UnitId);

impl Book {
    /// Interest of one account up to `to` (its own day not counted), at the rates of the day
    /// before; 0 for accounts without terms.
    pub fn interest_to(&self, id: AccountId, to: Day) -> Result<Interest, Refusal> {
        let kind = self.accounts.heads[id.index()].kind;
        match &self.chart.kind(kind).terms {
            Some(terms) => self.interest_at(id, to, &self.rates_to(terms, to)?),
            None => Ok(Interest::default()),
        }
    }

    /// 计提: brings payable and receivable interest to what the accounts have earned up to `to`.
    pub fn accrue(&mut self, to: Day, draft: &mut Draft) -> Result<String, Refusal> {
        let mut entries = 0;
        for ((payable, institution, unit), (target, counter)) in self.accrual_targets(to)? {
            let account = self.ensure_internal(payable, institution, unit, draft);
            let counter = self.ensure_internal(counter, institution, unit, draft);
            let booked = i128::from(self.natural_balance(account));
            let difference = i64::try_from(target - booked).map_err(|_| {
                refusal::amount_overflow("interest", &(target - booked).to_string())
            })?;
            if difference == 0 {
                continue;
            }
            let rises = (difference > 0) == (self.natural_of(account) > 0);
            let amount = difference.abs();
            let lines = match rises {
                true => [Line::debit(account, amount), Line::credit(counter, amount)],
                false => [Line::debit(counter, amount), Line::credit(account, amount)],
            };
            let note = format!("accrue {to} {}", payable.0);
            let header =
                self.system_header(EntryKind::Accrual, institution, "利息计提", self.today);
            self.post_system(&note, header, &lines, draft)?;
            entries += 1;
        }
        Ok(format!("{entries}"))
    }

    /// 结息: settles every kind whose period ends between the last business day and `day`.
    /// Runs when `day` opens, before anyone posts.
    pub(crate) fn settle_due(
        &mut self,
        before: Day,
        day: Day,
        draft: &mut Draft,
    ) -> Result<(), Refusal> {
        let chart = std::sync::Arc::clone(&self.chart);
        for (at, kind) in chart.kinds.iter().enumerate() {
            let Some(terms) = &kind.terms else { continue };
            let Some(boundary) = boundary(terms, before, day) else { continue };
            let kind = KindId(u16::try_from(at).expect("kinds are u16"));
            self.accrue(boundary, draft)?;
            self.settle_kind(kind, terms, boundary, draft)?;
        }
        Ok(())
    }

    /// Whether a period of interest ends between the last business day and `day`.
    pub(crate) fn settles(&self, before: Day, day: Day) -> bool {
        let mut terms = self.chart.kinds.iter().filter_map(|kind| kind.terms.as_ref());
        terms.any(|terms| boundary(terms, before, day).is_some())
    }

    /// The bank's own account of a kind, opened now if it is not there.
    pub fn ensure_internal(
        &mut self,
        kind: KindId,
        institution: InstitutionId,
        unit: UnitId,
        draft: &mut Draft,
    ) -> AccountId {
        if let Some(id) = self.internal(kind, institution, unit) {
            return id;
        }
        let opening = self.internal_opening(kind, institution, unit, None);
        self.record(Fact::AccountsOpened { accounts: vec![opening] }, draft);
        self.internal(kind, institution, unit).expect("opened just now")
    }

    /// How the bank's own account of a kind is opened: institution.unit.subject.sequence.
    pub fn internal_opening(
        &self,
        kind: KindId,
        institution: InstitutionId,
        unit: UnitId,
        mirrors: Option<InstitutionId>,
    ) -> Opening {
        let rule = self.chart.kind(kind);
        let subject = &self.chart.subject(rule.subject).code;
        let place = format!(
            "{}.{}.{subject}",
            self.institution(institution).code,
            self.chart.unit(unit).code
        );
        // A branch's code may look like a sequence, and a customer's number like ours.
        let free = |number: &String| self.accounts.by_number(number).is_none();
        let numbers = (1..).map(|no| format!("{place}.{no:02}"));
        let (first, name) = match mirrors {
            Some(branch) => {
                let branch = self.institution(branch);
                let name = format!("{}{}", rule.title.zh, branch.title.zh);
                (Some(format!("{place}.{}", branch.code)), name)
            }
            None => (None, rule.title.zh.clone()),
        };
        let number = first.into_iter().chain(numbers).find(free).expect("numbers do not end");
        Opening { number, name, kind, institution, unit, mirrors, term: None }
    }

    pub(crate) fn system_header(
        &self,
        kind: EntryKind,
        institution: InstitutionId,
        summary: &str,
        value_date: Day,
    ) -> Header {
        Header {
            business_date: self.today,
            value_date,
            institution,
            code: "SYS".into(),
            maker: "".into(),
            checker: "".into(),
            authoriser: "".into(),
            channel: "system".into(),
            document: "".into(),
            attachments: 0,
            summary: summary.into(),
            kind,
            original: EntryNo(0),
        }
    }

    /// Posts an entry of the system; its key is derived from what it is for.
    pub(crate) fn post_system(
        &mut self,
        purpose: &str,
        header: Header,
        lines: &[Line],
        draft: &mut Draft,
    ) -> Result<EntryNo, Refusal> {
        let first = lines.first().map_or(0, |line| line.account.0);
        let place = u64::from(header.institution.0) << 32 | u64::from(first);
        let day = mix(u64::from(header.business_date.0 as u32), self.next_entry.0);
        let high = mix_text(mix(day, place), purpose);
        let low = mix_text(mix(high, place), purpose);
        let mut batch = Batch::default();
        batch.push(Key(u128::from(high) << 64 | u128::from(low)), header, lines);
        let posted = self.post_within(&batch, &mut draft.batch).map_err(|(_, refusal)| refusal)?;
        Ok(posted[0].no)
    }

    fn natural_of(&self, id: AccountId) -> i64 {
        self.rules[self.accounts.heads[id.index()].kind.index()].natural
    }

    /// What an account that is closed today has earned: at the current rate of today (储蓄管理条例
    /// art. 24, 25, 27), but for what a deposit has earned at its maturity.
    pub(crate) fn interest_on_closing(&self, id: AccountId) -> Result<Interest, Refusal> {
        let kind = self.accounts.heads[id.index()].kind;
        let Some(terms) = &self.chart.kind(kind).terms else { return Ok(Interest::default()) };
        let rates = self.rates(terms, self.today)?;
        let Some(term) = self.terms.get(&id) else {
            return self.interest_at(id, self.today, &rates);
        };
        let deposit = self.deposit(id, term, &rates);
        let earned = fitted(deposit.interest_on_withdrawal(self.today, rates.current))?;
        Ok(Interest { earned, overdrawn: 0 })
    }

    /// Refuses if a number is missing that interest needs when `day` opens, before anything is
    /// done: that of the day before, and those of the periods that end.
    pub(crate) fn check_rates(&self, before: Day, day: Day) -> Result<(), Refusal> {
        let terms = || self.chart.kinds.iter().filter_map(|kind| kind.terms.as_ref());
        let ends = terms().filter_map(|terms| boundary(terms, before, day));
        ends.chain([day]).try_for_each(|end| {
            terms().try_for_each(|terms| self.rates(terms, end.plus(-1)).map(drop))
        })
    }

    /// For each payable or receivable account: what it should hold, and its counter kind.
    fn accrual_targets(&self, to: Day) -> Result<BTreeMap<Place, (i128, KindId)>, Refusal> {
        let mut targets: BTreeMap<Place, (i128, KindId)> = BTreeMap::new();
        let mut rates: Vec<Option<Rates>> = Vec::with_capacity(self.chart.kinds.len());
        for kind in &self.chart.kinds {
            let terms = kind.terms.as_ref();
            rates.push(terms.map(|terms| self.rates_to(terms, to)).transpose()?);
        }
        // Accounts of one place mostly follow each other: remember the last sums.
        let mut sums: BTreeMap<Place, [i128; 2]> = BTreeMap::new();
        for id in self.accounts.ids() {
            let head = &self.accounts.heads[id.index()];
            let Some(rates) = &rates[head.kind.index()] else { continue };
            let interest = self.interest_at(id, to, rates)?;
            let sum = sums.entry((head.kind, head.institution, head.unit)).or_default();
            sum[0] += i128::from(interest.earned);
            sum[1] += i128::from(interest.overdrawn);
        }
        for ((kind, institution, unit), [earned, overdrawn]) in sums {
            let terms = self.chart.kind(kind).terms.as_ref().expect("only kinds with terms");
            let (payable, receivable) =
                ((terms.payable, terms.expense), (terms.receivable, terms.income));
            let deposit = self.rules[kind.index()].natural < 0;
            let sides = if deposit { [payable, receivable] } else { [receivable, payable] };
            for ((account, counter), sum) in sides.into_iter().zip([earned, overdrawn]) {
                let booked = self.internal(account, institution, unit).is_some();
                if sum != 0 || booked {
                    targets.entry((account, institution, unit)).or_insert((0, counter)).0 += sum;
                }
            }
        }
        Ok(targets)
    }

    pub(crate) fn rates(&self, terms: &Terms, day: Day) -> Result<Rates, Refusal> {
        let of = |code: &str| match code {
            "" => Ok(Decimal::ZERO),
            code => {
                self.chart.numbers.on(code, day).ok_or_else(|| refusal::number_missing(code, day))
            }
        };
        let (method, basis) = (terms.method, terms.basis);
        let (current, overdraft) = (of(&terms.rate)?, rate_in_parts(of(&terms.overdraft_rate)?));
        let (weight, divisor) = (day_weight(basis, day), year_parts(basis) * PARTS);
        let (main, ahead) = (rate_in_parts(current), Vec::new());
        Ok(Rates { current, method, basis, main, overdraft, weight, divisor, ahead })
    }

    /// The rates that interest up to `to` is computed with. Where each day earns its own rate
    /// (分段计息), what is running earns that of today, and changes that lie ahead are named.
    fn rates_to(&self, terms: &Terms, to: Day) -> Result<Rates, Refusal> {
        let mut rates = self.rates(terms, to.plus(-1))?;
        if terms.rate_change == RateChange::Piecewise && to >= self.today {
            let numbers = &self.chart.numbers;
            let on = |code, day| numbers.on(code, day).map_or(0, rate_in_parts);
            rates.main = on(&terms.rate, self.today);
            rates.overdraft = on(&terms.overdraft_rate, self.today);
            let rise = |code, day: Day| on(code, day) - on(code, day.plus(-1));
            let codes = [&terms.rate, &terms.overdraft_rate].into_iter();
            let changes = codes.flat_map(|code| numbers.changes(code, self.today, to));
            let days: BTreeSet<Day> = changes.collect();
            let days = days.into_iter();
            rates.ahead = days
                .map(|day| (day, rise(&terms.rate, day), rise(&terms.overdraft_rate, day)))
                .collect();
        }
        Ok(rates)
    }

    pub(crate) fn deposit(&self, id: AccountId, term: &Term, rates: &Rates) -> Deposit {
        Deposit {
            principal: self.natural_balance(id),
            value_date: term.from,
            maturity: term.maturity,
            rate: term.rate,
            method: rates.method,
            basis: rates.basis,
        }
    }

    fn interest_at(&self, id: AccountId, to: Day, rates: &Rates) -> Result<Interest, Refusal> {
        let head = &self.accounts.heads[id.index()];
        if head.status == Status::Closed {
            // What was due was paid when it closed; nothing may be posted to it any more.
            return Ok(Interest::default());
        }
        if let Some(term) = self.terms.get(&id) {
            let earned = fitted(self.deposit(id, term, rates).accrued_to(to, rates.current))?;
            return Ok(Interest { earned, overdrawn: 0 });
        }
        let rules = self.rules[head.kind.index()];
        let (product, overdrawn) = products(head, rules, to);
        let carried = match self.carried.is_empty() {
            true => Carried::default(),
            false => self.carried.get(&id).copied().unwrap_or_default(),
        };
        let mut main = (product * rates.weight + carried.unrated) * rates.main + carried.natural;
        let mut charged = (overdrawn * rates.weight + carried.unrated_overdrawn) * rates.overdraft
            + carried.overdrawn;
        for (from, main_rise, overdraft_rise) in &rates.ahead {
            let natural = i128::from(head.balance) * i128::from(rules.natural);
            let weighed = natural * i128::from(to.since(*from)) * rates.weight;
            main += weighed.max(0) * main_rise;
            charged += (-weighed).max(0) * overdraft_rise;
        }
        let round = |sum| fitted(round_half_up(sum, rates.divisor));
        Ok(Interest { earned: round(main)?, overdrawn: round(charged)? })
    }

    fn settle_kind(
        &mut self,
        kind: KindId,
        terms: &Terms,
        boundary: Day,
        draft: &mut Draft,
    ) -> Result<(), Refusal> {
        let rates = self.rates_to(terms, boundary)?;
        let mut places: BTreeMap<(UnitId, InstitutionId), Vec<(AccountId, Interest)>> =
            BTreeMap::new();
        for id in self.accounts.ids() {
            let head = &self.accounts.heads[id.index()];
            if head.kind == kind {
                let interest = self.interest_at(id, boundary, &rates)?;
                let place = places.entry((head.unit, head.institution)).or_default();
                if interest != Interest::default() {
                    place.push((id, interest));
                }
            }
        }
        let units: BTreeSet<UnitId> = places.keys().map(|key| key.0).collect();
        for unit in units {
            self.record(Fact::InterestSettled { kind, unit, from: boundary }, draft);
        }
        for ((unit, institution), mut accounts) in places {
            if let Some(due) = terms.due {
                let place = (institution, unit);
                self.settle_loans((due, terms.receivable), place, &mut accounts, boundary, draft)?;
            }
            if !accounts.is_empty() {
                self.ensure_internal(terms.payable, institution, unit, draft);
                self.ensure_internal(terms.receivable, institution, unit, draft);
            }
            for (no, chunk) in accounts.chunks(ACCOUNTS_PER_ENTRY).enumerate() {
                let lines = self.settlement_lines(terms, institution, unit, kind, chunk);
                let header =
                    self.system_header(EntryKind::Settlement, institution, "结息", boundary);
                let purpose = format!("settle {} {no}", kind.0);
                self.post_system(&purpose, header, &lines, draft)?;
                // Whoever opens the day keeps the evening before: no need to remember each head.
                self.undo.clear();
            }
        }
        Ok(())
    }

    /// Dr interest due / Cr receivable, an entry and an open item for each loan, whose number is
    /// the document: what a customer owes is collected item by item.
    fn settle_loans(
        &mut self,
        (due, receivable): (KindId, KindId),
        (institution, unit): (InstitutionId, UnitId),
        loans: &mut Vec<(AccountId, Interest)>,
        boundary: Day,
        draft: &mut Draft,
    ) -> Result<(), Refusal> {
        for (id, interest) in loans.iter_mut().filter(|(_, interest)| interest.earned != 0) {
            let due = self.ensure_internal(due, institution, unit, draft);
            let receivable = self.ensure_internal(receivable, institution, unit, draft);
            let earned = std::mem::take(&mut interest.earned);
            let lines = [signed(due, earned), signed(receivable, -earned)];
            let lines: Vec<Line> = lines.into_iter().flatten().collect();
            let header = Header {
                document: self.accounts.number(*id).into(),
                ..self.system_header(EntryKind::Settlement, institution, "贷款结息", boundary)
            };
            self.post_system(&format!("settle loan {}", id.0), header, &lines, draft)?;
        }
        loans.retain(|(_, interest)| *interest != Interest::default());
        Ok(())
    }

    /// Dr payable / Cr each deposit; Dr each overdrawn account / Cr receivable; mirrored for
    /// loans, whose natural side is debit.
    fn settlement_lines(
        &self,
        terms: &Terms,
        institution: InstitutionId,
        unit: UnitId,
        kind: KindId,
        chunk: &[(AccountId, Interest)],
    ) -> Vec<Line> {
        let account = |kind| self.internal(kind, institution, unit).expect("opened before");
        let deposit = self.rules[kind.index()].natural < 0;
        let sum = |of: fn(&Interest) -> i64| chunk.iter().map(|(_, one)| of(one)).sum::<i64>();
        let (earned, overdrawn) = (sum(|one| one.earned), sum(|one| one.overdrawn));
        let (paid, charged) = if deposit { (earned, overdrawn) } else { (overdrawn, earned) };
        let mut lines = Vec::with_capacity(chunk.len() + 2);
        if paid != 0 {
            lines.extend(signed(account(terms.payable), paid));
        }
        for (id, interest) in chunk {
            let (credit, debit) = match deposit {
                true => (interest.earned, interest.overdrawn),
                false => (interest.overdrawn, interest.earned),
            };
            lines.extend(signed(*id, -credit));
            lines.extend(signed(*id, debit));
        }
        if charged != 0 {
            lines.extend(signed(account(terms.receivable), -charged));
        }
        lines
    }
}

/// A debit, or a credit if the amount is negative: what was back-valued over a settlement may
/// turn the interest of the next period round.
pub(crate) fn signed(account: AccountId, debit: i64) -> Option<Line> {
    match debit {
        0 => None,
        1.. => Some(Line::debit(account, debit)),
        _ => Some(Line::credit(account, -debit)),
    }
}

pub(crate) fn fitted(interest: i128) -> Result<i64, Refusal> {
    i64::try_from(interest).map_err(|_| refusal::amount_overflow("interest", &interest.to_string()))
}

/// The latest first day of a period (结息日 + 1) that lies after `before` and not after `day`.
pub(crate) fn boundary(terms: &Terms, before: Day, day: Day) -> Option<Day> {
    let candidates = terms.settle_months.iter().flat_map(|&month| {
        let years = [before.year(), day.year()];
        years.map(|year| Day::new(year, month, terms.settle_day).plus(1))
    });
    candidates.filter(|&first| before < first && first <= day).max()
}
