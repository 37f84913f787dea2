//! 一人不得包办: no operator whom the posts allow carries a matter that moves money or things from
//! start to end alone.
//!
//! For every way that a matter can go, one person is given every hand on it: each hand's post, or
//! any of its bands, or the post that may act once time is over, as long as all posts may be held
//! together; a second hand only where the file allows it. If the end is reached, that is the path
//! that breaks the rule. What is proved is the way from start to end: a step that has its effects
//! before the second person acts is the file's own decision.

use super::Found;
use super::way::{Ends, Way};
use crate::office::definition::{FieldKind, Hand, Matter, Mode, Office, Step};
use crate::rulebook::Rulebook;
use std::collections::BTreeSet;

pub(super) fn check(rulebook: &Rulebook, ways: &[Way<'_>], found: &mut Found<'_>) {
    let matter = found.matter;
    if matter.alone.is_some() {
        return;
    }
    for way in ways {
        let mut steps = way.path.iter().zip(1..);
        let moves = steps.any(|(step, passed)| has_effects(&matter.steps[*step], way, passed));
        if way.ends == Ends::Turns || !moves {
            continue;
        }
        let walking = Walking { office: &rulebook.office, matter, way };
        let person = Person { posts: BTreeSet::new(), hands: 0 };
        if let Some(carried) = walking.carry(0, &person) {
            let zh = "一人可从头办到尾".to_owned();
            let en = "one person can carry it from start to end alone".to_owned();
            let path = way.told().into_iter().chain(carried).collect();
            found.add("OneAlone", (zh, en), path);
            return;
        }
    }
}

fn has_effects(step: &Step, way: &Way<'_>, passed: usize) -> bool {
    step.moves.iter().any(|one| way.holds(passed, one.when.as_ref()))
        || step.posts.iter().any(|one| way.holds(passed, one.when.as_ref()))
        || step.acts.iter().any(|one| way.holds(passed, one.when.as_ref()))
}

/// Somebody who tries to do everything.
#[derive(Clone, Debug)]
struct Person<'a> {
    posts: BTreeSet<&'a str>,
    hands: usize,
}

/// The way that somebody tries.
struct Walking<'a> {
    office: &'a Office,
    matter: &'a Matter,
    way: &'a Way<'a>,
}

impl<'a> Walking<'a> {
    /// The rest of the path, told, if the person reaches the end from here.
    fn carry(&self, at: usize, person: &Person<'a>) -> Option<Vec<String>> {
        let Some(step) = self.way.path.get(at) else { return Some(Vec::new()) };
        let step = &self.matter.steps[*step];
        for (person, label) in self.after(step, at + 1, person) {
            if let Some(mut told) = self.carry(at + 1, &person) {
                told.insert(0, format!("{}({label})", step.name));
                return Some(told);
            }
        }
        None
    }

    /// Every way in which the person can give all hands that the step needs.
    fn after(
        &self,
        step: &'a Step,
        passed: usize,
        person: &Person<'a>,
    ) -> Vec<(Person<'a>, String)> {
        let hands = step.hands.iter().filter(|hand| self.way.holds(passed, hand.when.as_ref()));
        let hands: Vec<&Hand> = hands.collect();
        let any = || hands.iter().flat_map(|hand| self.give(step, person, hand)).collect();
        match step.mode {
            // One hand is enough, however many may be given.
            Mode::Any => any(),
            // Whatever the file allows, two hands of one step are two people.
            Mode::Vote if step.votes > 1 => Vec::new(),
            Mode::Vote => any(),
            Mode::All | Mode::Sequence => match hands.as_slice() {
                [] => vec![(person.clone(), String::new())],
                [hand] if self.people(hand) == 1 => self.give(step, person, hand),
                _ => Vec::new(),
            },
        }
    }

    /// How many people a hand needs at least.
    fn people(&self, hand: &Hand) -> u64 {
        let Some(who) = hand.who else { return u64::from(hand.count) };
        let field = &self.matter.fields[who];
        let least = field.min.and_then(|min| u64::try_from(min).ok()).unwrap_or(1);
        if field.kind == FieldKind::Operators { least } else { 1 }
    }

    /// The person after one hand more, for each post that it may be given by.
    fn give(
        &self,
        step: &'a Step,
        person: &Person<'a>,
        hand: &'a Hand,
    ) -> Vec<(Person<'a>, String)> {
        if person.hands > 0 && hand.may_repeat.is_none() {
            return Vec::new();
        }
        let bands = hand.bands.iter().map(|band| (band.post.as_deref(), ""));
        let escalated = step.escalate.as_deref().filter(|_| step.within.is_some());
        let escalated = escalated.map(|post| (Some(post), " late"));
        let given = bands.chain(escalated).filter_map(|(post, late)| {
            let mut next = person.clone();
            next.hands += 1;
            if let Some(post) = post {
                if self.is_apart(post, &next) {
                    return None;
                }
                next.posts.insert(post);
            }
            let role = format!("{:?}", hand.role).to_lowercase();
            Some((next, format!("{role}: {}{late}", post.unwrap_or("*"))))
        });
        given.collect()
    }

    /// Whether the person holds a post that keeps them from this one.
    fn is_apart(&self, post: &str, person: &Person<'_>) -> bool {
        let mut rows = self.office.apart.iter();
        rows.any(|apart| {
            let named = |code: &str| apart.posts.iter().any(|known| known == code);
            named(post) && person.posts.iter().any(|held| *held != post && named(held))
        })
    }
}
