//! `piaohao demo`: a bank of 51 institutions and 20,000 accounts lives through 149 business days,
//! and every balance at the end is computed again from the sample alone.

mod data;
mod names;
mod office;
mod proof;

use crate::cli::{Demo, Global, ReportFormat, RulebookSource, Scope, Serve, Shape};
use crate::closing;
use crate::commands::init::open_internal;
use crate::commands::report::show;
use crate::commands::{ask, verify};
use crate::fault::Exit;
use crate::home::{Config, DEMO_MARKER as MARKER, Home, Running};
use crate::messages;
use crate::output::Output;
use crate::progress;
use crate::refusal;
use crate::reports::{Report, Source, table};
use crate::rulebook;
use crate::serve;
use anyhow::{Context as _, anyhow};
use bank::form::{AccountForm, EntryForm, InstitutionForm, LineForm, SideWord};
use bank::{Answer, Command};
use data::{Sample, Transfer};
use engine::Engine;
use ledger::{Day, money};
use proof::{Proof, prove};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

const BANK: &str = "demo";
const HEAD_OFFICE: &str = "0000";
const KIND: &str = "personal_current_overdraft";
const BACKING: &str = "central_bank_settlement";
const UNIT_DIGITS: u8 = 2;
/// The first business day; the sample's time 1.
const FIRST: (i16, i8, i8) = (2026, 1, 5);
/// Entries or accounts in one command.
const BATCH: usize = 4000;
/// An account with so many transfers makes a statement that fits a page.
const STATEMENT_LINES: std::ops::RangeInclusive<usize> = 10..=16;

/// How long each part took.
#[derive(Default)]
struct Clockwork {
    phases: Vec<(messages::Label, Duration)>,
}

impl Clockwork {
    fn add(&mut self, phase: messages::Label, since: Instant) {
        let spent = since.elapsed();
        match self.phases.iter_mut().find(|(known, _)| *known == phase) {
            Some((_, sum)) => *sum += spent,
            None => self.phases.push((phase, spent)),
        }
    }
}

/// What the days came to.
#[derive(Default)]
struct Lived {
    posted: BTreeSet<u32>,
    refused: u64,
    last: Option<Day>,
    office: office::Office,
}

pub fn run(global: &Global, form: &Demo, out: &Output) -> anyhow::Result<Exit> {
    let is_there = Home::open(&global.home).is_ok_and(|home| home.is_demonstration());
    if !(form.serve && is_there && !form.again) {
        let exit = demonstrate(global, form, out)?;
        if exit != Exit::OK || !form.serve {
            return Ok(exit);
        }
    }
    serve::run(global, &Serve { listen: form.listen, ..Serve::default() }, out)
}

fn demonstrate(global: &Global, form: &Demo, out: &Output) -> anyhow::Result<Exit> {
    let mut clock = Clockwork::default();
    make_room(&global.home, form.again)?;
    let since = Instant::now();
    let sample = Sample::read(&form.data)?;
    clock.add(messages::PHASE_READ, since);
    out.say(&messages::demo_sample(sample.nodes.len(), sample.transfers.len()))?;

    let since = Instant::now();
    let (home, running) = found(global, form, out)?;
    clock.add(messages::PHASE_FOUND, since);
    let lived = live(&home, &running, &sample, form.days, &mut clock, out)?;

    let since = Instant::now();
    let proof = prove(&home, &running.engine, &sample, &lived.posted)?;
    clock.add(messages::PHASE_PROVE, since);
    drop(running);
    let since = Instant::now();
    let verified = verify::verify(&home, out)?;
    clock.add(messages::PHASE_VERIFY, since);
    if !out.json {
        print_books(global, &sample, &lived, out)?;
    }
    tell(&proof, &lived, &clock, &verified, out)?;
    let sound = proof.differences.is_empty() && verified.differences.is_empty();
    Ok(if sound { Exit::OK } else { Exit::DAMAGED })
}

/// Leaves nothing of an earlier demonstration, and everything of anybody else.
fn make_room(folder: &Path, again: bool) -> anyhow::Result<()> {
    let name = folder.display().to_string();
    let is_empty = fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if !is_empty {
        if !folder.join(MARKER).exists() {
            return Err(refusal::home_not_ours(&name).into());
        }
        if !again {
            return Err(refusal::demo_exists(&name).into());
        }
        fs::remove_dir_all(folder).with_context(|| name.clone())?;
    }
    fs::create_dir_all(folder).with_context(|| name.clone())?;
    fs::write(folder.join(MARKER), "").with_context(|| name)
}

