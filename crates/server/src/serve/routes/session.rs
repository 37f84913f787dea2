//! Signing in and out, passwords, second factors, the second person, tokens of systems.

pub mod demonstration;
mod oidc;

use super::Problems;
use crate::serve::app::{App, anywhere};
use crate::serve::extract::{Body, Named};
use crate::serve::problem::Problem;
use crate::serve::refusal;
use crate::serve::sign_in::{
    COOKIE, Caller, Credentials, MATTERS, Present, Proof, Proved, Session, Ticket, Token, Wrong,
};
use crate::serve::trail;
use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bank::State as BankState;
use bank::office::access::{self, Function};
use bank::office::people::Operator;
use bank::office::trail::Kind;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 86_400_000_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_in, who, sign_out))
        .routes(routes!(demonstration::demonstration))
        .routes(routes!(oidc::ways))
        .routes(routes!(oidc::begin))
        .routes(routes!(oidc::finish))
        .routes(routes!(lock))
        .routes(routes!(unlock))
        .routes(routes!(change_password))
        .routes(routes!(offer_factor))
        .routes(routes!(confirm_factor))
        .routes(routes!(second_person))
        .routes(routes!(issue_password))
        .routes(routes!(tokens, issue_token))
        .routes(routes!(revoke_token))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    /// 柜员号
    pub operator: String,
    pub password: String,
    /// 动态码: six digits, of who has a second factor
    #[serde(default)]
    pub code: Option<String>,
}

/// Somebody's session.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    pub operator: String,
    pub name: String,
    /// Code of the institution, and its names
    pub institution: String,
    pub institution_zh: String,
    pub institution_en: String,
    pub posts: Vec<PostView>,
    /// Codes of what may be done beside matters
    pub functions: Vec<&'static str>,
    pub bank: String,
    pub bank_zh: String,
    pub bank_en: String,
    pub business_date: String,
    /// `open`, `closing` or `closed`
    pub phase: String,
    /// To be sent as X-CSRF-Token with every write
    pub csrf: String,
    /// Microseconds since 1970-01-01 UTC, if nothing more is done
    pub ends: i64,
    pub locked: bool,
    pub must_change_password: bool,
    pub must_set_factor: bool,
}

#[derive(Serialize, ToSchema)]
pub struct PostView {
    pub code: String,
    pub zh: String,
    pub en: String,
    pub institution: String,
    /// Last day of a cover
    pub until: Option<String>,
}

/// Proves who somebody is and writes down how it went.
async fn proved(app: &App, form: SignInForm, from: IpAddr, kind: Kind) -> Result<Proved, Problem> {
    let SignInForm { operator, password, code } = form;
    let proof = Proof { operator: operator.clone(), password, code, from: from.to_string() };
    let proof = Credentials::new(app).prove(&proof, app.now()).await?;
    told(app, &operator, proof, (from, kind)).await
}

/// Writes down how a proof went, whatever kind of proof it was, and refuses one that failed.
async fn told(
    app: &App,
    operator: &str,
    proof: Result<Proved, Wrong>,
    (from, kind): (IpAddr, Kind),
) -> Result<Proved, Problem> {
    match proof {
        Ok(proved) => {
            trail::tell(app, operator, kind, "", from).await;
            Ok(proved)
        }
        Err(Wrong::CodeNeeded) => Err(refusal::second_factor_needed().into()),
        Err(Wrong::Failed) => {
            trail::tell(app, operator, Kind::SignInFailed, "", from).await;
            Err(refusal::sign_in_failed().into())
        }
        Err(Wrong::LockedOut) => {
            if app.policy().lockout_minutes > 0 {
                // Otherwise the lock itself is in the trail.
                trail::tell(app, operator, Kind::LockedOut, "", from).await;
            }
            Err(refusal::sign_in_failed().into())
        }
    }
}

