//! The mission and what serves it. `docs/coverage.md` is written anew by `UPDATE=1`; the list of
//! what is not covered, `not_served.txt`, only shrinks: `UPDATE=1` adds no row to it.

use crate::pages::{collect, first_difference, rulebook_files};
use bank::coverage::{Coverage, Row, page, rows};
use bank::rulebook::Rulebook;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Modules in which every row that is not covered says why.
const EXPLAINED: [&str; 10] =
    ["PARM", "VOU", "SEAL", "CIPH", "DEV", "SAMP", "CASH", "ARCH", "POL", "PROC"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn mission() -> Vec<Row> {
    let folder = root().join("rulebook");
    let mut pages = Vec::new();
    collect(&folder, "md", &mut pages);
    let pages = pages.into_iter().map(|path| {
        let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read_to_string(path).unwrap())
    });
    let rulebook = Rulebook::parse(&rulebook_files(&folder)).unwrap();
    rows(&rulebook, &pages.collect::<Vec<_>>())
}

#[test]
fn the_page_of_coverage_is_what_the_rulebook_serves() {
    let (path, now) = (root().join("docs/coverage.md"), page(&mission()));
    if std::env::var("UPDATE").is_ok() {
        std::fs::write(path, now).unwrap();
        return;
    }
    let before = std::fs::read_to_string(path).unwrap();
    assert!(before == now, "docs/coverage.md: {} (UPDATE=1)", first_difference(&before, &now));
}

#[test]
fn what_is_not_covered_only_shrinks() {
    let path = root().join("not_served.txt");
    let text = std::fs::read_to_string(&path).unwrap();
    let open: BTreeMap<String, Row> = mission()
        .into_iter()
        .filter(|row| !matches!(row.standing(), Coverage::Covered | Coverage::Gap))
        .map(|row| (row.code(), row))
        .collect();
    let listed: BTreeMap<&str, &str> =
        text.lines().filter(|line| line.starts_with('S')).map(row_and_reason).collect();
    let lost: Vec<&String> = open.keys().filter(|row| !listed.contains_key(row.as_str())).collect();
    assert!(lost.is_empty(), "covered before and not now: {lost:?}");
    let silent: BTreeSet<&str> = listed
        .iter()
        .filter(|(row, reason)| reason.is_empty() && open.get(**row).is_some_and(is_explained))
        .map(|(row, _)| *row)
        .collect();
    assert!(silent.is_empty(), "not_served.txt gives no reason for {silent:?}");
    let kept = text
        .lines()
        .filter(|line| !line.starts_with('S') || open.contains_key(row_and_reason(line).0));
    let kept: String = kept.map(|line| format!("{line}\n")).collect();
    if std::env::var("UPDATE").is_ok() {
        std::fs::write(path, kept).unwrap();
    } else {
        let done: Vec<&&str> = listed.keys().filter(|row| !open.contains_key(**row)).collect();
        assert!(kept == text, "not_served.txt lists what is covered (UPDATE=1): {done:?}");
    }
}

fn row_and_reason(line: &str) -> (&str, &str) {
    let (row, reason) = line.split_once(' ').unwrap_or((line, ""));
    (row, reason.trim())
}

fn is_explained(row: &Row) -> bool {
    row.duty.modules.iter().any(|module| EXPLAINED.contains(&module.as_str()))
}

/// Cases and files of a small kind: what counts as walking.
#[test]
fn a_file_is_walked_where_its_codes_are_typed() {
    let folder = root().join("rulebook");
    let mut files = rulebook_files(&folder);
    let served = |files: &[(String, String)], pages: &[(&str, &str)]| {
        let pages: Vec<(String, String)> =
            pages.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
        let all = rows(&Rulebook::parse(files).unwrap(), &pages);
        let row = all.into_iter().find(|row| row.code() == "S125").unwrap();
        (row.standing(), row.files.into_iter().flat_map(|file| file.pages).collect::<Vec<_>>())
    };
    // S125 is served by the register of boxes, CASH-050, alone.
    let only = |(path, text): &mut (String, String)| {
        if path != "teller/box_register.toml" {
            *text =
                text.replace("\"S125\", ", "").replace(", \"S125\"", "").replace("\"S125\"", "");
        }
    };
    files.iter_mut().for_each(only);
    let typed = "```case\n> as hua open CASH-050 a=b\n#1\n```\n";
    let not_typed = "CASH-050\n```case\n> as hua open CASH-0501\nCASH-050\n```\n";
    assert_eq!(served(&files, &[("teller/box_register.md", not_typed)]).0, Coverage::NotWalked);
    let walked = served(&files, &[("gl/x.md", typed), ("gl/y.md", not_typed)]);
    assert_eq!(walked, (Coverage::Covered, vec!["gl/x.md".to_owned()]));
    let (_, text) = files.iter_mut().find(|(path, _)| path == "teller/box_register.toml").unwrap();
    *text = text.replace("\"S125\"", "");
    assert_eq!(served(&files, &[("gl/x.md", typed)]).0, Coverage::NotServed);
}

#[test]
fn a_row_that_the_mission_has_not_is_refused() {
    let mut files = rulebook_files(&root().join("rulebook"));
    let (_, text) = files.iter_mut().find(|(path, _)| path == "cash/vault_transfer.toml").unwrap();
    *text = text.replacen("\"S114\"", "\"S721\"", 1);
    let errors = Rulebook::parse(&files).unwrap_err();
    let [error] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!((error.code, error.line, error.column), ("UnknownReference", 4, 11));
    let (_, list) = files.iter_mut().find(|(path, _)| path == "mission.csv").unwrap();
    list.push_str("S1,again,又,again,GL,1,R: a\nS2\n");
    let errors = Rulebook::parse(&files).unwrap_err();
    let said: Vec<(&str, usize)> = errors.iter().map(|error| (error.code, error.line)).collect();
    assert_eq!(said, [("Malformed", 722), ("Malformed", 723)]);
}
