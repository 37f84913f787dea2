//! What a thing has gone through (实物流转): each step of a matter that moved, voided or described it,
//! newest first. The full-text index names the matters; what they did stands in their records.

use super::covers;
use crate::serve::app::App;
use crate::serve::extract::{self, Asked, Named, on_a_page};
use crate::serve::library::before_number;
use crate::serve::node::unblocked;
use crate::serve::problem::Problem;
use crate::serve::refusal;
use crate::serve::routes::Problems;
use crate::serve::routes::matters::TitleView;
use crate::serve::routes::matters::record::{MatterHead, at_title, head, kind_of, may_see};
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use bank::State as Bank;
use bank::office::access::{Function, Scope};
use bank::office::event::Going;
use bank::office::record::{Moved, Record};
use custody::{Move, Range, Serial};
use ledger::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// Ended matters that are read from the store at once.
const READ_AT_ONCE: usize = 200;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// Where the page before ended
    #[serde(default)]
    pub cursor: String,
    #[serde(default)]
    pub limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub struct HistoryPage {
    /// Newest first
    pub movements: Vec<MovementView>,
    /// Ask with it for the next page
    pub cursor: Option<String>,
    /// Whether the index has all that there was a moment ago
    pub complete: bool,
}

/// What one step did with the thing
#[derive(Serialize, ToSchema)]
pub struct MovementView {
    pub at: i64,
    pub day: String,
    /// None: the matter is not the caller's to see
    pub matter: Option<MatterHead>,
    pub step: TitleView,
    /// Whose hands did it
    pub by: Vec<String>,
    pub moves: Vec<ThingMoveView>,
}

#[derive(Serialize, ToSchema)]
pub struct ThingMoveView {
    /// `moved`, `voided` or `marked`
    pub what: &'static str,
    /// The numbers that went together: `cheque:AB00000001-AB00000025`
    pub range: String,
    pub from: Option<String>,
    pub to: Option<String>,
    /// What was marked on it; empty: taken away
    pub attributes: BTreeMap<String, String>,
}

/// 实物流转 / What a thing has gone through
#[utoipa::path(
    get, path = "/things/{thing}/history", tag = "custody",
    params(("thing" = String, Path, description = "`cheque:AB00000001`"), HistoryQuery),
    responses((status = 200, body = HistoryPage), Problems),
    extensions(("x-function" = json!("custody.read")))
)]
pub async fn history(
    State(app): State<App>,
    caller: Caller,
    Named(text): Named<String>,
    Asked(asked): Asked<HistoryQuery>,
) -> Result<Json<HistoryPage>, Problem> {
    let thing: Serial = text.parse().map_err(|no: Refusal| no.at("thing"))?;
    let before = place(&asked.cursor)?;
    let limit = on_a_page(asked.limit);
    app.look_as(&caller, Function::CustodyRead, |_, _| Ok(())).await?;
    // Before it is searched: what is added meanwhile may be missing from what is found.
    let complete = app.shelves.is_complete();
    let records = records_of(&app, &thing).await?;
    let now = app.now();
    let who = caller.clone();
    let look = app.look_as(&caller, Function::CustodyRead, move |state, scope| {
        let mut found: Vec<(&Record, &Moved)> = records
            .iter()
            .flat_map(|record| record.moved.iter().map(move |moved| (record, moved)))
            .filter(|(record, moved)| is_seen(state, scope, record, moved, &thing))
            .collect();
        let is_here = state.office.custody.find(&thing);
        if found.is_empty() && !is_here.is_some_and(|(at, _)| covers(state, scope, at)) {
            return Err(refusal::not_found("thing"));
        }
        found.sort_by_key(|(record, moved)| std::cmp::Reverse((moved.at, record.id)));
        found.retain(|(record, moved)| before.is_none_or(|before| (moved.at, record.id) < before));
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| more);
        let cursor = last.map(|(record, moved)| format!("{}.{}", moved.at, record.id));
        let movements = found.into_iter().map(|(record, moved)| {
            let matter = may_see(state, &who, record, now).then(|| head(state, record, now));
            movement(state, (record, moved), matter, &thing)
        });
        Ok(HistoryPage { movements: movements.collect(), cursor, complete })
    });
    Ok(Json(look.await?))
}

