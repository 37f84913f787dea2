//! Reports and statements over HTTP: who may have them, in which formats, and what is noted.

use crate::program::{LI, Place, WANG, line, transfer};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

/// What `piaohao demo` leaves in its homes: everybody there has the password of demonstrations.
const DEMO_MARKER: &str = "made-by-demo";
const PASSWORD: &str = "Piaohao-2026";

const PEOPLE: &str = "operator,name,institution,posts\n\
                      hua,华华,0000,cash_clerk\n\
                      zong,宗总,0000,ops_head\n\
                      kuai,蒯计,0000,accounting_head\n\
                      zhi,支行,0101,branch_supervisor\n\
                      shen,沈计,0000,auditor\n";

/// A bank that is served, until it is let go.
struct Served {
    place: Place,
    program: Child,
    address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

struct Reply {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

impl Reply {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let line = self.headers.lines().find(|line| line.to_lowercase().starts_with(name))?;
        line.split_once(": ").map(|(_, value)| value)
    }

    #[track_caller]
    fn ok(self) -> Self {
        assert_eq!(self.status, 200, "{}", self.text());
        self
    }

    #[track_caller]
    fn refuses(self, status: u16, code: &str, field: &str) {
        let body = self.json();
        let said = (self.status, body["code"].as_str(), body["field"].as_str());
        assert_eq!(said, (status, Some(code), Some(field)), "{body}");
    }
}

impl Served {
    /// Two institutions, a day closed and the next open, money moved on both.
    fn open() -> Self {
        let place = Place::open();
        let branch = ["institution", "add", "0101", "--title", "城东支行", "--parent", "0000"];
        place.run(&branch).ok();
        let file = place.write("people.csv", PEOPLE);
        place.run(&["office", "enrol", &file]).ok();
        let file = place.write("1.ndjson", line(&transfer("d1", WANG, LI, "200.00")));
        place.run(&["post", &file]).ok();
        place.run(&["day", "close"]).ok();
        place.run(&["day", "open"]).ok();
        let file = place.write("2.ndjson", line(&transfer("d2", WANG, LI, "50.00")));
        place.run(&["post", &file]).ok();
        std::fs::write(place.home().join(DEMO_MARKER), "").unwrap();
        let mut command = place.command(&["--json", "serve", "--listen", "127.0.0.1:0"]);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut program = command.spawn().unwrap();
        let mut said = BufReader::new(program.stdout.take().unwrap()).lines();
        let address = said.find_map(|line| {
            let line: Value = serde_json::from_str(&line.unwrap()).unwrap_or_default();
            line["serving"].as_str().map(|address| address.replace("http://", ""))
        });
        // What it says later nobody reads, which is no reason for it to stop.
        Self { place, program, address: address.unwrap() }
    }

