//! The service over TLS, as a client on the network speaks it.

use crate::program::Place;
use crate::served::{Answer, LONG, Served, ask_over, until};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::fs;
use std::net::TcpStream;
use std::sync::Arc;

// openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500
//     -subj '/CN=piaohao of tests' -addext subjectAltName=IP:127.0.0.1
//     -addext basicConstraints=critical,CA:FALSE
const CERTIFICATE: &str = include_str!("certificate_of_tests.pem");
const KEY: &str = include_str!("key_of_tests.pem");

/// One request of a client that believes the certificate of the tests and no other.
fn ask_safely(at: &str, path: &str) -> Option<Answer> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let server = ServerName::try_from("127.0.0.1").unwrap();
    let client = ClientConnection::new(Arc::new(config), server).unwrap();
    let stream = TcpStream::connect(at).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    ask_over(StreamOwned::new(client, stream), at, ("GET", path), "", "")
}

#[test]
fn with_a_certificate_only_tls_is_spoken() {
    let place = Place::open();
    let (certificate, key) = (place.write("cert.pem", CERTIFICATE), place.write("key.pem", KEY));
    let serve = ["--json", "serve", "--listen", "127.0.0.1:0", "--certificate", &certificate];
    let served = Served::of(place.command(&[&serve[..], &["--key", &key]].concat()));
    until(|| ask_safely(&served.at, "/ready").is_some_and(|answer| answer.text == "writer"));
    let answer = ask_safely(&served.at, "/api/v1/session/ways").unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    let head = answer.head.to_ascii_lowercase();
    assert!(head.contains("strict-transport-security: max-age=31536000"), "{head}");
    assert!(served.ask("GET", "/ready", "", "").is_none(), "it was answered in the clear");
}

#[test]
fn a_certificate_that_cannot_serve_is_refused_before_anybody_is_served() {
    let place = Place::open();
    let (certificate, key) = (place.write("cert.pem", CERTIFICATE), place.write("key.pem", KEY));
    let refused = |certificate: &str, key: &str| {
        let serve = ["serve", "--listen", "127.0.0.1:0", "--certificate", certificate];
        let ran = place.run(&[&serve[..], &["--key", key]].concat());
        ran.ends(1).refuses("TlsUnusable", None);
    };
    refused(&place.path("none.pem").display().to_string(), &key);
    refused(&certificate, &certificate);
    refused(&place.write("empty.pem", ""), &key);
    let config = place.home().join("piaohao.toml");
    let text = fs::read_to_string(&config).unwrap();
    for half in ["certificate", "key"] {
        fs::write(&config, format!("{text}\n[serve]\n{half} = \"cert.pem\"\n")).unwrap();
        let ran = place.run(&["serve", "--listen", "127.0.0.1:0"]);
        ran.ends(1).refuses("TlsHalf", None);
    }
}
