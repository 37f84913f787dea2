//! A link in a Markdown page leads to a file of the tree.

use super::Finding;
use crate::markdown;
use crate::tree::Tree;
use std::collections::BTreeSet;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut places = tree.folders();
    places.extend(tree.files.iter().map(|file| file.path.as_str()));
    let mut findings = Vec::new();
    for (file, text) in tree.texts(|file| file.name().ends_with(".md")) {
        for (line, prose) in markdown::prose(text) {
            for target in targets(&prose) {
                if !leads(&places, &file.path, target) {
                    let says = format!("the link `{target}` leads nowhere");
                    findings.push(Finding::new(&file.path, line, says));
                }
            }
        }
    }
    findings
}

/// The targets of `[text](target "title")` and of `[name]: target` in a line.
fn targets(line: &str) -> Vec<&str> {
    let first_word = |text: &'_ str| text.split_whitespace().next().map(str::len);
    let mut found = Vec::new();
    for (at, _) in line.match_indices("](") {
        let rest = &line[at + 2..];
        let inner = &rest[..rest.find(')').unwrap_or(rest.len())];
        let inner = inner.trim_start();
        found.extend(first_word(inner).map(|length| &inner[..length]));
    }
    if let Some((_, rest)) = line.split_once("]: ")
        && line.starts_with('[')
    {
        let rest = rest.trim_start();
        found.extend(first_word(rest).map(|length| &rest[..length]));
    }
    found
}

/// Addresses and places within the page are taken on trust.
fn leads(places: &BTreeSet<&str>, page: &str, target: &str) -> bool {
    let path = target.split('#').next().unwrap_or_default();
    if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
        return true;
    }
    let mut steps: Vec<&str> = page.split('/').collect();
    steps.pop();
    for step in path.trim_end_matches('/').split('/') {
        match step {
            "." => {}
            ".." => {
                if steps.pop().is_none() {
                    return false;
                }
            }
            step => steps.push(step),
        }
    }
    places.contains(steps.join("/").as_str())
}

#[cfg(test)]
mod tests {
    use super::super::printed;

    #[test]
    fn files_folders_and_addresses_pass() {
        let page =
            "[a](../b.md#c) [d](./) [e](https://f.example) [g](#h) `[i](j)`\n\n[k]: ../b.md\n";
        assert!(printed(super::check, &[("b.md", ""), ("docs/a.md", page)]).is_empty());
    }

    #[test]
    fn what_is_not_there_is_found() {
        let page = "[a](b.md \"B\")\n[c](../../d.md)\n[e](/docs/a.md)\n";
        let found = printed(super::check, &[("docs/a.md", page)]);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0], "docs/a.md:1: the link `b.md` leads nowhere");
    }
}
