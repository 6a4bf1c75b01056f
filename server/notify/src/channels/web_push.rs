//! The browsers of people, by web push.
//!
//! What is sent can be read only by that browser: the push service in between sees how long it is. The subscription's address is a
//! capability, hence a secret. A later page about the same group replaces the earlier one, on the push service (`Topic`) and on the screen
//! (`tag`).
//!
//! Formats: RFC 8030 (the request), RFC 8291 (the encryption), RFC 8292 (who we are). Whose browsers there are, and by which key they
//! are reached, is kept by the room ([`crate::push`]): this is one browser, and what a channel must be told.

mod sealed;

use super::settings::{BadSettings, Field, Given, Said};
use super::wire::{self, Wire};
use super::{Channel, SendError, Sent, text, words};
use crate::page::Page;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::outbound::{Answer, Outbound};
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use sealed::Subscriber;
use serde_json::{Value, json};

pub(crate) const KIND: &str = "web_push";

/// A push service takes 4,096 bytes; what is left of it for the text after header, tag and delimiter (RFC 8291, section 4).
const MOST: usize = 3_993;
/// How long the push service keeps a page for a browser that is away. After that, another channel has long been asked.
const TTL_S: u32 = 3_600;
/// How long we may use one signature: half of what RFC 8292 allows.
const EXPIRY_MS: i64 = 12 * 3_600_000;
const TITLE: usize = 120;
const SAID: usize = 400;
/// `Topic` has at most 32 characters of base64url: 24 bytes.
const TOPIC_BYTES: usize = 24;
const RANDOM: &str = "the operating system always has random bytes on the platforms we run on";

/// What a channel must be told.
pub(crate) const FIELDS: &[Field] = &[Field::optional(
    PEOPLE,
    Said { ja: "宛先の人", en: "People" },
    Said {
        ja: "メールアドレスをコンマか改行で区切って入力します。空のときは、アカウントの画面でブラウザーの通知を有効にした全員に送ります。",
        en: "E-mail addresses between commas or line breaks. Empty for everybody who switched pages on in a browser, on their account's screen.",
    },
)];

/// Whom a channel reaches.
const PEOPLE: &str = "people";
/// More people than this are everybody.
const MOST_PEOPLE: usize = 200;

/// What one browser says of itself, and our key. Nobody fills this in.
pub(crate) const BROWSER_FIELDS: &[Field] = &[
    Field::required(
        "endpoint",
        Said { ja: "ブラウザーの宛先", en: "The browser's address" },
        Said { ja: "購読すると自動で入ります。", en: "Comes with the subscription." },
    )
    .secret(),
    Field::required(
        "p256dh",
        Said { ja: "ブラウザーの公開鍵", en: "The browser's public key" },
        Said { ja: "購読すると自動で入ります。", en: "Comes with the subscription." },
    ),
    Field::required(
        "auth",
        Said { ja: "ブラウザーの秘密", en: "The browser's secret" },
        Said { ja: "購読すると自動で入ります。", en: "Comes with the subscription." },
    )
    .secret(),
    Field::required(
        "vapid_key",
        Said { ja: "サーバーの鍵", en: "The server's key" },
        Said { ja: "サーバーが一度だけ作ります。", en: "Made once by the server." },
    )
    .secret(),
    Field::required(
        "subject",
        Said { ja: "連絡先", en: "Contact" },
        Said { ja: "例: mailto:admin@example.jp", en: "Such as mailto:admin@example.com" },
    ),
];

/// Our key for push services.
#[derive(Clone, PartialEq, Eq)]
pub struct VapidKey {
    /// For the setting `vapid_key`: PKCS#8, base64url. A secret.
    pub private: String,
    /// For `applicationServerKey` in the browser: base64url.
    pub public: String,
}

