//! What accounts have earned, found day by day from the journal: for each day the balance at its
//! end and the rate that holds, and for each back-valued line the days it came late.

use super::model::{Model, Movement};
use ledger::Day;
use ledger::account::Status;
use ledger::chart::{Basis, Method, RateChange, Terms};
use ledger::fact::Term;
use rust_decimal::Decimal;

/// Parts of a rate: whole numbers of 10⁻¹².
const PARTS: i128 = 1_000_000_000_000;

/// Interest on the natural and on the overdrawn side, in minor units.
pub type Interest = (i128, i128);

/// Sums of balance × days: natural side since the last change of rate, and overdrawn.
pub type Products = (i128, i128);

fn parts(rate: Decimal) -> i128 {
    let scale = 12_u32.checked_sub(rate.scale()).expect("rates have twelve decimals at most");
    rate.mantissa() * 10_i128.pow(scale)
}

fn year(basis: Basis, day: Day) -> i128 {
    match basis {
        Basis::D360 => 360,
        Basis::D365 => 365,
        Basis::Actual if day.date().in_leap_year() => 366,
        Basis::Actual => 365,
    }
}

/// Half away from zero.
fn rounded(numerator: i128, denominator: i128) -> i128 {
    let half = if numerator < 0 { -denominator / 2 } else { denominator / 2 };
    (numerator + half) / denominator
}

impl Model {
    fn rate(&self, code: &str, day: Day) -> i128 {
        self.chart.numbers.on(code, day).map_or(0, parts)
    }

    /// Whether every number that interest needs is known on a day.
    pub fn rates_known(&self, day: Day) -> bool {
        let terms = self.chart.kinds.iter().filter_map(|kind| kind.terms.as_ref());
        let mut codes = terms.flat_map(|terms| [&terms.rate, &terms.overdraft_rate]);
        codes.all(|code| code.is_empty() || self.chart.numbers.on(code, day).is_some())
    }

    /// Whether the numbers that one account's interest needs are known on a day.
    pub fn rates_known_of(&self, account: usize, day: Day) -> bool {
        let terms = self.kind(account).terms.iter();
        let mut codes = terms.flat_map(|terms| [&terms.rate, &terms.overdraft_rate]);
        codes.all(|code| code.is_empty() || self.chart.numbers.on(code, day).is_some())
    }

    /// Interest of an account up to but without `to`; `lines` are its movements.
    pub fn interest(&self, account: usize, lines: &[Movement], to: Day) -> Interest {
        self.interest_at(account, lines, to, to.plus(-1))
    }

    /// What an account that is closed today has earned, at the rate of today.
    pub fn closing_interest(&self, account: usize, lines: &[Movement]) -> Interest {
        match &self.accounts[account].term {
            Some(term) if self.today < term.maturity => (self.early_interest(account, term), 0),
            _ => self.interest_at(account, lines, self.today, self.today),
        }
    }

    /// `last` is the day whose rate serves a whole period.
    fn interest_at(&self, account: usize, lines: &[Movement], to: Day, last: Day) -> Interest {
        let Some(terms) = &self.kind(account).terms else { return (0, 0) };
        if self.accounts[account].status == Status::Closed {
            return (0, 0);
        }
        if let Some(term) = &self.accounts[account].term {
            return (self.term_interest(account, terms, term, to, last), 0);
        }
        // Every length of year divides this one.
        let long = 360 * 365 * 366;
        let (mut earned, mut overdrawn) = (0, 0);
        for earning in Days::of(self, account, lines).earning(terms, to) {
            let on = match (terms.rate_change, earning.settled) {
                (RateChange::Piecewise, _) => earning.day,
                (RateChange::WholePeriod, Some(settled)) => settled,
                (RateChange::WholePeriod, None) => last,
            };
            let share = long / year(terms.basis, earning.day);
            earned += earning.natural * share * self.rate(&terms.rate, on);
            overdrawn += earning.overdrawn * share * self.rate(&terms.overdraft_rate, on);
        }
        (rounded(earned, long * PARTS), rounded(overdrawn, long * PARTS))
    }

