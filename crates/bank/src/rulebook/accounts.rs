//! Subjects and kinds of account: codes become positions, and what contradicts itself is refused.

use super::NumberInfo;
use super::error::{Place, Report};
use super::file::{
    AccountKindBody, Definition, Entry, InterestRow, KindRow, Measure, Owner, SubjectGroup,
    SubjectRow, SystemRow, title,
};
use super::spot::Spanned;
use ledger::chart::{
    AccountKind, Class, Control, Manual, Method, Side, Subject, SystemKinds, Terms,
};
use ledger::entry::{KindId, SubjectId};
use ledger::number::{Decimal, Numbers};
use std::collections::BTreeMap;

pub(super) type KindFiles<'a> = Vec<(&'a Definition, &'a AccountKindBody)>;

/// A row of subjects in its file and group.
struct Placed<'a> {
    file: &'a Definition,
    group: &'a SubjectGroup,
    row: &'a SubjectRow,
}

fn subject_rows<'a>(files: &[&'a Definition]) -> Vec<Placed<'a>> {
    let mut rows = Vec::new();
    for file in files {
        let Entry::Accounts(body) = &file.body else { continue };
        for group in &body.group {
            rows.extend(group.subject.iter().map(|row| Placed { file, group, row }));
        }
    }
    rows
}

pub(super) fn kind_rows<'a>(files: &[&'a Definition]) -> KindFiles<'a> {
    let mut rows = Vec::new();
    for file in files {
        if let Entry::AccountKind(body) = &file.body {
            rows.push((*file, body));
        }
    }
    rows
}

/// The chart of subjects in order of the files. "2011-03" lies under "2011".
pub(super) fn subjects(files: &[&Definition], report: &mut Report) -> Vec<Subject> {
    let rows = subject_rows(files);
    let mut positions: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, Placed { file, row, .. }) in rows.iter().enumerate() {
        let code = row.code.get_ref();
        report.title(file.at(&row.code), &title(&row.zh, &row.en));
        report.not_empty(file.at(&row.code), code, "code");
        if positions.insert(code, at).is_some() {
            report.duplicate(file.at(&row.code), code);
        }
    }
    let parent = |code: &str| {
        let (above, _) = code.rsplit_once('-')?;
        Some((above.to_owned(), positions.get(above).copied()))
    };
    let mut subjects = Vec::with_capacity(rows.len());
    for Placed { file, group, row } in &rows {
        let place = file.at(&row.code);
        let code = row.code.get_ref().as_str();
        let mut above = None;
        match parent(code) {
            Some((above, None)) => report.unknown(place, ("上级科目", "parent subject"), &above),
            Some((_, at)) => above = at,
            None => {}
        }
        let side = row.side.or(above.and_then(|at| rows[at].row.side)).unwrap_or(group.side);
        let parent_class = above.map(|at| rows[at].group.class);
        check_nature(place, code, (group.class, side), parent_class, report);
        subjects.push(Subject {
            code: code.into(),
            title: title(&row.zh, &row.en),
            class: group.class,
            side,
            parent: above.and_then(|at| u16::try_from(at).ok()).map(SubjectId),
        });
    }
    subjects
}

fn check_nature(
    place: Place,
    code: &str,
    (class, side): (Class, Side),
    parent: Option<Class>,
    report: &mut Report,
) {
    // A contra asset (备抵) is a credit and treasury stock a debit, so these two are free.
    let fits = match class {
        Class::Asset | Class::Equity => true,
        Class::Common => side == Side::Both,
        Class::Liability | Class::Income => side != Side::Debit,
        Class::Expense => side != Side::Credit,
        Class::OffBalance => side == Side::Debit,
    };
    if !fits {
        let zh = format!("科目 {code} 的类别与余额方向矛盾");
        let en = format!("class and side of subject {code} contradict each other");
        report.add(place, "Contradiction", zh, en);
    }
    if parent.is_some_and(|parent| parent != class) {
        let zh = format!("科目 {code} 的类别与上级科目不同");
        let en = format!("subject {code} is not of its parent's class");
        report.add(place, "Contradiction", zh, en);
    }
}

/// What kinds of account refer to.
pub(super) struct Known<'a> {
    pub subjects: &'a [Subject],
    pub numbers: &'a BTreeMap<String, NumberInfo>,
    pub values: &'a Numbers,
}

pub(super) struct Accounts {
    pub kinds: Vec<AccountKind>,
    pub system: Option<SystemKinds>,
}

