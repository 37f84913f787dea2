//! Where sealed history lives: a folder or an object store, one sub-folder a bank.
//!
//! ```text
//! {bank}/day=2026-01-05/lines.parquet      what was booked, by account
//!                       balances.parquet   what accounts held
//!                       gl.parquet         the general ledger
//!                       manifest.json      written last: without it the day is not sealed
//! {bank}/month=2026-01/lines.parquet       the days of a closed month merged, by account
//!                      manifest.json
//! ```
//!
//! The object store library is asynchronous and the books are not: an archive drives it on a small
//! runtime of its own. Call it from threads that may block, never from within an async task.

use crate::manifest::{Manifest, Period};
use crate::parquet_file::{OpenFile, Source};
use crate::seal::schema_of;
use bytes::Bytes;
use ledger::Day;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Runtime;
use url::Url;

/// The sealed history of any number of banks. Shared between threads by reference.
pub struct Archive {
    store: Arc<dyn ObjectStore>,
    /// For a folder: its path, so that small reads need no runtime.
    folder: Option<PathBuf>,
    /// Only `None` while the archive is dropped.
    runtime: Option<Runtime>,
    files: Mutex<Files>,
    catalogs: Mutex<BTreeMap<String, Arc<Catalog>>>,
    /// Set when nobody waits any longer for what is being read.
    stop: Option<Arc<AtomicBool>>,
}

/// The periods of a bank that are sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    pub days: BTreeMap<Day, Manifest>,
    /// By the first day of the month.
    pub months: BTreeMap<Day, Manifest>,
}