    /// 逐笔计息: what one deposit has earned; after maturity at the current rate.
    fn term_interest(&self, account: usize, terms: &Terms, term: &Term, to: Day, on: Day) -> i128 {
        self.interest_of(self.natural(account), terms, term, to, on)
    }

    fn interest_of(&self, principal: i128, terms: &Terms, term: &Term, to: Day, on: Day) -> i128 {
        let last = to.min(term.maturity);
        let mut months = 0;
        let mut from = term.from;
        if terms.method == Method::PerDepositMonths {
            while month_after(term.from, months + 1) <= last {
                months += 1;
            }
            from = month_after(term.from, months);
        }
        let year = year(terms.basis, to.plus(-1));
        let odd = i128::from(last.since(from).max(0));
        let over = i128::from(to.since(term.maturity.max(term.from)).max(0));
        let agreed = parts(term.rate) * (i128::from(months) * year + odd * 12);
        let current = self.rate(&terms.rate, on) * over * 12;
        rounded(principal * (agreed + current), 12 * year * PARTS)
    }

    /// What a deposit earns by its maturity.
    pub fn agreed_interest(&self, account: usize, term: &Term) -> i128 {
        let terms = self.kind(account).terms.as_ref().expect("a deposit with a term has terms");
        self.interest_of(self.natural(account), terms, term, term.maturity, term.maturity)
    }

    /// What a deposit drawn today, before its maturity, has earned: the current rate throughout.
    pub fn early_interest(&self, account: usize, term: &Term) -> i128 {
        self.interest_on_part(account, term, self.natural(account), self.today)
    }

    /// What a part earns that is withdrawn on a day.
    pub fn interest_on_part(&self, account: usize, term: &Term, part: i128, day: Day) -> i128 {
        let terms = self.kind(account).terms.as_ref().expect("a deposit with a term has terms");
        if day >= term.maturity {
            return self.interest_of(part, terms, term, day, day);
        }
        let days = i128::from(day.since(term.from).max(0));
        rounded(part * days * self.rate(&terms.rate, day), year(terms.basis, day) * PARTS)
    }

    /// The products up to but without `to`; what a change of rate has closed is left out.
    pub fn products(&self, account: usize, lines: &[Movement], to: Day) -> Products {
        let Some(terms) = &self.kind(account).terms else { return (0, 0) };
        let mut since = Day(i32::MIN);
        if terms.rate_change == RateChange::Piecewise {
            let codes = [&terms.rate, &terms.overdraft_rate].into_iter();
            let values = codes.filter_map(|code| self.chart.numbers.by_code.get(&**code));
            let past = values.flatten().map(|value| value.from);
            since = past.filter(|from| *from <= self.today).max().unwrap_or(since);
        }
        if terms.basis == Basis::Actual {
            since = since.max(Day::new(self.today.year(), 1, 1));
        }
        let days = Days::of(self, account, lines).earning(terms, to);
        let running = days.into_iter().filter(|one| one.day >= since && one.settled.is_none());
        running.fold((0, 0), |sum, one| (sum.0 + one.natural, sum.1 + one.overdrawn))
    }
}

/// The day before the first settlement that lies after `day` and not after `by`.
fn settled(terms: &Terms, day: Day, by: Day) -> Option<Day> {
    let months = terms.settle_months.iter().copied();
    let ends = months.flat_map(|month| {
        [day.year(), day.year() + 1].map(|year| Day::new(year, month, terms.settle_day))
    });
    ends.filter(|end| day <= *end && *end < by).min()
}

fn month_after(day: Day, months: i32) -> Day {
    let date = day.date().checked_add(jiff::Span::new().months(months));
    Day::from(date.expect("a term ends within the calendar"))
}

