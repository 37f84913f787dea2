//! 单点登录 (OpenID Connect): a provider of the bank vouches for who somebody is. The browser is
//! sent there with a state, a nonce and a challenge that this node keeps, and comes back with a
//! code; the node itself fetches what the provider says for it, and believes only what the
//! provider has signed for this very sign-in.
//!
//! Source: OpenID Connect Core 1.0, section 3.1; RFC 7636 (PKCE).

use super::{digest, secret};
use crate::home::Home;
use crate::serve::choose_cryptography;
use crate::serve::config;
use crate::serve::refusal;
use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ledger::Refusal;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenVerifier,
    CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::url::{Host, Url};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse as _,
};
use serde_json::Value;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// How long somebody may take at the provider.
pub const PATIENCE_SECONDS: i64 = 600;

/// Sign-ins under way at once: what strangers begin must not fill the memory.
const FLOWS_MAX: usize = 10_000;

/// How long the provider may take to take a call, and to answer it.
const CONNECT: Duration = Duration::from_secs(3);
const ANSWER: Duration = Duration::from_secs(5);

/// Bytes of an answer of the provider; real ones have a few thousand.
const ANSWER_BYTES: usize = 1 << 20;

/// Microseconds for which the provider's description and its keys are believed.
const KNOWN: i64 = 3_600_000_000;

/// How old its keys must be, in microseconds, to ask anew for one that is missing: forged
/// signatures must not make this node call the provider all the time.
const KEYS_SETTLED: i64 = 60_000_000;

/// Only what the provider alone can sign: a shared secret would let this node sign too.
const SIGNED_WITH: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// The provider, and the sign-ins that are under way at it.
pub struct Oidc {
    pub settings: config::Oidc,
    secret: Option<ClientSecret>,
    issuer: IssuerUrl,
    http: reqwest::Client,
    /// What the provider says of itself, and since when that is known.
    known: Mutex<Option<(i64, Arc<CoreProviderMetadata>)>>,
    flows: Mutex<HashMap<String, Flow>>,
}

/// A sign-in under way, kept under its state.
struct Flow {
    /// Digest of the cookie of the browser that began it.
    browser: String,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    /// Where the provider sends the browser back to; the provider asks for the same again.
    redirect: RedirectUrl,
    /// Path of the page to show at the end.
    back: String,
    /// Microseconds since 1970-01-01 UTC.
    until: i64,
}

/// Where to send the browser, and what it has to bring back.
pub struct Begun {
    pub location: String,
    pub cookie: String,
}

/// Whom the provider vouches for.
pub struct Vouched {
    pub operator: String,
    pub back: String,
}

impl Oidc {
    /// The provider that the home's file names, if it names one.
    pub fn of(home: &Home) -> anyhow::Result<Option<Self>> {
        let settings = home.config.serve.as_ref().and_then(|serve| serve.oidc.clone());
        let Some(settings) = settings.filter(|settings| !settings.issuer.is_empty()) else {
            return Ok(None);
        };
        let secret = match &settings.client_secret {
            Some(setting) => {
                let held = home.held("client_secret", setting)?;
                Some(held.unwrap_or_else(|| setting.clone()))
            }
            None => None,
        };
        Self::named(settings, secret).map(Some)
    }

