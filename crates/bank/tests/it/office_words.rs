//! The words of a case for the office: who does what with which matter, and looks at what it made.
//!
//! ```text
//! > as ana open CASH-020 from=0000/vault to=0101/branch notes=100:50
//! > as ben+cao approve 1 note="checked"
//! > as ana return 1 to=submit note=why
//! > as ben approve XJDB-20260105-00001
//! > clock 2026-01-05 17:45
//! > report process-performance institution=0101 from=2026-01-05
//! > cash 0101/branch · stock 0101/branch · thing seal:YW1 · queue ana · trace 1 · show 1
//! ```
//!
//! A matter is named by its id, or by its number: what the clock opens stands among what it opened
//! for others, so that only its number is known beforehand.

use crate::runner::Runner;
use bank::door::{Answer, Command};
use bank::office::clock;
use bank::office::event::{Event, Verb};
use bank::office::queue::{self, Queue};
use bank::office::record::{Wait, waits};
use bank::office::report::reading::{Asked, Reading};
use bank::office::report::shown::Shown;
use bank::office::request::{Ask, Request, Said};
use bank::office::step::Signed;
use bank::office::value::{Value, shown};
use custody::{Condition, Move, Serial};
use ledger::Refusal;
use ledger::fact::Fact;
use serde_json::{Map, Value as Json};
use std::fmt::Write;

const MINUTE: i64 = 60_000_000;

/// Looks at something; `None` if the line is no such word.
pub fn look(runner: &Runner, line: &str) -> Option<String> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let state = runner.state();
    let text = match word {
        "cash" => cash(runner, rest),
        "stock" => stock(runner, rest),
        "thing" => {
            let thing: Serial = rest.parse().unwrap();
            let place = state.office.custody.find(&thing).map_or("nowhere", |(place, _)| place);
            let attributes = state.office.custody.attributes(&thing);
            let attributes = attributes.into_iter().flatten();
            let said = attributes.map(|(name, value)| format!(" {name}={value}"));
            format!("{place}{}\n", said.collect::<String>())
        }
        "queue" => waiting(runner, rest),
        "trace" => {
            let Some(record) = state.office.records.open.get(&id_of(runner, rest)) else {
                return Some("not open\n".to_owned());
            };
            let lines = record.trace.iter().map(|trace| {
                let note = if trace.note.is_empty() { "" } else { ": " };
                let when = clock::shown(&state.book, trace.at);
                format!("{when} {} {}{note}{}\n", trace.by, trace.what, trace.note)
            });
            lines.collect()
        }
        "show" => {
            let Some(record) = state.office.records.open.get(&id_of(runner, rest)) else {
                return Some("not open\n".to_owned());
            };
            let rulebook = state.office.rulebook_of(&state.rulebook, record);
            let matter = &rulebook.office.matters[&record.code];
            let Json::Object(all) = shown(&record.values, &matter.fields) else { unreachable!() };
            let mut lines: Vec<String> =
                all.iter().map(|(name, value)| format!("{name} = {}\n", by_name(value))).collect();
            lines.sort();
            lines.concat()
        }
        "posts" => {
            let operator = &state.office.people.operators[rest];
            let grants = operator.grants.iter().map(|grant| {
                let until = grant.until.map_or(String::new(), |until| format!(" until {until}"));
                let at = &state.book.institution(grant.institution).code;
                format!("{}@{at} from {}{until}\n", grant.post, grant.from)
            });
            or_none(grants.collect())
        }
        "operator" => {
            let one = &state.office.people.operators[rest];
            let reset = one.password_reset.map(|at| clock::shown(&state.book, at));
            let reset = reset.map_or("never reset".to_owned(), |at| format!("reset {at}"));
            format!("{:?}, password {reset}\n", one.standing).to_lowercase()
        }
        "number" => {
            let value = state.book.chart.numbers.on(rest, state.book.today);
            format!("{}\n", value.map_or("none".to_owned(), |value| value.to_string()))
        }
        _ => return None,
    };
    Some(text)
}

fn waiting(runner: &Runner, rest: &str) -> String {
    let state = runner.state();
    let (operator, what) = rest.split_once(' ').unwrap_or((rest, "mine"));
    let queue = match what {
        "mine" => Queue::Mine,
        "copied" => Queue::Copied,
        "opened" => Queue::Opened,
        other => match state.book.institution_by_code(other) {
            Some(institution) => Queue::Institution(institution),
            None => Queue::Post(other.to_owned()),
        },
    };
    let list = queue::list(state, operator, &queue, runner.now);
    let lines = list.iter().map(|one| {
        let (record, late) = (one.record, if one.overdue { " overdue" } else { "" });
        format!("{} {} {}{late}\n", record.id, record.number, record.at)
    });
    or_none(lines.collect())
}