    fn ask(&self, method: &str, path: &str, cookie: &str, body: Option<&Value>) -> Reply {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let body = body.map(Value::to_string).unwrap_or_default();
        let path: String = path.chars().map(escaped).collect();
        write!(
            stream,
            "{method} /api/v1{path} HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n\
             Cookie: {cookie}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let split = all.windows(4).position(|part| part == b"\r\n\r\n").unwrap();
        let headers = String::from_utf8(all[..split].to_vec()).unwrap();
        let status = headers.split(' ').nth(1).unwrap().parse().unwrap();
        let body = all[split + 4..].to_vec();
        assert!(!headers.to_lowercase().contains("chunked"), "{headers}");
        Reply { status, headers, body }
    }

    fn sign_in(&self, operator: &str) -> String {
        let form = json!({ "operator": operator, "password": PASSWORD });
        let reply = self.ask("POST", "/session", "", Some(&form)).ok();
        reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
    }

    fn get(&self, cookie: &str, path: &str) -> Reply {
        self.ask("GET", path, cookie, None)
    }
}

fn escaped(one: char) -> String {
    if one.is_ascii() {
        return one.to_string();
    }
    let mut bytes = [0; 4];
    one.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn reports_are_listed_made_and_refused() {
    let bank = Served::open();
    let kuai = bank.sign_in("kuai");
    let list = bank.get(&kuai, "/reports").ok().json();
    assert_eq!(list.as_array().unwrap().len(), 16);
    for report in list.as_array().unwrap() {
        let more = match report["name"].as_str().unwrap() {
            "general-ledger" => "?subject=2011".to_owned(),
            "account-ledger" => format!("?account={WANG}"),
            _ => String::new(),
        };
        for name in [&report["name"], &report["zh"]] {
            let path = format!("/reports/{}{more}", name.as_str().unwrap());
            assert!(bank.get(&kuai, &path).ok().json()["rows"].is_array(), "{path}");
        }
    }
    let sheet = bank.get(&kuai, "/reports/balance-sheet").ok().json();
    let mut rows = sheet["rows"].as_array().unwrap().iter();
    let deposits = rows.find(|row| row["item"] == "吸收存款").unwrap();
    assert_eq!(deposits["_subjects"], json!(["2011"]));
    let behind = bank.get(&kuai, "/reports/subject-balances?subject=2011").ok().json();
    assert_eq!(behind["rows"][0]["closing_credit"], deposits["closing"]);
    let trial = bank.get(&kuai, "/reports/trial-balance?day=2026-01-05&format=text").ok().text();
    assert!(trial.contains("200.00") && !trial.contains("50.00"), "{trial}");
    let trial = "/reports/trial-balance?from=2026-01-05&to=2026-01-06&format=text";
    assert!(bank.get(&kuai, trial).ok().text().contains("250.00"));
    for (path, status, code, field) in [
        ("/reports/none", 404, "UnknownReport", "name"),
        ("/reports/trial-balance?day=x", 422, "ValueWrong", "day"),
        ("/reports/trial-balance?day=2027-01-01", 409, "FutureDate", "day"),
        ("/reports/trial-balance?account=1", 422, "NotAskedWith", "account"),
        ("/reports/trial-balance?no=1", 422, "Malformed", "query"),
        ("/reports/trial-balance?format=doc", 422, "NotAChoice", "format"),
        ("/reports/trial-balance?institution=9", 409, "UnknownInstitution", "institution"),
        ("/reports/subject-balances?subject=1001,9", 409, "UnknownCode", "subject"),
        ("/reports/trial-balance?unit=XXX", 409, "UnknownCode", "unit"),
        ("/reports/general-ledger", 422, "FieldMissing", "subject"),
        ("/reports/account-ledger", 422, "FieldMissing", "account"),
        ("/reports/account-ledger?account=9", 404, "UnknownAccount", "account"),
        ("/reports/suspense-items?day=2026-01-05", 422, "OnlyToday", "day"),
    ] {
        bank.get(&kuai, path).refuses(status, code, field);
    }
    bank.get("", "/reports").refuses(401, "NotSignedIn", "");
    bank.get(&bank.sign_in("hua"), "/reports").refuses(403, "NotPermitted", "");
    bank.get(&bank.sign_in("hua"), "/reports/trial-balance").refuses(403, "NotPermitted", "");
}

#[test]
fn who_sees_a_branch_gets_the_books_of_the_branch() {
    let bank = Served::open();
    let zhi = bank.sign_in("zhi");
    let list = bank.get(&zhi, "/reports/balance-list?format=text").ok().text();
    assert!(list.contains("0101") && !list.contains(WANG), "{list}");
    let whole = bank.get(&bank.sign_in("kuai"), "/reports/balance-list?format=text").ok().text();
    assert!(whole.contains(WANG), "{whole}");
    let head = "/reports/balance-list?institution=0000";
    bank.get(&zhi, head).refuses(409, "UnknownInstitution", "institution");
    let ledger = format!("/reports/account-ledger?account={WANG}");
    bank.get(&zhi, &ledger).refuses(404, "UnknownAccount", "account");
    bank.get(&zhi, &format!("/accounts/{WANG}/statement")).refuses(
        404,
        "UnknownAccount",
        "account",
    );
    bank.get(&zhi, &format!("/accounts/{WANG}/entries")).refuses(404, "UnknownAccount", "account");
    bank.get(&zhi, "/office-reports/cash").ok();
    let head = "/office-reports/cash?institution=0000";
    bank.get(&zhi, head).refuses(409, "UnknownInstitution", "institution");
}

#[test]
fn files_have_names_and_leave_a_note() {
    let bank = Served::open();
    let kuai = bank.sign_in("kuai");
    for (format, begin, kind) in [
        ("pdf", "%PDF", "application/pdf"),
        ("xlsx", "PK", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv", "\u{feff}", "text/csv; charset=utf-8"),
    ] {
        let reply = bank.get(&kuai, &format!("/reports/余额表?format={format}")).ok();
        assert!(reply.body.starts_with(begin.as_bytes()), "{format}");
        assert_eq!(reply.header("content-type"), Some(kind));
        let name = reply.header("content-disposition").unwrap();
        let expected = format!(
            "attachment; filename=\"balance-list.{format}\"; \
             filename*=UTF-8''%E4%BD%99%E9%A2%9D%E8%A1%A8_2026-01-06.{format}"
        );
        assert_eq!(name, expected);
    }
    let shown = bank.get(&kuai, "/reports/余额表?format=text").ok();
    assert_eq!(shown.header("content-disposition"), None);
    let statement = bank.get(&kuai, &format!("/accounts/{LI}/statement?format=csv")).ok().text();
    assert!(statement.contains("250.00"), "{statement}");
    let range = format!("/accounts/{LI}/statement?from=2026-01-06&to=2026-01-06&format=csv");
    let statement = bank.get(&kuai, &range).ok().text();
    assert!(statement.contains("期初余额") && statement.contains("50.00"), "{statement}");
    let unasked = format!("/accounts/{LI}/statement?from=2026-02-01");
    bank.get(&kuai, &unasked).refuses(422, "ValueWrong", "from");
    // The notes are facts of the journal.
    let store = std::fs::read(bank.place.home().join("books.db")).unwrap_or_default();
    let wal = std::fs::read(bank.place.home().join("books.db-wal")).unwrap_or_default();
    let written = [store, wal].concat();
    let count = written.windows(10).filter(|part| *part == b"\"exported\"").count();
    assert!(count >= 5, "{count}");
}

#[test]
fn lines_of_an_account_come_newest_first_and_page_by_page() {
    let bank = Served::open();
    let kuai = bank.sign_in("kuai");
    let page = |more: &str| bank.get(&kuai, &format!("/accounts/{WANG}/entries{more}"));
    let all = page("").ok().json();
    let amounts = |page: &Value| -> Vec<(String, String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let lines = page["lines"].as_array().unwrap().iter();
        lines
            .map(|one| (text(&one["debit"]), text(&one["credit"]), text(&one["balance"])))
            .collect()
    };
    let line = |debit: &str, credit: &str, balance: &str| {
        (debit.to_owned(), credit.to_owned(), balance.to_owned())
    };
    let expected =
        [line("50.00", "", "750.00"), line("200.00", "", "800.00"), line("", "1000.00", "1000.00")];
    assert_eq!(amounts(&all), expected, "{all}");
    let first = &all["lines"][0];
    assert_eq!((&first["counterparty"]["number"], &first["side"]), (&json!(LI), &json!("credit")));
    assert_eq!((&first["summary"], &first["day"]), (&json!("转账"), &json!("2026-01-06")));
    assert_eq!(all["cursor"], Value::Null);
    let mut cursor = String::new();
    for expected in &expected {
        let one = page(&format!("?limit=1{cursor}")).ok().json();
        assert_eq!(amounts(&one), std::slice::from_ref(expected));
        cursor = format!("&cursor={}", one["cursor"].as_str().unwrap_or_default());
    }
    assert_eq!(cursor, "&cursor=", "the last page says that it is the last");
    assert_eq!(amounts(&page("?to=2026-01-05").ok().json()), &expected[1..]);
    assert_eq!(amounts(&page("?from=2026-01-06").ok().json()), &expected[..1]);
    page("?cursor=7").refuses(422, "CursorWrong", "cursor");
    page("?from=2026-01-07").refuses(422, "ValueWrong", "from");
    page("?to=soon").refuses(422, "ValueWrong", "to");
    let hua = bank.sign_in("hua");
    bank.get(&hua, &format!("/accounts/{WANG}/entries")).refuses(403, "NotPermitted", "");
    bank.get(&hua, &format!("/accounts/{WANG}/statement")).refuses(403, "NotPermitted", "");
}

#[test]
fn lists_of_the_office_want_their_own_rights() {
    let bank = Served::open();
    let (hua, zong, kuai) = (bank.sign_in("hua"), bank.sign_in("zong"), bank.sign_in("kuai"));
    let lists = bank.get(&hua, "/office-reports").ok().json();
    for name in ["register", "rotation", "workload", "process-performance"] {
        let listed = lists.as_array().unwrap().iter().any(|list| list["name"] == name);
        assert!(listed, "{name} is not in {lists}");
    }
    for name in ["cash", "stock", "transit", "limits", "rotation", "workload"] {
        assert!(bank.get(&zong, &format!("/office-reports/{name}")).ok().json()["rows"].is_array());
    }
    let register = bank.get(&zong, "/office-reports/register?code=CASH-001").ok().json();
    assert!(register["rows"].as_array().unwrap().is_empty(), "{register}");
    bank.get(&hua, "/office-reports/现金库存表（券别）?format=pdf").ok();
    for (cookie, path, status, code, field) in [
        (&zong, "/office-reports/register", 422, "FieldMissing", "code"),
        (&zong, "/office-reports/register?code=NO-1", 404, "UnknownMatterKind", "code"),
        (&zong, "/office-reports/register?code=CASH-001&from=x", 422, "ValueWrong", "from"),
        (&zong, "/office-reports/none", 404, "UnknownReport", "name"),
        (&hua, "/office-reports/workload", 403, "NotPermitted", ""),
        (&hua, "/office-reports/rotation", 403, "NotPermitted", ""),
        (&hua, "/office-reports/register?code=CASH-001", 403, "NotPermitted", ""),
        (&kuai, "/office-reports/cash", 403, "NotPermitted", ""),
    ] {
        bank.get(cookie, path).refuses(status, code, field);
    }
}
