//! What the rulebook says of matters, posts, places and stock, with names looked up: fields and
//! steps are positions, and what stands here was checked when the rulebook was read.

use super::access::{Access, Function};
use super::report::Report;
pub use crate::rulebook::{Every, ModeRow as Mode, NoteKind, On, Role};
use custody::Class;
use ledger::chart::Title;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything of a rulebook that is not books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Office {
    pub matters: BTreeMap<String, Arc<Matter>>,
    pub posts: BTreeMap<String, Post>,
    /// 不相容岗位.
    pub apart: Vec<Apart>,
    /// 功能权限: who may do what is no matter.
    pub access: BTreeMap<Function, Access>,
    pub places: BTreeMap<String, PlaceKind>,
    pub stocks: BTreeMap<String, Stock>,
    pub denominations: BTreeMap<String, Denomination>,
    pub retention: BTreeMap<String, Retention>,
    /// 登记簿与统计表, by code.
    pub reports: BTreeMap<String, Arc<Report>>,
}

/// 岗位.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    pub title: Title,
    pub rotate_months: Option<String>,
    pub leave_days: Option<String>,
}

/// Posts that one person may not hold at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    pub posts: Vec<String>,
    pub why: Title,
    pub source: String,
}

/// 保管场所种类.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceKind {
    pub title: Title,
    pub cash: Option<String>,
    pub stock: BTreeMap<String, String>,
    pub keeper: Option<String>,
    pub limit: Option<String>,
}

/// 编号物品种类.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    pub title: Title,
    pub family: Option<String>,
    /// In minor units of the base currency.
    pub face: Option<i64>,
    pub per_book: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denomination {
    pub title: Title,
    /// In minor units of the base currency.
    pub face: i64,
    pub kind: NoteKind,
    pub per_bundle: u32,
}

/// 保管期限.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    pub title: Title,
    pub years: Option<String>,
}

/// 事项.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    pub code: String,
    pub title: Title,
    pub file: String,
    pub number: Vec<NumberPart>,
    pub keep: String,
    pub alone: Option<Title>,
    pub opens: Option<Opens>,
    pub fields: Vec<Field>,
    pub steps: Vec<Step>,
    /// Names of ends and their titles; `done` is the first.
    pub ends: Vec<(String, Title)>,
}

impl Matter {
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    pub fn step(&self, name: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.name == name)
    }
}

/// 编号规则的一段.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberPart {
    Text(String),
    Date,
    Year,
    Institution,
    /// With so many digits; counts anew for each value of what stands before it.
    Sequence(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opens {
    pub every: Every,
    pub on: On,
    pub place: String,
    pub field: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub title: Title,
    pub help: Title,
    pub kind: FieldKind,
    pub optional: bool,
    /// The step that asks for it; computed fields are asked for nowhere.
    pub filled_at: Option<usize>,
    pub computed: Option<Computed>,
    pub min: Option<Decimal>,
    pub max: Option<Decimal>,
    pub default: Option<Source>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Integer,
    Decimal,
    /// Digits after the point, and the unit.
    Money(u8, String),
    Date,
    Time,
    Choice(Vec<(String, Title)>),
    Institution,
    Operator,
    Operators,
    Account,
    /// A kind of account of the bank.
    AccountKind,
    /// A business document by its number.
    Document,
    /// A customer, a supplier, an authority.
    Party,
    Place(Vec<String>),
    Serials(Vec<String>),
    Thing(Vec<String>),
    /// A kind of numbered stock by its code.
    Stock,
    Notes,
    Rows(Vec<Field>),
    Attachment,
    Matter(Vec<String>),
    Post,
    /// A dated number by its code.
    Number,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Computed {
    /// Face of notes, or what serials are booked at.
    Face(usize),
    /// Serials at the price of a piece: a number for each kind of stock, `list.kind`.
    Priced(usize, String),
    /// A column of rows; with `only`, of those whose other column stands at a value.
    Column { rows: usize, column: String, only: Option<(String, String)> },
    /// Pieces of serials or of notes, or rows.
    Pieces(usize),
    /// Rows whose column stands at a value.
    RowsAt { rows: usize, only: (String, String) },
    /// Cash that the books have at a place.
    Booked(usize),
    /// Whether a place holds what was counted.
    Agrees { place: usize, counted: usize },
    /// What the entry with this number moved: the wrong one that the matter corrects.
    EntryAmount(usize),
    /// What a dated number is today, and is to become.
    Number(usize),
    /// Until when something is kept: the field of its class, and of its last day.
    Keep { class: usize, ends: usize },
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Field(usize),
    Literal(String),
    /// 营业日.
    Today,
    /// Who acts.
    Operator,
    /// The matter's own institution.
    Institution,
    /// The matter's number.
    Number,
    /// 自己的尾箱: the box of who acts.
    OwnBox,
}

/// 步骤.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub name: String,
    pub title: Title,
    /// Fields to be given before or in this step.
    pub fill: Vec<usize>,
    pub hands: Vec<Hand>,
    pub mode: Mode,
    pub votes: u16,
    pub within: Option<Within>,
    pub escalate: Option<String>,
    pub checks: Vec<Check>,
    pub moves: Vec<Moving>,
    pub posts: Vec<Posting>,
    pub acts: Vec<Acting>,
    pub go: Vec<Branch>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    pub role: Role,
    pub bands: Vec<Band>,
    /// The field whose amount chooses the band.
    pub by_amount: Option<usize>,
    /// The field that names who.
    pub who: Option<usize>,
    pub count: u16,
    pub may_repeat: Option<Title>,
    pub when: Option<When>,
}

/// 权限档.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// Code of the number that bounds it.
    pub up_to: Option<String>,
    pub post: Option<String>,
    pub at: Where,
}

/// Which institution's people, or accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// The matter's own.
    Own,
    /// The matter's own or one above it.
    Above,
    Head,
    /// That of a place, an institution, an operator or an account.
    Field(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// By the clock, at night and on holidays too: for what cannot wait.
    Minutes,
    WorkingHours,
    WorkingDays,
    Days,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    pub span: Span,
    pub length: Length,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Length {
    Fixed(u32),
    /// Code of a number.
    Number(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    pub field: usize,
    pub test: Test,
}

/// What a condition asks of a value. Bounds are literals, or codes of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    Is(Vec<String>),
    AtLeast(String),
    Below(String),
}

/// A judgement by its code, with what it judges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub rule: String,
    pub args: BTreeMap<String, Source>,
    pub when: Option<When>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moving {
    pub what: usize,
    pub how: How,
    pub when: Option<When>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    Pass {
        from: PlaceOf,
        to: PlaceOf,
        in_order: bool,
        against: Option<Booked>,
        clears: Option<usize>,
    },
    Sort {
        at: PlaceOf,
        into: Class,
    },
    Void {
        at: PlaceOf,
    },
    Mark {
        set: BTreeMap<String, Source>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceOf {
    Field(usize),
    /// 在途: what this matter has under way.
    Transit,
    Outside,
    Destroyed,
    Used,
    Lost,
    /// Handed to the holder of the account in this field.
    Customer(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Booked {
    Field(usize),
    Kind(String, Where),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    pub debit: Option<Booked>,
    pub credit: Option<Booked>,
    pub amount: usize,
    pub clears: Option<usize>,
    pub pieces: Option<usize>,
    pub when: Option<When>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    pub verb: String,
    pub args: BTreeMap<String, Source>,
    pub when: Option<When>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    pub to: Target,
    pub when: Option<When>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Step(usize),
    End(usize),
}
