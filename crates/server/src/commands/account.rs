//! `piaohao account`: opens, shows, changes and closes accounts.

use crate::cli::{Account, AccountOpen, Global};
use crate::commands::init::open_internal;
use crate::commands::{account_list, ask, hold};
use crate::fault::{Exit, RefusedAt};
use crate::home::{self, Home};
use crate::input::table::{is_csv, read_table};
use crate::messages;
use crate::output::Output;
use crate::refusal;
use bank::form::{AccountForm, RenewForm, StatusForm, TermForm, WithdrawForm};
use bank::{Answer, Command};
use ledger::account::Status;
use ledger::book::Book;
use ledger::chart::Side;
use ledger::entry::AccountId;
use ledger::money::{display, plain};
use ledger::{Day, Refusal, refusal as no};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as ValueError;
use serde_json::{Value, json};
use std::path::Path;

/// Accounts of one file. It is opened whole or not at all, so it becomes one block, and that must
/// stay below the 256 MiB that every store takes: number and name have some hundred bytes at most.
const FILE_MAX: usize = 200_000;

pub fn run(global: &Global, form: Account, out: &Output) -> anyhow::Result<Exit> {
    match form {
        Account::Open(form) => open(global, form, out),
        Account::Internal { kind, institution, unit } => {
            internal(global, kind, &institution, unit, out)
        }
        Account::Show { number } => show(global, &number, out),
        Account::List(form) => account_list::run(global, &form, out),
        Account::Status { number, to, reason, document } => {
            let status = status_of(&to)?;
            let (account, operator) = (number.clone(), global.operator.clone());
            let form = StatusForm { account, status, reason, document, operator };
            let running = Home::open(&global.home)?.run(out)?;
            ask(&running.engine, Command::SetStatus(form))?;
            let value = json!({ "account": number, "status": status });
            out.answer(&messages::status_set(&number, status), &value)?;
            Ok(Exit::OK)
        }
        Account::Freeze(form) => hold::place(global, form, ledger::fact::HoldKind::Freeze, out),
        Account::Hold(form) => hold::place(global, form, ledger::fact::HoldKind::Reserve, out),
        Account::Release { hold: id, amount, reason, key } => {
            hold::release(global, id, amount, (reason, key), out)
        }
        Account::Settle(form) => hold::settle(global, form, out),
        Account::Withdraw { number, amount, to, maker, checker, key } => {
            let maker = maker.unwrap_or_else(|| global.operator.clone());
            let key = key.unwrap_or_else(|| format!("withdraw-{number}-{amount}"));
            let (account, part) = (number.clone(), amount.clone());
            let command = Command::WithdrawTerm(WithdrawForm {
                account,
                to: to.clone(),
                amount: part,
                maker,
                checker,
                key,
            });
            let entry = entry_answered(&ask(&Home::open(&global.home)?.run(out)?.engine, command)?);
            let value = json!({ "account": number, "amount": amount, "to": to, "entry": entry });
            out.answer(&messages::term_withdrawn(&number, &amount, &to), &value)?;
            Ok(Exit::OK)
        }
        Account::Renew { number, maturity, rate, maker, checker, key } => {
            let maker = maker.unwrap_or_else(|| global.operator.clone());
            let key = key.unwrap_or_else(|| format!("renew-{number}-{maturity}"));
            let TermForm { rate, .. } = term(None, maturity, &rate)?;
            let account = number.clone();
            let command =
                Command::RenewTerm(RenewForm { account, maturity, rate, maker, checker, key });
            let entry = entry_answered(&ask(&Home::open(&global.home)?.run(out)?.engine, command)?);
            let value = json!({ "account": number, "maturity": maturity, "entry": entry });
            out.answer(&messages::term_renewed(&number, maturity), &value)?;
            Ok(Exit::OK)
        }
        Account::Close { number, to, maker, checker, key } => {
            let maker = maker.unwrap_or_else(|| global.operator.clone());
            let key = key.unwrap_or_else(|| format!("close-{number}"));
            let running = Home::open(&global.home)?.run(out)?;
            let account = number.clone();
            ask(
                &running.engine,
                Command::CloseAccount { account, to: to.clone(), maker, checker, key },
            )?;
            let value = json!({ "account": number, "to": to, "status": Status::Closed });
            out.answer(&messages::account_closed(&number, &to), &value)?;
            Ok(Exit::OK)
        }
    }
}

/// Number of the entry that a command made, if it made one.
fn entry_answered(answer: &Answer) -> Option<u64> {
    match answer {
        Answer::Entry(posted) => Some(posted.no.0),
        _ => None,
    }
}

