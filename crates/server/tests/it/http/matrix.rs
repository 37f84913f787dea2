//! Who may ask for what: every operation of the description, asked for by one operator for each
//! post of the cast, by somebody without a post, by nobody, and by sessions and tokens that no
//! longer or not yet count. What is allowed is what the rulebook gives to posts; nothing is ever
//! our fault.

use super::described::{Operation, operations};
use super::house::{HOUR, House, IDLE};
use super::search::until;
use crate::wire::{Client, Reply};
use bank::office::access::{self, Function};
use serde_json::{Value, json};
use server::testing::Standing;
use std::collections::BTreeSet;

fn ask(client: &mut Client, document: &Value, operation: &Operation) -> Reply {
    let path = operation.sample_path(document);
    match operation.sample_body(document) {
        None => client.call(&operation.method, &path, None, &[]),
        Some((body, media)) => {
            client.call(&operation.method, &path, Some(&body), &[("Content-Type", &media)])
        }
    }
}

/// One operator for each post, and one who has none.
fn everybody(house: &House) -> Vec<String> {
    let mut posts = BTreeSet::new();
    let mut people = Vec::new();
    for operator in &house.cast.operators {
        let new = operator.posts.iter().filter(|post| posts.insert((*post).clone())).count();
        if new > 0 {
            people.push(operator.operator.clone());
        }
    }
    assert!(posts.len() >= 38, "the cast has {} posts", posts.len());
    people.push(IDLE.to_owned());
    people
}

/// What went wrong, to be told together.
struct Wrong(Vec<String>);

impl Wrong {
    fn expect(&mut self, fits: bool, who: &str, operation: &Operation, reply: &Reply) {
        if !fits || reply.status >= 500 {
            let (name, function) = (&operation.name, &operation.function);
            let text = reply.text();
            let short: String = text.chars().take(200).collect();
            self.0.push(format!("{who}: {name} ({function}) answered {}: {short}", reply.status));
        }
    }

    fn none(self) {
        assert!(self.0.is_empty(), "{} differ:\n{}", self.0.len(), self.0.join("\n"));
    }
}

fn refused(reply: &Reply, status: u16, code: &str) -> bool {
    reply.status == status && reply.code() == code
}

#[test]
fn functions_are_for_those_whose_posts_have_them() {
    let house = House::open();
    house.service.keep_library();
    until(&mut house.client("cai"), "/search?q=x", |page| page != &Value::Null);
    let document = server::testing::document();
    let mut wrong = Wrong(Vec::new());
    let mut clients: Vec<(String, Client)> =
        everybody(&house).into_iter().map(|who| (who.clone(), house.client(&who))).collect();
    let operations = operations(&document);
    for operation in operations.iter().filter(|one| !one.functions().is_empty()) {
        let mut done = false;
        for (who, client) in &mut clients {
            let (name, functions) = (who.clone(), operation.functions());
            let may = move |state: &bank::State| {
                functions.into_iter().any(|one| access::scope(state, &name, one).is_some())
            };
            let may = house.service.behind().look(may).unwrap();
            // What changes something is done once: the next would meet another bank.
            if may && done && operation.method != "GET" {
                continue;
            }
            done |= may;
            let reply = ask(client, &document, operation);
            let is_refused = refused(&reply, 403, "NotPermitted");
            let is_known = reply.status != 401;
            wrong.expect(may != is_refused && is_known, who, operation, &reply);
        }
    }
    wrong.none();
}

