//! The last day of the demonstration has people in it: cash and blank vouchers go down to two
//! branches, customers come to the counter, a note is missing, and the boxes are squared.

use crate::commands::ask;
use crate::commands::init::open_internal;
use crate::commands::office::{enrol_from_text, run_requests};
use crate::messages;
use anyhow::Context as _;
use bank::Command;
use bank::form::{AccountForm, EntryForm, LineForm, SideWord};
use engine::Engine;

const PEOPLE: &str = include_str!("people.csv");
const DAY: &str = include_str!("day.ndjson");
/// What the head office has at the central bank, for its vault to draw.
const CAPITAL: &str = "50000000.00";

/// What the office came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Office {
    pub people: usize,
    pub requests: u64,
}

/// Enrols the people and lives their day.
pub fn live(engine: &Engine, head: &str) -> anyhow::Result<Office> {
    let people = enrol_from_text("people.csv", PEOPLE)?;
    let count = people.len();
    ask(engine, Command::Enrol(people))?;
    let kinds = ["central_bank_settlement".to_owned(), "capital".to_owned()];
    open_internal(engine, &kinds, head)?;
    ask(engine, Command::Post { entries: vec![capital(engine, head)?], whole: true })?;
    let customer = |number: &str, name: &str, institution: &str| AccountForm {
        number: number.to_owned(),
        name: name.to_owned(),
        kind: "personal_current".to_owned(),
        institution: institution.to_owned(),
        unit: None,
        term: None,
    };
    let customers =
        vec![customer("demo-wangfang", "王芳", "0101"), customer("demo-lilei", "李雷", "0102")];
    ask(engine, Command::OpenAccounts(customers))?;
    let requests = run_requests(engine, DAY, |_| Ok(()))?;
    Ok(Office { people: count, requests })
}

/// 实收资本, kept at the central bank.
fn capital(engine: &Engine, head: &str) -> anyhow::Result<EntryForm> {
    let head_office = head.to_owned();
    let account = engine.look(move |state| {
        let book = &state.book;
        let place = book.institution_by_code(&head_office)?;
        let number = |kind: &str| {
            let id = book.internal(book.chart.kind_by_code(kind)?, place, book.chart.base_unit)?;
            Some(book.accounts.number(id).to_owned())
        };
        Some((number("central_bank_settlement")?, number("capital")?))
    })?;
    let (debit, credit) = account.context(messages::NO_CASH)?;
    let line = |account: String, side| LineForm {
        account,
        side,
        amount: CAPITAL.to_owned(),
        unit: None,
        red: false,
        clears: None,
        quantity: None,
    };
    Ok(EntryForm {
        key: "demo-capital".to_owned(),
        institution: head.to_owned(),
        maker: messages::DEMO_OPERATOR.to_owned(),
        authoriser: messages::DEMO_AUTHORISER.to_owned(),
        summary: messages::DEMO_CAPITAL.to_owned(),
        lines: vec![line(debit, SideWord::Debit), line(credit, SideWord::Credit)],
        ..EntryForm::default()
    })
}
