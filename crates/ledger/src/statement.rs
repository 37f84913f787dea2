//! Financial statements (资产负债表、利润表): what the rows of a layout come to.
//!
//! A section has a side: assets and expense are debit, everything else is credit. A row sums the
//! balances of its subjects on that side, so a contra subject (备抵) lowers it by itself; that it
//! stands under `deduct` only says how it is printed. A shared subject (共同) counts in a section
//! only if its net balance falls on the section's side, and therefore stands once on each.

use crate::chart::{Chart, Class, Layout, LayoutRow};
use crate::entry::SubjectId;

/// Whether the rows of a section show debit balances as positive.
pub fn is_debit_section(section: &str) -> bool {
    matches!(section, "assets" | "expense")
}

/// The amount of every row, in the order of the layout. `balance` gives what a first-level
/// subject and all below it hold, debit positive, in the base unit's smallest part.
pub fn amounts(chart: &Chart, layout: &Layout, balance: impl Fn(SubjectId) -> i128) -> Vec<i128> {
    let mut debits: Vec<i128> = Vec::with_capacity(layout.rows.len());
    for row in &layout.rows {
        debits.push(own(chart, row, &balance));
    }
    let total = |at: usize, row: &LayoutRow| {
        let sections = row.total_of.iter();
        sections.map(|section| section_sum(layout, &debits, section, at)).sum::<i128>()
    };
    let side = |row: &LayoutRow, debit: i128| {
        if is_debit_section(&row.section) { debit } else { -debit }
    };
    let rows = layout.rows.iter().enumerate();
    rows.map(|(at, row)| side(row, debits[at] + total(at, row))).collect()
}

/// Whether a subject that the row names counts in it with such a balance, debit positive.
pub fn counts(chart: &Chart, row: &LayoutRow, subject: SubjectId, balance: i128) -> bool {
    match chart.subject(subject).class {
        Class::Common => (balance > 0) == is_debit_section(&row.section),
        _ => true,
    }
}

/// What the row's own subjects come to, debit positive.
fn own(chart: &Chart, row: &LayoutRow, balance: &impl Fn(SubjectId) -> i128) -> i128 {
    let mut sum = 0;
    for code in row.add.iter().chain(&row.deduct) {
        let Some(id) = chart.subject_by_code(code) else { continue };
        let amount = balance(id);
        if counts(chart, row, id, amount) {
            sum += amount;
        }
    }
    sum
}

/// Rows of a section, without totals; of the total's own section only those above it.
fn section_sum(layout: &Layout, debits: &[i128], section: &str, at: usize) -> i128 {
    let own_section = layout.rows[at].section == section;
    let rows = layout.rows.iter().zip(debits).enumerate();
    let counted = rows.filter(|(other, (row, _))| {
        row.section == section && row.total_of.is_empty() && (!own_section || *other < at)
    });
    counted.map(|(_, (_, debit))| debit).sum()
}
