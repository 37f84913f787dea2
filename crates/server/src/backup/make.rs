//! Making a backup, or adding to one what is new.

use super::PASSING;
use super::manifest::{Blocks, Document, FORMAT, Made, Manifest, Sealed, Snapshot, Tip};
use super::piece::{self, Piece};
use crate::home::Home;
use crate::refusal;
use anyhow::Context as _;
use engine::Fault;
use history::archive::Archive;
use history::manifest::Period;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::path::Path;
use store::{Hash, Store};

/// Bytes of blocks in one piece, before they are compressed.
const PIECE_BYTES: usize = 16 << 20;

/// Documents and kept things that are listed at once.
const PAGE: usize = 1_000;

/// Held by the one run that writes to the folder.
const LOCK: &str = "backup.lock";

/// What is kept beside the chain: shelf, name, value.
pub type Kept = Vec<(String, String, Vec<u8>)>;

/// Brings a folder up to the newest block of the bank; `progress` is told block after block.
pub fn make(
    home: &Home,
    folder: &Path,
    (at, by): (i64, &str),
    progress: impl FnMut(u64, u64),
) -> anyhow::Result<Made> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let _lock = lock(folder)?;
    let mut store = home.store()?;
    let bank = &home.config.bank;
    let tip = store.tip(bank).map_err(Fault::from)?.ok_or_else(|| Fault::NoBank(bank.clone()))?;
    let before = Manifest::read(folder)?;
    continues(&mut *store, bank, before.as_ref())?;
    let mut run = Run { store: &mut *store, bank, folder, tip: tip.seq, bytes: 0 };
    let known = before.as_ref();
    let mut blocks = known.map(|known| known.blocks.clone()).unwrap_or_default();
    let from = known.map_or(0, |known| known.tip.seq);
    run.blocks(from, &mut blocks, progress)?;
    let mut documents = known.map(|known| known.documents.clone()).unwrap_or_default();
    let documents_before = documents.len();
    run.documents(&mut documents)?;
    let snapshot = run.snapshot(known.and_then(|known| known.snapshot.clone()))?;
    let kept = run.kept(at)?;
    let (sealed, fresh) = run.sealed(&home.archive()?, known.map_or(&[], |known| &known.sealed))?;
    let made = Made {
        at,
        by: by.to_owned(),
        tip: tip.seq,
        blocks: tip.seq - from,
        documents: (documents.len() - documents_before) as u64,
        sealed: fresh,
        bytes: run.bytes,
    };
    let mut runs = before.map(|before| before.made).unwrap_or_default();
    runs.push(made.clone());
    let tip = Tip { seq: tip.seq, hash: ledger::hex(&tip.hash) };
    let (format, bank) = (FORMAT, bank.clone());
    let manifest =
        Manifest { format, bank, tip, blocks, documents, snapshot, kept, sealed, made: runs };
    let named: BTreeSet<String> = manifest.pieces().map(|piece| piece.path.clone()).collect();
    manifest.write(folder)?;
    clear(folder, &named)?;
    Ok(made)
}

/// Two runs into one folder would remove each other's pieces.
fn lock(folder: &Path) -> anyhow::Result<File> {
    let path = folder.join(LOCK);
    let shown = || path.display().to_string();
    let file = File::options().create(true).append(true).open(&path).with_context(shown)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(refusal::backup_running().into()),
        Err(TryLockError::Error(error)) => Err(error).with_context(shown),
    }
}

/// Refuses a folder that holds another bank, or another history of this one.
fn continues(store: &mut dyn Store, bank: &str, before: Option<&Manifest>) -> anyhow::Result<()> {
    let Some(before) = before else { return Ok(()) };
    let heads = store.heads(bank, before.tip.seq, 1).map_err(Fault::from)?;
    let same = heads.first().is_some_and(|head| {
        head.seq == before.tip.seq && ledger::hex(&head.hash) == before.tip.hash
    });
    if before.bank == bank && same {
        return Ok(());
    }
    Err(refusal::backup_of_another(&before.bank, before.tip.seq).into())
}

struct Run<'a> {
    store: &'a mut dyn Store,
    bank: &'a str,
    folder: &'a Path,
    /// Nothing beyond this block is taken.
    tip: u64,
    bytes: u64,
}

