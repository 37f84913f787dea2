//! What a fact of the journal says: who, what, about what. It is read as it is written, so that
//! what an older program wrote is shown too.

use bank::State as Bank;
use ledger::entry::{AccountId, InstitutionId};
use serde_json::Value;

/// Elements of a list, and letters of a text, that are shown of one fact.
const ELEMENTS_MAX: usize = 20;
const LETTERS_MAX: usize = 400;

/// What a fact is about, as the journal names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    Nothing,
    Text(String),
    Account(AccountId),
    Institution(InstitutionId),
    Matter(u64),
}

/// A fact, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    pub kind: String,
    pub who: Vec<String>,
    pub about: About,
    pub fact: Value,
}

impl Happening {
    /// `None`: it is no fact.
    pub fn read(json: &str) -> Option<Self> {
        let fact: Value = serde_json::from_str(json).ok()?;
        let tag = fact.get("fact")?.as_str()?;
        let (kind, who, about) = match tag {
            "office" => of_office(fact.get("event")?)?,
            tag => (tag.to_owned(), of_books(&fact), about_books(tag, &fact)),
        };
        Some(Self { kind, who, about, fact })
    }

    /// Whether it is about one of these; accounts are opened many at a time.
    pub fn is_about(&self, wanted: &[About]) -> bool {
        let opened = self.fact.get("accounts").and_then(Value::as_array);
        let opened = opened.into_iter().flatten().filter_map(|one| one.get("number")?.as_str());
        let is = |number: &str| {
            wanted.iter().any(|one| matches!(one, About::Text(text) if text == number))
        };
        wanted.contains(&self.about) || opened.into_iter().any(is)
    }

    /// Where it belongs, for who may not see all of the bank.
    pub fn institution(&self, state: &Bank) -> Option<InstitutionId> {
        let of_operator =
            |number: &String| state.office.people.operators.get(number).map(|one| one.institution);
        match &self.about {
            About::Account(id) => {
                state.book.accounts.heads.get(id.index()).map(|at| at.institution)
            }
            About::Institution(id) => Some(*id),
            About::Text(text) => self.who.iter().chain([text]).find_map(of_operator),
            About::Nothing | About::Matter(_) => self.who.iter().find_map(of_operator),
        }
    }

    /// What it is about, as people name it.
    pub fn about(&self, state: &Bank) -> String {
        match &self.about {
            About::Nothing => String::new(),
            About::Text(text) => text.clone(),
            About::Account(id) if id.index() < state.book.accounts.len() => {
                state.book.accounts.number(*id).to_owned()
            }
            About::Account(id) => id.index().to_string(),
            About::Institution(id) => {
                let known = state.book.institutions.get(id.index());
                known.map_or_else(|| id.index().to_string(), |one| one.code.clone())
            }
            About::Matter(id) => id.to_string(),
        }
    }

    /// The fact without what is too much to show, and whether anything was cut.
    pub fn shown(mut self) -> (Value, bool) {
        let cut = shorten(&mut self.fact);
        (self.fact, cut)
    }
}

/// Names under a key: one, or each of a list.
fn names(value: &Value, keys: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for text in keys.iter().filter_map(|key| value.get(key)?.as_str()) {
        if !text.is_empty() && !names.iter().any(|known| known == text) {
            names.push(text.to_owned());
        }
    }
    names
}

fn of_books(fact: &Value) -> Vec<String> {
    match fact.get("correction") {
        Some(correction) => names(correction, &["poster", "applicant", "verifier", "approver"]),
        None => names(fact, &["operator", "by"]),
    }
}

fn about_books(tag: &str, fact: &Value) -> About {
    let text = |value: Option<&Value>| match value {
        Some(Value::String(text)) => About::Text(text.clone()),
        Some(Value::Number(number)) => About::Text(number.to_string()),
        _ => About::Nothing,
    };
    let account = |value: Option<&Value>| {
        let id = value.and_then(Value::as_u64).and_then(|id| u32::try_from(id).ok());
        id.map_or(About::Nothing, |id| About::Account(AccountId(id)))
    };
    match tag {
        "accounts_opened" => text(fact.pointer("/accounts/0/number")),
        "institution_added" => text(fact.get("code")),
        "bank_created" => text(fact.get("bank")),
        "rulebook_activated" => text(fact.get("hash")),
        "hold_placed" => account(fact.pointer("/hold/account")),
        "hold_reduced" => text(fact.get("hold")),
        "step_done" => text(fact.get("step")),
        "day_closed" => text(fact.pointer("/certificate/day")),
        "correction_filed" => text(fact.pointer("/correction/original")),
        _ => match (fact.get("account"), institution(fact)) {
            (Some(id), _) => account(Some(id)),
            (None, About::Nothing) => text(fact.get("day")),
            (None, at) => at,
        },
    }
}

