//! What a channel takes for settings, and what not.

use super::outbound;
use crate::channels::{self, BadSettings};
use serde_json::{Value, json};

fn outcome(kind: &str, settings: &Value) -> Option<BadSettings> {
    channels::make(kind, settings, &outbound()).err()
}

/// Settings that a channel takes.
fn good(kind: &str) -> Value {
    match kind {
        "slack" => json!({ "token": "xoxb-1", "channel": "#alerts" }),
        "email" => json!({ "host": "mail.example.jp", "from": "a@example.jp", "to": ["b@example.jp", "C <c@example.jp>"] }),
        "pagerduty" => json!({ "routing_key": "0123456789abcdef0123456789abcdef" }),
        "webhook" => json!({ "url": "https://example.jp/", "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD" }),
        "web_push" => json!({ "people": "a@example.jp" }),
        "sms" | "voice" => {
            json!({ "account_sid": "AC1", "auth_token": "secret", "from": "+15005550006", "to": "+819012345678" })
        }
        _ => json!({ "url": "https://example.jp/hook" }),
    }
}

#[test]
fn good_settings_make_a_channel_of_their_kind() {
    for kind in channels::KINDS {
        let made = channels::make(kind, &good(kind), &outbound());
        assert_eq!(made.ok().map(|channel| channel.kind()), Some(kind));
    }
}

#[test]
fn every_required_setting_is_missed() {
    for kind in channels::KINDS {
        for field in channels::fields(kind).iter().filter(|field| field.required) {
            let mut settings: Value = good(kind);
            for nothing in [Value::Null, json!("  ")] {
                settings[field.name] = nothing;
                let missed: Option<BadSettings> = outcome(kind, &settings);
                assert!(
                    matches!(missed, Some(BadSettings::Missing { field: name }) if name == field.name),
                    "{kind} {}",
                    field.name
                );
            }
        }
    }
}

#[test]
fn what_can_not_be_used_is_named() {
    for (kind, field, value) in [
        ("slack", "token", json!("xoxb\u{1}")),
        ("slack", "api_url", json!("ftp://slack.com")),
        ("slack_webhook", "url", json!("https://user:secret@hooks.slack.com/")),
        ("email", "port", json!(0)),
        ("email", "port", json!(70_000)),
        ("email", "security", json!("maybe")),
        ("email", "to", json!("not an address")),
        ("email", "host", json!("mail example")),
        ("pagerduty", "routing_key", json!("short")),
        ("webhook", "secret", json!("whsec_AAAA")),
        ("webhook", "url", json!({ "a": 1 })),
        ("web_push", "people", json!("nobody, a@example.jp")),
        ("sms", "to", json!("090-1234-5678")),
        ("voice", "account_sid", json!("../../x")),
        ("discord", "url", json!("x".repeat(5_000))),
    ] {
        let mut settings: Value = good(kind);
        settings[field] = value;
        let wrong: Option<BadSettings> = outcome(kind, &settings);
        assert!(matches!(&wrong, Some(BadSettings::Wrong { field: name, .. }) if *name == field), "{kind} {field}: {wrong:?}");
    }
}

#[test]
fn everything_that_is_missing_is_told_at_once() {
    let required: usize = channels::fields("slack").iter().filter(|field| field.required).count();
    assert!(required > 1);
    let missed: Option<BadSettings> = outcome("slack", &json!({}));
    assert!(matches!(&missed, Some(BadSettings::Several(wrong)) if wrong.len() == required), "{missed:?}");
}

#[test]
fn strange_settings_are_refused_and_never_repeated() {
    for settings in [json!([]), json!("a"), Value::Null] {
        assert!(matches!(outcome("teams", &settings), Some(BadSettings::NotAnObject)));
    }
    let stranger = json!({ "url": "https://example.jp/", "pasword": "hunter22" });
    let refused: BadSettings = outcome("teams", &stranger).unwrap();
    assert!(matches!(&refused, BadSettings::UnknownField { field } if field == "pasword"));
    assert!(!refused.to_string().contains("hunter22"));
}
