//! Tests of the bank as a function: the pages of cases beside the rulebook.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read files")]

mod access;
mod cases;
mod checker;
mod coverage;
mod desk;
mod door;
mod hands;
mod office_words;
mod pages;
mod rates;
mod reports;
mod rights;
mod runner;
mod schema;
mod signin;
mod trail;
