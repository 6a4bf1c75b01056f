//! Web push: what a push service and a browser would do with it.

use super::{Fake, channel, later, outbound, page, reply};
use crate::channels::{BadSettings, Channel, SendError, Sent, web_push};
use crate::page::Kind;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{self, ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey};
use ring::rand::SystemRandom;
use ring::signature::{self, ECDSA_P256_SHA256_FIXED};
use ring::{hkdf, hmac};
use serde_json::{Value, json};

const AUTH: [u8; 16] = [7; 16];

fn browser(fake: &Fake, key: &web_push::VapidKey, public: &[u8]) -> web_push::Browser {
    let settings = json!({
        "endpoint": format!("{}/push/abcdefghijklmnopqrstuvwxyz", fake.url),
        "p256dh": URL_SAFE_NO_PAD.encode(public),
        "auth": URL_SAFE_NO_PAD.encode(AUTH),
        "vapid_key": key.private,
        "subject": "mailto:admin@example.jp",
    });
    web_push::Browser::new(&settings, &outbound()).unwrap()
}

/// Ring's own HKDF, which the channel doesn't use.
fn derive(salt: &[u8], input: &[u8], info: &[u8], n: usize) -> Vec<u8> {
    struct Length(usize);
    impl hkdf::KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    let mut out: Vec<u8> = vec![0; n];
    let info: [&[u8]; 1] = [info];
    let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(input);
    extracted.expand(&info, Length(n)).unwrap().fill(&mut out).unwrap();
    out
}

/// What the browser reads (RFC 8291, section 3.4).
fn opened(private: EphemeralPrivateKey, public: &[u8], body: &[u8]) -> Value {
    let (salt, rest) = body.split_at(16);
    assert_eq!(rest[..5], [0, 0, 16, 0, 65], "one record of 4096, and a key of 65 bytes");
    let (theirs, sealed) = rest[5..].split_at(65);
    let peer: UnparsedPublicKey<&[u8]> = UnparsedPublicKey::new(&ECDH_P256, theirs);
    let shared: Vec<u8> = agreement::agree_ephemeral(private, &peer, |secret: &[u8]| secret.to_vec()).unwrap();
    let info: Vec<u8> = [b"WebPush: info\0".as_slice(), public, theirs].concat();
    let input: Vec<u8> = derive(&AUTH, &shared, &info, 32);
    let key: Vec<u8> = derive(salt, &input, b"Content-Encoding: aes128gcm\0", 16);
    let nonce: Vec<u8> = derive(salt, &input, b"Content-Encoding: nonce\0", 12);
    let opening = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap());
    let mut record: Vec<u8> = sealed.to_vec();
    let nonce: Nonce = Nonce::try_assume_unique_for_key(&nonce).unwrap();
    let text: &mut [u8] = opening.open_in_place(nonce, Aad::empty(), &mut record).unwrap();
    assert_eq!(text.last(), Some(&2));
    serde_json::from_slice(&text[..text.len() - 1]).unwrap()
}

#[tokio::test]
async fn the_browser_can_read_it_and_the_push_service_knows_who_we_are() {
    let fake: Fake = Fake::start(vec![reply(201, "")]).await;
    let key: web_push::VapidKey = web_push::new_key();
    let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
    let public: Vec<u8> = private.compute_public_key().unwrap().as_ref().to_vec();
    let sent: Sent = browser(&fake, &key, &public).send(&page(Kind::Fired)).await.unwrap();
    assert_eq!(sent.reference.as_deref(), Some("key-fired"));
    let seen = fake.seen();
    assert_eq!(seen[0].path, "/push/abcdefghijklmnopqrstuvwxyz");
    for (name, value) in [("ttl", "3600"), ("urgency", "high"), ("content-encoding", "aes128gcm")] {
        assert_eq!(seen[0].header(name), value, "{name}");
    }
    assert_eq!(seen[0].header("topic").len(), 32);
    let (token, shown) = seen[0].header("authorization").strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(shown, key.public);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let verifier = signature::UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, URL_SAFE_NO_PAD.decode(shown).unwrap());
    verifier.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    let claims: Vec<u8> = URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims, json!({ "aud": fake.url, "exp": 1_760_956_250 + 43_200, "sub": "mailto:admin@example.jp" }));
    let message: Value = opened(private, &public, &seen[0].body);
    assert_eq!((&message["title"], &message["lang"]), (&json!("🚨 API応答時間が遅い"), &json!("ja")));
    assert_eq!(message["acknowledge"], json!({ "label": "引き受ける", "url": "https://mimamori.example.jp/acknowledge/abc" }));
    assert_eq!(message["tag"], json!(seen[0].header("topic")));
    for text in ["done", "failed"] {
        assert!(message[text].as_str().is_some_and(|said| !said.is_empty()), "{text}");
    }
}

