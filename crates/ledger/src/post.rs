//! Posting (记账): all refusals first, in a fixed order, then what must succeed.
//!
//! Order of checks: key → header (day, institution, hands) → lines (amount, account, status,
//! who may post) → balance per unit and institution → open items → balance control and funds.
//! Entries that reach across institutions are completed with 系统内往来 lines through the head
//! office, which holds one account per branch (handbook 2.10).

use crate::account::Head;
use crate::book::{
    Book, Keeping, Phase, Rules, Undo, clears_of, hash_body, hash_header, hash_header_valued,
    item_id, move_head,
};
use crate::chart::Manual;
use crate::entry::{
    AccountId, Batch, EntryKind, EntryNo, EntryRow, Header, InstitutionId, ItemId, Line, LineFlags,
    Mark, UnitId,
};
use crate::keys::Known;
use crate::refusal::{self, Refusal};
use std::collections::BTreeMap;

/// The head office is the first institution.
pub const HEAD_OFFICE: InstitutionId = InstitutionId(0);

/// Lines of an entry, completion included: open items name a line by 16 bits.
pub const LINES_MAX: usize = 65_535;

/// Amount of one line handed in, in minor units: ten thousand milliards of yuan.
pub const AMOUNT_MAX: i64 = 1_000_000_000_000_000;

/// Balance of an account that earns interest: its product (balance × days) is an `i64` and must
/// hold more than two years of it.
pub const EARNING_BALANCE_MAX: u64 = 10_000_000_000_000_000;

/// Balance, and turnover of a day, of any account: what the system itself posts, interest and
/// results, then cannot leave the range of `i64`.
pub const BALANCE_MAX: u64 = 1_000_000_000_000_000_000;

/// How many entries are looked at ahead, so that their memory is near when they are decided.
const AHEAD: usize = 16;

/// Receipt of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    pub no: EntryNo,
    /// The key was known with the same body: this is the first receipt again.
    pub again: bool,
}

/// Verdict on a header and its place in the output, kept while entries share it.
struct Heading {
    input: u32,
    output: Option<u32>,
    hash: u64,
    verdict: Result<(), Refusal>,
}

/// Where to go back to when several entries must stand or fall together.
#[derive(Clone, Copy, Debug)]
pub struct Savepoint {
    undo: usize,
    next_entry: EntryNo,
    lengths: [usize; 4],
}

impl Savepoint {
    /// Entries of the draft that stay.
    pub(crate) fn entries(self) -> usize {
        self.lengths[1]
    }
}

impl Book {
    /// Posts every entry of `input` that can be posted, in order, into `out`.
    pub fn post_all(
        &mut self,
        input: &Batch,
        out: &mut Batch,
        mut answer: impl FnMut(Result<Posted, Refusal>),
    ) {
        let mut heading = None;
        for at in 0..input.len() {
            if at % AHEAD == 0 {
                self.touch(input, at..(at + AHEAD).min(input.len()));
            }
            let posted = self.post_next(input, at, out, &mut heading);
            self.undo.clear();
            answer(posted);
        }
    }

    /// Posts all entries of `input` or none; a refusal comes with the position of its entry.
    pub fn post_whole(
        &mut self,
        input: &Batch,
        out: &mut Batch,
    ) -> Result<Vec<Posted>, (usize, Refusal)> {
        let receipts = self.post_within(input, out)?;
        self.undo.clear();
        Ok(receipts)
    }

    /// The same for entries that go with a move of cash or stock (随实物记账), which alone may post
    /// to the accounts that these are kept on.
    pub fn post_kept(
        &mut self,
        input: &Batch,
        out: &mut Batch,
    ) -> Result<Vec<Posted>, (usize, Refusal)> {
        self.keeping = Keeping::WithThings;
        let posted = self.post_whole(input, out);
        self.keeping = Keeping::BooksAlone;
        posted
    }

    /// 试算: the entries as [`Book::post_kept`] would post them, of which nothing stays.
    pub fn try_kept(&mut self, input: &Batch) -> Result<Batch, (usize, Refusal)> {
        let mut out = Batch::default();
        let start = self.savepoint(&out);
        self.keeping = Keeping::WithThings;
        let posted = self.post_within(input, &mut out);
        self.keeping = Keeping::BooksAlone;
        let seen = posted.map(|_| out.clone());
        self.roll_back(start, &mut out);
        seen
    }

