//! The office at random: people do what the rulebook lets them and what it does not, the machine
//! dies in the middle, and an auditor who trusts nothing but the journal keeps books of its own.

pub mod at_engine;
pub mod auditor;
pub mod people;
pub mod simulation;
