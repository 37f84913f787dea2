//! Every word that a report prints, in Chinese and English side by side.

use super::Cause;
use super::anomaly_list::{AnomalyKind, Severity};
use crate::table::Label;
use ledger::chart::Class;
use ledger::entry::EntryKind;

// Words around every table.
pub const NOTE: Label = Label::of("注：", "Note: ");
pub const COLON: Label = Label::of("：", ": ");
/// `&P` and `&N` are Excel's page and pages.
pub const PAGE_OF_PAGES: Label = Label::of("第 &P 页 共 &N 页", "Page &P of &N");
pub const BANK: Label = Label::of("单位名称", "Bank");
pub const INSTITUTION: Label = Label::of("机构", "Institution");
pub const WITH_SUBORDINATES: Label = Label::of("{0}（含下级）", "{0} (with subordinates)");
pub const DATE: Label = Label::of("日期", "Date");
pub const PERIOD: Label = Label::of("期间", "Period");
pub const FROM_TO: Label = Label::of("{0} 至 {1}", "{0} to {1}");
pub const UNIT: Label = Label::of("币种", "Currency");
pub const MEASURE: Label = Label::of("单位", "Amounts in");
pub const YUAN: Label = Label::of("元", "currency units");
pub const PIECES: Label = Label::of("件", "pieces");
pub const PRINTED: Label = Label::of("打印", "Printed");
pub const CODE_AND_TITLE: Label = Label::of("{0} {1}", "{0} {1}");
pub const TITLE_AND_CODE: Label = Label::of("{0}（{1}）", "{0} ({1})");
pub const TOTAL: Label = Label::of("合计", "Total");
pub const DIFFERENCE: Label = Label::of("差额", "Difference");

// Sides.
pub const DR: Label = Label::of("借", "Dr");
pub const CR: Label = Label::of("贷", "Cr");
pub const NIL: Label = Label::of("平", "nil");
pub const SIDE: Label = Label::of("方向", "Side");

// Titles of the reports.
pub const DAILY_SUBJECT_SUMMARY: Label = Label::of("科目日结单", "Daily subject summary");
pub const DAILY_STATEMENT: Label = Label::of("日计表", "Daily statement");
pub const GENERAL_LEDGER: Label = Label::of("总账", "General ledger");
pub const ACCOUNT_LEDGER: Label = Label::of("分户账", "Account ledger");
pub const BALANCE_LIST: Label = Label::of("余额表", "Balance list");
pub const BUSINESS_STATUS: Label =
    Label::of("业务状况报告表（月计表）", "Statement of business status");
pub const TRIAL_BALANCE: Label = Label::of("试算平衡表", "Trial balance");
pub const SUBJECT_BALANCES: Label = Label::of("科目余额表", "Subject balances");
pub const OFF_BALANCE_LIST: Label = Label::of("表外科目余额表", "Balances off the balance sheet");
pub const SUSPENSE_AGEING: Label = Label::of("内部账户账龄表", "Ageing of internal accounts");
pub const SUSPENSE_ITEMS: Label = Label::of("内部账户挂账明细", "Open items of internal accounts");
pub const CORRECTION_REGISTER: Label = Label::of("错账调整登记簿", "Register of corrections");
pub const GL_SUBLEDGER_CHECK: Label =
    Label::of("总分核对报告", "General ledger against its accounts");
pub const ANOMALY_LIST: Label = Label::of("异常账务清单", "List of anomalies");

