//! VOU-002 号段清点与账面一致: the numbers counted are those of the books.
//!
//! Why: count the things first, then compare: every number is somewhere.
//! Source: handbook 4.1 (VAULT)

use crate::office::definition::{FieldKind, Source};
use crate::office::refusal;
use crate::office::rules::{Case, OfficeState, Rule};
use crate::office::value::Value;
use custody::Range;
use ledger::Refusal;

pub const RULE: Rule = Rule {
    code: "VOU-002",
    args: &["place", "counted"],
    optional: &[],
    zh: "号段清点与账面一致",
    en: "the numbers counted are those of the books",
    judge,
};

fn judge(case: &Case<'_>) -> Result<(), Refusal> {
    let kinds = match case.check.args.get("counted") {
        Some(Source::Field(at)) => match &case.doing.matter.fields[*at].kind {
            FieldKind::Serials(kinds) => kinds.as_slice(),
            _ => &[],
        },
        _ => &[],
    };
    let booked = held(case.state, &case.text("place"), kinds);
    let counted = ordered(case.value("counted"));
    if counted == booked {
        return Ok(());
    }
    let text = |ranges: Vec<Range>| match ranges.is_empty() {
        true => "0".to_owned(),
        false => Value::Serials(ranges).text(),
    };
    Err(refusal::count_differs(case.field("counted"), &text(counted), &text(booked)))
}

/// Numbers of some kinds, or of all if none is named, that a place holds, whatever their condition.
pub(in crate::office::rules) fn held(
    state: &OfficeState,
    place: &str,
    kinds: &[String],
) -> Vec<Range> {
    let mut booked = Vec::new();
    let wanted = |kind: &String| kinds.is_empty() || kinds.contains(kind);
    for kind in state.custody.kinds_at(place).into_iter().filter(wanted) {
        for (range, _) in state.custody.stock(place, &kind) {
            joined(&mut booked, range);
        }
    }
    booked.sort_by(|a, b| key(a).cmp(&key(b)));
    booked
}

/// Numbers as they were counted, neighbours joined.
pub(in crate::office::rules) fn ordered(counted: Option<&Value>) -> Vec<Range> {
    let mut ranges = match counted {
        Some(Value::Serials(ranges)) => ranges.clone(),
        _ => Vec::new(),
    };
    ranges.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut counted = Vec::new();
    ranges.into_iter().for_each(|range| joined(&mut counted, range));
    counted
}

fn key(range: &Range) -> (&str, &str, u64) {
    (&range.kind, &range.prefix, range.from)
}

/// Adds a range, as one with its neighbour: good and void numbers are counted alike.
fn joined(ranges: &mut Vec<Range>, next: Range) {
    match ranges.last_mut() {
        Some(last)
            if (&last.kind, &last.prefix) == (&next.kind, &next.prefix)
                && last.to.checked_add(1) == Some(next.from) =>
        {
            last.to = next.to;
        }
        _ => ranges.push(next),
    }
}
