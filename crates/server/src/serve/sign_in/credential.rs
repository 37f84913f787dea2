//! Passwords and second factors. Hashes are argon2id; a guess is counted before it is judged, so
//! that guessing side by side gains nothing; who is unknown costs as much time as who is known.

use super::one_time_password;
use super::shelf::Shelf;
use crate::messages;
use crate::serve::app::App;
use crate::serve::node::unblocked;
use crate::serve::problem::Problem;
use crate::serve::refusal;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use bank::office::event::{Instant, Standing};
use bank::office::signin::Policy;
use bank::office::trail::LockOut;
use bank::{Command, State};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use totp_rs::{Builder, Secret};

pub const SHELF: &str = "credential";
const KEPT: Shelf<Credential> = Shelf::new(SHELF);
const DAY: i64 = 86_400_000_000;
const HOUR: i64 = 3_600_000_000;
const MINUTE: i64 = 60_000_000;

/// How long the door stays shut where a lock cannot be written down.
const UNWRITTEN_LOCK_MINUTES: u32 = 30;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// PHC string of argon2id.
    pub hash: String,
    /// When it was set, in microseconds since 1970-01-01 UTC.
    pub set: Instant,
    /// 一次性密码: good once and for hours, to set one's own.
    pub one_time: bool,
    /// Hashes of earlier passwords, the newest first.
    #[serde(default)]
    pub before: Vec<String>,
    /// Wrong guesses since it was last right.
    #[serde(default)]
    pub failures: u32,
    #[serde(default)]
    pub locked_until: Option<Instant>,
    /// Secret of the second factor in base 32.
    #[serde(default)]
    pub totp: Option<String>,
    /// A secret that was shown and not yet confirmed.
    #[serde(default)]
    pub totp_offered: Option<String>,
    /// The last step of time whose code was taken: no code is good twice.
    #[serde(default)]
    pub totp_step: u64,
}

/// What somebody shows to be who they say.
pub struct Proof {
    pub operator: String,
    pub password: String,
    /// Six digits of the second factor.
    pub code: Option<String>,
    /// Address of the client.
    pub from: String,
}

/// Somebody who proved who they are.
#[derive(Clone, Copy, Debug)]
pub struct Proved {
    pub must_change: bool,
    /// The rules ask for a second factor, and there is none yet.
    pub must_set_factor: bool,
}

/// How a proof ended, for the audit trail.
pub enum Wrong {
    Failed,
    /// This guess was one too many.
    LockedOut,
    /// The password is right, the code is missing.
    CodeNeeded,
}

/// Reads and keeps credentials.
#[derive(Clone)]
pub struct Credentials {
    app: App,
}

/// A hash of nobody's password.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody"));

/// One at a time for each operator: what is counted is counted.
static TURNS: LazyLock<Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>> =
    LazyLock::new(Mutex::default);

fn turn(operator: &str) -> Arc<tokio::sync::Mutex<()>> {
    let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
    if turns.len() > 10_000 {
        turns.retain(|_, turn| Arc::strong_count(turn) > 1);
    }
    Arc::clone(turns.entry(operator.to_owned()).or_default())
}

fn hash_now(password: &str) -> String {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.expect("the parameters of argon2 are right").to_string()
}

