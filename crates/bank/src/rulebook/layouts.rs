//! Layouts of statements: every subject stands once, so that what the books balance, the
//! statement balances too.

use super::error::Report;
use super::file::{Covers, Definition, Entry, LayoutBody, title};
use super::spot::Spanned;
use ledger::chart::{AccountKind, Class, Layout, LayoutRow, Subject, SystemKinds};
use ledger::statement::is_debit_section;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn build(
    files: &[&Definition],
    subjects: &[Subject],
    system: Option<SystemKinds>,
    kinds: &[AccountKind],
    report: &mut Report,
) -> Vec<Layout> {
    let prior_year = system.and_then(|system| kinds.get(system.prior_year.index()));
    let prior_year = prior_year.and_then(|kind| first_level(subjects, kind.subject.index()));
    let mut layouts = Vec::new();
    for file in files {
        let Entry::Layout(body) = &file.body else { continue };
        let placed = placed(file, body, subjects, report);
        let wanted = subjects.iter().filter(|subject| subject.parent.is_none());
        let missing = wanted.filter(|subject| match body.covers.get_ref() {
            Covers::OnBalance => subject.class != Class::OffBalance,
            // 以前年度损益调整 goes to distribution, not through this year's profit.
            Covers::Profit => {
                matches!(subject.class, Class::Income | Class::Expense)
                    && Some(&*subject.code) != prior_year
            }
        });
        let sides = |subject: &Subject| if subject.class == Class::Common { 2 } else { 1 };
        let missing: Vec<&str> = missing
            .filter(|subject| placed.get(&*subject.code).copied().unwrap_or(0) < sides(subject))
            .map(|subject| &*subject.code)
            .collect();
        if !missing.is_empty() {
            let codes = missing.join(", ");
            let zh = format!("报表缺少科目：{codes}（共同类科目在借方和贷方各列一次）");
            let en = format!("the layout lacks {codes} (shared subjects stand once on each side)");
            report.add(file.at(&body.covers), "LayoutIncomplete", zh, en);
        }
        let header = &file.header;
        layouts.push(Layout {
            code: header.code.get_ref().clone(),
            title: header.title.clone(),
            rows: rows(body),
        });
    }
    layouts
}

fn first_level(subjects: &[Subject], at: usize) -> Option<&str> {
    let subject = subjects.get(at)?;
    match subject.parent {
        Some(parent) => first_level(subjects, parent.index()),
        None => Some(&subject.code),
    }
}

/// How often each subject stands in the layout: once, or if it is shared once on each side.
fn placed<'a>(
    file: &Definition,
    body: &'a LayoutBody,
    subjects: &[Subject],
    report: &mut Report,
) -> BTreeMap<&'a str, usize> {
    let sections: BTreeSet<&str> =
        body.row.iter().map(|row| row.section.get_ref().as_str()).collect();
    let mut seen: BTreeSet<(&str, bool)> = BTreeSet::new();
    let mut placed = BTreeMap::new();
    for row in &body.row {
        report.title(file.at(&row.section), &title(&row.zh, &row.en));
        for section in &row.total_of {
            if !sections.contains(section.get_ref().as_str()) {
                report.unknown(file.at(section), ("报表部分", "section"), section.get_ref());
            }
        }
        let codes = row.add.iter().chain(&row.deduct);
        if !row.total_of.is_empty() && codes.clone().next().is_some() {
            let (zh, en) = ("合计行不列科目", "a total has no subjects of its own");
            report.add(file.at(&row.section), "Contradiction", zh, en);
        }
        for code in codes {
            let Some(subject) = find(file, code, subjects, report) else { continue };
            let side = subject.class == Class::Common && is_debit_section(row.section.get_ref());
            if !seen.insert((code.get_ref(), side)) {
                report.duplicate(file.at(code), code.get_ref());
            }
            *placed.entry(code.get_ref().as_str()).or_default() += 1;
        }
    }
    placed
}

fn find<'a>(
    file: &Definition,
    code: &Spanned<String>,
    subjects: &'a [Subject],
    report: &mut Report,
) -> Option<&'a Subject> {
    let found = subjects.iter().find(|subject| *subject.code == **code.get_ref());
    match found {
        None => report.unknown(file.at(code), ("科目", "subject"), code.get_ref()),
        Some(subject) if subject.parent.is_some() => {
            let (zh, en) = ("报表只列一级科目", "a layout has first-level subjects only");
            report.add(file.at(code), "Contradiction", zh, en);
        }
        Some(_) => {}
    }
    found
}

fn rows(body: &LayoutBody) -> Vec<LayoutRow> {
    let text = |codes: &[Spanned<String>]| -> Vec<String> {
        codes.iter().map(|code| code.get_ref().clone()).collect()
    };
    let rows = body.row.iter().map(|row| LayoutRow {
        title: title(&row.zh, &row.en),
        section: row.section.get_ref().clone(),
        add: text(&row.add),
        deduct: text(&row.deduct),
        total_of: text(&row.total_of),
    });
    rows.collect()
}