fn cookie(app: &App, text: &str, seconds: i64) -> HeaderValue {
    let secure = if app.secure { "; Secure" } else { "" };
    let value =
        format!("{COOKIE}={text}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::try_from(value).expect("a secret is plain ASCII")
}

/// The posts that somebody holds today.
fn posts(state: &BankState, known: &Operator) -> impl Iterator<Item = PostView> {
    known.held_on(state.book.today).map(|grant| {
        let title = state.rulebook.office.posts.get(&grant.post).map(|post| &post.title);
        PostView {
            code: grant.post.clone(),
            zh: title.map_or(String::new(), |title| title.zh.clone()),
            en: title.map_or(String::new(), |title| title.en.clone()),
            institution: state.book.institution(grant.institution).code.clone(),
            until: grant.until.map(|day| day.to_string()),
        }
    })
}

async fn view(app: &App, session: Session) -> Result<SessionView, Problem> {
    let ends = session.ends(&app.policy());
    let operator = session.operator.clone();
    let look = move |state: &BankState| {
        let book = &state.book;
        let known = state.office.people.operators.get(&operator)?;
        let at = book.institution(known.institution);
        let functions = Function::all()
            .filter(|function| access::scope(state, &operator, *function).is_some())
            .map(Function::code);
        Some(SessionView {
            name: known.name.clone(),
            institution: at.code.clone(),
            institution_zh: at.title.zh.clone(),
            institution_en: at.title.en.clone(),
            posts: posts(state, known).collect(),
            functions: functions.collect(),
            bank: book.bank.clone(),
            bank_zh: book.title.zh.clone(),
            bank_en: book.title.en.clone(),
            business_date: book.today.to_string(),
            phase: book.phase.code().to_owned(),
            csrf: session.csrf,
            ends,
            locked: session.locked,
            must_change_password: session.must_change,
            must_set_factor: session.must_set_factor,
            operator,
        })
    };
    app.node.look(look).await?.ok_or_else(|| refusal::session_ended().into())
}

/// 签到 / Sign in
#[utoipa::path(
    post, path = "/session", tag = "session", request_body = SignInForm, security(()),
    responses(
        (status = 200, body = SessionView, description = "signed in; sets the cookie"),
        Problems
    ),
    extensions(("x-function" = json!("nobody")))
)]
async fn sign_in(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Body(form): Body<SignInForm>,
) -> Result<Response, Problem> {
    app.check_sign_in_rate(peer.ip())?;
    let operator = form.operator.clone();
    let proved = proved(&app, form, peer.ip(), Kind::SignedIn).await?;
    let (session, cookie) = begun(&app, &operator, proved).await?;
    let mut response = Json(view(&app, session).await?).into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Begins the session of somebody who has proved who they are, with the cookie for the browser.
async fn begun(
    app: &App,
    operator: &str,
    proved: Proved,
) -> Result<(Session, HeaderValue), Problem> {
    let (text, session) = app.sessions.begin(&app.node, operator, proved, app.now()).await?;
    let seconds = i64::from(app.policy().session_hours) * 3_600;
    Ok((session, cookie(app, &text, seconds)))
}

async fn own(app: &App, caller: &Caller) -> Result<(String, Session), Problem> {
    let name = caller.session.clone().ok_or_else(refusal::not_signed_in)?;
    let session = app.sessions.named(&app.node, &name).await?;
    Ok((name, session))
}

/// 当前会话 / Who is signed in here
#[utoipa::path(
    get, path = "/session", tag = "session",
    responses((status = 200, body = SessionView), Problems),
    extensions(("x-function" = json!("present")))
)]
async fn who(
    State(app): State<App>,
    Present(caller): Present,
) -> Result<Json<SessionView>, Problem> {
    let (_, session) = own(&app, &caller).await?;
    Ok(Json(view(&app, session).await?))
}

/// 签退 / Sign out
#[utoipa::path(
    delete, path = "/session", tag = "session", responses((status = 204), Problems),
    extensions(("x-function" = json!("present")))
)]
async fn sign_out(State(app): State<App>, Present(caller): Present) -> Result<Response, Problem> {
    let (name, session) = own(&app, &caller).await?;
    app.sessions.end(&app.node, &name).await?;
    trail::tell(&app, &session.operator, Kind::SignedOut, "", caller.address).await;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie(&app, "", 0));
    Ok(response)
}

