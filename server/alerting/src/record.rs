//! Writes what a tick decided about one rule: rows, and the Facts of what happened.

use crate::error::Error;
use crate::history::{self, About};
use crate::rules::template::Moment;
use crate::rules::{Instance, Rule, Text};
use crate::state::{Level, ResolveReason, Tracked, Transition};
use crate::store::answers;
use crate::store::labels_json;
use crate::store::ticks::{self, Fresh, Living, Words};
use crate::verdict::{self, Verdict};
use figures::Unit;
use kernel::Tx;
use model::ids::AlertId;
use model::labels::Labels;
use model::{Actor, Severity, Time};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The `reason` of an `AlertUnacknowledged` that nobody asked for.
pub(crate) const WORSE: &str = "worse";

/// Writes every verdict of a rule for the tick `at`.
pub(crate) async fn verdicts(tx: &mut Tx, rule: &Rule, verdicts: &[Verdict], actor: &Actor, at: Time) -> Result<(), Error> {
    let mut living: Vec<Living> = Vec::new();
    let mut vanished: Vec<i64> = Vec::new();
    for verdict in verdicts {
        let words: Words = worded(rule, verdict);
        let id: Option<AlertId> = match (verdict.known, &verdict.tracked) {
            (None, Tracked::Pending { .. } | Tracked::Firing(_)) => add(tx, rule, verdict, &words, at).await?,
            (None, Tracked::Inactive | Tracked::Dismissed { .. }) => None,
            (Some(id), Tracked::Pending { .. } | Tracked::Firing(_)) => {
                living.push(Living { id, tracked: verdict.tracked, value: verdict.value, words: words.clone() });
                Some(id)
            }
            (Some(id), Tracked::Dismissed { absent_since, .. }) => {
                ticks::dismiss(tx, id, true, *absent_since).await?;
                Some(id)
            }
            (Some(id), Tracked::Inactive) => {
                leave(tx, id, verdict, &mut vanished, at).await?;
                Some(id)
            }
        };
        if let Some(alert) = id {
            let about = About { alert, rule: &rule.id, name: &rule.name };
            tell(tx, &about, rule, verdict, &words, actor, at).await?;
        }
    }
    ticks::save(tx, rule, &living, at).await?;
    ticks::vanish(tx, &vanished).await?;
    need_somebody_again(tx, rule, verdicts, actor, at).await
}

/// Who took a warning on has not taken on what it becomes: what is worse now than when somebody took it is nobody's from here on.
async fn need_somebody_again(tx: &mut Tx, rule: &Rule, verdicts: &[Verdict], actor: &Actor, at: Time) -> Result<(), Error> {
    let raised = verdicts.iter().filter(|verdict| verdict.transitions.contains(&Transition::Raised));
    let raised: Vec<i64> = raised.filter_map(|verdict| verdict.known.map(|id| id.0)).collect();
    if raised.is_empty() {
        return Ok(());
    }
    for alert in answers::let_go_of_worse(tx, &raised).await? {
        let about = About { alert, rule: &rule.id, name: &rule.name };
        history::append(tx, &about, history::UNACKNOWLEDGED, actor, at, json!({ "reason": WORSE })).await?;
    }
    Ok(())
}

/// What an alert says after this tick.
fn worded(rule: &Rule, verdict: &Verdict) -> Words {
    let level: Level = verdict::level(&verdict.tracked).unwrap_or(Level::Critical);
    let moment: Moment = if verdict.transitions.contains(&Transition::Lowered) { Moment::Lowered } else { Moment::Firing };
    let instance = Instance { labels: &verdict.labels, value: verdict.value, level, moment };
    let mut annotations: BTreeMap<String, Text> = rule.annotated(&instance);
    // Kept with the others, so that whoever pages needs no rule that may be gone by then.
    if let Some(url) = rule.runbook_at(&instance) {
        annotations.insert("runbook_url".to_owned(), Text { ja: url.clone(), en: url });
    }
    Words { summary: rule.sentence(&instance), annotations: json!(annotations) }
}

async fn add(tx: &mut Tx, rule: &Rule, verdict: &Verdict, words: &Words, at: Time) -> Result<Option<AlertId>, Error> {
    let fresh = Fresh { rule, labels: &verdict.labels, tracked: verdict.tracked, value: verdict.value, words };
    Ok(ticks::add(tx, &fresh, at).await?)
}