/// What can go wrong with sealed history.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("the archive's address `{0}` is not understood: {1}")]
    Address(String, String),
    #[error("the name `{0}` of the bank may only have letters, digits, `-` and `_`")]
    BankName(String),
    #[error("the store of `{0}` does not answer: {1}")]
    Store(String, #[source] object_store::Error),
    #[error("the file `{0}` cannot be read: {1}")]
    Io(String, #[source] std::io::Error),
    #[error("the Parquet file `{0}` is damaged: {1}")]
    Parquet(String, #[source] parquet::errors::ParquetError),
    #[error("the file `{path}` is {found} bytes long and its manifest says {expected}")]
    Length { path: String, found: u64, expected: u64 },
    #[error("the file `{path}` was changed after it was sealed: its SHA-256 is not the manifest's")]
    Changed { path: String },
    #[error("the manifest `{0}` is damaged: {1}")]
    Manifest(String, String),
    #[error("{0} of the bank `{1}` is not sealed")]
    NotSealed(Period, String),
    #[error("{0} of the bank `{1}` is sealed already, and with other content")]
    AlreadySealed(Period, String),
    #[error("the books of {day} do not agree: {says}")]
    Books { day: Day, says: String },
    #[error("the reading was given up")]
    Stopped,
}

impl Archive {
    /// Opens `file:///folder` (made if missing) or `s3://bucket/prefix`.
    ///
    /// What an S3 store needs besides its address comes from the environment
    /// (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT` …) and from `options`, which win; their names are
    /// those of `object_store`: `aws_endpoint`, `aws_region`, `aws_allow_http` …
    ///
    /// # Errors
    ///
    /// If the address is of another kind, the folder cannot be made or an option is unknown.
    pub fn open(address: &str, options: &[(&str, &str)]) -> Result<Self, ArchiveError> {
        let wrong = |says: String| ArchiveError::Address(address.to_owned(), says);
        let url = Url::parse(address).map_err(|error| wrong(error.to_string()))?;
        match url.scheme() {
            "file" => {
                let folder = url.to_file_path().map_err(|()| wrong("it names no folder".into()))?;
                Self::in_folder(folder)
            }
            "s3" => {
                let mut builder = AmazonS3Builder::from_env().with_url(address);
                for (name, value) in options {
                    let key = name.parse().map_err(|_| wrong(format!("option `{name}`")))?;
                    builder = builder.with_config(key, *value);
                }
                let store = builder.build().map_err(|error| wrong(error.to_string()))?;
                let prefix = Path::from(url.path());
                let store = object_store::prefix::PrefixStore::new(store, prefix);
                Ok(Self::over(Arc::new(store), None))
            }
            other => Err(wrong(format!("`{other}` is neither `file` nor `s3`"))),
        }
    }

    /// Opens a folder, making it if it is missing.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made.
    pub fn in_folder(folder: PathBuf) -> Result<Self, ArchiveError> {
        let name = folder.display().to_string();
        std::fs::create_dir_all(&folder).map_err(|error| ArchiveError::Io(name.clone(), error))?;
        let store = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|error| ArchiveError::Store(name, error))?
            .with_fsync(true);
        Ok(Self::over(Arc::new(store), Some(folder)))
    }

    /// An archive that lives as long as the program, for tests and trials.
    pub fn in_memory() -> Self {
        Self::over(Arc::new(InMemory::new()), None)
    }

    /// The archive, whose readings end with [`ArchiveError::Stopped`] once `stop` is set.
    #[must_use]
    pub fn until(mut self, stop: Arc<AtomicBool>) -> Self {
        self.stop = Some(stop);
        self
    }

    /// Refuses to read on when nobody waits any longer.
    pub(crate) fn go_on(&self) -> Result<(), ArchiveError> {
        let stopped = self.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed));
        if stopped { Err(ArchiveError::Stopped) } else { Ok(()) }
    }

    /// Forgets what is known of the store's content: another program may have sealed days.
    /// A folder is looked at anew each time and needs no refresh.
    pub fn refresh(&self) {
        lock(&self.catalogs).clear();
    }

    /// The sealed days and months of a bank.
    ///
    /// # Errors
    ///
    /// If the store does not answer or a manifest is damaged.
    pub fn catalog(&self, bank: &str) -> Result<Arc<Catalog>, ArchiveError> {
        check_bank(bank)?;
        let known = lock(&self.catalogs).get(bank).cloned();
        if let (Some(known), None) = (&known, &self.folder) {
            return Ok(known.clone());
        }
        let known = known.unwrap_or_default();
        let periods = self.periods(bank)?;
        let same = periods.len() == known.days.len() + known.months.len();
        if same && periods.iter().all(|period| known.get(*period).is_some()) {
            lock(&self.catalogs).insert(bank.to_owned(), known.clone());
            return Ok(known);
        }
        let mut catalog = Catalog::default();
        for period in periods {
            let manifest = match known.get(period) {
                Some(manifest) => Some(manifest.clone()),
                None => self.usable_manifest(bank, period)?,
            };
            if let Some(manifest) = manifest {
                catalog.insert(period, manifest);
            }
        }
        let catalog = Arc::new(catalog);
        lock(&self.catalogs).insert(bank.to_owned(), catalog.clone());
        Ok(catalog)
    }

    /// The manifest of a sealed period.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::NotSealed`] if there is none.
    pub fn manifest(&self, bank: &str, period: Period) -> Result<Manifest, ArchiveError> {
        check_bank(bank)?;
        self.read_manifest(bank, period)?
            .ok_or_else(|| ArchiveError::NotSealed(period, bank.to_owned()))
    }

    /// Reads every file of a sealed period and compares its digest with the manifest's.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Changed`] or [`ArchiveError::Length`] for the first file that differs.
    pub fn verify(&self, bank: &str, period: Period) -> Result<Manifest, ArchiveError> {
        let manifest = self.manifest(bank, period)?;
        for file in &manifest.files {
            let path = period.path(bank, &file.name);
            let bytes = self.get(&path)?.ok_or_else(|| {
                let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
                ArchiveError::Io(path.clone(), missing)
            })?;
            if bytes.len() as u64 != file.bytes {
                let found = bytes.len() as u64;
                return Err(ArchiveError::Length { path, found, expected: file.bytes });
            }
            if sha256_hex(&bytes) != file.sha256 {
                return Err(ArchiveError::Changed { path });
            }
        }
        Ok(manifest)
    }

    /// Every file of a sealed period with its name, the manifest last; each is what was sealed.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Changed`] or [`ArchiveError::Length`] for the first file that differs.
    pub fn read_out(
        &self,
        bank: &str,
        period: Period,
    ) -> Result<Vec<(String, Bytes)>, ArchiveError> {
        let manifest = self.verify(bank, period)?;
        let names = manifest.files.iter().map(|file| file.name.as_str()).chain([MANIFEST]);
        let mut files = Vec::new();
        for name in names {
            let path = period.path(bank, name);
            let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
            let bytes = self.get(&path)?.ok_or_else(|| ArchiveError::Io(path, missing()))?;
            files.push((name.to_owned(), bytes));
        }
        Ok(files)
    }

    /// Seals a period as [`Archive::read_out`] gave it, under the folder's name. The same again is
    /// no error.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Manifest`] if there is none or it is of another period, and as
    /// [`Archive::verify`] if a file is not what it says.
    pub fn read_in(
        &self,
        bank: &str,
        folder: &str,
        files: Vec<(String, Vec<u8>)>,
    ) -> Result<(), ArchiveError> {
        check_bank(bank)?;
        let wrong = |says: String| ArchiveError::Manifest(folder.to_owned(), says);
        let text = files.iter().find(|(name, _)| name == MANIFEST).map(|(_, bytes)| bytes);
        let text = text.ok_or_else(|| wrong("it is missing".to_owned()))?;
        let manifest = Manifest::from_json(text).map_err(wrong)?;
        if manifest.bank != bank || manifest.period.folder() != folder {
            return Err(wrong("it belongs to another period".to_owned()));
        }
        let listed = |name: &str| manifest.files.iter().any(|file| file.name == name);
        let sealed = files.iter().filter(|(name, _)| listed(name));
        let sealed = sealed.map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
        self.publish(bank, &manifest, sealed)?;
        self.verify(bank, manifest.period).map(drop)
    }

    /// Takes a period's manifest away, and that of a merged month that holds it: the period counts
    /// as not sealed and may be sealed anew. For the rest of a close that never reached the
    /// journal, and for files that are damaged; only the journal can say which those are.
    ///
    /// # Errors
    ///
    /// If the store does not answer.
    pub fn unseal(&self, bank: &str, period: Period) -> Result<(), ArchiveError> {
        check_bank(bank)?;
        if let Period::Day(day) = period {
            self.unseal(bank, Period::month_of(day))?;
        }
        self.delete(&period.path(bank, MANIFEST))?;
        if let Some(catalog) = lock(&self.catalogs).get_mut(bank) {
            Arc::make_mut(catalog).remove(period);
        }
        Ok(())
    }

    /// Opens a Parquet file of a sealed period; its metadata stays in memory for the next time.
    pub(crate) fn file(
        &self,
        bank: &str,
        manifest: &Manifest,
        name: &str,
    ) -> Result<Arc<OpenFile>, ArchiveError> {
        self.go_on()?;
        let path = manifest.period.path(bank, name);
        let expected = manifest
            .files
            .iter()
            .find(|file| file.name == name)
            .ok_or_else(|| ArchiveError::Manifest(path.clone(), format!("no file `{name}`")))?;
        // A month may be deleted and made again: the digest tells which file is meant.
        let key = format!("{path} {}", expected.sha256);
        if let Some(file) = lock(&self.files).get(&key) {
            return Ok(file);
        }
        let source = self.source(&path)?;
        let found = source.length();
        if found != expected.bytes {
            return Err(ArchiveError::Length { path, found, expected: expected.bytes });
        }
        let file = Arc::new(OpenFile::open(self, path, source, &schema_of(name))?);
        lock(&self.files).insert(key, file.clone());
        Ok(file)
    }

    /// Writes the files of a period and then its manifest, unless the same is there already. A
    /// sealed day is never replaced; a merged month is only a copy and may be made anew.
    pub(crate) fn publish(
        &self,
        bank: &str,
        manifest: &Manifest,
        files: Vec<(&str, Vec<u8>)>,
    ) -> Result<(), ArchiveError> {
        let period = manifest.period;
        let sealed = self.usable_manifest(bank, period)?;
        if sealed.as_ref() != Some(manifest) {
            if matches!(period, Period::Month { .. }) {
                // Without its manifest a file is not read, so it may change.
                self.delete(&period.path(bank, MANIFEST))?;
            } else if sealed.is_some() {
                return Err(ArchiveError::AlreadySealed(period, bank.to_owned()));
            }
            for (name, bytes) in files {
                self.put(&period.path(bank, name), bytes, PutMode::Overwrite)?;
            }
            self.put_manifest(bank, manifest)?;
        }
        let mut catalogs = lock(&self.catalogs);
        if let Some(catalog) = catalogs.get_mut(bank) {
            Arc::make_mut(catalog).insert(period, manifest.clone());
        }
        Ok(())
    }

    /// Writes the manifest unless somebody else was first. A rival that seals the same period may
    /// have written over the files just before: then nothing is sealed, and whoever tries again
    /// writes them all.
    fn put_manifest(&self, bank: &str, manifest: &Manifest) -> Result<(), ArchiveError> {
        let period = manifest.period;
        let path = period.path(bank, MANIFEST);
        let put = self.put(&path, manifest.to_json(), PutMode::Create);
        if let Err(ArchiveError::Store(_, object_store::Error::AlreadyExists { .. })) = put {
            let same = self.read_manifest(bank, period)?.as_ref() == Some(manifest);
            return if same {
                Ok(())
            } else {
                Err(ArchiveError::AlreadySealed(period, bank.to_owned()))
            };
        }
        put?;
        // One machine's programs take turns; only an object store is written to from several.
        if self.folder.is_none()
            && let Err(error) = self.verify(bank, period)
        {
            self.delete(&path)?;
            return Err(error);
        }
        Ok(())
    }

    /// Parts of an object, in the order asked for.
    pub(crate) fn ranges(
        &self,
        path: &str,
        ranges: &[Range<u64>],
    ) -> Result<Vec<Bytes>, ArchiveError> {
        let at = Path::from(path);
        self.wait(self.store.get_ranges(&at, ranges))
            .map_err(|error| ArchiveError::Store(path.to_owned(), error))
    }

    fn over(store: Arc<dyn ObjectStore>, folder: Option<PathBuf>) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime needs nothing but memory and a few file handles");
        let (files, catalogs) = (Mutex::default(), Mutex::default());
        Self { store, folder, runtime: Some(runtime), files, catalogs, stop: None }
    }

    fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.as_ref().expect("the runtime lives as long as the archive").block_on(future)
    }

    /// The periods that have a folder, sealed or not.
    fn periods(&self, bank: &str) -> Result<Vec<Period>, ArchiveError> {
        let failed = |error| ArchiveError::Store(bank.to_owned(), error);
        if let Some(folder) = &self.folder {
            let entries = match std::fs::read_dir(folder.join(bank)) {
                Ok(entries) => entries,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
                Err(error) => return Err(ArchiveError::Io(bank.to_owned(), error)),
            };
            let names = entries.flatten().map(|entry| entry.file_name());
            return Ok(names.filter_map(|name| Period::parse(name.to_str()?)).collect());
        }
        let prefix = Path::from(bank);
        let list = self.wait(self.store.list_with_delimiter(Some(&prefix))).map_err(failed)?;
        let names = list.common_prefixes.iter().filter_map(|path| path.parts().next_back());
        Ok(names.filter_map(|name| Period::parse(name.as_ref())).collect())
    }

    fn read_manifest(&self, bank: &str, period: Period) -> Result<Option<Manifest>, ArchiveError> {
        let path = period.path(bank, MANIFEST);
        let Some(bytes) = self.get(&path)? else { return Ok(None) };
        Manifest::from_json(&bytes)
            .and_then(|manifest| {
                let fits = manifest.period == period && manifest.bank == bank;
                fits.then_some(manifest).ok_or_else(|| "it belongs to another period".to_owned())
            })
            .map(Some)
            .map_err(|says| ArchiveError::Manifest(path, says))
    }

    /// As `read_manifest`, but a merged month whose manifest is damaged is not there: it is only
    /// a copy, and is made again.
    fn usable_manifest(
        &self,
        bank: &str,
        period: Period,
    ) -> Result<Option<Manifest>, ArchiveError> {
        match (self.read_manifest(bank, period), period) {
            (Err(ArchiveError::Manifest(..)), Period::Month { .. }) => Ok(None),
            (read, _) => read,
        }
    }

    fn source(&self, path: &str) -> Result<Source, ArchiveError> {
        if let Some(folder) = &self.folder {
            let failed = |error| ArchiveError::Io(path.to_owned(), error);
            let path = folder.join(path);
            let length = std::fs::metadata(&path).map_err(failed)?.len();
            return Ok(Source::File { path, length });
        }
        let at = Path::from(path);
        let head = self
            .wait(self.store.head(&at))
            .map_err(|error| ArchiveError::Store(path.to_owned(), error))?;
        Ok(Source::Object { length: head.size })
    }

    fn get(&self, path: &str) -> Result<Option<Bytes>, ArchiveError> {
        if let Some(folder) = &self.folder {
            return match std::fs::read(folder.join(path)) {
                Ok(bytes) => Ok(Some(bytes.into())),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(ArchiveError::Io(path.to_owned(), error)),
            };
        }
        let at = Path::from(path);
        let got = self.wait(async { self.store.get(&at).await?.bytes().await });
        match got {
            Ok(bytes) => Ok(Some(bytes)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(ArchiveError::Store(path.to_owned(), error)),
        }
    }

    fn delete(&self, path: &str) -> Result<(), ArchiveError> {
        match self.wait(self.store.delete(&Path::from(path))) {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(ArchiveError::Store(path.to_owned(), error)),
        }
    }

    /// Writes an object whole or not at all: in a folder to a temporary file that is flushed to
    /// disk and renamed.
    fn put(&self, path: &str, bytes: Vec<u8>, mode: PutMode) -> Result<(), ArchiveError> {
        let (at, options) = (Path::from(path), PutOptions::from(mode));
        self.wait(self.store.put_opts(&at, PutPayload::from(bytes), options))
            .map(|_| ())
            .map_err(|error| ArchiveError::Store(path.to_owned(), error))
    }
}

