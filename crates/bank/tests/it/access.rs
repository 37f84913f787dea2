//! 功能权限: who may do what is no matter, and where.

use crate::checker::{base_rulebook, file};
use crate::desk::{Desk, InProcess};
use crate::pages::rulebook_files;
use crate::runner::{Cast, found};
use bank::door::Command;
use bank::form::OperatorForm;
use bank::office::access::{Function, Reach, Scope, scope};
use bank::office::event::{Event, Standing};
use bank::rulebook::Rulebook;
use bank::state::State;
use ledger::Day;
use ledger::entry::InstitutionId;
use ledger::fact::Fact;
use std::collections::BTreeSet;
use std::path::Path;

const HEAD: InstitutionId = InstitutionId(0);
const EAST: InstitutionId = InstitutionId(1);
const WEST: InstitutionId = InstitutionId(2);

const ACCESS: &str = r#"
access = [
    { code = "accounts.read", zh = "查", en = "read", posts = ["clerk", "teller"], at = "own" },
    { code = "audit.read", zh = "查", en = "read", posts = ["boss", "teller"], at = "head" },
    { code = "rulebook.read", zh = "查", en = "read", posts = ["teller"], at = "any" },
]
"#;

fn bank() -> InProcess {
    let mut files = base_rulebook();
    let body: Vec<&str> = ACCESS.trim().lines().collect();
    files.insert("t/access.toml".to_owned(), file("access", "t/access.toml", &body));
    let files: Vec<(String, String)> = files.into_iter().collect();
    let operators = [
        ("ana", "0101", "teller"),
        ("bo", "0101", "teller,teller@0102,keeper"),
        ("cai", "0000", "teller,boss"),
        ("deng", "0102", "boss,keeper"),
        ("er", "0102", "boss@0000"),
    ];
    let operators = operators.map(|(operator, institution, posts)| OperatorForm {
        operator: operator.into(),
        name: operator.into(),
        institution: institution.into(),
        posts: posts.split(',').map(Into::into).collect(),
    });
    let cast = Cast { operators: operators.to_vec(), ..Cast::default() };
    let mut desk = InProcess::new(Rulebook::parse(&files).unwrap());
    found(&mut desk, &files, &cast);
    desk
}

fn applied(desk: &InProcess, event: &Event) -> State {
    let mut state = desk.state().clone();
    state.apply(&Fact::Office { event: event.written() }).unwrap();
    state
}

#[test]
fn a_function_is_had_where_the_post_is_held() {
    let desk = bank();
    let has = |operator, function| scope(desk.state(), operator, function);
    let read = Function::AccountsRead;
    assert_eq!(has("ana", read), Some(Scope::Below(vec![EAST])));
    assert_eq!(has("bo", read), Some(Scope::Below(vec![EAST, WEST])));
    assert_eq!(has("cai", read), Some(Scope::Everywhere), "all lie below the head office");
    assert_eq!(has("deng", read), None, "no post of the row");
    assert_eq!(has("nobody", read), None);
}

#[test]
fn a_function_of_the_head_office_is_had_there_alone_and_one_of_any_place_everywhere() {
    let desk = bank();
    let has = |operator, function| scope(desk.state(), operator, function);
    assert_eq!(has("cai", Function::AuditRead), Some(Scope::Everywhere));
    assert_eq!(has("er", Function::AuditRead), Some(Scope::Everywhere));
    assert_eq!(has("deng", Function::AuditRead), None, "boss at a branch");
    assert_eq!(has("ana", Function::AuditRead), None, "teller at a branch");
    assert_eq!(has("ana", Function::RulebookRead), Some(Scope::Everywhere));
    assert_eq!(has("deng", Function::RulebookRead), None);
    for function in [Function::EntriesPost, Function::TokensManage] {
        assert_eq!(has("cai", function), None, "a function without a row is nobody's");
    }
}

#[test]
fn a_scope_covers_the_institutions_below() {
    let desk = bank();
    let book = &desk.state().book;
    let east = Scope::Below(vec![EAST]);
    assert!(east.covers(book, EAST));
    assert!(!east.covers(book, WEST) && !east.covers(book, HEAD));
    let head = Scope::Below(vec![HEAD]);
    for at in [HEAD, EAST, WEST] {
        assert!(head.covers(book, at) && Scope::Everywhere.covers(book, at));
    }
}