/// All kinds of account, and those that the ledger posts to. `digits` are the base currency's.
pub(super) fn kinds(files: &KindFiles, known: &Known, digits: u8, report: &mut Report) -> Accounts {
    let (kinds, counters) = (BTreeMap::new(), BTreeMap::new());
    let mut resolver = Resolver { known, digits, kinds, counters, report };
    let rows = files
        .iter()
        .flat_map(|(file, body)| body.account_kind.iter().map(move |row| (*file, *body, row)));
    let rows: Vec<_> = rows.collect();
    for (at, (file, body, row)) in rows.iter().enumerate() {
        let named = Named {
            at,
            owner: body.owner,
            subject: row.subject.get_ref().clone(),
            manual: row.manual.unwrap_or(body.manual),
            open_item: row.open_item,
        };
        if resolver.kinds.insert(row.code.get_ref().clone(), named).is_some() {
            resolver.report.duplicate(file.at(&row.code), row.code.get_ref());
        }
    }
    let kinds = rows.iter().filter_map(|(file, body, row)| resolver.kind(file, body, row));
    let kinds = kinds.collect();
    let systems = files.iter().filter_map(|(file, body)| Some((*file, body.system.as_ref()?)));
    let systems: Vec<_> = systems.collect();
    let system = match systems.as_slice() {
        [] => {
            let zh = "没有 [system] 表：系统自身记账用的账户种类";
            let en = "there is no [system] table of the kinds that the ledger posts to";
            resolver.report.nowhere("SystemKindMissing", zh, en);
            None
        }
        [(file, row)] => resolver.system(file, row.get_ref()),
        [_, (file, row), ..] => {
            resolver.report.duplicate(file.at(row), "[system]");
            None
        }
    };
    Accounts { kinds, system }
}

struct Named {
    at: usize,
    owner: Owner,
    subject: String,
    manual: Manual,
    open_item: bool,
}

/// Looks up what the rows name.
struct Resolver<'a, 'b> {
    known: &'a Known<'a>,
    digits: u8,
    kinds: BTreeMap<String, Named>,
    /// Kinds that hold accrued interest, and the income or expense that it comes from.
    counters: BTreeMap<KindId, KindId>,
    report: &'a mut Report<'b>,
}

impl Resolver<'_, '_> {
    fn kind(
        &mut self,
        file: &Definition,
        body: &AccountKindBody,
        row: &KindRow,
    ) -> Option<AccountKind> {
        let place = file.at(&row.code);
        self.report.not_empty(place, row.code.get_ref(), "code");
        let overdraft_limit = self.overdraft_limit(file, row);
        let terms = row.interest.as_ref();
        let terms = terms.map(|interest| self.terms(file, row, interest, body.owner));
        let (id, subject) = self.subject(file, &row.subject)?;
        let own_side = match subject.side {
            Side::Debit => Control::DebitOnly,
            Side::Credit => Control::CreditOnly,
            Side::Both => Control::Either,
        };
        let control = row.control.unwrap_or(own_side);
        let title = title(
            row.zh.as_deref().unwrap_or(&subject.title.zh),
            row.en.as_deref().unwrap_or(&subject.title.en),
        );
        self.report.title(place, &title);
        let free = own_side == Control::Either || control == Control::Either;
        if !free && control != own_side {
            let zh = format!("账户种类的余额控制与科目 {} 的方向矛盾", subject.code);
            let en = format!("the control contradicts the side of subject {}", subject.code);
            self.report.add(place, "Contradiction", zh, en);
        }
        if row.max_age_days > 0 && !row.open_item {
            let zh = "max_age_days 只用于挂销账（open_item）账户";
            let en = "`max_age_days` is only for open-item accounts";
            self.report.add(place, "Contradiction", zh, en);
        }
        let two_sided = row.open_item && control == Control::Either;
        if two_sided != matches!(row.opens, Some(Side::Debit | Side::Credit)) {
            let zh = "余额可在两方的挂销账（open_item）账户要写 opens（debit 或 credit），其他不写";
            let en = "two-sided open-item accounts say `opens`, debit or credit; others do not";
            self.report.add(place, "Contradiction", zh, en);
        }
        let kind = AccountKind {
            code: row.code.get_ref().as_str().into(),
            title,
            subject: id,
            control,
            overdraft_limit,
            manual: row.manual.unwrap_or(body.manual),
            open_item: row.open_item,
            opens: row.opens,
            zero_at_close: row.zero_at_close,
            max_age_days: row.max_age_days,
            internal: body.owner == Owner::Bank,
            terms: terms.flatten(),
        };
        self.check_due(place, &kind, &subject);
        Some(kind)
    }

