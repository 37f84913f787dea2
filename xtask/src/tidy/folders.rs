//! A folder is seen at a glance: at most 40 entries.

use super::Finding;
use crate::tree::Tree;
use std::collections::{BTreeMap, BTreeSet};

const MAX: usize = 40;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut entries: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in &tree.files {
        let mut folder = "";
        for (at, _) in file.path.match_indices('/') {
            entries.entry(folder).or_default().insert(&file.path[..at]);
            folder = &file.path[..at];
        }
        entries.entry(folder).or_default().insert(&file.path);
    }
    let full = entries.into_iter().filter(|(_, entries)| entries.len() > MAX);
    full.map(|(folder, entries)| {
        let folder = if folder.is_empty() { "." } else { folder };
        let says = format!("the folder has {} entries, more than {MAX}", entries.len());
        Finding::new(folder, 1, says)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::printed;

    fn found(count: usize) -> Vec<String> {
        let names: Vec<_> = (0..count).map(|name| format!("a/{name}/b.md")).collect();
        let files: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
        printed(super::check, &files)
    }

    #[test]
    fn forty_pass() {
        assert!(found(40).is_empty());
    }

    #[test]
    fn one_more_is_found() {
        assert_eq!(found(41), ["a:1: the folder has 41 entries, more than 40"]);
    }
}
