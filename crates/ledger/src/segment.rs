//! Segments of interest (分段): days that earn one rate of one length of year. The products in an
//! account's head are those of the running segment; what earlier days of the period came to is
//! carried beside it. A late entry (倒起息) goes to the segments of the days that it missed.

use crate::account::{Head, Status};
use crate::accrue::rate_in_parts;
use crate::book::{Book, Rules, Undo};
use crate::chart::{Basis, Chart, RateChange, Terms};
use crate::day::Day;
use crate::entry::{AccountId, Header, KindId, Line, UnitId};
use crate::interest::year_days;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How long a spell of overdraft that has ended is remembered: entries are not booked later.
const SPELL_DAYS: i32 = 366;

/// What the closed segments of a period came to, in minor units × days. Days are weighed in parts
/// of a year that both lengths of year divide; rates are parts of 10⁻¹².
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Σ product × rate.
    pub natural: i128,
    pub overdrawn: i128,
    /// Products of a year that has ended, which wait for the rate of the settlement day.
    pub unrated: i128,
    pub unrated_overdrawn: i128,
}

/// The latest stretch of days that an account ended overdrawn: of the past, heads know no more
/// than sums, and a late entry must know on which side the account stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    pub from: Day,
    /// The first day that did not end overdrawn; none: it goes on.
    pub until: Option<Day>,
    /// Natural balance at the end of its last day, with what came late since.
    pub balance: i64,
}

/// The parts of a year that days are weighed in.
pub(crate) fn year_parts(basis: Basis) -> i128 {
    match basis {
        Basis::D360 => 360,
        Basis::D365 => 365,
        Basis::Actual => 365 * 366,
    }
}

/// What one day weighs: parts of its year.
pub(crate) fn day_weight(basis: Basis, day: Day) -> i128 {
    year_parts(basis) / i128::from(year_days(basis, day))
}

/// Products of the running segment up to but without `to`: natural side, overdrawn side.
pub(crate) fn products(head: &Head, rules: Rules, to: Day) -> (i128, i128) {
    let days = i128::from(to.since(head.product_day).max(0));
    let natural = i128::from(head.balance) * i128::from(rules.natural);
    let product = i128::from(head.product) + natural.max(0) * days;
    (product, i128::from(head.overdrawn_product) + (-natural).max(0) * days)
}

/// Brings the products of a head up to `day`; `None` if they would leave the range of `i64`.
pub(crate) fn roll_products(head: &mut Head, rules: Rules, day: Day) -> Option<()> {
    if day > head.product_day {
        let (product, overdrawn) = products(head, rules, day);
        head.product = i64::try_from(product).ok()?;
        head.overdrawn_product = i64::try_from(overdrawn).ok()?;
        head.product_day = day;
    }
    Some(())
}

/// First days of periods (结息日 + 1) after `after`, up to and including `until`.
pub(crate) fn period_firsts(terms: &Terms, after: Day, until: Day) -> Vec<Day> {
    let years = after.year() - 1..=until.year();
    let firsts = years.flat_map(|year| {
        let months = terms.settle_months.iter();
        months.map(move |&month| Day::new(year, month, terms.settle_day).plus(1))
    });
    firsts.filter(|first| after < *first && *first <= until).collect()
}

/// Days after `after`, up to and including `until`, on which a segment ends within a period: the
/// rate changes where each day earns its own, or a year of another length begins.
fn cuts(chart: &Chart, terms: &Terms, after: Day, until: Day) -> BTreeSet<Day> {
    let mut cuts = BTreeSet::new();
    if terms.rate_change == RateChange::Piecewise {
        for code in [&terms.rate, &terms.overdraft_rate] {
            cuts.extend(chart.numbers.changes(code, after, until.plus(1)));
        }
    }
    if terms.basis == Basis::Actual {
        let years = (after.year() + 1..=until.year()).map(|year| Day::new(year, 1, 1));
        cuts.extend(years.filter(|day| after < *day && *day <= until));
    }
    cuts
}

