//! Work in a process of its own: memory that earlier work freed would hide what this one takes.

use crate::machine::resident_bytes;
use crate::pace::timed;
use crate::setup::{BANK, bank, clock, store};
use engine::Engine;
use std::collections::BTreeMap;
use std::process::{Command, Stdio};

/// The first argument of a child.
pub const CHILD: &str = "child";

/// Figures by name.
pub type Found = BTreeMap<String, f64>;

/// Makes a bank with so many accounts and takes its image: `bytes` resident, `image_bytes`,
/// `image_seconds`, `snapshot_seconds`.
pub fn create(address: &str, accounts: usize) -> Found {
    run(&["create", address, &accounts.to_string()])
}

/// Recovers the bank: `bytes` resident, `seconds`.
pub fn recover(address: &str) -> Found {
    run(&["recover", address])
}

/// The child's own side.
pub fn main(arguments: &[String]) {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["create", address, accounts] => created(address, accounts),
        ["recover", address] => recovered(address),
        _ => panic!("a child is told what to do: {arguments:?}"),
    }
}

fn run(arguments: &[&str]) -> Found {
    let program = std::env::current_exe().expect("the program knows its own path");
    let mut child = Command::new(program);
    child.arg(CHILD).args(arguments).stderr(Stdio::inherit());
    let output = child.output().expect("the program runs once more");
    assert!(output.status.success(), "the child failed: {}", output.status);
    let text = String::from_utf8_lossy(&output.stdout);
    let pairs = text.lines().filter_map(|line| {
        let (name, value) = line.split_once(' ')?;
        Some((name.to_owned(), value.parse().ok()?))
    });
    pairs.collect()
}

fn created(address: &str, accounts: &str) {
    let accounts = accounts.parse().expect("a number of accounts");
    let before = resident_bytes();
    let (engine, _) = bank(address, accounts);
    println!("bytes {}", resident_bytes() - before);
    let image = engine.look(|state| timed(|| bank::image::write(state).len()));
    let (bytes, seconds) = image.expect("the engine runs");
    println!("image_bytes {bytes}\nimage_seconds {seconds}");
    let (done, seconds) = timed(|| engine.snapshot());
    done.expect("the store has room");
    println!("snapshot_seconds {seconds}");
}

fn recovered(address: &str) {
    let before = resident_bytes();
    let (engine, seconds) = timed(|| Engine::open(store(address), BANK, clock()));
    let engine = engine.expect("the bank recovers");
    println!("bytes {}\nseconds {seconds}", resident_bytes() - before);
    drop(engine);
}
