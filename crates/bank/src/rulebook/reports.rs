//! Registers and figures: names become fields and columns, and what does not hold together is
//! refused with its place.

use super::NumberInfo;
use super::error::Report as Errors;
use super::file::{Definition, Entry};
use super::matter_file::{Amount, WhenRow, Word};
use super::report_file::{ColumnRow, ReportBody};
use super::spot::Spanned;
use crate::office::definition::{Field, FieldKind, Matter, Office};
use crate::office::report::shown::{form, groups};
use crate::office::report::{
    Body, Column, Condition, Each, Form, Name, Own, Report, TAKEN, What, frame,
};
use ledger::chart::Title;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// All reports of the files.
pub(super) fn build(
    files: &[&Definition],
    office: &Office,
    numbers: &BTreeMap<String, NumberInfo>,
    errors: &mut Errors,
) -> BTreeMap<String, Arc<Report>> {
    let mut reports = BTreeMap::new();
    for file in files {
        let Entry::Report(body) = &file.body else { continue };
        let (of, each, keys) = (Vec::new(), Each::Matter, BTreeSet::new());
        let mut reader = Reader { file, body, office, numbers, errors, of, each, keys };
        let report = reader.report();
        reports.insert(report.code.clone(), Arc::new(report));
    }
    reports
}

/// Reads one report.
struct Reader<'a, 'r, 'f> {
    file: &'a Definition,
    body: &'a ReportBody,
    office: &'a Office,
    numbers: &'a BTreeMap<String, NumberInfo>,
    errors: &'r mut Errors<'f>,
    /// The matters that it is of.
    of: Vec<&'a Matter>,
    each: Each,
    /// Keys of columns.
    keys: BTreeSet<String>,
}

/// What a name was found to be.
struct Found {
    name: Name,
    title: Title,
    form: Form,
    groups: bool,
    /// What a condition may compare it with, where that is known.
    choices: Option<BTreeSet<String>>,
}

impl<'a> Reader<'a, '_, '_> {
    fn wrong(&mut self, spot: &Word, zh: &str, en: &str) {
        let (place, text) = (self.file.at(spot), spot.get_ref());
        self.errors.add(place, "WrongValue", format!("{text}：{zh}"), format!("`{text}`: {en}"));
    }

    fn report(&mut self) -> Report {
        let (body, header) = (self.body, &self.file.header);
        if TAKEN.contains(&header.code.get_ref().as_str()) {
            self.wrong(&header.code, "已是系统清单的名称", "is the name of a list of the system");
        }
        self.matters();
        self.each = self.each();
        let only = body.only.iter().filter_map(|row| self.condition(row.get_ref())).collect();
        let (columns, body_of) = self.columns();
        let of = self.of.iter().map(|matter| matter.code.clone()).collect();
        Report {
            code: header.code.get_ref().clone(),
            title: header.title.clone(),
            of: (!body.of.is_empty()).then_some(of),
            each: self.each.clone(),
            shows: body.shows,
            only,
            body: body_of,
            order: self.order(&columns),
            total: self.total(&columns),
            columns,
        }
    }

    /// The columns: of a register between those that every register has, of figures after the keys
    /// that items are grouped by.
    fn columns(&mut self) -> (Vec<Column>, Body) {
        let body = self.body;
        let figures =
            !body.by.is_empty() || body.column.iter().any(|row| row.get_ref().show.is_none());
        let (first, last) = if figures {
            (body.by.iter().filter_map(|word| self.key(word)).collect(), Vec::new())
        } else {
            frame(&self.each)
        };
        // Those of groups are there already.
        self.keys.extend(first.iter().chain(&last).map(|column| column.key.clone()));
        let body_of = if figures { Body::Groups(first.len()) } else { Body::Register };
        let own = body.column.iter().filter_map(|row| self.column(row, figures));
        let own: Vec<Column> = own.collect();
        (first.into_iter().chain(own).chain(last).collect(), body_of)
    }

    fn matters(&mut self) {
        let office = self.office;
        for word in &self.body.of {
            match office.matters.get(word.get_ref()) {
                Some(matter) => self.of.push(matter),
                None => self.errors.unknown(self.file.at(word), ("事项", "matter"), word.get_ref()),
            }
        }
        if self.body.of.is_empty() {
            self.of.extend(office.matters.values().map(|matter| &**matter));
        }
    }