/// Main and overdraft rate of a day; a day before the first value of a rate earns nothing.
fn rates_on(chart: &Chart, terms: &Terms, day: Day) -> [i128; 2] {
    let on = |code| chart.numbers.on(code, day).map_or(0, rate_in_parts);
    [on(&terms.rate), on(&terms.overdraft_rate)]
}

impl Carried {
    fn add(&mut self, [natural, overdrawn]: [i128; 2], rates: Option<[i128; 2]>) {
        match rates {
            Some([main, overdraft]) => {
                self.natural += natural * main;
                self.overdrawn += overdrawn * overdraft;
            }
            None => {
                self.unrated += natural;
                self.unrated_overdrawn += overdrawn;
            }
        }
    }
}

impl Book {
    /// Puts another rulebook in force in the middle of a day: what ran until today has earned the
    /// old rates, whatever the new one says of today.
    pub fn change_chart(&mut self, chart: Arc<Chart>) {
        let (old, today) = (Arc::clone(&self.chart), self.today);
        let kinds = old.kinds.iter().zip(&chart.kinds).enumerate();
        for (at, (was, is)) in kinds.filter(|_| today != Day::default()) {
            let (Some(was), Some(is)) = (&was.terms, &is.terms) else { continue };
            let same = rates_on(&old, was, today.plus(-1)) == rates_on(&chart, is, today);
            let cut = cuts(&chart, is, today.plus(-1), today);
            if was.rate_change == RateChange::Piecewise && !(same && cut.is_empty()) {
                let kind = KindId(u16::try_from(at).expect("kinds are u16"));
                self.carry_segment((kind, None), was, today);
            }
        }
        self.set_chart(chart);
    }

    /// Closes the running segment of every account of a kind wherever one ends after `after`, up
    /// to and including `until`.
    pub(crate) fn carry_segments(&mut self, of: (KindId, Option<UnitId>), after: Day, until: Day) {
        let chart = Arc::clone(&self.chart);
        let Some(terms) = &chart.kind(of.0).terms else { return };
        for cut in cuts(&chart, terms, after, until) {
            self.carry_segment(of, terms, cut);
        }
    }

    fn carry_segment(&mut self, (kind, unit): (KindId, Option<UnitId>), terms: &Terms, until: Day) {
        let (rules, last) = (self.rules[kind.index()], until.plus(-1));
        let weight = day_weight(terms.basis, last);
        let rates = (terms.rate_change == RateChange::Piecewise)
            .then(|| rates_on(&self.chart, terms, last));
        for id in self.accounts.ids() {
            let head = &mut self.accounts.heads[id.index()];
            let meant = head.kind == kind && unit.is_none_or(|unit| unit == head.unit);
            if !meant || head.status == Status::Closed {
                continue;
            }
            let (natural, overdrawn) = products(head, rules, until);
            (head.product, head.overdrawn_product) = (0, 0);
            head.product_day = head.product_day.max(until);
            if (natural, overdrawn) != (0, 0) {
                let weighed = [natural * weight, overdrawn * weight];
                self.carried.entry(id).or_default().add(weighed, rates);
            }
        }
    }

    /// Notes which accounts ended the day overdrawn; runs before the next one begins.
    pub(crate) fn note_spells(&mut self) {
        let ended = self.today;
        if ended == Day::default() {
            return;
        }
        for id in self.accounts.ids() {
            let head = &self.accounts.heads[id.index()];
            let rules = self.rules[head.kind.index()];
            let balance = head.balance.saturating_mul(rules.natural);
            if !rules.has_terms || balance >= 0 && self.spells.is_empty() {
                continue;
            }
            match self.spells.get_mut(&id) {
                Some(spell) if spell.until.is_none() && balance < 0 => spell.balance = balance,
                Some(spell) if spell.until.is_none() => spell.until = Some(ended),
                _ if balance < 0 => {
                    self.spells.insert(id, Spell { from: ended, until: None, balance });
                }
                _ => {}
            }
        }
        let oldest = ended.plus(-SPELL_DAYS);
        self.spells.retain(|_, spell| spell.until.is_none_or(|until| until > oldest));
    }

