//! Records of matters that have ended: what they are, what may be asked of them, and which index
//! answers.
//!
//! They are a projection of the blocks, kept so that lists need not read blocks. Nothing here is
//! acknowledged to anybody: a record that is lost or wrong is made again.

use crate::{BUSINESS_DATES, SEQ_MAX, StoreError, check_bank, check_value};
use bytes::Bytes;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// The longest code, number, institution, state and opener of a record, in bytes of UTF-8.
pub const RECORD_TEXT_BYTES_MAX: usize = 200;

/// The highest `limit` of a [`RecordQuery`], and the most institutions it may name.
pub const RECORDS_LISTED_MAX: usize = 10_000;

/// What a record weighs against `max_bytes` of [`crate::Store::records_from`] besides its body.
pub const RECORD_HEAD_BYTES: usize = 100;

/// A span of so many days is a shorter list than most institutions or codes have.
const DAYS_FEW: usize = 31;

/// More days than this are not asked for one by one: 55 years, or a date that is damaged.
const DAYS_MANY: usize = 20_000;

/// A matter that has ended, as lists show it and with its whole record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Unique in the bank, from 1 to [`SEQ_MAX`].
    pub id: u64,
    /// The kind of matter: "CASH-020".
    pub code: String,
    /// What is printed on it: "XJDB-20260105-00001".
    pub number: String,
    /// The code of the institution.
    pub institution: String,
    /// Days since 1970-01-01.
    pub opened: i32,
    /// Days since 1970-01-01.
    pub ended: i32,
    /// How it ended: "done", "refused", "withdrawn", "voided" or a name.
    pub state: String,
    /// The operator who opened it.
    pub opener: String,
    /// Opaque, at most [`crate::VALUE_BYTES_MAX`].
    pub body: Bytes,
}

impl Record {
    /// The same record without its body.
    pub fn head(&self) -> RecordHead {
        RecordHead {
            id: self.id,
            code: self.code.clone(),
            number: self.number.clone(),
            institution: self.institution.clone(),
            opened: self.opened,
            ended: self.ended,
            state: self.state.clone(),
            opener: self.opener.clone(),
        }
    }

    pub(crate) fn of(head: RecordHead, body: Bytes) -> Self {
        Record {
            id: head.id,
            code: head.code,
            number: head.number,
            institution: head.institution,
            opened: head.opened,
            ended: head.ended,
            state: head.state,
            opener: head.opener,
            body,
        }
    }

    pub(crate) fn weight(&self) -> usize {
        self.body.len() + RECORD_HEAD_BYTES
    }
}

/// A record without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordHead {
    pub id: u64,
    pub code: String,
    pub number: String,
    pub institution: String,
    /// Days since 1970-01-01.
    pub opened: i32,
    /// Days since 1970-01-01.
    pub ended: i32,
    pub state: String,
    pub opener: String,
}

/// In which order records are listed: ids are given in the order in which matters were opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordOrder {
    #[default]
    NewestFirst,
    OldestFirst,
}

/// What to list. A field that is empty or `None` does not restrict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordQuery {
    pub code: Option<String>,
    /// Any of these.
    pub institutions: Vec<String>,
    pub state: Option<String>,
    pub opener: Option<String>,
    /// The whole number.
    pub number: Option<String>,
    /// The first day, since 1970-01-01.
    pub ended_from: Option<i32>,
    /// The last day, since 1970-01-01.
    pub ended_until: Option<i32>,
    pub order: RecordOrder,
    /// Only ids behind this one in the order: the last id of the page before.
    pub behind: Option<u64>,
    /// At most so many, no more than [`RECORDS_LISTED_MAX`].
    pub limit: usize,
}

/// The lists that hold what a query asks for: in one index, those under each of these values.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub index: &'static str,
    /// The columns before the id. The first is that of `values`, any other one of the query's.
    pub columns: &'static [&'static str],
    /// As text also where the column is a day. Without columns: one, of no meaning.
    pub values: Vec<String>,
}

/// A condition on a column.
pub(crate) enum Condition<'a> {
    Is(&'static str, &'a String),
    IsAnyOf(&'static str, &'a Vec<String>),
    /// Days since 1970-01-01, both included.
    IsBetween(&'static str, &'a i32, &'a i32),
}

