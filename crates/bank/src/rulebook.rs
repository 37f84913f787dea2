//! The rulebook: what this bank does, read from text files and checked before it is used.
//!
//! Pure: the caller brings the files as (path, text) pairs. [`Rulebook::parse`] either returns
//! definitions that hold together or every error it found, each with its place. Paths are relative
//! to the rulebook's folder: `gl/subjects.toml`, `calendar/2026.json`, `iso4217/codes-all.csv`.

mod accounts;
mod data;
mod error;
mod file;
mod layouts;
mod matter_file;
mod matters;
mod merge;
mod numbers;
mod posts;
mod report_file;
mod reports;
pub mod schema;
mod spot;
#[cfg(test)]
mod tests;
mod units;

pub use data::{Currency, Duty};
pub use error::RuleError;
pub use file::{FileKind, Measure, Standing};
pub use matter_file::{Every, ModeRow, NoteKind, On, Role};
pub use matters::FIELD_TYPES;

use crate::office::definition::Office;
use crate::office::numbers::NumberSet;

use accounts::{Accounts, kind_rows};
use error::Report;
use file::{Definition, read};
use ledger::chart::{Chart, Title};
use ledger::day::Day;
use ledger::entry::UnitId;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What a file says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInfo {
    pub path: String,
    pub kind: FileKind,
    pub code: String,
    pub title: Title,
    pub why: Title,
    pub source: String,
    pub status: Standing,
    /// Rows of the mission.
    pub serves: Vec<String>,
    /// What it defines: its own code, if it is a matter, a report or a layout, or those of its
    /// rows.
    pub codes: Vec<String>,
}

/// What a dated number is called and measured in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberInfo {
    pub title: Title,
    pub measure: Measure,
    /// Path of the file that holds it.
    pub file: String,
    /// The books carry it without a date, so that it cannot change with one.
    pub fixed: bool,
}

/// A parsed rulebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rulebook {
    pub chart: Chart,
    /// Matters, posts, places and stock.
    pub office: Office,
    /// SHA-256 over the sorted files, each path and text preceded by its length.
    pub hash: [u8; 32],
    /// All files that were given, sorted by path.
    pub files: Vec<(String, String)>,
    pub infos: Vec<FileInfo>,
    pub numbers: BTreeMap<String, NumberInfo>,
    /// ISO 4217 in whole, withdrawn currencies marked; the chart has those that the bank uses.
    pub currencies: BTreeMap<String, Currency>,
    /// Mission row (`S97`) → paths of the files that serve it.
    pub serves: BTreeMap<String, Vec<String>>,
    /// The mission by row number; empty if the rulebook has no list of it.
    pub mission: BTreeMap<u32, Duty>,
}

/// The rulebooks that were read last, newest first. Recovery, snapshots and verification ask for
/// the same one again and again, and reading some hundred files takes a while; the same files
/// always read the same.
static READ: Mutex<Vec<Rulebook>> = Mutex::new(Vec::new());

/// How many of them are kept.
const READ_KEPT: usize = 3;

impl Rulebook {
    pub fn parse(files: &[(String, String)]) -> Result<Self, Vec<RuleError>> {
        let known = READ.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.iter().find(|known| known.files == files) {
            return Ok(known.clone());
        }
        drop(known);
        let mut files = files.to_vec();
        files.sort();
        let rulebook = Self::read(files)?;
        let mut known = READ.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(0, rulebook.clone());
        known.truncate(READ_KEPT);
        Ok(rulebook)
    }

    fn read(files: Vec<(String, String)>) -> Result<Self, Vec<RuleError>> {
        let mut report = Report::new(&files);
        let definitions = definitions(&files, &mut report);
        let currencies = data::currencies(&files, &mut report);
        let calendar = data::calendar(&files, &mut report);
        let mission = data::mission(&files, &mut report);
        report.finish()?;

        let mut report = Report::new(&files);
        check_headers(&definitions, &mission, &mut report);
        let live: Vec<&Definition> =
            definitions.iter().filter(|file| file.header.status == Standing::Live).collect();
        let (numbers, infos) = numbers::build(&live, &mut report);
        let (units, base_unit) = units::build(&live, &currencies, &mut report);
        let subjects = accounts::subjects(&live, &mut report);
        let digits = base_unit.map_or(0, |base: UnitId| units[base.index()].digits);
        let known = accounts::Known { subjects: &subjects, numbers: &infos, values: &numbers };
        let accounts = accounts::kinds(&kind_rows(&live), &known, digits, &mut report);
        let Accounts { kinds, system } = accounts;
        let layouts = layouts::build(&live, &subjects, system, &kinds, &mut report);
        let known = posts::Known { numbers: &infos, kinds: &kinds, subjects: &subjects, digits };
        let mut office = posts::build(&live, &known, &mut report);
        if let Some(base) = base_unit {
            let known = matters::Known {
                numbers: &infos,
                kinds: &kinds,
                units: &units,
                base_unit: &units[base.index()],
                office: &office,
                codes: &matters::codes(&live),
            };
            office.matters = matters::build(&live, &known, &mut report);
            // What is wrong with a matter would be told of every report of it once more.
            if report.is_empty() {
                office.reports = reports::build(&live, &office, &infos, &mut report);
            }
        }
        report.finish()?;

        let (Some(system), Some(base_unit)) = (system, base_unit) else {
            unreachable!("a missing base unit or system kind was reported above")
        };
        let chart = Chart { subjects, units, kinds, system, base_unit, numbers, calendar, layouts };
        let serves = serves(&definitions);
        let hash = hash(&files);
        let numbers = infos;
        let infos = definitions.iter().map(Definition::info).collect();
        Ok(Self { chart, office, hash, files, infos, numbers, currencies, serves, mission })
    }

