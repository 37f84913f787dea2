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
        let Some(terms) = &self.kind(account).terms else { return (0, 0) };
        if self.accounts[account].status == Status::Closed {
            return (0, 0);
        }
        let last = to.plus(-1);
        let divisor = year(terms.basis, last) * PARTS;
        if let Some(term) = &self.accounts[account].term {
            return (self.term_interest(account, terms, term, to), 0);
        }
        let days = Days::of(self, account, lines);
        let mut earned = 0;
        for (day, product) in days.natural(to) {
            let on = match terms.rate_change {
                RateChange::WholePeriod => last,
                RateChange::Piecewise => day,
            };
            earned += product * self.rate(&terms.rate, on);
        }
        let overdrawn = days.overdrawn(to) * self.rate(&terms.overdraft_rate, last);
        (rounded(earned, divisor), rounded(overdrawn, divisor))
    }

    /// 逐笔计息: what one deposit has earned; after maturity at the current rate.
    fn term_interest(&self, account: usize, terms: &Terms, term: &Term, to: Day) -> i128 {
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
        let current = self.rate(&terms.rate, to.plus(-1)) * over * 12;
        rounded(self.natural(account) * (agreed + current), 12 * year * PARTS)
    }

    /// What a deposit drawn today, before its maturity, has earned: the current rate throughout.
    pub fn early_interest(&self, account: usize, term: &Term) -> i128 {
        let terms = self.kind(account).terms.as_ref().expect("a deposit with a term has terms");
        let days = i128::from(self.today.since(term.from).max(0));
        let rate = self.rate(&terms.rate, self.today);
        rounded(self.natural(account) * days * rate, year(terms.basis, self.today) * PARTS)
    }

    /// The products up to but without `to`; what a change of rate has closed is left out.
    pub fn products(&self, account: usize, lines: &[Movement], to: Day) -> Products {
        let Some(terms) = &self.kind(account).terms else { return (0, 0) };
        let days = Days::of(self, account, lines);
        let mut since = Day(i32::MIN);
        if terms.rate_change == RateChange::Piecewise {
            let values = self.chart.numbers.by_code.get(&*terms.rate).into_iter().flatten();
            let past = values.map(|value| value.from).filter(|from| *from <= self.today);
            since = past.max().unwrap_or(since);
        }
        let natural = days.natural(to).into_iter().filter(|(day, _)| *day >= since);
        (natural.map(|(_, product)| product).sum(), days.overdrawn(to))
    }
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

    /// Every day with what it adds to the product on the natural side.
    fn natural(&self, to: Day) -> Vec<(Day, i128)> {
        let days = (self.start.0..to.0).map(Day);
        let mut days: Vec<_> = days.map(|day| (day, self.at_end(day).max(0))).collect();
        days.extend(self.late().filter(|late| late.2).map(|late| (late.0, late.1)));
        days
    }

    fn overdrawn(&self, to: Day) -> i128 {
        let days = (self.start.0..to.0).map(Day).map(|day| (-self.at_end(day)).max(0));
        let late = self.late().filter(|late| !late.2).map(|late| -late.1);
        days.sum::<i128>() + late.sum::<i128>()
    }

    /// Back-valued entries: the day, effect × days late, and whether the balance stood on its
    /// natural side before the entry or after.
    fn late(&self) -> impl Iterator<Item = (Day, i128, bool)> + '_ {
        let lines = self.lines.iter().enumerate().skip(self.settled);
        let first = |at: usize| at == 0 || self.lines[at - 1].entry != self.lines[at].entry;
        let late = lines.filter(move |(at, line)| line.value < line.business && first(*at));
        late.map(|(at, line)| {
            let sum = |lines: &[Movement]| lines.iter().map(|line| line.effect).sum::<i128>();
            let own = self.lines[at..].iter().take_while(|other| other.entry == line.entry);
            let own = own.map(|line| line.effect).sum::<i128>() * self.sign;
            let before = sum(&self.lines[..at]) * self.sign;
            let days = i128::from(line.business.since(line.value));
            (line.business, own * days, before >= 0 || before + own >= 0)
        })
    }
}
