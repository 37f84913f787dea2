//! The business day (营业日): where it stands, opening it, stopping institutions, closing it, and the
//! certificates of days that are closed.

use super::Problems;
use crate::closing;
use crate::messages::{self, Say};
use crate::serve::app::{App, at, scope_of_any, whole_bank};
use crate::serve::day_close::{self, Progress};
use crate::serve::extract::{self, Asked, Body, Named};
use crate::serve::problem::{Problem, ProblemBody};
use crate::serve::refusal;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use bank::office::access::Function;
use bank::{Answer, Command, State as Bank};
use history::decode_facts;
use ledger::book::{Book, Phase};
use ledger::close::{Certificate, Step};
use ledger::entry::InstitutionId;
use ledger::fact::Fact;
use ledger::{Day, money};
use serde::{Deserialize, Serialize};
use store::{Store, StoreError};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Who may see where the day stands.
const READERS: [Function; 3] = [Function::DayRun, Function::MonitorRead, Function::BooksRead];

const PAGE: usize = 20;
const PAGE_MAX: usize = 200;

/// Where a client looks for what becomes of a close.
const PROGRESS: &str = "/api/v1/day/close";

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(open))
        .routes(routes!(close_institution))
        .routes(routes!(reopen_institution))
        .routes(routes!(close_institutions))
        .routes(routes!(progress, close))
        .routes(routes!(certificates))
        .routes(routes!(certificate))
}

/// Where the business day stands.
#[derive(Serialize, ToSchema)]
pub struct DayView {
    pub business_date: String,
    /// `open`, `closing` or `closed`
    pub phase: String,
    /// The day that is opened after this one
    pub next_business_day: String,
    /// Those that the caller may see
    pub institutions: Vec<InstitutionDay>,
    pub steps: Vec<CloseStepView>,
}

#[derive(Serialize, ToSchema)]
pub struct InstitutionDay {
    pub code: String,
    pub zh: String,
    pub en: String,
    /// 已签退: it has stopped for this day
    pub closed: bool,
}

/// A step of the close.
#[derive(Serialize, ToSchema)]
pub struct CloseStepView {
    pub code: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub done: bool,
    /// What it found
    pub note: Option<String>,
}

/// 营业日 / Where the business day stands
#[utoipa::path(
    get, path = "/day", tag = "day", responses((status = 200, body = DayView), Problems),
    extensions(("x-function" = json!("day.run monitor.read books.read")))
)]
async fn show(State(app): State<App>, caller: Caller) -> Result<Json<DayView>, Problem> {
    let look = move |state: &Bank| {
        let scope = scope_of_any(state, &caller, &READERS)?;
        let book = &state.book;
        let ids = (0_u16..).map(InstitutionId).zip(&book.institutions);
        let seen = ids.filter(|(id, _)| scope.covers(book, *id));
        let institutions = seen.map(|(_, one)| InstitutionDay {
            code: one.code.clone(),
            zh: one.title.zh.clone(),
            en: one.title.en.clone(),
            closed: book.phase != Phase::Open || one.closed == Some(book.today),
        });
        Ok::<_, ledger::Refusal>(DayView {
            business_date: book.today.to_string(),
            phase: book.phase.code().to_owned(),
            next_business_day: book.chart.calendar.next_business_day(book.today).to_string(),
            institutions: institutions.collect(),
            steps: Step::ALL.map(|step| step_view(book, step)).into(),
        })
    };
    Ok(Json(app.node.look(look).await??))
}

fn step_view(book: &Book, step: Step) -> CloseStepView {
    let note = book.steps.get(step.code()).cloned();
    let (code, zh, en) = (step.code(), step.zh(), step.en());
    CloseStepView { code, zh, en, done: note.is_some(), note }
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpenDayForm {
    /// Left out: the next business day
    pub day: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct DayOpened {
    pub business_date: String,
}

/// 日初开账 / Open the business day
#[utoipa::path(
    post, path = "/day/open", tag = "day", request_body = OpenDayForm,
    responses((status = 200, body = DayOpened), Problems),
    extensions(("x-function" = json!("day.run")))
)]
async fn open(
    State(app): State<App>,
    caller: Caller,
    Body(form): Body<OpenDayForm>,
) -> Result<Json<DayOpened>, Problem> {
    let day = extract::day_of(form.day.as_deref(), "day")?;
    let guard = whole_bank(&caller, Function::DayRun);
    let opened = app.ask_as(&caller, Function::DayRun, guard, Command::OpenDay { day }).await?;
    let Answer::Day(day) = opened else { unreachable!("opening a day answers it") };
    Ok(Json(DayOpened { business_date: day.to_string() }))
}

