//! Registers and figures of matters (登记簿与统计表) as the rulebook declares them: which matters,
//! what is shown of each, or what is counted over groups of them.
//!
//! [`reading::Reading`] is given one record after another, open ones and ended ones as the store
//! pages them, and keeps rows, or no more than its groups. There are no floats: sums are exact,
//! averages and shares are rounded once, half up.

pub mod item;
pub mod reading;
pub mod shown;

use super::definition::{Matter, Test};
use ledger::chart::Title;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Names of the lists that no file declares, so that none of its reports is called so.
pub const TAKEN: [&str; 7] = ["list", "register", "cash", "stock", "transit", "limits", "rotation"];

/// A report of the rulebook, with names looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub code: String,
    pub title: Title,
    /// Codes of matters; none: all.
    pub of: Option<BTreeSet<String>>,
    pub each: Each,
    pub shows: Shows,
    pub only: Vec<Condition>,
    /// What the rows stand for: items one by one, or groups of them.
    pub body: Body,
    pub columns: Vec<Column>,
    /// Columns by which the rows are ordered, and whether the greatest comes first.
    pub order: Vec<(usize, bool)>,
    /// Columns that are added up in a last row.
    pub total: BTreeSet<usize>,
}

/// What there is one item of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Each {
    Matter,
    /// 停留: from when a matter came to a step until it left it.
    Stay,
    /// 经手: a hand that was given and still counts.
    Hand,
    /// A row of this field.
    Row(String),
}

/// Which matters are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    Open,
    Ended,
    #[default]
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Every item is a row.
    Register,
    /// Items that are alike in the first columns, so many, make one.
    Groups(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub key: String,
    pub title: Title,
    pub what: What,
    pub form: Form,
}

/// What a cell says: something of an item, or a figure over a group of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Show(Name),
    /// Items of which this holds.
    Count(Vec<Condition>),
    /// Their part of all items of the group.
    Share(Vec<Condition>),
    Sum(Name),
    Average(Name),
    Greatest(Name),
    Least(Name),
}

/// How the values of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Code,
    Text,
    Whole,
    /// With so many digits after the point.
    Money(u8),
    Decimal,
    Day,
    /// A part of a hundred.
    Share,
}

impl Form {
    /// Whether values can be added up.
    pub fn adds_up(self) -> bool {
        matches!(self, Self::Whole | Self::Money(_) | Self::Decimal)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub name: Name,
    pub test: Test,
}

/// What can be named: a field, a column of the rows that are shown one by one, or what the office
/// knows of every matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    Field(String),
    Column(String),
    Own(Own),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    Code,
    Matter,
    Number,
    Institution,
    Opener,
    State,
    Opened,
    Ended,
    Month,
    Hands,
    Returns,
    Urged,
    Late,
    Worked,
    Elapsed,
    Step,
    Wait,
    Operator,
}

/// A name that the office gives.
pub struct OwnName {
    pub own: Own,
    pub word: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub form: Form,
    /// Whether items can be grouped by it.
    pub groups: bool,
}

impl Own {
    pub const ALL: [OwnName; 18] = [
        named(Self::Code, "@code", "编码", "Code", Form::Code, true),
        named(Self::Matter, "@matter", "事项", "Matter", Form::Text, true),
        named(Self::Number, "@number", "编号", "Number", Form::Code, false),
        named(Self::Institution, "@institution", "机构", "Institution", Form::Code, true),
        named(Self::Opener, "@opener", "发起人", "Opener", Form::Text, true),
        named(Self::State, "@state", "进度", "State", Form::Text, true),
        named(Self::Opened, "@opened", "日期", "Day", Form::Day, true),
        named(Self::Ended, "@ended", "办结日", "Ended", Form::Day, true),
        named(Self::Month, "@month", "月份", "Month", Form::Code, true),
        named(Self::Hands, "@hands", "经手人", "Hands", Form::Text, false),
        named(Self::Returns, "@returns", "退回次数", "Returned", Form::Whole, true),
        named(Self::Urged, "@urged", "催办次数", "Urged", Form::Whole, true),
        named(Self::Late, "@late", "超时", "Late", Form::Text, true),
        named(Self::Worked, "@worked", "工作用时（分）", "Working minutes", Form::Whole, false),
        named(Self::Elapsed, "@elapsed", "全程用时（分）", "Minutes", Form::Whole, false),
        named(Self::Step, "@step", "步骤", "Step", Form::Text, true),
        named(Self::Wait, "@wait", "停留（工作分）", "Waited, minutes", Form::Whole, false),
        named(Self::Operator, "@operator", "柜员", "Operator", Form::Code, true),
    ];

    pub fn name(self) -> &'static OwnName {
        &Self::ALL[self as usize]
    }

    /// Whether an item of this kind has it.
    pub fn is_of(self, each: &Each) -> bool {
        match self {
            Self::Step => matches!(each, Each::Stay | Each::Hand),
            Self::Wait => *each == Each::Stay,
            Self::Operator => *each == Each::Hand,
            _ => true,
        }
    }
}

const fn named(
    own: Own,
    word: &'static str,
    zh: &'static str,
    en: &'static str,
    form: Form,
    groups: bool,
) -> OwnName {
    OwnName { own, word, zh, en, form, groups }
}

impl OwnName {
    pub fn title(&self) -> Title {
        Title { zh: self.zh.to_owned(), en: self.en.to_owned() }
    }

    /// The column that shows it.
    pub fn column(&self) -> Column {
        Column {
            key: self.word.to_owned(),
            title: self.title(),
            what: What::Show(Name::Own(self.own)),
            form: self.form,
        }
    }
}

/// What stands before and after the columns of a register.
pub fn frame(each: &Each) -> (Vec<Column>, Vec<Column>) {
    let columns = |all: &[Own]| all.iter().map(|own| own.name().column()).collect();
    match each {
        Each::Matter | Each::Row(_) => {
            let first = [Own::Number, Own::Opened, Own::Institution, Own::Opener, Own::State];
            (columns(&first), columns(&[Own::Hands]))
        }
        Each::Stay => (columns(&[Own::Number, Own::Institution, Own::Step]), Vec::new()),
        Each::Hand => {
            (columns(&[Own::Number, Own::Institution, Own::Step, Own::Operator]), Vec::new())
        }
    }
}

/// The register of one matter with every field (事项登记簿), which no file need declare.
pub fn register(matter: &Matter) -> Report {
    let shown = matter.fields.iter().map(|field| Column {
        key: field.name.clone(),
        title: field.title.clone(),
        what: What::Show(Name::Field(field.name.clone())),
        form: shown::form(&field.kind),
    });
    let (mut columns, last) = frame(&Each::Matter);
    columns.extend(shown);
    columns.extend(last);
    Report {
        code: matter.code.clone(),
        title: Title {
            zh: format!("{}登记簿", matter.title.zh),
            en: format!("Register: {}", matter.title.en),
        },
        of: Some(BTreeSet::from([matter.code.clone()])),
        each: Each::Matter,
        shows: Shows::All,
        only: Vec::new(),
        body: Body::Register,
        columns,
        order: Vec::new(),
        total: BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::Own;

    #[test]
    fn names_of_the_office_are_in_their_order() {
        for (at, name) in Own::ALL.iter().enumerate() {
            assert_eq!(name.own as usize, at, "{}", name.word);
        }
    }
}
