//! What the model says to entries: the rules of posting once more, without a thought for speed.

use super::model::{Entry, Item, Mark, Model, effect, is_completion};
use bank::form::{EntryForm, LineForm, SideWord, key_of};
use ledger::Batch;
use ledger::account::Status;
use ledger::book::Phase;
use ledger::chart::{Manual, Side};
use ledger::entry::{AccountId, EntryKind, Header, InstitutionId, ItemId, Line, LineFlags, UnitId};
use ledger::{EntryNo, Key};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The code of a refusal.
pub type Code = &'static str;

/// An entry as it is handed in.
#[derive(Clone, Debug)]
pub struct Request {
    pub key: Key,
    pub header: Header,
    pub lines: Vec<Line>,
    pub marks: Vec<Mark>,
}

/// Number of an entry, and whether it had been posted before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub no: u64,
    pub again: bool,
}

const LONGEST: usize = 240;

/// Minor units of a line, of a balance that earns interest, of any balance or turnover.
pub const LARGEST_LINE: i64 = 1_000_000_000_000_000;
const LARGEST_EARNING: i128 = 10 * LARGEST_LINE as i128;
const LARGEST: i128 = 1_000 * LARGEST_LINE as i128;

pub fn short(texts: &[&str]) -> Result<(), Code> {
    if texts.iter().any(|text| text.len() > LONGEST) { Err("TooLong") } else { Ok(()) }
}

pub fn required(texts: &[&str]) -> Result<(), Code> {
    if texts.iter().any(|text| text.trim().is_empty()) { Err("FieldMissing") } else { Ok(()) }
}

/// The entries of a batch, one by one.
pub fn requests(batch: &Batch) -> Vec<Request> {
    let mut start = 0;
    let requests = batch.entries.iter().map(|row| {
        let (first, end) = (start, row.lines_end as usize);
        start = end;
        let own = batch.marks.iter().filter(|mark| (first..end).contains(&(mark.line as usize)));
        Request {
            key: row.key,
            header: batch.headers[row.header as usize].clone(),
            lines: batch.lines[first..end]
                .iter()
                .map(|line| Line { flags: LineFlags(line.flags.0 & !4), ..*line })
                .collect(),
            marks: own
                .map(|mark| (mark.line as usize - first, mark.clears, mark.quantity))
                .collect(),
        }
    });
    requests.collect()
}

impl Model {
    /// Looks up the names of a form.
    pub fn resolve(&self, form: &EntryForm) -> Result<Request, Code> {
        required(&[&form.key])?;
        let EntryForm { code, maker, checker, authoriser, channel, document, summary, .. } = form;
        short(&[code, maker, checker, authoriser, channel, document, summary])?;
        let institution = self.place(&form.institution).ok_or("UnknownInstitution")?;
        let business_date = form.business_date.unwrap_or(self.today);
        let header = Header {
            business_date,
            value_date: form.value_date.unwrap_or(business_date),
            institution: InstitutionId(institution as u16),
            code: code.as_str().into(),
            maker: maker.as_str().into(),
            checker: checker.as_str().into(),
            authoriser: authoriser.as_str().into(),
            channel: channel.as_str().into(),
            document: document.as_str().into(),
            attachments: form.attachments,
            summary: summary.as_str().into(),
            kind: EntryKind::Normal,
            original: EntryNo(0),
        };
        let mut request = Request { key: key_of(&form.key), header, lines: vec![], marks: vec![] };
        for (at, line) in form.lines.iter().enumerate() {
            request.lines.push(self.resolve_line(line)?);
            let clears = line.clears.as_deref().map(item_id).transpose()?;
            if clears.is_some() || line.quantity.is_some() {
                request.marks.push((at, clears, line.quantity));
            }
        }
        Ok(request)
    }

    fn resolve_line(&self, form: &LineForm) -> Result<Line, Code> {
        let account = self.account(&form.account).ok_or("UnknownAccount")?;
        let unit = self.chart.unit(self.accounts[account].unit);
        if form.unit.as_ref().is_some_and(|given| **given != *unit.code) {
            return Err("WrongUnit");
        }
        let amount =
            ledger::money::parse(&form.amount, unit.digits, "").map_err(|refusal| refusal.code)?;
        let side = if form.side == SideWord::Credit { LineFlags::CREDIT } else { 0 };
        let red = if form.red { LineFlags::RED } else { 0 };
        let account = AccountId(account as u32);
        Ok(Line { account, flags: LineFlags(side | red), amount })
    }