fn found(global: &Global, form: &Demo, out: &Output) -> anyhow::Result<(Home, Running)> {
    let config = Config {
        store: form.store.clone(),
        archive: "history".to_owned(),
        bank: BANK.to_owned(),
        serve: None,
    };
    let home = Home::found(&global.home, config)?;
    let title = messages::demo_bank();
    let running = home.create(title.clone(), rulebook::files(&RulebookSource::default())?, out)?;
    let engine = &running.engine;
    let head = InstitutionForm { code: HEAD_OFFICE.to_owned(), title, parent: None };
    let branches = names::BRANCHES.iter().enumerate().map(|(at, (zh, en))| InstitutionForm {
        code: branch_code(at),
        title: messages::branch(zh, en),
        parent: Some(HEAD_OFFICE.to_owned()),
    });
    let forms: Vec<InstitutionForm> = std::iter::once(head).chain(branches).collect();
    let codes: Vec<String> = forms.iter().map(|form| form.code.clone()).collect();
    ask(engine, Command::AddInstitutions(forms))?;
    for code in &codes {
        open_internal(engine, &[BACKING.to_owned()], code)?;
    }
    home.write()?;
    Ok((home, running))
}

pub fn branch_of(node: u32) -> usize {
    node as usize % names::BRANCHES.len()
}

fn branch_code(at: usize) -> String {
    format!("{:04}", 101 + at)
}