impl Run<'_> {
    fn pack(&mut self, path: String, bytes: &[u8]) -> anyhow::Result<Piece> {
        let piece = Piece::pack(self.folder, path, bytes)?;
        self.bytes += piece.bytes;
        Ok(piece)
    }

    fn blocks(
        &mut self,
        from: u64,
        pieces: &mut Vec<Blocks>,
        mut progress: impl FnMut(u64, u64),
    ) -> anyhow::Result<()> {
        let mut next = from + 1;
        while next <= self.tip {
            let mut blocks = self.store.read(self.bank, next, PIECE_BYTES).map_err(Fault::from)?;
            blocks.retain(|block| block.seq <= self.tip);
            let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else { break };
            let (first, last) = (first.seq, last.seq);
            let path = format!("blocks/{first:012}-{last:012}");
            let piece = self.pack(path, &piece::write_blocks(&blocks))?;
            pieces.push(Blocks { first, last, piece });
            progress(last, self.tip);
            next = last + 1;
        }
        Ok(())
    }

    fn documents(&mut self, documents: &mut Vec<Document>) -> anyhow::Result<()> {
        let known: BTreeSet<String> =
            documents.iter().map(|document| document.sha256.clone()).collect();
        let mut after: Option<Hash> = None;
        loop {
            let page = self.store.documents(self.bank, after.as_ref(), PAGE);
            let page = page.map_err(Fault::from)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(*last);
            for digest in &page {
                let sha256 = ledger::hex(digest);
                if known.contains(&sha256) {
                    continue;
                }
                let bytes = self.store.get_document(self.bank, digest).map_err(Fault::from)?;
                let Some(bytes) = bytes else { continue };
                let piece = self.pack(format!("documents/{sha256}"), &bytes)?;
                documents.push(Document { sha256, piece });
            }
        }
    }

    fn snapshot(&mut self, known: Option<Snapshot>) -> anyhow::Result<Option<Snapshot>> {
        let found = self.store.snapshot_at_or_before(self.bank, self.tip).map_err(Fault::from)?;
        let Some((seq, bytes)) = found else { return Ok(known) };
        if known.as_ref().is_some_and(|known| known.seq == seq) {
            return Ok(known);
        }
        let piece = self.pack(format!("snapshot/{seq:012}"), &bytes)?;
        Ok(Some(Snapshot { seq, piece }))
    }

    fn kept(&mut self, at: i64) -> anyhow::Result<Piece> {
        let mut kept = Kept::new();
        for shelf in self.store.shelves(self.bank).map_err(Fault::from)? {
            if PASSING.contains(&shelf.as_str()) {
                continue;
            }
            let mut after = String::new();
            loop {
                let page = self.store.kept_on(self.bank, &shelf, &after, PAGE);
                let page = page.map_err(Fault::from)?;
                let Some((last, _)) = page.last() else { break };
                after.clone_from(last);
                kept.extend(page.into_iter().map(|(name, value)| (shelf.clone(), name, value)));
            }
        }
        let when = jiff::Timestamp::from_microsecond(at)?.strftime("%Y%m%dT%H%M%S.%6fZ");
        self.pack(format!("kept/{when}"), &serde_json::to_vec(&kept)?)
    }

    /// Every sealed day and month up to the tip, and how many of them were not there before.
    fn sealed(
        &mut self,
        archive: &Archive,
        known: &[Sealed],
    ) -> anyhow::Result<(Vec<Sealed>, u64)> {
        let known: BTreeMap<&str, &Sealed> =
            known.iter().map(|sealed| (sealed.folder.as_str(), sealed)).collect();
        let catalog = archive.catalog(self.bank)?;
        let (mut all, mut fresh) = (Vec::new(), 0);
        for manifest in catalog.days.values().chain(catalog.months.values()) {
            // The certificate of a day comes after its last block: without it, it is not closed.
            if manifest.chain.last_seq >= self.tip {
                continue;
            }
            let folder = manifest.period.folder();
            let same = known.get(folder.as_str()).filter(|known| {
                let digests = manifest.files.iter().map(|file| &file.sha256);
                // The archive's own manifest comes last.
                let held = known.files.iter().map(|piece| &piece.sha256);
                held.take(manifest.files.len()).eq(digests)
            });
            if let Some(same) = same {
                all.push((*same).clone());
                continue;
            }
            let last_seq = manifest.chain.last_seq;
            let files = self.copy(archive, manifest.period)?;
            all.push(Sealed { folder, last_seq, files });
            fresh += 1;
        }
        Ok((all, fresh))
    }

    fn copy(&mut self, archive: &Archive, period: Period) -> anyhow::Result<Vec<Piece>> {
        let mut pieces = Vec::new();
        for (name, bytes) in archive.read_out(self.bank, period)? {
            let path = format!("sealed/{}/{name}", period.folder());
            let piece = Piece::put(self.folder, path, &bytes)?;
            self.bytes += piece.bytes;
            pieces.push(piece);
        }
        Ok(pieces)
    }
}

/// Removes what no manifest names any more: old snapshots, and the rest of runs that broke off.
fn clear(folder: &Path, named: &BTreeSet<String>) -> anyhow::Result<()> {
    for part in ["blocks", "documents", "snapshot", "kept"] {
        let Ok(entries) = fs::read_dir(folder.join(part)) else { continue };
        for entry in entries {
            let entry = entry?;
            let path = format!("{part}/{}", entry.file_name().to_string_lossy());
            if !named.contains(&path) {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}
