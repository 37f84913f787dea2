//! A pure crate depends on nothing that does IO, reads a clock or draws lots. What may be used is
//! listed, for a list of what may not is never complete. Tests may use more.

use super::Finding;
use crate::manifest::{Use, dependencies};
use crate::tree::Tree;

const ALLOWED: [(&str, &[&str]); 3] = [
    ("crates/ledger/Cargo.toml", &["jiff", "rust_decimal", "serde", "serde_json"]),
    ("crates/custody/Cargo.toml", &["ledger", "serde"]),
    (
        "crates/bank/Cargo.toml",
        &[
            "custody",
            "jiff",
            "ledger",
            "rust_decimal",
            "schemars",
            "serde",
            "serde_json",
            "sha2",
            "toml",
        ],
    ),
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, allowed) in ALLOWED {
        for (file, text) in tree.texts(move |file| file.path == path) {
            // A manifest that cannot be read is found by `arrows`.
            for used in dependencies(text).unwrap_or_default() {
                if used.used == Use::Product && !allowed.contains(&used.name.as_str()) {
                    let says = format!("`{}` is not on the list of a pure crate", used.name);
                    findings.push(Finding::new(&file.path, used.line, says));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::printed;

    #[test]
    fn what_is_listed_passes() {
        let manifest = "[dependencies]\nserde = \"1\"\n[dev-dependencies]\ninsta = \"1\"\n";
        assert!(printed(super::check, &[("crates/ledger/Cargo.toml", manifest)]).is_empty());
        let store = ("crates/store/Cargo.toml", "[dependencies]\ntokio = \"1\"\n");
        assert!(printed(super::check, &[store]).is_empty());
    }

    #[test]
    fn what_is_not_is_found() {
        let manifest = "[dependencies]\nserde = \"1\"\ntokio = \"1\"\n";
        let found = printed(super::check, &[("crates/bank/Cargo.toml", manifest)]);
        assert_eq!(found, ["crates/bank/Cargo.toml:3: `tokio` is not on the list of a pure crate"]);
    }
}
