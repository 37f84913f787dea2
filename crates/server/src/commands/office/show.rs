//! Tables of the office: queues, matters, people, places and what they hold.

use crate::cli::{Global, ListForm};
use crate::fault::Exit;
use crate::home::Home;
use crate::messages::{self, Label};
use crate::output::Output;
use bank::State;
use bank::office::clock;
use bank::office::queue::{self, Queue};
use bank::office::record::Record;
use bank::office::request::Said;
use bank::office::value::shown;
use custody::{Condition, Count, Serial};
use ledger::money;
use serde_json::{Value, json};
use store::{RecordOrder, RecordQuery};

pub fn said_json(said: &Said) -> Value {
    json!({
        "matter": said.matter, "number": said.number, "at": said.at.to_string(),
        "version": said.version, "entry": said.entry.map(|entry| entry.0),
    })
}

/// A table for people, or a row an object for programs.
fn table(out: &Output, columns: &[Label], rows: &[Vec<String>]) -> anyhow::Result<()> {
    if !out.json {
        out.table(columns, rows)?;
        return Ok(());
    }
    let objects = rows.iter().map(|row| {
        let cells = columns.iter().zip(row);
        Value::Object(cells.map(|((_, en), cell)| ((*en).to_owned(), json!(cell))).collect())
    });
    out.document(&objects.collect())?;
    Ok(())
}

fn row(state: &State, record: &Record) -> Vec<String> {
    let rulebook = state.office.rulebook_of(&state.rulebook, record);
    let title = &rulebook.office.matters[&record.code].title;
    vec![
        record.id.to_string(),
        record.number.clone(),
        record.code.clone(),
        title.zh.clone(),
        state.book.institution(record.institution).code.clone(),
        record.at.to_string(),
        record.due.map(|due| clock::shown(&state.book, due)).unwrap_or_default(),
    ]
}

pub fn queue(state: &State, operator: &str, which: &str, out: &Output) -> anyhow::Result<()> {
    let which = match which {
        "mine" => Queue::Mine,
        "copied" => Queue::Copied,
        "opened" => Queue::Opened,
        other => match state.book.institution_by_code(other) {
            Some(institution) => Queue::Institution(institution),
            None => Queue::Post(other.to_owned()),
        },
    };
    let list = queue::list(state, operator, &which, crate::home::now());
    let rows: Vec<Vec<String>> = list
        .iter()
        .map(|one| {
            let mut row = row(state, one.record);
            let late = if one.overdue { out.label(messages::OVERDUE) } else { "" };
            row.push(late.to_owned());
            row
        })
        .collect();
    table(out, &messages::QUEUE_COLUMNS, &rows)
}

/// An open matter from the state, an ended one from the store.
pub fn matter(global: &Global, id: u64, out: &Output) -> anyhow::Result<Exit> {
    let home = Home::open(&global.home)?;
    let follower = home.follow()?;
    let state = follower.state();
    let ended: Option<Record> = match state.office.records.open.get(&id) {
        Some(_) => None,
        None => {
            let kept = home.store()?.record(&home.config.bank, id)?;
            let kept = kept.ok_or_else(|| bank::office::refusal::unknown_matter(id))?;
            Some(serde_json::from_slice(&kept.body)?)
        }
    };
    let record = ended.as_ref().unwrap_or_else(|| &state.office.records.open[&id]);
    let rulebook = state.office.rulebook_of(&state.rulebook, record);
    let matter = rulebook.office.matters.get(&record.code);
    let values = match matter {
        Some(matter) => shown(&record.values, &matter.fields),
        None => json!(record.values),
    };
    if out.json {
        let mut document = json!(record);
        document["values"] = values;
        out.document(&document)?;
        return Ok(Exit::OK);
    }
    let mut fields = vec![
        (messages::MATTER, format!("{} {}", record.id, record.number)),
        (messages::MATTER_KIND, matter.map_or(record.code.clone(), |one| one.title.zh.clone())),
        (messages::STANDS_AT, record.at.to_string()),
        (messages::VERSION, record.version.to_string()),
    ];
    fields.push((messages::OPENER, record.opener.clone()));
    out.fields(&fields)?;
    let values = values.as_object().cloned().unwrap_or_default();
    let values: Vec<Vec<String>> = values
        .iter()
        .map(|(name, value)| {
            vec![name.clone(), value.as_str().map_or(value.to_string(), str::to_owned)]
        })
        .collect();
    out.table(&messages::FIELD_COLUMNS, &values)?;
    let trace: Vec<Vec<String>> = record
        .trace
        .iter()
        .map(|one| {
            let when = clock::shown(&state.book, one.at);
            vec![when, one.by.clone(), one.what.clone(), one.note.clone()]
        })
        .collect();
    out.table(&messages::TRACE_COLUMNS, &trace)?;
    Ok(Exit::OK)
}