/// 机构签退 / Stop one institution for the day
#[utoipa::path(
    post, path = "/institutions/{code}/close", tag = "day", params(("code" = String, Path,)),
    responses((status = 204), Problems),
    extensions(("x-function" = json!("day.run")))
)]
async fn close_institution(
    State(app): State<App>,
    caller: Caller,
    Named(code): Named<String>,
) -> Result<StatusCode, Problem> {
    let by = caller.operator.clone();
    let command = Command::CloseInstitution { institution: code.clone(), by };
    app.ask_as(&caller, Function::DayRun, at(code), command).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenForm {
    pub reason: String,
}

/// 撤销机构签退 / Let an institution go on after it has stopped
#[utoipa::path(
    post, path = "/institutions/{code}/reopen", tag = "day", params(("code" = String, Path,)),
    request_body = ReopenForm, responses((status = 204), Problems),
    extensions(("x-function" = json!("day.run")))
)]
async fn reopen_institution(
    State(app): State<App>,
    caller: Caller,
    Named(code): Named<String>,
    Body(form): Body<ReopenForm>,
) -> Result<StatusCode, Problem> {
    let (by, reason) = (caller.operator.clone(), form.reason);
    let command = Command::ReopenInstitution { institution: code.clone(), by, reason };
    app.ask_as(&caller, Function::DayRun, at(code), command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 全行签退 / Stop every institution for the day
#[utoipa::path(
    post, path = "/day/close-institutions", tag = "day", responses((status = 204), Problems),
    extensions(("x-function" = json!("day.run")))
)]
async fn close_institutions(State(app): State<App>, caller: Caller) -> Result<StatusCode, Problem> {
    let guard = whole_bank(&caller, Function::DayRun);
    let command = Command::CloseInstitutions { by: caller.operator.clone() };
    app.ask_as(&caller, Function::DayRun, guard, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CloseDayForm {
    /// Who accepts balances on zero-balance accounts
    pub accept: Option<String>,
}

/// A close that runs on this node, or the last that ran.
#[derive(Default, Serialize, ToSchema)]
pub struct CloseView {
    pub running: bool,
    /// Left out: none was started since the node was
    pub business_date: Option<String>,
    pub by: Option<String>,
    /// Microseconds since 1970-01-01 UTC
    pub began: Option<i64>,
    pub ended: Option<i64>,
    /// Those begun, in order; while it runs the last is not done
    pub steps: Vec<ProgressStep>,
    /// How many steps there are, if nothing has to be done twice
    pub of: u64,
    pub certificate: Option<CertificateView>,
    /// Why the day was not closed
    pub refusal: Option<RefusalView>,
}

#[derive(Serialize, ToSchema)]
pub struct ProgressStep {
    pub zh: &'static str,
    pub en: &'static str,
    pub done: bool,
}

#[derive(Serialize, ToSchema)]
pub struct RefusalView {
    pub code: &'static str,
    pub zh: String,
    pub en: String,
    pub field: String,
}

fn close_view(book: &Book, progress: Option<Progress>) -> CloseView {
    let of = closing::STEPS;
    let Some(progress) = progress else { return CloseView { of, ..CloseView::default() } };
    let running = progress.is_running();
    let refused = matches!(progress.outcome, Some(Err(_)));
    let count = progress.steps.len();
    // The step at which it was refused is not done either.
    let done = if running || refused { count.saturating_sub(1) } else { count };
    let steps = progress.steps.iter().enumerate();
    let steps = steps.map(|(at, (zh, en))| ProgressStep { zh, en, done: at < done });
    let steps = steps.collect();
    let (certificate, refusal) = match progress.outcome {
        None => (None, None),
        Some(Ok(certificate)) => (Some(certificate_view(book, certificate)), None),
        Some(Err(no)) => {
            let ledger::Refusal { code, zh, en, field, .. } = no;
            (None, Some(RefusalView { code, zh, en, field }))
        }
    };
    CloseView {
        running,
        business_date: Some(progress.day.to_string()),
        by: Some(progress.by),
        began: Some(progress.began),
        ended: progress.ended,
        steps,
        of,
        certificate,
        refusal,
    }
}

/// 日终进度 / How the close goes on
#[utoipa::path(
    get, path = "/day/close", tag = "day", responses((status = 200, body = CloseView), Problems),
    extensions(("x-function" = json!("day.run monitor.read books.read")))
)]
async fn progress(State(app): State<App>, caller: Caller) -> Result<Json<CloseView>, Problem> {
    let progress = app.day_close.progress();
    let look = move |state: &Bank| {
        scope_of_any(state, &caller, &READERS)?;
        Ok::<_, ledger::Refusal>(close_view(&state.book, progress))
    };
    Ok(Json(app.node.look(look).await??))
}

