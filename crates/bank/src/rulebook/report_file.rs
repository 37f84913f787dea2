//! Registers and figures as their files write them. What the rows mean together is checked in
//! `reports`.

use super::matter_file::{WhenRow, Word};
use super::schema::title_schema;
use super::spot::Spanned;
use crate::office::report::Shows;
use ledger::chart::Title;
use schemars::JsonSchema;
use serde::Deserialize;

/// 登记簿, or 统计表 where its columns make figures.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportBody {
    /// Codes of matters; left out: all of them.
    #[serde(default)]
    pub of: Vec<Word>,
    /// `matter`, `stay` (at a step), `hand`, or a field of rows; left out: `matter`.
    pub each: Option<Word>,
    /// Which matters: `open`, `ended` or `all`.
    #[serde(default)]
    pub shows: Shows,
    /// Items of which all of this holds.
    #[serde(rename = "where", default)]
    pub only: Vec<Spanned<WhenRow>>,
    /// Figures: items that are alike in these make one row.
    #[serde(default)]
    pub by: Vec<Word>,
    #[serde(default)]
    pub column: Vec<Spanned<ColumnRow>>,
    /// Columns by their keys; with `-` before it, the greatest comes first.
    #[serde(default)]
    pub order: Vec<Word>,
    /// Columns that are added up in a last row, by their keys.
    #[serde(default)]
    pub total: Vec<Word>,
}

/// One of `show` and of the figures.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnRow {
    /// What `order` and `total` call it; left out: the name that is shown, or `sum`, `average` ….
    pub key: Option<Word>,
    /// Left out: that of the field.
    #[serde(default)]
    #[schemars(schema_with = "title_schema")]
    pub title: Option<Title>,
    /// A field, or a name of the office as `@institution`.
    pub show: Option<Word>,
    /// How many items meet all of this; `[]`: all items.
    pub count: Option<Spanned<Vec<WhenRow>>>,
    /// How many of a hundred items meet all of this.
    pub share: Option<Spanned<Vec<WhenRow>>>,
    pub sum: Option<Word>,
    pub average: Option<Word>,
    pub greatest: Option<Word>,
    pub least: Option<Word>,
}