/// 锁屏 / Lock the screen
#[utoipa::path(
    post, path = "/session/lock", tag = "session", responses((status = 204), Problems),
    extensions(("x-function" = json!("present")))
)]
async fn lock(State(app): State<App>, Present(caller): Present) -> Result<StatusCode, Problem> {
    let (name, session) = own(&app, &caller).await?;
    app.sessions.set(&app.node, &name, Session { locked: true, ..session }).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlockForm {
    pub password: String,
    #[serde(default)]
    pub code: Option<String>,
}

/// 解锁 / Unlock the screen
#[utoipa::path(
    post, path = "/session/unlock", tag = "session", request_body = UnlockForm,
    responses((status = 204), Problems),
    extensions(("x-function" = json!("present")))
)]
async fn unlock(
    State(app): State<App>,
    Present(caller): Present,
    Body(form): Body<UnlockForm>,
) -> Result<StatusCode, Problem> {
    app.check_sign_in_rate(caller.address)?;
    let (name, session) = own(&app, &caller).await?;
    let UnlockForm { password, code } = form;
    let form = SignInForm { operator: session.operator.clone(), password, code };
    proved(&app, form, caller.address, Kind::SignedIn).await?;
    app.sessions.set(&app.node, &name, Session { locked: false, ..session }).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    pub old: String,
    pub new: String,
    #[serde(default)]
    pub code: Option<String>,
}

/// 修改密码 / Change one's password; other sessions of the operator end
#[utoipa::path(
    post, path = "/session/password", tag = "session", request_body = PasswordForm,
    responses((status = 204), Problems),
    extensions(("x-function" = json!("present")))
)]
async fn change_password(
    State(app): State<App>,
    Present(caller): Present,
    Body(form): Body<PasswordForm>,
) -> Result<StatusCode, Problem> {
    app.check_sign_in_rate(caller.address)?;
    let (name, session) = own(&app, &caller).await?;
    let operator = session.operator.clone();
    let proof = SignInForm { operator: operator.clone(), password: form.old, code: form.code };
    proved(&app, proof, caller.address, Kind::SignedIn).await?;
    Credentials::new(&app).change(&operator, &form.new, app.now()).await?;
    app.sessions.set(&app.node, &name, Session { must_change: false, ..session }).await?;
    app.sessions.end_others(&app.node, &operator, &name).await?;
    trail::tell(&app, &operator, Kind::PasswordChanged, "", caller.address).await;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, ToSchema)]
pub struct FactorOffer {
    /// In base 32, for the authenticator
    pub secret: String,
    /// `otpauth://…`, as a QR code shows it
    pub url: String,
}