/// 日终 / Close the day: it is started, and `GET /day/close` says how it goes on
#[utoipa::path(
    post, path = "/day/close", tag = "day", request_body = CloseDayForm,
    responses(
        (status = 202, body = CloseView, headers(("Location" = String))),
        (status = 409, body = ProblemBody, content_type = "application/problem+json",
            description = "no day is open, or it is being closed already"),
        Problems,
    ),
    extensions(("x-function" = json!("day.run")))
)]
async fn close(
    State(app): State<App>,
    caller: Caller,
    Body(form): Body<CloseDayForm>,
) -> Result<(StatusCode, [(HeaderName, &'static str); 1], Json<CloseView>), Problem> {
    let guard = whole_bank(&caller, Function::DayRun);
    let look = app.look_as(&caller, Function::DayRun, move |state, scope| {
        guard(state, scope)?;
        match state.book.phase {
            Phase::Closed => Err(ledger::refusal::day_not_open()),
            Phase::Open | Phase::Closing => Ok(state.book.today),
        }
    });
    let begun = day_close::start(&app, look.await?, &caller.operator, form.accept)?;
    let view = app.node.look(move |state| close_view(&state.book, Some(begun))).await?;
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, PROGRESS)], Json(view)))
}

/// What was proved when a day closed.
#[derive(Serialize, ToSchema)]
pub struct CertificateView {
    pub day: String,
    /// Blocks of the day, and the hash of the last
    pub first_seq: u64,
    pub last_seq: u64,
    pub chain: String,
    pub entries: u64,
    pub lines: u64,
    pub totals: Vec<TotalView>,
    pub gl_digest: String,
    pub accounts_digest: String,
    pub checks: Vec<CheckView>,
    pub steps: Vec<CloseStepView>,
}

#[derive(Serialize, ToSchema)]
pub struct TotalView {
    pub unit: String,
    pub debit: String,
    pub credit: String,
}

#[derive(Serialize, ToSchema)]
pub struct CheckView {
    pub code: String,
    pub zh: String,
    pub en: String,
    pub passed: bool,
    pub found: String,
}

