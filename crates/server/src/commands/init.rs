//! `piaohao init`: founds a bank. The home's file is written last, so that an attempt that failed
//! half way is no home; the next attempt goes on with what the store has of the bank by then.

use crate::cli::{Global, Init};
use crate::commands::ask;
use crate::commands::institution::read_institutions;
use crate::fault::Exit;
use crate::home::{Config, Home};
use crate::messages;
use crate::output::Output;
use crate::rulebook;
use bank::Command;
use bank::form::InstitutionForm;
use engine::Engine;
use ledger::Refusal;
use ledger::chart::Title;
use serde_json::json;
use std::collections::BTreeSet;

pub fn run(global: &Global, form: &Init, out: &Output) -> anyhow::Result<Exit> {
    let files = rulebook::files(&form.source)?;
    let title = Title { zh: form.title.clone(), en: form.title_en.clone() };
    let institutions = institutions(form, &title)?;
    let config = Config {
        store: form.store.clone(),
        archive: form.archive.clone(),
        bank: form.bank.clone(),
        serve: None,
    };
    let home = Home::found(&global.home, config)?;
    let running = home.create(title, files, out)?;
    let engine = &running.engine;
    let count = institutions.len();
    let codes: Vec<String> = institutions.iter().map(|one| one.code.clone()).collect();
    let known = engine.look(|state| {
        state.book.institutions.iter().map(|one| one.code.clone()).collect::<BTreeSet<String>>()
    })?;
    let missing = institutions.into_iter().filter(|one| !known.contains(&one.code));
    let missing: Vec<InstitutionForm> = missing.collect();
    if !missing.is_empty() {
        ask(engine, Command::AddInstitutions(missing))?;
    }
    let mut opened = 0;
    for code in &codes {
        opened += open_internal(engine, &form.internal, code)?;
    }
    home.write()?;
    let value = json!({ "bank": form.bank, "institutions": count, "internal_accounts": opened });
    out.answer(&messages::founded(&form.bank, &form.title, count, opened), &value)?;
    Ok(Exit::OK)
}

fn institutions(form: &Init, title: &Title) -> anyhow::Result<Vec<InstitutionForm>> {
    if let Some(path) = &form.institutions {
        return read_institutions(path);
    }
    let [code, name] = form.head_office.as_slice() else {
        let code = messages::HEAD_OFFICE_CODE.to_owned();
        return Ok(vec![InstitutionForm { code, title: title.clone(), parent: None }]);
    };
    let title = Title { zh: name.clone(), en: title.en.clone() };
    Ok(vec![InstitutionForm { code: code.clone(), title, parent: None }])
}

/// Opens the bank's own accounts at an institution in the base currency; answers how many.
pub fn open_internal(
    engine: &Engine,
    kinds: &[String],
    institution: &str,
) -> Result<usize, Refusal> {
    let (known, unit) = engine.look(|state| {
        let chart = &state.book.chart;
        let internal = chart.kinds.iter().filter(|kind| kind.internal);
        let codes: Vec<String> = internal.map(|kind| kind.code.to_string()).collect();
        (codes, chart.unit(chart.base_unit).code.to_string())
    })?;
    let kinds = match kinds {
        [only] if only == "none" => return Ok(0),
        [only] if only == "all" => known,
        kinds => kinds.to_vec(),
    };
    let count = kinds.len();
    let institution = institution.to_owned();
    ask(engine, Command::OpenInternal { kinds, institution, unit })?;
    Ok(count)
}