impl Catalog {
    /// The manifest of a sealed period.
    pub fn get(&self, period: Period) -> Option<&Manifest> {
        match period {
            Period::Day(day) => self.days.get(&day),
            Period::Month { .. } => self.months.get(&period.first_day()),
        }
    }

    /// What holds the lines of `days`, in order of time: a merged month where all its sealed days
    /// are in it, single days otherwise.
    pub fn parts(&self, days: RangeInclusive<Day>) -> Vec<&Manifest> {
        let mut parts: Vec<&Manifest> = Vec::new();
        let mut merged: Option<&Manifest> = None;
        if days.is_empty() {
            return parts;
        }
        for (day, manifest) in self.days.range(days) {
            if merged.is_some_and(|month| month.days.contains(day)) {
                continue;
            }
            let month = Period::month_of(*day);
            merged = self.get(month).filter(|_| self.is_merged(month));
            parts.push(merged.unwrap_or(manifest));
        }
        parts
    }

    /// Whether every day that the journal closed up to `last` is sealed: a day's blocks begin
    /// after the block that closed the day before, and the last of `last` is `last_seq`.
    pub fn is_whole(&self, last: Day, last_seq: u64) -> bool {
        let mut first = 1;
        for manifest in self.days.range(..=last).map(|(_, manifest)| manifest) {
            if manifest.chain.first_seq != first {
                return false;
            }
            first = manifest.chain.last_seq + 2;
        }
        first == last_seq + 2
    }

