//! Rulebooks for the simulator: the bank's own, and a small one whose dates and limits lie where
//! they hurt: rates change around settlement days, holidays cover them, limits are low.

use std::fmt::Write;
use std::path::Path;

pub type Files = Vec<(String, String)>;

/// The rulebook of the repository, read anew.
pub fn real() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook");
    let mut files = Vec::new();
    read_folder(&root, &root, &mut files);
    files.sort();
    files
}

fn read_folder(root: &Path, folder: &Path, files: &mut Files) {
    for found in std::fs::read_dir(folder).expect("the rulebook stands beside the crates") {
        let path = found.expect("a folder can be read").path();
        if path.is_dir() {
            read_folder(root, &path, files);
            continue;
        }
        let name = path.strip_prefix(root).expect("it was found under the root");
        let text = std::fs::read_to_string(&path).expect("a rulebook file is text");
        files.push((name.to_string_lossy().into_owned(), text));
    }
}

/// Values of a number with the days they begin on.
pub type Values = Vec<(String, String)>;

/// Deposit rates: changes lie on, just before and just after settlement days and ends of months.
pub fn deposits() -> Values {
    let values = [
        ("2024-01-01", "\"0.35%\""),
        ("2024-12-20", "\"0.30%\""),
        ("2025-03-22", "\"0.28%\""),
        ("2025-06-21", "\"0.25%\""),
        ("2025-09-21", "\"1.20%\""),
        ("2025-12-23", "\"0.80%\""),
        ("2025-12-30", "\"0.75%\""),
        ("2026-03-20", "\"0.50%\""),
        ("2026-03-23", "\"2.50%\""),
    ];
    values.into_iter().map(|(from, is)| (from.to_owned(), is.to_owned())).collect()
}

/// The small rulebook with the given middle rates of the dollar and rates on deposits.
pub fn small(dollars: &Values, deposits: &Values) -> Files {
    let mut files = vec![
        ("gl/subjects.toml".to_owned(), SUBJECTS.to_owned()),
        ("gl/internal.toml".to_owned(), internal()),
        ("gl/authorised.toml".to_owned(), authorised()),
        ("gl/customers.toml".to_owned(), customers()),
        ("gl/units.toml".to_owned(), UNITS.to_owned()),
        ("gl/numbers.toml".to_owned(), numbers(dollars, deposits)),
    ];
    files.extend((2024..=2027).map(|year| (format!("calendar/{year}.json"), notice(year))));
    files
}

fn header(kind: &str, code: &str) -> String {
    format!(
        "kind = \"{kind}\"\ncode = \"{code}\"\ntitle = {{ zh = \"甲\", en = \"A\" }}\n\
         serves = [\"S1\"]\nwhy.zh = \"供模拟\"\nwhy.en = \"to be simulated\"\n\
         source = \"none\"\nstatus = \"live\"\n"
    )
}

