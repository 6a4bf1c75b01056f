//! Whether Slack wrote a request: HMAC-SHA256 of `v0:<timestamp>:<body>` under the app's signing secret, in hexadecimal behind `v0=`.
//!
//! Format: docs.slack.dev, "Verifying requests from Slack". Only the spelling that Slack uses is taken, so that one request has one
//! signature and can be remembered by it.

use crate::incoming::IncomingError;
use model::Time;
use ring::hmac;

/// How far the sender's clock may be from ours.
pub(crate) const SKEW_MS: i64 = 300_000;
const VERSION: &str = "v0=";
/// Of SHA-256, in bytes.
const TAG: usize = 32;
/// More digits than any timestamp has.
const MOST_DIGITS: usize = 12;
const EXPECTED_SIGNATURE: &str = "v0= and 64 hexadecimal digits";
const EXPECTED_TIMESTAMP: &str = "seconds since 1970 as the time of the request";

/// A signature as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag(pub(crate) [u8; TAG]);

/// Reads the two headers. Nothing is believed yet.
pub(crate) fn read(timestamp: &str, signature: &str, now: Time) -> Result<Tag, IncomingError> {
    let seconds: i64 = seconds(timestamp).ok_or(IncomingError::Malformed { expected: EXPECTED_TIMESTAMP })?;
    let hexadecimal: Option<&str> = signature.strip_prefix(VERSION);
    let tag: Tag = hexadecimal.and_then(unhex).map(Tag).ok_or(IncomingError::Malformed { expected: EXPECTED_SIGNATURE })?;
    let away_ms: i64 = now.since(Time(seconds.saturating_mul(1_000))).saturating_abs();
    if away_ms > SKEW_MS { Err(IncomingError::Old) } else { Ok(tag) }
}

fn seconds(timestamp: &str) -> Option<i64> {
    let is_number: bool = timestamp.len() <= MOST_DIGITS && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { timestamp.parse::<i64>().ok() } else { None }
}

/// 32 bytes out of 64 small hexadecimal digits.
pub(crate) fn unhex(written: &str) -> Option<[u8; TAG]> {
    let digits: &[u8] = written.as_bytes();
    if digits.len() != 2 * TAG {
        return None;
    }
    let mut bytes = [0_u8; TAG];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = (digit(pair[0])? << 4) | digit(pair[1])?;
    }
    Some(bytes)
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}

/// Whether the tag is that of `body` under `secret`, compared in constant time.
pub(crate) fn is_signed(secret: &str, timestamp: &str, body: &[u8], tag: &Tag) -> bool {
    let mut said: Vec<u8> = format!("v0:{timestamp}:").into_bytes();
    said.extend_from_slice(body);
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, &said, &tag.0).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example of Slack's own documentation.
    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const TIMESTAMP: &str = "1531420618";
    const BODY: &[u8] = b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&\
channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2F\
hooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.\
803a0bc887a14d10d2c447fce8b6703c";
    const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    const NOW: Time = Time(1_531_420_618_000);

    fn is_believed(timestamp: &str, signature: &str, body: &[u8], now: Time) -> bool {
        read(timestamp, signature, now).is_ok_and(|tag| is_signed(SECRET, timestamp, body, &tag))
    }

    #[test]
    fn slacks_own_example_is_believed_for_five_minutes_either_way() {
        for (away_ms, expected) in [(0, true), (300_000, true), (-300_000, true), (301_000, false), (-301_000, false)] {
            assert_eq!(is_believed(TIMESTAMP, SIGNATURE, BODY, NOW.plus_ms(away_ms)), expected, "{away_ms}");
        }
        assert!(!is_believed(TIMESTAMP, &SIGNATURE.to_ascii_uppercase(), BODY, NOW));
        assert!(!is_believed("+1531420618", SIGNATURE, BODY, NOW));
        assert!(!is_believed("", "", b"", NOW));
    }

    #[test]
    fn what_is_too_old_is_told_apart_from_what_is_no_signature() {
        assert!(matches!(read(TIMESTAMP, SIGNATURE, NOW.plus_ms(301_000)), Err(IncomingError::Old)));
        for (timestamp, signature) in [(TIMESTAMP, "v1=00"), (TIMESTAMP, "v0="), ("now", SIGNATURE), ("9999999999999", SIGNATURE)]
        {
            assert!(matches!(read(timestamp, signature, NOW), Err(IncomingError::Malformed { .. })), "{timestamp} {signature}");
        }
    }

    /// Where a request is spoilt, and how.
    #[derive(Clone, Debug)]
    enum Spoilt {
        Body(usize, u8),
        BodyCut(usize),
        BodyMore(Vec<u8>),
        Signature(usize, u8),
        Timestamp(usize, u8),
        Secret(usize, u8),
    }

    fn spoilt() -> impl Strategy<Value = Spoilt> {
        let place = 0_usize..10_000;
        prop_oneof![
            (place.clone(), 1_u8..=255).prop_map(|(at, with)| Spoilt::Body(at, with)),
            place.clone().prop_map(Spoilt::BodyCut),
            proptest::collection::vec(any::<u8>(), 1..40).prop_map(Spoilt::BodyMore),
            (place.clone(), 1_u8..=255).prop_map(|(at, with)| Spoilt::Signature(at, with)),
            (place.clone(), 1_u8..=255).prop_map(|(at, with)| Spoilt::Timestamp(at, with)),
            (place, 1_u8..=255).prop_map(|(at, with)| Spoilt::Secret(at, with)),
        ]
    }

    /// The text with one byte changed; what is no text any more can't be a header.
    fn flipped(text: &str, at: usize, with: u8) -> Option<String> {
        let mut bytes: Vec<u8> = text.as_bytes().to_vec();
        let n: usize = bytes.len();
        bytes[at % n] ^= with;
        String::from_utf8(bytes).ok()
    }

    fn is_taken(spoilt: &Spoilt) -> bool {
        let (mut body, mut signature, mut timestamp, mut secret) =
            (BODY.to_vec(), SIGNATURE.to_owned(), TIMESTAMP.to_owned(), SECRET.to_owned());
        let n: usize = body.len();
        match spoilt {
            Spoilt::Body(at, with) => body[at % n] ^= with,
            Spoilt::BodyCut(at) => body.truncate(at % n),
            Spoilt::BodyMore(more) => body.extend_from_slice(more),
            Spoilt::Signature(at, with) => match flipped(SIGNATURE, *at, *with) {
                Some(other) => signature = other,
                None => return false,
            },
            Spoilt::Timestamp(at, with) => match flipped(TIMESTAMP, *at, *with) {
                Some(other) => timestamp = other,
                None => return false,
            },
            Spoilt::Secret(at, with) => match flipped(SECRET, *at, *with) {
                Some(other) => secret = other,
                None => return false,
            },
        }
        read(&timestamp, &signature, NOW).is_ok_and(|tag| is_signed(&secret, &timestamp, &body, &tag))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn of_ten_thousand_spoilt_requests_none_is_believed(spoilt in spoilt()) {
            prop_assert!(!is_taken(&spoilt), "{spoilt:?}");
        }
    }
}
