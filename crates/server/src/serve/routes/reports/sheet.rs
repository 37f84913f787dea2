//! A report as JSON, for who reads the description of the interface: `history::render::json` writes
//! it by hand.

#![expect(dead_code, reason = "it describes answers that `file::send` gives")]

use crate::serve::routes::matters::TitleView;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A report: titled columns, and rows with a cell for each.
#[derive(Serialize, ToSchema)]
pub struct SheetView {
    pub title: TitleView,
    pub captions: Vec<CaptionView>,
    pub columns: Vec<ColumnView>,
    pub rows: Vec<RowView>,
    pub notes: Vec<String>,
}

/// A line under the title, in the language asked for
#[derive(Serialize, ToSchema)]
pub struct CaptionView {
    pub label: String,
    pub value: String,
}

#[derive(Serialize, ToSchema)]
pub struct ColumnView {
    /// Under which each row has its cell
    pub key: String,
    pub title: TitleView,
    pub kind: ColumnKind,
    pub align: ColumnAlign,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    Text,
    Code,
    Amount,
    Integer,
    Date,
    Rate,
    Percent,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ColumnAlign {
    Left,
    Right,
    Centre,
}

/// A row, with its cells under the keys of their columns
#[derive(Serialize, ToSchema)]
pub struct RowView {
    #[serde(rename = "_style")]
    pub style: RowStyle,
    /// Codes of the subjects that the row sums, if it sums any
    #[serde(rename = "_subjects", default)]
    pub subjects: Vec<String>,
    #[serde(flatten)]
    pub cells: BTreeMap<String, CellView>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RowStyle {
    Normal,
    Subtotal,
    Total,
    Warning,
}

/// Amounts and dates are texts, counts are numbers
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum CellView {
    Text(String),
    Count(i64),
    Empty,
}
