//! The bank's calendar: statutory holidays and swapped working weekends (调休).
//!
//! The State Council's notice for a year appears some weeks before it, so a calendar knows how far
//! it reaches: beyond that the plain week (Monday to Friday) answers, and [`Calendar::covers`] says
//! that the answer is only a guess.

use crate::day::Day;
use jiff::civil::{Weekday, date};
use std::collections::BTreeMap;

/// Days that differ from the plain week, and the years that notices were given for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// `true` is a day off, `false` a working weekend.
    pub exceptions: BTreeMap<Day, bool>,
    /// First and last year whose notice is known, all years between included.
    pub years: Option<(i16, i16)>,
}

/// 月、季、年.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Month,
    Quarter,
    Year,
}

/// A notice for a year can already swap days in the last week of the year before: the notice for
/// 2019 made 2018-12-29 (a Saturday) a working day and 2018-12-31 a day off.
const UNSETTLED_FROM: (i8, i8) = (12, 25);

impl Calendar {
    /// Whether notices settle this day; if not, the plain week answers.
    pub fn covers(&self, day: Day) -> bool {
        let Some((first, last)) = self.years else { return false };
        let (month, day_of_month) = UNSETTLED_FROM;
        let end = Day::new(last, month, day_of_month);
        Day::new(first, 1, 1) <= day && day < end
    }

    pub fn is_business_day(&self, day: Day) -> bool {
        match self.exceptions.get(&day) {
            Some(off) => !off,
            None => !matches!(day.date().weekday(), Weekday::Saturday | Weekday::Sunday),
        }
    }

    /// The first business day after `day`.
    pub fn next_business_day(&self, day: Day) -> Day {
        self.add_business_days(day, 1)
    }

    /// The last business day before `day`.
    pub fn previous_business_day(&self, day: Day) -> Day {
        self.add_business_days(day, -1)
    }

    /// `day` itself if business is done on it, else the next day on which it is (顺延).
    pub fn on_or_after(&self, day: Day) -> Day {
        if self.is_business_day(day) { day } else { self.next_business_day(day) }
    }

    /// The `count`-th business day after `day` (before it, if negative); `day` itself for none.
    pub fn add_business_days(&self, day: Day, count: i32) -> Day {
        let mut at = day;
        for _ in 0..count.unsigned_abs() {
            at = at.plus(count.signum());
            while !self.is_business_day(at) {
                at = at.plus(count.signum());
            }
        }
        at
    }

    /// Business days after `from` up to and with `to` (0 if `to` is not later): the number that
    /// [`Self::add_business_days`] takes from the one to the other.
    pub fn business_days_between(&self, from: Day, to: Day) -> i32 {
        let mut count = 0;
        let mut at = from;
        while at < to {
            at = at.plus(1);
            count += i32::from(self.is_business_day(at));
        }
        count
    }

    /// Whether `day` is the period's last business day.
    pub fn is_last_business_day(&self, day: Day, period: Period) -> bool {
        self.is_business_day(day) && self.next_business_day(day) > period.end(day)
    }
}

impl Period {
    /// The last calendar day of the period that `day` lies in; 年终决算日 is 31 December whether or
    /// not business is done on it.
    pub fn end(self, day: Day) -> Day {
        let month = match self {
            Self::Month => day.month(),
            Self::Quarter => (day.month() + 2) / 3 * 3,
            Self::Year => 12,
        };
        Day::from(date(day.year(), month, 1).last_of_month())
    }

    pub fn ends_on(self, day: Day) -> bool {
        self.end(day) == day
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The notices of 2018 and 2019 in part: 2018-12-29 (Sat) works, 12-30 to 01-01 are off.
    fn calendar() -> Calendar {
        let exceptions = BTreeMap::from([
            (Day::new(2018, 12, 29), false),
            (Day::new(2018, 12, 30), true),
            (Day::new(2018, 12, 31), true),
            (Day::new(2019, 1, 1), true),
        ]);
        Calendar { exceptions, years: Some((2018, 2019)) }
    }

    #[test]
    fn a_swapped_saturday_works_and_a_holiday_monday_does_not() {
        let calendar = calendar();
        assert!(calendar.is_business_day(Day::new(2018, 12, 29)));
        assert!(!calendar.is_business_day(Day::new(2018, 12, 31)));
        assert!(!calendar.is_business_day(Day::new(2019, 1, 5)));
        assert_eq!(calendar.next_business_day(Day::new(2018, 12, 28)), Day::new(2018, 12, 29));
        assert_eq!(calendar.next_business_day(Day::new(2018, 12, 29)), Day::new(2019, 1, 2));
        assert_eq!(calendar.previous_business_day(Day::new(2019, 1, 2)), Day::new(2018, 12, 29));
        assert_eq!(calendar.on_or_after(Day::new(2018, 12, 30)), Day::new(2019, 1, 2));
        assert_eq!(calendar.on_or_after(Day::new(2019, 1, 2)), Day::new(2019, 1, 2));
    }

    #[test]
    fn the_last_business_day_may_come_before_the_last_day() {
        let calendar = calendar();
        for period in [Period::Month, Period::Quarter, Period::Year] {
            assert!(calendar.is_last_business_day(Day::new(2018, 12, 29), period));
            assert!(!calendar.is_last_business_day(Day::new(2018, 12, 28), period));
            assert!(!calendar.is_last_business_day(Day::new(2018, 12, 31), period));
            assert!(period.ends_on(Day::new(2018, 12, 31)));
        }
        assert_eq!(Period::Month.end(Day::new(2024, 2, 3)), Day::new(2024, 2, 29));
        assert_eq!(Period::Quarter.end(Day::new(2026, 4, 1)), Day::new(2026, 6, 30));
        assert_eq!(Period::Year.end(Day::new(2026, 4, 1)), Day::new(2026, 12, 31));
    }

    #[test]
    fn a_calendar_knows_how_far_it_reaches() {
        let calendar = calendar();
        assert!(calendar.covers(Day::new(2018, 1, 1)));
        assert!(calendar.covers(Day::new(2018, 12, 31)));
        assert!(calendar.covers(Day::new(2019, 12, 24)));
        assert!(!calendar.covers(Day::new(2019, 12, 25)));
        assert!(!calendar.covers(Day::new(2017, 12, 31)));
        assert!(!Calendar::default().covers(Day::new(2018, 1, 1)));
    }

    proptest! {
        #[test]
        fn counting_undoes_adding(start in 17_800_i32..18_000, count in 0_i32..40) {
            let calendar = calendar();
            let to = calendar.add_business_days(Day(start), count);
            prop_assert_eq!(calendar.business_days_between(Day(start), to), count);
        }
    }
}
