//! The encryption of a push message: RFC 8291 on top of RFC 8188 (`aes128gcm`).

use crate::channels::settings::BadSettings;
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{self, ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

/// An uncompressed point of P-256.
const PUBLIC: usize = 65;
const UNCOMPRESSED: u8 = 4;
const SECRET: usize = 16;
const SALT: usize = 16;
const KEY: usize = 16;
const NONCE: usize = 12;
/// The size of a record. There is only one, and it is shorter.
const RECORD: u32 = 4_096;
/// Behind the last record's text (RFC 8188, section 2).
const LAST: u8 = 2;

/// Who can read it.
pub(crate) struct Subscriber {
    public: Vec<u8>,
    secret: Vec<u8>,
}

impl Subscriber {
    pub(crate) fn new(public: Vec<u8>, secret: Vec<u8>) -> Result<Self, BadSettings> {
        if public.len() != PUBLIC || public.first() != Some(&UNCOMPRESSED) {
            return Err(BadSettings::Wrong { field: "p256dh", expected: "65 bytes as base64url" });
        }
        if secret.len() != SECRET {
            return Err(BadSettings::Wrong { field: "auth", expected: "16 bytes as base64url" });
        }
        Ok(Self { public, secret })
    }

    /// The body of a request, with a new key and a new salt. `None` when the subscriber's key is no point of the curve.
    pub(crate) fn seal(&self, message: Vec<u8>) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        let ours = EphemeralPrivateKey::generate(&ECDH_P256, &random).ok()?;
        let our_public: Vec<u8> = ours.compute_public_key().ok()?.as_ref().to_vec();
        let mut salt: [u8; SALT] = [0; SALT];
        random.fill(&mut salt).ok()?;
        let theirs: UnparsedPublicKey<&[u8]> = UnparsedPublicKey::new(&ECDH_P256, self.public.as_slice());
        let shared: Vec<u8> = agreement::agree_ephemeral(ours, &theirs, |secret: &[u8]| secret.to_vec()).ok()?;
        self.seal_with(message, &our_public, &shared, &salt)
    }

    fn seal_with(&self, message: Vec<u8>, our_public: &[u8], shared: &[u8], salt: &[u8]) -> Option<Vec<u8>> {
        let (key, nonce) = keys(self, our_public, shared, salt);
        let sealing = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).ok()?);
        let nonce: Nonce = Nonce::try_assume_unique_for_key(&nonce).ok()?;
        let mut record: Vec<u8> = message;
        record.push(LAST);
        sealing.seal_in_place_append_tag(nonce, Aad::empty(), &mut record).ok()?;
        let mut body: Vec<u8> = salt.to_vec();
        body.extend_from_slice(&RECORD.to_be_bytes());
        body.push(u8::try_from(our_public.len()).ok()?);
        body.extend_from_slice(our_public);
        body.extend_from_slice(&record);
        Some(body)
    }
}

/// Key and nonce (RFC 8291, section 3.4).
fn keys(subscriber: &Subscriber, our_public: &[u8], shared: &[u8], salt: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let info: Vec<u8> = [b"WebPush: info\0".as_slice(), subscriber.public.as_slice(), our_public].concat();
    let input: Vec<u8> = derive(&subscriber.secret, shared, &info, 32);
    let key: Vec<u8> = derive(salt, &input, b"Content-Encoding: aes128gcm\0", KEY);
    let nonce: Vec<u8> = derive(salt, &input, b"Content-Encoding: nonce\0", NONCE);
    (key, nonce)
}

/// HKDF with SHA-256 (RFC 5869) for at most 32 bytes, which is one round of it.
fn derive(salt: &[u8], input: &[u8], info: &[u8], n: usize) -> Vec<u8> {
    let extracted: hmac::Tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, salt), input);
    let round: Vec<u8> = [info, &[1]].concat();
    let expanded: hmac::Tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, extracted.as_ref()), &round);
    expanded.as_ref().iter().copied().take(n).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn bytes(written: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(written).unwrap()
    }

    /// RFC 8291, appendix A.
    #[test]
    fn the_example_of_the_rfc_is_sealed_to_the_byte() {
        let subscriber = Subscriber::new(
            bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        )
        .unwrap();
        let ours = bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        let shared = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw");
        let (key, nonce) = keys(&subscriber, &ours, &shared, &salt);
        assert_eq!(key, bytes("oIhVW04MRdy2XN9CiKLxTg"));
        assert_eq!(nonce, bytes("4h_95klXJ5E_qnoN"));
        let message = b"When I grow up, I want to be a watermelon".to_vec();
        let body: Vec<u8> = subscriber.seal_with(message, &ours, &shared, &salt).unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(body), expected);
    }

    #[test]
    fn what_is_no_point_can_not_be_sealed_for() {
        let mut public: Vec<u8> = vec![7; PUBLIC];
        public[0] = UNCOMPRESSED;
        assert!(Subscriber::new(public, vec![0; SECRET]).unwrap().seal(b"a".to_vec()).is_none());
        assert!(Subscriber::new(vec![4; 64], vec![0; SECRET]).is_err());
        assert!(Subscriber::new(vec![4; PUBLIC], vec![0; 15]).is_err());
    }
}
