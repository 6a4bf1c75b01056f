//! `alert` as it is read.

use super::{corrupt, labels_json, labels_of, time};
use crate::alerts::{AlertRow, Filter, Held, MOST, Place, SeverityTally, Source, Tally};
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
    Ok(list_counted(db, filter).await?.0)
}

/// The same, and how many the selection has in all.
pub(crate) async fn list_counted(db: &Db, filter: &Filter) -> Result<(Vec<AlertRow>, i64), Error> {
    let found: Vec<Found> = if filter.show.is_living() { living(db, filter).await? } else { any(db, filter).await? };
    let n_all: i64 = found.first().map_or(0, |first| first.n_all);
    let ids: Vec<i64> = found.iter().map(|one| one.id).collect();
    Ok((read(db, &ids).await?, n_all))
}

/// One alert.
pub(crate) async fn one(db: &Db, id: AlertId) -> Result<Option<AlertRow>, Error> {
    Ok(read(db, &[id.0]).await?.pop())
}

/// The number of an alert, and how many the selection has.
struct Found {
    id: i64,
    n_all: i64,
}

/// The numbers of a selection of what is not over, in its order. The codes of severities sort as they are meant: P0 before P1. A place
/// stands in the order of urgency, within one state: what is listed that way all fires.
///
/// That nothing is over must stand in the statement itself, or the index of the few that are not would not be used when the
/// statement is planned once for all its values; and what is muted is looked up in one set, or a plan that expects one such alert
/// would look through all of them for every other.
async fn living(db: &Db, filter: &Filter) -> Result<Vec<Found>, sqlx::Error> {
    let by_urgency: bool = filter.show.by_urgency();
    let before: Option<AlertId> = filter.before.filter(|_| !by_urgency);
    let after: Option<Place> = filter.after.filter(|_| by_urgency);
    sqlx::query_as!(
        Found,
        r#"with living as materialized (
             select
               id, severity, state, coalesce(fired_at, pending_since) as since,
               acknowledged_at is not null as is_held,
               id in (select alert_id from alert_muted) as is_muted
             from alert
             where state <> 'resolved'
               and ($1::bigint is null or id < $1)
               and ($2::text is null or rule_id = $2)
               and ($3::text is null or severity = $3)
               and ($4::text is null or labels ->> 'host' = $4)
               and ($5::text is null
                    or strpos(lower(concat_ws(' ', name_ja, name_en, summary_ja, summary_en, labels::text)), lower($5)) > 0)
               and ($6::jsonb is null or labels = $6)
               and ($7::timestamptz is null or fired_at <= $7)
           )
           select
             id as "id!",
             count(*) over () as "n_all!"
           from living
           where ($8::text is null
                  or (severity, is_held or is_muted, since, id) > ($8, $9::boolean, $10::timestamptz, $11::bigint))
             and case $12::text
                   when 'unanswered' then state = 'firing' and not is_held and not is_muted
                   when 'held' then state = 'firing' and is_held
                   when 'silenced' then state = 'firing' and is_muted
                   when 'pending' then state = 'pending'
                   else state = 'firing'
                 end
           order by
             case when $13::boolean then severity end,
             case when $13::boolean then is_held or is_muted end,
             case when $13::boolean then since end,
             case when $13::boolean then id end,
             id desc
           limit $14"#,
        before.map(|before| before.0),
        filter.rule.as_ref().map(|rule| rule.0.as_str()),
        filter.severity.map(Severity::code),
        filter.host.as_deref(),
        filter.search.as_deref(),
        filter.labels.as_ref().map(labels_json),
        filter.touching.map(|(_, to)| to.to_utc()),
        after.map(|place| place.severity.code()),
        after.map(|place| place.is_settled),
        after.map(|place| place.since.to_utc()),
        after.map(|place| place.id.0),
        filter.show.as_str(),
        by_urgency,
        filter.limit.clamp(0, MOST),
    )
    .fetch_all(db.pool())
    .await
}

/// The numbers of a selection of what is over, or of everything, the newest first. They are not counted: there is no end to them.
async fn any(db: &Db, filter: &Filter) -> Result<Vec<Found>, sqlx::Error> {
    sqlx::query_as!(
        Found,
        r#"select
             id,
             0::bigint as "n_all!"
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
             and ($9::text = 'all' or state = 'resolved')
           order by id desc
           limit $10"#,
        filter.before.map(|before| before.0),
        filter.rule.as_ref().map(|rule| rule.0.as_str()),
        filter.severity.map(Severity::code),
        filter.host.as_deref(),
        filter.search.as_deref(),
        filter.labels.as_ref().map(labels_json),
        filter.touching.map(|(from, _)| from.to_utc()),
        filter.touching.map(|(_, to)| to.to_utc()),
        filter.show.as_str(),
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

/// How many alerts there are.
pub(crate) async fn tally(db: &Db) -> Result<Tally, Error> {
    let rows = sqlx::query!(
        r#"with living as materialized (
             select
               severity,
               state,
               acknowledged_at is not null as is_held,
               id in (select alert_id from alert_muted) as is_muted
             from alert
             where state <> 'resolved'
           )
           select
             severity as "severity!",
             count(*) filter (where state = 'firing' and not is_held and not is_muted) as "unanswered!",
             count(*) filter (where state = 'firing' and is_held) as "held!",
             count(*) filter (where state = 'firing' and not is_held and is_muted) as "silenced!",
             count(*) filter (where state = 'firing' and is_muted) as "muted!",
             count(*) filter (where state = 'pending') as "pending!"
           from living
           group by severity"#,
    )
    .fetch_all(db.pool())
    .await?;
    let of = |severity: Severity| {
        let row = rows.iter().find(|row| row.severity == severity.code());
        SeverityTally {
            severity,
            unanswered: row.map_or(0, |row| row.unanswered),
            held: row.map_or(0, |row| row.held),
            silenced: row.map_or(0, |row| row.silenced),
        }
    };
    let by_severity: Vec<SeverityTally> = Severity::ALL.into_iter().map(of).collect();
    let (pending, muted): (i64, i64) = rows.iter().fold((0, 0), |sum, row| (sum.0 + row.pending, sum.1 + row.muted));
    Ok(Tally { by_severity, pending, muted })
}
