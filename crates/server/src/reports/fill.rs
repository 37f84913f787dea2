//! Each report filled with what it is made from.

use crate::cli::Scope as Asked;
use crate::reports::{Report, Source};
use anyhow::anyhow;
use history::report::account_ledger::{AccountLedger, Products, account_ledger};
use history::report::anomaly_list::{AnomalySources, anomaly_list, find_anomalies};
use history::report::balance_list::balance_list;
use history::report::balance_sheet::balance_sheet;
use history::report::business_status::business_status;
use history::report::correction_register::correction_register;
use history::report::daily_statement::daily_statement;
use history::report::daily_subject_summary::{Which, daily_subject_summary};
use history::report::general_ledger::{GeneralLedger, general_ledger};
use history::report::gl_subledger_check::gl_subledger_check;
use history::report::income_statement::income_statement;
use history::report::off_balance_list::{OffBalanceRow, off_balance_list};
use history::report::subject_balances::subject_balances;
use history::report::suspense_ageing::{suspense_ageing, suspense_items};
use history::report::trial_balance::trial_balance;
use history::report::{AccountRow, Level, Period, Scope, Shown, subledger};
use history::table::Table;
use ledger::book::Book;
use ledger::chart::Layout;
use ledger::entry::{SubjectId, UnitId};
use ledger::{Day, Refusal, refusal as no};

/// The codes of the layouts that the two statements are printed by.
const BALANCE_SHEET: &str = "balance_sheet";
const INCOME_STATEMENT: &str = "income_statement";

/// Fills a report.
pub fn table(source: &mut Source, report: Report, asked: &Asked) -> anyhow::Result<Table> {
    match report {
        Report::SuspenseAgeing | Report::SuspenseItems => suspense(source, report, asked),
        Report::CorrectionRegister => {
            let rows = source.corrections()?;
            let period = source.period(asked, year_begin)?;
            Ok(correction_register(&source.scope(asked)?, period, &rows))
        }
        Report::AnomalyList => anomalies(source, asked),
        Report::AccountLedger => {
            let period = source.period(asked, month_begin)?;
            let number = asked.account.as_deref().ok_or_else(|| no::missing("--account"))?;
            account_pages(source, number, period, asked)
        }
        report => from_ledger(source, report, asked),
    }
}

/// The pages of one account.
fn account_pages(
    source: &Source,
    number: &str,
    period: Period,
    asked: &Asked,
) -> anyhow::Result<Table> {
    let found = source.book().accounts.by_number(number);
    let id = found.ok_or_else(|| no::unknown_account(number).at("--account"))?;
    let (statement, lines) = source.statement(id, period)?;
    let account = source.account(id, period.to);
    let of = AccountLedger {
        account: &account,
        opening: statement.opening,
        lines: &lines,
        products: Products::Hidden,
        page_lines: 0,
        first_page: 1,
    };
    Ok(account_ledger(&source.scope(asked)?, period, &of))
}

/// Reports made from the general ledger or from lists of accounts.
fn from_ledger(source: &Source, report: Report, asked: &Asked) -> anyhow::Result<Table> {
    let scope = source.scope(asked)?;
    let (day, unit) = (source.day(asked)?, source.unit(asked)?);
    let level = if asked.level == 1 { Level::First } else { Level::Second };
    let subject = match report {
        Report::SubjectBalances => None,
        _ => subject(source.book(), asked)?,
    };
    let over = |begin: fn(Day) -> Day| source.period(asked, begin);
    Ok(match report {
        Report::DailySubjectSummary => {
            let rows = source.subject_turnover(day, unit)?;
            daily_subject_summary(&scope, day, &rows, subject.map_or(Which::All, Which::One))
        }
        Report::DailyStatement => {
            daily_statement(&scope, day, &source.gl(Period::day(day), unit)?, level)
        }
        Report::GeneralLedger => ledger_of(source, &scope, over(month_begin)?, subject, unit)?,
        Report::BalanceList => {
            let accounts = accounts_within(source, day, unit, subject)?;
            balance_list(&scope, day, &accounts)
        }
        Report::BusinessStatus => {
            let period = over(month_begin)?;
            business_status(&scope, period, &source.gl(period, unit)?, level)
        }
        Report::TrialBalance => {
            let period = over(|day| day)?;
            trial_balance(&scope, period, &source.gl(period, unit)?, level)
        }
        Report::SubjectBalances => {
            let period = over(year_begin)?;
            let subjects = subjects(source.book(), asked)?;
            subject_balances(&scope, period, &source.gl(period, unit)?, level, subjects)
        }
        Report::BalanceSheet => {
            let period = over(year_begin)?;
            let layout = layout(source.book(), BALANCE_SHEET)?;
            balance_sheet(&scope, period, layout, &source.gl(period, unit)?)
        }
        Report::IncomeStatement => {
            let period = over(month_begin)?;
            let layout = layout(source.book(), INCOME_STATEMENT)?;
            income_statement(&scope, period, layout, &source.gl_before_transfer(period, unit)?)
        }
        Report::OffBalanceList => {
            let period = over(|day| day)?;
            let rows = source.gl(period, unit)?.into_iter();
            let rows: Vec<OffBalanceRow> =
                rows.map(|row| OffBalanceRow { row, quantity: None }).collect();
            off_balance_list(&scope, period, &rows)
        }
        Report::GlSubledgerCheck => {
            let sums = subledger(scope.chart, &accounts_within(source, day, unit, None)?);
            let rows = source.gl(Period::day(day), unit)?;
            gl_subledger_check(&scope, day, &rows, &sums, Shown::All)
        }
        other => return Err(anyhow!("{other:?} is not made from the ledger")),
    })
}

