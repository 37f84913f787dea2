//! A fixed 64-bit mixing hash: the same on every machine and in every run, so that what is
//! rebuilt from blocks equals what was held in memory. Not a cryptographic digest.

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
const FOLD: u64 = 0xd6e8_feb8_6659_fd93;

/// Folds one more word into a hash.
pub fn mix(hash: u64, word: u64) -> u64 {
    let product = u128::from(hash ^ word ^ SEED) * u128::from(FOLD);
    let folded = (product as u64) ^ ((product >> 64) as u64);
    folded.wrapping_add(word.rotate_left(23))
}

/// Folds text into a hash, its length included.
pub fn mix_text(hash: u64, text: &str) -> u64 {
    let mut hash = mix(hash, text.len() as u64);
    for chunk in text.as_bytes().chunks(8) {
        let mut word = [0_u8; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = mix(hash, u64::from_le_bytes(word));
    }
    hash
}
