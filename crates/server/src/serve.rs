//! `piaohao serve`: the bank over HTTP. Handlers turn requests into commands and looks, and what the
//! bank answers into JSON; nothing here decides anything.

mod api;
mod app;
mod config;
mod extract;
mod lang;
mod node;
mod page;
mod problem;
mod refusal;
mod routes;
mod sign_in;
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
use metrics_exporter_prometheus::PrometheusBuilder;
use node::{Node, Role};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tracing_subscriber::EnvFilter;
use work::First;

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
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Whoever set one before, as a test does, keeps it.
    let _ = if json { log.json().try_init() } else { log.try_init() };
}

async fn serve(global: &Global, form: &Serve, out: &Output) -> anyhow::Result<()> {
    let home = Home::open(&global.home)?;
    let config = home.config.serve.clone().unwrap_or_default();
    let listen = form.listen.or(config.listen).unwrap_or_else(|| SocketAddr::from(LISTEN));
    let certificate = form.certificate.clone().or(config.certificate);
    let key = form.key.clone().or(config.key);
    let running = Arc::new(home.run(out)?);
    let policy = running.engine.look(Policy::of)?;
    let limits = config.limits;
    let node = Node::new(home, Role::Writer(running), limits.commands);
    let metrics = PrometheusBuilder::new().build_recorder();
    let figures = metrics.handle();
    // A second service in one process, as in tests, shares the first one's figures.
    let _ = metrics::set_global_recorder(metrics);
    let tls = certificate.zip(key);
    let app = App::new(node, limits, tls.is_some(), figures, policy);
    match work::first(&app).await.map_err(|problem| problem.refusal)? {
        First::Nobody => {}
        First::Administrator { operator, password } => {
            out.say(&messages::first_administrator(&operator, &password))?;
        }
        First::Demonstration => out.say(&messages::demo_sign_in(work::DEMO_PASSWORD))?,
    }
    let handle = Handle::new();
    let chores = tokio::spawn(work::chores(app.clone()));
    tokio::spawn(stop_when_told(handle.clone()));
    let service = api::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let told = tokio::spawn(tell(handle.clone(), tls.is_some(), *out));
    match tls {
        None => axum_server::bind(listen).handle(handle).serve(service).await?,
        Some((certificate, key)) => {
            // Another library of the process may have chosen already.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let tls = RustlsConfig::from_pem_file(certificate, key).await?;
            axum_server::bind_rustls(listen, tls).handle(handle).serve(service).await?;
        }
    }
    chores.abort();
    told.abort();
    // The engine commits what is in hand when its last owner lets it go.
    app.node.set_role(Role::Stopped);
    tracing::info!(at = home::now(), "stopped");
    Ok(())
}

/// Says where it can be reached, once it can.
async fn tell(handle: Handle<SocketAddr>, tls: bool, out: Output) {
    if let Some(at) = handle.listening().await {
        let address = format!("http{}://{at}", if tls { "s" } else { "" });
        // Nobody may be reading any more, which is no reason to stop serving.
        let _ =
            out.answer(&messages::serving(&address), &serde_json::json!({ "serving": address }));
        tracing::info!(address, "serving");
    }
}

async fn stop_when_told(handle: Handle<SocketAddr>) {
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
    handle.graceful_shutdown(Some(GRACE));
}
