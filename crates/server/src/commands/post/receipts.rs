//! What came of the entries of a file: receipts and refusals by line, and the sum of them.

use crate::fault::Exit;
use crate::input::Row;
use crate::messages;
use crate::output::{Output, refusal_json};
use anyhow::Context as _;
use bank::door::Receipts;
use bank::form::EntryForm;
use ledger::Refusal;
use serde_json::json;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

/// Refusals shown on the terminal when no file takes them.
const SHOWN: u64 = 20;

/// Rows that were handed in together, without the entries themselves.
#[derive(Debug, Default)]
pub struct Handed {
    /// Line, text and key of each row.
    pub lines: Vec<(u64, String, String)>,
    /// Rows refused before the bank saw them, by position.
    pub refused: Vec<(usize, Refusal)>,
}

impl Handed {
    /// Notes a row and answers its entry, if it has one.
    pub fn take(&mut self, row: Row) -> Option<EntryForm> {
        let Row { line, text, entry } = row;
        let at = self.lines.len();
        match entry {
            Ok(entry) => {
                self.lines.push((line, text, entry.key.clone()));
                Some(entry)
            }
            Err(refusal) => {
                self.lines.push((line, text, String::new()));
                self.refused.push((at, refusal));
                None
            }
        }
    }
}

/// How many, and where the refused ones go.
pub struct Tally {
    out: Output,
    reject: Option<BufWriter<File>>,
    posted: u64,
    again: u64,
    refused: u64,
}

impl Tally {
    pub fn new(reject: Option<&Path>, out: Output) -> anyhow::Result<Self> {
        let create = |path: &Path| {
            File::create(path).map(BufWriter::new).with_context(|| path.display().to_string())
        };
        let reject = reject.map(create).transpose()?;
        Ok(Self { out, reject, posted: 0, again: 0, refused: 0 })
    }

    /// Tells what came of rows, in the order of the file.
    pub fn settle(&mut self, handed: &Handed, receipts: &Receipts) -> anyhow::Result<()> {
        let mut before = handed.refused.iter().peekable();
        let mut by_bank = receipts.refused.iter().peekable();
        let mut again = receipts.again.iter().peekable();
        let (mut at_bank, mut answers) = (0_u32, String::new());
        for (at, (line, text, key)) in handed.lines.iter().enumerate() {
            if let Some((_, refusal)) = before.next_if(|(refused, _)| *refused == at) {
                self.refuse(*line, text, refusal, &mut answers)?;
                continue;
            }
            if let Some((_, refusal)) = by_bank.next_if(|(refused, _)| *refused == at_bank) {
                self.refuse(*line, text, refusal, &mut answers)?;
            } else {
                let known = again.next_if_eq(&&at_bank).is_some();
                self.posted += u64::from(!known);
                self.again += u64::from(known);
                if self.out.json {
                    let entry = receipts.numbers[at_bank as usize];
                    let value = json!({ "line": line, "key": key, "entry": entry, "again": known });
                    answers.push_str(&format!("{value}\n"));
                }
            }
            at_bank += 1;
        }
        if let Some(reject) = &mut self.reject {
            reject.flush()?;
        }
        // One write for a batch: what is seen of it is whole lines.
        if !answers.is_empty() {
            self.out.put(&answers)?;
        }
        Ok(())
    }

    /// Writes every refused row to the reject file; the caller tells the first.
    pub fn reject_all(&mut self, handed: &Handed) -> anyhow::Result<()> {
        let Some(reject) = &mut self.reject else { return Ok(()) };
        for (at, refusal) in &handed.refused {
            let (line, text, _) = &handed.lines[*at];
            write_reject(reject, *line, text, refusal)?;
        }
        reject.flush()?;
        Ok(())
    }

    /// Says how many, and answers how the command ended.
    pub fn finish(self, reject: Option<&Path>) -> anyhow::Result<Exit> {
        let Self { out, posted, again, refused, .. } = self;
        let value = json!({ "posted": posted, "again": again, "refused": refused });
        let file = reject.map(|path| path.display().to_string());
        if out.json {
            out.document(&json!({ "summary": value }))?;
        } else {
            if refused > SHOWN && reject.is_none() {
                out.aside(&messages::more_refused(refused - SHOWN));
            }
            out.say(&messages::posted(posted, again, refused, file.as_deref()))?;
        }
        Ok(match (refused, posted + again) {
            (0, _) => Exit::OK,
            (_, 0) => Exit::REFUSED,
            _ => Exit::PARTLY,
        })
    }

    fn refuse(
        &mut self,
        line: u64,
        text: &str,
        refusal: &Refusal,
        answers: &mut String,
    ) -> anyhow::Result<()> {
        self.refused += 1;
        if let Some(reject) = &mut self.reject {
            write_reject(reject, line, text, refusal)?;
        }
        if self.out.json {
            let value = json!({ "refused": refusal_json(refusal, Some(line)) });
            answers.push_str(&format!("{value}\n"));
        } else if self.reject.is_none() && self.refused <= SHOWN {
            self.out.refused(refusal, Some(line));
        }
        Ok(())
    }
}

fn write_reject(
    reject: &mut BufWriter<File>,
    line: u64,
    text: &str,
    refusal: &Refusal,
) -> anyhow::Result<()> {
    let value = json!({
        "line": line, "code": refusal.code, "zh": refusal.zh, "en": refusal.en,
        "field": refusal.field, "text": text,
    });
    writeln!(reject, "{value}")?;
    Ok(())
}
