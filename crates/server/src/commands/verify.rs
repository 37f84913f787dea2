//! `piaohao verify`: recomputes the books from the blocks alone and compares.

use crate::cli::{Global, Verify};
use crate::fault::Exit;
use crate::home::Home;
use crate::messages;
use crate::output::Output;
use crate::progress;
use bank::office::proof;
use engine::Follower;
use engine::seal::certificate_at;
use engine::verify::Verified;
use history::archive::Archive;
use history::manifest::{Manifest, Period};
use ledger::Day;
use ledger::close::Certificate;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub fn run(global: &Global, form: &Verify, out: &Output) -> anyhow::Result<Exit> {
    let home = Home::open(&global.home)?;
    if form.from_snapshot {
        return since_snapshot(&home, out);
    }
    if form.reseal {
        // Lists of ended matters are made again from the blocks as sealed days are.
        let mended = engine::records::mend(home.store()?, &home.config.bank)?;
        if mended > 0 {
            out.say(&messages::records_mended(mended))?;
        }
    }
    let verified = verify(&home, out)?;
    let archive = home.archive()?;
    let mut damaged = damaged(&home, &archive)?;
    let mut resealed = Vec::new();
    // Files are made again only from blocks that are what they say they are.
    if form.reseal && verified.differences.is_empty() && !damaged.is_empty() {
        let _lock = home.lock(out)?;
        resealed = reseal(&home, &archive, &damaged, out)?;
        damaged = self::damaged(&home, &archive)?;
    }
    show(&verified, &damaged, &resealed, out)
}

/// Recomputes everything of a home and says what came out.
pub fn prove(home: &Home, out: &Output) -> anyhow::Result<Exit> {
    let verified = verify(home, out)?;
    let damaged = damaged(home, &home.archive()?)?;
    show(&verified, &damaged, &[], out)
}

/// Follows the chain from the newest snapshot and runs the checks of a close on what comes out.
fn since_snapshot(home: &Home, out: &Output) -> anyhow::Result<Exit> {
    let mut follower = Follower::open(home.store()?, &home.config.bank)?;
    let from = follower.seq();
    let blocks = follower.catch_up(|_| {})?;
    let state = follower.state();
    let mut checks = state.book.checks();
    checks.push(proof::certified(&state.office, &state.rulebook.office, &state.book));
    let failed = checks.iter().filter(|check| !check.passed).count();
    if out.json {
        out.document(&json!({ "snapshot": from, "blocks": blocks, "checks": checks }))?;
    } else {
        out.say(&messages::followed(from, blocks, failed))?;
    }
    Ok(if failed == 0 { Exit::OK } else { Exit::DAMAGED })
}

/// A sealed file that is not what the journal closed.
struct Damage {
    /// What can be made again from the blocks; a day that was never closed cannot.
    period: Option<Period>,
    says: String,
}

/// Compares the seal of every closed day with its certificate, and reads every sealed file again.
fn damaged(home: &Home, archive: &Archive) -> anyhow::Result<Vec<Damage>> {
    let bank = &home.config.bank;
    let mut damaged = Vec::new();
    let closed = certificates(home)?;
    for (day, certificate) in &closed {
        let period = Period::Day(*day);
        let says = match archive.verify(bank, period) {
            Ok(manifest) if is_of(&manifest, certificate) => continue,
            Ok(_) => messages::sealed_otherwise(*day),
            Err(error) => error.to_string(),
        };
        damaged.push(Damage { period: Some(period), says });
    }
    let catalog = match archive.catalog(bank) {
        Ok(catalog) => catalog,
        // A manifest that cannot be read; one of a day has been told already.
        Err(error) if damaged.is_empty() => {
            return Ok(vec![Damage { period: None, says: error.to_string() }]);
        }
        Err(_) => return Ok(damaged),
    };
    let last = closed.keys().next_back();
    let others = catalog.days.keys().filter(|day| !closed.contains_key(day));
    // The last may be the rest of a close that broke off; the next close makes up for it.
    let broke_off = |day: &Day| {
        last.is_none_or(|last| day > last) && catalog.days.keys().next_back() == Some(day)
    };
    for day in others.filter(|day| !broke_off(day)) {
        damaged.push(Damage { period: None, says: messages::sealed_not_closed(*day) });
    }
    for month in catalog.months.values().map(|manifest| manifest.period) {
        if let Err(error) = archive.verify(bank, month) {
            damaged.push(Damage { period: Some(month), says: error.to_string() });
        }
    }
    Ok(damaged)
}

fn is_of(manifest: &Manifest, certificate: &Certificate) -> bool {
    let chain = &manifest.chain;
    (chain.first_seq, chain.last_seq, &chain.last_hash)
        == (certificate.first_seq, certificate.last_seq, &certificate.chain)
}

/// The certificates of all closed days, found from the last backwards: the block before a day's
/// first one closed the day before it.
fn certificates(home: &Home) -> anyhow::Result<BTreeMap<Day, Certificate>> {
    let mut certificates = BTreeMap::new();
    let mut store = home.store()?;
    let mut next = home.follow()?.state().book.certificate.clone();
    while let Some(certificate) = next {
        let before = certificate.first_seq.saturating_sub(1);
        certificates.insert(certificate.day, certificate);
        next = if before == 0 {
            None
        } else {
            certificate_at(&mut *store, &home.config.bank, before)?
        };
    }
    Ok(certificates)
}

/// Makes damaged days again from the blocks, and damaged months from their days.
fn reseal(
    home: &Home,
    archive: &Archive,
    damaged: &[Damage],
    out: &Output,
) -> anyhow::Result<Vec<Period>> {
    let bank = &home.config.bank;
    let periods = damaged.iter().filter_map(|damage| damage.period);
    let days = periods.clone().filter_map(|period| match period {
        Period::Day(day) => Some(day),
        Period::Month { .. } => None,
    });
    let days: BTreeSet<Day> = days.collect();
    let bar = progress::steps(out, out.pick(&messages::resealing()), 0);
    let done = engine::reseal::reseal(home.store()?, bank, archive, &days, |seq| {
        bar.set_length(seq);
        bar.set_position(seq);
    });
    bar.finish_and_clear();
    let mut done: Vec<Period> = done?.into_iter().map(Period::Day).collect();
    for month in periods {
        if let Period::Month { year, month: of } = month {
            archive.unseal(bank, month)?;
            archive.compact_month(bank, year, of)?;
            done.push(month);
        }
    }
    Ok(done)
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

fn show(
    verified: &Verified,
    damaged: &[Damage],
    resealed: &[Period],
    out: &Output,
) -> anyhow::Result<Exit> {
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
            "damaged_files": damaged.iter().map(|damage| &damage.says).collect::<Vec<_>>(),
            "resealed": resealed,
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
        if !resealed.is_empty() {
            out.say(&messages::resealed(resealed))?;
        }
        for damage in damaged {
            out.put(&format!("{}\n", damage.says))?;
        }
    }
    let sound = verified.differences.is_empty() && damaged.is_empty();
    Ok(if sound { Exit::OK } else { Exit::DAMAGED })
}
