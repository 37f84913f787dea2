//! Positions of subjects rolled up over institutions and parents, and the six columns (opening,
//! turnover, closing on both sides) that three reports share.

use super::{
    Level, Period, Scope, by_code, finish, is_off_balance, is_wrong_side, labels, money, sides,
    start, subject_cells, unit_cell, unit_column,
};
use crate::table::{Cell, Column, Kind, Label, Style, Table};
use ledger::chart::{Chart, Subject};
use ledger::entry::{SubjectId, UnitId};
use ledger::gl::GlRow;
use ledger::money::display;
use std::collections::{BTreeMap, BTreeSet};

/// What stands under one subject: balances debit positive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Position {
    pub opening: i128,
    pub debit: i128,
    pub credit: i128,
    pub closing: i128,
}

impl Position {
    fn add(&mut self, row: &GlRow) {
        self.opening += row.opening;
        self.debit += row.debit;
        self.credit += row.credit;
        self.closing += row.closing;
    }

    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

/// One subject in its place.
pub(super) struct Line {
    pub subject: SubjectId,
    /// 0 for a first-level subject.
    pub depth: usize,
    pub position: Position,
}

/// A subject and all above it, nearest first.
pub(super) fn lineage(chart: &Chart, subject: SubjectId) -> Vec<SubjectId> {
    let mut line = vec![subject];
    let mut at = subject;
    while let Some(parent) = chart.subject(at).parent {
        // Invariant: a chart is a tree; a circle would be a bug of its loader.
        assert!(!line.contains(&parent), "subjects form a circle at {}", chart.subject(at).code);
        line.push(parent);
        at = parent;
    }
    line
}

/// Own positions of subjects, of the rows in scope.
pub(super) fn own<'a>(
    scope: &Scope,
    rows: impl Iterator<Item = &'a GlRow>,
) -> BTreeMap<UnitId, BTreeMap<SubjectId, Position>> {
    let mut units: BTreeMap<UnitId, BTreeMap<SubjectId, Position>> = BTreeMap::new();
    for row in rows.filter(|row| scope.covers(row.key.institution)) {
        let subjects = units.entry(row.key.unit).or_default();
        subjects.entry(row.key.subject).or_default().add(row);
    }
    units
}

/// Each subject with the sum of all below it, in the order of codes; empty ones are left out.
pub(super) fn rolled(chart: &Chart, own: &BTreeMap<SubjectId, Position>) -> Vec<Line> {
    let mut sums: BTreeMap<SubjectId, Position> = BTreeMap::new();
    for (subject, position) in own {
        for above in lineage(chart, *subject) {
            let sum = sums.entry(above).or_default();
            sum.opening += position.opening;
            sum.debit += position.debit;
            sum.credit += position.credit;
            sum.closing += position.closing;
        }
    }
    sums.retain(|_, position| !position.is_zero());
    by_code(chart, sums.keys().copied())
        .into_iter()
        .map(|subject| Line {
            subject,
            depth: lineage(chart, subject).len() - 1,
            position: sums[&subject],
        })
        .collect()
}

/// The two-sided sums of a section: opening, turnover and closing, debit before credit.
#[derive(Clone, Copy, Default)]
pub(super) struct Totals([i128; 6]);

impl Totals {
    pub fn add(&mut self, position: &Position) {
        let debit = |balance: i128| balance.max(0);
        let credit = |balance: i128| (-balance).max(0);
        let sides = [
            debit(position.opening),
            credit(position.opening),
            position.debit,
            position.credit,
            debit(position.closing),
            credit(position.closing),
        ];
        for (sum, amount) in self.0.iter_mut().zip(sides) {
            *sum += amount;
        }
    }

    /// Debit over credit of opening, turnover and closing.
    fn differences(&self) -> [i128; 3] {
        [self.0[0] - self.0[1], self.0[2] - self.0[3], self.0[4] - self.0[5]]
    }
}

/// How one of the three reports reads.
pub(super) struct SixColumns {
    pub title: Label,
    /// Titles of opening, turnover and closing, debit before credit.
    pub titles: [Label; 6],
    pub level: Level,
    pub groups: Groups,
    pub of: Of,
}

/// Which subjects stand in the report.
pub(super) enum Of {
    /// All: their sums are proved.
    All,
    /// These with all below them; some of the books need not balance.
    These(Vec<SubjectId>),
}

impl Of {
    fn has(&self, chart: &Chart, subject: SubjectId) -> bool {
        match self {
            Self::All => true,
            Self::These(these) => lineage(chart, subject).iter().any(|id| these.contains(id)),
        }
    }
}

/// Whether the classes of subjects (资产, 负债 …) have subtotals.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Groups {
    None,
    ByClass,
}

/// A report of six columns over on-balance subjects, one section for each unit.
pub(super) fn six_columns(
    scope: &Scope,
    period: Period,
    rows: &[GlRow],
    form: SixColumns,
) -> Table {
    let keys = ["opening_debit", "opening_credit", "debit", "credit"];
    let keys = keys.into_iter().chain(["closing_debit", "closing_credit"]);
    let mut columns = vec![
        unit_column(),
        Column::new("subject", labels::SUBJECT, Kind::Code),
        Column::new("name", labels::SUBJECT_NAME, Kind::Text),
    ];
    let amounts = keys.zip(form.titles.iter().cloned());
    columns.extend(amounts.map(|(key, title)| Column::new(key, title, money(scope))));
    let mut table = start(scope, form.title.clone(), period, columns);
    if let Of::These(these) = &form.of {
        let codes: Vec<&str> = these.iter().map(|id| &*scope.chart.subject(*id).code).collect();
        table.caption(labels::SUBJECT_CAPTION, Label::same(codes.join(", ")));
    }
    let shown = rows.iter().filter(|GlRow { key, .. }| {
        !is_off_balance(scope.chart.subject(key.subject)) && form.of.has(scope.chart, key.subject)
    });
    let units = own(scope, shown);
    for (unit, subjects) in &units {
        section(&mut table, scope, *unit, &rolled(scope.chart, subjects), &form);
        table.notes.extend(interbranch_note(scope, *unit, subjects));
    }
    finish(table, scope, &units.keys().copied().collect::<BTreeSet<_>>())
}

