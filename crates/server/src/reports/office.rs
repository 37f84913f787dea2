//! Lists of the office that no file declares (登记簿): matters of a kind, cash by denomination, stock
//! by range, what is on its way, who is over a limit, whose post is due to change hands.

use crate::home::Home;
use crate::messages as say;
use crate::refusal;
use crate::reports::{Stop, declared};
use bank::State;
use bank::office::access::Function;
use bank::office::effect::kind_of;
use bank::office::event::Instant;
use bank::office::people::is_below;
use bank::office::record::Record;
use bank::office::report::{self, Report, reading};
use bank::office::{clock, numbers};
use custody::Condition;
use history::table::{Cell, Column, Kind, Label, Style, Table};
use ledger::entry::InstitutionId;
use ledger::number::Decimal;
use ledger::{Day, Refusal};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A list that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfficeReport {
    Register,
    Cash,
    Stock,
    Transit,
    Limits,
    Rotation,
}

impl OfficeReport {
    pub const ALL: &[(Self, &'static str, Label)] = &[
        (Self::Register, "register", Label::of("事项登记簿", "Register of a matter")),
        (Self::Cash, "cash", Label::of("现金库存表（券别）", "Cash by denomination")),
        (Self::Stock, "stock", Label::of("编号物品库存表", "Numbered stock by range")),
        (Self::Transit, "transit", Label::of("在途账龄表", "What is on its way, by age")),
        (Self::Limits, "limits", Label::of("现金限额使用表", "Cash against its limits")),
        (Self::Rotation, "rotation", Label::of("重要岗位轮岗到期表", "Key posts due to rotate")),
    ];

    /// What somebody must be allowed who reads it.
    fn function(self) -> Function {
        match self {
            Self::Cash | Self::Stock | Self::Transit | Self::Limits => Function::CustodyRead,
            Self::Register => Function::MattersReadAll,
            Self::Rotation => Function::OrganisationRead,
        }
    }

    fn title(self) -> Label {
        let found = Self::ALL.iter().find(|(report, ..)| *report == self);
        found.map(|(.., title)| title.clone()).expect("every report is in the list")
    }
}

/// A list by its name: one of these, or one that the rulebook declares.
#[derive(Clone)]
pub enum Chosen {
    Fixed(OfficeReport),
    Declared(Arc<Report>),
}

impl Chosen {
    pub fn by_name(state: &State, name: &str) -> Result<Self, Refusal> {
        let mut fixed = OfficeReport::ALL.iter();
        if let Some((report, ..)) = fixed.find(|(_, known, zh)| *known == name || zh.zh == name) {
            return Ok(Self::Fixed(*report));
        }
        let mut declared = state.rulebook.office.reports.values();
        let found = declared.find(|report| report.code == name || report.title.zh == name);
        found.map(|report| Self::Declared(Arc::clone(report))).ok_or_else(|| {
            let (en, zh): (Vec<_>, Vec<_>) = names(state).into_iter().unzip();
            let zh: Vec<&str> = zh.iter().map(|title| &*title.zh).collect();
            refusal::unknown_report(name, &zh.join("、"), &en.join(", "))
        })
    }
}

impl Chosen {
    /// What somebody must be allowed who reads it.
    pub fn function(&self) -> Function {
        match self {
            Self::Fixed(report) => report.function(),
            Self::Declared(_) => Function::MattersReadAll,
        }
    }

