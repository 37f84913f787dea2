//! Lists of matters: under way or ended, filtered, newest first, page by page; and work queues.

use super::kinds::TitleView;
use super::record::{MatterHead, head, may_see, values};
use crate::serve::app::{App, scope};
use crate::serve::extract::{self, Asked, day_of, on_a_page};
use crate::serve::problem::Problem;
use crate::serve::routes::Problems;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use bank::State as Bank;
use bank::office::access::Function;
use bank::office::event::{Going, Instant};
use bank::office::people::is_below;
use bank::office::queue::{self, Queue};
use bank::office::record::{Record, Records};
use bank::office::refusal::not_a_choice;
use ledger::{Day, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{RecordHead, RecordOrder, RecordQuery};
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
    /// `-opened` (default: newest first), `opened`, and of those under way `due` or `-due`: what
    /// has no deadline comes last
    #[serde(default)]
    pub sort: String,
    /// Where the page before ended, in the same order
    #[serde(default)]
    pub cursor: String,
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
    pub cursor: Option<String>,
}

/// In which order matters are listed. What a page ended with says where the next begins, also when
/// that matter has gone on meanwhile.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Newest,
    Oldest,
    Soonest,
    Latest,
}

impl Order {
    fn read(text: &str, state: &str) -> Result<Self, Refusal> {
        match (text, state) {
            ("" | "-opened", _) => Ok(Self::Newest),
            ("opened", _) => Ok(Self::Oldest),
            ("due", "open" | "") => Ok(Self::Soonest),
            ("-due", "open" | "") => Ok(Self::Latest),
            (other, "ended") => Err(not_a_choice("sort", other, "opened, -opened")),
            (other, _) => Err(not_a_choice("sort", other, "opened, -opened, due, -due")),
        }
    }

    /// What comes behind a matter in this order, as far as it is under way.
    fn behind(self, open: &Records, last: Option<Last>) -> Box<dyn Iterator<Item = &Record> + '_> {
        let from = last.map_or(0, |last| last.id.saturating_add(1));
        let oldest = move |from| open.open.range(from..).map(|(_, one)| one);
        // Of those with a deadline, if the page before ended among them; then those without.
        let due = last.and_then(|last| Some((last.due?, last.id)));
        let rest = |from| oldest(from).filter(|one| one.due.is_none());
        match self {
            Self::Newest => {
                let until = last.map_or(u64::MAX, |last| last.id);
                Box::new(open.open.range(..until).rev().map(|(_, one)| one))
            }
            Self::Oldest => Box::new(oldest(from)),
            _ if last.is_some_and(|last| last.due.is_none()) => Box::new(rest(from)),
            Self::Soonest => Box::new(open.due_behind(due).chain(rest(0))),
            Self::Latest => Box::new(open.due_before(due).chain(rest(0))),
        }
    }
}

/// The last matter of a page: its deadline, if the order is by that and it has one, and its id.
#[derive(Clone, Copy)]
struct Last {
    due: Option<Instant>,
    id: u64,
}

impl Last {
    fn read(text: &str) -> Result<Option<Self>, Refusal> {
        extract::cursor(text, |text| match text.split_once('.') {
            Some((due, id)) => Some(Self { due: Some(due.parse().ok()?), id: id.parse().ok()? }),
            None => Some(Self { due: None, id: text.parse().ok()? }),
        })
    }

    fn written(order: Order, head: &MatterHead) -> String {
        match (order, head.due) {
            (Order::Soonest | Order::Latest, Some(due)) => format!("{due}.{}", head.id),
            _ => head.id.to_string(),
        }
    }
}

/// 事项一览 / Matters, newest first unless asked for otherwise
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
        other => return Err(not_a_choice("state", other, "open, ended").into()),
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
    let (order, last) = (Order::read(&asked.sort, &asked.state)?, Last::read(&asked.cursor)?);
    let look = move |state: &Bank| {
        let top = institution(state, &asked.institution)?;
        let fits = |record: &&Record| {
            let is = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
            let at = matches!(&record.at, Going::Step(step) if is(&asked.at, step));
            at && is(&asked.code, &record.code)
                && is(&asked.opener, &record.opener)
                && is(&asked.number, &record.number)
                && from.is_none_or(|from| record.opened >= from)
                && until.is_none_or(|until| record.opened <= until)
                && (!asked.late || record.is_late(now))
                && top.is_none_or(|top| is_below(&state.book, record.institution, top))
                && may_see(state, &caller, record, now)
        };
        let mut found = order.behind(&state.office.records, last).filter(fits);
        let shown: Vec<&Record> = found.by_ref().take(limit).collect();
        let matters: Vec<MatterHead> = shown.iter().map(|one| head(state, one, now)).collect();
        let with = shown.into_iter().filter(|_| asked.values);
        let values = with.map(|one| values(state, one)).collect();
        let more = matters.len() == limit && found.next().is_some();
        let cursor = matters.last().filter(|_| more).map(|last| Last::written(order, last));
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
    let order = match Order::read(&asked.sort, &asked.state)? {
        Order::Oldest => RecordOrder::OldestFirst,
        _ => RecordOrder::NewestFirst,
    };
    let behind = Last::read(&asked.cursor)?.map(|last| last.id);
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
        order,
        behind,
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
    let cursor = heads.last().filter(|_| heads.len() == limit).map(|last| last.id.to_string());
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
                return Err(not_a_choice("queue", other, known));
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
