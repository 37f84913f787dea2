//! The books of a bank: money, units, accounts, entries, holds, close, interest.
//!
//! Pure: no clock, no files, no chance. Time, ids and prior state are arguments; a refusal is a
//! value. What is here can be proved by running it twice.

pub mod calendar;
pub mod chart;
pub mod day;
pub mod entry;
pub mod gl;
pub mod number;
pub mod refusal;

pub use day::Day;
pub use entry::{Batch, EntryNo, Key};
pub use refusal::{Again, Refusal};
