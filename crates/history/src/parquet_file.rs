//! One Parquet file: written so that an account's lines lie together, read so that only their
//! pages are touched.

use crate::archive::{Archive, ArchiveError};
use crate::lines::Column;
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;
use arrow_schema::SchemaRef;
use bytes::Bytes;
use ledger::entry::AccountId;
use parquet::DecodeResult;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{
    ColumnChunkMask, KeyValue, PageIndexPolicy, ParquetMetaDataPushDecoder, SortingColumn,
};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{ChunkReader, Length};
use parquet::schema::types::ColumnPath;
use std::io::{BufReader, Read};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;

/// Where the bytes of a file are.
#[derive(Debug)]
pub(crate) enum Source {
    /// Opened anew for each read: years of days would be more files than a program may hold open.
    File {
        path: PathBuf,
        length: u64,
    },
    Object {
        length: u64,
    },
}

/// A file whose footer and page index are in memory.
pub(crate) struct OpenFile {
    path: String,
    source: Source,
    metadata: ArrowReaderMetadata,
    /// Where the column of account ids stands, for files that are sorted by it.
    account: Option<usize>,
}

/// Some rows of one row group; none: all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) row_group: usize,
    pub(crate) rows: Option<Vec<Range<usize>>>,
}

/// How the columns of a file are written. Codes and what else repeats have a dictionary and are
/// not compressed: their numbers are packed already, and a decompressor costs more to set up than
/// a page of them to read.
pub(crate) struct Format<'a> {
    /// Whole numbers that mostly differ: packed as differences.
    pub(crate) packed: &'a [&'a str],
    /// Texts and bytes that mostly differ: compressed, without a dictionary.
    pub(crate) plain: &'a [&'a str],
    /// Texts that repeat or not: compressed, with a dictionary while it is small.
    pub(crate) texts: &'a [&'a str],
    /// Columns the rows are sorted by.
    pub(crate) sorted: &'a [&'a str],
    pub(crate) about: Vec<(&'static str, String)>,
}

/// Rows of a row group: what is decoded at once, and what a batch of a sealed day holds.
pub(crate) const ROW_GROUP: usize = 128 * 1024;

/// Writes a Parquet file; the same batches give the same bytes.
pub(crate) fn write(
    schema: SchemaRef,
    format: Format<'_>,
    batches: impl Iterator<Item = Result<RecordBatch, ArchiveError>>,
) -> Result<Vec<u8>, ArchiveError> {
    let failed = |error| ArchiveError::Parquet("being written".into(), error);
    let properties = properties(&schema, format);
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, Some(properties)).map_err(failed)?;
    for batch in batches {
        writer.write(&batch?).map_err(failed)?;
    }
    writer.close().map_err(failed)?;
    Ok(bytes)
}

impl OpenFile {
    pub(crate) fn open(
        archive: &Archive,
        path: String,
        source: Source,
        schema: &SchemaRef,
    ) -> Result<Self, ArchiveError> {
        let metadata = read_metadata(archive, &path, &source)?;
        if metadata.schema().fields() != schema.fields() {
            let other = ParquetError::General("its columns are not those of its kind".into());
            return Err(ArchiveError::Parquet(path, other));
        }
        let account = schema.index_of(Column::Account.name()).ok();
        Ok(Self { path, source, metadata, account })
    }

    pub(crate) fn rows(&self) -> u64 {
        self.metadata.metadata().file_metadata().num_rows() as u64
    }

    /// All of the file.
    pub(crate) fn pieces(&self) -> Vec<Piece> {
        let groups = 0..self.metadata.metadata().num_row_groups();
        groups.map(|row_group| Piece { row_group, rows: None }).collect()
    }

    /// All of the file in pieces of at most `most` rows.
    pub(crate) fn pieces_of_rows(&self, most: usize) -> Vec<Piece> {
        let groups = self.metadata.metadata().row_groups().iter().enumerate();
        let pieces = groups.flat_map(|(row_group, group)| {
            let total = group.num_rows() as usize;
            (0..total).step_by(most).map(move |start| {
                let rows = std::iter::once(start..total.min(start + most)).collect();
                Piece { row_group, rows: Some(rows) }
            })
        });
        pieces.collect()
    }

