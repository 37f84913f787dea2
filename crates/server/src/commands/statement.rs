//! `piaohao statement`: the pages of one account over some days.

use crate::cli::{Global, Scope, Statement};
use crate::commands::report::show;
use crate::fault::Exit;
use crate::output::Output;
use crate::reports::{Report, Source, table};

pub fn run(global: &Global, form: &Statement, out: &Output) -> anyhow::Result<Exit> {
    let mut source = Source::open(global)?;
    let account = Some(form.number.clone());
    let asked = Scope { account, from: form.from, to: form.to, ..Scope::default() };
    let pages = table(&mut source, Report::AccountLedger, &asked)?;
    show(&pages, &form.shape, source.home(), out)?;
    Ok(Exit::OK)
}
