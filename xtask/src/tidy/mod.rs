//! What breaks the rules of STYLE.md and can be seen without compiling. One file, one check: a
//! function from the tree to its findings, and its examples.
//!
//! What the compiler and clippy already refuse (unsafe code, long functions, clocks in pure
//! crates) is not repeated here, but for words that must not reach a commit even in code that is
//! not built.

mod arrows;
mod folders;
mod headers;
mod headings;
mod ignored;
mod licences;
mod lines;
mod links;
mod machine_paths;
mod macros;
mod notes;
mod pure;
mod refusals;
mod registries;
mod rulebook;
mod sizes;
mod sleeps;

use crate::tree::Tree;
use std::fmt;

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub says: String,
}

impl Finding {
    fn new(path: &str, line: usize, says: impl Into<String>) -> Finding {
        Finding { path: path.to_owned(), line, says: says.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.says)
    }
}

const CHECKS: [fn(&Tree) -> Vec<Finding>; 17] = [
    arrows::check,
    folders::check,
    headers::check,
    headings::check,
    ignored::check,
    licences::check,
    lines::check,
    links::check,
    machine_paths::check,
    macros::check,
    notes::check,
    pure::check,
    refusals::check,
    registries::check,
    rulebook::check,
    sizes::check,
    sleeps::check,
];

/// All findings, by file and line.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<_> = CHECKS.iter().flat_map(|check| check(tree)).collect();
    findings.sort();
    findings
}

/// The findings of a check on a few files, as they would be printed.
#[cfg(test)]
fn printed(check: fn(&Tree) -> Vec<Finding>, files: &[(&str, &str)]) -> Vec<String> {
    check(&Tree::of(files)).iter().map(Finding::to_string).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tree_is_tidy() {
        let tree = crate::tree::Tree::read(&crate::root()).unwrap();
        let findings: Vec<_> = super::check(&tree).iter().map(ToString::to_string).collect();
        assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
    }
}