/// An account's days since interest began anew.
struct Days<'a> {
    sign: i128,
    start: Day,
    lines: &'a [Movement],
    /// Lines before this position belong to what was settled.
    settled: usize,
}

impl<'a> Days<'a> {
    fn of(model: &Model, account: usize, lines: &'a [Movement]) -> Self {
        let one = &model.accounts[account];
        let (entries, start) = one.restart.unwrap_or((0, one.opened));
        // Before its first line an account holds nothing.
        let start = lines.first().map_or(start, |line| start.max(line.business));
        let settled = lines.iter().take_while(|line| line.entry < entries).count();
        Self { sign: model.nature(account).sign, start, lines, settled }
    }

    /// The natural balance at the end of a day.
    fn at_end(&self, day: Day) -> i128 {
        let until = self.lines.iter().filter(|line| line.business <= day);
        until.map(|line| line.effect).sum::<i128>() * self.sign
    }

    /// Every day with what it adds to the products: first the balance at its end, then what came
    /// late to it.
    fn earning(&self, terms: &Terms, to: Day) -> Vec<Earning> {
        let days = (self.start.0..to.0).map(Day);
        let mut earning: Vec<Earning> = days
            .map(|day| {
                let balance = self.at_end(day);
                let (natural, overdrawn) = (balance.max(0), (-balance).max(0));
                Earning { day, natural, overdrawn, settled: None }
            })
            .collect();
        for late in self.late() {
            let days = (late.value.0..late.business.0).map(Day);
            earning.extend(days.filter(|_| late.counts).map(|day| {
                // A late entry lowers or raises the overdraft of a spell as far as it went.
                let over = match late.spell {
                    Some((from, until, balance)) if from <= day && day < until => {
                        (-balance - late.effect).max(0) - (-balance).max(0)
                    }
                    _ => 0,
                };
                let settled = settled(terms, day, late.business);
                Earning { day, natural: late.effect + over, overdrawn: over, settled }
            }));
        }
        earning
    }

    /// Back-valued entries in order, each with the latest spell of overdraft that was known when
    /// it was booked: its first day, the first day after it, and the balance at its last day's
    /// end with what came late to it since.
    fn late(&self) -> Vec<Late> {
        let mut found: Vec<Late> = Vec::new();
        let mut spell: Option<(Day, Day, i128)> = None;
        let mut seen = self.lines.first().map_or(self.start, |line| line.business);
        let mut at = 0;
        while at < self.lines.len() {
            let line = self.lines[at];
            let own = self.lines[at..].iter().take_while(|other| other.entry == line.entry);
            let (count, effect) = own.fold((0, 0), |sum, one| (sum.0 + 1, sum.1 + one.effect));
            let effect = effect * self.sign;
            // Days that have ended since the entry before.
            for day in (seen.0..line.business.0).map(Day) {
                let balance = self.at_end(day);
                spell = match spell {
                    _ if balance >= 0 => spell,
                    Some((from, until, _)) if until == day => Some((from, day.plus(1), balance)),
                    _ => Some((day, day.plus(1), balance)),
                };
            }
            seen = seen.max(line.business);
            if line.value < line.business && effect != 0 {
                let (value, business) = (line.value, line.business);
                let counts = at >= self.settled;
                found.push(Late { value, business, effect, spell, counts });
                if let Some(spell) = spell.as_mut().filter(|spell| value < spell.1) {
                    spell.2 += effect;
                }
            }
            at += count;
        }
        found
    }
}

/// What a day adds to the products of an account.
struct Earning {
    day: Day,
    natural: i128,
    overdrawn: i128,
    /// Last day of the period that it was in, if that was settled before it came.
    settled: Option<Day>,
}

/// An entry that came late, on the natural side.
struct Late {
    value: Day,
    business: Day,
    effect: i128,
    spell: Option<(Day, Day, i128)>,
    /// Whether it is not settled yet.
    counts: bool,
}
