//! Arguments of checks and acts are of the kind that they are asked to be; codes that stand there
//! as text are those of things that the rulebook has.

use super::Found;
use crate::office::definition::{Acting, Field, FieldKind, Matter, Source, Test, When};
use crate::office::value;
use crate::rulebook::Rulebook;
use std::collections::BTreeMap;

/// What an argument of this name must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wants {
    Operator,
    Institution,
    Post,
    Place,
    Thing,
    Notes,
    Rows,
    Account,
    Date,
    /// One of these words, or a choice among them.
    Word(&'static [&'static str]),
    /// The code of a kind of place, of the bank's account, of a number.
    KindOfPlace,
    KindOfAccount,
    Number,
    Anything,
}

fn wants(of: &str, name: &str) -> Wants {
    match (of, name) {
        ("set_standing", "to") => return Wants::Word(&["active", "locked", "stopped"]),
        ("correct", "class") => {
            return Wants::Word(&["system", "operator", "customer", "other"]);
        }
        ("open_place", "kind") => return Wants::KindOfPlace,
        ("open_account", "kind") => return Wants::KindOfAccount,
        ("set_number", "code") => return Wants::Number,
        _ => {}
    }
    match name {
        "operator" | "keeper" | "deputy" => Wants::Operator,
        "institution" => Wants::Institution,
        "post" => Wants::Post,
        "place" => Wants::Place,
        "thing" => Wants::Thing,
        "notes" => Wants::Notes,
        "rows" | "files" => Wants::Rows,
        "account" => Wants::Account,
        "from" | "until" | "date" | "since" => Wants::Date,
        _ => Wants::Anything,
    }
}

pub(super) fn check(rulebook: &Rulebook, found: &mut Found<'_>) {
    let matter = found.matter;
    for step in &matter.steps {
        for check in &step.checks {
            check_args(rulebook, &check.rule, &check.args, found);
        }
        for act in &step.acts {
            match act.verb.as_str() {
                "open_matter" => check_opened(rulebook, act, found),
                "post_rows" => check_rows(act, "rows", ROWS, found),
                "amend_rulebook" => check_rows(act, "files", FILES, found),
                // A new operator's number is text until there is one.
                "enrol" => {
                    let mut args = act.args.clone();
                    args.remove("operator");
                    check_args(rulebook, &act.verb, &args, found);
                }
                verb => check_args(rulebook, verb, &act.args, found),
            }
        }
    }
}

fn check_args(
    rulebook: &Rulebook,
    of: &str,
    args: &BTreeMap<String, Source>,
    found: &mut Found<'_>,
) {
    for (name, source) in args {
        if !fits(rulebook, found, wants(of, name), source) {
            wrong(of, name, found);
        }
    }
}

fn wrong(of: &str, name: &str, found: &mut Found<'_>) {
    let zh = format!("{of} 的参数 {name} 类型不符");
    let en = format!("argument `{name}` of `{of}` is of another kind");
    found.add("WrongArgument", (zh, en), Vec::new());
}

/// What a matter is opened with are fields that it has and that people give.
fn check_opened(rulebook: &Rulebook, act: &Acting, found: &mut Found<'_>) {
    let Some(Source::Literal(code)) = act.args.get("code") else {
        return wrong("open_matter", "code", found);
    };
    let Some(opened) = rulebook.office.matters.get(code) else { return };
    for (name, source) in act.args.iter().filter(|(name, _)| *name != "code") {
        let field = opened.field(name).map(|at| &opened.fields[at]);
        let field = field.filter(|field| field.computed.is_none());
        let fits = field.is_some_and(|field| match source {
            Source::Field(at) => same_kind(&told(found.matter, act, *at), &field.kind),
            Source::Literal(text) => {
                value::read(field, name, &text.as_str().into(), &rulebook.office).is_ok()
            }
            _ => true,
        });
        if !fits {
            wrong("open_matter", name, found);
        }
    }
}

/// The kind of a field, with those of its choices for which the act is done.
fn told(matter: &Matter, act: &Acting, field: usize) -> FieldKind {
    match (&matter.fields[field].kind, &act.when) {
        (FieldKind::Choice(choices), Some(When { field: asked, test: Test::Is(is) }))
            if *asked == field =>
        {
            let told = choices.iter().filter(|(code, _)| is.contains(code));
            FieldKind::Choice(told.cloned().collect())
        }
        (kind, _) => kind.clone(),
    }
}

