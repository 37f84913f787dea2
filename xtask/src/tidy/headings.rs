//! A Markdown page is about one thing, and its one heading of the first level names it.

use super::Finding;
use crate::markdown;
use crate::tree::Tree;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in tree.texts(|file| file.name().ends_with(".md")) {
        let mut titles = markdown::prose(text).into_iter().filter(|(_, line)| is_title(line));
        if titles.next().is_none() {
            findings.push(Finding::new(&file.path, 1, "the page has no `# ` heading"));
        }
        for (line, _) in titles {
            findings.push(Finding::new(&file.path, line, "a second `# ` heading: split the page"));
        }
    }
    findings
}

fn is_title(line: &str) -> bool {
    line.starts_with("# ")
}

#[cfg(test)]
mod tests {
    use super::super::printed;

    #[test]
    fn one_heading_passes_whatever_stands_in_code() {
        let page = "# A\n\n## B\n\n```sh\n# run it\n```\n";
        assert!(printed(super::check, &[("a.md", page)]).is_empty());
    }

    #[test]
    fn none_and_two_are_found() {
        let found = printed(super::check, &[("a.md", "text\n"), ("b.md", "# A\n# B\n")]);
        assert_eq!(found.len(), 2);
        assert!(found[1].starts_with("b.md:2:"), "{found:?}");
    }
}
