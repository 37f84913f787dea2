//! People: operators (柜员), the posts that they hold for a time, and who stands in for whom.

use super::definition::Office;
use super::event::{Instant, Standing};
use ledger::Day;
use ledger::book::Book;
use ledger::chart::Title;
use ledger::entry::InstitutionId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 柜员.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    pub name: String,
    pub institution: InstitutionId,
    pub standing: Standing,
    pub grants: Vec<Grant>,
    /// When the password was last reset: one that is older opens nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_reset: Option<Instant>,
}

/// A post held for a time; with a last day it is a cover (临时代班) or ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub post: String,
    pub institution: InstitutionId,
    pub from: Day,
    pub until: Option<Day>,
    pub document: String,
}

impl Grant {
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Whether it and a time with these ends share a day.
    pub fn overlaps(&self, from: Day, until: Option<Day>) -> bool {
        self.until.is_none_or(|own| from <= own) && until.is_none_or(|until| self.from <= until)
    }
}

impl Operator {
    /// What of the posts is held on a day.
    pub fn held_on(&self, day: Day) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(move |grant| grant.holds_on(day))
    }
}

/// 请假: the deputy may act where the operator alone could.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub operator: String,
    pub deputy: String,
    pub from: Day,
    pub until: Day,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    pub operators: BTreeMap<String, Operator>,
    pub absences: Vec<Absence>,
}

impl People {
    /// Where somebody holds a post on a day.
    pub fn places_of<'a>(
        &'a self,
        operator: &str,
        post: &'a str,
        day: Day,
    ) -> impl Iterator<Item = InstitutionId> + 'a {
        let held = self.operators.get(operator).into_iter().flat_map(move |one| one.held_on(day));
        held.filter(move |grant| grant.post == post).map(|grant| grant.institution)
    }

    pub fn holds(&self, operator: &str, post: &str, at: InstitutionId, day: Day) -> bool {
        self.places_of(operator, post, day).any(|place| place == at)
    }

    /// Who may act in the place of an operator today.
    pub fn deputies<'a>(&'a self, operator: &'a str, day: Day) -> impl Iterator<Item = &'a str> {
        let absences = self.absences.iter().filter(move |absence| {
            absence.operator == operator && absence.from <= day && day <= absence.until
        });
        absences.map(|absence| absence.deputy.as_str())
    }

    /// A pair of incompatible posts that this grant would make, with the reason that keeps them
    /// apart (不相容岗位). Posts count wherever they are held, but not one that is being left.
    pub fn clash<'a>(
        &'a self,
        office: &'a Office,
        operator: &str,
        (post, leaving): (&str, &str),
        (from, until): (Day, Option<Day>),
    ) -> Option<(&'a str, &'a Title)> {
        let grants = &self.operators.get(operator)?.grants;
        for apart in office.apart.iter().filter(|apart| apart.posts.iter().any(|one| one == post)) {
            let other = grants.iter().find(|grant| {
                grant.post != post
                    && grant.post != leaving
                    && apart.posts.contains(&grant.post)
                    && grant.overlaps(from, until)
            });
            if let Some(other) = other {
                return Some((&other.post, &apart.why));
            }
        }
        None
    }
}

/// Whether an institution is another or lies below it.
pub fn is_below(book: &Book, at: InstitutionId, top: InstitutionId) -> bool {
    upwards(book, at).any(|above| above == top)
}

/// An institution and those above it, itself first.
pub fn upwards(book: &Book, from: InstitutionId) -> impl Iterator<Item = InstitutionId> + '_ {
    std::iter::successors(Some(from), |at| book.institution(*at).parent)
}
