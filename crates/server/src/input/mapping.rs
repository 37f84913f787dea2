//! Which column fills which field of an entry: the mapping file, and the plan it comes to for the
//! columns of a file.
//!
//! A mapping with `[transfer]` makes an entry of two lines of each row; one with `[line]` makes a
//! line of each row, and an entry of neighbouring rows that are alike in the `group` column.

use crate::messages;
use crate::refusal;
use bank::form::{EntryForm, LineForm, SideWord};
use ledger::{Day, Refusal};
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::{Deserialize, Deserializer};
use std::str::FromStr;

/// A mapping file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    #[serde(default = "comma")]
    pub delimiter: char,
    /// Whether the first row names the columns; if not, they are called "1", "2", …
    #[serde(default = "yes")]
    pub headers: bool,
    /// With `[line]`: the column that tells which rows belong together.
    pub group: Option<String>,
    pub entry: EntryFields,
    pub transfer: Option<TransferFields>,
    pub line: Option<LineFields>,
}

/// Where a field comes from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    column: Option<String>,
    #[serde(rename = "const")]
    constant: Option<String>,
    /// Put before what the column says.
    prefix: Option<String>,
    /// Instead of an empty cell.
    default: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryFields {
    #[serde(deserialize_with = "origin")]
    pub key: Option<Origin>,
    #[serde(deserialize_with = "origin")]
    pub institution: Option<Origin>,
    #[serde(default, deserialize_with = "origin")]
    pub code: Option<Origin>,
    #[serde(deserialize_with = "origin")]
    pub maker: Option<Origin>,
    #[serde(default, deserialize_with = "origin")]
    pub checker: Option<Origin>,
    #[serde(default, deserialize_with = "origin")]
    pub authoriser: Option<Origin>,
    #[serde(default, deserialize_with = "origin")]
    pub channel: Option<Origin>,
    #[serde(default, deserialize_with = "origin")]
    pub document: Option<Origin>,
    #[serde(default, deserialize_with = "origin")]
    pub attachments: Option<Origin>,
    #[serde(default, deserialize_with = "origin")]
    pub summary: Option<Origin>,
    #[serde(default, deserialize_with = "origin")]
    pub business_date: Option<Origin>,
    #[serde(default, deserialize_with = "origin")]
    pub value_date: Option<Origin>,
}

/// Both lines of an entry from one row.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferFields {
    #[serde(deserialize_with = "origin")]
    pub debit_account: Option<Origin>,
    #[serde(deserialize_with = "origin")]
    pub credit_account: Option<Origin>,
    #[serde(deserialize_with = "origin")]
    pub amount: Option<Origin>,
    #[serde(default, deserialize_with = "origin")]
    pub unit: Option<Origin>,
}

/// One line of an entry from one row.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineFields {
    #[serde(deserialize_with = "origin")]
    pub account: Option<Origin>,
    #[serde(deserialize_with = "origin")]
    pub side: Option<Origin>,
    #[serde(deserialize_with = "origin")]
    pub amount: Option<Origin>,
    #[serde(default, deserialize_with = "origin")]
    pub unit: Option<Origin>,
    #[serde(default, deserialize_with = "origin")]
    pub red: Option<Origin>,
    #[serde(default, deserialize_with = "origin")]
    pub clears: Option<Origin>,
    #[serde(default, deserialize_with = "origin")]
    pub quantity: Option<Origin>,
}

/// One of `column` and `const`, and no third thing.
fn origin<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Origin>, D::Error> {
    let origin = Origin::deserialize(deserializer)?;
    let says = match (&origin.column, &origin.constant) {
        (Some(_), None) => return Ok(Some(origin)),
        (None, Some(_)) if origin.prefix.is_none() && origin.default.is_none() => {
            return Ok(Some(origin));
        }
        (None, Some(_)) => messages::MAP_CONST,
        _ => messages::MAP_ORIGIN,
    };
    Err(serde::de::Error::custom(says))
}

fn comma() -> char {
    ','
}

fn yes() -> bool {
    true
}

