//! `alert` as it is read.

use super::{corrupt, labels_json, labels_of, time};
use crate::alerts::{AlertRow, Filter, Held, MOST, MOST_COUNTED, Place, SeverityTally, Source, Tally};
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
    acknowledged_comment: Option<String>,
    integration_id: Option<Uuid>,
    integration_name: Option<String>,
    source_url: Option<String>,
}

/// Alerts of a selection: open ones with what needs somebody most first, others with the newest number first.
pub(crate) async fn list(db: &Db, filter: &Filter) -> Result<Vec<AlertRow>, Error> {
    let ids: Vec<i64> = select(db, filter, filter.limit.min(MOST)).await?;
    read(db, &ids).await
}

/// The same, and how many the selection has in all.
pub(crate) async fn list_counted(db: &Db, filter: &Filter) -> Result<(Vec<AlertRow>, i64), Error> {
    let mut ids: Vec<i64> = select(db, filter, MOST_COUNTED).await?;
    let n_all: i64 = i64::try_from(ids.len()).unwrap_or(MOST_COUNTED);
    ids.truncate(usize::try_from(filter.limit.clamp(0, MOST)).unwrap_or(0));
    Ok((read(db, &ids).await?, n_all))
}

/// One alert.
pub(crate) async fn one(db: &Db, id: AlertId) -> Result<Option<AlertRow>, Error> {
    Ok(read(db, &[id.0]).await?.pop())
}

/// The numbers of a selection, in its order. The words of `state` and `severity` sort as they are meant: firing before pending, P0
/// before P1. A place stands in the order of urgency, within one state: what is listed that way all fires.
async fn select(db: &Db, filter: &Filter, limit: i64) -> Result<Vec<i64>, sqlx::Error> {
    let by_urgency: bool = filter.show.by_urgency();
    let before: Option<AlertId> = filter.before.filter(|_| !by_urgency);
    let after: Option<Place> = filter.after.filter(|_| by_urgency);
    sqlx::query_scalar!(
        "select id
         from alert
         where ($1::bigint is null or id < $1)
           and ($2::text is null or rule_id = $2)
           and ($3::text is null or severity = $3)
           and ($4::text is null or labels ->> 'host' = $4)
           and ($5::text is null
                or strpos(lower(concat_ws(' ', name_ja, name_en, summary_ja, summary_en, labels::text)), lower($5)) > 0)
           and ($6::jsonb is null or labels = $6)
           and ($7::timestamptz is null or resolved_at is null or resolved_at >= $7)
           and ($8::timestamptz is null or fired_at <= $8)
           and ($9::text is null
                or (severity, acknowledged_at is not null, coalesce(fired_at, pending_since), id)
                   > ($9, $10::boolean, $11::timestamptz, $12::bigint))
           and case $13::text
                 when 'open' then state = 'firing'
                 when 'unanswered' then state = 'firing' and acknowledged_at is null
                 when 'held' then state = 'firing' and acknowledged_at is not null
                 when 'pending' then state = 'pending'
                 when 'resolved' then state = 'resolved'
                 else true
               end
         order by
           case when $14::boolean then state end,
           case when $14::boolean then severity end,
           case when $14::boolean then acknowledged_at is not null end,
           case when $14::boolean then coalesce(fired_at, pending_since) end,
           case when $14::boolean then id end,
           id desc
         limit $15",
        before.map(|before| before.0),
        filter.rule.as_ref().map(|rule| rule.0.as_str()),
        filter.severity.map(Severity::code),
        filter.host.as_deref(),
        filter.search.as_deref(),
        filter.labels.as_ref().map(labels_json),
        filter.touching.map(|(from, _)| from.to_utc()),
        filter.touching.map(|(_, to)| to.to_utc()),
        after.map(|place| place.severity.code()),
        after.map(|place| place.is_held),
        after.map(|place| place.since.to_utc()),
        after.map(|place| place.id.0),
        filter.show.as_str(),
        by_urgency,
        limit,
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
             alert.acknowledged_comment,
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
        held: held(row.acknowledged_by, row.acknowledged_person, row.acknowledged_at, row.acknowledged_comment),
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

/// Who has an alert, from its four columns.
pub(super) fn held(by: Option<String>, person: Option<Uuid>, at: Option<DateTime<Utc>>, comment: Option<String>) -> Option<Held> {
    Some(Held { by: by?, person: person.map(PersonId), at: Time::from_utc(at?), comment })
}

/// How many alerts there are.
pub(crate) async fn tally(db: &Db) -> Result<Tally, Error> {
    let rows = sqlx::query!(
        r#"select
             severity,
             count(*) filter (where state = 'firing' and acknowledged_at is null) as "unanswered!",
             count(*) filter (where state = 'firing' and acknowledged_at is not null) as "held!",
             count(*) filter (where state = 'pending') as "pending!"
           from alert
           where state <> 'resolved'
           group by severity"#,
    )
    .fetch_all(db.pool())
    .await?;
    let of = |severity: Severity| {
        let row = rows.iter().find(|row| row.severity == severity.code());
        SeverityTally { severity, unanswered: row.map_or(0, |row| row.unanswered), held: row.map_or(0, |row| row.held) }
    };
    let by_severity: Vec<SeverityTally> = Severity::ALL.into_iter().map(of).collect();
    Ok(Tally { by_severity, pending: rows.iter().map(|row| row.pending).sum() })
}
