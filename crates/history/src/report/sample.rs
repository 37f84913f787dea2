//! A small bank for the tests of the reports: a head office, a branch and its sub-branch.

use super::{AccountRow, OpenItemRow, Reach, Scope};
use ledger::account::Status;
use ledger::book::Institution;
use ledger::calendar::Calendar;
use ledger::chart::{
    AccountKind, Chart, Class, Control, Layout, LayoutRow, Manual, Side, Subject, SystemKinds,
    Title, Unit,
};
use ledger::day::Day;
use ledger::entry::{EntryNo, InstitutionId, ItemId, KindId, SubjectId, UnitId};
use ledger::gl::{GlKey, GlRow};
use ledger::number::Numbers;
use std::collections::BTreeMap;

pub(super) fn title(zh: &str, en: &str) -> Title {
    Title { zh: zh.to_owned(), en: en.to_owned() }
}

fn subjects() -> Vec<Subject> {
    use Class::{Asset, Common, Equity, Expense, Income, Liability, OffBalance};
    use Side::{Both, Credit, Debit};
    let rows = [
        ("1001", "库存现金", "Cash on hand", Asset, Debit),
        ("1001-01", "业务库现金", "Vault cash", Asset, Debit),
        ("1001-02", "柜员现金", "Teller cash", Asset, Debit),
        ("1221", "其他应收款", "Other receivables", Asset, Debit),
        ("1221-02", "待查错账", "Errors under inquiry", Asset, Debit),
        ("1303", "贷款", "Loans", Asset, Debit),
        ("1304", "贷款损失准备", "Loan loss allowance", Asset, Credit),
        ("2011", "吸收存款", "Deposits", Liability, Credit),
        ("2011-01", "单位活期", "Corporate current", Liability, Credit),
        ("2011-03", "个人活期", "Personal current", Liability, Credit),
        ("2231", "应付利息", "Interest payable", Liability, Credit),
        ("2241", "其他应付款", "Other payables", Liability, Credit),
        ("3001", "清算资金往来", "Clearing", Common, Both),
        ("3001-10", "系统内往来", "Interbranch", Common, Both),
        ("4001", "实收资本", "Paid-in capital", Equity, Credit),
        ("4103", "本年利润", "Profit of the year", Equity, Both),
        ("6011", "利息收入", "Interest income", Income, Credit),
        ("6411", "利息支出", "Interest expense", Expense, Debit),
        ("7001", "重要空白凭证", "Blank forms", OffBalance, Debit),
    ];
    let parent = |code: &str| {
        let (parent, _) = code.split_once('-')?;
        let at = rows.iter().position(|row| row.0 == parent)?;
        u16::try_from(at).ok().map(SubjectId)
    };
    let subject = |(code, zh, en, class, side): (&str, &str, &str, Class, Side)| Subject {
        code: code.into(),
        title: title(zh, en),
        class,
        side,
        parent: parent(code),
    };
    rows.into_iter().map(subject).collect()
}

fn kind(chart: &Chart, code: &str, zh: &str, subject: &str, control: Control) -> AccountKind {
    AccountKind {
        code: code.into(),
        title: title(zh, code),
        subject: subject_id(chart, subject),
        control,
        overdraft_limit: 0,
        manual: Manual::Allowed,
        open_item: false,
        zero_at_close: false,
        opens: None,
        max_age_days: 0,
        internal: false,
        terms: None,
    }
}

pub(super) fn chart() -> Chart {
    let unit = |code: &str, zh: &str, en: &str, digits| Unit {
        code: code.into(),
        title: title(zh, en),
        digits,
        is_thing: digits == 0,
    };
    let id = KindId(4);
    let mut chart = Chart {
        subjects: subjects(),
        units: vec![
            unit("CNY", "人民币", "Renminbi", 2),
            unit("USD", "美元", "US dollar", 2),
            unit("form:cheque", "支票", "Cheque", 0),
        ],
        kinds: Vec::new(),
        system: SystemKinds {
            interbranch: id,
            exchange: id,
            exchange_gain: id,
            year_profit: id,
            prior_year: id,
            undistributed: id,
            shortfall: id,
        },
        base_unit: UnitId(0),
        numbers: Numbers::default(),
        calendar: Calendar::default(),
        layouts: Vec::new(),
    };
    let mut kinds = vec![
        kind(&chart, "corporate", "单位活期", "2011-01", Control::CreditOnly),
        kind(&chart, "personal", "个人活期", "2011-03", Control::CreditOnly),
        kind(&chart, "teller_cash", "柜员现金", "1001-02", Control::DebitOnly),
        kind(&chart, "errors", "待查错账", "1221-02", Control::DebitOnly),
        kind(&chart, "interbranch", "系统内往来", "3001-10", Control::Either),
        kind(&chart, "transit", "过渡户", "2241", Control::Either),
        kind(&chart, "blank_forms", "空白凭证", "7001", Control::DebitOnly),
    ];
    kinds[3].open_item = true;
    kinds[3].max_age_days = 30;
    kinds[5].zero_at_close = true;
    chart.kinds = kinds;
    chart.layouts = vec![balance_sheet(), income_statement()];
    chart
}

