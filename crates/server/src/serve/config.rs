//! What `[serve]` of `piaohao.toml` says; flags and the environment say it louder.

use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where and how the bank is served.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServeConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// PEM files; with both, only TLS is spoken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<PathBuf>,
    /// A font with Chinese characters that PDF is printed with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub font: Option<PathBuf>,
    /// Folder of backups; a relative one lies in the home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup: Option<PathBuf>,
    /// Address of an OpenTelemetry collector that takes traces over HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traces: Option<String>,
    pub limits: Limits,
    /// Who else vouches for people; nobody, unless it names an issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc: Option<Oidc>,
}

/// 单点登录: the provider of the bank that vouches for who somebody is (OpenID Connect).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Oidc {
    /// Address of the provider, as its own description spells it.
    pub issuer: String,
    pub client_id: String,
    /// As `store`: `env:NAME` or `file:PATH` hold it, or it stands here. A public client has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// The claim that names the operator.
    pub claim: String,
    /// What the button says.
    pub title_zh: String,
    pub title_en: String,
    /// Where browsers reach the bank, if that is not what they say themselves: behind a proxy that
    /// ends TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret: None,
            claim: "preferred_username".to_owned(),
            title_zh: "单点登录".to_owned(),
            title_en: "Single sign-on".to_owned(),
            address: None,
        }
    }
}

/// How much one node takes on at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body: usize,
    /// Bytes of a bulk stream; it is read in pieces and never held whole.
    pub stream: usize,
    /// Seconds until a request is given up; streams have no end.
    pub seconds: u64,
    /// Seconds in which a request has to say what it wants: its line and its headers. So long may
    /// a body keep silent too.
    pub header_seconds: u64,
    /// Connections at once.
    pub connections: usize,
    /// Commands handed in and not yet answered.
    pub commands: usize,
    /// Tries to sign in, a minute, of one address.
    pub sign_ins: u32,
    /// Requests a second of one session, and of one address of who is not known; 0: any number.
    pub rate: u32,
    /// Requests that one caller may have in advance of it.
    pub burst: u32,
    /// Requests a second of one token; 0: any number.
    pub token_rate: u32,
    /// Reports that are made at once; more wait.
    pub reports: usize,
    /// Seconds until a report is given up.
    pub report_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 2 << 20,
            stream: 4 << 30,
            seconds: 30,
            header_seconds: 15,
            connections: 10_000,
            commands: 4_096,
            sign_ins: 30,
            rate: 200,
            burst: 1_000,
            // The bank gave the token to a system of its own, which posts as fast as it can.
            token_rate: 0,
            reports: 2,
            report_seconds: 120,
        }
    }
}
