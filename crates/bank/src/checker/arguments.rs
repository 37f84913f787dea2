//! Arguments of checks and acts are of the kind that they are asked to be; codes that stand there
//! as text are those of things that the rulebook has.

use super::Found;
use crate::office::definition::{FieldKind, Source};
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
    Anything,
}

fn wants(name: &str) -> Wants {
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
        for act in step.acts.iter().filter(|act| act.verb != "open_matter") {
            // A new operator's number is text until there is one.
            let mut args = act.args.clone();
            if act.verb == "enrol" {
                args.remove("operator");
            }
            check_args(rulebook, &act.verb, &args, found);
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
        if !fits(rulebook, found, wants(name), source) {
            let zh = format!("{of} 的参数 {name} 类型不符");
            let en = format!("argument `{name}` of `{of}` is of another kind");
            found.add("WrongArgument", (zh, en), Vec::new());
        }
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
                Wants::Anything => true,
            }
        }
        Source::Literal(text) => match wants {
            Wants::Post => office.posts.contains_key(text),
            Wants::Anything => true,
            Wants::Date => text.parse::<ledger::Day>().is_ok(),
            _ => false,
        },
        Source::Today => matches!(wants, Wants::Date | Wants::Anything),
        Source::Operator => matches!(wants, Wants::Operator | Wants::Anything),
        Source::Institution => matches!(wants, Wants::Institution | Wants::Anything),
        Source::OwnBox => matches!(wants, Wants::Place | Wants::Anything),
        Source::Number => wants == Wants::Anything,
    }
}
