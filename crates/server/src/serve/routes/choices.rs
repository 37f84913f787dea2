//! What the fields of a form choose from: institutions, people, posts, places, stock, denominations
//! and kinds of account. One answer for a whole page, small enough to be asked for at sign-in.

use super::Problems;
use super::matters::TitleView;
use crate::serve::app::App;
use crate::serve::problem::Problem;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use bank::State as Bank;
use bank::office::event::Standing;
use bank::rulebook::NoteKind;
use ledger::money::plain;
use serde::Serialize;
use std::cmp::Reverse;
use tower_http::compression::CompressionLayer;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(choices)).layer(CompressionLayer::new())
}

#[derive(Serialize, ToSchema)]
pub struct ChoicesView {
    /// Currency of the bank's reports
    pub base_unit: String,
    pub institutions: Vec<InstitutionChoice>,
    /// Those who may sign in
    pub operators: Vec<OperatorChoice>,
    pub posts: Vec<CodeChoice>,
    /// Those set up, as fields name them: `0000/vault`, `0101/box/ana`
    pub places: Vec<PlaceChoice>,
    pub place_kinds: Vec<CodeChoice>,
    pub stocks: Vec<StockChoice>,
    /// Notes before coins, the largest first
    pub denominations: Vec<DenominationChoice>,
    pub account_kinds: Vec<AccountKindChoice>,
}

#[derive(Serialize, ToSchema)]
pub struct CodeChoice {
    pub code: String,
    pub title: TitleView,
}

#[derive(Serialize, ToSchema)]
pub struct InstitutionChoice {
    pub code: String,
    pub title: TitleView,
    /// Code of the one above
    pub above: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct OperatorChoice {
    pub operator: String,
    pub name: String,
    pub institution: String,
    /// Codes of posts held today
    pub posts: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct PlaceChoice {
    pub place: String,
    pub kind: String,
    pub institution: String,
    /// Whose it is, of a box
    pub keeper: String,
}

#[derive(Serialize, ToSchema)]
pub struct StockChoice {
    pub code: String,
    pub title: TitleView,
    pub per_book: Option<u32>,
}

#[derive(Serialize, ToSchema)]
pub struct DenominationChoice {
    pub code: String,
    pub title: TitleView,
    pub face: String,
    pub coin: bool,
    pub per_bundle: u32,
}

#[derive(Serialize, ToSchema)]
pub struct AccountKindChoice {
    pub code: String,
    pub title: TitleView,
    pub subject: String,
    /// Owned by the bank
    pub internal: bool,
}

/// 表单选项 / What the fields of forms choose from
#[utoipa::path(
    get, path = "/choices", tag = "matters",
    responses((status = 200, body = ChoicesView), Problems),
    extensions(("x-function" = json!("anyone")))
)]
async fn choices(State(app): State<App>, _caller: Caller) -> Result<Json<ChoicesView>, Problem> {
    Ok(Json(app.node.look(view).await?))
}

fn view(state: &Bank) -> ChoicesView {
    let (chart, office) = (&state.book.chart, &state.rulebook.office);
    let choice = |code: &String, title| CodeChoice { code: code.clone(), title };
    let kinds = chart.kinds.iter().map(|kind| AccountKindChoice {
        code: kind.code.to_string(),
        title: (&kind.title).into(),
        subject: chart.subject(kind.subject).code.to_string(),
        internal: kind.internal,
    });
    let stocks = office.stocks.iter().map(|(code, stock)| StockChoice {
        code: code.clone(),
        title: (&stock.title).into(),
        per_book: stock.per_book,
    });
    let posts = office.posts.iter().map(|(code, post)| choice(code, (&post.title).into()));
    let place_kinds = office.places.iter().map(|(code, kind)| choice(code, (&kind.title).into()));
    ChoicesView {
        base_unit: chart.unit(chart.base_unit).code.to_string(),
        institutions: institutions(state),
        operators: operators(state),
        posts: posts.collect(),
        places: places(state),
        place_kinds: place_kinds.collect(),
        stocks: stocks.collect(),
        denominations: denominations(state),
        account_kinds: kinds.collect(),
    }
}

fn institutions(state: &Bank) -> Vec<InstitutionChoice> {
    let book = &state.book;
    let institutions = book.institutions.iter().map(|one| InstitutionChoice {
        code: one.code.clone(),
        title: (&one.title).into(),
        above: one.parent.map(|above| book.institution(above).code.clone()),
    });
    institutions.collect()
}

fn operators(state: &Bank) -> Vec<OperatorChoice> {
    let book = &state.book;
    let active = state.office.people.operators.iter();
    let active = active.filter(|(_, one)| one.standing == Standing::Active);
    let operators = active.map(|(operator, one)| OperatorChoice {
        operator: operator.clone(),
        name: one.name.clone(),
        institution: book.institution(one.institution).code.clone(),
        posts: one.held_on(book.today).map(|grant| grant.post.clone()).collect(),
    });
    operators.collect()
}

fn places(state: &Bank) -> Vec<PlaceChoice> {
    let places = state.office.places.iter().map(|(place, one)| {
        let mut parts = place.splitn(3, '/');
        let institution = parts.next().unwrap_or_default().to_owned();
        let kind = parts.next().unwrap_or_default().to_owned();
        PlaceChoice { place: place.clone(), kind, institution, keeper: one.keeper.clone() }
    });
    places.collect()
}

fn denominations(state: &Bank) -> Vec<DenominationChoice> {
    let digits = state.book.chart.unit(state.book.chart.base_unit).digits;
    let mut all: Vec<_> = state.rulebook.office.denominations.iter().collect();
    all.sort_by_key(|(_, one)| (one.kind == NoteKind::Coin, Reverse(one.face)));
    let denominations = all.into_iter().map(|(code, one)| DenominationChoice {
        code: code.clone(),
        title: (&one.title).into(),
        face: plain(i128::from(one.face), digits),
        coin: one.kind == NoteKind::Coin,
        per_bundle: one.per_bundle,
    });
    denominations.collect()
}