// Columns of many reports.
pub const SUBJECT: Label = Label::of("科目代号", "Subject");
pub const SUBJECT_NAME: Label = Label::of("科目名称", "Subject name");
pub const SUBJECT_CAPTION: Label = Label::of("科目", "Subject");
pub const ACCOUNT: Label = Label::of("账号", "Account");
pub const ACCOUNT_NAME: Label = Label::of("户名", "Account name");
pub const NAME: Label = Label::of("名称", "Name");
pub const AMOUNT: Label = Label::of("金额", "Amount");
pub const BALANCE: Label = Label::of("余额", "Balance");
pub const OPENING: Label = Label::of("期初余额", "Opening balance");
pub const CLOSING: Label = Label::of("期末余额", "Closing balance");
pub const SUMMARY: Label = Label::of("摘要", "Summary");
pub const ENTRY: Label = Label::of("套号", "Entry");
pub const MAKER: Label = Label::of("经办", "Maker");
pub const CHECKER: Label = Label::of("复核", "Checker");
pub const STATUS: Label = Label::of("状态", "Status");
pub const DEBIT_AMOUNT: Label = Label::of("借方发生额", "Debit");
pub const CREDIT_AMOUNT: Label = Label::of("贷方发生额", "Credit");
pub const DEBIT_COUNT: Label = Label::of("借方笔数", "Debits");
pub const CREDIT_COUNT: Label = Label::of("贷方笔数", "Credits");
pub const RECEIVED: Label = Label::of("收入", "Received");
pub const PAID: Label = Label::of("付出", "Paid out");

/// Opening, turnover and closing, each debit before credit.
pub const SIX_SIDES: [Label; 6] =
    [OPENING_DEBIT, OPENING_CREDIT, TURNOVER_DEBIT, TURNOVER_CREDIT, CLOSING_DEBIT, CLOSING_CREDIT];

/// Titles of turnover: off the balance sheet a debit reads 收 and a credit 付.
pub fn turnover_sides(class: Class) -> [Label; 2] {
    match class {
        Class::OffBalance => [RECEIVED, PAID],
        _ => [DEBIT_AMOUNT, CREDIT_AMOUNT],
    }
}

// 科目日结单.
pub const DEBIT_CASH: Label = Label::of("借方现金", "Debit in cash");
pub const DEBIT_TRANSFER: Label = Label::of("借方转账", "Debit by transfer");
pub const CREDIT_CASH: Label = Label::of("贷方现金", "Credit in cash");
pub const CREDIT_TRANSFER: Label = Label::of("贷方转账", "Credit by transfer");
pub const VOUCHERS: Label = Label::of("凭证张数", "Vouchers");
pub const OFF_BALANCE_APART: Label = Label::of(
    "表外科目单式记账，不计入合计。",
    "Subjects off the balance sheet are single entry and stand outside the total.",
);

// 日计表, 试算平衡表, 业务状况报告表.
pub const PREVIOUS_DEBIT: Label = Label::of("上日借方余额", "Previous debit");
pub const PREVIOUS_CREDIT: Label = Label::of("上日贷方余额", "Previous credit");
pub const TODAY_DEBIT: Label = Label::of("本日借方发生额", "Debit today");
pub const TODAY_CREDIT: Label = Label::of("本日贷方发生额", "Credit today");
pub const TODAY_DEBIT_BALANCE: Label = Label::of("本日借方余额", "Debit balance");
pub const TODAY_CREDIT_BALANCE: Label = Label::of("本日贷方余额", "Credit balance");
pub const OPENING_DEBIT: Label = Label::of("期初借方余额", "Opening debit");
pub const OPENING_CREDIT: Label = Label::of("期初贷方余额", "Opening credit");
pub const TURNOVER_DEBIT: Label = Label::of("本期借方发生额", "Debit turnover");
pub const TURNOVER_CREDIT: Label = Label::of("本期贷方发生额", "Credit turnover");
pub const CLOSING_DEBIT: Label = Label::of("期末借方余额", "Closing debit");
pub const CLOSING_CREDIT: Label = Label::of("期末贷方余额", "Closing credit");
pub const SUBTOTAL_OF: Label = Label::of("{0}类小计", "Subtotal {0}");
pub const BALANCED: Label = Label::of(
    "{0} 试算平衡：期初余额、发生额、期末余额借贷双方分别相等。",
    "{0} balances: debit equals credit in opening, turnover and closing.",
);
pub const UNBALANCED: Label = Label::of(
    "{0} 试算不平：借贷差额 期初 {1}，发生额 {2}，期末 {3}。",
    "{0} does not balance: debit over credit is {1} in opening, {2} in turnover, {3} in closing.",
);
pub const WRONG_SIDE_NOTE: Label = Label::of(
    "期末余额在反方向的科目：{0}。",
    "Subjects whose closing balance stands on the wrong side: {0}.",
);
pub const INTERBRANCH_BREAK: Label = Label::of(
    "系统内往来 {0} 全行轧差后应为零，现为 {1} {2} {3}。",
    "Interbranch {0} must be nil over the whole bank, but is {1} {2} {3}.",
);
pub const INTERBRANCH_NET: Label = Label::of(
    "系统内往来 {0} 按轧差列示，对范围外机构 {1} {2} {3}。",
    "Interbranch {0} is shown net; with institutions outside it is {1} {2} {3}.",
);

