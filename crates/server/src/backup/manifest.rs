//! What a backup consists of, and how to tell that it was not changed.

use super::piece::{self, Piece};
use crate::refusal;
use ledger::Refusal;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::Path;
use utoipa::ToSchema;

/// The layout that this program writes.
pub const FORMAT: u32 = 1;

const NAME: &str = "manifest.json";

/// So many runs are remembered.
const MADE_MAX: usize = 100;

/// What `manifest.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: u32,
    pub bank: String,
    /// The last block.
    pub tip: Tip,
    /// In order and without gaps.
    pub blocks: Vec<Blocks>,
    /// Each is named by its own SHA-256.
    pub documents: Vec<Document>,
    pub snapshot: Option<Snapshot>,
    pub kept: Piece,
    pub sealed: Vec<Sealed>,
    /// The runs that made it, the newest last.
    pub made: Vec<Made>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tip {
    pub seq: u64,
    /// 64 hexadecimal digits.
    pub hash: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blocks {
    pub first: u64,
    pub last: u64,
    pub piece: Piece,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub sha256: String,
    pub piece: Piece,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    pub seq: u64,
    pub piece: Piece,
}

/// A sealed day or a merged month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// As in the archive: `day=2026-01-05`.
    pub folder: String,
    /// The last block of what is sealed; the certificate comes after it.
    pub last_seq: u64,
    /// The archive's own manifest is one of them.
    pub files: Vec<Piece>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BackupView)]
pub struct Made {
    /// Microseconds since 1970-01-01 UTC.
    pub at: i64,
    pub by: String,
    /// The last block that it holds.
    pub tip: u64,
    /// What this run added.
    pub blocks: u64,
    pub documents: u64,
    /// Sealed days and months.
    pub sealed: u64,
    /// Bytes on the disk.
    pub bytes: u64,
}

/// The manifest as it is written: with a digest of itself.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    sha256: String,
    manifest: Manifest,
}

impl Manifest {
    /// The manifest of a folder; `None` where no run has ended.
    pub fn read(folder: &Path) -> Result<Option<Self>, Refusal> {
        let bytes = match fs::read(folder.join(NAME)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(refusal::backup_damaged(NAME, &error.to_string())),
        };
        let signed: Signed = serde_json::from_slice(&bytes)
            .map_err(|error| refusal::backup_damaged(NAME, &error.to_string()))?;
        let Signed { sha256, manifest } = signed;
        if manifest.digest() != sha256 {
            return Err(refusal::backup_damaged(NAME, "SHA-256"));
        }
        if manifest.format != FORMAT {
            return Err(refusal::backup_format(manifest.format, FORMAT));
        }
        Ok(Some(manifest))
    }

    /// Writes it in place of the one before, whole or not at all.
    pub fn write(mut self, folder: &Path) -> anyhow::Result<()> {
        let old = self.made.len().saturating_sub(MADE_MAX);
        self.made.drain(..old);
        let signed = Signed { sha256: self.digest(), manifest: self };
        let mut bytes = serde_json::to_vec_pretty(&signed)?;
        bytes.push(b'\n');
        piece::write_whole(&folder.join(NAME), &bytes)
    }

    /// Every piece that it names.
    pub fn pieces(&self) -> impl Iterator<Item = &Piece> {
        let blocks = self.blocks.iter().map(|blocks| &blocks.piece);
        let documents = self.documents.iter().map(|document| &document.piece);
        let snapshot = self.snapshot.iter().map(|snapshot| &snapshot.piece);
        let sealed = self.sealed.iter().flat_map(|sealed| &sealed.files);
        blocks.chain(documents).chain(snapshot).chain([&self.kept]).chain(sealed)
    }

    fn digest(&self) -> String {
        let bytes = serde_json::to_vec(self).expect("plain data serialises");
        ledger::hex(&store::sha256(&bytes))
    }
}
