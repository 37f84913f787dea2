//! The tests of the crate, in one binary.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod blocks;
mod books;
mod outside;
mod python;
mod town;
