//! An auditor who reads the journal and nothing else, with the simplest books that can be kept:
//! every note of every place, every single number, every hand, every line.

use bank::office::event::{Event, Going, Hand};
use bank::rulebook::Rulebook;
use custody::{Move, Note};
use ledger::Batch;
use ledger::entry::AccountId;
use ledger::fact::Fact;
use std::collections::BTreeMap;

type Number = (String, String, u64);

#[derive(Default)]
pub struct Auditor {
    notes: BTreeMap<(String, Note), i64>,
    numbers: BTreeMap<Number, String>,
    lines: BTreeMap<AccountId, i128>,
    matters: BTreeMap<u64, Seen>,
    pub ended: u64,
}

/// What was seen of a matter.
#[derive(Default)]
struct Seen {
    code: String,
    hands: Vec<Hand>,
    effects: usize,
}

impl Auditor {
    /// Takes note of what a command left in the journal, or says what is wrong with it.
    pub fn see(
        &mut self,
        facts: &[Fact],
        entries: &[Batch],
        rules: &Rulebook,
    ) -> Result<(), String> {
        for batch in entries {
            for line in &batch.lines {
                *self.lines.entry(line.account).or_default() += i128::from(line.effect());
            }
        }
        let posted: usize = entries.iter().map(Batch::len).sum();
        let mut moved = 0;
        for fact in facts {
            let Fact::Office { event } = fact else { continue };
            let event = Event::read(event).map_err(|error| error.to_string())?;
            if let Event::Custody { moves } = &event {
                moved += moves.len();
                moves.iter().try_for_each(|one| self.moved(one))?;
            }
            self.matter(&event, rules, moved + posted)?;
        }
        Ok(())
    }

    fn moved(&mut self, one: &Move) -> Result<(), String> {
        match one {
            Move::Cash { from, to, counts } => {
                for count in counts {
                    self.note(from, &count.note, -count.pieces)?;
                    self.note(to, &count.note, count.pieces)?;
                }
            }
            Move::Sort { at, counts, into } => {
                for count in counts {
                    self.note(at, &count.note, -count.pieces)?;
                    let sorted = Note { denom: count.note.denom.clone(), class: *into };
                    self.note(at, &sorted, count.pieces)?;
                }
            }
            Move::Stock { range, from, to, .. } => {
                for number in range.from..=range.to {
                    let number = (range.kind.clone(), range.prefix.clone(), number);
                    let before = self.numbers.insert(number.clone(), to.clone());
                    let came = before.unwrap_or_else(|| "outside".to_owned());
                    if came != *from {
                        return Err(format!("{number:?} was at {came}, not at {from}"));
                    }
                }
            }
            Move::Void { range, at } => {
                for number in range.from..=range.to {
                    let number = (range.kind.clone(), range.prefix.clone(), number);
                    if self.numbers.get(&number) != Some(at) {
                        return Err(format!("{number:?} is void where it is not"));
                    }
                }
            }
            Move::Mark { .. } => {}
        }
        Ok(())
    }

    fn note(&mut self, place: &str, note: &Note, pieces: i64) -> Result<(), String> {
        if place == "outside" {
            return Ok(());
        }
        let held = self.notes.entry((place.to_owned(), note.clone())).or_default();
        *held += pieces;
        if *held < 0 { Err(format!("{place} owes {note:?}")) } else { Ok(()) }
    }

    fn matter(&mut self, event: &Event, rules: &Rulebook, effects: usize) -> Result<(), String> {
        match event {
            Event::Opened { id, code, .. } => {
                let seen = Seen { code: code.clone(), ..Seen::default() };
                if self.matters.insert(*id, seen).is_some() {
                    return Err(format!("matter {id} is opened twice"));
                }
            }
            Event::Acted { id, hands, going, .. } => {
                let seen = self.matters.get_mut(id).ok_or(format!("{id} was never opened"))?;
                let matter = &rules.office.matters[&seen.code];
                for hand in hands {
                    let may_repeat = hand.hand.is_some_and(|at| {
                        let step = matter.step(&hand.step).expect("a step of the matter");
                        matter.steps[step].hands[usize::from(at)].may_repeat.is_some()
                    });
                    if seen.hands.iter().any(|other| other.operator == hand.operator) && !may_repeat
                    {
                        return Err(format!(
                            "{} has two hands in {} {id}",
                            hand.operator, seen.code
                        ));
                    }
                    seen.hands.push(hand.clone());
                }
                seen.effects += effects;
                if let Some(Going::End(_)) = going {
                    self.ended += 1;
                    let alone =
                        seen.hands.iter().all(|hand| hand.operator == seen.hands[0].operator);
                    if alone && seen.effects > 0 && matter.alone.is_none() {
                        return Err(format!("{} {id} was carried by one person", seen.code));
                    }
                }
            }
            Event::Handled { id, verb: bank::office::event::Verb::Return { to }, .. } => {
                let seen = self.matters.get_mut(id).ok_or(format!("{id} was never opened"))?;
                let matter = &rules.office.matters[&seen.code];
                let first = matter.step(to);
                seen.hands.retain(|hand| matter.step(&hand.step) < first);
            }
            Event::Handled { id, verb: bank::office::event::Verb::Withdraw, .. } => {
                self.matters.get_mut(id).ok_or(format!("{id} was never opened"))?.hands.clear();
            }
            _ => {}
        }
        Ok(())
    }

    /// What the bank says at a close is what the auditor has.
    pub fn agree(&self, state: &bank::State) -> Result<(), String> {
        let (office, book) = (&state.rulebook.office, &state.book);
        let mut sums: BTreeMap<AccountId, i128> = BTreeMap::new();
        let mut add = |place: &str, kind: &dyn Fn(&str) -> Option<String>, amount: i128| {
            let mut parts = place.split('/');
            let at = parts.next().and_then(|code| book.institution_by_code(code));
            let kind = parts.next().and_then(kind).and_then(|code| book.chart.kind_by_code(&code));
            let account = at.zip(kind);
            let account =
                account.and_then(|(at, kind)| book.internal(kind, at, book.chart.base_unit));
            if let Some(account) = account {
                *sums.entry(account).or_default() += amount;
            }
        };
        for ((place, note), pieces) in &self.notes {
            if state.office.custody.pieces(place, note) != *pieces {
                return Err(format!("{place} has other {note:?} than the journal says"));
            }
            let face = i128::from(office.denominations[&note.denom].face);
            add(place, &|kind| office.places.get(kind)?.cash.clone(), face * i128::from(*pieces));
        }
        for ((stock, prefix, number), place) in &self.numbers {
            let (kind, prefix) = (stock.clone(), prefix.clone());
            let thing = custody::Serial { kind, prefix, number: *number };
            if state.office.custody.find(&thing).map(|(at, _)| at) != Some(place) {
                return Err(format!("{thing} is not at {place}"));
            }
            let Some(family) = &office.stocks[stock].family else { continue };
            let value = office.stocks[stock].face.unwrap_or(100);
            add(
                place,
                &|kind| office.places.get(kind)?.stock.get(family).cloned(),
                i128::from(value),
            );
        }
        for account in &book.kept {
            let (held, lines) = (sums.get(account), self.lines.get(account));
            if held.copied().unwrap_or(0) != lines.copied().unwrap_or(0) {
                let number = book.accounts.number(*account);
                return Err(format!("{number}: things {held:?}, lines {lines:?}"));
            }
        }
        Ok(())
    }
}
