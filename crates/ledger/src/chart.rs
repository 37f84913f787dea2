//! What the rulebook says of the books: subjects, units, kinds of account, interest terms,
//! institutions' internal accounts and report layouts. Positions in the tables are the ids that
//! heads and lines carry, so a table only ever grows: a code keeps its position for ever.

use crate::calendar::Calendar;
use crate::entry::{KindId, SubjectId, Text, UnitId};
use crate::number::Numbers;
use serde::{Deserialize, Serialize};

/// A label in Chinese and English.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    pub zh: String,
    pub en: String,
}

/// 科目类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// 资产.
    Asset,
    /// 负债.
    Liability,
    /// 共同: shown on the side of its net balance.
    Common,
    /// 权益.
    Equity,
    /// 损益(收).
    Income,
    /// 损益(支).
    Expense,
    /// 表外.
    OffBalance,
}

/// 余额方向.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Debit,
    Credit,
    /// The balance may fall on either side.
    Both,
}

/// 科目.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub code: Text,
    pub title: Title,
    pub class: Class,
    pub side: Side,
    pub parent: Option<SubjectId>,
}

/// A currency of ISO 4217, or a thing that is counted (`note:CNY:100`, `form:cheque`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub code: Text,
    pub title: Title,
    /// Decimal digits of the smallest part: CNY 2, JPY 0, KWD 3, things 0.
    pub digits: u8,
    pub is_thing: bool,
}

/// 余额控制: on which side a balance may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    DebitOnly,
    CreditOnly,
    Either,
}

/// 手工记账: who may post to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manual {
    Allowed,
    /// Only entries that the system itself makes.
    SystemOnly,
    /// A person may, with an authoriser named.
    NeedsAuthoriser,
}

/// A kind of account: everything that its accounts share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountKind {
    pub code: Text,
    pub title: Title,
    pub subject: SubjectId,
    pub control: Control,
    /// How far a balance may stand on the wrong side (透支额度), in the unit's smallest part.
    pub overdraft_limit: i64,
    pub manual: Manual,
    /// 挂销账: cleared item by item.
    pub open_item: bool,
    /// 日终零余额.
    /// Where a balance may stand on both sides: the side that opens an item (挂账); the other
    /// clears one (销账).
    pub opens: Option<Side>,
    pub zero_at_close: bool,
    /// Days after which an open item counts as overdue (0: none).
    pub max_age_days: u16,
    /// Owned by the bank: one per institution and unit, opened when first needed.
    pub internal: bool,
    pub terms: Option<Terms>,
}

/// How interest is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// 积数法: balance × days.
    Product,
    /// 逐笔计息: whole years and months, then odd days.
    PerDepositMonths,
    /// 逐笔计息: actual days.
    PerDepositDays,
}

/// Days in the year that divides an annual rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Basis {
    #[serde(rename = "360")]
    D360,
    #[serde(rename = "365")]
    D365,
    /// 366 for the days that fall in a leap year.
    #[serde(rename = "actual")]
    Actual,
}

/// What a change of rate does to a period that is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateChange {
    /// The rate of the settlement day serves the whole period (储蓄管理条例 art. 27).
    WholePeriod,
    /// Each day earns the rate of that day (分段计息).
    Piecewise,
}

/// Interest terms of a kind of account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub method: Method,
    pub basis: Basis,
    pub rate_change: RateChange,
    /// Code of the dated number that holds the annual rate on balances of the normal side.
    pub rate: Text,
    /// The same for overdrawn balances; empty: none is charged.
    pub overdraft_rate: Text,
    /// Months whose `settle_day` ends a period, for instance 3, 6, 9, 12; empty: with principal.
    pub settle_months: Vec<i8>,
    /// 结息日.
    pub settle_day: i8,
    /// Kinds of the internal accounts that interest passes through.
    pub expense: KindId,
    pub payable: KindId,
    pub income: KindId,
    pub receivable: KindId,
    /// Open-item kind that settled interest of loans is due on (应收欠息), an item for each loan;
    /// none: it is charged to the account itself.
    pub due: Option<KindId>,
}

/// The kinds that the ledger itself posts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemKinds {
    /// 系统内往来.
    pub interbranch: KindId,
    /// 货币兑换.
    pub exchange: KindId,
    /// 汇兑损益.
    pub exchange_gain: KindId,
    /// 本年利润.
    pub year_profit: KindId,
    /// 以前年度损益调整.
    pub prior_year: KindId,
    /// 未分配利润.
    pub undistributed: KindId,
    /// 待查错账: what a reversing debit could not take from the customer.
    pub shortfall: KindId,
}

/// One row of a statement: the subjects whose balances it sums.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayoutRow {
    pub title: Title,
    /// Section the row stands in: `assets`, `liabilities`, `equity`, `income`, `expense`, `profit`.
    pub section: String,
    /// First-level subject codes added on the row's side.
    #[serde(default)]
    pub add: Vec<String>,
    /// Subject codes deducted (备抵).
    #[serde(default)]
    pub deduct: Vec<String>,
    /// Sums the rows above it in its section, or named sections of the report.
    #[serde(default)]
    pub total_of: Vec<String>,
}

/// Layout of a financial statement (资产负债表, 利润表).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub code: String,
    pub title: Title,
    pub rows: Vec<LayoutRow>,
}

/// The definitions that the books run on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    pub subjects: Vec<Subject>,
    pub units: Vec<Unit>,
    pub kinds: Vec<AccountKind>,
    pub system: SystemKinds,
    /// The currency that the bank reports in (本位币).
    pub base_unit: UnitId,
    pub numbers: Numbers,
    pub calendar: Calendar,
    pub layouts: Vec<Layout>,
}

impl Chart {
    pub fn subject(&self, id: SubjectId) -> &Subject {
        &self.subjects[id.index()]
    }

    pub fn unit(&self, id: UnitId) -> &Unit {
        &self.units[id.index()]
    }

    pub fn kind(&self, id: KindId) -> &AccountKind {
        &self.kinds[id.index()]
    }

    pub fn unit_by_code(&self, code: &str) -> Option<UnitId> {
        position(self.units.iter().map(|unit| &unit.code), code).map(UnitId)
    }

    pub fn subject_by_code(&self, code: &str) -> Option<SubjectId> {
        position(self.subjects.iter().map(|subject| &subject.code), code).map(SubjectId)
    }

    pub fn kind_by_code(&self, code: &str) -> Option<KindId> {
        position(self.kinds.iter().map(|kind| &kind.code), code).map(KindId)
    }
}

fn position<'a>(mut codes: impl Iterator<Item = &'a Text>, code: &str) -> Option<u16> {
    codes.position(|candidate| &**candidate == code).and_then(|at| u16::try_from(at).ok())
}
