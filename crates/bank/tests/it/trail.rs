//! 审计日志: notes change nothing, a lock-out locks, and the journal tells both again.

use crate::checker::base_rulebook;
use crate::desk::{Desk, InProcess};
use crate::runner::{Cast, found};
use bank::door::{Answer, Command};
use bank::form::OperatorForm;
use bank::image;
use bank::office::event::{Event, Standing};
use bank::office::trail::{Kind, LockOut, NOTES_MAX, Note};
use bank::rulebook::Rulebook;
use ledger::fact::Fact;

fn bank() -> InProcess {
    let files: Vec<(String, String)> = base_rulebook().into_iter().collect();
    let ana = OperatorForm {
        operator: "ana".into(),
        name: "ana".into(),
        institution: "0101".into(),
        posts: vec!["teller".into()],
    };
    let mut desk = InProcess::new(Rulebook::parse(&files).unwrap());
    found(&mut desk, &files, &Cast { operators: vec![ana], ..Cast::default() });
    desk
}

fn note(kind: Kind) -> Note {
    let (operator, from) = ("ana".into(), "10.0.0.7:5000".into());
    Note { at: 7, operator, kind, about: "account 1".into(), from, note: "from a test".into() }
}

fn lock_out(operator: &str, reason: &str) -> Command {
    let (operator, reason) = (operator.to_owned(), reason.to_owned());
    Command::LockOut(LockOut { operator, at: 9, reason, from: "10.0.0.7".into() })
}

#[test]
fn notes_are_facts_that_change_nothing() {
    let mut desk = bank();
    let before = image::write(desk.state());
    let notes: Vec<Note> = Kind::ALL.into_iter().map(note).collect();
    assert_eq!(desk.decide(Command::Note(notes.clone())).unwrap(), Answer::Done);
    assert!(image::write(desk.state()) == before);
    let facts = desk.facts().to_vec();
    assert_eq!(facts.len(), notes.len());
    let mut again = bank().state().clone();
    for (fact, note) in facts.iter().zip(&notes) {
        let Fact::Office { event } = fact else { panic!("{fact:?}") };
        let text: serde_json::Value = serde_json::from_str(event.text()).unwrap();
        assert_eq!((&text["office"], &text["kind"]), (&"noted".into(), &note.kind.code().into()));
        assert_eq!(Event::read(event).unwrap(), Event::Noted(note.clone()));
        again.apply(fact).unwrap();
    }
    assert!(image::write(&again) == before);
}

#[test]
fn whoever_fails_to_sign_in_is_noted_though_nobody_has_the_number() {
    let typed = "' or 1=1\n".to_owned();
    let failed = Note { operator: typed, about: String::new(), ..note(Kind::SignInFailed) };
    bank().decide(Command::Note(vec![failed])).unwrap();
}

#[test]
fn what_a_note_holds_is_bounded() {
    let long = |bytes| "x".repeat(bytes);
    let read = || note(Kind::Read);
    let cases = [
        (Note { operator: String::new(), ..read() }, "FieldMissing", "operator"),
        (Note { operator: long(241), ..read() }, "TooLong", "operator"),
        (Note { about: String::new(), ..read() }, "FieldMissing", "about"),
        (Note { about: long(241), ..read() }, "TooLong", "about"),
        (Note { from: long(101), ..read() }, "TooLong", "from"),
        (Note { note: long(1_001), ..read() }, "TooLong", "note"),
    ];
    for (wrong, code, field) in cases {
        let mut desk = bank();
        let refusal = desk.decide(Command::Note(vec![read(), wrong])).unwrap_err();
        assert_eq!((refusal.code, &*refusal.field), (code, &*format!("notes[1].{field}")));
        assert_eq!(desk.facts(), [], "all or none");
    }
    let code = |notes| bank().decide(Command::Note(notes)).unwrap_err().code;
    assert_eq!(code(Vec::new()), "FieldMissing");
    assert_eq!(code(vec![read(); NOTES_MAX + 1]), "TooManyRows");
    bank().decide(Command::Note(vec![read(); NOTES_MAX])).unwrap();
}

#[test]
fn who_is_locked_out_is_locked_and_the_trail_says_why() {
    let mut desk = bank();
    desk.decide(lock_out("ana", "连续输错密码")).unwrap();
    assert_eq!(desk.state().office.people.operators["ana"].standing, Standing::Locked);
    let mut again = bank().state().clone();
    let events: Vec<Event> = desk
        .facts()
        .iter()
        .map(|fact| {
            again.apply(fact).unwrap();
            let Fact::Office { event } = fact else { panic!("{fact:?}") };
            Event::read(event).unwrap()
        })
        .collect();
    assert!(image::write(&again) == image::write(desk.state()));
    let [Event::StandingChanged { reason, .. }, Event::Noted(line)] = &*events else {
        panic!("{events:?}")
    };
    assert_eq!(
        (&**reason, &*line.note, line.kind),
        ("连续输错密码", "连续输错密码", Kind::LockedOut)
    );
    assert_eq!(desk.decide(lock_out("ana", "again")).unwrap_err().code, "OperatorNotActive");
}

#[test]
fn only_an_operator_is_locked_out_and_for_a_reason() {
    let mut desk = bank();
    let mut refused = |operator, reason: &str| {
        let refusal = desk.decide(lock_out(operator, reason)).unwrap_err();
        (refusal.code, refusal.field)
    };
    assert_eq!(refused("bo", "x"), ("UnknownThing", "operator".into()));
    assert_eq!(refused("ana", ""), ("FieldMissing", "reason".into()));
    assert_eq!(refused("ana", &"x".repeat(1_001)), ("TooLong", "reason".into()));
}

#[test]
fn kinds_are_written_by_their_codes() {
    for kind in Kind::ALL {
        let written = serde_json::to_value(kind).unwrap();
        assert_eq!(written, kind.code());
        assert!(!kind.zh().is_ascii() && kind.en().is_ascii());
    }
}