    /// The same within something larger that may yet be taken back.
    pub(crate) fn post_within(
        &mut self,
        input: &Batch,
        out: &mut Batch,
    ) -> Result<Vec<Posted>, (usize, Refusal)> {
        let start = self.savepoint(out);
        let mut heading = None;
        let mut receipts = Vec::with_capacity(input.len());
        for at in 0..input.len() {
            match self.post_next(input, at, out, &mut heading) {
                Ok(posted) => receipts.push(posted),
                Err(refusal) => {
                    self.roll_back(start, out);
                    return Err((at, refusal));
                }
            }
        }
        Ok(receipts)
    }

    pub fn savepoint(&self, out: &Batch) -> Savepoint {
        let lengths = [out.headers.len(), out.entries.len(), out.lines.len(), out.marks.len()];
        Savepoint { undo: self.undo.len(), next_entry: self.next_entry, lengths }
    }

    /// Takes back every entry posted since the savepoint.
    pub fn roll_back(&mut self, to: Savepoint, out: &mut Batch) {
        for undo in self.undo.split_off(to.undo).into_iter().rev() {
            match undo {
                Undo::Head(id, head) => self.accounts.heads[id.index()] = head,
                Undo::Key(key) => self.keys.remove(key),
                Undo::Item(id, item, Some(before)) => {
                    self.items.insert((id, item), before);
                }
                Undo::Item(id, item, None) => {
                    self.items.remove(&(id, item));
                }
                Undo::Earned(id, carried, spell) => {
                    put_back(&mut self.carried, id, carried);
                    put_back(&mut self.spells, id, spell);
                }
                Undo::Pieces(id, Some(before)) => {
                    self.pieces.insert(id, before);
                }
                Undo::Pieces(id, None) => {
                    self.pieces.remove(&id);
                }
                Undo::Corrected(original) => {
                    self.corrected.remove(&original);
                }
            }
        }
        self.next_entry = to.next_entry;
        out.headers.truncate(to.lengths[0]);
        out.entries.truncate(to.lengths[1]);
        out.lines.truncate(to.lengths[2]);
        out.marks.truncate(to.lengths[3]);
    }

    /// Reads what the coming entries need, so that the reads overlap instead of queueing.
    fn touch(&self, input: &Batch, entries: std::ops::Range<usize>) {
        let mut seen = 0_u64;
        for at in entries {
            seen ^= self.keys.touch(input.entries[at].key);
            for line in input.lines(at) {
                if let Some(head) = self.accounts.get(line.account) {
                    seen ^= head.balance as u64;
                }
            }
        }
        std::hint::black_box(seen);
    }

    /// Posts one entry; `heading` remembers the header it shares with its neighbours.
    fn post_next(
        &mut self,
        input: &Batch,
        at: usize,
        out: &mut Batch,
        heading: &mut Option<Heading>,
    ) -> Result<Posted, Refusal> {
        let (row, header, range) = (input.entries[at], input.header(at), input.range(at));
        if heading.as_ref().is_none_or(|known| known.input != row.header) {
            let (hash, verdict) = (hash_header(header), self.check_header(header));
            *heading = Some(Heading { input: row.header, output: None, hash, verdict });
        }
        let heading = heading.as_mut().expect("set above");
        let lines = &input.lines[range.clone()];
        let marks = input.marks(range.clone());
        let body = hash_body(heading.hash, lines, marks, range.start);
        if let Some(known) = self.keys.get(row.key) {
            let entry = Entry { header, lines, marks, first: range.start };
            return match known.body == body || self.said_before(known, entry) {
                true => Ok(Posted { no: known.entry, again: true }),
                false => Err(refusal::key_reused(row.key, known.entry)),
            };
        }
        heading.verdict.clone()?;
        let start = self.savepoint(out);
        let entry = Entry { header, lines, marks, first: range.start };
        if let Err(refusal) = self.post_lines(entry, out) {
            self.roll_back(start, out);
            return Err(refusal);
        }
        let no = self.next_entry;
        let output = *heading.output.get_or_insert_with(|| {
            out.headers.push(header.clone());
            u32::try_from(out.headers.len() - 1).expect("a batch is far below 2^32")
        });
        let lines_end = u32::try_from(out.lines.len()).expect("a batch is far below 2^32");
        out.entries.push(EntryRow { key: row.key, header: output, lines_end });
        self.undo.push(Undo::Key(row.key));
        self.keys.insert(row.key, Known { entry: no, body });
        self.finish_entry(header);
        Ok(Posted { no, again: false })
    }

