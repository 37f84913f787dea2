//! Small files read whole: lists of institutions or accounts as CSV or NDJSON, typed by serde.

use crate::fault::RefusedAt;
use crate::input::{malformed_json, unreadable};
use crate::refusal;
use serde::de::DeserializeOwned;
use std::fs;
use std::path::Path;

/// Reads every row of a file; the first that cannot be read is refused with its line.
pub fn read_table<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let offset = error.valid_up_to();
            let line = 1 + bytes[..offset].iter().filter(|byte| **byte == b'\n').count() as u64;
            let refusal = refusal::wrong_encoding(offset as u64, "UTF-8");
            return Err(RefusedAt { refusal, line }.into());
        }
    };
    read_table_text(path, text)
}

/// The same for a text that is read already; what its name ends with says how it is written.
pub fn read_table_text<T: DeserializeOwned>(name: &Path, text: &str) -> anyhow::Result<Vec<T>> {
    // Spreadsheets begin their files with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Ok(if is_csv(name) { read_csv(text)? } else { read_lines(text)? })
}

pub fn is_csv(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
}

fn read_csv<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, RefusedAt> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let rows = reader.deserialize().map(|row| {
        row.map_err(|error: csv::Error| {
            let line = error.position().map_or(1, csv::Position::line);
            RefusedAt { refusal: refusal::malformed_line(&error.to_string()), line }
        })
    });
    rows.collect()
}

fn read_lines<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, RefusedAt> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let rows = lines.map(|(line, text)| {
        serde_json::from_str(text)
            .map_err(|error| RefusedAt { refusal: malformed_json(text, &error), line })
    });
    rows.collect()
}