/// Names of the classes of subjects.
pub fn class(class: Class) -> Label {
    match class {
        Class::Asset => Label::of("资产", "assets"),
        Class::Liability => Label::of("负债", "liabilities"),
        Class::Common => Label::of("共同", "common"),
        Class::Equity => Label::of("所有者权益", "equity"),
        Class::Income => Label::of("损益（收入）", "income"),
        Class::Expense => Label::of("损益（支出）", "expense"),
        Class::OffBalance => Label::of("表外", "off balance"),
    }
}

// 总账, 分户账.
pub const BROUGHT_FORWARD: Label = Label::of("期初余额", "Brought forward");
pub const MONTH_TOTAL: Label = Label::of("本月合计", "Month");
pub const PERIOD_TOTAL: Label = Label::of("本期合计", "Period");
pub const CARRIED_TO: Label = Label::of("过次页（第{0}页）", "Carried to page {0}");
pub const CARRIED_FROM: Label = Label::of("承前页（第{0}页）", "Carried from page {0}");
pub const DAYS: Label = Label::of("日数", "Days");
pub const PRODUCT: Label = Label::of("积数", "Balance × days");

pub const OVERDRAWN_PRODUCT: Label = Label::of(
    "正常积数 {0}，反方向（透支）积数 {1}。",
    "Balance × days on the account's own side is {0}, on the other side (overdrawn) {1}.",
);

// 余额表.
pub const HELD: Label = Label::of("冻结及占用", "Held");
pub const SUBJECT_SUBTOTAL: Label = Label::of("{0} 小计（{1}户）", "{0} (accounts: {1})");
pub const DEBIT_TOTAL: Label = Label::of("借方合计（共{0}户）", "Debit total (accounts: {0})");
pub const CREDIT_TOTAL: Label = Label::of("贷方合计", "Credit total");

// 资产负债表, 利润表.
pub const LINE_NO: Label = Label::of("行次", "Line");
pub const ITEM: Label = Label::of("项目", "Item");
pub const THIS_PERIOD: Label = Label::of("本期金额", "This period");
pub const YEAR_BEFORE: Label = Label::of("期初累计", "Year before it");
pub const YEAR_TO_DATE: Label = Label::of("本年累计", "Year to date");
pub const UNCLOSED_PROFIT: Label = Label::of("未结转损益", "Profit not yet closed");
pub const NOT_IN_LAYOUT: Label = Label::of(
    "有余额或发生额而报表格式未列入的科目：{0}。",
    "Subjects with figures that the layout does not name: {0}.",
);
pub const SHEET_BALANCED: Label = Label::of(
    "{0} 资产总计等于负债与所有者权益总计。",
    "{0}: assets equal liabilities and equity.",
);
pub const SHEET_UNBALANCED: Label = Label::of(
    "{0} 资产与负债及所有者权益不等，差额 期末 {1}，期初 {2}。",
    "{0}: assets differ from liabilities and equity by {1} at the end, {2} at the beginning.",
);

// 表外科目余额表.
pub const QUANTITY: Label = Label::of("数量", "Pieces");
pub const NEGATIVE_NOTE: Label =
    Label::of("表外余额不得小于零：{0}。", "A balance off the balance sheet is below zero: {0}.");

