//! Secrets at rest: sealed under a key the database does not have.
//!
//! Each sealing derives a key of its own from the master key and 256 random bits (HKDF, RFC 5869), so no nonce is ever used twice, and
//! binds the text to the place it stands in: a value that is copied into another row does not open there. Nothing here is ever shown.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest;
use ring::error::Unspecified;
use ring::hkdf::{HKDF_SHA256, Prk, Salt};
use ring::hmac;
use std::fmt;

/// Of a master key, in bytes.
pub const KEY_LEN: usize = 32;
const FORMAT: u8 = 1;
const ID_LEN: usize = 8;
const SALT_LEN: usize = 32;
const HEAD_LEN: usize = 1 + ID_LEN + SALT_LEN;
const PURPOSE: &[u8] = b"mimamori secrets at rest, 1";
const SIGNING: &[u8] = b"mimamori signatures, 1";
/// Of a signature, in bytes.
pub const SIGNATURE_LEN: usize = 32;

/// Why secrets can't be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the secrets were sealed with a master key that is not here")]
    OtherKey,
    #[error("the sealed secrets are damaged, or belong to another place")]
    Damaged,
    #[error("the secrets can't be sealed")]
    Sealing,
}

#[derive(Clone)]
struct Key {
    id: [u8; ID_LEN],
    secret: [u8; KEY_LEN],
}

impl Key {
    fn new(secret: [u8; KEY_LEN]) -> Self {
        let mut text: Vec<u8> = b"mimamori master key, 1".to_vec();
        text.extend_from_slice(&secret);
        let digest = digest::digest(&digest::SHA256, &text);
        let mut id = [0_u8; ID_LEN];
        id.copy_from_slice(&digest.as_ref()[..ID_LEN]);
        Self { id, secret }
    }

    fn derived(&self, salt: &[u8]) -> Result<LessSafeKey, Unspecified> {
        let prk: Prk = Salt::new(HKDF_SHA256, salt).extract(&self.secret);
        let info: [&[u8]; 1] = [PURPOSE];
        let okm = prk.expand(&info, &AES_256_GCM)?;
        Ok(LessSafeKey::new(UnboundKey::from(okm)))
    }

    /// A key that signs for one purpose, and is of no use for another.
    fn signing(&self, purpose: &str) -> hmac::Key {
        let prk: Prk = Salt::new(HKDF_SHA256, SIGNING).extract(&self.secret);
        let info: [&[u8]; 1] = [purpose.as_bytes()];
        let okm = prk.expand(&info, hmac::HMAC_SHA256).expect("as many bytes are asked for as the hash has, which HKDF allows");
        hmac::Key::from(okm)
    }
}

/// The master keys: one that seals, and earlier ones that still open.
#[derive(Clone)]
pub struct Keys {
    current: Key,
    older: Vec<Key>,
}

impl fmt::Debug for Keys {
    /// Says nothing: this is what must not end up in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    /// With one master key, 256 bits from the operating system.
    #[must_use]
    pub fn new(current: [u8; KEY_LEN]) -> Self {
        Self { current: Key::new(current), older: Vec::new() }
    }

    /// With one more key that only opens: what was sealed before the current one came.
    #[must_use]
    pub fn with_older(mut self, older: [u8; KEY_LEN]) -> Self {
        self.older.push(Key::new(older));
        self
    }

    /// Seals `plain` for `place`, such as `channel/ops`.
    ///
    /// # Errors
    /// [`SealError::Sealing`] when there is more of it than AES-GCM takes (64 GiB).
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let salt: [u8; SALT_LEN] = kernel::secrets::random_256();
        let key: LessSafeKey = self.current.derived(&salt).map_err(|_| SealError::Sealing)?;
        let mut text: Vec<u8> = plain.to_vec();
        key.seal_in_place_append_tag(nonce(), Aad::from(place.as_bytes()), &mut text).map_err(|_| SealError::Sealing)?;
        let mut sealed: Vec<u8> = Vec::with_capacity(HEAD_LEN + text.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&self.current.id);
        sealed.extend_from_slice(&salt);
        sealed.extend_from_slice(&text);
        Ok(sealed)
    }

    /// Opens what [`Keys::seal`] made for the same place.
    ///
    /// # Errors
    /// [`SealError::OtherKey`], [`SealError::Damaged`].
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        if sealed.len() < HEAD_LEN || sealed[0] != FORMAT {
            return Err(SealError::Damaged);
        }
        let id: &[u8] = &sealed[1..=ID_LEN];
        let salt: &[u8] = &sealed[1 + ID_LEN..HEAD_LEN];
        let mut known = std::iter::once(&self.current).chain(&self.older);
        let key: &Key = known.find(|key| key.id.as_slice() == id).ok_or(SealError::OtherKey)?;
        let key: LessSafeKey = key.derived(salt).map_err(|_| SealError::Damaged)?;
        let mut text: Vec<u8> = sealed[HEAD_LEN..].to_vec();
        let plain: &mut [u8] =
            key.open_in_place(nonce(), Aad::from(place.as_bytes()), &mut text).map_err(|_| SealError::Damaged)?;
        Ok(plain.to_vec())
    }
}

