//! Lists of matters: under way or ended, filtered, newest first, page by page; and work queues.

use super::kinds::TitleView;
use super::record::{MatterHead, head, may_see, values};
use crate::serve::app::{App, scope};
use crate::serve::extract::{Asked, day_of, on_a_page};
use crate::serve::problem::Problem;
use crate::serve::routes::Problems;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use bank::State as Bank;
use bank::office::access::Function;
use bank::office::event::Going;
use bank::office::people::is_below;
use bank::office::queue::{self, Queue};
use bank::office::record::Record;
use ledger::{Day, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{RecordHead, RecordQuery};
use utoipa::{IntoParams, ToSchema};

#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MatterQuery {
    /// `open` (default), `ended`
    #[serde(default)]
    pub state: String,
    /// Kind of matter
    #[serde(default)]
    pub code: String,
    /// Code of an institution, with those below it
    #[serde(default)]
    pub institution: String,
    #[serde(default)]
    pub opener: String,
    /// The matter's own number
    #[serde(default)]
    pub number: String,
    /// Name of the step, or of the end
    #[serde(default)]
    pub at: String,
    /// First day: of opening, or of the end of ended ones
    #[serde(default)]
    pub from: Option<String>,
    #[serde(default)]
    pub until: Option<String>,
    /// Only those that are late
    #[serde(default)]
    pub late: bool,
    /// Whether what their fields hold comes too
    #[serde(default)]
    pub values: bool,
    /// Where the page before ended
    #[serde(default)]
    pub cursor: Option<u64>,
    #[serde(default)]
    pub limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub struct MatterPage {
    pub matters: Vec<MatterHead>,
    /// What the fields of each hold, in the same order, if it was asked for
    #[schema(value_type = Vec<Object>)]
    pub values: Vec<Value>,
    /// Ask with it for the next page
    pub cursor: Option<u64>,
}

/// 事项一览 / Matters, newest first
#[utoipa::path(
    get, path = "/matters", tag = "matters", params(MatterQuery),
    responses((status = 200, body = MatterPage), Problems),
    extensions(("x-function" = json!("anyone")))
)]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<MatterQuery>,
) -> Result<Json<MatterPage>, Problem> {
    let days = (day_of(asked.from.as_deref(), "from")?, day_of(asked.until.as_deref(), "until")?);
    let limit = on_a_page(asked.limit);
    let page = match asked.state.as_str() {
        "" | "open" => open(&app, caller, asked, days, limit).await?,
        "ended" => ended(&app, caller, asked, days, limit).await?,
        other => {
            return Err(bank::office::refusal::not_a_choice("state", other, "open, ended").into());
        }
    };
    Ok(Json(page))
}

async fn open(
    app: &App,
    caller: Caller,
    asked: MatterQuery,
    (from, until): (Option<Day>, Option<Day>),
    limit: usize,
) -> Result<MatterPage, Problem> {
    let now = app.now();
    let look = move |state: &Bank| {
        let top = institution(state, &asked.institution)?;
        let before = asked.cursor.unwrap_or(u64::MAX);
        let fits = |record: &&Record| {
            let is = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
            let at = matches!(&record.at, Going::Step(step) if is(&asked.at, step));
            at && is(&asked.code, &record.code)
                && is(&asked.opener, &record.opener)
                && is(&asked.number, &record.number)
                && from.is_none_or(|from| record.opened >= from)
                && until.is_none_or(|until| record.opened <= until)
                && (!asked.late || record.due.is_some_and(|due| due < now))
                && top.is_none_or(|top| is_below(&state.book, record.institution, top))
                && may_see(state, &caller, record, now)
        };
        let mut found = state.office.records.open.range(..before).rev().map(|(_, one)| one);
        let mut found = found.by_ref().filter(fits);
        let shown: Vec<&Record> = found.by_ref().take(limit).collect();
        let matters: Vec<MatterHead> = shown.iter().map(|one| head(state, one, now)).collect();
        let with = shown.into_iter().filter(|_| asked.values);
        let values = with.map(|one| values(state, one)).collect();
        let more = matters.len() == limit && found.next().is_some();
        let cursor = matters.last().filter(|_| more).map(|last| last.id);
        Ok::<_, Refusal>(MatterPage { matters, values, cursor })
    };
    Ok(app.node.look(look).await??)
}

fn institution(state: &Bank, code: &str) -> Result<Option<ledger::entry::InstitutionId>, Refusal> {
    if code.is_empty() {
        return Ok(None);
    }
    let found = state.book.institution_by_code(code);
    found.map(Some).ok_or_else(|| ledger::refusal::unknown_institution(code))
}

