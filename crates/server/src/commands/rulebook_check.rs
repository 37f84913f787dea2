//! `piaohao rulebook`: checks a rulebook before it is put in force, and puts it in force.

use crate::cli::{Global, Rulebook as Form};
use crate::commands::ask;
use crate::fault::Exit;
use crate::home::{self, Home};
use crate::messages;
use crate::output::Output;
use crate::rulebook;
use bank::Command;
use bank::rulebook::{RuleError, Rulebook};
use serde_json::{Value, json};
use std::path::Path;

pub fn run(global: &Global, form: Form, out: &Output) -> anyhow::Result<Exit> {
    match form {
        Form::Check { dir, alone } => check(global, dir.as_deref(), alone, out),
        Form::Activate { dir } => {
            let files = rulebook::files(Some(&dir))?;
            let running = Home::open(&global.home)?.run(out)?;
            ask(&running.engine, Command::ActivateRulebook { files })?;
            out.answer(&messages::rulebook_in_force(), &json!({ "activated": true }))?;
            Ok(Exit::OK)
        }
    }
}

fn check(
    global: &Global,
    folder: Option<&Path>,
    alone: bool,
    out: &Output,
) -> anyhow::Result<Exit> {
    let files = rulebook::files(folder)?;
    let parsed = match Rulebook::parse(&files) {
        Ok(parsed) => parsed,
        Err(errors) => return show(&errors, out),
    };
    // Books that exist must be able to go on under it; without books there is nothing to ask.
    let home = if alone { None } else { Home::open(&global.home).ok() };
    let merged = match &home {
        None => Ok(()),
        Some(home) => {
            let chart = home::look(home, |state| Ok(state.book.chart.clone()))?;
            parsed.merge_onto(&chart).map(drop)
        }
    };
    if let Err(errors) = merged {
        return show(&errors, out);
    }
    let chart = &parsed.chart;
    let value = json!({
        "errors": [], "files": parsed.files.len(), "subjects": chart.subjects.len(),
        "kinds": chart.kinds.len(), "numbers": parsed.numbers.len(),
        "hash": parsed.hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
        "merged": home.is_some(),
    });
    out.answer(&messages::rulebook_sound(&parsed, home.is_some()), &value)?;
    Ok(Exit::OK)
}

fn show(errors: &[RuleError], out: &Output) -> anyhow::Result<Exit> {
    if out.json {
        let errors: Vec<Value> = errors
            .iter()
            .map(|error| {
                json!({
                    "code": error.code, "file": error.file, "line": error.line,
                    "column": error.column, "zh": error.zh, "en": error.en,
                    "allowed": error.allowed,
                })
            })
            .collect();
        out.document(&json!({ "errors": errors }))?;
    } else {
        for error in errors {
            out.put(&format!("{error}\n"))?;
        }
    }
    Ok(Exit::REFUSED)
}
