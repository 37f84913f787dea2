//! `piaohao verify`: recomputes the books from the blocks alone and compares.

use crate::cli::{Global, Verify};
use crate::fault::Exit;
use crate::home::Home;
use crate::messages;
use crate::output::Output;
use crate::progress;
use engine::Follower;
use engine::verify::Verified;
use serde_json::{Value, json};

pub fn run(global: &Global, form: &Verify, out: &Output) -> anyhow::Result<Exit> {
    let home = Home::open(&global.home)?;
    if form.from_snapshot {
        return since_snapshot(&home, out);
    }
    let verified = verify(&home, out)?;
    let damaged = sealed(&home, &verified)?;
    show(&verified, &damaged, out)
}

/// Follows the chain from the newest snapshot and runs the checks of a close on what comes out.
fn since_snapshot(home: &Home, out: &Output) -> anyhow::Result<Exit> {
    let mut follower = Follower::open(home.store()?, &home.config.bank)?;
    let from = follower.seq();
    let blocks = follower.catch_up(|_| {})?;
    let checks = follower.state().book.checks();
    let failed = checks.iter().filter(|check| !check.passed).count();
    if out.json {
        out.document(&json!({ "snapshot": from, "blocks": blocks, "checks": checks }))?;
    } else {
        out.say(&messages::followed(from, blocks, failed))?;
    }
    Ok(if failed == 0 { Exit::OK } else { Exit::DAMAGED })
}

/// Reads every sealed file again; answers what is not as it was sealed.
fn sealed(home: &Home, verified: &Verified) -> anyhow::Result<Vec<String>> {
    let archive = home.archive()?;
    let bank = &home.config.bank;
    let catalog = match archive.catalog(bank) {
        Ok(catalog) => catalog,
        Err(error) => return Ok(vec![error.to_string()]),
    };
    let mut damaged = Vec::new();
    if catalog.days.len() as u64 != verified.days {
        damaged.push(messages::days_sealed(catalog.days.len(), verified.days));
    }
    let periods = catalog.days.values().chain(catalog.months.values());
    for period in periods.map(|manifest| manifest.period) {
        if let Err(error) = archive.verify(bank, period) {
            damaged.push(error.to_string());
        }
    }
    Ok(damaged)
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

fn show(verified: &Verified, damaged: &[String], out: &Output) -> anyhow::Result<Exit> {
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
            "damaged_files": damaged,
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
        for damage in damaged {
            out.put(&format!("{damage}\n"))?;
        }
    }
    let sound = verified.differences.is_empty() && damaged.is_empty();
    Ok(if sound { Exit::OK } else { Exit::DAMAGED })
}