/// A status by the word that files and flags spell it with.
pub fn status_of(word: &str) -> Result<Status, Refusal> {
    let word: serde::de::value::StrDeserializer<'_, ValueError> = word.into_deserializer();
    Status::deserialize(word).map_err(|error| refusal::value_wrong("status", &error.to_string()))
}

fn open(global: &Global, form: AccountOpen, out: &Output) -> anyhow::Result<Exit> {
    let (forms, first) = match &form.file {
        Some(file) => (read_accounts(file)?, Some(first_line(file))),
        None => (vec![single(form)?], None),
    };
    if forms.len() > FILE_MAX {
        return Err(refusal::accounts_too_many(FILE_MAX).into());
    }
    let numbers: Vec<String> = forms.iter().map(|form| form.number.clone()).collect();
    let running = Home::open(&global.home)?.run(out)?;
    let answer = ask(&running.engine, Command::OpenAccounts(forms));
    match answer {
        Ok(Answer::Accounts(ids)) => {
            let value = json!({ "opened": ids.len(), "accounts": numbers });
            out.answer(&messages::accounts_opened(ids.len()), &value)?;
            Ok(Exit::OK)
        }
        Ok(other) => unreachable!("opening accounts answers accounts, not {other:?}"),
        Err(refusal) => match (entry_of(&refusal.field), first) {
            (Some((at, field)), Some(first)) => {
                Err(RefusedAt { refusal: refusal.at(field), line: at as u64 + first }.into())
            }
            _ => Err(of_one(refusal).into()),
        },
    }
}

/// The refusal with the field as the one entry or account that it is about spells it.
pub fn of_one(refusal: Refusal) -> Refusal {
    match entry_of(&refusal.field) {
        Some((_, field)) => refusal.at(field),
        None => refusal,
    }
}

/// Which of many a refusal is about: `entries[7].number` is the field `number` of the eighth.
pub fn entry_of(field: &str) -> Option<(usize, String)> {
    let (at, rest) = field.strip_prefix("entries[")?.split_once(']')?;
    Some((at.parse().ok()?, rest.trim_start_matches('.').to_owned()))
}

fn single(form: AccountOpen) -> Result<AccountForm, Refusal> {
    let term = match (form.maturity, &form.rate) {
        (Some(maturity), Some(rate)) => Some(term(form.from, maturity, rate)?),
        _ => None,
    };
    Ok(AccountForm {
        number: form.number.unwrap_or_default(),
        name: form.name.unwrap_or_default(),
        kind: form.kind.unwrap_or_default(),
        institution: form.institution.unwrap_or_default(),
        unit: form.unit,
        term,
    })
}

fn term(from: Option<Day>, maturity: Day, rate: &str) -> Result<TermForm, Refusal> {
    let rate = rate.parse().map_err(|_| refusal::value_wrong("rate", rate))?;
    Ok(TermForm { from, maturity, rate })
}

/// A row of a file of accounts; a CSV file cannot nest, so the term lies flat in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    number: String,
    name: String,
    kind: String,
    institution: String,
    unit: Option<String>,
    from: Option<Day>,
    maturity: Option<Day>,
    rate: Option<String>,
}

/// The line of the first account: under the heading of a CSV file.
fn first_line(path: &Path) -> u64 {
    if is_csv(path) { 2 } else { 1 }
}

fn read_accounts(path: &Path) -> anyhow::Result<Vec<AccountForm>> {
    if !is_csv(path) {
        return read_table(path);
    }
    let rows: Vec<Row> = read_table(path)?;
    let forms = rows.into_iter().zip(2..).map(|(row, line)| {
        let term = match (row.maturity, &row.rate) {
            (Some(maturity), Some(rate)) => {
                let term = term(row.from, maturity, rate);
                Some(term.map_err(|refusal| RefusedAt { refusal, line })?)
            }
            _ => None,
        };
        let Row { number, name, kind, institution, unit, .. } = row;
        let unit = unit.filter(|unit| !unit.is_empty());
        Ok(AccountForm { number, name, kind, institution, unit, term })
    });
    forms.collect()
}

fn internal(
    global: &Global,
    kinds: Vec<String>,
    institution: &str,
    unit: Option<String>,
    out: &Output,
) -> anyhow::Result<Exit> {
    let running = Home::open(&global.home)?.run(out)?;
    let engine = &running.engine;
    let count = match unit {
        None => open_internal(engine, &kinds, institution)?,
        Some(unit) => {
            let (count, institution) = (kinds.len(), institution.to_owned());
            ask(engine, Command::OpenInternal { kinds, institution, unit })?;
            count
        }
    };
    out.answer(&messages::accounts_opened(count), &json!({ "opened": count }))?;
    Ok(Exit::OK)
}

