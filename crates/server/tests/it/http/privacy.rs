//! What is not somebody's to see or to do, however they ask for it.

use super::house::{BESIDE, ELSEWHERE, House, MINE};
use serde_json::json;

#[test]
fn accounts_of_other_branches_are_not_there() {
    let house = House::open();
    let mut cai = house.client("cai");
    cai.get(&format!("/accounts/{MINE}")).is(200);
    let theirs = cai.get(&format!("/accounts/{ELSEWHERE}")).refuses(404, "UnknownAccount");
    let none = cai.get("/accounts/900999").refuses(404, "UnknownAccount");
    let words = |reply: &crate::wire::Reply| reply.json()["zh"].to_string();
    let (theirs, none) = (words(&theirs), words(&none));
    assert_eq!(theirs.replace(ELSEWHERE, ""), none.replace("900999", ""), "they differ");
    let page = cai.get("/accounts?limit=500").is(200).text();
    assert!(page.contains(MINE) && !page.contains(ELSEWHERE), "{page}");
    cai.get("/accounts?institution=0102").refuses(409, "UnknownInstitution");
    let form = json!({ "status": "frozen", "reason": "可疑" });
    let path = format!("/accounts/{ELSEWHERE}/status");
    cai.call("PUT", &path, Some(form.to_string().as_bytes()), &[]).refuses(404, "UnknownAccount");
    let form = json!({ "amount": "1.00", "kind": "reserve", "authority": "x", "document": "x" });
    cai.post(&format!("/accounts/{ELSEWHERE}/holds"), &form).refuses(404, "UnknownAccount");
    let form = json!({ "to": MINE });
    cai.post(&format!("/accounts/{ELSEWHERE}/close"), &form).refuses(404, "UnknownAccount");
    // Money of one's own branch does not run away to where it cannot be seen.
    let form = json!({ "reason": "x" });
    cai.post("/holds/2/release", &form).is(404);
    cai.post("/holds/99/release", &form).is(404);
    let form = json!({
        "number": "900009", "name": "x", "kind": "personal_current", "institution": "0102",
    });
    cai.post("/accounts", &form).refuses(409, "UnknownInstitution");
    house.client("ji").get(&format!("/accounts/{BESIDE}")).refuses(404, "UnknownAccount");
}

#[test]
fn entries_of_other_branches_are_not_there() {
    let house = House::open();
    let (mut cai, mut ji) = (house.client("cai"), house.client("ji"));
    let mut of = |no: u64| {
        let path = format!("/entries/{no}");
        (cai.get(&path).status, ji.get(&path).status)
    };
    let seen: Vec<(u16, u16)> = (1..8).map(&mut of).collect();
    assert!(seen.contains(&(200, 404)) && seen.contains(&(404, 200)), "{seen:?}");
    assert!(!seen.contains(&(200, 200)), "{seen:?}");
}

#[test]
fn matters_and_their_files_are_for_those_who_have_to_do_with_them() {
    let house = House::open();
    let mut piao = house.client("piao");
    let stream = [("Content-Type", "application/octet-stream")];
    let page = b"<script>alert(1)</script>";
    let kept = piao.call("POST", "/attachments?name=%E5%8D%B0.html", Some(page), &stream);
    kept.refuses(422, "AttachmentType");
    let kept = piao.call("POST", "/attachments?name=%E5%8D%B0.xml", Some(page), &stream);
    let kept = kept.is(201).json();
    let fields = json!({
        "seal": "seal_company:GZ1", "issuer": "市公安局", "issued": "2025-12-30",
        "keeper": "yin", "store": "0000/seal_cabinet", "image": kept,
    });
    let form = json!({ "code": "SEAL-113", "fields": fields });
    let id = piao.post("/matters", &form).is(201).json()["id"].to_string();
    let digest = kept["sha256"].as_str().unwrap();
    let (matter, file) = (format!("/matters/{id}"), format!("/matters/{id}/attachments/{digest}"));
    // Always a download, whatever it says it is.
    let reply = piao.get(&file).is(200);
    assert_eq!(reply.header("content-type"), Some("application/octet-stream"));
    assert!(reply.header("content-disposition").unwrap().starts_with("attachment; "));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    for stranger in ["ana", "hai", "ren"] {
        let mut stranger = house.client(stranger);
        stranger.get(&matter).refuses(404, "UnknownMatter");
        stranger.get(&file).refuses(404, "UnknownMatter");
        let save = json!({ "fields": {} }).to_string();
        stranger.call("PUT", &matter, Some(save.as_bytes()), &[]).refuses(404, "UnknownMatter");
        let urge = json!({ "do": "urge" });
        stranger.post(&format!("{matter}/handle"), &urge).refuses(404, "UnknownMatter");
        let page = stranger.get("/matters").is(200).text();
        assert!(!page.contains("SEAL-113"), "{page}");
    }
    // A file is reached through its own matter alone.
    piao.get(&format!("/matters/8/attachments/{digest}")).is(404);
    piao.get(&format!("{matter}/attachments/{}", "0".repeat(64))).refuses(404, "NotFound");
    piao.get(&format!("{matter}/attachments/x")).refuses(404, "NotFound");
}

