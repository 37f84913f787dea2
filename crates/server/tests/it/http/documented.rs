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

/// Two types of one name would be one schema of the description, and the other's answers wrong.
#[test]
fn no_two_schemas_have_one_name() {
    let mut files = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve");
    crate::pages::collect(&root, "rs", &mut files);
    let mut known = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for after in text.split("ToSchema)]").skip(1) {
            let mut words = after.split(|c: char| !c.is_alphanumeric());
            let name = words.by_ref().skip_while(|word| !["struct", "enum"].contains(word)).nth(1);
            let name = name.unwrap_or_default().to_owned();
            assert!(known.insert(name.clone()), "{}: `{name}` again", file.display());
        }
    }
    assert!(known.len() > 50, "{known:?}");
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
