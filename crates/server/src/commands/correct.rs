//! `piaohao correct`: undoes a wrong entry and, if asked to, books it right.

use crate::cli::{Correct, Global};
use crate::commands::ask;
use crate::fault::{Exit, RefusedAt};
use crate::home::Home;
use crate::input::{malformed_json, unreadable};
use crate::messages;
use crate::output::Output;
use bank::form::{CorrectForm, EntryForm};
use bank::{Answer, Command};
use serde_json::json;
use std::fs;
use std::path::Path;

pub fn run(global: &Global, form: Correct, out: &Output) -> anyhow::Result<Exit> {
    let rebook = form.rebook.as_deref().map(read_entry).transpose()?;
    let key = form.key.unwrap_or_else(|| format!("correct-{}", form.entry));
    let form = CorrectForm {
        key,
        entry: form.entry,
        class: form.class,
        cause: form.cause,
        evidence: form.evidence,
        applicant: form.applicant,
        verifier: form.verifier,
        approver: form.approver,
        poster: form.poster,
        notice: form.notice,
        rebook,
    };
    let running = Home::open(&global.home)?.run(out)?;
    match ask(&running.engine, Command::Correct(form))? {
        Answer::Correction(done) => {
            out.answer(&messages::corrected(&done), &json!(done))?;
            Ok(Exit::OK)
        }
        other => unreachable!("correcting answers a correction, not {other:?}"),
    }
}

/// An entry from a JSON file of its own.
pub fn read_entry(path: &Path) -> anyhow::Result<EntryForm> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    let entry = serde_json::from_str(&text).map_err(|error| RefusedAt {
        refusal: malformed_json(&text, &error),
        line: error.line() as u64,
    });
    Ok(entry?)
}
