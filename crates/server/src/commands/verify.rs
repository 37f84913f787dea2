//! `piaohao verify`: recomputes the books from the blocks alone and compares.

use crate::cli::{Global, Verify};
use crate::fault::Exit;
use crate::home::Home;
use crate::messages;
use crate::output::Output;
use crate::progress;
use engine::verify::Verified;
use serde_json::{Value, json};

pub fn run(global: &Global, form: &Verify, out: &Output) -> anyhow::Result<Exit> {
    let home = Home::open(&global.home)?;
    let verified = if form.from_snapshot {
        let follower = home.follow()?;
        Verified { blocks: follower.seq(), ..Verified::default() }
    } else {
        verify(&home, out)?
    };
    show(&verified, out)
}

/// Replays the bank from its first block.
pub fn verify(home: &Home, out: &Output) -> anyhow::Result<Verified> {
    let bank = &home.config.bank;
    let mut store = home.store()?;
    let tip = store.tip(bank).map_err(engine::Fault::from)?.map_or(0, |head| head.seq);
    let bar = progress::steps(out, out.pick(&messages::verifying()), tip);
    let verified = engine::verify::verify(store, bank, |seq| bar.set_position(seq));
    bar.finish_and_clear();
    Ok(verified?)
}

pub fn show(verified: &Verified, out: &Output) -> anyhow::Result<Exit> {
    if out.json {
        let differences: Vec<Value> = verified
            .differences
            .iter()
            .map(|one| {
                json!({
                    "day": one.day, "block": one.seq, "field": one.field,
                    "certified": one.certified, "found": one.found,
                })
            })
            .collect();
        out.document(&json!({
            "blocks": verified.blocks, "entries": verified.entries, "lines": verified.lines,
            "days": verified.days, "chain": verified.chain, "differences": differences,
        }))?;
    } else {
        out.say(&messages::verified(verified))?;
        let rows: Vec<Vec<String>> = verified
            .differences
            .iter()
            .map(|one| {
                vec![
                    one.day.to_string(),
                    one.seq.to_string(),
                    one.field.to_owned(),
                    one.certified.clone(),
                    one.found.clone(),
                ]
            })
            .collect();
        if !rows.is_empty() {
            out.table(&messages::DIFFERENCE_COLUMNS, &rows)?;
        }
    }
    Ok(if verified.differences.is_empty() { Exit::OK } else { Exit::DAMAGED })
}
