//! The tests of the crate, in one binary.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod model;
mod notes;
mod numbers;
mod random;
mod text;
