//! Secrets that we hand out: 256 random bits, of which only the SHA-256 is kept. So many bits need no slow hash (OWASP ASVS 5.0, 6.5.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::secrets::random_256;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// 32 bytes in base64url without padding.
const TOKEN_LENGTH: usize = 43;

/// A new secret of 256 bits as base64url.
pub fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(random_256())
}

/// Whether `text` could have come from [`new_token`]; spares the database a question.
pub fn looks_like_token(text: &str) -> bool {
    text.len() == TOKEN_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// What is stored instead of a secret.
pub fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Compares in a time that tells nothing about where two digests differ.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    bool::from(left.ct_eq(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_the_look_of_tokens_and_differ() {
        let one = new_token();
        assert!(looks_like_token(&one));
        assert_ne!(one, new_token());
        assert!(!looks_like_token(&one[1..]));
        assert!(!looks_like_token(&format!("{}!", &one[1..])));
    }

    #[test]
    fn only_equal_digests_are_the_same() {
        assert!(same(&digest("a"), &digest("a")));
        assert!(!same(&digest("a"), &digest("b")));
        assert!(!same(&digest("a"), &[]));
    }
}
