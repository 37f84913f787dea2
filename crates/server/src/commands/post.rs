//! `piaohao post`: hands the entries of a file to the bank. A thread reads ahead of the engine,
//! several batches are on their way at once, and a receipt is printed when its entry is durable.

mod receipts;

use crate::cli::{Global, Post, PostFormat};
use crate::commands::account::entry_of;
use crate::fault::{Exit, RefusedAt};
use crate::home::{Home, Running};
use crate::input::arrow::{Arrow, Units};
use crate::input::csv::Csv;
use crate::input::mapping::Mapping;
use crate::input::ndjson::Ndjson;
use crate::input::{Row, Rows, unreadable};
use crate::messages;
use crate::output::Output;
use crate::progress;
use crate::refusal;
use anyhow::anyhow;
use bank::form::EntryForm;
use bank::{Answer, Command};
use crossbeam_channel::{Receiver, Sender, bounded, never, select};
use engine::{Engine, Outcome};
use indicatif::ProgressBar;
use ledger::{Refusal, refusal as no};
use receipts::{Handed, Tally};
use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::thread;

/// Batches on their way at once: one with the committer, one with the decider, one waiting.
const IN_FLIGHT: usize = 4;
/// Batches read ahead.
const READ_AHEAD: usize = 2;
/// Entries that may stand or fall together; they are held in memory and become one block.
const WHOLE_MAX: usize = 500_000;
/// Lines that may stand or fall together: a block of them stays below the 256 MiB that every
/// store takes.
const WHOLE_LINES_MAX: usize = 4_000_000;
/// Lines after which a batch is handed in however few its entries are.
const BATCH_LINES: usize = 500_000;

pub fn run(global: &Global, form: &Post, out: &Output) -> anyhow::Result<Exit> {
    if form.reject.as_deref().is_some_and(|reject| is_same_file(reject, &form.file)) {
        return Err(refusal::reject_is_input().into());
    }
    let (source, bar) = open(&form.file, out)?;
    let mapping = form.mapping.as_deref().map(read_mapping).transpose()?;
    let running = Home::open(&global.home)?.run(out)?;
    let rows = rows(form, source, mapping.as_ref(), &running)?;
    let mut tally = Tally::new(form.reject.as_deref(), *out)?;
    if form.all_or_nothing {
        let done = whole(rows, &running, &mut tally);
        bar.finish_and_clear();
        done?;
        return tally.finish(form.reject.as_deref());
    }
    let done = in_batches(rows, form.batch as usize, &running, &mut tally);
    bar.finish_and_clear();
    // What was posted before a fault is posted: it is told before the fault is.
    let exit = tally.finish(form.reject.as_deref())?;
    done?;
    Ok(exit)
}

fn open(path: &Path, out: &Output) -> anyhow::Result<(Box<dyn Read + Send>, ProgressBar)> {
    let what = out.pick(&messages::posting()).to_owned();
    if path.as_os_str() == "-" {
        let bar = progress::bytes(out, &what, None);
        return Ok((Box::new(bar.wrap_read(std::io::stdin())), bar));
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let bar = progress::bytes(out, &what, file.metadata().ok().map(|data| data.len()));
    Ok((Box::new(bar.wrap_read(file)), bar))
}

/// Writing the refused lines must not empty the file they come from.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    real(one).is_some_and(|one| real(other) == Some(one))
}

fn read_mapping(path: &Path) -> anyhow::Result<Mapping> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    Ok(Mapping::parse(&name, &text)?)
}

