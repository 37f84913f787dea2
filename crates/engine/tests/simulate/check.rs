//! Whether the bank is what the model says: its journal, its state, and what must hold of both
//! whatever happened.

use super::model::{Account, Entry, Item, Model, effect};
use super::predict::{Plan, System};
use bank::door;
use ledger::Day;
use ledger::account::Status;
use ledger::book::{Answered, Book};
use ledger::calendar::Period;
use ledger::chart::{Class, Terms};
use ledger::close::Step;
use ledger::entry::{EntryKind, ItemId, KindId};
use ledger::fact::Fact;
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong, in a sentence.
pub type Wrong = String;

macro_rules! ensure {
    ($holds:expr, $($says:tt)+) => {
        if !$holds {
            return Err(format!($($says)+));
        }
    };
}
pub(crate) use ensure;

/// Whether an answer is the one that was expected.
pub fn check_answer(plan: &Plan, answer: &door::Answer) -> Result<(), Wrong> {
    use super::predict::Answer as Expected;
    let fits = match (&plan.answer, answer) {
        (Expected::Done, door::Answer::Done) | (Expected::Note(None), door::Answer::Note(_)) => {
            true
        }
        (Expected::Entry(one), door::Answer::Entry(posted)) => {
            (one.no, one.again) == (posted.no.0, posted.again)
        }
        (Expected::Entries(all), door::Answer::Entries(receipts)) => {
            let refused: BTreeMap<u32, &str> =
                receipts.refused.iter().map(|(at, no)| (*at, no.code)).collect();
            all.len() == receipts.numbers.len()
                && (0_u32..).zip(all).all(|(at, one)| match one {
                    Ok(one) => {
                        receipts.numbers[at as usize].0 == one.no
                            && receipts.again.contains(&at) == one.again
                            && !refused.contains_key(&at)
                    }
                    Err(code) => refused.get(&at) == Some(code),
                })
        }
        (Expected::Accounts(ids), door::Answer::Accounts(found)) => ids == found,
        (Expected::Hold(id), door::Answer::Hold(found)) => id == found,
        (Expected::Correction { undo, rebook }, door::Answer::Correction(found)) => {
            (*undo, *rebook) == (found.undo.0, found.rebook.map(|no| no.0))
        }
        (Expected::Note(Some(note)), door::Answer::Note(found)) => note == found,
        (Expected::Day(day), door::Answer::Day(found)) => day == found,
        _ => false,
    };
    ensure!(fits, "expected {:?}, the bank answers {answer:?}", plan.answer);
    Ok(())
}

/// Whether the journal took what was expected, and ingests it.
pub fn check_items(model: &mut Model, plan: &Plan, items: &[Item]) -> Result<(), Wrong> {
    let before = model.clone();
    let (own, rest) = items.split_at(plan.items.len().min(items.len()));
    ensure!(own.len() == plan.items.len(), "expected {:?}, the journal has {items:?}", plan.items);
    for (expected, found) in plan.items.iter().zip(own) {
        ensure!(same(expected, found), "expected {expected:?}, the journal has {found:?}");
        ingest(model, found)?;
    }
    for item in rest {
        ingest(model, item)?;
    }
    match plan.system {
        System::Nothing => {
            ensure!(rest.is_empty(), "nothing more was expected: {rest:?}");
            Ok(())
        }
        System::Settlement { before: last } => check_settlement(&before, model, last, rest),
        System::Step(step) => check_step(&before, model, step, rest),
    }
}