    /// Whether an entry under a known key says what the first one did, whose value date was its
    /// own day and is said now that the day has rolled.
    fn said_before(&self, known: Known, entry: Entry<'_>) -> bool {
        let (header, day) = (entry.header, self.day_of(known.entry));
        day == Some(header.value_date)
            && hash_body(hash_header_valued(header, None), entry.lines, entry.marks, entry.first)
                == known.body
    }

    /// Whether the one entry of a batch was posted as `no`.
    pub(crate) fn is_posted_as(&self, no: EntryNo, batch: &Batch) -> bool {
        let (row, header, range) = (batch.entries[0], batch.header(0), batch.range(0));
        let (lines, marks) = (batch.lines(0), batch.marks(range.clone()));
        let body = hash_body(hash_header(header), lines, marks, range.start);
        let entry = Entry { header, lines, marks, first: range.start };
        let known = self.keys.get(row.key).filter(|known| known.entry == no);
        known.is_some_and(|known| known.body == body || self.said_before(known, entry))
    }

    pub(crate) fn check_header(&self, header: &Header) -> Result<(), Refusal> {
        let by_system = header.kind.by_system();
        if header.business_date > self.today {
            return Err(refusal::future_date(header.business_date, self.today));
        }
        if header.business_date < self.today || self.phase == Phase::Closed {
            return Err(refusal::period_closed(header.business_date));
        }
        let Some(institution) = self.institutions.get(header.institution.index()) else {
            return Err(refusal::unknown_institution(&header.institution.0.to_string()));
        };
        if !by_system && (self.phase != Phase::Open || institution.closed == Some(self.today)) {
            return Err(refusal::institution_closed(&institution.code, self.today));
        }
        if header.value_date > header.business_date {
            return Err(refusal::value_date_ahead(header.value_date));
        }
        let max = self.chart.numbers.on("gl.back_value_days_max", self.today);
        let max = max.and_then(|days| i32::try_from(days).ok()).unwrap_or(i32::MAX);
        let back = header.business_date.since(header.value_date);
        if back > max && !header.kind.undoes() && !by_system && header.authoriser.is_empty() {
            return Err(refusal::value_date_too_far(header.value_date, max));
        }
        check_hands(header)
    }

    fn post_lines(&mut self, entry: Entry<'_>, out: &mut Batch) -> Result<(), Refusal> {
        let start = out.lines.len();
        for (at, line) in entry.lines.iter().enumerate() {
            let rules = self.check_line(entry.header, at, line)?;
            let keep = LineFlags::CREDIT | LineFlags::RED | LineFlags::COMPLETION;
            let off = if rules.off_balance { LineFlags::OFF_BALANCE } else { 0 };
            let flags = LineFlags(line.flags.0 & keep | off);
            out.lines.push(Line { flags, ..*line });
        }
        for mark in entry.marks {
            let line = mark.line as usize - entry.first + start;
            let line = u32::try_from(line).expect("a batch is far below 2^32");
            out.marks.push(Mark { line, ..*mark });
        }
        self.balance(out, start)?;
        if out.lines.len() - start > LINES_MAX {
            return Err(refusal::too_many_lines(out.lines.len() - start, LINES_MAX));
        }
        self.move_lines(entry, &out.lines[start..])
    }

