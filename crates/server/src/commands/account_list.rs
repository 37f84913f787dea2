//! `piaohao account list`: accounts that fit, a page at a time.

use crate::cli::{AccountList, Global, SortBy};
use crate::commands::account::{side, status_of, summary};
use crate::fault::Exit;
use crate::home::Home;
use crate::messages;
use crate::output::Output;
use crate::refusal;
use crate::reports::is_within;
use ledger::Refusal;
use ledger::account::Status;
use ledger::book::Book;
use ledger::entry::{AccountId, InstitutionId, SubjectId};
use ledger::money::display;
use ledger::refusal as no;
use serde_json::{Value, json};

/// What was asked for, looked up.
struct Filter {
    subject: Option<SubjectId>,
    institution: Option<InstitutionId>,
    status: Option<Status>,
    search: Option<String>,
}

/// A page of accounts, and where the next begins.
struct Page {
    ids: Vec<AccountId>,
    found: usize,
    next: Option<String>,
}

pub fn run(global: &Global, form: &AccountList, out: &Output) -> anyhow::Result<Exit> {
    let home = Home::open(&global.home)?;
    let follower = home.follow()?;
    let book = &follower.state().book;
    let page = page(book, form)?;
    if out.json {
        let accounts: Vec<Value> = page.ids.iter().map(|id| summary(book, *id)).collect();
        out.document(&json!({ "accounts": accounts, "found": page.found, "next": page.next }))?;
        return Ok(Exit::OK);
    }
    let rows: Vec<Vec<String>> = page.ids.iter().map(|id| row(book, *id, out)).collect();
    out.table(&messages::ACCOUNT_COLUMNS, &rows)?;
    out.say(&messages::page_end(rows.len(), page.found, page.next.as_deref()))?;
    Ok(Exit::OK)
}

fn row(book: &Book, id: AccountId, out: &Output) -> Vec<String> {
    let head = &book.accounts.heads[id.index()];
    let (kind, unit) = (book.chart.kind(head.kind), book.chart.unit(head.unit));
    let status = messages::say(head.status.zh(), head.status.en());
    vec![
        book.accounts.number(id).to_owned(),
        book.accounts.name(id).to_owned(),
        book.chart.subject(kind.subject).code.to_string(),
        book.institution(head.institution).code.clone(),
        unit.code.to_string(),
        out.label(side(book, id)).to_owned(),
        display(i128::from(head.balance).abs(), unit.digits),
        out.pick(&status).to_owned(),
    ]
}

/// Accounts in the order asked for. The cursor is the position of the last one shown: accounts
/// are never removed, so under every order but the balance's it keeps its meaning.
fn page(book: &Book, form: &AccountList) -> Result<Page, Refusal> {
    let filter = Filter::read(book, form)?;
    let accounts = &book.accounts;
    let mut ids: Vec<AccountId> = accounts.ids().filter(|id| filter.admits(book, *id)).collect();
    match form.sort {
        SortBy::Number => ids.sort_by(|a, b| accounts.number(*a).cmp(accounts.number(*b))),
        SortBy::Name => ids.sort_by(|a, b| accounts.name(*a).cmp(accounts.name(*b))),
        SortBy::Balance => {
            ids.sort_by_key(|id| std::cmp::Reverse(accounts.heads[id.index()].balance.abs()));
        }
        SortBy::Opened => ids.sort_by_key(|id| std::cmp::Reverse(accounts.opened[id.index()])),
    }
    let start = match &form.cursor {
        None => 0,
        Some(cursor) => {
            let last = accounts.by_number(cursor);
            let at = last.and_then(|last| ids.iter().position(|id| *id == last));
            at.ok_or_else(|| refusal::cursor_wrong(cursor))? + 1
        }
    };
    let found = ids.len();
    let rest = ids.split_off(start);
    let more = rest.len() > form.limit;
    let ids: Vec<AccountId> = rest.into_iter().take(form.limit).collect();
    let next = ids.last().filter(|_| more).map(|id| accounts.number(*id).to_owned());
    Ok(Page { ids, found, next })
}

impl Filter {
    fn read(book: &Book, form: &AccountList) -> Result<Self, Refusal> {
        let subject = form.subject.as_deref().map(|code| subject(book, code)).transpose()?;
        let institution = form.institution.as_deref().map(|code| {
            book.institution_by_code(code).ok_or_else(|| no::unknown_institution(code))
        });
        Ok(Self {
            subject,
            institution: institution.transpose()?,
            status: form.status.as_deref().map(status_of).transpose()?,
            search: form.search.clone(),
        })
    }

    fn admits(&self, book: &Book, id: AccountId) -> bool {
        let head = &book.accounts.heads[id.index()];
        let subject = book.chart.kind(head.kind).subject;
        let within = |above| is_within(book, subject, above);
        let named = |text: &String| {
            book.accounts.number(id).contains(text.as_str())
                || book.accounts.name(id).contains(text.as_str())
        };
        self.institution.is_none_or(|at| head.institution == at)
            && self.status.is_none_or(|status| head.status == status)
            && self.subject.is_none_or(within)
            && self.search.as_ref().is_none_or(named)
    }
}

/// A subject by its code.
fn subject(book: &Book, code: &str) -> Result<SubjectId, Refusal> {
    let what = messages::SUBJECT;
    book.chart.subject_by_code(code).ok_or_else(|| no::unknown_code("subject", what, code))
}
