//! Coverage (职责覆盖): which rows of the mission the rulebook serves, and which of the files that
//! serve them a page of cases walks. A file that nobody walks is a promise; a row is covered once
//! some page shows it kept.

use crate::office::definition::{Matter, NumberPart, Source};
use crate::rulebook::{Duty, FileInfo, FileKind, Rulebook, Standing};
use std::collections::BTreeSet;
use std::fmt::Write;

/// A row of the mission, and what serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub number: u32,
    pub duty: Duty,
    pub files: Vec<Served>,
}

/// A live file that serves a row, and the pages that walk it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    pub path: String,
    pub pages: Vec<String>,
}

impl Served {
    /// One page that walks the file: the one beside it, or else the first.
    pub fn page(&self) -> Option<&str> {
        let beside = self.path.replace(".toml", ".md");
        let found = self.pages.iter().find(|page| **page == beside);
        found.or(self.pages.first()).map(String::as_str)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coverage {
    Covered,
    NotWalked,
    NotServed,
    /// The documents have a gap here: there is nothing to serve.
    Gap,
}

impl Row {
    pub fn code(&self) -> String {
        format!("S{}", self.number)
    }

    pub fn standing(&self) -> Coverage {
        if self.duty.modules.is_empty() {
            Coverage::Gap
        } else if self.files.is_empty() {
            Coverage::NotServed
        } else if self.files.iter().all(|file| file.pages.is_empty()) {
            Coverage::NotWalked
        } else {
            Coverage::Covered
        }
    }
}

/// Every row of the mission. `pages` are the rulebook's Markdown pages, by path.
pub fn rows(rulebook: &Rulebook, pages: &[(String, String)]) -> Vec<Row> {
    let pages: Vec<Page<'_>> = pages_of(pages);
    let live = rulebook.infos.iter().filter(|info| info.status == Standing::Live);
    let live: Vec<(&FileInfo, Vec<String>)> =
        live.map(|info| (info, walked(rulebook, info, &pages))).collect();
    let rows = rulebook.mission.iter().map(|(number, duty)| {
        let code = format!("S{number}");
        let serving = live.iter().filter(|(info, _)| info.serves.contains(&code));
        let files = serving
            .map(|(info, pages)| Served { path: info.path.clone(), pages: pages.clone() })
            .collect();
        Row { number: *number, duty: duty.clone(), files }
    });
    rows.collect()
}

/// The page with the beginnings that cases share.
const CAST: &str = "cast.md";

/// A page with what is typed in its cases, and what is answered.
struct Page<'a> {
    path: &'a str,
    typed: Vec<&'a str>,
    answered: Vec<&'a str>,
}

/// Pages with cases; a beginning that they share is typed by each that says `ready` with its name.
fn pages_of(pages: &[(String, String)]) -> Vec<Page<'_>> {
    let shared = pages.iter().find(|(path, _)| path == CAST).map_or("", |(_, text)| text);
    let beginning = |name: &str| {
        let fence = format!("```{name}");
        let lines = blocks(shared, &fence).filter_map(|line| line.strip_prefix('>'));
        lines.collect::<Vec<&str>>()
    };
    let read = pages.iter().filter_map(|(path, text)| {
        let mut page = Page { path, typed: Vec::new(), answered: Vec::new() };
        for line in blocks(text, "```case") {
            match line.strip_prefix('>') {
                Some(typed) if typed.trim_start().starts_with("ready") => {
                    page.typed.extend(beginning(typed.trim()));
                }
                Some(typed) => page.typed.push(typed),
                None => page.answered.push(line),
            }
        }
        (!page.typed.is_empty()).then_some(page)
    });
    read.collect()
}

/// The lines within the blocks of a page that begin so.
fn blocks<'a>(text: &'a str, fence: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    let (mut inside, fence) = (false, fence.to_owned());
    text.lines().filter(move |line| {
        let was = inside;
        inside = if inside { *line != "```" } else { **line == *fence };
        was && inside
    })
}

