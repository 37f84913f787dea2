//! A stream of entries: read as it comes, handed in by batches, answered as it is durable. Nothing
//! is held whole, so a stream may be as long as it likes.

use super::sign;
use crate::cli::Charset;
use crate::commands::of_one;
use crate::input::arrow::{Arrow, Units};
use crate::input::ndjson::Ndjson;
use crate::input::{Row, Rows};
use crate::serve::app::{App, scope};
use crate::serve::problem::Problem;
use crate::serve::routes::Problems;
use crate::serve::sign_in::Caller;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bank::form::EntryForm;
use bank::office::access::Function;
use bank::{Answer, Command};
use futures_util::StreamExt as _;
use ledger::{Refusal, refusal as no};
use serde::Serialize;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::mpsc as wait;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::ToSchema;

/// Entries in one command.
const BATCH: usize = 4_000;
/// Batches on their way at once.
const IN_FLIGHT: usize = 4;
/// Pieces of the body, and lines of the answer, that wait for who reads them.
const PIECES: usize = 16;

/// A line of the answer: an entry that was refused.
#[derive(Serialize, ToSchema)]
pub struct Refused {
    /// Line of the stream, from 1
    pub line: u64,
    pub code: &'static str,
    pub zh: String,
    pub en: String,
    pub field: String,
}

/// The last line of the answer.
#[derive(Default, Serialize, ToSchema)]
pub struct Summary {
    pub posted: u64,
    /// Known under their keys already
    pub again: u64,
    pub refused: u64,
    /// Lowest and highest number that was given
    pub first: Option<u64>,
    pub last: Option<u64>,
    /// Why the stream was not read to its end
    pub stopped: Option<String>,
}

/// 批量记账 / Post a stream of entries, NDJSON or Arrow IPC; each stands or falls by itself
///
/// The answer is NDJSON: a line for each entry that was refused, and a summary at last.
#[utoipa::path(
    post, path = "/entries/bulk", tag = "entries",
    request_body(
        content(
            (String = "application/x-ndjson"),
            (Vec<u8> = "application/vnd.apache.arrow.stream")
        )
    ),
    responses(
        (status = 200, body = Summary, content_type = "application/x-ndjson"),
        Problems
    ),
    extensions(("x-function" = json!("entries.post")))
)]
pub async fn post_all(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    app.node.writer()?;
    let units = app.look_as(&caller, Function::EntriesPost, |state, _| {
        let chart = &state.book.chart;
        let digits = chart.units.iter().map(|unit| (unit.code.to_string(), unit.digits));
        let base = chart.unit(chart.base_unit).code.to_string();
        Ok(Units { base, digits: digits.collect() })
    });
    let units = units.await?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let arrow = kind.is_some_and(|kind| kind.starts_with("application/vnd.apache.arrow"));
    let (pieces, source) = wait::sync_channel::<io::Result<Bytes>>(PIECES);
    let (told, answers) = mpsc::channel::<Result<Bytes, io::Error>>(PIECES);
    let limit = app.limits.stream;
    let patience = Duration::from_secs(app.limits.header_seconds);
    tokio::spawn(feed(body, pieces, limit, patience));
    tokio::task::spawn_blocking(move || {
        let source = Box::new(Pieces { source, rest: Bytes::new() });
        let rows: Rows = if arrow {
            match Arrow::new(source, None, units) {
                Ok(rows) => Box::new(rows),
                Err(error) => {
                    let mut posting = Posting::new(app, caller, told);
                    posting.summary.stopped = Some(format!("{error:#}"));
                    return posting.finish();
                }
            }
        } else {
            Box::new(Ndjson::new(source, Charset::Utf8))
        };
        Posting::new(app, caller, told).run(rows);
    });
    let body = Body::from_stream(ReceiverStream::new(answers));
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

/// Hands the body's pieces to the thread that reads them, as fast as it takes them. Who keeps
/// silent for too long is done.
async fn feed(
    body: Body,
    pieces: wait::SyncSender<io::Result<Bytes>>,
    limit: usize,
    patience: Duration,
) {
    let mut stream = body.into_data_stream();
    let mut bytes = 0;
    loop {
        let piece = match tokio::time::timeout(patience, stream.next()).await {
            Ok(Some(piece)) => piece.map_err(io::Error::other),
            Ok(None) => return,
            Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut)),
        };
        bytes += piece.as_ref().map_or(0, Bytes::len);
        let over = bytes > limit;
        let piece = if over { Err(io::Error::other("too long")) } else { piece };
        let ends = piece.is_err();
        let pieces = pieces.clone();
        // Waiting for room must not hold up other connections.
        let sent = tokio::task::spawn_blocking(move || pieces.send(piece)).await;
        if ends || !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}

struct Pieces {
    source: wait::Receiver<io::Result<Bytes>>,
    rest: Bytes,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.source.recv() {
                Ok(piece) => self.rest = piece?,
                Err(_) => return Ok(0),
            }
        }
        let count = buffer.len().min(self.rest.len());
        buffer[..count].copy_from_slice(&self.rest.split_to(count));
        Ok(count)
    }
}

