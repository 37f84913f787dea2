//! Full-text search (全文检索) over matters and accounts. The index finds; whether the caller may see
//! what was found is judged on the books of now, as everywhere else.

use super::Problems;
use super::accounts::{AccountHead, head as account_head};
use super::matters::record::{MatterHead, head as matter_head, may_see};
use crate::serve::app::{App, scope};
use crate::serve::extract::{Asked, on_a_page};
use crate::serve::library::{around, said};
use crate::serve::node::unblocked;
use crate::serve::problem::Problem;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use bank::State as Bank;
use bank::office::access::{Function, Scope};
use bank::office::record::Record;
use ledger::Refusal;
use ledger::entry::{AccountId, InstitutionId};
use search::{Hit, Kind, Library, Query, Sight};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Things found that are judged for one page, and in all: who may see none of so many narrows down.
const JUDGED: usize = 100;
const JUDGED_MAX: usize = 10_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(find))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Words, parts of words, or the begin of a number; each part must be there
    #[serde(default)]
    pub q: String,
    /// `matter` or `account`; left out: both
    #[serde(default)]
    pub kind: String,
    /// Where the page before ended
    #[serde(default)]
    pub cursor: Option<usize>,
    #[serde(default)]
    pub limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub struct SearchPage {
    /// The best first
    pub found: Vec<Found>,
    /// Ask with it for the next page
    pub cursor: Option<usize>,
    /// Whether the index has all that there was a moment ago; it is made anew after an update
    pub complete: bool,
}

/// A matter or an account
#[derive(Serialize, ToSchema)]
pub struct Found {
    /// `matter` or `account`
    pub kind: &'static str,
    pub matter: Option<MatterHead>,
    pub account: Option<AccountHead>,
    /// A piece of what was typed into it, around what was looked for; empty: found otherwise
    pub piece: String,
}

impl Found {
    fn account(account: AccountHead) -> Self {
        Self { kind: "account", matter: None, account: Some(account), piece: String::new() }
    }

    fn matter(state: &Bank, record: &Record, now: i64, words: &[String]) -> Self {
        let piece = said(record).iter().find_map(|text| around(text, words)).unwrap_or_default();
        let matter = Some(matter_head(state, record, now));
        Self { kind: "matter", matter, account: None, piece }
    }
}

/// Who asks, and for what.
#[derive(Clone)]
struct Asking {
    caller: Caller,
    words: Vec<String>,
    now: i64,
}

/// What may be seen for certain; the rest is judged one by one.
fn sights(state: &Bank, caller: &Caller, kind: &str) -> Result<(Sight, Sight), Refusal> {
    let own = |open| (caller.matters.then(|| caller.operator.clone()), caller.matters && open);
    let matters = match (kind, scope(state, caller, Function::MattersReadAll)) {
        ("account", _) => Sight::Nothing,
        (_, scope) => sight(state, scope.ok(), own(true)),
    };
    let accounts = match (kind, scope(state, caller, Function::AccountsRead)) {
        ("matter", _) | ("", Err(_)) => Sight::Nothing,
        (_, Err(no)) => return Err(no),
        (_, Ok(scope)) => sight(state, Some(scope), (None, false)),
    };
    Ok((matters, accounts))
}

fn sight(state: &Bank, scope: Option<Scope>, (operator, open): (Option<String>, bool)) -> Sight {
    let Some(scope) = scope else {
        return Sight::Some { institutions: Vec::new(), operator, open };
    };
    if matches!(scope, Scope::Everywhere) {
        return Sight::Everything;
    }
    let all = (0_u16..).zip(&state.book.institutions);
    let below = all.filter(|(id, _)| scope.covers(&state.book, InstitutionId(*id)));
    let institutions = below.map(|(_, one)| one.code.clone()).collect();
    Sight::Some { institutions, operator, open }
}

