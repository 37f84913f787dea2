//! The engine's tests, one binary.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod cases;
// The words of the pages are the bank's: these are its files.
#[allow(dead_code, reason = "the bank plays in process as well")]
#[path = "../../../bank/tests/it/desk.rs"]
mod desk;
mod forged;
#[path = "../office/mod.rs"]
mod office;
mod office_simulation;
#[allow(dead_code, reason = "the bank plays in process as well")]
#[path = "../../../bank/tests/it/office_words.rs"]
mod office_words;
#[allow(dead_code, reason = "the bank plays in process as well")]
#[path = "../../../bank/tests/it/pages.rs"]
mod pages;
mod records;
#[allow(dead_code, reason = "the bank plays in process as well")]
#[path = "../../../bank/tests/it/runner.rs"]
mod runner;
mod sealing;
#[path = "../simulate/mod.rs"]
mod simulate;
mod simulation;
mod stopped;
mod trail;