/// 申请动态码 / Begin a second factor; it counts once a code was confirmed
#[utoipa::path(
    post, path = "/session/second-factor", tag = "session", request_body = UnlockForm,
    responses((status = 200, body = FactorOffer), Problems),
    extensions(("x-function" = json!("present")))
)]
async fn offer_factor(
    State(app): State<App>,
    Present(caller): Present,
    Body(form): Body<UnlockForm>,
) -> Result<Json<FactorOffer>, Problem> {
    app.check_sign_in_rate(caller.address)?;
    own(&app, &caller).await?;
    // Who finds an open window must not bind the operator to a telephone of their own.
    let UnlockForm { password, code } = form;
    let form = SignInForm { operator: caller.operator.clone(), password, code };
    proved(&app, form, caller.address, Kind::SignedIn).await?;
    let secret = Credentials::new(&app).offer_factor(&caller.operator).await?;
    let url = format!(
        "otpauth://totp/piaohao:{}?secret={secret}&issuer=piaohao&digits=6&period=30",
        caller.operator
    );
    Ok(Json(FactorOffer { secret, url }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeForm {
    pub code: String,
}

/// 启用动态码 / Confirm the second factor with its first code
#[utoipa::path(
    post, path = "/session/second-factor/confirm", tag = "session", request_body = CodeForm,
    responses((status = 204), Problems),
    extensions(("x-function" = json!("present")))
)]
async fn confirm_factor(
    State(app): State<App>,
    Present(caller): Present,
    Body(form): Body<CodeForm>,
) -> Result<StatusCode, Problem> {
    app.check_sign_in_rate(caller.address)?;
    let (name, session) = own(&app, &caller).await?;
    let credentials = Credentials::new(&app);
    credentials.confirm_factor(&caller.operator, &form.code, app.now()).await?;
    app.sessions.set(&app.node, &name, Session { must_set_factor: false, ..session }).await?;
    trail::tell(&app, &caller.operator, Kind::SecondFactorSet, "", caller.address).await;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondForm {
    pub operator: String,
    pub password: String,
    #[serde(default)]
    pub code: Option<String>,
    /// Id of the matter whose step is signed; left out for one that is about to be opened
    #[serde(default)]
    pub matter: u64,
    /// Code of the matter that is about to be opened
    #[serde(default)]
    pub kind: String,
}

#[derive(Serialize, ToSchema)]
pub struct TicketView {
    /// Goes into `with` of the step; good once
    pub ticket: String,
    pub operator: String,
    /// Microseconds since 1970-01-01 UTC
    pub until: i64,
}

/// 双人签到 / The second person signs in at this window, for one step
#[utoipa::path(
    post, path = "/session/second-person", tag = "session", request_body = SecondForm,
    responses((status = 200, body = TicketView), Problems),
    extensions(("x-function" = json!("person")))
)]
async fn second_person(
    State(app): State<App>,
    caller: Caller,
    Body(form): Body<SecondForm>,
) -> Result<Json<TicketView>, Problem> {
    app.check_sign_in_rate(caller.address)?;
    own(&app, &caller).await?;
    let SecondForm { operator, password, code, matter, kind } = form;
    if operator == caller.operator {
        return Err(bank::office::refusal::same_operator("operator", &operator).into());
    }
    let proof = SignInForm { operator: operator.clone(), password, code };
    let proved = proved(&app, proof, caller.address, Kind::SignedIn).await?;
    if proved.must_change {
        return Err(refusal::password_must_change().at("operator").into());
    }
    if proved.must_set_factor {
        return Err(refusal::factor_must_be_set().at("operator").into());
    }
    let now = app.now();
    let until = now + i64::from(app.policy().second_minutes) * MINUTE;
    let window = caller.operator;
    let ticket = Ticket { operator: operator.clone(), window, matter, code: kind, until };
    let ticket = app.tickets.issue(ticket, now);
    Ok(Json(TicketView { ticket, operator, until }))
}

#[derive(Serialize, ToSchema)]
pub struct PasswordIssued {
    pub operator: String,
    /// Told once and kept nowhere
    pub password: String,
}

