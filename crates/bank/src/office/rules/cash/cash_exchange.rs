//! CASH-130 残缺污损兑换标准: a worn note is paid what is left of it.
//!
//! Why: three quarters are paid in full, half is paid half, and no bank may refuse or give more.
//! Source: handbook 5.5 (WORN; RMB art.22)

use crate::office::refusal;
use crate::office::rules::{Case, Rule};
use crate::office::value::{Value, Values};
use ledger::{Refusal, money};
use rust_decimal::Decimal;

pub const RULE: Rule = Rule {
    code: "CASH-130",
    args: &["rows", "full", "half"],
    optional: &[],
    zh: "残缺污损兑换标准",
    en: "a worn note is paid what is left of it",
    judge,
};

/// 全额、半额、不予兑换.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Full,
    Half,
    None,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Half => "half",
            Self::None => "none",
        }
    }
}

/// From which shares of its area a note is paid in full, and half.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub full: Decimal,
    pub half: Decimal,
}

/// What is paid for a note of `face` fen: a cross-shaped loss of a quarter counts half, and what
/// comes to less than a fen is not paid.
pub fn exchange(face: i64, remaining: Decimal, cross: bool, bounds: Bounds) -> (Verdict, i64) {
    let verdict = match remaining {
        left if left >= bounds.full && !cross => Verdict::Full,
        left if left >= bounds.half => Verdict::Half,
        _ => Verdict::None,
    };
    match verdict {
        Verdict::Full => (verdict, face),
        Verdict::Half if face >= 2 => (verdict, face / 2),
        _ => (Verdict::None, 0),
    }
}

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let Some(Value::Rows(rows)) = case.value("rows") else { return Ok(()) };
    let (Some(full), Some(half)) = (case.number("full"), case.number("half")) else {
        return Ok(());
    };
    let bounds = Bounds { full, half };
    rows.iter().enumerate().try_for_each(|(at, row)| judge_row(case, (at, row), bounds))
}

fn judge_row(case: &Case<'_>, (at, row): (usize, &Values), bounds: Bounds) -> Result<(), Refusal> {
    let text = |name: &str| row.get(name).map(Value::text).unwrap_or_default();
    let spot = |name: &str| format!("{}[{at}].{name}", case.field("rows"));
    let denom = text("denomination");
    let denomination = case.doing.office.denominations.get(&denom);
    let face = denomination
        .map(|one| one.face)
        .ok_or_else(|| refusal::unknown(&spot("denomination"), ("券别", "denomination"), &denom))?;
    // Of what is left, in hundredths of the whole.
    let remaining = text("remaining").parse::<Decimal>().unwrap_or_default() / Decimal::ONE_HUNDRED;
    let (verdict, each) = exchange(face, remaining, text("cross") == "yes", bounds);
    let pieces = text("pieces").parse::<i64>().unwrap_or_default();
    let digits = case.book.chart.unit(case.book.chart.base_unit).digits;
    let must = each.checked_mul(pieces).ok_or_else(|| refusal::sum_too_large(&spot("pays")))?;
    let shown = |amount: i64| money::plain(i128::from(amount), digits);
    if text("verdict") != verdict.word() {
        let given = text("verdict");
        let spot = spot("verdict");
        return Err(refusal::exchange_differs(&spot, &given, verdict.word(), &shown(must)));
    }
    match row.get("pays") {
        Some(Value::Money(pays)) if *pays == must => Ok(()),
        other => {
            let given = match other {
                Some(Value::Money(pays)) => shown(*pays),
                _ => "0".to_owned(),
            };
            Err(refusal::exchange_differs(&spot("pays"), &given, verdict.word(), &shown(must)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Decimal, Verdict, exchange};

    /// Boundaries of the 2003 rule: 3/4, 1/2, the cross, and fen that come to nothing.
    #[test]
    fn a_worn_note_is_paid_by_its_area() {
        let bounds = Bounds { full: Decimal::new(75, 2), half: Decimal::new(50, 2) };
        let cases = [
            (10_000, 75, false, Verdict::Full, 10_000),
            (10_000, 74, false, Verdict::Half, 5_000),
            (10_000, 75, true, Verdict::Half, 5_000),
            (10_000, 50, false, Verdict::Half, 5_000),
            (10_000, 49, false, Verdict::None, 0),
            (10, 60, false, Verdict::Half, 5),
            (5, 60, false, Verdict::Half, 2),
            (1, 60, false, Verdict::None, 0),
            (1, 80, false, Verdict::Full, 1),
        ];
        for (face, left, cross, verdict, pays) in cases {
            let said = exchange(face, Decimal::new(left, 2), cross, bounds);
            assert_eq!(said, (verdict, pays), "{face} fen, {left}% left, cross {cross}");
        }
    }
}
