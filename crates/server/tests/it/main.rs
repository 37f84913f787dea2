//! The built program as a shell sees it: what it answers, with which exit code, and what it leaves
//! behind.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod arrow;
mod crash;
mod csv;
mod days;
mod demo;
mod homes;
mod office;
mod pages;
mod paper;
mod post;
mod postgres;
mod postgres_backup;
mod postgres_nodes;
mod program;
#[path = "../../../history/tests/it/python.rs"]
mod python;
mod reports;
mod rulebook;
mod s3;
mod served;
