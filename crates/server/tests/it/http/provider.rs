//! A small provider of OpenID Connect, on a port of its own: it describes itself, lets in whom a
//! test names, gives a code for the browser to carry, and a signed token for the code. It lies
//! where a test tells it to.

use crate::wire::Client;
use axum::Router;
use axum::extract::{RawForm, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::core::{
    CoreIdToken, CoreIdTokenClaims, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
    CoreRsaPrivateSigningKey,
};
use openidconnect::url::form_urlencoded;
use openidconnect::{
    Audience, EmptyAdditionalClaims, EndUserUsername, IssuerUrl, JsonWebKeyId, Nonce,
    PrivateSigningKey as _, StandardClaims, SubjectIdentifier,
};
use serde_json::{Value, json};
use server::testing::OidcSettings;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};
use tokio::runtime::Runtime;

const KEY: &str = include_str!("provider_of_tests.pem");
const CLIENT: &str = "piaohao";
const SECRET: &str = "shared-with-the-provider";

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lie {
    #[default]
    None,
    /// Of another sign-in.
    Nonce,
    /// Says something else than was signed.
    Signature,
    /// Signed by nobody at all.
    Unsigned,
    Expired,
    /// For another client.
    Audience,
    /// By another provider.
    Issuer,
}

#[derive(Default)]
struct Says {
    operator: String,
    lie: Lie,
    /// Microseconds since 1970-01-01 UTC.
    now: i64,
    /// What the browser was sent with, by the code that it got for it.
    asked: BTreeMap<String, Fields>,
    /// Its keys so far; the last one signs.
    keys: usize,
    /// Tokens that it gave away.
    given: usize,
    /// How often it said what it is.
    described: usize,
}

type Fields = BTreeMap<String, String>;

#[derive(Clone)]
struct Shared {
    issuer: String,
    says: Arc<Mutex<Says>>,
}

pub struct Provider {
    address: SocketAddr,
    shared: Shared,
    runtime: Option<Runtime>,
}

