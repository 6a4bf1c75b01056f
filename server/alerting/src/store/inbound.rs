//! `alert` as other tools raise it. Whoever writes here holds the row of the integration, and locks alerts by id.

use super::{corrupt, labels_json, labels_of, time, utc};
use crate::alerts::Held;
use crate::error::Error;
use crate::inbound::plan::Known;
use crate::rules::Text;
use crate::state::ResolveReason;
use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::alert::AlertState;
use model::ids::{AlertId, IntegrationId, RuleId};
use model::labels::Labels;
use model::{Severity, Time};
use serde_json::Value;
use std::collections::HashMap;

/// What a sender may change of an alert each time it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) summary: Text,
    /// Name to the text in both languages.
    pub(crate) annotations: Value,
    pub(crate) severity: Severity,
    pub(crate) value: Option<f64>,
    pub(crate) url: Option<String>,
    pub(crate) started_at: Option<Time>,
    pub(crate) ends_at: Option<Time>,
    pub(crate) silent_at: Option<Time>,
}

/// An alert that nobody knew before.
#[derive(Clone, Debug)]
pub(crate) struct Fresh {
    pub(crate) key: String,
    pub(crate) rule: RuleId,
    pub(crate) name: String,
    pub(crate) labels: Labels,
    /// When it began, as far as that is believed.
    pub(crate) since: Time,
    pub(crate) row: Row,
}

struct KnownRow {
    id: i64,
    dedup_key: String,
    rule_id: String,
    name_ja: String,
    name_en: String,
    labels: Value,
    state: String,
    resolved_reason: Option<String>,
    severity: String,
    is_held: bool,
    started_at: Option<DateTime<Utc>>,
}

impl KnownRow {
    fn read(self) -> Result<Known, Error> {
        let wrong = |column: &'static str, value: &str| corrupt("alert", column, &self.id.to_string(), value);
        let reason: Option<ResolveReason> = match self.resolved_reason.as_deref() {
            None => None,
            Some(word) => Some(ResolveReason::from_word(word).ok_or_else(|| wrong("resolved_reason", word))?),
        };
        Ok(Known {
            state: AlertState::from_word(&self.state).ok_or_else(|| wrong("state", &self.state))?,
            severity: Severity::from_word(&self.severity).ok_or_else(|| wrong("severity", &self.severity))?,
            labels: labels_of(self.id, &self.labels)?,
            id: AlertId(self.id),
            key: self.dedup_key,
            rule: RuleId(self.rule_id),
            name: Text { ja: self.name_ja, en: self.name_en },
            reason,
            is_held: self.is_held,
            started_at: time(self.started_at),
        })
    }
}

/// The newest alert of each of these keys, those that fire locked until the transaction ends.
pub(crate) async fn known(tx: &mut Tx, integration: IntegrationId, keys: &[String]) -> Result<Vec<Known>, Error> {
    // In a statement of its own: what somebody resolves meanwhile is read below as it is then.
    // Joined with the keys, so that each is one step into the index: `any` compares every alert that fires with every key.
    let _locked: Vec<i64> = sqlx::query_scalar!(
        "select alert.id
         from unnest($2::text[]) as asked (key)
         join alert on alert.integration_id = $1 and alert.dedup_key = asked.key and alert.state = 'firing'
         order by alert.id
         for update of alert",
        integration.0,
        keys,
    )
    .fetch_all(&mut **tx)
    .await?;
    let rows: Vec<KnownRow> = sqlx::query_as!(
        KnownRow,
        r#"select
             newest.id as "id!",
             newest.dedup_key as "dedup_key!",
             newest.rule_id as "rule_id!",
             newest.name_ja as "name_ja!",
             newest.name_en as "name_en!",
             newest.labels as "labels!",
             newest.state as "state!",
             newest.resolved_reason as "resolved_reason?",
             newest.severity as "severity!",
             newest.is_held as "is_held!",
             newest.started_at as "started_at?"
           from unnest($2::text[]) as wanted (key)
           cross join lateral (
             select
               id,
               dedup_key,
               rule_id,
               name_ja,
               name_en,
               labels,
               state,
               resolved_reason,
               severity,
               acknowledged_at is not null as is_held,
               started_at
             from alert
             where integration_id = $1
               and dedup_key = wanted.key
             order by id desc
             limit 1
           ) as newest"#,
        integration.0,
        keys,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(KnownRow::read).collect()
}

/// How many alerts of an integration fire.
pub(crate) async fn n_firing(tx: &mut Tx, integration: IntegrationId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select count(*) as "n!" from alert where integration_id = $1 and state = 'firing'"#, integration.0,)
        .fetch_one(&mut **tx)
        .await
}

/// Columns of what is sent, for one statement.
#[derive(Default)]
struct Columns {
    severities: Vec<String>,
    summaries_ja: Vec<String>,
    summaries_en: Vec<String>,
    annotations: Vec<Value>,
    values: Vec<Option<f64>>,
    urls: Vec<Option<String>>,
    started: Vec<Option<DateTime<Utc>>>,
    ends: Vec<Option<DateTime<Utc>>>,
    silent: Vec<Option<DateTime<Utc>>>,
}

impl Columns {
    fn of<'a>(rows: impl Iterator<Item = &'a Row>) -> Self {
        let mut columns = Self::default();
        for row in rows {
            columns.severities.push(row.severity.code().to_owned());
            columns.summaries_ja.push(row.summary.ja.clone());
            columns.summaries_en.push(row.summary.en.clone());
            columns.annotations.push(row.annotations.clone());
            columns.values.push(row.value);
            columns.urls.push(row.url.clone());
            columns.started.push(utc(row.started_at));
            columns.ends.push(utc(row.ends_at));
            columns.silent.push(utc(row.silent_at));
        }
        columns
    }
}

