//! Values as a report shows, groups and orders them.

use super::Form;
use crate::office::definition::FieldKind;
use crate::office::value::Value;
use ledger::chart::Title;
use ledger::{Day, money};
use rust_decimal::{Decimal, RoundingStrategy};
use std::cmp::Ordering;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    Text(String),
    /// A code with its title.
    Named(String, Title),
    Whole(i64),
    /// Minor units, and digits after the point.
    Money(i128, u8),
    Decimal(Decimal),
    Day(Day),
    /// Hundredths of a percent.
    Share(i64),
    /// Stands after everything else, in whatever order.
    Nothing,
}

impl Shown {
    pub fn of(value: Option<&Value>, kind: &FieldKind) -> Self {
        match (value, kind) {
            (None, _) => Self::Nothing,
            (Some(Value::Money(minor)), FieldKind::Money(digits, _)) => {
                Self::Money(i128::from(*minor), *digits)
            }
            (Some(Value::Integer(number)), _) => Self::Whole(*number),
            (Some(Value::Decimal(number)), _) => Self::Decimal(*number),
            (Some(Value::Date(day)), _) => Self::Day(*day),
            (Some(Value::Code(code)), FieldKind::Choice(choices)) => {
                let title = choices.iter().find(|(known, _)| known == code);
                let named = title.map(|(code, title)| Self::Named(code.clone(), title.clone()));
                named.unwrap_or_else(|| Self::text(code))
            }
            (Some(other), _) => Self::text(&other.text()),
        }
    }

    pub fn text(text: &str) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text.to_owned()) }
    }

    pub fn named(code: &str, zh: &str, en: &str) -> Self {
        Self::Named(code.to_owned(), Title { zh: zh.to_owned(), en: en.to_owned() })
    }

    pub fn yes_or_no(yes: bool) -> Self {
        if yes { Self::named("yes", "是", "Yes") } else { Self::named("no", "否", "No") }
    }

    /// What a condition compares: the code of what has one.
    pub fn code(&self) -> String {
        match self {
            Self::Named(code, _) => code.clone(),
            Self::Nothing => String::new(),
            other => other.said(),
        }
    }

    /// The number that is added up and compared; money in whole units.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Self::Whole(number) => Some(Decimal::from(*number)),
            Self::Money(minor, digits) => {
                Some(Decimal::from_i128_with_scale(*minor, u32::from(*digits)))
            }
            Self::Decimal(number) => Some(*number),
            Self::Day(day) => Some(Decimal::from(day.0)),
            _ => None,
        }
    }

    /// A number in the form of its column, rounded half up.
    pub fn figure(number: Decimal, form: Form) -> Self {
        let scaled = |by: u32| {
            let all = number * Decimal::from(10_i64.pow(by));
            all.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
        };
        let whole = |number: Decimal| i64::try_from(number).unwrap_or(i64::MAX);
        match form {
            Form::Money(digits) => {
                Self::Money(i128::try_from(scaled(digits.into())).unwrap_or(i128::MAX), digits)
            }
            Form::Decimal => Self::Decimal(number),
            Form::Day => Self::Day(Day(i32::try_from(number).unwrap_or(i32::MAX))),
            Form::Share => Self::Share(whole(scaled(4))),
            Form::Whole | Form::Code | Form::Text => Self::Whole(whole(scaled(0))),
        }
    }

    /// As a page of cases prints it.
    pub fn said(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Named(_, title) => title.zh.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Money(minor, digits) => money::plain(*minor, *digits),
            Self::Decimal(number) => number.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Share(hundredths) => money::plain(i128::from(*hundredths), 2) + "%",
            Self::Nothing => "-".to_owned(),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Text(_) | Self::Named(..) => 0,
            Self::Nothing => 2,
            _ => 1,
        }
    }
}

/// Texts by their letters, named ones by their codes, figures by what they come to.
impl Ord for Shown {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Share(one), Self::Share(other)) => one.cmp(other),
            (Self::Named(one, title), Self::Named(other, second)) => {
                (one, &title.zh, &title.en).cmp(&(other, &second.zh, &second.en))
            }
            _ if self.rank() != other.rank() => self.rank().cmp(&other.rank()),
            _ if self.rank() == 0 => self.code().cmp(&other.code()),
            _ => self.number().cmp(&other.number()),
        }
    }
}

impl PartialOrd for Shown {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How a field of this kind is written in a column.
pub fn form(kind: &FieldKind) -> Form {
    match kind {
        FieldKind::Money(digits, _) => Form::Money(*digits),
        FieldKind::Integer => Form::Whole,
        FieldKind::Decimal => Form::Decimal,
        FieldKind::Date => Form::Day,
        _ => Form::Text,
    }
}

/// Whether items can be grouped by a field: it says one thing, out of a known few.
pub fn groups(kind: &FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Choice(_)
            | FieldKind::Date
            | FieldKind::Institution
            | FieldKind::Operator
            | FieldKind::Account
            | FieldKind::AccountKind
            | FieldKind::Document
            | FieldKind::Party
            | FieldKind::Place(_)
            | FieldKind::Thing(_)
            | FieldKind::Stock
            | FieldKind::Matter(_)
            | FieldKind::Post
            | FieldKind::Number
    )
}
