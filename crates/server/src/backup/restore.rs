//! Making a bank again from a backup, as it stood at the end of it or at an earlier moment.

use super::make::Kept;
use super::manifest::{Blocks, Manifest};
use super::piece;
use crate::home::Home;
use crate::refusal;
use engine::Fault;
use history::block::{decode, hash_block};
use ledger::Day;
use std::path::Path;
use store::{Block, Hash, Store};

/// Up to where a bank is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// All that the backup has.
    Tip,
    /// Up to this block.
    Seq(u64),
    /// Up to the last block of this business day.
    Day(Day),
    /// Up to the last block that was made at or before this instant, in microseconds since
    /// 1970-01-01 UTC.
    At(i64),
}

/// What was made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    pub bank: String,
    /// The last block, and when it was made.
    pub seq: u64,
    pub at: i64,
    pub documents: u64,
    pub sealed: u64,
}

/// Fills the store and the archive of a home that has none; the home itself is yet to be written.
pub fn restore(
    home: &Home,
    folder: &Path,
    point: Point,
    mut progress: impl FnMut(u64, u64),
) -> anyhow::Result<Restored> {
    let manifest =
        Manifest::read(folder)?.ok_or_else(|| refusal::no_backup(&folder.display().to_string()))?;
    let bank = &manifest.bank;
    if let Point::Seq(seq) = point
        && seq > manifest.tip.seq
    {
        return Err(refusal::point_after_backup(manifest.tip.seq).into());
    }
    let mut store = home.store()?;
    if store.tip(bank).map_err(Fault::from)?.is_some() {
        return Err(refusal::store_not_empty(bank).into());
    }
    let mut chain = Chain { store: &mut *store, bank, seq: 0, hash: None, at: 0, ended: false };
    for blocks in &manifest.blocks {
        chain.append(folder, blocks, point)?;
        progress(chain.seq, manifest.tip.seq);
        if chain.ended {
            break;
        }
    }
    let Chain { seq, hash, at, .. } = chain;
    if seq == 0 {
        return Err(refusal::point_before_first().into());
    }
    let whole = hash.map(|hash| ledger::hex(&hash)).as_ref() == Some(&manifest.tip.hash);
    if seq == manifest.tip.seq && !whole || seq < manifest.tip.seq && point == Point::Tip {
        return Err(refusal::backup_damaged("manifest.json", "tip").into());
    }
    beside(&mut *store, folder, &manifest, seq)?;
    drop(store);
    // Records of ended matters are a projection of the blocks.
    engine::records::mend(home.store()?, bank)?;
    let sealed = sealed(home, folder, &manifest, seq)?;
    let documents = manifest.documents.len() as u64;
    Ok(Restored { bank: bank.clone(), seq, at, documents, sealed })
}

struct Chain<'a> {
    store: &'a mut dyn Store,
    bank: &'a str,
    seq: u64,
    hash: Option<Hash>,
    at: i64,
    /// The point was reached.
    ended: bool,
}

impl Chain<'_> {
    /// Appends the blocks of a piece up to the point, each checked against the one before it.
    fn append(&mut self, folder: &Path, blocks: &Blocks, point: Point) -> anyhow::Result<()> {
        let path = &blocks.piece.path;
        let bytes = blocks.piece.unpack(folder)?;
        let read = piece::read_blocks(&bytes);
        let read = read.ok_or_else(|| refusal::backup_damaged(path, "length"))?;
        for block in read {
            let follows = block.seq == self.seq + 1
                && self.hash.is_none_or(|hash| hash == block.prev_hash)
                && hash_block(&block.prev_hash, &block.payload) == block.hash;
            if !follows {
                let says = format!("{} != {}", block.seq, self.seq + 1);
                return Err(refusal::backup_damaged(path, &says).into());
            }
            let at = self.made_at(&block)?;
            self.ended = match point {
                Point::Tip => false,
                Point::Seq(seq) => block.seq > seq,
                Point::Day(day) => block.business_date > day.0,
                Point::At(until) => at > until,
            };
            if self.ended {
                return Ok(());
            }
            self.store.append(self.bank, &block).map_err(Fault::from)?;
            (self.seq, self.hash, self.at) = (block.seq, Some(block.hash), at);
        }
        Ok(())
    }

    fn made_at(&self, block: &Block) -> Result<i64, Fault> {
        let damaged = |what: String| Fault::Damaged { seq: block.seq, what };
        let body = decode(&block.payload).map_err(|error| damaged(error.to_string()))?;
        Ok(body.at_micros)
    }
}

/// Documents, what is kept, and the snapshot if it is not of later.
fn beside(
    store: &mut dyn Store,
    folder: &Path,
    manifest: &Manifest,
    seq: u64,
) -> anyhow::Result<()> {
    let bank = &manifest.bank;
    for document in &manifest.documents {
        let bytes = document.piece.unpack(folder)?;
        let digest = store::sha256(&bytes);
        if ledger::hex(&digest) != document.sha256 {
            return Err(refusal::backup_damaged(&document.piece.path, "SHA-256").into());
        }
        store.put_document(bank, &digest, &bytes).map_err(Fault::from)?;
    }
    let bytes = manifest.kept.unpack(folder)?;
    let kept: Kept = serde_json::from_slice(&bytes)
        .map_err(|error| refusal::backup_damaged(&manifest.kept.path, &error.to_string()))?;
    for (shelf, name, value) in kept {
        store.keep(bank, &shelf, &name, Some(&value)).map_err(Fault::from)?;
    }
    if let Some(snapshot) = manifest.snapshot.as_ref().filter(|snapshot| snapshot.seq <= seq) {
        let bytes = snapshot.piece.unpack(folder)?;
        store.put_snapshot(bank, snapshot.seq, &bytes).map_err(Fault::from)?;
    }
    Ok(())
}

/// Puts the sealed days back whose certificate is among the blocks; later ones are left out.
fn sealed(home: &Home, folder: &Path, manifest: &Manifest, seq: u64) -> anyhow::Result<u64> {
    let archive = home.archive()?;
    let mut count = 0;
    for sealed in manifest.sealed.iter().filter(|sealed| sealed.last_seq < seq) {
        let mut files = Vec::new();
        for piece in &sealed.files {
            let name = piece.path.rsplit('/').next().unwrap_or_default();
            files.push((name.to_owned(), piece.get(folder)?));
        }
        archive.read_in(&manifest.bank, &sealed.folder, files)?;
        count += 1;
    }
    Ok(count)
}
