//! 异常账务清单: what in the books somebody must look at.
//!
//! Red balances, overdue open items, accounts that should be empty at close, negative off-balance
//! accounts, debits from frozen accounts, differences between ledgers, movement on dormant
//! accounts, and entries dated too far back; each with how grave it is and what to do.
//! [`find_anomalies`] judges the rows of one day; other detectors may add findings of their own.

use super::gl_subledger_check::pairs;
use super::suspense_ageing::overdue_days;
use super::{
    AccountRow, OpenItemRow, Period, Scope, SubledgerRow, finish, is_off_balance, labels, money,
    start, unit_cell, unit_column,
};
use crate::table::{Cell, Column, Kind, Label, Style, Table};
use ledger::account::Status;
use ledger::chart::{Control, Side};
use ledger::day::Day;
use ledger::entry::{EntryNo, InstitutionId, Text, UnitId};
use ledger::gl::GlRow;
use std::collections::BTreeSet;

/// What is wrong, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnomalyKind {
    /// 总分不符.
    LedgerDifference,
    /// 反方向余额, beyond an overdraft that was granted.
    RedBalance,
    /// 表外负余额.
    NegativeOffBalance,
    /// 冻结账户出账: also from an account that may only receive.
    FrozenWithDebit,
    /// 日终未清零.
    NotZeroAtClose,
    /// 久悬户发生.
    DormantMovement,
    /// 超期挂账.
    OverdueItem,
    /// 倒起息超限.
    Backdated,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// 重大: the day must not close over it.
    High,
    /// 一般: to be cleared within days.
    Medium,
    /// 提示: to be looked at.
    Low,
}

impl AnomalyKind {
    pub const ALL: [Self; 8] = [
        Self::LedgerDifference,
        Self::RedBalance,
        Self::NegativeOffBalance,
        Self::FrozenWithDebit,
        Self::NotZeroAtClose,
        Self::DormantMovement,
        Self::OverdueItem,
        Self::Backdated,
    ];

    pub fn severity(self) -> Severity {
        match self {
            Self::LedgerDifference
            | Self::RedBalance
            | Self::NegativeOffBalance
            | Self::FrozenWithDebit => Severity::High,
            Self::NotZeroAtClose | Self::DormantMovement | Self::OverdueItem => Severity::Medium,
            Self::Backdated => Severity::Low,
        }
    }

    /// Name, and what to do about it.
    pub fn labels(self) -> [Label; 2] {
        labels::anomaly(self)
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anomaly {
    pub kind: AnomalyKind,
    pub institution: InstitutionId,
    pub unit: UnitId,
    /// Account number, subject code or entry number.
    pub object: Text,
    pub name: Label,
    /// Always positive, on the side that the detail tells.
    pub amount: i128,
    pub detail: Label,
}

/// An entry whose value date (起息日) lies before its business date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackdatedRow {
    pub entry: EntryNo,
    pub institution: InstitutionId,
    pub unit: UnitId,
    pub business_date: Day,
    pub value_date: Day,
    pub amount: i64,
    pub summary: Text,
}

/// What the findings are made from; any part may be empty.
#[derive(Clone, Copy, Debug)]
pub struct AnomalySources<'a> {
    pub accounts: &'a [AccountRow],
    pub items: &'a [OpenItemRow],
    pub ledger: &'a [GlRow],
    /// None: the sums are not at hand and `ledger` is compared with nothing.
    pub subledger: Option<&'a [SubledgerRow]>,
    pub backdated: &'a [BackdatedRow],
    /// Days that a value date may lie back without being listed.
    pub backdate_limit_days: i32,
}

/// The findings of a day, the gravest first.
pub fn find_anomalies(scope: &Scope, day: Day, from: &AnomalySources) -> Vec<Anomaly> {
    let mut found = Vec::new();
    for account in from.accounts.iter().filter(|one| scope.covers(one.institution)) {
        judge_account(scope, account, &mut found);
    }
    found.extend(overdue(scope, day, from.items));
    if let Some(accounts) = from.subledger {
        found.extend(differences(scope, from.ledger, accounts));
    }
    found.extend(backdated(scope, from.backdated, from.backdate_limit_days));
    sort(&mut found);
    found
}

