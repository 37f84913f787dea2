//! Every endpoint does what it is for: asked once by who may, with what is right. Endpoints without
//! such a test stand in a list that only shrinks.

use super::described::operations;
use super::house::{BESIDE, House, MINE, NEW, PASSWORD};
use super::provider::Provider;
use super::search::until;
use crate::wire::{Client, Reply};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use totp_rs::{Builder, Secret};

const UNTESTED: &str = include_str!("../../endpoints_without_test.txt");

/// What was asked for so far.
#[derive(Default)]
struct Trail(BTreeSet<String>);

impl Trail {
    /// Asks for an operation by its name; `holes` fill those of its path, in order.
    #[track_caller]
    fn ask(
        &mut self,
        client: &mut Client,
        name: &str,
        holes: &[&str],
        body: &Value,
        status: u16,
    ) -> Reply {
        self.0.insert(name.to_owned());
        let (method, path) = name.split_once(' ').unwrap();
        let mut filled = String::new();
        let mut holes = holes.iter();
        for (at, part) in path.split('/').enumerate() {
            filled += if at > 0 { "/" } else { "" };
            filled += if part.starts_with('{') { holes.next().unwrap() } else { part };
        }
        let bytes = body.to_string().into_bytes();
        let body = (!body.is_null()).then_some(bytes.as_slice());
        let reply = client.call(&method.to_uppercase(), &filled, body, &[]);
        assert_eq!(reply.status, status, "{name}: {}", reply.text());
        reply
    }

    fn sessions(&mut self, house: &House) {
        let none = Value::Null;
        house.known("ana");
        house.known("bo");
        let form = json!({ "operator": "ana", "password": PASSWORD });
        self.ask(&mut house.nobody(), "post /session", &[], &form, 200);
        let mut ana = house.sign_in("ana");
        let seen = self.ask(&mut ana, "get /session", &[], &none, 200).json();
        assert_eq!((&seen["operator"], &seen["institution"]), (&json!("ana"), &json!("0101")));
        self.ask(&mut ana, "post /session/lock", &[], &none, 204);
        ana.get("/accounts").refuses(403, "ScreenLocked");
        let form = json!({ "password": PASSWORD });
        self.ask(&mut ana, "post /session/unlock", &[], &form, 204);
        let form = json!({ "operator": "bo", "password": PASSWORD, "kind": "CASH-020" });
        let ticket = self.ask(&mut ana, "post /session/second-person", &[], &form, 200).json();
        assert_eq!(ticket["operator"], "bo");
        let form = json!({ "old": PASSWORD, "new": "Another-2027" });
        self.ask(&mut ana, "post /session/password", &[], &form, 204);
        let form = json!({ "password": "Another-2027" });
        let offer = self.ask(&mut ana, "post /session/second-factor", &[], &form, 200).json();
        let form = json!({ "code": code(offer["secret"].as_str().unwrap(), house.now()) });
        self.ask(&mut ana, "post /session/second-factor/confirm", &[], &form, 204);
        self.ask(&mut ana, "delete /session", &[], &none, 204);
        ana.get("/session").refuses(401, "SessionEnded");
    }

    /// Where a provider vouches for people.
    fn ways(&mut self) {
        let (none, provider) = (Value::Null, Provider::open());
        let house = House::with_oidc(provider.settings());
        provider.vouch("ana", house.now());
        let mut browser = house.nobody();
        let ways = self.ask(&mut browser, "get /session/ways", &[], &none, 200).json();
        assert_eq!(ways["oidc"]["title_en"], "Single sign-on");
        let begun = self.ask(&mut browser, "get /session/oidc", &[], &none, 303);
        let led = provider.walk(begun.header("location").unwrap());
        let (_, path) = led.split_once("/api/v1").unwrap();
        let kept = begun.header("set-cookie").unwrap().split(';').next().unwrap();
        self.0.insert("get /session/oidc/return".to_owned());
        let ended = browser.call("GET", path, None, &[("Cookie", kept)]).is(303);
        assert_eq!(ended.header("location"), Some("/"));
    }