/// 发放一次性密码 / Hand out a one-time password, to who never had one or after an approved reset
#[utoipa::path(
    post, path = "/operators/{operator}/one-time-password", tag = "session",
    params(("operator" = String, Path,)),
    responses((status = 200, body = PasswordIssued), Problems),
    extensions(("x-function" = json!("credentials.issue")))
)]
async fn issue_password(
    State(app): State<App>,
    caller: Caller,
    Named(operator): Named<String>,
) -> Result<Json<PasswordIssued>, Problem> {
    let wanted = operator.clone();
    let known = app.look_as(&caller, Function::CredentialsIssue, move |state, scope| {
        let known = state.office.people.operators.get(&wanted);
        let known = known.filter(|one| scope.covers(&state.book, one.institution));
        Ok(known.is_some())
    });
    if !known.await? {
        return Err(refusal::not_found("operator").into());
    }
    if operator == caller.operator {
        return Err(bank::office::refusal::same_operator("operator", &operator).into());
    }
    let password = Credentials::new(&app).issue(&operator, app.now()).await?;
    trail::tell(&app, &caller.operator, Kind::PasswordIssued, &operator, caller.address).await;
    Ok(Json(PasswordIssued { operator, password }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenForm {
    /// What people call it: `core-banking`
    pub name: String,
    /// On whose behalf it acts; an operator of its own is best
    pub operator: String,
    /// Codes of functions, and `matters` for opening matters and working on them
    pub scopes: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct TokenView {
    /// Names it for revoking; it opens nothing
    pub id: String,
    pub name: String,
    pub operator: String,
    pub scopes: Vec<String>,
    pub issued_by: String,
    pub issued: i64,
    pub expires: i64,
    /// Told once, when it is issued
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl TokenView {
    fn of(id: String, token: Token, text: Option<String>) -> Self {
        let Token { name, operator, scopes, issued_by, issued, expires } = token;
        Self { id, name, operator, scopes, issued_by, issued, expires, token: text }
    }
}

/// 系统令牌一览 / Tokens of systems
#[utoipa::path(
    get, path = "/tokens", tag = "session",
    responses((status = 200, body = Vec<TokenView>), Problems),
    extensions(("x-function" = json!("tokens.manage")))
)]
async fn tokens(State(app): State<App>, caller: Caller) -> Result<Json<Vec<TokenView>>, Problem> {
    app.look_as(&caller, Function::TokensManage, |_, _| Ok(())).await?;
    let all = app.tokens.all(&app.node).await?;
    Ok(Json(all.into_iter().map(|(id, token)| TokenView::of(id, token, None)).collect()))
}

/// 签发系统令牌 / Issue a token
#[utoipa::path(
    post, path = "/tokens", tag = "session", request_body = TokenForm,
    responses((status = 201, body = TokenView), Problems),
    extensions(("x-function" = json!("tokens.manage")))
)]
async fn issue_token(
    State(app): State<App>,
    caller: Caller,
    Body(form): Body<TokenForm>,
) -> Result<(StatusCode, Json<TokenView>), Problem> {
    let TokenForm { name, operator, scopes } = form;
    let own = operator == caller.operator;
    let (wanted, asked) = (operator.clone(), scopes.clone());
    let look = app.look_as(&caller, Function::TokensManage, move |state, _| {
        if own {
            return Err(bank::office::refusal::same_operator("operator", &wanted));
        }
        if !state.office.people.operators.contains_key(&wanted) {
            return Err(refusal::not_found("operator").at("operator"));
        }
        for (at, code) in asked.iter().enumerate().filter(|(_, code)| *code != MATTERS) {
            let function = Function::by_code(code).ok_or_else(|| {
                let known = Function::all().map(Function::code).chain([MATTERS]);
                let known: Vec<&str> = known.collect();
                bank::office::refusal::not_a_choice(
                    &format!("scopes[{at}]"),
                    code,
                    &known.join(", "),
                )
            })?;
            // A token can do nothing that its operator's posts cannot.
            access::scope(state, &wanted, function).ok_or_else(|| {
                let no = refusal::not_permitted(&wanted, function.zh(), function.en());
                no.at(format!("scopes[{at}]"))
            })?;
        }
        Ok(())
    });
    look.await?;
    let now = app.now();
    let expires = now + i64::from(app.policy().token_days) * DAY;
    let issued_by = caller.operator.clone();
    let token = Token { name, operator, scopes, issued_by, issued: now, expires };
    let text = app.tokens.issue(&app.node, &token).await?;
    trail::tell(&app, &caller.operator, Kind::TokenIssued, &token.name, caller.address).await;
    let id = crate::serve::sign_in::digest(&text);
    Ok((StatusCode::CREATED, Json(TokenView::of(id, token, Some(text)))))
}

/// 吊销系统令牌 / Revoke a token
#[utoipa::path(
    delete, path = "/tokens/{id}", tag = "session", params(("id" = String, Path,)),
    responses((status = 204), Problems),
    extensions(("x-function" = json!("tokens.manage")))
)]
async fn revoke_token(
    State(app): State<App>,
    caller: Caller,
    Named(id): Named<String>,
) -> Result<StatusCode, Problem> {
    app.look_as(&caller, Function::TokensManage, anywhere).await?;
    let token = app.tokens.revoke(&app.node, &id).await?;
    let token = token.ok_or_else(|| refusal::not_found("token"))?;
    trail::tell(&app, &caller.operator, Kind::TokenRevoked, &token.name, caller.address).await;
    Ok(StatusCode::NO_CONTENT)
}