/// The rows of a report that the rulebook declares, and its titles above them.
pub fn report(runner: &mut Runner, line: &str) -> Option<String> {
    let words = words(line.strip_prefix("report ")?);
    let ended = runner.desk.ended();
    let (state, now) = (runner.state(), runner.now);
    let report = state.rulebook.office.reports.get(&words[0]);
    let report = report.unwrap_or_else(|| panic!("there is no report {}", words[0]));
    let mut asked = Asked { now, ..Asked::default() };
    for (name, value) in words[1..].iter().filter_map(|word| word.split_once('=')) {
        match name {
            "institution" => asked.institution = state.book.institution_by_code(value),
            "from" => asked.from = Some(value.parse().unwrap()),
            "until" => asked.until = Some(value.parse().unwrap()),
            other => panic!("a report is not asked for by `{other}`"),
        }
    }
    let mut reading = Reading::new(report, state, asked);
    reading.take_open();
    ended.iter().for_each(|record| reading.take(record));
    let sheet = reading.finish();
    let mut text = String::new();
    let titles = report.columns.iter().map(|column| column.title.zh.clone());
    let rows = sheet.rows.iter().chain(&sheet.total);
    let rows = rows.map(|row| row.iter().map(Shown::said).collect::<Vec<_>>());
    for row in std::iter::once(titles.collect()).chain(rows) {
        let _ = writeln!(text, "{}", row.join(" | "));
    }
    Some(text)
}