    fn credentials(&mut self, house: &House) {
        let none = Value::Null;
        let name = "post /operators/{operator}/one-time-password";
        let issued = self.ask(&mut house.client("quan"), name, &[NEW], &none, 200).json();
        let form = json!({ "operator": NEW, "password": issued["password"] });
        let session = house.nobody().post("/session", &form).is(200).json();
        assert_eq!(session["must_change_password"], true);
        let mut qu = house.client("qu");
        let form = json!({ "name": "core", "operator": "ren", "scopes": ["entries.post"] });
        let issued = self.ask(&mut qu, "post /tokens", &[], &form, 201).json();
        let all = self.ask(&mut qu, "get /tokens", &[], &none, 200).json();
        assert_eq!(all[0]["id"], issued["id"]);
        assert!(all[0].get("token").is_none(), "a token is told once");
        self.ask(&mut qu, "delete /tokens/{id}", &[issued["id"].as_str().unwrap()], &none, 204);
    }

    fn matters(&mut self, house: &House) {
        let none = Value::Null;
        let mut hua = house.client("hua");
        let kinds = self.ask(&mut hua, "get /matter-kinds", &[], &none, 200).json();
        let place = kinds.as_array().unwrap().iter().find(|one| one["code"] == "CASH-001").unwrap();
        assert_eq!(place["may_open"], true);
        self.ask(&mut hua, "get /matter-kinds/{code}", &["CASH-001"], &none, 200);
        let fields = json!({ "institution": "0102", "kind": "box", "name": "ji", "keeper": "ji" });
        let form = json!({ "code": "CASH-001", "fields": fields });
        let seen = self.ask(&mut hua, "post /matters/preview", &[], &form, 200).json();
        assert_eq!((&seen["at"], &seen["complete"]), (&json!("approve"), &json!(true)));
        let form = json!({ "code": "CASH-001", "fields": fields, "draft": true });
        let draft = self.ask(&mut hua, "post /matters", &[], &form, 201).json();
        let id = draft["id"].to_string();
        let form = json!({ "fields": { "name": "two" } });
        self.ask(&mut hua, "put /matters/{id}", &[&id], &form, 200);
        self.ask(&mut hua, "post /matters/{id}/act", &[&id], &json!({}), 200);
        let form = json!({ "do": "comment", "note": "请尽快" });
        self.ask(&mut hua, "post /matters/{id}/handle", &[&id], &form, 200);
        let name = "post /matters/{id}/preview";
        let told = self.ask(&mut house.client("zong"), name, &[&id], &json!({}), 200).json();
        assert_eq!((&told["at"], &told["complete"]), (&json!("[done]"), &json!(true)));
        assert_eq!(told["acts"][0]["en"], "set up a place of custody");
        let seen = self.ask(&mut hua, "get /matters/{id}", &[&id], &none, 200).json();
        assert_eq!((&seen["at"], &seen["values"]["name"]), (&json!("approve"), &json!("two")));
        let page = self.ask(&mut hua, "get /matters", &[], &none, 200).json();
        assert_eq!(page["matters"][0]["id"], draft["id"]);
        let queue = self.ask(&mut house.client("zong"), "get /queue", &[], &none, 200).json();
        assert_eq!(queue["matters"][0]["id"], draft["id"]);
        let form = json!({ "deputy": "luo", "from": "2026-01-05", "until": "2026-01-06" });
        self.ask(&mut house.client("kong"), "post /absences", &[], &form, 204);
        self.attachments(house);
    }

    fn search(&mut self, house: &House) {
        house.service.keep_library();
        let mut cai = house.client("cai");
        let path = format!("/search?q={MINE}");
        let began = std::time::Instant::now();
        while cai.get(&path).status == 503 {
            assert!(began.elapsed().as_secs() < 40, "the index is not opened");
        }
        self.0.insert("get /search".to_owned());
        let page = cai.get(&path).is(200).json();
        assert_eq!(page["cursor"], Value::Null);
    }

