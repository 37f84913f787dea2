//! `docs/security.md` names the test of each point: every test that it names is there, and the page
//! says the same in both languages.

use std::collections::BTreeSet;
use std::path::Path;

/// Tests that a page names as `file::test`.
fn named(page: &str) -> BTreeSet<(String, String)> {
    let quoted = page.split('`').skip(1).step_by(2);
    let pairs = quoted.filter_map(|word| word.split_once("::"));
    pairs.map(|(file, test)| (file.to_owned(), test.to_owned())).collect()
}

#[test]
fn tests_that_the_page_of_security_names_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let tests = named(&read("../../docs/security.md"));
    assert!(tests.len() > 20, "{tests:?}");
    assert_eq!(tests, named(&read("../../docs/security.zh.md")), "the languages differ");
    for (file, test) in tests {
        let text = read(&format!("tests/it/http/{file}.rs"));
        assert!(text.contains(&format!("#[test]\nfn {test}(")), "there is no `{file}::{test}`");
    }
}
