//! Registers and lists of the office (登记簿与库存表).

use super::file::{self, Asked as Sent};
use super::{day, institution, said};
use crate::home;
use crate::reports::office::{self, Asked, OfficeReport};
use crate::serve::app::App;
use crate::serve::desk::Place;
use crate::serve::extract::{Asked as Query, Named};
use crate::serve::node::unblocked;
use crate::serve::problem::Problem;
use crate::serve::routes::Problems;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use bank::office::clock;
use bank::office::record::Record;
use history::table::Table;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A list that can be asked for.
#[derive(Serialize, ToSchema)]
pub struct OfficeReportView {
    pub name: &'static str,
    pub zh: String,
    pub en: String,
    /// The function that its reader needs
    pub function: &'static str,
    pub takes: &'static [&'static str],
}

fn takes(report: OfficeReport) -> &'static [&'static str] {
    match report {
        OfficeReport::Register => &["code", "institution", "from", "until"],
        _ => &["institution"],
    }
}

/// 登记簿一览 / The lists of the office
#[utoipa::path(
    get, path = "/office-reports", tag = "reports",
    responses((status = 200, body = Vec<OfficeReportView>), Problems)
)]
pub async fn list(_caller: Caller) -> Json<Vec<OfficeReportView>> {
    let view = |(report, name, title): &(OfficeReport, &'static str, history::table::Label)| {
        OfficeReportView {
            name,
            zh: title.zh.to_string(),
            en: title.en.to_string(),
            function: report.function().code(),
            takes: takes(*report),
        }
    };
    Json(OfficeReport::ALL.iter().map(view).collect())
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct OfficeQuery {
    /// Code of the matter of a register
    pub code: String,
    /// Code of an institution, with those below it; left out: all that the caller may see
    pub institution: String,
    /// Matters of a register that were opened from this day
    pub from: String,
    /// … to this day
    pub until: String,
    /// `json` (default), `xlsx`, `csv`, `pdf` or `text`
    pub format: String,
}

/// 登记簿与库存表 / A list of the office, as things stand
#[utoipa::path(
    get, path = "/office-reports/{name}", tag = "reports",
    params(("name" = String, Path,), OfficeQuery),
    responses(
        (status = 200, description = "the table, in the format asked for", content(
            (serde_json::Value = "application/json"),
            (String = "text/plain"), (String = "text/csv"), (Vec<u8> = "application/pdf"),
        )),
        Problems
    )
)]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Named(name): Named<String>,
    Query(query): Query<OfficeQuery>,
) -> Result<Response, Problem> {
    let report = OfficeReport::by_name(&name)?;
    let format = file::format(&query.format)?;
    let asked = Asked {
        code: said(&query.code),
        institution: said(&query.institution),
        from: day(&query.from, "from")?,
        until: day(&query.until, "until")?,
        now: home::now(),
    };
    if report == OfficeReport::Register && asked.code.is_none() {
        return Err(ledger::refusal::missing("code").into());
    }
    let about = OfficeReport::ALL.iter().find(|(known, ..)| *known == report);
    let about = about.map_or(name.clone(), |(_, name, _)| (*name).to_owned());
    let of = [&query.code, &query.institution, &query.from, &query.until];
    let of = of.into_iter().filter(|part| !part.is_empty()).cloned().collect();
    let sent = async {
        let seat = app.desk.place().await?;
        let (table, printed) = made(&app, &caller, report, asked, &seat.1).await?;
        file::send(&app, &caller, table, Sent { format, about, of, printed }, seat).await
    };
    app.desk.in_time(sent).await
}

async fn made(
    app: &App,
    caller: &Caller,
    report: OfficeReport,
    asked: Asked,
    place: &Place,
) -> Result<(Table, String), Problem> {
    let code = asked.code.clone().filter(|_| report == OfficeReport::Register);
    let mut records: Vec<Record> = Vec::new();
    if let Some(code) = code {
        let wanted = code.clone();
        let open = app.look_as(caller, report.function(), move |state, _| {
            office::open(state, &wanted).map_err(|no| no.at("code"))
        });
        // Those under way are looked at first: one that ends meanwhile is among the ended too.
        let open = open.await?;
        let (home, stop) = (app.node.home.clone(), place.stop.clone());
        records = unblocked(move || office::ended(&home, &code, &stop)).await??;
        records.extend(open);
    }
    let operator = caller.operator.clone();
    let look = app.look_as(caller, report.function(), move |state, scope| {
        let within = institution(&state.book, scope, asked.institution.as_deref())?;
        let printed = format!("{operator} {}", clock::shown(&state.book, asked.now));
        let asked = Asked { institution: within, ..asked };
        Ok((office::filled(state, report, &asked, records)?, printed))
    });
    look.await
}