fn layout_row(section: &str, zh: &str, en: &str, codes: [&[&str]; 3]) -> LayoutRow {
    let owned = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect();
    LayoutRow {
        title: title(zh, en),
        section: section.to_owned(),
        add: owned(codes[0]),
        deduct: owned(codes[1]),
        total_of: owned(codes[2]),
    }
}

fn balance_sheet() -> Layout {
    Layout {
        code: "balance_sheet".to_owned(),
        title: title("资产负债表", "Balance sheet"),
        rows: vec![
            layout_row("assets", "现金及存放中央银行款项", "Cash", [&["1001"], &[], &[]]),
            layout_row("assets", "发放贷款和垫款", "Loans", [&["1303"], &["1304"], &[]]),
            layout_row("assets", "其他资产", "Other assets", [&["1221", "3001"], &[], &[]]),
            layout_row("assets", "资产总计", "Total assets", [&[], &[], &["assets"]]),
            layout_row("liabilities", "吸收存款", "Deposits", [&["2011"], &[], &[]]),
            layout_row(
                "liabilities",
                "其他负债",
                "Other liabilities",
                [&["2231", "2241", "3001"], &[], &[]],
            ),
            layout_row(
                "liabilities",
                "负债合计",
                "Total liabilities",
                [&[], &[], &["liabilities"]],
            ),
            layout_row("equity", "实收资本", "Capital", [&["4001"], &[], &[]]),
            layout_row("equity", "未分配利润", "Profit", [&["4103"], &[], &[]]),
            layout_row("equity", "所有者权益合计", "Total equity", [&[], &[], &["equity"]]),
            layout_row(
                "equity",
                "负债和所有者权益总计",
                "Total liabilities and equity",
                [&[], &[], &["liabilities", "equity"]],
            ),
        ],
    }
}

fn income_statement() -> Layout {
    let all: &[&str] = &["interest", "expense", "profit"];
    Layout {
        code: "income_statement".to_owned(),
        title: title("利润表", "Income statement"),
        rows: vec![
            layout_row("profit", "利息净收入", "Net interest", [&[], &[], &["interest"]]),
            layout_row("interest", "利息收入", "Interest income", [&["6011"], &[], &[]]),
            layout_row("interest", "减：利息支出", "Less: interest", [&[], &["6411"], &[]]),
            layout_row("expense", "营业支出", "Operating expense", [&[], &[], &["expense"]]),
            layout_row("profit", "净利润", "Net profit", [&[], &[], all]),
        ],
    }
}

pub(super) fn institutions() -> Vec<Institution> {
    let one = |code: &str, zh: &str, en: &str, parent: Option<u16>| Institution {
        code: code.into(),
        title: title(zh, en),
        parent: parent.map(InstitutionId),
        closed: None,
    };
    vec![
        one("0000", "总行", "Head office", None),
        one("0100", "城南支行", "South branch", Some(0)),
        one("0101", "河西分理处", "West office", Some(1)),
    ]
}

pub(super) fn scope<'a>(chart: &'a Chart, institutions: &'a [Institution]) -> Scope<'a> {
    Scope {
        bank: title("飘毫银行", "Piaohao Bank"),
        chart,
        institutions,
        institution: InstitutionId(0),
        reach: Reach::Subtree,
        printed: "2026-03-31 18:05".into(),
    }
}

pub(super) fn subject_id(chart: &Chart, code: &str) -> SubjectId {
    chart.subject_by_code(code).expect("the sample chart has the subject")
}

/// Opening, debit, credit and closing, debit positive.
pub(super) fn row(
    chart: &Chart,
    institution: u16,
    unit: &str,
    subject: &str,
    (opening, debit, credit, closing): (i128, i128, i128, i128),
) -> GlRow {
    assert_eq!(opening + debit - credit, closing, "{subject} does not add up");
    GlRow {
        key: GlKey {
            institution: InstitutionId(institution),
            unit: chart.unit_by_code(unit).expect("the sample chart has the unit"),
            subject: subject_id(chart, subject),
        },
        opening,
        debit,
        credit,
        debit_count: u64::from(debit != 0),
        credit_count: u64::from(credit != 0),
        closing,
    }
}

