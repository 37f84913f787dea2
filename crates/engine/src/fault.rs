//! What can go wrong around a bank that is not the bank's own answer.

use ledger::Refusal;
use std::fmt;
use store::StoreError;

/// A fault of the world: a store that fails, a block that is damaged.
#[derive(Debug)]
pub enum Fault {
    Store(StoreError),
    /// A block, snapshot or sealed day that is not what its chain or manifest says.
    Damaged {
        seq: u64,
        what: String,
    },
    /// There is no bank of this name in the store.
    NoBank(String),
    /// Sealed files could not be written or read.
    Archive(String),
    /// The bank said no to a command that an operation is made of.
    Refused(Refusal),
}

impl Fault {
    /// Stable, never reused.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Damaged { .. } => "BlockDamaged",
            Self::NoBank(_) => "NoBank",
            Self::Archive(_) => "ArchiveFault",
            Self::Refused(refusal) => refusal.code,
        }
    }

    /// What happened, in Chinese and English.
    pub fn sentences(&self) -> (String, String) {
        match self {
            Self::Store(error) => (error.zh(), error.en()),
            Self::Damaged { seq, what } => (
                format!("第{seq}块与链或内容不符：{what}"),
                format!("block {seq} is not what it should be: {what}"),
            ),
            Self::NoBank(bank) => (
                format!("库中没有银行 {bank}，请先 init"),
                format!("the store has no bank `{bank}`: run init first"),
            ),
            Self::Archive(what) => (
                format!("历史文件读写失败：{what}"),
                format!("sealed files could not be read or written: {what}"),
            ),
            Self::Refused(refusal) => (refusal.zh.clone(), refusal.en.clone()),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (zh, en) = self.sentences();
        write!(f, "{}: {zh} / {en}", self.code())
    }
}

impl std::error::Error for Fault {}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
