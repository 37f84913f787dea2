//! What goes to the terminal: sentences and tables for people, one JSON document or one object a
//! line for programs. Standard output carries answers; everything about the work itself, progress
//! and asides, goes to standard error.

use crate::cli::{Global, Lang};
use crate::messages::{self, Label, Say};
use ledger::{Again, Refusal};
use serde_json::{Value, json};
use std::io::{self, IsTerminal as _, Write as _};
use unicode_width::UnicodeWidthStr as _;

/// How to answer.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub json: bool,
    lang: Lang,
    quiet: bool,
}

impl Output {
    pub fn new(global: &Global) -> Self {
        Self { json: global.json, lang: global.lang, quiet: global.quiet }
    }

    /// Says nothing to anybody.
    #[cfg(feature = "testing")]
    pub fn quiet() -> Self {
        Self { json: false, lang: Lang::Zh, quiet: true }
    }

    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The sentence in the language chosen.
    pub fn pick<'a>(&self, say: &'a Say) -> &'a str {
        match self.lang {
            Lang::Zh => &say.zh,
            Lang::En => &say.en,
        }
    }

    pub fn label(&self, label: Label) -> &'static str {
        match self.lang {
            Lang::Zh => label.0,
            Lang::En => label.1,
        }
    }

    /// Answers a command: a sentence for people, a document for programs.
    pub fn answer(&self, say: &Say, value: &Value) -> io::Result<()> {
        if self.json { self.document(value) } else { self.say(say) }
    }

    /// A sentence for people, unless they want quiet.
    pub fn say(&self, say: &Say) -> io::Result<()> {
        if self.json || self.quiet { Ok(()) } else { self.put(&format!("{}\n", self.pick(say))) }
    }

    /// One JSON value on a line of its own.
    pub fn document(&self, value: &Value) -> io::Result<()> {
        self.put(&format!("{value}\n"))
    }

    /// Text as it is.
    pub fn put(&self, text: &str) -> io::Result<()> {
        self.put_bytes(text.as_bytes())
    }

    /// What is not text, such as a workbook on its way into a pipe.
    pub fn put_bytes(&self, bytes: &[u8]) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        stdout.flush()
    }

    /// About the work, not its answer.
    pub fn aside(&self, say: &Say) {
        if !self.quiet {
            self.complain(self.pick(say));
        }
    }

    /// Whether a progress bar may be drawn.
    pub fn draws(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Field names and values, one a line.
    pub fn fields(&self, fields: &[(Label, String)]) -> io::Result<()> {
        let wide = fields.iter().map(|(label, _)| self.label(*label).width()).max().unwrap_or(0);
        let mut text = String::new();
        for (label, value) in fields {
            let label = self.label(*label);
            text.push_str(label);
            text.extend(std::iter::repeat_n(' ', wide - label.width() + 2));
            text.push_str(value);
            text.push('\n');
        }
        self.put(&text)
    }

    /// A table; columns whose label ends in `>` stand to the right.
    pub fn table(&self, columns: &[Label], rows: &[Vec<String>]) -> io::Result<()> {
        let heads: Vec<&str> = columns.iter().map(|label| self.label(*label)).collect();
        let plain = |head: &str| head.trim_end_matches('>').to_owned();
        let heading: Vec<String> = heads.iter().map(|head| plain(head)).collect();
        let width = |at: usize| {
            let cells = rows.iter().map(|row| row[at].width());
            cells.chain([heading[at].width()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..heads.len()).map(width).collect();
        let mut text = String::new();
        for row in std::iter::once(&heading).chain(rows) {
            let mut line = String::new();
            for (at, cell) in row.iter().enumerate() {
                let space = widths[at] - cell.width();
                let (before, after) =
                    if heads[at].ends_with('>') { (space, 0) } else { (0, space) };
                line.extend(std::iter::repeat_n(' ', before));
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', after + 2));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        self.put(&text)
    }

    /// A refusal, with everything that helps to put it right.
    pub fn refused(&self, refusal: &Refusal, line: Option<u64>) {
        if self.json {
            // If nobody reads any more, the exit code still tells.
            let _ = self.document(&json!({ "refused": refusal_json(refusal, line) }));
        } else {
            self.complain(&refusal_text(refusal, line));
        }
    }

    /// A fault of the world.
    pub fn failed(&self, code: &str, say: &Say, chain: &str) {
        if self.json {
            let value = json!({ "fault": {
                "code": code, "zh": say.zh, "en": say.en, "chain": chain,
            } });
            let _ = self.document(&value);
        } else {
            self.complain(&messages::fault_text(code, say, chain));
        }
    }

    fn complain(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}

/// A refusal for people: both languages, whatever the language chosen.
fn refusal_text(refusal: &Refusal, line: Option<u64>) -> String {
    let mut text = messages::refusal_head(refusal.code, &refusal.zh, &refusal.en);
    if !refusal.field.is_empty() {
        text.push_str(&messages::refusal_field(&refusal.field));
    }
    if let Some(line) = line {
        text.push_str(&messages::refusal_line(line));
    }
    text
}

/// A refusal for programs.
pub fn refusal_json(refusal: &Refusal, line: Option<u64>) -> Value {
    let again = match refusal.again {
        Again::Never => "never",
        Again::WhenFactsChange => "when_facts_change",
        Again::Later => "later",
    };
    let mut value = json!({
        "code": refusal.code, "zh": refusal.zh, "en": refusal.en,
        "field": refusal.field, "again": again,
    });
    if let Some(line) = line {
        value["line"] = json!(line);
    }
    value
}