impl RecordQuery {
    pub(crate) fn asks_for_days(&self) -> bool {
        self.ended_from.is_some() || self.ended_until.is_some()
    }

    /// Those of the days kept that are asked for; all of them if none are.
    pub(crate) fn days(&self, kept: RangeInclusive<i32>) -> RangeInclusive<i32> {
        let from = self.ended_from.map_or(*kept.start(), |day| day.max(*kept.start()));
        let until = self.ended_until.map_or(*kept.end(), |day| day.min(*kept.end()));
        from..=until
    }

    /// The ids asked for.
    pub(crate) fn ids(&self) -> RangeInclusive<u64> {
        match (self.order, self.behind) {
            (_, None) => 1..=SEQ_MAX,
            (RecordOrder::NewestFirst, Some(last)) => 1..=last.saturating_sub(1).min(SEQ_MAX),
            (RecordOrder::OldestFirst, Some(last)) => last.min(SEQ_MAX) + 1..=SEQ_MAX,
        }
    }

    /// As SQL has it.
    pub(crate) fn direction(&self) -> &'static str {
        match self.order {
            RecordOrder::NewestFirst => "desc",
            RecordOrder::OldestFirst => "asc",
        }
    }

    /// The index with the shortest lists, as far as can be said without counting. `days` is what
    /// [`RecordQuery::days`] made of the days asked for, if any are.
    pub(crate) fn way(&self, days: Option<&RangeInclusive<i32>>) -> Way {
        let at_most = |count| days.filter(|days| (*days).clone().count() <= count);
        let institutions = || Vec::from_iter(BTreeSet::from_iter(self.institutions.clone()));
        let of_days = |days: &RangeInclusive<i32>| {
            let mut values: Vec<String> = days.clone().map(|day| day.to_string()).collect();
            if self.order == RecordOrder::NewestFirst {
                values.reverse();
            }
            Way { index: "record_by_day", columns: &["ended"], values }
        };
        if let Some(number) = &self.number {
            let values = vec![number.clone()];
            Way { index: "record_by_number", columns: &["number"], values }
        } else if let Some(opener) = &self.opener {
            let values = vec![opener.clone()];
            Way { index: "record_by_opener", columns: &["opener"], values }
        } else if !self.institutions.is_empty() && self.code.is_some() {
            let columns = &["institution", "code"];
            Way { index: "record_by_institution_code", columns, values: institutions() }
        } else if let Some(days) = at_most(DAYS_FEW) {
            of_days(days)
        } else if !self.institutions.is_empty() {
            let columns = &["institution"];
            Way { index: "record_by_institution", columns, values: institutions() }
        } else if let Some(code) = &self.code {
            Way { index: "record_by_code", columns: &["code"], values: vec![code.clone()] }
        } else if let Some(state) = &self.state {
            Way { index: "record_by_state", columns: &["state"], values: vec![state.clone()] }
        } else if let Some(days) = at_most(DAYS_MANY) {
            of_days(days)
        } else {
            Way { index: "record_pk", columns: &[], values: vec![String::new()] }
        }
    }

    /// What a list of the way does not promise by its value.
    pub(crate) fn conditions<'a>(
        &'a self,
        way: &Way,
        days: Option<&'a RangeInclusive<i32>>,
    ) -> Vec<Condition<'a>> {
        let texts = [
            ("code", &self.code),
            ("state", &self.state),
            ("opener", &self.opener),
            ("number", &self.number),
        ];
        let promised = way.columns.first().copied().unwrap_or_default();
        let mut conditions = Vec::new();
        for (column, text) in texts {
            if let Some(text) = text
                && column != promised
            {
                conditions.push(Condition::Is(column, text));
            }
        }
        if !self.institutions.is_empty() && promised != "institution" {
            conditions.push(Condition::IsAnyOf("institution", &self.institutions));
        }
        if let Some(days) = days
            && promised != "ended"
        {
            conditions.push(Condition::IsBetween("ended", days.start(), days.end()));
        }
        conditions
    }

    /// Whether a record is asked for, its id and how many apart.
    pub(crate) fn wants(&self, record: &Record) -> bool {
        let is = |wanted: &Option<String>, text: &String| wanted.as_ref().is_none_or(|w| w == text);
        is(&self.code, &record.code)
            && (self.institutions.is_empty() || self.institutions.contains(&record.institution))
            && is(&self.state, &record.state)
            && is(&self.opener, &record.opener)
            && is(&self.number, &record.number)
            && self.ended_from.is_none_or(|day| record.ended >= day)
            && self.ended_until.is_none_or(|day| record.ended <= day)
    }
}

