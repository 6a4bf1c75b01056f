//! Anybody's own server, by the Standard Webhooks specification.
//!
//! The message's id is the idempotency key, so whoever receives one twice can tell. Each attempt is signed anew; while a secret is being
//! changed, with both.
//!
//! Format: standard-webhooks/standard-webhooks, `spec/standard-webhooks.md`.

use super::settings::{BadSettings, Field, Given, Said};
use super::wire::{self, Wire};
use super::{Channel, SendError, Sent, text, words};
use crate::page::{Page, PagedAlert, PagedBulletin};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::outbound::{Answer, Outbound};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};
use ring::hmac;
use serde_json::{Map, Value, json};
use std::time::Duration;

pub(crate) const KIND: &str = "webhook";

const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";
/// The specification allows 15 to 30 s, and asks for less than 20 kB.
const PATIENCE: Duration = Duration::from_secs(15);
const MOST: usize = 19_000;
const ALERTS: usize = 50;
const LABEL: usize = 500;
const SENTENCE: usize = 2_000;
/// What an incident concerns, and each name of that.
const SYSTEMS: usize = 10;
const SYSTEM: usize = 100;
const PREFIX: &str = "whsec_";
/// Bytes of a secret.
const SECRET: std::ops::RangeInclusive<usize> = 24..=64;

/// What it must be told.
pub(crate) const FIELDS: &[Field] = &[
    Field::required(
        "url",
        Said { ja: "送信先のアドレス", en: "Address" },
        Said { ja: "POST を受け取る https:// のアドレス。", en: "An https:// address that takes a POST." },
    ),
    Field::required(
        "secret",
        Said { ja: "署名シークレット", en: "Signing secret" },
        Said {
            ja: "whsec_ と、24〜64 バイトを Base64 にした文字列。受信側はこれで署名を確かめます。",
            en: "whsec_ and 24 to 64 bytes as Base64. The receiver verifies the signature with it.",
        },
    )
    .secret(),
    Field::optional(
        "previous_secret",
        Said { ja: "以前のシークレット", en: "Previous secret" },
        Said {
            ja: "切り替えの間だけ入力します。両方で署名します。",
            en: "Only while the secret is being changed: messages are signed with both.",
        },
    )
    .secret(),
    Field::optional(
        "authorization",
        Said { ja: "Authorization ヘッダー", en: "Authorization header" },
        Said {
            ja: "受信側が求めるときだけ入力します（例：Bearer …）。",
            en: "Only when the receiver asks for it, such as Bearer …",
        },
    )
    .secret(),
];

/// Tells somebody's server.
pub(crate) struct Webhook {
    wire: Wire,
    url: String,
    keys: Vec<hmac::Key>,
    authorization: Option<HeaderValue>,
}

impl Webhook {
    pub(crate) fn new(given: &Given<'_>, outbound: &Outbound) -> Result<Self, BadSettings> {
        let url: String = given.url("url")?;
        let mut secrets: Vec<String> = wire::secrets_of(&url);
        let mut keys: Vec<hmac::Key> = Vec::new();
        for field in ["secret", "previous_secret"] {
            let Some(secret) = given.maybe(field)? else { continue };
            keys.push(key(&secret).ok_or(BadSettings::Wrong { field, expected: "whsec_ and 24 to 64 bytes as Base64" })?);
            secrets.push(secret);
        }
        let authorization: Option<HeaderValue> = match given.maybe("authorization")? {
            Some(value) => {
                let expected = BadSettings::Wrong { field: "authorization", expected: "the value of a header" };
                let header: HeaderValue = wire::secret_value(&value).ok_or(expected)?;
                secrets.push(value);
                Some(header)
            }
            None => None,
        };
        Ok(Self { wire: Wire::new("the webhook", outbound, secrets)?, url, keys, authorization })
    }

    fn headers(&self, id: &str, seconds: i64, body: &str) -> Result<HeaderMap, SendError> {
        let unusable = |_| SendError::never("the key of the page can't stand in a header".to_owned());
        let signatures: Vec<String> = self.keys.iter().map(|key| signature(key, id, seconds, body)).collect();
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ID, HeaderValue::from_str(id).map_err(unusable)?);
        headers.insert(TIMESTAMP, HeaderValue::from(seconds));
        headers.insert(SIGNATURE, HeaderValue::from_str(&signatures.join(" ")).map_err(unusable)?);
        if let Some(authorization) = &self.authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        Ok(headers)
    }
}

