//! 分户账 (账页): the ledger page of one account.
//!
//! Each posting with its entry number, summary, amount on its side (red ones with a minus), the
//! balance after it and its side, and the maker. With 积数, the days that the balance before the
//! posting stood and balance × days, with a minus while it stood on the wrong side. Pages carry
//! over: 过次页 at the foot, 承前页 at the head of the next. Made from the balance before the period
//! and the posted lines in their order.

use super::{
    AccountRow, Period, Reach, Scope, StatementLine, finish, labels, money, side_label, start,
};
use crate::table::{Cell, Column, Kind, Label, Style, Table};
use ledger::chart::{Class, Side};
use ledger::day::Day;
use ledger::money::display;
use std::collections::BTreeSet;

/// Whether days and 积数 are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Products {
    Shown,
    Hidden,
}

#[derive(Clone, Copy, Debug)]
pub struct AccountLedger<'a> {
    pub account: &'a AccountRow,
    /// Balance before the first line, debit positive.
    pub opening: i64,
    /// In the order of posting, all within the period.
    pub lines: &'a [StatementLine],
    pub products: Products,
    /// Postings on a page; 0: one endless page.
    pub page_lines: usize,
    /// Number of the first page: the pages of a year are numbered through.
    pub first_page: u32,
}

pub fn account_ledger(scope: &Scope, period: Period, of: &AccountLedger) -> Table {
    let account = of.account;
    let kind = scope.chart.kind(account.kind);
    let subject = scope.chart.subject(kind.subject);
    // The page is headed by the institution that keeps the account, whoever asks for it.
    let keeper = Scope { institution: account.institution, reach: Reach::Alone, ..scope.clone() };
    let mut table = start(&keeper, labels::ACCOUNT_LEDGER, period, columns(scope, subject.class));
    table.caption(labels::ACCOUNT, Label::same(account.number.to_string()));
    table.caption(labels::ACCOUNT_NAME, Label::same(account.name.to_string()));
    let name = [Label::same(subject.code.to_string()), Label::from(&subject.title)];
    table.caption(labels::SUBJECT_CAPTION, labels::CODE_AND_TITLE.fill(&name));
    let mut page = Page {
        table,
        digits: scope.chart.unit(account.unit).digits,
        // On its own side a product is positive; an account of either side counts as debit.
        own_sign: if subject.side == Side::Credit { -1 } else { 1 },
        balance: i128::from(of.opening),
        since: period.from,
        number: of.first_page,
        ..Page::default()
    };
    page.open(period.from, if of.first_page > 1 { carried_from(&page) } else { labels::OPENING });
    for (at, line) in of.lines.iter().enumerate() {
        if of.page_lines > 0 && at > 0 && at % of.page_lines == 0 {
            page.turn(line.day);
        }
        page.post(line);
    }
    page.close(period.to);
    let products = [page.product, page.overdrawn]
        .map(|sum| Label::same(display(sum, scope.chart.unit(account.unit).digits)));
    let is_overdrawn = page.overdrawn != 0;
    let mut table = page.table;
    if of.products == Products::Shown && is_overdrawn {
        table.notes.push(labels::OVERDRAWN_PRODUCT.fill(&products));
    }
    if of.products == Products::Hidden {
        table = table.without("days").without("product");
    }
    finish(table, scope, &BTreeSet::from([account.unit]))
}

fn columns(scope: &Scope, class: Class) -> Vec<Column> {
    let [debit, credit] = labels::turnover_sides(class);
    vec![
        Column::new("day", labels::DATE, Kind::Date),
        Column::new("entry", labels::ENTRY, Kind::Code),
        Column::new("summary", labels::SUMMARY, Kind::Text),
        Column::new("debit", debit, money(scope)),
        Column::new("credit", credit, money(scope)),
        Column::new("side", labels::SIDE, Kind::Text),
        Column::new("balance", labels::BALANCE, money(scope)),
        Column::new("days", labels::DAYS, Kind::Integer),
        Column::new("product", labels::PRODUCT, money(scope)),
        Column::new("maker", labels::MAKER, Kind::Text),
        Column::new("checker", labels::CHECKER, Kind::Text),
    ]
}

fn carried_from(page: &Page) -> Label {
    labels::CARRIED_FROM.fill(&[Label::same((page.number - 1).to_string())])
}

/// The page being written.
#[derive(Default)]
struct Page {
    table: Table,
    digits: u8,
    balance: i128,
    /// Turnover of the period so far: what 过次页 carries over.
    debit: i128,
    credit: i128,
    /// 积数 on the account's own side, and on the other.
    product: i128,
    overdrawn: i128,
    own_sign: i128,
    /// Since when the balance has stood.
    since: Day,
    number: u32,
}

impl Page {
    fn open(&mut self, day: Day, summary: Label) {
        self.sum(Style::Subtotal, day, summary, [Cell::Empty, Cell::Empty, Cell::Empty]);
    }

    fn turn(&mut self, day: Day) {
        let next = Label::same((self.number + 1).to_string());
        self.sum(Style::Subtotal, day, labels::CARRIED_TO.fill(&[next]), self.turnover());
        self.number += 1;
        self.sum(Style::Subtotal, day, carried_from(self), self.turnover());
    }

