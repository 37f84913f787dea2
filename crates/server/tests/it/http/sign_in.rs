//! Signing in, and what becomes of sessions, passwords and codes.

use super::endpoints::code;
use super::house::{HOUR, House, MINUTE, NEW, PASSWORD};
use crate::wire::Client;
use bank::office::event::Standing as Duty;
use serde_json::{Value, json};
use server::testing::Browser;
use std::time::{Duration, Instant};

#[test]
fn a_session_begins_with_the_sign_in() {
    let house = House::open();
    house.known("ana");
    // What an attacker planted in the browser beforehand is not what counts afterwards.
    let planted = Browser { cookie: "planted".to_owned(), csrf: "planted".to_owned() };
    let mut ana = Client::with(house.service.address, planted);
    let form = json!({ "operator": "ana", "password": PASSWORD });
    let reply = ana.post("/session", &form).is(200);
    let cookie = reply.header("set-cookie").unwrap().to_owned();
    assert!(!cookie.contains("planted"));
    ana.get("/session").refuses(401, "SessionEnded");
    let again = house.nobody().post("/session", &form).is(200);
    assert_ne!(again.header("set-cookie").unwrap(), cookie, "each sign-in has a secret of its own");
    for flag in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "without TLS the browser would not send it: {cookie}");
    let (_, secret) = cookie.split(';').next().unwrap().split_once('=').unwrap();
    assert!(secret.len() >= 43, "32 random bytes");
}

#[test]
fn over_tls_everything_stays_there() {
    let house = House::secure();
    house.known("ana");
    let form = json!({ "operator": "ana", "password": PASSWORD });
    let reply = house.nobody().post("/session", &form).is(200);
    assert!(reply.header("set-cookie").unwrap().contains("; Secure"));
    assert_eq!(reply.header("strict-transport-security"), Some("max-age=31536000"));
}

#[test]
fn a_session_ends_when_it_is_left_and_when_it_is_old() {
    let house = House::open();
    let policy = house.service.behind().look(bank::office::signin::Policy::of).unwrap();
    let idle = i64::from(policy.idle_minutes) * MINUTE;
    let whole = i64::from(policy.session_hours) * HOUR;
    let mut ana = house.client("ana");
    house.pass(idle - MINUTE);
    ana.get("/session").is(200);
    house.pass(idle - MINUTE);
    ana.get("/session").is(200);
    house.pass(idle + MINUTE);
    ana.get("/session").refuses(401, "SessionEnded");
    let mut bo = house.client("bo");
    let (mut passed, step) = (0, idle / 2);
    while passed + step <= whole {
        bo.get("/session").is(200);
        house.pass(step);
        passed += step;
    }
    house.pass(step);
    bo.get("/session").refuses(401, "SessionEnded");
}

#[test]
fn signing_out_ends_the_session_for_whoever_has_its_cookie() {
    let house = House::open();
    let mut ana = house.sign_in("ana");
    let mut thief = Client::with(house.service.address, ana.browser.clone().unwrap());
    thief.get("/session").is(200);
    let reply = ana.call("DELETE", "/session", None, &[]).is(204);
    assert!(reply.header("set-cookie").unwrap().contains("Max-Age=0"));
    thief.get("/session").refuses(401, "SessionEnded");
    thief.get("/accounts").refuses(401, "SessionEnded");
}

#[test]
fn a_new_password_ends_other_sessions_and_is_none_of_the_last() {
    let house = House::open();
    let (mut ana, mut other) = (house.sign_in("ana"), house.sign_in("ana"));
    let change = |old: &str, new: &str| json!({ "old": old, "new": new });
    ana.post("/session/password", &change("wrong", "Another-2027")).refuses(401, "SignInFailed");
    ana.post("/session/password", &change(PASSWORD, "short")).is(422);
    ana.post("/session/password", &change(PASSWORD, PASSWORD)).refuses(422, "PasswordUsedBefore");
    other.get("/session").is(200);
    ana.post("/session/password", &change(PASSWORD, "Another-2027")).is(204);
    ana.get("/session").is(200);
    other.get("/session").refuses(401, "SessionEnded");
    let form = json!({ "operator": "ana", "password": PASSWORD });
    house.nobody().post("/session", &form).refuses(401, "SignInFailed");
}