fn institution(value: &Value) -> About {
    let id = value.get("institution").and_then(Value::as_u64);
    let id = id.and_then(|id| u16::try_from(id).ok());
    id.map_or(About::Nothing, |id| About::Institution(InstitutionId(id)))
}

fn of_office(event: &Value) -> Option<(String, Vec<String>, About)> {
    let tag = event.get("office")?.as_str()?;
    let text = |key: &str| event.get(key).and_then(Value::as_str).unwrap_or_default();
    let named = |key: &str| About::Text(text(key).to_owned());
    let matter = || event.get("id").and_then(Value::as_u64).map_or(About::Nothing, About::Matter);
    let (kind, who, about) = match tag {
        "noted" if text("about").is_empty() => (text("kind"), names(event, &["operator"]), None),
        "noted" => (text("kind"), names(event, &["operator"]), Some(named("about"))),
        "opened" | "saved" | "handled" => (tag, names(event, &["by"]), Some(matter())),
        "acted" => {
            let hands = event.get("hands").and_then(Value::as_array);
            let hands = hands.into_iter().flatten();
            let who = hands.flat_map(|hand| names(hand, &["operator", "instead_of"])).collect();
            (tag, who, Some(matter()))
        }
        "number_set" => (tag, Vec::new(), Some(named("code"))),
        "place_opened" | "place_closed" | "keeper_changed" => {
            (tag, Vec::new(), Some(named("place")))
        }
        "custody" => (tag, Vec::new(), None),
        _ => (tag, Vec::new(), Some(named("operator"))),
    };
    Some((kind.to_owned(), who, about.unwrap_or(About::Nothing)))
}

/// Cuts lists and texts that are too long: a rulebook is a fact of some hundred files.
fn shorten(value: &mut Value) -> bool {
    match value {
        Value::String(text) => match text.char_indices().nth(LETTERS_MAX) {
            Some((end, _)) => {
                text.truncate(end);
                text.push('…');
                true
            }
            None => false,
        },
        Value::Array(list) => {
            let long = list.len() > ELEMENTS_MAX;
            list.truncate(ELEMENTS_MAX);
            list.iter_mut().fold(long, |cut, value| shorten(value) | cut)
        }
        Value::Object(fields) => fields.values_mut().fold(false, |cut, value| shorten(value) | cut),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bank::office::event::Event;
    use bank::office::trail::{Kind, Note};
    use ledger::fact::{By, Fact};

    fn read(fact: &Fact) -> Happening {
        Happening::read(&serde_json::to_string(fact).unwrap()).unwrap()
    }

    #[test]
    fn a_note_says_who_read_what() {
        let note = Note {
            at: 1,
            operator: "ana".to_owned(),
            kind: Kind::Read,
            about: "6001".to_owned(),
            from: String::new(),
            note: String::new(),
        };
        let one = read(&Fact::Office { event: Event::Noted(note).written() });
        assert_eq!((one.kind.as_str(), one.who), ("read", vec!["ana".to_owned()]));
        assert_eq!(one.about, About::Text("6001".to_owned()));
    }

    #[test]
    fn a_fact_of_the_books_says_whose_account() {
        let one = read(&Fact::StatusChanged {
            account: AccountId(7),
            status: ledger::account::Status::Normal,
            reason: "r".to_owned(),
            document: String::new(),
            who: By { operator: "bo".to_owned(), asked: None },
        });
        assert_eq!(
            (one.kind.as_str(), one.about),
            ("status_changed", About::Account(AccountId(7)))
        );
        assert_eq!(one.who, ["bo"]);
    }

    #[test]
    fn an_amount_is_nobody() {
        let one = read(&Fact::HoldReduced {
            hold: 3,
            by: 500,
            why: ledger::fact::HoldEnd::Expired,
            reason: String::new(),
            who: By::default(),
        });
        assert_eq!((one.who.len(), one.about), (0, About::Text("3".to_owned())));
    }

    #[test]
    fn what_is_too_long_is_cut_and_says_so() {
        let files = vec![("a.toml".to_owned(), "长".repeat(1_000)); 50];
        let one = read(&Fact::RulebookActivated { hash: "h".to_owned(), files });
        let (fact, cut) = one.shown();
        assert!(cut && fact["files"].as_array().unwrap().len() == ELEMENTS_MAX);
        let text = fact.pointer("/files/0/1").unwrap().as_str().unwrap();
        assert_eq!(text.chars().count(), LETTERS_MAX + 1);
    }
}