    fn check_line(&self, header: &Header, at: usize, line: &Line) -> Result<Rules, Refusal> {
        if !(1..=AMOUNT_MAX).contains(&line.amount) {
            check_odd_amount(header, at, line.amount)?;
        }
        let Some(head) = self.accounts.get(line.account) else {
            return Err(refusal::unknown_account(&format!("#{}", line.account.0)).at(of(at)));
        };
        let rules = self.rules[head.kind.index()];
        if !rules.customer
            && self.keeping == Keeping::BooksAlone
            && self.kept.contains(&line.account)
        {
            let number = self.accounts.number(line.account);
            return Err(refusal::kept_by_custody(number).at(of(at)));
        }
        let receives = line.effect() * rules.natural > 0;
        let status = head.status;
        if header.kind == EntryKind::Normal || header.kind == EntryKind::Rebook {
            let may = if receives { status.may_receive() } else { status.may_pay() };
            if !may {
                let number = self.accounts.number(line.account);
                return Err(refusal::status_forbids(number, status, receives).at(of(at)));
            }
            if rules.manual != Manual::Allowed {
                self.check_manual(header, line.account, rules).map_err(|no| no.at(of(at)))?;
            }
            if rules.per_deposit {
                self.check_term_line(line.account, receives).map_err(|no| no.at(of(at)))?;
            }
        } else if status == crate::account::Status::Closed {
            let number = self.accounts.number(line.account);
            return Err(refusal::status_forbids(number, status, receives).at(of(at)));
        }
        Ok(rules)
    }

    fn check_manual(&self, header: &Header, id: AccountId, rules: Rules) -> Result<(), Refusal> {
        let number = self.accounts.number(id);
        match rules.manual {
            Manual::Allowed => Ok(()),
            _ if self.paying_out.is_some_and(|out| out.interest == Some(id)) => Ok(()),
            Manual::SystemOnly => Err(refusal::system_only(number)),
            Manual::NeedsAuthoriser if header.authoriser.is_empty() => {
                Err(refusal::needs_authoriser(number))
            }
            Manual::NeedsAuthoriser => Ok(()),
        }
    }

    /// Proves the lines from `start` balanced per unit and institution, completing them across
    /// institutions; off-balance lines stand alone.
    fn balance(&self, out: &mut Batch, start: usize) -> Result<(), Refusal> {
        let heads = &self.accounts.heads;
        if let [a, b] = out.lines[start..] {
            let (one, two) = (&heads[a.account.index()], &heads[b.account.index()]);
            let on = !a.flags.is_off_balance() && !b.flags.is_off_balance();
            let together = (one.institution, one.unit) == (two.institution, two.unit);
            if on && together && a.effect() == -b.effect() {
                return Ok(());
            }
        }
        let mut places: Vec<(UnitId, InstitutionId, i128)> = Vec::new();
        let mut on_balance = 0;
        for line in out.lines[start..].iter().filter(|line| !line.flags.is_off_balance()) {
            on_balance += 1;
            let head = &heads[line.account.index()];
            let place = (head.unit, head.institution);
            match places.iter_mut().find(|(unit, at, _)| (*unit, *at) == place) {
                Some(found) => found.2 += i128::from(line.effect()),
                None => places.push((place.0, place.1, i128::from(line.effect()))),
            }
        }
        if on_balance == 1 || out.lines.len() == start {
            return Err(refusal::too_few_lines(out.lines.len() - start));
        }
        self.balance_units(&places)?;
        places.retain(|place| place.2 != 0);
        self.complete(&places, out)
    }

    fn balance_units(&self, places: &[(UnitId, InstitutionId, i128)]) -> Result<(), Refusal> {
        for (unit, institution, _) in places {
            let of_unit = places.iter().filter(|place| place.0 == *unit);
            let difference: i128 = of_unit.map(|place| place.2).sum();
            if difference != 0 {
                let code = &self.institution(*institution).code;
                let unit = self.chart.unit(*unit);
                return Err(refusal::unbalanced(&unit.code, code, difference, unit.digits));
            }
        }
        Ok(())
    }

