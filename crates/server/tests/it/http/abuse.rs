//! Requests that mean harm or know no better: too slow, too large, too many, of the wrong kind.

use super::house::{House, PASSWORD, roomy};
use crate::wire::{Client, Reply, Wire};
use serde_json::json;
use server::testing::Limits;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A service that loses its patience within a second.
fn impatient() -> House {
    House::with(Limits { seconds: 1, header_seconds: 1, ..roomy() })
}

/// Sends a piece again and again until the other side has hung up; answers how long it took.
fn dribble(house: &House, begin: &str, piece: &str) -> (Duration, String) {
    let mut wire = Wire::connect(house.service.address);
    let began = Instant::now();
    wire.send(begin).unwrap();
    let mut said = String::new();
    while began.elapsed() < Duration::from_secs(20) {
        if wire.send(piece).is_err() {
            break;
        }
        match wire.glance(Duration::from_millis(200)) {
            None => break,
            Some(text) => said += &text,
        }
    }
    (began.elapsed(), said)
}

#[test]
fn who_dribbles_a_request_is_hung_up_on() {
    let house = impatient();
    let soon = Duration::from_secs(10);
    let (took, said) = dribble(&house, "", "");
    assert!(took < soon && said.is_empty(), "silence lasted {took:?}: {said}");
    let (took, _) = dribble(&house, "GET /health HTTP/1.1\r\n", "X-A: b\r\n");
    assert!(took < soon, "headers lasted {took:?}");
    let head = "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                Content-Length: 1000\r\n\r\n";
    let (took, said) = dribble(&house, head, " ");
    assert!(took < soon && said.contains("Unavailable"), "a body lasted {took:?}: {said}");
    // A connection that was served once is not kept for ever either.
    let (took, said) = dribble(&house, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n", "");
    assert!(took < soon && said.contains("200 OK"), "idleness lasted {took:?}: {said}");
}

#[test]
fn a_stream_that_falls_silent_ends() {
    let house = impatient();
    let browser = house.client("ren").browser.unwrap();
    let head = format!(
        "POST /api/v1/entries/bulk HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n\
         Cookie: piaohao_session={}\r\nX-CSRF-Token: {}\r\nContent-Length: 1000\r\n\r\n{{",
        browser.cookie, browser.csrf,
    );
    let (took, said) = dribble(&house, &head, "");
    assert!(took < Duration::from_secs(10), "it lasted {took:?}");
    assert!(said.contains("\"stopped\":\""), "{said}");
}

#[test]
fn there_are_no_more_connections_than_there_is_room_for() {
    let house = House::with(Limits { connections: 4, ..roomy() });
    let mut kept: Vec<Wire> = Vec::new();
    let mut served = 0;
    for _ in 0..8 {
        let mut wire = Wire::connect(house.service.address);
        let asked = wire.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        served += usize::from(asked.and_then(|()| wire.reply()).is_ok());
        kept.push(wire);
    }
    assert_eq!(served, 4);
    drop(kept);
    let began = Instant::now();
    loop {
        let mut wire = Wire::connect(house.service.address);
        let asked = wire.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        if asked.and_then(|()| wire.reply()).is_ok() {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "there is no room again");
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let house = House::with(Limits { body: 1_000, ..roomy() });
    let mut ana = house.client("ana");
    let form = json!({ "operator": "ana", "password": "x".repeat(2_000) });
    ana.post("/session", &form).refuses(413, "TooLarge");
    let stream = [("Content-Type", "application/octet-stream")];
    let large = vec![0; (20 << 20) + 1];
    // The answer may come before all of it was sent, and the connection end.
    let mut wire = Wire::connect(house.service.address);
    let browser = house.client("ana").browser.unwrap();
    let head = format!(
        "POST /api/v1/attachments?name=a.pdf HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\
         Cookie: piaohao_session={}\r\nX-CSRF-Token: {}\r\n{}: {}\r\n\r\n",
        large.len(),
        browser.cookie,
        browser.csrf,
        stream[0].0,
        stream[0].1,
    );
    wire.send(head).unwrap();
    let _ = wire.send(&large);
    assert_eq!(wire.reply().unwrap().code(), "TooLarge");
    // Files are larger than forms.
    let kept = ana.call("POST", "/attachments?name=a.pdf", Some(&[0; 5_000]), &stream);
    assert_eq!(kept.is(201).json()["bytes"], 5_000);
}

#[test]
fn a_bomb_of_headers_is_refused() {
    let house = House::open();
    for bomb in ["X-A: b\r\n".repeat(500), format!("X-A: {}\r\n", "b".repeat(200_000))] {
        let mut wire = Wire::connect(house.service.address);
        let _ = wire.send(format!("GET /health HTTP/1.1\r\nHost: x\r\n{bomb}\r\n"));
        // Refused, or hung up on before all of it was sent.
        let status = wire.reply().map_or(431, |reply| reply.status);
        assert!(status == 431, "{status}");
    }
    house.nobody().get("//health").is(200);
}

#[test]
fn who_tries_to_sign_in_too_often_has_to_wait() {
    let house = House::with(Limits { sign_ins: 3, ..Limits::default() });
    house.known("ana");
    let form = json!({ "operator": "ana", "password": PASSWORD });
    for _ in 0..3 {
        house.nobody().post("/session", &form).is(200);
    }
    let reply = house.nobody().post("/session", &form).refuses(429, "TooManyRequests");
    let wait: u32 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    // The same door leads to a password, a code and a second person.
    let mut ana = house.client("ana");
    let form = json!({ "password": PASSWORD });
    ana.post("/session/unlock", &form).refuses(429, "TooManyRequests");
    let form = json!({ "old": PASSWORD, "new": "Another-2027" });
    ana.post("/session/password", &form).refuses(429, "TooManyRequests");
    let form = json!({ "operator": "bo", "password": PASSWORD });
    ana.post("/session/second-person", &form).refuses(429, "TooManyRequests");
    let form = json!({ "code": "000000" });
    ana.post("/session/second-factor/confirm", &form).refuses(429, "TooManyRequests");
}

/// Asks until it is refused; answers how often it was not, and the refusal.
fn until_refused(client: &mut Client, path: &str) -> (usize, Reply) {
    for served in 0..1_000 {
        let reply = client.get(path);
        if reply.status == 429 {
            return (served, reply);
        }
    }
    panic!("a thousand requests were served");
}

#[test]
fn who_asks_too_often_has_to_wait() {
    let house = House::with(Limits { rate: 1, burst: 5, ..roomy() });
    let (mut ana, mut cai) = (house.client("ana"), house.client("cai"));
    let (served, reply) = until_refused(&mut ana, "/session");
    assert!(served >= 5, "{served}");
    let reply = reply.refuses(429, "TooManyRequests");
    let wait: u32 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    // Whoever sits beside them goes on, and so does a system.
    cai.get("/session").is(200);
    let (served, _) = until_refused(&mut house.nobody(), "//health");
    assert!(served >= 4, "{served}");
    cai.get("/session").is(200);
}

#[test]
fn sessions_that_nobody_has_count_for_the_address() {
    let house = House::with(Limits { rate: 1, burst: 5, ..roomy() });
    let mut refused = false;
    for guess in 0..1_000 {
        let cookie = format!("piaohao_session=guess-{guess}");
        let token = format!("Bearer ph_guess-{guess}");
        let given = if guess % 2 == 0 { ("Cookie", &*cookie) } else { ("Authorization", &*token) };
        match house.nobody().call("GET", "/session", None, &[given]).status {
            401 => {}
            429 => {
                refused = true;
                break;
            }
            other => panic!("a guess was answered {other}"),
        }
    }
    assert!(refused, "a thousand guesses were judged");
}

#[test]
fn a_system_asks_as_often_as_it_likes_unless_the_bank_says_otherwise() {
    let form = json!({ "name": "core", "operator": "su", "scopes": ["accounts.read"] });
    let system = |limits: Limits| {
        let house = House::with(limits);
        let token = house.client("qu").post("/tokens", &form).is(201).json()["token"].clone();
        (house, token.as_str().unwrap().to_owned())
    };
    let ask = |house: &House, token: &str| {
        let bearer = format!("Bearer {token}");
        house.nobody().call("GET", "/accounts?limit=1", None, &[("Authorization", &bearer)]).status
    };
    let (house, token) = system(Limits { rate: 1, burst: 5, ..roomy() });
    for _ in 0..50 {
        assert_eq!(ask(&house, &token), 200);
    }
    let (house, token) = system(Limits { token_rate: 1, burst: 5, ..roomy() });
    let refused = (0..1_000).find(|_| ask(&house, &token) == 429);
    assert!(refused.is_some_and(|served| served >= 5), "{refused:?}");
}

#[test]
fn a_form_of_another_site_is_no_json() {
    let house = House::open();
    house.known("ana");
    let body = format!("{{\"operator\":\"ana\",\"password\":\"{PASSWORD}\"}}");
    let simple = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""];
    for media in simple {
        let given = [("Content-Type", media)];
        let reply = house.nobody().call("POST", "/session", Some(body.as_bytes()), &given);
        reply.refuses(415, "MediaTypeWrong");
    }
    let given = [("Content-Type", "application/json; charset=utf-8")];
    house.nobody().call("POST", "/session", Some(body.as_bytes()), &given).is(200);
}

#[test]
fn fields_that_nobody_knows_are_refused() {
    let house = House::open();
    let mut cai = house.client("cai");
    let form = json!({
        "number": "900009", "name": "王芳", "kind": "personal_current", "institution": "0101",
        "balance": "1000000.00",
    });
    let reply = cai.post("/accounts", &form).refuses(422, "Malformed");
    assert!(reply.json()["en"].as_str().unwrap().contains("balance"), "{}", reply.text());
    let form = json!({ "code": "CASH-001", "fields": {}, "by": ["zong"] });
    cai.post("/matters", &form).refuses(422, "Malformed");
    let form = json!({ "operator": "ana", "password": "x", "must_change_password": false });
    cai.post("/session", &form).refuses(422, "Malformed");
    let form = json!({ "name": "x", "operator": "su", "scopes": [], "issued_by": "zong" });
    house.client("qu").post("/tokens", &form).refuses(422, "Malformed");
    cai.get("/accounts?balance=1").refuses(422, "Malformed");
    // Every form and query of the description shuts out what it does not name.
    let document = server::testing::document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for operation in document["paths"].as_object().unwrap().values() {
        for method in operation.as_object().unwrap().values() {
            let body = &method["requestBody"]["content"]["application/json"]["schema"]["$ref"];
            let Some(name) = body.as_str().and_then(|name| name.rsplit('/').next()) else {
                continue;
            };
            assert_eq!(schemas[name]["additionalProperties"], false, "{name} takes anything");
        }
    }
}

#[test]
fn paths_lead_nowhere_but_to_what_is_served() {
    let house = House::open();
    let mut su = house.client("su");
    let paths = [
        "//../piaohao.toml",
        "//api/docs/../../piaohao.toml",
        "//api/docs/..%2f..%2f..%2fetc%2fpasswd",
        "//%2e%2e/%2e%2e/etc/passwd",
        "/accounts/..%2f..%2fetc%2fpasswd",
        "/matters/8/attachments/..%2f..%2fbank.sqlite",
        "/nothing",
    ];
    for path in paths {
        let reply = su.get(path);
        // What is no file of the pages is their first one, which finds its way by itself.
        let is_page = path.starts_with("//") && reply.text().starts_with("<!doctype html>");
        assert!(reply.status == 404 || is_page, "{path}: {}", reply.text());
        for kept in ["root:", "store =", "SQLite format"] {
            assert!(!reply.text().contains(kept), "{path}");
        }
    }
    let reply = su.call("PATCH", "/accounts", None, &[]);
    reply.refuses(405, "MethodNotAllowed");
}

#[test]
fn what_is_not_http_does_no_harm() {
    let house = House::open();
    for nonsense in ["\u{0}\u{1}\u{2}\u{3}\r\n\r\n", "GET\r\n\r\n", "POST / HTTP/9.9\r\n\r\n"] {
        let mut wire = Wire::connect(house.service.address);
        wire.send(nonsense).unwrap();
        assert!(wire.reply().is_ok_and(|reply| reply.status == 400));
    }
    // Two lengths are how one request is smuggled into another.
    let mut wire = Wire::connect(house.service.address);
    let smuggled = "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\
                    Content-Length: 60\r\n\r\nhello";
    wire.send(smuggled).unwrap();
    assert_eq!(wire.reply().unwrap().status, 400);
    assert!(TcpStream::connect(house.service.address).is_ok());
}