/// 全文检索 / Matters and accounts by words, the best first
#[utoipa::path(
    get, path = "/search", tag = "search", params(SearchQuery),
    responses((status = 200, body = SearchPage), Problems),
    extensions(("x-function" = json!("anyone")))
)]
async fn find(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<SearchQuery>,
) -> Result<Json<SearchPage>, Problem> {
    if !["", "matter", "account"].contains(&asked.kind.as_str()) {
        let known = "matter, account";
        return Err(bank::office::refusal::not_a_choice("kind", &asked.kind, known).into());
    }
    let words = search::words_of(&asked.q);
    if words.is_empty() {
        return Err(ledger::refusal::missing("q").into());
    }
    let library = app.shelves.library()?;
    // Before it is searched: what is added meanwhile may be missing from what is found.
    let complete = app.shelves.is_complete();
    let (who, kind) = (caller.clone(), asked.kind);
    let sights = app.node.look(move |state| sights(state, &who, &kind));
    let (matters, accounts) = sights.await??;
    let query = Query { text: asked.q, matters, accounts };
    let asking = Asking { caller, words, now: app.now() };
    let (limit, mut at) = (on_a_page(asked.limit), asked.cursor.unwrap_or(0));
    let (mut found, mut more) = (Vec::new(), true);
    while more && found.len() < limit && at < JUDGED_MAX {
        let hits = hits(&library, &query, at).await?;
        more = hits.len() == JUDGED;
        for (place, one) in seen(&app, &asking, hits).await?.into_iter().enumerate() {
            if found.len() == limit {
                let cursor = Some(at + place);
                return Ok(Json(SearchPage { found, cursor, complete }));
            }
            found.extend(one);
        }
        at += JUDGED;
    }
    let cursor = (more && at < JUDGED_MAX).then_some(at);
    Ok(Json(SearchPage { found, cursor, complete }))
}

async fn hits(library: &Library, query: &Query, at: usize) -> Result<Vec<Hit>, Problem> {
    let (library, query) = (library.clone(), query.clone());
    let hits = unblocked(move || library.find(&query, at, JUDGED)).await?;
    hits.map_err(|fault| anyhow::Error::from(fault).into())
}

/// What the caller may see of what was found, in the same order; none: not theirs to see.
async fn seen(app: &App, asking: &Asking, hits: Vec<Hit>) -> Result<Vec<Option<Found>>, Problem> {
    let (own, wanted) = (asking.clone(), hits.clone());
    let look = move |state: &Bank| {
        let accounts = scope(state, &own.caller, Function::AccountsRead).ok();
        let mut found = BTreeMap::new();
        for hit in wanted {
            let one = match hit.kind {
                Kind::Account => account(state, accounts.as_ref(), hit.id),
                Kind::Matter => match state.office.records.open.get(&hit.id) {
                    Some(record) => matter(state, &own, record),
                    None => continue,
                },
            };
            found.insert((hit.kind, hit.id), one);
        }
        found
    };
    let mut found = app.node.look(look).await?;
    let kept: Vec<u64> = hits
        .iter()
        .filter(|hit| !found.contains_key(&(hit.kind, hit.id)))
        .map(|hit| hit.id)
        .collect();
    if !kept.is_empty() {
        let ended = app.node.store(move |store, bank| {
            kept.into_iter().map(|id| store.record(bank, id)).collect::<Result<Vec<_>, _>>()
        });
        let records: Result<Vec<Record>, _> = ended
            .await?
            .into_iter()
            .flatten()
            .map(|kept| serde_json::from_slice(&kept.body))
            .collect();
        let (records, own) = (records.map_err(anyhow::Error::from)?, asking.clone());
        let judge = move |state: &Bank| {
            let judged =
                records.iter().map(|one| ((Kind::Matter, one.id), matter(state, &own, one)));
            judged.collect::<Vec<_>>()
        };
        found.extend(app.node.look(judge).await?);
    }
    Ok(hits.iter().map(|hit| found.remove(&(hit.kind, hit.id)).flatten()).collect())
}

fn account(state: &Bank, scope: Option<&Scope>, id: u64) -> Option<Found> {
    let id = AccountId(u32::try_from(id).ok()?);
    let at = state.book.accounts.heads.get(id.index())?.institution;
    scope?.covers(&state.book, at).then(|| Found::account(account_head(&state.book, id)))
}

fn matter(state: &Bank, asking: &Asking, record: &Record) -> Option<Found> {
    let Asking { caller, words, now } = asking;
    may_see(state, caller, record, *now).then(|| Found::matter(state, record, *now, words))
}
