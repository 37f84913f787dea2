//! `piaohao restore`: a bank made again from a backup, and proved.

use super::verify;
use crate::backup::{self, Manifest, Point};
use crate::cli::{Global, Restore};
use crate::fault::Exit;
use crate::home::{Config, Home};
use crate::messages;
use crate::output::Output;
use crate::progress;
use crate::refusal;

pub fn run(global: &Global, form: &Restore, out: &Output) -> anyhow::Result<Exit> {
    let manifest = Manifest::read(&form.from)?
        .ok_or_else(|| refusal::no_backup(&form.from.display().to_string()))?;
    let (store, archive) = (form.store.clone(), form.archive.clone());
    let config = Config { store, archive, bank: manifest.bank, serve: None };
    let home = Home::found(&global.home, config)?;
    let _lock = home.lock(out)?;
    let point = match (form.until, form.until_day, form.until_seq) {
        (Some(until), ..) => Point::At(until.as_microsecond()),
        (None, Some(day), _) => Point::Day(day),
        (None, None, Some(seq)) => Point::Seq(seq),
        (None, None, None) => Point::Tip,
    };
    let bar = progress::steps(out, out.pick(&messages::restoring()), 0);
    let restored = backup::restore(&home, &form.from, point, |seq, tip| {
        bar.set_length(tip);
        bar.set_position(seq);
    });
    bar.finish_and_clear();
    let restored = restored?;
    home.write()?;
    let value = serde_json::json!({
        "bank": restored.bank, "seq": restored.seq, "at": restored.at,
        "documents": restored.documents, "sealed": restored.sealed,
    });
    out.answer(&messages::restored(&restored), &value)?;
    verify::prove(&home, out)
}
