//! The pages of cases that the bank plays in process, played over HTTP: the answers are the same,
//! to the word. Pages that cannot be played so stand in a list that only shrinks.

use super::at_service::{AtService, Ground};
use crate::at_engine::Founded;
use crate::pages::{Beginnings, answered, first_difference, pages, root};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

/// Threads that play pages, each with banks of its own.
const PLAYERS: usize = 2;

/// Pages by their name under the rulebook, with the first line that differs.
type Differences = BTreeMap<String, String>;

fn play(pages: &[(PathBuf, String)]) -> Differences {
    let folder = crate::memory_folder();
    let ground = Rc::new(Ground { folder: folder.path().to_owned(), made: Cell::new(0) });
    let open = {
        let ground = Rc::clone(&ground);
        move || ground.store()
    };
    let founded = Founded::new(&open);
    let first = AtService::copied(&ground, &founded);
    let mut beginnings = Beginnings::new(Box::new(first), &founded.cast);
    let mut differ = Differences::new();
    for (page, text) in pages {
        let answers = answered(text, &mut beginnings);
        if answers != *text {
            let name = page.strip_prefix(root()).unwrap().display().to_string();
            differ.insert(name, first_difference(text, &answers));
        }
    }
    differ
}

#[test]
fn pages_say_the_same_over_http() {
    let pages = pages(&root());
    let shares = (0..PLAYERS).map(|player| {
        let share: Vec<_> = pages.iter().skip(player).step_by(PLAYERS).cloned().collect();
        std::thread::spawn(move || play(&share))
    });
    let shares: Vec<_> = shares.collect();
    let played = shares.into_iter().flat_map(|share| share.join().unwrap());
    let mut differ: Differences = played.collect();
    let listed = include_str!("pages_not_over_http.txt").lines();
    let listed = listed.filter(|line| !line.starts_with('#'));
    for line in listed {
        let (page, why) = line.split_once(": ").unwrap_or((line, ""));
        assert!(!why.is_empty(), "`{page}` stands in the list without a reason");
        let is_played = pages.iter().any(|(path, _)| path.ends_with(page));
        let differs = differ.remove(page).is_some();
        assert!(differs || !is_played, "`{page}` says the same by now: take it from the list");
    }
    let differ: Vec<String> =
        differ.into_iter().map(|(page, difference)| format!("{page}\n{difference}")).collect();
    assert!(differ.is_empty(), "pages differ over HTTP:\n{}", differ.join("\n"));
}
