//! The store's tests, one binary.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod conformance;
mod kept;
mod memory;
mod place;
mod postgres;
mod record;
mod sqlite;