    fn named(settings: config::Oidc, secret: Option<String>) -> anyhow::Result<Self> {
        let wrong = || refusal::provider_wrong(&settings.issuer);
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|_| wrong())?;
        let is_https = issuer.url().scheme() == "https";
        if !is_https && !is_here(issuer.url()) {
            return Err(wrong().into());
        }
        choose_cryptography();
        // What the provider's description names is called only as safely as the provider itself,
        // and nothing that it answers leads elsewhere.
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .redirect(reqwest::redirect::Policy::none())
            .https_only(is_https)
            .no_proxy()
            .build()
            .context("the client of the single sign-on")?;
        let secret = secret.map(ClientSecret::new);
        let (known, flows) = (Mutex::default(), Mutex::default());
        Ok(Self { settings, secret, issuer, http, known, flows })
    }

    /// Begins a sign-in that comes back to the bank at `own` and ends on the page `back`.
    pub async fn begin(&self, own: &str, back: &str, now: i64) -> Result<Begun, Refusal> {
        let redirect = RedirectUrl::new(format!("{own}/api/v1/session/oidc/return"));
        let redirect = redirect.map_err(|_| refusal::malformed("Host"))?;
        let (_, provider) = self.provider(KNOWN, now).await?;
        let client = self.client(&provider).set_redirect_uri(redirect.clone());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let (location, state, nonce) = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let cookie = secret();
        let (browser, back) = (digest(&cookie), back.to_owned());
        let until = now + PATIENCE_SECONDS * 1_000_000;
        let flow = Flow { browser, nonce, verifier, redirect, back, until };
        self.keep(state.secret(), flow, now)?;
        Ok(Begun { location: location.into(), cookie })
    }

    /// Ends the sign-in of this state, which this browser must have begun. Without a code the
    /// provider has not let them in.
    pub async fn finish(
        &self,
        (browser, state): (&str, &str),
        code: Option<String>,
        now: i64,
    ) -> Result<Vouched, Refusal> {
        let flow = self.take(browser, state, now)?;
        let code = code.ok_or_else(refusal::not_vouched)?;
        let (since, provider) = self.provider(KNOWN, now).await?;
        let token = self.exchange(&provider, AuthorizationCode::new(code), &flow).await?;
        let mut verified = self.verify(&provider, &token, &flow.nonce, now);
        let by_unknown_key =
            matches!(verified, Err(ClaimsVerificationError::SignatureVerification(_)));
        if by_unknown_key && now - since > KEYS_SETTLED {
            let (_, provider) = self.provider(KEYS_SETTLED, now).await?;
            verified = self.verify(&provider, &token, &flow.nonce, now);
        }
        verified.map_err(|error| {
            tracing::warn!(%error, "a token of the single sign-on does not hold");
            refusal::not_vouched()
        })?;
        let operator = claim(&token, &self.settings.claim).ok_or_else(|| {
            tracing::warn!(claim = self.settings.claim, "the token does not name the operator");
            refusal::not_vouched()
        })?;
        Ok(Vouched { operator, back: flow.back })
    }

    fn keep(&self, state: &str, flow: Flow, now: i64) -> Result<(), Refusal> {
        let mut flows = self.flows.lock().unwrap_or_else(PoisonError::into_inner);
        if flows.len() >= FLOWS_MAX {
            flows.retain(|_, flow| flow.until >= now);
        }
        if flows.len() >= FLOWS_MAX {
            return Err(refusal::busy());
        }
        flows.insert(state.to_owned(), flow);
        Ok(())
    }

    /// A flow is good once, and only for the browser that began it.
    fn take(&self, browser: &str, state: &str, now: i64) -> Result<Flow, Refusal> {
        let mut flows = self.flows.lock().unwrap_or_else(PoisonError::into_inner);
        let browser = digest(browser);
        let is_right = |flow: &Flow| flow.browser == browser && flow.until >= now;
        if !flows.get(state).is_some_and(is_right) {
            return Err(refusal::sign_in_not_begun());
        }
        flows.remove(state).ok_or_else(refusal::sign_in_not_begun)
    }

    /// What the provider says of itself, with its keys and since when they are known: asked for
    /// anew once that is older than this age.
    async fn provider(
        &self,
        age: i64,
        now: i64,
    ) -> Result<(i64, Arc<CoreProviderMetadata>), Refusal> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known.filter(|(since, _)| now - *since < age) {
            return Ok(known);
        }
        let http = |request: HttpRequest| call(self.http.clone(), request);
        let told = CoreProviderMetadata::discover_async(self.issuer.clone(), &http).await;
        let told = told.map_err(|error| unreachable(&error))?;
        let known = (now, Arc::new(told));
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        Ok(known)
    }

    /// The secret goes the way that the provider takes it; without one only the challenge counts.
    fn client(&self, provider: &CoreProviderMetadata) -> Client {
        let id = ClientId::new(self.settings.client_id.clone());
        let client = CoreClient::from_provider_metadata(provider.clone(), id, self.secret.clone());
        let basic = CoreClientAuthMethod::ClientSecretBasic;
        let ways = provider.token_endpoint_auth_methods_supported();
        match ways.is_none_or(|ways| ways.contains(&basic)) {
            true => client.set_auth_type(AuthType::BasicAuth),
            false => client.set_auth_type(AuthType::RequestBody),
        }
    }

    async fn exchange(
        &self,
        provider: &CoreProviderMetadata,
        code: AuthorizationCode,
        flow: &Flow,
    ) -> Result<CoreIdToken, Refusal> {
        let client = self.client(provider).set_redirect_uri(flow.redirect.clone());
        let http = |request: HttpRequest| call(self.http.clone(), request);
        let verifier = PkceCodeVerifier::new(flow.verifier.secret().clone());
        let request = client.exchange_code(code).map_err(|error| unreachable(&error))?;
        let answer = request.set_pkce_verifier(verifier).request_async(&http).await;
        let answer = answer.map_err(|error| match &error {
            RequestTokenError::ServerResponse(_) => {
                tracing::warn!(%error, "the single sign-on gives nothing for a code");
                refusal::not_vouched()
            }
            _ => unreachable(&error),
        })?;
        answer.id_token().cloned().ok_or_else(refusal::not_vouched)
    }

    /// Signed by the provider, for this client and this sign-in, and not too long ago.
    fn verify(
        &self,
        provider: &CoreProviderMetadata,
        token: &CoreIdToken,
        nonce: &Nonce,
        now: i64,
    ) -> Result<(), ClaimsVerificationError> {
        let client = ClientId::new(self.settings.client_id.clone());
        let (issuer, keys) = (self.issuer.clone(), provider.jwks().clone());
        let moment = UNIX_EPOCH + Duration::from_micros(u64::try_from(now).unwrap_or(0));
        let verifier = CoreIdTokenVerifier::new_public_client(client, issuer, keys)
            .set_allowed_algs(SIGNED_WITH)
            .set_time_fn(move || moment.into());
        token.claims(&verifier, nonce).map(drop)
    }
}

