//! 试算: what a step would do, before it is done.

use super::kinds::TitleView;
use super::record::at_title;
use super::write::{ActForm, OpenMatter, signed};
use crate::serve::app::App;
use crate::serve::extract::{Body, Named};
use crate::serve::problem::Problem;
use crate::serve::routes::Problems;
use crate::serve::routes::entries::LineView;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use bank::office::Preview;
use bank::office::form::RequestForm;
use bank::office::value::{Value, class_word, shown};
use bank::{Answer, Command};
use custody::Move;
use serde::Serialize;
use serde_json::Value as Json_;
use utoipa::ToSchema;

/// What a step would do. Nothing of it is done.
#[derive(Serialize, ToSchema)]
pub struct PreviewView {
    /// Name of the step or, in brackets, of the end that the matter would go to
    pub at: String,
    pub at_title: TitleView,
    /// Whether nobody else is needed: then the books were asked too, and would not refuse
    pub complete: bool,
    /// What the fields would hold, by their names
    #[schema(value_type = Object)]
    pub values: Json_,
    pub moves: Vec<MoveView>,
    /// Of the entry that would be posted; an account may not be open yet
    pub lines: Vec<LineView>,
    /// What else the step does
    pub acts: Vec<TitleView>,
}

/// What happens to things.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    Cash,
    Stock,
    Sort,
    Void,
    Mark,
}

/// A move of things (实物动作).
#[derive(Serialize, ToSchema)]
pub struct MoveView {
    pub kind: MoveKind,
    /// Denominations and pieces, a range of numbers, or one number
    pub what: String,
    /// Place; empty for what stays where it is
    pub from: String,
    /// Place, class or attributes
    pub to: String,
}

impl From<&Move> for MoveView {
    fn from(one: &Move) -> Self {
        let stay = String::new;
        match one {
            Move::Cash { from, to, counts } => {
                let what = Value::Notes(counts.clone()).text();
                Self { kind: MoveKind::Cash, what, from: from.clone(), to: to.clone() }
            }
            Move::Stock { range, from, to, .. } => Self {
                kind: MoveKind::Stock,
                what: range.to_string(),
                from: from.clone(),
                to: to.clone(),
            },
            Move::Sort { at, counts, into } => {
                let what = Value::Notes(counts.clone()).text();
                Self {
                    kind: MoveKind::Sort,
                    what,
                    from: at.clone(),
                    to: class_word(*into).to_owned(),
                }
            }
            Move::Void { range, at } => {
                Self { kind: MoveKind::Void, what: range.to_string(), from: at.clone(), to: stay() }
            }
            Move::Mark { thing, set } => {
                let set = set.iter().map(|(name, is)| format!("{name}={is}"));
                let to = set.collect::<Vec<_>>().join(", ");
                Self { kind: MoveKind::Mark, what: thing.to_string(), from: stay(), to }
            }
        }
    }
}

fn view(seen: Preview) -> PreviewView {
    let matter = &seen.matter;
    let title = |(zh, en): (&str, &str)| TitleView { zh: zh.to_owned(), en: en.to_owned() };
    PreviewView {
        at: seen.going.to_string(),
        at_title: at_title(Some(matter), &seen.going),
        complete: seen.complete,
        values: shown(&seen.values, &matter.fields),
        moves: seen.moves.iter().map(MoveView::from).collect(),
        lines: seen.lines.into_iter().map(LineView::from).collect(),
        acts: seen.acts.iter().map(|verb| title((verb.zh, verb.en))).collect(),
    }
}

async fn preview(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    (form, with): (RequestForm, Vec<String>),
) -> Result<Json<PreviewView>, Problem> {
    let request = signed(app, caller, headers, &with, form)?;
    let answer = app.node.ask(|_| Ok(()), Command::Preview(request)).await?;
    let Answer::Preview(seen) = answer else {
        unreachable!("a preview is answered by what it saw")
    };
    Ok(Json(view(*seen)))
}

/// 发起试算 / What opening a matter with its first step would do
#[utoipa::path(
    post, path = "/matters/preview", tag = "matters", request_body = OpenMatter,
    responses((status = 200, body = PreviewView), Problems),
    extensions(("x-function" = json!("matters")))
)]
pub async fn of_opening(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Body(form): Body<OpenMatter>,
) -> Result<Json<PreviewView>, Problem> {
    preview(&app, &caller, &headers, form.request()).await
}

/// 办理试算 / What a hand to the step that is waited for would do, all others given
#[utoipa::path(
    post, path = "/matters/{id}/preview", tag = "matters", request_body = ActForm,
    params(
        ("id" = u64, Path,),
        ("If-Match" = Option<String>, Header, description = "the version that was read"),
    ),
    responses((status = 200, body = PreviewView), Problems),
    extensions(("x-function" = json!("matters")))
)]
pub async fn of_step(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Named(matter): Named<u64>,
    Body(form): Body<ActForm>,
) -> Result<Json<PreviewView>, Problem> {
    preview(&app, &caller, &headers, form.request(matter)).await
}
