//! Notes of the trail that a follower took (待记审计): it cannot write the journal, so they lie beside
//! the chain until the writer takes them into it.

use super::app::App;
use super::node::Node;
use super::problem::Problem;
use super::sign_in::secret;
use bank::Command;
use bank::office::trail::{NOTES_MAX, Note};
use ledger::Again;

const SHELF: &str = "note";

/// Writes a note into the journal, or keeps it for who can.
pub async fn note(app: &App, note: Note) -> Result<(), Problem> {
    match app.node.ask(|_| Ok(()), Command::Note(vec![note.clone()])).await {
        Err(problem) if problem.refusal.again == Again::Later => keep(&app.node, &note).await,
        taken => taken.map(drop),
    }
}

/// Keeps a note for the writer, in order of time.
async fn keep(node: &Node, note: &Note) -> Result<(), Problem> {
    let name = format!("{:020}-{}", note.at, &secret()[..8]);
    let bytes = serde_json::to_vec(note).expect("plain data serialises");
    node.store(move |store, bank| store.keep(bank, SHELF, &name, Some(&bytes))).await
}

/// Takes what waits into the journal. Should the writer die between, a note is there twice: it is
/// better to know of a sign-in twice than not at all.
pub async fn take(app: &App) -> Result<(), Problem> {
    let page = app.node.store(|store, bank| store.kept_on(bank, SHELF, "", NOTES_MAX)).await?;
    let notes: Vec<Note> =
        page.iter().filter_map(|(_, bytes)| serde_json::from_slice(bytes).ok()).collect();
    if !notes.is_empty() {
        app.node.ask(|_| Ok(()), Command::Note(notes)).await?;
    }
    for (name, _) in page {
        app.node.store(move |store, bank| store.keep(bank, SHELF, &name, None)).await?;
    }
    Ok(())
}
