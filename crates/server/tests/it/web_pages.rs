//! What the workplace stands on, as a browser meets it: the page at every address, the people of a
//! demonstration, what forms choose from.

use crate::program::Place;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

const PEOPLE: &str = "operator,name,institution,posts\n\
                      hua,华华,0000,cash_clerk\n\
                      kong,孔空,0000,vault_keeper\n";

/// A bank that is served, until the test ends.
struct Served {
    child: Child,
    address: String,
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}", self.body))
    }
}

impl Served {
    fn at(place: &Place) -> Self {
        let mut command = place.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert!(out.read_line(&mut line).unwrap() > 0, "it ended before it served");
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split(['，', ',']).next().unwrap().trim().to_owned();
            }
        };
        // It goes on writing, and must not wait for somebody to read.
        std::thread::spawn(move || drop(std::io::copy(&mut out, &mut std::io::sink())));
        Self { child, address }
    }

    fn ask(&self, method: &str, path: &str, more: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n{more}\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        let (head, body) = said.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", "")
    }

    /// Signs in and answers the header that says who asks.
    fn cookie(&self, operator: &str, password: &str) -> String {
        let form = json!({ "operator": operator, "password": password }).to_string();
        let entered = self.ask("POST", "/api/v1/session", "", &form);
        assert_eq!(entered.status, 200, "{}", entered.body);
        let mut lines = entered.head.lines();
        let set = lines.find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        format!("Cookie: {}\r\n", set.split(';').next().unwrap())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_bank_says_nothing_of_its_people_and_a_demonstration_lists_them() {
    let place = Place::open();
    let file = place.write("people.csv", PEOPLE);
    place.run(&["office", "enrol", &file]).ok();
    let real = Served::at(&place);
    let none = real.get("/api/v1/session/demonstration");
    assert_eq!((none.status, &none.json()["code"]), (404, &json!("NotFound")));
    drop(real);

    let place = Place::open();
    let file = place.write("people.csv", PEOPLE);
    place.run(&["office", "enrol", &file]).ok();
    std::fs::write(place.home().join("made-by-demo"), "").unwrap();
    let served = Served::at(&place);
    let listed = served.get("/api/v1/session/demonstration");
    assert_eq!(listed.status, 200, "{}", listed.body);
    let listed = listed.json();
    assert_eq!(listed["bank_zh"], "示范农商银行");
    let hua = &listed["operators"][0];
    assert_eq!((&hua["operator"], &hua["name"]), (&json!("hua"), &json!("华华")));
    assert_eq!(
        (&hua["institution"], &hua["posts"][0]["code"]),
        (&json!("0000"), &json!("cash_clerk"))
    );
    served.cookie("hua", listed["password"].as_str().unwrap());
}

#[test]
fn forms_are_told_what_there_is_to_choose_from() {
    let place = Place::open();
    let file = place.write("people.csv", PEOPLE);
    place.run(&["office", "enrol", &file]).ok();
    std::fs::write(place.home().join("made-by-demo"), "").unwrap();
    let served = Served::at(&place);
    assert_eq!(served.get("/api/v1/choices").status, 401);
    let cookie = served.cookie("hua", "Piaohao-2026");
    let choices = served.ask("GET", "/api/v1/choices", &cookie, "").json();
    assert_eq!(choices["base_unit"], "CNY");
    assert_eq!(choices["institutions"][0]["code"], "0000");
    let notes = choices["denominations"].as_array().unwrap();
    assert_eq!((&notes[0]["code"], &notes[0]["face"]), (&json!("100"), &json!("100.00")));
    let coins = notes.iter().skip_while(|one| one["coin"] == false);
    assert!(coins.clone().count() > 0 && coins.clone().all(|one| one["coin"] == true));
    assert_eq!(choices["operators"][1]["posts"], json!(["vault_keeper"]));
    for list in ["posts", "place_kinds", "stocks", "account_kinds"] {
        assert!(!choices[list].as_array().unwrap().is_empty(), "{list}");
    }
    let kinds = served.ask("GET", "/api/v1/matter-kinds", &cookie, "").json();
    let kind = |code: &str| {
        let found = kinds.as_array().unwrap().iter().find(|one| one["code"] == code).unwrap();
        (found["may_open"].clone(), found["takes_part"].clone())
    };
    assert_eq!(kind("CASH-030"), (json!(true), json!(true)));
    assert_eq!(kind("PARM-101"), (json!(false), json!(false)));
}

#[test]
fn every_address_but_the_interface_is_the_page_under_one_policy() {
    let place = Place::open();
    let served = Served::at(&place);
    for address in ["/", "/matters/7", "/accounts?q=6217"] {
        let page = served.get(address);
        assert_eq!(page.status, 200, "{address}");
        assert!(page.head.contains("content-type: text/html"), "{}", page.head);
        assert!(page.head.contains("content-security-policy: default-src 'self'"));
        assert!(!page.body.contains("<script>"), "no script stands in the page itself");
    }
    for none in ["/api/v1/nothing", "/assets/gone.js"] {
        let answer = served.get(none);
        assert_eq!((answer.status, &answer.json()["code"]), (404, &json!("NotFound")), "{none}");
    }
}
