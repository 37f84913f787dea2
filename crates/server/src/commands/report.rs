//! `piaohao report`: fills a report and shows it or writes it to a file.

use crate::cli::{Global, Lang, Report as Form, ReportFormat, Shape};
use crate::fault::Exit;
use crate::home::Home;
use crate::messages;
use crate::output::Output;
use crate::paper::Press;
use crate::refusal;
use crate::reports::{Report, Source, table};
use anyhow::Context as _;
use history::render::Format;
use history::table::{Lang as Tongue, Table};
use serde_json::{Value, json};
use std::fs;
use std::io::IsTerminal as _;

/// The name that lists the others.
const LIST: [&str; 2] = ["list", "一览"];

pub fn run(global: &Global, form: &Form, out: &Output) -> anyhow::Result<Exit> {
    if LIST.contains(&form.name.as_str()) {
        return list(out);
    }
    let report = Report::by_name(&form.name)?;
    let mut source = Source::open(global)?;
    let table = table(&mut source, report, &form.scope)?;
    show(&table, &form.shape, source.home(), out)?;
    Ok(Exit::OK)
}

/// Shows a table as asked, on the terminal or in a file.
pub fn show(table: &Table, shape: &Shape, home: &Home, out: &Output) -> anyhow::Result<()> {
    let format = match shape.format {
        Some(ReportFormat::Text) => Format::Text,
        Some(ReportFormat::Csv) => Format::Csv,
        Some(ReportFormat::Json) => Format::Json,
        Some(ReportFormat::Xlsx) => Format::Xlsx,
        Some(ReportFormat::Pdf) => Format::Pdf,
        None if out.json => Format::Json,
        None => Format::Text,
    };
    let lang = match out.lang() {
        Lang::Zh => Tongue::Zh,
        Lang::En => Tongue::En,
    };
    // When and by whom stands among the captions.
    let bytes = Press::of(home).file(table, format, lang, "")?;
    match &shape.output {
        Some(path) => {
            fs::write(path, &bytes).with_context(|| path.display().to_string())?;
            let name = path.display().to_string();
            let value = json!({ "written": name, "bytes": bytes.len() });
            out.answer(&messages::written(&name), &value)?;
        }
        None if matches!(format, Format::Xlsx | Format::Pdf) && std::io::stdout().is_terminal() => {
            return Err(refusal::output_needed().into());
        }
        None => out.put_bytes(&bytes)?,
    }
    Ok(())
}

fn list(out: &Output) -> anyhow::Result<Exit> {
    let names = Report::ALL.map(Report::names);
    if out.json {
        let reports: Vec<Value> = names
            .iter()
            .map(|(en, zh, others)| json!({ "name": en, "zh": zh, "aliases": others }))
            .collect();
        out.document(&json!(reports))?;
    } else {
        let row = |(en, zh, others): &(&str, &str, &[&str])| {
            vec![(*en).to_owned(), (*zh).to_owned(), others.join("、")]
        };
        let rows: Vec<Vec<String>> = names.iter().map(row).collect();
        out.table(&messages::REPORT_COLUMNS, &rows)?;
    }
    Ok(Exit::OK)
}