/// Adds alerts that fire, and says the number of each key. They have no threshold: the sender has judged.
pub(crate) async fn open(
    tx: &mut Tx,
    integration: IntegrationId,
    alerts: &[Fresh],
    now: Time,
) -> Result<HashMap<String, AlertId>, sqlx::Error> {
    if alerts.is_empty() {
        return Ok(HashMap::new());
    }
    let keys: Vec<String> = alerts.iter().map(|alert| alert.key.clone()).collect();
    let rules: Vec<String> = alerts.iter().map(|alert| alert.rule.0.clone()).collect();
    let names: Vec<String> = alerts.iter().map(|alert| alert.name.clone()).collect();
    let labels: Vec<Value> = alerts.iter().map(|alert| labels_json(&alert.labels)).collect();
    let since: Vec<DateTime<Utc>> = alerts.iter().map(|alert| alert.since.to_utc()).collect();
    let columns = Columns::of(alerts.iter().map(|alert| &alert.row));
    let rows = sqlx::query!(
        r#"insert into alert (
             integration_id, dedup_key, rule_id, labels, name_ja, name_en, summary_ja, summary_en, annotations, severity, matches,
             direction, threshold, unit, for_ms, state, value, value_at, pending_since, critical_since, fired_at, source_url,
             started_at, ends_at, silent_at
           )
           select
             $1, went.key, went.rule_id, went.labels, went.name, went.name, went.summary_ja, went.summary_en, went.annotations,
             went.severity, true, 'above', 0, 'none', 0, 'firing', went.value,
             case when went.value is null then null else $2::timestamptz end,
             went.since, went.since, $2, went.url, went.started_at, went.ends_at, went.silent_at
           from unnest(
             $3::text[], $4::text[], $5::jsonb[], $6::text[], $7::timestamptz[], $8::text[], $9::jsonb[], $10::text[],
             $11::float8[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::timestamptz[], $16::text[]
           ) as went (
             key, rule_id, labels, name, since, summary_ja, annotations, severity, value, url, started_at, ends_at, silent_at, summary_en
           )
           returning id, dedup_key as "key!""#,
        integration.0,
        now.to_utc(),
        &keys[..],
        &rules[..],
        &labels[..],
        &names[..],
        &since[..],
        &columns.summaries_ja[..],
        &columns.annotations[..],
        &columns.severities[..],
        &columns.values[..] as &[Option<f64>],
        &columns.urls[..] as &[Option<String>],
        &columns.started[..] as &[Option<DateTime<Utc>>],
        &columns.ends[..] as &[Option<DateTime<Utc>>],
        &columns.silent[..] as &[Option<DateTime<Utc>>],
        &columns.summaries_en[..],
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.key, AlertId(row.id))).collect())
}