// 内部账户账龄表.
pub const BUCKETS: [Label; 6] = [
    Label::of("0-7天", "0-7 days"),
    Label::of("8-30天", "8-30"),
    Label::of("31-90天", "31-90"),
    Label::of("91-180天", "91-180"),
    Label::of("181-360天", "181-360"),
    Label::of("360天以上", "over 360"),
];
pub const ITEMS: Label = Label::of("笔数", "Items");
pub const OVERDUE: Label = Label::of("其中超期", "Overdue");
pub const OLDEST: Label = Label::of("最长天数", "Oldest");
pub const OPENED: Label = Label::of("挂账日", "Opened");
pub const ITEM_NO: Label = Label::of("套号-行", "Entry-line");
pub const ITEM_AMOUNT: Label = Label::of("挂账金额", "Opened with");
pub const REMAINDER: Label = Label::of("未销余额", "Left");
pub const AGE: Label = Label::of("账龄", "Age");
pub const OVERDUE_DAYS: Label = Label::of("超期天数", "Overdue days");

// 错账调整登记簿.
pub const CORRECTED: Label = Label::of("调整日期", "Corrected");
pub const WRONG_ENTRY: Label = Label::of("原套号", "Wrong entry");
pub const WRONG_DAY: Label = Label::of("原日期", "Wrong date");
pub const METHOD: Label = Label::of("方法", "Method");
pub const REVERSAL: Label = Label::of("冲销套号", "Reversal");
pub const REBOOK: Label = Label::of("补正套号", "Rebooked");
pub const CAUSE: Label = Label::of("类别", "Cause");
pub const REASON: Label = Label::of("原因", "Reason");
pub const APPLICANT: Label = Label::of("申请", "Applied");
pub const VERIFIER: Label = Label::of("核实", "Verified");
pub const APPROVER: Label = Label::of("审批", "Approved");
pub const POSTER: Label = Label::of("记账", "Posted");
pub const NOTICE: Label = Label::of("客户通知", "Customer told");
pub const CORRECTIONS: Label =
    Label::of("{0} 共 {1} 笔，金额 {2}。", "{0}: {1} corrections of {2} together.");

pub fn cause(cause: Cause) -> Label {
    match cause {
        Cause::System => Label::of("系统原因", "system"),
        Cause::Operator => Label::of("柜员原因", "operator"),
        Cause::Customer => Label::of("客户原因", "customer"),
        Cause::Other => Label::of("其他", "other"),
    }
}

/// How a wrong entry was undone.
pub fn method(kind: EntryKind) -> Label {
    let en = match kind {
        EntryKind::Normal => "entry",
        EntryKind::Cancel => "cancelled",
        EntryKind::RedReversal => "red reversal",
        EntryKind::BlueReversal => "blue reversal",
        EntryKind::Rebook => "rebooked",
        EntryKind::Accrual => "accrual",
        EntryKind::Settlement => "settlement",
        EntryKind::ProfitTransfer => "profit transfer",
        EntryKind::Revaluation => "revaluation",
    };
    Label::of(kind.zh(), en)
}

// 总分核对报告.
pub const LEDGER_BALANCE: Label = Label::of("总账余额", "General ledger");
pub const ACCOUNTS_SUM: Label = Label::of("分户账合计", "Sum of accounts");
pub const ACCOUNT_COUNT: Label = Label::of("户数", "Accounts");
pub const RESULT: Label = Label::of("结果", "Result");
pub const AGREES: Label = Label::of("相符", "agrees");
pub const DIFFERS: Label = Label::of("不符", "differs");
pub const CHECKED: Label = Label::of("共核对 {0} 项，不符 {1} 项。", "{0} compared, {1} differ.");

