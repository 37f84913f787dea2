//! Interest against hand-computed figures and a naive day-by-day model.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::entry::KindId;
use crate::number::Value;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn rate(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn numbers(values: &[(&str, &str)]) -> Numbers {
    let value =
        |&(from, is): &(&str, &str)| Value { from: day(from), is: rate(is), source: "test".into() };
    let values = values.iter().map(value).collect();
    Numbers { by_code: BTreeMap::from([("rate".to_owned(), values)]) }
}

fn terms(basis: Basis, rate_change: RateChange) -> Terms {
    Terms {
        method: Method::Product,
        basis,
        rate_change,
        rate: "rate".into(),
        overdraft_rate: "".into(),
        settle_months: vec![3, 6, 9, 12],
        settle_day: 20,
        expense: KindId(0),
        payable: KindId(0),
        income: KindId(0),
        receivable: KindId(0),
        due: None,
    }
}

fn piece(product: i128, text: &str, year_days: i32) -> Piece {
    Piece { product, rate: rate(text), year_days }
}

/// 10,000.00 for 30 days, then 15,000.00 for 60 days, at 0.05%:
/// 10,000 × 30 + 15,000 × 60 = 1,200,000 yuan-days; × 0.0005 ÷ 360 = 1.6666… → 1.67.
#[test]
fn the_handbook_vector() {
    let from = day("2026-01-01");
    let balances = [(from, 1_000_000), (from.plus(30), 1_500_000)];
    let product = product(&balances, from, from.plus(90));
    assert_eq!(product, 120_000_000);
    assert_eq!(interest_on_products(&[piece(product, "0.0005", 360)]), 167);
}

#[test]
fn products_count_the_first_day_and_not_the_last() {
    let from = day("2026-03-21");
    let balances = [(from, 100), (from.plus(10), -50), (from.plus(20), 0)];
    assert_eq!(product(&balances, from, from), 0);
    assert_eq!(product(&balances, from, from.plus(1)), 100);
    // 100 × 10 − 50 × 10 = 500, then nothing.
    assert_eq!(product(&balances, from, from.plus(99)), 500);
    // A window inside: 100 × 5 − 50 × 5 = 250.
    assert_eq!(product(&balances, from.plus(5), from.plus(15)), 250);
    // Before the first balance there is none.
    assert_eq!(product(&balances, from.plus(-5), from.plus(2)), 200);
    // Two movements on one day: only the last counts.
    assert_eq!(product(&[(from, 7), (from, 9)], from, from.plus(2)), 18);
}

#[test]
fn interest_is_rounded_once_and_half_up() {
    // Twice 0.5 fen: 360 × 0.5 ÷ 360 = 0.5 each; rounded apart 1 + 1, together 1.
    let half = piece(360, "0.5", 360);
    assert_eq!(interest_on_products(&[half]), 1);
    assert_eq!(interest_on_products(&[half, half]), 1);
    // Overdrawn: −0.5 goes away from zero.
    assert_eq!(interest_on_products(&[piece(-360, "0.5", 360)]), -1);
    // Just below the half: 359 × 0.5 ÷ 360 = 0.4986.
    assert_eq!(interest_on_products(&[piece(359, "0.5", 360)]), 0);
    assert_eq!(interest_on_products(&[]), 0);
    // Different years of one sum: 36,500 × 0.01 ÷ 365 + 36,600 × 0.01 ÷ 366 = 1 + 1.
    let both = [piece(36_500, "0.01", 365), piece(36_600, "0.01", 366)];
    assert_eq!(interest_on_products(&both), 2);
}

#[test]
fn large_amounts_stay_exact() {
    // 90 trillion yuan for 100 years of 365 days at 0.000000000001 more than 2%, by hand:
    // product = 9·10¹⁵ × 36,500 = 3.285·10²⁰; × 0.020000000001 ÷ 360 = 1.825·10¹⁶ + 912,500.
    let product = 9_000_000_000_000_000 * 36_500;
    let interest = interest_on_products(&[piece(product, "0.020000000001", 360)]);
    assert_eq!(interest, 18_250_000_000_000_000 + 912_500);
}

#[test]
fn a_change_of_rate_splits_the_period_or_serves_it_all() {
    // 36,000.00 for 90 days from 21 March to 19 June; 0.10% until 20 May, then 0.05%.
    let numbers = numbers(&[("2025-01-01", "0.0010"), ("2025-05-20", "0.0005")]);
    let (from, to) = (day("2025-03-21"), day("2025-06-19"));
    let balances = [(from, 3_600_000)];
    let segments = rate_segments(&numbers, "rate", from, to).unwrap();
    let change = day("2025-05-20");
    assert_eq!(segments, [(from, change, rate("0.0010")), (change, to, rate("0.0005"))]);
    assert_eq!((change.since(from), to.since(change)), (60, 30));
    // Piecewise: 36,000 × 60 × 0.001 ÷ 360 + 36,000 × 30 × 0.0005 ÷ 360 = 6.00 + 1.50.
    let piecewise = terms(Basis::D360, RateChange::Piecewise);
    assert_eq!(interest_on_balances(&numbers, &piecewise, &balances, from, to).unwrap(), 750);
    // Whole period at the rate of the last day: 36,000 × 90 × 0.0005 ÷ 360 = 4.50.
    let whole = terms(Basis::D360, RateChange::WholePeriod);
    assert_eq!(interest_on_balances(&numbers, &whole, &balances, from, to).unwrap(), 450);
    // A period that ends with the day before the change still has the old rate.
    assert_eq!(interest_on_balances(&numbers, &whole, &balances, from, change).unwrap(), 600);
}

#[test]
fn a_leap_year_divides_by_366_for_its_own_days() {
    // 366,000.00 from 2023-12-22 to 2024-01-11: 10 days of 2023 and 10 of 2024 at 3.65%.
    // 366,000 × 10 × 0.0365 ÷ 365 = 366.00; 366,000 × 10 × 0.0365 ÷ 366 = 365.00.
    let numbers = numbers(&[("2020-01-01", "0.0365")]);
    let (from, to) = (day("2023-12-22"), day("2024-01-11"));
    let balances = [(from, 36_600_000)];
    let interest = |basis| {
        let terms = terms(basis, RateChange::Piecewise);
        interest_on_balances(&numbers, &terms, &balances, from, to).unwrap()
    };
    assert_eq!(interest(Basis::Actual), 73_100);
    // 366,000 × 20 × 0.0365 ÷ 365 = 732.00; ÷ 360 = 742.1666… → 742.17.
    assert_eq!(interest(Basis::D365), 73_200);
    assert_eq!(interest(Basis::D360), 74_217);
    let segments = segments(&numbers, &terms(Basis::Actual, RateChange::WholePeriod), from, to);
    let lengths = segments.unwrap().iter().map(|one| one.year_days).collect::<Vec<_>>();
    assert_eq!(lengths, [365, 366]);
}

#[test]
fn a_day_without_a_rate_is_refused() {
    let numbers = numbers(&[("2025-01-01", "0.0010")]);
    let refusal = rate_segments(&numbers, "rate", day("2024-12-31"), day("2025-02-01"));
    assert_eq!(refusal.unwrap_err().code, "NumberMissing");
    assert_eq!(rate_segments(&numbers, "rate", day("2024-12-31"), day("2024-12-31")), Ok(vec![]));
    let whole = terms(Basis::D360, RateChange::WholePeriod);
    let (from, to) = (day("2024-12-01"), day("2025-01-01"));
    assert_eq!(segments(&numbers, &whole, from, to).unwrap_err().code, "NumberMissing");
    assert_eq!(segments(&numbers, &whole, from, to.plus(1)).unwrap().len(), 1);
}

#[test]
fn deposits_settle_on_the_twentieth_of_a_quarters_last_month() {
    let quarterly = terms(Basis::D360, RateChange::WholePeriod);
    let next = |after| next_settlement(&quarterly, day(after)).unwrap().to_string();
    assert_eq!(next("2026-01-01"), "2026-03-20");
    assert_eq!(next("2026-03-19"), "2026-03-20");
    assert_eq!(next("2026-03-20"), "2026-06-20");
    assert_eq!(next("2026-12-20"), "2027-03-20");
    assert_eq!(credit_day(day("2026-12-20")), day("2026-12-21"));
    let month_end = Terms { settle_months: vec![2], settle_day: 31, ..quarterly.clone() };
    assert_eq!(next_settlement(&month_end, day("2024-01-31")), Some(day("2024-02-29")));
    assert_eq!(next_settlement(&month_end, day("2024-02-29")), Some(day("2025-02-28")));
    let with_principal = Terms { settle_months: vec![], ..quarterly };
    assert_eq!(next_settlement(&with_principal, day("2026-01-01")), None);
}

#[test]
fn terms_end_on_the_same_day_of_a_later_month() {
    for (from, months, to) in [
        ("2026-01-15", 3, "2026-04-15"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
    ] {
        assert_eq!(maturity(day(from), Term::Months(months)), day(to));
        assert_eq!(months_and_days(day(from), day(to)), (months, 0));
    }
    assert_eq!(maturity(day("2026-02-27"), Term::Days(7)), day("2026-03-06"));
    assert_eq!(months_and_days(day("2026-01-31"), day("2026-02-27")), (0, 27));
    assert_eq!(months_and_days(day("2026-01-31"), day("2026-03-30")), (1, 30));
    assert_eq!(months_and_days(day("2025-01-15"), day("2026-04-20")), (15, 5));
    assert_eq!(months_and_days(day("2025-01-15"), day("2025-01-15")), (0, 0));
}

/// 10,000.00 from 2025-01-15 at 1.5%.
fn one_year() -> Deposit {
    Deposit {
        principal: 1_000_000,
        value_date: day("2025-01-15"),
        maturity: day("2026-01-15"),
        rate: rate("0.015"),
        method: Method::PerDepositMonths,
        basis: Basis::D360,
    }
}

#[test]
fn a_term_earns_by_months_or_by_days() {
    // By months: 10,000 × 12 × 0.015 ÷ 12 = 150.00.
    assert_eq!(one_year().interest_at_maturity(), 15_000);
    // By days: 10,000 × 365 × 0.015 ÷ 360 = 152.0833… → 152.08.
    let by_days = Deposit { method: Method::PerDepositDays, ..one_year() };
    assert_eq!(by_days.interest_at_maturity(), 15_208);
    let by_365 = Deposit { basis: Basis::D365, ..by_days };
    assert_eq!(by_365.interest_at_maturity(), 15_000);
    // A year and 5 odd days: 10,000 × 0.015 × (12 ÷ 12 + 5 ÷ 360) = 150 + 2.0833… → 152.08.
    let odd = Deposit { maturity: day("2026-01-20"), ..one_year() };
    assert_eq!(odd.interest_at_maturity(), 15_208);
    // Actual days over a leap year's end, 2024-12-22 to 2025-01-11, 10 days on each side:
    // 10,000 × 0.015 × (10 ÷ 366 + 10 ÷ 365) = 4.0983… + 4.1095… = 8.2079… → 8.21.
    let actual = Deposit {
        value_date: day("2024-12-22"),
        maturity: day("2025-01-11"),
        basis: Basis::Actual,
        ..by_days
    };
    assert_eq!(actual.interest_at_maturity(), 821);
}

#[test]
fn early_withdrawal_pays_the_current_rate_of_that_day() {
    // 100 days at 0.05%: 10,000 × 100 × 0.0005 ÷ 360 = 1.3888… → 1.39.
    let on = day("2025-01-15").plus(100);
    assert_eq!(one_year().interest_on_withdrawal(on, rate("0.0005")), 139);
    // On the day of the deposit nothing is earned.
    assert_eq!(one_year().interest_on_withdrawal(day("2025-01-15"), rate("0.0005")), 0);
    // Part of it: 4,000 × 100 × 0.0005 ÷ 360 = 0.5555… → 0.56; the rest earns to maturity what
    // was agreed: 6,000 × 0.015 = 90.00.
    let (part, rest) = one_year().split(400_000).unwrap();
    assert_eq!(part.interest_on_withdrawal(on, rate("0.0005")), 56);
    assert_eq!(rest.interest_on_withdrawal(day("2026-01-15"), rate("0.0005")), 9_000);
    assert_eq!(one_year().split(1_000_000), None);
    assert_eq!(one_year().split(0), None);
}

#[test]
fn overdue_days_earn_the_current_rate() {
    let maturity = day("2026-01-15");
    assert_eq!(one_year().interest_on_withdrawal(maturity, rate("0.0005")), 15_000);
    // 73 days late: 150.00 + 10,000 × 73 × 0.0005 ÷ 360 = 150 + 1.0138… → 151.01.
    assert_eq!(one_year().interest_on_withdrawal(maturity.plus(73), rate("0.0005")), 15_101);
}

#[test]
fn a_renewal_takes_the_interest_in() {
    let renewed = one_year().renewed(rate("0.011"), Term::Months(12)).unwrap();
    assert_eq!(renewed.principal, 1_015_000);
    assert_eq!((renewed.value_date, renewed.maturity), (day("2026-01-15"), day("2027-01-15")));
    // 10,150 × 0.011 = 111.65.
    assert_eq!(renewed.interest_at_maturity(), 11_165);
    let full = Deposit { principal: i64::MAX, ..one_year() };
    assert_eq!(full.renewed(rate("0.011"), Term::Months(12)), None);
}

#[test]
fn accrual_grows_with_the_days() {
    let accrued = |to| one_year().accrued_to(day(to), rate("0.0005"));
    assert_eq!(accrued("2025-01-15"), 0);
    assert_eq!(accrued("2024-12-31"), 0);
    // 15 odd days: 10,000 × 15 × 0.015 ÷ 360 = 6.25.
    assert_eq!(accrued("2025-01-30"), 625);
    // 2 months and 5 days: 10,000 × 0.015 × (2 ÷ 12 + 5 ÷ 360) = 25 + 2.0833… → 27.08.
    assert_eq!(accrued("2025-03-20"), 2_708);
    assert_eq!(accrued("2026-01-15"), 15_000);
    assert_eq!(accrual_difference(accrued("2025-03-20"), accrued("2025-01-30")), 2_083);
    assert_eq!(accrual_difference(0, 625), -625);
}

#[test]
fn a_value_date_in_the_past_corrects_the_product() {
    // A deposit of 500.00 booked on 10 April, valued 1 April: 500 × 9 days more.
    let (booked, valued) = (day("2026-04-10"), day("2026-04-01"));
    assert_eq!(product_correction(50_000, booked, valued), 450_000);
    assert_eq!(product_correction(-50_000, booked, booked), 0);
    // Valued 16 March: 5 days lie before the period that began on 21 March, 20 after.
    let valued = day("2026-03-16");
    let begun = day("2026-03-21");
    let parts = product_correction_by_period(50_000, booked, valued, begun);
    assert_eq!(parts, (250_000, 1_000_000));
    assert_eq!(product_correction_by_period(50_000, booked, begun, begun), (0, 1_000_000));
    let settled = product_correction_by_period(50_000, booked, valued, booked.plus(11));
    assert_eq!(settled, (1_250_000, 0));
}

#[test]
fn value_added_tax_is_inside_the_price() {
    let six = rate("0.06");
    assert_eq!(vat_split(10_600, six), (10_000, 600));
    // 100.00 × 6 ÷ 106 = 5.6603… → 5.66; 94.34 is left.
    assert_eq!(vat_split(10_000, six), (9_434, 566));
    // 0.08 × 6 ÷ 106 = 0.0045… → 0; 0.09 × 6 ÷ 106 = 0.0050943… → 0.01.
    assert_eq!(vat_split(8, six), (8, 0));
    assert_eq!(vat_split(9, six), (8, 1));
    assert_eq!(vat_split(-10_600, six), (-10_000, -600));
    assert_eq!(vat_split(10_600, rate("0")), (10_600, 0));
    assert_eq!(vat_split(i64::MAX, six).0 + vat_split(i64::MAX, six).1, i64::MAX);
}

fn bases() -> impl Strategy<Value = Basis> {
    prop_oneof![Just(Basis::D360), Just(Basis::D365), Just(Basis::Actual)]
}

/// Rates in parts of a million, each with the days until the next.
fn rates() -> impl Strategy<Value = Vec<(i32, i64)>> {
    prop::collection::vec((1..400_i32, 0..250_000_i64), 1..5)
}

fn movements() -> impl Strategy<Value = Vec<(i32, i64)>> {
    prop::collection::vec((0..120_i32, -10_000_000_000..10_000_000_000_i64), 0..12)
}

/// Day by day in a common denominator: balance × rate × (360 × 365 × 366 ÷ days of that year).
fn naive(numbers: &Numbers, terms: &Terms, balances: &[(Day, i64)], from: Day, to: Day) -> i128 {
    const YEARS: i128 = 360 * 365 * 366;
    let mut sum = 0;
    let mut at = from;
    while at < to {
        let balance = balances.iter().rfind(|one| one.0 <= at).map_or(0, |one| one.1);
        let rated = if terms.rate_change == RateChange::Piecewise { at } else { to.plus(-1) };
        let mut rate = numbers.on("rate", rated).unwrap();
        rate.rescale(6);
        let length = i128::from(year_days(terms.basis, at));
        sum += i128::from(balance) * rate.mantissa() * (YEARS / length);
        at = at.plus(1);
    }
    round_half_up(sum, YEARS * 1_000_000)
}

proptest! {
    #[test]
    fn products_agree_with_counting_day_by_day(
        rates in rates(),
        movements in movements(),
        (basis, piecewise) in (bases(), any::<bool>()),
        (start, length) in (19_000..20_500_i32, 0..800_i32),
    ) {
        let mut at = Day(19_000);
        let mut values = Vec::new();
        for (days, millionths) in rates {
            let is = Decimal::new(millionths, 6);
            values.push(Value { from: at, is, source: "test".into() });
            at = at.plus(days);
        }
        let numbers = Numbers { by_code: BTreeMap::from([("rate".to_owned(), values)]) };
        let mut at = Day(start);
        let mut balances = Vec::new();
        for (days, balance) in movements {
            at = at.plus(days);
            balances.push((at, balance));
        }
        let change = if piecewise { RateChange::Piecewise } else { RateChange::WholePeriod };
        let terms = terms(basis, change);
        let (from, to) = (Day(start), Day(start + length));
        let interest = interest_on_balances(&numbers, &terms, &balances, from, to).unwrap();
        prop_assert_eq!(interest, naive(&numbers, &terms, &balances, from, to));
    }

    #[test]
    fn a_correction_equals_a_history_with_the_movement_in_its_place(
        effect in -1_000_000_000..1_000_000_000_i64,
        (valued, begun, booked) in (0..50_i32, 0..100_i32, 50..100_i32),
    ) {
        let (valued, booked) = (Day(20_000 + valued), Day(20_000 + booked));
        let begun = Day(20_000 + begun);
        let whole = product_correction(effect, booked, valued);
        prop_assert_eq!(whole, product(&[(valued, effect)], valued, booked));
        let (settled, running) = product_correction_by_period(effect, booked, valued, begun);
        prop_assert_eq!(settled + running, whole);
        prop_assert_eq!(running, product(&[(valued, effect)], begun, booked));
    }

    #[test]
    fn accrual_never_falls_and_ends_at_the_agreed_interest(
        (start, length, months) in (18_000..21_000_i32, 1..1_200_i32, any::<bool>()),
        basis in bases(),
    ) {
        let method = if months { Method::PerDepositMonths } else { Method::PerDepositDays };
        let value_date = Day(start);
        let maturity = value_date.plus(length);
        let deposit = Deposit { value_date, maturity, method, basis, ..one_year() };
        let accrued = |days| deposit.accrued_to(value_date.plus(days), rate("0.0005"));
        for days in 0..length + 10 {
            prop_assert!(accrued(days) <= accrued(days + 1), "falls after {} days", days);
        }
        prop_assert_eq!(accrued(length), deposit.interest_at_maturity());
    }

    #[test]
    fn a_maturity_is_whole_months_away(start in 18_000..21_000_i32, months in 1..120_i32) {
        let to = maturity(Day(start), Term::Months(months));
        prop_assert_eq!(months_and_days(Day(start), to), (months, 0));
        let (_, odd_days) = months_and_days(Day(start), to.plus(-1));
        prop_assert!((27..=30).contains(&odd_days));
    }
}