/// Writes what a sender says now about alerts that fire. A figure that it leaves out stays as it was; of two beginnings the later one counts,
/// so that the end of an earlier firing is told from the end of this one.
pub(crate) async fn update(tx: &mut Tx, alerts: &[(AlertId, &Row)], now: Time) -> Result<(), sqlx::Error> {
    if alerts.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = alerts.iter().map(|(id, _)| id.0).collect();
    let columns = Columns::of(alerts.iter().map(|(_, row)| *row));
    sqlx::query!(
        "update alert
         set
           summary_ja = went.summary_ja,
           summary_en = went.summary_en,
           annotations = went.annotations,
           severity = went.severity,
           value = coalesce(went.value, alert.value),
           value_at = case when went.value is null then alert.value_at else $1 end,
           source_url = coalesce(went.url, alert.source_url),
           started_at = greatest(went.started_at, alert.started_at),
           ends_at = went.ends_at,
           silent_at = went.silent_at
         from unnest(
           $2::bigint[], $3::text[], $4::jsonb[], $5::text[], $6::float8[], $7::text[], $8::timestamptz[], $9::timestamptz[],
           $10::timestamptz[], $11::text[]
         ) as went (id, summary_ja, annotations, severity, value, url, started_at, ends_at, silent_at, summary_en)
         where alert.id = went.id",
        now.to_utc(),
        &ids[..],
        &columns.summaries_ja[..],
        &columns.annotations[..],
        &columns.severities[..],
        &columns.values[..] as &[Option<f64>],
        &columns.urls[..] as &[Option<String>],
        &columns.started[..] as &[Option<DateTime<Utc>>],
        &columns.ends[..] as &[Option<DateTime<Utc>>],
        &columns.silent[..] as &[Option<DateTime<Utc>>],
        &columns.summaries_en[..],
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes who has alerts.
pub(crate) async fn hold(tx: &mut Tx, ids: &[i64], held: &Held) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update alert
         set
           acknowledged_by = $2,
           acknowledged_person = null,
           acknowledged_at = $3,
           acknowledged_comment = null,
           acknowledged_severity = severity
         where id = any($1)",
        ids,
        held.by,
        held.at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends alerts that fire.
pub(crate) async fn end(tx: &mut Tx, ids: &[i64], reason: ResolveReason, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update alert
         set
           state = 'resolved',
           resolved_at = $2,
           resolved_reason = $3
         where id = any($1)
           and state = 'firing'",
        ids,
        now.to_utc(),
        reason.as_str(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Integrations of which something is over by its own word or by silence.
pub(crate) async fn with_due(db: &Db, now: Time) -> Result<Vec<IntegrationId>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        r#"select distinct integration_id as "id!"
           from alert
           where integration_id is not null
             and state = 'firing'
             and least(ends_at, silent_at) <= $1"#,
        now.to_utc(),
    )
    .fetch_all(db.pool())
    .await?;
    Ok(ids.into_iter().map(IntegrationId).collect())
}

/// Which alerts of an integration are to be ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// By its sender's word.
    Ended(Time),
    /// By silence only.
    Silent(Time),
    /// All that fire.
    All,
}

/// Alerts of an integration that fire and are due, locked until the transaction ends.
pub(crate) async fn due(tx: &mut Tx, integration: IntegrationId, due: Due) -> Result<Vec<Known>, Error> {
    let (ended, silent): (Option<Time>, Option<Time>) = match due {
        Due::Ended(now) => (Some(now), None),
        Due::Silent(now) => (None, Some(now)),
        Due::All => (None, None),
    };
    let rows: Vec<KnownRow> = sqlx::query_as!(
        KnownRow,
        r#"select
             id,
             dedup_key as "dedup_key!",
             rule_id,
             name_ja,
             name_en,
             labels,
             state,
             resolved_reason,
             severity,
             acknowledged_at is not null as "is_held!",
             started_at
           from alert
           where integration_id = $1
             and state = 'firing'
             and ($2::timestamptz is null or ends_at <= $2)
             and ($3::timestamptz is null or (silent_at <= $3 and (ends_at is null or ends_at > $3)))
           order by id
           for update"#,
        integration.0,
        utc(ended),
        utc(silent),
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(KnownRow::read).collect()
}

/// Gives what fires a new time-out, counted from now.
pub(crate) async fn set_silent_at(tx: &mut Tx, integration: IntegrationId, at: Option<Time>) -> Result<(), sqlx::Error> {
    sqlx::query!("update alert set silent_at = $2 where integration_id = $1 and state = 'firing'", integration.0, utc(at),)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
