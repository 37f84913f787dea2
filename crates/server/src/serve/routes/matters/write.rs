//! What is done with matters. Whether somebody may is the bank's to say; here it is only made sure
//! that nobody signs for somebody else.

use super::record;
use crate::serve::app::App;
use crate::serve::extract::{Asked, Body, Named, day, etag, if_match, key, too_large};
use crate::serve::problem::Problem;
use crate::serve::routes::Problems;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bank::office::form::RequestForm;
use bank::office::request::{Request, Said};
use bank::office::step::Signed;
use bank::office::value::{ATTACHMENT_MAX, Attachment};
use bank::{Answer, Command};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

/// What a request came to.
#[derive(Serialize, ToSchema)]
pub struct SaidView {
    pub id: u64,
    pub number: String,
    /// Name of the step or, in brackets, of the end
    pub at: String,
    pub version: u64,
    /// Number of the entry that was posted
    pub entry: Option<u64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenMatter {
    /// Kind of matter
    pub code: String,
    /// Left out: the institution of who opens it
    #[serde(default)]
    pub institution: String,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
    /// 暂存: it waits at its first step
    #[serde(default)]
    pub draft: bool,
    /// Tickets of who signs with the caller
    #[serde(default)]
    pub with: Vec<String>,
}

/// A request, signed by the caller and by whose tickets are given.
pub(super) fn signed(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    with: &[String],
    mut form: RequestForm,
) -> Result<Box<Request>, Problem> {
    caller.check_matters()?;
    let now = app.now();
    form.version = if_match(headers)?;
    form.by = vec![caller.operator.clone()];
    let tickets = app.tickets.check(with, &caller.operator, (form.matter, &form.code))?;
    let mut request = form.request(now)?;
    if let Some(own) = request.by.first_mut() {
        own.until = caller.until;
    }
    request.by.extend(
        tickets
            .into_iter()
            .map(|ticket| Signed { operator: ticket.operator, until: Some(ticket.until) }),
    );
    Ok(Box::new(request))
}

/// Hands a request in, and uses the tickets up.
async fn hand_in(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    with: &[String],
    form: RequestForm,
) -> Result<Said, Problem> {
    let mut request = signed(app, caller, headers, with, form)?;
    request.key = key(headers, &caller.operator)?;
    let answer = app.node.ask(|_| Ok(()), Command::Office(request)).await?;
    app.tickets.use_up(with);
    app.changed.send_modify(|count| *count = count.wrapping_add(1));
    let Answer::Matter(said) = answer else { unreachable!("the office answers where it stands") };
    Ok(said)
}

fn said(status: StatusCode, said: Said) -> Response {
    let at = said.at.to_string();
    let entry = said.entry.map(|entry| entry.0);
    let view = SaidView { id: said.matter, number: said.number, at, version: said.version, entry };
    (status, etag(view.version), Json(view)).into_response()
}

/// 发起事项 / Open a matter, or keep a draft of one
#[utoipa::path(
    post, path = "/matters", tag = "matters", request_body = OpenMatter,
    params((
        "Idempotency-Key" = Option<String>, Header, description = "the same key: the same answer"
    )),
    responses((status = 201, body = SaidView), Problems),
    extensions(("x-function" = json!("matters")))
)]
pub async fn open(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Body(form): Body<OpenMatter>,
) -> Result<Response, Problem> {
    let (form, with) = form.request();
    Ok(said(StatusCode::CREATED, hand_in(&app, &caller, &headers, &with, form).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveDraft {
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
}

/// 保存草稿 / Change what a draft says
#[utoipa::path(
    put, path = "/matters/{id}", tag = "matters", request_body = SaveDraft,
    params(
        ("id" = u64, Path,),
        ("If-Match" = Option<String>, Header, description = "the version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key: the same answer"),
    ),
    responses((status = 200, body = SaidView), Problems),
    extensions(("x-function" = json!("matters")))
)]
pub async fn save(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Named(matter): Named<u64>,
    Body(form): Body<SaveDraft>,
) -> Result<Response, Problem> {
    caller.check_matters()?;
    record::seen(&app, &caller, matter, |_, _, _, _| ()).await?;
    let SaveDraft { fields } = form;
    let form = RequestForm { deed: "save".to_owned(), matter, fields, ..RequestForm::default() };
    Ok(said(StatusCode::OK, hand_in(&app, &caller, &headers, &[], form).await?))
}

impl OpenMatter {
    pub(super) fn request(self) -> (RequestForm, Vec<String>) {
        let Self { code, institution, fields, draft, with } = self;
        let deed = if draft { "draft" } else { "open" }.to_owned();
        (RequestForm { deed, code, institution, fields, ..RequestForm::default() }, with)
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActForm {
    /// The step that was seen; left out: whichever it is
    #[serde(default)]
    pub step: String,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
    #[serde(default)]
    pub note: String,
    /// Tickets of who signs with the caller
    #[serde(default)]
    pub with: Vec<String>,
}

impl ActForm {
    pub(super) fn request(self, matter: u64) -> (RequestForm, Vec<String>) {
        let Self { step, fields, note, with } = self;
        let deed = "act".to_owned();
        (RequestForm { deed, matter, step, fields, note, ..RequestForm::default() }, with)
    }
}

/// 办理 / Put a hand to the step that is waited for
#[utoipa::path(
    post, path = "/matters/{id}/act", tag = "matters", request_body = ActForm,
    params(
        ("id" = u64, Path,),
        ("If-Match" = Option<String>, Header, description = "the version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key: the same answer"),
    ),
    responses((status = 200, body = SaidView), Problems),
    extensions(("x-function" = json!("matters")))
)]
pub async fn act(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Named(matter): Named<u64>,
    Body(form): Body<ActForm>,
) -> Result<Response, Problem> {
    let (form, with) = form.request(matter);
    Ok(said(StatusCode::OK, hand_in(&app, &caller, &headers, &with, form).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandleForm {
    /// `return`, `refuse`, `withdraw`, `void`, `transfer`, `delegate`, `add_signer`,
    /// `remove_signer`, `urge`, `copy`, `read` or `comment`
    #[serde(rename = "do")]
    #[schema(rename = "do")]
    pub deed: String,
    /// A step, an operator, or operators
    #[serde(default)]
    pub to: Vec<String>,
    #[serde(default)]
    pub note: String,
}

/// Deeds that have a call of their own.
const NOT_VERBS: [&str; 5] = ["open", "draft", "save", "act", "absence"];

/// 流转操作 / An office verb: 退回 否决 撤回 作废 转办 委派 加签 减签 催办 抄送 阅知 备注
#[utoipa::path(
    post, path = "/matters/{id}/handle", tag = "matters", request_body = HandleForm,
    params(
        ("id" = u64, Path,),
        ("If-Match" = Option<String>, Header, description = "the version that was read"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key: the same answer"),
    ),
    responses((status = 200, body = SaidView), Problems),
    extensions(("x-function" = json!("matters")))
)]
pub async fn handle(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Named(matter): Named<u64>,
    Body(form): Body<HandleForm>,
) -> Result<Response, Problem> {
    caller.check_matters()?;
    record::seen(&app, &caller, matter, |_, _, _, _| ()).await?;
    let HandleForm { deed, to, note } = form;
    if NOT_VERBS.contains(&deed.as_str()) {
        let verbs = bank::office::form::DEEDS.iter().filter(|one| !NOT_VERBS.contains(*one));
        let verbs = verbs.copied().collect::<Vec<_>>().join(", ");
        return Err(bank::office::refusal::not_a_choice("do", &deed, &verbs).into());
    }
    let form = RequestForm { deed, matter, to, note, ..RequestForm::default() };
    Ok(said(StatusCode::OK, hand_in(&app, &caller, &headers, &[], form).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceForm {
    pub deputy: String,
    /// First and last day, as YYYY-MM-DD
    pub from: String,
    pub until: String,
}

/// 请假代理 / Let a deputy act from one day to another
#[utoipa::path(
    post, path = "/absences", tag = "matters", request_body = AbsenceForm,
    params((
        "Idempotency-Key" = Option<String>, Header, description = "the same key: the same answer"
    )),
    responses((status = 204), Problems),
    extensions(("x-function" = json!("matters")))
)]
pub async fn absence(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Body(form): Body<AbsenceForm>,
) -> Result<StatusCode, Problem> {
    let form = RequestForm {
        deed: "absence".to_owned(),
        to: vec![form.deputy],
        from: Some(day(&form.from, "from")?),
        until: Some(day(&form.until, "until")?),
        ..RequestForm::default()
    };
    hand_in(&app, &caller, &headers, &[], form).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AttachQuery {
    /// Name of the file, with its ending
    pub name: String,
}

/// As an attachment field takes it.
#[derive(Serialize, ToSchema)]
pub struct AttachmentView {
    pub name: String,
    pub sha256: String,
    pub bytes: u64,
}

/// 上传附件 / Keep a file; what is answered goes into an attachment field
#[utoipa::path(
    post, path = "/attachments", tag = "matters", params(AttachQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = AttachmentView), Problems),
    extensions(("x-function" = json!("matters")))
)]
pub async fn attach(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<AttachQuery>,
    body: axum::body::Body,
) -> Result<Response, Problem> {
    caller.check_matters()?;
    app.node.writer()?;
    let most = usize::try_from(ATTACHMENT_MAX).unwrap_or(usize::MAX);
    let body = axum::body::to_bytes(body, most).await.map_err(|_| too_large(most))?;
    let bytes = body.len() as u64;
    let digest = store::sha256(&body);
    let attachment = Attachment::of(asked.name, &digest, bytes)?;
    app.node.store(move |store, bank| store.put_document(bank, &digest, &body)).await?;
    let Attachment { name, sha256, bytes } = attachment;
    Ok((StatusCode::CREATED, Json(AttachmentView { name, sha256, bytes })).into_response())
}