const SUBJECTS: &str = r#"
kind = "accounts"
code = "sim.subjects"
title = { zh = "科目", en = "Subjects" }
serves = ["S1"]
why.zh = "供模拟"
why.en = "to be simulated"
source = "none"
status = "live"
[[group]]
class = "asset"
side = "debit"
subject = [
    { code = "1001", zh = "库存现金", en = "Cash" },
    { code = "1001-01", zh = "业务库", en = "Vault" },
    { code = "1001-02", zh = "柜员", en = "Teller" },
    { code = "1132", zh = "应收利息", en = "Interest receivable" },
    { code = "1132-01", zh = "贷款", en = "Loans" },
    { code = "1132-03", zh = "透支", en = "Overdrafts" },
    { code = "1132-08", zh = "欠息", en = "Interest due" },
    { code = "1221", zh = "其他应收", en = "Receivable" },
    { code = "1221-01", zh = "短款", en = "Shortage" },
    { code = "1221-02", zh = "待查错账", en = "Errors" },
    { code = "1303", zh = "贷款", en = "Loans" },
]
[[group]]
class = "liability"
side = "credit"
subject = [
    { code = "2011", zh = "吸收存款", en = "Deposits" },
    { code = "2011-01", zh = "单位活期", en = "Corporate" },
    { code = "2011-02", zh = "单位定期", en = "Corporate time" },
    { code = "2011-03", zh = "个人活期", en = "Personal" },
    { code = "2011-04", zh = "个人定期", en = "Personal time" },
    { code = "2011-06", zh = "临时存款", en = "Temporary" },
    { code = "2002", zh = "保证金", en = "Margin" },
    { code = "2231", zh = "应付利息", en = "Interest payable" },
    { code = "2231-01", zh = "单位活期", en = "Corporate" },
    { code = "2231-02", zh = "定期", en = "Time" },
    { code = "2231-03", zh = "个人活期", en = "Personal" },
    { code = "2231-04", zh = "保证金", en = "Margin" },
    { code = "2241", zh = "其他应付", en = "Payable" },
    { code = "2241-02", zh = "待查来账", en = "Inward inquiry" },
]
[[group]]
class = "common"
side = "both"
subject = [
    { code = "3001", zh = "清算往来", en = "Clearing" },
    { code = "3001-01", zh = "大额往账", en = "Outward" },
    { code = "3001-10", zh = "系统内往来", en = "Interbranch" },
    { code = "3002", zh = "货币兑换", en = "Exchange" },
]
[[group]]
class = "equity"
side = "credit"
subject = [
    { code = "4103", zh = "本年利润", en = "Profit", side = "both" },
    { code = "4104", zh = "利润分配", en = "Distribution", side = "both" },
]
[[group]]
class = "income"
side = "credit"
subject = [
    { code = "6011", zh = "利息收入", en = "Interest income" },
    { code = "6011-01", zh = "贷款", en = "Loans" },
    { code = "6011-03", zh = "透支", en = "Overdrafts" },
    { code = "6021", zh = "手续费", en = "Fees" },
    { code = "6061", zh = "汇兑损益", en = "Exchange gains", side = "both" },
    { code = "6901", zh = "以前年度损益调整", en = "Prior year", side = "both" },
]
[[group]]
class = "expense"
side = "debit"
subject = [
    { code = "6411", zh = "利息支出", en = "Interest expense" },
    { code = "6411-01", zh = "单位活期", en = "Corporate" },
    { code = "6411-02", zh = "定期", en = "Time" },
    { code = "6411-03", zh = "个人活期", en = "Personal" },
    { code = "6411-04", zh = "保证金", en = "Margin" },
    { code = "6601", zh = "费用", en = "Expenses" },
]
[[group]]
class = "off_balance"
side = "debit"
subject = [
    { code = "7001", zh = "空白凭证", en = "Blank vouchers" },
    { code = "7004", zh = "代保管", en = "Safe custody" },
]
"#;

fn internal() -> String {
    let rows = r#"
owner = "bank"
manual = "allowed"
account_kind = [
    { code = "cash_vault", subject = "1001-01" },
    { code = "cash_teller", subject = "1001-02", zero_at_close = true },
    { code = "hvps_outward", subject = "3001-01", open_item = true, opens = "credit" },
    { code = "interbranch", subject = "3001-10", manual = "system_only" },
    { code = "exchange", subject = "3002" },
    { code = "exchange_gain", subject = "6061", manual = "system_only" },
    { code = "inward_inquiry", subject = "2241-02", open_item = true },
    { code = "cash_shortage", subject = "1221-01", open_item = true },
    { code = "fee_payment", subject = "6021", control = "either" },
    { code = "expense_sundry", subject = "6601", control = "either" },
    { code = "year_profit", subject = "4103", manual = "system_only" },
    { code = "due", subject = "1132-08", control = "either", open_item = true, opens = "debit" },
    { code = "blank_voucher", subject = "7001" },
    { code = "safe_custody", subject = "7004" },
]
[system]
interbranch = "interbranch"
exchange = "exchange"
exchange_gain = "exchange_gain"
year_profit = "year_profit"
prior_year = "prior_year"
undistributed = "undistributed_profit"
shortfall = "error_inquiry"
"#;
    header("account_kind", "sim.internal") + rows
}

