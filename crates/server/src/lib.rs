//! The command line of a bank: what people and programs type, turned into commands of the door,
//! and what the bank answers, turned into text or JSON. Nothing here decides anything.

mod backup;
mod beat;
mod cli;
mod closing;
mod commands;
mod fault;
mod home;
mod input;
mod messages;
mod output;
mod paper;
mod progress;
mod refusal;
mod reports;
mod rulebook;
mod serve;

#[cfg(feature = "testing")]
pub use serve::testing;

use clap::Parser as _;
use std::ffi::OsString;
use std::process::ExitCode;

/// Parses the command line, does what it says and answers how it ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match cli::Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, with a code of their own.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(fault::Exit::USAGE));
        }
    };
    let out = output::Output::new(&cli.global);
    let exit = match commands::run(cli, &out) {
        Ok(exit) => exit,
        Err(error) => fault::report(&error, &out),
    };
    ExitCode::from(exit.0)
}
