//! Registers and lists of the office (登记簿与库存表).

use super::file::{self, Asked as Sent};
use super::sheet::SheetView;
use super::{day, institution, said};
use crate::reports::office::{self, Asked, Chosen, OfficeReport};
use crate::serve::app::App;
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
use bank::office::clock;
use bank::office::record::Record;
use history::table::Table;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// A list that can be asked for.
#[derive(Serialize, ToSchema)]
pub struct OfficeReportView {
    /// By which it is asked for
    pub name: String,
    pub zh: String,
    pub en: String,
    /// The function that its reader needs
    pub function: &'static str,
    pub takes: &'static [&'static str],
}

fn takes(chosen: &Chosen) -> &'static [&'static str] {
    match chosen {
        Chosen::Fixed(OfficeReport::Register) => &["code", "institution", "from", "until"],
        Chosen::Fixed(_) => &["institution"],
        Chosen::Declared(_) => &["institution", "from", "until"],
    }
}

/// 登记簿一览 / The lists of the office, with those that the rulebook declares
#[utoipa::path(
    get, path = "/office-reports", tag = "reports",
    responses((status = 200, body = Vec<OfficeReportView>), Problems),
    extensions(("x-function" = json!("anyone")))
)]
pub async fn list(
    State(app): State<App>,
    _caller: Caller,
) -> Result<Json<Vec<OfficeReportView>>, Problem> {
    let look = |state: &bank::State| {
        let views = office::names(state).into_iter().filter_map(|(name, title)| {
            let chosen = Chosen::by_name(state, &name).ok()?;
            Some(OfficeReportView {
                name,
                zh: title.zh.to_string(),
                en: title.en.to_string(),
                function: chosen.function().code(),
                takes: takes(&chosen),
            })
        });
        views.collect()
    };
    Ok(Json(app.node.look(look).await?))
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
            (SheetView = "application/json"),
            (String = "text/plain"), (String = "text/csv"), (Vec<u8> = "application/pdf"),
        )),
        Problems
    ),
    extensions(("x-function" = json!("named")))
)]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Named(name): Named<String>,
    Query(query): Query<OfficeQuery>,
) -> Result<Response, Problem> {
    let format = file::format(&query.format)?;
    let wanted = name.clone();
    let chosen = app.node.look(move |state| Chosen::by_name(state, &wanted)).await??;
    let asked = Asked {
        code: said(&query.code),
        institution: said(&query.institution),
        from: day(&query.from, "from")?,
        until: day(&query.until, "until")?,
        now: app.now(),
    };
    let sent = [
        ("code", asked.code.is_some()),
        ("from", asked.from.is_some()),
        ("until", asked.until.is_some()),
    ];
    let takes = takes(&chosen);
    if let Some((field, _)) = sent.iter().find(|(field, given)| *given && !takes.contains(field)) {
        return Err(refusal::not_asked_with(&name, field, &takes.join(", ")).into());
    }
    if takes.contains(&"code") && asked.code.is_none() {
        return Err(ledger::refusal::missing("code").into());
    }
    let about = match &chosen {
        Chosen::Declared(report) => report.code.clone(),
        Chosen::Fixed(_) => name,
    };
    let of = [&query.code, &query.institution, &query.from, &query.until];
    let of = of.into_iter().filter(|part| !part.is_empty()).cloned().collect();
    let sent = async {
        let seat = app.desk.place().await?;
        let (table, printed) = made(&app, &caller, chosen, asked, &seat.1).await?;
        file::send(&app, &caller, table, Sent { format, about, of, printed }, seat).await
    };
    app.desk.in_time(sent).await
}

async fn made(
    app: &App,
    caller: &Caller,
    chosen: Chosen,
    asked: Asked,
    place: &Place,
) -> Result<(Table, String), Problem> {
    let (list, code) = (chosen.clone(), asked.code.clone());
    let look = app.look_as(caller, chosen.function(), move |state, _| {
        let report = list.of_matters(state, code.as_deref()).map_err(|no| no.at("code"))?;
        Ok(report.map(|report| {
            let of = |record: &&Record| {
                report.of.as_ref().is_none_or(|codes| codes.contains(&record.code))
            };
            let open = state.office.records.open.values().filter(of).cloned();
            (Arc::clone(&report), open.collect::<Vec<_>>())
        }))
    });
    let mut asked = asked;
    let mut records: Vec<Record> = Vec::new();
    if let Some((report, open)) = look.await? {
        // Those under way are looked at first: one that ends meanwhile is among the ended too.
        let (home, stop) = (app.node.home.clone(), place.stop.clone());
        let read = move || {
            let ended = office::ended(&home, &report, &asked, &stop);
            (ended, asked)
        };
        let (ended, same) = unblocked(read).await?;
        asked = same;
        records = ended?;
        let ids: BTreeSet<u64> = records.iter().map(|record| record.id).collect();
        records.extend(open.into_iter().filter(|record| !ids.contains(&record.id)));
    }
    let operator = caller.operator.clone();
    let look = app.look_as(caller, chosen.function(), move |state, scope| {
        let within = institution(&state.book, scope, asked.institution.as_deref())?;
        let printed = format!("{operator} {}", clock::shown(&state.book, asked.now));
        let asked = Asked { institution: within, ..asked };
        Ok((office::filled(state, &chosen, &asked, &records)?, printed))
    });
    look.await
}
