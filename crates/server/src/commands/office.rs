//! `piaohao office`: people, matters and things from the command line. What it hands in is what the
//! other interfaces hand in: one request, as `bank::office::form` has it.

mod show;

use crate::cli::{Deed, Global, Office, OfficeReport, OpenForm};
use crate::commands::ask;
use crate::commands::report::show as show_table;
use crate::fault::{Exit, RefusedAt};
use crate::home::{self, Home};
use crate::input::table::{read_table, read_table_text};
use crate::messages;
use crate::output::Output;
use crate::refusal;
use crate::reports::office;
use anyhow::Context as _;
use bank::form::OperatorForm;
use bank::office::form::RequestForm;
use bank::office::request::Said;
use bank::{Answer, Command};
use engine::Engine;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::Path;

pub fn run(global: &Global, form: Office, out: &Output) -> anyhow::Result<Exit> {
    match form {
        Office::Enrol { file } => enrol(global, &file, out),
        Office::Run { file } => run_file(global, &file, out),
        Office::Open(form) => one(global, opening(global, "open", form), out),
        Office::Draft(form) => one(global, opening(global, "draft", form), out),
        Office::Act(form) => one(global, form.request(&global.operator), out),
        Office::Handle { matter, deed, to, note } => {
            let mut request = request(global, deed.word());
            (request.matter, request.to, request.note) = (matter, to, note);
            one(global, request, out)
        }
        Office::Absence { deputy, from, until } => {
            let mut request = request(global, "absence");
            (request.to, request.from, request.until) = (vec![deputy], Some(from), Some(until));
            one(global, request, out)
        }
        Office::Tick => tick(global, out),
        Office::Attach { file } => attach(global, &file, out),
        Office::Queue { queue } => {
            looked(global, out, |out, state| show::queue(state, &global.operator, &queue, out))
        }
        Office::Show { matter } => show::matter(global, matter, out),
        Office::List(form) => show::list(global, form, out),
        Office::Report(form) => report(global, &form, out),
        Office::People => looked(global, out, |out, state| show::people(state, out)),
        Office::Places => looked(global, out, |out, state| show::places(state, out)),
        Office::Holdings { place } => {
            looked(global, out, |out, state| show::holdings(state, &place, out))
        }
        Office::Find { thing } => looked(global, out, |out, state| show::find(state, &thing, out)),
    }
}

/// Shows something of the state, without becoming its writer.
fn looked(
    global: &Global,
    out: &Output,
    show: impl FnOnce(&Output, &bank::State) -> anyhow::Result<()>,
) -> anyhow::Result<Exit> {
    let home = Home::open(&global.home)?;
    let follower = home.follow()?;
    show(out, follower.state())?;
    Ok(Exit::OK)
}

fn report(global: &Global, form: &OfficeReport, out: &Output) -> anyhow::Result<Exit> {
    let home = Home::open(&global.home)?;
    let follower = home.follow()?;
    let state = follower.state();
    if form.name == "list" {
        let rows = office::names(state).into_iter();
        let rows = rows.map(|(name, title)| vec![name, title.zh.into(), title.en.into()]);
        out.table(&messages::LIST_COLUMNS, &rows.collect::<Vec<_>>())?;
        return Ok(Exit::OK);
    }
    let chosen = office::Chosen::by_name(state, &form.name)?;
    let asked = office::Asked {
        code: form.code.clone(),
        institution: form.institution.clone(),
        from: form.from,
        until: form.until,
        now: home::now(),
    };
    let table = office::table(&home, state, &chosen, &asked)?;
    show_table(&table, &form.shape, out)?;
    Ok(Exit::OK)
}

fn request(global: &Global, deed: &str) -> RequestForm {
    RequestForm {
        by: vec![global.operator.clone()],
        deed: deed.to_owned(),
        ..RequestForm::default()
    }
}

fn opening(global: &Global, deed: &str, form: OpenForm) -> RequestForm {
    let mut request = request(global, deed);
    request.by.extend(form.with);
    (request.code, request.institution) = (form.code, form.institution);
    (request.fields, request.key) = (fields(&form.fields), form.key);
    request
}

/// `name=value` pairs; a value that looks like JSON is read as JSON.
pub fn fields(pairs: &[String]) -> Map<String, Value> {
    let pairs = pairs.iter().map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let value = |text: &str| {
        let json = text.starts_with(['[', '{']).then(|| serde_json::from_str(text).ok());
        json.flatten().unwrap_or_else(|| Value::String(text.to_owned()))
    };
    pairs.map(|(name, text)| (name.to_owned(), value(text))).collect()
}

fn one(global: &Global, request: RequestForm, out: &Output) -> anyhow::Result<Exit> {
    let running = Home::open(&global.home)?.run(out)?;
    let said = hand_in(&running.engine, request)?;
    tell(&said, out)?;
    Ok(Exit::OK)
}

