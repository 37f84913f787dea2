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
use crate::input::{Row, Rows};
use crate::messages;
use crate::output::Output;
use crate::progress;
use crate::refusal;
use anyhow::{Context as _, anyhow};
use bank::form::EntryForm;
use bank::{Answer, Command};
use crossbeam_channel::{Receiver, Sender, bounded, never, select, unbounded};
use engine::Outcome;
use indicatif::ProgressBar;
use receipts::{Handed, Tally};
use std::collections::BTreeMap;
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
    let file = File::open(path).with_context(|| path.display().to_string())?;
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
    let text = fs::read_to_string(path).with_context(|| name.clone())?;
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
    for row in rows {
        if let Some(entry) = handed.take(row?) {
            entries.push(entry);
        }
        if entries.len() > WHOLE_MAX {
            return Err(refusal::whole_too_large(WHOLE_MAX).into());
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
    let done = Posting::new(running, tally).run(&batches);
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
    let mut batch = Batch::default();
    for row in rows {
        let row: Row = match row {
            Ok(row) => row,
            Err(error) => {
                sender.send(Ok(batch))?;
                return sender.send(Err(error));
            }
        };
        let entry = batch.0.take(row);
        batch.1.extend(entry);
        if batch.0.lines.len() == size {
            sender.send(Ok(std::mem::take(&mut batch)))?;
        }
    }
    if batch.0.lines.is_empty() { Ok(()) } else { sender.send(Ok(batch)) }
}

/// Batches on their way through the engine.
struct Posting<'a> {
    running: &'a Running,
    tally: &'a mut Tally,
    handed: BTreeMap<u64, Handed>,
    next: u64,
    reply: Sender<(u64, Outcome)>,
    replies: Receiver<(u64, Outcome)>,
    failed: Option<anyhow::Error>,
}

impl<'a> Posting<'a> {
    fn new(running: &'a Running, tally: &'a mut Tally) -> Self {
        let (reply, replies) = unbounded();
        Self { running, tally, handed: BTreeMap::new(), next: 0, reply, replies, failed: None }
    }

    fn run(mut self, batches: &Receiver<anyhow::Result<Batch>>) -> anyhow::Result<()> {
        let closed = never();
        let mut over = false;
        while !(over && self.handed.is_empty()) {
            let full = over || self.handed.len() >= IN_FLIGHT;
            let source = if full { &closed } else { batches };
            select! {
                recv(source) -> batch => match batch {
                    Err(_) => over = true,
                    Ok(Ok(batch)) => self.submit(batch),
                    Ok(Err(error)) => {
                        self.failed = Some(error);
                        over = true;
                    }
                },
                recv(self.replies) -> reply => {
                    let (at, outcome) = reply?;
                    self.settle(at, outcome)?;
                    over |= self.failed.is_some();
                }
            }
        }
        self.failed.map_or(Ok(()), Err)
    }

    fn submit(&mut self, (handed, entries): Batch) {
        let (at, reply) = (self.next, self.reply.clone());
        self.next += 1;
        self.handed.insert(at, handed);
        self.running.engine.submit(Command::Post { entries, whole: false }, move |outcome| {
            // The command may have ended already, for a fault of its own.
            let _ = reply.send((at, outcome));
        });
    }

    fn settle(&mut self, at: u64, outcome: Outcome) -> anyhow::Result<()> {
        let Some(handed) = self.handed.remove(&at) else { return Ok(()) };
        match outcome {
            Ok(Answer::Entries(receipts)) => self.tally.settle(&handed, &receipts)?,
            Ok(other) => self.failed = Some(unexpected(&other)),
            Err(refusal) => self.failed = Some(refusal.into()),
        }
        Ok(())
    }
}