    /// Posts an entry, or says why not; only a posted one is noted.
    pub fn post(&mut self, request: &Request) -> Result<Receipt, Code> {
        if let Some(known) = self.known(request.key) {
            let again = same_body(known, request);
            let receipt = Receipt { no: known.no, again };
            return if again { Ok(receipt) } else { Err("KeyReused") };
        }
        self.check_header(&request.header)?;
        for line in &request.lines {
            self.check_line(&request.header, line)?;
        }
        let lines = self.completed(&request.lines)?;
        let amounts = self.check_amounts(&lines, &request.header);
        let items = self.check_items(&request.header, &lines, &request.marks);
        // The first line at fault decides, whatever its fault.
        if let Some((_, code)) = [amounts, items].into_iter().flatten().min_by_key(|no| no.0) {
            return Err(code);
        }
        self.check_funds(&request.header, &lines)?;
        self.check_pieces(&lines, &request.marks)?;
        let no = self.next_entry();
        let (key, header, marks) = (request.key, request.header.clone(), request.marks.clone());
        self.ingest(&Item::Entry(Arc::new(Entry { no, key, header, lines, marks })));
        Ok(Receipt { no, again: false })
    }

    pub fn check_header(&self, header: &Header) -> Result<(), Code> {
        let system = header.kind >= EntryKind::Accrual;
        if header.business_date > self.today {
            return Err("FutureDate");
        }
        if header.business_date < self.today || self.phase == Phase::Closed {
            return Err("PeriodClosed");
        }
        let place = self.places.get(header.institution.index()).ok_or("UnknownInstitution")?;
        if !system && (self.phase != Phase::Open || place.closed == Some(self.today)) {
            return Err("InstitutionClosed");
        }
        if header.value_date > header.business_date {
            return Err("ValueDateAhead");
        }
        let late = i64::from(header.business_date.since(header.value_date));
        let most = self.number("gl.back_value_days_max").unwrap_or(i64::MAX);
        let undo = [EntryKind::Cancel, EntryKind::RedReversal, EntryKind::BlueReversal];
        let free = system || undo.contains(&header.kind) || !header.authoriser.is_empty();
        if late > most && !free {
            return Err("ValueDateTooFar");
        }
        if system {
            return Ok(());
        }
        if header.maker.is_empty() {
            return Err("MakerMissing");
        }
        let hands = [&header.maker, &header.checker, &header.authoriser];
        let hands: Vec<_> = hands.into_iter().filter(|hand| !hand.is_empty()).collect();
        let apart = (1..hands.len()).all(|at| !hands[..at].contains(&hands[at]));
        if apart { Ok(()) } else { Err("SamePerson") }
    }

    fn check_line(&self, header: &Header, line: &Line) -> Result<(), Code> {
        if line.amount <= 0 {
            return Err("AmountNotPositive");
        }
        if header.kind < EntryKind::Accrual && line.amount > LARGEST_LINE {
            return Err("AmountTooLarge");
        }
        let at = line.account.index();
        let account = self.accounts.get(at).ok_or("UnknownAccount")?;
        let receives = effect(line) * self.nature(at).sign > 0;
        let by_hand = matches!(header.kind, EntryKind::Normal | EntryKind::Rebook);
        let forbidden = match account.status {
            Status::Normal => false,
            Status::ReceiveOnly => by_hand && !receives,
            Status::PayOnly => by_hand && receives,
            Status::Frozen | Status::Dormant => by_hand,
            Status::Closed => true,
        };
        if forbidden {
            return Err(ledger::refusal::status_forbids("", account.status, receives).code);
        }
        match self.kind(at).manual {
            _ if !by_hand || self.paying_out.get(1) == Some(&at) => {}
            Manual::SystemOnly => return Err("SystemOnly"),
            Manual::NeedsAuthoriser if header.authoriser.is_empty() => {
                return Err("NeedsAuthoriser");
            }
            _ => {}
        }
        // A term is paid in once, and paid out by closing it.
        if by_hand && self.accounts[at].term.is_some() {
            if !receives && self.paying_out.first() != Some(&at) {
                return Err("TermPays");
            }
            if receives && self.balance(at) != 0 {
                return Err("TermPaidIn");
            }
        }
        Ok(())
    }

