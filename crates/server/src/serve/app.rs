//! What every handler shares.

use super::config::Limits;
use super::day_close::DayClose;
use super::desk::Desk;
use super::library::Shelves;
use super::node::Node;
use super::problem::Problem;
use super::rate::Rate;
use super::refusal;
use super::routes::Backing;
use super::sign_in::{Caller, Oidc, Sessions, Tickets, Tokens};
use super::streams::Streams;
use super::traces::Traces;
use super::trail::Trail;
use bank::office::access::{self, Function, Scope};
use bank::office::signin::Policy;
use bank::{Answer, Command, State};
use engine::Clock;
use ledger::Refusal;
use ledger::entry::{AccountId, InstitutionId};
use std::collections::HashMap;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, watch};

/// Passwords hashed at the same time: each takes 19 MiB and a core for some 30 ms.
const HASHING: usize = 2;

/// A handle on everything; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

pub struct Shared {
    pub node: Node,
    pub sessions: Sessions,
    pub tokens: Tokens,
    pub tickets: Tickets,
    /// Who else vouches for people.
    pub oidc: Option<Oidc>,
    pub hashing: Semaphore,
    pub desk: Desk,
    pub limits: Limits,
    pub rate: Rate,
    /// What time it is; tests set it.
    pub clock: Clock,
    /// Whether cookies are only sent over TLS.
    pub secure: bool,
    pub metrics: metrics_exporter_prometheus::PrometheusHandle,
    /// Changes whenever something was committed through this node, or read from another.
    pub changed: watch::Sender<u64>,
    pub backing: Backing,
    /// Notes of sensitive reads that are not written yet.
    pub trail: Trail,
    pub day_close: DayClose,
    pub shelves: Shelves,
    /// Streams of events that go out, by operator.
    pub streams: Streams,
    /// Where traces of requests go, if anywhere.
    pub traces: OnceLock<Traces>,
    policy: RwLock<Policy>,
    /// When the minute of an address began, and how often it tried to sign in since.
    tries: Mutex<HashMap<IpAddr, (Instant, u32)>>,
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    pub fn new(
        node: Node,
        limits: Limits,
        (clock, secure): (Clock, bool),
        metrics: metrics_exporter_prometheus::PrometheusHandle,
        (policy, oidc): (Policy, Option<Oidc>),
    ) -> Self {
        let desk = Desk::new(&node.home, &limits);
        let trail = Trail::new(Arc::clone(&clock));
        Self(Arc::new(Shared {
            desk,
            node,
            sessions: Sessions::default(),
            tokens: Tokens::default(),
            tickets: Tickets::default(),
            oidc,
            hashing: Semaphore::new(HASHING),
            rate: Rate::new(&limits),
            limits,
            clock,
            secure,
            metrics,
            changed: watch::Sender::new(0),
            backing: Backing::default(),
            trail,
            day_close: DayClose::default(),
            shelves: Shelves::default(),
            streams: Streams::default(),
            traces: OnceLock::new(),
            policy: RwLock::new(policy),
            tries: Mutex::default(),
        }))
    }

    /// This moment, in microseconds since 1970-01-01 UTC.
    pub fn now(&self) -> i64 {
        (self.clock)()
    }

    pub fn policy(&self) -> Policy {
        *self.policy.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the rules of signing in anew; they are dated numbers and change rarely.
    pub async fn refresh_policy(&self) -> Result<(), Problem> {
        let policy = self.node.look(Policy::of).await?;
        *self.policy.write().unwrap_or_else(PoisonError::into_inner) = policy;
        Ok(())
    }

    /// Refuses an address that tries to sign in too often.
    pub fn check_sign_in_rate(&self, address: IpAddr) -> Result<(), Problem> {
        const MINUTE: Duration = Duration::from_secs(60);
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() > 10_000 {
            tries.retain(|_, (since, _)| since.elapsed() < MINUTE);
        }
        let (since, count) = tries.entry(address).or_insert_with(|| (Instant::now(), 0));
        if since.elapsed() >= MINUTE {
            (*since, *count) = (Instant::now(), 0);
        }
        *count += 1;
        if *count <= self.limits.sign_ins {
            return Ok(());
        }
        let left = MINUTE.saturating_sub(since.elapsed()).as_secs();
        let wait = u32::try_from(left).unwrap_or(60).max(1);
        Err(Problem::from(refusal::too_many_requests()).after(wait))
    }

    /// Looks at the bank with a function that the caller must have, and says how far it goes.
    pub async fn look_as<T: Send + 'static>(
        &self,
        caller: &Caller,
        function: Function,
        view: impl FnOnce(&State, &Scope) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        let caller = caller.clone();
        let look = move |state: &State| {
            let scope = scope(state, &caller, function)?;
            view(state, &scope)
        };
        Ok(self.node.look(look).await??)
    }

