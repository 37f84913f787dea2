//! Full-text search (全文检索): an index of what people look for by words they remember, Chinese
//! above all. It is a projection, made again from the books whenever it is gone or of another form;
//! it knows nothing of who may see what, but narrows down as far as it is told.

mod query;
mod span;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use tantivy::collector::{Count, DocSetCollector, TopDocs};
use tantivy::query::{EnableScoring, Query as _, TermQuery, TermSetQuery};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{
    DocAddress, Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher,
    TantivyDocument, Term,
};

pub use query::words_of;
pub use span::Span;

/// Raised whenever documents are made in another way: an index of another form is made anew.
const FORM: u64 = 2;

/// Memory of the writer until it writes a segment; it is the least that the library takes, twice.
const WRITER_BYTES: usize = 30_000_000;

/// The two kinds of thing that are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Matter,
    Account,
}

impl Kind {
    fn code(self) -> u64 {
        match self {
            Self::Matter => 0,
            Self::Account => 1,
        }
    }
}

/// A thing as it is looked for.
#[derive(Clone, Debug)]
pub struct Paper {
    pub kind: Kind,
    pub id: u64,
    /// Which of its states this is.
    pub version: u64,
    /// Whether it may still change.
    pub is_open: bool,
    /// What is printed on it.
    pub number: String,
    pub institution: String,
    /// Who has to do with it, wherever they are.
    pub people: Vec<String>,
    /// All that is said of it.
    pub text: Vec<String>,
    /// The numbers of things that it has to do with.
    pub things: Vec<Span>,
}

/// How far somebody sees, as far as the index can tell; who asks judges each thing that is found.
#[derive(Clone, Debug)]
pub enum Sight {
    Nothing,
    /// What is at these institutions, besides what is open and what has to do with them.
    Some {
        institutions: Vec<String>,
        operator: Option<String>,
        open: bool,
    },
    Everything,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Query {
    pub text: String,
    pub matters: Sight,
    pub accounts: Sight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub kind: Kind,
    pub id: u64,
}

/// How far the index has come; it goes with each commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// A block of the chain that it was made from, and its hash.
    pub seq: u64,
    pub hash: String,
    /// The first matter that it has not looked at.
    pub matters: u64,
    /// The first account that it has not looked at.
    pub accounts: u64,
}

