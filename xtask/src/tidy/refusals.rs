//! A refusal is made in one place: its code is unique, both sentences stand beside it, and the
//! page of all refusals shows them as they are.

use super::Finding;
use crate::refusals::{Constructor, PAGE, all, is_call, is_home, render};
use crate::rust::code;
use crate::tree::{File, Tree};
use std::collections::BTreeMap;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let refusals = all(tree);
    let mut findings = strays(tree);
    findings.extend(repeated(&refusals));
    findings.extend(refusals.iter().flat_map(faults));
    findings.extend(stale(tree, &refusals));
    findings
}

/// Calls of `refuse` elsewhere than in the files for it.
fn strays(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let elsewhere = |file: &File| file.is_rust() && !is_home(file);
    for (file, text) in tree.texts(elsewhere) {
        let code = code(text);
        for at in (0..code.len()).filter(|&at| is_call(&code, at)) {
            let says = "a refusal is made outside `refusal.rs`: give it a constructor there";
            findings.push(Finding::new(&file.path, code[at].line, says));
        }
    }
    findings
}

fn repeated(refusals: &[Constructor]) -> Vec<Finding> {
    let mut first: BTreeMap<&str, &Constructor> = BTreeMap::new();
    let mut findings = Vec::new();
    for refusal in refusals {
        for code in &refusal.codes {
            if let Some(other) = first.insert(code, refusal) {
                let says = format!("code `{code}` is used at {}:{} too", other.path, other.line);
                findings.push(Finding::new(&refusal.path, refusal.line, says));
            }
        }
    }
    findings
}

fn faults(refusal: &Constructor) -> Vec<Finding> {
    let mut says = Vec::new();
    if refusal.codes.is_empty() {
        says.push("the code of the refusal is not written in its constructor");
    }
    if !refusal.zh.chars().any(is_chinese) {
        says.push("the Chinese sentence is not written, in Chinese, in the call");
    }
    if !refusal.en.contains(|next: char| next.is_ascii_alphabetic()) {
        says.push("the English sentence is not written in the call");
    }
    says.into_iter().map(|says| Finding::new(&refusal.path, refusal.line, says)).collect()
}

/// A character of the common block of Chinese characters.
pub fn is_chinese(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}

fn stale(tree: &Tree, refusals: &[Constructor]) -> Option<Finding> {
    if refusals.is_empty() {
        return None;
    }
    let page = tree.files.iter().find(|file| file.path == PAGE);
    let text = page.and_then(|page| page.text.as_deref()).unwrap_or_default();
    let current = render(refusals);
    let same = text.lines().eq(current.lines());
    (!same).then(|| Finding::new(PAGE, 1, "the page is not current: run `cargo xtask refusals`"))
}

#[cfg(test)]
mod tests {
    use super::super::printed;
    use crate::refusals::{PAGE, all, render};
    use crate::tree::Tree;

    const HOME: &str = "crates/ledger/src/refusal.rs";
    const GOOD: &str = r#"fn a() { refuse("Missing", "a", Never, "缺少", "missing") }"#;

    fn page(source: &str) -> String {
        render(&all(&Tree::of(&[(HOME, source)])))
    }

    #[test]
    fn a_refusal_with_both_sentences_passes() {
        let elsewhere = ("crates/ledger/src/post.rs", "fn b() { refusal::a().refuse(\"x\") }");
        assert!(printed(super::check, &[(HOME, GOOD), (PAGE, &page(GOOD)), elsewhere]).is_empty());
    }

    #[test]
    fn a_repeated_code_is_found() {
        let source = format!("{GOOD}\n{GOOD}");
        let found = printed(super::check, &[(HOME, &source), (PAGE, &page(&source))]);
        assert_eq!(found, [format!("{HOME}:2: code `Missing` is used at {HOME}:1 too")]);
    }

    #[test]
    fn missing_sentences_and_codes_are_found() {
        let source = "fn a(c: &str) { refuse(c, \"a\", Never, \"no\", said) }";
        assert_eq!(printed(super::check, &[(HOME, source), (PAGE, &page(source))]).len(), 3);
    }

    #[test]
    fn a_refusal_made_elsewhere_is_found() {
        let found = printed(super::check, &[("crates/ledger/src/post.rs", GOOD)]);
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn a_stale_page_is_found() {
        let found = printed(super::check, &[(HOME, GOOD), (PAGE, "# Refusals\n")]);
        assert_eq!(
            found,
            [format!("{PAGE}:1: the page is not current: run `cargo xtask refusals`")]
        );
    }
}
