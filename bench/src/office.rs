//! The office: steps of matters through the engine, queues beside millions of matters, ranges of
//! numbers, and how long a rulebook takes to be read and checked.

use crate::Options;
use crate::folder::Folder;
use crate::pace::{Pace, timed};
use crate::setup::{BANK, clock, first_day, rulebook, store};
use crate::table::{Aim, Table, count, figure};
use bank::form::{InstitutionForm, OperatorForm};
use bank::office::queue::{self, Queue};
use bank::office::request::{Ask, Request};
use bank::office::step::Signed;
use bank::rulebook::Rulebook;
use bank::{Answer, Command, checker};
use crossbeam_channel::bounded;
use custody::{Custody, Move, Order, Range};
use engine::Engine;
use ledger::chart::Title;
use serde_json::{Map, Value, json};
use std::time::Duration;
use store::{Record, RecordQuery};

/// Requests handed in before the first answer is waited for.
const IN_FLIGHT: usize = 4_096;
/// Matters that are carried from start to end.
const MATTERS: usize = 50_000;
/// Matters that wait for the operator whose queue is listed.
const WAITING: usize = 1_000;
const ENDED: usize = 5_000_000;
const RANGES: u64 = 1_000_000;
const FILES: usize = 300;
/// 2026-01-05 09:00 in China.
const MORNING: i64 = 1_767_574_800_000_000;

pub fn run(options: &Options) {
    let table = Table::begin("The office", &["what", "figure", "aim"]);
    steps(&table, options.entries.unwrap_or(MATTERS));
    queues(&table, options.entries.unwrap_or(ENDED));
    ranges(&table);
    rulebooks(&table);
}

/// A bank whose vault holds cash, with the people of one transfer.
fn bank(address: &str) -> Engine {
    let title = Title { zh: "示范农商银行".into(), en: "Demo Rural Bank".into() };
    let engine = Engine::create(store(address), BANK, title.clone(), rulebook(), clock());
    let engine = engine.expect("an empty store");
    let place = |code: &str, parent: Option<&str>| InstitutionForm {
        code: code.into(),
        title: title.clone(),
        parent: parent.map(Into::into),
    };
    let places = vec![place("0000", None), place("0101", Some("0000"))];
    engine.call(Command::AddInstitutions(places)).expect("two institutions");
    let people = [
        ("hua", "0000", "cash_clerk"),
        ("gao", "0000", "cash_head"),
        ("zong", "0000", "ops_head"),
        ("zhi", "0000", "policy_clerk"),
        ("he", "0000", "compliance"),
    ];
    let form = |(operator, institution, post): (&str, &str, &str)| OperatorForm {
        operator: operator.into(),
        name: operator.into(),
        institution: institution.into(),
        posts: vec![post.into()],
    };
    engine.call(Command::Enrol(people.map(form).to_vec())).expect("people");
    engine.call(Command::OpenDay { day: Some(first_day()) }).expect("the first day opens");
    engine
}

fn ask(by: &str, ask: Ask) -> Command {
    let (at, by, key) = (MORNING, vec![Signed::by(by)], String::new());
    Command::Office(Box::new(Request { at, by, key, ask }))
}

/// A place is applied for and approved: two hands, accounts opened, nothing moved.
fn opening(no: usize) -> Command {
    let text = |text: &str| Value::String(text.to_owned());
    let fields: Map<String, Value> = Map::from_iter([
        ("institution".to_owned(), text("0101")),
        ("kind".to_owned(), text("cabinet")),
        ("name".to_owned(), text(&format!("c{no}"))),
    ]);
    let (code, institution) = ("CASH-001".to_owned(), String::new());
    ask("hua", Ask::Open { code, institution, fields })
}

fn approval(matter: u64) -> Command {
    let (version, step) = (None, String::new());
    let (fields, note) = (Map::new(), String::new());
    ask("zong", Ask::Act { matter, version, step, fields, note })
}

/// Hands in every command and waits until all are durable.
fn hand_in(engine: &Engine, commands: Vec<Command>) {
    let (done, answers) = bounded(IN_FLIGHT);
    let total = commands.len();
    let check = |outcome: engine::Outcome| {
        let Ok(Answer::Matter(_)) = outcome else { panic!("refused: {outcome:?}") };
    };
    for (no, command) in commands.into_iter().enumerate() {
        if no >= IN_FLIGHT {
            check(answers.recv().expect("the engine answers"));
        }
        let done = done.clone();
        engine.submit(command, move |outcome| drop(done.send(outcome)));
    }
    for _ in 0..IN_FLIGHT.min(total) {
        check(answers.recv().expect("the engine answers"));
    }
}

fn steps(table: &Table, matters: usize) {
    let folder = Folder::new("office");
    let engine = bank(&folder.books());
    let opens = (0..matters).map(opening).collect();
    let approvals = (1..=matters as u64).map(approval).collect();
    let ((), opened) = timed(|| hand_in(&engine, opens));
    let ((), approved) = timed(|| hand_in(&engine, approvals));
    let rate = 2.0 * matters as f64 / (opened + approved);
    let aim = Aim::AtLeast(50_000.0, "/s");
    let what = format!("matter steps, SQLite, {} matters to their end", count(matters));
    table.row(&[what, format!("{}/s", figure(rate)), aim.beside(rate)]);
    let first = matters as f64 / opened;
    let what = "of these: opened with their first step".to_owned();
    table.row(&[what, format!("{}/s", figure(first)), Aim::None.beside(first)]);
    let last = matters as f64 / approved;
    let what = "of these: approved, done and kept as ended".to_owned();
    table.row(&[what, format!("{}/s", figure(last)), Aim::None.beside(last)]);
}