    /// The rows of `accounts` (in ascending order) and no others.
    pub(crate) fn pieces_of(
        &self,
        archive: &Archive,
        accounts: &[AccountId],
    ) -> Result<Vec<Piece>, ArchiveError> {
        let Some(column) = self.account else {
            let missing = ParquetError::General("it has no column of accounts".into());
            return Err(self.damaged(missing));
        };
        let mut pieces = Vec::new();
        for row_group in 0..self.metadata.metadata().num_row_groups() {
            let candidates = self.candidates(row_group, column, accounts);
            if candidates.is_empty() {
                continue;
            }
            let piece = Piece { row_group, rows: Some(candidates) };
            let read = self.read(archive, &piece, &[column], ROW_GROUP)?;
            let rows = exactly(&piece, &read, accounts);
            if !rows.is_empty() {
                pieces.push(Piece { row_group, rows: Some(rows) });
            }
        }
        Ok(pieces)
    }

    /// Decodes columns (by position, in ascending order) of a piece.
    pub(crate) fn read(
        &self,
        archive: &Archive,
        piece: &Piece,
        columns: &[usize],
        batch_rows: usize,
    ) -> Result<Vec<RecordBatch>, ArchiveError> {
        let metadata = self.metadata.metadata();
        let total = metadata.row_group(piece.row_group).num_rows() as usize;
        let selection = piece
            .rows
            .as_ref()
            .map(|rows| RowSelection::from_consecutive_ranges(rows.iter().cloned(), total));
        match &self.source {
            Source::File { path, length } => {
                let file = std::fs::File::open(path)
                    .map_err(|error| ArchiveError::Io(self.path.clone(), error))?;
                let bytes = Local { file: Arc::new(file), length: *length };
                self.decode(bytes, piece.row_group, selection, columns, batch_rows)
            }
            Source::Object { length } => {
                let ranges = self.byte_ranges(piece.row_group, selection.as_ref(), columns);
                let parts = archive.ranges(&self.path, &ranges)?;
                let parts = ranges.into_iter().map(|range| range.start).zip(parts).collect();
                let bytes = Fetched { parts, length: *length };
                self.decode(bytes, piece.row_group, selection, columns, batch_rows)
            }
        }
    }

    /// Where a column stands.
    pub(crate) fn position(&self, column: &str) -> Result<usize, ArchiveError> {
        self.metadata.schema().index_of(column).map_err(|_| {
            self.damaged(ParquetError::General(format!("it has no column `{column}`")))
        })
    }

    pub(crate) fn damaged(&self, error: ParquetError) -> ArchiveError {
        ArchiveError::Parquet(self.path.clone(), error)
    }

