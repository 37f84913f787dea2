//! Accounts (分户账): the hot head of 64 bytes, and the cold columns beside it.

use crate::day::Day;
use crate::entry::{AccountId, InstitutionId, KindId, UnitId};
use crate::hash::mix_text;
use serde::{Deserialize, Serialize};

/// 账户状态.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Status {
    /// 正常.
    #[default]
    Normal = 0,
    /// 只收不付.
    ReceiveOnly = 1,
    /// 只付不收.
    PayOnly = 2,
    /// 全额冻结: neither in nor out.
    Frozen = 3,
    /// 久悬.
    Dormant = 4,
    /// 销户.
    Closed = 5,
}

impl Status {
    pub const ALL: [Self; 6] =
        [Self::Normal, Self::ReceiveOnly, Self::PayOnly, Self::Frozen, Self::Dormant, Self::Closed];

    pub fn zh(self) -> &'static str {
        ["正常", "只收不付", "只付不收", "全额冻结", "久悬", "销户"][self as usize]
    }

    pub fn en(self) -> &'static str {
        ["normal", "receive only", "pay only", "frozen", "dormant", "closed"][self as usize]
    }

    pub fn may_receive(self) -> bool {
        matches!(self, Self::Normal | Self::ReceiveOnly)
    }

    pub fn may_pay(self) -> bool {
        matches!(self, Self::Normal | Self::PayOnly)
    }
}

/// What posting needs of an account: one cache line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Head {
    /// Debit positive, in the unit's smallest part.
    pub balance: i64,
    /// Sum of holds and freezes.
    pub held: i64,
    /// Turnover of `turn_day`; red lines lower it.
    pub day_debit: i64,
    pub day_credit: i64,
    /// 积数: Σ balance × days on the account's natural side, up to `product_day`.
    pub product: i64,
    /// 透支积数: the same for days on the other side.
    pub overdrawn_product: i64,
    pub product_day: Day,
    pub turn_day: Day,
    pub kind: KindId,
    pub institution: InstitutionId,
    pub unit: UnitId,
    pub status: Status,
}

impl Head {
    pub fn new(kind: KindId, institution: InstitutionId, unit: UnitId, day: Day) -> Self {
        Self {
            balance: 0,
            held: 0,
            day_debit: 0,
            day_credit: 0,
            product: 0,
            overdrawn_product: 0,
            product_day: day,
            turn_day: day,
            kind,
            institution,
            unit,
            status: Status::Normal,
        }
    }

    /// Debit and credit turnover of `day`.
    pub fn turnover(&self, day: Day) -> (i64, i64) {
        if self.turn_day == day { (self.day_debit, self.day_credit) } else { (0, 0) }
    }
}

/// Text values end to end in one allocation: 5 million account numbers are not 5 million boxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextColumn {
    bytes: String,
    ends: Vec<u32>,
}

impl TextColumn {
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(u32::try_from(self.bytes.len()).expect("4 GiB of text are 100 m accounts"));
    }

    /// Takes the last text off.
    pub(crate) fn pop(&mut self) {
        self.ends.pop();
        self.bytes.truncate(self.ends.last().map_or(0, |end| *end as usize));
    }

    pub fn get(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.bytes[start..self.ends[at] as usize]
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// All accounts of a bank; an [`AccountId`] is the position in every column.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    pub heads: Vec<Head>,
    pub numbers: TextColumn,
    pub names: TextColumn,
    pub opened: Vec<Day>,
    /// Open addressing over `numbers`: id + 1, 0 for an empty slot.
    index: Vec<u32>,
}

impl Accounts {
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    pub fn get(&self, id: AccountId) -> Option<&Head> {
        self.heads.get(id.index())
    }

    pub fn number(&self, id: AccountId) -> &str {
        self.numbers.get(id.index())
    }

    pub fn name(&self, id: AccountId) -> &str {
        self.names.get(id.index())
    }

    pub fn ids(&self) -> impl Iterator<Item = AccountId> + use<> {
        (0..u32::try_from(self.heads.len()).expect("ids are u32")).map(AccountId)
    }

    /// Makes room for so many accounts more.
    pub fn reserve(&mut self, additional: usize) {
        self.heads.reserve(additional);
        self.opened.reserve(additional);
        let all = self.heads.len() + additional;
        if all * 4 > self.index.len() * 3 {
            self.reindex(all);
        }
    }

    /// Adds an account whose number is not yet known.
    pub fn push(&mut self, number: &str, name: &str, head: Head, opened: Day) -> AccountId {
        let id = u32::try_from(self.heads.len()).expect("fewer than 4 billion accounts");
        self.heads.push(head);
        self.numbers.push(number);
        self.names.push(name);
        self.opened.push(opened);
        if (self.heads.len() + 1) * 4 > self.index.len() * 3 {
            self.reindex(self.heads.len());
        } else {
            let at = self.find(number);
            self.index[at] = id + 1;
        }
        AccountId(id)
    }

    /// Takes back the account that was added last: it displaced none in the index.
    pub(crate) fn pop(&mut self) {
        let Some(last) = self.len().checked_sub(1) else { return };
        let at = self.find(self.numbers.get(last));
        self.index[at] = 0;
        self.heads.pop();
        self.numbers.pop();
        self.names.pop();
        self.opened.pop();
    }

    pub fn by_number(&self, number: &str) -> Option<AccountId> {
        if self.index.is_empty() {
            return None;
        }
        self.index[self.find(number)].checked_sub(1).map(AccountId)
    }

    fn find(&self, number: &str) -> usize {
        let mask = self.index.len() - 1;
        let mut at = mix_text(0, number) as usize & mask;
        while self.index[at] != 0 && self.numbers.get(self.index[at] as usize - 1) != number {
            at = (at + 1) & mask;
        }
        at
    }

    /// Builds the index anew with room for so many.
    fn reindex(&mut self, accounts: usize) {
        self.index = vec![0; (accounts * 2).next_power_of_two().max(64)];
        for id in 0..self.heads.len() {
            let at = self.find(self.numbers.get(id));
            self.index[at] = u32::try_from(id + 1).expect("ids are u32");
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_one_cache_line() {
        assert_eq!(size_of::<Head>(), 64);
    }

    #[test]
    fn accounts_are_found_by_number() {
        let mut accounts = Accounts::default();
        let head = Head::new(KindId(0), InstitutionId(0), UnitId(0), Day(0));
        for no in 0..1000 {
            assert_eq!(accounts.push(&format!("A{no}"), "name", head, Day(0)), AccountId(no));
        }
        for no in 0..1000 {
            assert_eq!(accounts.by_number(&format!("A{no}")), Some(AccountId(no)));
        }
        assert_eq!(accounts.by_number("A1000"), None);
        for no in (0..1000).rev() {
            accounts.pop();
            assert_eq!(accounts.by_number(&format!("A{no}")), None);
            assert_eq!(accounts.len(), no as usize);
            assert!((0..no).all(|no| accounts.by_number(&format!("A{no}")) == Some(AccountId(no))));
        }
    }
}
