//! Every step is reached and has somebody to take it, every way ends, nothing stays on the road:
//! what leaves a place into transit has come out of it when the matter ends.

use super::way::{self, Ends, Way};
use super::{Found, is_place, names};
use crate::office::definition::{Booked, FieldKind, How, Mode, PlaceOf, Source, Step, Where};
use crate::rulebook::Rulebook;
use std::collections::BTreeSet;

pub(super) fn check(rulebook: &Rulebook, ways: &[Way<'_>], found: &mut Found<'_>) {
    let matter = found.matter;
    let mut reached = BTreeSet::new();
    for way in ways {
        reached.extend(way.path.iter().copied());
        if way.ends == Ends::Turns {
            let (zh, en) = ("步骤循环，没有结局", "the steps turn in a circle without an end");
            let shown = way.told().into_iter().chain(names(matter, &way.path)).collect();
            found.add("DeadEnd", (zh.to_owned(), en.to_owned()), shown);
            continue;
        }
        check_hands(way, found);
        check_transit(way, found);
        check_given(way, found);
    }
    for (at, step) in matter.steps.iter().enumerate() {
        if !reached.contains(&at) {
            let zh = format!("步骤 {} 走不到", step.name);
            let en = format!("step `{}` is never reached", step.name);
            found.add("Unreachable", (zh, en), Vec::new());
        }
    }
    check_booked(rulebook, found);
}

/// Somebody must be asked at every step, or the matter waits for ever.
fn check_hands(way: &Way<'_>, found: &mut Found<'_>) {
    let matter = found.matter;
    for (at, step) in way.path.iter().enumerate() {
        let name = &matter.steps[*step].name;
        let step = &matter.steps[*step];
        let hands = step.hands.iter().filter(|hand| way.holds(at + 1, hand.when.as_ref()));
        let people: u32 = hands.map(|hand| u32::from(hand.count)).sum();
        let shown = || way.told().into_iter().chain(names(matter, &way.path[..=at])).collect();
        if people == 0 {
            let zh = format!("步骤 {name} 没有人可以办理");
            let en = format!("nobody is asked at step `{name}`");
            found.add("DeadEnd", (zh, en), shown());
        } else if step.mode == Mode::Vote && people < u32::from(step.votes) {
            let zh = format!("步骤 {name} 须 {} 票，只有 {people} 人可投", step.votes);
            let en = format!("step `{name}` needs {} votes and asks {people} people", step.votes);
            found.add("VotesShort", (zh, en), shown());
        }
    }
}

/// What went into transit must have come out.
fn check_transit(way: &Way<'_>, found: &mut Found<'_>) {
    let matter = found.matter;
    let mut under_way: BTreeSet<usize> = BTreeSet::new();
    for (at, step) in way.path.iter().enumerate() {
        for moving in &matter.steps[*step].moves {
            if !way.holds(at + 1, moving.when.as_ref()) {
                continue;
            }
            let How::Pass { from, to, .. } = &moving.how else { continue };
            if *from == PlaceOf::Transit && !under_way.remove(&moving.what) {
                let name = &matter.fields[moving.what].name;
                let zh = format!("{name} 未发出就接收");
                let en = format!("`{name}` is received before it was sent");
                found.add("TransitEmpty", (zh, en), names(matter, &way.path));
            }
            if *to == PlaceOf::Transit {
                under_way.insert(moving.what);
            }
        }
    }
    if let Some(what) = under_way.first() {
        let name = &matter.fields[*what].name;
        let zh = format!("{name} 发出后未到达任何场所");
        let en = format!("`{name}` is sent and never received");
        found.add("TransitLeft", (zh, en), names(matter, &way.path));
    }
}

/// A field that a step uses was given by then. One that may be left out may be missing where it is
/// used, but nobody may use it first and give it later.
fn check_given(way: &Way<'_>, found: &mut Found<'_>) {
    let matter = found.matter;
    for (at, step) in way.path.iter().enumerate() {
        let (passed, name) = (at + 1, &matter.steps[*step].name);
        let asked = way::asked_at(matter, *step).into_iter();
        let late = asked.filter(|field| way.is_given_later(passed, *field));
        let used = used(way, passed, &matter.steps[*step]).into_iter();
        let missing = used.filter(|field| {
            let never = !matter.fields[*field].optional && !way.is_given(passed, *field);
            never || way.is_given_later(passed, *field)
        });
        for field in late.chain(missing) {
            let field = &matter.fields[field].name;
            let zh = format!("步骤 {name} 用到的要素 {field} 此前没有填写");
            let en = format!("step `{name}` uses `{field}`, which nobody gave before");
            found.add("FieldTooLate", (zh, en), names(matter, &way.path));
        }
    }
}

fn of_place(place: &PlaceOf) -> Option<usize> {
    match place {
        PlaceOf::Field(field) | PlaceOf::Customer(field) => Some(*field),
        _ => None,
    }
}

fn of_source(source: &Source) -> Option<usize> {
    match source {
        Source::Field(field) => Some(*field),
        _ => None,
    }
}

fn of_where(at: &Where) -> Option<usize> {
    match at {
        Where::Field(field) => Some(*field),
        _ => None,
    }
}

fn of_booked(booked: &Booked) -> Option<usize> {
    match booked {
        Booked::Field(field) => Some(*field),
        Booked::Kind(_, at) => of_where(at),
    }
}

/// The fields that a step uses on this way.
fn used(way: &Way<'_>, passed: usize, step: &Step) -> Vec<usize> {
    let mut used = Vec::new();
    for hand in step.hands.iter().filter(|one| way.holds(passed, one.when.as_ref())) {
        used.extend(hand.who);
        used.extend(hand.by_amount);
        used.extend(hand.bands.iter().filter_map(|band| of_where(&band.at)));
    }
    for check in step.checks.iter().filter(|one| way.holds(passed, one.when.as_ref())) {
        used.extend(check.args.values().filter_map(of_source));
    }
    for moving in step.moves.iter().filter(|one| way.holds(passed, one.when.as_ref())) {
        used.push(moving.what);
        match &moving.how {
            How::Pass { from, to, against, clears, .. } => {
                used.extend([from, to].into_iter().filter_map(of_place));
                used.extend(against.iter().filter_map(of_booked));
                used.extend(clears);
            }
            How::Sort { at, .. } | How::Void { at } => used.extend(of_place(at)),
            How::Mark { set } => used.extend(set.values().filter_map(of_source)),
        }
    }
    for posting in step.posts.iter().filter(|one| way.holds(passed, one.when.as_ref())) {
        used.push(posting.amount);
        used.extend(posting.clears.iter().chain(&posting.pieces));
        used.extend(posting.debit.iter().chain(&posting.credit).filter_map(of_booked));
    }
    for act in step.acts.iter().filter(|one| way.holds(passed, one.when.as_ref())) {
        used.extend(act.args.values().filter_map(of_source));
    }
    used
}

/// Cash that leaves the places that are booked names its other side.
fn check_booked(rulebook: &Rulebook, found: &mut Found<'_>) {
    let matter = found.matter;
    let booked = |place: &PlaceOf| match place {
        PlaceOf::Field(field) => {
            let kinds = is_place(&matter.fields[*field]).unwrap_or_default();
            let all = rulebook.office.places.iter();
            let named = all.filter(|(code, _)| kinds.is_empty() || kinds.contains(code));
            named.map(|(_, kind)| kind.cash.is_some()).collect::<BTreeSet<bool>>()
        }
        PlaceOf::Transit => BTreeSet::from([true]),
        _ => BTreeSet::from([false]),
    };
    for step in &matter.steps {
        for moving in &step.moves {
            let How::Pass { from, to, against, .. } = &moving.how else { continue };
            let notes = matter.fields[moving.what].kind == FieldKind::Notes;
            let (from, to) = (booked(from), booked(to));
            if notes && against.is_none() && from.union(&to).count() > 1 {
                let name = &matter.fields[moving.what].name;
                let zh = format!("步骤 {} 移出 {name} 没有对方科目 against", step.name);
                let en = format!("step `{}` moves `{name}` and names no `against`", step.name);
                found.add("NotBooked", (zh, en), vec![step.name.clone()]);
            }
        }
    }
}