/// Ended matters come from the store; who may not see what others did sees what they opened.
async fn ended(
    app: &App,
    caller: Caller,
    asked: MatterQuery,
    (from, until): (Option<Day>, Option<Day>),
    limit: usize,
) -> Result<MatterPage, Problem> {
    let (wanted, who) = (asked.institution.clone(), caller.clone());
    let within = app.node.look(move |state| {
        let top = institution(state, &wanted)?;
        let Ok(scope) = scope(state, &who, Function::MattersReadAll) else { return Ok(None) };
        let book = &state.book;
        let all = (0_u16..)
            .zip(&book.institutions)
            .map(|(id, one)| (ledger::entry::InstitutionId(id), one.code.clone()));
        let fits = |id| scope.covers(book, id) && top.is_none_or(|top| is_below(book, id, top));
        let codes: Vec<String> = all.filter(|(id, _)| fits(*id)).map(|(_, code)| code).collect();
        Ok::<_, Refusal>(Some(if codes.len() == book.institutions.len() {
            Vec::new()
        } else {
            codes
        }))
    });
    let some = |text: String| (!text.is_empty()).then_some(text);
    let mut query = RecordQuery {
        code: some(asked.code),
        state: some(asked.at),
        opener: some(asked.opener),
        number: some(asked.number),
        ended_from: from.map(|day| day.0),
        ended_until: until.map(|day| day.0),
        before: asked.cursor,
        limit,
        ..RecordQuery::default()
    };
    match within.await?? {
        Some(codes) => query.institutions = codes,
        None if !caller.matters => {
            return Ok(MatterPage { matters: Vec::new(), values: Vec::new(), cursor: None });
        }
        None if query.opener.as_ref().is_none_or(|opener| *opener == caller.operator) => {
            query.opener = Some(caller.operator);
            query.institutions.extend(some(asked.institution));
        }
        // What others opened is not theirs to see.
        None => return Ok(MatterPage { matters: Vec::new(), values: Vec::new(), cursor: None }),
    }
    let whole = asked.values;
    let found = app.node.store(move |store, bank| {
        let heads = store.records(bank, &query)?;
        let wanted = heads.iter().filter(|_| whole);
        let bodies = wanted.map(|head| store.record(bank, head.id));
        let bodies: Result<Vec<_>, _> = bodies.collect();
        Ok((heads, bodies?))
    });
    let (heads, bodies) = found.await?;
    let records: Result<Vec<Record>, _> =
        bodies.into_iter().flatten().map(|kept| serde_json::from_slice(&kept.body)).collect();
    let records = records.map_err(anyhow::Error::from)?;
    let cursor = heads.last().filter(|_| heads.len() == limit).map(|last| last.id);
    let page = app.node.look(move |state| MatterPage {
        matters: heads.into_iter().map(|head| of_kept(state, head)).collect(),
        values: records.iter().map(|record| values(state, record)).collect(),
        cursor,
    });
    page.await
}

fn of_kept(state: &Bank, kept: RecordHead) -> MatterHead {
    let matter = state.rulebook.office.matters.get(&kept.code);
    let plain = |text: &str| TitleView { zh: text.to_owned(), en: text.to_owned() };
    let end = matter.and_then(|matter| matter.ends.iter().find(|(end, _)| *end == kept.state));
    MatterHead {
        id: kept.id,
        number: kept.number,
        title: matter.map_or_else(|| plain(&kept.code), |matter| (&matter.title).into()),
        code: kept.code,
        institution: kept.institution,
        opener: kept.opener,
        opened: Day(kept.opened).to_string(),
        at: format!("[{}]", kept.state),
        at_title: end.map_or_else(|| plain(&kept.state), |(_, title)| title.into()),
        has_ended: true,
        ended: Some(Day(kept.ended).to_string()),
        due: None,
        overdue: false,
        version: 0,
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    /// `mine` (default), `copied`, `opened`, `post` or `institution`
    #[serde(default)]
    pub queue: String,
    /// Of the queue of a post
    #[serde(default)]
    pub post: String,
    /// Of the queue of an institution and those below it
    #[serde(default)]
    pub institution: String,
    /// Where the page before ended
    #[serde(default)]
    pub cursor: Option<usize>,
    #[serde(default)]
    pub limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub struct QueuePage {
    pub matters: Vec<MatterHead>,
    /// How many wait in all, and how many of them are late
    pub waiting: usize,
    pub late: usize,
    pub cursor: Option<usize>,
}

/// 待办 / What waits: the late first, then by deadline
#[utoipa::path(
    get, path = "/queue", tag = "matters", params(QueueQuery),
    responses((status = 200, body = QueuePage), Problems),
    extensions(("x-function" = json!("matters")))
)]
pub async fn queue(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<QueueQuery>,
) -> Result<Json<QueuePage>, Problem> {
    caller.check_matters()?;
    let now = app.now();
    let limit = on_a_page(asked.limit);
    let look = move |state: &Bank| {
        let queue = match asked.queue.as_str() {
            "" | "mine" => Queue::Mine,
            "copied" => Queue::Copied,
            "opened" => Queue::Opened,
            "post" => Queue::Post(asked.post.clone()),
            "institution" => {
                let top = institution(state, &asked.institution)?;
                let top = top.ok_or_else(|| ledger::refusal::missing("institution"))?;
                let scope = scope(state, &caller, Function::MattersReadAll)?;
                if !scope.covers(&state.book, top) {
                    return Err(ledger::refusal::unknown_institution(&asked.institution));
                }
                Queue::Institution(top)
            }
            other => {
                let known = "mine, copied, opened, post, institution";
                return Err(bank::office::refusal::not_a_choice("queue", other, known));
            }
        };
        let all = queue::list(state, &caller.operator, &queue, now);
        let from = asked.cursor.unwrap_or(0);
        let shown = all.iter().skip(from).take(limit);
        let matters: Vec<MatterHead> = shown.map(|one| head(state, one.record, now)).collect();
        let end = from + matters.len();
        Ok(QueuePage {
            waiting: all.len(),
            late: all.iter().filter(|one| one.overdue).count(),
            cursor: (end < all.len()).then_some(end),
            matters,
        })
    };
    Ok(Json(app.node.look(look).await??))
}