fn rows(
    form: &Post,
    source: Box<dyn Read + Send>,
    mapping: Option<&Mapping>,
    running: &Running,
) -> anyhow::Result<Rows> {
    let extension = form.file.extension().map(|extension| extension.to_string_lossy());
    let by_name = match extension.as_deref() {
        Some("csv" | "tsv" | "txt") => PostFormat::Csv,
        Some("arrow" | "arrows" | "ipc" | "feather") => PostFormat::Arrow,
        _ => PostFormat::Ndjson,
    };
    Ok(match form.format.unwrap_or(by_name) {
        PostFormat::Ndjson => Box::new(Ndjson::new(source, form.encoding)),
        PostFormat::Csv => {
            let mapping = mapping.ok_or_else(refusal::mapping_missing)?;
            Box::new(Csv::new(source, form.encoding, mapping)?)
        }
        PostFormat::Arrow => {
            let units = running.engine.look(|state| {
                let chart = &state.book.chart;
                let digits = chart.units.iter().map(|unit| (unit.code.to_string(), unit.digits));
                let base = chart.unit(chart.base_unit).code.to_string();
                Units { base, digits: digits.collect() }
            })?;
            Box::new(Arrow::new(source, mapping, units)?)
        }
    })
}

/// The whole file as one command.
fn whole(rows: Rows, running: &Running, tally: &mut Tally) -> anyhow::Result<()> {
    let (mut handed, mut entries) = (Handed::default(), Vec::new());
    let mut lines = 0;
    for row in rows {
        if let Some(entry) = handed.take(row?) {
            lines += entry.lines.len();
            entries.push(entry);
        }
        if entries.len() > WHOLE_MAX || lines > WHOLE_LINES_MAX {
            return Err(refusal::whole_too_large(WHOLE_MAX, WHOLE_LINES_MAX).into());
        }
    }
    if let Some((at, refusal)) = handed.refused.first() {
        let first = RefusedAt { refusal: refusal.clone(), line: handed.lines[*at].0 };
        tally.reject_all(&handed)?;
        return Err(first.into());
    }
    match running.engine.call(Command::Post { entries, whole: true }) {
        Ok(Answer::Entries(receipts)) => tally.settle(&handed, &receipts),
        Ok(other) => Err(unexpected(&other)),
        Err(refusal) => match entry_of(&refusal.field) {
            Some((at, field)) if at < handed.lines.len() => {
                let line = handed.lines[at].0;
                Err(RefusedAt { refusal: refusal.at(field), line }.into())
            }
            _ => Err(refusal.into()),
        },
    }
}

fn unexpected(answer: &Answer) -> anyhow::Error {
    anyhow!("{} {answer:?}", messages::NO_RECEIPTS)
}

type Batch = (Handed, Vec<EntryForm>);

fn in_batches(rows: Rows, size: usize, running: &Running, tally: &mut Tally) -> anyhow::Result<()> {
    let (sender, batches) = bounded::<anyhow::Result<Batch>>(READ_AHEAD);
    let reader = thread::Builder::new().name("read".into()).spawn(move || {
        // Whoever receives has gone when the engine has stopped; there is nobody left to tell.
        let _ = read_batches(rows, size, &sender);
    })?;
    let done = Posting::new(&running.engine, tally).run(&batches);
    drop(batches);
    let read = reader.join();
    done?;
    read.map_err(|_| anyhow!(messages::READER_GONE))
}

fn read_batches(
    rows: Rows,
    size: usize,
    sender: &Sender<anyhow::Result<Batch>>,
) -> Result<(), crossbeam_channel::SendError<anyhow::Result<Batch>>> {
    let (mut batch, mut lines) = (Batch::default(), 0);
    for row in rows {
        let row: Row = match row {
            Ok(row) => row,
            Err(error) => {
                sender.send(Ok(batch))?;
                return sender.send(Err(error));
            }
        };
        let entry = batch.0.take(row);
        lines += entry.as_ref().map_or(0, |entry| entry.lines.len());
        batch.1.extend(entry);
        if batch.0.lines.len() == size || lines >= BATCH_LINES {
            sender.send(Ok(std::mem::take(&mut batch)))?;
            lines = 0;
        }
    }
    if batch.0.lines.is_empty() { Ok(()) } else { sender.send(Ok(batch)) }
}