/// JSON with its names in order, whatever order the features of a build keep.
fn by_name(value: &Json) -> String {
    match value {
        Json::Object(all) => {
            let mut pairs: Vec<String> =
                all.iter().map(|(name, value)| format!("\"{name}\":{}", by_name(value))).collect();
            pairs.sort();
            format!("{{{}}}", pairs.join(","))
        }
        Json::Array(list) => {
            format!("[{}]", list.iter().map(by_name).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

fn or_none(text: String) -> String {
    if text.is_empty() { "none\n".to_owned() } else { text }
}

fn cash(runner: &Runner, place: &str) -> String {
    let (state, office) = (runner.state(), &runner.state().rulebook.office);
    let counts = state
        .office
        .custody
        .cash(place)
        .map(|(note, pieces)| custody::Count { note: note.clone(), pieces });
    let text = Value::Notes(counts.collect()).text();
    let sum = i128::from(state.office.cash_at(office, place));
    format!("{} = {}\n", or_none(text).trim(), ledger::money::plain(sum, 2))
}

fn stock(runner: &Runner, place: &str) -> String {
    let custody = &runner.state().office.custody;
    let mut text = String::new();
    for kind in custody.kinds_at(place) {
        for (range, condition) in custody.stock(place, &kind) {
            let void = if condition == Condition::Void { " void" } else { "" };
            let _ = writeln!(text, "{range}{void}");
        }
    }
    or_none(text)
}

/// The id of a matter that is named by its id or its number; 0 if there is none.
fn id_of(runner: &Runner, word: &str) -> u64 {
    let mut open = runner.state().office.records.open.values();
    let by_number = || open.find(|record| record.number == word).map(|record| record.id);
    word.parse().ok().or_else(by_number).unwrap_or(0)
}

/// Does something.
pub fn run(runner: &mut Runner, line: &str, rest: &str) -> Result<String, Refusal> {
    let line = format!("{line} {}", rest.replace('\n', " "));
    let mut words = words(&line);
    if words[0] == "clock" {
        let minutes = clock::minutes(&words[2]).unwrap();
        runner.now = clock::instant(&runner.state().book, words[1].parse().unwrap(), minutes);
        let answer = runner.decide(Command::Tick { at: runner.now })?;
        let Answer::Escalated(count) = answer else { unreachable!() };
        return Ok(format!("{} escalated {count}\n", words[1..3].join(" ")));
    }
    let book = &runner.state().book;
    let morning = clock::instant(book, book.today, 9 * 60);
    runner.now = (runner.now + MINUTE).max(morning);
    let mut named = Map::new();
    words.retain(|word| match word.split_once('=') {
        Some((name, value)) if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
            named.insert(name.to_owned(), json(value));
            false
        }
        _ => true,
    });
    let expired = take(&mut named, "expired");
    let by = words[1].split('+').map(|operator| Signed {
        operator: operator.to_owned(),
        until: (operator == expired).then_some(0),
    });
    let (by, key) = (by.collect(), take(&mut named, "key"));
    let third = words.get(3).map_or("", String::as_str);
    let id = id_of(runner, third);
    let by_number = id > 0 && third.parse::<u64>().is_err();
    let ask = ask(&words, id, named);
    let request = Request { at: runner.now, by, key, ask };
    let answer = runner.decide(Command::Office(Box::new(request)))?;
    let Answer::Matter(said) = answer else { unreachable!("the office answers matters") };
    let told = told(runner, &said);
    Ok(if by_number { without_ids(&told) } else { told })
}

/// What was told without ids: what the clock opens has one that depends on whatever else it opens.
fn without_ids(told: &str) -> String {
    let lines = told.lines().map(|line| match line.split_once('#') {
        Some((before, rest)) if before.is_empty() || before == "~ opened " => {
            let (_, rest) = rest.split_once(' ').unwrap_or(("", rest));
            format!("{before}{rest}\n")
        }
        _ => format!("{line}\n"),
    });
    lines.collect()
}

fn take(named: &mut Map<String, Json>, name: &str) -> String {
    match named.remove(name) {
        Some(Json::String(text)) => text,
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn ask(words: &[String], matter: u64, mut named: Map<String, Json>) -> Ask {
    let third = words.get(3).cloned().unwrap_or_default();
    if words[2] == "absent" {
        let (from, until) = (take(&mut named, "from"), take(&mut named, "until"));
        let (from, until) = (from.parse().unwrap(), until.parse().unwrap());
        return Ask::Absence { deputy: take(&mut named, "deputy"), from, until };
    }
    if let "open" | "draft" = words[2].as_str() {
        let institution = take(&mut named, "institution_of");
        return match words[2].as_str() {
            "open" => Ask::Open { code: third, institution, fields: named },
            _ => Ask::Draft { code: third, institution, fields: named },
        };
    }
    let version = take(&mut named, "version").parse().ok();
    let note = take(&mut named, "note");
    if words[2] == "save" {
        return Ask::Save { matter, version, fields: named };
    }
    let verb = match words[2].as_str() {
        "return" => Verb::Return { to: take(&mut named, "to") },
        "refuse" => Verb::Refuse,
        "withdraw" => Verb::Withdraw,
        "void" => Verb::Void,
        "transfer" => Verb::Transfer { to: take(&mut named, "to") },
        "delegate" => Verb::Delegate { to: take(&mut named, "to") },
        "add-signer" => Verb::AddSigner { operator: take(&mut named, "operator") },
        "remove-signer" => Verb::RemoveSigner { operator: take(&mut named, "operator") },
        "urge" => Verb::Urge,
        "copy" => {
            let to = take(&mut named, "to");
            Verb::Copy { to: to.split(',').map(Into::into).collect() }
        }
        "read" => Verb::Read,
        "comment" => Verb::Comment,
        step => {
            let step = step.to_owned();
            return Ask::Act { matter, version, step, fields: named, note };
        }
    };
    Ask::Handle { matter, version, verb, note }
}

/// A value as it is typed: JSON where it looks like it, else text.
fn json(text: &str) -> Json {
    let list = text.starts_with('[') || text.starts_with('{');
    let parsed = list.then(|| serde_json::from_str(text).ok()).flatten();
    parsed.unwrap_or_else(|| Json::String(text.to_owned()))
}

/// Words of a line; quotes keep blanks, and so do brackets.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut depth) = (Vec::new(), String::new(), false, 0);
    for c in line.chars() {
        match c {
            '"' if depth == 0 => quoted = !quoted,
            ' ' if !quoted && depth == 0 => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => {
                depth += match c {
                    '[' | '{' if !quoted => 1,
                    ']' | '}' if !quoted => -1,
                    _ => 0,
                };
                word.push(c);
            }
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Where the matter stands, who is waited for, and what was moved.
fn told(runner: &Runner, said: &Said) -> String {
    let state = runner.state();
    let mut text = format!("#{} {} {}", said.matter, said.number, said.at);
    if let Some(record) = state.office.records.open.get(&said.matter) {
        let rulebook = state.office.rulebook_of(&state.rulebook, record);
        let matter = &rulebook.office.matters[&record.code];
        let waits = waits(&state.book, &state.office.people, matter, record);
        let waits = waits.into_iter().map(|wait| match wait {
            Wait::Post(post, at) => format!("{post}@{}", state.book.institution(at).code),
            Wait::Operator(operator) => operator,
        });
        let waits: Vec<String> = waits.collect();
        let _ = write!(text, ": {}", waits.join(", "));
    }
    text.push('\n');
    for fact in runner.desk.facts() {
        let Fact::Office { event } = fact else { continue };
        match Event::read(event).unwrap() {
            Event::Custody { moves } => moves.iter().for_each(|one| text.push_str(&moved(one))),
            Event::Opened { id, number, .. } if id != said.matter => {
                let _ = writeln!(text, "~ opened #{id} {number}");
            }
            _ => {}
        }
    }
    text
}

fn moved(one: &Move) -> String {
    match one {
        Move::Cash { from, to, counts } => {
            format!("~ {from} → {to} {}\n", Value::Notes(counts.clone()).text())
        }
        Move::Sort { at, counts, into } => {
            let into = bank::office::value::class_word(*into);
            format!("~ {at} {} → {into}\n", Value::Notes(counts.clone()).text())
        }
        Move::Stock { range, from, to, .. } => format!("~ {from} → {to} {range}\n"),
        Move::Void { range, at } => format!("~ {at} {range} void\n"),
        Move::Mark { thing, set } => {
            let set = set.iter().map(|(name, value)| format!(" {name}={value}"));
            format!("~ {thing}{}\n", set.collect::<String>())
        }
    }
}