    /// The report of matters that it is, if it is one; a register is that of the matter `code`.
    pub fn of_matters(
        &self,
        state: &State,
        code: Option<&str>,
    ) -> Result<Option<Arc<Report>>, Refusal> {
        match self {
            Self::Declared(report) => Ok(Some(Arc::clone(report))),
            Self::Fixed(OfficeReport::Register) => {
                let code = code.unwrap_or_default();
                let known = state.rulebook.office.matters.get(code);
                let matter =
                    known.ok_or_else(|| bank::office::refusal::unknown_matter_kind(code))?;
                Ok(Some(Arc::new(report::register(matter))))
            }
            Self::Fixed(_) => Ok(None),
        }
    }
}

/// All lists: name and title.
pub fn names(state: &State) -> Vec<(String, Label)> {
    let fixed = OfficeReport::ALL.iter().map(|(_, name, title)| ((*name).into(), title.clone()));
    let declared = state.rulebook.office.reports.values();
    fixed.chain(declared.map(|one| (one.code.clone(), Label::from(&one.title)))).collect()
}

/// What of the bank a list shows.
pub struct Asked {
    /// Code of the matter of a register.
    pub code: Option<String>,
    /// An institution with those below it.
    pub institution: Option<String>,
    pub from: Option<Day>,
    pub until: Option<Day>,
    pub now: Instant,
}

impl Asked {
    fn reading(&self, state: &State) -> Result<reading::Asked, Refusal> {
        let Self { from, until, now, .. } = *self;
        let found = self.institution.as_deref().map(|code| {
            let found = state.book.institution_by_code(code);
            found.ok_or_else(|| ledger::refusal::unknown_institution(code))
        });
        Ok(reading::Asked { institution: found.transpose()?, from, until, now })
    }
}

struct View<'a> {
    state: &'a State,
    institution: Option<InstitutionId>,
}

/// Fills a list, its matters page by page from the store.
pub fn table(home: &Home, state: &State, chosen: &Chosen, asked: &Asked) -> anyhow::Result<Table> {
    match chosen.of_matters(state, asked.code.as_deref())? {
        None => Ok(filled(state, chosen, asked, &[])?),
        Some(report) => {
            let reading = asked.reading(state)?;
            let mut table = declared::reading(state, &report, reading);
            table.take_open();
            declared::each_ended(home, &report, &reading, &Stop::default(), |record| {
                table.take(&record);
            })?;
            Ok(with_captions(declared::table(&report, table.finish()), state))
        }
    }
}

/// Ended matters that a report may look at.
pub fn ended(
    home: &Home,
    report: &Report,
    asked: &Asked,
    stop: &Stop,
) -> anyhow::Result<Vec<Record>> {
    let Asked { from, until, now, .. } = *asked;
    let asked = reading::Asked { institution: None, from, until, now };
    let mut records = Vec::new();
    declared::each_ended(home, report, &asked, stop, |record| records.push(record))?;
    Ok(records)
}

/// Fills a list of things and people, or one of these matters.
pub fn filled(
    state: &State,
    chosen: &Chosen,
    asked: &Asked,
    records: &[Record],
) -> Result<Table, Refusal> {
    let reading = asked.reading(state)?;
    let report = match (chosen, chosen.of_matters(state, asked.code.as_deref())?) {
        (_, Some(report)) => {
            let mut table = declared::reading(state, &report, reading);
            records.iter().for_each(|record| table.take(record));
            return Ok(with_captions(declared::table(&report, table.finish()), state));
        }
        (Chosen::Fixed(report), None) => *report,
        (Chosen::Declared(_), None) => unreachable!("what is declared is a report of matters"),
    };
    let view = View { state, institution: reading.institution };
    let mut table = match report {
        OfficeReport::Cash => view.cash(),
        OfficeReport::Stock => view.stock(),
        OfficeReport::Transit => view.transit(),
        OfficeReport::Limits => view.limits(),
        OfficeReport::Rotation => view.rotation(),
        OfficeReport::Register => unreachable!("a register is a report of matters"),
    };
    if table.title == Label::default() {
        table.title = report.title();
    }
    Ok(with_captions(table, state))
}

fn with_captions(mut table: Table, state: &State) -> Table {
    table.caption(label(say::BANK), Label::from(&state.book.title));
    table.caption(label(say::DAY), Label::same(state.book.today.to_string()));
    table
}

fn label((zh, en): say::Label) -> Label {
    Label::of(zh, en)
}

fn column(key: &'static str, zh: &'static str, en: &'static str, kind: Kind) -> Column {
    Column::new(key, Label::of(zh, en), kind)
}