fn show(global: &Global, number: &str, out: &Output) -> anyhow::Result<Exit> {
    let home = Home::open(&global.home)?;
    let json = out.json;
    let (fields, value) = home::look(&home, |state| {
        let book = &state.book;
        let id = book.accounts.by_number(number).ok_or_else(|| no::unknown_account(number))?;
        Ok(if json { (Vec::new(), value(book, id)) } else { (fields(book, id, out), Value::Null) })
    })?;
    if json {
        out.document(&value)?
    } else {
        out.fields(&fields)?
    }
    Ok(Exit::OK)
}

fn fields(book: &Book, id: AccountId, out: &Output) -> Vec<(messages::Label, String)> {
    let head = &book.accounts.heads[id.index()];
    let (kind, unit) = (book.chart.kind(head.kind), book.chart.unit(head.unit));
    let subject = book.chart.subject(kind.subject);
    let institution = book.institution(head.institution);
    let amount = |minor: i64| display(i128::from(minor), unit.digits);
    let title = |title: &ledger::chart::Title| {
        out.pick(&messages::say(title.zh.clone(), title.en.clone())).to_owned()
    };
    let side = side(book, id);
    let (debit, credit) = head.turnover(book.today);
    let status = messages::say(head.status.zh(), head.status.en());
    let mut fields = vec![
        (messages::NUMBER, book.accounts.number(id).to_owned()),
        (messages::NAME, book.accounts.name(id).to_owned()),
        (messages::KIND, format!("{} {}", kind.code, title(&kind.title))),
        (messages::SUBJECT, format!("{} {}", subject.code, title(&subject.title))),
        (messages::INSTITUTION, format!("{} {}", institution.code, title(&institution.title))),
        (messages::UNIT, unit.code.to_string()),
        (messages::STATUS, out.pick(&status).to_owned()),
        (messages::BALANCE, format!("{} {}", out.label(side), amount(head.balance.abs()))),
        (messages::HELD, amount(head.held)),
        (messages::AVAILABLE, amount(book.available(id))),
        (messages::DAY_DEBIT, amount(debit)),
        (messages::DAY_CREDIT, amount(credit)),
        (messages::OPENED, book.accounts.opened[id.index()].to_string()),
    ];
    for hold in book.holds_of(id) {
        let until = hold.until.map(|day| day.to_string()).unwrap_or_default();
        let text = format!("{} {} {} {until}", hold.id, amount(hold.amount), hold.authority);
        fields.push((messages::hold_label(hold.kind), text.trim_end().to_owned()));
    }
    fields
}

fn value(book: &Book, id: AccountId) -> Value {
    let head = &book.accounts.heads[id.index()];
    let unit = book.chart.unit(head.unit);
    let mut value = summary(book, id);
    let (debit, credit) = head.turnover(book.today);
    let amount = |minor: i64| plain(i128::from(minor), unit.digits);
    value["held"] = json!(amount(head.held));
    value["available"] = json!(amount(book.available(id)));
    value["day_debit"] = json!(amount(debit));
    value["day_credit"] = json!(amount(credit));
    value["product"] = json!(head.product);
    let holds = book.holds_of(id).map(|hold| {
        json!({
            "hold": hold.id, "kind": hold.kind, "amount": amount(hold.amount),
            "authority": hold.authority, "document": hold.document, "until": hold.until,
            "placed": hold.placed,
        })
    });
    value["holds"] = holds.collect();
    value["term"] = json!(book.terms.get(&id));
    value
}

/// What a list says of an account.
pub fn summary(book: &Book, id: AccountId) -> Value {
    let head = &book.accounts.heads[id.index()];
    let (kind, unit) = (book.chart.kind(head.kind), book.chart.unit(head.unit));
    json!({
        "number": book.accounts.number(id),
        "name": book.accounts.name(id),
        "kind": &*kind.code,
        "subject": &*book.chart.subject(kind.subject).code,
        "institution": book.institution(head.institution).code,
        "unit": &*unit.code,
        "status": head.status,
        "side": if head.balance > 0 { "debit" } else { "credit" },
        "balance": plain(i128::from(head.balance).abs(), unit.digits),
        "opened": book.accounts.opened[id.index()],
    })
}

/// On which side a balance stands; one of zero, where it should.
pub fn side(book: &Book, id: AccountId) -> messages::Label {
    let head = &book.accounts.heads[id.index()];
    let usual = book.chart.subject(book.chart.kind(head.kind).subject).side;
    match (head.balance, usual) {
        (1.., _) | (0, Side::Debit) => messages::DEBIT,
        (0, Side::Both) => messages::EVEN,
        _ => messages::CREDIT,
    }
}
