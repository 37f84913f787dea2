//! How a command ends: its exit code, and what is said when it did not do what was asked.

use crate::messages;
use crate::output::Output;
use engine::Fault;
use history::ArchiveError;
use ledger::Refusal;
use std::io;

/// What the shell is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit(pub u8);

impl Exit {
    pub const OK: Self = Self(0);
    /// The bank said no: nothing was changed.
    pub const REFUSED: Self = Self(1);
    /// The command line itself is wrong.
    pub const USAGE: u8 = 2;
    /// The store, a disk or a file failed.
    pub const FAULT: Self = Self(3);
    /// A verification found damage.
    pub const DAMAGED: Self = Self(4);
    /// Some entries of a file were refused, the others are posted.
    pub const PARTLY: Self = Self(5);
}

/// A refusal that belongs to a line of a file.
#[derive(Clone, Debug)]
pub struct RefusedAt {
    pub refusal: Refusal,
    pub line: u64,
}

impl std::fmt::Display for RefusedAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (line {})", self.refusal, self.line)
    }
}

impl std::error::Error for RefusedAt {}

/// Says why a command failed and answers its exit code.
pub fn report(error: &anyhow::Error, out: &Output) -> Exit {
    if let Some(at) = error.downcast_ref::<RefusedAt>() {
        return refused(&at.refusal, Some(at.line), out);
    }
    if let Some(refusal) = error.downcast_ref::<Refusal>() {
        return refused(refusal, None, out);
    }
    match error.downcast_ref::<Fault>() {
        Some(Fault::Refused(refusal)) => refused(refusal, None, out),
        Some(fault) => {
            let (zh, en) = fault.sentences();
            let damaged = matches!(fault.code(), "BlockDamaged" | "StoreCorrupt");
            // The refusal above a fault names what was asked; the chain below is for the log.
            out.failed(fault.code(), &messages::say(zh, en), &format!("{fault:?}"));
            if damaged { Exit::DAMAGED } else { Exit::FAULT }
        }
        None if is_broken_pipe(error) => Exit::OK,
        None if let Some(archive) = error.downcast_ref::<ArchiveError>() => {
            out.failed("ArchiveFault", &messages::archive_failed(), &archive.to_string());
            if is_damage(archive) { Exit::DAMAGED } else { Exit::FAULT }
        }
        None => {
            out.failed("Fault", &messages::failed(), &format!("{error:#}"));
            Exit::FAULT
        }
    }
}

/// Whether a sealed file is not what was sealed, rather than out of reach.
fn is_damage(error: &ArchiveError) -> bool {
    use ArchiveError::{Books, Changed, Length, Manifest, Parquet};
    matches!(error, Books { .. } | Changed { .. } | Length { .. } | Manifest(..) | Parquet(..))
}

/// A refusal because the books are out of reach is a fault of the world, not a no of the bank.
fn refused(refusal: &Refusal, line: Option<u64>, out: &Output) -> Exit {
    out.refused(refusal, line);
    if refusal.code == "Unavailable" { Exit::FAULT } else { Exit::REFUSED }
}

/// Whoever reads our output may stop reading, as `head` does: that is no fault.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(broken)
}
