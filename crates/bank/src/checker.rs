//! The checker (规则检查): what a rulebook must be before it may come into force, beyond being
//! read. It walks every matter through everything that its conditions can be, and proves that
//! nobody whom the posts allow carries one that moves money or things from start to end alone.

mod alone;
mod arguments;
mod flow;
pub mod rights;

use crate::office::definition::{Field, FieldKind, Matter, Target, Test, When};
use crate::rulebook::Rulebook;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What is wrong with a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable: `OneAlone`, `DeadEnd`.
    pub code: &'static str,
    pub file: String,
    pub matter: String,
    pub zh: String,
    pub en: String,
    /// The path that shows it, step by step.
    pub path: Vec<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, file, matter, zh, en, path } = self;
        write!(f, "{file}: {code} {matter}: {zh} / {en}")?;
        if path.is_empty() { Ok(()) } else { write!(f, " [{}]", path.join(" → ")) }
    }
}

/// Everything that is wrong with a rulebook's matters; empty if it may come into force.
pub fn check(rulebook: &Rulebook) -> Vec<Finding> {
    let mut findings = Vec::new();
    for matter in rulebook.office.matters.values() {
        let mut found = Found { matter, findings: &mut findings };
        flow::check(rulebook, &mut found);
        arguments::check(rulebook, &mut found);
        alone::check(rulebook, &mut found);
    }
    findings
}

/// Collects the findings of a matter.
struct Found<'a> {
    matter: &'a Matter,
    findings: &'a mut Vec<Finding>,
}

impl Found<'_> {
    fn add(&mut self, code: &'static str, (zh, en): (String, String), path: Vec<String>) {
        let (file, matter) = (self.matter.file.clone(), self.matter.code.clone());
        let finding = Finding { code, file, matter, zh, en, path };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }
}

/// How conditions turn out: for a field the value that it stands at, and for a field with a bound
/// whether it reaches it. One of the ways a matter can go.
type Choices = BTreeMap<(usize, String), String>;

/// More ways than this are not walked one by one.
const WAYS_MAX: usize = 4_096;

/// All ways that the conditions of a matter can turn out. A text that is none of those asked for
/// stands for all others.
fn ways(matter: &Matter) -> Vec<Choices> {
    let mut asked: BTreeMap<(usize, String), BTreeSet<String>> = BTreeMap::new();
    for when in conditions(matter) {
        match &when.test {
            Test::Is(is) => {
                asked.entry((when.field, String::new())).or_default().extend(is.iter().cloned());
            }
            Test::AtLeast(bound) | Test::Below(bound) => {
                let both = ["yes".to_owned(), "no".to_owned()];
                asked.entry((when.field, bound.clone())).or_default().extend(both);
            }
        }
    }
    let mut ways = vec![Choices::new()];
    for ((field, bound), is) in asked {
        let values: Vec<String> = match &matter.fields[field].kind {
            FieldKind::Choice(choices) => {
                let mut codes: Vec<String> = choices.iter().map(|(code, _)| code.clone()).collect();
                if matter.fields[field].optional {
                    codes.push(String::new());
                }
                codes
            }
            _ if !bound.is_empty() => is.into_iter().collect(),
            _ => is.into_iter().chain([String::new()]).collect(),
        };
        if ways.len() * values.len() > WAYS_MAX {
            break;
        }
        let longer = ways.iter().flat_map(|way| {
            values.iter().map(|value| {
                let mut way = way.clone();
                way.insert((field, bound.clone()), value.clone());
                way
            })
        });
        ways = longer.collect();
    }
    ways
}

fn conditions(matter: &Matter) -> Vec<&When> {
    let mut all = Vec::new();
    for step in &matter.steps {
        all.extend(step.hands.iter().filter_map(|one| one.when.as_ref()));
        all.extend(step.moves.iter().filter_map(|one| one.when.as_ref()));
        all.extend(step.posts.iter().filter_map(|one| one.when.as_ref()));
        all.extend(step.acts.iter().filter_map(|one| one.when.as_ref()));
        all.extend(step.go.iter().filter_map(|one| one.when.as_ref()));
    }
    all
}

fn holds(way: &Choices, when: Option<&When>) -> bool {
    let Some(when) = when else { return true };
    let (bound, wanted): (&str, &dyn Fn(&String) -> bool) = match &when.test {
        Test::Is(is) => ("", &|value| is.contains(value)),
        Test::AtLeast(bound) => (bound, &|value| value == "yes"),
        Test::Below(bound) => (bound, &|value| value == "no"),
    };
    way.get(&(when.field, bound.to_owned())).is_none_or(wanted)
}

/// The steps of a way in order, and whether it comes to an end.
fn walk(matter: &Matter, way: &Choices) -> (Vec<usize>, Ends) {
    let mut path = vec![0];
    loop {
        let at = *path.last().expect("it begins with a step");
        let mut open = matter.steps[at].go.iter().filter(|go| holds(way, go.when.as_ref()));
        let to = match open.next() {
            Some(go) => go.to,
            None if at + 1 < matter.steps.len() => Target::Step(at + 1),
            None => Target::End(0),
        };
        match to {
            Target::End(_) => return (path, Ends::Yes),
            Target::Step(next) if path.contains(&next) => return (path, Ends::Turns),
            Target::Step(next) => path.push(next),
        }
    }
}

/// Whether a way ends, or turns for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    Yes,
    Turns,
}

/// How a way is told: the choices that it rests on.
fn told(matter: &Matter, way: &Choices) -> Vec<String> {
    let choices = way.iter().map(|((field, bound), value)| {
        let value = if value.is_empty() { "…" } else { value };
        let reaches = if bound.is_empty() { String::new() } else { format!("≥{bound}") };
        format!("{}{reaches}={value}", matter.fields[*field].name)
    });
    choices.collect()
}

fn names(matter: &Matter, path: &[usize]) -> Vec<String> {
    path.iter().map(|step| matter.steps[*step].name.clone()).collect()
}

fn is_place(field: &Field) -> Option<&[String]> {
    match &field.kind {
        FieldKind::Place(kinds) => Some(kinds),
        _ => None,
    }
}
