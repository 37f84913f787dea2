//! Wrong rulebooks, one mistake each, and the shipped one.

#![allow(clippy::unwrap_used)]

use super::*;
use ledger::chart::{Basis, Class, Layout, Method, Side};
use ledger::day::Day;
use ledger::entry::SubjectId;
use ledger::number::Decimal;
use ledger::statement::amounts;
use std::collections::BTreeSet;
use std::path::Path;

/// The files of a folder, with paths as the rulebook knows them.
#[allow(clippy::disallowed_methods, reason = "the tests read the shipped files")]
fn folder(root: &Path, at: &Path, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            folder(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

fn shipped_files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook");
    let mut files = Vec::new();
    folder(&root, &root, &mut files);
    files
}

fn shipped() -> Rulebook {
    parse(&shipped_files())
}

fn parse(files: &[(String, String)]) -> Rulebook {
    Rulebook::parse(files).unwrap_or_else(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

fn header(kind: &str, code: &str) -> String {
    format!(
        "kind = \"{kind}\"\ncode = \"{code}\"\ntitle = {{ zh = \"名\", en = \"name\" }}\n\
         serves = [\"S1\"]\nwhy = {{ zh = \"由\", en = \"why\" }}\n\
         source = \"source\"\nstatus = \"live\"\n"
    )
}

const SUBJECTS: &str = r#"
[[group]]
class = "asset"
side = "debit"
subject = [
    { code = "1132", zh = "应收利息", en = "Interest receivable" },
    { code = "1221", zh = "其他应收款", en = "Other receivables" },
]
[[group]]
class = "liability"
side = "credit"
subject = [
    { code = "2011", zh = "存款", en = "Deposits" },
    { code = "2011-03", zh = "活期", en = "Current" },
    { code = "2231", zh = "应付利息", en = "Interest payable" },
]
[[group]]
class = "common"
side = "both"
subject = [{ code = "3001", zh = "往来", en = "Clearing" }]
[[group]]
class = "equity"
side = "both"
subject = [{ code = "4103", zh = "本年利润", en = "Profit" }]
[[group]]
class = "income"
side = "credit"
subject = [{ code = "6011", zh = "利息收入", en = "Interest income" }]
[[group]]
class = "expense"
side = "debit"
subject = [{ code = "6411", zh = "利息支出", en = "Interest expense" }]
"#;

const BANK: &str = r#"
owner = "bank"
manual = "allowed"
account_kind = [
    { code = "receivable", subject = "1132", manual = "system_only" },
    { code = "shortfall", subject = "1221", open_item = true },
    { code = "payable", subject = "2231", manual = "system_only" },
    { code = "clearing", subject = "3001" },
    { code = "profit", subject = "4103" },
    { code = "income", subject = "6011" },
    { code = "expense", subject = "6411" }, { code = "costs", subject = "6411" },
]
[system]
interbranch = "clearing"
exchange = "clearing"
exchange_gain = "income"
year_profit = "profit"
prior_year = "profit"
undistributed = "profit"
shortfall = "shortfall"
"#;

const CUSTOMER: &str = r#"
owner = "customer"
manual = "allowed"
[[account_kind]]
code = "current"
subject = "2011-03"
overdraft_limit = "limit"
[account_kind.interest]
method = "product"
basis = "360"
rate_change = "piecewise"
rate = "rate"
settle_months = [3, 6, 9, 12]
settle_day = 20
expense = "expense"
payable = "payable"
income = "income"
receivable = "receivable"
"#;

const NUMBERS: &str = r#"
[[number]]
code = "rate"
zh = "利率"
en = "Rate"
unit = "rate"
value = [
    { from = "2024-01-01", is = "0.10%", source = "a" },
    { from = "2025-01-01", is = "0.05%", source = "b" },
]
[[number]]
code = "limit"
zh = "额度"
en = "Limit"
unit = "yuan"
value = [{ from = "2024-01-01", is = 50, source = "c" }]
"#;

const UNITS: &str = r#"
base = "CNY"
currency = [{ code = "CNY", zh = "人民币" }, { code = "HRK", zh = "库纳", digits = 2 }]
thing = [{ code = "form:cheque", zh = "支票", en = "Cheque" }]
"#;

const LAYOUT: &str = r#"
covers = "on_balance"
row = [
    { section = "assets", zh = "资产", en = "Assets", add = ["1132", "1221", "3001"] },
    { section = "liabilities", zh = "负债", en = "Liabilities", add = ["2011", "2231", "3001"] },
    { section = "equity", zh = "权益", en = "Equity", add = ["4103", "6011"], deduct = ["6411"] },
    { section = "equity", zh = "合计", en = "Total", total_of = ["liabilities", "equity"] },
]
"#;

const ISO: &str = "Entity,Currency,AlphabeticCode,NumericCode,MinorUnit,WithdrawalDate
CHINA,Yuan Renminbi,CNY,156,2,
ZZ08_Gold,Gold,XAU,959,-,
CROATIA,Kuna,HRK,191,,2023-01
";

/// A small rulebook that is right.
fn small() -> Vec<(String, String)> {
    let file = |path: &str, kind: &str, body: &str| {
        (path.to_owned(), format!("{}{body}", header(kind, path)))
    };
    vec![
        file("a/accounts.toml", "accounts", SUBJECTS),
        file("a/bank.toml", "account_kind", BANK),
        file("a/customer.toml", "account_kind", CUSTOMER),
        file("a/layout.toml", "layout", LAYOUT),
        file("a/numbers.toml", "number", NUMBERS),
        file("a/units.toml", "units", UNITS),
        ("iso4217/codes-all.csv".to_owned(), ISO.to_owned()),
    ]
}

#[test]
fn a_small_rulebook_is_read() {
    let book = parse(&small());
    let chart = &book.chart;
    let current = chart.kind(chart.kind_by_code("current").unwrap());
    assert_eq!(current.overdraft_limit, 5_000);
    assert_eq!(&*current.title.zh, "活期");
    assert_eq!(chart.subject(current.subject).side, Side::Credit);
    let terms = current.terms.as_ref().unwrap();
    assert_eq!((terms.method, terms.basis), (Method::Product, Basis::D360));
    assert_eq!(&*chart.kind(terms.expense).code, "expense");
    let rate = |day: &str| chart.numbers.on("rate", day.parse().unwrap());
    assert_eq!(rate("2024-12-31"), Some(Decimal::new(10, 4)));
    assert_eq!(rate("2025-01-01"), Some(Decimal::new(5, 4)));
    let unit = chart.unit(chart.unit_by_code("HRK").unwrap());
    assert_eq!((unit.digits, &*unit.title.en), (2, "Kuna (withdrawn 2023-01)"));
    assert!(chart.unit(chart.unit_by_code("form:cheque").unwrap()).is_thing);
    assert_eq!(book.currencies["XAU"].digits, None);
    assert_eq!(book.serves["S1"].len(), 6);
    assert_eq!(chart.calendar.years, None);
}

#[test]
fn the_hash_is_of_paths_and_texts_in_any_order() {
    let mut files = small();
    let hash = parse(&files).hash;
    files.reverse();
    assert_eq!(parse(&files).hash, hash);
    files.last_mut().unwrap().1.push('\n');
    assert_ne!(parse(&files).hash, hash);
}

/// One change to the small rulebook: file, text replaced, text put in its place; then the code of
/// the only error and the line that it points to.
type Wrong = (&'static str, &'static str, &'static str, &'static str, usize);

const WRONG: &[Wrong] = &[
    ("accounts", "kind = \"accounts\"", "kind = \"acounts\"", "WrongValue", 1),
    ("accounts", "why = { zh = \"由\", en = \"why\" }\n", "", "MissingKey", 1),
    ("accounts", "why = { zh = \"由\", ", "why = { ", "MissingKey", 5),
    ("accounts", "zh = \"由\"", "zh = \" \"", "WrongValue", 5),
    ("accounts", "en = \"why\"", "en = \"\"", "WrongValue", 5),
    ("accounts", "{ zh = \"由\", en = \"why\" }", "\"why\"", "Malformed", 5),
    ("accounts", "source = \"source\"", "source = \" \"", "SourceMissing", 6),
    ("accounts", "source = \"source\"", "sourse = \"source\"", "UnknownKey", 6),
    ("accounts", "title = { zh = \"名\", ", "title = { ", "MissingKey", 3),
    ("accounts", "zh = \"名\"", "zh = \"\"", "TitleMissing", 2),
    ("accounts", "[\"S1\"]", "[\"S1\", \"X1\"]", "WrongValue", 4),
    ("accounts", "status = \"live\"", "status = \"alive\"", "WrongValue", 7),
    (
        "accounts",
        "why = { zh = \"由\", en = \"why\" }\nsource = \"source\"",
        "source = \"s\"\nwhy.zh = \"由\"\nwhy.en = \"w\"",
        "HeaderOrder",
        5,
    ),
    ("accounts", "en = \"Deposits\"", "en = \"\"", "TitleMissing", 20),
    ("accounts", ", en = \"Deposits\"", "", "MissingKey", 20),
    ("accounts", "en = \"Deposits\"", "en = \"Deposits\", colour = \"red\"", "UnknownKey", 20),
    ("accounts", "en = \"Deposits\"", "en = \"Deposits", "Malformed", 20),
    ("accounts", "class = \"liability\"", "class = \"debt\"", "WrongValue", 17),
    ("accounts", "code = \"1221\"", "code = \"1132\"", "DuplicateCode", 14),
    ("accounts", "code = \"2011-03\"", "code = \"2012-03\"", "UnknownReference", 21),
    ("accounts", "en = \"Deposits\"", "en = \"Deposits\", side = \"debit\"", "Contradiction", 20),
    (
        "accounts",
        "class = \"common\"\nside = \"both\"",
        "class = \"common\"\nside = \"debit\"",
        "Contradiction",
        27,
    ),
    ("accounts", "class = \"expense\"", "class = \"income\"", "Contradiction", 39),
    ("bank", "code = \"payable\"", "code = \"shortfall\"", "DuplicateCode", 14),
    // Accrued interest is the system's, and comes from one expense.
    ("customer", "= \"receivable\"", "= \"shortfall\"", "Contradiction", 25),
    (
        "customer",
        "receivable = \"receivable\"",
        "receivable = \"receivable\"\n[[account_kind]]\ncode = \"other\"\n\
         subject = \"2011-03\"\n[account_kind.interest]\nmethod = \"product\"\n\
         basis = \"360\"\nrate_change = \"piecewise\"\nrate = \"rate\"\n\
         settle_months = [3]\nsettle_day = 20\nexpense = \"costs\"\n\
         payable = \"payable\"\nincome = \"income\"\nreceivable = \"receivable\"",
        "Contradiction",
        37,
    ),
    // Only interest on loans is due on an account of its own.
    (
        "customer",
        "receivable = \"receivable\"",
        "receivable = \"receivable\"\ndue = \"shortfall\"",
        "Contradiction",
        12,
    ),
    // An account of the bank has no term.
    (
        "bank",
        "subject = \"2231\"",
        "subject = \"2231\", interest = { method = \"per_deposit_days\", basis = \"360\", \
         rate_change = \"piecewise\", rate = \"rate\", expense = \"expense\", \
         payable = \"payable\", income = \"income\", receivable = \"receivable\" }",
        "Contradiction",
        14,
    ),
    ("bank", "subject = \"3001\"", "subject = \"3009\"", "UnknownReference", 15),
    ("bank", "subject = \"3001\"", "subject = \"3001\", max_age_days = 3", "Contradiction", 15),
    (
        "bank",
        "subject = \"2231\"",
        "subject = \"2231\", control = \"debit_only\"",
        "Contradiction",
        14,
    ),
    ("bank", "subject = \"2231\"", "subject = \"2231\", control = \"debit\"", "WrongValue", 14),
    ("bank", "interbranch = \"clearing\"", "interbranch = \"clear\"", "UnknownReference", 21),
    ("bank", "exchange = \"clearing\"\n", "", "MissingKey", 20),
    ("bank", "year_profit = \"profit\"", "year_profit = \"current\"", "Contradiction", 24),
    ("customer", "subject = \"2011-03\"", "subject = \"2011-04\"", "UnknownReference", 13),
    ("customer", "\nrate = \"rate\"", "\nrate = \"rates\"", "UnknownReference", 19),
    ("customer", "\nrate = \"rate\"", "\nrate = \"limit\"", "Contradiction", 19),
    ("customer", "\nrate = \"rate\"", "\nrate = \"rate\"\novertime = 1", "UnknownKey", 20),
    ("customer", "\"limit\"", "\"limits\"", "UnknownReference", 14),
    ("customer", "expense = \"expense\"", "expense = \"income\"", "Contradiction", 22),
    ("customer", "payable = \"payable\"", "payable = \"nothing\"", "UnknownReference", 23),
    ("customer", "payable = \"payable\"", "payable = \"current\"", "Contradiction", 23),
    ("customer", "settle_day = 20\n", "", "Contradiction", 12),
    ("customer", "settle_day = 20", "settle_day = 31", "WrongValue", 21),
    ("customer", "[3, 6, 9, 12]", "[3, 6, 9, 13]", "WrongValue", 20),
    ("customer", "[3, 6, 9, 12]", "[3, 9, 6, 12]", "WrongValue", 20),
    ("customer", "\"product\"", "\"per_deposit_days\"", "Contradiction", 12),
    ("layout", "add = [\"1132\", \"1221\", ", "add = [\"1132\", ", "LayoutIncomplete", 9),
    ("layout", "\"1221\", \"3001\"", "\"1221\"", "LayoutIncomplete", 9),
    ("layout", "add = [\"4103\"", "add = [\"4103\", \"1132\"", "DuplicateCode", 13),
    ("layout", "add = [\"4103\"", "add = [\"4103\", \"9\"", "UnknownReference", 13),
    ("layout", "add = [\"4103\"", "add = [\"4103\", \"2011-03\"", "Contradiction", 13),
    ("layout", "[\"liabilities\", \"equity\"]", "[\"debts\"]", "UnknownReference", 14),
    ("layout", "total_of", "add = [], totals_of", "UnknownKey", 14),
    ("numbers", "code = \"limit\"", "code = \"rate\"", "DuplicateCode", 19),
    ("numbers", "\"2025-01-01\"", "\"2024-01-01\"", "DatesNotAscending", 16),
    ("numbers", "\"2025-01-01\"", "\"2025-02-30\"", "WrongValue", 16),
    ("numbers", "is = \"0.05%\"", "is = \"0.05\"", "WrongValue", 16),
    ("numbers", "is = \"0.05%\"", "is = 0.05", "WrongValue", 16),
    ("numbers", "is = \"0.05%\"", "is = \"-0.05%\"", "NegativeNumber", 16),
    ("numbers", "is = \"0.05%\"", "is = \"0.0.5%\"", "WrongValue", 16),
    ("numbers", "is = \"0.05%\"", "is = \"0.00000000005%\"", "WrongValue", 16),
    ("numbers", "is = 50", "is = \"50%\"", "WrongValue", 23),
    ("numbers", "is = 50", "is = -50", "NegativeNumber", 23),
    ("numbers", ", source = \"c\"", "", "MissingKey", 23),
    ("numbers", "source = \"c\"", "source = \"\"", "SourceMissing", 23),
    ("numbers", "[{ from = \"2024-01-01\", is = 50, source = \"c\" }]", "[]", "WrongValue", 19),
    ("numbers", "unit = \"yuan\"", "unit = \"dollar\"", "WrongValue", 22),
    ("units", "base = \"CNY\"", "base = \"USD\"", "UnknownReference", 9),
    ("units", "zh = \"人民币\"", "zh = \"人民币\", digits = 3", "WrongValue", 10),
    ("units", ", digits = 2", "", "WrongValue", 10),
    ("units", "code = \"HRK\"", "code = \"HRX\"", "UnknownReference", 10),
    ("units", "code = \"HRK\"", "code = \"CNY\"", "DuplicateCode", 10),
    ("units", "zh = \"人民币\"", "zh = \"\"", "TitleMissing", 10),
];

/// The errors of the small rulebook with one mistake in it.
fn errors_of(&(file, from, to, _, _): &Wrong) -> Vec<RuleError> {
    let mut files = small();
    let path = format!("a/{file}.toml");
    let text = &mut files.iter_mut().find(|(at, _)| *at == path).unwrap().1;
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replacen(from, to, 1);
    Rulebook::parse(&files).expect_err(to)
}

#[test]
fn each_mistake_is_refused_where_it_stands() {
    let mut other = Vec::new();
    for wrong in WRONG {
        let (file, from, to, code, line) = *wrong;
        let errors = errors_of(wrong);
        let mut here = errors.iter().filter(|error| error.file == format!("a/{file}.toml"));
        let first = here.next().map(|error| (error.code, error.line));
        if first != Some((code, line)) {
            other.push(format!("{file}: {from} → {to}: {first:?}, not {code} in line {line}"));
        }
        for error in errors {
            assert!(!error.zh.is_empty() && !error.en.is_empty(), "{error}");
        }
    }
    assert!(other.is_empty(), "{}", other.join("\n"));
}

#[test]
fn a_mistake_that_nothing_relies_on_is_one_error() {
    let relied_on = ["DuplicateCode", "UnknownReference"];
    for wrong in WRONG.iter().filter(|wrong| !relied_on.contains(&wrong.3)) {
        let codes: BTreeSet<_> = errors_of(wrong).iter().map(|error| error.code).collect();
        assert!(codes.len() <= 2, "{wrong:?}: {codes:?}");
    }
}

#[test]
fn an_unknown_key_lists_the_keys_that_are_allowed() {
    let mut files = small();
    files[0].1 = files[0].1.replacen("source = ", "sourse = ", 1);
    let errors = Rulebook::parse(&files).unwrap_err();
    let [error, missing] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!(missing.code, "MissingKey");
    assert_eq!((error.line, error.column), (6, 1));
    let mut allowed = vec!["group"];
    allowed.extend(super::file::HEADER);
    assert_eq!(error.allowed, allowed);
    assert!(error.zh.contains("sourse") && error.to_string().starts_with("a/accounts.toml:6:1"));
}

#[test]
fn a_rulebook_is_whole() {
    let without = |path: &str| {
        let mut files = small();
        files.retain(|(at, _)| at != path);
        Rulebook::parse(&files).unwrap_err()
    };
    assert!(without("a/units.toml").iter().any(|error| error.code == "BaseUnitMissing"));
    assert!(without("a/bank.toml").iter().any(|error| error.code == "SystemKindMissing"));
    assert!(without("a/numbers.toml").iter().all(|error| error.code == "UnknownReference"));
    let with = |path: &str, text: &str| {
        let mut files = small();
        files.push((path.to_owned(), text.to_owned()));
        Rulebook::parse(&files).unwrap_err()[0].code
    };
    assert_eq!(with("a/notes.yaml", ""), "UnknownFile");
    assert_eq!(with("a/units.toml", &small()[5].1), "DuplicateFile");
    assert_eq!(with("calendar/2026.json", "{"), "Malformed");
    assert_eq!(
        with("a/z.toml", &format!("{}{BANK}", header("account_kind", "z"))),
        "DuplicateCode"
    );
    let body = "[[number]]\ncode = 'x'\nzh = 'x'\nen = 'x'\nunit = 'day'\n\
                value = [{ from = '2024-01-01', is = 1, source = 's' }]\n";
    let again = header("number", "a/numbers.toml") + body;
    assert_eq!(with("a/z.toml", &again), "DuplicateCode");
}

#[test]
fn a_draft_is_read_and_not_used() {
    let mut files = small();
    let draft = header("number", "z").replace("live", "draft");
    let body = "[[number]]\ncode = 'x'\nzh = 'x'\nen = 'x'\nunit = 'day'\nvalue = []\n";
    files.push(("a/z.toml".to_owned(), draft + body));
    let book = parse(&files);
    assert!(!book.chart.numbers.by_code.contains_key("x"));
    assert_eq!(book.infos.last().unwrap().status, Standing::Draft);
}

#[test]
fn holidays_reach_as_far_as_they_were_announced() {
    let year = |year: i16, days: &str| {
        let text = format!(r#"{{"year": {year}, "papers": ["p"], "days": [{days}]}}"#);
        (format!("calendar/{year}.json"), text)
    };
    let off = r#"{"name": "元旦", "date": "2026-01-01", "isOffDay": true}"#;
    let mut files = small();
    files.extend([year(2025, ""), year(2026, off)]);
    let none = r#"{"year": 2027, "papers": [], "days": []}"#;
    files.push(("calendar/2027.json".to_owned(), none.to_owned()));
    let calendar = parse(&files).chart.calendar;
    assert_eq!(calendar.years, Some((2025, 2026)));
    assert!(!calendar.is_business_day(Day::new(2026, 1, 1)));
    files.push(year(2028, ""));
    assert_eq!(Rulebook::parse(&files).unwrap_err()[0].code, "CalendarGap");
}

#[test]
fn a_merge_keeps_positions_and_appends() {
    let old = parse(&small());
    let mut files = small();
    // New ones stand before the old ones in the files and after them in the chart.
    files[0].1 = files[0].1.replacen(
        "subject = [\n",
        "subject = [\n{ code = \"1001\", zh = \"现金\", en = \"Cash\" },\n",
        1,
    );
    files[1].1 = files[1].1.replacen(
        "account_kind = [\n",
        "account_kind = [\n{ code = \"cash\", subject = \"1001\" },\n",
        1,
    );
    files[3].1 = files[3].1.replacen("\"1132\"", "\"1001\", \"1132\"", 1);
    files[5].1 =
        files[5].1.replacen("thing = [", "thing = [{ code = \"a\", zh = \"a\", en = \"a\" }, ", 1);
    let new = parse(&files);
    let merged = new.merge_onto(&old.chart).unwrap();
    let (subjects, kinds) = (old.chart.subjects.len(), old.chart.kinds.len());
    assert_eq!(merged.subjects[..subjects], old.chart.subjects[..]);
    assert_eq!(merged.kinds[..kinds], old.chart.kinds[..]);
    assert_eq!(merged.units[..3], old.chart.units[..]);
    assert_eq!(&*merged.subjects[subjects].code, "1001");
    let cash = &merged.kinds[kinds];
    assert_eq!((&*cash.code, cash.subject.index()), ("cash", subjects));
    assert_eq!((merged.system, merged.base_unit), (old.chart.system, old.chart.base_unit));
    // A second merge of the same changes nothing.
    assert_eq!(new.merge_onto(&merged).unwrap(), merged);
}

#[test]
fn a_merge_refuses_what_the_books_rely_on() {
    let old = parse(&small()).chart;
    for (file, from, to, code) in [
        (0, "    { code = \"2011-03\", zh", "    { code = \"2011-04\", zh", "CodeRemoved"),
        (1, "{ code = \"income\"", "{ code = \"incoming\"", "CodeRemoved"),
        (1, "subject = \"6011\"", "subject = \"4103\"", "CodeChanged"),
        (1, ", open_item = true", "", "CodeChanged"),
        (2, "owner = \"customer\"", "owner = \"bank\"", "CodeChanged"),
        (5, "zh = \"支票\"", "digits = 1, zh = \"支票\"", "CodeChanged"),
        (5, "base = \"CNY\"", "base = \"HRK\"", "CodeChanged"),
        (5, ", { code = \"HRK\", zh = \"库纳\", digits = 2 }", "", "CodeRemoved"),
    ] {
        let mut files = small();
        assert!(files[file].1.contains(from), "{from}");
        files[file].1 = files[file].1.replacen(from, to, 1);
        if to.contains("2011-04") {
            files[2].1 = files[2].1.replace("2011-03", "2011-04");
        }
        if to.contains("incoming") {
            files[1].1 = files[1].1.replace("_gain = \"income\"", "_gain = \"incoming\"");
            files[2].1 = files[2].1.replace("= \"income\"", "= \"incoming\"");
        }
        if to.contains("4103") {
            files[2].1 = files[2].1.replace("income = \"income\"", "income = \"other\"");
            let row = "\n    { code = \"other\", subject = \"6011\" },\n]";
            files[1].1 = files[1].1.replacen("\n]", row, 1);
        }
        let errors = parse(&files).merge_onto(&old).unwrap_err();
        assert!(errors.iter().any(|error| error.code == code), "{to}: {errors:?}");
    }
}

#[test]
fn the_shipped_rulebook_holds_together() {
    let book = shipped();
    let chart = &book.chart;
    assert_eq!(&*chart.unit(chart.base_unit).code, "CNY");
    assert_eq!(chart.unit(chart.unit_by_code("KWD").unwrap()).digits, 3);
    assert_eq!(&*chart.subject(chart.kind(chart.system.interbranch).subject).code, "3001-10");
    assert!(!chart.calendar.is_business_day("2026-02-17".parse().unwrap()));
    assert!(chart.calendar.is_business_day("2026-02-14".parse().unwrap()));
    assert!(chart.calendar.covers("2026-11-24".parse().unwrap()));
    assert_eq!(chart.calendar.years, Some((2007, 2026)));
    assert_eq!(book.currencies["EUR"].withdrawn, "");
    assert_eq!(book.currencies["HRK"].withdrawn, "2023-01");
    assert!(
        ["S1", "S2", "S15", "S26", "S31", "S97", "S98"]
            .iter()
            .all(|s| book.serves.contains_key(*s))
    );
    let rate = chart.numbers.on("rate.deposit.current", "2026-01-05".parse().unwrap());
    assert_eq!(rate, Some(Decimal::new(5, 4)));
    // Merging onto itself changes nothing.
    assert_eq!(&book.merge_onto(chart).unwrap(), chart);
}

#[test]
fn every_subject_without_others_below_it_has_a_kind_of_account() {
    let chart = shipped().chart;
    let above: BTreeSet<SubjectId> = chart.subjects.iter().filter_map(|one| one.parent).collect();
    for (at, subject) in chart.subjects.iter().enumerate() {
        let id = SubjectId(u16::try_from(at).unwrap());
        let used = chart.kinds.iter().any(|kind| kind.subject == id);
        assert_ne!(used, above.contains(&id), "{}", subject.code);
    }
}

/// Debit positive amounts that sum to nothing, one for each first-level subject on the balance
/// sheet: the last one takes what is left.
fn balanced(chart: &Chart, seed: i128) -> BTreeMap<SubjectId, i128> {
    let on_balance = (0..chart.subjects.len()).map(|at| SubjectId(u16::try_from(at).unwrap()));
    let on_balance = on_balance.filter(|id| {
        let subject = chart.subject(*id);
        subject.parent.is_none() && subject.class != Class::OffBalance
    });
    let mut amounts = BTreeMap::new();
    for (at, id) in (1_i128..).zip(on_balance) {
        amounts.insert(id, (at * at * seed * 7_919) % 2_001 - 1_000);
    }
    let sum: i128 = amounts.values().sum();
    *amounts.values_mut().next_back().unwrap() -= sum;
    amounts
}

#[test]
fn the_balance_sheet_balances_whatever_the_books_hold() {
    let chart = shipped().chart;
    let layout = |code: &str| chart.layouts.iter().find(|one| one.code == code).unwrap();
    let (sheet, income) = (layout("balance_sheet"), layout("income_statement"));
    let row = |layout: &Layout, rows: &[i128], zh: &str| {
        rows[layout.rows.iter().position(|row| row.title.zh == zh).unwrap()]
    };
    for seed in 1..200 {
        let balances = balanced(&chart, seed);
        let balance = |id: SubjectId| balances.get(&id).copied().unwrap_or_default();
        let rows = amounts(&chart, sheet, balance);
        let assets = row(sheet, &rows, "资产总计");
        assert_eq!(assets, row(sheet, &rows, "负债和所有者权益总计"));
        let owed = row(sheet, &rows, "负债合计") + row(sheet, &rows, "所有者权益合计");
        assert_eq!(assets, owed);
        let profit = row(sheet, &rows, "本期未结转损益");
        let rows = amounts(&chart, income, balance);
        assert_eq!(row(income, &rows, "五、净利润"), profit);
    }
}

#[test]
fn the_income_statement_adds_up() {
    let chart = shipped().chart;
    let income = chart.layouts.iter().find(|one| one.code == "income_statement").unwrap();
    // Debit positive: income 1,000 and fees 200 earned; interest 300, costs 250, tax 100 spent.
    let books = [("6011", -1_000), ("6021", -200), ("6411", 300), ("6601", 250), ("6801", 100)];
    let balance = |id: SubjectId| {
        let code = &*chart.subject(id).code;
        books.iter().find(|(at, _)| *at == code).map_or(0, |(_, amount)| *amount)
    };
    let rows = amounts(&chart, income, balance);
    let of = |zh: &str| rows[income.rows.iter().position(|row| row.title.zh == zh).unwrap()];
    assert_eq!(of("利息收入"), 1_000);
    assert_eq!(of("利息支出"), -300);
    assert_eq!(of("利息净收入"), 700);
    assert_eq!(of("一、营业收入"), 900);
    assert_eq!(of("二、营业支出"), 250);
    assert_eq!(of("三、营业利润"), 650);
    assert_eq!(of("四、利润总额"), 650);
    assert_eq!(of("五、净利润"), 550);
}
