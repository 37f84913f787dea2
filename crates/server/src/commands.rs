//! The commands, one file each. A command reads its arguments, asks the bank and shows the answer.

mod account;
mod account_list;
mod backup;
mod completions;
mod correct;
mod day;
mod demo;
mod export;
mod hold;
mod init;
mod institution;
mod office;
mod post;
mod report;
mod restore;
mod rulebook;
mod schema;
mod statement;
mod verify;

use crate::cli::{Cli, Command};
use crate::fault::Exit;
use crate::output::Output;
use bank::Answer;
use engine::Engine;
use ledger::Refusal;

pub use account::{of_one, status_of};

pub fn run(cli: Cli, out: &Output) -> anyhow::Result<Exit> {
    let global = &cli.global;
    match cli.command {
        Command::Init(form) => init::run(global, &form, out),
        Command::Institution(form) => institution::run(global, form, out),
        Command::Account(form) => account::run(global, form, out),
        Command::Post(form) => post::run(global, &form, out),
        Command::Correct(form) => correct::run(global, form, out),
        Command::Day(form) => day::run(global, form, out),
        Command::Report(form) => report::run(global, &form, out),
        Command::Statement(form) => statement::run(global, &form, out),
        Command::Verify(form) => verify::run(global, &form, out),
        Command::Export(form) => export::run(global, &form, out),
        Command::Schema => schema::run(out),
        Command::Completions { shell } => completions::run(shell, out),
        Command::Rulebook(form) => rulebook::run(global, form, out),
        Command::Office(form) => office::run(global, form, out),
        Command::Demo(form) => demo::run(global, &form, out),
        Command::Backup(form) => backup::run(global, &form, out),
        Command::Restore(form) => restore::run(global, &form, out),
        Command::Serve(form) => crate::serve::run(global, &form, out),
        Command::Openapi => crate::serve::describe(out),
    }
}

/// Asks the bank and waits; the refusal becomes the command's error.
fn ask(engine: &Engine, command: bank::Command) -> Result<Answer, Refusal> {
    engine.call(command)
}
