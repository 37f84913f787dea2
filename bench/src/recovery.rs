//! Reading a bank back: recovery from its last snapshot, and verification from blocks alone.

use crate::bulk;
use crate::entries::Draw;
use crate::folder::Folder;
use crate::pace::timed;
use crate::setup::{BANK, store};
use crate::table::{Aim, Table, count, figure};
use engine::Follower;
use engine::verify::{Verified, verify};

const RECOVERY_AIM: Aim = Aim::AtMost(5.0, " s");
const VERIFY_AIM: Aim = Aim::AtMost(20.0, " s");

/// Recovery in its two parts.
pub struct Recovered {
    /// Seconds to read the snapshot and the idempotency keys of the days that count.
    pub snapshot: f64,
    /// Seconds to replay the blocks after it.
    pub replay: f64,
}

pub fn table(entries: usize) {
    let folder = Folder::new("recovery");
    let posted = bulk::post(&folder, &folder.books(), Draw::Uniform, entries).entries;
    let title = format!("Reading back {} lines", count(posted * 2));
    let table = Table::begin(&title, &["what", "seconds", "aim", "lines/s"]);
    let row = |what: &str, seconds: f64, aim: Aim| {
        let rate = posted as f64 * 2.0 / seconds;
        table.row(&[what.to_owned(), figure(seconds), aim.beside(seconds), figure(rate)]);
    };
    let recovered = recover(&folder.books());
    let parts = format!(
        "recovery from the last snapshot: {} s for it and the keys, {} s for the blocks after it",
        figure(recovered.snapshot),
        figure(recovered.replay)
    );
    row(&parts, recovered.seconds(), RECOVERY_AIM);
    let (_, seconds) = check(&folder.books());
    row("verify from blocks alone", seconds, VERIFY_AIM);
}

pub fn recover(address: &str) -> Recovered {
    let (follower, snapshot) = timed(|| Follower::open(store(address), BANK));
    let mut follower = follower.expect("the bank is there");
    let (read, replay) = timed(|| follower.catch_up(|_| {}));
    read.expect("its blocks are sound");
    Recovered { snapshot, replay }
}

/// The bank as its blocks tell it.
pub fn follow(address: &str) -> Follower {
    let mut follower = Follower::open(store(address), BANK).expect("the bank is there");
    follower.catch_up(|_| {}).expect("its blocks are sound");
    follower
}

pub fn check(address: &str) -> (Verified, f64) {
    let (verified, seconds) = timed(|| verify(store(address), BANK, |_| {}));
    let verified = verified.expect("its blocks are sound");
    assert!(verified.differences.is_empty(), "{:?}", verified.differences);
    (verified, seconds)
}

impl Recovered {
    pub fn seconds(&self) -> f64 {
        self.snapshot + self.replay
    }
}
