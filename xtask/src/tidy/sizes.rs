//! No large files: every clone carries them for ever.

use super::Finding;
use crate::tree::Tree;

const MAX_BYTES: usize = 500_000;

/// Larger, and worth it.
const EXEMPT: [&str; 1] = [
    // Real inputs of the demonstration, kept byte for byte as published.
    "testdata/amlsim/20K_cycle200/transactions.csv",
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let large = |bytes: usize| bytes > MAX_BYTES;
    let files = tree.files.iter();
    let found = files.filter(|file| large(file.bytes) && !EXEMPT.contains(&file.path.as_str()));
    let says = |bytes| format!("the file has {bytes} bytes, more than {MAX_BYTES}");
    found.map(|file| Finding::new(&file.path, 1, says(file.bytes))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::printed;
    use super::{EXEMPT, MAX_BYTES};

    #[test]
    fn small_and_exempt_files_pass() {
        let large = "a".repeat(MAX_BYTES + 1);
        assert!(printed(super::check, &[("a.csv", "a"), (EXEMPT[0], &large)]).is_empty());
    }

    #[test]
    fn a_large_file_is_found() {
        let found = printed(super::check, &[("a.csv", &"a".repeat(MAX_BYTES + 1))]);
        assert_eq!(found, ["a.csv:1: the file has 500001 bytes, more than 500000"]);
    }
}
