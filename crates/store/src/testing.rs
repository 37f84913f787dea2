//! A PostgreSQL of one's own, for tests and measurements: made in a temporary folder, reached
//! through a socket in it, gone when it is dropped or when the process ends in whatever way.

use crate::StoreError;
use crate::postgres::run_sql;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The address of a server that runs already, `postgres://…/postgres`: `scripts/with-postgres.sh`
/// sets it, so that many test processes share one cluster.
pub const SERVER_VARIABLE: &str = "PIAOHAO_TEST_PG";

/// The folder of `initdb` and `pg_ctl`, where the usual places do not have it.
pub const PROGRAMS_VARIABLE: &str = "PIAOHAO_PG_BIN";

const NOT_INSTALLED: &str = "PostgreSQL is not installed: run `apt-get install postgresql` (or \
    set PIAOHAO_PG_BIN to the folder of initdb and pg_ctl), or start a server and set \
    PIAOHAO_TEST_PG to its address";

/// A running server.
pub struct Cluster {
    url: String,
    /// `None` for a server that was there before.
    own: Option<Server>,
}

/// How a cluster differs from the usual.
#[derive(Default)]
pub struct Wishes<'a> {
    /// Settings of the server: `fsync=off`.
    pub settings: &'a [&'a str],
    /// A folder `small` on a disk of its own of so many MiB, see [`Cluster::small_disk`]. Only
    /// root may have one.
    pub small_disk_mib: Option<u32>,
}

/// An empty database on a cluster, removed when dropped.
pub struct Database {
    server_url: String,
    name: String,
    url: String,
}

/// A server we started.
struct Server {
    user: Option<&'static str>,
    pg_ctl: PathBuf,
    folder: PathBuf,
    options: String,
    /// Stops the server and removes the folder when its standard input closes, which the kernel
    /// does for us however this process ends.
    watchdog: Child,
}

impl Cluster {
    /// The cluster of this process: that of `PIAOHAO_TEST_PG`, else one that is started now and
    /// lives as long as the process.
    ///
    /// Panics with what to do if there is none and none can be started: a test that cannot run
    /// has failed.
    pub fn shared() -> &'static Cluster {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| match std::env::var(SERVER_VARIABLE) {
            Ok(url) => Cluster { url, own: None },
            Err(_) => Cluster::start(&Wishes::default()).unwrap_or_else(|what| panic!("{what}")),
        })
    }

    /// Starts a new cluster. The error is a sentence that says what to do.
    pub fn start(wishes: &Wishes<'_>) -> Result<Cluster, String> {
        let programs = programs().ok_or(NOT_INSTALLED)?;
        let folder = new_folder().map_err(|error| format!("no folder for PostgreSQL: {error}"))?;
        let user = unprivileged_user(&folder)?;
        let pg_ctl = programs.join("pg_ctl");
        // First of all, so that whatever comes after is cleared away.
        let watchdog = watchdog(user, &pg_ctl, &folder)?;
        let mut options = format!("-c listen_addresses='' -c unix_socket_directories={folder:?}");
        for setting in wishes.settings {
            options.push_str(&format!(" -c {setting}"));
        }
        let server = Server { user, pg_ctl, folder, options, watchdog };
        let mut initdb = as_user(user, &programs.join("initdb"));
        initdb.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"]);
        initdb.arg("--no-sync").arg("--pgdata").arg(server.folder.join("data"));
        complete(&mut initdb, "initdb")?;
        server.start(wishes.small_disk_mib)?;
        let host = server.folder.display().to_string().replace('/', "%2F");
        let url = format!("postgres://postgres@{host}/postgres");
        Ok(Cluster { url, own: Some(server) })
    }

    /// The address of its `postgres` database, as a superuser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Makes an empty database of a name nobody else uses.
    pub fn database(&self) -> Result<Database, StoreError> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let name = format!("test_{}_{count}_{}", std::process::id(), now.as_micros());
        run(&self.url, &format!("create database {name}"))?;
        let (server, query) = self.url.split_once('?').unwrap_or((&self.url, ""));
        let server = server.trim_end_matches("/postgres");
        let url = format!("{server}/{name}?{query}");
        Ok(Database { server_url: self.url.clone(), name, url })
    }

    /// Ends every process of the server at once, as a power cut would.
    pub fn crash(&self) -> Result<(), String> {
        let server = self.own()?;
        let mut stop = as_user(server.user, &server.pg_ctl);
        stop.args(["stop", "-m", "immediate", "--pgdata"]).arg(server.folder.join("data"));
        complete(&mut stop, "pg_ctl stop")
    }

    /// Starts it again after [`Cluster::crash`].
    pub fn restart(&self) -> Result<(), String> {
        self.own()?.start(None)
    }

    /// The folder that [`Wishes::small_disk_mib`] asked for, for a tablespace. Only the server
    /// sees what is in it.
    pub fn small_disk(&self) -> Result<PathBuf, String> {
        Ok(self.own()?.folder.join("small"))
    }

    fn own(&self) -> Result<&Server, String> {
        self.own.as_ref().ok_or_else(|| "this server is not ours to stop".into())
    }
}

