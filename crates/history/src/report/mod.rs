//! The reports of the books (会计核算报表): each a pure function from plain inputs to a [`Table`].
//!
//! Inputs are plain rows that the engine, the history or a test can fill from anywhere; nothing
//! here reads a store or a clock. What all reports share stands here: the institution and the
//! period that a report is about, and the rows that it is made from.
//!
//! Balances are debit positive inside. On paper a balance stands on the side where it is: a common
//! (共同) subject on the side of its net balance, a balance on the wrong side as one of the other.
//! Amounts of different units are never added; each unit is a section with totals of its own.
//! [`in_base`] turns all units into the base currency first, where rates are at hand.

pub mod labels;

pub mod daily_subject_summary;

pub mod daily_statement;

pub mod general_ledger;

pub mod account_ledger;

pub mod balance_list;

pub mod business_status;

pub mod trial_balance;

pub mod subject_balances;

pub mod balance_sheet;

pub mod income_statement;

pub mod off_balance_list;

pub mod suspense_ageing;

pub mod correction_register;

pub mod gl_subledger_check;

pub mod anomaly_list;

mod layout;
mod positions;
#[cfg(test)]
mod sample;

use crate::table::{Cell, Column, Kind, Label, Table};
use ledger::account::Status;
use ledger::book::Institution;
use ledger::chart::{Chart, Class, Side, Subject, Title, Unit};
use ledger::day::Day;
use ledger::entry::{
    EntryKind, EntryNo, InstitutionId, ItemId, KindId, LineFlags, SubjectId, Text, UnitId,
};
use ledger::gl::{GlKey, GlRow};
use ledger::money::round_half_up;
use std::collections::{BTreeMap, BTreeSet};

/// Whether an institution's report includes those below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// 本机构.
    Alone,
    /// 含下级机构: consolidated.
    Subtree,
}

/// What every report is about and printed under.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    pub bank: Title,
    pub chart: &'a Chart,
    /// All of the bank; an [`InstitutionId`] is the position.
    pub institutions: &'a [Institution],
    pub institution: InstitutionId,
    pub reach: Reach,
    /// When and by whom printed; empty: not said.
    pub printed: Text,
}

impl Scope<'_> {
    /// Whether rows of an institution belong to the report.
    pub fn covers(&self, id: InstitutionId) -> bool {
        let mut at = id;
        // No chain of institutions is longer than their number, unless it is a circle.
        for _ in 0..=self.institutions.len() {
            if at == self.institution {
                return true;
            }
            let parent = self.get(at).and_then(|one| one.parent);
            match (self.reach, parent) {
                (Reach::Subtree, Some(parent)) => at = parent,
                _ => return false,
            }
        }
        false
    }

    /// Code of an institution, for a column; the bare number of one that is not known.
    fn code(&self, id: InstitutionId) -> Text {
        self.get(id).map_or_else(|| format!("#{}", id.0).into(), |one| one.code.as_str().into())
    }

    /// Code and title of the report's institution, for a caption.
    fn label(&self) -> Label {
        match self.get(self.institution) {
            None => Label::same(self.code(self.institution).to_string()),
            Some(one) => labels::CODE_AND_TITLE
                .fill(&[Label::same(one.code.clone()), Label::from(&one.title)]),
        }
    }

    fn get(&self, id: InstitutionId) -> Option<&Institution> {
        self.institutions.get(id.index())
    }

    /// The whole bank: nothing outside that an interbranch balance could be owed to.
    fn is_whole_bank(&self) -> bool {
        let top = self.get(self.institution).is_none_or(|one| one.parent.is_none());
        self.reach == Reach::Subtree && top
    }
}

/// First and last business date; one day where both are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: Day,
    pub to: Day,
}

impl Period {
    pub fn day(day: Day) -> Self {
        Self { from: day, to: day }
    }
}

/// How deep subjects are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// 一级科目.
    First,
    /// 一级和二级科目.
    Second,
    /// Every subject of the chart.
    Every,
}

impl Level {
    fn shows(self, depth: usize) -> bool {
        match self {
            Self::First => depth == 0,
            Self::Second => depth <= 1,
            Self::Every => true,
        }
    }
}

/// Whether rows in order are listed beside those that are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    All,
    DifferencesOnly,
}

/// Movement of one day in the general ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRow {
    pub day: Day,
    pub row: GlRow,
}

/// Amount and number of vouchers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    pub amount: i128,
    pub count: u64,
}

/// The part of a subject's turnover that went through cash (现金).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CashPart {
    pub debit: Turn,
    pub credit: Turn,
}

