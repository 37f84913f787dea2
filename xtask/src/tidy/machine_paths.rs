//! No absolute paths of somebody's machine: they work there and nowhere else.

use super::Finding;
use crate::tree::Tree;

/// In two parts, so that this file does not find itself.
const ROOTS: [&str; 3] = [concat!("/", "work/"), concat!("/", "root/"), concat!("/", "home/")];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in tree.texts(|_| true) {
        for (at, line) in text.lines().enumerate() {
            if let Some(root) = ROOTS.into_iter().find(|root| begins_with(line, root)) {
                let says = format!("`{root}` is a place on one machine: use a relative path");
                findings.push(Finding::new(&file.path, at + 1, says));
            }
        }
    }
    findings
}

/// Whether a path that begins with `root` stands in the line. With a name before it, it is the
/// middle of a path or of an address.
fn begins_with(line: &str, root: &str) -> bool {
    let middle = |before: char| before.is_alphanumeric() || ".-_~)}]*".contains(before);
    line.match_indices(root).any(|(at, _)| !line[..at].chars().next_back().is_some_and(middle))
}

#[cfg(test)]
mod tests {
    use super::super::printed;
    use super::ROOTS;

    #[test]
    fn relative_paths_and_addresses_pass() {
        let line = format!("https://bank.example{0} ./a{0} {{x}}{0}", ROOTS[0]);
        assert!(printed(super::check, &[("a.md", &line)]).is_empty());
    }

    #[test]
    fn absolute_paths_are_found() {
        let found = printed(super::check, &[("a.sh", &format!("\ncd \"{}a\"", ROOTS[2]))]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("a.sh:2:"), "{found:?}");
    }
}