    fn decode<R: ChunkReader + 'static>(
        &self,
        bytes: R,
        row_group: usize,
        selection: Option<RowSelection>,
        columns: &[usize],
        batch_rows: usize,
    ) -> Result<Vec<RecordBatch>, ArchiveError> {
        let schema = self.metadata.parquet_schema();
        let mask = ProjectionMask::leaves(schema, columns.iter().copied());
        let mut builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, self.metadata.clone())
                .with_projection(mask)
                .with_row_groups(vec![row_group])
                .with_batch_size(batch_rows);
        if let Some(selection) = selection {
            builder = builder.with_row_selection(selection);
        }
        guarded(|| builder.build()?.map(|batch| Ok(batch?)).collect())
            .map_err(|error| self.damaged(error))
    }

    /// Rows in pages that may hold lines of `accounts`: the pages are in ascending order.
    fn candidates(
        &self,
        row_group: usize,
        column: usize,
        accounts: &[AccountId],
    ) -> Vec<Range<usize>> {
        let metadata = self.metadata.metadata();
        let total = metadata.row_group(row_group).num_rows() as usize;
        let index = metadata.page_index();
        let bounds = index.and_then(|index| index.column_index(row_group, column));
        let pages = index.and_then(|index| index.page_locations(row_group, column));
        let (Some(ColumnIndexMetaData::INT32(bounds)), Some(pages)) = (bounds, pages) else {
            return std::iter::once(0..total).collect();
        };
        let (least, most) = (bounds.min_values(), bounds.max_values());
        let mut rows: Vec<Range<usize>> = Vec::new();
        for account in accounts {
            let first = most.partition_point(|most| (*most as u32) < account.0);
            let last = least.partition_point(|least| *least as u32 <= account.0);
            if first >= last || last > pages.len() {
                continue;
            }
            let start = pages[first].first_row_index as usize;
            let end = pages.get(last).map_or(total, |page| page.first_row_index as usize);
            match rows.last_mut() {
                Some(before) if before.end >= start => before.end = end.max(before.end),
                _ => rows.push(start..end),
            }
        }
        // A damaged index must not hide lines, so it is not used at all.
        let sound = rows.iter().all(|rows| rows.start < rows.end && rows.end <= total)
            && rows.is_sorted_by(|before, after| before.end < after.start);
        if sound { rows } else { std::iter::once(0..total).collect() }
    }

    /// What a store must send to decode the columns.
    fn byte_ranges(
        &self,
        row_group: usize,
        selection: Option<&RowSelection>,
        columns: &[usize],
    ) -> Vec<Range<u64>> {
        let metadata = self.metadata.metadata();
        let mut ranges = Vec::new();
        for column in columns {
            let (start, length) = metadata.row_group(row_group).column(*column).byte_range();
            let index = metadata.page_index();
            let pages = index.and_then(|index| index.page_locations(row_group, *column));
            match (selection, pages) {
                (Some(selection), Some(pages)) if !pages.is_empty() => {
                    let first = pages[0].offset as u64;
                    if start < first {
                        ranges.push(start..first);
                    }
                    ranges.extend(selection.scan_ranges(pages));
                }
                _ => ranges.push(start..start + length),
            }
        }
        ranges
    }
}

/// Rows of a page: what must be unpacked to read one line.
const PAGE_ROWS: usize = 4096;

fn properties(schema: &SchemaRef, format: Format<'_>) -> WriterProperties {
    let position = |name: &str| schema.index_of(name).expect("the format names own columns");
    let sorted = format.sorted.iter().map(|name| SortingColumn {
        column_idx: position(name) as i32,
        descending: false,
        nulls_first: false,
    });
    let about = format.about.into_iter().map(|(key, value)| KeyValue::new(key.to_owned(), value));
    let mut builder = WriterProperties::builder()
        .set_created_by("piaohao version 1.0.0 (build 1)".to_owned())
        .set_compression(Compression::UNCOMPRESSED)
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(1024)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_sorting_columns(Some(sorted.collect()))
        .set_key_value_metadata(Some(about.collect()));
    for name in format.packed {
        builder = builder
            .set_column_dictionary_enabled(ColumnPath::from(*name), false)
            .set_column_encoding(ColumnPath::from(*name), Encoding::DELTA_BINARY_PACKED);
    }
    for name in format.plain {
        builder = builder.set_column_dictionary_enabled(ColumnPath::from(*name), false);
    }
    let zstd = Compression::ZSTD(ZstdLevel::try_new(1).expect("zstd has a level 1"));
    for name in format.plain.iter().chain(format.texts) {
        builder = builder.set_column_compression(ColumnPath::from(*name), zstd);
    }
    let account = ColumnPath::from(Column::Account.name());
    builder.set_column_statistics_enabled(account, EnabledStatistics::Page).build()
}

/// The Parquet library panics on some files whose bits were flipped; a damaged file is an error
/// like any other and must not end a bank's day.
fn guarded<T>(read: impl FnOnce() -> ParquetResult<T>) -> ParquetResult<T> {
    let read = std::panic::AssertUnwindSafe(read);
    std::panic::catch_unwind(read).unwrap_or_else(|_| {
        Err(ParquetError::General("it is not what a Parquet file should be".into()))
    })
}

