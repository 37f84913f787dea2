//! Reports of the books (账簿与报表).

use super::file::{self, Asked as Sent};
use super::sheet::SheetView;
use super::{day, institution, said};
use crate::cli::Scope as Asked;
use crate::reports::{Report, Source, excerpt, table};
use crate::serve::app::{self, App};
use crate::serve::desk::Place;
use crate::serve::extract::{Asked as Query, Named};
use crate::serve::node::unblocked;
use crate::serve::problem::Problem;
use crate::serve::refusal;
use crate::serve::routes::Problems;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use bank::office::access::Function;
use bank::office::clock;
use history::table::Table;
use ledger::Refusal;
use ledger::book::Book;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Levels of subjects that reports show.
const LEVELS: [u8; 2] = [1, 2];

/// A report that can be asked for.
#[derive(Serialize, ToSchema)]
pub struct ReportView {
    /// As the address names it; the Chinese name does too
    pub name: &'static str,
    pub zh: &'static str,
    pub en: String,
    pub aliases: &'static [&'static str],
    /// What it can be asked for with, beside `format`
    pub takes: &'static [&'static str],
    /// What it cannot be made without
    pub needs: &'static [&'static str],
}

/// 报表一览 / The reports of the books
#[utoipa::path(
    get, path = "/reports", tag = "reports",
    responses((status = 200, body = Vec<ReportView>), Problems),
    extensions(("x-function" = json!("books.read")))
)]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<ReportView>>, Problem> {
    app.look_as(&caller, Function::BooksRead, app::anywhere).await?;
    let view = |report: Report| {
        let (name, zh, aliases) = report.names();
        let mut en = name.replace('-', " ");
        en[..1].make_ascii_uppercase();
        ReportView { name, zh, en, aliases, takes: report.takes(), needs: report.needs() }
    };
    Ok(Json(Report::ALL.map(view).into()))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
#[derive(Default)]
pub struct ReportQuery {
    /// The bank's day unless given; not with `from` or `to`
    pub day: String,
    pub from: String,
    pub to: String,
    /// Code of an institution, with those below it; left out: all that the caller may see
    pub institution: String,
    pub account: String,
    pub subject: String,
    pub unit: String,
    /// Level of subjects: 1 or 2
    pub level: Option<u8>,
    /// `json` (default), `xlsx`, `csv`, `pdf` or `text`
    pub format: String,
}

impl ReportQuery {
    fn asked(&self, report: Report) -> Result<Asked, Refusal> {
        let (name, ..) = report.names();
        let level = self.level.unwrap_or(LEVELS[0]);
        let given = [
            ("day", !self.day.is_empty()),
            ("from", !self.from.is_empty()),
            ("to", !self.to.is_empty()),
            ("institution", !self.institution.is_empty()),
            ("account", !self.account.is_empty()),
            ("subject", !self.subject.is_empty()),
            ("unit", !self.unit.is_empty()),
            ("level", self.level.is_some()),
        ];
        // A report over days is asked for one of them too.
        let takes = report.takes();
        let fits = |field| takes.contains(&field) || (field == "day" && takes.contains(&"from"));
        let odd = given.into_iter().find(|(field, given)| *given && !fits(*field));
        if let Some((field, _)) = odd {
            return Err(refusal::not_asked_with(name, field, &takes.join(", ")));
        }
        let over_days = !self.from.is_empty() || !self.to.is_empty();
        if over_days && !self.day.is_empty() {
            return Err(refusal::not_asked_with(name, "day", "from, to"));
        }
        if !LEVELS.contains(&level) {
            return Err(crate::refusal::value_wrong("level", &level.to_string()));
        }
        Ok(Asked {
            date: day(&self.day, "day")?,
            from: day(&self.from, "from")?,
            to: day(&self.to, "to")?,
            institution: said(&self.institution),
            unit: said(&self.unit),
            subject: said(&self.subject),
            account: said(&self.account),
            level,
        })
    }
}

/// 报表 / One report, made of the books of now
#[utoipa::path(
    get, path = "/reports/{name}", tag = "reports",
    params(("name" = String, Path,), ReportQuery),
    responses(
        (status = 200, description = "the table, in the format asked for", content(
            (SheetView = "application/json"),
            (String = "text/plain"), (String = "text/csv"), (Vec<u8> = "application/pdf"),
        )),
        Problems
    ),
    extensions(("x-function" = json!("books.read")))
)]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Named(name): Named<String>,
    Query(query): Query<ReportQuery>,
) -> Result<Response, Problem> {
    let report = Report::by_name(&name)?;
    let (asked, format) = (query.asked(report)?, file::format(&query.format)?);
    app.desk.in_time(send(&app, &caller, Function::BooksRead, report, asked, format)).await
}

