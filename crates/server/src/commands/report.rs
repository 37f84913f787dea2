//! Placeholder.
use crate::cli::Global;
use crate::fault::Exit;
use crate::output::Output;
pub fn run<T>(_: &Global, _: &T, _: &Output) -> anyhow::Result<Exit> { Ok(Exit::OK) }
