//! Who there is to sign in as, of a bank that is only a demonstration.

use super::PostView;
use crate::serve::app::App;
use crate::serve::problem::Problem;
use crate::serve::refusal;
use crate::serve::routes::Problems;
use crate::serve::work::DEMO_PASSWORD;
use axum::Json;
use axum::extract::State;
use bank::State as BankState;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct DemonstrationView {
    pub bank_zh: String,
    pub bank_en: String,
    /// Everybody's password, until they change it
    pub password: &'static str,
    pub operators: Vec<DemonstrationOperator>,
}

#[derive(Serialize, ToSchema)]
pub struct DemonstrationOperator {
    pub operator: String,
    pub name: String,
    pub institution: String,
    pub institution_zh: String,
    pub institution_en: String,
    pub posts: Vec<PostView>,
}

/// 演示柜员 / Operators of a demonstration; any other bank says nothing of its people
#[utoipa::path(
    get, path = "/session/demonstration", tag = "session", security(()),
    responses((status = 200, body = DemonstrationView), Problems),
    extensions(("x-function" = json!("nobody")))
)]
pub async fn demonstration(State(app): State<App>) -> Result<Json<DemonstrationView>, Problem> {
    if !app.node.home.is_demonstration() {
        return Err(refusal::not_found("demonstration").into());
    }
    Ok(Json(app.node.look(view).await?))
}

pub fn view(state: &BankState) -> DemonstrationView {
    let book = &state.book;
    let operators = state.office.people.operators.iter().map(|(operator, known)| {
        let at = book.institution(known.institution);
        DemonstrationOperator {
            operator: operator.clone(),
            name: known.name.clone(),
            institution: at.code.clone(),
            institution_zh: at.title.zh.clone(),
            institution_en: at.title.en.clone(),
            posts: super::posts(state, known).collect(),
        }
    });
    DemonstrationView {
        bank_zh: book.title.zh.clone(),
        bank_en: book.title.en.clone(),
        password: DEMO_PASSWORD,
        operators: operators.collect(),
    }
}
