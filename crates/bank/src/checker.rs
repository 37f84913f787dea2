//! The checker (规则检查): what a rulebook must be before it may come into force, beyond being
//! read. It walks every matter through everything that its conditions can be, and proves that
//! nobody whom the posts allow carries one that moves money or things from start to end alone.

mod alone;
mod arguments;
mod flow;
pub mod rights;
mod way;

use crate::office::definition::{Field, FieldKind, Matter};
use crate::rulebook::Rulebook;
use std::fmt;

/// What is wrong with a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable: `OneAlone`, `DeadEnd`.
    pub code: &'static str,
    pub file: String,
    pub matter: String,
    pub zh: String,
    pub en: String,
    /// The path that shows it, step by step.
    pub path: Vec<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, file, matter, zh, en, path } = self;
        write!(f, "{file}: {code} {matter}: {zh} / {en}")?;
        if path.is_empty() { Ok(()) } else { write!(f, " [{}]", path.join(" → ")) }
    }
}

/// Codes of all findings, with what each means.
pub const CODES: [(&str, &str, &str); 10] = [
    ("OneAlone", "一人可从头办到尾", "one person can carry the matter from start to end"),
    ("DeadEnd", "事项没有结局或无人可办", "the matter turns for ever, or waits for nobody"),
    ("Unreachable", "步骤走不到", "no way leads to the step"),
    ("VotesShort", "可投票的人少于应有票数", "fewer people may vote than votes are needed"),
    ("TransitLeft", "发出后未到达", "what was sent is never received"),
    ("TransitEmpty", "未发出就接收", "what is received was never sent"),
    ("FieldTooLate", "用到的要素还没有填写", "a field is used before anybody gave it"),
    ("NotBooked", "移动没有对方科目", "a move of cash has no other side in the books"),
    ("WrongArgument", "参数类型不符", "an argument is of another kind"),
    ("TooManyWays", "条件组合太多", "conditions can turn out in too many ways to walk"),
];

/// Everything that is wrong with a rulebook's matters; empty if it may come into force.
pub fn check(rulebook: &Rulebook) -> Vec<Finding> {
    let mut findings = Vec::new();
    for matter in rulebook.office.matters.values() {
        let mut found = Found { matter, findings: &mut findings };
        arguments::check(rulebook, &mut found);
        let Some(ways) = way::ways(matter) else {
            let zh = format!("条件组合超过 {}，请拆分事项", way::WAYS_MAX);
            let en = format!("more than {} ways: make two matters of it", way::WAYS_MAX);
            found.add("TooManyWays", (zh, en), Vec::new());
            continue;
        };
        flow::check(rulebook, &ways, &mut found);
        alone::check(rulebook, &ways, &mut found);
    }
    findings
}

/// Collects the findings of a matter.
struct Found<'a> {
    matter: &'a Matter,
    findings: &'a mut Vec<Finding>,
}

impl Found<'_> {
    fn add(&mut self, code: &'static str, (zh, en): (String, String), path: Vec<String>) {
        let (file, matter) = (self.matter.file.clone(), self.matter.code.clone());
        let finding = Finding { code, file, matter, zh, en, path };
        // One path shows it; others with the same sentence would only repeat it.
        let known = self.findings.iter().any(|known| {
            known.code == finding.code && known.file == finding.file && known.en == finding.en
        });
        if !known {
            self.findings.push(finding);
        }
    }
}

fn names(matter: &Matter, path: &[usize]) -> Vec<String> {
    path.iter().map(|step| matter.steps[*step].name.clone()).collect()
}

fn is_place(field: &Field) -> Option<&[String]> {
    match &field.kind {
        FieldKind::Place(kinds) => Some(kinds),
        _ => None,
    }
}
