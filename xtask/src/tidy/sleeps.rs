//! Tests do not sleep: on a slow machine they fail, on a fast one they waste time. They wait for
//! what they need, or are given the time as an argument.

use super::Finding;
use crate::rust::{code, first_test_line};
use crate::tree::{File, Tree};

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in tree.texts(File::is_rust) {
        let code = code(text);
        let Some(tests) = first_test_line(&file.path, &code) else { continue };
        for pair in code.windows(2).filter(|pair| pair[0].line >= tests) {
            if pair[0].is("sleep") && pair[1].is("(") {
                let says = "a test sleeps: wait for what it needs instead";
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
    fn the_product_may_wait() {
        let source = "fn retry() { thread::sleep(pause) }\n#[cfg(test)]\nmod tests {}";
        assert!(printed(super::check, &[("crates/a/src/b.rs", source)]).is_empty());
    }

    #[test]
    fn its_tests_may_not() {
        let source = "#[cfg(test)]\nmod tests {\n    fn a() { thread::sleep(pause) }\n}";
        let found = printed(
            super::check,
            &[("crates/a/src/b.rs", source), ("crates/a/tests/it/c.rs", "fn d() { sleep(e) }")],
        );
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("crates/a/src/b.rs:3:"), "{found:?}");
    }
}