/// Whether a value of one kind is a value of the other: what they may be of is looked at when the
/// other matter is taken up.
fn same_kind(from: &FieldKind, to: &FieldKind) -> bool {
    match (from, to) {
        (FieldKind::Money(_, one), FieldKind::Money(_, other)) => one == other,
        (FieldKind::Choice(one), FieldKind::Choice(other)) => {
            one.iter().all(|(code, _)| other.iter().any(|(known, _)| known == code))
        }
        (FieldKind::Text | FieldKind::Document | FieldKind::Party, to) => {
            matches!(to, FieldKind::Text | FieldKind::Document | FieldKind::Party)
        }
        (from, to) => std::mem::discriminant(from) == std::mem::discriminant(to),
    }
}

/// A column that rows must have, and whether a kind of field will do.
type Column = (&'static str, fn(&FieldKind) -> bool);

/// 手工凭证.
const ROWS: &[Column] = &[
    ("account", |kind| *kind == FieldKind::Account),
    ("side", |kind| {
        matches!(kind, FieldKind::Choice(choices)
            if choices.iter().all(|(code, _)| code == "debit" || code == "credit"))
    }),
    ("amount", |kind| matches!(kind, FieldKind::Money(..))),
];

const FILES: &[Column] =
    &[("path", |kind| *kind == FieldKind::Text), ("text", |kind| *kind == FieldKind::Text)];

fn check_rows(act: &Acting, name: &str, columns: &[Column], found: &mut Found<'_>) {
    let rows: &[Field] = match act.args.get(name) {
        Some(Source::Field(at)) => match &found.matter.fields[*at].kind {
            FieldKind::Rows(rows) => rows,
            _ => &[],
        },
        _ => &[],
    };
    let has = |(name, fits): &Column| rows.iter().any(|one| one.name == *name && fits(&one.kind));
    if !columns.iter().all(has) {
        wrong(&act.verb, name, found);
    }
}

fn fits(rulebook: &Rulebook, found: &Found<'_>, wants: Wants, source: &Source) -> bool {
    let office = &rulebook.office;
    match source {
        Source::Field(at) => {
            let kind = &found.matter.fields[*at].kind;
            match wants {
                Wants::Operator => *kind == FieldKind::Operator,
                Wants::Institution => *kind == FieldKind::Institution,
                Wants::Post => *kind == FieldKind::Post,
                Wants::Place => matches!(kind, FieldKind::Place(_)),
                Wants::Thing => matches!(kind, FieldKind::Thing(_) | FieldKind::Serials(_)),
                Wants::Notes => *kind == FieldKind::Notes,
                Wants::Rows => matches!(kind, FieldKind::Rows(_)),
                Wants::Account => *kind == FieldKind::Account,
                Wants::Date => *kind == FieldKind::Date,
                Wants::Word(words) => matches!(kind, FieldKind::Choice(choices)
                    if choices.iter().all(|(code, _)| words.contains(&code.as_str()))),
                Wants::KindOfPlace => matches!(kind, FieldKind::Text | FieldKind::Choice(_)),
                Wants::KindOfAccount => {
                    matches!(kind, FieldKind::AccountKind | FieldKind::Choice(_))
                }
                Wants::Number => *kind == FieldKind::Number,
                Wants::Anything => true,
            }
        }
        Source::Literal(text) => match wants {
            Wants::Post => office.posts.contains_key(text),
            Wants::Anything => true,
            Wants::Date => text.parse::<ledger::Day>().is_ok(),
            Wants::Word(words) => words.contains(&text.as_str()),
            Wants::KindOfPlace => office.places.contains_key(text) && text != "transit",
            Wants::KindOfAccount => {
                let mut kinds = rulebook.chart.kinds.iter();
                kinds.any(|kind| kind.internal && *kind.code == **text)
            }
            Wants::Number => rulebook.numbers.contains_key(text),
            _ => false,
        },
        Source::Today => matches!(wants, Wants::Date | Wants::Anything),
        Source::Operator => matches!(wants, Wants::Operator | Wants::Anything),
        Source::Institution => matches!(wants, Wants::Institution | Wants::Anything),
        Source::OwnBox => matches!(wants, Wants::Place | Wants::Anything),
        Source::Number => wants == Wants::Anything,
    }
}
