//! Whatever is sent, parsers answer, and what they read can be stored.

use crate::inbound::mapped::{self, Mapping};
use crate::inbound::{InboundAlert, MAX_KEY, Wrong, alertmanager, datadog, grafana, pagerduty};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Any JSON that is not too large.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        "[\\x00-\\x7f]{0,10}".prop_map(Value::from),
        prop_oneof![Just("firing"), Just("resolved"), Just("trigger"), Just("resolve"), Just("Triggered"), Just("critical")]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        let name = prop_oneof![
            Just("alerts".to_owned()),
            Just("labels".to_owned()),
            Just("status".to_owned()),
            Just("payload".to_owned()),
            Just("event_action".to_owned()),
            Just("summary".to_owned()),
            Just("transition".to_owned()),
            "[a-z]{1,8}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            prop::collection::vec((name, inner), 0..8).prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn mapping() -> Mapping {
    Mapping {
        list: "/alerts".to_owned(),
        key: "{{/status}}{{$/a}}k".to_owned(),
        labels: "/labels".to_owned(),
        added: BTreeMap::from([("x".to_owned(), "/payload/summary".to_owned())]),
        ..Mapping::default()
    }
}

/// What every format makes of a body.
fn all(bytes: &[u8]) -> Vec<Result<Vec<InboundAlert>, Wrong>> {
    vec![
        alertmanager::parse(bytes),
        grafana::parse(bytes),
        datadog::parse(bytes).map(|alert| vec![alert]),
        pagerduty::parse(bytes, "fresh").map(|alert| vec![alert]),
        mapped::parse(bytes, &mapping()),
        pagerduty::parse_change(bytes).map(|_| Vec::new()),
        pagerduty::routing_key(bytes).map(|_| Vec::new()),
    ]
}

fn is_storable(alert: &InboundAlert) -> bool {
    let texts = [&alert.key, &alert.name, &alert.summary, &alert.severity];
    let labels = alert.labels.iter().all(|(name, value)| !name.contains('\0') && !value.contains('\0'));
    let annotations = alert.annotations.iter().all(|(name, value)| !name.contains('\0') && !value.contains('\0'));
    let key = alert.key.chars().count() <= MAX_KEY;
    key && labels && annotations && alert.labels.len() <= 64 && texts.iter().all(|text| !text.contains('\0'))
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for read in all(&bytes).into_iter().flatten() {
            prop_assert!(read.iter().all(is_storable));
        }
    }

    #[test]
    fn any_json_is_answered_and_what_is_read_can_be_stored(body in any_json()) {
        for read in all(body.to_string().as_bytes()).into_iter().flatten() {
            prop_assert!(read.iter().all(is_storable), "{read:?}");
        }
    }

    #[test]
    fn any_labels_make_an_alert(labels in prop::collection::btree_map("\\PC{0,300}", "\\PC{0,50}", 0..100)) {
        let body = json!({"alerts": [{"status": "firing", "labels": labels}]});
        let read: Vec<InboundAlert> = alertmanager::parse(body.to_string().as_bytes()).unwrap();
        prop_assert_eq!(read.len(), 1);
        prop_assert!(is_storable(&read[0]) && !read[0].key.is_empty());
    }

    #[test]
    fn any_template_is_answered(text in "\\PC{0,40}|[{}$/a~ ]{0,20}") {
        let mapping = Mapping { key: "k".to_owned(), summary: text.clone(), url: text, ..Mapping::default() };
        let _ = mapped::parse(br#"{"a": {"": 1, "b": [2]}}"#, &mapping);
    }
}