    /// Hands in a command with a function that the caller must have, where `at` says.
    pub async fn ask_as(
        &self,
        caller: &Caller,
        function: Function,
        at: impl FnOnce(&State, &Scope) -> Result<(), Refusal> + Send + 'static,
        command: Command,
    ) -> Result<Answer, Problem> {
        let caller = caller.clone();
        let guard = move |state: &State| at(state, &scope(state, &caller, function)?);
        let answer = self.node.ask(guard, command).await;
        self.say_changed();
        answer
    }

    /// Wakes who waits for something new.
    pub fn say_changed(&self) {
        self.changed.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Forgets what it remembers of things beside the chain: another node may have changed them.
    pub fn forget(&self) {
        self.sessions.forget();
        self.tokens.forget();
    }
}

/// How far a function of the caller goes; a token has only those that were given to it.
pub fn scope(state: &State, caller: &Caller, function: Function) -> Result<Scope, Refusal> {
    let within = caller.scopes.as_ref().is_none_or(|scopes| scopes.contains(&function));
    let scope = within.then(|| access::scope(state, &caller.operator, function)).flatten();
    scope.ok_or_else(|| refusal::not_permitted(&caller.operator, function.zh(), function.en()))
}

/// Over the whole bank; a function that stops short of it is not enough.
pub fn whole_bank(
    caller: &Caller,
    function: Function,
) -> impl FnOnce(&State, &Scope) -> Result<(), Refusal> + Send + 'static {
    let operator = caller.operator.clone();
    move |_, scope| match scope {
        Scope::Everywhere => Ok(()),
        Scope::Below(_) => Err(refusal::not_permitted(&operator, function.zh(), function.en())),
    }
}

/// How far the first of these functions that the caller has goes.
pub fn scope_of_any(
    state: &State,
    caller: &Caller,
    functions: &[Function],
) -> Result<Scope, Refusal> {
    let mut tried = functions.iter().map(|function| scope(state, caller, *function));
    let first = tried.next().unwrap_or_else(|| Err(refusal::not_signed_in()));
    first.or_else(|no| tried.find_map(Result::ok).ok_or(no))
}

/// Everywhere that the function goes.
pub fn anywhere(_: &State, _: &Scope) -> Result<(), Refusal> {
    Ok(())
}

/// An institution that the scope covers; any other is not there.
pub fn institution(state: &State, scope: &Scope, code: &str) -> Result<InstitutionId, Refusal> {
    let found = state.book.institution_by_code(code).filter(|at| scope.covers(&state.book, *at));
    found.ok_or_else(|| ledger::refusal::unknown_institution(code))
}

/// The institution that a query names, if the scope covers it; none: it names none.
pub fn within(state: &State, scope: &Scope, code: &str) -> Result<Option<InstitutionId>, Refusal> {
    (!code.is_empty()).then(|| institution(state, scope, code)).transpose()
}

/// At an institution that the function covers.
pub fn at(code: String) -> impl FnOnce(&State, &Scope) -> Result<(), Refusal> + Send + 'static {
    move |state, scope| institution(state, scope, &code).map(drop)
}

/// At the institution of an account.
pub fn at_account(
    number: String,
) -> impl FnOnce(&State, &Scope) -> Result<(), Refusal> + Send + 'static {
    move |state, scope| account(state, scope, &number).map(drop)
}

/// An account that the scope covers; any other is not there.
pub fn account(state: &State, scope: &Scope, number: &str) -> Result<AccountId, Refusal> {
    let accounts = &state.book.accounts;
    let found = accounts.by_number(number);
    let found =
        found.filter(|id| scope.covers(&state.book, accounts.heads[id.index()].institution));
    found.ok_or_else(|| ledger::refusal::unknown_account(number))
}
