//! Accounts (账户): read, listed, opened, changed; holds on them.

use super::Problems;
use crate::commands::{of_one, status_of};
use crate::serve::app::{self, App, at_account};
use crate::serve::extract::{Asked, Body, Named, day_of, key, on_a_page};
use crate::serve::problem::Problem;
use crate::serve::sign_in::Caller;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use bank::form::{AccountForm, HoldRequest, StatusForm};
use bank::office::access::Function;
use bank::office::people::is_below;
use bank::{Answer, Command};
use ledger::Refusal;
use ledger::book::Book;
use ledger::entry::AccountId;
use ledger::fact::HoldKind;
use ledger::money::plain;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(show))
        .routes(routes!(change_status))
        .routes(routes!(close))
        .routes(routes!(place_hold))
        .routes(routes!(release_hold))
}

/// An account as lists show it.
#[derive(Serialize, ToSchema)]
pub struct AccountHead {
    pub number: String,
    pub name: String,
    /// Kind of account
    pub kind: String,
    pub subject: String,
    pub institution: String,
    pub unit: String,
    pub status: String,
    /// On which side the balance stands: `debit` or `credit`
    pub side: &'static str,
    /// Never negative
    pub balance: String,
    pub opened: String,
}

#[derive(Serialize, ToSchema)]
pub struct AccountView {
    #[serde(flatten)]
    pub head: AccountHead,
    /// What holds keep back
    pub held: String,
    pub available: String,
    /// Turnover of the business day
    pub day_debit: String,
    pub day_credit: String,
    pub holds: Vec<HoldView>,
    pub term: Option<TermView>,
}

