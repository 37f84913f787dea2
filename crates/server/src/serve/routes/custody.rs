//! What is kept where (实物): places with their notes and numbers, and single things.

mod history;

use super::Problems;
use crate::serve::app::{App, within};
use crate::serve::extract::{Asked, Named, on_a_page};
use crate::serve::problem::Problem;
use crate::serve::refusal;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use bank::State as Bank;
use bank::office::access::{Function, Scope};
use bank::office::effect::kind_of;
use bank::office::people::is_below;
use custody::{Condition, Serial};
use ledger::chart::Title;
use ledger::money::plain;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Ranges that are told of one kind at a place.
const RANGES: usize = 1_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(places))
        .routes(routes!(place))
        .routes(routes!(thing))
        .routes(routes!(history::history))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlaceQuery {
    /// Code of an institution, with those below it
    #[serde(default)]
    pub institution: String,
    /// Kind of place: `vault`, `box`, …
    #[serde(default)]
    pub kind: String,
    /// A part of the name
    #[serde(default)]
    pub q: String,
    /// Where the page before ended
    #[serde(default)]
    pub cursor: String,
    #[serde(default)]
    pub limit: Option<usize>,
}

/// A place (保管场所) as lists show it.
#[derive(Serialize, ToSchema)]
pub struct PlaceHead {
    pub place: String,
    /// None: on the way, or where things end
    pub institution: Option<String>,
    pub kind: Option<String>,
    pub kind_zh: String,
    pub kind_en: String,
    /// Whether it was set up, and not merely holds things
    pub is_set_up: bool,
    /// Whose it is, of a box
    pub keeper: String,
    /// The post that keeps it, if nobody by name does
    pub keeper_post: Option<String>,
    /// Cash in the base currency
    pub cash: String,
    pub unit: String,
    /// Kinds of numbered stock there
    pub kinds: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct PlacePage {
    pub places: Vec<PlaceHead>,
    /// Ask with it for the next page
    pub cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct PlaceView {
    #[serde(flatten)]
    pub head: PlaceHead,
    pub notes: Vec<NotesView>,
    pub stock: Vec<StockView>,
}

/// Notes of one denomination and class (券别).
#[derive(Serialize, ToSchema)]
pub struct NotesView {
    pub denomination: String,
    pub zh: String,
    pub en: String,
    /// `fit`, `unfit`, `mint` or `unsorted`
    pub class: &'static str,
    pub class_zh: &'static str,
    pub pieces: i64,
    pub amount: String,
}

/// Numbered stock of one kind.
#[derive(Serialize, ToSchema)]
pub struct StockView {
    pub kind: String,
    pub zh: String,
    pub en: String,
    pub good: u64,
    pub void: u64,
    pub ranges: Vec<RangeView>,
    /// Ranges that are there and not told
    pub more: usize,
}

#[derive(Serialize, ToSchema)]
pub struct RangeView {
    /// `cheque:AB00000001-AB00000025`
    pub range: String,
    pub pieces: u64,
    /// `good` or `void`
    pub condition: &'static str,
}

fn covers(state: &Bank, scope: &Scope, place: &str) -> bool {
    match kind_of(&state.book, place) {
        Some((institution, _)) => scope.covers(&state.book, institution),
        // On the way between two institutions, used up, destroyed: no institution's own.
        None => *scope == Scope::Everywhere,
    }
}

fn names(title: Option<&Title>, code: &str) -> (String, String) {
    let plain = || (code.to_owned(), code.to_owned());
    title.map_or_else(plain, |title| (title.zh.clone(), title.en.clone()))
}

fn base(state: &Bank) -> (&str, u8) {
    let unit = state.book.chart.unit(state.book.chart.base_unit);
    (&unit.code, unit.digits)
}

fn head(state: &Bank, place: &str) -> PlaceHead {
    let (book, office) = (&state.book, &state.rulebook.office);
    let at = kind_of(book, place);
    let kind = at.and_then(|(_, kind)| office.places.get(kind));
    let kind_code = at.map_or("", |(_, kind)| kind);
    let (kind_zh, kind_en) = names(kind.map(|kind| &kind.title), kind_code);
    let set_up = state.office.places.get(place);
    let keeper = set_up.map_or(String::new(), |place| place.keeper.clone());
    let keeper_post = kind.and_then(|kind| kind.keeper.clone()).filter(|_| keeper.is_empty());
    let (unit, digits) = base(state);
    PlaceHead {
        place: place.to_owned(),
        institution: at.map(|(institution, _)| book.institution(institution).code.clone()),
        kind: at.map(|(_, kind)| kind.to_owned()),
        kind_zh,
        kind_en,
        is_set_up: set_up.is_some(),
        keeper,
        keeper_post,
        cash: plain(i128::from(state.office.cash_at(office, place)), digits),
        unit: unit.to_owned(),
        kinds: state.office.custody.kinds_at(place),
    }
}

/// 保管场所一览 / Places, and what they hold in sum
#[utoipa::path(
    get, path = "/places", tag = "custody", params(PlaceQuery),
    responses((status = 200, body = PlacePage), Problems),
    extensions(("x-function" = json!("custody.read")))
)]
async fn places(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<PlaceQuery>,
) -> Result<Json<PlacePage>, Problem> {
    let limit = on_a_page(asked.limit);
    let look = app.look_as(&caller, Function::CustodyRead, move |state, scope| {
        let (book, office) = (&state.book, &state.office);
        let top = within(state, scope, &asked.institution)?;
        let fits = |place: &&str| {
            let at = kind_of(book, place);
            let below = |top| at.is_some_and(|(institution, _)| is_below(book, institution, top));
            **place > *asked.cursor
                && place.contains(&asked.q)
                && (asked.kind.is_empty() || at.is_some_and(|(_, kind)| kind == asked.kind))
                && top.is_none_or(below)
                && covers(state, scope, place)
        };
        let set_up = office.places.keys().map(String::as_str);
        let holding = office.custody.cash_places().chain(office.custody.stock_places());
        let all: BTreeSet<&str> = set_up.chain(holding).filter(fits).collect();
        let places: Vec<PlaceHead> =
            all.iter().take(limit).map(|place| head(state, place)).collect();
        let more = all.len() > places.len();
        let cursor = places.last().filter(|_| more).map(|last| last.place.clone());
        Ok(PlacePage { places, cursor })
    });
    Ok(Json(look.await?))
}