/// The pages that walk a file: they type a code that it defines, or stand beside it by its name.
/// A report is walked where a page asks for it. A matter that the clock or another matter opens is
/// never typed; its number is answered.
fn walked(rulebook: &Rulebook, info: &FileInfo, pages: &[Page<'_>]) -> Vec<String> {
    let beside = info.path.replace(".toml", ".md");
    let matter = rulebook.office.matters.get(&info.code).filter(|_| info.kind == FileKind::Matter);
    let number = matter.filter(|matter| opens_itself(rulebook, matter)).and_then(|matter| {
        match matter.number.first() {
            Some(NumberPart::Text(text)) => Some(text.as_str()),
            _ => None,
        }
    });
    let report = info.kind == FileKind::Report;
    let walk = pages.iter().filter(|page| {
        let mut lines = page.typed.iter().filter(|line| !report || line.starts_with(" report "));
        let mut typed = || lines.any(|line| info.codes.iter().any(|code| mentions(line, code)));
        let answered =
            || number.is_some_and(|number| page.answered.iter().any(|line| line.contains(number)));
        (matter.is_none() && !report && page.path == beside) || typed() || answered()
    });
    walk.map(|page| page.path.to_owned()).collect()
}

fn opens_itself(rulebook: &Rulebook, matter: &Matter) -> bool {
    let opened: BTreeSet<&str> = rulebook
        .office
        .matters
        .values()
        .flat_map(|matter| matter.steps.iter().flat_map(|step| &step.acts))
        .filter(|act| act.verb == "open_matter")
        .filter_map(|act| match act.args.get("code") {
            Some(Source::Literal(code)) => Some(code.as_str()),
            _ => None,
        })
        .collect();
    matter.opens.is_some() || opened.contains(matter.code.as_str())
}

/// Whether a line has a code as a word of its own.
fn mentions(line: &str, code: &str) -> bool {
    let joins = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(code).any(|(at, _)| {
        !line[..at].chars().next_back().is_some_and(joins)
            && !line[at + code.len()..].chars().next().is_some_and(joins)
    })
}

/// All modules in the order of their first rows.
pub fn modules(rows: &[Row]) -> Vec<&str> {
    let mut modules: Vec<&str> = Vec::new();
    for module in rows.iter().flat_map(|row| &row.duty.modules) {
        if !modules.contains(&module.as_str()) {
            modules.push(module);
        }
    }
    modules
}

/// How many rows stand how: covered, not walked, not served.
pub fn counts<'a>(rows: impl Iterator<Item = &'a Row>) -> [usize; 3] {
    let mut counts = [0; 3];
    for row in rows {
        match row.standing() {
            Coverage::Covered => counts[0] += 1,
            Coverage::NotWalked => counts[1] += 1,
            Coverage::NotServed => counts[2] += 1,
            Coverage::Gap => {}
        }
    }
    counts
}

/// The page of all rows, a table for each module.
pub fn page(rows: &[Row]) -> String {
    let mut page = String::from(
        "# Coverage of the mission (职责覆盖)\n\n\
         Written from the rulebook by its tests. A row is covered (✔) when a live file serves it \
         and a page\nof cases walks that file; ○ is served and not walked. A row of two modules \
         stands in both tables.\n\n\
         | module | covered | served, not walked | not served |\n| --- | ---: | ---: | ---: |\n",
    );
    let of = |module: &str| {
        let module = module.to_owned();
        rows.iter().filter(move |row| row.duty.modules.contains(&module))
    };
    for module in modules(rows) {
        let [covered, served, none] = counts(of(module));
        let _ = writeln!(page, "| {module} | {covered} | {served} | {none} |");
    }
    let [covered, served, none] = counts(rows.iter());
    let _ = writeln!(page, "| all | {covered} | {served} | {none} |");
    for module in modules(rows) {
        let _ = writeln!(page, "\n## {module}\n\n| row | duty | | files | pages |");
        page.push_str("| --- | --- | --- | --- | --- |\n");
        for row in of(module) {
            let mark = match row.standing() {
                Coverage::Covered => "✔",
                Coverage::NotWalked => "○",
                Coverage::NotServed | Coverage::Gap => "",
            };
            let files: Vec<String> =
                row.files.iter().map(|file| format!("`{}`", file.path)).collect();
            let pages: BTreeSet<String> =
                row.files.iter().filter_map(Served::page).map(|page| format!("`{page}`")).collect();
            let files = files.join(" ");
            let pages = pages.into_iter().collect::<Vec<_>>().join(" ");
            let title = &row.duty.title.zh;
            let _ = writeln!(page, "| {} | {title} | {mark} | {files} | {pages} |", row.code());
        }
    }
    page
}
