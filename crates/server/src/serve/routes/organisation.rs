//! Institutions, operators, posts and who may do what (机构、柜员、岗位、权限).

use super::Problems;
use super::matters::TitleView;
use crate::serve::app::{App, within};
use crate::serve::extract::{Asked, Named, on_a_page};
use crate::serve::problem::Problem;
use crate::serve::refusal;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use bank::State as Bank;
use bank::checker::rights::{self, FunctionRight, Right};
use bank::office::access::Function;
use bank::office::event::Standing;
use bank::office::people::{Operator, is_below};
use ledger::book::Book;
use ledger::entry::InstitutionId;
use serde::{Deserialize, Serialize};
use tower_http::compression::CompressionLayer;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(institutions))
        .routes(routes!(operators))
        .routes(routes!(operator))
        .routes(routes!(posts))
        .routes(routes!(matrix))
        // Long, and much alike.
        .layer(CompressionLayer::new())
}

/// A node of the tree of institutions.
#[derive(Serialize, ToSchema)]
pub struct InstitutionView {
    pub code: String,
    pub zh: String,
    pub en: String,
    /// Code of the one above; none: the head office
    pub parent: Option<String>,
    /// How far below the head office
    pub depth: usize,
    /// The latest day that it has closed
    pub closed: Option<String>,
}