/// Takes an item into the model, once it is known to be sound by itself.
fn ingest(model: &mut Model, item: &Item) -> Result<(), Wrong> {
    match item {
        Item::Entry(entry) => {
            ensure!(entry.no == model.next_entry(), "entry {} is out of its turn", entry.no);
            let mut sums: BTreeMap<_, i128> = BTreeMap::new();
            for line in &entry.lines {
                let at = line.account.index();
                ensure!(at < model.accounts.len(), "{entry:?} names an account too early");
                let account = &model.accounts[at];
                if model.class(at) != Class::OffBalance {
                    *sums.entry((account.institution, account.unit)).or_default() += effect(line);
                }
            }
            ensure!(sums.values().all(|sum| *sum == 0), "{entry:?} does not balance: {sums:?}");
        }
        Item::Fact(fact) => {
            if let Fact::AccountsOpened { accounts } = &**fact {
                for one in accounts {
                    let new = model.account(&one.number).is_none();
                    ensure!(new, "account number {} was given before", one.number);
                }
                let numbers: BTreeSet<_> = accounts.iter().map(|one| &one.number).collect();
                ensure!(numbers.len() == accounts.len(), "a number was given twice: {accounts:?}");
            }
        }
    }
    model.ingest(item);
    Ok(())
}

/// Equal, but for what is the ledger's to choose: numbers of its own accounts, words of its own
/// entries.
fn same(expected: &Item, found: &Item) -> bool {
    match (expected, found) {
        (Item::Entry(one), Item::Entry(two)) if one.header.kind.by_system() => {
            let facts = |entry: &Entry| {
                let header = &entry.header;
                let dates = (header.business_date, header.value_date);
                (entry.no, header.kind, dates, header.institution, entry.lines.clone())
            };
            facts(one) == facts(two)
        }
        (Item::Fact(one), Item::Fact(two)) => match (&**one, &**two) {
            (Fact::AccountsOpened { accounts }, Fact::AccountsOpened { accounts: found }) => {
                let same = |(one, two): (&ledger::fact::Opening, &ledger::fact::Opening)| {
                    let mut named = one.clone();
                    if one.number.is_empty() {
                        named.number.clone_from(&two.number);
                        named.name.clone_from(&two.name);
                    }
                    named == *two
                };
                accounts.len() == found.len() && accounts.iter().zip(found).all(same)
            }
            (one, two) => one == two,
        },
        (one, two) => one == two,
    }
}

/// Entries of the system among `items`; everything else must be the opening of its accounts.
fn system_entries<'a>(
    model: &Model,
    items: &'a [Item],
    kinds: &[EntryKind],
) -> Result<Vec<&'a Entry>, Wrong> {
    let mut entries = Vec::new();
    for item in items {
        match item {
            Item::Entry(entry) => {
                let header = &entry.header;
                ensure!(kinds.contains(&header.kind), "the system made {entry:?}");
                ensure!(header.business_date == model.today, "{entry:?} is not of today");
                entries.push(&**entry);
            }
            Item::Fact(fact) => match &**fact {
                Fact::AccountsOpened { accounts } => {
                    let own = |one: &ledger::fact::Opening| model.chart.kind(one.kind).internal;
                    ensure!(accounts.iter().all(own), "the system opened {accounts:?}");
                }
                Fact::InterestSettled { .. } | Fact::StepDone { .. } => {}
                fact => return Err(format!("the system noted {fact:?}")),
            },
        }
    }
    Ok(entries)
}

/// What entries moved on each account, debit positive.
fn moved(entries: &[&Entry]) -> BTreeMap<usize, i128> {
    let mut moved = BTreeMap::new();
    for line in entries.iter().flat_map(|entry| &entry.lines) {
        *moved.entry(line.account.index()).or_default() += effect(line);
    }
    moved.retain(|_, sum| *sum != 0);
    moved
}

/// 结息日 + 1, if it lies after `before` and not after `day`.
fn boundary(terms: &Terms, before: Day, day: Day) -> Option<Day> {
    if before == Day(0) {
        return None;
    }
    let years = before.year()..=day.year();
    let months = |year| terms.settle_months.iter().map(move |month| (year, *month));
    let firsts =
        years.flat_map(months).map(|(year, month)| Day::new(year, month, terms.settle_day).plus(1));
    firsts.filter(|first| before < *first && *first <= day).max()
}