#[test]
fn a_code_is_good_once() {
    let house = House::open();
    let mut ana = house.sign_in("ana");
    // Who finds an open window binds nobody to a telephone of their own.
    let wrong = json!({ "password": "Wrong-2026" });
    ana.post("/session/second-factor", &wrong).refuses(401, "SignInFailed");
    let form = json!({ "password": PASSWORD });
    let offer = ana.post("/session/second-factor", &form).is(200).json();
    let secret = offer["secret"].as_str().unwrap().to_owned();
    let first = code(&secret, house.now());
    ana.post("/session/second-factor/confirm", &json!({ "code": first })).is(204);
    let form =
        |code: Option<&str>| json!({ "operator": "ana", "password": PASSWORD, "code": code });
    house.nobody().post("/session", &form(None)).refuses(401, "SecondFactorNeeded");
    house.nobody().post("/session", &form(Some(&first))).refuses(401, "SignInFailed");
    house.pass(MINUTE);
    let next = code(&secret, house.now());
    house.nobody().post("/session", &form(Some(&next))).is(200);
    house.nobody().post("/session", &form(Some(&next))).refuses(401, "SignInFailed");
    house.nobody().post("/session", &form(Some("000000"))).is(401);
}

#[test]
fn too_many_wrong_passwords_lock_out_the_right_one() {
    let house = House::open();
    house.known("ana");
    let policy = house.service.behind().look(bank::office::signin::Policy::of).unwrap();
    let form = |password: &str| json!({ "operator": "ana", "password": password });
    for _ in 0..policy.failures_max {
        house.nobody().post("/session", &form("wrong")).refuses(401, "SignInFailed");
    }
    house.nobody().post("/session", &form(PASSWORD)).refuses(401, "SignInFailed");
    assert_eq!(policy.lockout_minutes, 0, "the shipped rules want a matter to unlock");
    let standing = |state: &bank::State| state.office.people.operators["ana"].standing;
    assert_eq!(house.service.behind().look(standing).unwrap(), Duty::Locked);
    house.pass(24 * HOUR);
    house.nobody().post("/session", &form(PASSWORD)).refuses(401, "SignInFailed");
}

/// Neither words nor time tell who there is. The passwords of this test cost what others cost.
#[test]
fn nobody_learns_which_operators_there_are() {
    let house = House::open();
    // A password as the service keeps it: set with the one that was handed out once.
    let name = format!("/operators/{NEW}/one-time-password");
    let issued = house.client("quan").post(&name, &Value::Null).is(200).json();
    let once = issued["password"].as_str().unwrap().to_owned();
    let form = |operator: &str| json!({ "operator": operator, "password": "Wrong-2026" });
    let mut took = Vec::new();
    let mut said = Vec::new();
    // The first one pays for what is made once.
    house.nobody().post("/session", &form("nobody")).is(401);
    for operator in [NEW, "nobody", "ana"] {
        let began = Instant::now();
        let reply = house.nobody().post("/session", &form(operator));
        took.push(began.elapsed());
        said.push((reply.status, reply.json()));
    }
    assert_eq!(said[0], said[1], "unknown");
    assert_eq!(said[0], said[2], "never had a password");
    let least = took.iter().min().unwrap().max(&Duration::from_micros(1)).as_secs_f64();
    let most = took.iter().max().unwrap().as_secs_f64();
    assert!(most / least < 10.0, "they take {took:?}");
    let form = json!({ "operator": NEW, "password": once });
    let session = house.nobody().post("/session", &form).is(200).json();
    assert_eq!(session["must_change_password"], true);
}

#[test]
fn who_was_stopped_is_shown_out() {
    let house = House::open();
    let mut bo = house.sign_in("bo");
    bo.get("/accounts").is(200);
    stop(&house, "bo");
    bo.get("/accounts").refuses(403, "NotPermitted");
    let form = json!({ "operator": "bo", "password": PASSWORD });
    house.nobody().post("/session", &form).refuses(401, "SignInFailed");
    house.service.sweep();
    bo.get("/session").refuses(401, "SessionEnded");
}

/// Locks an operator with the matter that does so at once.
fn stop(house: &House, operator: &str) {
    let fields = json!({ "operator": operator, "reason": "柜员卡遗失" });
    let form = json!({ "code": "PARM-115", "fields": fields });
    house.client("deng").post("/matters", &form).is(201);
}

#[test]
fn a_ticket_signs_one_step_at_one_window() {
    let house = House::open();
    house.known("kuang");
    house.known("kong");
    let mut kong = house.client("kong");
    let form = json!({ "operator": "kong", "password": PASSWORD, "kind": "CASH-020" });
    kong.post("/session/second-person", &form).refuses(403, "SameOperator");
    let form = json!({ "operator": "kuang", "password": "wrong", "kind": "CASH-020" });
    kong.post("/session/second-person", &form).refuses(401, "SignInFailed");
    let form = json!({ "operator": "kuang", "password": PASSWORD, "matter": 8 });
    let ticket = kong.post("/session/second-person", &form).is(200).json();
    let ticket = ticket["ticket"].as_str().unwrap().to_owned();
    let act = json!({ "with": [ticket] });
    kong.post("/matters/9/act", &act).refuses(422, "TicketWrong");
    let mut luo = house.client("luo");
    luo.post("/matters/8/act", &act).refuses(422, "TicketWrong");
}
