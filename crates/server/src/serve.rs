//! `piaohao serve`: the bank over HTTP. Handlers turn requests into commands and looks, and what
//! the bank answers into JSON; nothing here decides anything.

mod api;
mod app;
mod config;
mod connection;
mod day_close;
mod desk;
mod extract;
mod keeper;
mod lang;
mod library;
mod node;
mod page;
mod problem;
mod rate;
mod refusal;
mod routes;
mod sign_in;
mod streams;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(test)]
mod tests;
mod traces;
mod trail;
mod work;

pub use config::ServeConfig;

use crate::cli::{Global, Serve};
use crate::fault::Exit;
use crate::home::{self, Home};
use crate::messages;
use crate::output::Output;
use app::App;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use bank::office::signin::Policy;
use connection::bounded;
use keeper::Keeper;
use metrics_exporter_prometheus::PrometheusBuilder;
use node::{Node, Role};
use sign_in::Oidc;
use std::io::{self, IsTerminal as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use traces::Traces;
use tracing_subscriber::EnvFilter;

/// Where it listens unless it is told: nobody else's machine can reach it.
const LISTEN: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 8080);

/// How long a request in hand may take after the service was told to stop.
const GRACE: Duration = Duration::from_secs(20);

pub fn run(global: &Global, form: &Serve, out: &Output) -> anyhow::Result<Exit> {
    log(form.log_json);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve(global, form, out));
    // What blocks for the engine has been answered by now; nothing else is waited for.
    runtime.shutdown_timeout(Duration::from_secs(5));
    served.map(|()| Exit::OK)
}

/// Prints the description of the interface.
pub fn describe(out: &Output) -> anyhow::Result<Exit> {
    let (_, document) = api::described();
    out.put(&document.to_pretty_json()?)?;
    Ok(Exit::OK)
}

fn log(json: bool) {
    let filter = EnvFilter::try_from_env("PIAOHAO_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let log = log.with_ansi(io::stderr().is_terminal());
    // Whoever set one before, as a test does, keeps it.
    let _ = if json { log.json().try_init() } else { log.try_init() };
}

async fn serve(global: &Global, form: &Serve, out: &Output) -> anyhow::Result<()> {
    let folder = global.home.clone();
    let opened = blocking(move || {
        let home = Home::open(&folder)?;
        let follower = home.follow()?;
        Ok((home, follower))
    });
    let (home, follower) = opened.await?;
    let config = home.config.serve.clone().unwrap_or_default();
    let listen = form.listen.or(config.listen).unwrap_or_else(|| SocketAddr::from(LISTEN));
    let oidc = Oidc::of(&home)?;
    let certificate = form.certificate.clone().or(config.certificate);
    let tls = tls(certificate, form.key.clone().or(config.key)).await?;
    let policy = Policy::of(follower.state());
    let limits = config.limits;
    let role = Role::Follower(Arc::new(Mutex::new(follower)));
    let node = Node::new(home, role, limits.commands);
    let metrics = PrometheusBuilder::new().build_recorder();
    let figures = metrics.handle();
    // A second service in one process, as in tests, shares the first one's figures.
    let _ = metrics::set_global_recorder(metrics);
    let clock: engine::Clock = Arc::new(home::now);
    let app = App::new(node, limits, (clock, tls.is_some()), figures, (policy, oidc));
    if let Some(collector) = form.traces.clone().or(config.traces) {
        let traces = blocking(move || Traces::to(&collector)).await?;
        let _ = app.traces.set(traces);
    }
    let kept = app.clone();
    let keeper = blocking(move || {
        let mut keeper = Keeper::new(kept)?;
        // Where nobody writes, it is the writer before it is reached.
        keeper.step();
        Ok(keeper)
    });
    let keeper = keeper.await?;
    let (told_to_stop, stop) = crossbeam_channel::bounded(0);
    let keeping = tokio::task::spawn_blocking(move || keeper.run(&stop));
    let served = listen_at(&app, listen, tls, out).await;
    drop(told_to_stop);
    keeping.await?;
    blocking(move || {
        app.node.close();
        if let Some(traces) = app.traces.get() {
            traces.stop();
        }
        Ok(())
    })
    .await?;
    tracing::info!(at = home::now(), "stopped");
    served
}

/// Runs what blocks: opening a store does, and closing it.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(work).await?
}