impl Server {
    fn start(&self, small_disk_mib: Option<u32>) -> Result<(), String> {
        let mut start = as_user(self.user, &self.pg_ctl);
        start.args(["start", "-w", "-t", "60", "-o", &self.options]);
        start.arg("--pgdata").arg(self.folder.join("data"));
        start.arg("--log").arg(self.folder.join("log"));
        if let Some(mib) = small_disk_mib {
            let small = self.folder.join("small");
            fs::create_dir_all(&small).map_err(|error| format!("{small:?}: {error}"))?;
            start = on_small_disk(&start, &small, self.user.unwrap_or("root"), mib);
        }
        complete(&mut start, "pg_ctl start").map_err(|error| {
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            format!("{error}\n{log}")
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        // It removes the folder; whether it could is no reason to fail a test.
        let _ = self.watchdog.wait();
    }
}

impl Database {
    /// For [`crate::PostgresStore::connect`].
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("drop database if exists {} with (force)", self.name);
        // The cluster may be gone already, and the database with it.
        let _ = run(&self.server_url, &sql);
    }
}

/// Runs SQL on a connection of its own, beside any store: for tests that disturb one.
pub fn run(url: &str, sql: &str) -> Result<(), StoreError> {
    run_sql(url, sql)
}

/// The command in a world of its own where this folder is a disk of so many MiB that belongs to
/// this user. The disk goes away with the command and what it started; only root can have it.
pub fn on_small_disk(command: &Command, folder: &Path, user: &str, mib: u32) -> Command {
    let script = format!(
        "mount -t tmpfs -o size={mib}m,mode=700,uid=$(id -u {user}) tmpfs \"$0\" && exec \"$@\""
    );
    let mut inside = Command::new("unshare");
    inside.args(["--mount", "/bin/sh", "-c", &script]).arg(folder);
    inside.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs().filter_map(|(name, value)| Some((name, value?))) {
        inside.env(name, value);
    }
    inside.current_dir("/").stdin(Stdio::null());
    inside
}

/// The newest installed version.
fn programs() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(PROGRAMS_VARIABLE) {
        return Some(PathBuf::from(folder)).filter(|folder| folder.join("initdb").exists());
    }
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.flatten().map(|version| version.path().join("bin"));
    folders.filter(|folder| folder.join("initdb").exists()).max_by_key(|folder| {
        let version = folder.parent().and_then(Path::file_name).unwrap_or_default();
        version.to_string_lossy().parse::<u32>().unwrap_or(0)
    })
}

/// A folder of a short name, as a socket's path has at most 107 bytes.
fn new_folder() -> std::io::Result<PathBuf> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("piaohao-pg-{}-{count}", std::process::id()));
    fs::create_dir(&folder)?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
    Ok(folder)
}

/// PostgreSQL refuses to run as root: then it is run as `postgres`, who gets the folder.
fn unprivileged_user(folder: &Path) -> Result<Option<&'static str>, String> {
    let id = |args: &[&str]| -> Option<u32> {
        let output = Command::new("id").args(args).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    if id(&["-u"]) != Some(0) {
        return Ok(None);
    }
    let missing = "run as root, the tests need a user `postgres` to run the server as";
    let (user, group) = (id(&["-u", "postgres"]), id(&["-g", "postgres"]));
    let (Some(user), Some(group)) = (user, group) else { return Err(missing.into()) };
    chown(folder, Some(user), Some(group)).map_err(|error| format!("{missing}: {error}"))?;
    Ok(Some("postgres"))
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let mut command = match user {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program);
            command
        }
    };
    // The user may not be allowed where we are.
    command.current_dir("/").stdin(Stdio::null());
    command
}

fn complete(command: &mut Command, what: &str) -> Result<(), String> {
    // Not a pipe: the server would inherit it and we would wait for the server to end.
    let result = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    match result {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what} failed: {status}")),
        Err(error) => Err(format!("{what} did not run: {error}")),
    }
}

fn watchdog(user: Option<&str>, pg_ctl: &Path, folder: &Path) -> Result<Child, String> {
    // Interrupting the test with the keyboard must not end the watchdog before its work.
    let script = "trap '' INT TERM HUP; read -r _; \
        \"$1\" stop -m immediate --pgdata \"$2/data\"; rm -rf \"$2\"";
    let mut command = as_user(user, Path::new("/bin/sh"));
    command.args(["-c", script, "watchdog"]).arg(pg_ctl).arg(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map_err(|error| format!("no watchdog for PostgreSQL: {error}"))
}
