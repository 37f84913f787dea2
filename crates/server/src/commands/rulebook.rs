//! `piaohao rulebook`: checks a rulebook before it is put in force, puts it in force, tells what is
//! in it.

mod coverage;
mod show;
mod words;

use crate::cli::{Global, Rulebook as Form, RulebookSource};
use crate::commands::ask;
use crate::fault::Exit;
use crate::home::{self, Home};
use crate::messages;
use crate::output::Output;
use crate::refusal;
use crate::rulebook;
use bank::Command;
use bank::checker::{self, Finding, rights};
use bank::office::trail::{Kind, Note};
use bank::rulebook::{RuleError, Rulebook, schema};
use serde_json::{Value, json};
use std::path::PathBuf;

pub fn run(global: &Global, form: Form, out: &Output) -> anyhow::Result<Exit> {
    match form {
        Form::Check { dir, source, alone } => check(global, &at(dir, source), alone, out),
        Form::Activate { dir, source, reason } => {
            activate(global, rulebook::files(&at(dir, source))?, reason, out)
        }
        Form::Coverage { module, source } => {
            with(&source, out, |book| coverage::run(book, module.as_deref(), out))
        }
        Form::Schema { kind } => show_schema(kind.as_deref(), out),
        Form::Words => words::run(out),
        Form::Rights { source } => with(&source, out, |book| {
            let text = rights::text(book);
            if out.json {
                out.document(&json!({ "rights": text.lines().collect::<Vec<_>>() }))?;
            } else {
                out.put(&text)?;
            }
            Ok(Exit::OK)
        }),
        Form::Show { code, source } => with(&source, out, |book| show::run(book, &code, out)),
    }
}

/// Puts a rulebook in force without a matter: as a bank is set up, or for a new version of the
/// program, and then with a reason that the audit trail keeps.
fn activate(
    global: &Global,
    files: rulebook::Files,
    reason: Option<String>,
    out: &Output,
) -> anyhow::Result<Exit> {
    let running = Home::open(&global.home)?.run(out)?;
    let engine = &running.engine;
    let people = engine.look(|state| !state.office.people.operators.is_empty())?;
    if people {
        let note = Note {
            at: home::now(),
            operator: global.operator.clone(),
            kind: Kind::RulebookActivated,
            about: "rulebook activate".to_owned(),
            from: String::new(),
            note: reason.ok_or_else(refusal::activation_needs_reason)?,
        };
        ask(engine, Command::Note(vec![note]))?;
    }
    ask(engine, Command::ActivateRulebook { files })?;
    out.answer(&messages::rulebook_in_force(), &json!({ "activated": true }))?;
    Ok(Exit::OK)
}

/// The folder named by its place is the one named by its flag.
fn at(folder: Option<PathBuf>, source: RulebookSource) -> RulebookSource {
    RulebookSource { rulebook: folder.or(source.rulebook), overlay: source.overlay }
}

/// Does something with a rulebook, or tells the errors for which it cannot be read.
fn with(
    source: &RulebookSource,
    out: &Output,
    tell: impl FnOnce(&Rulebook) -> anyhow::Result<Exit>,
) -> anyhow::Result<Exit> {
    match Rulebook::parse(&rulebook::files(source)?) {
        Ok(parsed) => tell(&parsed),
        Err(errors) => wrong(&errors, &[], out),
    }
}

fn check(
    global: &Global,
    source: &RulebookSource,
    alone: bool,
    out: &Output,
) -> anyhow::Result<Exit> {
    let parsed = match Rulebook::parse(&rulebook::files(source)?) {
        Ok(parsed) => parsed,
        Err(errors) => return wrong(&errors, &[], out),
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
    let (errors, found) = (merged.err().unwrap_or_default(), checker::check(&parsed));
    if !errors.is_empty() || !found.is_empty() {
        return wrong(&errors, &found, out);
    }
    let chart = &parsed.chart;
    let value = json!({
        "errors": [], "findings": [], "files": parsed.files.len(),
        "subjects": chart.subjects.len(), "kinds": chart.kinds.len(),
        "numbers": parsed.numbers.len(), "matters": parsed.office.matters.len(),
        "hash": ledger::hex(&parsed.hash),
        "merged": home.is_some(),
    });
    out.answer(&messages::rulebook_sound(&parsed, home.is_some()), &value)?;
    Ok(Exit::OK)
}

fn wrong(errors: &[RuleError], found: &[Finding], out: &Output) -> anyhow::Result<Exit> {
    if out.json {
        let errors = errors.iter().map(|error| {
            json!({
                "code": error.code, "file": error.file, "line": error.line,
                "column": error.column, "zh": error.zh, "en": error.en,
                "allowed": error.allowed,
            })
        });
        let found = found.iter().map(|one| {
            json!({
                "code": one.code, "file": one.file, "matter": one.matter, "zh": one.zh,
                "en": one.en, "path": one.path,
            })
        });
        let (errors, found): (Vec<Value>, Vec<Value>) = (errors.collect(), found.collect());
        out.document(&json!({ "errors": errors, "findings": found }))?;
    } else {
        let lines = errors.iter().map(|error| format!("{error}\n"));
        let lines = lines.chain(found.iter().map(|one| format!("{one}\n")));
        out.put(&lines.collect::<String>())?;
    }
    Ok(Exit::REFUSED)
}

fn show_schema(kind: Option<&str>, out: &Output) -> anyhow::Result<Exit> {
    if let Some(kind) = kind.filter(|kind| schema::kinds().all(|known| known != *kind)) {
        return Err(ledger::refusal::unknown_code("kind", messages::KIND_OF_FILE, kind).into());
    }
    let schema = schema::schema(kind);
    if out.json {
        out.document(&schema)?;
    } else {
        out.put(&format!("{schema:#}\n"))?;
    }
    Ok(Exit::OK)
}