/// The first of the heads that come out of several lists.
pub(crate) struct First {
    heads: Vec<RecordHead>,
    limit: usize,
    order: RecordOrder,
    ids: RangeInclusive<u64>,
}

impl First {
    pub(crate) fn of(query: &RecordQuery) -> Self {
        let RecordQuery { limit, order, .. } = *query;
        First { heads: Vec::new(), limit, order, ids: query.ids() }
    }

    /// Takes what the next lists have.
    pub(crate) fn add(&mut self, heads: Vec<RecordHead>) {
        self.heads.extend(heads);
        self.heads.sort_unstable_by_key(|head| head.id);
        if self.order == RecordOrder::NewestFirst {
            self.heads.reverse();
        }
        self.heads.truncate(self.limit);
    }

    /// The ids that can still come in: of those, most lists have nothing more to read.
    pub(crate) fn ids(&self) -> RangeInclusive<u64> {
        let (from, until) = (*self.ids.start(), *self.ids.end());
        let last = self.heads.last().filter(|_| self.heads.len() == self.limit);
        match (last, self.order) {
            (Some(last), RecordOrder::NewestFirst) => last.id + 1..=until,
            (Some(last), RecordOrder::OldestFirst) => from..=last.id - 1,
            (None, _) => from..=until,
        }
    }

    pub(crate) fn into_heads(self) -> Vec<RecordHead> {
        self.heads
    }
}

/// Refuses records whose fields cannot be stored, or of which one would replace another.
pub(crate) fn check_records(bank: &str, records: &[Record]) -> Result<(), StoreError> {
    check_bank(bank)?;
    let mut ids = BTreeSet::new();
    for record in records {
        check_id(record.id)?;
        if !ids.insert(record.id) {
            return Err(StoreError::malformed(format!("record {} comes twice", record.id)));
        }
        check_value(record.body.len())?;
        for text in
            [&record.code, &record.number, &record.institution, &record.state, &record.opener]
        {
            check_text(text)?;
        }
        for day in [record.opened, record.ended] {
            if !BUSINESS_DATES.contains(&day) {
                return Err(StoreError::malformed(format!("day {day} is in no year")));
            }
        }
    }
    Ok(())
}

/// Refuses what [`crate::Store::mend_records`] cannot put or remove.
pub(crate) fn check_mending(bank: &str, put: &[Record], remove: &[u64]) -> Result<(), StoreError> {
    check_records(bank, put)?;
    remove.iter().try_for_each(|id| check_id(*id))
}

/// Refuses a query that a database would not understand, or whose answer would be too long.
pub(crate) fn check_query(query: &RecordQuery) -> Result<(), StoreError> {
    for (what, count) in [("records", query.limit), ("institutions", query.institutions.len())] {
        if count > RECORDS_LISTED_MAX {
            return Err(StoreError::malformed(format!(
                "{count} {what} are more than the {RECORDS_LISTED_MAX} of one list"
            )));
        }
    }
    let texts = [&query.code, &query.state, &query.opener, &query.number];
    texts.into_iter().flatten().chain(&query.institutions).try_for_each(|text| check_text(text))
}

fn check_id(id: u64) -> Result<(), StoreError> {
    if id == 0 || id > SEQ_MAX {
        return Err(StoreError::malformed(format!("record {id} is not in 1..={SEQ_MAX}")));
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), StoreError> {
    // PostgreSQL keeps no NUL in a text.
    if text.len() > RECORD_TEXT_BYTES_MAX || text.contains('\0') {
        return Err(StoreError::malformed(format!(
            "a text of a record has at most {RECORD_TEXT_BYTES_MAX} bytes and no NUL"
        )));
    }
    Ok(())
}