#[test]
fn lists_of_the_office_are_for_those_whose_posts_have_their_function() {
    let house = House::open();
    let mut wrong = Vec::new();
    let lists = house.client("su").get("/office-reports").is(200).json();
    let lists = lists.as_array().unwrap();
    assert!(lists.len() > 3);
    for who in everybody(&house) {
        let mut client = house.client(&who);
        for list in lists {
            let (name, function) = (list["name"].as_str().unwrap(), list["function"].as_str());
            let function = Function::by_code(function.unwrap()).unwrap();
            let of = who.clone();
            let may = move |state: &bank::State| access::scope(state, &of, function).is_some();
            let may = house.service.behind().look(may).unwrap();
            let takes_code = list["takes"].as_array().unwrap().iter().any(|one| one == "code");
            let query = if takes_code { "?code=CASH-001" } else { "" };
            let reply = client.get(&format!("/office-reports/{name}{query}"));
            if reply.status >= 500 || may == refused(&reply, 403, "NotPermitted") {
                wrong.push(format!("{who}: {name} answered {}: {}", reply.status, reply.text()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_for_everybody_is_never_our_fault() {
    let house = House::open();
    let document = server::testing::document();
    let mut wrong = Wrong(Vec::new());
    for operation in operations(&document) {
        if !operation.functions().is_empty() || operation.function == "named" {
            continue;
        }
        for who in ["ana", "zong", IDLE] {
            let reply = ask(&mut house.client(who), &document, &operation);
            // A wrong password of a sample is the only thing that nobody knows them for.
            let known = reply.status != 401 || reply.code() == "SignInFailed";
            let fits = known && reply.code() != "NotPermitted";
            wrong.expect(fits, who, &operation, &reply);
        }
    }
    wrong.none();
}

#[test]
fn every_operation_says_who_may() {
    let words = ["anyone", "named", "matters", "person", "present", "nobody"];
    for operation in operations(&server::testing::document()) {
        let function = &operation.function;
        let codes = function.split(' ').count() == operation.functions().len();
        let known = codes || words.contains(&function.as_str());
        assert!(known, "`{}` is for `{function}`, which is nobody we know", operation.name);
    }
}

#[test]
fn nobody_and_sessions_that_do_not_count_are_refused() {
    let house = House::open();
    let document = server::testing::document();
    let mut wrong = Wrong(Vec::new());
    let expired = |house: &House| {
        let client = house.client("su");
        house.pass(24 * HOUR);
        client
    };
    let kept_back = [
        ("ScreenLocked", Standing { locked: true, ..Standing::default() }),
        ("PasswordMustChange", Standing { must_change: true, ..Standing::default() }),
        ("FactorMustBeSet", Standing { must_set_factor: true, ..Standing::default() }),
    ];
    for operation in operations(&document) {
        let is_open = operation.function == "nobody";
        let reply = ask(&mut house.nobody(), &document, &operation);
        wrong.expect(is_open || refused(&reply, 401, "NotSignedIn"), "nobody", &operation, &reply);
        let reply = ask(&mut expired(&house), &document, &operation);
        let fits = is_open || refused(&reply, 401, "SessionEnded");
        wrong.expect(fits, "expired", &operation, &reply);
        let behind = is_open || operation.function == "present";
        for (code, standing) in kept_back {
            let reply = ask(&mut house.client_who("su", standing), &document, &operation);
            wrong.expect(refused(&reply, 403, code) != behind, code, &operation, &reply);
        }
        // A cookie alone, as a page of somebody else would send it.
        let mut forged = house.client("su");
        forged.browser.as_mut().unwrap().csrf = "x".to_owned();
        let reply = ask(&mut forged, &document, &operation);
        let reads = operation.method == "GET" || is_open;
        let fits = reads || refused(&reply, 403, "CsrfTokenWrong");
        wrong.expect(fits, "forged", &operation, &reply);
    }
    wrong.none();
}

#[test]
fn a_token_without_functions_can_do_nothing() {
    let house = House::open();
    let document = server::testing::document();
    let form = json!({ "name": "none", "operator": "su", "scopes": [] });
    let issued = house.client("qu").post("/tokens", &form).is(201).json();
    let mut system = house.nobody();
    system.bearer = Some(issued["token"].as_str().unwrap().to_owned());
    let mut wrong = Wrong(Vec::new());
    for operation in operations(&document) {
        let reply = ask(&mut system, &document, &operation);
        let fits = match operation.function.as_str() {
            "nobody" => true,
            "anyone" => reply.status != 401 && reply.code() != "NotPermitted",
            "person" | "present" => refused(&reply, 401, "NotSignedIn"),
            _ => refused(&reply, 403, "NotPermitted"),
        };
        wrong.expect(fits, "a token", &operation, &reply);
    }
    system.bearer = Some("ph_guessed".to_owned());
    for operation in operations(&document).iter().filter(|one| one.function != "nobody") {
        let reply = ask(&mut system, &document, operation);
        wrong.expect(refused(&reply, 401, "TokenWrong"), "a wrong token", operation, &reply);
    }
    wrong.none();
}
