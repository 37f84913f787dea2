//! Interest (利息): products, rates, terms and days, all in exact whole numbers.
//!
//! A rate is an annual fraction (0.05% is 0.0005). A computation keeps an exact fraction of the
//! minor unit to its end and is rounded there, once, half up. Days are counted with the first and
//! without the last (算头不算尾), so an amount paid in and out on one day earns nothing.
//! What is computed here is posted by the books, not here.

use crate::chart::{Basis, Method, RateChange, Terms};
use crate::day::Day;
use crate::money::{common_divisor, round_half_up};
use crate::number::{Decimal, Numbers};
use crate::refusal::{Refusal, number_missing};
use jiff::Span;
use jiff::civil::date;

/// Days of the year that divide an annual rate on `day`.
pub fn year_days(basis: Basis, day: Day) -> i32 {
    match basis {
        Basis::D360 => 360,
        Basis::D365 => 365,
        Basis::Actual if day.date().in_leap_year() => 366,
        Basis::Actual => 365,
    }
}

/// 积数: Σ balance × days from `from` up to but without `to`, in minor units × days.
/// `balances` says what the balance is from each day on, in order; before the first it is 0.
pub fn product(balances: &[(Day, i64)], from: Day, to: Day) -> i128 {
    let mut sum = 0;
    for (at, &(start, balance)) in balances.iter().enumerate() {
        let end = balances.get(at + 1).map_or(to, |next| next.0.min(to));
        let days = end.since(start.max(from)).max(0);
        sum += i128::from(balance) * i128::from(days);
    }
    sum
}

/// A product and the rate that it earns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Minor units × days.
    pub product: i128,
    /// Annual, as a fraction.
    pub rate: Decimal,
    /// Days of the year that divide the rate.
    pub year_days: i32,
}

/// 积数计息: Σ product × rate ÷ days of the year, rounded once.
pub fn interest_on_products(pieces: &[Piece]) -> i128 {
    let pieces = pieces.iter().map(|piece| piece.exact());
    pieces.fold(Exact::ZERO, Exact::plus).rounded()
}

impl Piece {
    fn exact(&self) -> Exact {
        Exact::of(self.product, self.rate, self.year_days)
    }
}

/// The rates in force from `from` up to but without `to`, each with its days.
pub fn rate_segments(
    numbers: &Numbers,
    code: &str,
    from: Day,
    to: Day,
) -> Result<Vec<(Day, Day, Decimal)>, Refusal> {
    let rate = |day| numbers.on(code, day).ok_or_else(|| number_missing(code, day));
    let stretches = cut(from, to, numbers.changes(code, from, to)).into_iter();
    stretches.map(|(from, to)| Ok((from, to, rate(from)?))).collect()
}

/// Days that earn one rate under one length of year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub from: Day,
    pub to: Day,
    pub rate: Decimal,
    pub year_days: i32,
}

/// How the days from `from` up to but without `to` earn under the terms: cut where the rate
/// changes (分段计息) unless the rate of the last day serves them all, and where the year changes
/// if its length counts.
pub fn segments(
    numbers: &Numbers,
    terms: &Terms,
    from: Day,
    to: Day,
) -> Result<Vec<Segment>, Refusal> {
    if from >= to {
        return Ok(Vec::new());
    }
    let rates = match terms.rate_change {
        RateChange::Piecewise => rate_segments(numbers, &terms.rate, from, to)?,
        // Source: 储蓄管理条例 art. 27: the rate of the settlement day or of the day of closing.
        RateChange::WholePeriod => {
            let last = to.plus(-1);
            let rate = numbers.on(&terms.rate, last);
            vec![(from, to, rate.ok_or_else(|| number_missing(&terms.rate, last))?)]
        }
    };
    let years = |(from, to, rate): (Day, Day, Decimal)| {
        years(terms.basis, from, to).into_iter().map(move |(from, to)| {
            let year_days = year_days(terms.basis, from);
            Segment { from, to, rate, year_days }
        })
    };
    Ok(rates.into_iter().flat_map(years).collect())
}

/// 积数计息 over a history of balances: what the incremental products must come to.
pub fn interest_on_balances(
    numbers: &Numbers,
    terms: &Terms,
    balances: &[(Day, i64)],
    from: Day,
    to: Day,
) -> Result<i128, Refusal> {
    let segments = segments(numbers, terms, from, to)?;
    let pieces = segments.iter().map(|segment| Piece {
        product: product(balances, segment.from, segment.to),
        rate: segment.rate,
        year_days: segment.year_days,
    });
    Ok(interest_on_products(&pieces.collect::<Vec<_>>()))
}

