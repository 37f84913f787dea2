//! 账实相符: what places hold is what the books say, account by account.

use super::OfficeState;
use super::definition::Office;
use super::effect::{kind_of, piece_value};
use super::refusal;
use ledger::book::Book;
use ledger::close::Check;
use ledger::entry::{AccountId, InstitutionId};
use ledger::{Refusal, money};
use std::collections::BTreeMap;

/// The accounts of the places set up, and what is held for each: minor units, and pieces of
/// numbered stock.
pub fn held(state: &OfficeState, office: &Office, book: &Book) -> BTreeMap<AccountId, (i128, i64)> {
    let mut sums: BTreeMap<AccountId, (i128, i64)> = BTreeMap::new();
    let mut places: Vec<InstitutionId> = Vec::new();
    for place in state.places.keys() {
        if let Some((institution, kind)) = kind_of(book, place) {
            for account in accounts_of(office, book, institution, kind) {
                sums.entry(account).or_default();
            }
            if places.last() != Some(&institution) {
                places.push(institution);
            }
        }
    }
    for institution in places {
        for account in accounts_of(office, book, institution, "transit") {
            sums.entry(account).or_default();
        }
    }
    for place in state.custody.cash_places() {
        let Some((institution, kind)) = kind_of(book, place) else { continue };
        let cash = office.places.get(kind).and_then(|kind| kind.cash.as_deref());
        if let Some(account) = cash.and_then(|kind| internal(book, kind, institution)) {
            let sum = sums.entry(account).or_default();
            sum.0 += i128::from(state.cash_at(office, place));
        }
    }
    for (place, stock, _, pieces) in state.custody.totals() {
        let Some((institution, kind)) = kind_of(book, place) else { continue };
        let family = office.stocks.get(stock).and_then(|stock| stock.family.as_ref());
        let booked = office.places.get(kind).zip(family);
        let booked = booked.and_then(|(kind, family)| kind.stock.get(family));
        if let Some(account) = booked.and_then(|kind| internal(book, kind, institution)) {
            let sum = sums.entry(account).or_default();
            let pieces = i64::try_from(pieces).unwrap_or(i64::MAX);
            sum.0 += i128::from(pieces) * i128::from(piece_value(book, office, stock));
            sum.1 += pieces;
        }
    }
    sums
}

/// The accounts that things at a place, and things on their way from it, are booked on.
pub fn accounts_at(office: &Office, book: &Book, place: &str) -> Vec<AccountId> {
    let Some((institution, kind)) = kind_of(book, place) else { return Vec::new() };
    let own = accounts_of(office, book, institution, kind);
    own.chain(accounts_of(office, book, institution, "transit")).collect()
}

fn accounts_of<'a>(
    office: &'a Office,
    book: &'a Book,
    institution: InstitutionId,
    kind: &str,
) -> impl Iterator<Item = AccountId> + 'a {
    let kind = office.places.get(kind);
    let kinds = kind.into_iter().flat_map(|kind| kind.cash.iter().chain(kind.stock.values()));
    kinds.filter_map(move |code| internal(book, code, institution))
}

fn internal(book: &Book, kind: &str, institution: InstitutionId) -> Option<AccountId> {
    book.internal(book.chart.kind_by_code(kind)?, institution, book.chart.base_unit)
}

/// 账实相符, as a certificate says it: every account that things are booked on, and custody's own
/// figures.
pub fn certified(state: &OfficeState, office: &Office, book: &Book) -> Check {
    let disagrees = check(state, office, book).err().map(|refusal| refusal.zh);
    let wrong = disagrees.or_else(|| state.custody.audit());
    let accounts = || format!("{} accounts", book.kept.len());
    Check {
        code: "custody".to_owned(),
        passed: wrong.is_none(),
        found: wrong.unwrap_or_else(accounts),
    }
}

/// Refuses if any account that things are booked on says something else than the things.
pub fn check(state: &OfficeState, office: &Office, book: &Book) -> Result<(), Refusal> {
    let digits = book.chart.unit(book.chart.base_unit).digits;
    for (account, (amount, pieces)) in held(state, office, book) {
        let head = &book.accounts.heads[account.index()];
        let balance = i128::from(book.natural_balance(account));
        let number = book.accounts.number(account);
        if balance != amount {
            let (held, booked) = (money::plain(amount, digits), money::plain(balance, digits));
            return Err(refusal::custody_disagrees(number, &held, &booked));
        }
        let subject = book.chart.subject(book.chart.kind(head.kind).subject);
        let counted = book.pieces.get(&account).copied().unwrap_or(0);
        if subject.class == ledger::chart::Class::OffBalance && counted != pieces {
            let (held, booked) = (format!("{pieces}张"), format!("{counted}张"));
            return Err(refusal::custody_disagrees(number, &held, &booked));
        }
    }
    Ok(())
}
