//! The home folder of a bank: one small file that says where its books are. Secrets stay out of
//! it, and out of the command line, where every process of the machine can read them.

use crate::beat::{self, Heard, Watch};
use crate::messages;
use crate::output::Output;
use crate::refusal;
use anyhow::Context as _;
use bank::state::State;
use engine::{Clock, Engine, Follower};
use history::archive::Archive;
use ledger::Refusal;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// The file that makes a folder a home.
const CONFIG: &str = "piaohao.toml";
/// Held by the one program of a home that may write.
const LOCK: &str = "writer.lock";

/// The number of this home among those that share a store; another home has another.
const NODE: &str = "node.id";

/// Says that a folder was made by a demonstration and may be removed by one.
pub const DEMO_MARKER: &str = "made-by-demo";

/// What `piaohao.toml` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// A file in the home, a PostgreSQL URL, `env:NAME` or `file:PATH` that hold one.
    pub store: String,
    /// A folder in the home, or `s3://bucket/prefix`.
    pub archive: String,
    pub bank: String,
    /// How it is served; the flags of `serve` say it louder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serve: Option<crate::serve::ServeConfig>,
}

/// A home that has been read.
#[derive(Clone, Debug)]
pub struct Home {
    pub folder: PathBuf,
    pub config: Config,
}

/// A running bank, and the right to write to it.
pub struct Running {
    pub engine: Engine,
    _lock: File,
}

impl Home {
    /// Makes the folder and its file; refuses where a bank lives already.
    pub fn found(folder: &Path, config: Config) -> anyhow::Result<Self> {
        if folder.join(CONFIG).exists() {
            return Err(refusal::home_taken(&folder.display().to_string()).into());
        }
        no_secret(&config.store)?;
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        Ok(Self { folder: folder.to_owned(), config })
    }

