//! Whether a message is from whom it says: the signature of Standard Webhooks (standard-webhooks/standard-webhooks,
//! `spec/standard-webhooks.md`).

use super::wire::Headers;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use std::time::SystemTime;

/// Of the specification's own example. It keeps nothing: the sink lives for a bench, on this machine.
pub const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const PREFIX: &str = "whsec_";
/// How far the sender's clock may be from ours.
const SKEW_S: u64 = 300;

/// Seconds since 1970.
pub fn now_s() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Whether one of the signatures is ours, over the id, the time and every byte, and the time is about now.
pub fn holds(headers: &Headers, body: &[u8]) -> bool {
    let of = |name: &str| headers.get(name).map_or("", String::as_str);
    let (id, at) = (of("webhook-id"), of("webhook-timestamp"));
    let is_fresh: bool = at.parse::<u64>().is_ok_and(|at| at.abs_diff(now_s()) <= SKEW_S);
    is_fresh && !id.is_empty() && of("webhook-signature").split(' ').any(|signature| is_ours(signature, id, at, body))
}

fn is_ours(signature: &str, id: &str, at: &str, body: &[u8]) -> bool {
    let tag: Option<Vec<u8>> = signature.strip_prefix("v1,").and_then(|tag| STANDARD.decode(tag).ok());
    tag.is_some_and(|tag| hmac::verify(&key(), &signed(id, at, body), &tag).is_ok())
}

/// The signature of a message, as it stands in its header.
#[cfg(test)]
pub fn of(id: &str, at: &str, body: &[u8]) -> String {
    format!("v1,{}", STANDARD.encode(hmac::sign(&key(), &signed(id, at, body)).as_ref()))
}

fn signed(id: &str, at: &str, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), b".", at.as_bytes(), b".", body].concat()
}

fn key() -> hmac::Key {
    let bytes: Vec<u8> = STANDARD.decode(SECRET.trim_start_matches(PREFIX)).expect("it is written above");
    hmac::Key::new(hmac::HMAC_SHA256, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The specification's own example.
    #[test]
    fn the_signature_is_the_specifications() {
        let body = br#"{"email":"test@example.com","username":"test_user"}"#;
        let signature = of("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", "1649367553", body);
        assert_eq!(signature, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
    }

    #[test]
    fn a_changed_byte_another_time_and_no_signature_are_refused() {
        let at = now_s().to_string();
        let headers = |at: &str, signature: String| -> Headers {
            let pairs = [("webhook-id", "a".to_owned()), ("webhook-timestamp", at.to_owned()), ("webhook-signature", signature)];
            pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
        };
        assert!(holds(&headers(&at, of("a", &at, b"x")), b"x"));
        assert!(holds(&headers(&at, format!("v1,AAAA {}", of("a", &at, b"x"))), b"x"));
        assert!(!holds(&headers(&at, of("a", &at, b"x")), b"y"));
        assert!(!holds(&headers(&at, String::new()), b"x"));
        let old = (now_s() - SKEW_S - 5).to_string();
        assert!(!holds(&headers(&old, of("a", &old, b"x")), b"x"));
    }
}