fn section(table: &mut Table, scope: &Scope, unit: UnitId, lines: &[Line], form: &SixColumns) {
    let unit = scope.chart.unit(unit);
    let mut total = Totals::default();
    let mut wrong: Vec<String> = Vec::new();
    let mut group = Totals::default();
    let mut shown: Vec<&Line> = lines.iter().filter(|line| form.level.shows(line.depth)).collect();
    if form.groups == Groups::ByClass {
        // Income and expense codes are interleaved: 6061 earns, 6411 costs, 6901 is either.
        shown.sort_by_key(|line| scope.chart.subject(line.subject).class);
    }
    for (at, line) in shown.iter().enumerate() {
        let subject = scope.chart.subject(line.subject);
        let is_wrong = is_wrong_side(line.position.closing, subject.side);
        if is_wrong {
            wrong.push(subject.code.to_string());
        }
        let style = if is_wrong { Style::Warning } else { Style::Normal };
        let [code, name] = subject_cells(subject);
        let mut cells = vec![unit_cell(unit), code, name];
        cells.extend(position_cells(&line.position, subject, unit.digits));
        table.push(style, cells);
        if line.depth == 0 {
            total.add(&line.position);
            group.add(&line.position);
        }
        let next = shown.get(at + 1).map(|next| scope.chart.subject(next.subject).class);
        if form.groups == Groups::ByClass && next != Some(subject.class) {
            let label = labels::SUBTOTAL_OF.fill(&[labels::class(subject.class)]);
            let sums = std::mem::take(&mut group);
            sum_row(table, Style::Subtotal, unit_cell(unit), label, sums.0, unit.digits);
        }
    }
    sum_row(table, Style::Total, unit_cell(unit), labels::TOTAL, total.0, unit.digits);
    if matches!(form.of, Of::All) {
        prove(table, unit_cell(unit), &total, unit.digits);
    }
    if !wrong.is_empty() {
        let codes = Label::same(wrong.join(", "));
        table.notes.push(labels::WRONG_SIDE_NOTE.fill(&[codes]));
    }
}

fn position_cells(position: &Position, subject: &Subject, digits: u8) -> Vec<Cell> {
    let mut cells = Vec::from(sides(position.opening, subject.side, digits));
    cells.push(Cell::amount(position.debit, digits));
    cells.push(Cell::amount(position.credit, digits));
    cells.extend(sides(position.closing, subject.side, digits));
    cells
}

fn sum_row(table: &mut Table, style: Style, unit: Cell, label: Label, sums: [i128; 6], digits: u8) {
    let mut cells = vec![unit, Cell::Empty, Cell::Label(label)];
    cells.extend(sums.map(|sum| Cell::amount(sum, digits)));
    table.push(style, cells);
}

/// 试算平衡: a note where both sides agree, a row of differences where they do not.
fn prove(table: &mut Table, unit: Cell, totals: &Totals, digits: u8) {
    let differences = totals.differences();
    let code = match &unit {
        Cell::Text(code) => Label::same(code.to_string()),
        _ => Label::default(),
    };
    if differences == [0; 3] {
        table.notes.push(labels::BALANCED.fill(&[code]));
        return;
    }
    let mut cells = vec![unit, Cell::Empty, Cell::Label(labels::DIFFERENCE)];
    for difference in differences {
        let amount = Cell::amount(difference.abs(), digits);
        match difference.signum() {
            1 => cells.extend([amount, Cell::Empty]),
            -1 => cells.extend([Cell::Empty, amount]),
            _ => cells.extend([Cell::Empty, Cell::Empty]),
        }
    }
    table.push(Style::Warning, cells);
    let values = differences.map(|difference| Label::same(display(difference, digits)));
    let [opening, turnover, closing] = values;
    table.notes.push(labels::UNBALANCED.fill(&[code, opening, turnover, closing]));
}

/// 系统内往来: within the whole bank what one branch owes another is owed to it.
fn interbranch_note(
    scope: &Scope,
    unit: UnitId,
    own: &BTreeMap<SubjectId, Position>,
) -> Option<Label> {
    if scope.reach == super::Reach::Alone {
        return None;
    }
    let subject = scope.chart.kind(scope.chart.system.interbranch).subject;
    let closing = own.get(&subject)?.closing;
    if closing == 0 {
        return None;
    }
    let unit = scope.chart.unit(unit);
    let note =
        if scope.is_whole_bank() { labels::INTERBRANCH_BREAK } else { labels::INTERBRANCH_NET };
    Some(note.fill(&[
        Label::same(scope.chart.subject(subject).code.to_string()),
        Label::same(unit.code.to_string()),
        super::side_label(closing),
        Label::same(display(closing.abs(), unit.digits)),
    ]))
}
