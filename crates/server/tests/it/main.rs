//! The built program as a shell sees it: what it answers, with which exit code, and what it leaves
//! behind.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on has failed"
)]

mod accounts;
// The words of the pages are the bank's, the desk at a running engine is the engine's: these are
// their files.
mod arrow;
#[path = "../../../engine/tests/office/at_engine.rs"]
mod at_engine;
mod crash;
mod csv;
mod days;
mod demo;
#[path = "../../../bank/tests/it/desk.rs"]
mod desk;
mod homes;
mod http;
mod office;
#[allow(dead_code, reason = "the bank plays in process as well")]
#[path = "../../../bank/tests/it/office_words.rs"]
mod office_words;
#[allow(dead_code, reason = "the bank plays in process as well")]
#[path = "../../../bank/tests/it/pages.rs"]
mod pages;
mod paper;
mod post;
mod postgres;
mod postgres_backup;
mod postgres_nodes;
mod program;
#[path = "../../../history/tests/it/python.rs"]
mod python;
mod reports;
mod rulebook;
#[allow(dead_code, reason = "the bank plays in process as well")]
#[path = "../../../bank/tests/it/runner.rs"]
mod runner;
mod s3;
mod served;
mod web_pages;
mod wire;

/// A folder that is gone when the test is; in memory where the machine has such, since tests that
/// do not kill the program lose nothing by it.
fn memory_folder() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let made = memory.is_dir().then(|| tempfile::tempdir_in(memory).ok()).flatten();
    made.unwrap_or_else(|| tempfile::tempdir().unwrap())
}
