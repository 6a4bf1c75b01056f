//! `delivery` as people read it.

use super::{kind, state, time, withdrawal};
use crate::deliveries::{DeliveryId, State};
use crate::error::Error;
use crate::log::{AttemptRow, DeliveryRow, Filter};
use crate::page::Kind;
use chrono::{DateTime, Utc};
use kernel::Db;
use model::Time;
use model::ids::AlertId;
use std::collections::HashMap;
use uuid::Uuid;

struct Row {
    id: Uuid,
    seq: i64,
    key: String,
    group_key: String,
    kind: String,
    origin: String,
    channel: String,
    alerts: Vec<i64>,
    withdrawn_why: Option<String>,
    why: String,
    state: String,
    at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    attempts: i32,
    last_error: Option<String>,
    ended_at: Option<DateTime<Utc>>,
}

fn delivery(row: Row) -> Result<DeliveryRow, Error> {
    let id: String = row.id.to_string();
    let state: State = state(&id, &row.state)?;
    Ok(DeliveryRow {
        kind: kind(&id, &row.kind)?,
        withdrawn: withdrawal(&id, row.withdrawn_why.as_deref())?.filter(|_| state == State::Superseded),
        id: DeliveryId(row.id),
        seq: row.seq,
        key: row.key,
        group: row.group_key,
        origin: row.origin,
        channel: row.channel,
        alerts: row.alerts.into_iter().map(AlertId).collect(),
        why: row.why,
        state,
        at: Time::from_utc(row.at),
        due_at: (!state.is_over()).then(|| Time::from_utc(row.due_at)),
        attempts: row.attempts,
        last_error: row.last_error,
        answer: None,
        ended_at: time(row.ended_at),
    })
}

/// Deliveries of a selection, the newest first.
pub(crate) async fn list(db: &Db, filter: &Filter, limit: i64) -> Result<Vec<DeliveryRow>, Error> {
    let alerts: Option<Vec<i64>> = filter.alert.map(|alert| vec![alert.0]);
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           seq,
           key,
           group_key,
           kind,
           origin,
           channel,
           alerts,
           withdrawn_why,
           why,
           state,
           at,
           due_at,
           attempts,
           last_error,
           ended_at
         from delivery
         where ($1::bigint is null or seq < $1)
           and ($2::text is null or state = $2)
           and ($3::text is null or kind = $3)
           and ($4::text is null or channel = $4)
           and ($5::text is null or group_key = $5)
           and ($6::bigint[] is null or alerts && $6)
           and ($7::timestamptz is null or at >= $7)
           and ($8::timestamptz is null or at <= $8)
           and ($9::uuid is null or id = $9)
         order by seq desc
         limit $10",
        filter.before,
        filter.state.map(State::as_str),
        filter.kind.map(Kind::as_str),
        filter.channel.as_deref(),
        filter.group.as_deref(),
        alerts.as_deref(),
        super::utc(filter.from),
        super::utc(filter.to),
        filter.id.map(|id| id.0),
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(delivery).collect()
}

/// What was said last to each of these deliveries; those to which nothing was said are left out.
pub(crate) async fn answers(db: &Db, ids: &[DeliveryId]) -> Result<HashMap<DeliveryId, String>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select distinct on (delivery)
             delivery,
             detail as "detail!"
           from delivery_attempt
           where delivery = any($1)
             and detail is not null
           order by delivery, attempt desc"#,
        &ids,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(|row| (DeliveryId(row.delivery), row.detail)).collect())
}

/// Every attempt of one delivery, in order.
pub(crate) async fn attempts(db: &Db, id: DeliveryId) -> Result<Vec<AttemptRow>, sqlx::Error> {
    let rows = sqlx::query!(
        "select
           attempt,
           worker,
           began_at,
           ended_at,
           outcome,
           detail,
           took_ms
         from delivery_attempt
         where delivery = $1
         order by attempt",
        id.0,
    )
    .fetch_all(db.pool())
    .await?;
    let mut attempts: Vec<AttemptRow> = Vec::with_capacity(rows.len());
    for row in rows {
        attempts.push(AttemptRow {
            attempt: row.attempt,
            worker: row.worker,
            began_at: Time::from_utc(row.began_at),
            ended_at: time(row.ended_at),
            outcome: row.outcome,
            detail: row.detail,
            took_ms: row.took_ms,
        });
    }
    Ok(attempts)
}
