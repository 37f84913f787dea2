//! The service in the process of a test: on a port of its own, with a clock that the test sets, and
//! with people who need not spend a tenth of a second on each password.

use super::app::App;
use super::config::ServeConfig;
use super::sign_in::{CREDENTIALS, Oidc, Session, Ticket, digest, secret};
use super::traces::Traces;
use super::{api, listen, node};
use crate::home::{Config, Home, Running};
use crate::output::Output;
use anyhow::Context as _;
use argon2::{Argon2, Params, PasswordHasher as _};
use axum_server::Handle;
use bank::office::signin::Policy;
use engine::{Clock, Engine};
use metrics_exporter_prometheus::PrometheusBuilder;
use node::{Node, Role};
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use tokio::runtime::Runtime;

pub use super::config::{Limits, Oidc as OidcSettings};

/// One for all services of the process.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(2).enable_all().build().expect("a runtime is built")
});

/// Where a bank is: its home, its store as `piaohao.toml` names it, and its code.
pub struct Place<'a> {
    pub folder: &'a Path,
    pub store: &'a str,
    pub bank: &'a str,
    /// Whether cookies are given out as over TLS.
    pub secure: bool,
    /// Who else vouches for people.
    pub oidc: Option<OidcSettings>,
}

/// The engine behind a service, for what goes past the interface.
pub struct Behind(Arc<Running>);

impl Deref for Behind {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        &self.0.engine
    }
}

/// How somebody's session is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing {
    pub locked: bool,
    pub must_change: bool,
    pub must_set_factor: bool,
}

/// What a browser holds of a session.
#[derive(Clone, Debug)]
pub struct Browser {
    pub cookie: String,
    pub csrf: String,
}

/// A service that runs until it is dropped.
pub struct Service {
    app: App,
    handle: Handle<SocketAddr>,
    pub address: SocketAddr,
}

impl Service {
    /// Serves a bank that was founded already; nothing happens by itself.
    pub fn start(place: &Place<'_>, limits: Limits, clock: Clock) -> anyhow::Result<Self> {
        let config = Config {
            store: place.store.to_owned(),
            archive: "archive".to_owned(),
            bank: place.bank.to_owned(),
            serve: Some(ServeConfig {
                backup: Some("backups".into()),
                oidc: place.oidc.clone(),
                ..ServeConfig::default()
            }),
        };
        std::fs::create_dir_all(place.folder)?;
        let home = Home { folder: place.folder.to_owned(), config };
        let oidc = Oidc::of(&home)?;
        let running = Arc::new(home.run_at(&Output::quiet(), Arc::clone(&clock))?);
        let policy = running.engine.look(Policy::of)?;
        let node = Node::new(home, Role::Writer(running), limits.commands);
        let figures = PrometheusBuilder::new().build_recorder().handle();
        let app = App::new(node, limits, (clock, place.secure), figures, (policy, oidc));
        let handle = Handle::new();
        let (own, served) = (handle.clone(), app.clone());
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        RUNTIME.spawn(async move { listen(&served, local, None, own).await });
        let address = RUNTIME.block_on(handle.listening()).context("it does not listen")?;
        Ok(Self { app, handle, address })
    }

    /// The engine behind it.
    pub fn behind(&self) -> Behind {
        let Role::Writer(running) = self.app.node.role() else {
            unreachable!("a service of a test writes until it is dropped")
        };
        Behind(running)
    }

    /// Begins a session as if somebody had signed in at this moment.
    pub fn begin(&self, operator: &str, standing: Standing) -> Browser {
        let (cookie, csrf, now) = (secret(), secret(), self.app.now());
        let Standing { locked, must_change, must_set_factor } = standing;
        let operator = operator.to_owned();
        let session = Session {
            operator,
            csrf: csrf.clone(),
            began: now,
            seen: now,
            locked,
            must_change,
            must_set_factor,
        };
        let name = digest(&cookie);
        let set = self.app.sessions.set(&self.app.node, &name, session);
        RUNTIME.block_on(set).expect("a session is kept");
        Browser { cookie, csrf }
    }

    /// Issues a ticket to somebody who could not sign in for one.
    pub fn ticket(
        &self,
        operator: &str,
        window: &str,
        (matter, code): (u64, &str),
        until: i64,
    ) -> String {
        let now = self.app.now().min(until);
        let (operator, window) = (operator.to_owned(), window.to_owned());
        let ticket = Ticket { operator, window, matter, code: code.to_owned(), until };
        self.app.tickets.issue(ticket, now)
    }

    /// Gives somebody a password that was set at this instant and costs nothing to check.
    pub fn password(&self, operator: &str, password: &str, set: i64) {
        let cheap = Params::new(Params::MIN_M_COST, 1, 1, None).expect("the least there may be");
        let cheap = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, cheap);
        let hash = cheap.hash_password(password.as_bytes()).expect("it hashes").to_string();
        let kept = serde_json::json!({ "hash": hash, "set": set, "one_time": false });
        let (name, bytes) = (operator.to_owned(), kept.to_string().into_bytes());
        let keep = move |store: &mut dyn store::Store, bank: &str| {
            store.keep(bank, CREDENTIALS, &name, Some(&bytes))
        };
        RUNTIME.block_on(self.app.node.store(keep)).expect("a credential is kept");
    }

    /// Sends traces of requests from now on to this collector.
    pub fn trace_to(&self, collector: &str) {
        let traces = Traces::to(collector).expect("an address on this machine");
        assert!(self.app.traces.set(traces).is_ok(), "there is one collector");
    }

    pub fn stop_traces(&self) {
        self.app.traces.get().expect("there is a collector").stop();
    }

    /// Keeps the full-text index from here on.
    pub fn keep_library(&self) {
        let app = self.app.clone();
        RUNTIME.spawn_blocking(move || super::library::keep(&app));
    }

    /// Looks for sessions that have ended, as the service does from time to time.
    pub fn sweep(&self) {
        let app = &self.app;
        let (policy, now) = (app.policy(), app.now());
        let sweep = app.sessions.sweep(&app.node, &policy, now);
        RUNTIME.block_on(sweep).expect("sessions are swept");
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.handle.shutdown();
        self.app.streams.stop();
        self.app.node.set_role(Role::Stopped);
    }
}

/// The description of the interface.
pub fn document() -> serde_json::Value {
    serde_json::to_value(api::described().1).expect("a description serialises")
}
