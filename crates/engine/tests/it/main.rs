//! The engine's tests, one binary.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod forged;
mod sealing;
#[path = "../simulate/mod.rs"]
mod simulate;
mod simulation;
mod stopped;
