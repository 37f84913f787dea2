//! The one form that every report takes: titles, captions, typed columns, styled rows and notes.
//!
//! A table knows nothing of files or terminals (see [`crate::render`]) and nothing of the books
//! (see [`crate::report`]). It speaks both languages; which one is read is chosen when it is
//! rendered. Amounts stay whole numbers of the unit's smallest part until the last moment.

use ledger::chart::Title;
use ledger::day::Day;
use ledger::entry::Text;
use std::borrow::Cow;
use std::cmp::Ordering;

/// Language of a printed report; accounting records must be in Chinese, so that is the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    /// "zh" or "en", as a request or a command line spells it.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// A text in both languages; constant texts cost no allocation.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    pub zh: Cow<'static, str>,
    pub en: Cow<'static, str>,
}

impl Label {
    pub const fn of(zh: &'static str, en: &'static str) -> Self {
        Self { zh: Cow::Borrowed(zh), en: Cow::Borrowed(en) }
    }

    /// What reads the same in both languages: a code, a date, a name.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { zh: Cow::Owned(text.clone()), en: Cow::Owned(text) }
    }

    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// The text with `{0}`, `{1}` … replaced: the languages may order them differently.
    #[must_use]
    pub fn fill(&self, values: &[Self]) -> Self {
        let mut zh = self.zh.to_string();
        let mut en = self.en.to_string();
        for (at, value) in values.iter().enumerate() {
            let mark = format!("{{{at}}}");
            zh = zh.replace(&mark, &value.zh);
            en = en.replace(&mark, &value.en);
        }
        Self { zh: Cow::Owned(zh), en: Cow::Owned(en) }
    }

    fn contains(&self, lower: &str) -> bool {
        self.zh.to_lowercase().contains(lower) || self.en.to_lowercase().contains(lower)
    }
}

impl From<&Title> for Label {
    fn from(title: &Title) -> Self {
        Self { zh: Cow::Owned(title.zh.clone()), en: Cow::Owned(title.en.clone()) }
    }
}

/// A line under the title: 机构：0001 总行.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    pub label: Label,
    pub value: Label,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
    Centre,
}

/// What a column holds, and so how it is drawn and exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// Numbers that name something (账号, 科目代号, 套号): never grouped, never summed.
    Code,
    /// Money with this many decimals, unless a cell says otherwise (other currencies).
    Amount(u8),
    /// Counts: grouped.
    Integer,
    Date,
    /// A rate as a scaled whole number, for instance 7.1234.
    Rate,
    /// The same, shown with a percent sign.
    Percent,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Code => "code",
            Self::Amount(_) => "amount",
            Self::Integer => "integer",
            Self::Date => "date",
            Self::Rate => "rate",
            Self::Percent => "percent",
        }
    }

    fn align(self) -> Align {
        match self {
            Self::Text | Self::Code => Align::Left,
            Self::Date => Align::Centre,
            Self::Amount(_) | Self::Integer | Self::Rate | Self::Percent => Align::Right,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Stable name for programs: JSON keys, sorting.
    pub key: Cow<'static, str>,
    pub title: Label,
    pub align: Align,
    pub kind: Kind,
}

impl Column {
    /// A column aligned as its kind usually is.
    pub fn new(key: impl Into<Cow<'static, str>>, title: Label, kind: Kind) -> Self {
        Self { key: key.into(), title, align: kind.align(), kind }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    #[default]
    Empty,
    Text(Text),
    Label(Label),
    /// Also rates and percentages: a whole number and how many of its digits are decimals.
    Amount {
        minor: i128,
        digits: u8,
    },
    Int(i64),
    Date(Day),
}

impl Cell {
    pub fn text(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.into()) }
    }

    pub fn amount(minor: i128, digits: u8) -> Self {
        Self::Amount { minor, digits }
    }

    /// A count; beyond the range of a cell no bank counts.
    pub fn count(count: u64) -> Self {
        Self::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }

    fn contains(&self, lower: &str) -> bool {
        match self {
            Self::Empty => false,
            Self::Text(text) => text.to_lowercase().contains(lower),
            Self::Label(label) => label.contains(lower),
            Self::Amount { minor, digits } => {
                ledger::money::plain(*minor, *digits).contains(lower)
                    || ledger::money::display(*minor, *digits).contains(lower)
            }
            Self::Int(number) => number.to_string().contains(lower),
            Self::Date(day) => day.to_string().contains(lower),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    #[default]
    Normal,
    Subtotal,
    Total,
    /// A row that somebody must look at.
    Warning,
}

impl Style {
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Subtotal => "subtotal",
            Self::Total => "total",
            Self::Warning => "warning",
        }
    }

    /// A row of its own, not a sum of others.
    pub fn is_detail(self) -> bool {
        matches!(self, Self::Normal | Self::Warning)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub style: Style,
    pub cells: Vec<Cell>,
    /// Codes of the subjects (科目) that the row sums, for who asks what stands behind it; on paper
    /// they do not stand.
    pub subjects: Vec<Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Ascending,
    Descending,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub title: Label,
    pub captions: Vec<Caption>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub notes: Vec<Label>,
}

impl Table {
    pub fn new(title: Label, columns: Vec<Column>) -> Self {
        Self { title, columns, ..Self::default() }
    }

    pub fn push(&mut self, style: Style, cells: Vec<Cell>) {
        self.push_of(Vec::new(), style, cells);
    }

    /// A row that sums subjects.
    pub fn push_of(&mut self, subjects: Vec<Text>, style: Style, cells: Vec<Cell>) {
        assert_eq!(cells.len(), self.columns.len(), "a row has one cell for each column");
        self.rows.push(Row { style, cells, subjects });
    }

    pub fn caption(&mut self, label: Label, value: Label) {
        self.captions.push(Caption { label, value });
    }

    /// Position of a column by its key.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    /// Cells of one column, for checks and sums.
    pub fn cells(&self, key: &str) -> impl Iterator<Item = (Style, &Cell)> {
        let at = self.column(key);
        self.rows.iter().filter_map(move |row| Some((row.style, row.cells.get(at?)?)))
    }

    /// The same table without a column.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        if let Some(at) = self.column(key) {
            self.columns.remove(at);
            for row in &mut self.rows {
                row.cells.remove(at);
            }
        }
        self
    }

    /// Detail rows in the order of a column, then the totals; nothing if there is no such column.
    /// Subtotals go: the groups that they sum are torn apart.
    pub fn sorted(mut self, key: &str, order: Order) -> Option<Self> {
        let at = self.column(key)?;
        let (mut details, others): (Vec<Row>, Vec<Row>) =
            self.rows.into_iter().partition(|row| row.style.is_detail());
        details.sort_by(|left, right| compare(&left.cells[at], &right.cells[at], order));
        details.extend(others.into_iter().filter(|row| row.style == Style::Total));
        self.rows = details;
        Some(self)
    }

    /// Detail rows that hold a text in any cell, in either language, without regard to case.
    /// Totals go: they would sum rows that are no longer shown.
    #[must_use]
    pub fn filtered(mut self, needle: &str) -> Self {
        let lower = needle.to_lowercase();
        self.rows.retain(|row| {
            row.style.is_detail() && row.cells.iter().any(|cell| cell.contains(&lower))
        });
        self
    }

    /// `limit` rows from `offset`, of all styles; the caller knows the full length beforehand.
    #[must_use]
    pub fn page(mut self, offset: usize, limit: usize) -> Self {
        self.rows = self.rows.into_iter().skip(offset).take(limit).collect();
        self
    }
}

