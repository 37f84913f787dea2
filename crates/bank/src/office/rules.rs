//! Judgements (判断): what a matter's `check` names by code, one file each. A judgement says yes or
//! refuses; it sees the facts of now, so that an approval judges anew.

mod accounts;
mod cash;
mod dates_in_order;
mod different;
mod equal;
mod given;
mod not_ahead;
mod not_past;
mod operator_active;
mod operator_new;
mod parameter_fits;
mod period_within;
mod posts_compatible;
mod rulebook_passes;
mod stock;
mod things;
mod value_is;
mod within_bounds;
mod within_working_days;

use super::OfficeState;
use super::definition::{Check, FieldKind, Source};
use super::effect::{self, Doing};
use super::value::Value;
use custody::Serial;
use ledger::book::Book;
use ledger::{Refusal, money};
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

    /// An argument as people read it: money with its point.
    fn shown(&self, name: &str) -> String {
        let field = match self.check.args.get(name) {
            Some(Source::Field(at)) => &self.doing.matter.fields[*at].kind,
            _ => return self.text(name),
        };
        match (self.value(name), field) {
            (Some(Value::Money(minor)), FieldKind::Money(digits, _)) => {
                money::plain(i128::from(*minor), *digits)
            }
            _ => self.text(name),
        }
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
            Some(Source::Operator) => "by",
            Some(Source::Today) => "@today",
            _ => self.check.args.get_key_value(name).map_or("", |(key, _)| key.as_str()),
        }
    }

    /// The single things of an argument: a thing, or each number of serials.
    fn things(&self, name: &str) -> Result<Vec<Serial>, Refusal> {
        match self.value(name) {
            Some(value) => effect::things(value, self.field(name)),
            None => Ok(Vec::new()),
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
    cash::cash_within_limit::RULE,
    cash::cash_counted::RULE,
    cash::cash_whole_bundles::RULE,
    cash::cash_none::RULE,
    cash::cash_small::RULE,
    different::RULE,
    equal::RULE,
    given::RULE,
    dates_in_order::RULE,
    not_past::RULE,
    not_ahead::RULE,
    within_bounds::RULE,
    value_is::RULE,
    within_working_days::RULE,
    parameter_fits::RULE,
    posts_compatible::RULE,
    operator_active::RULE,
    rulebook_passes::RULE,
    period_within::RULE,
    things::keeps_nothing::RULE,
    operator_new::RULE,
    things::kept_apart::RULE,
    things::kept_by::RULE,
    cash::halves_apart::RULE,
    things::one_at_institution::RULE,
    things::held_here::RULE,
    things::mark_is::RULE,
    things::thing_state::RULE,
    stock::serials_counted::RULE,
    stock::serials_match::RULE,
    stock::stock_planned::RULE,
    stock::best_score::RULE,
    stock::serials_new::RULE,
    stock::pieces_as_asked::RULE,
    stock::whole_books::RULE,
    stock::place_kept_by::RULE,
    stock::same_institution::RULE,
    stock::serials_void::RULE,
    stock::account_vouchers_back::RULE,
    things::keep_is_over::RULE,
    accounts::lines_balance::RULE,
    accounts::account_empty::RULE,
    cash::cash_exchange::RULE,
    cash::cash_class::RULE,
    cash::cash_keeper::RULE,
    things::label_agrees::RULE,
    accounts::account_free::RULE,
    accounts::lines_postable::RULE,
];

/// Whether a place holds what was counted: notes by denomination, or numbers of the kinds that the
/// field takes. Nothing written means that nothing was there.
pub fn agrees(
    state: &OfficeState,
    place: &str,
    (kind, counted): (&FieldKind, Option<&Value>),
) -> bool {
    match kind {
        FieldKind::Serials(kinds) => {
            stock::serials_counted::ordered(counted)
                == stock::serials_counted::held(state, place, kinds)
        }
        _ => {
            let counted = counted.cloned().unwrap_or(Value::Notes(Vec::new()));
            counted == cash::cash_counted::held(state, place)
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