/// A day's turnover of one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubjectTurnover {
    pub key: GlKey,
    pub debit: Turn,
    pub credit: Turn,
    /// None where the books do not tell cash from transfers.
    pub cash: Option<CashPart>,
    /// 凭证张数.
    pub vouchers: u64,
}

/// An account as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    pub number: Text,
    pub name: Text,
    pub institution: InstitutionId,
    pub unit: UnitId,
    pub kind: KindId,
    /// Debit positive, in the unit's smallest part.
    pub balance: i64,
    /// Sum of holds and freezes.
    pub held: i64,
    /// Turnover of the report's day.
    pub day_debit: i64,
    pub day_credit: i64,
    pub status: Status,
}

/// A posted line as a statement shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    pub day: Day,
    pub entry: EntryNo,
    pub summary: Text,
    pub flags: LineFlags,
    /// Always positive; red is a flag.
    pub amount: i64,
    pub maker: Text,
    pub checker: Text,
}

/// An open item (挂账) that is not wholly cleared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenItemRow {
    pub id: ItemId,
    pub account: Text,
    pub account_name: Text,
    pub institution: InstitutionId,
    pub unit: UnitId,
    pub kind: KindId,
    pub opened: Day,
    pub summary: Text,
    /// What was opened and what is left of it: debit positive.
    pub amount: i64,
    pub remainder: i64,
}

/// Who or what caused a wrong entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// 系统原因.
    System,
    /// 柜员原因.
    Operator,
    /// 客户原因.
    Customer,
    /// 其他.
    Other,
}

/// One correction of a wrong entry (错账调整).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionRow {
    pub day: Day,
    pub institution: InstitutionId,
    pub unit: UnitId,
    pub wrong: EntryNo,
    pub wrong_day: Day,
    /// How it was undone: 抹账, 红字冲销 or 蓝字冲销.
    pub method: EntryKind,
    pub reversal: EntryNo,
    /// What was booked in its place, if anything.
    pub rebook: Option<EntryNo>,
    pub amount: i64,
    pub cause: Cause,
    pub reason: Text,
    pub applicant: Text,
    pub verifier: Text,
    pub approver: Text,
    pub poster: Text,
    /// 客户通知: how the customer was told; empty: not told.
    pub notice: Text,
}

/// Sum of the ledger accounts under one key of the general ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubledgerRow {
    pub key: GlKey,
    /// Debit positive.
    pub balance: i128,
    pub accounts: u64,
}

/// Sums accounts for [`gl_subledger_check`], where nobody keeps the sums.
pub fn subledger(chart: &Chart, accounts: &[AccountRow]) -> Vec<SubledgerRow> {
    let mut sums: BTreeMap<GlKey, (i128, u64)> = BTreeMap::new();
    for account in accounts {
        let subject = chart.kind(account.kind).subject;
        let key = GlKey { institution: account.institution, unit: account.unit, subject };
        let (balance, count) = sums.entry(key).or_default();
        *balance += i128::from(account.balance);
        *count += 1;
    }
    let rows = sums.into_iter();
    rows.map(|(key, (balance, accounts))| SubledgerRow { key, balance, accounts }).collect()
}

/// 折本位币汇率: so many smallest parts of the base currency for so many of another unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub base: i128,
    /// Positive.
    pub per: i128,
}

/// The general ledger in the base currency (汇总折本位币); a unit without a rate is the error.
///
/// Each figure is rounded by itself, so that closing is not exactly opening plus turnover and the
/// sides may differ by a fen for each row: a difference of translation (折算尾差), not of books.
pub fn in_base(
    chart: &Chart,
    rates: &BTreeMap<UnitId, Rate>,
    rows: &[GlRow],
) -> Result<Vec<GlRow>, UnitId> {
    let translate = |row: &GlRow| {
        let unit = row.key.unit;
        let rate = match rates.get(&unit) {
            _ if unit == chart.base_unit => Rate { base: 1, per: 1 },
            Some(rate) => *rate,
            None => return Err(unit),
        };
        let convert = |minor: i128| round_half_up(minor * rate.base, rate.per);
        Ok(GlRow {
            key: GlKey { unit: chart.base_unit, ..row.key },
            opening: convert(row.opening),
            debit: convert(row.debit),
            credit: convert(row.credit),
            closing: convert(row.closing),
            ..*row
        })
    };
    rows.iter().map(translate).collect()
}

/// Off the balance sheet: single entry, so no side has a counterpart.
fn is_off_balance(subject: &Subject) -> bool {
    subject.class == Class::OffBalance
}

