//! A file of the rulebook is read by bankers: it begins with the same keys in the same order, has
//! both languages, is short, and its code is its own. What the keys mean is for the loader.

use super::Finding;
use super::refusals::is_chinese;
use crate::places::line_at;
use crate::tree::Tree;
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};

const HEADER: [&str; 6] = ["kind", "code", "title", "serves", "why", "source"];
const MAX_LINES: usize = 64;
/// Plain tables: long lists of rows of one shape, read like a list and not like a rule.
const TABLES: [&str; 4] = ["accounts", "account_kind", "layout", "units"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut codes: BTreeMap<String, String> = BTreeMap::new();
    let rules =
        tree.texts(|file| file.path.starts_with("rulebook/") && file.path.ends_with(".toml"));
    for (file, text) in rules {
        let path = &file.path;
        let parsed = match DeTable::parse(text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let line = error.span().map_or(1, |span| line_at(text, span.start));
                findings.push(Finding::new(path, line, error.message()));
                continue;
            }
        };
        let table = parsed.get_ref();
        findings.extend(header(table).map(|says| Finding::new(path, 1, says)));
        findings.extend(too_long(table, text).map(|says| Finding::new(path, 1, says)));
        let mut one_tongue = Vec::new();
        titles(table, &mut one_tongue);
        if let Some((key, why)) = table.get_key_value("why")
            && !has_both(why.get_ref())
        {
            one_tongue.push(key.span().start);
        }
        for offset in one_tongue {
            let says = "a title or a reason needs both zh, in Chinese, and en";
            findings.push(Finding::new(path, line_at(text, offset), says));
        }
        if let Some(code) = string(table, "code")
            && let Some(other) = codes.insert(code.to_owned(), path.clone())
        {
            let says = format!("code `{code}` is used in {other} too");
            findings.push(Finding::new(path, 1, says));
        }
    }
    findings
}

fn string<'t>(table: &'t DeTable<'_>, key: &str) -> Option<&'t str> {
    table.get(key).and_then(|value| value.get_ref().as_str())
}

/// The header comes first and in order. The source of a number stands with each of its values.
fn header(table: &DeTable<'_>) -> Option<String> {
    let mut keys: Vec<_> = table.keys().map(|key| (key.span().start, &**key.get_ref())).collect();
    keys.sort_unstable();
    let keys: Vec<&str> = keys.into_iter().map(|(_, key)| key).collect();
    let number = string(table, "kind") == Some("number") && !keys.contains(&"source");
    let wanted = &HEADER[..HEADER.len() - usize::from(number)];
    (!keys.starts_with(wanted))
        .then(|| format!("the file does not begin with the keys {}", wanted.join(", ")))
}

fn too_long(table: &DeTable<'_>, text: &str) -> Option<String> {
    let lines = text.lines().count();
    let plain = string(table, "kind").is_some_and(|kind| TABLES.contains(&kind));
    (lines > MAX_LINES && !plain)
        .then(|| format!("the file has {lines} lines, more than {MAX_LINES}: split the rule"))
}

/// Where titles stand, at any depth, that lack a language.
fn titles(table: &DeTable<'_>, found: &mut Vec<usize>) {
    for (key, value) in table {
        if key.get_ref() == "title" && !has_both(value.get_ref()) {
            found.push(key.span().start);
        }
        within(value.get_ref(), found);
    }
}

fn within(value: &DeValue<'_>, found: &mut Vec<usize>) {
    match value {
        DeValue::Table(table) => titles(table, found),
        DeValue::Array(values) => values.iter().for_each(|value| within(value.get_ref(), found)),
        _ => {}
    }
}

fn has_both(title: &DeValue<'_>) -> bool {
    title.as_table().is_some_and(|title| {
        string(title, "zh").is_some_and(|zh| zh.chars().any(is_chinese))
            && string(title, "en").is_some_and(|en| !en.trim().is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::super::printed;

    const HEADER: &str = "kind = \"matter\"\ncode = \"GL-001\"\n\
        title = { zh = \"转账\", en = \"Transfer\" }\nserves = [\"S1\"]\n\
        why.zh = \"由\"\nwhy.en = \"a\"\n";

    fn found(text: &str) -> Vec<String> {
        printed(super::check, &[("rulebook/gl/a.toml", text)])
    }

    #[test]
    fn a_whole_header_passes() {
        assert!(found(&format!("{HEADER}source = \"b\"\nstatus = \"live\"\n")).is_empty());
        let number = HEADER.replace("matter", "number");
        assert!(found(&format!("{number}unit = \"fen\"\n[[value]]\nis = 1\n")).is_empty());
    }

    #[test]
    fn a_missing_or_misplaced_key_is_found() {
        let says = "rulebook/gl/a.toml:1: the file does not begin with the keys kind, code";
        assert!(found(HEADER)[0].starts_with(says));
        assert!(
            found(&format!("status = \"live\"\n{HEADER}source = \"b\"\n"))[0].starts_with(says)
        );
    }

    #[test]
    fn titles_need_both_languages_at_any_depth() {
        let fields = "source = \"b\"\n[[row]]\ntitle = { zh = \"a\", en = \"b\" }\n\
            [fields]\nfrom = { type = \"vault\", title = \"From\" }\n";
        let found = found(&format!("{HEADER}{fields}"));
        assert_eq!(found.len(), 2);
        assert!(found[0].contains(":11: ") || found[1].contains(":11: "), "{found:?}");
    }

    #[test]
    fn the_reason_needs_both_languages() {
        let rule = format!("{HEADER}source = \"b\"\n");
        let says = "rulebook/gl/a.toml:5: a title or a reason needs";
        assert!(found(&rule.replace("由", "a"))[0].starts_with(says));
        assert!(found(&rule.replace("why.zh = \"由\"\n", ""))[0].starts_with(says));
    }

    #[test]
    fn long_files_are_found_but_for_plain_tables() {
        let long = format!("{HEADER}source = \"b\"\n{}", "# …\n".repeat(64));
        assert_eq!(found(&long).len(), 1);
        assert!(found(&long.replace("matter", "accounts")).is_empty());
    }

    #[test]
    fn codes_are_used_once() {
        let rule = format!("{HEADER}source = \"b\"\n");
        let files = [("rulebook/gl/a.toml", rule.as_str()), ("rulebook/gl/b.toml", &rule)];
        assert_eq!(
            printed(super::check, &files),
            ["rulebook/gl/b.toml:1: code `GL-001` is used in rulebook/gl/a.toml too"]
        );
    }

    #[test]
    fn a_broken_file_is_found_with_its_line() {
        assert!(found("kind = \"matter\"\ncode = \n")[0].starts_with("rulebook/gl/a.toml:2: "));
    }
}