    /// The lines with what completes them across institutions.
    fn completed(&self, lines: &[Line]) -> Result<Vec<Line>, Code> {
        let flagged = lines.iter().map(|line| {
            let off = if self.nature(line.account.index()).off_balance { 8 } else { 0 };
            Line { flags: LineFlags(line.flags.0 & 7 | off), ..*line }
        });
        let mut lines: Vec<Line> = flagged.collect();
        let on = lines.iter().filter(|line| line.flags.0 & LineFlags::OFF_BALANCE == 0);
        if lines.is_empty() || on.clone().count() == 1 {
            return Err("TooFewLines");
        }
        let mut sums: Vec<(UnitId, InstitutionId, i128)> = Vec::new();
        for line in on {
            let account = &self.accounts[line.account.index()];
            let place = (account.unit, account.institution);
            match sums.iter_mut().find(|sum| (sum.0, sum.1) == place) {
                Some(sum) => sum.2 += effect(line),
                None => sums.push((place.0, place.1, effect(line))),
            }
        }
        for (unit, ..) in &sums {
            let of_unit = sums.iter().filter(|sum| sum.0 == *unit);
            if of_unit.map(|sum| sum.2).sum::<i128>() != 0 {
                return Err("Unbalanced");
            }
        }
        for (unit, branch, sum) in sums {
            if sum == 0 || branch.0 == 0 {
                continue;
            }
            let own = self.internal(self.chart.system.interbranch, branch, unit);
            let pair = own.zip(self.mirror(branch, unit)).ok_or("NoInterbranchAccount")?;
            let amount = i64::try_from(sum.abs()).map_err(|_| "AmountOverflow")?;
            let (own, mirror) = (AccountId(pair.0 as u32), AccountId(pair.1 as u32));
            let (at_branch, at_head) = if sum > 0 { (5, 4) } else { (4, 5) };
            lines.push(Line { account: own, flags: LineFlags(at_branch), amount });
            lines.push(Line { account: mirror, flags: LineFlags(at_head), amount });
        }
        Ok(lines)
    }

    /// Balances and turnovers stay within 64 bits after every line.
    fn check_amounts(&self, lines: &[Line], header: &Header) -> Option<(usize, Code)> {
        let (mut balances, mut turnovers) = (self.balances(), self.turnovers());
        assert_eq!(header.business_date, self.today, "turnovers are those of today");
        for (place, line) in lines.iter().enumerate() {
            let at = line.account.index();
            let before = balances[at];
            balances[at] += effect(line);
            let red = line.flags.0 & LineFlags::RED != 0;
            let amount = i128::from(if red { -line.amount } else { line.amount });
            match line.flags.0 & LineFlags::CREDIT != 0 {
                true => turnovers[at].1 += amount,
                false => turnovers[at].0 += amount,
            }
            let figures = [balances[at], turnovers[at].0, turnovers[at].1];
            let fits = figures.iter().all(|figure| i64::try_from(*figure).is_ok());
            if !fits || figures[0] == i128::from(i64::MIN) {
                return Some((place, "AmountOverflow"));
            }
            let earns = self.kind(at).terms.is_some();
            let most = if earns { LARGEST_EARNING } else { LARGEST };
            let outgrown = figures[0].abs() > most && figures[0].abs() > before.abs();
            let busy = figures[1].abs().max(figures[2].abs()) > LARGEST;
            if header.kind < EntryKind::Accrual && (outgrown || busy) {
                return Some((place, "AmountTooLarge"));
            }
        }
        None
    }