    fn each(&mut self) -> Each {
        let Some(word) = &self.body.each else { return Each::Matter };
        match word.get_ref().as_str() {
            "matter" => Each::Matter,
            "stay" => Each::Stay,
            "hand" => Each::Hand,
            name => {
                let rows = |matter: &&Matter| {
                    let field = matter.fields.iter().find(|field| field.name == *name);
                    field.is_some_and(|field| matches!(field.kind, FieldKind::Rows(_)))
                };
                if !self.of.iter().all(rows) {
                    let allowed = ["matter", "stay", "hand"].map(str::to_owned).into_iter();
                    let allowed = allowed.chain(self.common(|field| match &field.kind {
                        FieldKind::Rows(_) => vec![field.name.clone()],
                        _ => Vec::new(),
                    }));
                    let (place, what) =
                        (self.file.at(word), ("各事项共有的明细要素", "field of rows"));
                    self.errors.not_among(place, what, name, allowed.collect());
                }
                Each::Row(name.to_owned())
            }
        }
    }

    /// Names that the fields of every matter give.
    fn common(&self, names: impl Fn(&Field) -> Vec<String>) -> Vec<String> {
        let of = |matter: &&Matter| matter.fields.iter().flat_map(&names).collect::<Vec<String>>();
        let mut all = self.of.iter().map(of);
        let mut common = all.next().unwrap_or_default();
        all.for_each(|names| common.retain(|name| names.contains(name)));
        common
    }

    /// Names that may stand in this report.
    fn allowed(&self) -> Vec<String> {
        let own = Own::ALL.iter().filter(|name| name.own.is_of(&self.each));
        let mut allowed: Vec<String> = own.map(|name| name.word.to_owned()).collect();
        allowed.extend(self.common(|field| match (&field.kind, &self.each) {
            (FieldKind::Rows(columns), Each::Row(rows)) if field.name == *rows => {
                columns.iter().map(|column| format!("{rows}.{}", column.name)).collect()
            }
            _ => vec![field.name.clone()],
        }));
        allowed
    }

    fn find(&mut self, word: &Word) -> Option<Found> {
        let text = word.get_ref();
        if text.starts_with('@') {
            return self.own(word);
        }
        let column = match &self.each {
            Each::Row(rows) => text.strip_prefix(rows.as_str()).and_then(|c| c.strip_prefix('.')),
            _ => None,
        };
        let fields: Option<Vec<&Field>> = self
            .of
            .iter()
            .map(|matter| {
                let name = column.map_or(text.as_str(), |_| text.split('.').next().unwrap_or(""));
                let field = &matter.fields[matter.field(name)?];
                let Some(column) = column else { return Some(field) };
                let FieldKind::Rows(columns) = &field.kind else { return None };
                columns.iter().find(|one| one.name == column)
            })
            .collect();
        let first = fields.as_ref().and_then(|fields| fields.first().copied());
        let (Some(fields), Some(first)) = (fields, first) else {
            let (place, allowed) = (self.file.at(word), self.allowed());
            let what = ("各事项共有的要素", "field that every matter has");
            self.errors.not_among(place, what, text, allowed);
            return None;
        };
        if fields.iter().any(|field| !alike(&field.kind, &first.kind)) {
            let zh = format!("{text} 在各事项中类型不同");
            let en = format!("`{text}` has not the same type in every matter");
            self.errors.add(self.file.at(word), "Contradiction", zh, en);
        }
        let name = match column {
            Some(column) => Name::Column(column.to_owned()),
            None => Name::Field(text.clone()),
        };
        let choices = matches!(first.kind, FieldKind::Choice(_))
            .then(|| fields.iter().flat_map(|field| field.kind.of()).collect());
        let (title, form, groups) = (first.title.clone(), form(&first.kind), groups(&first.kind));
        Some(Found { name, title, form, groups, choices })
    }

