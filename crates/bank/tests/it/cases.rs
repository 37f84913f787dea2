//! Runs every page of cases under `rulebook/` in process. Lines that start with `> ` are typed; the
//! others are the bank's answer, rewritten by `UPDATE=1`. `CASE=holds` runs the pages of that name;
//! `RULEBOOK=folder` those of another rulebook. The engine's tests play the same pages on stores.

use crate::pages::{Beginnings, answered, first_difference, founded, pages, root};

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
}