impl Keys {
    /// Signs `message` for `purpose` (HMAC-SHA-256 under a key derived for it).
    #[must_use]
    pub fn sign(&self, purpose: &str, message: &[u8]) -> Vec<u8> {
        hmac::sign(&self.current.signing(purpose), message).as_ref().to_vec()
    }

    /// Whether [`Keys::sign`] made this signature, under the current master key or an older one. Takes as long for every wrong one.
    #[must_use]
    pub fn is_signed(&self, purpose: &str, message: &[u8], signature: &[u8]) -> bool {
        let mut known = std::iter::once(&self.current).chain(&self.older);
        known.any(|key| hmac::verify(&key.signing(purpose), message, signature).is_ok())
    }
}

/// The only one a key ever sees, because each key seals once.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0_u8; NONCE_LEN])
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: &str = "channel/ops";

    #[test]
    fn what_was_sealed_opens_in_its_place_and_nowhere_else() {
        let keys = Keys::new([7; KEY_LEN]);
        let sealed: Vec<u8> = keys.seal(PLACE, b"xoxb-secret").unwrap();
        assert_eq!(keys.open(PLACE, &sealed).unwrap(), b"xoxb-secret");
        assert_eq!(keys.open("channel/other", &sealed), Err(SealError::Damaged));
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_ne!(keys.seal(PLACE, b"xoxb-secret").unwrap(), sealed, "every sealing is another");
    }

    #[test]
    fn every_changed_or_missing_byte_is_noticed() {
        let keys = Keys::new([7; KEY_LEN]);
        let sealed: Vec<u8> = keys.seal(PLACE, b"s").unwrap();
        for at in 0..sealed.len() {
            let mut changed: Vec<u8> = sealed.clone();
            changed[at] ^= 1;
            assert!(keys.open(PLACE, &changed).is_err(), "{at}");
            assert!(keys.open(PLACE, &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn an_older_key_opens_and_a_lost_one_does_not() {
        let sealed: Vec<u8> = Keys::new([1; KEY_LEN]).seal(PLACE, b"s").unwrap();
        assert_eq!(Keys::new([2; KEY_LEN]).open(PLACE, &sealed), Err(SealError::OtherKey));
        assert_eq!(Keys::new([2; KEY_LEN]).with_older([1; KEY_LEN]).open(PLACE, &sealed).unwrap(), b"s");
    }

    #[test]
    fn a_signature_holds_for_its_purpose_its_message_and_no_other() {
        let keys = Keys::new([7; KEY_LEN]);
        let signature: Vec<u8> = keys.sign("links", b"one");
        assert_eq!(signature.len(), SIGNATURE_LEN);
        assert!(keys.is_signed("links", b"one", &signature));
        assert!(Keys::new([8; KEY_LEN]).with_older([7; KEY_LEN]).is_signed("links", b"one", &signature));
        assert!(!keys.is_signed("links", b"two", &signature) && !keys.is_signed("other", b"one", &signature));
        assert!(!Keys::new([8; KEY_LEN]).is_signed("links", b"one", &signature));
        for at in 0..SIGNATURE_LEN {
            let mut changed: Vec<u8> = signature.clone();
            changed[at] ^= 1;
            assert!(!keys.is_signed("links", b"one", &changed) && !keys.is_signed("links", b"one", &signature[..at]), "{at}");
        }
    }

    #[test]
    fn keys_do_not_print_themselves() {
        assert_eq!(format!("{:?}", Keys::new([1; KEY_LEN])), "Keys");
    }
}