fn notes(state: &Bank, place: &str) -> Vec<NotesView> {
    let (_, digits) = base(state);
    let notes = state.office.custody.cash(place).map(|(note, pieces)| {
        let known = state.rulebook.office.denominations.get(&note.denom);
        let (zh, en) = names(known.map(|one| &one.title), &note.denom);
        let face = i128::from(known.map_or(0, |one| one.face));
        NotesView {
            denomination: note.denom.clone(),
            zh,
            en,
            class: note.class.en(),
            class_zh: note.class.zh(),
            pieces,
            amount: plain(face * i128::from(pieces), digits),
        }
    });
    notes.collect()
}

fn stock(state: &Bank, place: &str, kind: String) -> StockView {
    let custody = &state.office.custody;
    let (zh, en) = names(state.rulebook.office.stocks.get(&kind).map(|stock| &stock.title), &kind);
    let ranges = custody.stock(place, &kind);
    let view = |(range, condition): &(custody::Range, Condition)| RangeView {
        range: range.to_string(),
        pieces: range.pieces().unwrap_or(u64::MAX),
        condition: condition.en(),
    };
    StockView {
        good: custody.held(place, &kind, Condition::Good),
        void: custody.held(place, &kind, Condition::Void),
        more: ranges.len().saturating_sub(RANGES),
        ranges: ranges.iter().take(RANGES).map(view).collect(),
        kind,
        zh,
        en,
    }
}

/// 查询保管场所 / One place: notes by denomination and class, numbers by kind
#[utoipa::path(
    get, path = "/places/{place}", tag = "custody",
    params(("place" = String, Path, description = "its slashes are written as %2F")),
    responses((status = 200, body = PlaceView), Problems),
    extensions(("x-function" = json!("custody.read")))
)]
async fn place(
    State(app): State<App>,
    caller: Caller,
    Named(place): Named<String>,
) -> Result<Json<PlaceView>, Problem> {
    let look = app.look_as(&caller, Function::CustodyRead, move |state, scope| {
        let kinds = state.office.custody.kinds_at(&place);
        let holds = !kinds.is_empty() || state.office.custody.cash(&place).next().is_some();
        let there = holds || state.office.places.contains_key(&place);
        if !there || !covers(state, scope, &place) {
            return Err(refusal::not_found("place"));
        }
        let stock = kinds.into_iter().map(|kind| stock(state, &place, kind)).collect();
        Ok(PlaceView { head: head(state, &place), notes: notes(state, &place), stock })
    });
    Ok(Json(look.await?))
}

/// A single thing with a number (一号一物).
#[derive(Serialize, ToSchema)]
pub struct ThingView {
    pub thing: String,
    pub kind: String,
    pub zh: String,
    pub en: String,
    pub place: String,
    /// `good` or `void`
    pub condition: &'static str,
    /// What is marked on it
    pub attributes: BTreeMap<String, String>,
}

/// 查询实物 / Where a thing is, and what is marked on it
#[utoipa::path(
    get, path = "/things/{thing}", tag = "custody",
    params(("thing" = String, Path, description = "`cheque:AB00000001`")),
    responses((status = 200, body = ThingView), Problems),
    extensions(("x-function" = json!("custody.read")))
)]
async fn thing(
    State(app): State<App>,
    caller: Caller,
    Named(text): Named<String>,
) -> Result<Json<ThingView>, Problem> {
    let thing: Serial = text.parse().map_err(|no: ledger::Refusal| no.at("thing"))?;
    let look = app.look_as(&caller, Function::CustodyRead, move |state, scope| {
        let custody = &state.office.custody;
        let found = custody.find(&thing).filter(|(place, _)| covers(state, scope, place));
        let (place, condition) = found.ok_or_else(|| refusal::not_found("thing"))?;
        let known = state.rulebook.office.stocks.get(&thing.kind);
        let (zh, en) = names(known.map(|stock| &stock.title), &thing.kind);
        Ok(ThingView {
            thing: thing.to_string(),
            zh,
            en,
            place: place.to_owned(),
            condition: condition.en(),
            attributes: custody.attributes(&thing).cloned().unwrap_or_default(),
            kind: thing.kind,
        })
    });
    Ok(Json(look.await?))
}
