//! Who one is: passwords and second factors, sessions of people, tokens of systems, and the second
//! person of a step that takes two.

mod caller;
mod credential;
mod oidc;
mod session;
mod shelf;
mod ticket;
mod token;

pub use caller::{COOKIE, Caller, Credential, Present, address, cookie, credential};
pub use credential::{Credentials, Proof, Proved, SHELF as CREDENTIALS, Wrong};
pub use oidc::{Oidc, PATIENCE_SECONDS};
pub use session::{Session, Sessions};
pub use ticket::{Ticket, Tickets};
pub use token::{MATTERS, Token, Tokens};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// 32 random bytes, as text that fits into a cookie and a header.
pub fn secret() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system has random bytes");
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Letters and digits that nobody mistakes for others, for passwords that are read out once.
pub fn one_time_password() -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut bytes = [0; 15];
    getrandom::fill(&mut bytes).expect("the system has random bytes");
    // Three signs of other classes, so that every policy takes it.
    let text: String =
        bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    format!("{}-{}-{}", &text[..5], text[5..10].to_lowercase(), &text[10..])
}

/// The name under which a secret is kept: who reads the store cannot use what is there.
pub fn digest(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_their_digests_do_not() {
        assert_ne!(secret(), secret());
        assert_eq!(digest("a"), digest("a"));
        assert_ne!(digest("a"), digest("b"));
        let password = one_time_password();
        assert_eq!(password.len(), 17);
        assert!(password.contains('-'));
    }
}
