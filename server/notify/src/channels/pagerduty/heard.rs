//! What PagerDuty says happened to an incident of ours, by a webhook of version 3.
//!
//! Formats: developer.pagerduty.com, "Webhooks Overview" and "Verifying Signatures": HMAC-SHA256 of the body in hexadecimal behind `v1=`,
//! one for each secret that is in force, between commas.

use crate::channels::slack::signature::unhex;
use crate::channels::text;
use ring::hmac;
use serde_json::Value;

const VERSION: &str = "v1=";
/// Two secrets are in force while one is replaced; nobody has more.
const MOST_SIGNATURES: usize = 8;
const LONGEST_ID: usize = 200;
const LONGEST_KEY: usize = 255;
const LONGEST_NAME: usize = 80;
const MOST_NAMES: usize = 5;

/// What happened there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    Acknowledged,
    Unacknowledged,
    Resolved,
    /// To whom, as they are called there.
    Reassigned(Vec<String>),
}

/// One thing that happened to one incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Names what happened for ever, however often it is told.
    pub id: String,
    /// The key we gave the incident.
    pub key: String,
    pub happened: Happened,
    /// Who did it; `None` when it was no person.
    pub by: Option<String>,
}

impl Heard {
    /// Out of the body of a request that was believed. `None` when there is nothing to do.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        let told: Value = serde_json::from_slice(body).ok()?;
        let about: &Value = &told["event"];
        let incident: &Value = &about["data"];
        let happened: Happened = match about["event_type"].as_str()? {
            "incident.acknowledged" => Happened::Acknowledged,
            "incident.unacknowledged" => Happened::Unacknowledged,
            "incident.resolved" => Happened::Resolved,
            "incident.reassigned" => Happened::Reassigned(names(&incident["assignees"])),
            _ => return None,
        };
        let by: Option<String> = name(&about["agent"]).filter(|_| is_person(&about["agent"]));
        Some(Self { id: short(&about["id"], LONGEST_ID)?, key: short(&incident["incident_key"], LONGEST_KEY)?, happened, by })
    }
}

fn short(value: &Value, most: usize) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty() && text.len() <= most).map(str::to_owned)
}

fn is_person(agent: &Value) -> bool {
    agent["type"].as_str().is_some_and(|kind| kind.starts_with("user"))
}

fn name(reference: &Value) -> Option<String> {
    let name: String = text::cut(&text::one_line(reference["summary"].as_str()?), LONGEST_NAME);
    if name.is_empty() { None } else { Some(name) }
}

fn names(references: &Value) -> Vec<String> {
    references.as_array().into_iter().flatten().filter_map(name).take(MOST_NAMES).collect()
}

/// Whether one of the signatures is that of `body` under `secret`, compared in constant time. `None` when there is none in the header.
pub(crate) fn is_signed(secret: &str, signatures: &str, body: &[u8]) -> Option<bool> {
    let given = signatures.split(',').take(MOST_SIGNATURES).filter_map(|one| unhex(one.trim().strip_prefix(VERSION)?));
    let tags: Vec<[u8; 32]> = given.collect();
    if tags.is_empty() {
        return None;
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    Some(tags.iter().any(|tag| hmac::verify(&key, body, tag).is_ok()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const SECRET: &str = "GDu6OdHmYgcDhb6nbs1dKxPTeBtoQmTnLzgkmQ+Q9mpaAHgA2NVWHxrELpWd4w4d";

    fn signature(secret: &str, body: &[u8]) -> String {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), body);
        format!("v1={}", tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }

    fn told(kind: &str) -> Value {
        json!({ "event": {
            "id": "01BZZC5VQ3H4GY5CYCEHVRZ5UC",
            "event_type": kind,
            "resource_type": "incident",
            "occurred_at": "2020-10-02T18:45:22.169Z",
            "agent": { "id": "PLH1HKV", "summary": "佐藤 健\n", "type": "user_reference" },
            "data": {
                "id": "PGR0VU2",
                "incident_key": "key-fired",
                "assignees": [{ "summary": "Hana", "type": "user_reference" }, { "id": "no name" }],
            },
        } })
    }

    fn heard(told: &Value) -> Option<Heard> {
        Heard::read(told.to_string().as_bytes())
    }

    #[test]
    fn what_happened_and_to_which_incident() {
        for (kind, happened) in [
            ("incident.acknowledged", Happened::Acknowledged),
            ("incident.unacknowledged", Happened::Unacknowledged),
            ("incident.resolved", Happened::Resolved),
            ("incident.reassigned", Happened::Reassigned(vec!["Hana".to_owned()])),
        ] {
            let heard: Heard = heard(&told(kind)).unwrap();
            assert_eq!((heard.key.as_str(), heard.happened), ("key-fired", happened));
            assert_eq!(heard.by.as_deref(), Some("佐藤 健"));
        }
    }

    #[test]
    fn what_a_program_did_has_no_name_and_what_is_not_ours_is_nothing() {
        let mut by_itself: Value = told("incident.resolved");
        by_itself["event"]["agent"] = json!({ "summary": "Events API", "type": "inbound_integration_reference" });
        assert_eq!(heard(&by_itself).unwrap().by, None);
        by_itself["event"]["agent"] = Value::Null;
        assert_eq!(heard(&by_itself).unwrap().by, None);
        let mut foreign: Value = told("incident.resolved");
        foreign["event"]["data"]["incident_key"] = Value::Null;
        assert_eq!(heard(&foreign), None);
        assert_eq!(heard(&told("incident.triggered")), None);
        assert_eq!(heard(&json!({ "event": { "event_type": "pagey.ping" } })), None);
        for body in [b"".as_slice(), b"[]", b"{", b"\xff"] {
            assert_eq!(Heard::read(body), None);
        }
    }

    #[test]
    fn any_of_several_signatures_is_enough_and_no_other_spelling() {
        let body: &[u8] = b"{\"event\":{}}";
        let (right, wrong): (String, String) = (signature(SECRET, body), signature("old", body));
        assert_eq!(is_signed(SECRET, &right, body), Some(true));
        assert_eq!(is_signed(SECRET, &format!("{wrong}, {right}"), body), Some(true));
        assert_eq!(is_signed(SECRET, &wrong, body), Some(false));
        assert_eq!(is_signed(SECRET, &right, b"{}"), Some(false));
        for header in ["", "v1=", "v0=00", right.to_ascii_uppercase().as_str(), &right[3..]] {
            assert_eq!(is_signed(SECRET, header, body), None, "{header}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn of_ten_thousand_spoilt_requests_none_is_believed(at in 0_usize..10_000, with in 1_u8..=255, part in 0_u8..3) {
            let mut body: Vec<u8> = told("incident.resolved").to_string().into_bytes();
            let mut header: Vec<u8> = signature(SECRET, &body).into_bytes();
            let mut secret: Vec<u8> = SECRET.as_bytes().to_vec();
            let spoilt: &mut Vec<u8> = match part {
                0 => &mut body,
                1 => &mut header,
                _ => &mut secret,
            };
            let n: usize = spoilt.len();
            spoilt[at % n] ^= with;
            if let (Ok(header), Ok(secret)) = (String::from_utf8(header), String::from_utf8(secret)) {
                prop_assert_ne!(is_signed(&secret, &header, &body), Some(true));
            }
        }
    }
}
