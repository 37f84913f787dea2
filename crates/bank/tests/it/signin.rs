//! 登录规则: the dated numbers as the service reads them, and what a password must be.

use crate::checker::base_rulebook;
use crate::desk::{Desk, InProcess};
use crate::pages::rulebook_files;
use crate::runner::{Cast, found};
use bank::form::OperatorForm;
use bank::image;
use bank::office::event::Event;
use bank::office::people::Operator;
use bank::office::signin::Policy;
use bank::rulebook::Rulebook;
use bank::state::State;
use ledger::fact::Fact;
use std::path::Path;

fn founded(files: Vec<(String, String)>) -> State {
    let mut desk = InProcess::new(Rulebook::parse(&files).unwrap());
    found(&mut desk, &files, &Cast::default());
    desk.state().clone()
}

fn shipped() -> State {
    founded(rulebook_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook")))
}

fn set(state: &mut State, code: &str, days_on: i32, is: &str) {
    let (code, from) = (code.to_owned(), state.book.today.plus(days_on));
    let event = Event::NumberSet { code, from, is: is.to_owned(), source: "a test".to_owned() };
    state.apply(&Fact::Office { event: event.written() }).unwrap();
}

#[test]
fn the_shipped_rules_are_the_usual_ones_which_hold_where_a_rulebook_has_none() {
    let numbers = shipped();
    let codes = numbers.book.chart.numbers.by_code.keys();
    assert_eq!(codes.filter(|code| code.starts_with("signin.")).count(), 12);
    assert_eq!(Policy::of(&numbers), Policy::USUAL);
    assert_eq!(Policy::of(&founded(base_rulebook().into_iter().collect())), Policy::USUAL);
}

#[test]
fn each_number_is_read_from_the_day_on_which_it_holds() {
    let mut state = shipped();
    let codes: Vec<String> = state.book.chart.numbers.by_code.keys().cloned().collect();
    for code in codes.iter().filter(|code| code.starts_with("signin.")) {
        set(&mut state, code, 1, "9");
        set(&mut state, code, 0, "2");
    }
    let twos = Policy {
        password_least: 2,
        password_classes: 2,
        password_days: 2,
        password_history: 2,
        failures_max: 2,
        lockout_minutes: 2,
        idle_minutes: 2,
        session_hours: 2,
        second_minutes: 2,
        once_hours: 2,
        token_days: 2,
        second_factor: true,
    };
    assert_eq!(Policy::of(&state), twos);
}

#[test]
fn a_nought_or_a_slip_keeps_nobody_out() {
    let mut state = shipped();
    let codes: Vec<String> = state.book.chart.numbers.by_code.keys().cloned().collect();
    for code in codes.iter().filter(|code| code.starts_with("signin.")) {
        set(&mut state, code, 0, "0");
    }
    set(&mut state, "signin.password_classes", 0, "7");
    set(&mut state, "signin.token_days", 0, "99999999999");
    let policy = Policy::of(&state);
    let least = [policy.failures_max, policy.idle_minutes, policy.session_hours];
    assert_eq!(least, [1; 3]);
    assert_eq!([policy.second_minutes, policy.once_hours, policy.password_least], [1; 3]);
    assert_eq!([policy.lockout_minutes, policy.password_days, policy.password_history], [0; 3]);
    assert_eq!((policy.password_classes, policy.token_days), (4, u32::MAX));
    assert!(!policy.second_factor);
}

/// An image from before resets says nothing of them, and is read as saying that there was none.
#[test]
fn an_image_keeps_when_a_password_was_reset() {
    let files: Vec<(String, String)> = base_rulebook().into_iter().collect();
    let ana = OperatorForm {
        operator: "ana".into(),
        name: "ana".into(),
        institution: "0101".into(),
        posts: Vec::new(),
    };
    let mut desk = InProcess::new(Rulebook::parse(&files).unwrap());
    found(&mut desk, &files, &Cast { operators: vec![ana], ..Cast::default() });
    let mut state = desk.state().clone();
    let reset = |state: &State| state.office.people.operators["ana"].password_reset;
    assert_eq!(reset(&image::read(&image::write(&state)).unwrap()), None);
    let (operator, document) = ("ana".to_owned(), "MMCZ-20260105-0001".to_owned());
    let event = Event::PasswordReset { operator, at: 1_767_575_760_000_001, document };
    state.apply(&Fact::Office { event: event.written() }).unwrap();
    assert_eq!(reset(&state), Some(1_767_575_760_000_001));
    let read = image::read(&image::write(&state)).unwrap();
    assert_eq!(read.office.people, state.office.people);
    let before = r#"{"name":"安娜","institution":1,"standing":"active","grants":[]}"#;
    let before: Operator = serde_json::from_str(before).unwrap();
    assert_eq!(before.password_reset, None);
    assert_eq!(serde_json::to_value(&before).unwrap().get("password_reset"), None);
}

#[test]
fn a_password_is_judged() {
    let said = |password: &str| match Policy::USUAL.check(password, "010123") {
        Ok(()) => "fine",
        Err(refusal) => {
            assert_eq!(refusal.field, "password");
            let told = format!("{}{}", refusal.zh, refusal.en);
            assert!(password.is_empty() || !told.contains(password));
            refusal.code
        }
    };
    for (password, code) in [
        ("", "PasswordShort"),
        ("Ab3-efghi", "PasswordShort"),
        ("Tr0ubadour-", "fine"),
        ("correct-horse-9", "fine"),
        ("correct horse", "PasswordPlain"),
        ("CORRECTHORSE9", "PasswordPlain"),
        ("密码是九个字以上的话呀", "PasswordPlain"),
        ("密码Mima不短2026x", "fine"),
        ("Kx-010123-mq", "PasswordHasOperator"),
        ("Password123", "PasswordCommon"),
        ("P@ssw0rd2026!", "PasswordCommon"),
        ("Admin@123456", "PasswordCommon"),
        ("1qaz@WSX3edc", "PasswordCommon"),
        ("Aa123456789", "PasswordCommon"),
        ("Woaini5201314", "PasswordCommon"),
        ("Abcdefpq9173", "fine"),
    ] {
        assert_eq!(said(password), code, "{password}");
    }
    assert_eq!(said(&format!("Aa1{}", "x".repeat(254))), "TooLong");
    assert_eq!(said(&format!("Aa1{}", "x".repeat(253))), "fine");
}

#[test]
fn the_operators_number_is_found_in_any_case_and_the_rules_are_the_policys() {
    let easy = Policy { password_least: 4, password_classes: 1, ..Policy::USUAL };
    let code = |password, operator| easy.check(password, operator).err().map(|one| one.code);
    assert_eq!(code("xxANAyy", "ana"), Some("PasswordHasOperator"));
    assert_eq!(code("xxanayy", "ANA"), Some("PasswordHasOperator"));
    assert_eq!(code("xkcdq", ""), None);
    assert_eq!(code("1234567890", "ana"), Some("PasswordCommon"));
    assert_eq!(code("8888-8888", "ana"), Some("PasswordCommon"));
    assert_eq!(code("!!!!", "ana"), Some("PasswordCommon"), "nothing but signs");
    assert_eq!(code("91-70-33-8", "ana"), None);
}