/// Answers requests until it is told to stop.
async fn listen_at(
    app: &App,
    listen: SocketAddr,
    tls: Option<RustlsConfig>,
    out: &Output,
) -> anyhow::Result<()> {
    let welcomed = work::welcome(app, out).await?;
    let handle = Handle::new();
    let chores = tokio::spawn(work::chores(app.clone(), *out, welcomed));
    let keeping = app.clone();
    let searched = tokio::task::spawn_blocking(move || library::keep(&keeping));
    let noting = tokio::spawn(trail::keep(app.clone()));
    tokio::spawn(stop_when_told(app.clone(), handle.clone()));
    let told = tokio::spawn(tell(app.clone(), handle.clone(), *out));
    let served = self::listen(app, listen, tls, handle).await;
    chores.abort();
    told.abort();
    // Whoever was not told otherwise, as where it cannot listen, ends here.
    app.streams.stop();
    let _ = searched.await;
    // What was read stays noted: nothing reads any more, so that this ends.
    app.trail.stop();
    let _ = noting.await;
    served
}

/// Listens, and serves until the handle is told to stop.
async fn listen(
    app: &App,
    at: SocketAddr,
    tls: Option<RustlsConfig>,
    handle: Handle<SocketAddr>,
) -> anyhow::Result<()> {
    let service = api::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    match tls {
        None => {
            bounded(axum_server::bind(at), &handle, &app.limits).serve(service).await?;
        }
        Some(tls) => {
            let server = axum_server::bind_rustls(at, tls);
            bounded(server, &handle, &app.limits).serve(service).await?;
        }
    }
    Ok(())
}

/// What TLS is spoken with. One of the two files alone is refused: whoever names a certificate does
/// not mean to be served without.
async fn tls(
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
) -> anyhow::Result<Option<RustlsConfig>> {
    let (certificate, key) = match (certificate, key) {
        (None, None) => return Ok(None),
        (Some(certificate), Some(key)) => (certificate, key),
        (Some(_), None) => return Err(crate::refusal::tls_half("key").into()),
        (None, Some(_)) => return Err(crate::refusal::tls_half("certificate").into()),
    };
    choose_cryptography();
    let loaded = RustlsConfig::from_pem_file(&certificate, &key).await;
    let path = |path: &PathBuf| path.display().to_string();
    let wrong = |no: io::Error| {
        crate::refusal::tls_unusable(&path(&certificate), &path(&key), &no.to_string())
    };
    Ok(Some(loaded.map_err(wrong)?))
}

/// Before anything speaks TLS, or could. Another library of the process may have chosen already.
fn choose_cryptography() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Says where it can be reached, once it can.
async fn tell(app: App, handle: Handle<SocketAddr>, out: Output) {
    if let Some(at) = handle.listening().await {
        let address = format!("http{}://{at}", if app.secure { "s" } else { "" });
        let _ = app.node.reached_at.set(address.clone());
        // Nobody may be reading any more, which is no reason to stop serving.
        let _ =
            out.answer(&messages::serving(&address), &serde_json::json!({ "serving": address }));
        tracing::info!(address, "serving");
    }
}

async fn stop_when_told(app: App, handle: Handle<SocketAddr>) {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        _ = interrupted => {}
        () = terminated => {}
    }
    tracing::info!("stopping");
    // Streams have no end of their own, and would be waited for.
    app.streams.stop();
    handle.graceful_shutdown(Some(GRACE));
}
