//! `piaohao institution`: adds and lists institutions.

use crate::cli::{Global, Institution};
use crate::commands::ask;
use crate::commands::init::open_internal;
use crate::fault::Exit;
use crate::home::{self, Home};
use crate::input::table::read_table;
use crate::messages;
use crate::output::Output;
use bank::Command;
use bank::form::InstitutionForm;
use ledger::chart::Title;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;

pub fn run(global: &Global, form: Institution, out: &Output) -> anyhow::Result<Exit> {
    match form {
        Institution::List => list(global, out),
        Institution::Add { code, title, title_en, parent, file, internal } => {
            let forms = match file {
                Some(file) => read_institutions(&file)?,
                None => vec![InstitutionForm {
                    code: code.unwrap_or_default(),
                    title: Title { zh: title.unwrap_or_default(), en: title_en },
                    parent,
                }],
            };
            add(global, forms, &internal, out)
        }
    }
}

fn add(
    global: &Global,
    mut forms: Vec<InstitutionForm>,
    internal: &[String],
    out: &Output,
) -> anyhow::Result<Exit> {
    let running = Home::open(&global.home)?.run(out)?;
    let engine = &running.engine;
    let head = engine.look(|state| state.book.institutions.first().map(|one| one.code.clone()))?;
    for form in &mut forms {
        form.parent = form.parent.take().or_else(|| head.clone());
    }
    let codes: Vec<String> = forms.iter().map(|form| form.code.clone()).collect();
    ask(engine, Command::AddInstitutions(forms))?;
    for code in &codes {
        open_internal(engine, internal, code)?;
    }
    out.answer(&messages::institutions_added(codes.len()), &json!({ "added": codes }))?;
    Ok(Exit::OK)
}

fn list(global: &Global, out: &Output) -> anyhow::Result<Exit> {
    let home = Home::open(&global.home)?;
    let institutions = home::look(&home, |state| Ok(state.book.institutions.clone()))?;
    let parent = |one: &ledger::book::Institution| {
        one.parent.map(|parent| institutions[parent.index()].code.clone())
    };
    if out.json {
        let rows: Vec<Value> = institutions
            .iter()
            .map(|one| {
                json!({
                    "code": one.code, "title": one.title, "parent": parent(one),
                    "closed": one.closed,
                })
            })
            .collect();
        out.document(&json!(rows))?;
        return Ok(Exit::OK);
    }
    let closed = |one: &ledger::book::Institution| one.closed.map(|day| day.to_string());
    let rows: Vec<Vec<String>> = institutions
        .iter()
        .map(|one| {
            vec![
                one.code.clone(),
                one.title.zh.clone(),
                one.title.en.clone(),
                parent(one).unwrap_or_default(),
                closed(one).unwrap_or_default(),
            ]
        })
        .collect();
    out.table(&messages::INSTITUTION_COLUMNS, &rows)?;
    Ok(Exit::OK)
}

/// A row of the file of institutions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: String,
    zh: String,
    #[serde(default)]
    en: String,
    #[serde(default)]
    parent: Option<String>,
}

pub fn read_institutions(path: &Path) -> anyhow::Result<Vec<InstitutionForm>> {
    let rows: Vec<Row> = read_table(path)?;
    let form = |row: Row| InstitutionForm {
        code: row.code,
        title: Title { zh: row.zh, en: row.en },
        parent: row.parent.filter(|parent| !parent.is_empty()),
    };
    Ok(rows.into_iter().map(form).collect())
}
