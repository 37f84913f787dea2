//! Deadlines in working time (工作时间): the bank's calendar, its hours, its clock.

use super::definition::{Length, Span, Within};
use super::event::Instant;
use ledger::Day;
use ledger::book::Book;

const MINUTE: i64 = 60_000_000;
const DAY_MINUTES: i64 = 24 * 60;

/// When the bank works, on its own clock.
#[derive(Clone, Copy, Debug)]
struct Hours {
    from: i64,
    until: i64,
    /// Minutes that its clock is ahead of UTC.
    ahead: i64,
}

/// Minutes of a time of day like 09:30.
pub fn minutes(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let part = |text: &str, below: i64| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten().filter(|value: &i64| *value < below)
    };
    Some(part(hours, 24)? * 60 + part(minutes, 60)?)
}

/// A moment as the bank's clock shows it: day and minutes.
pub fn local(book: &Book, at: Instant) -> (Day, i64) {
    local_of(hours(book), at)
}

fn local_of(hours: Hours, at: Instant) -> (Day, i64) {
    let minutes = at.div_euclid(MINUTE) + hours.ahead;
    let day = i32::try_from(minutes.div_euclid(DAY_MINUTES)).unwrap_or(i32::MAX);
    (Day(day), minutes.rem_euclid(DAY_MINUTES))
}

/// "2026-01-05 09:30" on the bank's clock.
pub fn shown(book: &Book, at: Instant) -> String {
    let (day, minutes) = local(book, at);
    format!("{day} {:02}:{:02}", minutes / 60, minutes % 60)
}

/// The moment of a day and minutes on the bank's clock.
pub fn instant(book: &Book, day: Day, minutes: i64) -> Instant {
    instant_of(hours(book), day, minutes)
}

fn instant_of(hours: Hours, day: Day, minutes: i64) -> Instant {
    (i64::from(day.0) * DAY_MINUTES + minutes - hours.ahead) * MINUTE
}

/// Minutes between two moments by the clock.
pub fn elapsed(from: Instant, until: Instant) -> i64 {
    (until - from).max(0) / MINUTE
}

/// Working minutes between two moments, by the calendar and by the hours of today.
pub fn worked(book: &Book, from: Instant, until: Instant) -> i64 {
    let (hours, calendar) = (hours(book), &book.chart.calendar);
    let ((first, begins), (last, ends)) = (local_of(hours, from), local_of(hours, until));
    let mut day = first;
    let mut minutes = 0;
    while day <= last {
        let start = if day == first { begins.max(hours.from) } else { hours.from };
        let end = if day == last { ends.min(hours.until) } else { hours.until };
        if calendar.is_business_day(day) {
            minutes += (end - start).max(0);
        }
        day = day.plus(1);
    }
    minutes
}

fn hours(book: &Book) -> Hours {
    let number = |code: &str, otherwise: i64| {
        let value = book.chart.numbers.on(code, book.today);
        value.and_then(|value| i64::try_from(value).ok()).unwrap_or(otherwise)
    };
    Hours {
        from: number("office.work_from", 0),
        until: number("office.work_until", DAY_MINUTES),
        ahead: number("office.clock_ahead", 0),
    }
}

/// When the time that begins at `start` is over.
pub fn due(book: &Book, within: &Within, start: Instant) -> Instant {
    let length = match &within.length {
        Length::Fixed(length) => i64::from(*length),
        Length::Number(code) => {
            let value = book.chart.numbers.on(code, book.today);
            value.and_then(|value| i64::try_from(value).ok()).unwrap_or(0)
        }
    };
    let hours = hours(book);
    match within.span {
        Span::Minutes => start.saturating_add(length.saturating_mul(MINUTE)),
        Span::WorkingHours => working(book, hours, start, length * 60),
        Span::WorkingDays => {
            let (day, _) = local_of(hours, start);
            let days = i32::try_from(length).unwrap_or(i32::MAX);
            instant_of(hours, book.chart.calendar.add_business_days(day, days), hours.until)
        }
        Span::Days => {
            let (day, _) = local_of(hours, start);
            let days = i32::try_from(length).unwrap_or(0);
            instant_of(hours, day.plus(days), DAY_MINUTES)
        }
    }
}

/// So many working minutes after a moment.
fn working(book: &Book, hours: Hours, start: Instant, minutes: i64) -> Instant {
    let calendar = &book.chart.calendar;
    let (mut day, mut minute) = local_of(hours, start);
    if !calendar.is_business_day(day) || minute >= hours.until {
        (day, minute) = (calendar.next_business_day(day), hours.from);
    }
    minute = minute.max(hours.from);
    let mut left = minutes;
    loop {
        let today = hours.until - minute;
        if left <= today {
            return instant_of(hours, day, minute + left);
        }
        left -= today;
        (day, minute) = (calendar.next_business_day(day), hours.from);
        assert!(hours.from < hours.until, "a working day has an end after its beginning");
    }
}