impl Provider {
    pub fn open() -> Self {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Shared { issuer: format!("http://{address}"), says: Arc::default() };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/endless/.well-known/openid-configuration", get(endless))
            .route("/elsewhere/.well-known/openid-configuration", get(elsewhere))
            .route("/keys", get(keys))
            .route("/authorise", get(authorise))
            .route("/token", post(token))
            .with_state(shared.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { address, shared, runtime: Some(runtime) }
    }

    /// As `[serve.oidc]` names it.
    pub fn settings(&self) -> OidcSettings {
        OidcSettings {
            issuer: self.shared.issuer.clone(),
            client_id: CLIENT.to_owned(),
            client_secret: Some(SECRET.to_owned()),
            ..OidcSettings::default()
        }
    }

    /// Vouches for this operator from now on, at this instant.
    pub fn vouch(&self, operator: &str, now: i64) {
        self.vouch_falsely(operator, now, Lie::None);
    }

    pub fn vouch_falsely(&self, operator: &str, now: i64, lie: Lie) {
        let mut says = self.shared.says.lock().unwrap();
        (says.operator, says.now, says.lie) = (operator.to_owned(), now, lie);
    }

    /// Signs with a key of another name from now on.
    pub fn changes_key(&self) {
        self.shared.says.lock().unwrap().keys += 1;
    }

    /// Walks a browser through its pages; answers where it leads the browser then.
    pub fn walk(&self, location: &str) -> String {
        let path = location.strip_prefix(&self.shared.issuer).unwrap();
        let reply = Client::nobody(self.address).get(&format!("/{path}")).is(303);
        reply.header("location").unwrap().to_owned()
    }

    /// Tokens that it gave away.
    pub fn given(&self) -> usize {
        self.shared.says.lock().unwrap().given
    }

    /// How often it was asked what it is.
    pub fn described(&self) -> usize {
        self.shared.says.lock().unwrap().described
    }

    pub fn goes_down(&mut self) {
        self.runtime.take().unwrap().shutdown_timeout(Duration::from_secs(5));
    }
}

/// The fields of a query or of a form.
pub fn fields(text: &str) -> Fields {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

fn answer(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

async fn describe(State(Shared { issuer, says }): State<Shared>) -> Response {
    says.lock().unwrap().described += 1;
    let says = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorise"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    answer(StatusCode::OK, &says)
}

/// More than anybody wants to read.
async fn endless() -> Response {
    answer(StatusCode::OK, &json!({ "issuer": "x".repeat(2 << 20) }))
}

/// Somebody else may know.
async fn elsewhere() -> Response {
    let to = "/.well-known/openid-configuration";
    (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
}

fn key(says: &Says) -> CoreRsaPrivateSigningKey {
    let name = JsonWebKeyId::new(format!("key-{}", says.keys));
    CoreRsaPrivateSigningKey::from_pem(KEY, Some(name)).unwrap()
}

async fn keys(State(Shared { says, .. }): State<Shared>) -> Response {
    let keys = CoreJsonWebKeySet::new(vec![key(&says.lock().unwrap()).as_verification_key()]);
    answer(StatusCode::OK, &serde_json::to_value(keys).unwrap())
}

async fn authorise(
    State(Shared { says, .. }): State<Shared>,
    RawQuery(query): RawQuery,
) -> Response {
    let asked = fields(&query.unwrap());
    assert_eq!(asked["client_id"], CLIENT);
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
    let mut says = says.lock().unwrap();
    let code = format!("code-{}", says.asked.len());
    let to = format!("{}?code={code}&state={}", asked["redirect_uri"], asked["state"]);
    says.asked.insert(code, asked);
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

async fn token(
    State(Shared { issuer, says }): State<Shared>,
    headers: HeaderMap,
    RawForm(form): RawForm,
) -> Response {
    let form = fields(std::str::from_utf8(&form).unwrap());
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{SECRET}")));
    if headers.get(header::AUTHORIZATION).is_none_or(|sent| sent != &basic) {
        return answer(StatusCode::UNAUTHORIZED, &json!({ "error": "invalid_client" }));
    }
    let mut says = says.lock().unwrap();
    // A code is good once, for who has what its challenge was made of.
    let asked = says.asked.remove(&form["code"]).filter(|asked| {
        let made = URL_SAFE_NO_PAD.encode(Sha256::digest(form["code_verifier"].as_bytes()));
        asked["code_challenge"] == made && asked["redirect_uri"] == form["redirect_uri"]
    });
    let Some(asked) = asked else {
        return answer(StatusCode::BAD_REQUEST, &json!({ "error": "invalid_grant" }));
    };
    says.given += 1;
    let token = id_token(&issuer, &says, &asked["nonce"]);
    let given = json!({ "access_token": "none", "token_type": "Bearer", "id_token": token });
    answer(StatusCode::OK, &given)
}

fn id_token(issuer: &str, says: &Says, nonce: &str) -> String {
    let lie = says.lie;
    let micros = u64::try_from(says.now).unwrap();
    let now = UNIX_EPOCH + Duration::from_micros(micros);
    let minutes = Duration::from_secs(300);
    let ends = if lie == Lie::Expired { now - minutes } else { now + minutes };
    let issuer = if lie == Lie::Issuer { "https://evil.example" } else { issuer };
    let audience = if lie == Lie::Audience { "another" } else { CLIENT };
    let nonce = if lie == Lie::Nonce { "of another sign-in" } else { nonce };
    let who = StandardClaims::new(SubjectIdentifier::new("a-1".to_owned()))
        .set_preferred_username(Some(EndUserUsername::new(says.operator.clone())));
    let claims = CoreIdTokenClaims::new(
        IssuerUrl::new(issuer.to_owned()).unwrap(),
        vec![Audience::new(audience.to_owned())],
        ends.into(),
        (now - minutes).into(),
        who,
        EmptyAdditionalClaims {},
    );
    let claims = claims.set_nonce(Some(Nonce::new(nonce.to_owned())));
    let signed_with = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
    let token = CoreIdToken::new(claims, &key(says), signed_with, None, None).unwrap().to_string();
    let [head, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
    match lie {
        Lie::Signature => {
            let said = String::from_utf8(URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
            let other = said.replace(&format!("\"{}\"", says.operator), "\"zong\"");
            assert_ne!(said, other);
            format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(other))
        }
        Lie::Unsigned => {
            let head = URL_SAFE_NO_PAD.encode(json!({ "alg": "none" }).to_string());
            format!("{head}.{claims}.")
        }
        _ => token,
    }
}