/// An alert that ended with this tick: how depends on what it was.
async fn leave(tx: &mut Tx, id: AlertId, verdict: &Verdict, vanished: &mut Vec<i64>, at: Time) -> Result<(), Error> {
    match verdict.transitions.last() {
        Some(Transition::Resolved(reason)) => ticks::end(tx, id, *reason, verdict.value, at).await?,
        Some(Transition::Released) => ticks::dismiss(tx, id, false, None).await?,
        _ => vanished.push(id.0),
    }
    Ok(())
}

async fn tell(
    tx: &mut Tx,
    about: &About<'_>,
    rule: &Rule,
    verdict: &Verdict,
    words: &Words,
    actor: &Actor,
    at: Time,
) -> Result<(), Error> {
    for transition in &verdict.transitions {
        match transition {
            Transition::Crossed | Transition::Vanished | Transition::Released => {}
            Transition::Fired => {
                if let Some(since) = waited_since(verdict, at) {
                    let body: Value = json!({ "threshold": rule.threshold_at(level(verdict)) });
                    history::append(tx, about, history::PENDING, actor, since, body).await?;
                }
                history::append(tx, about, history::FIRED, actor, at, fired_body(rule, verdict, words)).await?;
            }
            Transition::Raised => {
                history::append(tx, about, history::RAISED, actor, at, fired_body(rule, verdict, words)).await?;
            }
            Transition::Lowered => {
                history::append(tx, about, history::LOWERED, actor, at, fired_body(rule, verdict, words)).await?;
            }
            Transition::Recovered => {
                let body: Value = json!({ "value": verdict.value });
                history::append(tx, about, history::RECOVERED, actor, at, body).await?;
            }
            Transition::Relapsed => {
                let body: Value = json!({ "value": verdict.value });
                history::append(tx, about, history::RELAPSED, actor, at, body).await?;
            }
            Transition::Resolved(reason) => {
                let body: Value = resolved_body(*reason, verdict.value);
                history::append(tx, about, history::RESOLVED, actor, at, body).await?;
            }
        }
    }
    Ok(())
}

/// When the condition was crossed, unless that was this very tick. Silence was told when it began: nothing was crossed.
fn waited_since(verdict: &Verdict, at: Time) -> Option<Time> {
    match verdict.tracked {
        Tracked::Firing(firing) if firing.since < at && firing.level != Level::NoData => Some(firing.since),
        _ => None,
    }
}

fn level(verdict: &Verdict) -> Level {
    verdict::level(&verdict.tracked).unwrap_or(Level::Critical)
}

/// Everything that whoever summons people needs to know.
fn fired_body(rule: &Rule, verdict: &Verdict, words: &Words) -> Value {
    let level: Level = level(verdict);
    let mut body: Map<String, Value> = Map::new();
    body.insert("labels".to_owned(), labels_json(&verdict.labels));
    body.insert("level".to_owned(), json!(level.as_str()));
    body.insert("severity".to_owned(), json!(rule.severity_at(level).code()));
    body.insert("summary".to_owned(), json!(words.summary));
    body.insert("annotations".to_owned(), words.annotations.clone());
    body.insert("value".to_owned(), json!(verdict.value));
    body.insert("threshold".to_owned(), json!(rule.threshold_at(level)));
    body.insert("unit".to_owned(), json!(rule.unit.as_str()));
    body.insert("for_ms".to_owned(), json!(rule.for_ms));
    body.insert("tags".to_owned(), json!(rule.tags));
    body.insert("priority".to_owned(), json!(rule.priority));
    body.insert("owner".to_owned(), json!(rule.owner));
    body.insert("renotify".to_owned(), json!(rule.renotify));
    Value::Object(body)
}

/// What a foreign alert tells when it fires, or its severity changes.
pub(crate) struct Foreign<'a> {
    pub(crate) labels: &'a Labels,
    pub(crate) severity: Severity,
    pub(crate) summary: &'a Text,
    pub(crate) annotations: &'a Value,
    pub(crate) value: Option<f64>,
    pub(crate) url: Option<&'a str>,
}

/// The same as for a rule, as far as another tool's alert has it. Its sender has judged: there is no threshold.
pub(crate) fn foreign_body(foreign: &Foreign<'_>) -> Value {
    json!({
        "labels": labels_json(foreign.labels),
        "level": Level::Critical.as_str(),
        "severity": foreign.severity.code(),
        "summary": foreign.summary,
        "annotations": foreign.annotations,
        "value": foreign.value,
        "threshold": null,
        "unit": Unit::None.as_str(),
        "for_ms": 0,
        "tags": [],
        "priority": null,
        "owner": null,
        "renotify": null,
        "url": foreign.url,
    })
}

pub(crate) fn resolved_body(reason: ResolveReason, value: Option<f64>) -> Value {
    json!({ "reason": reason.as_str(), "value": value })
}