#[test]
fn only_the_active_have_it_and_only_while_the_post_is_held() {
    let desk = bank();
    let has = |state: &State| scope(state, "ana", Function::AccountsRead);
    for standing in [Standing::Locked, Standing::Stopped] {
        let (operator, reason) = ("ana".to_owned(), "x".to_owned());
        let event = Event::StandingChanged { operator, standing, reason };
        assert_eq!(has(&applied(&desk, &event)), None);
    }
    let (operator, post) = ("ana".to_owned(), "teller".to_owned());
    let (institution, document) = (EAST, String::new());
    let revoked = applied(&desk, &Event::Revoked { operator, post, institution, document });
    assert_eq!(has(&revoked), None);
    let today = desk.state().book.today;
    let granted = |from: Day, until| Event::Granted {
        operator: "ana".to_owned(),
        post: "clerk".to_owned(),
        institution: WEST,
        from,
        until,
        document: String::new(),
    };
    let at_both = Some(Scope::Below(vec![EAST, WEST]));
    assert_eq!(has(&applied(&desk, &granted(today, Some(today)))), at_both);
    for (from, until) in [(1, None), (-2, Some(today.plus(-1)))] {
        let other = applied(&desk, &granted(today.plus(from), until));
        assert_eq!(has(&other), Some(Scope::Below(vec![EAST])), "from {from} days on");
    }
}

fn shipped() -> Rulebook {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook");
    Rulebook::parse(&rulebook_files(&root)).unwrap()
}

fn posts_of<'a>(rulebook: &'a Rulebook, functions: &[Function]) -> BTreeSet<&'a str> {
    let rows = functions.iter().map(|function| &rulebook.office.access[function]);
    rows.flat_map(|row| row.posts.iter().map(String::as_str)).collect()
}

/// Every function is somebody's, and who moves money gives nobody access: by no post, nor by two
/// that one person may hold.
#[test]
fn in_the_shipped_rulebook_who_posts_manages_nobodys_access() {
    let rulebook = shipped();
    assert_eq!(rulebook.office.access.len(), Function::all().count());
    let books = [
        Function::AccountsOpen,
        Function::AccountsChange,
        Function::EntriesPost,
        Function::EntriesCorrect,
        Function::HoldsPlace,
        Function::HoldsRelease,
    ];
    let access = [Function::TokensManage, Function::CredentialsIssue];
    let apart = &rulebook.office.apart;
    for one in posts_of(&rulebook, &books) {
        for other in posts_of(&rulebook, &access) {
            let kept = |row: &bank::office::definition::Apart| {
                let has = |post: &str| row.posts.iter().any(|known| known == post);
                has(one) && has(other)
            };
            assert!(one != other && apart.iter().any(kept), "{one}, {other}");
        }
    }
    let readers = posts_of(&rulebook, &[Function::AuditRead]);
    let writers = posts_of(&rulebook, &books);
    assert_eq!(readers.intersection(&writers).count(), 0, "the trail is read by others");
    let teller =
        rulebook.office.access.iter().filter(|(_, row)| {
            row.posts.iter().any(|post| post == "teller") && row.at != Reach::Own
        });
    assert_eq!(teller.count(), 0, "a teller sees the own branch");
}

#[test]
fn the_readme_of_the_rulebook_names_every_function() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook/README.md");
    let text = std::fs::read_to_string(path).unwrap();
    let missing: Vec<&str> = Function::all()
        .map(Function::code)
        .filter(|code| !text.contains(&format!("`{code}`")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The small rulebook's bank goes on when a rulebook without any rights comes into force.
#[test]
fn a_rulebook_without_rights_leaves_nobody_any() {
    let mut desk = bank();
    let mut files = base_rulebook();
    files.remove("t/access.toml");
    desk.decide(Command::ActivateRulebook { files: files.into_iter().collect() }).unwrap();
    assert!(Function::all().all(|function| scope(desk.state(), "cai", function).is_none()));
}
