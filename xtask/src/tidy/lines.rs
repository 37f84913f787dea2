//! A line of Rust holds at most 100 characters: what an eye can hold. Characters are counted, not
//! columns: a Chinese sentence is read by its characters.

use super::Finding;
use crate::tree::{File, Tree};

const MAX: usize = 100;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in tree.texts(File::is_rust) {
        for (at, line) in text.lines().enumerate() {
            let length = line.chars().count();
            if length > MAX {
                let says = format!("the line has {length} characters, more than {MAX}");
                findings.push(Finding::new(&file.path, at + 1, says));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::printed;

    #[test]
    fn a_hundred_characters_pass_in_any_script() {
        assert!(printed(super::check, &[("a.rs", &"贷".repeat(100))]).is_empty());
        assert!(printed(super::check, &[("a.md", &"a".repeat(300))]).is_empty());
    }

    #[test]
    fn one_more_is_found() {
        let found = printed(super::check, &[("a.rs", &format!("\n{}", "a".repeat(101)))]);
        assert_eq!(found, ["a.rs:2: the line has 101 characters, more than 100"]);
    }
}
