//! The interface as its description has it: every operation, who may ask for it, and a request that
//! says nothing wrong.

use super::house::{BESIDE, MINE};
use bank::office::access::Function;
use serde_json::{Map, Value, json};

const METHODS: [&str; 5] = ["get", "post", "put", "delete", "patch"];

/// An operation of the interface.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `post /accounts/{number}/close`
    pub name: String,
    pub method: String,
    /// Under `/api/v1`, with its holes.
    pub path: String,
    /// The extension `x-function`.
    pub function: String,
    says: Value,
}

/// Values that a sample says where the description only knows that it is text. Whoever may not ask
/// is refused for that; were the sample wrong, they would be told so instead.
const SAMPLES: [(&str, &str); 23] = [
    ("number", MINE),
    ("account", MINE),
    ("to", BESIDE),
    ("institution", "0101"),
    ("operator", "ana"),
    ("code", "CASH-001"),
    ("amount", "1.00"),
    ("status", "normal"),
    ("kind", "reserve"),
    ("side", "debit"),
    ("unit", "CNY"),
    ("day", "2026-01-05"),
    ("date", "2026-01-05"),
    ("from", "2026-01-05"),
    ("until", "2026-01-05"),
    ("on", "2026-01-05"),
    ("as_of", "2026-01-05"),
    ("name", "a.pdf"),
    ("do", "comment"),
    ("subject", "1001"),
    ("month", "2026-01"),
    ("thing", "cheque:AB00000007"),
    ("sha256", "0000000000000000000000000000000000000000000000000000000000000000"),
];

/// Values that one operation wants otherwise.
const PLACED: [(&str, &str, &str); 2] = [
    ("get /reports/{name}", "name", "trial-balance"),
    ("get /office-reports/{name}", "name", "stock"),
];

/// Numbers of things that there are.
const ONES: [(&str, u64); 3] = [("id", 8), ("entry", 4), ("hold", 1)];

/// Every operation that the description knows.
pub fn operations(document: &Value) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS {
            let Some(says) = item.get(method) else { continue };
            let path = path.strip_prefix("/api/v1").unwrap().to_owned();
            let name = format!("{method} {path}");
            let function = says["x-function"].as_str();
            let function = function.unwrap_or_else(|| panic!("`{name}` has no x-function"));
            all.push(Operation {
                name,
                method: method.to_uppercase(),
                path,
                function: function.to_owned(),
                says: says.clone(),
            });
        }
    }
    all
}

impl Operation {
    /// Functions of which one is needed; none, if it is for others than those who have them.
    pub fn functions(&self) -> Vec<Function> {
        self.function.split(' ').filter_map(Function::by_code).collect()
    }

    /// The path with its holes filled and what the query must say.
    pub fn sample_path(&self, document: &Value) -> String {
        let mut path = self.path.clone();
        let mut query = Vec::new();
        for parameter in self.says["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            let placed = PLACED.iter().find(|(of, field, _)| *of == self.name && *field == name);
            let value = match placed {
                Some((.., value)) => json!(value),
                None => sample(document, name, &parameter["schema"]),
            };
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            match parameter["in"].as_str() {
                Some("path") => path = path.replace(&format!("{{{name}}}"), &text),
                Some("query") if parameter["required"] == true => {
                    query.push(format!("{name}={text}"));
                }
                _ => {}
            }
        }
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    /// A body with what must be said, and its media type.
    pub fn sample_body(&self, document: &Value) -> Option<(Vec<u8>, String)> {
        let content = self.says["requestBody"]["content"].as_object()?;
        let (media, body) = content.iter().next()?;
        let bytes = match media.as_str() {
            "application/json" => sample(document, "", &body["schema"]).to_string().into_bytes(),
            _ => b"x".to_vec(),
        };
        Some((bytes, media.clone()))
    }
}

fn sample(document: &Value, name: &str, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        return sample(document, name, document.pointer(pointer).unwrap());
    }
    for one_of in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) =
            schema[one_of].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"))
        {
            return sample(document, name, first);
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find_map(Value::as_str).unwrap_or("object"),
        kind => kind.as_str().unwrap_or("object"),
    };
    let number = || ONES.iter().find(|(known, _)| *known == name).map_or(1, |(_, one)| *one);
    let text = || SAMPLES.iter().find(|(known, _)| *known == name).map_or("x", |(_, text)| *text);
    match kind {
        "string" => json!(text()),
        "integer" | "number" => json!(number()),
        "boolean" => json!(false),
        "array" => json!([]),
        _ => {
            let required = schema["required"].as_array().into_iter().flatten();
            let required = required.filter_map(Value::as_str);
            let pairs = required
                .map(|name| (name.to_owned(), sample(document, name, &schema["properties"][name])));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
    }
}
