//! The files as they are written: a header that is the same for every kind of file, and the rows
//! of that kind. What the rows mean together is checked by the modules beside this one.

use super::FileInfo;
use super::error::{Place, Report};
use super::matter_file::{
    AccessBody, Amount, DenominationsBody, MatterBody, PlacesBody, PostsBody, RetentionBody,
    StockBody,
};
use super::report_file::ReportBody;
use super::schema::{title_schema, words};
use super::spot::Spanned;
use ledger::chart::{Basis, Class, Control, Manual, Method, RateChange, Side, Title};
use schemars::JsonSchema;
use serde::Deserialize;
use toml::de::{DeTable, Deserializer};

/// Kinds of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// 科目表.
    Accounts,
    /// 账户种类.
    AccountKind,
    /// 参数.
    Number,
    /// 币种与实物.
    Units,
    /// 报表格式.
    Layout,
    /// 事项.
    Matter,
    /// 岗位.
    Posts,
    /// 功能权限.
    Access,
    /// 保管场所.
    Places,
    /// 编号物品.
    Stock,
    /// 券别.
    Denominations,
    /// 保管期限.
    Retention,
    /// 登记簿与统计表.
    Report,
}

impl FileKind {
    /// As the files name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::AccountKind => "account_kind",
            Self::Number => "number",
            Self::Units => "units",
            Self::Layout => "layout",
            Self::Matter => "matter",
            Self::Posts => "posts",
            Self::Access => "access",
            Self::Places => "places",
            Self::Stock => "stock",
            Self::Denominations => "denominations",
            Self::Retention => "retention",
            Self::Report => "report",
        }
    }
}

/// Whether a file is in use; only live files make up the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Draft,
    Live,
    Retired,
}

impl Standing {
    /// As the files name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Live => "live",
            Self::Retired => "retired",
        }
    }
}

/// What a number is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// 年利率, written with a percent sign and kept as a fraction.
    Rate,
    /// 比例, written with a percent sign and kept as a fraction.
    Share,
    /// 汇率: base units for one foreign unit.
    Price,
    /// Whole units of the base currency.
    Yuan,
    Day,
    WorkingDay,
    Month,
    Year,
    DayOfMonth,
    /// 笔、张、户、人.
    Count,
    /// 时刻, written as 09:30 and kept in minutes.
    Time,
    Hour,
    Minute,
}

impl Measure {
    /// As the files name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Share => "share",
            Self::Price => "price",
            Self::Yuan => "yuan",
            Self::Day => "day",
            Self::WorkingDay => "working_day",
            Self::Month => "month",
            Self::Year => "year",
            Self::DayOfMonth => "day_of_month",
            Self::Count => "count",
            Self::Time => "time",
            Self::Hour => "hour",
            Self::Minute => "minute",
        }
    }
}

/// The keys that open every file, in this order.
pub(super) const HEADER: [&str; 7] = ["kind", "code", "title", "serves", "why", "source", "status"];

/// The key that says how to read the others.
#[derive(Deserialize)]
struct Kind {
    kind: FileKind,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub kind: FileKind,
    pub code: Spanned<String>,
    #[schemars(schema_with = "title_schema")]
    pub title: Title,
    pub serves: Vec<Spanned<String>>,
    pub why: Reason,
    pub source: Spanned<String>,
    pub status: Standing,
}

/// Why something is so: a sentence in both languages.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    pub zh: Spanned<String>,
    pub en: Spanned<String>,
}

impl Reason {
    pub fn title(&self) -> Title {
        title(self.zh.get_ref(), self.en.get_ref())
    }
}

/// The rows of a file, by kind.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    Accounts(AccountsBody),
    AccountKind(AccountKindBody),
    Number(NumberBody),
    Units(UnitsBody),
    Layout(LayoutBody),
    Matter(Box<MatterBody>),
    Posts(PostsBody),
    Access(AccessBody),
    Places(PlacesBody),
    Stock(StockBody),
    Denominations(DenominationsBody),
    Retention(RetentionBody),
    Report(Box<ReportBody>),
}

/// A name in both languages, as rows spell it.
pub(super) fn title(zh: &str, en: &str) -> Title {
    Title { zh: zh.to_owned(), en: en.to_owned() }
}

/// A file that was read.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub file: usize,
    pub path: String,
    pub header: Header,
    pub body: Entry,
}

impl Definition {
    pub fn at<T>(&self, value: &Spanned<T>) -> Place {
        Place { file: self.file, offset: value.span().start }
    }

    pub fn info(&self) -> FileInfo {
        let header = &self.header;
        FileInfo {
            path: self.path.clone(),
            kind: header.kind,
            code: header.code.get_ref().clone(),
            title: header.title.clone(),
            why: header.why.title(),
            source: header.source.get_ref().clone(),
            status: header.status,
            serves: header.serves.iter().map(|row| row.get_ref().clone()).collect(),
            codes: self.codes(),
        }
    }

