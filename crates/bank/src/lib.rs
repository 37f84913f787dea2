//! The bank as a function: `decide(state, request) → facts | refusal`. Holds the door, the forms
//! that people hand in, and the rulebook. Pure: time, files and chance stay outside.

#![deny(clippy::float_arithmetic)]

pub mod checker;
pub mod coverage;
pub mod door;
pub mod form;
pub mod image;
pub mod office;
pub mod rulebook;
pub mod state;

pub use door::{Answer, Command, Loaded, Needs, decide, needs};
pub use state::State;