/// Batches on their way.
struct Posting {
    app: App,
    caller: Caller,
    told: mpsc::Sender<Result<Bytes, io::Error>>,
    summary: Summary,
    /// Lines of the entries of each batch, and where its outcome comes.
    handed: VecDeque<(Vec<u64>, wait::Receiver<engine::Outcome>)>,
    text: Vec<u8>,
}

impl Posting {
    fn new(app: App, caller: Caller, told: mpsc::Sender<Result<Bytes, io::Error>>) -> Self {
        let (summary, handed, text) = (Summary::default(), VecDeque::new(), Vec::new());
        Self { app, caller, told, summary, handed, text }
    }

    fn run(mut self, rows: Rows) {
        let (mut lines, mut entries) = (Vec::new(), Vec::new());
        for row in rows {
            match row {
                Ok(Row { line, entry, .. }) => {
                    let signed = entry.and_then(|mut form: EntryForm| {
                        sign(&self.caller, &mut form)?;
                        Ok(form)
                    });
                    match signed {
                        Ok(form) => {
                            lines.push(line);
                            entries.push(form);
                        }
                        Err(refusal) => self.refused(line, refusal),
                    }
                }
                Err(error) => self.summary.stopped = Some(format!("{error:#}")),
            }
            let full = entries.len() >= BATCH;
            if full && !self.submit(std::mem::take(&mut lines), std::mem::take(&mut entries)) {
                return self.finish();
            }
            if !self.tell() {
                break;
            }
        }
        if !entries.is_empty() {
            self.submit(lines, entries);
        }
        while let Some((lines, outcome)) = self.handed.pop_front() {
            self.settle(&lines, outcome.recv());
        }
        self.finish();
    }

    /// Hands a batch in; answers whether the next may come.
    fn submit(&mut self, lines: Vec<u64>, entries: Vec<EntryForm>) -> bool {
        while self.handed.len() >= IN_FLIGHT {
            if let Some((lines, outcome)) = self.handed.pop_front()
                && !self.settle(&lines, outcome.recv())
            {
                return false;
            }
        }
        let Ok(running) = self.app.node.writer() else {
            self.summary.stopped = Some("NotTheWriter".to_owned());
            return false;
        };
        let (answer, outcome) = wait::sync_channel(1);
        let caller = self.caller.clone();
        let institutions: std::collections::BTreeSet<String> =
            entries.iter().map(|entry| entry.institution.clone()).collect();
        // A batch stands where its entries stand; one of a strange institution stops the stream.
        let guard = move |state: &bank::State| {
            let scope = scope(state, &caller, Function::EntriesPost)?;
            for code in &institutions {
                let at = state.book.institution_by_code(code);
                if at.is_some_and(|at| !scope.covers(&state.book, at)) {
                    return Err(no::unknown_institution(code));
                }
            }
            Ok(())
        };
        let command = Command::Post { entries, whole: false };
        running.engine.submit_if(guard, command, move |outcome| drop(answer.send(outcome)));
        self.handed.push_back((lines, outcome));
        true
    }

    fn settle(&mut self, lines: &[u64], outcome: Result<engine::Outcome, wait::RecvError>) -> bool {
        let outcome = outcome.unwrap_or_else(|_| Err(no::unavailable("the engine has stopped")));
        match outcome {
            Ok(Answer::Entries(receipts)) => {
                let given = receipts.numbers.iter().map(|no| no.0).filter(|no| *no > 0);
                let (low, high) = (given.clone().min(), given.max());
                self.summary.first = self.summary.first.into_iter().chain(low).min();
                self.summary.last = self.summary.last.max(high);
                self.summary.posted += receipts.posted() as u64;
                self.summary.again += receipts.again.len() as u64;
                for (at, refusal) in receipts.refused {
                    let line = lines.get(at as usize).copied().unwrap_or_default();
                    self.refused(line, refusal);
                }
                true
            }
            Ok(other) => unreachable!("posting answers receipts, not {other:?}"),
            Err(refusal) => {
                self.summary.stopped.get_or_insert_with(|| refusal.code.to_owned());
                if let Some(line) = lines.first() {
                    self.refused(*line, refusal);
                }
                false
            }
        }
    }

    fn refused(&mut self, line: u64, refusal: Refusal) {
        self.summary.refused += 1;
        let Refusal { code, zh, en, field, .. } = of_one(refusal);
        self.write(&Refused { line, code, zh, en, field });
    }

    fn write(&mut self, line: &impl Serialize) {
        serde_json::to_writer(&mut self.text, line).expect("plain data serialises");
        self.text.push(b'\n');
    }

    /// Sends what is to be told; answers whether anybody still listens.
    fn tell(&mut self) -> bool {
        if self.text.is_empty() {
            return !self.told.is_closed();
        }
        self.told.blocking_send(Ok(Bytes::from(std::mem::take(&mut self.text)))).is_ok()
    }

    fn finish(mut self) {
        let summary = std::mem::take(&mut self.summary);
        self.write(&summary);
        self.tell();
        self.app.changed.send_modify(|count| *count = count.wrapping_add(1));
    }
}
