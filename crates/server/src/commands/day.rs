//! `piaohao day`: opens and closes business days.

use crate::cli::{DayCommand, Global};
use crate::closing;
use crate::commands::ask;
use crate::fault::Exit;
use crate::home::{self, Home};
use crate::messages;
use crate::output::Output;
use crate::progress;
use bank::{Answer, Command};
use ledger::book::Phase;
use ledger::close::Step;
use serde_json::json;

pub fn run(global: &Global, form: DayCommand, out: &Output) -> anyhow::Result<Exit> {
    match form {
        DayCommand::Open { date } => {
            let running = Home::open(&global.home)?.run(out)?;
            match ask(&running.engine, Command::OpenDay { day: date })? {
                Answer::Day(day) => {
                    out.answer(&messages::day_opened(day), &json!({ "day": day }))?
                }
                other => unreachable!("opening a day answers it, not {other:?}"),
            }
            Ok(Exit::OK)
        }
        DayCommand::Close { institution: Some(code), .. } => {
            let running = Home::open(&global.home)?.run(out)?;
            let (institution, by) = (code.clone(), global.operator.clone());
            ask(&running.engine, Command::CloseInstitution { institution, by })?;
            let value = json!({ "institution": code, "closed": true });
            out.answer(&messages::institution_closed(&code), &value)?;
            Ok(Exit::OK)
        }
        DayCommand::Close { institution: None, accept } => close(global, accept.as_deref(), out),
        DayCommand::Reopen { institution: code, reason } => {
            let running = Home::open(&global.home)?.run(out)?;
            let (institution, by) = (code.clone(), global.operator.clone());
            ask(&running.engine, Command::ReopenInstitution { institution, by, reason })?;
            let value = json!({ "institution": code, "closed": false });
            out.answer(&messages::institution_reopened(&code), &value)?;
            Ok(Exit::OK)
        }
        DayCommand::Status => status(global, out),
    }
}

fn close(global: &Global, accept: Option<&str>, out: &Output) -> anyhow::Result<Exit> {
    let home = Home::open(&global.home)?;
    let running = home.run(out)?;
    let archive = home.archive()?;
    let bar = progress::steps(out, "", closing::STEPS);
    let tell = |zh: &'static str, en: &'static str| {
        bar.set_message(out.pick(&messages::say(zh, en)).to_owned());
        bar.inc(1);
    };
    let closed =
        closing::close_day(&running.engine, &home, &archive, accept, &global.operator, tell);
    bar.finish_and_clear();
    let closing::Closed { certificate, unmerged } = closed?;
    if let Some(error) = unmerged {
        out.aside(&messages::month_unmerged(&error.to_string()));
    }
    if out.json {
        out.document(&json!(certificate))?;
    } else {
        out.say(&messages::day_closed(&certificate))?;
        let rows: Vec<Vec<String>> = certificate
            .checks
            .iter()
            .map(|check| {
                let verdict = messages::verdict(check.passed);
                let title = messages::check(&check.code);
                let (title, verdict) = (out.pick(&title), out.pick(&verdict));
                vec![title.to_owned(), verdict.to_owned(), check.found.clone()]
            })
            .collect();
        out.table(&messages::CHECK_COLUMNS, &rows)?;
    }
    Ok(Exit::OK)
}

fn status(global: &Global, out: &Output) -> anyhow::Result<Exit> {
    let home = Home::open(&global.home)?;
    let (value, fields) = home::look(&home, |state| {
        let book = &state.book;
        let phase = messages::phase(book.phase);
        let closed = book.institutions.iter().filter(|one| one.closed == Some(book.today));
        let (closed, count) = (closed.count(), book.institutions.len());
        let next = book.chart.calendar.next_business_day(book.today);
        let done = Step::ALL.iter().filter(|step| book.steps.contains_key(step.code()));
        let done: Vec<&str> = done.map(|step| step.code()).collect();
        let value = json!({
            "bank": book.bank, "day": book.today, "phase": book.phase,
            "institutions": count, "institutions_closed": closed, "steps_done": done,
            "next_business_day": next, "entries": book.next_entry.0 - 1,
        });
        let fields = vec![
            (messages::BANK, format!("{} {}", book.bank, book.title.zh)),
            (messages::DAY, book.today.to_string()),
            (messages::STATUS, out.pick(&phase).to_owned()),
            (messages::STOPPED, format!("{closed}/{count}")),
            (messages::STEPS_DONE, done.join(" ")),
            (messages::ENTRIES, (book.next_entry.0 - 1).to_string()),
            (messages::NEXT_DAY, next.to_string()),
        ];
        let fields = if book.phase == Phase::Closed && book.day_starts.is_empty() {
            vec![(messages::STATUS, out.pick(&messages::never_opened()).to_owned())]
        } else {
            fields
        };
        Ok((value, fields))
    })?;
    if out.json {
        out.document(&value)?
    } else {
        out.fields(&fields)?
    }
    Ok(Exit::OK)
}
