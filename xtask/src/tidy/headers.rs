//! Every Rust file begins by saying what it is: `//!`, what, why, and what it does not do.

use super::Finding;
use crate::tree::{File, Tree};

pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.texts(File::is_rust)
        .filter(|(_, text)| !begins(text))
        .map(|(file, _)| Finding::new(&file.path, 1, "the file does not begin with `//! What…`"))
        .collect()
}

fn begins(text: &str) -> bool {
    text.strip_prefix("//!").is_some_and(|rest| rest.lines().next().is_some_and(is_said))
}

fn is_said(line: &str) -> bool {
    !line.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::printed;

    #[test]
    fn a_header_passes() {
        assert!(printed(super::check, &[("a.rs", "//! Days.\n\nfn a() {}")]).is_empty());
    }

    #[test]
    fn none_or_an_empty_one_is_found() {
        let files = [("a.rs", "fn a() {}"), ("b.rs", "//!\n"), ("c.rs", "")];
        assert_eq!(printed(super::check, &files).len(), 3);
    }
}
