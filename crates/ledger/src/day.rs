//! Business dates (会计日期) as small integers, so that an account head can hold several.

use jiff::civil::{Date, date};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Days since 1970-01-01, the same number as an Arrow `Date32`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Day(pub i32);

impl Day {
    pub const EPOCH: Date = date(1970, 1, 1);

    pub fn new(year: i16, month: i8, day: i8) -> Self {
        Self::from(date(year, month, day))
    }

    pub fn date(self) -> Date {
        Self::EPOCH
            .checked_add(jiff::Span::new().days(self.0))
            .expect("a Day is only made from dates that the calendar holds")
    }

    pub fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    /// Days from `earlier` to `self`: the first day counts, the last does not (算头不算尾).
    pub fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    pub fn year(self) -> i16 {
        self.date().year()
    }

    pub fn month(self) -> i8 {
        self.date().month()
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        let days = Self::EPOCH.until(date).expect("dates span less than i32 days").get_days();
        Self(days)
    }
}

impl FromStr for Day {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse::<Date>().map(Self::from)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_number_arrow_uses() {
        assert_eq!(Day::new(1970, 1, 1).0, 0);
        assert_eq!(Day::new(2026, 1, 5).0, 20458);
        assert_eq!("2024-02-29".parse::<Day>().unwrap().plus(1).to_string(), "2024-03-01");
        assert_eq!(Day::new(2026, 3, 21).since(Day::new(2025, 12, 21)), 90);
    }
}
