//! When the calendar opens a matter: on the first business day of a period, or on a day of it that
//! nobody can tell before it comes (突击检查).

use super::definition::{Every, On, Opens};
use crate::state::State;
use ledger::Day;
use sha2::{Digest, Sha256};

/// Whether a matter that recurs falls on today, for one place; `before` is when it did last.
pub fn falls_today(
    state: &State,
    opens: &Opens,
    (code, place): (&str, &str),
    before: Option<Day>,
) -> bool {
    let book = &state.book;
    let (first, last) = period(opens.every, book.today);
    if before.is_some_and(|before| before >= first) {
        return false;
    }
    let calendar = &book.chart.calendar;
    match opens.on {
        // A place that was set up later in the period has its turn at once.
        On::First => true,
        On::Surprise => {
            // Each morning it falls on today with a chance of one in the days that are left, drawn
            // from what the books and the matters came to last night: known to nobody before that,
            // and the same for all who replay the journal. On the last day it falls for certain.
            let left = calendar.business_days_between(book.today, last.plus(1)).max(1);
            draw(state, code, place, left)
        }
    }
}

fn draw(state: &State, code: &str, place: &str, left: i32) -> bool {
    let book = &state.book;
    let mut hasher = Sha256::new();
    for part in [code, place] {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    hasher.update(book.today.0.to_le_bytes());
    hasher.update(book.next_entry.0.to_le_bytes());
    hasher.update(state.office.records.next.to_le_bytes());
    for account in &book.kept {
        hasher.update(book.accounts.heads[account.index()].balance.to_le_bytes());
    }
    let digest = hasher.finalize();
    let number = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    number % left.unsigned_abs() == 0
}

/// First and last day of the period that a day lies in.
fn period(every: Every, day: Day) -> (Day, Day) {
    let months = |first: i8, count: i8| {
        let last = first + count - 1;
        let next = if last == 12 {
            Day::new(day.year() + 1, 1, 1)
        } else {
            Day::new(day.year(), last + 1, 1)
        };
        (Day::new(day.year(), first, 1), next.plus(-1))
    };
    match every {
        Every::Day => (day, day),
        Every::Week => {
            // 1970-01-01 was a Thursday.
            let monday = day.plus(-(day.0 + 3).rem_euclid(7));
            (monday, monday.plus(6))
        }
        Every::Month => months(day.month(), 1),
        Every::Quarter => months((day.month() - 1) / 3 * 3 + 1, 3),
        Every::HalfYear => months((day.month() - 1) / 6 * 6 + 1, 6),
        Every::Year => months(1, 12),
    }
}