    /// What the file defines.
    fn codes(&self) -> Vec<String> {
        fn of<'a>(rows: impl Iterator<Item = &'a Spanned<String>>) -> Vec<String> {
            rows.map(|code| code.get_ref().clone()).collect()
        }
        match &self.body {
            Entry::Accounts(body) => {
                let subjects = body.group.iter().flat_map(|group| &group.subject);
                of(subjects.map(|row| &row.code))
            }
            Entry::AccountKind(body) => of(body.account_kind.iter().map(|row| &row.code)),
            Entry::Number(body) => of(body.number.iter().map(|row| &row.code)),
            Entry::Units(body) => {
                let things = body.thing.iter().map(|row| &row.code);
                of(body.currency.iter().map(|row| &row.code).chain(things))
            }
            Entry::Layout(_) | Entry::Matter(_) | Entry::Report(_) => {
                vec![self.header.code.get_ref().clone()]
            }
            Entry::Posts(body) => {
                let apart = body.apart.iter().flat_map(|row| &row.get_ref().posts);
                of(body.post.iter().map(|row| &row.code).chain(apart))
            }
            Entry::Access(body) => of(body.access.iter().map(|row| &row.code)),
            Entry::Places(body) => of(body.place.iter().map(|row| &row.code)),
            Entry::Stock(body) => of(body.stock.iter().map(|row| &row.code)),
            Entry::Denominations(body) => of(body.denomination.iter().map(|row| &row.code)),
            Entry::Retention(body) => of(body.class.iter().map(|row| &row.code)),
        }
    }
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountsBody {
    pub group: Vec<SubjectGroup>,
}

/// Subjects of one class.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubjectGroup {
    #[schemars(schema_with = "words::<Class>")]
    pub class: Class,
    /// The side of those that say nothing else, and lie under none that does.
    #[schemars(schema_with = "words::<Side>")]
    pub side: Side,
    pub subject: Vec<SubjectRow>,
}

/// 科目.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubjectRow {
    pub code: Spanned<String>,
    pub zh: String,
    pub en: String,
    #[serde(default)]
    #[schemars(schema_with = "words::<Side>")]
    pub side: Option<Side>,
}

