//! Rows of a statement with their figures: what 资产负债表 and 利润表 share. What a row comes to is
//! said by [`ledger::statement`]; here it is asked for both ends of a period and made fit to print.

use super::positions::{Position, lineage};
use super::{Scope, by_code, labels};
use crate::table::Label;
use ledger::chart::{Chart, Class, Layout, LayoutRow, Title};
use ledger::entry::{SubjectId, Text};
use ledger::statement::{amounts, counts};
use std::collections::{BTreeMap, BTreeSet};

/// A figure at the beginning and at the end of the period.
#[derive(Clone, Copy, Default)]
pub(super) struct Figures {
    pub opening: i128,
    pub closing: i128,
}

/// A row of the layout and what it comes to, positive on the side of its section.
pub(super) struct Value {
    pub title: Title,
    pub section: String,
    pub is_total: bool,
    pub figures: Figures,
    /// Codes of the subjects that count in the row at the beginning or at the end, without those
    /// that hold nothing.
    pub subjects: Vec<Text>,
    /// Only deducts, as its title says (减：): printed positive, counted negative.
    is_deduction: bool,
}

impl Value {
    pub fn printed(&self) -> Figures {
        let Figures { opening, closing } = self.figures;
        if self.is_deduction {
            return Figures { opening: -opening, closing: -closing };
        }
        self.figures
    }
}

/// The layout's rows in their order.
pub(super) fn evaluate(
    scope: &Scope,
    layout: &Layout,
    own: &BTreeMap<SubjectId, Position>,
) -> Vec<Value> {
    let sums = with_parents(scope.chart, own);
    let of = |id: SubjectId| sums.get(&id).copied().unwrap_or_default();
    let openings = amounts(scope.chart, layout, |id| of(id).opening);
    let closings = amounts(scope.chart, layout, |id| of(id).closing);
    let rows = layout.rows.iter().zip(openings.into_iter().zip(closings));
    rows.map(|(row, (opening, closing))| Value {
        title: row.title.clone(),
        section: row.section.clone(),
        is_total: !row.total_of.is_empty(),
        figures: Figures { opening, closing },
        subjects: counted(scope.chart, row, of),
        is_deduction: row.add.is_empty() && !row.deduct.is_empty(),
    })
    .collect()
}

fn counted(chart: &Chart, row: &LayoutRow, of: impl Fn(SubjectId) -> Figures) -> Vec<Text> {
    let named = row.add.iter().chain(&row.deduct).filter_map(|code| chart.subject_by_code(code));
    let counts = |id: &SubjectId| {
        let Figures { opening, closing } = of(*id);
        let held = [opening, closing].into_iter().filter(|balance| *balance != 0);
        held.into_iter().any(|balance| counts(chart, row, *id, balance))
    };
    named.filter(counts).map(|id| chart.subject(id).code.clone()).collect()
}

/// First-level subjects with balances that no row of the layout names, in the order of codes.
pub(super) fn unnamed(
    chart: &Chart,
    layout: &Layout,
    own: &BTreeMap<SubjectId, Position>,
) -> Vec<SubjectId> {
    let codes = layout.rows.iter().flat_map(|row| row.add.iter().chain(&row.deduct));
    let named: BTreeSet<&str> = codes.map(String::as_str).collect();
    let sums = with_parents(chart, own);
    let is_empty = |id: &SubjectId| sums[id].opening == 0 && sums[id].closing == 0;
    let first_level = sums.keys().copied().filter(|id| chart.subject(*id).parent.is_none());
    let unnamed =
        first_level.filter(|id| !is_empty(id) && !named.contains(&*chart.subject(*id).code));
    by_code(chart, unnamed)
}

/// Says which subjects a statement leaves out; nothing if it leaves out none.
pub(super) fn unnamed_note(chart: &Chart, subjects: &[SubjectId]) -> Option<Label> {
    let codes: Vec<&str> = subjects.iter().map(|id| &*chart.subject(*id).code).collect();
    (!codes.is_empty()).then(|| labels::NOT_IN_LAYOUT.fill(&[Label::same(codes.join(", "))]))
}

/// The layout with a row for income and expense that it does not name, before the first total
/// that sums equity: until they are transferred to 本年利润 they are worth of the bank too.
pub(super) fn with_unclosed_profit(
    layout: &Layout,
    chart: &Chart,
    subjects: &[SubjectId],
) -> Layout {
    let mut layout = layout.clone();
    let codes: Vec<String> =
        subjects.iter().map(|id| chart.subject(*id).code.to_string()).collect();
    let sums_equity = |row: &LayoutRow| row.total_of.iter().any(|name| name == EQUITY);
    let last = layout.rows.len();
    let at = layout.rows.iter().position(sums_equity).unwrap_or(last);
    if !codes.is_empty() {
        let zh = labels::UNCLOSED_PROFIT.zh.to_string();
        let en = labels::UNCLOSED_PROFIT.en.to_string();
        layout.rows.insert(
            at,
            LayoutRow {
                title: Title { zh, en },
                section: EQUITY.to_owned(),
                add: codes,
                deduct: Vec::new(),
                total_of: Vec::new(),
            },
        );
    }
    layout
}

/// The section of what the bank is worth.
pub(super) const EQUITY: &str = "equity";

/// Sum of the plain rows of a section.
pub(super) fn section(values: &[Value], name: &str) -> Figures {
    let mut sum = Figures::default();
    for value in values.iter().filter(|value| !value.is_total && value.section == name) {
        sum.opening += value.figures.opening;
        sum.closing += value.figures.closing;
    }
    sum
}

pub(super) fn is_profit_and_loss(class: Class) -> bool {
    matches!(class, Class::Income | Class::Expense)
}

/// Balances of every subject with all below it, debit positive.
fn with_parents(
    chart: &Chart,
    own: &BTreeMap<SubjectId, Position>,
) -> BTreeMap<SubjectId, Figures> {
    let mut sums: BTreeMap<SubjectId, Figures> = BTreeMap::new();
    for (subject, position) in own {
        for above in lineage(chart, *subject) {
            let sum = sums.entry(above).or_default();
            sum.opening += position.opening;
            sum.closing += position.closing;
        }
    }
    sums
}