pub fn anomaly_list(scope: &Scope, day: Day, anomalies: &[Anomaly]) -> Table {
    let columns = vec![
        Column::new("severity", labels::SEVERITY, Kind::Text),
        Column::new("kind", labels::ANOMALY, Kind::Text),
        Column::new("institution", labels::INSTITUTION, Kind::Code),
        unit_column(),
        Column::new("object", labels::OBJECT, Kind::Code),
        Column::new("name", labels::NAME, Kind::Text),
        Column::new("amount", labels::AMOUNT, money(scope)),
        Column::new("detail", labels::DETAIL, Kind::Text),
        Column::new("what_to_do", labels::WHAT_TO_DO, Kind::Text),
    ];
    let mut table = start(scope, labels::ANOMALY_LIST, Period::day(day), columns);
    let mut sorted: Vec<Anomaly> =
        anomalies.iter().filter(|one| scope.covers(one.institution)).cloned().collect();
    sort(&mut sorted);
    let mut counts = [0_usize; 3];
    for anomaly in &sorted {
        let severity = anomaly.kind.severity();
        counts[severity as usize] += 1;
        let unit = scope.chart.unit(anomaly.unit);
        let [kind, what_to_do] = anomaly.kind.labels();
        let style = if severity == Severity::High { Style::Warning } else { Style::Normal };
        table.push(
            style,
            vec![
                Cell::Label(labels::severity(severity)),
                Cell::Label(kind),
                Cell::Text(scope.code(anomaly.institution)),
                unit_cell(unit),
                Cell::Text(anomaly.object.clone()),
                Cell::Label(anomaly.name.clone()),
                Cell::amount(anomaly.amount, unit.digits),
                Cell::Label(anomaly.detail.clone()),
                Cell::Label(what_to_do),
            ],
        );
    }
    let counts = counts.map(|count| Label::same(count.to_string()));
    table.notes.push(labels::ANOMALY_COUNTS.fill(&counts));
    finish(table, scope, &sorted.iter().map(|one| one.unit).collect::<BTreeSet<_>>())
}

fn sort(anomalies: &mut [Anomaly]) {
    anomalies.sort_by(|left, right| {
        let key = |one: &Anomaly| (one.kind.severity(), one.kind, one.institution, one.unit);
        key(left).cmp(&key(right)).then_with(|| left.object.cmp(&right.object))
    });
}

fn judge_account(scope: &Scope, account: &AccountRow, found: &mut Vec<Anomaly>) {
    let kind = scope.chart.kind(account.kind);
    let subject = scope.chart.subject(kind.subject);
    let (balance, limit) = (i128::from(account.balance), i128::from(kind.overdraft_limit));
    let mut report = |kind: AnomalyKind, amount: i128, detail: Label| {
        found.push(Anomaly {
            kind,
            institution: account.institution,
            unit: account.unit,
            object: account.number.clone(),
            name: Label::same(account.name.to_string()),
            amount,
            detail,
        });
    };
    let is_red = match kind.control {
        Control::DebitOnly => balance < -limit,
        Control::CreditOnly => balance > limit,
        Control::Either => false,
    };
    let stands_on = labels::STANDS_ON.fill(&[super::side_label(balance)]);
    if is_off_balance(subject) {
        if balance < 0 {
            report(AnomalyKind::NegativeOffBalance, -balance, labels::BELOW_ZERO);
        }
    } else if is_red {
        report(AnomalyKind::RedBalance, balance.abs(), stands_on.clone());
    }
    if kind.zero_at_close && balance != 0 {
        report(AnomalyKind::NotZeroAtClose, balance.abs(), stands_on);
    }
    // What lowers the account: a debit from a deposit, a credit to a receivable.
    let out = if subject.side == Side::Debit { account.day_credit } else { account.day_debit };
    if matches!(account.status, Status::Frozen | Status::ReceiveOnly) && out != 0 {
        let status = Label::of(account.status.zh(), account.status.en());
        let detail = labels::PAID_WHILE.fill(&[status]);
        report(AnomalyKind::FrozenWithDebit, i128::from(out).abs(), detail);
    }
    let moved = i128::from(account.day_debit).abs() + i128::from(account.day_credit).abs();
    if account.status == Status::Dormant && moved != 0 {
        report(AnomalyKind::DormantMovement, moved, labels::MOVED_WHILE_DORMANT);
    }
}

fn overdue(scope: &Scope, day: Day, items: &[OpenItemRow]) -> impl Iterator<Item = Anomaly> {
    let covered = items.iter().filter(|item| scope.covers(item.institution));
    covered.filter(move |item| overdue_days(scope, item, day) > 0).map(move |item| {
        let values = [
            format!("{}-{}", item.id.entry.0, item.id.line),
            item.opened.to_string(),
            overdue_days(scope, item, day).to_string(),
        ];
        Anomaly {
            kind: AnomalyKind::OverdueItem,
            institution: item.institution,
            unit: item.unit,
            object: item.account.clone(),
            name: Label::same(item.account_name.to_string()),
            amount: i128::from(item.remainder).abs(),
            detail: labels::OVERDUE_BY.fill(&values.map(Label::same)),
        }
    })
}

