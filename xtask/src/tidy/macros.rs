//! No half-done code. Clippy refuses these macros too, but only in what is built; a crate that is
//! not, or a feature that is off, is read here.

use super::Finding;
use crate::rust::code;
use crate::tree::{File, Tree};

const HALF_DONE: [&str; 3] = ["todo", "unimplemented", "dbg"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in tree.texts(File::is_rust) {
        let code = code(text);
        for pair in code.windows(2).filter(|pair| pair[1].is("!")) {
            if HALF_DONE.iter().any(|name| pair[0].is(name)) {
                let says = format!("`{}!` is half-done code", pair[0].text);
                findings.push(Finding::new(&file.path, pair[0].line, says));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::printed;

    #[test]
    fn names_and_texts_pass() {
        let source = "fn todo() -> &str { \"dbg!()\" } // unimplemented!()";
        assert!(printed(super::check, &[("a.rs", source)]).is_empty());
    }

    #[test]
    fn calls_are_found() {
        let found = printed(super::check, &[("a.rs", "fn a() {\n    todo!(\"b\")\n}")]);
        assert_eq!(found, ["a.rs:2: `todo!` is half-done code"]);
    }
}