/// Each customer got exactly the interest of the period that ended, and nobody else got any.
fn check_settlement(before: &Model, after: &Model, last: Day, items: &[Item]) -> Result<(), Wrong> {
    let kinds = [EntryKind::Accrual, EntryKind::Settlement, EntryKind::ProfitTransfer];
    let entries = system_entries(after, items, &kinds)?;
    let moved = moved(&entries);
    check_carried(before, &moved, after, last)?;
    let movements = before.movements();
    let mut due = BTreeSet::new();
    for (at, movements) in movements.iter().enumerate() {
        let kind = before.kind(at);
        if kind.internal {
            continue;
        }
        let terms = kind.terms.as_ref();
        let boundary = terms.and_then(|terms| boundary(terms, last, after.today));
        let mut expected = 0;
        if let Some(boundary) = boundary {
            let account = &before.accounts[at];
            due.insert((account.kind, account.unit, boundary));
            let (mut earned, overdrawn) = before.interest(at, movements, boundary);
            if let Some(kind) = terms.and_then(|terms| terms.due) {
                check_item_due(after, &entries, at, kind, earned)?;
                earned = 0;
            }
            expected = (earned - overdrawn) * before.nature(at).sign;
        }
        let found = moved.get(&at).copied().unwrap_or_default();
        let number = &before.accounts[at].number;
        ensure!(found == expected, "{number} was due interest of {expected} and got {found}");
    }
    let settled = items.iter().filter_map(|item| match item {
        Item::Fact(fact) => match **fact {
            Fact::InterestSettled { kind, unit, from } => Some((kind, unit, from)),
            _ => None,
        },
        Item::Entry(_) => None,
    });
    let settled: BTreeSet<_> = settled.collect();
    ensure!(settled == due, "interest of {due:?} was due, {settled:?} was settled");
    Ok(())
}

/// Interest on a loan is one new item under the loan's number, or none if there is none.
fn check_item_due(
    model: &Model,
    entries: &[&Entry],
    loan: usize,
    kind: ledger::entry::KindId,
    earned: i128,
) -> Result<(), Wrong> {
    let account = &model.accounts[loan];
    let own = entries.iter().filter(|entry| *entry.header.document == *account.number);
    let lines: Vec<_> = own.flat_map(|entry| &entry.lines).collect();
    let due = model.internal(kind, account.institution, account.unit);
    let items = lines.iter().filter(|line| Some(line.account.index()) == due);
    let items: Vec<i128> = items.map(|line| effect(line)).collect();
    let expected: Vec<i128> = (earned != 0).then_some(earned).into_iter().collect();
    ensure!(items == expected, "{} owes {expected:?}, its items are {items:?}", account.number);
    Ok(())
}

/// The year that ended hands its profit on, each institution its own.
fn check_carried(
    before: &Model,
    moved: &BTreeMap<usize, i128>,
    after: &Model,
    last: Day,
) -> Result<(), Wrong> {
    let system = before.chart.system;
    let new_year = last != Day(0) && last.year() != after.today.year();
    for at in 0..after.accounts.len() {
        let account = &after.accounts[at];
        let mut expected = 0;
        if new_year && account.kind == system.year_profit && at < before.accounts.len() {
            expected = -before.balance(at);
        }
        let carries = new_year && account.kind == system.undistributed;
        if carries && after.internal(account.kind, account.institution, account.unit) == Some(at) {
            expected = profits(before, account);
        }
        let found = moved.get(&at).copied().unwrap_or_default();
        let concerned = [system.year_profit, system.undistributed].contains(&account.kind);
        let number = &account.number;
        ensure!(!concerned || found == expected, "{number} carried {found}, not {expected}");
    }
    Ok(())
}

/// What 本年利润 holds where an account is kept.
fn profits(model: &Model, at: &Account) -> i128 {
    let places = model.accounts.iter().enumerate().filter(|(_, one)| {
        let kind = one.kind == model.chart.system.year_profit;
        kind && (one.institution, one.unit) == (at.institution, at.unit)
    });
    places.map(|(at, _)| model.balance(at)).sum()
}

