//! `alert_series`: what rules remember of the series they measure.

use super::{corrupt, labels_json, labels_of, time, utc};
use crate::error::Error;
use crate::presence::{Changes, Memory, Presence};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::RuleId;
use serde_json::Value;
use std::collections::HashMap;

/// The memories of these rules.
pub(crate) async fn memories(tx: &mut Tx, rules: &[String]) -> Result<HashMap<RuleId, Memory>, Error> {
    let mut memories: HashMap<RuleId, Memory> = HashMap::new();
    if rules.is_empty() {
        return Ok(memories);
    }
    let began = sqlx::query!("select id from alert_rule where id = any($1) and remembers_since is not null", rules)
        .fetch_all(&mut **tx)
        .await?;
    for row in began {
        memories.entry(RuleId(row.id)).or_default().began = true;
    }
    let rows = sqlx::query!(
        "select
           rule_id,
           labels,
           first_seen,
           absent_since
         from alert_series
         where rule_id = any($1)",
        rules,
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        let labels =
            labels_of(0, &row.labels).map_err(|_| corrupt("alert_series", "labels", &row.rule_id, &row.labels.to_string()))?;
        let presence = Presence { first_seen: Time::from_utc(row.first_seen), absent_since: time(row.absent_since) };
        memories.entry(RuleId(row.rule_id)).or_default().series.insert(labels, presence);
    }
    Ok(memories)
}

/// Writes what a tick changed in the memory of a rule.
pub(crate) async fn write(tx: &mut Tx, rule: &RuleId, began: bool, changes: &Changes, at: Time) -> Result<(), sqlx::Error> {
    if !began {
        sqlx::query!("update alert_rule set remembers_since = $2 where id = $1", rule.0, at.to_utc()).execute(&mut **tx).await?;
    }
    put(tx, rule, changes).await?;
    if !changes.forgotten.is_empty() {
        let labels: Vec<Value> = changes.forgotten.iter().map(labels_json).collect();
        sqlx::query!("delete from alert_series where rule_id = $1 and labels = any($2)", rule.0, &labels[..])
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

async fn put(tx: &mut Tx, rule: &RuleId, changes: &Changes) -> Result<(), sqlx::Error> {
    if changes.put.is_empty() {
        return Ok(());
    }
    let labels: Vec<Value> = changes.put.iter().map(|(labels, _)| labels_json(labels)).collect();
    let first: Vec<DateTime<Utc>> = changes.put.iter().map(|(_, presence)| presence.first_seen.to_utc()).collect();
    let absent: Vec<Option<DateTime<Utc>>> = changes.put.iter().map(|(_, presence)| utc(presence.absent_since)).collect();
    sqlx::query!(
        "insert into alert_series (rule_id, labels, first_seen, absent_since)
         select $1, went.labels, went.first_seen, went.absent_since
         from unnest($2::jsonb[], $3::timestamptz[], $4::timestamptz[]) as went (labels, first_seen, absent_since)
         on conflict (rule_id, md5(labels::text)) do update set
           first_seen = excluded.first_seen,
           absent_since = excluded.absent_since",
        rule.0,
        &labels[..],
        &first[..],
        &absent[..] as &[Option<DateTime<Utc>>],
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Lets a rule begin anew: it measures something else from now on.
pub(crate) async fn forget(tx: &mut Tx, rule: &RuleId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from alert_series where rule_id = $1", rule.0).execute(&mut **tx).await?;
    sqlx::query!("update alert_rule set remembers_since = null where id = $1", rule.0).execute(&mut **tx).await?;
    Ok(())
}
