//! What others made keeps its licence beside it.

use super::Finding;
use crate::tree::Tree;
use std::collections::BTreeSet;

/// Folders of the rulebook whose data is published by others.
const RULEBOOK: [&str; 2] = ["rulebook/calendar", "rulebook/iso4217"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let is_third_party = |folder: &&str| {
        let sample = folder.strip_prefix("testdata/").is_some_and(|name| !name.contains('/'));
        sample || RULEBOOK.contains(folder)
    };
    let licensed: BTreeSet<&str> = tree
        .files
        .iter()
        .filter(|file| file.name().starts_with("LICENSE"))
        .filter_map(|file| file.path.rsplit_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    let folders = tree.folders();
    let missing = folders.iter().filter(|folder| is_third_party(folder));
    missing
        .filter(|folder| !licensed.contains(*folder))
        .map(|folder| Finding::new(folder, 1, "third-party data without a LICENSE beside it"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::printed;

    #[test]
    fn a_licence_beside_the_data_passes() {
        let files = [("testdata/a/LICENSE", ""), ("testdata/a/b/c.csv", ""), ("rulebook/gl/a", "")];
        assert!(printed(super::check, &files).is_empty());
    }

    #[test]
    fn none_is_found() {
        let files = [("LICENSE", ""), ("testdata/a/c.csv", ""), ("rulebook/iso4217/a.csv", "")];
        let found = printed(super::check, &files);
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("rulebook/iso4217:1:"), "{found:?}");
    }
}