impl Mapping {
    /// Reads a mapping; an error tells the line.
    pub fn parse(path: &str, text: &str) -> Result<Self, Refusal> {
        let mapping: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = 1 + text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
            refusal::mapping_wrong(path, line, error.message())
        })?;
        let wrong = |says| Err(refusal::mapping_wrong(path, 1, says));
        match (&mapping.transfer, &mapping.line, &mapping.group) {
            (Some(_), None, None) | (None, Some(_), Some(_)) => {}
            (None, Some(_), None) => return wrong(messages::MAP_GROUP_MISSING),
            (Some(_), None, Some(_)) => return wrong(messages::MAP_GROUP_ODD),
            _ => return wrong(messages::MAP_SHAPE),
        }
        if !mapping.delimiter.is_ascii() || mapping.delimiter == '"' {
            return wrong(messages::MAP_DELIMITER);
        }
        Ok(mapping)
    }

    /// The mapping of a columnar file whose columns have the names of the fields.
    pub fn of_fields(columns: &[&str]) -> Self {
        let own = |name: &str| Origin { column: Some(name.to_owned()), ..Origin::default() };
        let must = |name: &str| Some(own(name));
        let may = |name: &str| columns.contains(&name).then(|| own(name));
        let entry = EntryFields {
            key: must("key"),
            institution: must("institution"),
            code: may("code"),
            maker: must("maker"),
            checker: may("checker"),
            authoriser: may("authoriser"),
            channel: may("channel"),
            document: may("document"),
            attachments: may("attachments"),
            summary: may("summary"),
            business_date: may("business_date"),
            value_date: may("value_date"),
        };
        let transfer = TransferFields {
            debit_account: must("debit_account"),
            credit_account: must("credit_account"),
            amount: must("amount"),
            unit: may("unit"),
        };
        let (group, line) = (None, None);
        Self { delimiter: ',', headers: true, group, entry, transfer: Some(transfer), line }
    }

    /// What to read where in a file with these columns.
    pub fn plan(&self, columns: &[&str]) -> Result<Plan, Refusal> {
        let pick = |origin: &Option<Origin>| Pick::of(origin.as_ref(), columns);
        let entry = &self.entry;
        let lines = match (&self.transfer, &self.line) {
            (Some(transfer), _) => LinePlan::Transfer {
                debit: pick(&transfer.debit_account)?,
                credit: pick(&transfer.credit_account)?,
                amount: pick(&transfer.amount)?,
                unit: pick(&transfer.unit)?,
            },
            (None, line) => {
                let line = line.clone().unwrap_or_default();
                LinePlan::Line {
                    account: pick(&line.account)?,
                    side: pick(&line.side)?,
                    amount: pick(&line.amount)?,
                    unit: pick(&line.unit)?,
                    red: pick(&line.red)?,
                    clears: pick(&line.clears)?,
                    quantity: pick(&line.quantity)?,
                }
            }
        };
        let group = self.group.as_deref().map(|group| position(group, columns)).transpose()?;
        Ok(Plan {
            key: pick(&entry.key)?,
            institution: pick(&entry.institution)?,
            code: pick(&entry.code)?,
            maker: pick(&entry.maker)?,
            checker: pick(&entry.checker)?,
            authoriser: pick(&entry.authoriser)?,
            channel: pick(&entry.channel)?,
            document: pick(&entry.document)?,
            attachments: pick(&entry.attachments)?,
            summary: pick(&entry.summary)?,
            business_date: pick(&entry.business_date)?,
            value_date: pick(&entry.value_date)?,
            lines,
            group,
        })
    }
}

fn position(column: &str, columns: &[&str]) -> Result<usize, Refusal> {
    let at = columns.iter().position(|known| *known == column);
    at.ok_or_else(|| refusal::unknown_column(column, &columns.join(", ")))
}

/// Where a field's text is found in a row.
#[derive(Clone, Debug)]
pub enum Pick {
    Column { at: usize, prefix: String, default: String },
    Constant(String),
    Nothing,
}

impl Pick {
    fn of(origin: Option<&Origin>, columns: &[&str]) -> Result<Self, Refusal> {
        let Some(origin) = origin else { return Ok(Self::Nothing) };
        let Some(column) = &origin.column else {
            return Ok(Self::Constant(origin.constant.clone().unwrap_or_default()));
        };
        let prefix = origin.prefix.clone().unwrap_or_default();
        let default = origin.default.clone().unwrap_or_default();
        Ok(Self::Column { at: position(column, columns)?, prefix, default })
    }

    pub fn column(&self) -> Option<usize> {
        match self {
            Self::Column { at, .. } => Some(*at),
            _ => None,
        }
    }

