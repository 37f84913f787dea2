//! One item that a report looks at: a matter, one of its stays or hands, or a row in it.

use super::shown::Shown;
use super::{Each, Name, Own, Shows};
use crate::office::clock;
use crate::office::definition::{FieldKind, Matter};
use crate::office::event::{Going, Hand, Instant};
use crate::office::record::Record;
use crate::office::value::{Value, Values};
use crate::state::State;
use ledger::Day;

/// 停留: a matter waited at a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    pub step: String,
    pub from: Instant,
    pub until: Instant,
    /// Its time was over when something was done in it, or is over now.
    pub late: bool,
}

/// Where a matter stayed, in order. Between two things that were done at different steps it went
/// on with the first of them; one that is open stays where it is until now.
pub fn stays(record: &Record, now: Instant) -> Vec<Stay> {
    let mut stays: Vec<Stay> = Vec::new();
    let mut note = |step: &str, until: Instant, late: bool| match stays.last_mut() {
        Some(stay) if stay.step == step => {
            stay.until = until;
            stay.late |= late;
        }
        last => {
            let from = last.map_or(record.opened_at, |stay| stay.until);
            stays.push(Stay { step: step.to_owned(), from, until, late });
        }
    };
    for trace in &record.trace {
        note(trace.step(), trace.at, trace.late);
    }
    if let Going::Step(step) = &record.at {
        note(step, now, record.is_late(now));
    }
    stays
}

/// An item, and the matter that it belongs to.
pub struct Item<'a> {
    pub state: &'a State,
    pub record: &'a Record,
    pub matter: Option<&'a Matter>,
    pub now: Instant,
    pub shows: Shows,
    pub stay: Option<&'a Stay>,
    pub hand: Option<&'a Hand>,
    pub row: Option<(&'a str, &'a Values)>,
}

/// Calls with every item of a record.
pub fn each(all: &Item<'_>, each: &Each, mut take: impl FnMut(&Item<'_>)) {
    match each {
        Each::Matter => take(all),
        Each::Stay => {
            for stay in &stays(all.record, all.now) {
                take(&Item { stay: Some(stay), ..*all });
            }
        }
        Each::Hand => {
            for hand in &all.record.hands {
                take(&Item { hand: Some(hand), ..*all });
            }
        }
        Each::Row(field) => {
            if let Some(Value::Rows(rows)) = all.record.value(field) {
                for row in rows {
                    take(&Item { row: Some((field, row)), ..*all });
                }
            }
        }
    }
}

impl Item<'_> {
    pub fn shown(&self, name: &Name) -> Shown {
        match name {
            Name::Field(name) => self.field(name),
            Name::Column(name) => self.column(name),
            Name::Own(own) => self.own(*own),
        }
    }

    fn field(&self, name: &str) -> Shown {
        let value = self.record.value(name);
        let field = self.matter.and_then(|matter| Some(&matter.fields[matter.field(name)?]));
        Shown::of(value, field.map_or(&FieldKind::Text, |field| &field.kind))
    }

    fn column(&self, name: &str) -> Shown {
        let Some((rows, row)) = self.row else { return Shown::Nothing };
        let field = self.matter.and_then(|matter| Some(&matter.fields[matter.field(rows)?]));
        let column = field.and_then(|field| match &field.kind {
            FieldKind::Rows(columns) => columns.iter().find(|column| column.name == name),
            _ => None,
        });
        Shown::of(row.get(name), column.map_or(&FieldKind::Text, |column| &column.kind))
    }

    fn own(&self, own: Own) -> Shown {
        let (record, book) = (self.record, &self.state.book);
        match own {
            Own::Code => Shown::text(&record.code),
            Own::Matter => match self.matter {
                Some(matter) => Shown::Named(record.code.clone(), matter.title.clone()),
                None => Shown::text(&record.code),
            },
            Own::Number => Shown::text(&record.number),
            Own::Institution => Shown::text(&book.institution(record.institution).code),
            Own::Opener => Shown::text(&record.opener),
            Own::State => self.state(),
            Own::Opened => Shown::Day(record.opened),
            Own::Ended => record.ended.map_or(Shown::Nothing, Shown::Day),
            Own::Month => {
                let day = self.day();
                Shown::Text(format!("{:04}-{:02}", day.year(), day.month()))
            }
            Own::Hands => Shown::text(&hands(record)),
            Own::Returns => {
                let returned = record.trace.iter().filter(|trace| trace.is("return"));
                Shown::Whole(i64::try_from(returned.count()).unwrap_or(i64::MAX))
            }
            Own::Urged => Shown::Whole(record.urged.into()),
            Own::Late => Shown::yes_or_no(self.is_late()),
            Own::Worked => Shown::Whole(clock::worked(book, record.opened_at, self.ends())),
            Own::Elapsed => Shown::Whole(clock::elapsed(record.opened_at, self.ends())),
            Own::Step => self.step_name().map_or(Shown::Nothing, |step| self.step(step)),
            Own::Wait => self.stay.map_or(Shown::Nothing, |stay| {
                Shown::Whole(clock::worked(book, stay.from, stay.until))
            }),
            Own::Operator => self.hand.map_or(Shown::Nothing, |hand| Shown::text(&hand.operator)),
        }
    }

    /// The day by which a report takes it: that of its end, where it shows ended ones alone.
    pub fn day(&self) -> Day {
        let ended = self.record.ended.filter(|_| self.shows == Shows::Ended);
        ended.unwrap_or(self.record.opened)
    }

    fn state(&self) -> Shown {
        match &self.record.at {
            Going::Step(step) => self.step(step),
            Going::End(name) => {
                let mut ends = self.matter.into_iter().flat_map(|matter| &matter.ends);
                let own = ends.find(|(own, _)| own == name);
                own.map_or_else(
                    || end(name),
                    |(_, title)| Shown::Named(name.clone(), title.clone()),
                )
            }
        }
    }

    fn step_name(&self) -> Option<&str> {
        let stay = self.stay.map(|stay| stay.step.as_str());
        stay.or(self.hand.map(|hand| hand.step.as_str()))
    }

    fn step(&self, name: &str) -> Shown {
        let step = self.matter.and_then(|matter| Some(&matter.steps[matter.step(name)?]));
        step.map_or(Shown::text(name), |step| Shown::Named(step.name.clone(), step.title.clone()))
    }

    fn is_late(&self) -> bool {
        match self.stay {
            Some(stay) => stay.late,
            None if !self.record.has_ended() => self.record.is_late(self.now),
            // Of one that has ended: at any step.
            None => stays(self.record, self.now).iter().any(|stay| stay.late),
        }
    }

    /// When it ended; now, if it has not.
    fn ends(&self) -> Instant {
        match self.record.trace.last() {
            Some(last) if self.record.has_ended() => last.at,
            _ => self.now,
        }
    }
}

/// Ends that every matter has, and no file names.
fn end(name: &str) -> Shown {
    match name {
        "refused" => Shown::named(name, "否决", "Refused"),
        "voided" => Shown::named(name, "作废", "Voided"),
        other => Shown::text(other),
    }
}

fn hands(record: &Record) -> String {
    let mut hands: Vec<&str> = Vec::new();
    for hand in &record.hands {
        if !hands.contains(&hand.operator.as_str()) {
            hands.push(&hand.operator);
        }
    }
    hands.join("/")
}
