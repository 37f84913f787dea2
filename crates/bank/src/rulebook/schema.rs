//! The JSON Schema of the rulebook's files (draft 2020-12), made from the same rows that the loader
//! reads, so that an editor completes what the loader takes. What names refer to is for the loader.

use super::file::{AccountKindBody, AccountsBody, Header, LayoutBody, NumberBody, UnitsBody};
use super::matter_file::{
    AccessBody, DenominationsBody, MatterBody, PlacesBody, PostsBody, RetentionBody, StockBody,
};
use super::matters::FIELD_TYPES;
use super::report_file::ReportBody;
use crate::office::access::Function;
use crate::office::{acts, rules as judgements};
use ledger::chart::Title;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};
use serde_json::{Map, Value, json};

/// One way to get at the rows of a kind of file.
type Body = fn(&mut SchemaGenerator) -> Schema;

/// Kinds of file, with their rows.
const KINDS: [(&str, &str, Body); 13] = [
    ("accounts", "科目表 / subjects", of::<AccountsBody>),
    ("account_kind", "账户种类 / kinds of account", of::<AccountKindBody>),
    ("number", "参数 / dated numbers", of::<NumberBody>),
    ("units", "币种与实物 / units", of::<UnitsBody>),
    ("layout", "报表格式 / layout of a statement", of::<LayoutBody>),
    ("matter", "事项 / a matter", of::<MatterBody>),
    ("posts", "岗位 / posts", of::<PostsBody>),
    ("access", "功能权限 / rights for what is no matter", of::<AccessBody>),
    ("places", "保管场所 / places of custody", of::<PlacesBody>),
    ("stock", "编号物品 / numbered stock", of::<StockBody>),
    ("denominations", "券别 / denominations", of::<DenominationsBody>),
    ("retention", "保管期限 / retention", of::<RetentionBody>),
    ("report", "登记簿与统计表 / a register or figures of matters", of::<ReportBody>),
];

/// Codes of the kinds of file.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(kind, ..)| *kind)
}

fn of<T: schemars::JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    T::json_schema(generator)
}

/// The schema of every kind of file, or of one.
pub fn schema(only: Option<&str>) -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let header = Header::json_schema_of(&mut generator);
    let files = KINDS.iter().filter(|(kind, ..)| only.is_none_or(|only| only == *kind));
    let files: Vec<Value> = files
        .map(|(kind, title, body)| {
            let rows = body(&mut generator).to_value();
            let mut file = joined(&header, &rows);
            file["title"] = json!(title);
            file["properties"]["kind"] = json!({ "const": kind, "description": title });
            file
        })
        .collect();
    let mut all = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "票号规则库 / rulebook of Piaohao",
        "oneOf": files,
        "$defs": generator.take_definitions(true),
    });
    without_null(&mut all);
    all
}

impl Header {
    fn json_schema_of(generator: &mut SchemaGenerator) -> Value {
        of::<Self>(generator).to_value()
    }
}

/// The keys of two objects in one.
fn joined(header: &Value, rows: &Value) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for part in [header, rows] {
        properties.extend(part["properties"].as_object().cloned().unwrap_or_default());
        required.extend(part["required"].as_array().cloned().unwrap_or_default());
    }
    json!({
        "type": "object", "properties": properties, "required": required,
        "additionalProperties": false,
    })
}

/// TOML has no null: a key is left out.
fn without_null(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(without_null),
        Value::Object(map) => {
            if let Some(Value::Array(types)) = map.get_mut("type") {
                types.retain(|one| one != "null");
                if let [one] = types.as_slice() {
                    let one = one.clone();
                    map.insert("type".to_owned(), one);
                }
            }
            if let Some(Value::Array(any)) = map.get_mut("anyOf") {
                any.retain(|one| one["type"] != "null");
                if let [Value::Object(one)] = any.as_slice() {
                    let one = one.clone();
                    map.remove("anyOf");
                    map.extend(one);
                }
            }
            // What stands where nothing is given says nothing that the description does not.
            map.remove("default");
            for (key, value) in map.iter_mut() {
                match value {
                    // Here the keys are those of the files.
                    Value::Object(named) if key == "properties" || key == "$defs" => {
                        named.values_mut().for_each(without_null);
                    }
                    other => without_null(other),
                }
            }
        }
        _ => {}
    }
}

/// The words of an enumeration that is defined elsewhere, as its reader tells them.
pub(super) fn words<'de, T: Deserialize<'de>>(_: &mut SchemaGenerator) -> Schema {
    let reader = StrDeserializer::<Error>::new("?");
    let told = T::deserialize(reader).err().map(|error| error.to_string()).unwrap_or_default();
    let words: Vec<&str> = told.split('`').skip(1).step_by(2).filter(|one| *one != "?").collect();
    json_schema!({ "enum": words })
}

pub(super) fn title_schema(_: &mut SchemaGenerator) -> Schema {
    let Title { zh, en } = Title { zh: "中文".to_owned(), en: "English".to_owned() };
    json_schema!({
        "type": "object",
        "properties": {
            "zh": { "type": "string", "description": zh },
            "en": { "type": "string", "description": en },
        },
        "required": ["zh", "en"],
        "additionalProperties": false,
    })
}

pub(super) fn field_types(_: &mut SchemaGenerator) -> Schema {
    let types = FIELD_TYPES
        .iter()
        .map(|(name, zh, en)| json!({ "const": name, "description": format!("{zh} / {en}") }));
    json_schema!({ "oneOf": types.collect::<Vec<Value>>() })
}

/// Judgements, with what each demands.
pub(super) fn rules(_: &mut SchemaGenerator) -> Schema {
    let rules = judgements::RULES.iter().map(|rule| {
        let args = arguments(rule.args, rule.optional);
        json!({ "const": rule.code, "description": format!("{} / {} ({args})", rule.zh, rule.en) })
    });
    json_schema!({ "oneOf": rules.collect::<Vec<Value>>() })
}

/// What may be done beside matters.
pub(super) fn functions(_: &mut SchemaGenerator) -> Schema {
    let functions = Function::all().map(|one| {
        let told = format!("{} / {}", one.zh(), one.en());
        json!({ "const": one.code(), "description": told })
    });
    json_schema!({ "oneOf": functions.collect::<Vec<Value>>() })
}

pub(super) fn verbs(_: &mut SchemaGenerator) -> Schema {
    let verbs = acts::VERBS.iter().map(|verb| {
        let args = arguments(verb.args, verb.optional);
        json!({ "const": verb.name, "description": format!("{} / {} ({args})", verb.zh, verb.en) })
    });
    json_schema!({ "oneOf": verbs.collect::<Vec<Value>>() })
}

/// "place, after, class?"
pub fn arguments(must: &[&str], may: &[&str]) -> String {
    let must = must.iter().map(|name| (*name).to_owned());
    let may = may.iter().map(|name| format!("{name}?"));
    must.chain(may).collect::<Vec<_>>().join(", ")
}