/// A cursor is the instant and the matter of the last movement that was shown.
fn place(text: &str) -> Result<Option<(i64, u64)>, Refusal> {
    extract::cursor(text, |text| {
        let (at, id) = text.split_once('.')?;
        Some((at.parse().ok()?, id.parse().ok()?))
    })
}

/// The matters that had to do with a thing, under way and ended.
async fn records_of(app: &App, thing: &Serial) -> Result<Vec<Record>, Problem> {
    let library = app.shelves.library()?;
    let (kind, number) = (before_number(&Range::from(thing.clone())), thing.number);
    let ids = unblocked(move || library.matters_of(&kind, number)).await?;
    let ids = ids.map_err(anyhow::Error::from)?;
    let look = move |state: &Bank| {
        let open = &state.office.records.open;
        let found: Vec<Record> = ids.iter().filter_map(|id| open.get(id).cloned()).collect();
        let ended: Vec<u64> = ids.into_iter().filter(|id| !open.contains_key(id)).collect();
        (found, ended)
    };
    let (mut records, ended) = app.node.look(look).await?;
    for ids in ended.chunks(READ_AT_ONCE) {
        let ids = ids.to_vec();
        let read = app.node.store(move |store, bank| {
            ids.into_iter().map(|id| store.record(bank, id)).collect::<Result<Vec<_>, _>>()
        });
        for kept in read.await?.into_iter().flatten() {
            records.push(serde_json::from_slice(&kept.body).map_err(anyhow::Error::from)?);
        }
    }
    Ok(records)
}

fn moves_of<'a>(moved: &'a Moved, thing: &'a Serial) -> impl Iterator<Item = (&'a Move, Range)> {
    let with = moved.moves.iter().filter_map(|one| Some((one, one.range()?)));
    with.filter(move |(_, range)| {
        range.kind == thing.kind
            && range.prefix == thing.prefix
            && (range.from..=range.to).contains(&thing.number)
    })
}

/// What happened at the caller's institutions is theirs to see, whoever else had the thing.
fn is_seen(state: &Bank, scope: &Scope, record: &Record, moved: &Moved, thing: &Serial) -> bool {
    let is_own = scope.covers(&state.book, record.institution);
    moves_of(moved, thing).any(|(one, _)| match one {
        Move::Stock { from, to, .. } => {
            is_own || covers(state, scope, from) || covers(state, scope, to)
        }
        Move::Void { at, .. } => is_own || covers(state, scope, at),
        _ => is_own,
    })
}

fn movement(
    state: &Bank,
    (record, moved): (&Record, &Moved),
    matter: Option<MatterHead>,
    thing: &Serial,
) -> MovementView {
    let kind = kind_of(state, record);
    MovementView {
        at: moved.at,
        day: moved.day.to_string(),
        matter,
        step: at_title(kind.as_deref(), &Going::Step(moved.step.clone())),
        by: moved.by.clone(),
        moves: moves_of(moved, thing).map(|(one, range)| view(one, &range)).collect(),
    }
}

fn view(one: &Move, range: &Range) -> ThingMoveView {
    let (what, from, to) = match one {
        Move::Stock { from, to, .. } => ("moved", Some(from.clone()), Some(to.clone())),
        Move::Void { at, .. } => ("voided", Some(at.clone()), None),
        _ => ("marked", None, None),
    };
    let attributes = match one {
        Move::Mark { set, .. } => set.clone(),
        _ => BTreeMap::new(),
    };
    ThingMoveView { what, range: range.to_string(), from, to, attributes }
}
