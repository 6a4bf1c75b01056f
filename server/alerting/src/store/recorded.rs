//! `recorded_series`: what recording rules wrote, until it has ended.

use super::{corrupt, labels_json, labels_of, time};
use crate::error::Error;
use crate::recording::SeriesSet;
use crate::rules::Rule;
use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::Time;
use model::ids::RuleId;
use model::labels::Labels;
use serde_json::Value;
use std::collections::HashMap;

/// A series whose rule is gone, and that must still be ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ended {
    pub(crate) rule: RuleId,
    pub(crate) labels: Labels,
    /// Where its marker stands.
    pub(crate) at: Time,
    /// Whether another rule writes the same series: then it goes on.
    pub(crate) goes_on: bool,
}

/// What the rules of a group wrote at their last good ticks.
pub(crate) async fn of_group(db: &Db, group: &str) -> Result<HashMap<RuleId, SeriesSet>, Error> {
    let rows = sqlx::query!(
        "select
           recorded_series.rule_id,
           recorded_series.labels
         from recorded_series
         join alert_rule on alert_rule.id = recorded_series.rule_id
         where alert_rule.group_name = $1
           and recorded_series.ended_at is null",
        group,
    )
    .fetch_all(db.pool())
    .await?;
    let mut found: HashMap<RuleId, SeriesSet> = HashMap::new();
    for row in rows {
        let labels: Labels = read(&row.rule_id, &row.labels)?;
        found.entry(RuleId(row.rule_id)).or_default().insert(labels);
    }
    Ok(found)
}

fn read(rule: &str, labels: &Value) -> Result<Labels, Error> {
    labels_of(0, labels).map_err(|_| corrupt("recorded_series", "labels", rule, &labels.to_string()))
}

/// The newest tick of a group.
pub(crate) async fn last_tick(db: &Db, group: &str) -> Result<Option<Time>, sqlx::Error> {
    let row: Option<Option<DateTime<Utc>>> =
        sqlx::query_scalar!("select last_tick from rule_group where name = $1", group).fetch_optional(db.pool()).await?;
    Ok(time(row.flatten()))
}

/// The same, and it stays so until the transaction ends.
pub(crate) async fn held_tick(tx: &mut Tx, group: &str) -> Result<Option<Time>, sqlx::Error> {
    let row: Option<Option<DateTime<Utc>>> =
        sqlx::query_scalar!("select last_tick from rule_group where name = $1 for update", group)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(time(row.flatten()))
}

/// Writes what a tick changed in the series of a rule.
pub(crate) async fn write(tx: &mut Tx, rule: &RuleId, before: &SeriesSet, now: &SeriesSet) -> Result<(), sqlx::Error> {
    let came: Vec<Value> = now.difference(before).map(labels_json).collect();
    let went: Vec<Value> = before.difference(now).map(labels_json).collect();
    if !came.is_empty() {
        sqlx::query!(
            "insert into recorded_series (rule_id, labels)
             select $1, went.labels
             from unnest($2::jsonb[]) as went (labels)
             on conflict (rule_id, md5(labels::text)) do update set
               ended_at = null",
            rule.0,
            &came[..],
        )
        .execute(&mut **tx)
        .await?;
    }
    if !went.is_empty() {
        sqlx::query!("delete from recorded_series where rule_id = $1 and labels = any($2)", rule.0, &went[..])
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Notes that a rule writes no more: its series end right behind the sample that it wrote last. Called before the rule is taken away.
pub(crate) async fn end(tx: &mut Tx, rule: &Rule, now: Time) -> Result<(), sqlx::Error> {
    let delay_ms: f64 = rule.evaluation_delay_ms as f64;
    sqlx::query!(
        "update recorded_series
         set
           ended_at = coalesce(alert_rule.evaluated_at, $2) - interval '1 millisecond' * $3::float8 + interval '1 millisecond'
         from alert_rule
         where recorded_series.rule_id = $1
           and alert_rule.id = $1
           and recorded_series.ended_at is null",
        rule.id.0,
        now.to_utc(),
        delay_ms,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Series that wait for their marker, those that wait longest first.
pub(crate) async fn ended(db: &Db, most: i64) -> Result<Vec<Ended>, Error> {
    let rows = sqlx::query!(
        r#"select
             rule_id,
             labels,
             ended_at as "ended_at!",
             exists (
               select from recorded_series as other
               where md5(other.labels::text) = md5(recorded_series.labels::text)
                 and other.ended_at is null
             ) as "goes_on!"
           from recorded_series
           where ended_at is not null
           order by ended_at
           limit $1"#,
        most,
    )
    .fetch_all(db.pool())
    .await?;
    let mut ended: Vec<Ended> = Vec::with_capacity(rows.len());
    for row in rows {
        let labels: Labels = read(&row.rule_id, &row.labels)?;
        ended.push(Ended { rule: RuleId(row.rule_id), labels, at: Time::from_utc(row.ended_at), goes_on: row.goes_on });
    }
    Ok(ended)
}

/// Takes series away that have their marker, unless a rule of that id writes them again.
pub(crate) async fn forget(db: &Db, ended: &[Ended]) -> Result<(), sqlx::Error> {
    let rules: Vec<String> = ended.iter().map(|one| one.rule.0.clone()).collect();
    let labels: Vec<Value> = ended.iter().map(|one| labels_json(&one.labels)).collect();
    sqlx::query!(
        "delete from recorded_series
         using unnest($1::text[], $2::jsonb[]) as gone (rule_id, labels)
         where recorded_series.rule_id = gone.rule_id
           and md5(recorded_series.labels::text) = md5(gone.labels::text)
           and recorded_series.ended_at is not null",
        &rules[..],
        &labels[..],
    )
    .execute(db.pool())
    .await?;
    Ok(())
}
