//! What people ask of the office, by chance: fields that mostly fit, hands that mostly may.

use crate::simulate::random::Random;
use bank::State;
use bank::office::definition::{Field, FieldKind, Matter};
use bank::office::event::{Going, Verb};
use bank::office::record::{Record, Wait, waits};
use bank::office::request::{Ask, Request};
use bank::office::step::Signed;
use custody::Condition;
use serde_json::{Map, Value as Json, json};

/// A request that somebody makes now.
pub fn request(state: &State, random: &mut Random, at: i64) -> Request {
    let open: Vec<&Record> = state.office.records.open.values().collect();
    let ask = if open.is_empty() || random.percent(25) {
        None
    } else {
        // The newest wait longest for nobody.
        Some(open[open.len() - 1 - random.below(open.len().min(12))])
    };
    match ask {
        None => open_one(state, random, at),
        Some(record) if random.percent(12) => handle(state, record, random, at),
        Some(record) => act(state, record, random, at),
    }
}

fn signed(operators: &[String]) -> Vec<Signed> {
    operators.iter().map(|operator| Signed::by(operator)).collect()
}

fn anybody(state: &State, random: &mut Random) -> String {
    let all: Vec<&String> = state.office.people.operators.keys().collect();
    (*random.pick(&all)).clone()
}

fn open_one(state: &State, random: &mut Random, at: i64) -> Request {
    let matters: Vec<_> = state.rulebook.office.matters.values().collect();
    let matter = random.pick(&matters);
    let posts: Vec<&String> = matter.steps[0]
        .hands
        .iter()
        .flat_map(|hand| &hand.bands)
        .filter_map(|band| band.post.as_ref())
        .collect();
    let by = match posts.is_empty() || random.percent(5) {
        true => anybody(state, random),
        false => {
            let post = *random.pick(&posts);
            holder(state, post, random).unwrap_or_else(|| anybody(state, random))
        }
    };
    let fields = fields(state, matter, 0, random);
    let (code, institution) = (matter.code.clone(), String::new());
    let ask = if random.percent(8) {
        Ask::Draft { code, institution, fields }
    } else {
        Ask::Open { code, institution, fields }
    };
    let key = if random.percent(20) { format!("k{}", random.below(40)) } else { String::new() };
    Request { at, by: signed(&[by]), key, ask }
}

fn holder(state: &State, post: &str, random: &mut Random) -> Option<String> {
    let operators = state.office.people.operators.iter();
    let holders: Vec<&String> = operators
        .filter(|(_, one)| one.grants.iter().any(|grant| grant.post == post))
        .map(|(number, _)| number)
        .collect();
    (!holders.is_empty()).then(|| (*random.pick(&holders)).clone())
}

/// Somebody for whom the record waits.
fn waited_for(state: &State, record: &Record, random: &mut Random) -> String {
    let rulebook = state.office.rulebook_of(&state.rulebook, record);
    let matter = &rulebook.office.matters[&record.code];
    let waits = waits(&state.book, &state.office.people, matter, record);
    if waits.is_empty() || random.percent(10) {
        return anybody(state, random);
    }
    match random.pick(&waits) {
        Wait::Operator(operator) => operator.clone(),
        Wait::Post(post, at) => {
            let operators = state.office.people.operators.keys();
            let holders: Vec<&String> = operators
                .filter(|one| state.office.people.holds(one, post, *at, state.book.today))
                .filter(|one| !record.hands.iter().any(|hand| hand.operator == **one))
                .collect();
            match holders.is_empty() {
                true => anybody(state, random),
                false => (*random.pick(&holders)).clone(),
            }
        }
    }
}

fn act(state: &State, record: &Record, random: &mut Random, at: i64) -> Request {
    let rulebook = state.office.rulebook_of(&state.rulebook, record);
    let matter = &rulebook.office.matters[&record.code];
    let mut by = vec![waited_for(state, record, random)];
    if random.percent(15) {
        by.push(waited_for(state, record, random));
    }
    let (step, name) = match &record.at {
        Going::Step(name) => (matter.step(name).unwrap_or(0), name.clone()),
        Going::End(_) => (0, String::new()),
    };
    let first = record.given().next().is_none();
    let fields = if first { fields(state, matter, step, random) } else { Map::new() };
    let version = random.percent(10).then(|| record.version.saturating_sub(random.next() % 2));
    let ask = Ask::Act { matter: record.id, version, step: name, fields, note: String::new() };
    Request { at, by: signed(&by), key: String::new(), ask }
}

fn handle(state: &State, record: &Record, random: &mut Random, at: i64) -> Request {
    let who = anybody(state, random);
    let verb = match random.below(10) {
        0 => Verb::Return {
            to: record.hands.first().map_or(String::new(), |hand| hand.step.clone()),
        },
        1 => Verb::Refuse,
        2 => Verb::Withdraw,
        3 => Verb::Void,
        4 => Verb::Transfer { to: waited_for(state, record, random) },
        5 => Verb::Delegate { to: waited_for(state, record, random) },
        6 => Verb::AddSigner { operator: who },
        7 => Verb::Urge,
        8 => Verb::Copy { to: vec![who] },
        _ => Verb::Comment,
    };
    let by = match verb {
        Verb::Withdraw | Verb::Void | Verb::Urge | Verb::Copy { .. } => record.opener.clone(),
        _ => waited_for(state, record, random),
    };
    let by =
        if state.office.people.operators.contains_key(&by) { by } else { anybody(state, random) };
    let (matter, note) = (record.id, "因故".to_owned());
    let ask = Ask::Handle { matter, version: None, verb, note };
    Request { at, by: signed(&[by]), key: String::new(), ask }
}

