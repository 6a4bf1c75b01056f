//! `alert` as it is read.

mod urgent;

use super::{corrupt, labels_json, labels_of, time};
use crate::alerts::{AlertRow, Filter, Held, MOST, SeverityTally, Show, Source, Tally};
use crate::annotations::Annotations;
use crate::error::Error;
use crate::rules::Text;
use crate::state::ResolveReason;
use chrono::{DateTime, Utc};
use figures::Unit;
use kernel::Db;
use model::alert::{AlertState, Direction};
use model::ids::{AlertId, IntegrationId, PersonId, RuleId};
use model::{Severity, Time};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

struct Row {
    id: i64,
    rule_id: String,
    labels: Value,
    name_ja: String,
    name_en: String,
    summary_ja: String,
    summary_en: String,
    severity: String,
    matches: bool,
    direction: String,
    threshold: f64,
    unit: String,
    for_ms: i64,
    state: String,
    value: Option<f64>,
    value_at: Option<DateTime<Utc>>,
    pending_since: DateTime<Utc>,
    fired_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    resolved_reason: Option<String>,
    acknowledged_by: Option<String>,
    acknowledged_person: Option<Uuid>,
    acknowledged_at: Option<DateTime<Utc>>,
    acknowledged_until: Option<DateTime<Utc>>,
    acknowledged_comment: Option<String>,
    is_muted: bool,
    integration_id: Option<Uuid>,
    integration_name: Option<String>,
    source_url: Option<String>,
}

/// Alerts of a selection: open ones with what needs somebody most first, others with the newest number first.
pub(crate) async fn list(db: &Db, filter: &Filter) -> Result<Vec<AlertRow>, Error> {
    read(db, &numbers(db, filter).await?.ids).await
}

/// The same, and how many the selection has in all; lists by number are not counted.
pub(crate) async fn list_counted(db: &Db, filter: &Filter) -> Result<(Vec<AlertRow>, i64), Error> {
    let numbers: Numbers = numbers(db, filter).await?;
    let n_listed: i64 = i64::try_from(numbers.ids.len()).unwrap_or(i64::MAX);
    let n_all: i64 = match numbers.n_all {
        Some(n_all) => n_all,
        // A list that is not full is all there is.
        None if !filter.show.by_urgency() || n_listed < filter.limit.clamp(0, MOST) => n_listed,
        None => urgent::count(db, filter).await?,
    };
    Ok((read(db, &numbers.ids).await?, n_all))
}

/// One alert.
pub(crate) async fn one(db: &Db, id: AlertId) -> Result<Option<AlertRow>, Error> {
    Ok(read(db, &[id.0]).await?.pop())
}

/// The numbers of a selection in its order, with how many it has where that costs nothing.
#[derive(Debug, Default)]
struct Numbers {
    ids: Vec<i64>,
    n_all: Option<i64>,
}

async fn numbers(db: &Db, filter: &Filter) -> Result<Numbers, sqlx::Error> {
    let ids: Vec<i64> = match filter.show {
        Show::Open | Show::Unanswered | Show::Silenced if filter.chooses() => return urgent::chosen(db, filter).await,
        Show::Open | Show::Unanswered | Show::Silenced => urgent::all(db, filter).await?,
        Show::Held | Show::Pending => living(db, filter).await?,
        Show::Resolved => over(db, filter).await?,
        Show::All => any(db, filter).await?,
    };
    Ok(Numbers { ids, n_all: None })
}

/// What somebody has, or what waits, the newest number first.
async fn living(db: &Db, filter: &Filter) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id
           from alert
           where state <> 'resolved'
             and case $7::text when 'pending' then state = 'pending' else state = 'firing' and acknowledged_at is not null end
             and ($1::text is null or rule_id = $1)
             and ($2::text is null or severity = $2)
             and ($3::text is null or labels ->> 'host' = $3)
             and ($4::text is null
                  or strpos(lower(concat_ws(' ', name_ja, name_en, summary_ja, summary_en, labels::text)), lower($4)) > 0)
             and ($5::jsonb is null or labels = $5)
             and ($6::timestamptz is null or fired_at <= $6)
             and ($8::bigint is null or id < $8)
           order by id desc
           limit $9"#,
        filter.rule.as_ref().map(|rule| rule.0.as_str()),
        filter.severity.map(Severity::code),
        filter.host.as_deref(),
        filter.search.as_deref(),
        filter.labels.as_ref().map(labels_json),
        filter.touching.map(|(_, to)| to.to_utc()),
        filter.show.as_str(),
        filter.before.map(|before| before.0),
        filter.limit.clamp(0, MOST),
    )
    .fetch_all(db.pool())
    .await
}

