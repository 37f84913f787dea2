//! The ways that a matter can go: how its conditions turn out, and the steps that follow from it.
//!
//! A field keeps its value once it is given, so its conditions turn out once. What is looked up
//! anew each time, cash at a place or a dated number, may turn out otherwise at the next step.

use crate::office::definition::{Computed, FieldKind, Matter, Target, Test, When};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// More ways than this are not walked one by one.
pub(super) const WAYS_MAX: usize = 16_384;

/// What is asked: a field, the bound that it is held against, and the step, if the answer may be
/// another at the next one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    field: usize,
    bound: String,
    step: Option<usize>,
}

/// One way for a matter to go.
#[derive(Clone, Debug)]
pub(super) struct Way<'a> {
    matter: &'a Matter,
    choices: BTreeMap<Asked, String>,
    /// The steps in order.
    pub path: Vec<usize>,
    pub ends: Ends,
}

/// Whether a way ends, or turns for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    Yes,
    Turns,
}

/// All ways of a matter, or none if there are too many to walk. A text that is none of those asked
/// for stands for all others.
pub(super) fn ways(matter: &Matter) -> Option<Vec<Way<'_>>> {
    let mut asked: BTreeMap<Asked, BTreeSet<String>> = BTreeMap::new();
    for (step, when) in conditions(matter) {
        let values = match &when.test {
            Test::Is(is) => is.clone(),
            Test::AtLeast(_) | Test::Below(_) => vec!["yes".to_owned(), "no".to_owned()],
        };
        asked.entry(asking(matter, step, when)).or_default().extend(values);
    }
    let mut all = vec![BTreeMap::new()];
    for (asked, is) in asked {
        let values = answers(matter, &asked, is);
        if all.len() * values.len() > WAYS_MAX {
            return None;
        }
        let longer = all.iter().flat_map(|choices| {
            values.iter().map(|value| {
                let mut choices = choices.clone();
                choices.insert(asked.clone(), value.clone());
                choices
            })
        });
        all = longer.filter(is_possible).collect();
    }
    let ways = all.into_iter().map(|choices| {
        let mut way = Way { matter, choices, path: vec![0], ends: Ends::Yes };
        way.walk();
        way
    });
    Some(ways.collect())
}

/// Every condition with its step.
fn conditions(matter: &Matter) -> Vec<(usize, &When)> {
    let mut all = Vec::new();
    for (at, step) in matter.steps.iter().enumerate() {
        let hands = step.hands.iter().map(|one| &one.when);
        let checks = step.checks.iter().map(|one| &one.when);
        let moves = step.moves.iter().map(|one| &one.when);
        let posts = step.posts.iter().map(|one| &one.when);
        let acts = step.acts.iter().map(|one| &one.when);
        let go = step.go.iter().map(|one| &one.when);
        let whens = hands.chain(checks).chain(moves).chain(posts).chain(acts).chain(go);
        all.extend(whens.flatten().map(|when| (at, when)));
    }
    all
}

fn asking(matter: &Matter, step: usize, when: &When) -> Asked {
    let bound = match &when.test {
        Test::Is(_) => String::new(),
        Test::AtLeast(bound) | Test::Below(bound) => bound.clone(),
    };
    let looked_up = match &matter.fields[when.field].computed {
        Some(
            Computed::Booked(_)
            | Computed::Agrees { .. }
            | Computed::Priced(..)
            | Computed::Number(_),
        ) => true,
        // Serials are worth what the numbers of the day say.
        Some(Computed::Face(of)) => matches!(matter.fields[*of].kind, FieldKind::Serials(_)),
        _ => false,
    };
    let dated = !bound.is_empty() && bound.parse::<Decimal>().is_err();
    Asked { field: when.field, bound, step: (looked_up || dated).then_some(step) }
}

/// How a question can be answered.
fn answers(matter: &Matter, asked: &Asked, is: BTreeSet<String>) -> Vec<String> {
    let field = &matter.fields[asked.field];
    match &field.kind {
        FieldKind::Choice(choices) if asked.bound.is_empty() => {
            let mut codes: Vec<String> = choices.iter().map(|(code, _)| code.clone()).collect();
            if field.optional {
                codes.push(String::new());
            }
            codes
        }
        _ if asked.bound.is_empty() => {
            let other = if is.contains("") { "…" } else { "" };
            is.into_iter().chain([other.to_owned()]).collect()
        }
        _ => {
            let bound = asked.bound.parse::<Decimal>().ok();
            let over = |max: Decimal| bound.is_some_and(|bound| max < bound);
            let reached = |min: Decimal| bound.is_some_and(|bound| min >= bound);
            match (field.min, field.max) {
                (_, Some(max)) if over(max) => vec!["no".to_owned()],
                (Some(min), _) if reached(min) && !field.optional => vec!["yes".to_owned()],
                _ => is.into_iter().collect(),
            }
        }
    }
}

