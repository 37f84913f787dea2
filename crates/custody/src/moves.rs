//! What can be done to things: they go from place to place, are sorted, voided and described.
//!
//! A place is any text. The bank's are an institution's ("0101/vault", "0101/box/7"), on the way
//! ("transit/12"), a customer's, or an end ("destroyed", "used", "lost"); only "outside" is known
//! here.

use crate::serial::{Range, Serial};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 行外: not counted. Notes come from it and go to it without limit; numbers come from it once.
pub const OUTSIDE: &str = "outside";

/// The most pieces in one move: more is a slip of the pen, and sums can never run over.
pub const PIECES_MAX: u64 = 1_000_000_000;

/// 券别整理状态: what a note is fit for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// 完整券.
    Fit,
    /// 残损券.
    Unfit,
    /// 原封新券.
    Mint,
    /// 未清分.
    Unsorted,
}

impl Class {
    pub fn zh(self) -> &'static str {
        match self {
            Class::Fit => "完整券",
            Class::Unfit => "残损券",
            Class::Mint => "原封新券",
            Class::Unsorted => "未清分券",
        }
    }

    pub fn en(self) -> &'static str {
        match self {
            Class::Fit => "fit",
            Class::Unfit => "unfit",
            Class::Mint => "mint",
            Class::Unsorted => "unsorted",
        }
    }
}

/// Notes or coins of one denomination and class (券别). `denom` is a code of the rulebook
/// ("CNY:100", "CNY:0.1").
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Note {
    pub denom: String,
    pub class: Class,
}

/// 张（枚）数: so many pieces of one note, more than none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    #[serde(flatten)]
    pub note: Note,
    pub pieces: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// 正常.
    Good,
    /// 作废.
    Void,
}

impl Condition {
    pub fn zh(self) -> &'static str {
        match self {
            Condition::Good => "正常",
            Condition::Void => "作废",
        }
    }

    pub fn en(self) -> &'static str {
        match self {
            Condition::Good => "good",
            Condition::Void => "void",
        }
    }
}

/// Which numbers may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Any that the place holds, good and void.
    Any,
    /// 顺序使用，不得跳号: good ones, from the lowest good number of the kind that the place
    /// holds, by prefix and then by number. What comes from outside has no order yet.
    Lowest,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "move", rename_all = "snake_case")]
pub enum Move {
    /// 现金调拨: notes from one place to another.
    Cash { from: String, to: String, counts: Vec<Count> },
    /// 清分: pieces at a place change class.
    Sort { at: String, counts: Vec<Count>, into: Class },
    /// 领用、上缴、出售: a range goes from one place to another, and every number keeps its
    /// condition. From outside it begins to exist, good; no number of it may exist anywhere.
    Stock { range: Range, from: String, to: String, order: Order },
    /// 作废: a range of good numbers at a place becomes void there.
    Void { range: Range, at: String },
    /// 登记要素: attributes of a single thing that exists (a seal, a machine) are set; an empty
    /// value takes the attribute away.
    Mark { thing: Serial, set: BTreeMap<String, String> },
}

impl Move {
    /// The numbered things that it is about; of notes there are none.
    pub fn range(&self) -> Option<Range> {
        match self {
            Self::Cash { .. } | Self::Sort { .. } => None,
            Self::Stock { range, .. } | Self::Void { range, .. } => Some(range.clone()),
            Self::Mark { thing, .. } => Some(thing.clone().into()),
        }
    }
}
