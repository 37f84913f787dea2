//! Foreign exchange (外汇牌价、结售汇、重估): quoted rates, conversion and the gain on a position.
//! Everything is exact; an amount is rounded once, in the smallest part of the unit it becomes.

use crate::money::{common_divisor, round_half_up};
use crate::number::{Decimal, Numbers};

/// 外汇牌价 of one currency. "Buying" and "selling" are the bank's: a customer who sells dollars
/// to the bank gets the buying rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Foreign units that the rates are for: 100 in "100 USD = 712.35 CNY".
    pub per: u32,
    /// 现汇买入价.
    pub buying: Decimal,
    /// 现钞买入价; not above `buying`.
    pub buying_notes: Decimal,
    /// 卖出价.
    pub selling: Decimal,
    /// 中间价.
    pub middle: Decimal,
}

impl Quote {
    /// Whether the rates are positive and stand in order: notes ≤ buying ≤ middle ≤ selling.
    pub fn is_sound(&self) -> bool {
        let ascending = [self.buying_notes, self.buying, self.middle, self.selling];
        self.per > 0 && self.buying_notes > Decimal::ZERO && ascending.is_sorted()
    }
}

/// One rate between two units: `rate` base units are worth `per` foreign ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    pub rate: Decimal,
    pub per: u32,
    /// Decimal digits of the foreign unit: JPY 0.
    pub foreign_digits: u8,
    pub base_digits: u8,
}

/// Amounts are below 2⁶³ and rates below 10¹² with twelve decimals at most.
const FITS: &str = "a converted amount fits 128 bits";

impl Price {
    /// Foreign minor units into base minor units.
    pub fn to_base(&self, foreign_minor: i128) -> i128 {
        let (numerator, denominator) = self.ratio();
        round_half_up(foreign_minor.checked_mul(numerator).expect(FITS), denominator)
    }

    /// Base minor units into foreign minor units.
    pub fn from_base(&self, base_minor: i128) -> i128 {
        let (numerator, denominator) = self.ratio();
        round_half_up(base_minor.checked_mul(denominator).expect(FITS), numerator)
    }

    /// Base minor units in one foreign minor unit.
    fn ratio(&self) -> (i128, i128) {
        let rate = self.rate.normalize();
        assert!(rate > Decimal::ZERO && self.per > 0, "a price is positive");
        let power = |digits: u32| 10_i128.checked_pow(digits).expect(FITS);
        let numerator = rate.mantissa() * power(self.base_digits.into());
        let denominator = power(rate.scale() + u32::from(self.foreign_digits));
        let (numerator, denominator) = (numerator, denominator * i128::from(self.per));
        let common = common_divisor(numerator, denominator);
        (numerator / common, denominator / common)
    }
}

/// 套汇: foreign money into other foreign money, the bank buying the one and selling the other.
/// Returns the base amount in between and the amount paid out; the base amount is what both legs
/// book under 货币兑换, so it is rounded first and the second leg starts from it.
pub fn cross(given_minor: i128, bought: &Price, sold: &Price) -> (i128, i128) {
    let base = bought.to_base(given_minor);
    (base, sold.from_base(base))
}

/// 汇兑重估: what a position has gained since it was booked. Both amounts are debit positive, so
/// a gain is positive for money owned and for money owed alike.
pub fn revalue(position_minor: i128, middle: &Price, book_base_minor: i128) -> i128 {
    middle.to_base(position_minor) - book_base_minor
}

/// The middle rate of a day from the rulebook: number `fx.mid.USD`, base units for one unit.
pub fn middle_rate(numbers: &Numbers, code: &str, day: crate::Day) -> Option<Decimal> {
    numbers.on(&format!("fx.mid.{code}"), day)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn price(rate: &str, per: u32, foreign_digits: u8) -> Price {
        Price { rate: rate.parse().unwrap(), per, foreign_digits, base_digits: 2 }
    }

    #[test]
    fn amounts_are_converted_both_ways() {
        let dollar = price("712.35", 100, 2);
        // 1,000.00 USD × 7.1235 = 7,123.50 CNY.
        assert_eq!(dollar.to_base(100_000), 712_350);
        // 0.01 USD × 7.1235 = 0.071235 → 0.07; 0.07 CNY ÷ 7.1235 = 0.0098… → 0.01.
        assert_eq!(dollar.to_base(1), 7);
        assert_eq!(dollar.from_base(7), 1);
        // 1,000.00 CNY ÷ 7.1235 = 140.3804… → 140.38.
        assert_eq!(dollar.from_base(100_000), 14_038);
        assert_eq!(dollar.to_base(-100_000), -712_350);
    }

    #[test]
    fn minor_units_may_differ() {
        // 100 JPY = 4.8765 CNY: 12,345 JPY × 0.048765 = 602.0039… → 602.00.
        let yen = price("4.8765", 100, 0);
        assert_eq!(yen.to_base(12_345), 60_200);
        // 602.00 CNY ÷ 0.048765 = 12,344.919… → 12,345.
        assert_eq!(yen.from_base(60_200), 12_345);
        // 1 KWD = 23.1 CNY, three digits: 0.005 KWD × 23.1 = 0.1155 → 0.12.
        assert_eq!(price("23.1", 1, 3).to_base(5), 12);
    }

    #[test]
    fn a_cross_goes_through_the_base() {
        // 1,000.00 USD bought at 7.10 = 7,100.00 CNY; sold at 8.30 a euro: 855.4216… → 855.42.
        let (dollar, euro) = (price("710", 100, 2), price("830", 100, 2));
        assert_eq!(cross(100_000, &dollar, &euro), (710_000, 85_542));
    }

    #[test]
    fn a_position_is_revalued_at_the_middle_rate() {
        let middle = price("7.20", 1, 2);
        // 1,000.00 USD owned, booked at 7,100.00: 7,200.00 − 7,100.00 = 100.00 gained.
        assert_eq!(revalue(100_000, &middle, 710_000), 10_000);
        // The same owed: −7,200.00 + 7,100.00 = 100.00 lost.
        assert_eq!(revalue(-100_000, &middle, -710_000), -10_000);
        assert_eq!(revalue(0, &middle, -500), 500);
    }

    #[test]
    fn a_quote_stands_in_order() {
        let [notes, buying, middle, selling] =
            ["705.00", "710.80", "712.35", "713.90"].map(|text| text.parse().unwrap());
        let quote = Quote { per: 100, buying, buying_notes: notes, selling, middle };
        assert!(quote.is_sound());
        assert!(!Quote { selling: buying, buying: selling, ..quote }.is_sound());
        assert!(!Quote { per: 0, ..quote }.is_sound());
        assert!(!Quote { buying_notes: Decimal::ZERO, ..quote }.is_sound());
    }

    proptest! {
        /// Back and forth loses at most what rounding takes: half a base part, and half a foreign.
        #[test]
        fn a_round_trip_stays_within_the_rounding(
            minor in 0..10_000_000_000_000_i128,
            rate in 1_0000_i64..100_0000,
        ) {
            let rate = Decimal::new(rate, 4);
            let price = Price { rate, per: 1, foreign_digits: 2, base_digits: 2 };
            let base = price.to_base(minor);
            prop_assert!((price.from_base(base) - minor).abs() <= 1);
            // |base × 10⁴ − minor × rate| is at most half of 10⁴.
            prop_assert!((base * 10_000 - minor * rate.mantissa()).abs() <= 5_000);
        }
    }
}