fn authorised() -> String {
    let mut text = header("account_kind", "sim.authorised");
    text.push_str("owner = \"bank\"\nmanual = \"needs_authoriser\"\naccount_kind = [\n");
    text.push_str("{ code = \"error_inquiry\", subject = \"1221-02\", open_item = true },\n");
    text.push_str("{ code = \"prior_year\", subject = \"6901\" },\n");
    text.push_str("{ code = \"undistributed_profit\", subject = \"4104\" },\n");
    for (code, subject) in [
        ("interest_receivable_short_loan", "1132-01"),
        ("interest_receivable_overdraft", "1132-03"),
        ("interest_payable_corporate_current", "2231-01"),
        ("interest_payable_time", "2231-02"),
        ("interest_payable_personal_current", "2231-03"),
        ("interest_payable_margin", "2231-04"),
        ("interest_income_short_loan", "6011-01"),
        ("interest_income_overdraft", "6011-03"),
        ("interest_expense_corporate_current", "6411-01"),
        ("interest_expense_time", "6411-02"),
        ("interest_expense_personal_current", "6411-03"),
        ("interest_expense_margin", "6411-04"),
    ] {
        let accrued = code.contains("payable") || code.contains("receivable");
        let manual = if accrued { ", manual = \"system_only\"" } else { "" };
        let row = format!(
            "{{ code = \"{code}\", subject = \"{subject}\", control = \"either\"{manual} }}"
        );
        text.push_str(&row);
        text.push_str(",\n");
    }
    text.push_str("]\n");
    text
}