/// Makes a key. Every subscription belongs to the key it was made with, so an installation makes one and keeps it.
#[must_use]
pub fn new_key() -> VapidKey {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect(RANDOM);
    let private: String = URL_SAFE_NO_PAD.encode(document.as_ref());
    let pair: EcdsaKeyPair = read_key(&private).expect("the key was just written in this format");
    VapidKey { private, public: URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()) }
}

fn read_key(private: &str) -> Option<EcdsaKeyPair> {
    let pkcs8: Vec<u8> = decode(private)?;
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8, &SystemRandom::new()).ok()
}

/// Base64url, with or without the padding that some browsers write.
fn decode(written: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(written.trim_end_matches('=')).ok()
}

/// The channel without the room that knows the browsers: it can be checked, and reaches nobody.
pub(crate) struct WebPush {
    /// E-mail addresses; empty for everybody.
    pub(crate) people: Vec<String>,
}

impl WebPush {
    pub(crate) fn new(given: &Given<'_>) -> Result<Self, BadSettings> {
        let people: Vec<String> = if given.maybe(PEOPLE)?.is_some() { given.list(PEOPLE)? } else { Vec::new() };
        let is_address = |one: &String| one.contains('@') && !one.contains(char::is_whitespace);
        if people.len() > MOST_PEOPLE || !people.iter().all(is_address) {
            return Err(BadSettings::Wrong { field: PEOPLE, expected: "at most 200 e-mail addresses" });
        }
        Ok(Self { people })
    }
}

/// Settings that were looked through.
pub(crate) fn checked(settings: &Value) -> Result<WebPush, BadSettings> {
    WebPush::new(&Given::read(FIELDS, settings)?)
}

#[async_trait::async_trait]
impl Channel for WebPush {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn send(&self, _page: &Page) -> Result<Sent, SendError> {
        Err(SendError::never("nobody here knows the browsers".to_owned()))
    }
}

/// Pushes to one browser.
pub(crate) struct Browser {
    wire: Wire,
    endpoint: String,
    /// The endpoint's origin: whom the signature is for.
    audience: String,
    subscriber: Subscriber,
    key: EcdsaKeyPair,
    subject: String,
}

/// What is said of a browser that is gone.
pub(crate) const GONE: &str = "the browser's subscription is gone";

impl Browser {
    pub(crate) fn new(settings: &Value, outbound: &Outbound) -> Result<Self, BadSettings> {
        let given: Given<'_> = Given::read(BROWSER_FIELDS, settings)?;
        let endpoint: String = given.url("endpoint")?;
        let parsed: Url = Url::parse(&endpoint).map_err(|_| BadSettings::Wrong { field: "endpoint", expected: "an address" })?;
        let (vapid_key, auth): (String, String) = (given.text("vapid_key")?, given.text("auth")?);
        let public: Vec<u8> =
            decode(&given.text("p256dh")?).ok_or(BadSettings::Wrong { field: "p256dh", expected: "65 bytes as base64url" })?;
        let secret: Vec<u8> = decode(&auth).ok_or(BadSettings::Wrong { field: "auth", expected: "16 bytes as base64url" })?;
        let subscriber: Subscriber = Subscriber::new(public, secret)?;
        let key: EcdsaKeyPair =
            read_key(&vapid_key).ok_or(BadSettings::Wrong { field: "vapid_key", expected: "a key this server made" })?;
        let subject: String = given.text("subject")?;
        if !subject.starts_with("mailto:") && !subject.starts_with("https://") {
            return Err(BadSettings::Wrong { field: "subject", expected: "mailto: or https://" });
        }
        let mut secrets: Vec<String> = wire::secrets_of(&endpoint);
        secrets.extend([vapid_key, auth]);
        let audience: String = parsed.origin().ascii_serialization();
        let wire: Wire = Wire::new("the push service", outbound, secrets)?.without_quotes();
        Ok(Self { wire, endpoint, audience, subscriber, key, subject })
    }