    fn post(&mut self, line: &StatementLine) {
        let (days, product) = self.stand(line.day);
        let amount = i128::from(line.amount);
        let amount = if line.flags.is_red() { -amount } else { amount };
        let shown = Cell::amount(amount, self.digits);
        let [debit, credit] = if line.flags.is_credit() {
            self.credit += amount;
            self.balance -= amount;
            [Cell::Empty, shown]
        } else {
            self.debit += amount;
            self.balance += amount;
            [shown, Cell::Empty]
        };
        self.table.push(
            Style::Normal,
            vec![
                Cell::Date(line.day),
                Cell::count(line.entry.0),
                Cell::Text(line.summary.clone()),
                debit,
                credit,
                Cell::Label(side_label(self.balance)),
                Cell::amount(self.balance.abs(), self.digits),
                Cell::Int(i64::from(days)),
                Cell::amount(product, self.digits),
                Cell::text(&line.maker),
                Cell::text(&line.checker),
            ],
        );
    }

    /// The last balance stands through the last day of the period.
    fn close(&mut self, last: Day) {
        self.stand(last.plus(1));
        self.sum(Style::Total, last, labels::PERIOD_TOTAL, self.turnover());
    }

    /// Counts the days that the balance has stood until `day`, and balance × days.
    fn stand(&mut self, day: Day) -> (i32, i128) {
        let days = day.since(self.since);
        let product = self.own_sign * self.balance * i128::from(days);
        if product >= 0 {
            self.product += product;
        } else {
            self.overdrawn -= product;
        }
        self.since = day;
        (days, product)
    }

    fn turnover(&self) -> [Cell; 3] {
        [self.debit, self.credit, self.product - self.overdrawn]
            .map(|sum| Cell::amount(sum, self.digits))
    }

    fn sum(&mut self, style: Style, day: Day, summary: Label, turnover: [Cell; 3]) {
        let [debit, credit, product] = turnover;
        self.table.push(
            style,
            vec![
                Cell::Date(day),
                Cell::Empty,
                Cell::Label(summary),
                debit,
                credit,
                Cell::Label(side_label(self.balance)),
                Cell::amount(self.balance.abs(), self.digits),
                Cell::Empty,
                product,
                Cell::Empty,
                Cell::Empty,
            ],
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text;
    use crate::report::sample;
    use crate::table::Lang;
    use ledger::entry::{EntryNo, LineFlags};
    use proptest::prelude::*;

    fn line(day: Day, entry: u64, summary: &str, flags: LineFlags, amount: i64) -> StatementLine {
        StatementLine {
            day,
            entry: EntryNo(entry),
            summary: summary.into(),
            flags,
            amount,
            maker: "王五".into(),
            checker: if amount > 100_000 { "赵六".into() } else { "".into() },
        }
    }

    #[test]
    fn a_page_carries_over_and_red_has_a_minus() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let account = sample::account(&chart, "6222020200112233445", "张三", "personal", 0);
        let (debit, credit) = (LineFlags::debit(), LineFlags::credit());
        let day = |day| Day::new(2026, 3, day);
        let lines = [
            line(day(2), 17, "现金存入", credit, 500_000),
            line(day(5), 42, "转账支出", debit, 123_450),
            line(day(5), 43, "转账支出", debit, 20_000),
            line(day(9), 58, "冲销套号43", debit.with(LineFlags::RED), 20_000),
            line(day(20), 77, "现金支取", debit, 476_550),
        ];
        let of = AccountLedger {
            account: &account,
            opening: -100_000,
            lines: &lines,
            products: Products::Hidden,
            page_lines: 3,
            first_page: 1,
        };
        let period = Period { from: day(1), to: day(31) };
        let table = account_ledger(&scope, period, &of);
        insta::assert_snapshot!("pages", text::render(&table, Lang::Zh, 140));
        let of = AccountLedger {
            opening: 50_000,
            products: Products::Shown,
            page_lines: 0,
            first_page: 3,
            ..of
        };
        let table = account_ledger(&scope, period, &of);
        insta::assert_snapshot!("products", text::render(&table, Lang::Zh, 160));
    }

    fn product(opening: i64, lines: &[StatementLine], period: Period) -> i128 {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let account = sample::account(&chart, "1", "n", "personal", 0);
        let products = Products::Shown;
        let of = AccountLedger {
            account: &account,
            opening,
            lines,
            products,
            page_lines: 0,
            first_page: 1,
        };
        let table = account_ledger(&scope, period, &of);
        match table.cells("product").last() {
            Some((Style::Total, Cell::Amount { minor, .. })) => *minor,
            other => panic!("{other:?} is no total"),
        }
    }

    #[test]
    fn the_product_is_the_sum_of_daily_balances() {
        let from = Day::new(2026, 1, 1);
        let lines = [line(from.plus(30), 1, "存入", LineFlags::credit(), 500_000)];
        let period = Period { from, to: from.plus(89) };
        // 10,000.00 × 30 days + 15,000.00 × 60 days = 1,200,000.00
        assert_eq!(product(-1_000_000, &lines, period), 120_000_000);
    }

    proptest! {
        #[test]
        fn products_agree_with_counting_day_by_day(
            opening in 0..1_000_000_i64,
            deposits in prop::collection::vec((0..30_i32, 0..1_000_000_i64), 0..10),
        ) {
            let from = Day::new(2026, 1, 1);
            let mut deposits = deposits;
            deposits.sort_by_key(|(day, _)| *day);
            let lines: Vec<StatementLine> = deposits
                .iter()
                .map(|(day, amount)| line(from.plus(*day), 1, "", LineFlags::credit(), *amount))
                .collect();
            let counted: i128 = (0..30)
                .map(|day| {
                    let paid = deposits.iter().filter(|(at, _)| *at <= day);
                    i128::from(opening + paid.map(|(_, amount)| amount).sum::<i64>())
                })
                .sum();
            let period = Period { from, to: from.plus(29) };
            prop_assert_eq!(product(-opening, &lines, period), counted);
        }
    }
}
