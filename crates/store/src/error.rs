//! When the store cannot do what it was asked: what happened, and what can be relied on.
//!
//! None of these is a refusal to a customer: they are faults of disks, servers and networks, or
//! the sign that another node writes this bank.

use std::fmt;

/// Why a call to the store failed. `what` is the database's own word, for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// Another writer has put a block where this one wanted to, or the chain's end is another:
    /// `tip_seq` is the newest seq (0: none). Whoever gets this is not the writer any more.
    Fenced { seq: u64, tip_seq: u64 },
    /// The caller broke a promise of the interface. Nothing was kept.
    Malformed { what: String },
    /// The disk or the database is full. Nothing of the block was kept.
    Full { what: String },
    /// Another holds the database, or it is short of something for now. Nothing was kept; the
    /// same call may succeed later.
    Busy { what: String },
    /// The disk or the server stopped answering. If it was a write, nobody knows yet whether it
    /// was kept: read the tip, or append the very same block again.
    Lost { what: String },
    /// What is stored is not what was put.
    Corrupt { what: String },
    /// Anything else: not a store, no permission, a newer schema. Nothing was kept.
    Other { what: String },
}

/// What became of the write that got the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    NotKept,
    /// It may or may not be there after the next connection.
    Unknown,
}

impl StoreError {
    /// Stable, never reused.
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::Fenced { .. } => "StoreFenced",
            StoreError::Malformed { .. } => "StoreMalformed",
            StoreError::Full { .. } => "StoreFull",
            StoreError::Busy { .. } => "StoreBusy",
            StoreError::Lost { .. } => "StoreLost",
            StoreError::Corrupt { .. } => "StoreCorrupt",
            StoreError::Other { .. } => "StoreFault",
        }
    }

    /// What happened, in Chinese, without the database's own word.
    pub fn zh(&self) -> String {
        match self {
            StoreError::Fenced { seq, tip_seq } => {
                format!("另一写入方已占用第{seq}块（库中最新为第{tip_seq}块），本节点须停止写入")
            }
            StoreError::Malformed { .. } => "写入内容不合要求，未保存".into(),
            StoreError::Full { .. } => "磁盘或数据库已满，本次内容未保存".into(),
            StoreError::Busy { .. } => "数据库正忙，本次内容未保存，可稍后重试".into(),
            StoreError::Lost { .. } => {
                "与磁盘或数据库失去联系，本次写入结果未知，请重新读取".into()
            }
            StoreError::Corrupt { .. } => "库中数据与写入时不符，请停用并从备份核对".into(),
            StoreError::Other { .. } => "数据库无法完成此操作，本次内容未保存".into(),
        }
    }

    /// What happened, in English, without the database's own word.
    pub fn en(&self) -> String {
        match self {
            StoreError::Fenced { seq, tip_seq } => format!(
                "another writer holds block {seq} (the newest is {tip_seq}): this node must stop \
                 writing"
            ),
            StoreError::Malformed { .. } => {
                "what was to be written breaks the rules; it was not kept".into()
            }
            StoreError::Full { .. } => "the disk or the database is full; this was not kept".into(),
            StoreError::Busy { .. } => {
                "the database is busy; this was not kept, it may be tried again".into()
            }
            StoreError::Lost { .. } => "the disk or the database stopped answering; whether this \
                                        was kept is not known: read again"
                .into(),
            StoreError::Corrupt { .. } => "what is stored is not what was written; stop and check \
                                           it against a backup"
                .into(),
            StoreError::Other { .. } => "the database could not do this; it was not kept".into(),
        }
    }

    /// The database's own word, for the log and the engineer; empty for `Fenced`.
    pub fn what(&self) -> &str {
        match self {
            StoreError::Fenced { .. } => "",
            StoreError::Malformed { what }
            | StoreError::Full { what }
            | StoreError::Busy { what }
            | StoreError::Lost { what }
            | StoreError::Corrupt { what }
            | StoreError::Other { what } => what,
        }
    }

    /// Whether everything this store ever acknowledged can still be relied on.
    pub fn acknowledged_is_safe(&self) -> bool {
        !matches!(self, StoreError::Corrupt { .. })
    }

    /// What became of the write that got this error.
    pub fn outcome(&self) -> Outcome {
        match self {
            StoreError::Lost { .. } | StoreError::Corrupt { .. } => Outcome::Unknown,
            _ => Outcome::NotKept,
        }
    }

    pub(crate) fn malformed(what: impl Into<String>) -> Self {
        StoreError::Malformed { what: what.into() }
    }

    pub(crate) fn lost(what: impl Into<String>) -> Self {
        StoreError::Lost { what: what.into() }
    }

    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        StoreError::Corrupt { what: what.into() }
    }

    pub(crate) fn other(what: impl Into<String>) -> Self {
        StoreError::Other { what: what.into() }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.en())?;
        if self.what().is_empty() { Ok(()) } else { write!(f, " ({})", self.what()) }
    }
}

impl std::error::Error for StoreError {}
