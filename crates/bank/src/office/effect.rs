//! What a step does to things and books: moves of custody, and the one entry that goes with them.
//!
//! A place is named by its institution, its kind and, for boxes and transit, what tells it from
//! others: `0101/vault`, `0101/box/1007`, `0000/transit/12`. Its kind says which account its cash
//! and stock are booked on, so that a move books itself: things and books cannot part.

use super::definition::{Booked, FieldKind, How, Matter, Office, PlaceOf, Source, Where};
use super::people::People;
use super::record::Record;
use super::refusal;
use super::step::{holds, place_of};
use super::value::Value;
use crate::rulebook::Rulebook;
use custody::{Count, Move, Order, Range, Serial};
use ledger::book::Book;
use ledger::entry::{AccountId, InstitutionId, ItemId, KindId, Line, LineFlags, Mark, UnitId};
use ledger::fact::{Draft, Fact};
use ledger::{Refusal, journal, money};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeMap;

/// A step being done: the record with what this request gives, and who acts.
pub struct Doing<'a> {
    /// The rulebook in force.
    pub rulebook: &'a Rulebook,
    /// That of the record, which it keeps to its end.
    pub office: &'a Office,
    pub people: &'a People,
    pub matter: &'a Matter,
    pub record: &'a Record,
    pub operator: &'a str,
}

/// Lines of the entry that a step posts, debit positive, and what marks them.
#[derive(Debug, Default)]
pub struct Lines {
    pub lines: Vec<Line>,
    pub marks: Vec<Mark>,
    /// How many of them moves of things made, which alone may post to what custody keeps.
    pub moved: usize,
}

impl Lines {
    fn add(&mut self, account: AccountId, amount: i64) {
        if amount != 0 {
            let side = if amount < 0 { LineFlags::CREDIT } else { 0 };
            self.lines.push(Line { account, amount: amount.abs(), flags: LineFlags(side) });
        }
    }

    fn mark(&mut self, clears: Option<ItemId>, quantity: Option<i64>) {
        if clears.is_some() || quantity.is_some() {
            let line = u32::try_from(self.lines.len() - 1).expect("lines of a step are few");
            self.marks.push(Mark { line, clears, quantity });
        }
    }
}

/// The institution and the kind of a place, if it is one that the bank keeps.
pub fn kind_of<'a>(book: &Book, place: &'a str) -> Option<(InstitutionId, &'a str)> {
    let mut parts = place.split('/');
    let institution = book.institution_by_code(parts.next()?)?;
    Some((institution, parts.next()?))
}

/// Face of notes in minor units; `None` if it is beyond what money holds.
pub fn face(office: &Office, counts: &[Count]) -> Option<i64> {
    counts.iter().try_fold(0_i64, |sum, count| {
        let face = office.denominations.get(&count.note.denom)?.face;
        sum.checked_add(face.checked_mul(count.pieces)?)
    })
}

/// What one piece of a kind of stock is booked at, in minor units of the base currency.
pub fn piece_value(book: &Book, office: &Office, kind: &str) -> i64 {
    let face = office.stocks.get(kind).and_then(|stock| stock.face);
    face.unwrap_or_else(|| {
        let notional = book.chart.numbers.on("gl.voucher_notional", book.today);
        let digits = book.chart.unit(book.chart.base_unit).digits;
        let yuan = notional.and_then(|yuan| i64::try_from(yuan).ok()).unwrap_or(1);
        yuan * 10_i64.pow(u32::from(digits))
    })
}

/// What ranges come to at so much a piece of each kind; `None` if it is beyond what money holds.
pub fn worth(ranges: &[Range], each: impl Fn(&str) -> Option<i64>) -> Option<i64> {
    ranges.iter().try_fold(0_i64, |sum, range| {
        let pieces = i64::try_from(range.pieces()?).ok()?;
        sum.checked_add(each(&range.kind)?.checked_mul(pieces)?)
    })
}

/// A price in minor units of the base currency: a dated number in yuan, nothing before its time.
pub fn price(book: &Book, code: &str) -> Option<i64> {
    let yuan = book.chart.numbers.on(code, book.today).unwrap_or_default();
    let scale = 10_i64.pow(u32::from(book.chart.unit(book.chart.base_unit).digits));
    (yuan * Decimal::from(scale)).to_i64()
}