/// Fields of a step, most of them, most of them right.
fn fields(state: &State, matter: &Matter, step: usize, random: &mut Random) -> Map<String, Json> {
    let asked = matter.fields.iter().filter(|field| field.filled_at == Some(step));
    let mut given = Map::new();
    for field in asked {
        let skip = if field.optional { 40 } else { 2 };
        if !random.percent(skip)
            && let Some(value) = value(state, field, random)
        {
            given.insert(field.name.clone(), value);
        }
    }
    given
}

fn value(state: &State, field: &Field, random: &mut Random) -> Option<Json> {
    let text = |text: &str| Some(Json::String(text.to_owned()));
    match &field.kind {
        FieldKind::Text | FieldKind::Document | FieldKind::Party => {
            text(&format!("t{}", random.below(9)))
        }
        FieldKind::Integer => Some(json!(random.between(1, 30))),
        FieldKind::Decimal => text("1.5"),
        FieldKind::Money(..) => {
            text(&format!("{}.{:02}", random.between(1, 90_000), random.below(100)))
        }
        FieldKind::Date => text(&state.book.today.plus(random.between(0, 40) as i32).to_string()),
        FieldKind::Time => text("10:30"),
        FieldKind::Choice(choices) => text(&random.pick(choices).0),
        FieldKind::Institution => text(&random.pick(&state.book.institutions).code),
        FieldKind::Operator => text(&anybody(state, random)),
        FieldKind::Operators => {
            let some: Vec<String> = (0..2).map(|_| anybody(state, random)).collect();
            Some(json!(some))
        }
        FieldKind::Account => {
            let count = state.book.accounts.len();
            let id = u32::try_from(random.below(count)).ok()?;
            text(state.book.accounts.number(ledger::entry::AccountId(id)))
        }
        FieldKind::AccountKind => text(&random.pick(&state.book.chart.kinds).code),
        FieldKind::Place(kinds) => {
            let fits = |place: &&String| {
                let kind = place.split('/').nth(1).unwrap_or_default();
                kinds.is_empty() || kinds.iter().any(|one| one == kind)
            };
            let places: Vec<&String> = state.office.places.keys().filter(fits).collect();
            (!places.is_empty()).then(|| json!(random.pick(&places)))
        }
        FieldKind::Serials(kinds) => serials(state, kinds, random, 40).map(|range| json!([range])),
        FieldKind::Thing(kinds) => serials(state, kinds, random, 1).map(Json::String),
        FieldKind::Notes => notes(state, random),
        FieldKind::Rows(columns) => {
            let rows = (0..random.between(1, 3)).map(|_| {
                let cells = columns.iter().filter_map(|column| {
                    Some((column.name.clone(), value(state, column, random)?))
                });
                Json::Object(cells.collect())
            });
            Some(Json::Array(rows.collect()))
        }
        FieldKind::Attachment => {
            Some(json!([{ "name": "a.pdf", "sha256": "0".repeat(64), "bytes": 10 }]))
        }
        FieldKind::Matter(_) => Some(json!(random.between(1, state.office.records.next as i64))),
        FieldKind::Post => {
            let posts: Vec<&String> = state.rulebook.office.posts.keys().collect();
            Some(json!(random.pick(&posts)))
        }
        FieldKind::Stock => {
            let all: Vec<&String> = state.rulebook.office.stocks.keys().collect();
            Some(json!(random.pick(&all)))
        }
        FieldKind::Number => {
            let codes: Vec<&String> = state.rulebook.numbers.keys().collect();
            Some(json!(random.pick(&codes)))
        }
    }
}

/// Numbers that some place holds, or new ones.
fn serials(state: &State, kinds: &[String], random: &mut Random, most: u64) -> Option<String> {
    let all: Vec<String> = state.rulebook.office.stocks.keys().cloned().collect();
    let kind = if kinds.is_empty() { random.pick(&all) } else { random.pick(kinds) };
    let custody = &state.office.custody;
    let held: Vec<custody::Range> = custody
        .ranges(kind)
        .filter(|(_, place, condition)| place.contains('/') && *condition == Condition::Good)
        .map(|(range, ..)| range)
        .collect();
    let (prefix, from) = match held.is_empty() || random.percent(30) {
        true => ("R".to_owned(), random.between(1, 4_000) as u64),
        false => {
            let range = random.pick(&held);
            let skip = if random.percent(80) { 0 } else { 1 };
            (range.prefix.clone(), range.from + skip)
        }
    };
    let to = from + random.next() % most;
    Some(if most == 1 {
        format!("{kind}:{prefix}{from}")
    } else {
        format!("{kind}:{prefix}{from}-{prefix}{to}")
    })
}

/// Notes that some place holds, mostly no more than it has.
fn notes(state: &State, random: &mut Random) -> Option<Json> {
    let places: Vec<&str> = state.office.custody.cash_places().collect();
    if places.is_empty() {
        return Some(json!("100:1000"));
    }
    let place = random.pick(&places);
    let held: Vec<(custody::Note, i64)> =
        state.office.custody.cash(place).map(|(note, pieces)| (note.clone(), pieces)).collect();
    let (note, pieces) = random.pick(&held);
    let pieces = if random.percent(50) { *pieces } else { random.between(1, *pieces) };
    let whole = if random.percent(60) { (pieces / 1000 * 1000).max(1) } else { pieces };
    let class = match note.class {
        custody::Class::Fit => String::new(),
        class => format!("/{}", bank::office::value::class_word(class)),
    };
    Some(json!(format!("{}{class}:{whole}", note.denom)))
}
