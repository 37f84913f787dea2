//! Who may put a hand to a step, and when the step is done.
//!
//! One person has one hand in a record, unless the file says why more is right. A hand belongs to
//! a post at an institution, or to the operator that a field names; what an amount needs is the
//! first band whose bound it does not exceed.

use super::definition::{Band, Field, FieldKind, Hand as HandDef, Matter, Mode, Test, When, Where};
use super::event::{Hand, Instant, Standing};
use super::people::{People, upwards};
use super::record::Record;
use super::value::{Value, Values};
use super::{numbers, refusal};
use crate::rulebook::Role;
use ledger::Refusal;
use ledger::book::Book;
use ledger::chart::Title;
use ledger::entry::InstitutionId;
use ledger::post::HEAD_OFFICE;
use rust_decimal::Decimal;

/// Who signs, and until when they are signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub operator: String,
    /// None: a session that does not end, as of the command line.
    pub until: Option<Instant>,
}

impl Signed {
    pub fn by(operator: &str) -> Self {
        Self { operator: operator.to_owned(), until: None }
    }
}

/// Refuses who is unknown, locked, signed out, or signs twice.
pub fn check_signers(people: &People, signers: &[Signed], now: Instant) -> Result<(), Refusal> {
    if signers.is_empty() {
        return Err(ledger::refusal::missing("by"));
    }
    for (at, signer) in signers.iter().enumerate() {
        let field = if at == 0 { "by".to_owned() } else { format!("with[{}]", at - 1) };
        let known = people.operators.get(&signer.operator);
        let known = known
            .ok_or_else(|| refusal::unknown(&field, ("柜员", "operator"), &signer.operator))?;
        if known.standing != Standing::Active {
            return Err(refusal::operator_not_active(&field, &signer.operator));
        }
        if signer.until.is_some_and(|until| until < now) {
            return Err(refusal::session_expired(&field, &signer.operator));
        }
        if signers[..at].iter().any(|other| other.operator == signer.operator) {
            return Err(refusal::same_operator(&field, &signer.operator));
        }
    }
    Ok(())
}

/// Whether a condition holds for the values of a record.
pub fn holds(book: &Book, matter: &Matter, values: &Values, when: Option<&When>) -> bool {
    let Some(when) = when else { return true };
    let field = &matter.fields[when.field];
    let value = values.get(&field.name);
    let bound = |text: &str| {
        text.parse().ok().or_else(|| book.chart.numbers.on(text, book.today)).unwrap_or_default()
    };
    match &when.test {
        Test::Is(is) => is.contains(&value.map(Value::text).unwrap_or_default()),
        Test::AtLeast(least) => amount_of(field, value) >= bound(least),
        Test::Below(below) => amount_of(field, value) < bound(below),
    }
}

/// How many people a hand of the record's step still needs.
pub fn still_needed(book: &Book, matter: &Matter, record: &Record, hand: usize) -> usize {
    let Some(step) = record.step(matter) else { return 0 };
    let step = &matter.steps[step];
    let def = &step.hands[hand];
    if !holds(book, matter, &record.values, def.when.as_ref()) {
        return 0;
    }
    let needs = needs_of(matter, record, def);
    let given =
        |at: usize| record.given().filter(|hand| hand.hand.map(usize::from) == Some(at)).count();
    let not_now = match step.mode {
        Mode::Any => (0..step.hands.len()).any(|at| given(at) > 0),
        Mode::Vote => (0..step.hands.len()).map(given).sum::<usize>() >= usize::from(step.votes),
        Mode::All => false,
        Mode::Sequence => (0..hand).any(|at| {
            let def = &step.hands[at];
            holds(book, matter, &record.values, def.when.as_ref())
                && given(at) < needs_of(matter, record, def)
        }),
    };
    if not_now { 0 } else { needs.saturating_sub(given(hand)) }
}

fn needs_of(matter: &Matter, record: &Record, def: &HandDef) -> usize {
    match def.who.map(|field| record.value(&matter.fields[field].name)) {
        Some(Some(Value::Codes(all))) => all.len(),
        _ => usize::from(def.count),
    }
}

/// Whether every hand of the step is given.
pub fn is_done(book: &Book, matter: &Matter, record: &Record) -> bool {
    let Some(step) = record.step(matter) else { return false };
    record.signers.is_empty()
        && (0..matter.steps[step].hands.len())
            .all(|hand| still_needed(book, matter, record, hand) == 0)
}

