//! Judgements (判断): what a matter's `check` names by code, one file each. A judgement says yes or
//! refuses; it sees the facts of now, so that an approval judges anew.

mod account_empty;
mod account_free;
mod account_vouchers_back;
mod best_score;
mod cash_class;
mod cash_counted;
mod cash_exchange;
mod cash_keeper;
mod cash_none;
mod cash_small;
mod cash_whole_bundles;
mod cash_within_limit;
mod dates_in_order;
mod different;
mod equal;
mod given;
mod halves_apart;
mod held_here;
mod keep_is_over;
mod keeps_nothing;
mod kept_apart;
mod kept_by;
mod label_agrees;
mod lines_balance;
mod lines_postable;
mod mark_is;
mod not_ahead;
mod not_past;
mod one_at_institution;
mod operator_active;
mod operator_new;
mod parameter_fits;
mod period_within;
mod pieces_as_asked;
mod place_kept_by;
mod posts_compatible;
mod rulebook_passes;
mod same_institution;
mod serials_counted;
mod serials_match;
mod serials_new;
mod serials_void;
mod stock_planned;
mod thing_state;
mod value_is;
mod whole_books;
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
    cash_within_limit::RULE,
    cash_counted::RULE,
    cash_whole_bundles::RULE,
    cash_none::RULE,
    cash_small::RULE,
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
    keeps_nothing::RULE,
    operator_new::RULE,
    kept_apart::RULE,
    kept_by::RULE,
    halves_apart::RULE,
    one_at_institution::RULE,
    held_here::RULE,
    mark_is::RULE,
    thing_state::RULE,
    serials_counted::RULE,
    serials_match::RULE,
    stock_planned::RULE,
    best_score::RULE,
    serials_new::RULE,
    pieces_as_asked::RULE,
    whole_books::RULE,
    place_kept_by::RULE,
    same_institution::RULE,
    serials_void::RULE,
    account_vouchers_back::RULE,
    keep_is_over::RULE,
    lines_balance::RULE,
    account_empty::RULE,
    cash_exchange::RULE,
    cash_class::RULE,
    cash_keeper::RULE,
    label_agrees::RULE,
    account_free::RULE,
    lines_postable::RULE,
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
            serials_counted::ordered(counted) == serials_counted::held(state, place, kinds)
        }
        _ => {
            let counted = counted.cloned().unwrap_or(Value::Notes(Vec::new()));
            counted == cash_counted::held(state, place)
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
