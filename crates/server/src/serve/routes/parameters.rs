//! Parameters (参数): numbers with the day from which each value holds, and where it comes from.

use super::Problems;
use crate::serve::app::App;
use crate::serve::extract::{Asked, Named};
use crate::serve::problem::Problem;
use crate::serve::refusal;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use bank::State as Bank;
use bank::office::access::Function;
use bank::office::numbers::NumberSet;
use bank::rulebook::NumberInfo;
use ledger::number::Value;
use serde::{Deserialize, Serialize};
use std::ops::Bound;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const PAGE: usize = 100;
const PAGE_MAX: usize = 1_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

/// A parameter as lists show it.
#[derive(Serialize, ToSchema)]
pub struct ParameterHead {
    pub code: String,
    pub zh: String,
    pub en: String,
    /// What it is measured in: `rate`, `share`, `yuan`, `day`, …
    pub unit: &'static str,
    /// Today's value as people write it; none: it holds only from a later day
    pub value: Option<String>,
    /// From which day today's value holds
    pub from: Option<String>,
    /// Where today's value comes from
    pub source: Option<String>,
    /// File of the rulebook that has it
    pub file: String,
    /// The books carry it without a date, so that no matter can change it
    pub fixed: bool,
    /// Whether other values are to follow
    pub changes: bool,
}

#[derive(Serialize, ToSchema)]
pub struct ParameterView {
    #[serde(flatten)]
    pub head: ParameterHead,
    /// Values that held or hold, oldest first
    pub history: Vec<ValueView>,
    /// Values that are to follow
    pub pending: Vec<ValueView>,
    /// What matters have changed, in the order of the journal
    pub set: Vec<ValueView>,
}

#[derive(Serialize, ToSchema)]
pub struct ValueView {
    pub from: String,
    pub value: String,
    pub source: String,
}

#[derive(Serialize, ToSchema)]
pub struct ParameterPage {
    pub parameters: Vec<ParameterHead>,
    /// Ask with it for the next page
    pub cursor: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ParameterQuery {
    /// A part of the code or of a name
    #[serde(default)]
    pub q: String,
    /// Where the page before ended
    #[serde(default)]
    pub cursor: String,
    #[serde(default)]
    pub limit: Option<usize>,
}

fn values<'a>(state: &'a Bank, code: &str) -> &'a [Value] {
    state.book.chart.numbers.by_code.get(code).map_or(&[], Vec::as_slice)
}

fn head(state: &Bank, code: &str, info: &NumberInfo) -> ParameterHead {
    let (today, values) = (state.book.today, values(state, code));
    let begun = values.partition_point(|value| value.from <= today);
    let now = begun.checked_sub(1).map(|at| &values[at]);
    ParameterHead {
        code: code.to_owned(),
        zh: info.title.zh.clone(),
        en: info.title.en.clone(),
        unit: info.measure.code(),
        value: now.map(|value| info.measure.shown(value.is)),
        from: now.map(|value| value.from.to_string()),
        source: now.map(|value| value.source.clone()),
        file: info.file.clone(),
        fixed: info.fixed,
        changes: begun < values.len(),
    }
}

/// 参数一览 / Parameters with today's values; they are changed by matters (参数变更) alone
#[utoipa::path(
    get, path = "/parameters", tag = "parameters", params(ParameterQuery),
    responses((status = 200, body = ParameterPage), Problems),
    extensions(("x-function" = json!("parameters.read")))
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<ParameterQuery>,
) -> Result<Json<ParameterPage>, Problem> {
    let limit = asked.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let look = app.look_as(&caller, Function::ParametersRead, move |state, _| {
        let q = asked.q.to_lowercase();
        let fits = |(code, info): &(&String, &NumberInfo)| {
            code.contains(&q)
                || info.title.zh.contains(&q)
                || info.title.en.to_lowercase().contains(&q)
        };
        let behind = (Bound::Excluded(asked.cursor.as_str()), Bound::Unbounded);
        let mut found = state.rulebook.numbers.range::<str, _>(behind).filter(fits);
        let shown = found.by_ref().take(limit).map(|(code, info)| head(state, code, info));
        let parameters: Vec<ParameterHead> = shown.collect();
        let more = parameters.len() == limit && found.next().is_some();
        let cursor = parameters.last().filter(|_| more).map(|last| last.code.clone());
        Ok(ParameterPage { parameters, cursor })
    });
    Ok(Json(look.await?))
}

/// 查询参数 / One parameter: what it was, is and will be; it is changed by matters (参数变更) alone
#[utoipa::path(
    get, path = "/parameters/{code}", tag = "parameters", params(("code" = String, Path,)),
    responses((status = 200, body = ParameterView), Problems),
    extensions(("x-function" = json!("parameters.read")))
)]
async fn show(
    State(app): State<App>,
    caller: Caller,
    Named(code): Named<String>,
) -> Result<Json<ParameterView>, Problem> {
    let look = app.look_as(&caller, Function::ParametersRead, move |state, _| {
        let info = state.rulebook.numbers.get(&code);
        let info = info.ok_or_else(|| refusal::not_found("parameter"))?;
        let view = |value: &Value| ValueView {
            from: value.from.to_string(),
            value: info.measure.shown(value.is),
            source: value.source.clone(),
        };
        let values = values(state, &code);
        let begun = values.partition_point(|value| value.from <= state.book.today);
        let (history, pending) = values.split_at(begun);
        let set = state.office.numbers.iter().filter(|set| set.code == code);
        let set = set.map(|NumberSet { from, is, source, .. }| ValueView {
            from: from.to_string(),
            value: info.measure.shown(*is),
            source: source.clone(),
        });
        Ok(ParameterView {
            head: head(state, &code, info),
            history: history.iter().map(view).collect(),
            pending: pending.iter().map(view).collect(),
            set: set.collect(),
        })
    });
    Ok(Json(look.await?))
}
