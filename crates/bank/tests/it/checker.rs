//! What the loader and the checker refuse: the page of wrong rulebooks beside this file, and the
//! shipped rulebook, in which nothing is found.

use crate::desk::{Desk, InProcess};
use crate::pages::{first_difference, rulebook_files};
use crate::runner::{Cast, found};
use bank::checker::{CODES, check};
use bank::door::Command;
use bank::form::OperatorForm;
use bank::office::definition::Apart;
use bank::rulebook::Rulebook;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Codes of the loader that matters, posts, places and stock are refused with.
const LOADER: [&str; 10] = [
    "Contradiction",
    "DuplicateCode",
    "HandIncomplete",
    "Malformed",
    "MissingKey",
    "SourceMissing",
    "TitleMissing",
    "UnknownKey",
    "UnknownReference",
    "WrongValue",
];

pub type Files = BTreeMap<String, String>;

#[test]
fn each_wrong_rulebook_is_refused_with_its_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/wrong_rulebooks.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut page = Page::default();
    page.read(&text);
    if std::env::var("UPDATE").is_ok() {
        std::fs::write(&path, &page.out).unwrap();
    } else {
        assert!(page.out == text, "{} (UPDATE=1)", first_difference(&text, &page.out));
    }
    assert!(page.wrong.is_empty(), "{}", page.wrong.join("\n"));
    let all = CODES.iter().map(|(code, ..)| *code).chain(LOADER);
    let missing: Vec<&str> = all.filter(|code| !page.seen.contains(*code)).collect();
    assert!(missing.is_empty(), "no mistake is refused with {missing:?}");
}

