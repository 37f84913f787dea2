//! Entries (凭证, a 套): headers, lines, and the batch that carries many of them at little cost.

use crate::day::Day;
use crate::hash::{mix, mix_text};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

macro_rules! index {
    ($(#[$meta:meta])* $name:ident($inner:ty)) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl $name {
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

index!(
    /// Position of an account (分户账) in the order of opening.
    AccountId(u32)
);
index!(
    /// Position of an institution (机构); 0 is the head office.
    InstitutionId(u16)
);
index!(
    /// Position of a subject (科目) in the chart.
    SubjectId(u16)
);
index!(
    /// Position of a unit (currency or thing) in the bank's table of units.
    UnitId(u16)
);
index!(
    /// Position of a kind of account in the rulebook's table.
    KindId(u16)
);
index!(
    /// Number of an entry (套号): 1, 2, 3 … over the life of the bank.
    EntryNo(u64)
);

/// An open item (挂账) is named by the line that opened it: entry number and line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemId {
    pub entry: EntryNo,
    pub line: u16,
}

/// Idempotency key: 128 bits, from a UUID or from the digest of the client's text.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u128);

impl Key {
    /// A key of the ledger's own beside the client's: clients number their keys, so that the
    /// next number would be somebody's.
    #[must_use]
    pub fn derived(self, purpose: &str) -> Self {
        let high = mix_text(mix(self.0 as u64, (self.0 >> 64) as u64), purpose);
        let low = mix_text(mix(high, self.0 as u64), purpose);
        Self(u128::from(high) << 64 | u128::from(low))
    }
}

/// In facts a key is its 32 hexadecimal digits.
impl Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{self:?}"))
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        u128::from_str_radix(&text, 16).map(Self).map_err(serde::de::Error::custom)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Shared text: cloning a header costs no copy.
pub type Text = Arc<str>;

/// Why an entry was made.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum EntryKind {
    #[default]
    Normal = 0,
    /// 抹账: cancels an entry of the same business date.
    Cancel = 1,
    /// 红字冲销: reverses an earlier entry of the same year, same side, red.
    RedReversal = 2,
    /// 蓝字反方向: reverses an entry of an earlier year, opposite side.
    BlueReversal = 3,
    /// 补正: books again what a reversed entry should have said.
    Rebook = 4,
    /// 计提: recognises interest.
    Accrual = 5,
    /// 结息: pays or charges interest.
    Settlement = 6,
    /// 损益结转: moves income and expense to the year's profit.
    ProfitTransfer = 7,
    /// 汇兑重估: revalues a foreign position.
    Revaluation = 8,
}

impl EntryKind {
    pub const ALL: [Self; 9] = [
        Self::Normal,
        Self::Cancel,
        Self::RedReversal,
        Self::BlueReversal,
        Self::Rebook,
        Self::Accrual,
        Self::Settlement,
        Self::ProfitTransfer,
        Self::Revaluation,
    ];

    pub fn code(self) -> u8 {
        self as u8
    }

    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    pub fn zh(self) -> &'static str {
        ["记账", "抹账", "红字冲销", "蓝字冲销", "补正", "计提", "结息", "损益结转", "汇兑重估"]
            [usize::from(self.code())]
    }

    /// Made by the system itself, not from a voucher that a person handed in.
    pub fn by_system(self) -> bool {
        self >= Self::Accrual
    }

    /// Undoes another entry.
    pub fn undoes(self) -> bool {
        matches!(self, Self::Cancel | Self::RedReversal | Self::BlueReversal)
    }
}

/// What all lines of an entry share (凭证要素). A bulk file shares one header among thousands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Header {
    /// 会计日期.
    pub business_date: Day,
    /// 起息日; never later than the business date.
    pub value_date: Day,
    /// 记账机构: where the voucher was handed in.
    pub institution: InstitutionId,
    /// 交易码.
    pub code: Text,
    /// 经办; empty for the system.
    pub maker: Text,
    /// 复核; empty if none.
    pub checker: Text,
    /// 授权; empty if none.
    pub authoriser: Text,
    /// 渠道: counter, batch, api …
    pub channel: Text,
    /// 原始凭证: type and serial of the source document; empty if none.
    pub document: Text,
    /// 附件张数.
    pub attachments: u16,
    /// 摘要.
    pub summary: Text,
    pub kind: EntryKind,
    /// The entry that this one corrects (0: none).
    pub original: EntryNo,
}

/// One line (一笔分录): 16 bytes in memory, 17 on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub account: AccountId,
    pub flags: LineFlags,
    /// In the unit's smallest part, always positive: red is a flag.
    pub amount: i64,
}

/// Side and colour of a line.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct LineFlags(pub u8);

