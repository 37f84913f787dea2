//! `piaohao rulebook words`: what a matter and a report may be written with.

use crate::cli::Lang;
use crate::fault::Exit;
use crate::messages::{self, Label};
use crate::output::Output;
use bank::checker::CODES;
use bank::office::acts::{Stands, VERBS};
use bank::office::report::Own;
use bank::office::rules::RULES;
use bank::rulebook::FIELD_TYPES;
use bank::rulebook::schema::arguments;
use serde_json::{Value, json};

pub fn run(out: &Output) -> anyhow::Result<Exit> {
    if out.json {
        out.document(&document())?;
        return Ok(Exit::OK);
    }
    let said = |zh: &str, en: &str| match out.lang() {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    };
    let rules = RULES.iter().map(|rule| {
        let args = arguments(rule.args, rule.optional);
        vec![rule.code.to_owned(), args, said(rule.zh, rule.en)]
    });
    section(out, &messages::RULE_COLUMNS, rules)?;
    let verbs = VERBS.iter().map(|verb| {
        let args = arguments(verb.args, verb.optional);
        let alone = match verb.alone {
            Stands::Alone => out.label(messages::STEP_TO_ITSELF),
            Stands::Together => "",
        };
        vec![verb.name.to_owned(), args, format!("{}{alone}", said(verb.zh, verb.en))]
    });
    section(out, &messages::VERB_COLUMNS, verbs)?;
    let types = FIELD_TYPES.iter().map(|(name, zh, en)| vec![(*name).to_owned(), said(zh, en)]);
    section(out, &messages::TYPE_COLUMNS, types)?;
    let names = Own::ALL.iter().map(|name| vec![name.word.to_owned(), said(name.zh, name.en)]);
    section(out, &messages::REPORT_NAME_COLUMNS, names)?;
    let codes = CODES.iter().map(|(code, zh, en)| vec![(*code).to_owned(), said(zh, en)]);
    section(out, &messages::FINDING_COLUMNS, codes)
}

fn section(
    out: &Output,
    columns: &[Label],
    rows: impl Iterator<Item = Vec<String>>,
) -> anyhow::Result<Exit> {
    out.table(columns, &rows.collect::<Vec<_>>())?;
    out.put("\n")?;
    Ok(Exit::OK)
}

fn document() -> Value {
    let rules = RULES.iter().map(|rule| {
        json!({
            "code": rule.code, "args": rule.args, "optional": rule.optional, "zh": rule.zh,
            "en": rule.en,
        })
    });
    let verbs = VERBS.iter().map(|verb| {
        json!({
            "name": verb.name, "args": verb.args, "optional": verb.optional, "zh": verb.zh,
            "en": verb.en, "alone": verb.alone == Stands::Alone,
        })
    });
    let types =
        FIELD_TYPES.iter().map(|(name, zh, en)| json!({ "name": name, "zh": zh, "en": en }));
    let names =
        Own::ALL.iter().map(|name| json!({ "name": name.word, "zh": name.zh, "en": name.en }));
    let findings = CODES.iter().map(|(code, zh, en)| json!({ "code": code, "zh": zh, "en": en }));
    json!({
        "rules": rules.collect::<Vec<_>>(), "verbs": verbs.collect::<Vec<_>>(),
        "types": types.collect::<Vec<_>>(), "names": names.collect::<Vec<_>>(),
        "findings": findings.collect::<Vec<_>>(),
    })
}