    /// Interest that is due on a customer's loan is an item to collect, not a larger loan.
    fn check_due(&mut self, place: Place, kind: &AccountKind, subject: &Subject) {
        let Some(terms) = &kind.terms else { return };
        let (loan, due) = (!is_credit(kind, subject), terms.due.is_some());
        if loan && !due && !kind.internal && terms.method == Method::Product {
            let zh = "贷款结息须写 due：应收欠息的挂销账账户";
            let en = "interest on loans says `due`, the open-item account that it is due on";
            self.report.add(place, "Contradiction", zh, en);
        }
        if due && !loan {
            let (zh, en) = ("due 只用于贷款", "`due` is only for loans");
            self.report.add(place, "Contradiction", zh, en);
        }
    }

    fn subject(
        &mut self,
        file: &Definition,
        code: &Spanned<String>,
    ) -> Option<(SubjectId, Subject)> {
        let mut subjects = self.known.subjects.iter();
        let Some(at) = subjects.position(|subject| *subject.code == **code.get_ref()) else {
            self.report.unknown(file.at(code), ("科目", "subject"), code.get_ref());
            return None;
        };
        let subject = self.known.subjects[at].clone();
        Some((SubjectId(u16::try_from(at).ok()?), subject))
    }

    /// A limit is one value: an account kind carries it without a date.
    fn overdraft_limit(&mut self, file: &Definition, row: &KindRow) -> i64 {
        let Some(code) = &row.overdraft_limit else { return 0 };
        if !self.number(file, code, Measure::Yuan) {
            return 0;
        }
        let values = &self.known.values.by_code[code.get_ref()];
        let scale = Decimal::from(10_i64.pow(self.digits.into()));
        let minor = match values.as_slice() {
            [value] => value.is.checked_mul(scale).and_then(|minor| i64::try_from(minor).ok()),
            _ => None,
        };
        if minor.is_none() {
            let zh = format!("透支额度 {} 应当只有一个值", code.get_ref());
            let en = format!("overdraft limit {} has one value and no other", code.get_ref());
            self.report.add(file.at(code), "WrongValue", zh, en);
        }
        minor.unwrap_or_default()
    }

    fn number(&mut self, file: &Definition, code: &Spanned<String>, measure: Measure) -> bool {
        match self.known.numbers.get(code.get_ref()) {
            Some(info) if info.measure == measure => return true,
            Some(_) => {
                let zh = format!("参数 {} 的单位不合用", code.get_ref());
                let en = format!("number {} is measured in something else", code.get_ref());
                self.report.add(file.at(code), "Contradiction", zh, en);
            }
            None => self.report.unknown(file.at(code), ("参数", "number"), code.get_ref()),
        }
        false
    }

    fn terms(
        &mut self,
        file: &Definition,
        row: &KindRow,
        interest: &InterestRow,
        owner: Owner,
    ) -> Option<Terms> {
        for rate in std::iter::once(&interest.rate).chain(&interest.overdraft_rate) {
            self.number(file, rate, Measure::Rate);
        }
        let expense = self.passage(file, &interest.expense, Class::Expense);
        let payable = self.passage(file, &interest.payable, Class::Liability);
        let income = self.passage(file, &interest.income, Class::Income);
        let receivable = self.passage(file, &interest.receivable, Class::Asset);
        if owner == Owner::Bank && interest.method != Method::Product {
            let zh = "内部账户没有存期，不能逐笔计息";
            let en = "an account of the bank has no term, so it cannot earn by deposit";
            self.report.add(file.at(&row.code), "Contradiction", zh, en);
        }
        let due = interest.due.as_ref().map(|code| self.due(file, code));
        self.accrual(file, &interest.payable, payable.zip(expense));
        self.accrual(file, &interest.receivable, receivable.zip(income));
        let settle_day = self.settlement(file, row, interest);
        Some(Terms {
            method: interest.method,
            basis: interest.basis,
            rate_change: interest.rate_change,
            rate: interest.rate.get_ref().as_str().into(),
            overdraft_rate: interest
                .overdraft_rate
                .as_ref()
                .map_or("", |rate| rate.get_ref().as_str())
                .into(),
            settle_months: interest.settle_months.iter().map(|month| *month.get_ref()).collect(),
            settle_day,
            expense: expense?,
            payable: payable?,
            income: income?,
            receivable: receivable?,
            due: due.flatten(),
        })
    }

    fn due(&mut self, file: &Definition, code: &Spanned<String>) -> Option<KindId> {
        let id = self.passage(file, code, Class::Asset)?;
        if !self.kinds[code.get_ref()].open_item {
            let zh = format!("{} 应为挂销账（open_item）账户", code.get_ref());
            let en = format!("{} must be an open-item kind", code.get_ref());
            self.report.add(file.at(code), "Contradiction", zh, en);
        }
        Some(id)
    }

