//! No notes to oneself in what is kept: what is left to do belongs in an issue, or is done.

use super::Finding;
use crate::markdown;
use crate::rust::{Kind, tokens};
use crate::tree::{File, Tree};

/// In two parts, so that this file does not find itself.
const WORDS: [&str; 3] = [concat!("FIX", "ME"), concat!("TO", "DO"), concat!("XX", "X")];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in tree.texts(|_| true) {
        for (line, said) in comments(file, text) {
            for (at, said) in said.lines().enumerate() {
                if let Some(word) = WORDS.into_iter().find(|word| has_word(said, word)) {
                    let says = format!("`{word}` is a note to oneself: do it, or open an issue");
                    findings.push(Finding::new(&file.path, line + at, says));
                }
            }
        }
    }
    findings
}

/// What the file says to its reader: comments, or the prose of a page. In strings and data the
/// same letters may mean something: ISO 4217 uses one of the words for *no currency*.
fn comments(file: &File, text: &str) -> Vec<(usize, String)> {
    let hash = |name: &str| {
        [".toml", ".sh", ".yml", ".yaml", ".py"].iter().any(|end| name.ends_with(end))
            || ["Makefile", "run", ".editorconfig", ".gitignore", ".gitattributes"].contains(&name)
    };
    if file.is_rust() {
        let comments = tokens(text).into_iter().filter(|token| token.kind == Kind::Comment);
        return comments.map(|token| (token.line, token.text.to_owned())).collect();
    }
    if file.name().ends_with(".md") {
        return markdown::prose(text);
    }
    if hash(file.name()) {
        let lines = text.lines().enumerate();
        let comment = |(at, line): (usize, &str)| {
            line.find('#').map(|from| (at + 1, line[from..].to_owned()))
        };
        return lines.filter_map(comment).collect();
    }
    Vec::new()
}

fn has_word(said: &str, word: &str) -> bool {
    let alone = |next: Option<char>| !next.is_some_and(|next| next.is_alphanumeric());
    said.match_indices(word).any(|(at, _)| {
        alone(said[..at].chars().next_back()) && alone(said[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::super::printed;
    use super::WORDS;

    #[test]
    fn codes_and_longer_words_pass() {
        let source = format!("let none = \"{}\"; // {}S\n", WORDS[2], WORDS[1]);
        assert!(printed(super::check, &[("a.rs", &source)]).is_empty());
        let page = format!("# P\n\nwithout `{}`\n", WORDS[0]);
        assert!(printed(super::check, &[("a.md", &page)]).is_empty());
    }

    #[test]
    fn comments_are_read_in_every_language() {
        let source = format!("/* a\n {} */", WORDS[0]);
        let script = format!("ls # {}: more", WORDS[1]);
        let page = format!("# P\n\n{} write this\n", WORDS[1]);
        let files = [("a.rs", &*source), ("b.sh", &*script), ("c.md", &*page)];
        let found = printed(super::check, &files);
        assert_eq!(found.len(), 3);
        assert!(found[0].starts_with("a.rs:2:"), "{found:?}");
        assert!(found[2].starts_with("c.md:3:"), "{found:?}");
    }
}