#[test]
fn nobody_signs_for_somebody_else() {
    let house = House::open();
    let line =
        |account: &str, side: &str| json!({ "account": account, "side": side, "amount": "1.00" });
    let lines = [line("0000.CNY.1003-01.01", "debit"), line(MINE, "credit")];
    let form = json!({ "key": "x", "institution": "0101", "maker": "rui", "lines": lines });
    house.client("ren").post("/entries", &form).refuses(403, "NotTheOne");
    // What was approved by its own opener is approved by nobody.
    let fields = json!({ "institution": "0102", "kind": "box", "name": "ji", "keeper": "ji" });
    let form = json!({ "code": "CASH-001", "fields": fields });
    let mut hua = house.client("hua");
    let id = hua.post("/matters", &form).is(201).json()["id"].to_string();
    let reply = hua.post(&format!("/matters/{id}/act"), &json!({}));
    assert_eq!(reply.status, 403, "{}", reply.text());
}

#[test]
fn a_token_does_no_more_than_it_was_given() {
    let house = House::open();
    let mut qu = house.client("qu");
    let issue = |scopes: &[&str]| json!({ "name": "core", "operator": "ren", "scopes": scopes });
    // Neither more than its operator may, nor to oneself, nor what nobody knows.
    qu.post("/tokens", &issue(&["day.run"])).refuses(403, "NotPermitted");
    qu.post("/tokens", &issue(&["everything"])).is(422);
    let own = json!({ "name": "core", "operator": "qu", "scopes": [] });
    qu.post("/tokens", &own).refuses(403, "SameOperator");
    let issued = qu.post("/tokens", &issue(&["entries.post"])).is(201).json();
    let mut system = house.nobody();
    system.bearer = issued["token"].as_str().map(str::to_owned);
    system.get(&format!("/accounts/{MINE}")).refuses(403, "NotPermitted");
    let fields = json!({ "code": "CASH-001", "fields": {} });
    system.post("/matters", &fields).refuses(403, "NotPermitted");
    let id = issued["id"].as_str().unwrap();
    qu.call("DELETE", &format!("/tokens/{id}"), None, &[]).is(204);
    system.get("/status").refuses(401, "TokenWrong");
}

#[test]
fn what_is_searched_for_is_only_text() {
    let house = House::open();
    let mut cai = house.client("cai");
    for q in ["%27%20or%201=1--", "%25", "_", "';drop%20table%20block;--", "%22%7D", "*"] {
        let page = cai.get(&format!("/accounts?q={q}")).is(200).json();
        assert_eq!(page["accounts"], json!([]), "{q}");
        let page = cai.get(&format!("/matters?state=ended&number={q}")).is(200).json();
        assert_eq!(page["matters"], json!([]), "{q}");
    }
    for path in ["/accounts?q=%00", "/matters?state=ended&number=%00", "/accounts/%00"] {
        cai.get(path).refuses(422, "Malformed");
    }
    house.client("qu").call("DELETE", "/tokens/%01", None, &[]).refuses(422, "Malformed");
    let strange = ["\u{1}\u{7f}", "a/b", "../ana", &"x".repeat(5_000)];
    for operator in strange {
        let form = json!({ "operator": operator, "password": "x" });
        house.nobody().post("/session", &form).refuses(401, "SignInFailed");
    }
    cai.post("/session/unlock", &json!({ "password": "\u{0}" })).refuses(422, "Malformed");
    cai.get(&format!("/accounts/{MINE}")).is(200);
}

#[test]
fn ids_of_requests_put_nothing_into_the_log() {
    let house = House::open();
    let mut nobody = house.nobody();
    let mut told = |id: &str| {
        let reply = nobody.call("GET", "//health", None, &[("X-Request-Id", id)]).is(200);
        reply.header("x-request-id").unwrap().to_owned()
    };
    assert_eq!(told("a1-b2"), "a1-b2");
    for wrong in ["a b", "级别=ERROR", &"x".repeat(65), "a\tb"] {
        let id = told(wrong);
        let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        assert!(id != wrong && id.len() <= 64 && plain, "{wrong:?} became {id}");
    }
}

#[test]
fn browsers_are_told_what_never_to_do() {
    let house = House::open();
    for path in ["//health", "//api/docs/", "/session", "//api/nothing"] {
        let reply = house.nobody().get(path);
        let is = |name: &str, value: &str| assert_eq!(reply.header(name), Some(value), "{path}");
        is("x-frame-options", "DENY");
        is("x-content-type-options", "nosniff");
        is("referrer-policy", "same-origin");
        is("cache-control", "no-store");
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'self'"));
        assert!(reply.header("access-control-allow-origin").is_none(), "{path}");
        assert!(reply.header("server").is_none(), "{path}");
    }
}

#[test]
fn a_fault_tells_nothing_about_the_inside() {
    let house = House::open();
    for path in ["/accounts/x", "/matters/99999", "/entries/0", "/entries/18446744073709551615"] {
        let text = house.client("su").get(path).text();
        for inside in ["crates/", ".rs", "sqlite", "panicked", "/tmp", "/dev/shm"] {
            assert!(!text.contains(inside), "{path}: {text}");
        }
    }
}