    /// What a file of it holds, `data` if it is a table of others; none: there is no such file.
    pub fn kind_of(&self, path: &str) -> Option<&'static str> {
        let info = self.infos.iter().find(|info| info.path == path);
        let there = || self.files.iter().any(|(known, _)| known == path);
        info.map(|info| info.kind.code()).or_else(|| there().then_some("data"))
    }

    /// The same with values that matters set laid over those of the files.
    pub fn with_numbers(mut self, sets: &[NumberSet]) -> Self {
        sets.iter().for_each(|set| set.lay_over(&mut self.chart.numbers));
        self
    }

    /// This rulebook's chart in the positions of one that the books already use: known codes keep
    /// theirs, new ones follow. What accounts and lines rely on must not change.
    pub fn merge_onto(&self, old: &Chart) -> Result<Chart, Vec<RuleError>> {
        merge::merge(&self.chart, old, &self.files)
    }

    /// Refuses to change what numbers said of the days before `first`.
    pub fn check_past(&self, old: &Chart, first: Day) -> Result<(), Vec<RuleError>> {
        merge::check_past(&self.chart, old, first, &self.files)
    }

    /// The chart with subjects, units and kinds in the order given, as an image keeps them;
    /// `None` if a code given is not there.
    pub fn chart_in_order(&self, order: &[Vec<String>; 3]) -> Option<Chart> {
        merge::in_order(&self.chart, order)
    }
}

/// Reads every TOML file; other files must be of a known kind, so that none is overlooked.
fn definitions(files: &[(String, String)], report: &mut Report) -> Vec<Definition> {
    let mut definitions = Vec::new();
    for (at, (path, text)) in files.iter().enumerate() {
        if at > 0 && files[at - 1].0 == *path {
            report.whole_file(at, "DuplicateFile", "文件重复", "the file is given twice");
        }
        if path.ends_with(".toml") {
            definitions.extend(read(at, path, text, report));
        } else if !data::is_data(path) && !is_text(path) {
            let (zh, en) = ("规则库不认识这种文件", "the rulebook has no use for such a file");
            report.whole_file(at, "UnknownFile", zh, en);
        }
    }
    definitions
}

/// Pages for people: cases, explanations, licences.
fn is_text(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.ends_with(".md") || name.starts_with("LICENSE")
}

fn check_headers(definitions: &[Definition], mission: &BTreeMap<u32, Duty>, report: &mut Report) {
    let mut codes = BTreeMap::new();
    for file in definitions {
        let header = &file.header;
        if let Some(first) = codes.insert(header.code.get_ref().as_str(), &file.path) {
            let code = header.code.get_ref();
            let zh = format!("文件编码 {code} 已用于 {first}");
            let en = format!("file code {code} is already used by {first}");
            report.add(file.at(&header.code), "DuplicateCode", zh, en);
        }
        report.title(file.at(&header.code), &header.title);
        report.reason(file, &header.why, "why");
        report.not_empty(file.at(&header.source), header.source.get_ref(), "source");
        for row in &header.serves {
            let Some(number) = data::row_number(row.get_ref()) else {
                let zh = format!("任务行应写作 S 加数字，如 S97，而不是 {}", row.get_ref());
                let en = format!("a mission row is S and digits, like S97, not {}", row.get_ref());
                report.add(file.at(row), "WrongValue", zh, en);
                continue;
            };
            if !mission.is_empty() && !mission.contains_key(&number) {
                report.unknown(file.at(row), ("任务行", "mission row"), row.get_ref());
            }
        }
    }
}

fn serves(definitions: &[Definition]) -> BTreeMap<String, Vec<String>> {
    let mut serves: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in definitions {
        for row in &file.header.serves {
            serves.entry(row.get_ref().clone()).or_default().push(file.path.clone());
        }
    }
    serves
}

fn hash(files: &[(String, String)]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for text in files.iter().flat_map(|(path, text)| [path, text]) {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    hash.finalize().into()
}
