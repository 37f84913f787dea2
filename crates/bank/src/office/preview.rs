//! 试算: what a step would do, shown before it is done. The code that does it decides, on the books
//! themselves, and all of it is taken back.

use super::acts;
use super::definition::Matter;
use super::effect::Doing;
use super::event::Going;
use super::request::{self, Given, Plan, Request};
use super::step::holds;
use super::value::Values;
use crate::door::Loaded;
use crate::rulebook::Rulebook;
use crate::state::State;
use custody::Move;
use ledger::book::Book;
use ledger::entry::{Batch, Line, LineFlags};
use ledger::fact::Draft;
use ledger::{Refusal, money};
use std::sync::Arc;

/// What a step would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// Where the matter would go.
    pub going: Going,
    /// Whether nobody else is needed for it: the books were asked, and would not refuse.
    pub complete: bool,
    /// What its fields would hold, those that are computed among them.
    pub values: Values,
    /// The kind of matter by whose fields the values are read.
    pub matter: Arc<Matter>,
    pub moves: Vec<Move>,
    /// Of the entry that would be posted.
    pub lines: Vec<PlainLine>,
    /// Verbs of the step (办理动作) besides.
    pub acts: Vec<&'static acts::Verb>,
}

/// A line of an entry as people read it. If it is not posted, its account may be gone by then, so
/// all of it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainLine {
    pub account: String,
    pub name: String,
    pub subject: String,
    pub unit: String,
    /// In whole units, without a sign.
    pub amount: String,
    pub flags: LineFlags,
}

impl PlainLine {
    pub fn of(book: &Book, line: &Line) -> Self {
        let head = &book.accounts.heads[line.account.index()];
        let unit = book.chart.unit(head.unit);
        Self {
            account: book.accounts.number(line.account).to_owned(),
            name: book.accounts.name(line.account).to_owned(),
            subject: book.chart.subject(book.chart.kind(head.kind).subject).code.to_string(),
            unit: unit.code.to_string(),
            amount: money::plain(i128::from(line.amount).abs(), unit.digits),
            flags: line.flags,
        }
    }
}

/// Says what the request would do, as if everybody had signed whom its step still asks for.
///
/// Errors: whatever the request would be refused for, as far as it can be told; only opening a
/// matter and taking a step have a preview.
pub fn preview(state: &mut State, loaded: &Loaded, request: &Request) -> Result<Preview, Refusal> {
    let record = request::subject(state, loaded, request)?;
    let fields = request.ask.fields().expect("who opens or acts fills in");
    let given = Given { fields, note: "", by: &request.by, at: request.at };
    let (rulebook, matter) = request::kept_by(state, &record);
    let original = loaded.original.as_ref();
    let plan = request::plan(state, (&rulebook, &matter), record, (original, true), &given)?;
    let lines = lines(state, (&rulebook, &matter), &plan)?;
    let step = plan.record.step(&matter).map(|step| &matter.steps[step]);
    let acts = step.into_iter().flat_map(|step| &step.acts);
    let acts =
        acts.filter(|act| holds(&state.book, &matter, &plan.record.values, act.when.as_ref()));
    let acts = acts.filter_map(|act| acts::find(&act.verb)).collect();
    let Plan { record, done, moves, complete, .. } = plan;
    let going = done.expect("with every hand given a step goes somewhere");
    Ok(Preview { going, complete, values: record.values, matter, moves, lines, acts })
}

/// Does what the step does to things and books, sees the lines, and takes all of it back.
fn lines(
    state: &mut State,
    (rulebook, matter): (&Rulebook, &Matter),
    plan: &Plan,
) -> Result<Vec<PlainLine>, Refusal> {
    let State { book, office, rulebook: current, .. } = state;
    let moved = office.custody.apply(&plan.moves)?;
    let doing = Doing {
        rulebook: current,
        office: &rulebook.office,
        people: &office.people,
        matter,
        record: &plan.record,
        operator: &plan.hands[0].operator,
    };
    let mut draft = Draft::default();
    let batch = request::entry(book, &doing, plan, &mut draft).and_then(|batch| match batch {
        Some(batch) if plan.complete => {
            let tried = book.try_kept(&batch).map_err(|(_, refusal)| refusal);
            tried.map(Some)
        }
        batch => Ok(batch),
    });
    let shown = |batch: Batch| batch.lines.iter().map(|line| PlainLine::of(book, line)).collect();
    let lines = batch.map(|batch| batch.map_or_else(Vec::new, shown));
    office.custody.undo(moved);
    book.take_back_openings(0, &mut draft);
    lines
}