    fn attachments(&mut self, house: &House) {
        let mut piao = house.client("piao");
        self.0.insert("post /attachments".to_owned());
        let stream = [("Content-Type", "application/octet-stream")];
        let kept = piao.call("POST", "/attachments?name=gz1.png", Some(b"seal"), &stream);
        let kept = kept.is(201).json();
        let fields = json!({
            "seal": "seal_company:GZ1", "issuer": "市公安局", "issued": "2025-12-30",
            "keeper": "yin", "store": "0000/seal_cabinet", "image": kept,
        });
        let form = json!({ "code": "SEAL-113", "fields": fields });
        let id = piao.post("/matters", &form).is(201).json()["id"].to_string();
        let name = "get /matters/{id}/attachments/{sha256}";
        let digest = kept["sha256"].as_str().unwrap();
        let file = self.ask(&mut piao, name, &[&id, digest], &Value::Null, 200);
        assert_eq!(file.body, b"seal");
    }

    fn accounts(&mut self, house: &House) {
        let none = Value::Null;
        let (mut cai, mut su) = (house.client("cai"), house.client("su"));
        let page = self.ask(&mut cai, "get /accounts", &[], &none, 200).json();
        assert!(page["accounts"].as_array().unwrap().iter().any(|one| one["number"] == MINE));
        let form = json!({
            "number": "900009", "name": "王芳", "kind": "personal_current", "institution": "0101",
        });
        self.ask(&mut cai, "post /accounts", &[], &form, 201);
        let seen = self.ask(&mut cai, "get /accounts/{number}", &[MINE], &none, 200).json();
        assert_eq!((&seen["balance"], &seen["held"]), (&json!("1000.00"), &json!("10.00")));
        let form =
            json!({ "amount": "5.00", "kind": "freeze", "authority": "法院", "document": "1" });
        let placed =
            self.ask(&mut cai, "post /accounts/{number}/holds", &[BESIDE], &form, 201).json();
        let hold = placed["hold"].to_string();
        let form = json!({ "reason": "解除" });
        self.ask(&mut cai, "post /holds/{hold}/release", &[&hold], &form, 204);
        let form = json!({ "status": "receive_only", "reason": "可疑" });
        self.ask(&mut cai, "put /accounts/{number}/status", &["900009"], &form, 204);
        let form = json!({ "to": MINE, "checker": "deng" });
        self.ask(&mut cai, "post /accounts/{number}/close", &[BESIDE], &form, 204);
        let seen = self.ask(&mut su, "get /status", &[], &none, 200).json();
        assert_eq!(seen["business_date"], "2026-01-05");
    }

    fn entries(&mut self, house: &House) {
        let mut ren = house.client("ren");
        let line = |of: &str, side: &str| json!({ "account": of, "side": side, "amount": "7.00" });
        let form = json!({
            "key": "one", "institution": "0101", "code": "HVPS", "checker": "rong",
            "authoriser": "su", "summary": "来账",
            "lines": [line("0000.CNY.1003-01.01", "debit"), line(MINE, "credit")],
        });
        let posted = self.ask(&mut ren, "post /entries", &[], &form, 201).json();
        let entry = posted["entry"].to_string();
        let mut again = form.clone();
        again["key"] = json!("two");
        again["maker"] = json!("ren");
        self.0.insert("post /entries/bulk".to_owned());
        let rows = format!("{again}\n{again}\n");
        let media = [("Content-Type", "application/x-ndjson")];
        let reply = ren.call("POST", "/entries/bulk", Some(rows.as_bytes()), &media).is(200);
        let summary: Value = serde_json::from_str(reply.text().lines().last().unwrap()).unwrap();
        assert_eq!((&summary["posted"], &summary["again"]), (&json!(1), &json!(1)), "{summary}");
        let mut rong = house.client("rong");
        let seen = self.ask(&mut rong, "get /entries/{entry}", &[&entry], &Value::Null, 200).json();
        assert_eq!(seen["lines"][1]["amount"], "7.00");
        let form = json!({
            "class": "operator", "cause": "记错账户", "evidence": "E-1", "applicant": "ana",
            "verifier": "cai", "approver": "deng",
        });
        self.ask(&mut rong, "post /entries/{entry}/correct", &[&entry], &form, 200);
    }
}