/// The band of a hand that the record's amount asks for.
pub fn band<'a>(
    book: &Book,
    matter: &Matter,
    record: &Record,
    hand: &'a HandDef,
) -> Option<&'a Band> {
    let amount = hand.by_amount.map(|field| {
        let field = &matter.fields[field];
        amount_of(field, record.value(&field.name))
    });
    hand.bands.iter().find(|band| match (&band.up_to, amount) {
        (Some(code), Some(amount)) => {
            numbers::at(book, code, record.institution).is_some_and(|bound| amount <= bound)
        }
        _ => true,
    })
}

fn amount_of(field: &Field, value: Option<&Value>) -> Decimal {
    match (value, &field.kind) {
        (Some(Value::Money(minor)), FieldKind::Money(digits, _)) => {
            Decimal::new(*minor, u32::from(*digits)).abs()
        }
        (Some(Value::Integer(number)), _) => Decimal::from(*number),
        (Some(Value::Decimal(number)), _) => *number,
        _ => Decimal::ZERO,
    }
}

/// The institution that a hand or an account is looked for at.
pub fn place_of(
    book: &Book,
    people: &People,
    matter: &Matter,
    record: &Record,
    at: &Where,
) -> Option<InstitutionId> {
    match at {
        Where::Own | Where::Above => Some(record.institution),
        Where::Head => Some(HEAD_OFFICE),
        Where::Field(field) => {
            let field = &matter.fields[*field];
            institution_of(book, people, &field.kind, record.value(&field.name)?)
        }
    }
}

/// The institution that a value belongs to.
pub fn institution_of(
    book: &Book,
    people: &People,
    kind: &FieldKind,
    value: &Value,
) -> Option<InstitutionId> {
    let Value::Code(code) = value else { return None };
    match kind {
        FieldKind::Place(_) => book.institution_by_code(code.split('/').next().unwrap_or_default()),
        FieldKind::Institution => book.institution_by_code(code),
        FieldKind::Operator => people.operators.get(code).map(|one| one.institution),
        FieldKind::Account => {
            let id = book.accounts.by_number(code)?;
            Some(book.accounts.heads[id.index()].institution)
        }
        _ => None,
    }
}

/// What everyone who acts is measured against.
pub struct Acting<'a> {
    pub book: &'a Book,
    pub people: &'a People,
    pub matter: &'a Matter,
    pub record: &'a Record,
    pub now: Instant,
}

