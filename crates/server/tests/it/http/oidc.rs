//! 单点登录: signing in where a provider of the bank vouches, against a provider that is real but
//! for its lies.

use super::house::{House, MINUTE, PASSWORD, roomy};
use super::provider::{Lie, Provider, fields};
use crate::wire::{Client, Reply};
use serde_json::json;
use server::testing::{Browser, Limits};

const COOKIE: &str = "piaohao_oidc";

/// A browser on its way through the provider's pages.
struct Walk {
    client: Client,
    /// Where the provider is asked to let somebody in.
    there: String,
    /// What the bank gave the browser to bring back.
    cookie: String,
}

fn begin(house: &House, back: &str) -> Walk {
    let mut client = house.nobody();
    let reply = client.get(&format!("/session/oidc?back={back}")).is(303);
    let there = reply.header("location").unwrap().to_owned();
    let cookie = set(&reply, COOKIE).unwrap();
    Walk { client, there, cookie }
}

impl Walk {
    /// The way back to the bank, under its interface.
    fn back(&self, provider: &Provider) -> String {
        let to = provider.walk(&self.there);
        let own = format!("http://{}/api/v1", self.client.address);
        to.strip_prefix(&own).unwrap().to_owned()
    }

    fn end(&mut self, path: &str) -> Reply {
        let cookie = format!("{COOKIE}={}", self.cookie);
        self.client.call("GET", path, None, &[("Cookie", &cookie)]).is(303)
    }

    /// All the way.
    fn walk(mut self, provider: &Provider) -> Reply {
        let path = self.back(provider);
        self.end(&path)
    }
}

/// What an answer lets the browser keep under this name.
fn set(reply: &Reply, wanted: &str) -> Option<String> {
    let cookies = reply.headers.iter().filter(|(name, _)| name == "set-cookie");
    let mut pairs = cookies.filter_map(|(_, value)| value.split(';').next()?.split_once('='));
    pairs.find_map(|(name, value)| (name == wanted).then(|| value.to_owned()))
}

#[track_caller]
fn leads_to_refusal(reply: &Reply, code: &str) {
    assert_eq!(reply.header("location"), Some(format!("/?oidc={code}").as_str()));
    assert_eq!(set(reply, "piaohao_session"), None);
}

fn opened() -> (Provider, House) {
    let provider = Provider::open();
    let house = House::with_oidc(provider.settings());
    (provider, house)
}

#[test]
fn whom_the_provider_vouches_for_is_signed_in() {
    let (provider, house) = opened();
    provider.vouch("ana", house.now());
    let oidc = house.nobody().get("/session/ways").is(200).json()["oidc"].clone();
    assert_eq!(oidc["title_zh"], "单点登录");
    let begun = house.nobody().get("/session/oidc").is(303);
    let kept = begun.header("set-cookie").unwrap();
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/api/v1/session/oidc", "Max-Age=600"] {
        assert!(kept.contains(flag), "{kept}");
    }
    let reply = begin(&house, "/matters/8?tab=trail").walk(&provider);
    assert_eq!(reply.header("location"), Some("/matters/8?tab=trail"));
    assert_eq!(set(&reply, COOKIE).as_deref(), Some(""), "it is good once");
    let session = reply.headers.iter().find(|(_, value)| value.starts_with("piaohao_session="));
    // The same cookie as with a password.
    house.known("ana");
    let form = json!({ "operator": "ana", "password": PASSWORD });
    let other = house.nobody().post("/session", &form).is(200);
    let flags = |cookie: &str| cookie.split_once(';').unwrap().1.to_owned();
    assert_eq!(flags(&session.unwrap().1), flags(other.header("set-cookie").unwrap()));
    let cookie = set(&reply, "piaohao_session").unwrap();
    let browser = Browser { cookie, csrf: String::new() };
    let mut ana = Client::with(house.service.address, browser);
    let seen = ana.get("/session").is(200).json();
    assert_eq!(seen["operator"], "ana");
    assert_eq!(seen["must_change_password"], false);
    ana.get("/accounts").is(200);
    // Writes want the token against forgery, as always.
    ana.post("/session/lock", &json!({})).refuses(403, "CsrfTokenWrong");
    ana.browser.as_mut().unwrap().csrf = seen["csrf"].as_str().unwrap().to_owned();
    ana.post("/session/lock", &json!({})).is(204);
    let notes = house.client("shen").get("/audit?operator=ana").is(200).json();
    assert_eq!(notes["rows"][0]["kind"], "signed_in");
    assert_eq!(notes["rows"][0]["fact"], notes["rows"][1]["fact"], "noted as with a password");
}

#[test]
fn the_page_to_go_back_to_is_one_of_ours() {
    let (provider, house) = opened();
    provider.vouch("ana", house.now());
    for evil in ["https://evil.example", "//evil.example", "/%5Cevil.example", "/api/v1/session"] {
        let reply = begin(&house, evil).walk(&provider);
        assert_eq!(reply.header("location"), Some("/"), "{evil}");
    }
}

#[test]
fn a_sign_in_ends_in_the_browser_that_began_it() {
    let (provider, house) = opened();
    provider.vouch("ana", house.now());
    let mut walk = begin(&house, "/");
    let path = walk.back(&provider);
    // Another browser is led here with somebody else's code.
    let reply = house.nobody().get(&path).is(303);
    leads_to_refusal(&reply, "SignInNotBegun");
    let own = std::mem::replace(&mut walk.cookie, begin(&house, "/").cookie);
    leads_to_refusal(&walk.end(&path), "SignInNotBegun");
    // A state that nobody sent.
    walk.cookie = own;
    let (_, query) = path.split_once('?').unwrap();
    let state = fields(query)["state"].clone();
    leads_to_refusal(&walk.end(&path.replace(&state, "forged")), "SignInNotBegun");
    leads_to_refusal(&walk.end("/session/oidc/return"), "SignInNotBegun");
    assert_eq!(provider.given(), 0, "no code was shown to the provider");
    assert_eq!(walk.end(&path).header("location"), Some("/"));
    leads_to_refusal(&walk.end(&path), "SignInNotBegun");
}