/// The title and the captions that every report begins with.
fn start(scope: &Scope, title: Label, period: Period, columns: Vec<Column>) -> Table {
    let mut table = Table::new(title, columns);
    table.caption(labels::BANK, Label::from(&scope.bank));
    let institution = scope.label();
    let institution = match scope.reach {
        Reach::Alone => institution,
        Reach::Subtree => labels::WITH_SUBORDINATES.fill(&[institution]),
    };
    table.caption(labels::INSTITUTION, institution);
    if period.from == period.to {
        table.caption(labels::DATE, Label::same(period.to.to_string()));
    } else {
        let days = [Label::same(period.from.to_string()), Label::same(period.to.to_string())];
        table.caption(labels::PERIOD, labels::FROM_TO.fill(&days));
    }
    table
}

/// Says the unit: in a caption where there is one, in the first column where there are several.
fn finish(mut table: Table, scope: &Scope, units: &BTreeSet<UnitId>) -> Table {
    if units.len() < 2 {
        let id = units.first().copied().unwrap_or(scope.chart.base_unit);
        let unit = scope.chart.unit(id);
        let name = labels::TITLE_AND_CODE
            .fill(&[Label::from(&unit.title), Label::same(unit.code.to_string())]);
        table = table.without(UNIT_KEY);
        table.caption(labels::UNIT, name);
        table.caption(labels::MEASURE, measure(unit));
    }
    if !scope.printed.is_empty() {
        table.caption(labels::PRINTED, Label::same(scope.printed.to_string()));
    }
    table
}

fn measure(unit: &Unit) -> Label {
    if unit.is_thing { labels::PIECES } else { labels::YUAN }
}

/// Key of the column that [`finish`] drops where all rows are of one unit.
const UNIT_KEY: &str = "unit";

fn unit_column() -> Column {
    Column::new(UNIT_KEY, labels::UNIT, Kind::Code)
}

fn unit_cell(unit: &Unit) -> Cell {
    Cell::Text(unit.code.clone())
}

/// Decimals for columns of amounts: those of the base currency; cells carry their own.
fn money(scope: &Scope) -> Kind {
    Kind::Amount(scope.chart.unit(scope.chart.base_unit).digits)
}

/// 借, 贷 or 平.
fn side_label(balance: i128) -> Label {
    match balance.signum() {
        1 => labels::DR,
        -1 => labels::CR,
        _ => labels::NIL,
    }
}

/// A balance as debit and credit columns show it; nothing stands on the side it is not on.
fn sides(balance: i128, natural: Side, digits: u8) -> [Cell; 2] {
    let on_debit = match balance.signum() {
        1 => true,
        -1 => false,
        _ => natural != Side::Credit,
    };
    let amount = Cell::amount(balance.abs(), digits);
    if on_debit { [amount, Cell::Empty] } else { [Cell::Empty, amount] }
}

/// Whether a balance stands where its subject's does not belong.
fn is_wrong_side(balance: i128, natural: Side) -> bool {
    match natural {
        Side::Debit => balance < 0,
        Side::Credit => balance > 0,
        Side::Both => false,
    }
}

fn subject_cells(subject: &Subject) -> [Cell; 2] {
    [Cell::Text(subject.code.clone()), Cell::Label(Label::from(&subject.title))]
}

/// Subjects in the order of their codes, which is the order of every printed book.
fn by_code(chart: &Chart, ids: impl Iterator<Item = SubjectId>) -> Vec<SubjectId> {
    let mut ids: Vec<SubjectId> = ids.collect();
    ids.sort_by(|left, right| chart.subject(*left).code.cmp(&chart.subject(*right).code));
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_covers_itself_and_what_is_below() {
        let chart = sample::chart();
        let institutions = sample::institutions();
        let mut scope = sample::scope(&chart, &institutions);
        let covered = |scope: &Scope| {
            (0..4).filter(|id| scope.covers(InstitutionId(*id))).collect::<Vec<u16>>()
        };
        assert_eq!(covered(&scope), [0, 1, 2]);
        scope.institution = InstitutionId(1);
        assert_eq!(covered(&scope), [1, 2]);
        scope.reach = Reach::Alone;
        assert_eq!(covered(&scope), [1]);
    }

    #[test]
    fn units_are_translated_into_the_base_currency() {
        let chart = sample::chart();
        let row = sample::row(&chart, 0, "USD", "1001", (1_000, 10, 5, 1_005));
        let rates = BTreeMap::from([(row.key.unit, Rate { base: 71_234, per: 10_000 })]);
        let base = in_base(&chart, &rates, &[row]).map(|rows| {
            let row = &rows[0];
            (row.key.unit, row.opening, row.debit, row.credit, row.closing)
        });
        assert_eq!(base, Ok((chart.base_unit, 7_123, 71, 36, 7_159)));
        assert_eq!(in_base(&chart, &BTreeMap::new(), &[row]), Err(row.key.unit));
    }
}
