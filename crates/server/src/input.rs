//! Files of entries: what is read becomes rows, each an entry to hand in or the refusal of its
//! line. A row that ends the file early, because of its encoding or a missing rest, is the last.

pub mod arrow;
pub mod csv;
pub mod encoding;
pub mod mapping;
pub mod ndjson;
pub mod table;

use crate::refusal;
use bank::form::EntryForm;
use ledger::Refusal;
use std::io;
use std::path::Path;

/// One entry of a file.
#[derive(Debug)]
pub struct Row {
    /// Its first line, from 1; for columnar files the row, from 1.
    pub line: u64,
    /// As it stood in the file, so that what was refused can be put right and handed in again.
    pub text: String,
    pub entry: Result<EntryForm, Refusal>,
}

/// Rows in the order of the file; an error is a fault of the disk.
pub type Rows = Box<dyn Iterator<Item = anyhow::Result<Row>> + Send>;

/// Says that JSON text does not say what it should, and where: the field that serde names, or
/// else the last name before the place where it stopped.
pub fn malformed_json(text: &str, error: &serde_json::Error) -> Refusal {
    let says = error.to_string();
    let named = says.split_once(" field `").and_then(|(_, rest)| rest.split_once('`'));
    let field = match named {
        Some((field, _)) => field,
        None => name_before(text, error.column()),
    };
    let field = field.to_owned();
    refusal::malformed_line(&says.replace(" at line 1 column ", " @ column ")).at(field)
}

/// The name of the last member that begins in the first `column` bytes of an object.
fn name_before(text: &str, column: usize) -> &str {
    let before = text.get(..column).unwrap_or_default();
    let name = |(colon, _)| before[..colon].trim_end().strip_suffix('"')?.rsplit('"').next();
    let is_name = |name: &&str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    before.rmatch_indices(':').filter_map(name).find(is_name).unwrap_or_default()
}

/// A file that was named and cannot be read.
pub fn unreadable(path: &Path, error: &io::Error) -> Refusal {
    refusal::file_unreadable(&path.display().to_string(), &error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> String {
        let error = serde_json::from_str::<EntryForm>(text).expect_err("the text is malformed");
        malformed_json(text, &error).field
    }

    #[test]
    fn the_field_of_malformed_json_is_named() {
        assert_eq!(field(r#"{"key":"1","foo":1}"#), "foo");
        assert_eq!(field(r#"{"key":"1"}"#), "institution");
        assert_eq!(field(r#"{"key":"1:2","attachments": -1,"maker":"z"}"#), "attachments");
        assert_eq!(field(r#"{"key":"1","maker" : 7}"#), "maker");
        assert_eq!(field(r#"{"key":"户","lines":[{"account":"a","side":"debt"}]}"#), "side");
        assert_eq!(field("nonsense"), "");
        assert_eq!(field("[1]"), "");
    }
}