/// 机构一览 / Institutions as a tree: each stands behind the one above it
#[utoipa::path(
    get, path = "/institutions", tag = "organisation",
    responses((status = 200, body = Vec<InstitutionView>), Problems),
    extensions(("x-function" = json!("organisation.read")))
)]
async fn institutions(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<InstitutionView>>, Problem> {
    let look = app.look_as(&caller, Function::OrganisationRead, |state, scope| {
        let book = &state.book;
        let seen = in_tree(book).into_iter().filter(|(id, _)| scope.covers(book, *id));
        Ok(seen.map(|(id, depth)| institution_view(book, id, depth)).collect::<Vec<_>>())
    });
    Ok(Json(look.await?))
}

/// Every institution behind the one above it, and how deep it lies.
fn in_tree(book: &Book) -> Vec<(InstitutionId, usize)> {
    let mut below: Vec<Vec<InstitutionId>> = vec![Vec::new(); book.institutions.len()];
    let mut left = Vec::new();
    for (id, one) in (0_u16..).map(InstitutionId).zip(&book.institutions) {
        match one.parent {
            Some(parent) => below[parent.index()].push(id),
            None => left.push((id, 0)),
        }
    }
    // What is pushed last comes first.
    left.reverse();
    let mut found = Vec::with_capacity(book.institutions.len());
    while let Some((id, depth)) = left.pop() {
        found.push((id, depth));
        left.extend(below[id.index()].iter().rev().map(|child| (*child, depth + 1)));
    }
    found
}

fn institution_view(book: &Book, id: InstitutionId, depth: usize) -> InstitutionView {
    let one = book.institution(id);
    InstitutionView {
        code: one.code.clone(),
        zh: one.title.zh.clone(),
        en: one.title.en.clone(),
        parent: one.parent.map(|parent| book.institution(parent).code.clone()),
        depth,
        closed: one.closed.map(|day| day.to_string()),
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OperatorQuery {
    /// Code of an institution, with those below it
    #[serde(default)]
    pub institution: String,
    /// Code of a post that is held today
    #[serde(default)]
    pub post: String,
    /// `active`, `locked` or `stopped`
    #[serde(default)]
    pub standing: String,
    /// Begin of the number, or a part of the name
    #[serde(default)]
    pub q: String,
    /// Where the page before ended
    #[serde(default)]
    pub cursor: String,
    #[serde(default)]
    pub limit: Option<usize>,
}

/// An operator as lists show it.
#[derive(Serialize, ToSchema)]
pub struct OperatorHead {
    pub operator: String,
    pub name: String,
    pub institution: String,
    /// `active`, `locked` or `stopped`
    pub standing: &'static str,
    /// Codes of the posts held today
    pub posts: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct OperatorPage {
    pub operators: Vec<OperatorHead>,
    /// Ask with it for the next page
    pub cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct OperatorView {
    #[serde(flatten)]
    pub head: OperatorHead,
    /// Posts held, to be held and once held, as far as they are kept
    pub grants: Vec<GrantView>,
    /// When away, and who stands in
    pub absences: Vec<AbsenceView>,
    /// For whom this one stands in
    pub stands_in: Vec<AbsenceView>,
}

#[derive(Serialize, ToSchema)]
pub struct GrantView {
    pub post: String,
    pub zh: String,
    pub en: String,
    pub institution: String,
    pub from: String,
    pub until: Option<String>,
    /// Number of the matter that decided it
    pub document: String,
    /// Whether it counts today
    pub holds: bool,
}

#[derive(Serialize, ToSchema)]
pub struct AbsenceView {
    pub operator: String,
    pub deputy: String,
    pub from: String,
    pub until: String,
}

fn head(state: &Bank, number: &str, one: &Operator) -> OperatorHead {
    OperatorHead {
        operator: number.to_owned(),
        name: one.name.clone(),
        institution: state.book.institution(one.institution).code.clone(),
        standing: one.standing.code(),
        posts: one.held_on(state.book.today).map(|grant| grant.post.clone()).collect(),
    }
}

/// 柜员一览 / Operators, by number
#[utoipa::path(
    get, path = "/operators", tag = "organisation", params(OperatorQuery),
    responses((status = 200, body = OperatorPage), Problems),
    extensions(("x-function" = json!("organisation.read")))
)]
async fn operators(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<OperatorQuery>,
) -> Result<Json<OperatorPage>, Problem> {
    let standings = Standing::ALL.map(Standing::code);
    if !asked.standing.is_empty() && !standings.contains(&asked.standing.as_str()) {
        let known = standings.join(", ");
        return Err(bank::office::refusal::not_a_choice("standing", &asked.standing, &known).into());
    }
    let limit = on_a_page(asked.limit);
    let look = app.look_as(&caller, Function::OrganisationRead, move |state, scope| {
        let (book, people) = (&state.book, &state.office.people.operators);
        let top = within(state, scope, &asked.institution)?;
        let fits = |(number, one): &(&String, &Operator)| {
            scope.covers(book, one.institution)
                && top.is_none_or(|top| is_below(book, one.institution, top))
                && (asked.standing.is_empty() || one.standing.code() == asked.standing)
                && (asked.post.is_empty()
                    || one.held_on(book.today).any(|held| held.post == asked.post))
                && (number.starts_with(&asked.q) || one.name.contains(&asked.q))
        };
        let behind = (std::ops::Bound::Excluded(asked.cursor.as_str()), std::ops::Bound::Unbounded);
        let mut found = people.range::<str, _>(behind).filter(fits);
        let shown = found.by_ref().take(limit).map(|(number, one)| head(state, number, one));
        let operators: Vec<OperatorHead> = shown.collect();
        let more = operators.len() == limit && found.next().is_some();
        let cursor = operators.last().filter(|_| more).map(|last| last.operator.clone());
        Ok(OperatorPage { operators, cursor })
    });
    Ok(Json(look.await?))
}

/// 查询柜员 / One operator with posts and absences
#[utoipa::path(
    get, path = "/operators/{operator}", tag = "organisation",
    params(("operator" = String, Path,)),
    responses((status = 200, body = OperatorView), Problems),
    extensions(("x-function" = json!("organisation.read")))
)]
async fn operator(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named<String>,
) -> Result<Json<OperatorView>, Problem> {
    let look = app.look_as(&caller, Function::OrganisationRead, move |state, scope| {
        let found = state.office.people.operators.get(&number);
        let found = found.filter(|one| scope.covers(&state.book, one.institution));
        let one = found.ok_or_else(|| refusal::not_found("operator"))?;
        let grants = one.grants.iter().map(|grant| {
            let title = state.rulebook.office.posts.get(&grant.post).map(|post| &post.title);
            GrantView {
                post: grant.post.clone(),
                zh: title.map_or(String::new(), |title| title.zh.clone()),
                en: title.map_or(String::new(), |title| title.en.clone()),
                institution: state.book.institution(grant.institution).code.clone(),
                from: grant.from.to_string(),
                until: grant.until.map(|day| day.to_string()),
                document: grant.document.clone(),
                holds: grant.holds_on(state.book.today),
            }
        });
        let absence = |one: &bank::office::people::Absence| AbsenceView {
            operator: one.operator.clone(),
            deputy: one.deputy.clone(),
            from: one.from.to_string(),
            until: one.until.to_string(),
        };
        let absences = &state.office.people.absences;
        let own = absences.iter().filter(|absence| absence.operator == number);
        let others = absences.iter().filter(|absence| absence.deputy == number);
        Ok(OperatorView {
            head: head(state, &number, one),
            grants: grants.collect(),
            absences: own.map(absence).collect(),
            stands_in: others.map(absence).collect(),
        })
    });
    Ok(Json(look.await?))
}

/// A post (岗位) and what keeps it apart from others.
#[derive(Serialize, ToSchema)]
pub struct PostTitle {
    pub code: String,
    pub zh: String,
    pub en: String,
    /// Codes of the numbers that say after how long one rotates, and how long one is away
    pub rotate_months: Option<String>,
    pub leave_days: Option<String>,
    /// Posts that nobody holds together with it
    pub apart: Vec<ApartView>,
}

#[derive(Serialize, ToSchema)]
pub struct ApartView {
    pub posts: Vec<String>,
    pub why: TitleView,
    pub source: String,
}

/// 岗位一览 / Posts, with those that are incompatible and why
#[utoipa::path(
    get, path = "/posts", tag = "organisation",
    responses((status = 200, body = Vec<PostTitle>), Problems),
    extensions(("x-function" = json!("organisation.read")))
)]
async fn posts(State(app): State<App>, caller: Caller) -> Result<Json<Vec<PostTitle>>, Problem> {
    let look = app.look_as(&caller, Function::OrganisationRead, |state, _| {
        let office = &state.rulebook.office;
        let view = office.posts.iter().map(|(code, post)| {
            let apart = office.apart.iter().filter(|apart| apart.posts.contains(code));
            let apart = apart.map(|apart| ApartView {
                posts: apart.posts.iter().filter(|other| *other != code).cloned().collect(),
                why: (&apart.why).into(),
                source: apart.source.clone(),
            });
            PostTitle {
                code: code.clone(),
                zh: post.title.zh.clone(),
                en: post.title.en.clone(),
                rotate_months: post.rotate_months.clone(),
                leave_days: post.leave_days.clone(),
                apart: apart.collect(),
            }
        });
        Ok(view.collect::<Vec<_>>())
    });
    Ok(Json(look.await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RightsQuery {
    #[serde(default)]
    pub post: String,
    /// Code of a kind of matter
    #[serde(default)]
    pub matter: String,
}

/// 权限矩阵: who may put which hand to what, and what posts may beside matters.
#[derive(Serialize, ToSchema)]
pub struct RightsView {
    pub rights: Vec<RightView>,
    pub functions: Vec<FunctionView>,
}

#[derive(Serialize, ToSchema)]
pub struct RightView {
    /// Code of the post; none: whom a field of the matter names
    pub post: Option<String>,
    pub matter: String,
    pub step: String,
    /// As what; none: only once the time of the step is over
    pub role: Option<String>,
    /// Where the post is held
    pub at: String,
    /// How many such hands the step needs
    pub count: u16,
    /// Code of the number that bounds the amount
    pub up_to: Option<String>,
    /// Under which condition
    pub when: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct FunctionView {
    pub post: String,
    pub function: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    /// `own`: there and below; `head`: everywhere, if held at the head office; `any`: everywhere
    pub at: &'static str,
}

/// 权限矩阵 / Post × matter × step, and functions of posts
#[utoipa::path(
    get, path = "/rights", tag = "organisation", params(RightsQuery),
    responses((status = 200, body = RightsView), Problems),
    extensions(("x-function" = json!("organisation.read")))
)]
async fn matrix(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<RightsQuery>,
) -> Result<Json<RightsView>, Problem> {
    let look = app.look_as(&caller, Function::OrganisationRead, |state, _| {
        Ok(std::sync::Arc::clone(&state.rulebook))
    });
    let rulebook = look.await?;
    let is = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
    let rights = rights::rights(&rulebook).into_iter();
    let rights = rights.filter(|one| is(&asked.post, &one.post) && is(&asked.matter, &one.matter));
    let rights = rights.map(|right| {
        let Right { post, matter, step, role, at, count, up_to, when } = right;
        let post = (post != rights::NAMED).then_some(post);
        RightView { post, matter, step, role, at, count, up_to, when }
    });
    let functions = rights::functions(&rulebook).into_iter();
    // Who asks about one matter is not answered with what is no matter.
    let functions = functions.filter(|one| is(&asked.post, &one.post) && asked.matter.is_empty());
    let functions = functions.map(|FunctionRight { post, function, at }| FunctionView {
        post,
        function: function.code(),
        zh: function.zh(),
        en: function.en(),
        at: at.word(),
    });
    Ok(Json(RightsView { rights: rights.collect(), functions: functions.collect() }))
}