impl LineFlags {
    pub const CREDIT: u8 = 1;
    pub const RED: u8 = 2;
    /// Added by the ledger to complete an entry across institutions (系统内往来).
    pub const COMPLETION: u8 = 4;
    /// Off-balance line: debit reads 收, credit reads 付.
    pub const OFF_BALANCE: u8 = 8;

    pub fn debit() -> Self {
        Self(0)
    }

    pub fn credit() -> Self {
        Self(Self::CREDIT)
    }

    pub fn is_credit(self) -> bool {
        self.0 & Self::CREDIT != 0
    }

    pub fn is_red(self) -> bool {
        self.0 & Self::RED != 0
    }

    pub fn is_completion(self) -> bool {
        self.0 & Self::COMPLETION != 0
    }

    pub fn is_off_balance(self) -> bool {
        self.0 & Self::OFF_BALANCE != 0
    }

    #[must_use]
    pub fn with(self, flag: u8) -> Self {
        Self(self.0 | flag)
    }
}

impl fmt::Debug for LineFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_credit() { "Cr" } else { "Dr" })?;
        f.write_str(if self.is_red() { " red" } else { "" })
    }
}

impl Line {
    pub fn debit(account: AccountId, amount: i64) -> Self {
        Self { account, flags: LineFlags::debit(), amount }
    }

    pub fn credit(account: AccountId, amount: i64) -> Self {
        Self { account, flags: LineFlags::credit(), amount }
    }

    /// Effect on the balance, debit positive; a red line has the opposite effect of its side.
    pub fn effect(&self) -> i64 {
        let negative = self.flags.is_credit() != self.flags.is_red();
        if negative { -self.amount } else { self.amount }
    }
}

/// What only a few lines carry, kept beside them so that the many stay small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Index of the line in the batch.
    pub line: u32,
    /// 销账: the open item that this line clears.
    pub clears: Option<ItemId>,
    /// Pieces behind the amount of an off-balance line (数量).
    pub quantity: Option<i64>,
}

/// An entry's place in a batch: its lines end at `lines_end` and begin where the previous ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryRow {
    pub key: Key,
    /// Index into [`Batch::headers`].
    pub header: u32,
    pub lines_end: u32,
}

/// Many entries in few allocations: what a client hands over and what a block holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    pub headers: Vec<Header>,
    pub entries: Vec<EntryRow>,
    pub lines: Vec<Line>,
    /// Sorted by line.
    pub marks: Vec<Mark>,
}

impl Batch {
    /// Adds an entry with a header of its own.
    pub fn push(&mut self, key: Key, header: Header, lines: &[Line]) {
        self.headers.push(header);
        self.push_shared(key, lines);
    }

    /// Adds an entry under the header that was pushed last.
    pub fn push_shared(&mut self, key: Key, lines: &[Line]) {
        let header = u32::try_from(self.headers.len() - 1).expect("a batch is far below 2^32");
        self.lines.extend_from_slice(lines);
        let lines_end = u32::try_from(self.lines.len()).expect("a batch is far below 2^32");
        self.entries.push(EntryRow { key, header, lines_end });
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn clear(&mut self) {
        self.headers.clear();
        self.entries.clear();
        self.lines.clear();
        self.marks.clear();
    }

    pub fn header(&self, entry: usize) -> &Header {
        &self.headers[self.entries[entry].header as usize]
    }

    /// Where the lines of an entry stand in [`Batch::lines`].
    pub fn range(&self, entry: usize) -> std::ops::Range<usize> {
        let start = if entry == 0 { 0 } else { self.entries[entry - 1].lines_end as usize };
        start..self.entries[entry].lines_end as usize
    }

    pub fn lines(&self, entry: usize) -> &[Line] {
        &self.lines[self.range(entry)]
    }

    /// The marks of the lines in `range`.
    pub fn marks(&self, range: std::ops::Range<usize>) -> &[Mark] {
        if self.marks.is_empty() {
            return &[];
        }
        let from = self.marks.partition_point(|mark| (mark.line as usize) < range.start);
        let to = self.marks.partition_point(|mark| (mark.line as usize) < range.end);
        &self.marks[from..to]
    }

    /// One entry as a batch of its own.
    pub fn single(&self, entry: usize) -> Self {
        let range = self.range(entry);
        let mut one = Self::default();
        one.push(self.entries[entry].key, self.header(entry).clone(), &self.lines[range.clone()]);
        let start = u32::try_from(range.start).expect("a batch is far below 2^32");
        one.marks
            .extend(self.marks(range).iter().map(|mark| Mark { line: mark.line - start, ..*mark }));
        one
    }
}
