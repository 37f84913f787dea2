//! Tables as files: terminal text, CSV, JSON, Excel workbooks and pages to print (PDF).
//!
//! The same table gives the same bytes every time: nothing here reads a clock.

pub mod csv;
pub mod json;
pub mod pdf;
pub mod text;
mod wrap;
pub mod xlsx;

use crate::report::labels;
use crate::table::{Caption, Cell, Kind, Lang, Table};
use ledger::money::{display, plain};
use pdf::Paper;
use std::fmt;

/// What a report can be handed over as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Text,
    Csv,
    Json,
    Xlsx,
    Pdf,
}

impl Format {
    pub const ALL: [Self; 5] = [Self::Text, Self::Csv, Self::Json, Self::Xlsx, Self::Pdf];

    /// "text", "csv", "json", "xlsx" or "pdf", as a request or a command line spells it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            other => other.name(),
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
        }
    }
}

/// A table that a format cannot hold, for instance a text beyond Excel's 32,767 characters.
#[derive(Debug)]
pub struct RenderError {
    pub format: Format,
    pub reason: String,
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot write the table as {}: {}", self.format.name(), self.reason)
    }
}

impl std::error::Error for RenderError {}

/// A table in a format's usual dress: text 140 columns wide, CSV for Excel, pages of A4. Only PDF
/// asks for `paper`, and cannot do without.
pub fn render(
    table: &Table,
    format: Format,
    lang: Lang,
    paper: Option<&Paper<'_>>,
) -> Result<Vec<u8>, RenderError> {
    match format {
        Format::Text => Ok(text::render(table, lang, text::WIDTH).into_bytes()),
        Format::Csv => Ok(csv::render(table, lang, csv::Dialect::Excel)),
        Format::Json => Ok(json::render(table, lang).into_bytes()),
        Format::Xlsx => xlsx::render(table, lang),
        Format::Pdf => match paper {
            Some(paper) => pdf::render(table, lang, paper),
            None => Err(RenderError { format, reason: "a font is needed".to_owned() }),
        },
    }
}

/// How numbers are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Digits {
    /// "1,234.50", for people.
    Grouped,
    /// "1234.50", for programs.
    Plain,
}

fn caption_text(caption: &Caption, lang: Lang) -> String {
    let (label, value) = (caption.label.text(lang), caption.value.text(lang));
    format!("{label}{}{value}", labels::COLON.text(lang))
}

fn cell_text(cell: &Cell, kind: Kind, lang: Lang, style: Digits) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.to_string(),
        Cell::Label(label) => label.text(lang).to_owned(),
        Cell::Date(day) => day.to_string(),
        Cell::Int(number) if style == Digits::Grouped && kind == Kind::Integer => {
            display(i128::from(*number), 0)
        }
        Cell::Int(number) => number.to_string(),
        Cell::Amount { minor, digits } if style == Digits::Plain => plain(*minor, *digits),
        Cell::Amount { minor, digits } if kind == Kind::Percent => display(*minor, *digits) + "%",
        Cell::Amount { minor, digits } => display(*minor, *digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_name() {
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
            assert!(!format.content_type().is_empty());
        }
        assert_eq!(Format::from_name("doc"), None);
        assert_eq!(Format::Text.extension(), "txt");
    }

    #[test]
    fn cells_are_written_for_people_and_for_programs() {
        for (cell, kind, people, program) in [
            (Cell::amount(-123_450, 2), Kind::Amount(2), "-1,234.50", "-1234.50"),
            (Cell::amount(1_234, 2), Kind::Percent, "12.34%", "12.34"),
            (Cell::amount(71_234, 4), Kind::Rate, "7.1234", "7.1234"),
            (Cell::Int(12_345), Kind::Integer, "12,345", "12345"),
            (Cell::Int(12_345), Kind::Code, "12345", "12345"),
            (Cell::Empty, Kind::Amount(2), "", ""),
        ] {
            assert_eq!(cell_text(&cell, kind, Lang::Zh, Digits::Grouped), people);
            assert_eq!(cell_text(&cell, kind, Lang::Zh, Digits::Plain), program);
        }
    }
}
