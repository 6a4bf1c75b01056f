//! All the SQL of this room: `rule_group`, `rule_replica`, `alert_rule`, `alert_series`, `recorded_series`, `alert`, `alert_change`,
//! `alert_routing`, `alert_silence`, `alert_group`, `alert_group_member`, `integration` and `integration_receipt` belong to it and to nobody else.
//!
//! Who applies rules or writes a tick locks the groups first, then alerts by id; who answers an alert locks that one row. So nobody
//! waits in a circle.

pub(crate) mod alerts;
pub(crate) mod answers;
pub(crate) mod changes;
pub(crate) mod fired;
pub(crate) mod groups;
pub(crate) mod inbound;
pub(crate) mod integrations;
pub(crate) mod muted;
pub(crate) mod paged;
pub(crate) mod recorded;
pub(crate) mod replicas;
pub(crate) mod routes;
pub(crate) mod rulebook;
pub(crate) mod rules;
pub(crate) mod series;
pub(crate) mod silences;
pub(crate) mod ticks;
pub(crate) mod told;

use crate::error::Error;
use chrono::{DateTime, Utc};
use model::Time;
use model::labels::Labels;
use serde_json::{Map, Value};

/// Labels as the object that the column `labels` holds.
pub(crate) fn labels_json(labels: &Labels) -> Value {
    let object: Map<String, Value> =
        labels.iter().map(|(name, value)| (name.to_owned(), Value::String(value.to_owned()))).collect();
    Value::Object(object)
}

fn labels_of(alert: i64, json: &Value) -> Result<Labels, Error> {
    let corrupt = || corrupt("alert", "labels", &alert.to_string(), &json.to_string());
    let object: &Map<String, Value> = json.as_object().ok_or_else(corrupt)?;
    let mut labels: Labels = Labels::default();
    for (name, value) in object {
        labels.set(name.clone(), value.as_str().ok_or_else(corrupt)?.to_owned());
    }
    Ok(labels)
}

fn corrupt(table: &'static str, column: &'static str, row: &str, value: &str) -> Error {
    Error::Corrupt { table, column, row: row.to_owned(), value: value.to_owned() }
}

fn time(at: Option<DateTime<Utc>>) -> Option<Time> {
    at.map(Time::from_utc)
}

fn utc(at: Option<Time>) -> Option<DateTime<Utc>> {
    at.map(Time::to_utc)
}