/// What is read off the books, and what is kept of them.
impl Trail {
    fn reports(&mut self, house: &House) {
        let none = Value::Null;
        let (mut su, mut it) = (house.client("su"), house.client("ke2"));
        let all = self.ask(&mut su, "get /reports", &[], &none, 200).json();
        assert!(all.as_array().unwrap().len() > 10);
        self.ask(&mut su, "get /reports/{name}", &["trial-balance"], &none, 200);
        let all = self.ask(&mut su, "get /office-reports", &[], &none, 200).json();
        assert!(all.as_array().unwrap().iter().any(|one| one["name"] == "stock"));
        let mut zong = house.client("zong");
        self.ask(&mut zong, "get /office-reports/{name}", &["stock"], &none, 200);
        let lines = self.ask(&mut su, "get /accounts/{number}/entries", &[MINE], &none, 200);
        assert!(lines.text().contains("1000.00"), "{}", lines.text());
        let name = "get /accounts/{number}/statement";
        let statement = self.ask(&mut su, name, &[MINE], &none, 200);
        assert!(statement.text().contains(MINE), "{}", statement.text());
        self.ask(&mut it, "post /backups", &[], &none, 202);
        self.ask(&mut it, "get /backups", &[], &none, 200);
    }
}

/// How the bank stands and what is in it.
impl Trail {
    fn looks(&mut self, house: &House) {
        let none = Value::Null;
        let (mut su, mut zong, mut shen) =
            (house.client("su"), house.client("zong"), house.client("shen"));
        self.ask(&mut su, "get /events", &[], &none, 200);
        let choices = self.ask(&mut su, "get /choices", &[], &none, 200);
        assert!(choices.text().contains("0000/vault"), "{}", choices.text());
        // Only a demonstration tells strangers who there is.
        let path = "/session/demonstration";
        house.nobody().get(path).refuses(404, "NotFound");
        house.becomes_demonstration();
        let name = format!("get {path}");
        let people = self.ask(&mut house.nobody(), &name, &[], &none, 200).json();
        assert_eq!(people["password"], PASSWORD);
        let places = self.ask(&mut zong, "get /places", &[], &none, 200);
        assert!(places.text().contains("0000/vault"), "{}", places.text());
        self.ask(&mut zong, "get /places/{place}", &["0000%2Fvault"], &none, 200);
        self.thing(house);
        let tree = self.ask(&mut zong, "get /institutions", &[], &none, 200);
        assert!(tree.text().contains("0102"), "{}", tree.text());
        let people = self.ask(&mut zong, "get /operators", &[], &none, 200);
        assert!(people.text().contains("\"ana\""), "{}", people.text());
        self.ask(&mut zong, "get /operators/{operator}", &["ana"], &none, 200);
        self.ask(&mut zong, "get /posts", &[], &none, 200);
        self.ask(&mut zong, "get /rights", &[], &none, 200);
        let numbers = self.ask(&mut zong, "get /parameters", &[], &none, 200);
        assert!(numbers.text().contains("accounting.anomaly_days"), "{}", numbers.text());
        self.ask(&mut zong, "get /parameters/{code}", &["signin.failures_max"], &none, 200);
        self.ask(&mut zong, "get /rulebook", &[], &none, 200);
        let file =
            self.ask(&mut zong, "get /rulebook/files/{path}", &["org%2Faccess.toml"], &none, 200);
        assert!(file.text().contains("accounts.read"));
        self.ask(&mut zong, "get /rulebook/check", &[], &none, 200);
        self.ask(&mut zong, "get /coverage", &[], &none, 200);
        let notes = self.ask(&mut shen, "get /audit", &[], &none, 200);
        assert!(notes.text().contains("ana"), "{}", notes.text());
        self.ask(&mut shen, "get /audit/kinds", &[], &none, 200);
        self.ask(&mut shen, "get /audit/chain", &[], &none, 200);
    }