fn check_step(before: &Model, after: &Model, step: Step, items: &[Item]) -> Result<(), Wrong> {
    let (kind, runs) = match step {
        Step::Accrue => (EntryKind::Accrual, true),
        Step::Revalue => (EntryKind::Revaluation, before.ends(Period::Month)),
        Step::Profit => (EntryKind::ProfitTransfer, before.ends(Period::Year)),
        Step::Stop | Step::Zero => (EntryKind::Accrual, false),
    };
    let entries = system_entries(after, items, &[kind])?;
    ensure!(runs || entries.is_empty(), "{step:?} posted {entries:?}");
    let done = items.last().is_some_and(|item| match item {
        Item::Fact(fact) => {
            matches!(&**fact, Fact::StepDone { step: code, .. } if code == step.code())
        }
        Item::Entry(_) => false,
    });
    ensure!(done, "{step:?} is not noted as done: {items:?}");
    let customers = moved(&entries).into_keys().filter(|at| !after.kind(*at).internal);
    let customers: Vec<_> = customers.collect();
    ensure!(customers.is_empty(), "{step:?} moved accounts of customers: {customers:?}");
    match step {
        Step::Accrue => check_accrued(after),
        Step::Revalue if runs => check_revalued(after),
        Step::Profit if runs => check_profit(before, after),
        _ => Ok(()),
    }
}

/// Payable and receivable interest are what the accounts have earned.
fn check_accrued(model: &Model) -> Result<(), Wrong> {
    let to = model.accrued_until();
    let movements = model.movements();
    let mut sums: BTreeMap<_, i128> = BTreeMap::new();
    for (at, account) in model.accounts.iter().enumerate() {
        let Some(terms) = &model.kind(at).terms else { continue };
        let (earned, overdrawn) = model.interest(at, &movements[at], to);
        let deposit = model.nature(at).sign < 0;
        let (payable, receivable) = if deposit { (earned, overdrawn) } else { (overdrawn, earned) };
        let place = (account.institution, account.unit);
        *sums.entry((terms.payable, place)).or_default() += payable;
        *sums.entry((terms.receivable, place)).or_default() += receivable;
    }
    for ((kind, (at, unit)), sum) in sums {
        let account = model.internal(kind, at, unit);
        let booked = account.map_or(0, |account| model.natural(account));
        let code = &model.chart.kind(kind).code;
        ensure!(booked == sum, "{code} at {at:?} in {unit:?} holds {booked}, {sum} was earned");
    }
    Ok(())
}

/// Foreign positions and what they were booked at come to nothing at the middle rate.
fn check_revalued(model: &Model) -> Result<(), Wrong> {
    let (exchange, base) = (model.chart.system.exchange, model.chart.base_unit);
    let mut sums: BTreeMap<_, i128> = BTreeMap::new();
    for (at, account) in model.accounts.iter().enumerate() {
        if account.kind != exchange {
            continue;
        }
        let (balance, unit) = (model.balance(at), model.chart.unit(account.unit));
        let in_base = if account.unit == base || balance == 0 {
            balance
        } else {
            let code = format!("fx.mid.{}", unit.code);
            let rate = model.chart.numbers.on(&code, model.today).expect("else it was refused");
            let numerator = balance * rate.mantissa() * 100;
            let denominator = 10_i128.pow(rate.scale() + u32::from(unit.digits));
            let half = if numerator < 0 { -denominator / 2 } else { denominator / 2 };
            (numerator + half) / denominator
        };
        *sums.entry(account.institution).or_default() += in_base;
    }
    ensure!(sums.values().all(|sum| *sum == 0), "positions are off by {sums:?}");
    Ok(())
}