/// Hands in a request and waits.
pub fn hand_in(engine: &Engine, request: RequestForm) -> anyhow::Result<Said> {
    let request = request.request(home::now())?;
    match ask(engine, Command::Office(Box::new(request)))? {
        Answer::Matter(said) => Ok(said),
        other => unreachable!("the office answers where a matter stands, not {other:?}"),
    }
}

fn tell(said: &Said, out: &Output) -> anyhow::Result<()> {
    out.answer(&messages::matter_stands(said), &show::said_json(said))?;
    Ok(())
}

/// A row of the file of operators; posts are separated by blanks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OperatorRow {
    operator: String,
    name: String,
    institution: String,
    posts: String,
}

fn enrol(global: &Global, file: &Path, out: &Output) -> anyhow::Result<Exit> {
    let running = Home::open(&global.home)?.run(out)?;
    let count = enrol_from(&running.engine, file)?;
    out.answer(&messages::operators_enrolled(count), &json!({ "enrolled": count }))?;
    Ok(Exit::OK)
}

fn enrol_from(engine: &Engine, file: &Path) -> anyhow::Result<usize> {
    let forms = operators(read_table(file)?);
    let count = forms.len();
    ask(engine, Command::Enrol(forms))?;
    Ok(count)
}

/// Operators of a table that is in the program.
pub fn enrol_from_text(name: &str, text: &str) -> anyhow::Result<Vec<OperatorForm>> {
    Ok(operators(read_table_text(Path::new(name), text)?))
}

fn operators(rows: Vec<OperatorRow>) -> Vec<OperatorForm> {
    let form = |row: OperatorRow| OperatorForm {
        operator: row.operator,
        name: row.name,
        institution: row.institution,
        posts: row.posts.split_whitespace().map(str::to_owned).collect(),
    };
    rows.into_iter().map(form).collect()
}

fn run_file(global: &Global, file: &Path, out: &Output) -> anyhow::Result<Exit> {
    let running = Home::open(&global.home)?.run(out)?;
    let name = file.display().to_string();
    let text = fs::read_to_string(file)
        .map_err(|error| refusal::file_unreadable(&name, &error.to_string()))?;
    let count = run_requests(&running.engine, &text, |said| tell(said, out))?;
    out.answer(&messages::requests_done(count), &json!({ "requests": count }))?;
    Ok(Exit::OK)
}

/// Hands in every request of a text, one a line, until one is refused.
pub fn run_requests(
    engine: &Engine,
    text: &str,
    mut told: impl FnMut(&Said) -> anyhow::Result<()>,
) -> anyhow::Result<u64> {
    let mut count = 0;
    for (line, text) in (1_u64..).zip(text.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        let refused = |refusal| RefusedAt { refusal, line };
        let form: RequestForm = serde_json::from_str(text)
            .map_err(|error| refused(refusal::malformed_line(&error.to_string())))?;
        let said =
            hand_in(engine, form).map_err(|error| match error.downcast::<ledger::Refusal>() {
                Ok(refusal) => refused(refusal).into(),
                Err(error) => error,
            })?;
        told(&said)?;
        count += 1;
    }
    Ok(count)
}

fn tick(global: &Global, out: &Output) -> anyhow::Result<Exit> {
    let running = Home::open(&global.home)?.run(out)?;
    let answer = ask(&running.engine, Command::Tick { at: home::now() })?;
    let Answer::Escalated(count) = answer else { unreachable!("the clock counts") };
    out.answer(&messages::clock_ticked(count), &json!({ "escalated": count }))?;
    Ok(Exit::OK)
}

/// Keeps a file beside the journal; what is printed goes into an attachment field.
fn attach(global: &Global, file: &Path, out: &Output) -> anyhow::Result<Exit> {
    let name = file.display().to_string();
    let bytes =
        fs::read(file).map_err(|error| refusal::file_unreadable(&name, &error.to_string()))?;
    let short = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let running = Home::open(&global.home)?.run(out)?;
    let attachment = running.engine.attach(short.as_deref().unwrap_or(&name), bytes)?;
    out.document(&json!(attachment)).context(name)?;
    Ok(Exit::OK)
}

impl Deed {
    fn word(self) -> &'static str {
        match self {
            Self::Return => "return",
            Self::Refuse => "refuse",
            Self::Withdraw => "withdraw",
            Self::Void => "void",
            Self::Transfer => "transfer",
            Self::Delegate => "delegate",
            Self::AddSigner => "add_signer",
            Self::RemoveSigner => "remove_signer",
            Self::Urge => "urge",
            Self::Copy => "copy",
            Self::Read => "read",
            Self::Comment => "comment",
        }
    }
}

impl crate::cli::ActForm {
    fn request(self, operator: &str) -> RequestForm {
        let mut by = vec![operator.to_owned()];
        by.extend(self.with);
        RequestForm {
            by,
            deed: "act".to_owned(),
            matter: self.matter,
            version: self.version,
            step: self.step,
            fields: fields(&self.fields),
            note: self.note,
            key: self.key,
            ..RequestForm::default()
        }
    }
}
