//! Bytes of a file as lines of text: decoded strictly, with the offset of the first byte that
//! does not fit, and no line so long that it could fill the memory.

use crate::cli::Charset;
use crate::messages;
use crate::refusal;
use encoding_rs::{Decoder, DecoderResult, GBK, UTF_8};
use ledger::Refusal;
use std::fmt;
use std::io::{self, BufRead as _, BufReader, Read};

/// No entry is so long: 65,535 lines of 200 bytes.
pub const LINE_BYTES_MAX: usize = 16 << 20;
const CHUNK: usize = 64 << 10;

/// Why reading ended before the file did.
#[derive(Debug)]
pub enum Stop {
    Refused(Refusal),
    Fault(io::Error),
}

/// How a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    Newline,
    /// The file is over, and the line has no newline.
    EndOfFile,
}

/// Reads a file line by line.
pub struct Lines {
    reader: BufReader<Decoded>,
    charset: Charset,
    /// Number of the line read last, from 1.
    pub line: u64,
}

impl Lines {
    pub fn new(source: Box<dyn Read + Send>, charset: Charset) -> Self {
        let reader = BufReader::with_capacity(CHUNK, Decoded::new(source, charset));
        Self { reader, charset, line: 0 }
    }

    /// Appends the next line with its newline to `text`; `None` at the end of the file.
    pub fn read(&mut self, text: &mut String) -> Result<Option<LineEnd>, Stop> {
        let mut bytes = std::mem::take(text).into_bytes();
        let start = bytes.len();
        self.line += 1;
        let limit = LINE_BYTES_MAX.saturating_sub(start) as u64;
        let read = (&mut self.reader).take(limit).read_until(b'\n', &mut bytes);
        read.map_err(|error| self.stop(error))?;
        let ended = bytes.len() == start;
        let newline = bytes.last() == Some(&b'\n') && !ended;
        if !newline && (bytes.len() - start) as u64 >= limit {
            return Err(Stop::Refused(refusal::line_too_long(LINE_BYTES_MAX)));
        }
        *text = String::from_utf8(bytes).expect("the decoder writes UTF-8");
        if ended {
            self.line -= 1;
            return Ok(None);
        }
        Ok(Some(if newline { LineEnd::Newline } else { LineEnd::EndOfFile }))
    }

    fn stop(&self, error: io::Error) -> Stop {
        let name = match self.charset {
            Charset::Utf8 => "UTF-8",
            Charset::Gbk => "GBK",
        };
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Undecodable>()) {
            None => Stop::Fault(error),
            Some(Undecodable::At(offset)) => Stop::Refused(refusal::wrong_encoding(*offset, name)),
            Some(Undecodable::Ended) => {
                Stop::Refused(refusal::truncated_file(messages::CUT_CHARACTER))
            }
        }
    }
}

/// A byte that belongs to no character.
#[derive(Debug)]
enum Undecodable {
    At(u64),
    /// The file ends within a character.
    Ended,
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Undecodable {}

/// Decodes as it reads; what it gives is UTF-8.
struct Decoded {
    source: Box<dyn Read + Send>,
    decoder: Decoder,
    input: Vec<u8>,
    start: usize,
    /// Bytes of the file before `input[start]`.
    offset: u64,
    over: bool,
    /// The decoder has been told of the end, and may not be asked again.
    finished: bool,
    failed: Option<Undecodable>,
}

impl Decoded {
    fn new(source: Box<dyn Read + Send>, charset: Charset) -> Self {
        let encoding = match charset {
            Charset::Utf8 => UTF_8,
            Charset::Gbk => GBK,
        };
        let decoder = encoding.new_decoder_with_bom_removal();
        let (input, start, offset) = (Vec::new(), 0, 0);
        let (over, finished, failed) = (false, false, None);
        Self { source, decoder, input, start, offset, over, finished, failed }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.input.resize(CHUNK, 0);
        let read = loop {
            match self.source.read(&mut self.input) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.input.truncate(read);
        self.start = 0;
        self.over = read == 0;
        Ok(())
    }
}

impl Read for Decoded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(failed) = self.failed.take() {
                return Err(io::Error::new(io::ErrorKind::InvalidData, failed));
            }
            if self.finished {
                return Ok(0);
            }
            if self.start == self.input.len() && !self.over {
                self.fill()?;
            }
            let last = self.over;
            let input = &self.input[self.start..];
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(input, out, last);
            self.start += read;
            self.offset += read as u64;
            if let DecoderResult::Malformed(bad, after) = result {
                let back = u64::from(bad) + u64::from(after);
                self.failed = Some(match last && after == 0 {
                    true => Undecodable::Ended,
                    false => Undecodable::At(self.offset.saturating_sub(back)),
                });
            }
            self.finished = last && matches!(result, DecoderResult::InputEmpty);
            if written > 0 || self.finished {
                return Ok(written);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &'static [u8], charset: Charset) -> (Vec<String>, Option<Stop>) {
        let mut lines = Lines::new(Box::new(bytes), charset);
        let mut found = Vec::new();
        loop {
            let mut text = String::new();
            match lines.read(&mut text) {
                Ok(Some(_)) => found.push(text),
                Ok(None) => return (found, None),
                Err(stop) => return (found, Some(stop)),
            }
        }
    }

    fn refusal(stop: Option<Stop>) -> Refusal {
        match stop {
            Some(Stop::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn text_of_both_encodings_is_read() {
        let (found, stop) = lines("\u{feff}账\n二".as_bytes(), Charset::Utf8);
        assert_eq!((found, stop.is_none()), (vec!["账\n".to_owned(), "二".to_owned()], true));
        let (found, stop) = lines(b"\xd5\xcb\n\xb6\xfe\n", Charset::Gbk);
        assert_eq!((found, stop.is_none()), (vec!["账\n".to_owned(), "二\n".to_owned()], true));
    }

    #[test]
    fn a_byte_of_another_encoding_is_told_by_its_offset() {
        let (found, stop) = lines(b"abc\nd\xd5\xcb\n", Charset::Utf8);
        assert_eq!(found, ["abc\n"]);
        let refusal = refusal(stop);
        assert_eq!(refusal.code, "WrongEncoding");
        assert!(refusal.en.contains("byte 5 "), "{refusal}");
    }

    #[test]
    fn a_file_that_ends_within_a_character_is_truncated() {
        let (_, stop) = lines(&"账".as_bytes()[..2], Charset::Utf8);
        assert_eq!(refusal(stop).code, "TruncatedFile");
        let (_, stop) = lines(b"\xd5", Charset::Gbk);
        assert_eq!(refusal(stop).code, "TruncatedFile");
    }
}