    fn headers(&self, page: &Page, group: &str) -> Result<HeaderMap, SendError> {
        let unusable = || SendError::never("sign the request to the push service".to_owned());
        let urgency: &str = if page.kind.calls() { "high" } else { "normal" };
        let mut headers = HeaderMap::new();
        let signed: String = self.authorization(page.at.0).ok_or_else(unusable)?;
        headers.insert(AUTHORIZATION, wire::secret_value(&signed).ok_or_else(unusable)?);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("aes128gcm"));
        headers.insert("ttl", HeaderValue::from(TTL_S));
        headers.insert("urgency", HeaderValue::from_static(urgency));
        headers.insert("topic", HeaderValue::from_str(&topic(group)).map_err(|_| unusable())?);
        Ok(headers)
    }

    /// RFC 8292, section 3: a JWT signed with our key, and the key.
    fn authorization(&self, now_ms: i64) -> Option<String> {
        let expiry: i64 = now_ms.saturating_add(EXPIRY_MS).div_euclid(1_000);
        let claims: Value = json!({ "aud": self.audience, "exp": expiry, "sub": self.subject });
        let header: String = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let signed: String = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes()).ok()?;
        let signature: String = URL_SAFE_NO_PAD.encode(signature.as_ref());
        let public: String = URL_SAFE_NO_PAD.encode(self.key.public_key().as_ref());
        Some(format!("vapid t={signed}.{signature}, k={public}"))
    }
}

#[async_trait::async_trait]
impl Channel for Browser {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn send(&self, page: &Page) -> Result<Sent, SendError> {
        let group: String = page.previous.clone().unwrap_or_else(|| page.key.clone());
        let message: Vec<u8> = message(page, &group).to_string().into_bytes();
        let body: Vec<u8> = self
            .subscriber
            .seal(message)
            .ok_or_else(|| SendError::never("encrypt the message with the browser's key".to_owned()))?;
        let headers: HeaderMap = self.headers(page, &group)?;
        let answer: Answer = self.wire.exchange(Method::POST, &self.endpoint, headers, body, wire::PATIENCE).await?;
        if matches!(answer.status.as_u16(), 404 | 410) {
            return Err(SendError::never(format!("{GONE} ({})", answer.status.as_u16())));
        }
        self.wire.judge(&answer, page.at)?;
        Ok(Sent { reference: Some(group), detail: format!("answered {}", answer.status) })
    }
}

/// The same for everything about one group, and nothing that could be read.
fn topic(group: &str) -> String {
    let hash: digest::Digest = digest::digest(&digest::SHA256, group.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..TOPIC_BYTES])
}

/// What the service worker gets: `title`, `body`, `tag`, `url` and the rest it needs to draw and to acknowledge.
fn message(page: &Page, group: &str) -> Value {
    let words: &words::Words = words::words(page.locale);
    wire::within(MOST, SAID, |most| {
        json!({
            "key": page.key,
            "kind": page.kind.as_str(),
            "tag": topic(group),
            "title": text::cut(&words::heading(page), TITLE),
            "body": text::cut(&words::sentence(page), most.max(1)),
            "severity": page.worst().code(),
            "lang": page.locale.as_str(),
            "at": page.since().0,
            "url": text::link(&page.url),
            "acknowledge": { "label": words.acknowledge, "url": words::acknowledge(page) },
            "open": { "label": words.console },
            "done": words.acknowledged,
            "failed": words.open_to_answer,
            "alerts": page.alerts.iter().take(20).map(|alert| alert.id.to_string()).collect::<Vec<String>>(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_short_and_the_groups_own() {
        assert_eq!(topic("a").len(), 32);
        assert_eq!(topic("a"), topic("a"));
        assert_ne!(topic("a"), topic("b"));
    }

    #[test]
    fn a_new_key_is_read_back_and_no_two_are_alike() {
        let (one, other) = (new_key(), new_key());
        assert!(read_key(&one.private).is_some() && read_key("AAAA").is_none());
        assert!(one.private != other.private && one.public != other.public);
        assert_eq!(decode(&one.public).map(|bytes| (bytes.len(), bytes[0])), Some((65, 4)));
    }
}