    /// 积数调整: what a back-valued entry moved should have earned since its value date, at the
    /// rates of those days, settled periods among them. It is found for the entry as a whole, so
    /// that the order of its lines does not matter. On days that the account ended overdrawn it
    /// counts as overdraft as far as the overdraft went; on all others, as deposit. The balance
    /// of those days is known from one spell only: before it, an account counts as not overdrawn.
    /// `None` if a product would leave the range of `i64`.
    pub(crate) fn correct_products(&mut self, header: &Header, lines: &[Line]) -> Option<()> {
        let (value, business) = (header.value_date, header.business_date);
        if value >= business {
            return Some(());
        }
        let mut moved: BTreeMap<AccountId, i128> = BTreeMap::new();
        for line in lines {
            *moved.entry(line.account).or_default() += i128::from(line.effect());
        }
        for (id, effect) in moved {
            let rules = self.rules[self.accounts.heads[id.index()].kind.index()];
            if rules.has_terms && effect != 0 {
                self.correct_account(id, effect * i128::from(rules.natural), value, business)?;
            }
        }
        Some(())
    }

    fn correct_account(
        &mut self,
        id: AccountId,
        effect: i128,
        value: Day,
        business: Day,
    ) -> Option<()> {
        let chart = Arc::clone(&self.chart);
        let terms = chart.kind(self.accounts.heads[id.index()].kind).terms.as_ref()?;
        let (before, spell) = (self.carried.get(&id).copied(), self.spells.get(&id).copied());
        self.undo.push(Undo::Earned(id, before, spell));
        let firsts = period_firsts(terms, value, business);
        let mut days = cuts(&chart, terms, value, business);
        days.extend(&firsts);
        let running = days.last().copied().unwrap_or(value);
        let edges = spell.into_iter().flat_map(|spell| [Some(spell.from), spell.until]);
        days.extend(edges.flatten().filter(|day| value < *day && *day < business));
        days.extend([value, business]);
        let within = |day: Day| {
            spell.filter(|one| one.from <= day && one.until.is_none_or(|until| day < until))
        };
        let mut carried = before.unwrap_or_default();
        let starts: Vec<Day> = days.into_iter().collect();
        for pair in starts.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let length = i128::from(to.since(from));
            let balance = within(from).map_or(0, |spell| i128::from(spell.balance));
            let over = within(from).map_or(0, |_| (-balance - effect).max(0) - (-balance).max(0));
            let change = [(effect + over) * length, over * length];
            if from >= running {
                let head = &mut self.accounts.heads[id.index()];
                head.product = i64::try_from(i128::from(head.product) + change[0]).ok()?;
                let overdrawn = i128::from(head.overdrawn_product) + change[1];
                head.overdrawn_product = i64::try_from(overdrawn).ok()?;
                continue;
            }
            let settled = firsts.iter().find(|first| **first > from).map(|first| first.plus(-1));
            let day = match terms.rate_change {
                RateChange::Piecewise => Some(from),
                RateChange::WholePeriod => settled,
            };
            let weight = day_weight(terms.basis, from);
            let weighed = [change[0] * weight, change[1] * weight];
            carried.add(weighed, day.map(|day| rates_on(&chart, terms, day)));
        }
        if carried != before.unwrap_or_default() {
            self.carried.insert(id, carried);
        }
        if let Some(spell) = self.spells.get_mut(&id)
            && spell.from < business
            && spell.until.is_none_or(|until| value < until)
        {
            let balance = i128::from(spell.balance) + effect;
            spell.balance = i64::try_from(balance).ok()?;
        }
        Some(())
    }
}
