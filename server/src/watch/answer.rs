//! `GET /api/pager/health`: what `mimamori watch` asks from outside, with a token of the scope `metrics:read`.
//!
//! It is answered from memory. The answer is signed with the very token it was asked with and names the asker's nonce, so that no cache, no
//! sign-in page of a proxy and no old answer can be taken for it. It is 200 whatever is wrong: what that is stands inside.

use crate::context;
use crate::hex;
use crate::house_error;
use crate::wiring::House;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::Time;
use ring::hmac;
use serde::Deserialize;
use serde_json::Value;

/// Where it is asked.
pub const PATH: &str = "/api/pager/health";
/// The header with the signature: HMAC-SHA-256 of nonce, line break and body, under the token, as hex digits.
pub const SIGNATURE: &str = "x-mimamori-signature";
/// Nobody needs a longer one.
const LONGEST_NONCE: usize = 128;

/// What the asker adds.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    nonce: String,
}

/// Answers. Whoever comes here was let in.
pub async fn health(State(house): State<House>, Query(asked): Query<Asked>, request: Request) -> Response {
    if asked.nonce.len() > LONGEST_NONCE {
        return house_error::for_programs(StatusCode::BAD_REQUEST, "bad_request", "nonce: expected at most 128 bytes");
    }
    let now: Time = house.clock.now();
    let report: Value = match house.pulse.condition() {
        Some(condition) => condition.report(now),
        None => serde_json::json!({ "healthy": false, "ailments": ["unwatched"], "at": now.0 }),
    };
    let body: String = report.to_string();
    // Looked at before; there is none where a session let somebody in.
    let token: &str = context::bearer(request.headers()).unwrap_or_default();
    let signature: String = sign(token, &asked.nonce, &body);
    let mut answer: Response = ([(header::CONTENT_TYPE, "application/json")], body).into_response();
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(signature) = HeaderValue::try_from(signature) {
        answer.headers_mut().insert(SIGNATURE, signature);
    }
    answer
}

/// The signature of an answer.
#[must_use]
pub fn sign(token: &str, nonce: &str, body: &str) -> String {
    let tag: hmac::Tag = hmac::sign(&key(token), signed(nonce, body).as_bytes());
    hex::written(tag.as_ref())
}

/// Whether whoever holds the token answered this question, and now. Takes as long for every wrong one.
#[must_use]
pub fn is_signed(token: &str, nonce: &str, body: &str, signature: &str) -> bool {
    let Some(bytes) = hex::read(signature) else { return false };
    hmac::verify(&key(token), signed(nonce, body).as_bytes(), &bytes).is_ok()
}

fn key(token: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, token.as_bytes())
}

fn signed(nonce: &str, body: &str) -> String {
    format!("{nonce}\n{body}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_holds_for_its_token_its_nonce_and_its_words() {
        let signature: String = sign("t", "n", "{}");
        assert!(is_signed("t", "n", "{}", &signature));
        for (token, nonce, body) in [("u", "n", "{}"), ("t", "m", "{}"), ("t", "n", "{ }")] {
            assert!(!is_signed(token, nonce, body, &signature), "{token} {nonce} {body}");
        }
        for strange in ["", "zz", &signature[1..], "é"] {
            assert!(!is_signed("t", "n", "{}", strange), "{strange}");
        }
    }
}
