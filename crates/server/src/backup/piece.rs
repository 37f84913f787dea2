//! Pieces of a backup: files that are written whole, and read only if they are what was written.

use crate::home;
use crate::refusal;
use anyhow::Context as _;
use ledger::Refusal;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::Read as _;
use std::path::{Component, Path};
use store::{Block, Hash};

/// Of the levels that cost little, the one that gains most.
const LEVEL: i32 = 3;

/// The longest piece once it is unpacked: one block of the largest size with its head.
const UNPACKED_MAX: u64 = (store::VALUE_BYTES_MAX as u64) + (64 << 20);

/// Bytes of a block's head: seq, two hashes, first entry, date, length.
const HEAD: usize = 8 + 32 + 32 + 8 + 4 + 4;

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Within the backup's folder.
    pub path: String,
    pub bytes: u64,
    /// 64 hexadecimal digits, of the file as it lies there.
    pub sha256: String,
}

impl Piece {
    /// Writes a file as it is.
    pub fn put(folder: &Path, path: String, bytes: &[u8]) -> anyhow::Result<Self> {
        let whole = folder.join(&path);
        if let Some(parent) = whole.parent() {
            fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        }
        write_whole(&whole, bytes)?;
        let sha256 = ledger::hex(&store::sha256(bytes));
        Ok(Self { path, bytes: bytes.len() as u64, sha256 })
    }

    /// Writes a file compressed.
    pub fn pack(folder: &Path, path: String, bytes: &[u8]) -> anyhow::Result<Self> {
        Self::put(folder, path, &zstd::bulk::compress(bytes, LEVEL)?)
    }

    /// The file, if it is what was written.
    pub fn get(&self, folder: &Path) -> Result<Vec<u8>, Refusal> {
        let damaged = |says: &str| refusal::backup_damaged(&self.path, says);
        let path = Path::new(&self.path);
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(damaged("path"));
        }
        let whole = folder.join(path);
        let length = fs::metadata(&whole).map_err(|error| damaged(&error.to_string()))?.len();
        if length != self.bytes {
            return Err(damaged(&format!("{length} != {} bytes", self.bytes)));
        }
        let bytes = fs::read(&whole).map_err(|error| damaged(&error.to_string()))?;
        if ledger::hex(&store::sha256(&bytes)) != self.sha256 {
            return Err(damaged("SHA-256"));
        }
        Ok(bytes)
    }

    /// The file as it was before it was compressed.
    pub fn unpack(&self, folder: &Path) -> Result<Vec<u8>, Refusal> {
        let damaged =
            |error: std::io::Error| refusal::backup_damaged(&self.path, &error.to_string());
        let packed = self.get(folder)?;
        let mut bytes = Vec::new();
        let unpacked = zstd::stream::Decoder::new(&packed[..]).map_err(damaged)?;
        unpacked.take(UNPACKED_MAX).read_to_end(&mut bytes).map_err(damaged)?;
        Ok(bytes)
    }
}

/// Blocks one behind the other.
pub fn write_blocks(blocks: &[Block]) -> Vec<u8> {
    let bytes = blocks.iter().map(|block| HEAD + block.payload.len()).sum();
    let mut out = Vec::with_capacity(bytes);
    for block in blocks {
        out.extend_from_slice(&block.seq.to_le_bytes());
        out.extend_from_slice(&block.prev_hash);
        out.extend_from_slice(&block.hash);
        out.extend_from_slice(&block.first_entry.to_le_bytes());
        out.extend_from_slice(&block.business_date.to_le_bytes());
        let length = u32::try_from(block.payload.len()).expect("a payload has at most 256 MiB");
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&block.payload);
    }
    out
}

/// The blocks of a piece; `None` if it breaks off.
pub fn read_blocks(bytes: &[u8]) -> Option<Vec<Block>> {
    let (mut rest, mut blocks) = (bytes, Vec::new());
    while !rest.is_empty() {
        let seq = u64::from_le_bytes(take(&mut rest)?);
        let prev_hash: Hash = take(&mut rest)?;
        let hash: Hash = take(&mut rest)?;
        let first_entry = u64::from_le_bytes(take(&mut rest)?);
        let business_date = i32::from_le_bytes(take(&mut rest)?);
        let length = u32::from_le_bytes(take(&mut rest)?) as usize;
        let (payload, behind) = rest.split_at_checked(length)?;
        rest = behind;
        let payload = payload.to_vec().into();
        blocks.push(Block { seq, prev_hash, hash, first_entry, business_date, payload });
    }
    Some(blocks)
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(*taken)
}

/// As [`home::write_whole`], with the path in what went wrong.
pub fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    home::write_whole(path, bytes).with_context(|| path.display().to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn block(seq: u64, payload: &'static [u8]) -> Block {
        let (prev_hash, hash) = ([1; 32], [2; 32]);
        let (first_entry, business_date) = (seq * 10, -3);
        Block { seq, prev_hash, hash, first_entry, business_date, payload: payload.into() }
    }

    #[test]
    fn blocks_come_back_and_a_piece_that_breaks_off_does_not() {
        let blocks = [block(7, b"seven"), block(8, b""), block(9, b"nine")];
        let bytes = write_blocks(&blocks);
        assert_eq!(read_blocks(&bytes).unwrap(), blocks);
        assert_eq!(read_blocks(&[]), Some(Vec::new()));
        assert_eq!(read_blocks(&bytes[..bytes.len() - 1]), None);
        assert_eq!(read_blocks(&bytes[..20]), None);
    }

    #[test]
    fn a_piece_that_was_changed_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let packed = Piece::pack(folder.path(), "a/b".into(), b"what was written").unwrap();
        assert_eq!(packed.unpack(folder.path()).unwrap(), b"what was written");
        let path = folder.path().join("a/b");
        let mut bytes = fs::read(&path).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert_eq!(packed.unpack(folder.path()).unwrap_err().code, "BackupDamaged");
        fs::write(&path, &bytes[..last]).unwrap();
        assert_eq!(packed.unpack(folder.path()).unwrap_err().code, "BackupDamaged");
        let outside = Piece { path: "../b".into(), ..packed };
        assert_eq!(outside.get(folder.path()).unwrap_err().code, "BackupDamaged");
    }
}
