//! No test is switched off: a test that may fail proves nothing. Mend it or take it out.

use super::Finding;
use crate::rust::{code, stands};
use crate::tree::{File, Tree};

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in tree.texts(File::is_rust) {
        let code = code(text);
        for at in (0..code.len()).filter(|&at| stands(&code, at, &["#", "["])) {
            let mut attribute = code[at..].iter().take_while(|token| !token.is("]"));
            if attribute.any(|token| token.is("ignore")) {
                let says = "a test is switched off: mend it or take it out";
                findings.push(Finding::new(&file.path, code[at].line, says));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::printed;

    #[test]
    fn tests_that_run_pass() {
        let source = "#[test]\n#[allow(clippy::ignore_without_reason)]\nfn a() { ignore() }";
        assert!(printed(super::check, &[("a.rs", source)]).is_empty());
    }

    #[test]
    fn switched_off_ones_are_found() {
        let source =
            "#[test]\n#[ignore = \"slow\"]\nfn a() {}\n#[cfg_attr(unix, ignore)]\nfn b() {}";
        assert_eq!(printed(super::check, &[("a.rs", source)]).len(), 2);
    }
}
