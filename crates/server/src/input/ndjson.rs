//! Entries as JSON, one a line.

use crate::cli::Charset;
use crate::input::encoding::{LineEnd, Lines, Stop};
use crate::input::{Row, malformed_json};
use crate::refusal;
use ledger::Refusal;
use std::io::Read;

/// Reads entries until the file ends or cannot be read on.
pub struct Ndjson {
    lines: Lines,
    over: bool,
}

impl Ndjson {
    pub fn new(source: Box<dyn Read + Send>, charset: Charset) -> Self {
        Self { lines: Lines::new(source, charset), over: false }
    }

    fn row(&self, mut text: String, end: LineEnd) -> Row {
        text.truncate(text.trim_end().len());
        let entry = serde_json::from_str(&text).map_err(|error| malformed(&text, &error, end));
        Row { line: self.lines.line, text, entry }
    }
}

impl Iterator for Ndjson {
    type Item = anyhow::Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            let mut text = String::new();
            match self.lines.read(&mut text) {
                Ok(None) => self.over = true,
                Ok(Some(_)) if text.trim().is_empty() => {}
                Ok(Some(end)) => return Some(Ok(self.row(text, end))),
                Err(Stop::Fault(error)) => {
                    self.over = true;
                    return Some(Err(error.into()));
                }
                Err(Stop::Refused(refusal)) => {
                    self.over = true;
                    let (line, entry) = (self.lines.line, Err(refusal));
                    return Some(Ok(Row { line, text, entry }));
                }
            }
        }
        None
    }
}

fn malformed(text: &str, error: &serde_json::Error, end: LineEnd) -> Refusal {
    if error.is_eof() && end == LineEnd::EndOfFile {
        // The line within the text is always the first: only the column helps.
        let says = error.to_string().replace(" at line 1 column ", " @ column ");
        return refusal::truncated_file(&says);
    }
    malformed_json(text, error)
}
