//! Writes what a tick decided about one rule: rows, and the Facts of what happened.

use crate::error::Error;
use crate::history::{self, About};
use crate::rules::{Rule, Text};
use crate::state::{ResolveReason, Tracked, Transition};
use crate::store::labels_json;
use crate::store::ticks::{self, Fresh, Living};
use crate::verdict::Verdict;
use kernel::Tx;
use model::ids::AlertId;
use model::{Actor, Time};
use serde_json::{Value, json};

/// Writes every verdict of a rule for the tick `at`.
pub(crate) async fn verdicts(tx: &mut Tx, rule: &Rule, verdicts: &[Verdict], actor: &Actor, at: Time) -> Result<(), Error> {
    let mut living: Vec<Living> = Vec::new();
    let mut vanished: Vec<i64> = Vec::new();
    for verdict in verdicts {
        let summary: Text = rule.sentence(&verdict.labels, verdict.value);
        let id: Option<AlertId> = match (verdict.known, &verdict.tracked) {
            (None, Tracked::Pending { .. } | Tracked::Firing { .. }) => add(tx, rule, verdict, &summary, at).await?,
            (None, Tracked::Inactive | Tracked::Dismissed { .. }) => None,
            (Some(id), Tracked::Pending { .. } | Tracked::Firing { .. }) => {
                let alert = Living { id, tracked: verdict.tracked, value: verdict.value, summary: summary.clone() };
                living.push(alert);
                Some(id)
            }
            (Some(id), Tracked::Dismissed { absent_since }) => {
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
            tell(tx, &about, rule, verdict, &summary, actor, at).await?;
        }
    }
    ticks::save(tx, &living, at).await?;
    ticks::vanish(tx, &vanished).await?;
    Ok(())
}

async fn add(tx: &mut Tx, rule: &Rule, verdict: &Verdict, summary: &Text, at: Time) -> Result<Option<AlertId>, Error> {
    let fresh = Fresh { rule, labels: &verdict.labels, tracked: verdict.tracked, value: verdict.value, summary };
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
    summary: &Text,
    actor: &Actor,
    at: Time,
) -> Result<(), Error> {
    for transition in &verdict.transitions {
        match transition {
            Transition::Crossed | Transition::Vanished | Transition::Released => {}
            Transition::Fired => {
                if let Some(since) = waited_since(verdict, at) {
                    let body: Value = json!({ "threshold": rule.condition.threshold });
                    history::append(tx, about, history::PENDING, actor, since, body).await?;
                }
                history::append(tx, about, history::FIRED, actor, at, fired_body(rule, verdict, summary)).await?;
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

/// When the condition was crossed, unless that was this very tick.
fn waited_since(verdict: &Verdict, at: Time) -> Option<Time> {
    match verdict.tracked {
        Tracked::Firing { since, .. } if since < at => Some(since),
        _ => None,
    }
}

/// Everything that whoever summons people needs to know.
fn fired_body(rule: &Rule, verdict: &Verdict, summary: &Text) -> Value {
    json!({
        "labels": labels_json(&verdict.labels),
        "severity": rule.severity.code(),
        "summary": summary,
        "value": verdict.value,
        "threshold": rule.condition.threshold,
        "unit": rule.unit.as_str(),
        "for_ms": rule.for_ms,
    })
}

fn resolved_body(reason: ResolveReason, value: Option<f64>) -> Value {
    json!({ "reason": reason.as_str(), "value": value })
}
