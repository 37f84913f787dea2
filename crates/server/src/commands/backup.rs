//! `piaohao backup`: a copy of the bank in a folder, made while it is served or not.

use crate::backup;
use crate::cli::{Backup, Global};
use crate::fault::Exit;
use crate::home::{self, Home};
use crate::messages;
use crate::output::Output;
use crate::progress;

pub fn run(global: &Global, form: &Backup, out: &Output) -> anyhow::Result<Exit> {
    let home = Home::open(&global.home)?;
    let bar = progress::steps(out, out.pick(&messages::backing_up()), 0);
    let made = backup::make(&home, &form.to, (home::now(), &global.operator), |seq, tip| {
        bar.set_length(tip);
        bar.set_position(seq);
    });
    bar.finish_and_clear();
    let made = made?;
    out.answer(&messages::backed_up(&made), &serde_json::to_value(&made)?)?;
    Ok(Exit::OK)
}