fn is_right(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

impl Credentials {
    pub fn new(app: &App) -> Self {
        Self { app: app.clone() }
    }

    pub async fn of(&self, operator: &str) -> Result<Option<Credential>, Problem> {
        KEPT.of(&self.app.node, operator).await
    }

    async fn keep(&self, operator: &str, credential: &Credential) -> Result<(), Problem> {
        KEPT.keep(&self.app.node, operator, credential).await
    }

    /// Whether the proof holds; every reason why it does not is one of [`Wrong`].
    pub async fn prove(
        &self,
        proof: &Proof,
        now: Instant,
    ) -> Result<Result<Proved, Wrong>, Problem> {
        let Proof { operator, password, code, from } = proof;
        // Whom nobody knows has no turn and no name in the store, whatever it is made of.
        if !self.standing(operator).await?.0 {
            self.verify(password, &NOBODY).await?;
            return Ok(Err(Wrong::Failed));
        }
        let turn = turn(operator);
        let _turn = turn.lock().await;
        let policy = self.app.policy();
        let (active, reset) = self.standing(operator).await?;
        let kept = self.of(operator).await?;
        let usable = kept.filter(|one| active && is_usable(one, reset, &policy, now));
        let Some(mut credential) = usable else {
            self.verify(password, &NOBODY).await?;
            return Ok(Err(Wrong::Failed));
        };
        credential.failures += 1;
        self.keep(operator, &credential).await?;
        if !self.verify(password, &credential.hash).await? {
            return self.failed((operator, from), credential, &policy, now).await.map(Err);
        }
        if let Some(secret) = &credential.totp {
            let Some(code) = code else {
                // The guess was right: it is not counted.
                credential.failures -= 1;
                self.keep(operator, &credential).await?;
                return Ok(Err(Wrong::CodeNeeded));
            };
            match step_of(secret, code, now).filter(|step| *step > credential.totp_step) {
                Some(step) => credential.totp_step = step,
                None => {
                    return self.failed((operator, from), credential, &policy, now).await.map(Err);
                }
            }
        }
        credential.failures = 0;
        credential.locked_until = None;
        self.keep(operator, &credential).await?;
        let life = i64::from(policy.password_days) * DAY;
        let too_old = life > 0 && credential.set + life < now;
        let must_change = credential.one_time || too_old;
        let must_set_factor = policy.second_factor && credential.totp.is_none();
        Ok(Ok(Proved { must_change, must_set_factor }))
    }

    /// Whether somebody may sign in for whom a provider vouches. It has asked for what it wants,
    /// a second factor too: neither password nor code are asked for again. A door that is shut
    /// for guessing stays shut.
    pub async fn vouched(
        &self,
        operator: &str,
        now: Instant,
    ) -> Result<Result<Proved, Wrong>, Problem> {
        if !self.standing(operator).await?.0 {
            return Ok(Err(Wrong::Failed));
        }
        let until = self.of(operator).await?.and_then(|kept| kept.locked_until);
        if until.is_some_and(|until| now < until) {
            return Ok(Err(Wrong::Failed));
        }
        Ok(Ok(Proved { must_change: false, must_set_factor: false }))
    }

    async fn failed(
        &self,
        (operator, from): (&str, &str),
        mut credential: Credential,
        policy: &Policy,
        now: Instant,
    ) -> Result<Wrong, Problem> {
        if credential.failures < policy.failures_max {
            return Ok(Wrong::Failed);
        }
        credential.failures = 0;
        let minutes = if policy.lockout_minutes == 0 {
            // The operator is locked until a matter unlocks; a node that stands by cannot write
            // that down and holds the door shut meanwhile.
            let reason = messages::LOCKED_OUT.to_owned();
            let (number, from) = (operator.to_owned(), from.to_owned());
            let form = LockOut { operator: number, at: now, reason, from };
            let locked = self.app.node.ask(|_| Ok(()), Command::LockOut(form)).await;
            if locked.is_ok() { 0 } else { UNWRITTEN_LOCK_MINUTES }
        } else {
            policy.lockout_minutes
        };
        credential.locked_until = (minutes > 0).then(|| now + i64::from(minutes) * MINUTE);
        self.keep(operator, &credential).await?;
        Ok(Wrong::LockedOut)
    }

    /// Whether the operator may sign in at all, and when a reset was last approved.
    async fn standing(&self, operator: &str) -> Result<(bool, Option<Instant>), Problem> {
        let operator = operator.to_owned();
        let look = move |state: &State| {
            let known = state.office.people.operators.get(&operator);
            let active = known.is_some_and(|one| one.standing == Standing::Active);
            (active, known.and_then(|one| one.password_reset))
        };
        self.app.node.look(look).await
    }

    async fn verify(&self, password: &str, hash: &str) -> Result<bool, Problem> {
        let _turn = self.hashing().await?;
        let (password, hash) = (password.to_owned(), hash.to_owned());
        unblocked(move || is_right(&password, &hash)).await
    }

    async fn hash(&self, password: &str) -> Result<String, Problem> {
        let _turn = self.hashing().await?;
        let password = password.to_owned();
        unblocked(move || hash_now(&password)).await
    }

    async fn hashing(&self) -> Result<tokio::sync::SemaphorePermit<'_>, Problem> {
        let turn = self.app.hashing.acquire().await;
        turn.map_err(|_| ledger::refusal::unavailable("stopping").into())
    }

    /// Sets one's own password, which the policy must like and which is none of the last ones.
    pub async fn change(&self, operator: &str, new: &str, now: Instant) -> Result<(), Problem> {
        let turn = turn(operator);
        let _turn = turn.lock().await;
        let policy = self.app.policy();
        policy.check(new, operator).map_err(|no| no.at("new"))?;
        let mut credential = self.of(operator).await?.unwrap_or_default();
        let last = usize::try_from(policy.password_history).unwrap_or(usize::MAX);
        let current = std::iter::once(&credential.hash).filter(|hash| !hash.is_empty());
        for hash in current.chain(&credential.before).take(last).cloned().collect::<Vec<_>>() {
            if self.verify(new, &hash).await? {
                return Err(refusal::password_used_before(last).into());
            }
        }
        let hash = self.hash(new).await?;
        let old = std::mem::replace(&mut credential.hash, hash);
        if !credential.one_time && !old.is_empty() {
            credential.before.insert(0, old);
        }
        credential.before.truncate(last.saturating_sub(1));
        (credential.set, credential.one_time) = (now, false);
        self.keep(operator, &credential).await
    }

    /// Makes a one-time password, if the operator never had one or a reset was approved since.
    pub async fn issue(&self, operator: &str, now: Instant) -> Result<String, Problem> {
        let turn = turn(operator);
        let _turn = turn.lock().await;
        let (_, reset) = self.standing(operator).await?;
        let kept = self.of(operator).await?;
        let due = kept.as_ref().is_none_or(|one| reset.is_some_and(|reset| one.set < reset));
        if !due {
            return Err(refusal::nothing_to_issue(operator).into());
        }
        let password = one_time_password();
        self.put(operator, &password, true, now).await?;
        Ok(password)
    }

    /// Puts a password in place of whatever there was, and takes the second factor away.
    pub async fn put(
        &self,
        operator: &str,
        password: &str,
        one_time: bool,
        now: Instant,
    ) -> Result<(), Problem> {
        let before = self.of(operator).await?.map(|one| one.before).unwrap_or_default();
        let hash = self.hash(password).await?;
        let credential = Credential { hash, set: now, one_time, before, ..Credential::default() };
        self.keep(operator, &credential).await
    }

    /// Gives others the very credential of one, as in a demonstration.
    pub async fn share(&self, one: &str, others: &[String]) -> Result<(), Problem> {
        let Some(credential) = self.of(one).await? else { return Ok(()) };
        for other in others {
            self.keep(other, &credential).await?;
        }
        Ok(())
    }

    /// Offers a secret for the second factor: it counts once a code of it was given.
    pub async fn offer_factor(&self, operator: &str) -> Result<String, Problem> {
        let turn = turn(operator);
        let _turn = turn.lock().await;
        let mut credential = self.of(operator).await?.unwrap_or_default();
        let mut bytes = [0; 20];
        getrandom::fill(&mut bytes).expect("the system has random bytes");
        let secret = Secret::from(bytes.to_vec()).to_base32();
        credential.totp_offered = Some(secret.clone());
        self.keep(operator, &credential).await?;
        Ok(secret)
    }

    pub async fn confirm_factor(
        &self,
        operator: &str,
        code: &str,
        now: Instant,
    ) -> Result<(), Problem> {
        let turn = turn(operator);
        let _turn = turn.lock().await;
        let mut credential = self.of(operator).await?.unwrap_or_default();
        let secret = credential.totp_offered.take().ok_or_else(refusal::code_wrong)?;
        let step = step_of(&secret, code, now).ok_or_else(refusal::code_wrong)?;
        (credential.totp, credential.totp_step) = (Some(secret), step);
        self.keep(operator, &credential).await
    }
}

/// Whether a credential may be tried: not while locked, not after a reset, not a stale one-time.
fn is_usable(
    credential: &Credential,
    reset: Option<Instant>,
    policy: &Policy,
    now: Instant,
) -> bool {
    let locked = credential.locked_until.is_some_and(|until| now < until);
    let taken_back = reset.is_some_and(|reset| credential.set < reset);
    let life = i64::from(policy.once_hours) * HOUR;
    let stale = credential.one_time && credential.set + life < now;
    !locked && !taken_back && !stale
}

/// The step of time whose code this is, if it is one of now or of a step beside it.
fn step_of(secret: &str, code: &str, now: Instant) -> Option<u64> {
    let seconds = u64::try_from(now / 1_000_000).ok()?;
    let secret = Secret::try_from_base32(secret).ok()?;
    let totp = Builder::new().with_secret(secret).build().ok()?;
    totp.check(code, seconds)
}
