//! Arrows between crates go down only, so that `Cargo.toml` is the diagram of the architecture:
//!
//! ```text
//! ledger ◄ custody ◄ bank ◄ history, store ◄ engine ◄ server; search ◄ server  bench, xtask: apart
//! ```

use super::Finding;
use crate::manifest::{dependencies, folder};
use crate::tree::Tree;

/// The floors of the house: a crate may use those of lower floors, never its own.
const FLOORS: [&[&str]; 6] = [
    &["ledger", "search"],
    &["custody"],
    &["bank"],
    &["history", "store"],
    &["engine"],
    &["server"],
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let manifests = tree.texts(|file| folder(&file.path).is_some());
    let manifests: Vec<_> = manifests.collect();
    let members: Vec<&str> = manifests.iter().filter_map(|(file, _)| member(&file.path)).collect();
    for (file, text) in manifests {
        let Some(member) = member(&file.path) else { continue };
        if member != "xtask" && member != "bench" && floor(member).is_none() {
            let says = format!("`{member}` has no floor yet: give it one in xtask tidy/arrows.rs");
            findings.push(Finding::new(&file.path, 1, says));
        }
        match dependencies(text) {
            Err((line, says)) => findings.push(Finding::new(&file.path, line, says)),
            Ok(used) => {
                for used in used.iter().filter(|used| members.contains(&used.name.as_str())) {
                    if !may_use(member, &used.name) {
                        let says =
                            format!("`{member}` may not use `{}`: arrows go down", used.name);
                        findings.push(Finding::new(&file.path, used.line, says));
                    }
                }
            }
        }
    }
    findings
}

/// The member whose manifest this is; folder and crate have one name.
fn member(path: &str) -> Option<&str> {
    let folder = folder(path)?;
    let name = folder.strip_prefix("crates/").unwrap_or(folder);
    (!name.contains('/')).then_some(name)
}

fn floor(member: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&member))
}

fn may_use(member: &str, used: &str) -> bool {
    match (floor(member), floor(used)) {
        // A crate may turn on a feature of its own for its tests.
        _ if member == used => true,
        (Some(above), Some(below)) => below < above,
        // The benchmarks may measure anything; nothing may lean on them, or on the chores.
        (None, Some(_)) => member == "bench",
        (_, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::printed;

    const LEDGER: (&str, &str) = ("crates/ledger/Cargo.toml", "[dependencies]\nserde = \"1\"\n");
    const BANK: (&str, &str) =
        ("crates/bank/Cargo.toml", "[dependencies]\nledger = { workspace = true }\n");

    #[test]
    fn arrows_down_pass() {
        let own = "[dev-dependencies]\nstore = { path = \".\", features = [\"testing\"] }\n";
        let store = ("crates/store/Cargo.toml", own);
        let bench = ("bench/Cargo.toml", "[dependencies]\nbank = { path = \"../crates/bank\" }\n");
        assert!(printed(super::check, &[LEDGER, BANK, store, bench]).is_empty());
    }

    #[test]
    fn arrows_up_aside_and_from_tests_are_found() {
        let files = [
            ("crates/ledger/Cargo.toml", "[dev-dependencies]\nbank = { workspace = true }\n"),
            BANK,
            ("crates/store/Cargo.toml", "[dependencies]\nhistory = { workspace = true }\n"),
            ("crates/history/Cargo.toml", "[dependencies]\n"),
            ("crates/mint/Cargo.toml", "[dependencies]\n"),
        ];
        let found = printed(super::check, &files);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("crates/ledger/Cargo.toml:2: `ledger` may not use `bank`"));
    }
}