/// What is over, the newest number first. It is not counted: there is no end to it.
async fn over(db: &Db, filter: &Filter) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id
           from alert
           where state = 'resolved'
             and ($1::text is null or rule_id = $1)
             and ($2::text is null or severity = $2)
             and ($3::text is null or labels ->> 'host' = $3)
             and ($4::text is null
                  or strpos(lower(concat_ws(' ', name_ja, name_en, summary_ja, summary_en, labels::text)), lower($4)) > 0)
             and ($5::jsonb is null or labels = $5)
             and ($6::timestamptz is null or fired_at <= $6)
             and ($7::timestamptz is null or resolved_at >= $7)
             and ($8::bigint is null or id < $8)
           order by id desc
           limit $9"#,
        filter.rule.as_ref().map(|rule| rule.0.as_str()),
        filter.severity.map(Severity::code),
        filter.host.as_deref(),
        filter.search.as_deref(),
        filter.labels.as_ref().map(labels_json),
        filter.touching.map(|(_, to)| to.to_utc()),
        filter.touching.map(|(from, _)| from.to_utc()),
        filter.before.map(|before| before.0),
        filter.limit.clamp(0, MOST),
    )
    .fetch_all(db.pool())
    .await
}

/// Everything, the newest number first, and not counted either.
async fn any(db: &Db, filter: &Filter) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select id
           from alert
           where ($7::timestamptz is null or resolved_at is null or resolved_at >= $7)
             and ($1::text is null or rule_id = $1)
             and ($2::text is null or severity = $2)
             and ($3::text is null or labels ->> 'host' = $3)
             and ($4::text is null
                  or strpos(lower(concat_ws(' ', name_ja, name_en, summary_ja, summary_en, labels::text)), lower($4)) > 0)
             and ($5::jsonb is null or labels = $5)
             and ($6::timestamptz is null or fired_at <= $6)
             and ($8::bigint is null or id < $8)
           order by id desc
           limit $9"#,
        filter.rule.as_ref().map(|rule| rule.0.as_str()),
        filter.severity.map(Severity::code),
        filter.host.as_deref(),
        filter.search.as_deref(),
        filter.labels.as_ref().map(labels_json),
        filter.touching.map(|(_, to)| to.to_utc()),
        filter.touching.map(|(from, _)| from.to_utc()),
        filter.before.map(|before| before.0),
        filter.limit.clamp(0, MOST),
    )
    .fetch_all(db.pool())
    .await
}

/// Alerts by number, in the order of the numbers.
async fn read(db: &Db, ids: &[i64]) -> Result<Vec<AlertRow>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        r#"select
             alert.id,
             alert.rule_id,
             alert.labels,
             alert.name_ja,
             alert.name_en,
             alert.summary_ja,
             alert.summary_en,
             alert.severity,
             alert.matches,
             alert.direction,
             alert.threshold,
             alert.unit,
             alert.for_ms,
             alert.state,
             alert.value,
             alert.value_at,
             alert.pending_since,
             alert.fired_at,
             alert.resolved_at,
             alert.resolved_reason,
             alert.acknowledged_by,
             alert.acknowledged_person,
             alert.acknowledged_at,
             alert.acknowledged_until,
             alert.acknowledged_comment,
             alert.state = 'firing'
               and alert.id in (select alert_id from alert_muted where alert_id = any($1)) as "is_muted!",
             alert.integration_id,
             integration.name as "integration_name?",
             alert.source_url
           from alert
           left join integration on integration.id = alert.integration_id
           where alert.id = any($1)
           order by array_position($1, alert.id)"#,
        ids,
    )
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(alert).collect()
}