/// Matters that have ended, newest first.
pub fn list(global: &Global, form: ListForm, out: &Output) -> anyhow::Result<Exit> {
    let home = Home::open(&global.home)?;
    let days = |day: Option<ledger::Day>| day.map(|day| day.0);
    let query = RecordQuery {
        code: form.code,
        institutions: form.institution,
        state: form.state,
        opener: form.opener,
        number: form.number,
        ended_from: days(form.from),
        ended_until: days(form.until),
        order: RecordOrder::NewestFirst,
        behind: form.before,
        limit: form.limit,
    };
    let heads = home.store()?.records(&home.config.bank, &query)?;
    let rows: Vec<Vec<String>> = heads
        .iter()
        .map(|head| {
            vec![
                head.id.to_string(),
                head.number.clone(),
                head.code.clone(),
                head.institution.clone(),
                head.opener.clone(),
                ledger::Day(head.opened).to_string(),
                ledger::Day(head.ended).to_string(),
                head.state.clone(),
            ]
        })
        .collect();
    table(out, &messages::RECORD_COLUMNS, &rows)?;
    Ok(Exit::OK)
}

pub fn people(state: &State, out: &Output) -> anyhow::Result<()> {
    let operators = state.office.people.operators.iter();
    let rows: Vec<Vec<String>> = operators
        .map(|(number, one)| {
            let grants = one.grants.iter().map(|grant| {
                let until = grant.until.map_or(String::new(), |until| format!("→{until}"));
                format!("{}@{}{until}", grant.post, state.book.institution(grant.institution).code)
            });
            vec![
                number.clone(),
                one.name.clone(),
                state.book.institution(one.institution).code.clone(),
                one.standing.code().to_owned(),
                grants.collect::<Vec<_>>().join(" "),
            ]
        })
        .collect();
    table(out, &messages::PEOPLE_COLUMNS, &rows)
}

pub fn places(state: &State, out: &Output) -> anyhow::Result<()> {
    let office = &state.rulebook.office;
    let rows: Vec<Vec<String>> = state
        .office
        .places
        .iter()
        .map(|(place, known)| {
            let cash = i128::from(state.office.cash_at(office, place));
            let kinds = state.office.custody.kinds_at(place).join(" ");
            vec![place.clone(), known.keeper.clone(), money::display(cash, 2), kinds]
        })
        .collect();
    table(out, &messages::PLACE_COLUMNS, &rows)
}

pub fn holdings(state: &State, place: &str, out: &Output) -> anyhow::Result<()> {
    let custody = &state.office.custody;
    let mut rows: Vec<Vec<String>> = custody
        .cash(place)
        .map(|(note, pieces)| {
            let count = Count { note: note.clone(), pieces };
            let class = note.class.zh().to_owned();
            let face = bank::office::effect::face(&state.rulebook.office, &[count]).unwrap_or(0);
            let face = money::display(i128::from(face), 2);
            vec![note.denom.clone(), class, pieces.to_string(), face]
        })
        .collect();
    for kind in custody.kinds_at(place) {
        for (range, condition) in custody.stock(place, &kind) {
            let pieces = range.pieces().unwrap_or(0).to_string();
            rows.push(vec![range.to_string(), condition.zh().to_owned(), pieces, String::new()]);
        }
    }
    table(out, &messages::HOLDING_COLUMNS, &rows)
}

pub fn find(state: &State, thing: &str, out: &Output) -> anyhow::Result<()> {
    let thing: Serial = thing.parse::<Serial>()?;
    let custody = &state.office.custody;
    let Some((place, condition)) = custody.find(&thing) else {
        return Err(
            bank::office::refusal::unknown("thing", messages::THING, &thing.to_string()).into()
        );
    };
    let mut rows = vec![
        vec!["place".to_owned(), place.to_owned()],
        vec!["condition".to_owned(), condition_word(condition).to_owned()],
    ];
    let attributes = custody.attributes(&thing).into_iter().flatten();
    rows.extend(attributes.map(|(name, value)| vec![name.clone(), value.clone()]));
    table(out, &messages::FIELD_COLUMNS, &rows)
}

fn condition_word(condition: Condition) -> &'static str {
    match condition {
        Condition::Good => "good",
        Condition::Void => "void",
    }
}