    /// Whether a month is merged and the merged file holds all that is sealed of it.
    pub fn is_merged(&self, month: Period) -> bool {
        self.get(month).is_some_and(|merged| {
            let sealed = self.days.range(month.first_day()..=month.last_day());
            sealed.map(|(day, _)| day).eq(&merged.days)
        })
    }

    fn remove(&mut self, period: Period) {
        match period {
            Period::Day(day) => self.days.remove(&day),
            Period::Month { .. } => self.months.remove(&period.first_day()),
        };
    }

    fn insert(&mut self, period: Period, manifest: Manifest) {
        match period {
            Period::Day(day) => self.days.insert(day, manifest),
            Period::Month { .. } => self.months.insert(period.first_day(), manifest),
        };
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

pub(crate) const MANIFEST: &str = "manifest.json";
/// Open files whose metadata is kept: a few years of days.
const FILES_MAX: usize = 1024;

/// Open files by path and digest.
type Files = Recent<Arc<OpenFile>, FILES_MAX>;

/// At most `MAX` values by key, the least recently used forgotten first.
struct Recent<T, const MAX: usize> {
    values: BTreeMap<String, (u64, T)>,
    uses: u64,
}

impl<T, const MAX: usize> Default for Recent<T, MAX> {
    fn default() -> Self {
        Self { values: BTreeMap::new(), uses: 0 }
    }
}

impl<T: Clone, const MAX: usize> Recent<T, MAX> {
    fn get(&mut self, key: &str) -> Option<T> {
        self.uses += 1;
        let (used, value) = self.values.get_mut(key)?;
        *used = self.uses;
        Some(value.clone())
    }

    fn insert(&mut self, key: String, value: T) {
        if self.values.len() >= MAX {
            let oldest = self.values.iter().min_by_key(|(_, (used, _))| *used);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                self.values.remove(&oldest);
            }
        }
        self.uses += 1;
        self.values.insert(key, (self.uses, value));
    }
}

pub(crate) fn check_bank(bank: &str) -> Result<(), ArchiveError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if bank.is_empty() || !bank.chars().all(plain) {
        return Err(ArchiveError::BankName(bank.to_owned()));
    }
    Ok(())
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    ledger::hex(&Sha256::digest(bytes))
}

/// What a thread left behind when it panicked is still a sound cache.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_no_longer_ends_the_reading() {
        let stop = Arc::new(AtomicBool::new(false));
        let archive = Archive::in_memory().until(Arc::clone(&stop));
        assert!(archive.go_on().is_ok());
        stop.store(true, Ordering::Relaxed);
        assert!(matches!(archive.go_on(), Err(ArchiveError::Stopped)));
    }

    #[test]
    fn the_least_recently_used_is_forgotten() {
        let mut recent = Recent::<u32, 3>::default();
        for (key, value) in [("a", 1), ("b", 2), ("c", 3)] {
            recent.insert(key.to_owned(), value);
        }
        assert_eq!(recent.get("a"), Some(1));
        recent.insert("d".to_owned(), 4);
        let kept = ["a", "b", "c", "d"].map(|key| recent.get(key));
        assert_eq!(kept, [Some(1), None, Some(3), Some(4)]);
    }
}