fn differences(scope: &Scope, ledger: &[GlRow], accounts: &[SubledgerRow]) -> Vec<Anomaly> {
    let pairs = pairs(scope, ledger, accounts).into_iter();
    let differing = pairs.filter(|(_, pair)| pair.ledger != pair.accounts);
    differing
        .map(|(key, pair)| {
            let subject = scope.chart.subject(key.subject);
            let digits = scope.chart.unit(key.unit).digits;
            let side = super::side_label;
            let amount = |minor: i128| Label::same(ledger::money::display(minor.abs(), digits));
            Anomaly {
                kind: AnomalyKind::LedgerDifference,
                institution: key.institution,
                unit: key.unit,
                object: subject.code.clone(),
                name: Label::from(&subject.title),
                amount: (pair.ledger - pair.accounts).abs(),
                detail: labels::LEDGER_AGAINST_ACCOUNTS.fill(&[
                    side(pair.ledger),
                    amount(pair.ledger),
                    side(pair.accounts),
                    amount(pair.accounts),
                ]),
            }
        })
        .collect()
}

fn backdated(
    scope: &Scope,
    rows: &[BackdatedRow],
    limit_days: i32,
) -> impl Iterator<Item = Anomaly> {
    let days = |row: &BackdatedRow| row.business_date.since(row.value_date);
    let covered = rows.iter().filter(|row| scope.covers(row.institution));
    covered.filter(move |row| days(row) > limit_days).map(move |row| {
        let values = [
            row.business_date.to_string(),
            row.value_date.to_string(),
            days(row).to_string(),
            limit_days.to_string(),
        ];
        Anomaly {
            kind: AnomalyKind::Backdated,
            institution: row.institution,
            unit: row.unit,
            object: row.entry.0.to_string().into(),
            name: Label::same(row.summary.to_string()),
            amount: i128::from(row.amount),
            detail: labels::DATED_BACK.fill(&values.map(Label::same)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text;
    use crate::report::{sample, subledger};
    use crate::table::Lang;
    use ledger::chart::Chart;

    fn accounts(chart: &Chart) -> Vec<AccountRow> {
        let mut rows = sample::accounts(chart);
        rows[0].status = Status::Frozen;
        rows[0].day_debit = 20_000;
        rows[1].day_credit = 5;
        rows.push(sample::account(chart, "0100-CNY-2241-001", "过渡户", "transit", -300));
        rows.push(sample::account(chart, "0100-CNY-7001-001", "空白凭证", "blank_forms", -100));
        rows
    }

    #[test]
    fn each_kind_is_found_and_explained() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let day = Day::new(2026, 3, 31);
        let accounts = accounts(&chart);
        let sums = subledger(&chart, &accounts);
        let ledger = [sample::row(&chart, 1, "CNY", "2231", (0, 0, 77, -77))];
        let items = [
            sample::item(&chart, day.plus(-30), 10_000),
            sample::item(&chart, day.plus(-45), 10_000),
        ];
        let back = |days: i32| BackdatedRow {
            entry: EntryNo(90),
            institution: InstitutionId(2),
            unit: chart.base_unit,
            business_date: day,
            value_date: day.plus(-days),
            amount: 1_000_000,
            summary: "补记利息".into(),
        };
        let backdated = [back(5), back(6)];
        let from = AnomalySources {
            accounts: &accounts,
            items: &items,
            ledger: &ledger,
            subledger: Some(&sums[..1]),
            backdated: &backdated,
            backdate_limit_days: 5,
        };
        let found = find_anomalies(&scope, day, &from);
        let kinds: BTreeSet<AnomalyKind> = found.iter().map(|one| one.kind).collect();
        assert_eq!(kinds, BTreeSet::from(AnomalyKind::ALL));
        let table = anomaly_list(&scope, day, &found);
        insta::assert_snapshot!("zh", text::render(&table, Lang::Zh, 160));
        insta::assert_snapshot!("en", text::render(&table, Lang::En, 160));
    }

    #[test]
    fn an_overdraft_that_was_granted_is_no_anomaly() {
        let (mut chart, institutions) = (sample::chart(), sample::institutions());
        chart.kinds[0].overdraft_limit = 1_000;
        let scope = sample::scope(&chart, &institutions);
        let found = |balance: i64| {
            let account = sample::account(&chart, "1", "n", "corporate", balance);
            let mut found = Vec::new();
            judge_account(&scope, &account, &mut found);
            found.len()
        };
        assert_eq!((found(1_000), found(1_001)), (0, 1));
    }
}