    fn own(&mut self, word: &Word) -> Option<Found> {
        let found = Own::ALL.iter().find(|name| name.word == word.get_ref());
        let Some(found) = found.filter(|found| found.own.is_of(&self.each)) else {
            let (place, allowed) = (self.file.at(word), self.allowed());
            let what = ("此处可用的名称", "name that can stand here");
            self.errors.not_among(place, what, word.get_ref(), allowed);
            return None;
        };
        let steps = || self.of.iter().flat_map(|matter| matter.steps.iter().map(|one| &one.name));
        let ends = || self.of.iter().flat_map(|matter| matter.ends.iter().map(|(name, _)| name));
        let choices: Option<BTreeSet<String>> = match found.own {
            Own::Late => Some(["yes", "no"].map(str::to_owned).into()),
            Own::Step => Some(steps().cloned().collect()),
            Own::State => {
                let always = ["refused", "voided"].map(str::to_owned);
                Some(steps().chain(ends()).cloned().chain(always).collect())
            }
            Own::Code | Own::Matter => {
                Some(self.of.iter().map(|matter| matter.code.clone()).collect())
            }
            _ => None,
        };
        Some(Found {
            name: Name::Own(found.own),
            title: found.title(),
            form: found.form,
            groups: found.groups,
            choices,
        })
    }

    fn condition(&mut self, row: &WhenRow) -> Option<Condition> {
        let found = self.find(&row.field)?;
        for word in &row.is {
            let known = found.choices.as_ref().is_none_or(|all| all.contains(word.get_ref()));
            if !known {
                let (place, all) = (self.file.at(word), found.choices.clone());
                let all = all.unwrap_or_default().into_iter().collect();
                self.errors.not_among(place, ("可选的取值", "choice"), word.get_ref(), all);
            }
        }
        let bounded = row.at_least.is_some() || row.below.is_some();
        if bounded && !found.form.adds_up() {
            let zh = "at_least、below 只用于整数、数值、金额";
            self.wrong(&row.field, zh, "only an integer, a decimal or money has bounds");
        }
        let Some(test) = row.test(|amount| self.bound(amount)) else {
            let zh = "条件须写 is、at_least 或 below 之一";
            self.wrong(&row.field, zh, "a condition has one of is, at_least, below");
            return None;
        };
        Some(Condition { name: found.name, test })
    }

    fn bound(&mut self, amount: &Spanned<Amount>) -> String {
        let text = amount.get_ref().text();
        if text.parse::<Decimal>().is_err() && !self.numbers.contains_key(&text) {
            self.errors.unknown(self.file.at(amount), ("参数", "number"), &text);
        }
        text
    }

    /// A column by which items are grouped.
    fn key(&mut self, word: &Word) -> Option<Column> {
        let found = self.find(word)?;
        if !found.groups {
            let zh = "不能用来分组；可用选项、日期、编码类要素";
            let en = "does not group items: a choice, a day or a code does";
            self.wrong(word, zh, en);
        }
        if !self.keys.insert(word.get_ref().clone()) {
            self.errors.duplicate(self.file.at(word), word.get_ref());
        }
        let Found { name, title, form, .. } = found;
        Some(Column { key: word.get_ref().clone(), title, what: What::Show(name), form })
    }

    fn column(&mut self, row: &'a Spanned<ColumnRow>, figures: bool) -> Option<Column> {
        let (spot, row) = (row, row.get_ref());
        let words = [
            ("show", &row.show),
            ("sum", &row.sum),
            ("average", &row.average),
            ("greatest", &row.greatest),
            ("least", &row.least),
        ];
        let given: Vec<(&str, &Word)> =
            words.iter().filter_map(|(what, word)| Some((*what, word.as_ref()?))).collect();
        let counts = [("count", &row.count), ("share", &row.share)];
        let counted: Vec<(&str, &Spanned<Vec<WhenRow>>)> =
            counts.iter().filter_map(|(what, rows)| Some((*what, rows.as_ref()?))).collect();
        let column = match (given.as_slice(), counted.as_slice()) {
            ([(what, word)], []) => self.of_name(what, word),
            ([], [(what, rows)]) => {
                let only = rows.get_ref().iter().filter_map(|row| self.condition(row)).collect();
                Some(counting(what, only))
            }
            _ => {
                let zh = "每列须写 show、count、share、sum、average、greatest、least 之一";
                let en = "a column has one of show, count, share, sum, average, greatest, least";
                self.errors.add(self.file.at(spot), "Contradiction", zh, en);
                None
            }
        };
        if let Some(word) = row.show.as_ref().filter(|_| figures) {
            let (zh, en) = ("统计表只列数字，分组用 by", "figures show no items: group `by` it");
            let zh = format!("{}：{zh}", word.get_ref());
            let en = format!("`{}`: {en}", word.get_ref());
            self.errors.add(self.file.at(word), "Contradiction", zh, en);
        }
        let mut column = column?;
        if let Some(title) = &row.title {
            self.errors.title(self.file.at(spot), title);
            column.title = title.clone();
        }
        if let Some(key) = &row.key {
            column.key.clone_from(key.get_ref());
        }
        if !self.keys.insert(column.key.clone()) {
            self.errors.duplicate(self.file.at(spot), &column.key);
        }
        Some(column)
    }