    /// 系统内往来: the branch books against head office, head office against the branch.
    fn complete(
        &self,
        places: &[(UnitId, InstitutionId, i128)],
        out: &mut Batch,
    ) -> Result<(), Refusal> {
        let branches = places.iter().filter(|place| place.1 != HEAD_OFFICE);
        for &(unit, branch, difference) in branches {
            let kind = self.chart.system.interbranch;
            let pair = self.internal(kind, branch, unit).zip(self.mirror(branch, unit));
            let Some((own, mirror)) = pair else {
                let (unit, code) = (&self.chart.unit(unit).code, &self.institution(branch).code);
                return Err(refusal::no_interbranch_account(code, unit));
            };
            let amount = i64::try_from(difference.unsigned_abs())
                .map_err(|_| refusal::amount_overflow("lines", &difference.to_string()))?;
            let (at_branch, at_head) = match difference > 0 {
                true => (Line::credit(own, amount), Line::debit(mirror, amount)),
                false => (Line::debit(own, amount), Line::credit(mirror, amount)),
            };
            for line in [at_branch, at_head] {
                let flags = line.flags.with(LineFlags::COMPLETION);
                out.lines.push(Line { flags, ..line });
            }
        }
        Ok(())
    }

    /// Head office's account with a branch.
    pub fn mirror(&self, branch: InstitutionId, unit: UnitId) -> Option<AccountId> {
        self.mirrors.get(&(branch, unit)).copied()
    }

    /// Moves every line, then asks whether each account may stand where it now stands: within
    /// one entry the order of lines does not matter.
    fn move_lines(&mut self, entry: Entry<'_>, lines: &[Line]) -> Result<(), Refusal> {
        let first_undo = self.undo.len();
        let by_system = entry.header.kind.by_system();
        for (at, line) in lines.iter().enumerate() {
            let head = &mut self.accounts.heads[line.account.index()];
            let rules = self.rules[head.kind.index()];
            let before = *head;
            self.undo.push(Undo::Head(line.account, before));
            if move_head(head, rules, line, entry.header).is_none() {
                return Err(refusal::amount_overflow(
                    format!("lines[{at}].amount"),
                    &line.amount.to_string(),
                ));
            }
            if !by_system && outgrows(head, rules, before.balance) {
                return Err(refusal::amount_too_large(format!("lines[{at}].amount"), line.amount));
            }
            if rules.open_item {
                let clears = clears_of(entry.marks, entry.first + at);
                self.check_item(entry.header, at, line, clears)?;
                self.move_item(line, item_id(self.next_entry, at), clears);
            }
        }
        if self.correct_products(entry.header, lines).is_none() {
            let value = entry.header.value_date;
            return Err(refusal::amount_overflow("value_date", &value.to_string()));
        }
        if by_system {
            // Interest is charged and results are struck whatever the balance: the checks of the
            // close and the anomaly list show what it leads to.
            return Ok(());
        }
        for (at, line) in lines.iter().enumerate() {
            let head = &self.accounts.heads[line.account.index()];
            let rules = self.rules[head.kind.index()];
            let natural = head.balance.saturating_mul(rules.natural);
            let floor = natural.saturating_sub(head.held).saturating_add(rules.limit);
            if rules.one_sided && floor < 0 {
                let before = self.head_before(first_undo, line.account);
                self.check_funds(at, line, before, rules)?;
            }
        }
        if entry.marks.is_empty() { Ok(()) } else { self.move_pieces(entry, lines) }
    }

    /// Pieces are never below zero once the whole entry has moved them.
    fn move_pieces(&mut self, entry: Entry<'_>, lines: &[Line]) -> Result<(), Refusal> {
        for mark in entry.marks {
            let at = mark.line as usize - entry.first;
            if let Some(quantity) = mark.quantity.filter(|quantity| *quantity <= 0) {
                return Err(refusal::quantity_not_positive(at, quantity));
            }
            self.count_pieces(&lines[at], mark);
        }
        for mark in entry.marks.iter().filter(|mark| mark.quantity.is_some()) {
            let at = mark.line as usize - entry.first;
            let id = lines[at].account;
            let left = self.pieces.get(&id).copied().unwrap_or_default();
            if left < 0 {
                let number = self.accounts.number(id);
                return Err(refusal::pieces_short(number, left.saturating_neg()).at(of(at)));
            }
        }
        Ok(())
    }

    fn head_before(&self, first_undo: usize, id: AccountId) -> Head {
        let mut undone = self.undo[first_undo..].iter();
        undone
            .find_map(|undo| match undo {
                Undo::Head(of, head) if *of == id => Some(*head),
                _ => None,
            })
            .expect("every moved account has its head saved")
    }