/// The index cannot be read or written.
#[derive(Debug)]
pub struct Fault(String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl From<tantivy::TantivyError> for Fault {
    fn from(error: tantivy::TantivyError) -> Self {
        Self(error.to_string())
    }
}

#[derive(Clone, Copy)]
struct Fields {
    /// Kind and id, by which a thing is put in place of itself.
    key: Field,
    kind: Field,
    id: Field,
    version: Field,
    open: Field,
    number: Field,
    institution: Field,
    people: Field,
    words: Field,
    signs: Field,
    /// Cells of the spans of its things.
    things: Field,
}

/// Where things are found.
#[derive(Clone)]
pub struct Library {
    index: Index,
    reader: IndexReader,
    fields: Fields,
}

/// The one who changes it; another one of the same folder has to wait.
pub struct Librarian {
    writer: IndexWriter,
    library: Library,
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let text = |tokenizer: &str, option| {
        let indexing = TextFieldIndexing::default();
        let indexing = indexing.set_tokenizer(tokenizer).set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    let fields = Fields {
        key: schema.add_text_field("key", STRING),
        kind: schema.add_u64_field("kind", INDEXED | FAST),
        id: schema.add_u64_field("id", FAST),
        version: schema.add_u64_field("version", FAST),
        open: schema.add_u64_field("open", INDEXED),
        number: schema.add_text_field("number", STRING),
        institution: schema.add_text_field("institution", STRING),
        people: schema.add_text_field("people", STRING),
        words: schema.add_text_field("words", text(words::WORDS, IndexRecordOption::WithFreqs)),
        signs: schema.add_text_field("signs", text(words::SIGNS, IndexRecordOption::Basic)),
        things: schema.add_text_field("things", STRING),
    };
    // The form is a name, so that an index of another form has another schema.
    schema.add_u64_field(&format!("form_{FORM}"), STORED);
    (schema.build(), fields)
}

impl Library {
    /// The index of a folder; one that is damaged or of another form is made anew, and empty.
    pub fn open(folder: &Path) -> Result<Self, Fault> {
        let (schema, fields) = schema();
        let whole = Index::open_in_dir(folder).and_then(|index| {
            let reads = index.schema() == schema && index.reader().is_ok();
            let damaged = || tantivy::TantivyError::SchemaError("another form".to_owned());
            reads.then_some(index).ok_or_else(damaged)
        });
        let index = match whole {
            Ok(index) => index,
            Err(_) => {
                let io = |error: std::io::Error| Fault(error.to_string());
                if folder.exists() {
                    std::fs::remove_dir_all(folder).map_err(io)?;
                }
                std::fs::create_dir_all(folder).map_err(io)?;
                Index::create_in_dir(folder, schema)?
            }
        };
        Self::of(index, fields)
    }

    fn of(index: Index, fields: Fields) -> Result<Self, Fault> {
        words::register(index.tokenizers());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::OnCommitWithDelay);
        let reader = reader.try_into()?;
        Ok(Self { index, reader, fields })
    }

    /// One that lives as long as the program.
    pub fn in_memory() -> Result<Self, Fault> {
        let (schema, fields) = schema();
        let index = Index::builder().schema(schema).settings(IndexSettings::default());
        Self::of(index.create_in_ram()?, fields)
    }

    /// How far it has come; none: it is new.
    pub fn mark(&self) -> Result<Option<Mark>, Fault> {
        Ok(self.index.load_metas()?.payload.and_then(|text| read_mark(&text)))
    }

    pub fn librarian(&self) -> Result<Librarian, Fault> {
        let writer = self.index.writer_with_num_threads(1, WRITER_BYTES)?;
        Ok(Librarian { writer, library: self.clone() })
    }

    /// How many things there are.
    pub fn count(&self) -> Result<usize, Fault> {
        Ok(self.reader.searcher().search(&tantivy::query::AllQuery, &Count)?)
    }

    /// Matters that may still change, with the versions in which they are here.
    pub fn open_matters(&self) -> Result<BTreeMap<u64, u64>, Fault> {
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        let open = Term::from_field_u64(self.fields.open, 1);
        let open = TermQuery::new(open, IndexRecordOption::Basic);
        let found = searcher.search(&open, &DocSetCollector)?;
        let numbers = found
            .into_iter()
            .map(|at| Ok((number(&searcher, at, "id")?, number(&searcher, at, "version")?)));
        numbers.collect::<tantivy::Result<_>>().map_err(Fault::from)
    }

    /// Matters that have to do with one thing, in no order. No more than a few cells are looked up,
    /// however many things there are.
    pub fn matters_of(&self, kind: &str, serial: u64) -> Result<Vec<u64>, Fault> {
        let cells = span::around(kind, serial);
        let terms = cells.map(|cell| Term::from_field_text(self.fields.things, &cell));
        let searcher = self.reader.searcher();
        let found = searcher.search(&TermSetQuery::new(terms), &DocSetCollector)?;
        let ids = found.into_iter().map(|at| number(&searcher, at, "id"));
        ids.collect::<tantivy::Result<_>>().map_err(Fault::from)
    }

    /// What fits best, the best first, after the first `skip`.
    pub fn find(&self, query: &Query, skip: usize, limit: usize) -> Result<Vec<Hit>, Fault> {
        let searcher = self.reader.searcher();
        let Some(wanted) = self.wanted(query)? else { return Ok(Vec::new()) };
        // What cannot be scored cannot be searched: said here, not by a thread of the library.
        wanted.weight(EnableScoring::enabled_from_searcher(&searcher))?;
        let best = TopDocs::with_limit(limit.max(1)).and_offset(skip).order_by_score();
        let hits = searcher.search(&wanted, &best)?.into_iter().map(|(_, at)| {
            let is_matter = number(&searcher, at, "kind")? == Kind::Matter.code();
            let kind = if is_matter { Kind::Matter } else { Kind::Account };
            Ok(Hit { kind, id: number(&searcher, at, "id")? })
        });
        hits.collect::<tantivy::Result<_>>().map_err(Fault::from)
    }
}

/// A number that is kept with a thing.
fn number(searcher: &Searcher, at: DocAddress, field: &str) -> tantivy::Result<u64> {
    let numbers = searcher.segment_reader(at.segment_ord).fast_fields().u64(field)?;
    Ok(numbers.first(at.doc_id).unwrap_or_default())
}

impl Librarian {
    /// Puts a thing where its earlier states were.
    pub fn put(&self, paper: &Paper) -> Result<(), Fault> {
        self.remove(paper.kind, paper.id);
        let fields = &self.library.fields;
        let mut document = TantivyDocument::new();
        document.add_text(fields.key, key(paper.kind, paper.id));
        document.add_u64(fields.kind, paper.kind.code());
        document.add_u64(fields.id, paper.id);
        document.add_u64(fields.version, paper.version);
        document.add_u64(fields.open, u64::from(paper.is_open));
        document.add_text(fields.number, words::plain(&paper.number));
        document.add_text(fields.institution, &paper.institution);
        paper.people.iter().for_each(|one| document.add_text(fields.people, one));
        for text in paper.text.iter().chain([&paper.number]) {
            document.add_text(fields.words, words::apart(text));
            document.add_text(fields.signs, words::plain(text));
        }
        for cell in paper.things.iter().flat_map(Span::cells) {
            document.add_text(fields.things, cell);
        }
        self.writer.add_document(document)?;
        Ok(())
    }

    pub fn remove(&self, kind: Kind, id: u64) {
        let key = Term::from_field_text(self.library.fields.key, &key(kind, id));
        self.writer.delete_term(key);
    }

    /// Removes everything.
    pub fn clear(&mut self) -> Result<(), Fault> {
        self.writer.delete_all_documents()?;
        self.commit(&Mark::default())
    }

    /// Makes what was put and removed found, with how far it has come: both or neither.
    pub fn commit(&mut self, mark: &Mark) -> Result<(), Fault> {
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&written(mark));
        commit.commit()?;
        self.library.reader.reload()?;
        Ok(())
    }
}

fn key(kind: Kind, id: u64) -> String {
    format!("{}-{id}", kind.code())
}

fn written(mark: &Mark) -> String {
    format!("{} {} {} {}", mark.matters, mark.accounts, mark.seq, mark.hash)
}

fn read_mark(text: &str) -> Option<Mark> {
    let mut parts = text.split(' ');
    let mut number = || parts.next()?.parse().ok();
    let (matters, accounts, seq) = (number()?, number()?, number()?);
    Some(Mark { seq, hash: parts.next()?.to_owned(), matters, accounts })
}

#[cfg(test)]
mod tests;
