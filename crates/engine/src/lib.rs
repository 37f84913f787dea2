//! Runs a bank: one writer that decides commands in groups and makes each group durable as one
//! block; followers that read the same blocks and can take over; closing and verifying days.
//!
//! What is acknowledged is in the store. What the store did not take is forgotten: the engine
//! stops, and whoever opens it again replays what the store has.

pub mod certificate;
pub mod close;
pub mod fault;
pub mod follower;
pub mod names;
pub mod records;
pub mod reseal;
pub mod roll;
pub mod seal;
pub mod verify;
mod writer;

pub use fault::Fault;
pub use follower::Follower;
pub use writer::{Clock, Engine, Outcome, Stamp};