/// Empty cells stand last in either order.
fn compare(left: &Cell, right: &Cell, order: Order) -> Ordering {
    let rank = |cell: &Cell| match cell {
        Cell::Amount { .. } => 0,
        Cell::Int(_) => 1,
        Cell::Date(_) => 2,
        Cell::Text(_) => 3,
        Cell::Label(_) => 4,
        Cell::Empty => 5,
    };
    let ordering = match (left, right) {
        (Cell::Text(left), Cell::Text(right)) => left.cmp(right),
        (Cell::Label(left), Cell::Label(right)) => left.cmp(right),
        (Cell::Int(left), Cell::Int(right)) => left.cmp(right),
        (Cell::Date(left), Cell::Date(right)) => left.cmp(right),
        (
            Cell::Amount { minor: left, digits: left_digits },
            Cell::Amount { minor: right, digits: right_digits },
        ) => scaled(*left, *right_digits).cmp(&scaled(*right, *left_digits)),
        _ => return rank(left).cmp(&rank(right)),
    };
    if order == Order::Descending { ordering.reverse() } else { ordering }
}

/// Amounts of unlike decimals compare after each is scaled by the decimals of the other.
fn scaled(minor: i128, digits: u8) -> i128 {
    minor.saturating_mul(10_i128.saturating_pow(u32::from(digits)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(
            Label::of("表", "Table"),
            vec![
                Column::new("name", Label::of("户名", "Name"), Kind::Text),
                Column::new("amount", Label::of("金额", "Amount"), Kind::Amount(2)),
            ],
        );
        for (name, minor, digits) in [("b", 150, 2), ("a", 2, 0), ("c", 1_400, 3)] {
            table.push(Style::Normal, vec![Cell::text(name), Cell::amount(minor, digits)]);
        }
        table.push(Style::Warning, vec![Cell::text("d"), Cell::Empty]);
        table.push(Style::Subtotal, vec![Cell::Label(Label::of("小计", "Subtotal")), Cell::Empty]);
        table.push(Style::Total, vec![Cell::Label(Label::of("合计", "Total")), Cell::Empty]);
        table
    }

    fn names(table: &Table) -> Vec<String> {
        let name = |cell: &Cell| match cell {
            Cell::Text(text) => text.to_string(),
            Cell::Label(label) => label.en.to_string(),
            _ => String::new(),
        };
        table.cells("name").map(|(_, cell)| name(cell)).collect()
    }

    #[test]
    fn details_are_sorted_and_totals_stay_below() {
        let sorted = table().sorted("amount", Order::Ascending).unwrap();
        assert_eq!(names(&sorted), ["c", "b", "a", "d", "Total"]);
        let sorted = table().sorted("amount", Order::Descending).unwrap();
        assert_eq!(names(&sorted), ["a", "b", "c", "d", "Total"]);
        assert_eq!(table().sorted("none", Order::Ascending), None);
    }

    #[test]
    fn a_filter_reads_every_cell_and_drops_sums() {
        assert_eq!(names(&table().filtered("1.50")), ["b"]);
        assert_eq!(names(&table().filtered("A")), ["a"]);
        assert_eq!(names(&table().filtered("合计")), Vec::<String>::new());
    }

    #[test]
    fn a_page_is_cut_and_a_column_is_dropped() {
        assert_eq!(names(&table().page(1, 2)), ["a", "c"]);
        assert_eq!(names(&table().page(9, 2)), Vec::<String>::new());
        let narrow = table().without("amount");
        assert_eq!((narrow.columns.len(), narrow.rows[0].cells.len()), (1, 1));
    }

    #[test]
    fn labels_are_filled_in_the_order_of_each_language() {
        let label = Label::of("{0}的{1}", "{1} of {0}");
        let filled = label.fill(&[Label::of("机构", "branch"), Label::of("余额", "balance")]);
        assert_eq!(filled, Label::of("机构的余额", "balance of branch"));
    }
}
