//! Entries (凭证): posted one by one or as a stream of them; read; corrected.

mod bulk;

use super::Problems;
use crate::commands::of_one;
use crate::serve::app::{self, App, anywhere};
use crate::serve::extract::{Body, Named, day_of, key};
use crate::serve::problem::Problem;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use bank::form::{CorrectForm, EntryForm, LineForm, SideWord};
use bank::office::access::Function;
use bank::office::preview::PlainLine;
use bank::{Answer, Command};
use ledger::Refusal;
use ledger::entry::EntryNo;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(post))
        .routes(routes!(bulk::post_all))
        .routes(routes!(show))
        .routes(routes!(correct))
}

/// One line of an entry (分录)
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineBody {
    pub account: String,
    /// `debit` or `credit`; of off-balance accounts 收 or 付
    pub side: SideBody,
    /// In the account's unit: "1234.50"
    pub amount: String,
    /// If given, it must be the account's own
    #[serde(default)]
    pub unit: Option<String>,
    /// 红字
    #[serde(default)]
    pub red: bool,
    /// The open item that this line clears: "entry-line"
    #[serde(default)]
    pub clears: Option<String>,
    /// Pieces behind an off-balance amount
    #[serde(default)]
    pub quantity: Option<i64>,
}

#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SideBody {
    Debit,
    Credit,
}

/// An entry (一套凭证)
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryBody {
    /// Idempotency key, if the header does not say it
    #[serde(default)]
    pub key: String,
    pub institution: String,
    /// Code of the transaction
    #[serde(default)]
    pub code: String,
    /// Left out: the caller. A system may name its own tellers
    #[serde(default)]
    pub maker: String,
    #[serde(default)]
    pub checker: String,
    #[serde(default)]
    pub authoriser: String,
    #[serde(default)]
    pub channel: String,
    #[serde(default)]
    pub document: String,
    #[serde(default)]
    pub attachments: u16,
    #[serde(default)]
    pub summary: String,
    /// The open day unless given
    #[serde(default)]
    pub business_date: Option<String>,
    /// The business date unless given
    #[serde(default)]
    pub value_date: Option<String>,
    pub lines: Vec<LineBody>,
}

impl EntryBody {
    fn form(self, key: String) -> Result<EntryForm, Refusal> {
        let line = |line: LineBody| LineForm {
            account: line.account,
            side: match line.side {
                SideBody::Debit => SideWord::Debit,
                SideBody::Credit => SideWord::Credit,
            },
            amount: line.amount,
            unit: line.unit,
            red: line.red,
            clears: line.clears,
            quantity: line.quantity,
        };
        Ok(EntryForm {
            key: if key.is_empty() { self.key } else { key },
            institution: self.institution,
            code: self.code,
            maker: self.maker,
            checker: self.checker,
            authoriser: self.authoriser,
            channel: self.channel,
            document: self.document,
            attachments: self.attachments,
            summary: self.summary,
            business_date: day_of(self.business_date.as_deref(), "business_date")?,
            value_date: day_of(self.value_date.as_deref(), "value_date")?,
            lines: self.lines.into_iter().map(line).collect(),
        })
    }
}

/// Refuses an entry that somebody signs with another's name; a system names its own tellers.
fn sign(caller: &Caller, form: &mut EntryForm) -> Result<(), Refusal> {
    if form.maker.is_empty() {
        form.maker.clone_from(&caller.operator);
    }
    if caller.scopes.is_none() && form.maker != caller.operator {
        return Err(bank::office::refusal::not_the_one(&form.maker, &caller.operator).at("maker"));
    }
    Ok(())
}

#[derive(Serialize, ToSchema)]
pub struct Posted {
    /// Number of the entry
    pub entry: u64,
    /// Whether it was posted before, under the same key
    pub again: bool,
}

/// 记账 / Post an entry
#[utoipa::path(
    post, path = "/entries", tag = "entries", request_body = EntryBody,
    params((
        "Idempotency-Key" = Option<String>, Header, description = "here, or `key` in the body"
    )),
    responses((status = 201, body = Posted), Problems),
    extensions(("x-function" = json!("entries.post")))
)]
async fn post(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Body(body): Body<EntryBody>,
) -> Result<(StatusCode, Json<Posted>), Problem> {
    let mut form = body.form(key(&headers, &caller.operator)?)?;
    sign(&caller, &mut form)?;
    let at = app::at(form.institution.clone());
    let command = Command::Post { entries: vec![form], whole: false };
    let answer = app.ask_as(&caller, Function::EntriesPost, at, command).await?;
    let Answer::Entries(mut receipts) = answer else { unreachable!("posting answers receipts") };
    if let Some((_, refusal)) = receipts.refused.pop() {
        return Err(of_one(refusal).into());
    }
    let entry = receipts.numbers.first().map_or(0, |no| no.0);
    let again = !receipts.again.is_empty();
    Ok((StatusCode::CREATED, Json(Posted { entry, again })))
}