/// Makes a report with a function that the caller must have, and sends it.
pub async fn send(
    app: &App,
    caller: &Caller,
    function: Function,
    report: Report,
    asked: Asked,
    format: history::render::Format,
) -> Result<Response, Problem> {
    let (name, ..) = report.names();
    let (waiting, place) = app.desk.place().await?;
    let (book, asked, printed) = looked(app, caller, function, report, asked).await?;
    let (home, said) = (app.node.home.clone(), printed.clone());
    let work = move || -> anyhow::Result<(Table, Asked, Place)> {
        let mut source = Source::beside(home, book, said, place.stop.clone())?;
        let table = table(&mut source, report, &asked)?;
        Ok((table, asked, place))
    };
    let (table, asked, place) = unblocked(work).await?.map_err(asked_over_http)?;
    let whose = asked.account.clone().or(asked.institution.clone());
    let days = [asked.date, asked.from, asked.to].into_iter().flatten();
    let of = whose.into_iter().chain(days.map(|day| day.to_string())).collect();
    let sent = Sent { format, about: name.to_owned(), of, printed };
    file::send(app, caller, table, sent, (waiting, place)).await
}

/// What a report is made from, what was asked for in full, and by whom and when.
async fn looked(
    app: &App,
    caller: &Caller,
    function: Function,
    report: Report,
    mut asked: Asked,
) -> Result<(Book, Asked, String), Problem> {
    let (operator, now) = (caller.operator.clone(), app.now());
    let look = app.look_as(caller, function, move |state, scope| {
        let book = &state.book;
        match (&asked.account, report) {
            (Some(number), Report::AccountLedger) => {
                app::account(state, scope, number).map_err(|no| no.at("account"))?;
            }
            _ => asked.institution = institution(book, scope, asked.institution.as_deref())?,
        }
        if asked.date.is_none() && asked.to.is_none() {
            asked.to = Some(book.today);
        }
        let printed = format!("{operator} {}", clock::shown(book, now));
        Ok((excerpt(book, true), asked, printed))
    });
    look.await
}

/// A refusal names what the interface calls what the command line has as a flag.
fn asked_over_http(error: anyhow::Error) -> Problem {
    let mut problem = Problem::from(error);
    if let Some(flag) = problem.refusal.field.strip_prefix("--") {
        problem.refusal.field = if flag == "date" { "day".to_owned() } else { flag.to_owned() };
    }
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_asked_for_with_what_it_takes() {
        let of = |query: ReportQuery, report: Report| {
            query.asked(report).map_err(|no| (no.code, no.field))
        };
        let day = || "2026-01-05".to_owned();
        let asked = of(ReportQuery { day: day(), ..ReportQuery::default() }, Report::BalanceList);
        assert_eq!(asked.unwrap().date.map(|day| day.to_string()), Some(day()));
        for (query, report, code, field) in [
            (
                ReportQuery { account: "1".into(), ..ReportQuery::default() },
                Report::TrialBalance,
                "NotAskedWith",
                "account",
            ),
            (
                ReportQuery { day: day(), from: day(), ..ReportQuery::default() },
                Report::TrialBalance,
                "NotAskedWith",
                "day",
            ),
            (
                ReportQuery { day: "5 May".into(), ..ReportQuery::default() },
                Report::BalanceList,
                "ValueWrong",
                "day",
            ),
            (
                ReportQuery { level: Some(3), ..ReportQuery::default() },
                Report::DailyStatement,
                "ValueWrong",
                "level",
            ),
        ] {
            assert_eq!(of(query, report).unwrap_err(), (code, field.to_owned()));
        }
    }
}
