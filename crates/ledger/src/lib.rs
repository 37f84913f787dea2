//! The books of a bank: money, units, accounts, entries, holds, close, interest.
//!
//! Pure: no clock, no files, no chance. Time, ids and prior state are arguments; a refusal is a
//! value. What is here can be proved by running it twice.

#![deny(clippy::float_arithmetic)]

pub mod account;
pub mod accrue;
mod audit;
pub mod book;
pub mod calendar;
pub mod chart;
pub mod close;
pub mod closing;
pub mod correct;
pub mod day;
pub mod entry;
pub mod fact;
pub mod fx;
pub mod gl;
pub mod hash;
pub mod hex;
pub mod hold;
pub mod interest;
pub mod journal;
pub mod keys;
pub mod money;
pub mod number;
pub mod post;
pub mod refusal;
pub mod segment;
pub mod statement;
pub mod term;

pub use day::Day;
pub use entry::{Batch, EntryNo, Key};
pub use hex::hex;
pub use refusal::{Again, Refusal};
