//! Keys of integrations: 160 random bits in the 32 characters that PagerDuty's clients expect of a routing key. Only the SHA-256 is kept.

use kernel::secrets::random_256;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Base32 in lower case (RFC 4648, section 6): nothing that is mistaken for something else when it is read aloud.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
pub(super) const LENGTH: usize = 32;
const PREFIX: usize = 6;

/// A new key.
pub(super) fn new() -> String {
    // Every byte gives five bits, the three others are left out: 32 bytes, 32 characters, 160 bits.
    random_256().iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect()
}

/// Whether `text` could be a key; spares the database a question.
pub(super) fn looks_like_key(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

/// What is stored instead of a key.
pub(super) fn digest(text: &str) -> [u8; 32] {
    digest_of(text.as_bytes())
}

/// Of a whole body, to know it again.
pub(super) fn digest_of(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Compares in a time that tells nothing about where two digests differ.
pub(super) fn same(left: &[u8], right: &[u8]) -> bool {
    bool::from(left.ct_eq(right))
}

/// By what people tell keys apart.
pub(super) fn prefix(text: &str) -> String {
    text.chars().take(PREFIX).collect()
}

#[cfg(test)]
mod tests {
    use super::{digest, looks_like_key, new, prefix, same};

    #[test]
    fn keys_look_like_keys_and_differ() {
        let key: String = new();
        assert!(looks_like_key(&key), "{key}");
        assert_ne!(key, new());
        for wrong in [&key[1..], &format!("{}A", &key[1..]), &format!("{}1", &key[1..]), ""] {
            assert!(!looks_like_key(wrong), "{wrong}");
        }
        assert_eq!(prefix(&key), key[..6]);
    }

    #[test]
    fn only_equal_digests_are_the_same() {
        assert!(same(&digest("a"), &digest("a")));
        assert!(!same(&digest("a"), &digest("b")) && !same(&digest("a"), &[]));
    }
}
