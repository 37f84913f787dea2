//! What the disk alone can do: the limit of every figure that must be durable.

use crate::folder::Folder;
use crate::pace::{Pace, timed};
use crate::random::Random;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::time::Duration;

/// What is written over in turns: as long as a log that is used again from its start.
const RING_BYTES: usize = 64 << 20;

/// A cell ends after so many bytes, to spare the disk.
const BYTES_MAX: usize = 2_000_000_000;

/// Seconds to append blocks of these sizes to a plain file, with fdatasync after each.
pub fn append_seconds(folder: &Folder, sizes: &[usize]) -> f64 {
    let path = folder.0.join("raw");
    let mut file = File::create(&path).expect("the temporary folder is writable");
    let bytes = noise(sizes.iter().copied().max().unwrap_or(0));
    let write = || {
        for size in sizes {
            file.write_all(&bytes[..*size]).expect("the disk has room");
            file.sync_data().expect("the disk answers");
        }
    };
    let ((), seconds) = timed(write);
    std::fs::remove_file(path).expect("the file was just written");
    seconds
}

/// Blocks of one size appended to a file that grows, with fdatasync after each.
pub fn appends(folder: &Folder, bytes: usize, span: Duration) -> Pace {
    let (path, block) = (folder.0.join("raw"), noise(bytes));
    let mut file = File::create(&path).expect("the temporary folder is writable");
    let pace = Pace::repeat(span, (BYTES_MAX / bytes).max(1), |_| {
        file.write_all(&block).expect("the disk has room");
        file.sync_data().expect("the disk answers");
    });
    std::fs::remove_file(path).expect("the file was just written");
    pace
}

/// Blocks of one size written over what a file holds already, with fdatasync after each: the
/// file system has nothing to note, so no disk makes anything durable faster.
pub fn rewrites(folder: &Folder, bytes: usize, span: Duration) -> Pace {
    let (path, block) = (folder.0.join("ring"), noise(bytes));
    let slots = (RING_BYTES / bytes).max(1);
    let mut file = File::create(&path).expect("the temporary folder is writable");
    for _ in 0..slots {
        file.write_all(&block).expect("the disk has room");
    }
    file.sync_all().expect("the disk answers");
    let pace = Pace::repeat(span, (BYTES_MAX / bytes).max(1), |done| {
        let offset = (done % slots * bytes) as u64;
        file.write_all_at(&block, offset).expect("the disk has room");
        file.sync_data().expect("the disk answers");
    });
    std::fs::remove_file(path).expect("the file was just written");
    pace
}

/// Bytes that no disk can compress.
pub fn noise(bytes: usize) -> Vec<u8> {
    let mut random = Random(88_172_645_463_325_252);
    let mut noise = Vec::with_capacity(bytes + 8);
    while noise.len() < bytes {
        noise.extend_from_slice(&random.next().to_le_bytes());
    }
    noise.truncate(bytes);
    noise
}
