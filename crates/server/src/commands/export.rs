//! `piaohao export`: the whole history as plain files that any tool reads: the lines of each
//! sealed day, the ledger of each, and the lists that their codes refer to. What belongs to the
//! open day comes out under its own date.

mod tables;

use crate::cli::{Export, ExportFormat, Global};
use crate::fault::Exit;
use crate::messages;
use crate::output::Output;
use crate::progress;
use crate::reports::Source;
use anyhow::Context as _;
use arrow_array::RecordBatch;
use history::lines::Columns;
use history::report::Period;
use history::scan::Filter;
use history::window::{Joined, join};
use ledger::Day;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde_json::json;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// What a line is exported with besides its own columns, so that it can be read by itself.
const NAMED: [Joined; 2] = [Joined::AccountName, Joined::Kind];

pub fn run(global: &Global, form: &Export, out: &Output) -> anyhow::Result<Exit> {
    let source = Source::open(global)?;
    let writer = Writer { folder: form.to.clone(), format: form.format };
    fs::create_dir_all(&form.to).with_context(|| form.to.display().to_string())?;
    let book = source.book();
    writer.write("accounts", &[tables::accounts(book)?])?;
    writer.write("institutions", &[tables::institutions(book)?])?;
    writer.write("subjects", &[tables::subjects(book)?])?;
    let mut files = 3;
    let days = days(&source)?;
    let bar = progress::steps(out, "", days.len() as u64);
    for day in &days {
        let lines = source.lines(&Filter::days(*day..=*day), Columns::ALL)?;
        let named = lines.iter().map(|lines| join(lines, source.names(), &NAMED));
        let lines = named.collect::<Result<Vec<_>, _>>()?;
        // A day without lines has no file of them.
        files += 1 + usize::from(!lines.is_empty());
        writer.write(&format!("lines/{day}"), &lines)?;
        let rows = source.gl(Period::day(*day), None)?;
        writer.write(&format!("gl/{day}"), &[tables::ledger(book, &rows)?])?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let folder = form.to.display().to_string();
    let value = json!({ "files": files, "days": days, "to": folder });
    out.answer(&messages::exported(files, &folder), &value)?;
    Ok(Exit::OK)
}

/// Every day that has books: sealed, and the open one.
fn days(source: &Source) -> anyhow::Result<Vec<Day>> {
    let today = source.book().today;
    let sealed = source.sealed(Day(i32::MIN), today)?;
    let mut days: Vec<Day> = sealed.into_iter().map(|(day, _)| day).collect();
    if source.is_open() {
        days.push(today);
    }
    Ok(days)
}

struct Writer {
    folder: PathBuf,
    format: ExportFormat,
}

impl Writer {
    /// Writes batches of one schema as one file; none at all is no file.
    fn write(&self, name: &str, batches: &[RecordBatch]) -> anyhow::Result<()> {
        let Some(first) = batches.first() else { return Ok(()) };
        let extension = match self.format {
            ExportFormat::Parquet => "parquet",
            ExportFormat::Csv => "csv",
        };
        let path = self.folder.join(format!("{name}.{extension}"));
        let shown = || path.display().to_string();
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).with_context(shown)?;
        let file = File::create(&path).with_context(shown)?;
        match self.format {
            ExportFormat::Parquet => {
                let zstd = Compression::ZSTD(ZstdLevel::default());
                let properties = WriterProperties::builder().set_compression(zstd).build();
                let mut writer = ArrowWriter::try_new(file, first.schema(), Some(properties))?;
                for batch in batches {
                    writer.write(batch)?;
                }
                writer.close()?;
            }
            ExportFormat::Csv => tables::write_csv(file, batches).with_context(shown)?,
        }
        Ok(())
    }
}