    /// Accrued interest is what accounts have earned and nothing else: each close brings it
    /// there, from one income or expense.
    fn accrual(
        &mut self,
        file: &Definition,
        code: &Spanned<String>,
        pair: Option<(KindId, KindId)>,
    ) {
        let Some((account, counter)) = pair else { return };
        if *self.counters.entry(account).or_insert(counter) != counter {
            let zh = format!("{} 已与另一收支账户配对", code.get_ref());
            let en = format!("{} is accrued from another income or expense", code.get_ref());
            self.report.add(file.at(code), "Contradiction", zh, en);
        }
        if self.kinds[code.get_ref()].manual != Manual::SystemOnly {
            let zh = format!("{} 由系统计提，manual 应为 system_only", code.get_ref());
            let en = format!("{} is accrued: its `manual` is system_only", code.get_ref());
            self.report.add(file.at(code), "Contradiction", zh, en);
        }
    }

    /// Balances that move settle on a day that every month has; terms settle with the principal.
    fn settlement(&mut self, file: &Definition, row: &KindRow, interest: &InterestRow) -> i8 {
        let by_product = interest.method == Method::Product;
        let days = interest.settle_day.as_ref();
        if by_product == interest.settle_months.is_empty() || by_product != days.is_some() {
            let zh = "积数法要写 settle_months 和 settle_day，逐笔计息不写";
            let en = "`product` says `settle_months` and `settle_day`, terms by deposit do not";
            self.report.add(file.at(&row.code), "Contradiction", zh, en);
        }
        for month in &interest.settle_months {
            self.within(file, month, 12);
        }
        for pair in interest.settle_months.windows(2) {
            if pair[0].get_ref() >= pair[1].get_ref() {
                let (zh, en) = ("结息月份必须递增", "months of settlement ascend");
                self.report.add(file.at(&pair[1]), "WrongValue", zh, en);
            }
        }
        days.map_or(0, |day| {
            self.within(file, day, 28);
            *day.get_ref()
        })
    }

    fn within(&mut self, file: &Definition, value: &Spanned<i8>, last: i8) {
        if !(1..=last).contains(value.get_ref()) {
            let (zh, en) = (format!("应在 1 至 {last} 之间"), format!("it lies in 1 to {last}"));
            self.report.add(file.at(value), "WrongValue", zh, en);
        }
    }

    /// An internal account that interest passes through.
    fn passage(
        &mut self,
        file: &Definition,
        code: &Spanned<String>,
        class: Class,
    ) -> Option<KindId> {
        let (id, found) = self.internal(file, code)?;
        if found.is_some_and(|found| found != class) {
            let zh = format!("账户种类 {} 的科目类别不合用", code.get_ref());
            let en = format!("the subject of kind {} is of another class", code.get_ref());
            self.report.add(file.at(code), "Contradiction", zh, en);
        }
        Some(id)
    }

    /// A kind of internal account and the class of its subject, if that is known.
    fn internal(
        &mut self,
        file: &Definition,
        code: &Spanned<String>,
    ) -> Option<(KindId, Option<Class>)> {
        let Some(named) = self.kinds.get(code.get_ref()) else {
            self.report.unknown(file.at(code), ("账户种类", "kind of account"), code.get_ref());
            return None;
        };
        if named.owner != Owner::Bank {
            let zh = format!("{} 不是内部账户", code.get_ref());
            let en = format!("{} is not a kind of internal account", code.get_ref());
            self.report.add(file.at(code), "Contradiction", zh, en);
        }
        let mut subjects = self.known.subjects.iter();
        let class = subjects.find(|one| *one.code == *named.subject).map(|one| one.class);
        Some((KindId(u16::try_from(named.at).ok()?), class))
    }

    fn system(&mut self, file: &Definition, row: &SystemRow) -> Option<SystemKinds> {
        let mut internal = |code| self.internal(file, code).map(|(id, _)| id);
        let interbranch = internal(&row.interbranch);
        let exchange = internal(&row.exchange);
        let exchange_gain = internal(&row.exchange_gain);
        let year_profit = internal(&row.year_profit);
        let prior_year = internal(&row.prior_year);
        let undistributed = internal(&row.undistributed);
        let shortfall = internal(&row.shortfall);
        Some(SystemKinds {
            interbranch: interbranch?,
            exchange: exchange?,
            exchange_gain: exchange_gain?,
            year_profit: year_profit?,
            prior_year: prior_year?,
            undistributed: undistributed?,
            shortfall: shortfall?,
        })
    }
}

/// Which side of the balance counts as positive for interest: a change would turn products over.
pub(super) fn is_credit(kind: &AccountKind, subject: &Subject) -> bool {
    let credit = match kind.control {
        Control::CreditOnly => true,
        Control::DebitOnly => false,
        Control::Either => subject.side == Side::Credit,
    };
    credit && subject.class != Class::OffBalance
}
