//! Handing batches to an engine, so many at a time.

use bank::{Answer, Command};
use crossbeam_channel::bounded;
use engine::{Engine, Outcome};
use ledger::Batch;

/// Batches handed in before the first answer is waited for.
pub const IN_FLIGHT: usize = 16;

/// Hands in every batch and waits until all are durable; `in_flight` of them wait at a time.
pub fn hand_in(engine: &Engine, batches: Vec<Batch>, in_flight: usize) {
    let (done, answers) = bounded(in_flight);
    let count = batches.len();
    for (no, batch) in batches.into_iter().enumerate() {
        if no >= in_flight {
            check(answers.recv().expect("the engine answers"));
        }
        let done = done.clone();
        engine.submit(Command::PostBatch { batch, whole: false }, move |outcome| {
            let _ = done.send(outcome);
        });
    }
    for _ in 0..in_flight.min(count) {
        check(answers.recv().expect("the engine answers"));
    }
}

/// Every entry of a batch was posted, and for the first time.
pub fn check(outcome: Outcome) {
    let Ok(Answer::Entries(receipts)) = outcome else { panic!("refused: {outcome:?}") };
    assert!(receipts.refused.is_empty(), "{:?}", receipts.refused.first());
    assert!(receipts.again.is_empty(), "a key came twice");
}