/// Opens the accounts, then every day: opened, posted, closed.
fn live(
    home: &Home,
    running: &Running,
    sample: &Sample,
    days: u32,
    clock: &mut Clockwork,
    out: &Output,
) -> anyhow::Result<Lived> {
    let engine = &running.engine;
    let archive = home.archive()?;
    let mut lived = Lived::default();
    let (year, month, first) = FIRST;
    let mut day = Some(Day::new(year, month, first));
    let bar = progress::steps(out, out.pick(&messages::demo_days()), u64::from(days));
    let mut transfers = sample.transfers.as_slice();
    for time in 1..=days {
        let since = Instant::now();
        let Answer::Day(opened) = ask(engine, Command::OpenDay { day: day.take() })? else {
            return Err(anyhow!(messages::NO_DAY));
        };
        lived.last = Some(opened);
        clock.add(messages::PHASE_OPEN_DAY, since);
        if time == 1 {
            let since = Instant::now();
            open_accounts(engine, sample)?;
            clock.add(messages::PHASE_ACCOUNTS, since);
            let since = Instant::now();
            post_openings(engine, sample)?;
            clock.add(messages::PHASE_OPENINGS, since);
        }
        let since = Instant::now();
        let count = transfers.partition_point(|transfer| transfer.time <= time);
        let (today, later) = transfers.split_at(count);
        transfers = later;
        for batch in today.chunks(BATCH) {
            post_transfers(engine, batch, &mut lived)?;
        }
        clock.add(messages::PHASE_POST, since);
        if time == days {
            let since = Instant::now();
            lived.office = office::live(engine, HEAD_OFFICE)?;
            clock.add(messages::PHASE_OFFICE, since);
        }
        let since = Instant::now();
        closing::close_day(engine, home, &archive, None, messages::DEMO_OPERATOR, |_, _| {})?;
        clock.add(messages::PHASE_CLOSE, since);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(lived)
}

fn open_accounts(engine: &Engine, sample: &Sample) -> anyhow::Result<()> {
    for nodes in sample.nodes.chunks(BATCH) {
        let form = |node: &data::Node| AccountForm {
            number: names::number(node.id, branch_of(node.id)),
            name: names::holder(node.id),
            kind: KIND.to_owned(),
            institution: branch_code(branch_of(node.id)),
            unit: None,
            term: None,
        };
        ask(engine, Command::OpenAccounts(nodes.iter().map(form).collect()))?;
    }
    Ok(())
}

/// Opening balances, which stand at the central bank.
fn post_openings(engine: &Engine, sample: &Sample) -> anyhow::Result<()> {
    let cash = engine.look(|state| {
        let book = &state.book;
        let kind = book.chart.kind_by_code(BACKING)?;
        let number = |at: usize| {
            let place = book.institution_by_code(&branch_code(at))?;
            let id = book.internal(kind, place, book.chart.base_unit)?;
            Some(book.accounts.number(id).to_owned())
        };
        (0..names::BRANCHES.len()).map(number).collect::<Option<Vec<String>>>()
    })?;
    let cash = cash.ok_or_else(|| anyhow!(messages::NO_CASH))?;
    for nodes in sample.nodes.chunks(BATCH) {
        let entry = |node: &data::Node| {
            let at = branch_of(node.id);
            let to = names::number(node.id, at);
            let key = format!("opening-{}", node.id);
            let summary = messages::DEMO_OPENING;
            let entry = entry(key, at, (&cash[at], &to), node.opening, summary);
            EntryForm { authoriser: messages::DEMO_AUTHORISER.to_owned(), ..entry }
        };
        // A customer without money has nothing to pay in.
        let paid = nodes.iter().filter(|node| node.opening > 0);
        let entries = paid.map(entry).collect();
        ask(engine, Command::Post { entries, whole: true })?;
    }
    Ok(())
}

fn post_transfers(engine: &Engine, batch: &[Transfer], lived: &mut Lived) -> anyhow::Result<()> {
    let form = |transfer: &Transfer| {
        let from = branch_of(transfer.source);
        let payer = names::number(transfer.source, from);
        let payee = names::number(transfer.target, branch_of(transfer.target));
        let key = format!("amlsim-{}", transfer.row);
        entry(key, from, (&payer, &payee), transfer.amount, messages::DEMO_TRANSFER)
    };
    let entries = batch.iter().map(form).collect();
    let Answer::Entries(receipts) = ask(engine, Command::Post { entries, whole: false })? else {
        return Err(anyhow!(messages::NO_RECEIPTS));
    };
    lived.refused += receipts.refused.len() as u64;
    let numbers = batch.iter().zip(&receipts.numbers);
    lived.posted.extend(numbers.filter(|(_, no)| no.0 > 0).map(|(transfer, _)| transfer.row));
    Ok(())
}

fn entry(
    key: String,
    branch: usize,
    (debit, credit): (&str, &str),
    amount: i64,
    summary: &str,
) -> EntryForm {
    let line = |account: &str, side| LineForm {
        account: account.to_owned(),
        side,
        amount: money::plain(i128::from(amount), UNIT_DIGITS),
        unit: None,
        red: false,
        clears: None,
        quantity: None,
    };
    EntryForm {
        key,
        institution: branch_code(branch),
        maker: messages::DEMO_OPERATOR.to_owned(),
        summary: summary.to_owned(),
        lines: vec![line(debit, SideWord::Debit), line(credit, SideWord::Credit)],
        ..EntryForm::default()
    }
}

/// The last day's statement of the bank and one account's pages.
fn print_books(
    global: &Global,
    sample: &Sample,
    lived: &Lived,
    out: &Output,
) -> anyhow::Result<()> {
    let shape = Shape { format: Some(ReportFormat::Text), output: None };
    let mut source = Source::open(global)?;
    let asked = Scope { level: 1, ..Scope::default() };
    show(&table(&mut source, Report::DailyStatement, &asked)?, &shape, out)?;
    let Some(last) = lived.last else { return Ok(()) };
    let number = an_account(sample);
    let (year, ..) = FIRST;
    let from = Some(Day::new(year, 1, 1));
    let asked = Scope { account: Some(number), from, to: Some(last), ..asked };
    show(&table(&mut source, Report::AccountLedger, &asked)?, &shape, out)
}

/// The first account whose transfers fit a page.
fn an_account(sample: &Sample) -> String {
    let mut counts = vec![0_usize; sample.nodes.len()];
    for transfer in &sample.transfers {
        for node in [transfer.source, transfer.target] {
            if let Some(count) = counts.get_mut(node as usize) {
                *count += 1;
            }
        }
    }
    let node = counts.iter().position(|count| STATEMENT_LINES.contains(count)).unwrap_or(0);
    let node = u32::try_from(node).unwrap_or_default();
    names::number(node, branch_of(node))
}

fn tell(
    proof: &Proof,
    lived: &Lived,
    clock: &Clockwork,
    verified: &engine::verify::Verified,
    out: &Output,
) -> anyhow::Result<()> {
    let yuan = |fen: i128| money::display(fen, UNIT_DIGITS);
    if out.json {
        let phases: serde_json::Map<String, Value> = clock
            .phases
            .iter()
            .map(|(phase, spent)| (phase.1.to_owned(), json!(spent.as_secs_f64())))
            .collect();
        out.document(&json!({
            "accounts": proof.accounts, "posted": lived.posted.len(), "refused": lived.refused,
            "operators": lived.office.people, "requests": lived.office.requests,
            "opening": yuan(proof.opening), "moved": yuan(proof.moved),
            "interest_paid": yuan(proof.paid), "interest_charged": yuan(proof.charged),
            "closing": yuan(proof.closing), "differences": proof.differences.len(),
            "blocks": verified.blocks, "entries": verified.entries, "lines": verified.lines,
            "days": verified.days, "verify_differences": verified.differences.len(),
            "seconds": phases,
        }))?;
        return Ok(());
    }
    let fields = [
        (messages::DEMO_POSTED, lived.posted.len().to_string()),
        (messages::DEMO_REFUSED, lived.refused.to_string()),
        (messages::DEMO_PEOPLE, lived.office.people.to_string()),
        (messages::DEMO_REQUESTS, lived.office.requests.to_string()),
        (messages::DEMO_SUM_OPENING, yuan(proof.opening)),
        (messages::DEMO_MOVED, yuan(proof.moved)),
        (messages::DEMO_PAID, yuan(proof.paid)),
        (messages::DEMO_CHARGED, yuan(proof.charged)),
        (messages::DEMO_SUM_CLOSING, yuan(proof.closing)),
    ];
    out.fields(&fields)?;
    out.say(&messages::demo_proof(proof.accounts, proof.differences.len()))?;
    for (number, expected, closing) in proof.differences.iter().take(10) {
        let (expected, closing) = (yuan(i128::from(*expected)), yuan(i128::from(*closing)));
        out.say(&messages::demo_difference(number, &expected, &closing))?;
    }
    out.say(&messages::verified(verified))?;
    let rows: Vec<Vec<String>> = clock
        .phases
        .iter()
        .map(|(phase, spent)| {
            vec![out.label(*phase).to_owned(), format!("{:.2}", spent.as_secs_f64())]
        })
        .collect();
    out.table(&messages::PHASE_COLUMNS, &rows)?;
    Ok(())
}