    /// An account already below its floor may still be moved upwards.
    fn check_funds(
        &self,
        at: usize,
        line: &Line,
        before: Head,
        rules: Rules,
    ) -> Result<(), Refusal> {
        let after = self.accounts.heads[line.account.index()].balance;
        if after.saturating_sub(before.balance).saturating_mul(rules.natural) >= 0 {
            return Ok(());
        }
        let number = self.accounts.number(line.account);
        let digits = self.chart.unit(before.unit).digits;
        let natural = before.balance.saturating_mul(rules.natural);
        let available = natural.saturating_sub(before.held).saturating_add(rules.limit).max(0);
        let refused = match rules.customer || before.held > 0 {
            true => refusal::insufficient_funds(number, available, digits),
            false => refusal::wrong_side(number, natural, digits),
        };
        Err(refused.at(of(at)))
    }

    fn check_item(
        &self,
        header: &Header,
        at: usize,
        line: &Line,
        clears: Option<ItemId>,
    ) -> Result<(), Refusal> {
        let head = &self.accounts.heads[line.account.index()];
        let rules = self.rules[head.kind.index()];
        let number = self.accounts.number(line.account);
        let Some(id) = clears else {
            // A late entry may turn settled interest round: the system opens on either side.
            let either = rules.due && header.kind == EntryKind::Settlement;
            let opens = either || line.effect() * rules.opens > 0;
            return if opens { Ok(()) } else { Err(refusal::item_required(number).at(of(at))) };
        };
        let Some(item) = self.items.get(&(line.account, id)) else {
            return Err(refusal::unknown_item(number, id).at(of(at)));
        };
        let restores = header.kind.undoes() && (line.effect() > 0) == (item.amount > 0);
        // What does not fit exceeds the item too.
        let left = item.remaining.saturating_add(line.effect());
        let within = left == 0 || (left > 0) == (item.amount > 0);
        let towards = restores || (line.effect() > 0) != (item.amount > 0);
        if towards && within && left.unsigned_abs() <= item.amount.unsigned_abs() {
            return Ok(());
        }
        let digits = self.chart.unit(head.unit).digits;
        Err(refusal::item_exceeded(number, id, item.remaining.abs(), digits).at(of(at)))
    }
}

/// One entry as it was handed in.
#[derive(Clone, Copy)]
struct Entry<'a> {
    header: &'a Header,
    lines: &'a [Line],
    marks: &'a [Mark],
    /// Index of its first line in its batch, which marks count from.
    first: usize,
}

fn check_hands(header: &Header) -> Result<(), Refusal> {
    if header.kind.by_system() {
        return Ok(());
    }
    if header.maker.is_empty() {
        return Err(refusal::maker_missing());
    }
    for (field, hand) in [("checker", &header.checker), ("authoriser", &header.authoriser)] {
        if **hand == *header.maker {
            return Err(refusal::same_person(field, hand));
        }
    }
    if !header.checker.is_empty() && header.checker == header.authoriser {
        return Err(refusal::same_person("authoriser", &header.authoriser));
    }
    Ok(())
}

fn put_back<T>(map: &mut BTreeMap<AccountId, T>, id: AccountId, before: Option<T>) {
    match before {
        Some(before) => map.insert(id, before),
        None => map.remove(&id),
    };
}

/// The system sums what people posted: its lines may be larger than theirs.
fn check_odd_amount(header: &Header, at: usize, amount: i64) -> Result<(), Refusal> {
    match amount {
        ..=0 => Err(refusal::amount_not_positive(at, amount)),
        _ if header.kind.by_system() => Ok(()),
        _ => Err(refusal::amount_too_large(format!("lines[{at}].amount"), amount)),
    }
}

/// Whether a person's entry leaves an account larger than the books let it be. One that interest
/// made too large may still be moved towards nothing.
fn outgrows(head: &Head, rules: Rules, before: i64) -> bool {
    let most = if rules.has_terms { EARNING_BALANCE_MAX } else { BALANCE_MAX };
    let balance = head.balance.unsigned_abs();
    let turnover = head.day_debit.unsigned_abs().max(head.day_credit.unsigned_abs());
    (balance > most && balance > before.unsigned_abs()) || turnover > BALANCE_MAX
}

fn of(line: usize) -> String {
    format!("lines[{line}].account")
}
