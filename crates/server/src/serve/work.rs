//! What the service does by itself: the first administrator, the clock of the office, sessions that
//! have ended, rules of signing in that were changed.

use super::app::App;
use super::problem::Problem;
use super::routes::session::demonstration;
use super::sign_in::{CREDENTIALS, Credentials, one_time_password};
use super::trail;
use crate::messages;
use crate::output::Output;
use bank::Command;
use bank::form::OperatorForm;
use bank::office::access::{self, Function};
use ledger::book::Phase;
use ledger::post::HEAD_OFFICE;
use std::time::Duration;

/// How often the office's clock is looked at, and sessions are swept.
const TICK: Duration = Duration::from_secs(20);

/// The number of the first administrator.
const FIRST: &str = "admin";

/// The password of everybody in a demonstration.
pub const DEMO_PASSWORD: &str = "Piaohao-2026";

/// What the first administrator may do: propose people and their posts, which a second person
/// approves, and hand out the first passwords.
const FIRST_POSTS: [&str; 1] = ["access_clerk"];

/// What was done so that somebody can sign in.
enum First {
    /// Somebody can sign in already, or this node only follows.
    Nobody,
    /// One administrator has a password that is told once.
    Administrator { operator: String, password: String },
    /// Everybody of a demonstration has the password of demonstrations.
    Demonstration,
}

/// Sees to it that somebody can sign in.
async fn first(app: &App) -> Result<First, Problem> {
    let any = app.node.store(|store, bank| store.kept_on(bank, CREDENTIALS, "", 1)).await?;
    if !any.is_empty() || app.node.writer().is_err() {
        return Ok(First::Nobody);
    }
    if app.node.home.is_demonstration() {
        let_everybody_in(app).await?;
        return Ok(First::Demonstration);
    }
    administrator(app).await
}

/// Everybody gets the one password, and a business day is open for them to work in.
async fn let_everybody_in(app: &App) -> Result<(), Problem> {
    let people = app.node.look(|state| state.office.people.operators.keys().cloned().collect());
    let people: Vec<String> = people.await?;
    let credentials = Credentials::new(app);
    let Some((first, others)) = people.split_first() else { return Ok(()) };
    credentials.put(first, DEMO_PASSWORD, false, app.now()).await?;
    // Hashing for each would take a second for nothing: everybody knows this password.
    credentials.share(first, others).await?;
    let closed = app.node.look(|state| state.book.phase == Phase::Closed).await?;
    if closed {
        app.node.ask(|_| Ok(()), Command::OpenDay { day: None }).await?;
    }
    Ok(())
}

/// Gives one administrator a password: who may hand out passwords already, or the first operator.
async fn administrator(app: &App) -> Result<First, Problem> {
    let known = app.node.look(|state| {
        let people = &state.office.people.operators;
        let may = |one: &&String| access::scope(state, one, Function::CredentialsIssue).is_some();
        let office = state.book.institutions.get(usize::from(HEAD_OFFICE.0));
        (people.keys().find(may).cloned(), people.is_empty(), office.map(|one| one.code.clone()))
    });
    let (issuer, empty, head) = known.await?;
    let operator = match (issuer, empty, head) {
        (Some(issuer), ..) => issuer,
        (None, true, Some(institution)) => {
            let form = OperatorForm {
                operator: FIRST.to_owned(),
                name: messages::FIRST_ADMINISTRATOR.to_owned(),
                institution,
                posts: FIRST_POSTS.map(str::to_owned).to_vec(),
            };
            app.node.ask(|_| Ok(()), Command::Enrol(vec![form])).await?;
            FIRST.to_owned()
        }
        _ => {
            tracing::warn!("nobody may hand out passwords: the rulebook gives it to no operator");
            return Ok(First::Nobody);
        }
    };
    let password = one_time_password();
    Credentials::new(app).put(&operator, &password, true, app.now()).await?;
    Ok(First::Administrator { operator, password })
}

/// Sees to it that somebody can sign in, and says how; answers whether that is settled.
pub async fn welcome(app: &App, out: &Output) -> anyhow::Result<bool> {
    let is_writer = app.node.writer().is_ok();
    match first(app).await.map_err(|problem| problem.refusal)? {
        First::Nobody => {}
        First::Administrator { operator, password } => {
            out.say(&messages::first_administrator(&operator, &password))?;
        }
        First::Demonstration => {
            let shown = app.node.look(demonstration::view).await;
            let shown = shown.map_err(|problem| problem.refusal)?;
            let people = shown.operators.iter().map(|one| {
                let posts = one.posts.iter().map(|post| messages::say(&post.zh, &post.en));
                let posts: Vec<_> = posts.collect();
                messages::demo_operator(&one.operator, &one.name, &one.institution, &posts)
            });
            out.say(&messages::demo_sign_in(shown.password, &people.collect::<Vec<_>>()))?;
        }
    }
    Ok(is_writer)
}

/// Goes on until the service stops.
pub async fn chores(app: App, out: Output, welcomed: bool) {
    let (mut tick, mut welcomed) = (tokio::time::interval(TICK), welcomed);
    loop {
        tick.tick().await;
        if app.node.writer().is_ok() {
            // The other node may have died before anybody could sign in.
            welcomed = welcomed || welcome(&app, &out).await.unwrap_or(false);
            let written = async {
                app.node.ask(|_| Ok(()), Command::Tick { at: app.now() }).await?;
                trail::take_over(&app).await
            };
            if let Err(problem) = written.await {
                tracing::warn!(code = problem.refusal.code, "the clock was not looked at");
            }
        }
        let swept = async {
            app.refresh_policy().await?;
            app.sessions.sweep(&app.node, &app.policy(), app.now()).await
        };
        if let Err(problem) = swept.await {
            tracing::warn!(code = problem.refusal.code, "sessions were not swept");
        }
    }
}