impl Doing<'_> {
    pub fn value(&self, field: usize) -> Option<&Value> {
        self.record.value(&self.matter.fields[field].name)
    }

    /// A field's value as people write it: money in its unit, not in what the unit is counted in.
    fn text(&self, field: usize) -> String {
        match (self.value(field), &self.matter.fields[field].kind) {
            (Some(Value::Money(minor)), FieldKind::Money(digits, _)) => {
                money::plain(i128::from(*minor), *digits)
            }
            (value, _) => value.map(Value::text).unwrap_or_default(),
        }
    }

    pub fn source(&self, book: &Book, source: &Source) -> String {
        match source {
            Source::Field(field) => self.text(*field),
            Source::Literal(text) => text.clone(),
            Source::Today => book.today.to_string(),
            Source::Operator => self.operator.to_owned(),
            Source::Institution => book.institution(self.record.institution).code.clone(),
            Source::Number => self.record.number.clone(),
            Source::OwnBox => own_box(book, self.people, self.operator),
        }
    }

    /// The place that a move names, as custody knows it.
    fn place(&self, book: &Book, place: &PlaceOf, from: Option<&str>) -> Result<String, Refusal> {
        let record = self.record;
        let code = |field: usize| {
            let name = &self.matter.fields[field].name;
            let text = self.value(field).map(Value::text).unwrap_or_default();
            if text.is_empty() { Err(ledger::refusal::missing(name)) } else { Ok(text) }
        };
        Ok(match place {
            PlaceOf::Field(field) => code(*field)?,
            PlaceOf::Transit => match (&record.transit, from) {
                (Some(transit), _) => transit.clone(),
                (None, Some(from)) => {
                    // What comes from outside is on its way to whom the matter belongs.
                    let own = || book.institution(record.institution).code.as_str();
                    let institution = from.split_once('/').map_or_else(own, |(at, _)| at);
                    format!("{institution}/transit/{}", record.id)
                }
                (None, None) => return Err(refusal::nothing_in_transit(record.id)),
            },
            PlaceOf::Outside => custody::OUTSIDE.to_owned(),
            PlaceOf::Destroyed => "destroyed".to_owned(),
            PlaceOf::Used => "used".to_owned(),
            PlaceOf::Lost => "lost".to_owned(),
            PlaceOf::Customer(field) => format!("customer/{}", code(*field)?),
        })
    }

    /// The moves of the record's step, and the transit place that they use.
    pub fn moves(&self, book: &Book) -> Result<(Vec<Move>, Option<String>), Refusal> {
        let mut moves = Vec::new();
        let mut transit = None;
        let Some(step) = self.record.step(self.matter) else { return Ok((moves, None)) };
        for moving in &self.matter.steps[step].moves {
            if !holds(book, self.matter, &self.record.values, moving.when.as_ref()) {
                continue;
            }
            let Some(value) = self.value(moving.what) else { continue };
            match &moving.how {
                How::Pass { from, to, in_order, .. } => {
                    let from = self.place(book, from, None)?;
                    let goes_to_transit = *to == PlaceOf::Transit;
                    let to = self.place(book, to, Some(&from))?;
                    if goes_to_transit {
                        transit = Some(to.clone());
                    }
                    let order = if *in_order { Order::Lowest } else { Order::Any };
                    pass(value, &from, &to, order, &mut moves);
                }
                How::Sort { at, into } => {
                    let at = self.place(book, at, None)?;
                    if let Value::Notes(counts) = value {
                        moves.push(Move::Sort { at, counts: counts.clone(), into: *into });
                    }
                }
                How::Void { at } => {
                    let at = self.place(book, at, None)?;
                    for range in ranges(value) {
                        moves.push(Move::Void { range, at: at.clone() });
                    }
                }
                How::Mark { set } => {
                    let set: BTreeMap<String, String> = set
                        .iter()
                        .map(|(name, source)| (name.clone(), self.source(book, source)))
                        .collect();
                    let name = &self.matter.fields[moving.what].name;
                    let marks = things(value, name)?.into_iter();
                    moves.extend(marks.map(|thing| Move::Mark { thing, set: set.clone() }));
                }
            }
        }
        Ok((moves, transit))
    }

    /// The lines that the step posts: those of its moves first.
    pub fn lines(
        &self,
        book: &mut Book,
        moves: &[Move],
        draft: &mut Draft,
    ) -> Result<Lines, Refusal> {
        let mut lines = Lines::default();
        for one in moves {
            match one {
                Move::Cash { from, to, counts } => {
                    let face = face(self.office, counts);
                    let face = face.ok_or_else(|| refusal::sum_too_large("notes"))?;
                    self.cash_lines(book, (from, to), face, &mut lines, draft)?;
                }
                Move::Stock { range, from, to, .. } => {
                    self.stock_lines(book, (from, to), range, &mut lines, draft)?;
                }
                Move::Sort { .. } | Move::Void { .. } | Move::Mark { .. } => {}
            }
        }
        lines.moved = lines.lines.len();
        self.posted(book, &mut lines, draft)?;
        self.written(book, &mut lines)?;
        Ok(lines)
    }

    fn cash_account(&self, book: &mut Book, place: &str, draft: &mut Draft) -> Option<AccountId> {
        let (institution, kind) = kind_of(book, place)?;
        let kind = self.office.places.get(kind)?.cash.as_deref()?;
        let kind = book.chart.kind_by_code(kind)?;
        Some(account(book, kind, institution, draft))
    }

    fn cash_lines(
        &self,
        book: &mut Book,
        (from, to): (&str, &str),
        face: i64,
        lines: &mut Lines,
        draft: &mut Draft,
    ) -> Result<(), Refusal> {
        let from_account = self.cash_account(book, from, draft);
        let to_account = self.cash_account(book, to, draft);
        if from_account == to_account && from_account.is_some() {
            return Ok(());
        }
        let (debit, credit) = match (to_account, from_account) {
            (Some(debit), Some(credit)) => ((debit, None), (credit, None)),
            (None, None) => return Ok(()),
            (Some(debit), None) => ((debit, None), self.against(book, (from, to), draft)?),
            (None, Some(credit)) => (self.against(book, (from, to), draft)?, (credit, None)),
        };
        for ((account, clears), amount) in [(debit, face), (credit, -face)] {
            lines.add(account, amount);
            lines.mark(clears, None);
        }
        Ok(())
    }

    /// The account that a move with one booked end is posted against, and the item it clears.
    fn against(
        &self,
        book: &mut Book,
        (from, to): (&str, &str),
        draft: &mut Draft,
    ) -> Result<(AccountId, Option<ItemId>), Refusal> {
        let step = self.record.step(self.matter).expect("a step is being done");
        let mut passes = self.matter.steps[step].moves.iter().filter_map(|moving| {
            if !holds(book, self.matter, &self.record.values, moving.when.as_ref()) {
                return None;
            }
            match &moving.how {
                How::Pass { against: Some(against), from: source, to: target, clears, .. } => {
                    let source = self.place(book, source, None).ok()?;
                    let target = self.place(book, target, Some(&source)).ok()?;
                    (source == from && target == to).then_some((against, *clears))
                }
                _ => None,
            }
        });
        let (against, clears) = passes.next().ok_or_else(|| refusal::not_booked(from, to))?;
        let unit = book.chart.base_unit;
        let account = self.booked(book, against, unit, draft)?;
        Ok((account, self.item(clears)?))
    }

    /// The open item that a field names.
    fn item(&self, field: Option<usize>) -> Result<Option<ItemId>, Refusal> {
        let text = field.and_then(|field| self.value(field)).map(Value::text).unwrap_or_default();
        if text.is_empty() {
            return Ok(None);
        }
        let item = journal::parse_item(&text);
        item.map(Some).ok_or_else(|| ledger::refusal::item_malformed(&text))
    }

    fn stock_account(
        &self,
        book: &mut Book,
        place: &str,
        family: &str,
        draft: &mut Draft,
    ) -> Option<AccountId> {
        let (institution, kind) = kind_of(book, place)?;
        let kind = self.office.places.get(kind)?.stock.get(family)?;
        let kind = book.chart.kind_by_code(kind)?;
        Some(account(book, kind, institution, draft))
    }

    fn stock_lines(
        &self,
        book: &mut Book,
        (from, to): (&str, &str),
        range: &Range,
        lines: &mut Lines,
        draft: &mut Draft,
    ) -> Result<(), Refusal> {
        let stock = self.office.stocks.get(&range.kind);
        let Some(family) = stock.and_then(|stock| stock.family.clone()) else { return Ok(()) };
        let (out, into) = (
            self.stock_account(book, from, &family, draft),
            self.stock_account(book, to, &family, draft),
        );
        if out == into {
            return Ok(());
        }
        let pieces = range.to.checked_sub(range.from).and_then(|more| more.checked_add(1));
        let pieces = pieces.and_then(|pieces| i64::try_from(pieces).ok());
        let value = piece_value(book, self.office, &range.kind);
        let sums = pieces.and_then(|pieces| Some((pieces, pieces.checked_mul(value)?)));
        let (pieces, value) = sums.ok_or_else(|| refusal::sum_too_large("serials"))?;
        if let Some(account) = into {
            lines.add(account, value);
            lines.mark(None, Some(pieces));
        }
        if let Some(account) = out {
            lines.add(account, -value);
            lines.mark(None, Some(pieces));
        }
        Ok(())
    }

    fn posted(&self, book: &mut Book, lines: &mut Lines, draft: &mut Draft) -> Result<(), Refusal> {
        let Some(step) = self.record.step(self.matter) else { return Ok(()) };
        for posting in &self.matter.steps[step].posts {
            if !holds(book, self.matter, &self.record.values, posting.when.as_ref()) {
                continue;
            }
            let field = &self.matter.fields[posting.amount];
            let (Some(Value::Money(amount)), FieldKind::Money(_, unit)) =
                (self.value(posting.amount), &field.kind)
            else {
                continue;
            };
            let (amount, unit) = (*amount, book.chart.unit_by_code(unit));
            let unit = unit.unwrap_or(book.chart.base_unit);
            let clears = self.item(posting.clears)?;
            let pieces = posting.pieces.and_then(|field| match self.value(field) {
                Some(Value::Integer(pieces)) => Some(*pieces),
                _ => None,
            });
            for (booked, sign) in [(&posting.debit, 1), (&posting.credit, -1)] {
                let Some(booked) = booked else { continue };
                let account = self.booked(book, booked, unit, draft)?;
                if amount == 0 {
                    continue;
                }
                same_unit(book, account, unit).map_err(|no| no.at(&*field.name))?;
                lines.add(account, sign * amount);
                let kind = book.accounts.heads[account.index()].kind;
                let item = clears.filter(|_| book.chart.kind(kind).open_item);
                lines.mark(item, pieces);
            }
        }
        Ok(())
    }

    /// Lines that people wrote themselves (手工凭证): account, side, amount, the item that is cleared.
    fn written(&self, book: &Book, lines: &mut Lines) -> Result<(), Refusal> {
        let Some(step) = self.record.step(self.matter) else { return Ok(()) };
        let acts = self.matter.steps[step].acts.iter().filter(|act| act.verb == "post_rows");
        for act in acts {
            let Some(Source::Field(field)) = act.args.get("rows") else { continue };
            let name = &self.matter.fields[*field].name;
            let Some(Value::Rows(rows)) = self.value(*field) else { continue };
            for (at, row) in rows.iter().enumerate() {
                let text = |name: &str| row.get(name).map(Value::text).unwrap_or_default();
                let spot = |column: &str| format!("{name}[{at}].{column}");
                let account = crate::form::account(book, spot("account"), &text("account"))?;
                let Some(Value::Money(amount)) = row.get("amount") else {
                    return Err(ledger::refusal::missing(&spot("amount")));
                };
                if let Some(unit) = self.unit_of(book, *field, "amount") {
                    same_unit(book, account, unit).map_err(|no| no.at(spot("amount")))?;
                }
                let sign = if text("side") == "credit" { -1 } else { 1 };
                lines.add(account, sign * amount);
                let clears =
                    match text("clears").as_str() {
                        "" => None,
                        item => Some(journal::parse_item(item).ok_or_else(|| {
                            ledger::refusal::item_malformed(item).at(spot("clears"))
                        })?),
                    };
                lines.mark(clears, None);
            }
        }
        Ok(())
    }

    /// The unit of a column of money.
    fn unit_of(&self, book: &Book, rows: usize, column: &str) -> Option<UnitId> {
        let FieldKind::Rows(columns) = &self.matter.fields[rows].kind else { return None };
        match &columns.iter().find(|one| one.name == column)?.kind {
            FieldKind::Money(_, unit) => book.chart.unit_by_code(unit),
            _ => None,
        }
    }

    fn booked(
        &self,
        book: &mut Book,
        booked: &Booked,
        unit: UnitId,
        draft: &mut Draft,
    ) -> Result<AccountId, Refusal> {
        match booked {
            Booked::Field(field) => {
                let name = self.matter.fields[*field].name.clone();
                let number = self.value(*field).map(Value::text).unwrap_or_default();
                let id = book.accounts.by_number(&number);
                id.ok_or_else(|| ledger::refusal::unknown_account(&number).at(name))
            }
            Booked::Kind(code, at) => {
                let kind = book.chart.kind_by_code(code);
                let kind = kind.ok_or_else(|| {
                    refusal::unknown("post", ("账户种类", "kind of account"), code)
                })?;
                let place = place_of(book, self.people, self.matter, self.record, at);
                let place = match (place, at) {
                    (Some(place), _) => place,
                    (None, Where::Field(field)) => {
                        return Err(ledger::refusal::missing(&self.matter.fields[*field].name));
                    }
                    (None, _) => self.record.institution,
                };
                let openings = book.place_openings(place, unit);
                if !openings.is_empty() {
                    book.record(Fact::AccountsOpened { accounts: openings }, draft);
                }
                Ok(book.ensure_internal(kind, place, unit, draft))
            }
        }
    }
}

