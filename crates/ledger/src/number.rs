//! Dated numbers: a value for each start date, each with its source.

use crate::day::Day;
use rust_decimal::Decimal;
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
}