/// Whether an address is one of this machine.
fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The claim of a token that was verified.
fn claim(token: &CoreIdToken, name: &str) -> Option<String> {
    let text = token.to_string();
    let claims = URL_SAFE_NO_PAD.decode(text.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    claims.get(name)?.as_str().map(str::to_owned)
}

/// Logs why nothing could be learned from the provider.
fn unreachable(error: &dyn std::error::Error) -> Refusal {
    let mut says = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        says = format!("{says}: {error}");
        source = error.source();
    }
    tracing::warn!(error = says, "the single sign-on gives no answer");
    refusal::provider_unreachable()
}

/// Calls the provider; an answer that does not end is given up.
async fn call(http: reqwest::Client, request: HttpRequest) -> io::Result<HttpResponse> {
    let request = reqwest::Request::try_from(request).map_err(io::Error::other)?;
    let mut answer = http.execute(request).await.map_err(io::Error::other)?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(io::Error::other)? {
        if body.len() + piece.len() > ANSWER_BYTES {
            return Err(io::Error::other("its answer is too long"));
        }
        body.extend_from_slice(&piece);
    }
    let mut response = HttpResponse::new(body);
    (*response.status_mut(), *response.headers_mut()) = (status, headers);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(issuer: &str) -> anyhow::Result<Oidc> {
        let settings = config::Oidc { issuer: issuer.to_owned(), ..config::Oidc::default() };
        Oidc::named(settings, None)
    }

    #[test]
    fn the_provider_is_called_over_tls_or_is_on_this_machine() {
        for issuer in ["https://idp.example", "http://localhost:8080", "http://[::1]:8080/a"] {
            assert!(at(issuer).is_ok(), "{issuer}");
        }
        for issuer in ["http://idp.example", "ftp://idp.example", "no address", "http://10.0.0.1"] {
            let no = at(issuer).err().unwrap().downcast::<Refusal>().unwrap();
            assert_eq!((no.code, no.field.as_str()), ("ProviderWrong", "issuer"), "{issuer}");
        }
    }

    #[test]
    fn sign_ins_under_way_have_an_end_and_a_limit() {
        let oidc = at("https://idp.example").unwrap();
        let flow = |until| Flow {
            browser: digest("browser"),
            nonce: Nonce::new("nonce".to_owned()),
            verifier: PkceCodeVerifier::new("verifier".to_owned()),
            redirect: RedirectUrl::new("https://bank.example".to_owned()).unwrap(),
            back: "/".to_owned(),
            until,
        };
        for number in 0..FLOWS_MAX {
            oidc.keep(&number.to_string(), flow(10), 0).unwrap();
        }
        assert_eq!(oidc.keep("more", flow(20), 10).unwrap_err().code, "Busy");
        oidc.keep("more", flow(20), 11).unwrap();
        assert_eq!(oidc.flows.lock().unwrap().len(), 1, "what is over makes room");
        assert!(oidc.take("other", "more", 11).is_err());
        assert!(oidc.take("browser", "more", 21).is_err());
        oidc.take("browser", "more", 20).unwrap();
        assert!(oidc.take("browser", "more", 20).is_err());
    }
}
