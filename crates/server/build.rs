//! Puts the rulebook that ships with the program into it, so that one binary can found a bank.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = Path::new(&variable("CARGO_MANIFEST_DIR")).join("../../rulebook");
    println!("cargo:rerun-if-changed={}", root.display());
    // The pages are embedded by a derive, which sees the files that are there, not those that come.
    println!("cargo:rerun-if-changed=../../ui/dist");
    let mut files = Vec::new();
    walk(&root, &mut files)?;
    files.sort();
    let mut source = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&root).expect("it lies in the folder").to_string_lossy();
        let name = name.replace('\\', "/");
        let path = fs::canonicalize(file)?;
        writeln!(source, "    ({name:?}, include_str!({path:?})),").expect("memory takes it");
    }
    source.push_str("]\n");
    fs::write(Path::new(&variable("OUT_DIR")).join("rulebook.rs"), source)
}

fn variable(name: &str) -> String {
    env::var(name).expect("cargo sets it")
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), files)?;
        } else if !hidden {
            files.push(entry.path());
        }
    }
    Ok(())
}