fn queues(table: &Table, ended: usize) {
    let folder = Folder::new("queues");
    let address = folder.books();
    let engine = bank(&address);
    hand_in(&engine, (0..WAITING).map(opening).collect());
    let mut kept = store(&address);
    for from in (0..ended).step_by(100_000) {
        let records: Vec<Record> = (from..(from + 100_000).min(ended)).map(record).collect();
        kept.mend_records(BANK, &records, &[]).expect("the store takes records");
    }
    let state = engine.look(bank::State::clone).expect("the engine looks");
    let list = Pace::repeat(Duration::from_secs(2), 1_000, |_| {
        let list = queue::list(&state, "zong", &Queue::Mine, MORNING);
        assert_eq!(list.len(), WAITING, "all wait for one operator");
    });
    let what = format!("queue of {} open matters, {} ended", count(WAITING), count(ended));
    let p99 = list.at_ms(0.99);
    table.row(&[what, format!("{} ms p99", figure(p99)), Aim::AtMost(20.0, " ms").beside(p99)]);
    let query = RecordQuery {
        code: Some("CASH-020".into()),
        institutions: vec!["0101".into()],
        limit: 50,
        ..RecordQuery::default()
    };
    let page = Pace::repeat(Duration::from_secs(2), 1_000, |_| {
        kept.records(BANK, &query).expect("the store lists").len()
    });
    let p99 = page.at_ms(0.99);
    let what = format!("page of 50 from {} ended matters", count(ended));
    table.row(&[what, format!("{} ms p99", figure(p99)), Aim::AtMost(30.0, " ms").beside(p99)]);
}

fn record(no: usize) -> Record {
    let id = 1_000_000 + no as u64;
    Record {
        id,
        code: format!("CASH-{:03}", no % 40),
        number: format!("N-{id}"),
        institution: format!("{:04}", 101 + no % 50),
        opened: first_day().0,
        ended: first_day().0,
        state: "done".into(),
        opener: format!("o{}", no % 500),
        body: json!({ "id": id }).to_string().into_bytes().into(),
    }
}

fn ranges(table: &Table) {
    let mut custody = Custody::default();
    let range = |no: u64| Range {
        kind: "cheque".into(),
        prefix: "A".into(),
        from: no * 50 + 1,
        to: no * 50 + 25,
    };
    let bring = |no: u64| Move::Stock {
        range: range(no),
        from: custody::OUTSIDE.into(),
        to: format!("{:04}/branch", no % 1_000),
        order: Order::Any,
    };
    for from in (0..RANGES).step_by(1_000) {
        let moves: Vec<Move> = (from..from + 1_000).map(bring).collect();
        custody.apply(&moves).expect("new numbers");
    }
    let pace = Pace::repeat(Duration::from_secs(3), 200_000, |at| {
        let no = (at as u64).wrapping_mul(7_919) % RANGES;
        let place = format!("{:04}/branch", no % 1_000);
        let out = Move::Stock {
            range: range(no),
            from: place.clone(),
            to: "0000/transit/1".into(),
            order: Order::Any,
        };
        let undo = custody.apply(&[out]).expect("the range is there");
        custody.undo(undo);
    });
    // There and back again are two moves.
    let micros = 1e6 / pace.per_second() / 2.0;
    let what = format!("one range moved, of {}", count(RANGES as usize));
    table.row(&[what, format!("{} µs", figure(micros)), Aim::AtMost(10.0, " µs").beside(micros)]);
}

fn rulebooks(table: &Table) {
    let mut files = rulebook();
    let matters: Vec<(String, String)> =
        files.iter().filter(|(_, text)| text.contains("kind   = \"matter\"")).cloned().collect();
    let mut no = 0;
    while files.len() < FILES {
        let (path, text) = &matters[no % matters.len()];
        let code = text.lines().find(|line| line.starts_with("code")).expect("a file has a code");
        let other = text.replacen(code, &format!("code   = \"COPY-{no}\""), 1);
        files.push((path.replace(".toml", &format!("_{no}.toml")), other));
        no += 1;
    }
    // Never the very files that were read before: those are not read again.
    if let Some((_, text)) = files.iter_mut().find(|(path, _)| path.ends_with(".toml")) {
        text.push_str("# measured\n");
    }
    let (found, seconds) = timed(|| {
        let rulebook = Rulebook::parse(&files).expect("the shipped rulebook reads");
        checker::check(&rulebook).len()
    });
    assert_eq!(found, 0, "the shipped rulebook passes");
    let what = format!("rulebook of {} files read and checked", count(files.len()));
    table.row(&[what, format!("{} s", figure(seconds)), Aim::AtMost(2.0, " s").beside(seconds)]);
}