fn check_profit(before: &Model, model: &Model) -> Result<(), Wrong> {
    let balances = model.balances();
    let system = model.chart.system;
    let of_kind = |model: &Model, kind: KindId| -> i128 {
        let accounts = 0..model.accounts.len();
        let accounts = accounts.filter(|at| model.accounts[*at].kind == kind);
        accounts.map(|at| model.balance(at)).sum()
    };
    let (prior, kind) = (of_kind(before, system.prior_year), system.undistributed);
    let gone = of_kind(model, kind) - of_kind(before, kind);
    ensure!(gone == prior, "{prior} of earlier years, {gone} went to undistributed profit");
    for (at, balance) in balances.iter().enumerate() {
        let result = matches!(model.class(at), Class::Income | Class::Expense);
        let number = &model.accounts[at].number;
        ensure!(!result || *balance == 0, "{number} keeps {balance} over the year");
    }
    Ok(())
}

/// The state is what the list of everything that happened says.
pub fn check_state(model: &Model, book: &Book) -> Result<(), Wrong> {
    let (today, phase) = (model.today, model.phase);
    ensure!((book.today, book.phase) == (today, phase), "day {today} {phase:?}: {}", book.today);
    ensure!(book.next_entry.0 == model.next_entry(), "next entry {:?}", book.next_entry);
    ensure!(book.next_hold == model.next_hold, "next hold {}", book.next_hold);
    ensure!(book.steps == model.steps, "steps {:?}", book.steps);
    let closed: Vec<_> = book.institutions.iter().map(|one| (&one.code, one.closed)).collect();
    let expected: Vec<_> = model.places.iter().map(|one| (&one.code, one.closed)).collect();
    ensure!(closed == expected, "institutions {closed:?}, expected {expected:?}");
    check_heads(model, book)?;
    let holds: Vec<_> = book.holds.values().cloned().collect();
    ensure!(holds == model.holds, "holds {holds:?}, expected {:?}", model.holds);
    let items = book.items.iter().map(|(id, item)| {
        (*id, (i128::from(item.amount), i128::from(item.remaining), item.opened))
    });
    let items: BTreeMap<_, _> = items.collect();
    let expected = model.items();
    ensure!(items == expected, "items {items:?}, expected {expected:?}");
    ensure!(book.corrections == model.corrections, "the register of corrections differs");
    let undone = model.entries.iter().filter(|one| one.header.kind.undoes());
    let undone: BTreeMap<_, _> = undone.map(|one| (one.header.original.0, one.no)).collect();
    let found: BTreeMap<_, _> = book.corrected.iter().map(|(of, by)| (of.0, by.0)).collect();
    ensure!(found == undone, "corrected {found:?}, expected {undone:?}");
    let pieces = book.pieces.iter().map(|(id, pieces)| (*id, i128::from(*pieces)));
    let pieces: BTreeMap<_, _> = pieces.collect();
    let expected = model.pieces();
    ensure!(pieces == expected, "pieces {pieces:?}, expected {expected:?}");
    let asked = model.asked.iter().map(|(asked, hold, day)| {
        (asked.key, Answered { body: asked.body, hold: *hold, day: *day })
    });
    let asked: BTreeMap<_, _> = asked.collect();
    ensure!(book.asked == asked, "requests {:?}, expected {asked:?}", book.asked);
    let oldest = model.days.first().map_or(1, |day| day.1);
    let keys = model.entries.iter().filter(|one| one.no >= oldest);
    let keys: BTreeMap<_, _> = keys.map(|one| (one.key, one.no)).collect();
    let found: BTreeMap<_, _> = book.keys.iter().map(|(key, known)| (key, known.entry.0)).collect();
    ensure!(found == keys, "keys {found:?}, expected {keys:?}");
    Ok(())
}

