//! One matter: its values, where it stands, who did what, and what the caller may do now.

use super::kinds::TitleView;
use crate::serve::app::{App, scope};
use crate::serve::extract::{Named, escaped, etag};
use crate::serve::problem::Problem;
use crate::serve::refusal;
use crate::serve::routes::Problems;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bank::State as Bank;
use bank::office::access::Function;
use bank::office::definition::Matter;
use bank::office::event::Going;
use bank::office::record::Record;
use bank::office::step::{Acting, still_needed};
use bank::office::value::{Value, shown};
use serde::Serialize;
use serde_json::Value as Json_;
use std::sync::Arc;
use utoipa::ToSchema;

/// A matter as lists show it.
#[derive(Clone, Serialize, ToSchema)]
pub struct MatterHead {
    pub id: u64,
    pub number: String,
    /// Kind of matter
    pub code: String,
    pub title: TitleView,
    pub institution: String,
    pub opener: String,
    pub opened: String,
    /// Name of the step or, in brackets, of the end
    pub at: String,
    pub at_title: TitleView,
    pub has_ended: bool,
    /// Last day of it, once it has ended
    pub ended: Option<String>,
    /// Microseconds since 1970-01-01 UTC
    pub due: Option<i64>,
    pub overdue: bool,
    pub version: u64,
}

#[derive(Serialize, ToSchema)]
pub struct MatterView {
    #[serde(flatten)]
    pub head: MatterHead,
    pub opened_at: i64,
    /// By the names of the fields
    #[schema(value_type = Object)]
    pub values: Json_,
    pub hands: Vec<HandGiven>,
    pub trace: Vec<TraceView>,
    /// Numbers of the entries that it posted
    pub entries: Vec<u64>,
    /// Operators that it was copied to, and whether they have read it
    pub copies: Vec<CopyView>,
    /// Who alone may act
    pub assigned: Option<String>,
    /// Whose added signatures are missing
    pub signers: Vec<String>,
    pub urged: u32,
    /// Hands that the step still needs
    pub needed: Vec<NeededView>,
    /// Whether the caller may put a hand to the step, and if not, why
    pub may_act: bool,
    pub why_not: Option<WhyNot>,
}

#[derive(Serialize, ToSchema)]
pub struct HandGiven {
    pub step: String,
    #[serde(rename = "as")]
    #[schema(rename = "as")]
    pub role: &'static str,
    pub role_zh: &'static str,
    pub operator: String,
    pub name: String,
    pub instead_of: String,
    pub at: i64,
}

#[derive(Serialize, ToSchema)]
pub struct TraceView {
    pub at: i64,
    pub by: String,
    /// The step, or the office verb
    pub what: String,
    pub note: String,
}

#[derive(Serialize, ToSchema)]
pub struct CopyView {
    pub operator: String,
    pub read: bool,
}