/// The stretch cut at each of `days`, which lie inside it and ascend.
fn cut(from: Day, to: Day, days: Vec<Day>) -> Vec<(Day, Day)> {
    if from >= to {
        return Vec::new();
    }
    let starts = std::iter::once(from).chain(days.iter().copied());
    starts.zip(days.iter().copied().chain([to])).collect()
}

/// The stretch cut at each 1 January if the basis asks for the length of the year.
fn years(basis: Basis, from: Day, to: Day) -> Vec<(Day, Day)> {
    let new_years = match basis {
        Basis::D360 | Basis::D365 => Vec::new(),
        Basis::Actual => (from.year() + 1..=to.year())
            .map(|year| Day::new(year, 1, 1))
            .filter(|day| *day < to)
            .collect(),
    };
    cut(from, to, new_years)
}

/// What an entry of `business_date` with an earlier value date adds to the product of the account
/// (积数调整): its effect on the balance for the days in between.
pub fn product_correction(effect: i64, business_date: Day, value_date: Day) -> i128 {
    i128::from(effect) * i128::from(business_date.since(value_date))
}

/// The same where the value date may lie before the running settlement period, which began on
/// `period_from`: days of the settled period, to be paid or taken back by an interest adjustment,
/// and days of the running one, which change its product.
pub fn product_correction_by_period(
    effect: i64,
    business_date: Day,
    value_date: Day,
    period_from: Day,
) -> (i128, i128) {
    let border = period_from.clamp(value_date, business_date.max(value_date));
    let settled = product_correction(effect, border, value_date);
    (settled, product_correction(effect, business_date, border))
}

/// 计提差额: what is left to book so that the books show what has been earned; negative if they
/// show too much.
pub fn accrual_difference(cumulative: i128, booked: i128) -> i128 {
    cumulative - booked
}

/// The first 结息日 after `after`; nothing for terms that pay interest with the principal.
/// A settlement day beyond the end of a month falls on its last day.
pub fn next_settlement(terms: &Terms, after: Day) -> Option<Day> {
    let settlement = |year, &month: &i8| {
        let last = date(year, month, 1).days_in_month();
        Day::new(year, month, terms.settle_day.min(last))
    };
    let years = [after.year(), after.year() + 1];
    let days = years
        .into_iter()
        .flat_map(|year| terms.settle_months.iter().map(move |month| settlement(year, month)));
    days.filter(|day| *day > after).min()
}

/// The day on which interest settled on `settlement` is credited, and the first of the next
/// period: the settlement day itself still earns.
pub fn credit_day(settlement: Day) -> Day {
    settlement.plus(1)
}

/// 存期.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    Months(i32),
    Days(i32),
}

/// 到期日: the same day of a later month (对年对月对日), or its last if it has no such day.
pub fn maturity(value_date: Day, term: Term) -> Day {
    match term {
        Term::Months(months) => {
            let date = value_date.date().checked_add(Span::new().months(months));
            Day::from(date.expect("a term ends within the calendar"))
        }
        Term::Days(days) => value_date.plus(days),
    }
}

/// Whole months from `from` to `to` and the odd days that are left.
pub fn months_and_days(from: Day, to: Day) -> (i32, i32) {
    let calendar_months =
        i32::from(to.year() - from.year()) * 12 + (i32::from(to.month()) - i32::from(from.month()));
    let fits = maturity(from, Term::Months(calendar_months)) <= to;
    let months = if fits { calendar_months } else { calendar_months - 1 };
    (months, to.since(maturity(from, Term::Months(months))))
}

/// A deposit or loan with a fixed term (定期存款、定期贷款), interest paid with the principal
/// (利随本清). The rate of its first day holds to maturity. Source: 储蓄管理条例 art. 24–26.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deposit {
    pub principal: i64,
    /// 起息日.
    pub value_date: Day,
    /// 到期日.
    pub maturity: Day,
    /// Annual, as a fraction.
    pub rate: Decimal,
    /// [`Method::PerDepositMonths`] or [`Method::PerDepositDays`].
    pub method: Method,
    pub basis: Basis,
}

impl Deposit {
    /// Interest of the agreed term.
    pub fn interest_at_maturity(&self) -> i128 {
        self.agreed(self.maturity).rounded()
    }

    /// 计提: earned up to but without `day` if it is held to maturity; after that at the current
    /// rate of `day`. For a deposit renewed automatically, ask its renewal.
    pub fn accrued_to(&self, day: Day, current_rate: Decimal) -> i128 {
        self.agreed(day.min(self.maturity)).plus(self.overdue(day, current_rate)).rounded()
    }