/// A kind of customer account with interest: its terms in the order of the table below.
struct Earning {
    code: &'static str,
    subject: &'static str,
    method: &'static str,
    basis: &'static str,
    change: &'static str,
    rate: &'static str,
    passage: [&'static str; 4],
}

const EARNING: [Earning; 7] = {
    const OVERDRAFT: [&str; 2] = ["interest_income_overdraft", "interest_receivable_overdraft"];
    const fn passage(expense: &'static str, payable: &'static str) -> [&'static str; 4] {
        [expense, payable, OVERDRAFT[0], OVERDRAFT[1]]
    }
    const PERSONAL: [&str; 4] =
        passage("interest_expense_personal_current", "interest_payable_personal_current");
    const CORPORATE: [&str; 4] =
        passage("interest_expense_corporate_current", "interest_payable_corporate_current");
    const TIME: [&str; 4] = passage("interest_expense_time", "interest_payable_time");
    const MARGIN: [&str; 4] = passage("interest_expense_margin", "interest_payable_margin");
    const LOAN: [&str; 4] = [
        "interest_expense_corporate_current",
        "interest_payable_corporate_current",
        "interest_income_short_loan",
        "interest_receivable_short_loan",
    ];
    const fn kind(
        code: &'static str,
        subject: &'static str,
        method: &'static str,
        change: &'static str,
        passage: [&'static str; 4],
    ) -> Earning {
        Earning { code, subject, method, basis: "360", change, rate: "rate.deposit", passage }
    }
    [
        kind("personal_current", "2011-03", "product", "whole_period", PERSONAL),
        kind("personal_current_overdraft", "2011-03", "product", "whole_period", PERSONAL),
        kind("corporate_current", "2011-01", "product", "piecewise", CORPORATE),
        Earning { rate: "rate.loan", ..kind("short_loan", "1303", "product", "piecewise", LOAN) },
        Earning {
            basis: "actual",
            ..kind("margin_deposit", "2002", "product", "piecewise", MARGIN)
        },
        kind("personal_time", "2011-04", "per_deposit_months", "whole_period", TIME),
        kind("corporate_time", "2011-02", "per_deposit_days", "whole_period", TIME),
    ]
};

fn customers() -> String {
    let mut text = header("account_kind", "sim.customers");
    text.push_str("owner = \"customer\"\nmanual = \"allowed\"\n");
    text.push_str("[[account_kind]]\ncode = \"temporary_deposit\"\nsubject = \"2011-06\"\n");
    for kind in &EARNING {
        let Earning { code, subject, method, basis, change, rate, passage } = kind;
        let [expense, payable, income, receivable] = passage;
        let _ = write!(text, "[[account_kind]]\ncode = \"{code}\"\nsubject = \"{subject}\"\n");
        if *code == "personal_current_overdraft" {
            text.push_str("overdraft_limit = \"overdraft.limit\"\n");
        }
        let _ = write!(
            text,
            "[account_kind.interest]\nmethod = \"{method}\"\nbasis = \"{basis}\"\n\
             rate_change = \"{change}\"\nrate = \"{rate}\"\noverdraft_rate = \"rate.overdraft\"\n\
             expense = \"{expense}\"\npayable = \"{payable}\"\nincome = \"{income}\"\n\
             receivable = \"{receivable}\"\n"
        );
        if *code == "short_loan" {
            text.push_str("due = \"due\"\n");
        }
        match (*method, *code) {
            ("product", "margin_deposit") => {
                text.push_str("settle_months = [1,2,3,4,5,6,7,8,9,10,11,12]\nsettle_day = 28\n");
            }
            ("product", _) => text.push_str("settle_months = [3, 6, 9, 12]\nsettle_day = 20\n"),
            _ => {}
        }
    }
    text
}

const UNITS: &str = r#"
kind = "units"
code = "sim.units"
title = { zh = "币种", en = "Units" }
serves = ["S1"]
why.zh = "供模拟"
why.en = "to be simulated"
source = "none"
status = "live"
base = "CNY"
currency = [
    { code = "CNY", zh = "人民币", en = "Yuan", digits = 2 },
    { code = "USD", zh = "美元", en = "Dollar", digits = 2 },
    { code = "JPY", zh = "日元", en = "Yen", digits = 0 },
]
thing = [{ code = "form:cheque", zh = "支票", en = "Cheque" }]
"#;

fn numbers(dollars: &Values, deposits: &Values) -> String {
    let mut text = header("number", "sim.numbers");
    let mut number = |code: &str, unit: &str, values: &[(&str, &str)]| {
        let _ = write!(text, "[[number]]\ncode = \"{code}\"\nzh = \"数\"\nen = \"N\"\n");
        let _ = writeln!(text, "unit = \"{unit}\"\nvalue = [");
        for (from, is) in values {
            let _ = writeln!(text, "{{ from = \"{from}\", is = {is}, source = \"none\" }},");
        }
        text.push_str("]\n");
    };
    let deposits: Vec<(&str, &str)> =
        deposits.iter().map(|(from, is)| (from.as_str(), is.as_str())).collect();
    number("rate.deposit", "rate", &deposits);
    let loan = [("2024-01-01", "\"3.45%\""), ("2025-12-22", "\"3.10%\""), ("2026-03-18", "\"4%\"")];
    number("rate.loan", "rate", &loan);
    let overdraft = [("2024-01-01", "\"18%\""), ("2025-12-19", "\"12%\"")];
    number("rate.overdraft", "rate", &overdraft);
    number("overdraft.limit", "yuan", &[("2024-01-01", "100")]);
    number("gl.back_value_days_max", "day", &[("2024-01-01", "30")]);
    number("gl.idempotency_days", "working_day", &[("2024-01-01", "3")]);
    let dollars: Vec<(&str, &str)> =
        dollars.iter().map(|(from, is)| (from.as_str(), is.as_str())).collect();
    number("fx.mid.USD", "price", &dollars);
    text
}

/// Holidays that cover a settlement day, a month's end and the end of the year.
fn notice(year: i16) -> String {
    let off = [
        "01-01", "03-20", "03-21", "03-22", "06-20", "06-21", "09-30", "10-01", "10-02", "10-03",
        "12-21", "12-30", "12-31",
    ];
    let days = off
        .iter()
        .map(|day| format!("{{\"name\":\"休\",\"date\":\"{year}-{day}\",\"isOffDay\":true}}"));
    let days: Vec<String> = days.collect();
    format!("{{\"year\":{year},\"papers\":[\"none\"],\"days\":[{}]}}", days.join(","))
}
