//! Rust source as tokens, comments included: enough to tell code from text and comment, so that a
//! check for a word in code does not trip over the same word in a string.

use crate::places::line_at;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Comment,
    /// A name, a keyword or a number.
    Word,
    /// A string literal of any form.
    Text,
    /// A character literal or a lifetime.
    Quote,
    /// One character of punctuation.
    Mark,
}

#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub line: usize,
}

impl Token<'_> {
    pub fn is(&self, code: &str) -> bool {
        matches!(self.kind, Kind::Word | Kind::Mark) && self.text == code
    }
}

pub fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut line, mut counted) = (0, 1, 0);
    while let Some(first) = source[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (kind, length) = next(&source[at..], first);
        line += line_at(&source[counted..], at - counted) - 1;
        counted = at;
        tokens.push(Token { kind, text: &source[at..at + length], line });
        at += length;
    }
    tokens
}

/// The tokens that the compiler reads.
pub fn code(source: &str) -> Vec<Token<'_>> {
    let mut tokens = tokens(source);
    tokens.retain(|token| token.kind != Kind::Comment);
    tokens
}

/// Whether these words and marks stand at `at`, one after another.
pub fn stands(code: &[Token<'_>], at: usize, wanted: &[&str]) -> bool {
    code.len() >= at + wanted.len()
        && wanted.iter().zip(&code[at..]).all(|(wanted, token)| token.is(wanted))
}

/// The line where the tests of a file begin: they stand last in it. None when it has none.
pub fn first_test_line(path: &str, code: &[Token<'_>]) -> Option<usize> {
    const WHOLE: [&str; 3] = ["tests.rs", "_tests.rs", "_test.rs"];
    let name = path.rsplit('/').next().unwrap_or(path);
    if path.contains("/tests/") || WHOLE.iter().any(|end| name.ends_with(end)) {
        return Some(1);
    }
    let begins = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    (0..code.len()).find(|&at| stands(code, at, &begins)).map(|at| code[at].line)
}

/// What a string literal says: quotes taken off, escapes and line continuations undone.
pub fn content(literal: &str) -> String {
    let open = literal.find('"').unwrap_or(0);
    let raw = literal[..open].contains('r');
    let close = literal.rfind('"').unwrap_or(literal.len());
    let inner = literal.get(open + 1..close).unwrap_or_default();
    if raw { inner.to_owned() } else { unescape(inner) }
}

fn unescape(inner: &str) -> String {
    let mut said = String::new();
    let mut rest = inner.chars().peekable();
    while let Some(next) = rest.next() {
        if next != '\\' {
            said.push(next);
            continue;
        }
        match rest.next() {
            Some('\n') => while rest.next_if(|next| next.is_whitespace()).is_some() {},
            Some('n') => said.push('\n'),
            Some('t') => said.push('\t'),
            Some('u') => {
                let hex: String = rest.by_ref().skip(1).take_while(|&next| next != '}').collect();
                said.extend(u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32));
            }
            Some(other) => said.push(other),
            None => {}
        }
    }
    said
}

/// The kind and the length in bytes of the token that `rest` begins with.
fn next(rest: &str, first: char) -> (Kind, usize) {
    if rest.starts_with("//") {
        return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Kind::Comment, block_comment(rest));
    }
    if let Some(length) = string(rest) {
        return (Kind::Text, length);
    }
    if first == '\'' {
        return (Kind::Quote, quote(rest));
    }
    if is_word(first) {
        let length = rest.find(|next| !is_word(next)).unwrap_or(rest.len());
        return (Kind::Word, length);
    }
    (Kind::Mark, first.len_utf8())
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// `"…"`, `b"…"`, `c"…"`, `r"…"`, `br#"…"#` and so on; None when no string begins here.
fn string(rest: &str) -> Option<usize> {
    let prefix = rest.find(|next| !matches!(next, 'r' | 'b' | 'c'))?;
    let raw = rest[..prefix].contains('r');
    let hashes = rest[prefix..].find(|next| next != '#')?;
    let open = prefix + hashes;
    if prefix > 2 || (hashes > 0 && !raw) || !rest[open..].starts_with('"') {
        return None;
    }
    if raw {
        let end = format!("\"{}", "#".repeat(hashes));
        return rest[open + 1..].find(&end).map(|at| open + 1 + at + end.len());
    }
    let mut escaped = false;
    for (at, next) in rest[open + 1..].char_indices() {
        match next {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(open + 1 + at + 1),
            _ => {}
        }
    }
    Some(rest.len())
}

/// `'a'`, `'\n'`, `'\u{4e00}'` or the lifetime `'a`.
fn quote(rest: &str) -> usize {
    let mut after = rest.char_indices().skip(1);
    match after.next() {
        Some((_, '\\')) => {
            let mut escaped = true;
            for (at, next) in after {
                match next {
                    _ if escaped => escaped = false,
                    '\'' => return at + 1,
                    _ => {}
                }
            }
            rest.len()
        }
        Some((_, _)) => match after.next() {
            Some((at, '\'')) => at + 1,
            _ => 1 + rest[1..].find(|next| !is_word(next)).unwrap_or(rest.len() - 1),
        },
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<(Kind, &str)> {
        tokens(source).into_iter().map(|token| (token.kind, token.text)).collect()
    }

    #[test]
    fn text_is_not_code() {
        let found = kinds(r##"x("a \" b", r#"c"d"#, 'e', '\'', &'f g) // h"##);
        let of = |kind| found.iter().filter(move |each| each.0 == kind).map(|each| each.1);
        assert_eq!(of(Kind::Text).collect::<Vec<_>>(), [r#""a \" b""#, r##"r#"c"d"#"##]);
        assert_eq!(of(Kind::Quote).collect::<Vec<_>>(), ["'e'", r"'\''", "'f"]);
        assert_eq!(of(Kind::Word).collect::<Vec<_>>(), ["x", "g"]);
        assert_eq!(of(Kind::Comment).collect::<Vec<_>>(), ["// h"]);
    }

    #[test]
    fn block_comments_nest() {
        assert_eq!(kinds("/* a /* 贷 */ b */ c")[1], (Kind::Word, "c"));
    }

    #[test]
    fn names_may_begin_like_strings() {
        assert_eq!(kinds("br rate c")[2], (Kind::Word, "c"));
    }

    #[test]
    fn lines_are_counted_through_strings() {
        let found = tokens("a\n\"b\nc\"\nd");
        assert_eq!(found.iter().map(|token| token.line).collect::<Vec<_>>(), [1, 2, 4]);
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(content(r#""a\"\u{8d37}\n""#), "a\"贷\n");
        assert_eq!(content("\"a \\\n   b\""), "a b");
        assert_eq!(content(r##"r#"a\n"#"##), r"a\n");
    }

    #[test]
    fn tests_begin_at_their_module_or_file() {
        let source = "fn a() {}\n\n#[cfg(test)]\nmod tests {}\n";
        assert_eq!(first_test_line("crates/a/src/b.rs", &code(source)), Some(3));
        assert_eq!(first_test_line("crates/a/tests/it/b.rs", &code("")), Some(1));
        assert_eq!(first_test_line("crates/a/src/b.rs", &code("fn a() {}")), None);
    }
}