fn ledger_of(
    source: &Source,
    scope: &Scope<'_>,
    period: Period,
    subject: Option<SubjectId>,
    unit: Option<UnitId>,
) -> anyhow::Result<Table> {
    let subject = subject.ok_or_else(|| no::missing("--subject"))?;
    let unit = unit.unwrap_or(scope.chart.base_unit);
    let rows = source.gl(period, Some(unit))?;
    let own = rows.iter().filter(|row| {
        scope.covers(row.key.institution) && is_within(source.book(), row.key.subject, subject)
    });
    let opening = own.map(|row| row.opening).sum();
    let days = source.gl_days(period)?;
    Ok(general_ledger(scope, period, &GeneralLedger { subject, unit, opening, days: &days }))
}

fn suspense(source: &mut Source, report: Report, asked: &Asked) -> anyhow::Result<Table> {
    let (day, unit) = (source.day(asked)?, source.unit(asked)?);
    // What is cleared is forgotten: of earlier days nobody knows any more what was open.
    let today = source.book().today;
    if day != today {
        return Err(crate::refusal::only_today(&day.to_string(), &today.to_string()).into());
    }
    let mut items = source.items()?;
    items.retain(|item| unit.is_none_or(|unit| item.unit == unit));
    if let Some(account) = &asked.account {
        items.retain(|item| *item.account == **account);
    }
    let scope = source.scope(asked)?;
    Ok(match report {
        Report::SuspenseItems => suspense_items(&scope, day, &items),
        _ => suspense_ageing(&scope, day, &items),
    })
}

fn anomalies(source: &mut Source, asked: &Asked) -> anyhow::Result<Table> {
    let (day, unit) = (source.day(asked)?, source.unit(asked)?);
    let is_today = day == source.book().today;
    let items = if is_today { source.items()? } else { Vec::new() };
    let accounts = accounts_within(source, day, unit, None)?;
    let ledger = source.gl(Period::day(day), unit)?;
    let backdated = source.backdated(day)?;
    let scope = source.scope(asked)?;
    let sums = subledger(scope.chart, &accounts);
    let from = AnomalySources {
        accounts: &accounts,
        items: &items,
        ledger: &ledger,
        subledger: Some(&sums),
        backdated: &backdated,
        backdate_limit_days: 0,
    };
    Ok(anomaly_list(&scope, day, &find_anomalies(&scope, day, &from)))
}

fn accounts_within(
    source: &Source,
    day: Day,
    unit: Option<UnitId>,
    subject: Option<SubjectId>,
) -> anyhow::Result<Vec<AccountRow>> {
    let book = source.book();
    let mut accounts = source.accounts(day)?;
    accounts.retain(|account| {
        let own = book.chart.kind(account.kind).subject;
        unit.is_none_or(|unit| account.unit == unit)
            && subject.is_none_or(|subject| is_within(book, own, subject))
    });
    Ok(accounts)
}

fn subject(book: &Book, asked: &Asked) -> anyhow::Result<Option<SubjectId>> {
    Ok(asked.subject.as_deref().map(|code| subject_by(book, code)).transpose()?)
}

/// Several subjects, with commas between their codes.
fn subjects(book: &Book, asked: &Asked) -> anyhow::Result<Vec<SubjectId>> {
    let codes = asked.subject.iter().flat_map(|codes| codes.split([',', '，', '、']));
    Ok(codes.map(|code| subject_by(book, code.trim())).collect::<Result<_, Refusal>>()?)
}

fn subject_by(book: &Book, code: &str) -> Result<SubjectId, Refusal> {
    let found = book.chart.subject_by_code(code);
    found.ok_or_else(|| no::unknown_code("--subject", crate::messages::SUBJECT, code))
}

/// Whether a subject is another or lies below it.
pub fn is_within(book: &Book, subject: SubjectId, above: SubjectId) -> bool {
    let mut at = Some(subject);
    while let Some(subject) = at {
        if subject == above {
            return true;
        }
        at = book.chart.subject(subject).parent;
    }
    false
}

fn layout<'a>(book: &'a Book, code: &str) -> anyhow::Result<&'a Layout> {
    let found = book.chart.layouts.iter().find(|layout| layout.code == code);
    let what = crate::messages::LAYOUT;
    Ok(found.ok_or_else(|| no::unknown_code("layout", what, code))?)
}

fn month_begin(day: Day) -> Day {
    Day::new(day.year(), day.month(), 1)
}

fn year_begin(day: Day) -> Day {
    Day::new(day.year(), 1, 1)
}