#[test]
fn what_a_browser_says_of_itself_is_looked_at() {
    let key: web_push::VapidKey = web_push::new_key();
    let good = json!({
        "endpoint": "https://push.example/1",
        "p256dh": key.public,
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
        "vapid_key": key.private,
        "subject": "mailto:a@example.jp",
    });
    assert!(web_push::Browser::new(&good, &outbound()).is_ok());
    for (field, value) in [
        ("endpoint", "ftp://push.example/1"),
        ("endpoint", "https://user:secret@push.example/"),
        ("p256dh", "AAAA"),
        ("auth", "AAAA"),
        ("vapid_key", "AAAA"),
        ("subject", "admin"),
    ] {
        let mut wrong: Value = good.clone();
        wrong[field] = json!(value);
        let refused = web_push::Browser::new(&wrong, &outbound()).err();
        assert!(matches!(&refused, Some(BadSettings::Wrong { field: name, .. }) if *name == field), "{field}: {refused:?}");
    }
}

#[tokio::test]
async fn a_channel_that_no_room_knows_the_browsers_of_reaches_nobody() {
    let alone = channel("web_push", &json!({ "people": "sato@example.jp, hana@example.com" }));
    assert!(matches!(alone.send(&page(Kind::Fired)).await, Err(SendError::Refused { .. })));
}

#[tokio::test]
async fn what_follows_replaces_the_first_one_quietly() {
    let fake: Fake = Fake::start(vec![reply(201, ""), reply(201, "")]).await;
    let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
    let public: Vec<u8> = private.compute_public_key().unwrap().as_ref().to_vec();
    let browser = browser(&fake, &web_push::new_key(), &public);
    browser.send(&page(Kind::Fired)).await.unwrap();
    browser.send(&later(Kind::Resolved, "key-fired")).await.unwrap();
    let seen = fake.seen();
    assert_eq!(seen[0].header("topic"), seen[1].header("topic"));
    assert_eq!(seen[1].header("urgency"), "normal");
    assert_ne!(seen[0].body[..16], seen[1].body[..16], "every message has a salt of its own");
}

#[tokio::test]
async fn a_subscription_that_is_gone_is_never_and_a_busy_service_is_later() {
    let fake: Fake =
        Fake::start(vec![reply(410, ""), reply(404, ""), reply(429, "").with("retry-after", "5"), reply(413, "")]).await;
    let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
    let public: Vec<u8> = private.compute_public_key().unwrap().as_ref().to_vec();
    let browser = browser(&fake, &web_push::new_key(), &public);
    for _ in 0..2 {
        let gone: SendError = browser.send(&page(Kind::Fired)).await.unwrap_err();
        assert!(matches!(&gone, SendError::Refused { reason } if reason.contains("subscription is gone")), "{gone}");
    }
    assert!(matches!(browser.send(&page(Kind::Fired)).await.unwrap_err(), SendError::Retry { after: Some(_), .. }));
    assert!(matches!(browser.send(&page(Kind::Fired)).await.unwrap_err(), SendError::Refused { .. }));
}

/// The example of RFC 5869, appendix A.1, so that the helper above is not wrong in the same way as what it tests.
#[test]
fn the_tests_own_derivation_is_the_rfcs() {
    let salt: Vec<u8> = (0..13).collect();
    let info: Vec<u8> = (0xf0..0xfa).collect();
    let okm: Vec<u8> = derive(&salt, &[0x0b; 22], &info, 42);
    assert_eq!(okm[..8], [0x3c, 0xb2, 0x5f, 0x25, 0xfa, 0xac, 0xd5, 0x7a]);
    let plain: hmac::Tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &salt), &[0x0b; 22]);
    assert_eq!(plain.as_ref()[..4], [0x07, 0x77, 0x09, 0x36]);
}
