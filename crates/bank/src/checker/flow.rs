//! Every step is reached, every way ends, nothing stays on the road: what leaves a place into
//! transit has come out of it when the matter ends.

use super::{Choices, Ends, Found, holds, is_place, names, told, walk, ways};
use crate::office::definition::{FieldKind, How, Matter, PlaceOf, Source};
use crate::rulebook::Rulebook;
use std::collections::BTreeSet;

pub(super) fn check(rulebook: &Rulebook, found: &mut Found<'_>) {
    let matter = found.matter;
    let mut reached = BTreeSet::new();
    for way in ways(matter) {
        let (path, ends) = walk(matter, &way);
        reached.extend(path.iter().copied());
        let shown =
            || told(matter, &way).into_iter().chain(names(matter, &path)).collect::<Vec<_>>();
        if ends == Ends::Turns {
            let (zh, en) = ("步骤循环，没有结局", "the steps turn in a circle without an end");
            found.add("DeadEnd", (zh.to_owned(), en.to_owned()), shown());
            continue;
        }
        check_transit(matter, &way, &path, found);
        check_given(matter, &way, &path, found);
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

/// What went into transit must have come out.
fn check_transit(matter: &Matter, way: &Choices, path: &[usize], found: &mut Found<'_>) {
    let mut under_way: BTreeSet<usize> = BTreeSet::new();
    for step in path {
        for moving in &matter.steps[*step].moves {
            if !holds(way, moving.when.as_ref()) {
                continue;
            }
            let How::Pass { from, to, .. } = &moving.how else { continue };
            if *from == PlaceOf::Transit && !under_way.remove(&moving.what) {
                let name = &matter.fields[moving.what].name;
                let zh = format!("{name} 未发出就接收");
                let en = format!("`{name}` is received before it was sent");
                found.add("TransitEmpty", (zh, en), names(matter, path));
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
        found.add("TransitLeft", (zh, en), names(matter, path));
    }
}

/// A field that a step uses was given by then.
fn check_given(matter: &Matter, way: &Choices, path: &[usize], found: &mut Found<'_>) {
    let mut given: BTreeSet<usize> = BTreeSet::new();
    for step in path {
        let step = &matter.steps[*step];
        given.extend(step.fill.iter().copied());
        for used in used(matter, way, step) {
            let field = &matter.fields[used];
            if field.computed.is_none() && !given.contains(&used) {
                let zh = format!("步骤 {} 用到的要素 {} 此前没有填写", step.name, field.name);
                let en =
                    format!("step `{}` uses `{}`, which nobody gave before", step.name, field.name);
                found.add("FieldTooLate", (zh, en), names(matter, path));
            }
        }
    }
}

fn used(matter: &Matter, way: &Choices, step: &crate::office::definition::Step) -> Vec<usize> {
    let mut used = Vec::new();
    let place = |place: &PlaceOf| match place {
        PlaceOf::Field(field) | PlaceOf::Customer(field) => Some(*field),
        _ => None,
    };
    let source = |source: &Source| match source {
        Source::Field(field) => Some(*field),
        _ => None,
    };
    for moving in step.moves.iter().filter(|one| holds(way, one.when.as_ref())) {
        used.push(moving.what);
        match &moving.how {
            How::Pass { from, to, .. } => used.extend([from, to].into_iter().filter_map(place)),
            How::Sort { at, .. } | How::Void { at } => used.extend(place(at)),
            How::Mark { set } => used.extend(set.values().filter_map(source)),
        }
    }
    for posting in step.posts.iter().filter(|one| holds(way, one.when.as_ref())) {
        used.push(posting.amount);
    }
    for act in step.acts.iter().filter(|one| holds(way, one.when.as_ref())) {
        used.extend(act.args.values().filter_map(source));
    }
    for hand in step.hands.iter().filter(|one| holds(way, one.when.as_ref())) {
        used.extend(hand.who);
        used.extend(hand.by_amount);
    }
    used.retain(|field| !matter.fields[*field].optional);
    used
}

/// Cash that leaves the places that are booked names its other side.
fn check_booked(rulebook: &Rulebook, found: &mut Found<'_>) {
    let matter = found.matter;
    let booked = |place: &PlaceOf| match place {
        PlaceOf::Field(field) => {
            let kinds = is_place(&matter.fields[*field]).unwrap_or_default();
            let all = rulebook.office.places.iter();
            let mut named = all.filter(|(code, _)| kinds.is_empty() || kinds.contains(code));
            named.any(|(_, kind)| kind.cash.is_some())
        }
        PlaceOf::Transit => true,
        _ => false,
    };
    for step in &matter.steps {
        for moving in &step.moves {
            let How::Pass { from, to, against, .. } = &moving.how else { continue };
            let notes = matter.fields[moving.what].kind == FieldKind::Notes;
            if notes && booked(from) != booked(to) && against.is_none() {
                let name = &matter.fields[moving.what].name;
                let zh = format!("步骤 {} 移出 {name} 没有对方科目 against", step.name);
                let en = format!("step `{}` moves `{name}` and names no `against`", step.name);
                found.add("NotBooked", (zh, en), vec![step.name.clone()]);
            }
        }
    }
}