// 异常账务清单.
pub const SEVERITY: Label = Label::of("等级", "Severity");
pub const ANOMALY: Label = Label::of("异常类型", "Anomaly");
pub const OBJECT: Label = Label::of("账号/科目/套号", "Account, subject or entry");
pub const DETAIL: Label = Label::of("情况", "What is found");
pub const WHAT_TO_DO: Label = Label::of("处理要求", "What to do");
pub const BELOW_ZERO: Label = Label::of("余额小于零", "below zero");
pub const STANDS_ON: Label = Label::of("余额在{0}方", "balance is {0}");
pub const PAID_WHILE: Label = Label::of("{0}期间有出账", "paid out while {0}");
pub const MOVED_WHILE_DORMANT: Label = Label::of("久悬期间有发生额", "moved while dormant");
pub const OVERDUE_BY: Label =
    Label::of("挂账 {0}，{1} 起，超期 {2} 天", "item {0} since {1}, {2} days overdue");
pub const LEDGER_AGAINST_ACCOUNTS: Label =
    Label::of("总账 {0} {1}，分户 {2} {3}", "ledger {0} {1}, accounts {2} {3}");
pub const DATED_BACK: Label = Label::of(
    "{0} 记账，{1} 起息，倒退 {2} 天，限 {3} 天",
    "booked {0} with value {1}, {2} days back, limit {3}",
);
pub const ANOMALY_COUNTS: Label = Label::of(
    "重大 {0} 项，一般 {1} 项，提示 {2} 项。",
    "{0} of high, {1} of medium and {2} of low severity.",
);

pub fn severity(severity: Severity) -> Label {
    match severity {
        Severity::High => Label::of("重大", "high"),
        Severity::Medium => Label::of("一般", "medium"),
        Severity::Low => Label::of("提示", "low"),
    }
}

/// Name of an anomaly, and what to do about it.
pub fn anomaly(kind: AnomalyKind) -> [Label; 2] {
    match kind {
        AnomalyKind::LedgerDifference => [
            Label::of("总分不符", "Ledgers differ"),
            Label::of(
                "停止日终，逐笔核对当日分录，查明前不得调平。",
                "Stop the close, compare the day's postings one by one, adjust nothing before.",
            ),
        ],
        AnomalyKind::RedBalance => [
            Label::of("反方向余额", "Balance on the wrong side"),
            Label::of(
                "当日查明来源，错账按规定冲正，垫款转待查错账并追收。",
                "Find its source today; reverse an error, or book an advance for recovery.",
            ),
        ],
        AnomalyKind::NegativeOffBalance => [
            Label::of("表外负余额", "Negative off the balance sheet"),
            Label::of(
                "双人清点实物，核对登记簿，补记漏收或冲销重付。",
                "Two people count the things, compare the register, and correct the booking.",
            ),
        ],
        AnomalyKind::FrozenWithDebit => [
            Label::of("冻结账户出账", "Payment from a frozen account"),
            Label::of(
                "核对扣划文书，无依据的立即追回并上报合规部门。",
                "Compare with the order to deduct; without one recover it and tell compliance.",
            ),
        ],
        AnomalyKind::NotZeroAtClose => [
            Label::of("日终未清零", "Not empty at close"),
            Label::of(
                "当日结清；不能结清的由指定人员签认并说明原因。",
                "Clear it today, or let the named person accept it with a reason.",
            ),
        ],
        AnomalyKind::DormantMovement => [
            Label::of("久悬户发生", "Movement on a dormant account"),
            Label::of(
                "核对激活手续及客户身份，无手续的按可疑情况报告。",
                "Check the reactivation and the customer's identity; report it if there is none.",
            ),
        ],
        AnomalyKind::OverdueItem => [
            Label::of("超期挂账", "Overdue open item"),
            Label::of(
                "责任部门限期查清销账，不能销账的说明原因和措施。",
                "The owner clears it by a date set, or explains why not and what follows.",
            ),
        ],
        AnomalyKind::Backdated => [
            Label::of("倒起息超限", "Dated too far back"),
            Label::of(
                "核对授权及原始凭证，重算利息并登记调整。",
                "Check authority and document, compute the interest again and register it.",
            ),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_do_is_said_in_both_languages() {
        for kind in AnomalyKind::ALL {
            for label in anomaly(kind) {
                assert!(!label.zh.is_empty() && !label.en.is_empty(), "{kind:?}");
                assert_ne!(label.zh, label.en);
            }
        }
    }
}