impl Acting<'_> {
    /// Finds the hand that an operator may give now, or says why there is none.
    pub fn hand_of(&self, operator: &str) -> Result<Hand, Refusal> {
        let Self { matter, record, now, book, .. } = self;
        let step = record.step(matter).ok_or_else(|| refusal::matter_ended(record.id))?;
        let hand = |at: Option<usize>, role: Role, instead_of: String| Hand {
            step: matter.steps[step].name.clone(),
            hand: at.and_then(|at| u16::try_from(at).ok()),
            role,
            operator: operator.to_owned(),
            instead_of,
            at: *now,
        };
        if record.signers.iter().any(|signer| signer == operator) {
            self.check_repeat(operator, None)?;
            return Ok(hand(None, Role::Countersigner, String::new()));
        }
        let mut first_no = None;
        for (at, def) in matter.steps[step].hands.iter().enumerate() {
            if still_needed(book, matter, record, at) == 0 {
                continue;
            }
            match self.may(operator, (at, def)) {
                Ok(instead_of) => {
                    if record.has_given(at, operator, &instead_of) {
                        let step = &matter.steps[step].name;
                        first_no.get_or_insert(refusal::one_hand_only(operator, step));
                        continue;
                    }
                    self.check_repeat(operator, def.may_repeat.as_ref())?;
                    return Ok(hand(Some(at), def.role, instead_of));
                }
                Err(no) => {
                    first_no.get_or_insert(no);
                }
            }
        }
        Err(first_no.unwrap_or_else(|| refusal::hand_given(operator)))
    }

    /// Whether an operator may give this hand, in whose place if not in their own.
    fn may(&self, operator: &str, (at, def): (usize, &HandDef)) -> Result<String, Refusal> {
        let Self { people, record, book, .. } = self;
        if let Some(assigned) = &record.assigned
            && assigned != operator
            && !people.deputies(assigned, book.today).any(|deputy| deputy == operator)
        {
            return Err(refusal::assigned_to(record.id, assigned));
        }
        if let Some((owner, _)) = record.delegated.iter().find(|(_, to)| to == operator) {
            self.qualified(owner, def)?;
            return Ok(owner.clone());
        }
        match self.qualified(operator, def) {
            Ok(()) => Ok(String::new()),
            Err(no) => {
                let absent = people.absences.iter().find(|absence| {
                    absence.deputy == operator
                        && absence.from <= book.today
                        && book.today <= absence.until
                        && def.who.is_some()
                        && self.qualified(&absence.operator, def).is_ok()
                });
                let absent = absent.map(|absence| absence.operator.clone());
                absent.or_else(|| self.late(operator, (at, def))).ok_or(no)
            }
        }
    }

    /// Who was named and is late, if the operator holds the post that it was escalated to: work and
    /// opinions may be given in another's place; nobody reads, signs for things or keeps them so.
    fn late(&self, operator: &str, (at, def): (usize, &HandDef)) -> Option<String> {
        let named = self.record.value(&self.matter.fields[def.who?].name)?;
        let named = match named {
            Value::Code(one) => std::slice::from_ref(one),
            Value::Codes(all) => all.as_slice(),
            _ => &[],
        };
        let office = matches!(def.role, Role::Handler | Role::Countersigner);
        let above = office && self.is_above(operator);
        let mut late = named.iter().filter(|name| above && !self.record.is_given(at, name));
        late.next().cloned()
    }

    /// Whether somebody holds the post that the matter was escalated to.
    fn is_above(&self, operator: &str) -> bool {
        let Self { people, record, book, .. } = self;
        record.escalated.as_ref().is_some_and(|post| {
            let mut above = upwards(book, record.institution);
            above.any(|at| people.holds(operator, post, at, book.today))
        })
    }

    fn qualified(&self, operator: &str, def: &HandDef) -> Result<(), Refusal> {
        let Self { people, record, book, matter, .. } = self;
        if let Some(field) = def.who {
            let named = record.value(&matter.fields[field].name);
            let is_named = match named {
                Some(Value::Code(one)) => one == operator,
                Some(Value::Codes(all)) => all.iter().any(|one| one == operator),
                _ => false,
            };
            let named = named.map(Value::text).unwrap_or_default();
            let yes = is_named.then_some(()).ok_or_else(|| refusal::not_the_one(operator, &named));
            yes?;
        }
        if self.is_above(operator) {
            return Ok(());
        }
        let Some(band) = band(book, matter, record, def) else {
            return Err(refusal::no_authority(&matter.code));
        };
        let Some(post) = &band.post else { return Ok(()) };
        let wanted = place_of(book, people, matter, record, &band.at);
        let held: Vec<InstitutionId> = people.places_of(operator, post, book.today).collect();
        let fits = wanted.is_some_and(|wanted| match band.at {
            Where::Above => upwards(book, wanted).any(|at| held.contains(&at)),
            _ => held.contains(&wanted),
        });
        if fits {
            return Ok(());
        }
        let lower = def.bands.iter().take_while(|other| *other != band);
        let mut lower = lower.filter_map(|other| other.post.as_deref());
        if let Some(own) = lower.find(|own| people.places_of(operator, own, book.today).count() > 0)
        {
            return Err(refusal::above_authority(operator, own, post));
        }
        let at = wanted.map_or("?", |at| book.institution(at).code.as_str());
        Err(refusal::not_your_post(operator, post, at))
    }

    fn check_repeat(&self, operator: &str, allowed: Option<&Title>) -> Result<(), Refusal> {
        let before = self.record.hands.iter().find(|hand| hand.operator == operator);
        let now = self.record.given().find(|hand| hand.operator == operator);
        // Whatever the file allows, two hands of one step are two people.
        if let Some(hand) = now {
            return Err(refusal::one_hand_only(operator, &hand.step));
        }
        match (before, allowed) {
            (Some(hand), None) => Err(refusal::one_hand_only(operator, &hand.step)),
            _ => Ok(()),
        }
    }
}