#[derive(Serialize, ToSchema)]
pub struct EntryView {
    pub entry: u64,
    pub institution: String,
    pub business_date: String,
    pub value_date: String,
    pub code: String,
    pub maker: String,
    pub checker: String,
    pub authoriser: String,
    pub document: String,
    pub summary: String,
    pub attachments: u16,
    pub lines: Vec<LineView>,
}

#[derive(Serialize, ToSchema)]
pub struct LineView {
    pub account: String,
    pub name: String,
    pub subject: String,
    pub unit: String,
    pub side: SideBody,
    pub amount: String,
    pub red: bool,
}

impl From<PlainLine> for LineView {
    fn from(line: PlainLine) -> Self {
        let PlainLine { account, name, subject, unit, amount, flags } = line;
        let side = if flags.is_credit() { SideBody::Credit } else { SideBody::Debit };
        Self { account, name, subject, unit, side, amount, red: flags.is_red() }
    }
}

/// 查询凭证 / One entry
#[utoipa::path(
    get, path = "/entries/{entry}", tag = "entries", params(("entry" = u64, Path,)),
    responses((status = 200, body = EntryView), Problems),
    extensions(("x-function" = json!("entries.read")))
)]
async fn show(
    State(app): State<App>,
    caller: Caller,
    Named(no): Named<u64>,
) -> Result<Json<EntryView>, Problem> {
    let node = app.clone();
    app.look_as(&caller, Function::EntriesRead, |_, _| Ok(())).await?;
    let found = node
        .node
        .store(move |store, bank| Ok(engine::follower::load_entry(store, bank, EntryNo(no))));
    let batch = found.await??.ok_or_else(|| ledger::refusal::unknown_entry(EntryNo(no)))?;
    let look = app.look_as(&caller, Function::EntriesRead, move |state, scope| {
        let book = &state.book;
        let unknown = || ledger::refusal::unknown_entry(EntryNo(no));
        let header = batch.headers.first().ok_or_else(unknown)?;
        if !scope.covers(book, header.institution) {
            return Err(unknown());
        }
        let lines = batch.lines.iter().map(|line| PlainLine::of(book, line).into());
        Ok(EntryView {
            entry: no,
            institution: book.institution(header.institution).code.clone(),
            business_date: header.business_date.to_string(),
            value_date: header.value_date.to_string(),
            code: header.code.to_string(),
            maker: header.maker.to_string(),
            checker: header.checker.to_string(),
            authoriser: header.authoriser.to_string(),
            document: header.document.to_string(),
            summary: header.summary.to_string(),
            attachments: header.attachments,
            lines: lines.collect(),
        })
    });
    Ok(Json(look.await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectBody {
    /// Class of the error, as the books know it
    pub class: String,
    pub cause: String,
    /// Number of what proves it
    pub evidence: String,
    pub applicant: String,
    pub verifier: String,
    pub approver: String,
    #[serde(default)]
    pub notice: String,
    /// The entry as it should have been
    #[serde(default)]
    pub rebook: Option<EntryBody>,
}

#[derive(Serialize, ToSchema)]
pub struct Corrected {
    pub entry: u64,
    /// Entry that undoes it, and the one that books it right
    pub undone_by: u64,
    pub rebooked: Option<u64>,
}

/// 错账调整 / Correct an entry that a system posted; people open the matter of it
#[utoipa::path(
    post, path = "/entries/{entry}/correct", tag = "entries", request_body = CorrectBody,
    params(("entry" = u64, Path,), ("Idempotency-Key" = Option<String>, Header,)),
    responses((status = 200, body = Corrected), Problems),
    extensions(("x-function" = json!("entries.correct")))
)]
async fn correct(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Named(entry): Named<u64>,
    Body(body): Body<CorrectBody>,
) -> Result<Json<Corrected>, Problem> {
    let given = key(&headers, &caller.operator)?;
    let key = if given.is_empty() { format!("correct-{entry}") } else { given };
    let rebook = body.rebook.map(|rebook| rebook.form(format!("{key}/rebook"))).transpose()?;
    let form = CorrectForm {
        key,
        entry,
        class: body.class,
        cause: body.cause,
        evidence: body.evidence,
        applicant: body.applicant,
        verifier: body.verifier,
        approver: body.approver,
        poster: caller.operator.clone(),
        notice: body.notice,
        rebook,
    };
    let answer =
        app.ask_as(&caller, Function::EntriesCorrect, anywhere, Command::Correct(form)).await?;
    let Answer::Correction(correction) = answer else {
        unreachable!("correcting answers the correction")
    };
    Ok(Json(Corrected {
        entry,
        undone_by: correction.undo.0,
        rebooked: correction.rebook.map(|no| no.0),
    }))
}