#[test]
fn a_sign_in_that_took_too_long_is_over() {
    let (provider, house) = opened();
    let mut walk = begin(&house, "/");
    house.pass(11 * MINUTE);
    provider.vouch("ana", house.now());
    let path = walk.back(&provider);
    leads_to_refusal(&walk.end(&path), "SignInNotBegun");
}

#[test]
fn a_token_that_does_not_hold_signs_nobody_in() {
    let (provider, house) = opened();
    for lie in [Lie::Nonce, Lie::Signature, Lie::Unsigned, Lie::Expired, Lie::Audience, Lie::Issuer]
    {
        provider.vouch_falsely("ana", house.now(), lie);
        let given = provider.given();
        let reply = begin(&house, "/").walk(&provider);
        assert_eq!(provider.given(), given + 1, "{lie:?}");
        leads_to_refusal(&reply, "NotVouched");
    }
    // A code that the provider never gave, and none at all: somebody was not let in.
    for said in ["code=forged", "error=access_denied"] {
        let mut walk = begin(&house, "/");
        let state = fields(walk.there.split_once('?').unwrap().1)["state"].clone();
        let reply = walk.end(&format!("/session/oidc/return?{said}&state={state}"));
        leads_to_refusal(&reply, "NotVouched");
    }
    // The provider itself was right all the time.
    provider.vouch("ana", house.now());
    assert_eq!(begin(&house, "/").walk(&provider).header("location"), Some("/"));
}

#[test]
fn a_provider_may_change_its_keys() {
    let (provider, house) = opened();
    let walk = |house: &House| {
        provider.vouch("ana", house.now());
        begin(house, "/").walk(&provider)
    };
    assert_eq!(walk(&house).header("location"), Some("/"));
    provider.changes_key();
    // Whoever shows unknown keys does not make the bank ask all the time.
    leads_to_refusal(&walk(&house), "NotVouched");
    assert_eq!(provider.described(), 1);
    house.pass(2 * MINUTE);
    assert_eq!(walk(&house).header("location"), Some("/"));
    assert_eq!(provider.described(), 2);
}

#[test]
fn who_may_not_sign_in_is_refused_whoever_vouches() {
    let (provider, house) = opened();
    let fields = json!({ "operator": "bo", "reason": "柜员卡遗失" });
    let form = json!({ "code": "PARM-115", "fields": fields });
    house.client("deng").post("/matters", &form).is(201);
    // One whom nobody knows, and one who was stopped: the same answer.
    for operator in ["nobody", "bo"] {
        provider.vouch(operator, house.now());
        let reply = begin(&house, "/").walk(&provider);
        leads_to_refusal(&reply, "SignInFailed");
    }
    let notes = house.client("shen").get("/audit?operator=bo").is(200).text();
    assert!(notes.contains("sign_in_failed"), "{notes}");
}

#[test]
fn a_provider_that_is_down_is_said_to_be() {
    let (mut provider, house) = opened();
    provider.vouch("ana", house.now());
    let mut walk = begin(&house, "/");
    let path = walk.back(&provider);
    provider.goes_down();
    leads_to_refusal(&walk.end(&path), "ProviderUnreachable");
    // Others still sign in with what they know.
    house.sign_in("bo").get("/session").is(200);
    let settings = provider.settings();
    drop(house);
    let house = House::with_oidc(settings);
    let reply = house.nobody().get("/session/oidc").is(303);
    leads_to_refusal(&reply, "ProviderUnreachable");
    let ways = house.nobody().get("/session/ways").is(200).json();
    let said = ways["oidc"]["refusals"].as_array().unwrap();
    assert!(said.iter().any(|one| one["code"] == "ProviderUnreachable"), "{ways}");
}

#[test]
fn what_a_provider_answers_is_bounded_and_leads_nowhere_else() {
    let provider = Provider::open();
    for instead in ["endless", "elsewhere"] {
        let mut settings = provider.settings();
        settings.issuer += &format!("/{instead}");
        let house = House::with_oidc(settings);
        let reply = house.nobody().get("/session/oidc").is(303);
        leads_to_refusal(&reply, "ProviderUnreachable");
        assert_eq!(provider.described(), 0, "{instead}");
    }
    begin(&House::with_oidc(provider.settings()), "/");
    assert_eq!(provider.described(), 1);
}

#[test]
fn who_begins_too_often_has_to_wait() {
    let provider = Provider::open();
    let house = House::vouched_for(Limits { sign_ins: 2, ..roomy() }, provider.settings());
    for _ in 0..2 {
        begin(&house, "/");
    }
    let reply = house.nobody().get("/session/oidc").is(303);
    leads_to_refusal(&reply, "TooManyRequests");
}

#[test]
fn a_bank_without_a_provider_has_no_such_way() {
    let house = House::open();
    house.nobody().get("/session/oidc").refuses(404, "NotFound");
    house.nobody().get("/session/oidc/return?code=x&state=x").refuses(404, "NotFound");
    let ways = house.nobody().get("/session/ways").is(200).json();
    assert!(ways["oidc"].is_null(), "{ways}");
}
