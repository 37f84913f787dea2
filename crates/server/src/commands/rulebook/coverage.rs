//! `piaohao rulebook coverage`: how much of the mission the rulebook serves.

use crate::fault::Exit;
use crate::messages;
use crate::output::Output;
use bank::coverage::{Row, Served, counts, modules, rows};
use bank::rulebook::Rulebook;
use serde_json::{Value, json};

pub fn run(rulebook: &Rulebook, module: Option<&str>, out: &Output) -> anyhow::Result<Exit> {
    let rows = rows(rulebook, &rulebook.files);
    let Some(module) = module else { return all(&rows, out) };
    if !modules(&rows).contains(&module) {
        let what = messages::MODULE_OF_MISSION;
        return Err(ledger::refusal::unknown_code("--module", what, module).into());
    }
    let own: Vec<&Row> =
        rows.iter().filter(|row| row.duty.modules.iter().any(|one| one == module)).collect();
    if out.json {
        return listed(&own, out);
    }
    let cells = own.iter().map(|row| {
        let files = row.files.iter().map(|file| match file.page() {
            Some(page) if page != file.path.replace(".toml", ".md") => {
                format!("{} ({page})", file.path)
            }
            Some(_) => format!("{} ✔", file.path),
            None => file.path.clone(),
        });
        let title = match out.lang() {
            crate::cli::Lang::Zh => &row.duty.title.zh,
            crate::cli::Lang::En => &row.duty.title.en,
        };
        let standing = out.label(messages::coverage(row.standing())).to_owned();
        vec![row.code(), title.clone(), standing, files.collect::<Vec<_>>().join(" ")]
    });
    out.table(&messages::COVERAGE_COLUMNS, &cells.collect::<Vec<_>>())?;
    Ok(Exit::OK)
}

fn all(rows: &[Row], out: &Output) -> anyhow::Result<Exit> {
    if out.json {
        return listed(&rows.iter().collect::<Vec<_>>(), out);
    }
    let line = |name: &str, counts: [usize; 3]| {
        let mut cells = vec![name.to_owned()];
        cells.extend(counts.map(|count| count.to_string()));
        cells
    };
    let of = |module: &str| {
        let module = module.to_owned();
        rows.iter().filter(move |row| row.duty.modules.contains(&module))
    };
    let mut cells: Vec<Vec<String>> =
        modules(rows).into_iter().map(|module| line(module, counts(of(module)))).collect();
    cells.push(line(out.label(messages::ALL), counts(rows.iter())));
    out.table(&messages::MODULE_COLUMNS, &cells)?;
    Ok(Exit::OK)
}

fn listed(rows: &[&Row], out: &Output) -> anyhow::Result<Exit> {
    let file = |file: &Served| json!({ "path": file.path, "pages": file.pages });
    let rows = rows.iter().map(|row| {
        json!({
            "row": row.code(), "reference": row.duty.reference,
            "zh": row.duty.title.zh, "en": row.duty.title.en, "modules": row.duty.modules,
            "tier": row.duty.tier, "needs": row.duty.needs,
            "standing": messages::coverage(row.standing()).1,
            "files": row.files.iter().map(file).collect::<Vec<Value>>(),
        })
    });
    out.document(&json!(rows.collect::<Vec<Value>>()))?;
    Ok(Exit::OK)
}