    /// A single thing that is kept: a device that is taken into store.
    fn thing(&mut self, house: &House) {
        let mut hua = house.client("hua");
        let fields = json!({ "institution": "0000", "kind": "cipher_cabinet" });
        let form = json!({ "code": "CASH-001", "fields": fields });
        let id = hua.post("/matters", &form).is(201).json()["id"].to_string();
        house.client("zong").post(&format!("/matters/{id}/act"), &json!({})).is(200);
        let fields = json!({
            "device": "cipher_device:BY1", "model": "MY-200", "serial_no": "SN77001",
            "release": "2.1", "maker": "清算中心", "receipt": "JJ2026001",
            "store": "0000/cipher_cabinet",
        });
        let form = json!({ "code": "CIPH-101", "fields": fields });
        let id = house.client("ma").post("/matters", &form).is(201).json()["id"].to_string();
        let act = format!("/matters/{id}/act");
        house.client("zong").post(&act, &json!({})).is(200);
        house.known("ming");
        let mut mi = house.client("mi");
        let id: u64 = id.parse().unwrap();
        let form = json!({ "operator": "ming", "password": PASSWORD, "matter": id });
        let ticket = mi.post("/session/second-person", &form).is(200).json();
        mi.post(&act, &json!({ "with": [ticket["ticket"]] })).is(200);
        let name = "get /things/{thing}";
        let mut zong = house.client("zong");
        let thing = self.ask(&mut zong, name, &["cipher_device:BY1"], &Value::Null, 200);
        assert!(thing.text().contains("0000/cipher_cabinet"), "{}", thing.text());
        let path = "/things/cipher_device:BY1/history";
        until(&mut zong, path, |page| page != &Value::Null && page["movements"] != json!([]));
        let name = "get /things/{thing}/history";
        let page = self.ask(&mut zong, name, &["cipher_device:BY1"], &Value::Null, 200).json();
        let newest = &page["movements"][0];
        assert_eq!(
            (&newest["day"], &newest["by"][0]),
            (&json!("2026-01-05"), &json!("mi")),
            "{page}"
        );
        assert_eq!(newest["matter"]["id"], id, "{page}");
        zong.get(&format!("{path}?cursor=x")).refuses(422, "CursorWrong");
        zong.get("/things/cipher_device:BY2/history").refuses(404, "NotFound");
        // It never was at her branch.
        house.client("ana").get(path).refuses(404, "NotFound");
    }

    /// The day is closed at last, and the next one opened.
    fn days(&mut self, house: &House) {
        let none = Value::Null;
        let mut su = house.client("su");
        let day = self.ask(&mut su, "get /day", &[], &none, 200).json();
        assert_eq!((&day["business_date"], &day["phase"]), (&json!("2026-01-05"), &json!("open")));
        self.ask(&mut su, "post /institutions/{code}/close", &["0102"], &none, 204);
        let form = json!({ "reason": "补录" });
        self.ask(&mut su, "post /institutions/{code}/reopen", &["0102"], &form, 204);
        self.ask(&mut su, "post /day/close-institutions", &[], &none, 204);
        self.ask(&mut su, "post /day/close", &[], &json!({}), 202);
        let began = std::time::Instant::now();
        loop {
            let close = self.ask(&mut su, "get /day/close", &[], &none, 200).json();
            if !close["ended"].is_null() {
                assert!(close["refusal"].is_null(), "{close}");
                break;
            }
            assert!(began.elapsed().as_secs() < 60, "the day is not closed: {close}");
        }
        self.ask(&mut su, "get /day/certificates", &[], &none, 200);
        self.ask(&mut su, "get /day/certificates/{day}", &["2026-01-05"], &none, 200);
        self.ask(&mut su, "post /day/open", &[], &json!({}), 200);
    }
}

/// The code that an authenticator shows at this instant.
pub fn code(secret: &str, now: i64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(now / 1_000_000).unwrap()).to_string()
}

#[test]
fn every_endpoint_does_what_it_is_for() {
    let house = House::open();
    let mut trail = Trail::default();
    trail.sessions(&house);
    trail.credentials(&house);
    trail.ways();
    trail.matters(&house);
    trail.search(&house);
    trail.accounts(&house);
    trail.entries(&house);
    trail.reports(&house);
    trail.looks(&house);
    trail.days(&house);
    let known: BTreeSet<String> =
        operations(&server::testing::document()).into_iter().map(|one| one.name).collect();
    let listed: BTreeSet<String> =
        UNTESTED.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    for name in &listed {
        assert!(known.contains(name), "`{name}` is no endpoint: take it from the list");
        assert!(!trail.0.contains(name), "`{name}` has a test: take it from the list");
    }
    let missing: Vec<&String> =
        known.iter().filter(|name| !trail.0.contains(*name) && !listed.contains(*name)).collect();
    assert!(missing.is_empty(), "these endpoints have no test: {missing:?}");
}