#[derive(Serialize, ToSchema)]
pub struct NeededView {
    #[serde(rename = "as")]
    #[schema(rename = "as")]
    pub role: &'static str,
    pub role_zh: &'static str,
    pub count: usize,
    /// Post that the amount asks for
    pub post: Option<String>,
    /// Who was named
    pub who: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct WhyNot {
    pub code: &'static str,
    pub zh: String,
    pub en: String,
}

pub fn at_title(matter: Option<&Matter>, going: &Going) -> TitleView {
    let found = matter.and_then(|matter| match going {
        Going::Step(name) => {
            matter.steps.iter().find(|one| one.name == *name).map(|one| &one.title)
        }
        Going::End(name) => matter.ends.iter().find(|(end, _)| end == name).map(|(_, title)| title),
    });
    let word = going.to_string();
    found.map_or(TitleView { zh: word.clone(), en: word }, TitleView::from)
}

/// The kind of a matter, as the rulebook has it that the matter keeps.
pub fn kind_of(state: &Bank, record: &Record) -> Option<Arc<Matter>> {
    let rulebook: Arc<bank::rulebook::Rulebook> = state.office.rulebook_of(&state.rulebook, record);
    rulebook.office.matters.get(&record.code).cloned()
}

pub fn head(state: &Bank, record: &Record, now: i64) -> MatterHead {
    let matter = kind_of(state, record);
    let title = matter.as_ref().map(|matter| TitleView::from(&matter.title));
    MatterHead {
        id: record.id,
        number: record.number.clone(),
        code: record.code.clone(),
        title: title
            .unwrap_or_else(|| TitleView { zh: record.code.clone(), en: record.code.clone() }),
        institution: state.book.institution(record.institution).code.clone(),
        opener: record.opener.clone(),
        opened: record.opened.to_string(),
        at: record.at.to_string(),
        at_title: at_title(matter.as_deref(), &record.at),
        has_ended: record.has_ended(),
        ended: record.ended.map(|day| day.to_string()),
        due: record.due,
        overdue: record.is_late(now),
        version: record.version,
    }
}

/// Whether a matter is the caller's to see: they have or had a hand in it, it waits for them, they
/// are named in it, or their posts let them see what others do.
pub fn may_see(state: &Bank, caller: &Caller, record: &Record, now: i64) -> bool {
    let all = scope(state, caller, Function::MattersReadAll);
    let all = all.is_ok_and(|scope| scope.covers(&state.book, record.institution));
    if !caller.matters {
        // What is its operator's own is not for a system that has nothing to do with matters.
        return all;
    }
    let me = caller.operator.as_str();
    let named = |value: &Value| match value {
        Value::Code(one) => one == me,
        Value::Codes(all) => all.iter().any(|one| one == me),
        _ => false,
    };
    let own = record.opener == me
        || record.hands.iter().any(|hand| hand.operator == me || hand.instead_of == me)
        || record.copies.contains_key(me)
        || record.signers.iter().any(|signer| signer == me)
        || record.delegated.iter().any(|(_, to)| to == me)
        || record.assigned.as_deref() == Some(me)
        || record.values.values().any(named);
    own || all || acting(state, record, me, now).is_ok()
}

fn acting(state: &Bank, record: &Record, me: &str, now: i64) -> Result<(), ledger::Refusal> {
    let matter = kind_of(state, record);
    let matter = matter.ok_or_else(|| bank::office::refusal::unknown_matter_kind(&record.code))?;
    let (book, people) = (&state.book, &state.office.people);
    Acting { book, people, matter: &matter, record, now }.hand_of(me).map(drop)
}

fn needed(state: &Bank, matter: &Matter, record: &Record) -> Vec<NeededView> {
    let Some(step) = record.step(matter) else { return Vec::new() };
    let hands = matter.steps[step].hands.iter().enumerate();
    let needed = hands.filter_map(|(at, hand)| {
        let count = still_needed(&state.book, matter, record, at);
        let (role_zh, role) = crate::messages::role(hand.role);
        let band = bank::office::step::band(&state.book, matter, record, hand);
        let named = hand.who.and_then(|field| record.value(&matter.fields[field].name));
        let who = match named {
            Some(Value::Code(one)) => vec![one.clone()],
            Some(Value::Codes(all)) => all.clone(),
            _ => Vec::new(),
        };
        let post = band.and_then(|band| band.post.clone());
        (count > 0).then_some(NeededView { role, role_zh, count, post, who })
    });
    needed.collect()
}

/// What the fields of a matter hold, as the interface shows it.
pub fn values(state: &Bank, record: &Record) -> Json_ {
    match kind_of(state, record) {
        Some(matter) => shown(&record.values, &matter.fields),
        None => serde_json::json!(record.values),
    }
}

fn view(state: &Bank, caller: &Caller, record: &Record, now: i64) -> MatterView {
    let matter = kind_of(state, record);
    let name = |operator: &str| {
        let known = state.office.people.operators.get(operator);
        known.map_or(String::new(), |one| one.name.clone())
    };
    let hands = record.hands.iter().map(|hand| {
        let (role_zh, role) = crate::messages::role(hand.role);
        HandGiven {
            step: hand.step.clone(),
            role,
            role_zh,
            operator: hand.operator.clone(),
            name: name(&hand.operator),
            instead_of: hand.instead_of.clone(),
            at: hand.at,
        }
    });
    let trace = record.trace.iter().map(|one| TraceView {
        at: one.at,
        by: one.by.clone(),
        what: one.what.clone(),
        note: one.note.clone(),
    });
    let copies = record
        .copies
        .iter()
        .map(|(operator, read)| CopyView { operator: operator.clone(), read: *read });
    let may = acting(state, record, &caller.operator, now);
    MatterView {
        head: head(state, record, now),
        opened_at: record.opened_at,
        values: values(state, record),
        hands: hands.collect(),
        trace: trace.collect(),
        entries: record.entries.iter().map(|entry| entry.0).collect(),
        copies: copies.collect(),
        assigned: record.assigned.clone(),
        signers: record.signers.clone(),
        urged: record.urged,
        needed: matter.map_or(Vec::new(), |matter| needed(state, &matter, record)),
        may_act: may.is_ok(),
        why_not: may.err().map(|no| WhyNot { code: no.code, zh: no.zh, en: no.en }),
    }
}

/// A matter that the caller may see: an open one from the state, an ended one from the store.
pub async fn seen<T: Send + 'static>(
    app: &App,
    caller: &Caller,
    id: u64,
    show: impl Fn(&Bank, &Caller, &Record, i64) -> T + Clone + Send + 'static,
) -> Result<T, Problem> {
    let now = app.now();
    let (who, of_open) = (caller.clone(), show.clone());
    let open = app.node.look(move |state| {
        let record = state.office.records.open.get(&id)?;
        Some(may_see(state, &who, record, now).then(|| of_open(state, &who, record, now)))
    });
    let unknown = || Problem::from(bank::office::refusal::unknown_matter(id));
    if let Some(found) = open.await? {
        return found.ok_or_else(unknown);
    }
    let kept = app.node.store(move |store, bank| store.record(bank, id)).await?;
    let kept = kept.ok_or_else(unknown)?;
    let record: Record = serde_json::from_slice(&kept.body).map_err(anyhow::Error::from)?;
    let who = caller.clone();
    let ended = app.node.look(move |state| {
        may_see(state, &who, &record, now).then(|| show(state, &who, &record, now))
    });
    ended.await?.ok_or_else(unknown)
}