/// Whether an amount that reaches a bound reaches the smaller ones too.
fn is_possible(choices: &BTreeMap<Asked, String>) -> bool {
    let bounds = || {
        choices.iter().filter_map(|(asked, value)| {
            let bound: Decimal = asked.bound.parse().ok()?;
            Some((asked, bound, value == "yes"))
        })
    };
    bounds().filter(|(.., reached)| *reached).all(|(asked, bound, _)| {
        bounds().all(|(other, smaller, reached)| {
            let same = other.field == asked.field && other.step == asked.step;
            !same || smaller > bound || reached
        })
    })
}

impl Way<'_> {
    fn walk(&mut self) {
        loop {
            let at = *self.path.last().expect("it begins with a step");
            let go = self.matter.steps[at].go.iter();
            let mut open = go.filter(|go| self.holds(self.path.len(), go.when.as_ref()));
            let to = match open.next() {
                Some(go) => go.to,
                None if at + 1 < self.matter.steps.len() => Target::Step(at + 1),
                None => Target::End(0),
            };
            match to {
                Target::End(_) => return,
                Target::Step(next) if self.path.contains(&next) => {
                    self.ends = Ends::Turns;
                    return;
                }
                Target::Step(next) => self.path.push(next),
            }
        }
    }

    /// Whether a condition holds at the step that is the way's `passed`th. A field that nobody has
    /// given by then is empty and reaches no bound.
    pub fn holds(&self, passed: usize, when: Option<&When>) -> bool {
        let Some(when) = when else { return true };
        let step = self.path[passed - 1];
        if !self.is_given(passed, when.field) {
            return match &when.test {
                Test::Is(is) => is.iter().any(String::is_empty),
                Test::AtLeast(_) => false,
                Test::Below(_) => true,
            };
        }
        let value = self.choices.get(&asking(self.matter, step, when));
        value.is_none_or(|value| match &when.test {
            Test::Is(is) => is.contains(value),
            Test::AtLeast(_) => value == "yes",
            Test::Below(_) => value == "no",
        })
    }

    /// Whether a field has been given, or can be computed, once so many steps were taken.
    pub fn is_given(&self, passed: usize, field: usize) -> bool {
        let filled = |at: usize| {
            let filled = self.matter.fields[at].filled_at;
            filled.is_some_and(|step| self.path[..passed].contains(&step))
        };
        sources(self.matter, field).into_iter().all(filled)
    }

    /// Whether a field is given only after so many steps.
    pub fn is_given_later(&self, passed: usize, field: usize) -> bool {
        !self.is_given(passed, field) && self.is_given(self.path.len(), field)
    }

    /// How the way is told: the choices that it rests on.
    pub fn told(&self) -> Vec<String> {
        let choices = self.choices.iter().map(|(asked, value)| {
            let Asked { field, bound, step } = asked;
            let value = if value.is_empty() { "…" } else { value };
            let reaches = if bound.is_empty() { String::new() } else { format!("≥{bound}") };
            let at = step.map(|step| format!("@{}", self.matter.steps[step].name));
            let name = &self.matter.fields[*field].name;
            format!("{name}{}{reaches}={value}", at.unwrap_or_default())
        });
        choices.collect()
    }
}

/// The fields that people give for a field: itself, or those that it is computed from.
fn sources(matter: &Matter, field: usize) -> Vec<usize> {
    match &matter.fields[field].computed {
        None => vec![field],
        Some(
            Computed::Face(of)
            | Computed::Priced(of, _)
            | Computed::Column { rows: of, .. }
            | Computed::RowsAt { rows: of, .. }
            | Computed::Pieces(of)
            | Computed::EntryAmount(of)
            | Computed::Number(of),
        ) => vec![*of],
        Some(Computed::Booked(place)) => vec![*place],
        // Without a count, a place agrees if it is empty.
        Some(Computed::Agrees { place, counted }) => {
            let counted = Some(*counted).filter(|at| !matter.fields[*at].optional);
            std::iter::once(*place).chain(counted).collect()
        }
        Some(Computed::Keep { class, ends }) => vec![*class, *ends],
    }
}

/// Fields of the conditions that a step asks, for what must be given by then; not of those that ask
/// whether it is given at all.
pub(super) fn asked_at(matter: &Matter, step: usize) -> Vec<usize> {
    let all = conditions(matter).into_iter().filter(|(at, _)| *at == step);
    let asked = all.filter(|(_, when)| match &when.test {
        Test::Is(is) => !is.iter().any(String::is_empty),
        Test::AtLeast(_) | Test::Below(_) => true,
    });
    asked.map(|(_, when)| when.field).collect()
}
