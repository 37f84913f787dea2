//! Digests as people and files write them: hexadecimal digits, in small letters.

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest that 64 hexadecimal digits stand for.
pub fn digest(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_as_it_was_written() {
        let bytes: [u8; 32] = std::array::from_fn(|at| u8::try_from(at * 8).unwrap());
        assert_eq!(hex(&bytes[..3]), "000810");
        assert_eq!(digest(&hex(&bytes)), Some(bytes));
        assert_eq!(digest("00"), None);
        assert_eq!(digest(&"é".repeat(32)), None);
        assert_eq!(digest(&"g".repeat(64)), None);
    }
}
