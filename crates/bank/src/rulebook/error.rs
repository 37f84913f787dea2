//! What is wrong with a rulebook, where, and in both languages.

use super::file::{Definition, Reason};
use ledger::chart::Title;
use std::fmt;

/// One error of a rulebook file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// Stable: `UnknownKey`, `DuplicateCode`.
    pub code: &'static str,
    /// Path of the file; empty if something is missing from the rulebook as a whole.
    pub file: String,
    /// 1 is the first; 0 if the error has no place.
    pub line: usize,
    pub column: usize,
    pub zh: String,
    pub en: String,
    /// Keys or values that would have been right, if they can be listed.
    pub allowed: Vec<String>,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, file, line, column, zh, en, .. } = self;
        if !file.is_empty() {
            write!(f, "{file}:{line}:{column}: ")?;
        }
        write!(f, "{code}: {zh} / {en}")
    }
}

impl std::error::Error for RuleError {}

/// A place in the rulebook: which file, and how many bytes into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub file: usize,
    pub offset: usize,
}

/// Collects the errors of a rulebook, so that all are seen at once.
pub(super) struct Report<'a> {
    files: &'a [(String, String)],
    errors: Vec<RuleError>,
}

impl<'a> Report<'a> {
    pub fn new(files: &'a [(String, String)]) -> Self {
        Self { files, errors: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    pub fn finish(self) -> Result<(), Vec<RuleError>> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }

    pub fn add(
        &mut self,
        place: Place,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.add_allowed(place, code, (zh.into(), en.into()), Vec::new());
    }

    fn add_allowed(
        &mut self,
        place: Place,
        code: &'static str,
        (zh, en): (String, String),
        allowed: Vec<String>,
    ) {
        let (file, text) = &self.files[place.file];
        let (line, column) = position(text, place.offset);
        let file = file.clone();
        self.errors.push(RuleError { code, file, line, column, zh, en, allowed });
    }

    /// Where a text is first written.
    pub fn find(&self, text: &str) -> Option<Place> {
        let mut found = self.files.iter().enumerate();
        found.find_map(|(file, (_, all))| Some(Place { file, offset: all.find(text)? }))
    }

    pub fn whole_file(&mut self, file: usize, code: &'static str, zh: &str, en: &str) {
        self.add(Place { file, offset: 0 }, code, zh, en);
    }

    /// An error of the whole rulebook: something is nowhere.
    pub fn nowhere(&mut self, code: &'static str, zh: impl Into<String>, en: impl Into<String>) {
        let (zh, en, file) = (zh.into(), en.into(), String::new());
        self.errors.push(RuleError { code, file, line: 0, column: 0, zh, en, allowed: vec![] });
    }

    pub fn at_line(&mut self, file: usize, (line, column): (usize, usize), zh: &str, en: &str) {
        let (zh, en, file) = (zh.to_owned(), en.to_owned(), self.files[file].0.clone());
        let code = "Malformed";
        self.errors.push(RuleError { code, file, line, column, zh, en, allowed: vec![] });
    }

    /// Both languages must be there.
    pub fn title(&mut self, place: Place, title: &Title) {
        for (text, zh, en) in [(&title.zh, "中文", "Chinese"), (&title.en, "英文", "English")] {
            if text.trim().is_empty() {
                let (zh, en) = (format!("缺少{zh}名称"), format!("the {en} title is empty"));
                self.add(place, "TitleMissing", zh, en);
            }
        }
    }

    pub fn not_empty(&mut self, place: Place, text: &str, key: &str) {
        if text.trim().is_empty() {
            let code = if key == "source" { "SourceMissing" } else { "WrongValue" };
            self.add(place, code, format!("{key} 不能为空"), format!("`{key}` is empty"));
        }
    }

    /// A reason is told in both languages.
    pub fn reason(&mut self, file: &Definition, reason: &Reason, key: &str) {
        for (text, tongue) in [(&reason.zh, "zh"), (&reason.en, "en")] {
            self.not_empty(file.at(text), text.get_ref(), &format!("{key}.{tongue}"));
        }
    }

    pub fn duplicate(&mut self, place: Place, code: &str) {
        let (zh, en) = (format!("编码 {code} 重复"), format!("code {code} is given twice"));
        self.add(place, "DuplicateCode", zh, en);
    }

    pub fn unknown(&mut self, place: Place, (zh, en): (&str, &str), code: &str) {
        let zh = format!("没有编码为 {code} 的{zh}");
        self.add(place, "UnknownReference", zh, format!("there is no {en} {code}"));
    }

    /// A name that is none of those that may stand here.
    pub fn not_among(
        &mut self,
        place: Place,
        (zh, en): (&str, &str),
        name: &str,
        allowed: Vec<String>,
    ) {
        let zh = format!("{name} 不是{zh}；可用：{}", allowed.join("、"));
        let en = format!("`{name}` is no {en}; allowed: {}", allowed.join(", "));
        self.add_allowed(place, "UnknownReference", (zh, en), allowed);
    }

    /// An error of the TOML reader, whose message says what it expected.
    pub fn toml(&mut self, file: usize, error: &toml::de::Error, more: &[&str]) {
        let place = Place { file, offset: error.span().map_or(0, |span| span.start) };
        let message = error.message();
        let mut names = message.split('`').skip(1).step_by(2).map(str::to_owned);
        let name = names.next().unwrap_or_default();
        let mut allowed: Vec<String> = names.collect();
        let (code, zh, en) = if message.starts_with("unknown field") {
            allowed.extend(more.iter().map(|key| (*key).to_owned()));
            let (zh, en) = (allowed.join("、"), allowed.join(", "));
            let zh = format!("未知的键 {name}，可用的键：{zh}");
            ("UnknownKey", zh, format!("unknown key `{name}`; allowed: {en}"))
        } else if message.starts_with("unknown variant") {
            let (zh, en) = (allowed.join("、"), allowed.join(", "));
            let zh = format!("取值 {name} 不可用，可用的值：{zh}");
            ("WrongValue", zh, format!("`{name}` is not a value here; allowed: {en}"))
        } else if message.starts_with("missing field") {
            ("MissingKey", format!("缺少键 {name}"), format!("key `{name}` is missing"))
        } else {
            let zh = format!("不是规则库能读的内容：{message}");
            ("Malformed", zh, format!("not what a rulebook can read: {message}"))
        };
        self.add_allowed(place, code, (zh, en), allowed);
    }
}

/// Line and column of a byte, both from 1; columns count characters.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}
