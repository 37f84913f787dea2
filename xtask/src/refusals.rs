//! Every refusal the bank can give, read from the source text of the constructors in the files
//! named `refusal*.rs`, and the page that lists them.
//!
//! The text is read, not the program run: a constructor needs arguments, its sentence does not.

use crate::rust::{Kind, Token, code, content};
use crate::tree::{File, Tree};

/// The generated page.
pub const PAGE: &str = "docs/refusals.md";

/// One call of `refuse(…)` in a constructor.
pub struct Constructor {
    pub path: String,
    pub line: usize,
    /// Usually one; several where the constructor chooses among them.
    pub codes: Vec<String>,
    pub zh: String,
    pub en: String,
    pub again: String,
}

/// Whether refusals may be made in this file.
pub fn is_home(file: &File) -> bool {
    file.is_rust() && file.name().starts_with("refusal")
}

/// Whether a call of `refuse` stands at `at`: not its definition, not somebody's method.
pub fn is_call(code: &[Token<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| code.get(before));
    code[at].is("refuse")
        && code.get(at + 1).is_some_and(|next| next.is("("))
        && !before.is_some_and(|before| before.is("fn") || before.is("."))
}

pub fn all(tree: &Tree) -> Vec<Constructor> {
    let homes = tree.texts(|file| is_home(file) && file.path.starts_with("crates/"));
    homes.flat_map(|(file, text)| constructors(&file.path, text)).collect()
}

fn constructors(path: &str, text: &str) -> Vec<Constructor> {
    let code = code(text);
    let tests = crate::rust::first_test_line(path, &code).unwrap_or(usize::MAX);
    let mut body = 0;
    let mut found = Vec::new();
    for at in 0..code.len() {
        if code[at].is("fn") {
            body = at;
        }
        if !is_call(&code, at) || code[at].line >= tests {
            continue;
        }
        let arguments = arguments(&code[at + 2..]);
        let argument = |position: usize| arguments.get(position).copied().unwrap_or_default();
        let codes = match argument(0) {
            [literal] if literal.kind == Kind::Text => vec![content(literal.text)],
            _ => code[body..at].iter().filter_map(as_code).collect(),
        };
        found.push(Constructor {
            path: path.to_owned(),
            line: code[at].line,
            codes,
            again: argument(2).last().map(|last| last.text.to_owned()).unwrap_or_default(),
            zh: sentence(argument(3)),
            en: sentence(argument(4)),
        });
    }
    found
}

/// A string literal that can be the code of a refusal: `AccountFrozen`.
fn as_code(token: &Token<'_>) -> Option<String> {
    let text = (token.kind == Kind::Text).then(|| content(token.text))?;
    let camel = text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.chars().all(|next| next.is_ascii_alphanumeric());
    camel.then_some(text)
}

/// The arguments of a call, from behind its opening bracket.
fn arguments<'t, 's>(code: &'t [Token<'s>]) -> Vec<&'t [Token<'s>]> {
    let (mut depth, mut from, mut found) = (0, 0, Vec::new());
    for (at, token) in code.iter().enumerate() {
        let closes = depth == 0 && token.is(")");
        if closes || (depth == 0 && token.is(",")) {
            if at > from {
                found.push(&code[from..at]);
            }
            from = at + 1;
        }
        if closes {
            break;
        }
        match token.text {
            "(" | "[" | "{" if token.kind == Kind::Mark => depth += 1,
            ")" | "]" | "}" if token.kind == Kind::Mark => depth -= 1,
            _ => {}
        }
    }
    found
}