    fn of_name(&mut self, what: &str, word: &Word) -> Option<Column> {
        let found = self.find(word)?;
        let day = found.form == Form::Day && matches!(what, "greatest" | "least");
        if what != "show" && !found.form.adds_up() && !day {
            let zh = "不能合计或比较；可用整数、数值、金额";
            self.wrong(word, zh, "cannot be added up: an integer, a decimal or money can");
        }
        let Found { name, title, form, .. } = found;
        if matches!(what, "sum" | "average") {
            self.check_once(word, &name);
        }
        let minutes = matches!(name, Name::Own(Own::Worked | Own::Elapsed | Own::Wait));
        let (made, form) = match what {
            "sum" => (What::Sum(name), form),
            "average" if form == Form::Whole && !minutes => (What::Average(name), Form::Decimal),
            "average" => (What::Average(name), form),
            "greatest" => (What::Greatest(name), form),
            "least" => (What::Least(name), form),
            _ => (What::Show(name), form),
        };
        let plain = matches!(made, What::Show(_));
        let key = if plain { word.get_ref().clone() } else { what.to_owned() };
        let title = if plain { title } else { figure_title(what, &title) };
        Some(Column { key, title, what: made, form })
    }

    /// What a matter has once would be added up again with each of its stays, hands or rows.
    fn check_once(&mut self, word: &Word, name: &Name) {
        let own = matches!(name, Name::Column(_) | Name::Own(Own::Wait));
        if self.each != Each::Matter && !own {
            let zh = "每个事项只有一个，按 each 逐项合计会重复";
            self.wrong(word, zh, "a matter has it once: over `each` it would be added up again");
        }
    }

    fn position(&mut self, word: &Word, key: &str, columns: &[Column]) -> Option<usize> {
        let found = columns.iter().position(|column| column.key == key);
        if found.is_none() {
            let keys = columns.iter().map(|column| column.key.clone()).collect();
            self.errors.not_among(self.file.at(word), ("本表的列", "column"), key, keys);
        }
        found
    }

    fn order(&mut self, columns: &[Column]) -> Vec<(usize, bool)> {
        let words = self.body.order.iter();
        let order = words.filter_map(|word| {
            let text = word.get_ref().as_str();
            let key = text.strip_prefix('-').unwrap_or(text);
            Some((self.position(word, key, columns)?, text.starts_with('-')))
        });
        order.collect()
    }

    fn total(&mut self, columns: &[Column]) -> BTreeSet<usize> {
        let mut total = BTreeSet::new();
        for word in &self.body.total {
            let Some(at) = self.position(word, word.get_ref(), columns) else { continue };
            let column = &columns[at];
            if matches!(column.what, What::Show(_)) && !column.form.adds_up() {
                self.wrong(word, "此列不能合计", "this column cannot be added up");
            } else if let What::Show(name) = &column.what {
                self.check_once(word, name);
            }
            total.insert(at);
        }
        total
    }
}

fn counting(what: &str, only: Vec<Condition>) -> Column {
    let (zh, en, what, made, form) = match what {
        "share" => ("占比", "Share", "share", What::Share(only), Form::Share),
        _ => ("笔数", "Number", "count", What::Count(only), Form::Whole),
    };
    let title = Title { zh: zh.to_owned(), en: en.to_owned() };
    Column { key: what.to_owned(), title, what: made, form }
}

/// "金额合计", "Amount, in all".
fn figure_title(what: &str, of: &Title) -> Title {
    let (zh, en) = match what {
        "sum" => ("合计", "in all"),
        "average" => ("平均", "on average"),
        "greatest" => ("最大", "greatest"),
        _ => ("最小", "least"),
    };
    Title { zh: format!("{}{zh}", of.zh), en: format!("{}, {en}", of.en) }
}

/// Whether values of both can stand in one column.
fn alike(one: &FieldKind, other: &FieldKind) -> bool {
    match (one, other) {
        (FieldKind::Money(_, one), FieldKind::Money(_, other)) => one == other,
        _ => one.word() == other.word(),
    }
}
