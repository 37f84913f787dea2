//! `piaohao completions`: the script that lets a shell complete our commands.

use crate::cli::Cli;
use crate::fault::Exit;
use crate::output::Output;
use clap::CommandFactory as _;
use clap_complete::Shell;

pub fn run(shell: Shell, out: &Output) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut script);
    out.put_bytes(&script)?;
    Ok(Exit::OK)
}