/// The sentence of an argument: a literal, or the template of `format!` with its holes named.
fn sentence(argument: &[Token<'_>]) -> String {
    let mut texts = argument.iter().filter(|token| token.kind == Kind::Text);
    if !argument.first().is_some_and(|first| first.is("format")) {
        let said: Vec<_> = texts.map(|token| content(token.text)).collect();
        return said.join(" / ");
    }
    let template = texts.next().map(|token| content(token.text)).unwrap_or_default();
    // format ! ( template , value , value )
    let values = arguments(argument.get(3..).unwrap_or_default());
    fill(&template, &values.iter().skip(1).map(|value| name(value)).collect::<Vec<_>>())
}

/// What a value is called in a template: `item.entry.0` stays, `status.zh()` loses its brackets.
fn name(value: &[Token<'_>]) -> String {
    let whole: String = value.iter().map(|token| token.text).collect();
    whole.trim_start_matches('&').trim_end_matches("()").to_owned()
}

/// Puts the names of the values into the empty holes, and takes the formats out of the others.
fn fill(template: &str, values: &[String]) -> String {
    let (mut said, mut rest, mut values) = (String::new(), template, values.iter());
    while let Some(open) = rest.find(['{', '}']) {
        let hole = &rest[open..];
        said.push_str(&rest[..open]);
        // Doubled brackets stand for themselves.
        if hole.starts_with("{{") || hole.starts_with("}}") {
            said.push_str(&hole[..1]);
            rest = &hole[2..];
            continue;
        }
        let close = hole.find('}').unwrap_or(hole.len() - 1);
        let inner = hole.get(1..close).unwrap_or_default();
        let named = inner.split(':').next().unwrap_or_default();
        let named = if named.is_empty() { values.next().map_or("", String::as_str) } else { named };
        said.push_str(&format!("{{{named}}}"));
        rest = &hole[close + 1..];
    }
    said.push_str(rest);
    said
}

/// The page, one table for each file of constructors, in the order of the source.
pub fn render(refusals: &[Constructor]) -> String {
    let mut page = String::from(
        "# Refusals (拒绝)\n\n\
         Written by `cargo xtask refusals` from the constructors named here: change those.\n\
         A refused request has changed nothing. *Again* says whether the same request may\n\
         succeed later.\n",
    );
    let mut path = "";
    for refusal in refusals {
        if refusal.path != path {
            path = &refusal.path;
            page.push_str(&format!("\n## `{path}`\n\n| code | 中文 | English | again |\n"));
            page.push_str("|---|---|---|---|\n");
        }
        let (zh, en, again) = (cell(&refusal.zh), cell(&refusal.en), again(&refusal.again));
        for code in &refusal.codes {
            page.push_str(&format!("| `{code}` | {zh} | {en} | {again} |\n"));
        }
    }
    page
}

/// Text as it can stand in a table: no bars, and no brackets that could be read as HTML or a link.
fn cell(text: &str) -> String {
    let mut safe = text.replace('\n', " ");
    for mark in ['|', '<', '['] {
        safe = safe.replace(mark, &format!("\\{mark}"));
    }
    safe
}

fn again(name: &str) -> &str {
    match name {
        "Never" => "never",
        "WhenFactsChange" => "when facts change",
        "Later" => "later",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
        pub fn refuse(code: &'static str) -> Refusal { Refusal { code } }
        pub fn maker_missing() -> Refusal {
            refuse("MakerMissing", "maker", Never, "缺少经办人", "the maker is missing")
        }
        pub fn unknown(no: EntryNo, key: Key) -> Refusal {
            refuse(
                "Unknown",
                format!("lines[{no}]"),
                Again::WhenFactsChange,
                format!("没有凭证 {} 或 {key:?}", no.0),
                format!("no entry {} at `{key:?}`, {}", no.0, status.en()),
            )
        }
        pub fn forbids(status: Status) -> Refusal {
            let code = match status { Status::Closed => "Closed", _ => "Frozen" };
            refuse(code, "account", Later, "状态不符", "the status forbids it")
        }
    "#;

    #[test]
    fn sentences_are_read_from_the_source() {
        let found = constructors("crates/ledger/src/refusal.rs", SOURCE);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].codes, ["MakerMissing"]);
        assert_eq!((found[0].zh.as_str(), found[0].again.as_str()), ("缺少经办人", "Never"));
        assert_eq!(found[1].zh, "没有凭证 {no.0} 或 {key}");
        assert_eq!(found[1].en, "no entry {no.0} at `{key}`, {status.en}");
        assert_eq!(found[1].again, "WhenFactsChange");
        assert_eq!(found[2].codes, ["Closed", "Frozen"]);
    }

    #[test]
    fn doubled_brackets_stand_for_themselves() {
        assert_eq!(fill("{{a}} {}", &["b".to_owned()]), "{a} {b}");
    }

    #[test]
    fn the_page_has_a_row_for_each_code() {
        let page = render(&constructors("crates/ledger/src/refusal.rs", SOURCE));
        assert!(page.contains("| `Closed` | 状态不符 | the status forbids it | later |\n"));
        assert!(page.contains("| `Frozen` | 状态不符 | the status forbids it | later |\n"));
        assert!(page.contains("| `MakerMissing` | 缺少经办人 | the maker is missing | never |\n"));
    }
}
