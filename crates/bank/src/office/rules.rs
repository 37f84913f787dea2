//! Judgements (判断): what a matter's `check` names by code, one file each. A judgement says yes or
//! refuses; it sees the facts of now, so that an approval judges anew.

mod account_empty;
mod account_free;
mod cash_counted;
mod cash_none;
mod cash_whole_bundles;
mod cash_within_limit;
mod dates_in_order;
mod different;
mod equal;
mod keep_is_over;
mod keeps_nothing;
mod kept_apart;
mod kept_by;
mod lines_balance;
mod lines_postable;
mod not_past;
mod operator_active;
mod operator_new;
mod parameter_fits;
mod period_within;
mod posts_compatible;
mod rulebook_passes;
mod serials_counted;
mod thing_state;
mod value_is;
mod within_bounds;
mod within_working_days;

use super::OfficeState;
use super::definition::{Check, Source};
use super::effect::Doing;
use super::value::Value;
use ledger::Refusal;
use ledger::book::Book;
use rust_decimal::Decimal;

/// What a judgement looks at.
pub struct Case<'a> {
    pub doing: &'a Doing<'a>,
    pub book: &'a Book,
    pub state: &'a OfficeState,
    pub check: &'a Check,
}

impl Case<'_> {
    /// An argument as text; empty if the field has no value.
    fn text(&self, name: &str) -> String {
        let source = self.check.args.get(name);
        source.map(|source| self.doing.source(self.book, source)).unwrap_or_default()
    }

    /// An argument as a number: a literal, or the code of a dated number.
    fn number(&self, name: &str) -> Option<Decimal> {
        let text = self.text(name);
        let number = text.parse().ok();
        number.or_else(|| self.book.chart.numbers.on(&text, self.book.today))
    }

    /// The name of the field behind an argument, for refusals.
    fn field(&self, name: &str) -> &str {
        match self.check.args.get(name) {
            Some(Source::Field(at)) => &self.doing.matter.fields[*at].name,
            _ => self.check.args.get_key_value(name).map_or("", |(key, _)| key.as_str()),
        }
    }

    fn value(&self, name: &str) -> Option<&Value> {
        match self.check.args.get(name)? {
            Source::Field(at) => self.doing.value(*at),
            _ => None,
        }
    }
}

/// A judgement: its code, the arguments that it asks for and may be given, and what it demands.
pub struct Rule {
    pub code: &'static str,
    pub args: &'static [&'static str],
    pub optional: &'static [&'static str],
    pub zh: &'static str,
    pub en: &'static str,
    judge: fn(&Case<'_>) -> Result<(), Refusal>,
}

/// All judgements.
pub const RULES: &[Rule] = &[
    cash_within_limit::RULE,
    cash_counted::RULE,
    cash_whole_bundles::RULE,
    cash_none::RULE,
    different::RULE,
    equal::RULE,
    dates_in_order::RULE,
    not_past::RULE,
    within_bounds::RULE,
    value_is::RULE,
    within_working_days::RULE,
    parameter_fits::RULE,
    posts_compatible::RULE,
    operator_active::RULE,
    rulebook_passes::RULE,
    period_within::RULE,
    keeps_nothing::RULE,
    operator_new::RULE,
    kept_apart::RULE,
    kept_by::RULE,
    thing_state::RULE,
    serials_counted::RULE,
    keep_is_over::RULE,
    lines_balance::RULE,
    account_empty::RULE,
    account_free::RULE,
    lines_postable::RULE,
];

/// Whether a place holds what was counted: notes by denomination, or numbers.
pub fn agrees(state: &OfficeState, place: &str, counted: Option<&Value>) -> bool {
    match counted {
        Some(Value::Serials(_)) => {
            serials_counted::ordered(counted) == serials_counted::held(state, place)
        }
        Some(counted) => *counted == cash_counted::held(state, place),
        None => {
            state.custody.cash(place).next().is_none() && state.custody.kinds_at(place).is_empty()
        }
    }
}

pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}

/// Judges one check of a step.
pub fn judge(
    doing: &Doing<'_>,
    book: &Book,
    state: &OfficeState,
    check: &Check,
) -> Result<(), Refusal> {
    let rule = find(&check.rule).expect("the rulebook names rules that there are");
    (rule.judge)(&Case { doing, book, state, check })
}
