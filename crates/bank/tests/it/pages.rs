//! Plays pages of cases at a desk, and finds the pages of a rulebook.

use crate::desk::{Desk, InProcess};
use crate::runner::{Cast, Runner, found};
use bank::rulebook::Rulebook;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The shipped rulebook, or the folder that `RULEBOOK` names.
pub fn root() -> PathBuf {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook");
    std::env::var_os("RULEBOOK").map_or(shipped, PathBuf::from)
}

/// Pages with cases, in order, and their text; `CASE` names one.
pub fn pages(root: &Path) -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    collect(root, "md", &mut paths);
    let filter = std::env::var("CASE").ok();
    paths.retain(|page| filter.as_ref().is_none_or(|name| page.ends_with(format!("{name}.md"))));
    let pages = paths.into_iter().map(|page| {
        let text = std::fs::read_to_string(&page).unwrap();
        (page, text)
    });
    pages.filter(|(_, text)| text.contains("```case")).collect()
}

/// The bank that every case begins with, and its people.
pub fn founded(root: &Path) -> (InProcess, Cast) {
    let files = rulebook_files(root);
    let cast = Cast::read(&std::fs::read_to_string(root.join("cast.md")).unwrap());
    let rulebook = Rulebook::parse(&files).unwrap_or_else(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", errors.join("\n"))
    });
    let mut bank = InProcess::new(rulebook);
    found(&mut bank, &files, &cast);
    (bank, cast)
}

pub fn rulebook_files(root: &Path) -> Vec<(String, String)> {
    let mut paths = Vec::new();
    for ending in ["toml", "json", "csv"] {
        collect(root, ending, &mut paths);
    }
    paths.sort();
    let named = paths.into_iter().map(|path| {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read_to_string(path).unwrap())
    });
    named.collect()
}

pub fn collect(folder: &Path, ending: &str, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, ending, into);
        } else if path.extension().is_some_and(|found| found == ending) {
            into.push(path);
        }
    }
}

/// Where blocks begin: at the bank as it was founded, or after a beginning that many share and that
/// is played once.
pub struct Beginnings<'a> {
    pub founded: Box<dyn Desk>,
    pub cast: &'a Cast,
    played: BTreeMap<String, (Box<dyn Desk>, i64)>,
}

impl<'a> Beginnings<'a> {
    pub fn new(founded: Box<dyn Desk>, cast: &'a Cast) -> Self {
        Self { founded, cast, played: BTreeMap::new() }
    }

    /// Somebody to play a block whose first line is this.
    fn runner(&mut self, first: &str) -> Runner {
        let Some(name) = first.trim().strip_prefix("> ready") else {
            return Runner::at(self.founded.again(), self.cast);
        };
        let name = name.trim();
        let (founded, cast) = (&self.founded, self.cast);
        let (desk, now) = self.played.entry(name.to_owned()).or_insert_with(|| {
            let mut runner = Runner::at(founded.again(), cast);
            runner.run(&format!("ready {name}"));
            (runner.desk, runner.now)
        });
        Runner::after(desk.again(), cast, name, *now)
    }
}

/// The page with every `case` block answered; each block is a bank of its own.
pub fn answered(text: &str, beginnings: &mut Beginnings<'_>) -> String {
    let mut out = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line != "```case" {
            continue;
        }
        let mut runner = beginnings.runner(lines.peek().copied().unwrap_or_default());
        let mut command: Vec<&str> = Vec::new();
        let block = lines.by_ref().take_while(|line| *line != "```");
        for line in block.filter_map(|line| line.strip_prefix('>')) {
            if !line.starts_with("   ") && !command.is_empty() {
                run(&mut runner, &mut command, &mut out);
            }
            command.push(line);
        }
        run(&mut runner, &mut command, &mut out);
        out.push_str("```\n");
    }
    out
}

fn run(runner: &mut Runner, command: &mut Vec<&str>, out: &mut String) {
    for line in command.iter() {
        out.push('>');
        out.push_str(line);
        out.push('\n');
    }
    out.push_str(&runner.run(&std::mem::take(command).join("\n")));
}

/// Where a page and the bank first say different things.
pub fn first_difference(old: &str, new: &str) -> String {
    let mut pairs = old.lines().zip(new.lines()).enumerate();
    let found = pairs.find(|(_, (old, new))| old != new);
    found.map_or_else(
        || "one ends earlier".to_owned(),
        |(at, (old, new))| format!("line {}:\n  page: {old}\n  bank: {new}", at + 1),
    )
}
