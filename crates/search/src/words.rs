//! How text is taken apart: into the words of a dictionary, which say how well something fits; and
//! into Chinese signs and pairs of them, so that a part of a name that no dictionary has is found.

use tantivy::tokenizer::{
    LowerCaser, RemoveLongFilter, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
};
use tantivy_jieba::JiebaTokenizer;

pub const WORDS: &str = "words";
pub const SIGNS: &str = "signs";

/// Bytes of the longest word: longer ones are no words.
const WORD_BYTES: usize = 64;

pub fn register(tokenizers: &TokenizerManager) {
    let words = TextAnalyzer::builder(JiebaTokenizer::new());
    let words = words.filter(RemoveLongFilter::limit(WORD_BYTES)).filter(LowerCaser);
    tokenizers.register(WORDS, words.build());
    tokenizers.register(SIGNS, TextAnalyzer::builder(Signs).build());
}

/// Small letters, and the wide forms that a Chinese keyboard gives as the plain ones.
pub fn plain(text: &str) -> String {
    let plain = text.chars().map(|sign| match sign {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(sign) - 0xfee0).expect("wide forms stand as ASCII does")
        }
        sign => sign,
    });
    plain.flat_map(char::to_lowercase).collect()
}

/// The same without marks of ASCII, which the dictionary takes for a part of the word: the end of a
/// number is looked for as well as its begin.
pub fn apart(text: &str) -> String {
    plain(text).replace(|sign: char| sign.is_ascii_punctuation(), " ")
}

pub fn is_han(sign: char) -> bool {
    matches!(sign, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Whether a token says anything: marks and spaces are tokens of the dictionary too.
pub fn is_word(token: &str) -> bool {
    token.chars().any(char::is_alphanumeric)
}

/// Chinese signs, and pairs of neighbours.
#[derive(Clone)]
pub struct Signs;

pub struct SignStream {
    tokens: std::vec::IntoIter<Token>,
    token: Token,
}

impl Tokenizer for Signs {
    type TokenStream<'a> = SignStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> SignStream {
        let signs: Vec<(usize, char)> = text.char_indices().collect();
        let mut tokens = Vec::new();
        for (position, (at, sign)) in signs.iter().enumerate().filter(|(_, (_, one))| is_han(*one))
        {
            let mut token = |text: String| {
                let offset_to = at + text.len();
                tokens.push(Token {
                    offset_from: *at,
                    offset_to,
                    position,
                    text,
                    position_length: 1,
                });
            };
            token(sign.to_string());
            if let Some((_, next)) = signs.get(position + 1).filter(|(_, next)| is_han(*next)) {
                token(String::from_iter([sign, next]));
            }
        }
        SignStream { tokens: tokens.into_iter(), token: Token::default() }
    }
}

impl TokenStream for SignStream {
    fn advance(&mut self) -> bool {
        let next = self.tokens.next();
        next.map(|token| self.token = token).is_some()
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