fn alert(row: Row) -> Result<AlertRow, Error> {
    let wrong = |column: &'static str, value: &str| corrupt("alert", column, &row.id.to_string(), value);
    let direction: Direction = match row.direction.as_str() {
        "above" => Direction::Above,
        "below" => Direction::Below,
        other => return Err(wrong("direction", other)),
    };
    Ok(AlertRow {
        severity: Severity::from_word(&row.severity).ok_or_else(|| wrong("severity", &row.severity))?,
        state: AlertState::from_word(&row.state).ok_or_else(|| wrong("state", &row.state))?,
        unit: Unit::from_word(&row.unit).ok_or_else(|| wrong("unit", &row.unit))?,
        resolved_reason: reason(row.id, row.resolved_reason.as_deref())?,
        labels: labels_of(row.id, &row.labels)?,
        source: source(row.integration_id, row.integration_name, row.source_url),
        held: held(HeldColumns {
            by: row.acknowledged_by,
            person: row.acknowledged_person,
            at: row.acknowledged_at,
            until: row.acknowledged_until,
            comment: row.acknowledged_comment,
        }),
        is_muted: row.is_muted,
        matches: row.matches,
        id: AlertId(row.id),
        rule_id: RuleId(row.rule_id),
        name: Text { ja: row.name_ja, en: row.name_en },
        summary: Text { ja: row.summary_ja, en: row.summary_en },
        value: row.value,
        value_at: time(row.value_at),
        threshold: row.threshold,
        direction,
        for_ms: row.for_ms,
        pending_since: Time::from_utc(row.pending_since),
        fired_at: time(row.fired_at),
        resolved_at: time(row.resolved_at),
    })
}

fn reason(id: i64, word: Option<&str>) -> Result<Option<ResolveReason>, Error> {
    let Some(word) = word else {
        return Ok(None);
    };
    let known: Option<ResolveReason> = ResolveReason::from_word(word);
    known.map(Some).ok_or_else(|| corrupt("alert", "resolved_reason", &id.to_string(), word))
}

fn source(id: Option<Uuid>, name: Option<String>, url: Option<String>) -> Option<Source> {
    id.map(|id| Source { id: IntegrationId(id), name: name.unwrap_or_default(), url })
}

/// Who has an alert, as its columns say.
pub(super) struct HeldColumns {
    pub(super) by: Option<String>,
    pub(super) person: Option<Uuid>,
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) until: Option<DateTime<Utc>>,
    pub(super) comment: Option<String>,
}

/// Who has an alert, if anybody does.
pub(super) fn held(columns: HeldColumns) -> Option<Held> {
    Some(Held {
        by: columns.by?,
        person: columns.person.map(PersonId),
        at: Time::from_utc(columns.at?),
        until: time(columns.until),
        comment: columns.comment,
    })
}

/// What an alert's rule or sender says beside the sentence.
pub(crate) async fn annotations(db: &Db, id: AlertId) -> Result<Annotations, Error> {
    let found: Option<Value> =
        sqlx::query_scalar!("select annotations from alert where id = $1", id.0).fetch_optional(db.pool()).await?;
    let Some(json) = found else {
        return Ok(Annotations::default());
    };
    let texts: BTreeMap<String, Text> =
        serde_json::from_value(json).map_err(|error| corrupt("alert", "annotations", &id.0.to_string(), &error.to_string()))?;
    Ok(Annotations(texts))
}

/// How many alerts there are. Each set is counted in the index that has it and nothing else; of what fires only what is muted is looked at.
pub(crate) async fn tally(db: &Db) -> Result<Tally, Error> {
    let rows = sqlx::query!(
        r#"select
             severity as "severity!",
             counted as "counted!",
             n as "n!"
           from (
             select severity, 'loud' as counted, count(*) as n
             from alert
             where state = 'firing'
               and acknowledged_at is null
             group by severity
             union all
             select severity, 'held' as counted, count(*) as n
             from alert
             where state = 'firing'
               and acknowledged_at is not null
             group by severity
             union all
             select severity, 'pending' as counted, count(*) as n
             from alert
             where state = 'pending'
             group by severity
             union all
             select severity, case when acknowledged_at is null then 'muted' else 'muted held' end as counted, count(*) as n
             from alert
             where state = 'firing'
               and id in (select alert_id from alert_muted)
             group by 1, 2
           ) as counts"#,
    )
    .fetch_all(db.pool())
    .await?;
    let n = |severity: Severity, counted: &str| -> i64 {
        rows.iter().find(|row| row.severity == severity.code() && row.counted == counted).map_or(0, |row| row.n)
    };
    let of = |severity: Severity| {
        let silenced: i64 = n(severity, "muted");
        SeverityTally { severity, unanswered: n(severity, "loud") - silenced, held: n(severity, "held"), silenced }
    };
    let all = |counted: &str| -> i64 { Severity::ALL.into_iter().map(|severity| n(severity, counted)).sum() };
    let by_severity: Vec<SeverityTally> = Severity::ALL.into_iter().map(of).collect();
    Ok(Tally { by_severity, pending: all("pending"), muted: all("muted") + all("muted held") })
}
