//! The workspace's own chores, in Rust so that they run wherever the code builds:
//! `cargo xtask tidy` reads the tree and says what breaks the rules of STYLE.md, and
//! `cargo xtask refusals` writes the page of all refusals.

mod manifest;
mod markdown;
mod places;
mod refusals;
mod rust;
mod tidy;
mod tree;

use std::path::PathBuf;
use std::process::ExitCode;
use tree::Tree;

const USAGE: &str = "\
usage: cargo xtask <command>

  tidy       check the tree against STYLE.md; exit code 1 when anything is found
  refusals   write docs/refusals.md from the constructors of the refusals";

fn main() -> ExitCode {
    let root = root();
    let done = match std::env::args().nth(1).as_deref() {
        Some("tidy") => Tree::read(&root).map(|tree| report(&tree)),
        Some("refusals") => write_refusals(&root),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    done.unwrap_or_else(|error| {
        eprintln!("{}: {error}", root.display());
        ExitCode::from(2)
    })
}

/// Cargo says where the manifest is when it runs us; the place we were built from is the
/// fallback for a binary started by hand.
fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map(PathBuf::from).unwrap_or(manifest)
}

fn report(tree: &Tree) -> ExitCode {
    let findings = tidy::check(tree);
    for finding in &findings {
        println!("{finding}");
    }
    let files = tree.files.len();
    if findings.is_empty() {
        println!("tidy: {files} files, nothing found");
        return ExitCode::SUCCESS;
    }
    println!("tidy: {files} files, {} findings", findings.len());
    ExitCode::FAILURE
}

fn write_refusals(root: &std::path::Path) -> std::io::Result<ExitCode> {
    let tree = Tree::read(root)?;
    let page = root.join(refusals::PAGE);
    if let Some(folder) = page.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(page, refusals::render(&refusals::all(&tree)))?;
    Ok(ExitCode::SUCCESS)
}
