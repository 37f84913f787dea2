//! The program `piaohao`.

use std::process::ExitCode;

/// Requests are made on one thread and ended on another, which the system's own allocator makes
/// dear: with this one the office takes half as many steps again.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    server::run(std::env::args_os())
}
