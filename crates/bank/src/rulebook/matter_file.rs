//! Matters, posts, places and stock as their files write them. What the rows mean together is
//! checked in `matters` and `posts`.

use super::file::Reason;
use super::schema::{field_types, functions, rules, title_schema, verbs, words};
use super::spot::Spanned;
use crate::office::access::Reach;
use crate::office::definition::Test;
use ledger::chart::Title;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A name: of a field, a number, a kind of account or one of the engine's words.
pub(super) type Word = Spanned<String>;

/// Names with what each is given, in the order of the names.
pub(super) type Words = BTreeMap<Word, Word>;

/// A whole number, a decimal in quotes, or the code of a number.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Amount {
    Whole(i64),
    Text(String),
}

impl Amount {
    pub fn text(&self) -> String {
        match self {
            Self::Whole(whole) => whole.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// 事项.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MatterBody {
    /// 编号规则: `XJDB-{date}-{seq:5}`.
    pub number: Word,
    /// 保管期限类别.
    pub keep: Word,
    /// Why one person may carry it from start to end, where that is right.
    pub alone: Option<Spanned<AloneRow>>,
    /// The clock opens it by itself.
    pub opens: Option<Spanned<OpensRow>>,
    #[serde(default)]
    pub fields: BTreeMap<Word, Spanned<FieldRow>>,
    pub step: Vec<Spanned<StepRow>>,
    #[serde(default)]
    pub end: Vec<EndRow>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AloneRow {
    pub because: Reason,
    pub source: Word,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpensRow {
    /// `day`, `week`, `month`, `quarter`, `half_year` or `year`.
    pub every: Every,
    /// A kind of place: one matter for each such place, given to this field.
    pub place: Word,
    pub field: Word,
    /// The day within the period.
    pub on: On,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    Day,
    Week,
    Month,
    Quarter,
    HalfYear,
    Year,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// The first business day.
    First,
    /// 突击: a day that nobody can tell before it comes.
    Surprise,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldRow {
    #[serde(rename = "type")]
    #[schemars(schema_with = "field_types")]
    pub kind: Word,
    #[schemars(schema_with = "title_schema")]
    pub title: Title,
    #[serde(default)]
    #[schemars(schema_with = "title_schema")]
    pub help: Option<Title>,
    #[serde(default)]
    pub optional: bool,
    /// Of an `enum`.
    #[serde(default)]
    pub choices: Vec<ChoiceRow>,
    /// Kinds or families of stock of `serials` and `thing`; kinds of place of `place`; codes of
    /// `matter`.
    #[serde(default)]
    pub of: Vec<Word>,
    /// Of `rows`.
    #[serde(default)]
    pub columns: BTreeMap<Word, Spanned<FieldRow>>,
    /// Computed: the field, or field and column, that is added up.
    pub sum_of: Option<Word>,
    /// Of a `sum_of` serials: the list of numbers with the price of a piece of each kind.
    pub price: Option<Word>,
    /// With `sum_of` of a column or `count_of` rows: those whose column stands at a value.
    #[serde(default)]
    pub only: Words,
    /// Computed money: what the entry in this field moved, which the matter corrects.
    pub entry_amount: Option<Word>,
    /// Computed text: what the dated number in this field is today, and is to become.
    pub number_now: Option<Word>,
    /// Computed: pieces of serials, rows of rows.
    pub count_of: Option<Word>,
    /// Computed money: the cash that the books have at the place in this field.
    pub booked_at: Option<Word>,
    /// Computed enum of `yes` and `no`: whether a count is what the books have at a place.
    pub agrees: Option<Spanned<AgreesRow>>,
    /// Computed text: until when something of a retention class is kept.
    pub keep_until: Option<Spanned<KeepRow>>,
    /// Unit of money other than the base currency.
    pub unit: Option<Word>,
    /// Bounds of an integer, decimal or money, of a text's characters, of a list of operators.
    pub min: Option<Spanned<Amount>>,
    pub max: Option<Spanned<Amount>>,
    /// What stands there unless something else is given: a literal, `@today`, `@operator`,
    /// `@institution` or `@box`.
    pub default: Option<Word>,
}

/// 账实核对: what was counted, and where.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AgreesRow {
    pub place: Word,
    pub counted: Word,
}

/// 保管期限: the field with the class, and the one with the last day of what is kept.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KeepRow {
    pub class: Word,
    pub ends: Word,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChoiceRow {
    pub code: Word,
    pub zh: String,
    pub en: String,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EndRow {
    pub name: Word,
    #[schemars(schema_with = "title_schema")]
    pub title: Title,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StepRow {
    pub name: Word,
    #[schemars(schema_with = "title_schema")]
    pub title: Title,
    #[serde(default)]
    pub fill: Vec<Word>,
    pub hands: Vec<Spanned<HandRow>>,
    #[serde(default)]
    pub mode: ModeRow,
    /// 表决: how many of the hands must agree, with `mode = "vote"`.
    pub votes: Option<Spanned<u16>>,
    pub within: Option<Spanned<WithinRow>>,
    /// 超时升级: the post that is told, and may act, when time is over.
    pub escalate: Option<Word>,
    #[serde(default)]
    pub check: Vec<Spanned<CheckRow>>,
    #[serde(rename = "move", default)]
    pub moves: Vec<Spanned<MoveRow>>,
    #[serde(default)]
    pub post: Vec<Spanned<PostRow>>,
    #[serde(default)]
    pub act: Vec<Spanned<ActRow>>,
    #[serde(default)]
    pub go: Vec<Spanned<GoRow>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModeRow {
    /// 会签: every hand, in any order.
    #[default]
    All,
    /// 顺序会签.
    Sequence,
    /// 或签.
    Any,
    /// 表决.
    Vote,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HandRow {
    #[serde(rename = "as")]
    pub role: Role,
    pub post: Option<Word>,
    /// A field that names the operator, or the operators.
    pub who: Option<Word>,
    #[serde(default = "one")]
    pub count: u16,
    /// `own`, `above`, `head`, or a field with a place, an institution or an account.
    pub at: Option<Word>,
    pub by_amount: Option<Word>,
    #[serde(default)]
    pub bands: Vec<BandRow>,
    /// Why one who had another hand in this record may have this one.
    pub may_repeat: Option<Reason>,
    pub when: Option<Spanned<WhenRow>>,
}

fn one() -> u16 {
    1
}

/// 权限档: the first whose bound is not exceeded names the post.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BandRow {
    /// A number; left out: whatever the amount.
    pub up_to: Option<Word>,
    pub post: Word,
    pub at: Option<Word>,
}

/// In what capacity somebody acts.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 经办.
    Maker,
    /// 复核.
    Checker,
    /// 授权.
    Authoriser,
    /// 保管.
    Custodian,
    /// 接收.
    Receiver,
    /// 移交.
    Giver,
    /// 监交、监销.
    Witness,
    /// 双人.
    Pair,
    /// 会签.
    Countersigner,
    /// 阅知.
    Reader,
    /// 处理.
    Handler,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WithinRow {
    pub minutes: Option<Spanned<Amount>>,
    pub working_hours: Option<Spanned<Amount>>,
    pub working_days: Option<Spanned<Amount>>,
    pub days: Option<Spanned<Amount>>,
}

/// A field that stands at one of these values, or at a number from here on, or below it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhenRow {
    pub field: Word,
    #[serde(default)]
    pub is: Vec<Word>,
    pub at_least: Option<Spanned<Amount>>,
    pub below: Option<Spanned<Amount>>,
}

impl WhenRow {
    /// What it asks of a value: one of its three ways, or nothing that can be judged.
    pub fn test(&self, mut bound: impl FnMut(&Spanned<Amount>) -> String) -> Option<Test> {
        match (&self.at_least, &self.below, self.is.is_empty()) {
            (Some(least), None, true) => Some(Test::AtLeast(bound(least))),
            (None, Some(below), true) => Some(Test::Below(bound(below))),
            (None, None, false) => {
                Some(Test::Is(self.is.iter().map(|word| word.get_ref().clone()).collect()))
            }
            _ => None,
        }
    }
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckRow {
    #[schemars(schema_with = "rules")]
    pub rule: Word,
    #[serde(default)]
    pub args: Words,
    pub when: Option<Spanned<WhenRow>>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveRow {
    pub what: Word,
    pub from: Option<Word>,
    pub to: Option<Word>,
    /// The other side of the entry, where one end is not a place that is booked.
    pub against: Option<Word>,
    /// A field that names the open item which that other side clears.
    pub clears: Option<Word>,
    /// 顺序使用: no number may be skipped.
    #[serde(default)]
    pub in_order: bool,
    /// 清分: the class that notes become, at `from`.
    #[serde(default)]
    #[schemars(schema_with = "words::<custody::Class>")]
    pub into: Option<custody::Class>,
    /// 作废, at `from`.
    #[serde(default)]
    pub void: bool,
    /// Attributes of a thing.
    #[serde(default)]
    pub set: Words,
    pub when: Option<Spanned<WhenRow>>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PostRow {
    pub debit: Option<Word>,
    pub credit: Option<Word>,
    pub amount: Word,
    /// Where a kind of account is looked for; left out: at the matter's own institution.
    pub debit_at: Option<Word>,
    pub credit_at: Option<Word>,
    /// A field that names the open item which is cleared.
    pub clears: Option<Word>,
    /// 表外: pieces behind the amount.
    pub pieces: Option<Word>,
    pub when: Option<Spanned<WhenRow>>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ActRow {
    #[serde(rename = "do")]
    #[schemars(schema_with = "verbs")]
    pub verb: Word,
    #[serde(default)]
    pub args: Words,
    pub when: Option<Spanned<WhenRow>>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GoRow {
    /// A step, or an end.
    pub to: Word,
    pub when: Option<Spanned<WhenRow>>,
}

/// 岗位.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PostsBody {
    #[serde(default)]
    pub post: Vec<PostOfRow>,
    #[serde(default)]
    pub apart: Vec<Spanned<ApartRow>>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PostOfRow {
    pub code: Word,
    pub zh: String,
    pub en: String,
    /// 轮岗: months after which somebody else takes the post, a number.
    pub rotate_months: Option<Word>,
    /// 强制休假: days a year, a number.
    pub leave_days: Option<Word>,
}

/// 不相容岗位: posts that one person may not hold at once.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApartRow {
    pub posts: Vec<Word>,
    pub why: Reason,
    pub source: Word,
}

/// 功能权限: who may do what is no matter.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccessBody {
    pub access: Vec<AccessRow>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccessRow {
    #[schemars(schema_with = "functions")]
    pub code: Word,
    pub zh: String,
    pub en: String,
    pub posts: Vec<Word>,
    pub at: Reach,
}

/// 保管场所.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlacesBody {
    pub place: Vec<PlaceRow>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceRow {
    pub code: Word,
    pub zh: String,
    pub en: String,
    /// Kind of account that its cash is booked on; left out: it holds none.
    pub cash: Option<Word>,
    /// Kinds of account that numbered stock is booked on, by family of stock.
    #[serde(default)]
    pub stock: Words,
    /// Whose post keeps it; left out: one operator's own.
    pub keeper: Option<Word>,
    /// Number with the most cash it may hold overnight.
    pub limit: Option<Word>,
}

/// 编号物品种类.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StockBody {
    pub stock: Vec<StockRow>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StockRow {
    pub code: Word,
    pub zh: String,
    pub en: String,
    /// What places book it under; left out: it is in no book.
    pub family: Option<Word>,
    /// 面额; left out: the notional amount of a piece.
    pub face: Option<Word>,
    /// Pieces of a book or packet, which is moved whole between places.
    pub per_book: Option<Spanned<u32>>,
}

/// 券别.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DenominationsBody {
    pub denomination: Vec<DenominationRow>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DenominationRow {
    pub code: Word,
    pub zh: String,
    pub en: String,
    pub face: Word,
    pub kind: NoteKind,
    /// 把: pieces of a bundle; ten bundles are a brick (捆).
    pub per_bundle: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    Note,
    Coin,
}

/// 档案保管期限.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RetentionBody {
    pub class: Vec<RetentionRow>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RetentionRow {
    pub code: Word,
    pub zh: String,
    pub en: String,
    /// A number of years; left out: for ever.
    pub years: Option<Word>,
}