/// 查看事项 / One matter
#[utoipa::path(
    get, path = "/matters/{id}", tag = "matters", params(("id" = u64, Path,)),
    responses((status = 200, body = MatterView, headers(("ETag" = String,))), Problems),
    extensions(("x-function" = json!("anyone")))
)]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Named(id): Named<u64>,
) -> Result<Response, Problem> {
    let view = seen(&app, &caller, id, view).await?;
    Ok((etag(view.head.version), Json(view)).into_response())
}

/// 下载附件 / A file that was attached to a matter
#[utoipa::path(
    get, path = "/matters/{id}/attachments/{sha256}", tag = "matters",
    params(("id" = u64, Path,), ("sha256" = String, Path,)),
    responses((status = 200, content_type = "application/octet-stream"), Problems),
    extensions(("x-function" = json!("anyone")))
)]
pub async fn attachment(
    State(app): State<App>,
    caller: Caller,
    Named((id, sha256)): Named<(u64, String)>,
) -> Result<Response, Problem> {
    let wanted = sha256.clone();
    let named = seen(&app, &caller, id, move |_, _, record: &Record, _| {
        let files = record.values.values().filter_map(|value| match value {
            Value::Attachments(files) => Some(files),
            _ => None,
        });
        files.flatten().find(|file| file.sha256 == wanted).map(|file| file.name.clone())
    });
    let name = named.await?.ok_or_else(|| refusal::not_found("attachment"))?;
    let digest = ledger::hex::digest(&sha256).ok_or_else(|| refusal::not_found("attachment"))?;
    let found = app.node.store(move |store, bank| store.get_document(bank, &digest)).await?;
    let bytes = found.ok_or_else(|| refusal::not_found("attachment"))?;
    // Always a download: what others attached is never run as a page of ours.
    let name = escaped(&name);
    let disposition = format!("attachment; filename*=UTF-8''{name}");
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let stream = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, stream);
    if let Ok(value) = HeaderValue::try_from(disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
