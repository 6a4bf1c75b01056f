//! What happened to an alert, as Facts: written with the change itself, read back as its history.

use crate::rules::Text;
use kernel::facts::{self, Recorded};
use kernel::{Fact, Tx};
use model::ids::{AlertId, RuleId};
use model::{Actor, Time};
use serde_json::{Value, json};

/// The condition was crossed. Written when the alert fires, dated back to the crossing: what never fires leaves no Fact.
pub const PENDING: &str = "AlertPending";
/// Somebody is needed.
pub const FIRED: &str = "AlertFired";
/// Somebody has it.
pub const ACKNOWLEDGED: &str = "AlertAcknowledged";
/// Nobody has it any more.
pub const UNACKNOWLEDGED: &str = "AlertUnacknowledged";
/// Who has it said anew for how long.
pub const PROLONGED: &str = "AcknowledgementProlonged";
/// Who has it will not have it for much longer.
pub const ENDING: &str = "AcknowledgementEnding";
/// Nobody has it any more: the time for which somebody took it has run out.
pub const EXPIRED: &str = "AcknowledgementExpired";
/// Somebody said something.
pub const COMMENTED: &str = "AlertCommented";
/// The condition cleared without ending the alert: `keep_firing_for` runs, or it was resolved by hand before.
pub const RECOVERED: &str = "AlertRecovered";
/// The condition holds again while `keep_firing_for` ran.
pub const RELAPSED: &str = "AlertRelapsed";
/// A warning became critical.
pub const RAISED: &str = "AlertRaised";
/// What was critical is a warning only.
pub const LOWERED: &str = "AlertLowered";
/// It is over; the body's `reason` says why.
pub const RESOLVED: &str = "AlertResolved";

/// One line of an alert's history.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    pub at: Time,
    /// The kind of Fact, one of this module's constants.
    pub fact: String,
    /// The name of who did it: a person, a token or the evaluator.
    pub by: String,
    pub comment: Option<String>,
    /// What was measured then.
    pub value: Option<f64>,
    /// Of a resolution: `recovered`, `by hand`, `rule deleted`, `rule changed`, `no data`, `source removed`. Of a page: why it failed or was not needed.
    pub reason: Option<String>,
    /// Of a page: what it was for, `fired`, `acknowledged` …
    pub page: Option<String>,
    /// Of a page: the channel it went by.
    pub channel: Option<String>,
    /// Of a page: its delivery.
    pub delivery: Option<String>,
    /// Of an acknowledgement with an end: when that is.
    pub until: Option<Time>,
    /// Of one that ends or has ended: whose it is.
    pub holder: Option<String>,
}

/// The alert a Fact is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    pub(crate) alert: AlertId,
    pub(crate) rule: &'a RuleId,
    pub(crate) name: &'a Text,
}

/// `alert/12`.
#[must_use]
pub fn subject(alert: AlertId) -> String {
    format!("alert/{}", alert.0)
}

/// Writes a Fact; `more` is an object whose members join the rule's id and name in its body.
pub(crate) async fn append(
    tx: &mut Tx,
    about: &About<'_>,
    kind: &'static str,
    actor: &Actor,
    at: Time,
    more: Value,
) -> Result<(), sqlx::Error> {
    let body: Value = joined(about.rule, about.name, more);
    let fact = Fact { kind, actor, subject: subject(about.alert), body, at };
    facts::append(tx, &fact).await
}

/// What one Fact of many tells: `body` is an object whose members join the rule's id and name.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) alert: AlertId,
    pub(crate) rule: RuleId,
    pub(crate) name: Text,
    pub(crate) kind: &'static str,
    pub(crate) body: Value,
}

/// Writes many Facts of one moment, in their order.
pub(crate) async fn append_all(tx: &mut Tx, told: Vec<Told>, actor: &Actor, at: Time) -> Result<(), sqlx::Error> {
    let mut all: Vec<Fact<'_>> = Vec::with_capacity(told.len());
    for one in told {
        let body: Value = joined(&one.rule, &one.name, one.body);
        all.push(Fact { kind: one.kind, actor, subject: subject(one.alert), body, at });
    }
    facts::append_all(tx, &all).await
}

fn joined(rule: &RuleId, name: &Text, more: Value) -> Value {
    let mut body: Value = json!({
        "rule": rule.0,
        "name": name,
    });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    body
}

/// Facts as lines, in their order.
pub(crate) fn entries(recorded: Vec<Recorded>) -> Vec<HistoryEntry> {
    recorded.into_iter().map(entry).collect()
}

fn entry(recorded: Recorded) -> HistoryEntry {
    let text = |key: &str| recorded.body.get(key).and_then(Value::as_str).map(str::to_owned);
    HistoryEntry {
        at: recorded.at,
        by: recorded.actor.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        comment: text("comment"),
        value: recorded.body.get("value").and_then(Value::as_f64),
        reason: text("reason"),
        page: text("page"),
        channel: text("channel"),
        delivery: text("delivery"),
        until: recorded.body.get("until").and_then(Value::as_i64).map(Time),
        holder: text("holder"),
        fact: recorded.kind,
    }
}
