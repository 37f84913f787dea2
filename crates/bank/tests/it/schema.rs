//! The JSON Schema of the rulebook: every shipped file fits it, and its keys are the loader's.

use crate::checker::base_rulebook;
use crate::pages::rulebook_files;
use bank::rulebook::Rulebook;
use bank::rulebook::schema::{kinds, schema};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a value does not fit, by the words of JSON Schema that the rulebook's schema uses.
fn misfits(all: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let schema = resolved(all, schema);
    let mut wrong = Vec::new();
    let known = ["$schema", "$defs", "title", "description", "format", "minimum", "maximum"];
    for (word, says) in schema.as_object().unwrap() {
        match word.as_str() {
            word if known.contains(&word) => {}
            "type" if is_of_type(says, value) => {}
            "const" if says == value => {}
            "enum" if says.as_array().unwrap().contains(value) => {}
            "properties" => {
                for (key, value) in value.as_object().into_iter().flatten() {
                    if let Some(schema) = says.get(key) {
                        wrong.extend(misfits(all, schema, value, &format!("{at}.{key}")));
                    }
                }
            }
            "required" => {
                for key in says.as_array().unwrap() {
                    if value.get(key.as_str().unwrap()).is_none() {
                        wrong.push(format!("{at} lacks {key}"));
                    }
                }
            }
            "additionalProperties" => {
                for (key, value) in value.as_object().into_iter().flatten() {
                    if schema["properties"].get(key).is_some() {
                    } else if *says == Value::Bool(false) {
                        wrong.push(format!("{at} has {key}"));
                    } else {
                        wrong.extend(misfits(all, says, value, &format!("{at}.{key}")));
                    }
                }
            }
            "items" => {
                for (row, value) in value.as_array().into_iter().flatten().enumerate() {
                    wrong.extend(misfits(all, says, value, &format!("{at}[{row}]")));
                }
            }
            "oneOf" | "anyOf" => {
                let one = says.as_array().unwrap().iter();
                let fit = one.filter(|one| misfits(all, one, value, at).is_empty()).count();
                if fit == 0 || word == "oneOf" && fit > 1 {
                    wrong.push(format!("{at} fits {fit} of {word}"));
                }
            }
            other => wrong.push(format!("{at}: {other} {says} does not take {value}")),
        }
    }
    wrong
}

fn is_of_type(says: &Value, value: &Value) -> bool {
    let one = |word: &Value| match word.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        other => panic!("no file has a {other}"),
    };
    match says {
        Value::Array(words) => words.iter().any(one),
        word => one(word),
    }
}

fn resolved<'a>(all: &'a Value, schema: &'a Value) -> &'a Value {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(name) => resolved(all, &all["$defs"][name.strip_prefix("#/$defs/").unwrap()]),
        None => schema,
    }
}

/// The rulebook that ships, and the small one that has every key.
fn files() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook");
    let shipped = rulebook_files(&root).into_iter().filter(|(path, _)| path.ends_with(".toml"));
    shipped.chain(base_rulebook()).collect()
}

fn kind_of<'a>(all: &'a Value, file: &Value) -> &'a Value {
    let kinds = all["oneOf"].as_array().unwrap();
    kinds.iter().find(|kind| kind["properties"]["kind"]["const"] == file["kind"]).unwrap()
}

#[test]
fn every_file_fits_the_schema() {
    let all = schema(None);
    for (path, text) in files() {
        let file: Value = toml::from_str(&text).unwrap();
        let wrong = misfits(&all, kind_of(&all, &file), &file, &path);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn a_schema_of_one_kind_has_no_other() {
    for kind in kinds() {
        let one = schema(Some(kind));
        let files = one["oneOf"].as_array().unwrap();
        assert_eq!(files.len(), 1);
        assert_eq!(files[0]["properties"]["kind"]["const"], kind);
    }
}

/// A key that no file has, put into every table that the schema closes: the loader then lists the
/// keys that it knows there.
#[test]
fn the_keys_of_the_schema_are_those_of_the_loader() {
    let all = schema(None);
    let (mut seen, mut wrong) = (BTreeSet::new(), Vec::new());
    for (path, text) in files() {
        let file: Value = toml::from_str(&text).unwrap();
        let mut places = Vec::new();
        closed(&all, kind_of(&all, &file), &file, "", &mut places);
        for (pointer, keys) in places {
            if !seen.insert(keys.clone()) {
                continue;
            }
            let mut file = file.clone();
            let table = file.pointer_mut(&pointer).unwrap().as_object_mut().unwrap();
            table.insert("no_such_key".to_owned(), "x".into());
            let errors = Rulebook::parse(&[(path.clone(), toml::to_string(&file).unwrap())]);
            let errors = errors.unwrap_err();
            let error = errors.iter().find(|error| error.code == "UnknownKey");
            let error = error.unwrap_or_else(|| panic!("{path} {pointer} takes any key"));
            let allowed: BTreeSet<String> = error.allowed.iter().cloned().collect();
            if allowed != keys {
                wrong.push(format!("{path} {pointer}: schema {keys:?}, loader {allowed:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen.len() > 30, "only {} tables were tried", seen.len());
}

/// Where in a file the schema takes no other keys than its own, and which they are.
fn closed(
    all: &Value,
    schema: &Value,
    value: &Value,
    at: &str,
    into: &mut Vec<(String, BTreeSet<String>)>,
) {
    let schema = resolved(all, schema);
    match value {
        Value::Object(table) => {
            if schema["additionalProperties"] == Value::Bool(false) {
                let keys = schema["properties"].as_object().unwrap();
                into.push((at.to_owned(), keys.keys().cloned().collect()));
            }
            for (key, value) in table {
                let own = schema.get("properties").and_then(|own| own.get(key));
                let any = schema.get("additionalProperties").filter(|any| any.is_object());
                if let Some(schema) = own.or(any) {
                    closed(all, schema, value, &format!("{at}/{key}"), into);
                }
            }
        }
        Value::Array(rows) => {
            for (row, value) in rows.iter().enumerate() {
                if let Some(schema) = schema.get("items") {
                    closed(all, schema, value, &format!("{at}/{row}"), into);
                }
            }
        }
        _ => {}
    }
}