impl View<'_> {
    fn covers(&self, at: InstitutionId) -> bool {
        self.institution.is_none_or(|top| is_below(&self.state.book, at, top))
    }

    fn digits(&self) -> u8 {
        self.state.book.chart.unit(self.state.book.chart.base_unit).digits
    }

    /// Places of this bank part that hold something or are set up.
    fn places(&self) -> BTreeMap<String, (InstitutionId, String)> {
        let office = &self.state.office;
        let held = office.custody.cash_places().chain(office.custody.stock_places());
        let all = held.map(str::to_owned).chain(office.places.keys().cloned());
        let places = all.filter_map(|place| {
            let (at, kind) = kind_of(&self.state.book, &place)?;
            let kind = kind.to_owned();
            self.covers(at).then_some((place, (at, kind)))
        });
        places.collect()
    }

    // What places hold.

    fn cash(&self) -> Table {
        let columns = vec![
            column("institution", "机构", "institution", Kind::Code),
            column("place", "场所", "place", Kind::Code),
            column("denomination", "券别", "denomination", Kind::Code),
            column("class", "类别", "class", Kind::Text),
            column("pieces", "张数", "pieces", Kind::Integer),
            column("amount", "金额", "amount", Kind::Amount(self.digits())),
        ];
        let mut table = Table::new(Label::default(), columns);
        let (state, mut all) = (self.state, 0_i128);
        for (place, (at, _)) in self.places() {
            for (note, pieces) in state.office.custody.cash(&place) {
                let face = state.rulebook.office.denominations.get(&note.denom);
                let amount = face.map_or(0, |one| i128::from(one.face)) * i128::from(pieces);
                all += amount;
                table.push(
                    Style::Normal,
                    vec![
                        Cell::text(&state.book.institution(at).code),
                        Cell::text(&place),
                        Cell::text(&note.denom),
                        Cell::text(note.class.zh()),
                        Cell::Int(pieces),
                        Cell::amount(amount, self.digits()),
                    ],
                );
            }
        }
        let mut total = vec![Cell::Label(Label::of("合计", "Total"))];
        total.extend(std::iter::repeat_n(Cell::Empty, 4));
        total.push(Cell::amount(all, self.digits()));
        table.push(Style::Total, total);
        table
    }

    fn stock(&self) -> Table {
        let columns = vec![
            column("institution", "机构", "institution", Kind::Code),
            column("place", "场所", "place", Kind::Code),
            column("kind", "种类", "kind", Kind::Text),
            column("range", "号段", "range", Kind::Code),
            column("condition", "状态", "condition", Kind::Text),
            column("pieces", "张数", "pieces", Kind::Integer),
        ];
        let mut table = Table::new(Label::default(), columns);
        let (state, custody) = (self.state, &self.state.office.custody);
        for (place, (at, _)) in self.places() {
            for kind in custody.kinds_at(&place) {
                let title = state.rulebook.office.stocks.get(&kind);
                let title = title.map_or(Label::same(kind.as_str()), |one| Label::from(&one.title));
                for (range, condition) in custody.stock(&place, &kind) {
                    let void = condition == Condition::Void;
                    let cells = vec![
                        Cell::text(&state.book.institution(at).code),
                        Cell::text(&place),
                        Cell::Label(title.clone()),
                        Cell::text(&range.to_string()),
                        Cell::text(condition.zh()),
                        Cell::count(range.pieces().unwrap_or(0)),
                    ];
                    table.push(if void { Style::Warning } else { Style::Normal }, cells);
                }
            }
        }
        table
    }

    fn transit(&self) -> Table {
        let columns = vec![
            column("place", "在途", "in transit", Kind::Code),
            column("matter", "事项", "matter", Kind::Code),
            column("since", "发出", "since", Kind::Text),
            column("days", "天数", "days", Kind::Integer),
            column("amount", "现金", "cash", Kind::Amount(self.digits())),
            column("stock", "号段", "ranges", Kind::Text),
        ];
        let mut table = Table::new(Label::default(), columns);
        let state = self.state;
        for (place, (_, kind)) in self.places() {
            if kind != "transit" {
                continue;
            }
            let open = state.office.records.open.values();
            let mut sent = open.filter(|one| one.transit.as_deref() == Some(&*place));
            let sent = sent.next();
            let since = sent.and_then(|record| record.hands.last()).map(|hand| hand.at);
            let day = since.map(|since| clock::local(&state.book, since).0);
            let age = day.map_or(0, |day| i64::from(state.book.today.since(day)));
            let custody = &state.office.custody;
            let ranges = custody.kinds_at(&place);
            let ranges = ranges.iter().flat_map(|kind| custody.stock(&place, kind));
            let ranges: Vec<String> = ranges.map(|(range, _)| range.to_string()).collect();
            let cash = state.office.cash_at(&state.rulebook.office, &place);
            let cells = vec![
                Cell::text(&place),
                Cell::text(sent.map_or("", |record| &record.number)),
                Cell::text(&since.map_or(String::new(), |at| clock::shown(&state.book, at))),
                Cell::Int(age),
                Cell::amount(i128::from(cash), self.digits()),
                Cell::text(&ranges.join(" ")),
            ];
            table.push(if age > 0 { Style::Warning } else { Style::Normal }, cells);
        }
        table
    }

    fn limits(&self) -> Table {
        let amount = Kind::Amount(self.digits());
        let columns = vec![
            column("place", "场所", "place", Kind::Code),
            column("keeper", "保管人", "keeper", Kind::Text),
            column("cash", "现金", "cash", amount),
            column("limit", "限额", "limit", amount),
            column("over", "超限额", "over", amount),
        ];
        let mut table = Table::new(Label::default(), columns);
        let (state, digits) = (self.state, self.digits());
        let scale = Decimal::from(10_i64.pow(u32::from(digits)));
        for (place, (at, kind)) in self.places() {
            let kind = state.rulebook.office.places.get(&kind);
            let limit = kind.and_then(|kind| kind.limit.as_deref());
            let limit = limit.and_then(|code| numbers::at(&state.book, code, at));
            let limit = limit.and_then(|limit| i128::try_from(limit * scale).ok());
            let Some(limit) = limit else { continue };
            let cash = i128::from(state.office.cash_at(&state.rulebook.office, &place));
            let over = (cash - limit).max(0);
            let keeper = state.office.places.get(&place).map_or("", |place| &place.keeper);
            let cells = vec![
                Cell::text(&place),
                Cell::text(keeper),
                Cell::amount(cash, digits),
                Cell::amount(limit, digits),
                if over > 0 { Cell::amount(over, digits) } else { Cell::Empty },
            ];
            table.push(if over > 0 { Style::Warning } else { Style::Normal }, cells);
        }
        table
    }

    // People and work.

    fn rotation(&self) -> Table {
        let columns = vec![
            column("operator", "柜员", "operator", Kind::Code),
            column("name", "姓名", "name", Kind::Text),
            column("post", "岗位", "post", Kind::Text),
            column("institution", "机构", "institution", Kind::Code),
            column("since", "任职日", "since", Kind::Date),
            column("due", "应轮岗日", "due", Kind::Date),
        ];
        let mut table = Table::new(Label::default(), columns);
        let (state, book) = (self.state, &self.state.book);
        for (number, operator) in &state.office.people.operators {
            for grant in operator.grants.iter().filter(|grant| grant.holds_on(book.today)) {
                let Some(post) = state.rulebook.office.posts.get(&grant.post) else { continue };
                let months = post.rotate_months.as_deref();
                let months = months.and_then(|code| numbers::at(book, code, grant.institution));
                let months = months.and_then(|months| i32::try_from(months).ok());
                let Some(months) = months.filter(|_| self.covers(grant.institution)) else {
                    continue;
                };
                let due = after_months(grant.from, months);
                let cells = vec![
                    Cell::text(number),
                    Cell::text(&operator.name),
                    Cell::Label(Label::from(&post.title)),
                    Cell::text(&book.institution(grant.institution).code),
                    Cell::Date(grant.from),
                    Cell::Date(due),
                ];
                let late = due <= book.today;
                table.push(if late { Style::Warning } else { Style::Normal }, cells);
            }
        }
        table
    }
}

fn after_months(from: Day, months: i32) -> Day {
    let later = i32::from(from.year()) * 12 + i32::from(from.month()) - 1 + months;
    let year = i16::try_from(later.div_euclid(12)).unwrap_or(i16::MAX);
    let month = i8::try_from(later.rem_euclid(12) + 1).unwrap_or(1);
    Day::new(year.min(9_999), month, 1)
}
