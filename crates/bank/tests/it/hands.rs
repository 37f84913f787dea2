//! Who may have which hand beside another, at a bank with the small rulebook of the page of wrong
//! rulebooks.

use crate::checker::{base_rulebook, file};
use crate::desk::{Desk as _, InProcess};
use crate::runner::{Cast, Runner, found};
use bank::Command;
use bank::form::OperatorForm;
use bank::rulebook::Rulebook;
use ledger::Day;
use std::collections::BTreeMap;

/// Two keepers, one of whom may be the maker; then a vote of two, in which anybody may have had a
/// hand before; then whom a field names.
const MATTER: &str = r#"
number = "H-{seq:5}"
keep = "office"
[fields.judges]
type = "operators"
min = 2
max = 3
title = { zh = "评审", en = "Judges" }
[[step]]
name = "ask"
title = { zh = "申请", en = "Ask" }
hands = [{ as = "maker", post = "clerk" }]
[[step]]
name = "keep"
title = { zh = "保管", en = "Keep" }
hands = [{ as = "custodian", post = "keeper", count = 2,
    may_repeat = { zh = "人少", en = "few people" } }]
[[step]]
name = "decide"
title = { zh = "表决", en = "Decide" }
mode = "vote"
votes = 2
hands = [
    { as = "countersigner", post = "keeper", may_repeat = { zh = "人少", en = "few people" } },
    { as = "countersigner", post = "teller", count = 2,
      may_repeat = { zh = "人少", en = "few people" } },
]
[[step]]
name = "judge"
title = { zh = "评审", en = "Judge" }
hands = [{ as = "witness", who = "judges", may_repeat = { zh = "人少", en = "few people" } }]
"#;

fn bank() -> Runner {
    let mut files = base_rulebook();
    let body: Vec<&str> = MATTER.trim_start().lines().collect();
    files.insert("t/hands.toml".to_owned(), file("matter", "t/hands.toml", &body));
    let year = include_str!("../../../../rulebook/calendar/2026.json");
    files.insert("calendar/2026.json".to_owned(), year.to_owned());
    let files: Vec<(String, String)> = files.into_iter().collect();
    let operators = [("ana", "clerk,keeper,teller"), ("bo", "keeper"), ("cai", "teller")];
    let operators = operators.map(|(operator, posts)| OperatorForm {
        operator: operator.into(),
        name: operator.into(),
        institution: "0000".into(),
        posts: posts.split(',').map(Into::into).collect(),
    });
    let cast = Cast { operators: operators.to_vec(), ready: BTreeMap::new() };
    let mut desk = InProcess::new(Rulebook::parse(&files).unwrap());
    found(&mut desk, &files, &cast);
    desk.decide(Command::OpenDay { day: Some(Day::new(2026, 1, 5)) }).unwrap();
    Runner::at(Box::new(desk), &cast)
}

fn said(bank: &mut Runner, line: &str) -> String {
    bank.run(line).split(['[', ':']).next().unwrap().trim().to_owned()
}

#[test]
fn one_person_is_not_two() {
    let mut bank = bank();
    let open = "as ana open t/hands.toml judges=ana,bo";
    assert_eq!(said(&mut bank, open), "#1 H-00001 keep");
    assert_eq!(said(&mut bank, "as ana keep 1"), "#1 H-00001 keep");
    assert_eq!(said(&mut bank, "as ana keep 1"), "refused OneHandOnly");
    assert_eq!(said(&mut bank, "as bo keep 1"), "#1 H-00001 decide");
}

#[test]
fn nobody_votes_twice() {
    let mut bank = bank();
    said(&mut bank, "as ana open t/hands.toml judges=ana,bo");
    said(&mut bank, "as ana+bo keep 1");
    assert_eq!(said(&mut bank, "as ana decide 1"), "#1 H-00001 decide");
    assert_eq!(said(&mut bank, "as ana decide 1"), "refused OneHandOnly");
    assert_eq!(said(&mut bank, "as cai decide 1"), "#1 H-00001 judge");
    assert_eq!(said(&mut bank, "as ana judge 1"), "#1 H-00001 judge");
    assert_eq!(said(&mut bank, "as ana judge 1"), "refused OneHandOnly");
    assert_eq!(said(&mut bank, "as bo judge 1"), "#1 H-00001");
}

#[test]
fn those_whom_a_field_names_are_different_and_as_many_as_it_asks() {
    let mut bank = bank();
    for (judges, no) in
        [("ana,ana", "OutOfBounds"), ("ana", "OutOfBounds"), ("ana,bo,cai,di", "OutOfBounds")]
    {
        let open = format!("as ana open t/hands.toml judges={judges}");
        assert_eq!(said(&mut bank, &open), format!("refused {no}"));
    }
}
