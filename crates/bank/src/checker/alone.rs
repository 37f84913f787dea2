//! 一人不得包办: no operator whom the posts allow carries a matter that moves money or things from
//! start to end alone.
//!
//! For every way that a matter can go, one person is given every hand on it: each hand's post, or
//! any of its bands, as long as all posts may be held together; a second hand only where the file
//! allows it. If the end is reached, that is the path that breaks the rule.

use super::{Choices, Ends, Found, holds, told, walk, ways};
use crate::office::definition::{Hand, Matter, Mode, Office, Step};
use crate::rulebook::Rulebook;
use std::collections::BTreeSet;

pub(super) fn check(rulebook: &Rulebook, found: &mut Found<'_>) {
    let matter = found.matter;
    if matter.alone.is_some() {
        return;
    }
    for way in ways(matter) {
        let (path, ends) = walk(matter, &way);
        let moves = path.iter().any(|step| has_effects(matter, *step, &way));
        if ends == Ends::Turns || !moves {
            continue;
        }
        let person = Person { posts: BTreeSet::new(), hands: 0 };
        if let Some(told_path) = carry(&rulebook.office, matter, &way, &path, person) {
            let zh = "一人可从头办到尾".to_owned();
            let en = "one person can carry it from start to end alone".to_owned();
            let told_path = told(matter, &way).into_iter().chain(told_path).collect();
            found.add("OneAlone", (zh, en), told_path);
            return;
        }
    }
}

fn has_effects(matter: &Matter, step: usize, way: &Choices) -> bool {
    let step = &matter.steps[step];
    step.moves.iter().any(|one| holds(way, one.when.as_ref()))
        || step.posts.iter().any(|one| holds(way, one.when.as_ref()))
        || step.acts.iter().any(|one| holds(way, one.when.as_ref()))
}

/// Somebody who tries to do everything.
#[derive(Clone, Debug)]
struct Person<'a> {
    posts: BTreeSet<&'a str>,
    hands: usize,
}

/// The path along which the person reaches the end, if there is one.
fn carry<'a>(
    office: &Office,
    matter: &'a Matter,
    way: &Choices,
    path: &[usize],
    person: Person<'a>,
) -> Option<Vec<String>> {
    let Some((first, rest)) = path.split_first() else { return Some(Vec::new()) };
    let step = &matter.steps[*first];
    for (person, label) in after(office, step, way, person) {
        if let Some(mut told) = carry(office, matter, way, rest, person) {
            told.insert(0, format!("{}({label})", step.name));
            return Some(told);
        }
    }
    None
}

/// Every way in which the person can give all hands that the step needs.
fn after<'a>(
    office: &Office,
    step: &'a Step,
    way: &Choices,
    person: Person<'a>,
) -> Vec<(Person<'a>, String)> {
    let hands: Vec<&Hand> =
        step.hands.iter().filter(|hand| holds(way, hand.when.as_ref())).collect();
    match step.mode {
        Mode::Any => hands.iter().flat_map(|hand| give(office, &person, hand, 1)).collect(),
        Mode::Vote if step.votes > 1 => Vec::new(),
        Mode::Vote => hands.iter().flat_map(|hand| give(office, &person, hand, 1)).collect(),
        Mode::All | Mode::Sequence => {
            let mut persons = vec![(person, String::new())];
            for hand in hands {
                let given = persons.iter().flat_map(|(person, before)| {
                    let given = give(office, person, hand, hand.count);
                    given.into_iter().map(move |(person, label)| {
                        let comma = if before.is_empty() { "" } else { ", " };
                        (person, format!("{before}{comma}{label}"))
                    })
                });
                persons = given.collect();
            }
            persons
        }
    }
}

/// The person after one hand more, for each band that it may be given by.
fn give<'a>(
    office: &Office,
    person: &Person<'a>,
    hand: &'a Hand,
    count: u16,
) -> Vec<(Person<'a>, String)> {
    if count > 1 || person.hands > 0 && hand.may_repeat.is_none() {
        return Vec::new();
    }
    let mut given = Vec::with_capacity(hand.bands.len());
    for band in &hand.bands {
        let mut next = person.clone();
        next.hands += 1;
        let label = match &band.post {
            Some(post) => {
                let apart = office.apart.iter().any(|apart| {
                    let one = |code: &str| apart.posts.iter().any(|known| known == code);
                    one(post) && next.posts.iter().any(|held| *held != post && one(held))
                });
                if apart {
                    continue;
                }
                next.posts.insert(post);
                post.clone()
            }
            None => "*".to_owned(),
        };
        given.push((next, format!("{:?}: {label}", hand.role).to_lowercase()));
    }
    given
}
