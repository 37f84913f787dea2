//! Dated numbers: a value for each start date, each with its source. A rate or a share is kept as
//! a fraction (0.05% is 0.0005), so that nobody has to know what an amount is "in".

use crate::day::Day;
pub use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// One value of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    pub from: Day,
    pub is: Decimal,
    pub source: String,
}

/// All numbers of a rulebook by code, values in order of date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    pub by_code: BTreeMap<String, Vec<Value>>,
}

impl Numbers {
    /// The value in force on a day.
    pub fn on(&self, code: &str, day: Day) -> Option<Decimal> {
        let values = self.by_code.get(code)?;
        let at = values.partition_point(|value| value.from <= day);
        at.checked_sub(1).map(|at| values[at].is)
    }

    /// Days after `from` and before `to` on which the value changes, in order.
    pub fn changes(&self, code: &str, from: Day, to: Day) -> Vec<Day> {
        let values = self.by_code.get(code).into_iter().flatten();
        values.map(|value| value.from).filter(|day| from < *day && *day < to).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_holds_from_its_day_until_the_next() {
        let value = |day, is| Value { from: Day(day), is: Decimal::from(is), source: "s".into() };
        let values = vec![value(10, 1), value(20, 2), value(30, 3)];
        let numbers = Numbers { by_code: BTreeMap::from([("n".to_owned(), values)]) };
        assert_eq!(numbers.on("n", Day(9)), None);
        assert_eq!(numbers.on("n", Day(10)), Some(1.into()));
        assert_eq!(numbers.on("n", Day(19)), Some(1.into()));
        assert_eq!(numbers.on("n", Day(99)), Some(3.into()));
        assert_eq!(numbers.on("m", Day(99)), None);
        assert_eq!(numbers.changes("n", Day(10), Day(30)), [Day(20)]);
        assert_eq!(numbers.changes("n", Day(9), Day(31)), [Day(10), Day(20), Day(30)]);
    }
}
