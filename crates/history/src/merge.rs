//! Several sealed days as one stream of lines by account.

use crate::archive::{Archive, ArchiveError};
use crate::lines::{Column, Columns, schema};
use crate::manifest::Manifest;
use crate::parquet_file::{OpenFile, Piece};
use crate::seal::LINES;
use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;
use arrow_array::{RecordBatch, UInt32Array};
use arrow_select::concat::concat_batches;
use arrow_select::take::take_record_batch;
use std::collections::VecDeque;
use std::sync::Arc;

/// Merges days that are each sorted by account; batches come sorted by account and, within an
/// account, in the order of the days. At any time some thousand lines of each day are in memory.
pub(crate) struct Merge<'a> {
    archive: &'a Archive,
    days: Vec<DayLines>,
    rows: usize,
}

struct DayLines {
    file: Arc<OpenFile>,
    /// Rows not read yet.
    unread: VecDeque<Piece>,
    /// Lines read and not handed out yet, sorted by account.
    ready: RecordBatch,
}

impl<'a> Merge<'a> {
    pub(crate) fn open(
        archive: &'a Archive,
        bank: &str,
        days: &[&Manifest],
    ) -> Result<Self, ArchiveError> {
        let mut open = Vec::with_capacity(days.len());
        let mut rows = 0;
        for manifest in days {
            let file = archive.file(bank, manifest, LINES)?;
            rows += file.rows() as usize;
            let unread = file.pieces_of_rows(STEP).into();
            let ready = RecordBatch::new_empty(schema(Columns::ALL));
            open.push(DayLines { file, unread, ready });
        }
        Ok(Self { archive, days: open, rows })
    }

    /// How many lines there are in all.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    fn step(&mut self) -> Result<Option<RecordBatch>, ArchiveError> {
        // Every day must have something ready, or its next lines could belong before others'.
        for day in &mut self.days {
            day.fill(self.archive)?;
        }
        // Accounts below the least of what may still come are complete in all days.
        let unread = self.days.iter().filter(|day| !day.unread.is_empty());
        let limit = unread.filter_map(DayLines::last_account).min();
        let parts: Vec<RecordBatch> = self.days.iter_mut().map(|day| day.hand_out(limit)).collect();
        let rows: usize = parts.iter().map(RecordBatch::num_rows).sum();
        if rows == 0 {
            let Some(limit) = limit else { return Ok(None) };
            // One account fills all that is ready of a day: read on until another begins.
            for day in &mut self.days {
                if day.last_account() == Some(limit) {
                    day.read_on(self.archive)?;
                }
            }
            return self.step();
        }
        Ok(Some(by_account(&parts)))
    }
}

/// Lines of a day read at once: a few pages.
const STEP: usize = 16 * 1024;

impl Iterator for Merge<'_> {
    type Item = Result<RecordBatch, ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

impl DayLines {
    fn fill(&mut self, archive: &Archive) -> Result<(), ArchiveError> {
        while self.ready.num_rows() == 0 && !self.unread.is_empty() {
            self.read_on(archive)?;
        }
        Ok(())
    }

    fn read_on(&mut self, archive: &Archive) -> Result<(), ArchiveError> {
        let Some(piece) = self.unread.pop_front() else { return Ok(()) };
        let columns: Vec<usize> = (0..Column::ALL.len()).collect();
        let mut batches = vec![self.ready.clone()];
        batches.extend(self.file.read(archive, &piece, &columns, STEP)?);
        self.ready = concat(&batches);
        Ok(())
    }

    fn accounts(&self) -> &UInt32Array {
        self.ready["account"].as_primitive::<UInt32Type>()
    }

    fn last_account(&self) -> Option<u32> {
        self.accounts().values().last().copied()
    }

    /// The lines of accounts below `limit`; none: all.
    fn hand_out(&mut self, limit: Option<u32>) -> RecordBatch {
        let rows = self.ready.num_rows();
        let accounts = self.accounts().values();
        let end = limit.map_or(rows, |limit| accounts.partition_point(|id| *id < limit));
        let out = self.ready.slice(0, end);
        self.ready = self.ready.slice(end, rows - end);
        out
    }
}

/// Puts batches that are each sorted by account together, stably.
pub(crate) fn by_account(parts: &[RecordBatch]) -> RecordBatch {
    let all = concat(parts);
    let accounts = all["account"].as_primitive::<UInt32Type>().values();
    if accounts.is_sorted() {
        return all;
    }
    let mut order: Vec<u32> = (0..all.num_rows() as u32).collect();
    order.sort_by_key(|row| accounts[*row as usize]);
    take_record_batch(&all, &UInt32Array::from(order)).expect("every place is in the batch")
}

fn concat(batches: &[RecordBatch]) -> RecordBatch {
    let schema = batches.first().map_or_else(|| schema(Columns::ALL), RecordBatch::schema);
    concat_batches(&schema, batches).expect("sealed lines have one schema")
}