fn certificate_view(book: &Book, certificate: Certificate) -> CertificateView {
    let digits = |code: &str| {
        let unit = book.chart.units.iter().find(|unit| *unit.code == *code);
        unit.map_or(0, |unit| unit.digits)
    };
    let totals = certificate.totals.into_iter().map(|total| {
        let digits = digits(&total.unit);
        // The journal keeps minor units as text, beyond what a number of JSON holds.
        let plain = |text: &str| {
            text.parse().map_or_else(|_| text.to_owned(), |minor| money::plain(minor, digits))
        };
        let (debit, credit) = (plain(&total.debit), plain(&total.credit));
        TotalView { unit: total.unit, debit, credit }
    });
    let steps = Step::ALL.map(|step| {
        let note = certificate.steps.get(step.code()).cloned();
        let (code, zh, en) = (step.code(), step.zh(), step.en());
        CloseStepView { code, zh, en, done: note.is_some(), note }
    });
    let check = |check: ledger::close::Check| {
        let ledger::close::Check { code, passed, found } = check;
        let Say { zh, en } = messages::check(&code);
        CheckView { code, zh, en, passed, found }
    };
    CertificateView {
        day: certificate.day.to_string(),
        first_seq: certificate.first_seq,
        last_seq: certificate.last_seq,
        chain: certificate.chain,
        entries: certificate.entries,
        lines: certificate.lines,
        totals: totals.collect(),
        gl_digest: certificate.gl_digest,
        accounts_digest: certificate.accounts_digest,
        checks: certificate.checks.into_iter().map(check).collect(),
        steps: steps.into(),
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CertificateQuery {
    /// Where the page before ended
    #[serde(default)]
    pub cursor: Option<u64>,
    #[serde(default)]
    pub limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub struct CertificatePage {
    pub certificates: Vec<CertificateView>,
    /// Ask with it for the next page
    pub cursor: Option<u64>,
}

/// 日终证书一览 / Certificates of closed days, newest first
#[utoipa::path(
    get, path = "/day/certificates", tag = "day", params(CertificateQuery),
    responses((status = 200, body = CertificatePage), Problems),
    extensions(("x-function" = json!("day.run monitor.read books.read")))
)]
async fn certificates(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<CertificateQuery>,
) -> Result<Json<CertificatePage>, Problem> {
    let limit = asked.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let newest = newest_closing(&app, caller).await?;
    let Some(from) = asked.cursor.or(newest) else {
        return Ok(Json(CertificatePage { certificates: Vec::new(), cursor: None }));
    };
    let walk = app.node.store(move |store, bank| {
        let (mut found, mut seq) = (Vec::new(), from);
        while seq > 0 && found.len() < limit {
            // The day before ends with the block before the first of this day.
            let Some(certificate) = closing_at(store, bank, seq)? else { return Ok((found, 0)) };
            seq = certificate.first_seq.saturating_sub(1);
            found.push(certificate);
        }
        Ok((found, seq))
    });
    let (found, rest) = walk.await?;
    let view = app.node.look(move |state| {
        let views = found.into_iter().map(|one| certificate_view(&state.book, one));
        views.collect::<Vec<_>>()
    });
    let cursor = (rest > 0).then_some(rest);
    Ok(Json(CertificatePage { certificates: view.await?, cursor }))
}

/// The block that closed the newest day, for who may see it.
async fn newest_closing(app: &App, caller: Caller) -> Result<Option<u64>, Problem> {
    let look = move |state: &Bank| {
        scope_of_any(state, &caller, &READERS)?;
        // A day is closed by the block behind its own, which holds nothing else.
        Ok::<_, ledger::Refusal>(state.book.certificate.as_ref().map(|last| last.last_seq + 1))
    };
    Ok(app.node.look(look).await??)
}

/// The certificate of the day that this block closes.
fn closing_at(
    store: &mut dyn Store,
    bank: &str,
    seq: u64,
) -> Result<Option<Certificate>, StoreError> {
    let block = store.read(bank, seq, 1)?.into_iter().next().filter(|block| block.seq == seq);
    let facts = block.and_then(|block| decode_facts(&block.payload).ok());
    let certificate = facts.into_iter().flat_map(|facts| facts.facts).find_map(|placed| {
        match Fact::read(&placed.json).ok()? {
            Fact::DayClosed { certificate, .. } => Some(*certificate),
            _ => None,
        }
    });
    Ok(certificate)
}

/// The certificate of a day, looked for from the block that closed the newest day backwards.
fn closing_of(
    store: &mut dyn Store,
    bank: &str,
    (newest, day): (u64, Day),
) -> Result<Option<Certificate>, StoreError> {
    let mut seq = newest;
    while let Some(certificate) = closing_at(store, bank, seq)?.filter(|one| one.day >= day) {
        if certificate.day == day {
            return Ok(Some(certificate));
        }
        seq = certificate.first_seq.saturating_sub(1);
    }
    Ok(None)
}

/// 日终证书 / The certificate of a day
#[utoipa::path(
    get, path = "/day/certificates/{day}", tag = "day", params(("day" = String, Path,)),
    responses((status = 200, body = CertificateView), Problems),
    extensions(("x-function" = json!("day.run monitor.read books.read")))
)]
async fn certificate(
    State(app): State<App>,
    caller: Caller,
    Named(text): Named<String>,
) -> Result<Json<CertificateView>, Problem> {
    let day = extract::day(&text, "day")?;
    let newest = newest_closing(&app, caller).await?.unwrap_or(0);
    let found = app.node.store(move |store, bank| closing_of(store, bank, (newest, day))).await?;
    let certificate = found.ok_or_else(|| refusal::not_found("certificate"))?;
    let view = app.node.look(move |state| certificate_view(&state.book, certificate));
    Ok(Json(view.await?))
}
