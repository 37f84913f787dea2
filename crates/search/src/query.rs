//! What somebody typed, as a query of the index. It is text and no language: nothing in it has a
//! meaning of its own, so that nothing can be wrong with it.

use crate::words::{self, is_han, is_word, plain};
use crate::{Fault, Kind, Library, Query, Sight};
use tantivy::Term;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhrasePrefixQuery,
    Query as Wanted, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

/// Parts beyond which a text is not read: a person types a few.
const PARTS_MAX: usize = 16;

/// Numbers and words that one beginning may stand for.
const PREFIX_MAX: u32 = 1_000;

/// A number is what its finder means before all others; then one that begins so.
const NUMBER: f32 = 1_000.0;
const NUMBER_BEGINS: f32 = 100.0;
const WORD_BEGINS: f32 = 1.0;
/// Less than any word: it is found, and stands behind.
const SIGNS: f32 = 0.01;

/// The parts of a text that say something: what a hit is shown by.
pub fn words_of(text: &str) -> Vec<String> {
    let text = plain(text);
    let parts = text.split_whitespace().filter(|part| is_word(part));
    parts.take(PARTS_MAX).map(str::to_owned).collect()
}

fn term(field: Field, text: &str) -> Term {
    Term::from_field_text(field, text)
}

fn exactly(field: Field, text: &str, option: IndexRecordOption) -> Box<dyn Wanted> {
    Box::new(TermQuery::new(term(field, text), option))
}

fn always(query: Box<dyn Wanted>, score: f32) -> Box<dyn Wanted> {
    Box::new(ConstScoreQuery::new(query, score))
}

fn beginning(field: Field, text: &str) -> Box<dyn Wanted> {
    let mut query = PhrasePrefixQuery::new(vec![term(field, text)]);
    query.set_max_expansions(PREFIX_MAX);
    Box::new(query)
}

fn all(queries: Vec<Box<dyn Wanted>>) -> Box<dyn Wanted> {
    Box::new(BooleanQuery::new(queries.into_iter().map(|one| (Occur::Must, one)).collect()))
}

fn any(queries: Vec<Box<dyn Wanted>>) -> Box<dyn Wanted> {
    Box::new(BooleanQuery::new(queries.into_iter().map(|one| (Occur::Should, one)).collect()))
}

impl Library {
    /// None: the text says nothing.
    pub(crate) fn wanted(&self, query: &Query) -> Result<Option<Box<dyn Wanted>>, Fault> {
        let parts = words_of(&query.text);
        if parts.is_empty() {
            return Ok(None);
        }
        let mut wanted =
            parts.iter().map(|part| self.part(part)).collect::<Result<Vec<_>, Fault>>()?;
        let matters = self.seen(Kind::Matter, &query.matters);
        let accounts = self.seen(Kind::Account, &query.accounts);
        // Only scores of the text count.
        wanted.push(Box::new(BoostQuery::new(always(any(vec![matters, accounts]), 1.0), 0.0)));
        Ok(Some(all(wanted)))
    }

    /// One part of the text: a number, its beginning, words of the dictionary, or bare signs.
    fn part(&self, part: &str) -> Result<Box<dyn Wanted>, Fault> {
        let fields = &self.fields;
        let mut ways = vec![
            always(exactly(fields.number, part, IndexRecordOption::Basic), NUMBER),
            always(beginning(fields.number, part), NUMBER_BEGINS),
        ];
        let tokens = self.tokens(words::WORDS, &words::apart(part))?;
        let tokens: Vec<String> = tokens.into_iter().filter(|token| is_word(token)).collect();
        if let Some((last, before)) = tokens.split_last() {
            let word = |token: &String| exactly(fields.words, token, IndexRecordOption::WithFreqs);
            let mut whole: Vec<Box<dyn Wanted>> = before.iter().map(word).collect();
            // A word in letters may not be finished yet.
            whole.push(match last.chars().any(is_han) {
                true => word(last),
                false => any(vec![word(last), always(beginning(fields.words, last), WORD_BEGINS)]),
            });
            ways.push(all(whole));
        }
        if part.chars().all(is_han) {
            ways.push(always(all(self.signs(part)?), SIGNS));
        }
        Ok(any(ways))
    }

    /// One sign by itself, or every pair of neighbours.
    fn signs(&self, part: &str) -> Result<Vec<Box<dyn Wanted>>, Fault> {
        let mut tokens = self.tokens(words::SIGNS, part)?;
        if part.chars().count() > 1 {
            tokens.retain(|token| token.chars().count() > 1);
        }
        let sign = |token: &String| exactly(self.fields.signs, token, IndexRecordOption::Basic);
        Ok(tokens.iter().map(sign).collect())
    }

    fn tokens(&self, tokenizer: &str, text: &str) -> Result<Vec<String>, Fault> {
        let tokenizer = self.index.tokenizers().get(tokenizer);
        let mut tokenizer = tokenizer.ok_or_else(|| Fault("no tokenizer".to_owned()))?;
        let (mut stream, mut tokens) = (tokenizer.token_stream(text), Vec::new());
        while let Some(token) = stream.next() {
            tokens.push(token.text.clone());
        }
        tokens.dedup();
        Ok(tokens)
    }

    fn seen(&self, kind: Kind, sight: &Sight) -> Box<dyn Wanted> {
        let fields = &self.fields;
        let kind = Term::from_field_u64(fields.kind, kind.code());
        let kind: Box<dyn Wanted> = Box::new(TermQuery::new(kind, IndexRecordOption::Basic));
        let (institutions, operator, open) = match sight {
            Sight::Nothing => return Box::new(EmptyQuery),
            Sight::Everything => return kind,
            Sight::Some { institutions, operator, open } => (institutions, operator, *open),
        };
        let at = institutions.iter().map(|code| term(fields.institution, code));
        let mut ways: Vec<Box<dyn Wanted>> = vec![Box::new(TermSetQuery::new(at))];
        ways.extend(
            operator.iter().map(|one| exactly(fields.people, one, IndexRecordOption::Basic)),
        );
        if open {
            let open = Term::from_field_u64(fields.open, 1);
            ways.push(Box::new(TermQuery::new(open, IndexRecordOption::Basic)));
        }
        all(vec![kind, any(ways)])
    }
}