    /// Writes the file that makes the folder a home; last of all, when the bank stands.
    pub fn write(&self) -> anyhow::Result<()> {
        let text = toml::to_string(&self.config)?;
        let path = self.folder.join(CONFIG);
        write_whole(&path, text.as_bytes()).with_context(|| path.display().to_string())
    }

    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(CONFIG);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(refusal::no_home(&folder.display().to_string()).into());
            }
            Err(error) => return Err(error).with_context(|| path.display().to_string()),
        };
        let config: Config = toml::from_str(&text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = 1 + text[..at].matches('\n').count();
            refusal::config_wrong(&path.display().to_string(), line, error.message())
        })?;
        Ok(Self { folder: folder.to_owned(), config })
    }

    /// Whether a demonstration made it.
    pub fn is_demonstration(&self) -> bool {
        self.folder.join(DEMO_MARKER).exists()
    }

    /// The store, for reading.
    pub fn store(&self) -> anyhow::Result<Box<dyn store::Store>> {
        let address = self.store_address()?;
        Ok(store::open(&address).map_err(engine::Fault::from)?)
    }

    /// The store's address with its secrets, which are not to be shown.
    fn store_address(&self) -> anyhow::Result<String> {
        let store = &self.config.store;
        if let Some(held) = self.held("store", store)? {
            return Ok(held);
        }
        if store.contains("://") {
            return Ok(store.clone());
        }
        Ok(self.folder.join(store).display().to_string())
    }

    /// What is held where `env:NAME` or `file:PATH` say; none, if the setting itself says it.
    pub fn held(&self, field: &str, setting: &str) -> anyhow::Result<Option<String>> {
        if let Some(name) = setting.strip_prefix("env:") {
            let value = std::env::var(name);
            return Ok(Some(value.map_err(|_| refusal::variable_missing(field, name))?));
        }
        if let Some(path) = setting.strip_prefix("file:") {
            let path = self.folder.join(path);
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            return Ok(Some(text.trim().to_owned()));
        }
        Ok(None)
    }

    /// The archive of closed days.
    pub fn archive(&self) -> anyhow::Result<Archive> {
        let address = &self.config.archive;
        let archive = if address.contains("://") {
            Archive::open(address, &[])
        } else {
            Archive::in_folder(self.folder.join(address))
        };
        archive.with_context(|| address.clone())
    }

    /// A follower that has read every block there is: for looking, never for writing.
    pub fn follow(&self) -> anyhow::Result<Follower> {
        let mut follower = Follower::open(self.store()?, &self.config.bank)?;
        follower.catch_up(|_| {})?;
        Ok(follower)
    }

    /// Founds the bank in its store and runs it. A bank that was founded there and never opened a
    /// day is the rest of an attempt that failed: it is taken up, under this rulebook.
    pub fn create(
        &self,
        title: ledger::chart::Title,
        files: Vec<(String, String)>,
        out: &Output,
    ) -> anyhow::Result<Running> {
        let lock = self.lock(out)?;
        let mut store = self.store()?;
        let bank = &self.config.bank;
        if store.tip(bank).map_err(engine::Fault::from)?.is_none() {
            let engine = Engine::create(store, bank, title, files, clock())?;
            return Ok(Running { engine, _lock: lock });
        }
        let engine = Engine::open(store, bank, clock())?;
        if engine.look(|state| !state.book.day_starts.is_empty())? {
            return Err(ledger::refusal::bank_exists(bank).into());
        }
        engine.call(bank::Command::ActivateRulebook { files })?;
        Ok(Running { engine, _lock: lock })
    }

    /// Recovers the bank and runs it; refuses while another home serves it.
    pub fn run(&self, out: &Output) -> anyhow::Result<Running> {
        self.run_at(out, clock())
    }

    /// The same by another clock, as tests have it.
    pub fn run_at(&self, out: &Output, clock: Clock) -> anyhow::Result<Running> {
        let lock = self.lock(out)?;
        self.nobody_writes()?;
        let engine = Engine::open(self.store()?, &self.config.bank, clock)?;
        Ok(Running { engine, _lock: lock })
    }

    /// The right to write, if no program of this home has it.
    pub fn try_lock(&self) -> anyhow::Result<Option<File>> {
        let path = self.folder.join(LOCK);
        let file = File::options().create(true).append(true).open(&path);
        let file = file.with_context(|| path.display().to_string())?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| path.display().to_string())
            }
        }
    }

    /// The id by which this home's beats are known; made when it is first asked for.
    pub fn node(&self) -> anyhow::Result<String> {
        let path = self.folder.join(NODE);
        let shown = || path.display().to_string();
        match fs::read_to_string(&path) {
            Ok(id) if !id.trim().is_empty() => return Ok(id.trim().to_owned()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(shown),
        }
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes)?;
        let id = format!("{:016x}", u64::from_be_bytes(bytes));
        write_whole(&path, id.as_bytes()).with_context(shown)?;
        Ok(id)
    }

    /// Listens until it is clear whether another home's service writes. Writing all the same would
    /// do no harm to the books, but would throw that service off its place.
    fn nobody_writes(&self) -> anyhow::Result<()> {
        let (mut store, own) = (self.store()?, self.node()?);
        let mut watch = Watch::default();
        loop {
            let beat = beat::heard(&mut *store, &self.config.bank).map_err(engine::Fault::from)?;
            let address = beat.as_ref().map(|beat| beat.address.clone()).unwrap_or_default();
            match watch.judge(beat, &own, Instant::now()) {
                Heard::Silence => return Ok(()),
                Heard::Beat => return Err(refusal::another_node_writes(&address).into()),
                Heard::Nothing => std::thread::sleep(beat::EVERY / 5),
            }
        }
    }

    /// Two programs of one home take turns. Across machines the store's own fence decides; here a
    /// lock is kinder, since the second waits instead of failing.
    pub fn lock(&self, out: &Output) -> anyhow::Result<File> {
        if let Some(file) = self.try_lock()? {
            return Ok(file);
        }
        out.aside(&messages::waiting_for_writer());
        let path = self.folder.join(LOCK);
        let file = File::options().create(true).append(true).open(&path);
        let file = file.with_context(|| path.display().to_string())?;
        file.lock().with_context(|| path.display().to_string())?;
        Ok(file)
    }
}

impl Running {
    /// Makes a follower the writer. Whether it really is shows with its first block.
    pub fn of(follower: Follower, lock: File) -> Self {
        Self { engine: Engine::run(follower, clock()), _lock: lock }
    }
}

/// Writes a file whole or not at all, and so that it outlives a power cut.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let half = path.with_added_extension("half");
    let mut file = File::create(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&half, path)?;
    // The name is in the folder, which has to reach the disk too.
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Reads one thing of the books without becoming their writer.
pub fn look<T>(home: &Home, view: impl FnOnce(&State) -> Result<T, Refusal>) -> anyhow::Result<T> {
    let follower = home.follow()?;
    Ok(view(follower.state())?)
}

/// This moment, in microseconds since 1970-01-01 UTC.
pub fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

/// The clock of the machine; only the audit trail uses it, never the books.
fn clock() -> Clock {
    Arc::new(now)
}

/// An address with a password in it would be seen by every process of the machine.
fn no_secret(store: &str) -> Result<(), Refusal> {
    let password = store.split_once("://").and_then(|(_, rest)| rest.split_once('@'));
    let in_user = password.is_some_and(|(user, _)| user.contains(':'));
    if in_user || store.contains("password=") {
        return Err(refusal::secret_on_command_line());
    }
    Ok(())
}