/// An amount is of the unit that its account is kept in.
pub fn same_unit(book: &Book, account: AccountId, unit: UnitId) -> Result<(), Refusal> {
    let own = book.accounts.heads[account.index()].unit;
    if own == unit {
        return Ok(());
    }
    let (own, given) = (&book.chart.unit(own).code, &book.chart.unit(unit).code);
    Err(ledger::refusal::wrong_unit(book.accounts.number(account), given, own))
}

/// The bank's own account of a kind at an institution, opened when it is first needed.
pub fn account(
    book: &mut Book,
    kind: KindId,
    institution: InstitutionId,
    draft: &mut Draft,
) -> AccountId {
    let unit = book.chart.base_unit;
    book.ensure_internal(kind, institution, unit, draft)
}

/// 自己的尾箱.
pub fn own_box(book: &Book, people: &People, operator: &str) -> String {
    let institution = people.operators.get(operator).map(|one| one.institution);
    let code = institution.map(|at| book.institution(at).code.as_str()).unwrap_or_default();
    format!("{code}/box/{operator}")
}

/// The serial ranges of a value.
pub fn ranges(value: &Value) -> Vec<Range> {
    match value {
        Value::Serials(ranges) => ranges.clone(),
        Value::Thing(thing) => vec![Range {
            kind: thing.kind.clone(),
            prefix: thing.prefix.clone(),
            from: thing.number,
            to: thing.number,
        }],
        _ => Vec::new(),
    }
}

/// Numbers that may be marked or judged one by one in a step.
const THINGS_MAX: u64 = 1_000;

/// The single things of a value, each number of its ranges.
pub fn things(value: &Value, field: &str) -> Result<Vec<Serial>, Refusal> {
    let ranges = ranges(value);
    let pieces = ranges.iter().try_fold(0_u64, |sum, range| sum.checked_add(range.pieces()?));
    if pieces.is_none_or(|pieces| pieces > THINGS_MAX) {
        return Err(refusal::too_many(field, &THINGS_MAX.to_string()));
    }
    let numbers = ranges.into_iter().flat_map(|range| {
        let first = range.first();
        (range.from..=range.to).map(move |number| Serial { number, ..first.clone() })
    });
    Ok(numbers.collect())
}

fn pass(value: &Value, from: &str, to: &str, order: Order, moves: &mut Vec<Move>) {
    if let Value::Notes(counts) = value {
        let (from, to, counts) = (from.to_owned(), to.to_owned(), counts.clone());
        moves.push(Move::Cash { from, to, counts });
    }
    for range in ranges(value) {
        moves.push(Move::Stock { range, from: from.to_owned(), to: to.to_owned(), order });
    }
}