/// Narrows the rows of a piece, whose accounts were read, to those of `accounts`.
fn exactly(piece: &Piece, read: &[RecordBatch], accounts: &[AccountId]) -> Vec<Range<usize>> {
    let rows = piece.rows.iter().flatten().cloned().flatten();
    let ids = read.iter().flat_map(|batch| {
        let ids = batch.column(0).as_primitive_opt::<UInt32Type>();
        ids.map_or(&[][..], |ids| &ids.values()[..]).iter().copied()
    });
    let mut found: Vec<Range<usize>> = Vec::new();
    for (row, id) in rows.zip(ids) {
        if accounts.binary_search(&AccountId(id)).is_err() {
            continue;
        }
        match found.last_mut() {
            Some(before) if before.end == row => before.end += 1,
            _ => found.push(row..row + 1),
        }
    }
    found
}

/// The footer, the index of pages of all columns, and the bounds of the pages of accounts.
fn read_metadata(
    archive: &Archive,
    path: &str,
    source: &Source,
) -> Result<ArrowReaderMetadata, ArchiveError> {
    let damaged = |error| ArchiveError::Parquet(path.to_owned(), error);
    let read = |range: Range<u64>| match source {
        Source::File { path: file, .. } => {
            let failed = |error| ArchiveError::Io(path.to_owned(), error);
            let mut bytes = vec![0; (range.end - range.start) as usize];
            let file = std::fs::File::open(file).map_err(failed)?;
            file.read_exact_at(&mut bytes, range.start).map_err(failed)?;
            Ok(Bytes::from(bytes))
        }
        Source::Object { .. } => {
            let mut parts = archive.ranges(path, std::slice::from_ref(&range))?;
            Ok(parts.pop().unwrap_or_default())
        }
    };
    // Column 1 is the account in the files where pages are looked for.
    let bounds = ColumnChunkMask::columns([1]);
    let mut decoder = ParquetMetaDataPushDecoder::try_new(source.length())
        .map_err(damaged)?
        .with_page_index_policy(PageIndexPolicy::Optional)
        .with_column_index_mask(bounds);
    loop {
        match guarded(|| decoder.try_decode()).map_err(damaged)? {
            DecodeResult::NeedsData(ranges) => {
                let parts = ranges.iter().cloned().map(&read).collect::<Result<_, _>>()?;
                decoder.push_ranges(ranges, parts).map_err(damaged)?;
            }
            DecodeResult::Data(metadata) => {
                let options = ArrowReaderOptions::new();
                return guarded(|| ArrowReaderMetadata::try_new(Arc::new(metadata), options))
                    .map_err(damaged);
            }
            DecodeResult::Finished => {
                return Err(damaged(ParquetError::General("it has no footer".into())));
            }
        }
    }
}

impl Source {
    pub(crate) fn length(&self) -> u64 {
        match self {
            Self::File { length, .. } | Self::Object { length } => *length,
        }
    }
}

/// A file in a folder, read at any place without moving a shared position.
struct Local {
    file: Arc<std::fs::File>,
    length: u64,
}

struct ReadFrom {
    file: Arc<std::fs::File>,
    at: u64,
}

impl Read for ReadFrom {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Length for Local {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Local {
    type T = BufReader<ReadFrom>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(BufReader::new(ReadFrom { file: self.file.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let end = start.checked_add(length as u64).filter(|end| *end <= self.length);
        if end.is_none() {
            return Err(ParquetError::EOF("a page lies beyond the end of the file".into()));
        }
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, start)?;
        Ok(bytes.into())
    }
}

/// The parts of an object that were asked for, by where they begin.
struct Fetched {
    parts: Vec<(u64, Bytes)>,
    length: u64,
}

impl Fetched {
    fn from(&self, start: u64) -> ParquetResult<Bytes> {
        let covers = |(at, bytes): &&(u64, Bytes)| (*at..at + bytes.len() as u64).contains(&start);
        let (at, bytes) =
            self.parts.iter().find(covers).ok_or_else(|| {
                ParquetError::EOF("a page lies outside of what was asked for".into())
            })?;
        Ok(bytes.slice((start - at) as usize..))
    }
}

impl Length for Fetched {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Fetched {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(bytes::Buf::reader(self.from(start)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let mut bytes = self.from(start)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF("a page is longer than what was asked for".into()));
        }
        bytes.truncate(length);
        Ok(bytes)
    }
}