    fn text(&self, cell: &impl Fn(usize) -> String) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Constant(text) => text.clone(),
            Self::Column { at, prefix, default } => {
                let text = cell(*at);
                match text.trim() {
                    "" => default.clone(),
                    text => format!("{prefix}{text}"),
                }
            }
        }
    }

    fn optional(&self, cell: &impl Fn(usize) -> String) -> Option<String> {
        Some(self.text(cell)).filter(|text| !text.is_empty())
    }

    fn parsed<T: FromStr>(
        &self,
        field: &str,
        cell: &impl Fn(usize) -> String,
    ) -> Result<Option<T>, Refusal> {
        let Some(text) = self.optional(cell) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| refusal::value_wrong(field, &text))
    }
}

/// A mapping whose columns have been found.
#[derive(Clone, Debug)]
pub struct Plan {
    key: Pick,
    institution: Pick,
    code: Pick,
    maker: Pick,
    checker: Pick,
    authoriser: Pick,
    channel: Pick,
    document: Pick,
    attachments: Pick,
    summary: Pick,
    business_date: Pick,
    value_date: Pick,
    pub lines: LinePlan,
    /// The column that tells which rows are one entry.
    pub group: Option<usize>,
}

/// What a row gives: both lines of an entry, or one of them.
#[derive(Clone, Debug)]
pub enum LinePlan {
    Transfer {
        debit: Pick,
        credit: Pick,
        amount: Pick,
        unit: Pick,
    },
    Line {
        account: Pick,
        side: Pick,
        amount: Pick,
        unit: Pick,
        red: Pick,
        clears: Pick,
        quantity: Pick,
    },
}

impl Plan {
    /// The entry that begins with a row; `cell` gives the text of a column.
    pub fn entry(&self, cell: &impl Fn(usize) -> String) -> Result<EntryForm, Refusal> {
        Ok(EntryForm {
            key: self.key.text(cell),
            institution: self.institution.text(cell),
            code: self.code.text(cell),
            maker: self.maker.text(cell),
            checker: self.checker.text(cell),
            authoriser: self.authoriser.text(cell),
            channel: self.channel.text(cell),
            document: self.document.text(cell),
            attachments: self.attachments.parsed("attachments", cell)?.unwrap_or(0),
            summary: self.summary.text(cell),
            business_date: date(&self.business_date, "business_date", cell)?,
            value_date: date(&self.value_date, "value_date", cell)?,
            lines: self.lines.read(cell)?,
        })
    }
}

impl LinePlan {
    /// The lines that a row gives.
    pub fn read(&self, cell: &impl Fn(usize) -> String) -> Result<Vec<LineForm>, Refusal> {
        let plain = |account: String, side: SideWord, amount: &Pick, unit: &Pick| LineForm {
            account,
            side,
            amount: amount.text(cell),
            unit: unit.optional(cell),
            red: false,
            clears: None,
            quantity: None,
        };
        match self {
            Self::Transfer { debit, credit, amount, unit } => Ok(vec![
                plain(debit.text(cell), SideWord::Debit, amount, unit),
                plain(credit.text(cell), SideWord::Credit, amount, unit),
            ]),
            Self::Line { account, side, amount, unit, red, clears, quantity } => {
                let word = side.text(cell);
                let from: StrDeserializer<'_, ValueError> = word.as_str().into_deserializer();
                let side =
                    SideWord::deserialize(from).map_err(|_| refusal::value_wrong("side", &word))?;
                Ok(vec![LineForm {
                    red: is_red(&red.text(cell))?,
                    clears: clears.optional(cell),
                    quantity: quantity.parsed("quantity", cell)?,
                    ..plain(account.text(cell), side, amount, unit)
                }])
            }
        }
    }
}

fn is_red(word: &str) -> Result<bool, Refusal> {
    match word {
        "" | "0" | "false" | "no" | "蓝" | "否" => Ok(false),
        "1" | "true" | "yes" | "red" | "红" | "红字" | "是" => Ok(true),
        other => Err(refusal::value_wrong("red", other)),
    }
}

/// A date as 2026-01-05, 20260105 or 2026/1/5.
fn date(pick: &Pick, field: &str, cell: &impl Fn(usize) -> String) -> Result<Option<Day>, Refusal> {
    let Some(text) = pick.optional(cell) else { return Ok(None) };
    let mut parts = text.split(['/', '.']);
    let spelled = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day), None) => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => text.clone(),
    };
    spelled.parse().map(Some).map_err(|_| refusal::value_wrong(field, &text))
}