#[derive(Serialize, ToSchema)]
pub struct HoldView {
    pub hold: u64,
    /// `reserve` or `freeze`
    pub kind: String,
    pub amount: String,
    pub authority: String,
    pub document: String,
    pub until: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct TermView {
    pub from: String,
    pub maturity: String,
    /// Annual, as a fraction
    pub rate: String,
}

#[derive(Serialize, ToSchema)]
pub struct AccountPage {
    pub accounts: Vec<AccountHead>,
    /// Ask with it for the next page
    pub cursor: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccountQuery {
    /// Begin of the number, or a part of the name
    #[serde(default)]
    pub q: String,
    /// Code of an institution, with those below it
    #[serde(default)]
    pub institution: String,
    #[serde(default)]
    pub kind: String,
    /// Subject, with those below it
    #[serde(default)]
    pub subject: String,
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub status: String,
    #[serde(default)]
    pub cursor: Option<u32>,
    #[serde(default)]
    pub limit: Option<usize>,
}

pub fn head(book: &Book, id: AccountId) -> AccountHead {
    let head = &book.accounts.heads[id.index()];
    let (kind, unit) = (book.chart.kind(head.kind), book.chart.unit(head.unit));
    AccountHead {
        number: book.accounts.number(id).to_owned(),
        name: book.accounts.name(id).to_owned(),
        kind: kind.code.to_string(),
        subject: book.chart.subject(kind.subject).code.to_string(),
        institution: book.institution(head.institution).code.clone(),
        unit: unit.code.to_string(),
        status: word(&head.status),
        side: if head.balance > 0 { "debit" } else { "credit" },
        balance: plain(i128::from(head.balance).abs(), unit.digits),
        opened: book.accounts.opened[id.index()].to_string(),
    }
}

/// A word of the journal as it is written there.
fn word(value: &impl Serialize) -> String {
    let written = serde_json::to_value(value).ok();
    written.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn view(book: &Book, id: AccountId) -> AccountView {
    let own = &book.accounts.heads[id.index()];
    let digits = book.chart.unit(own.unit).digits;
    let amount = |minor: i64| plain(i128::from(minor), digits);
    let (debit, credit) = own.turnover(book.today);
    let holds = book.holds_of(id).map(|hold| HoldView {
        hold: hold.id,
        kind: word(&hold.kind),
        amount: amount(hold.amount),
        authority: hold.authority.clone(),
        document: hold.document.clone(),
        until: hold.until.map(|day| day.to_string()),
    });
    AccountView {
        head: head(book, id),
        held: amount(own.held),
        available: amount(book.available(id)),
        day_debit: amount(debit),
        day_credit: amount(credit),
        holds: holds.collect(),
        term: book.terms.get(&id).map(|term| TermView {
            from: term.from.to_string(),
            maturity: term.maturity.to_string(),
            rate: term.rate.to_string(),
        }),
    }
}

/// 查询账户 / One account
#[utoipa::path(
    get, path = "/accounts/{number}", tag = "accounts", params(("number" = String, Path,)),
    responses((status = 200, body = AccountView), Problems),
    extensions(("x-function" = json!("accounts.read")))
)]
async fn show(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named<String>,
) -> Result<Json<AccountView>, Problem> {
    let wanted = number.clone();
    let look = app.look_as(&caller, Function::AccountsRead, move |state, scope| {
        let id = app::account(state, scope, &wanted)?;
        let kind = state.book.accounts.heads[id.index()].kind;
        Ok((view(&state.book, id), state.book.chart.kind(kind).internal))
    });
    let (account, internal) = look.await?;
    // A customer's secrets are theirs: who of the staff looks at them leaves a trace.
    if !internal {
        app.trail.read(&caller, &number, "account")?;
    }
    Ok(Json(account))
}

/// 账户一览 / Accounts, in the order in which they were opened
#[utoipa::path(
    get, path = "/accounts", tag = "accounts", params(AccountQuery),
    responses((status = 200, body = AccountPage), Problems),
    extensions(("x-function" = json!("accounts.read")))
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<AccountQuery>,
) -> Result<Json<AccountPage>, Problem> {
    let status = (!asked.status.is_empty()).then(|| status_of(&asked.status)).transpose()?;
    let limit = on_a_page(asked.limit);
    let look = app.look_as(&caller, Function::AccountsRead, move |state, scope| {
        let book = &state.book;
        let top = app::within(state, scope, &asked.institution)?;
        let fits = |id: AccountId| {
            let head = &book.accounts.heads[id.index()];
            let kind = book.chart.kind(head.kind);
            let within = top.is_none_or(|top| is_below(book, head.institution, top));
            let named = |text: &str| {
                book.accounts.number(id).starts_with(text) || book.accounts.name(id).contains(text)
            };
            within
                && scope.covers(book, head.institution)
                && status.is_none_or(|status| head.status == status)
                && (asked.kind.is_empty() || *kind.code == *asked.kind)
                && book.chart.subject(kind.subject).code.starts_with(&asked.subject)
                && (asked.unit.is_empty() || *book.chart.unit(head.unit).code == *asked.unit)
                && (asked.q.is_empty() || named(&asked.q))
        };
        let from = asked.cursor.map_or(0, |cursor| cursor as usize);
        let mut found = book.accounts.ids().skip(from).filter(|id| fits(*id));
        let accounts: Vec<AccountId> = found.by_ref().take(limit).collect();
        let more = found.next().is_some();
        let cursor = accounts.last().filter(|_| more).map(|last| (last.index() + 1).to_string());
        Ok(AccountPage { accounts: accounts.iter().map(|id| head(book, *id)).collect(), cursor })
    });
    Ok(Json(look.await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenForm {
    pub number: String,
    pub name: String,
    /// Kind of account
    pub kind: String,
    pub institution: String,
    #[serde(default)]
    pub unit: Option<String>,
}

/// 开户 / Open an account
#[utoipa::path(
    post, path = "/accounts", tag = "accounts", request_body = OpenForm,
    responses((status = 201, body = AccountView), Problems),
    extensions(("x-function" = json!("accounts.open")))
)]
async fn open(
    State(app): State<App>,
    caller: Caller,
    Body(form): Body<OpenForm>,
) -> Result<(StatusCode, Json<AccountView>), Problem> {
    let OpenForm { number, name, kind, institution, unit } = form;
    let wanted = number.clone();
    let at = app::at(institution.clone());
    let form = AccountForm { number, name, kind, institution, unit, term: None };
    let opening =
        app.ask_as(&caller, Function::AccountsOpen, at, Command::OpenAccounts(vec![form]));
    opening.await.map_err(|problem| Problem { refusal: of_one(problem.refusal), ..problem })?;
    let seen = app.node.look(move |state| {
        let id = state.book.accounts.by_number(&wanted);
        id.map(|id| view(&state.book, id)).ok_or_else(|| ledger::refusal::unknown_account(&wanted))
    });
    Ok((StatusCode::CREATED, Json(seen.await??)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusChange {
    /// `normal`, `receive_only`, `pay_only`, `frozen` or `dormant`
    pub status: String,
    pub reason: String,
    #[serde(default)]
    pub document: String,
}

/// 变更账户状态 / Change an account's status
#[utoipa::path(
    put, path = "/accounts/{number}/status", tag = "accounts",
    params(("number" = String, Path,)), request_body = StatusChange,
    responses((status = 204), Problems),
    extensions(("x-function" = json!("accounts.change")))
)]
async fn change_status(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named<String>,
    Body(form): Body<StatusChange>,
) -> Result<StatusCode, Problem> {
    let status = status_of(&form.status)?;
    let StatusChange { reason, document, .. } = form;
    let operator = caller.operator.clone();
    let at = at_account(number.clone());
    let form = StatusForm { account: number, status, reason, document, operator };
    app.ask_as(&caller, Function::AccountsChange, at, Command::SetStatus(form)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseForm {
    /// Account that gets what is left
    pub to: String,
    /// Who else has seen it
    #[serde(default)]
    pub checker: String,
}

/// 销户 / Close an account: what is left is paid out with interest to today
#[utoipa::path(
    post, path = "/accounts/{number}/close", tag = "accounts",
    params(
        ("number" = String, Path,),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key: the same answer"),
    ),
    request_body = CloseForm, responses((status = 204), Problems),
    extensions(("x-function" = json!("accounts.change")))
)]
async fn close(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Named(number): Named<String>,
    Body(form): Body<CloseForm>,
) -> Result<StatusCode, Problem> {
    let CloseForm { to, checker } = form;
    let given = key(&headers, &caller.operator)?;
    let key = if given.is_empty() { format!("close-{number}") } else { given };
    let at = at_account(number.clone());
    let maker = caller.operator.clone();
    let command = Command::CloseAccount { account: number, to, maker, checker, key };
    app.ask_as(&caller, Function::AccountsChange, at, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldForm {
    pub amount: String,
    /// `reserve` (止付) or `freeze` (冻结)
    pub kind: String,
    /// On whose authority
    pub authority: String,
    /// Number of the notice
    pub document: String,
    /// Last day, as YYYY-MM-DD
    #[serde(default)]
    pub until: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct HoldPlaced {
    pub hold: u64,
}

/// 止付、冻结 / Place a hold
#[utoipa::path(
    post, path = "/accounts/{number}/holds", tag = "accounts",
    params(
        ("number" = String, Path,),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key: the same answer"),
    ),
    request_body = HoldForm, responses((status = 201, body = HoldPlaced), Problems),
    extensions(("x-function" = json!("holds.place")))
)]
async fn place_hold(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Named(number): Named<String>,
    Body(form): Body<HoldForm>,
) -> Result<(StatusCode, Json<HoldPlaced>), Problem> {
    let kind = match form.kind.as_str() {
        "reserve" => HoldKind::Reserve,
        "freeze" => HoldKind::Freeze,
        other => {
            return Err(
                bank::office::refusal::not_a_choice("kind", other, "reserve, freeze").into()
            );
        }
    };
    let until = day_of(form.until.as_deref(), "until")?;
    let request = HoldRequest {
        account: number.clone(),
        amount: form.amount,
        kind,
        authority: form.authority,
        document: form.document,
        until,
        operator: caller.operator.clone(),
        key: key(&headers, &caller.operator)?,
    };
    let at = at_account(number);
    let placed = app.ask_as(&caller, Function::HoldsPlace, at, Command::PlaceHold(request)).await?;
    let Answer::Hold(hold) = placed else { unreachable!("a hold that is placed has a number") };
    Ok((StatusCode::CREATED, Json(HoldPlaced { hold })))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseForm {
    /// Left out: all of it
    #[serde(default)]
    pub amount: Option<String>,
    pub reason: String,
}

/// 解除止付、冻结 / Release a hold, or a part of it
#[utoipa::path(
    post, path = "/holds/{hold}/release", tag = "accounts",
    params(
        ("hold" = u64, Path,),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key: the same answer"),
    ),
    request_body = ReleaseForm, responses((status = 204), Problems),
    extensions(("x-function" = json!("holds.release")))
)]
async fn release_hold(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Named(hold): Named<u64>,
    Body(form): Body<ReleaseForm>,
) -> Result<StatusCode, Problem> {
    let ReleaseForm { amount, reason } = form;
    let (operator, key) = (caller.operator.clone(), key(&headers, &caller.operator)?);
    let command = Command::ReleaseHold { hold, amount, reason, operator, key };
    let at = move |state: &bank::State, scope: &_| -> Result<(), Refusal> {
        let account = state.book.holds.get(&hold).map(|hold| hold.account);
        let account = account.ok_or_else(|| ledger::refusal::unknown_hold(hold))?;
        app::account(state, scope, state.book.accounts.number(account)).map(drop)
    };
    app.ask_as(&caller, Function::HoldsRelease, at, command).await?;
    Ok(StatusCode::NO_CONTENT)
}
