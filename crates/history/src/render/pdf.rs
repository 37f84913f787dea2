//! Tables as pages to print: A4, upright unless the table is wide, the head of the table on every
//! page, 第 n 页 共 m 页, totals bold, red amounts red. The font is embedded, as far as it is used.
//!
//! Everything is laid out in whole thousandths of a point (and widths of characters in thousandths
//! of the size of the type); they become the decimals that PDF writes in one place, [`write`].

mod font;
mod layout;
mod write;

pub use font::{Font, FontError};

use super::{Format, RenderError};
use crate::table::{Lang, Table};
use font::Type;
use layout::Layout;

/// Pages of one file; nobody prints more, and no reader of PDF is glad of them.
pub const PAGES_MAX: usize = 10_000;

/// What pages are made with, beside the table.
#[derive(Clone, Copy, Debug)]
pub struct Paper<'a> {
    pub font: &'a Font,
    /// When and by whom it is printed, at the foot of each page; empty: not said.
    pub printed: &'a str,
}

/// Makes the pages.
pub fn render(table: &Table, lang: Lang, paper: &Paper<'_>) -> Result<Vec<u8>, RenderError> {
    let failed = |reason: String| RenderError { format: Format::Pdf, reason };
    let mut letters = Type::of(paper.font).map_err(|error| failed(error.to_string()))?;
    let layout = Layout::of(table, lang, paper.printed, &mut letters).map_err(failed)?;
    write::document(&layout, &mut letters).map_err(failed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