/// Whose accounts a file of kinds describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Owner {
    /// 内部账户: one per institution and unit, opened when first needed.
    Bank,
    Customer,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountKindBody {
    pub owner: Owner,
    /// Who may post, where a row says nothing else.
    #[schemars(schema_with = "words::<Manual>")]
    pub manual: Manual,
    pub account_kind: Vec<KindRow>,
    pub system: Option<Box<Spanned<SystemRow>>>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KindRow {
    pub code: Spanned<String>,
    pub subject: Spanned<String>,
    /// Names; left out: those of the subject.
    pub zh: Option<String>,
    pub en: Option<String>,
    /// Left out: the side of the subject.
    #[serde(default)]
    #[schemars(schema_with = "words::<Control>")]
    pub control: Option<Control>,
    #[serde(default)]
    #[schemars(schema_with = "words::<Manual>")]
    pub manual: Option<Manual>,
    #[serde(default)]
    pub open_item: bool,
    /// For open items of a two-sided kind: the side that opens one.
    #[serde(default)]
    #[schemars(schema_with = "words::<Side>")]
    pub opens: Option<Side>,
    #[serde(default)]
    pub zero_at_close: bool,
    #[serde(default)]
    pub max_age_days: u16,
    /// Code of the number that holds the limit; left out: no overdraft.
    pub overdraft_limit: Option<Spanned<String>>,
    pub interest: Option<InterestRow>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InterestRow {
    #[schemars(schema_with = "words::<Method>")]
    pub method: Method,
    #[schemars(schema_with = "words::<Basis>")]
    pub basis: Basis,
    #[schemars(schema_with = "words::<RateChange>")]
    pub rate_change: RateChange,
    pub rate: Spanned<String>,
    pub overdraft_rate: Option<Spanned<String>>,
    #[serde(default)]
    pub settle_months: Vec<Spanned<i8>>,
    pub settle_day: Option<Spanned<i8>>,
    pub expense: Spanned<String>,
    pub payable: Spanned<String>,
    pub income: Spanned<String>,
    pub receivable: Spanned<String>,
    pub due: Option<Spanned<String>>,
}

/// The kinds that the ledger itself posts to.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SystemRow {
    pub interbranch: Spanned<String>,
    pub exchange: Spanned<String>,
    pub exchange_gain: Spanned<String>,
    pub year_profit: Spanned<String>,
    pub prior_year: Spanned<String>,
    pub undistributed: Spanned<String>,
    pub shortfall: Spanned<String>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberBody {
    pub number: Vec<NumberRow>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberRow {
    pub code: Spanned<String>,
    pub zh: String,
    pub en: String,
    pub unit: Measure,
    pub value: Vec<ValueRow>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ValueRow {
    pub from: Spanned<String>,
    #[schemars(with = "Amount")]
    pub is: Spanned<Figure>,
    pub source: Spanned<String>,
}

/// A value as it is written, `"0.05%"` or 360. A TOML float is binary and cannot hold 0.1, so it is
/// not taken.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Figure {
    Whole(i64),
    Text(String),
    #[expect(dead_code, reason = "read only to be refused")]
    Binary(f64),
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitsBody {
    pub base: Spanned<String>,
    pub currency: Vec<CurrencyRow>,
    #[serde(default)]
    pub thing: Vec<ThingRow>,
}

/// A currency of ISO 4217. English name and digits come from its table; they are written here only
/// for a currency that the table gives none for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CurrencyRow {
    pub code: Spanned<String>,
    pub zh: String,
    pub en: Option<String>,
    pub digits: Option<u8>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ThingRow {
    pub code: Spanned<String>,
    pub zh: String,
    pub en: String,
    #[serde(default)]
    pub digits: u8,
}

/// What a layout must have all subjects of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Covers {
    /// Everything but off-balance subjects.
    OnBalance,
    /// Income and expense.
    Profit,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LayoutBody {
    pub covers: Spanned<Covers>,
    pub row: Vec<RowOfLayout>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RowOfLayout {
    pub section: Spanned<String>,
    pub zh: String,
    pub en: String,
    #[serde(default)]
    pub add: Vec<Spanned<String>>,
    #[serde(default)]
    pub deduct: Vec<Spanned<String>>,
    #[serde(default)]
    pub total_of: Vec<Spanned<String>>,
}

/// Reads one TOML file: its header first, then the rows that its kind asks for.
pub(super) fn read(file: usize, path: &str, text: &str, report: &mut Report) -> Option<Definition> {
    let (table, errors) = DeTable::parse_recoverable(text);
    // One slip makes the reader stumble to the end of the file: only the first place helps.
    let first = errors.iter().min_by_key(|error| error.span().map(|span| span.start));
    if let Some(error) = first {
        report.toml(file, error, &[]);
        return None;
    }
    let span = table.span();
    let keys = keys(table.get_ref());
    let (head, rest): (DeTable, DeTable) = table
        .into_inner()
        .into_iter()
        .partition(|(key, _)| HEADER.contains(&key.get_ref().as_ref()));
    let head = toml::Spanned::new(span.clone(), head);
    let kind = Kind::deserialize(Deserializer::from(head.clone()));
    let kind = kind.map_err(|error| report.toml(file, &error, &HEADER)).ok()?.kind;
    let rest = Deserializer::from(toml::Spanned::new(span, rest));
    let body = match kind {
        FileKind::Accounts => AccountsBody::deserialize(rest).map(Entry::Accounts),
        FileKind::AccountKind => AccountKindBody::deserialize(rest).map(Entry::AccountKind),
        FileKind::Number => NumberBody::deserialize(rest).map(Entry::Number),
        FileKind::Units => UnitsBody::deserialize(rest).map(Entry::Units),
        FileKind::Layout => LayoutBody::deserialize(rest).map(Entry::Layout),
        FileKind::Matter => MatterBody::deserialize(rest).map(|body| Entry::Matter(Box::new(body))),
        FileKind::Posts => PostsBody::deserialize(rest).map(Entry::Posts),
        FileKind::Access => AccessBody::deserialize(rest).map(Entry::Access),
        FileKind::Places => PlacesBody::deserialize(rest).map(Entry::Places),
        FileKind::Stock => StockBody::deserialize(rest).map(Entry::Stock),
        FileKind::Denominations => DenominationsBody::deserialize(rest).map(Entry::Denominations),
        FileKind::Retention => RetentionBody::deserialize(rest).map(Entry::Retention),
        FileKind::Report => ReportBody::deserialize(rest).map(|body| Entry::Report(Box::new(body))),
    };
    let body = body.map_err(|error| {
        // Only at the top could the key have been one of the header.
        let start = error.span().map(|span| span.start);
        let on_top = keys.iter().any(|(offset, _)| Some(*offset) == start);
        report.toml(file, &error, if on_top { &HEADER } else { &[] });
    });
    let header = Header::deserialize(Deserializer::from(head));
    let header = header.map_err(|error| report.toml(file, &error, &[]));
    let (header, body) = (header.ok()?, body.ok()?);
    check_order(file, &keys, report);
    Some(Definition { file, path: path.to_owned(), header, body })
}

/// The keys of the file in the order in which they stand.
fn keys(table: &DeTable) -> Vec<(usize, String)> {
    let keys = table.iter().map(|(key, _)| (key.span().start, key.get_ref().to_string()));
    let mut keys: Vec<_> = keys.collect();
    keys.sort_unstable();
    keys
}

/// Header keys come first and in their order, so that every file opens alike.
fn check_order(file: usize, keys: &[(usize, String)], report: &mut Report) {
    for (expected, (offset, key)) in HEADER.iter().zip(keys) {
        if expected != key {
            let place = Place { file, offset: *offset };
            let order = HEADER.join(", ");
            let zh = format!("此处应为 {expected}；文件头的次序是 {order}");
            let en = format!("`{expected}` belongs here; a file opens with {order}");
            report.add(place, "HeaderOrder", zh, en);
            return;
        }
    }
}