    /// What the whole deposit earns if it is withdrawn on `day`: before maturity the current rate
    /// of that day throughout (提前支取), on it what was agreed, after it also the current rate
    /// for the days beyond (逾期支取).
    pub fn interest_on_withdrawal(&self, day: Day, current_rate: Decimal) -> i128 {
        if day < self.maturity {
            return self.by_days(self.value_date, day, current_rate).rounded();
        }
        self.accrued_to(day, current_rate)
    }

    /// 部分提前支取: the part as a deposit of its own, to be withdrawn, and the rest, which keeps
    /// its rate and term. Nothing if the part is not less than the whole.
    pub fn split(&self, part: i64) -> Option<(Self, Self)> {
        let rest = (0 < part && part < self.principal).then(|| self.principal - part)?;
        Some((Self { principal: part, ..*self }, Self { principal: rest, ..*self }))
    }

    /// 自动转存: from maturity, principal and interest together, at the rate of that day.
    /// `None` if the sum is larger than the books can hold.
    pub fn renewed(&self, rate: Decimal, term: Term) -> Option<Self> {
        let sum = i128::from(self.principal) + self.interest_at_maturity();
        let principal = i64::try_from(sum).ok()?;
        let value_date = self.maturity;
        Some(Self { principal, value_date, maturity: maturity(value_date, term), rate, ..*self })
    }

    fn agreed(&self, to: Day) -> Exact {
        if to <= self.value_date {
            return Exact::ZERO;
        }
        match self.method {
            Method::PerDepositMonths => {
                let (months, odd_days) = months_and_days(self.value_date, to);
                let product = i128::from(self.principal) * i128::from(months);
                let odd = self.by_days(to.plus(-odd_days), to, self.rate);
                Exact::of(product, self.rate, 12).plus(odd)
            }
            Method::PerDepositDays | Method::Product => {
                self.by_days(self.value_date, to, self.rate)
            }
        }
    }

    fn overdue(&self, day: Day, current_rate: Decimal) -> Exact {
        self.by_days(self.maturity, day, current_rate)
    }

    fn by_days(&self, from: Day, to: Day, rate: Decimal) -> Exact {
        let years = years(self.basis, from, to).into_iter().map(|(from, to)| {
            let product = i128::from(self.principal) * i128::from(to.since(from));
            Exact::of(product, rate, year_days(self.basis, from))
        });
        years.fold(Exact::ZERO, Exact::plus)
    }
}

/// 价税分离: the price without tax and the tax in an amount that includes it.
/// `rate` is a fraction: 0.06 for 6%. Tax is rounded, the price is the rest, so that both add up.
pub fn vat_split(gross: i64, rate: Decimal) -> (i64, i64) {
    let rate = rate.normalize();
    let (share, whole) = (rate.mantissa(), 10_i128.pow(rate.scale()));
    assert!(share >= 0, "a tax rate is not negative");
    let tax = round_half_up(i128::from(gross) * share, whole + share);
    let tax = i64::try_from(tax).expect("a tax inside an amount is smaller than it");
    (gross - tax, tax)
}

/// An exact amount in minor units, not yet rounded. A denominator has only the factors of days,
/// months and decimals, so sums stay small.
#[derive(Clone, Copy, Debug)]
struct Exact {
    numerator: i128,
    denominator: i128,
}

/// A bank's whole balance sheet over a century at twelve decimals is below 10³⁶.
const FITS: &str = "interest of any amount that the books can hold fits 128 bits";

impl Exact {
    const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// product × rate ÷ parts of the year.
    fn of(product: i128, rate: Decimal, parts: i32) -> Self {
        let rate = rate.normalize();
        let denominator = 10_i128.checked_pow(rate.scale()).expect(FITS);
        let numerator = product.checked_mul(rate.mantissa()).expect(FITS);
        let denominator = denominator.checked_mul(i128::from(parts)).expect(FITS);
        Self { numerator, denominator }.reduced()
    }

    fn plus(self, other: Self) -> Self {
        let common = common_divisor(self.denominator, other.denominator);
        let (mine, theirs) = (other.denominator / common, self.denominator / common);
        let left = self.numerator.checked_mul(mine).expect(FITS);
        let right = other.numerator.checked_mul(theirs).expect(FITS);
        let numerator = left.checked_add(right).expect(FITS);
        Self { numerator, denominator: self.denominator.checked_mul(mine).expect(FITS) }.reduced()
    }

    fn reduced(self) -> Self {
        let common = common_divisor(self.numerator, self.denominator);
        Self { numerator: self.numerator / common, denominator: self.denominator / common }
    }

    fn rounded(self) -> i128 {
        round_half_up(self.numerator, self.denominator)
    }
}

#[cfg(test)]
#[path = "interest_tests.rs"]
mod tests;
