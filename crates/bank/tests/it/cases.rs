//! Runs every page of cases under `rulebook/` in process. Lines that start with `> ` are typed; the
//! others are the bank's answer, rewritten by `UPDATE=1`. `CASE=holds` runs the pages of that name;
//! `RULEBOOK=folder` those of another rulebook. The engine's tests play the same pages on stores.

use crate::desk::REFUSED;
use crate::pages::{Beginnings, answered, first_difference, founded, pages, root, rulebook_files};
use bank::rulebook::Rulebook;
use std::path::Path;

#[test]
fn pages_of_cases_say_what_the_bank_says() {
    let root = root();
    let (bank, cast) = founded(&root);
    let pages = pages(&root);
    assert!(!pages.is_empty(), "there are no cases");
    let mut beginnings = Beginnings::new(Box::new(bank), &cast);
    let mut wrong = Vec::new();
    for (page, text) in pages {
        let answered = answered(&text, &mut beginnings);
        if answered == text {
            continue;
        }
        if std::env::var("UPDATE").is_ok() {
            std::fs::write(&page, answered).unwrap();
        } else {
            wrong.push(format!("{}\n{}", page.display(), first_difference(&text, &answered)));
        }
    }
    assert!(wrong.is_empty(), "pages differ (UPDATE=1 rewrites them):\n{}", wrong.join("\n"));
    if ["CASE", "RULEBOOK"].iter().all(|name| std::env::var_os(name).is_none()) {
        every_check_refuses(&root);
    }
}

/// A check that refuses nothing in any page is not shown, or can never refuse.
fn every_check_refuses(root: &Path) {
    let rulebook = Rulebook::parse(&rulebook_files(root)).unwrap();
    let refused = REFUSED.lock().unwrap();
    let mut silent = Vec::new();
    for (code, matter) in &rulebook.office.matters {
        for (step, def) in matter.steps.iter().enumerate() {
            let checks = def.checks.iter().enumerate();
            let never = checks.filter(|(at, _)| !refused.contains(&(code.clone(), step, *at)));
            silent.extend(
                never.map(|(at, check)| format!("{code} {} {at} {}", def.name, check.rule)),
            );
        }
    }
    assert!(silent.is_empty(), "no page of cases shows what these checks refuse: {silent:#?}");
}