/// Batches on their way through the engine, which answers them in the order of their handing in.
struct Posting<'a> {
    engine: &'a Engine,
    tally: &'a mut Tally,
    handed: VecDeque<(Handed, Receiver<Outcome>)>,
    failed: Option<anyhow::Error>,
}

impl<'a> Posting<'a> {
    fn new(engine: &'a Engine, tally: &'a mut Tally) -> Self {
        Self { engine, tally, handed: VecDeque::new(), failed: None }
    }

    fn run(mut self, batches: &Receiver<anyhow::Result<Batch>>) -> anyhow::Result<()> {
        let (no_batch, no_reply) = (never(), never());
        let mut over = false;
        while !(over && self.handed.is_empty()) {
            let full = over || self.handed.len() >= IN_FLIGHT;
            let source = if full { &no_batch } else { batches };
            let replies = self.handed.front().map_or(&no_reply, |(_, replies)| replies);
            select! {
                recv(source) -> batch => match batch {
                    Err(_) => over = true,
                    Ok(Ok(batch)) => self.submit(batch),
                    Ok(Err(error)) => {
                        self.failed = Some(error);
                        over = true;
                    }
                },
                recv(replies) -> reply => {
                    // An engine that died forgets whom it owes an answer.
                    let outcome = reply.unwrap_or_else(|_| Err(gone(self.engine)));
                    self.settle(outcome)?;
                    over |= self.failed.is_some();
                }
            }
        }
        self.failed.map_or(Ok(()), Err)
    }

    fn submit(&mut self, (handed, entries): Batch) {
        let (reply, replies) = bounded(1);
        self.handed.push_back((handed, replies));
        self.engine.submit(Command::Post { entries, whole: false }, move |outcome| {
            // The command may have ended already, for a fault of its own.
            let _ = reply.send(outcome);
        });
    }

    fn settle(&mut self, outcome: Outcome) -> anyhow::Result<()> {
        let Some((handed, _)) = self.handed.pop_front() else { return Ok(()) };
        match outcome {
            Ok(Answer::Entries(receipts)) => self.tally.settle(&handed, &receipts)?,
            Ok(other) => self.failed = Some(unexpected(&other)),
            Err(refusal) => self.failed = Some(refusal.into()),
        }
        Ok(())
    }
}

fn gone(engine: &Engine) -> Refusal {
    no::unavailable(&engine.down().unwrap_or_else(|| messages::ENGINE_GONE.to_owned()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser as _;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use store::memory::MemoryStore;

    #[test]
    fn an_engine_that_died_is_not_waited_for() {
        let dies = Arc::new(AtomicBool::new(false));
        let clock = {
            let dies = Arc::clone(&dies);
            move || if dies.load(Ordering::Relaxed) { panic!("the committer dies") } else { 0 }
        };
        let files = crate::rulebook::files(&crate::cli::RulebookSource::default()).unwrap();
        let (store, title) = (Box::new(MemoryStore::new()), messages::demo_bank());
        let engine = Engine::create(store, "demo", title.clone(), files, Arc::new(clock)).unwrap();
        dies.store(true, Ordering::Relaxed);
        let head = bank::form::InstitutionForm { code: "0000".into(), title, parent: None };
        engine.call(Command::AddInstitutions(vec![head])).unwrap_err();

        let global = Cli::try_parse_from(["piaohao", "--quiet", "schema"]).unwrap().global;
        let mut tally = Tally::new(None, Output::new(&global)).unwrap();
        let (sender, batches) = bounded(1);
        sender.send(Ok(Batch::default())).unwrap();
        // The file goes on; nobody answers what was handed in.
        let failed = Posting::new(&engine, &mut tally).run(&batches).unwrap_err();
        assert_eq!(failed.downcast::<Refusal>().unwrap().code, "Unavailable");
        drop(sender);
    }
}