#[test]
fn nothing_is_found_in_the_shipped_rulebook() {
    let found = check(&shipped());
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn shipped() -> Rulebook {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook");
    Rulebook::parse(&rulebook_files(&root)).unwrap()
}

/// Every two posts of a row keep each other apart: nobody is given both, in whatever order, and the
/// checker takes nobody for somebody who has both.
#[test]
fn posts_kept_apart_exclude_each_other() {
    let rulebook = shipped();
    let nobody = Cast { operators: Vec::new(), ready: BTreeMap::new() };
    let mut bank = InProcess::new(rulebook.clone());
    found(&mut bank, &rulebook.files, &nobody);
    let all = &rulebook.office.apart;
    for apart in all {
        for first in &apart.posts {
            for second in apart.posts.iter().filter(|second| *second != first) {
                let mut bank = bank.clone();
                let both = OperatorForm {
                    operator: "both".into(),
                    name: "两岗".into(),
                    institution: "0000".into(),
                    posts: vec![first.clone(), second.clone()],
                };
                let said = bank.decide(Command::Enrol(vec![both]));
                assert_eq!(said.unwrap_err().code, "PostsApart", "{first}, {second}");
                assert!(is_carried(&rulebook, first, second, &[]), "{first}, {second}");
                assert!(!is_carried(&rulebook, first, second, all), "{first}, {second}");
            }
        }
    }
}

/// Whether the checker says that one person carries a matter whose two hands have these posts.
fn is_carried(rulebook: &Rulebook, first: &str, second: &str, apart: &[Apart]) -> bool {
    let mut files = base_rulebook();
    let own = ["clerk", "boss", "chief", "keeper", "teller"];
    let posts = rulebook.office.posts.keys().map(String::as_str);
    let posts: BTreeSet<&str> = posts.chain(own).collect();
    let mut rows: Vec<String> = vec!["post = [".to_owned()];
    rows.extend(
        posts.iter().map(|code| format!("{{ code = \"{code}\", zh = \"岗\", en = \"Post\" }},")),
    );
    rows.push("]\napart = [".to_owned());
    rows.extend(apart.iter().map(|apart| {
        format!(
            "{{ posts = {:?}, why = {{ zh = \"由\", en = \"w\" }}, source = \"s\" }},",
            apart.posts
        )
    }));
    rows.push("]".to_owned());
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    files.insert("t/posts.toml".to_owned(), file("posts", "t/posts.toml", &rows));
    let matter = files.get_mut("t/transfer.toml").unwrap();
    let (head, _) = matter.split_once("[[step]]").unwrap();
    *matter = format!(
        "{head}[[step]]\nname = \"a\"\ntitle = {{ zh = \"甲\", en = \"a\" }}\n\
         hands = [{{ as = \"maker\", post = \"{first}\" }}]\n\
         [[step]]\nname = \"b\"\ntitle = {{ zh = \"乙\", en = \"b\" }}\n\
         hands = [{{ as = \"checker\", post = \"{second}\",\n\
         may_repeat = {{ zh = \"人少\", en = \"few\" }} }}]\n\
         move = [{{ what = \"notes\", from = \"from\", to = \"to\" }}]\n"
    );
    let parsed = Rulebook::parse(&files.into_iter().collect::<Vec<_>>()).unwrap();
    check(&parsed).iter().any(|found| found.code == "OneAlone")
}

/// The small rulebook that is right, by path.
pub fn base_rulebook() -> Files {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/wrong_rulebooks.md");
    let mut page = Page::default();
    page.read(std::fs::read_to_string(path).unwrap().split("\n## What is").next().unwrap());
    page.base
}

/// A page being read: the rulebook that is right, and how the mistakes in it are answered.
#[derive(Default)]
struct Page {
    base: Files,
    out: String,
    code: String,
    seen: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Page {
    fn read(&mut self, text: &str) {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            self.out.push_str(line);
            self.out.push('\n');
            if let Some(code) = line.strip_prefix("## ") {
                code.clone_into(&mut self.code);
            }
            let Some(fence) = line.strip_prefix("```").filter(|fence| !fence.is_empty()) else {
                continue;
            };
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            match fence.split(' ').collect::<Vec<_>>().as_slice() {
                ["wrong"] => self.answer(&block, &BTreeSet::from([self.code.clone()])),
                ["right"] => self.answer(&block, &BTreeSet::new()),
                ["toml", kind, path] => {
                    let text = file(kind, path, &block);
                    self.base.insert((*path).to_owned(), text);
                    block.iter().for_each(|line| self.out.push_str(&format!("{line}\n")));
                }
                other => panic!("no block is called {other:?}"),
            }
            self.out.push_str("```\n");
        }
    }

    fn answer(&mut self, block: &[&str], wanted: &BTreeSet<String>) {
        if self.seen.is_empty() {
            let found = refused(&self.base);
            assert!(found.is_empty(), "the rulebook that is right is wrong: {found:?}");
        }
        let mistakes = block.split(|line| line.is_empty());
        for (at, mistake) in mistakes.enumerate() {
            if at > 0 {
                self.out.push('\n');
            }
            let typed: Vec<&str> =
                mistake.iter().copied().filter(|line| !line.starts_with("= ")).collect();
            let found = refused(&changed(self.base.clone(), &typed));
            let codes: BTreeSet<String> =
                found.iter().map(|(code, _)| (*code).to_owned()).collect();
            if codes != *wanted {
                let said: Vec<&str> = found.iter().map(|(_, said)| said.as_str()).collect();
                self.wrong.push(format!("{}: {}\n  {}", self.code, typed[0], said.join("\n  ")));
            }
            self.seen.extend(codes);
            typed.iter().for_each(|line| self.out.push_str(&format!("{line}\n")));
            if found.is_empty() {
                self.out.push_str("= nothing is found\n");
            }
            found.iter().for_each(|(_, said)| self.out.push_str(&format!("= {said}\n")));
        }
    }
}

/// A file with its header, which takes lines 1 to 7.
pub fn file(kind: &str, path: &str, body: &[&str]) -> String {
    format!(
        "kind = \"{kind}\"\ncode = \"{path}\"\ntitle = {{ zh = \"名\", en = \"name\" }}\n\
         serves = [\"S1\"]\nwhy = {{ zh = \"由\", en = \"why\" }}\n\
         source = \"source\"\nstatus = \"live\"\n{}\n",
        body.join("\n")
    )
}

/// The files with a mistake in them.
fn changed(mut files: Files, mistake: &[&str]) -> Files {
    let mut path = String::new();
    let mut lines = mistake.iter().copied().filter(|line| !line.starts_with("# ")).peekable();
    while let Some(line) = lines.next() {
        if !line.starts_with(['-', '+']) {
            let (kind, name) = line.split_once(' ').unwrap_or(("", line));
            name.clone_into(&mut path);
            if !kind.is_empty() {
                files.insert(path.clone(), file(kind, name, &[]));
            }
            continue;
        }
        let (mut old, mut new) = (String::new(), String::new());
        let mut next = Some(line);
        while let Some(line) = next {
            let text = line.get(2..).unwrap_or_default();
            let into = if line.starts_with('-') { &mut old } else { &mut new };
            into.push_str(&format!("{text}\n"));
            let goes_on = |next: &&str| {
                next.starts_with('+') || next.starts_with('-') && line.starts_with('-')
            };
            next = lines.next_if(goes_on);
        }
        let text = files.get_mut(&path).unwrap();
        if old.is_empty() {
            text.push_str(&new);
        } else {
            assert_eq!(text.matches(&old).count(), 1, "{path} has once:\n{old}");
            *text = text.replacen(&old, &new, 1);
        }
    }
    files
}

/// What a rulebook is refused with: errors of its reading, or else what its check finds.
fn refused(files: &Files) -> Vec<(&'static str, String)> {
    let files: Vec<(String, String)> = files.clone().into_iter().collect();
    match Rulebook::parse(&files) {
        Err(errors) => errors.iter().map(|error| (error.code, error.to_string())).collect(),
        Ok(parsed) => check(&parsed).iter().map(|found| (found.code, found.to_string())).collect(),
    }
}