    /// The first line that no open item allows.
    fn check_items(
        &self,
        header: &Header,
        lines: &[Line],
        marks: &[Mark],
    ) -> Option<(usize, Code)> {
        let mut items = self.items();
        let undo = [EntryKind::Cancel, EntryKind::RedReversal, EntryKind::BlueReversal];
        for (at, line) in lines.iter().enumerate() {
            let account = line.account.index();
            if !self.kind(account).open_item {
                continue;
            }
            let (moved, nature) = (effect(line), self.nature(account));
            let clears = marks.iter().find(|mark| mark.0 == at).and_then(|mark| mark.1);
            let Some(item) = clears else {
                let opens = match self.kind(account).opens {
                    Some(Side::Debit) => 1,
                    Some(Side::Credit) => -1,
                    _ => nature.sign,
                };
                if moved * opens < 0 {
                    return Some((at, "ItemRequired"));
                }
                let own = ItemId { entry: EntryNo(self.next_entry()), line: at as u16 };
                items.insert((line.account, own), (moved, moved, self.today));
                continue;
            };
            let Some(found) = items.get_mut(&(line.account, item)) else {
                return Some((at, "UnknownItem"));
            };
            let (opened, left) = (found.0, found.1 + moved);
            let clearing = (moved > 0) != (opened > 0);
            let within = left == 0 || ((left > 0) == (opened > 0) && left.abs() <= opened.abs());
            if !within || !(clearing || undo.contains(&header.kind)) {
                return Some((at, "ItemExceeded"));
            }
            found.1 = left;
        }
        None
    }

    /// Pieces are counted off balance, and none are missing when the entry has moved them.
    fn check_pieces(&self, lines: &[Line], marks: &[Mark]) -> Result<(), Code> {
        if marks.iter().any(|mark| mark.2.is_some_and(|quantity| quantity <= 0)) {
            return Err("QuantityNotPositive");
        }
        let mut pieces = self.pieces();
        count_pieces(&mut pieces, lines, marks);
        let mut counted = marks.iter().filter(|mark| mark.2.is_some());
        let short = |at: usize| pieces.get(&lines[at].account).is_some_and(|left| *left < 0);
        if counted.any(|mark| short(mark.0)) { Err("PiecesShort") } else { Ok(()) }
    }

    /// Pieces on every account that ever had some.
    pub fn pieces(&self) -> BTreeMap<AccountId, i128> {
        let mut pieces = BTreeMap::new();
        for entry in &self.entries {
            count_pieces(&mut pieces, &entry.lines, &entry.marks);
        }
        pieces
    }

    /// What a person posts may not move a one-sided account further below what it may spend.
    fn check_funds(&self, header: &Header, lines: &[Line]) -> Result<(), Code> {
        if header.kind >= EntryKind::Accrual {
            return Ok(());
        }
        for line in lines {
            let at = line.account.index();
            let nature = self.nature(at);
            let own = lines.iter().filter(|other| other.account == line.account);
            let moved = own.map(effect).sum::<i128>() * nature.sign;
            let held = self.held(at);
            let left = self.natural(at) + moved - held + nature.limit;
            if nature.one_sided && left < 0 && moved < 0 {
                let customer = !self.kind(at).internal;
                return Err(if customer || held > 0 { "InsufficientFunds" } else { "WrongSide" });
            }
        }
        Ok(())
    }
}

fn count_pieces(pieces: &mut BTreeMap<AccountId, i128>, lines: &[Line], marks: &[Mark]) {
    for (at, _, quantity) in marks {
        let line = &lines[*at];
        let (Some(quantity), true) = (quantity, line.flags.0 & LineFlags::OFF_BALANCE != 0) else {
            continue;
        };
        let moved = i128::from(*quantity) * effect(line).signum();
        *pieces.entry(line.account).or_default() += moved;
    }
}

/// The same key must come with the same words; completion lines are the ledger's own.
pub fn same_body(known: &Entry, request: &Request) -> bool {
    let said = |line: &&Line| !is_completion(line);
    let word = |line: &Line| (line.account, line.flags.0 & 3, line.amount);
    let before: Vec<_> = known.lines.iter().filter(said).map(word).collect();
    let now: Vec<_> = request.lines.iter().filter(said).map(word).collect();
    // The bank's day is no word of the client's; a value date is, unless it is that day.
    let said =
        |header: &Header| (header.value_date != header.business_date).then_some(header.value_date);
    let (first, again) = (said(&known.header), said(&request.header));
    let late = first.is_none() && request.header.value_date == known.header.business_date;
    let dates = (known.header.business_date, known.header.value_date);
    let header = Header { business_date: dates.0, value_date: dates.1, ..request.header.clone() };
    let dated = first == again || late;
    dated && known.header == header && known.marks == request.marks && before == now
}

/// "12-0".
fn item_id(text: &str) -> Result<ItemId, Code> {
    let parsed = text.split_once('-').and_then(|(entry, line)| {
        Some(ItemId { entry: EntryNo(entry.parse().ok()?), line: line.parse().ok()? })
    });
    parsed.ok_or("ItemMalformed")
}
