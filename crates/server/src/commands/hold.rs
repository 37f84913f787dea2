//! `piaohao account freeze | hold | release | settle`: money set aside and what becomes of it.

use crate::cli::{Global, HoldArgs, SettleArgs};
use crate::commands::ask;
use crate::commands::correct::read_entry;
use crate::fault::Exit;
use crate::home::Home;
use crate::messages;
use crate::output::Output;
use bank::form::{EntryForm, HoldRequest, LineForm, SideWord};
use bank::{Answer, Command};
use engine::Engine;
use ledger::fact::HoldKind;
use ledger::refusal as no;
use serde_json::json;

pub fn place(
    global: &Global,
    form: HoldArgs,
    kind: HoldKind,
    out: &Output,
) -> anyhow::Result<Exit> {
    let HoldArgs { number, amount, authority, document, until, key } = form;
    let (account, operator) = (number.clone(), global.operator.clone());
    let request = HoldRequest { account, amount, kind, authority, document, until, operator, key };
    let running = Home::open(&global.home)?.run(out)?;
    match ask(&running.engine, Command::PlaceHold(request))? {
        Answer::Hold(id) => {
            out.answer(&messages::hold_placed(id, &number), &json!({ "hold": id }))?;
            Ok(Exit::OK)
        }
        other => unreachable!("placing a hold answers its number, not {other:?}"),
    }
}

pub fn release(
    global: &Global,
    hold: u64,
    amount: Option<String>,
    (reason, key): (String, String),
    out: &Output,
) -> anyhow::Result<Exit> {
    let running = Home::open(&global.home)?.run(out)?;
    let operator = global.operator.clone();
    ask(&running.engine, Command::ReleaseHold { hold, amount, reason, operator, key })?;
    out.answer(&messages::hold_released(hold), &json!({ "hold": hold }))?;
    Ok(Exit::OK)
}

pub fn settle(global: &Global, form: SettleArgs, out: &Output) -> anyhow::Result<Exit> {
    let running = Home::open(&global.home)?.run(out)?;
    let engine = &running.engine;
    let entry = match &form.entry {
        Some(path) => read_entry(path)?,
        None => transfer(engine, global, &form)?,
    };
    let (hold, amount) = (form.hold, form.amount);
    match ask(engine, Command::SettleHold { hold, amount, entry })? {
        Answer::Entry(posted) => {
            let value = json!({ "hold": hold, "entry": posted.no, "again": posted.again });
            out.answer(&messages::hold_settled(hold, posted.no.0, posted.again), &value)?;
            Ok(Exit::OK)
        }
        other => unreachable!("settling a hold answers an entry, not {other:?}"),
    }
}

/// The plain case: the held account pays another.
fn transfer(engine: &Engine, global: &Global, form: &SettleArgs) -> anyhow::Result<EntryForm> {
    let hold = form.hold;
    let place = engine.look(move |state| {
        let book = &state.book;
        // A retry finds the hold gone, and must say the same words as the first time.
        let spent = || book.spent.get(&hold).map(|(account, _)| *account);
        let account = book.holds.get(&hold).map(|hold| hold.account).or_else(spent)?;
        let institution = book.accounts.heads[account.index()].institution;
        let code = book.institution(institution).code.clone();
        Some((book.accounts.number(account).to_owned(), code))
    })?;
    let (account, institution) = place.ok_or_else(|| no::unknown_hold(hold))?;
    let line = |account: String, side| LineForm {
        account,
        side,
        amount: form.amount.clone(),
        unit: None,
        red: false,
        clears: None,
        quantity: None,
    };
    let to = form.to.clone().unwrap_or_default();
    let key = form.key.clone().unwrap_or_else(|| format!("settle-{hold}-{}", form.amount));
    Ok(EntryForm {
        key,
        institution,
        maker: form.maker.clone().unwrap_or_else(|| global.operator.clone()),
        checker: form.checker.clone(),
        authoriser: form.authoriser.clone(),
        summary: form.summary.clone(),
        lines: vec![line(account, SideWord::Debit), line(to, SideWord::Credit)],
        ..EntryForm::default()
    })
}