/// A balanced ledger of three institutions whose interbranch balances cancel out.
pub(super) fn ledger(chart: &Chart) -> Vec<GlRow> {
    let cny = |institution, subject, figures| row(chart, institution, "CNY", subject, figures);
    vec![
        cny(0, "1001-01", (500_000_000, 0, 20_000_000, 480_000_000)),
        cny(0, "1303", (800_000_000, 0, 0, 800_000_000)),
        cny(0, "1304", (-8_000_000, 0, 0, -8_000_000)),
        cny(0, "2011-01", (-790_000_000, 0, 1_500_000, -791_500_000)),
        cny(0, "3001-10", (0, 20_000_000, 0, 20_000_000)),
        cny(0, "4001", (-500_000_000, 0, 0, -500_000_000)),
        cny(0, "6011", (-5_000_000, 0, 0, -5_000_000)),
        cny(0, "6411", (3_000_000, 1_500_000, 0, 4_500_000)),
        cny(1, "1001-02", (12_345_678, 20_123_450, 3_000_000, 29_469_128)),
        cny(1, "1221-02", (0, 10_000, 20_000, -10_000)),
        cny(1, "2011-03", (-12_345_678, 3_000_000, 113_450, -9_459_128)),
        cny(1, "3001-10", (0, 0, 20_000_000, -20_000_000)),
        cny(0, "7001", (50_000, 10_000, 2_500, 57_500)),
        row(chart, 1, "form:cheque", "7001", (500, 100, 25, 575)),
    ]
}

/// Subjects that postings of the property tests fall on: no off-balance ones, no parents.
const LEAVES: [&str; 12] = [
    "1001-01", "1001-02", "1221-02", "1303", "1304", "2011-01", "2011-03", "2231", "3001-10",
    "4103", "6011", "6411",
];

/// The ledger after debits and credits between leaves, at two institutions in turn.
pub(super) fn booked(
    chart: &Chart,
    opening: &[(usize, usize, i64)],
    moves: &[(usize, usize, i64)],
) -> Vec<GlRow> {
    let mut rows: BTreeMap<(u16, usize), (i128, i128, i128)> = BTreeMap::new();
    for (at, (debit, credit, amount)) in opening.iter().enumerate() {
        let institution = u16::from(at % 2 == 1);
        rows.entry((institution, *debit)).or_default().0 += i128::from(*amount);
        rows.entry((institution, *credit)).or_default().0 -= i128::from(*amount);
    }
    for (at, (debit, credit, amount)) in moves.iter().enumerate() {
        let institution = u16::from(at % 2 == 1);
        rows.entry((institution, *debit)).or_default().1 += i128::from(*amount);
        rows.entry((institution, *credit)).or_default().2 += i128::from(*amount);
    }
    let rows = rows.into_iter();
    rows.map(|((institution, leaf), (opening, debit, credit))| {
        let figures = (opening, debit, credit, opening + debit - credit);
        row(chart, institution, "CNY", LEAVES[leaf], figures)
    })
    .collect()
}

/// An account of a kind at an institution, in the base currency.
pub(super) fn account(
    chart: &Chart,
    number: &str,
    name: &str,
    kind: &str,
    balance: i64,
) -> AccountRow {
    AccountRow {
        number: number.into(),
        name: name.into(),
        institution: InstitutionId(1),
        unit: chart.base_unit,
        kind: chart.kind_by_code(kind).expect("the sample chart has the kind"),
        balance,
        held: 0,
        day_debit: 0,
        day_credit: 0,
        status: Status::Normal,
    }
}

pub(super) fn accounts(chart: &Chart) -> Vec<AccountRow> {
    let mut rows = vec![
        account(chart, "6222020200112233445", "张三", "personal", -9_459_128),
        account(chart, "6222020200112233452", "李四", "personal", 0),
        account(chart, "110060149018010012345", "华北贸易有限公司", "corporate", -791_500_000),
        account(chart, "0100-CNY-1001-02-001", "柜员现金 王五", "teller_cash", 29_469_128),
        account(chart, "0100-CNY-1221-02-001", "待查错账", "errors", -10_000),
    ];
    rows[0].held = 100_000;
    rows[1].status = Status::Dormant;
    rows
}

/// An open item of the account for errors under inquiry.
pub(super) fn item(chart: &Chart, opened: Day, amount: i64) -> OpenItemRow {
    OpenItemRow {
        id: ItemId { entry: EntryNo(43), line: 1 },
        account: "0100-CNY-1221-02-001".into(),
        account_name: "待查错账".into(),
        institution: InstitutionId(1),
        unit: chart.base_unit,
        kind: chart.kind_by_code("errors").expect("the sample chart has the kind"),
        opened,
        summary: "多付客户".into(),
        amount,
        remainder: amount,
    }
}
