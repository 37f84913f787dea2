//! The rulebook files: those built into the program or those of a folder, with the bank's own laid
//! over them.

use crate::cli::RulebookSource;
use anyhow::Context as _;
use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// The rulebook that ships with the program.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rulebook.rs"));

/// Path and text of each file.
pub type Files = Vec<(String, String)>;

/// The files that a command is about.
pub fn files(source: &RulebookSource) -> anyhow::Result<Files> {
    let files = match &source.rulebook {
        Some(folder) => read(folder)?,
        None => {
            let own = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
            BUILT_IN.iter().map(own).collect()
        }
    };
    let Some(overlay) = &source.overlay else { return Ok(files) };
    let mut files: BTreeMap<String, String> = files.into_iter().collect();
    files.extend(read(overlay)?);
    Ok(files.into_iter().collect())
}

fn read(folder: &Path) -> anyhow::Result<Files> {
    let mut files = Vec::new();
    walk(folder, "", &mut files).with_context(|| folder.display().to_string())?;
    files.sort();
    Ok(files)
}

fn walk(folder: &Path, prefix: &str, files: &mut Files) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // What begins with a dot belongs to an editor or to version control.
        if name.starts_with('.') {
            continue;
        }
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &path, files)?;
        } else {
            files.push((path, fs::read_to_string(entry.path())?));
        }
    }
    Ok(())
}