fn check_heads(model: &Model, book: &Book) -> Result<(), Wrong> {
    ensure!(book.accounts.len() == model.accounts.len(), "{} accounts", book.accounts.len());
    let (balances, turnovers) = (model.balances(), model.turnovers());
    for (at, id) in book.accounts.ids().enumerate() {
        let (head, account) = (&book.accounts.heads[at], &model.accounts[at]);
        let number = book.accounts.number(id);
        ensure!(number == account.number, "account {at} is {number}");
        ensure!(book.accounts.by_number(number) == Some(id), "{number} is not found");
        ensure!(book.accounts.name(id) == account.name, "{number} is named otherwise");
        let place = (head.kind, head.institution, head.unit, head.status);
        let expected = (account.kind, account.institution, account.unit, account.status);
        ensure!(place == expected, "{number}: {place:?}, expected {expected:?}");
        let balance = balances[at];
        ensure!(i128::from(head.balance) == balance, "{number}: {} for {balance}", head.balance);
        let held = model.held(at);
        ensure!(i128::from(head.held) == held, "{number} holds {} for {held}", head.held);
        let (debit, credit) = head.turnover(model.today);
        let turned = (i128::from(debit), i128::from(credit));
        ensure!(turned == turnovers[at], "{number} turned {turned:?} for {:?}", turnovers[at]);
    }
    Ok(())
}

/// What must hold of any bank, whatever happened to it.
pub fn check_invariants(model: &Model) -> Result<(), Wrong> {
    let balances = model.balances();
    let mut sums: BTreeMap<_, i128> = BTreeMap::new();
    let mut left: BTreeMap<usize, i128> = BTreeMap::new();
    for ((account, _), (_, remaining, _)) in model.items() {
        *left.entry(account.index()).or_default() += remaining;
    }
    let by_system = model.entries.iter().filter(|entry| entry.header.kind.by_system());
    let touched: BTreeSet<usize> =
        by_system.flat_map(|entry| &entry.lines).map(|line| line.account.index()).collect();
    for (at, account) in model.accounts.iter().enumerate() {
        let (number, nature) = (&account.number, model.nature(at));
        if !nature.off_balance {
            *sums.entry((account.institution, account.unit)).or_default() += balances[at];
        }
        let natural = balances[at] * nature.sign;
        let within = !nature.one_sided || natural + nature.limit >= 0 || touched.contains(&at);
        ensure!(within, "{number} stands at {natural}, below its limit");
        if model.kind(at).open_item {
            let items = left.get(&at).copied().unwrap_or_default();
            ensure!(items == balances[at], "{number} holds {} in items {items}", balances[at]);
        }
        if let Some(branch) = account.mirrors {
            // One that was closed stands at nothing, and another took its place.
            let closed = account.status == Status::Closed;
            let own = model.internal(account.kind, branch, account.unit).filter(|_| !closed);
            let net = own.map_or(0, |own| balances[own]) + balances[at];
            ensure!(net == 0, "{number} and its branch differ by {net}");
        }
    }
    ensure!(sums.values().all(|sum| *sum == 0), "debits and credits differ: {sums:?}");
    Ok(())
}

/// Products and interest, which are dear to find day by day.
pub fn check_interest(model: &Model, book: &Book) -> Result<(), Wrong> {
    let movements = model.movements();
    for (at, id) in book.accounts.ids().enumerate() {
        if model.kind(at).terms.is_none() {
            continue;
        }
        let (head, number) = (&book.accounts.heads[at], book.accounts.number(id));
        let found = (i128::from(head.product), i128::from(head.overdrawn_product));
        let expected = model.products(at, &movements[at], head.product_day);
        let day = head.product_day;
        ensure!(found == expected, "{number}: products {found:?} for {expected:?} at {day}");
        let interest = book.interest_to(id, model.today);
        let Ok(interest) = interest else { continue };
        let found = (i128::from(interest.earned), i128::from(interest.overdrawn));
        let expected = model.interest(at, &movements[at], model.today);
        ensure!(found == expected, "{number}: interest {found:?} for {expected:?}");
    }
    Ok(())
}

/// The item's name, for a form that clears it.
pub fn item_text(id: ItemId) -> String {
    format!("{}-{}", id.entry.0, id.line)
}