#[async_trait::async_trait]
impl Channel for Webhook {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn send(&self, page: &Page) -> Result<Sent, SendError> {
        // The dot separates what is signed.
        let id: String = page.key.replace('.', "-");
        let body: String = body(page).to_string();
        let headers: HeaderMap = self.headers(&id, page.at.0.div_euclid(1_000), &body)?;
        let answer: Answer = self.wire.exchange(Method::POST, &self.url, headers, body.into_bytes(), PATIENCE).await?;
        if answer.status == StatusCode::GONE {
            return Err(SendError::never(format!("the webhook wants no more messages (410){}", self.wire.quoted(&answer))));
        }
        self.wire.judge(&answer, page.at)?;
        Ok(Sent { reference: page.previous.clone().or(Some(id)), detail: format!("answered {}", answer.status) })
    }
}

/// The key of a secret as the specification writes it.
fn key(secret: &str) -> Option<hmac::Key> {
    let bytes: Vec<u8> = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    SECRET.contains(&bytes.len()).then(|| hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

fn signature(key: &hmac::Key, id: &str, seconds: i64, body: &str) -> String {
    let tag: hmac::Tag = hmac::sign(key, format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(tag.as_ref()))
}

fn body(page: &Page) -> Value {
    if let Some(bulletin) = &page.bulletin {
        return of_bulletin(page, bulletin);
    }
    wire::within(MOST, page.alerts.len().min(ALERTS), |n| {
        json!({
            "type": format!("alert.{}", page.kind.as_str()),
            "timestamp": words::rfc3339(page.at),
            "data": {
                "key": page.key,
                "group": page.previous.as_deref().unwrap_or(&page.key),
                "heading": text::cut(&words::subject(page), LABEL),
                "severity": page.worst().code(),
                "url": text::link(&page.url),
                "acknowledge_url": words::acknowledge(page),
                "n_alerts": page.n_alerts(),
                "alerts": page.alerts.iter().take(n).map(alert).collect::<Vec<Value>>(),
            },
        })
    })
}

/// `incident.announced`, `incident.warned`, `incident.breached`, and the same with `document`: what is said, and no alerts.
fn of_bulletin(page: &Page, bulletin: &PagedBulletin) -> Value {
    let systems: Vec<String> = bulletin.systems.iter().take(SYSTEMS).map(|one| text::cut(&text::one_line(one), SYSTEM)).collect();
    json!({
        "type": format!("{}.{}", if bulletin.has_level() { "incident" } else { "document" }, page.kind.as_str()),
        "timestamp": words::rfc3339(page.at),
        "data": {
            "key": page.key,
            "group": page.previous.as_deref().unwrap_or(&page.key),
            "heading": text::cut(&words::subject(page), LABEL),
            "severity": page.worst().code(),
            "code": text::cut(&text::one_line(&bulletin.code), LABEL),
            "name": text::cut(&words::name(page), LABEL),
            "text": text::cut(&words::sentence(page), SENTENCE),
            "status": bulletin.status.as_deref().map(|status| text::cut(&text::one_line(status), LABEL)),
            "due_at": bulletin.due_at.map(words::rfc3339),
            "next_update_at": bulletin.next_at.map(words::rfc3339),
            "systems": systems,
            "by": bulletin.by.as_deref().map(|by| text::cut(&text::one_line(by), LABEL)),
            "said_at": words::rfc3339(bulletin.at),
            "url": text::link(&page.url),
        },
    })
}

fn alert(alert: &PagedAlert) -> Value {
    let labels: Map<String, Value> =
        alert.labels.iter().map(|(name, value)| (name.to_owned(), Value::from(text::cut(value, LABEL)))).collect();
    json!({
        "id": alert.id.to_string(),
        "severity": alert.severity.code(),
        "name": text::cut(&text::one_line(&alert.name), LABEL),
        "summary": text::cut(&words::summary(alert), SENTENCE),
        "description": words::description(alert),
        "value": alert.value,
        "condition": text::cut(&alert.condition, LABEL),
        "labels": labels,
        "fired_at": words::rfc3339(alert.fired_at),
        "resolved_at": alert.resolved_at.map(words::rfc3339),
        "holder": alert.holder,
        "runbook_url": alert.runbook_url.as_deref().and_then(text::link),
        "dashboard_url": alert.dashboard_url.as_deref().and_then(text::link),
        "source_url": alert.source_url.as_deref().and_then(text::link),
    })
}

#[cfg(test)]
mod tests {
    use super::{key, signature};

    /// The specification's own vector.
    #[test]
    fn the_signature_is_the_specifications() {
        let key = key("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD").unwrap();
        let body = r#"{"email":"test@example.com","username":"test_user"}"#;
        let signed: String = signature(&key, "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, body);
        assert_eq!(signed, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
    }

    #[test]
    fn a_secret_is_prefixed_base64_of_the_right_size() {
        for secret in ["C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_AAAA", "whsec_not base64", ""] {
            assert!(key(secret).is_none(), "{secret}");
        }
    }
}
