//! `incident_graph`.

use crate::error::Error;
use crate::needs::GraphAsk;
use crate::timeline::{Frozen, GraphId};
use kernel::Tx;
use model::Time;
use model::ids::IncidentId;
use serde_json::Value;

/// Keeps a graph.
pub(crate) async fn add(
    tx: &mut Tx,
    incident: IncidentId,
    title: &str,
    ask: &GraphAsk,
    data: &Value,
    now: Time,
) -> Result<GraphId, Error> {
    let id: i64 = sqlx::query_scalar!(
        "insert into incident_graph (incident, title, query, from_at, until_at, step_ms, data, frozen_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         returning id",
        incident.0,
        title,
        ask.query,
        ask.from.to_utc(),
        ask.until.to_utc(),
        ask.step_ms,
        data,
        now.to_utc(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(GraphId(id))
}

/// A graph that somebody finds from this incident: one of its own, or one that a line of its timeline shows.
pub(crate) async fn one(tx: &mut Tx, incident: IncidentId, graph: GraphId) -> Result<Option<Frozen>, Error> {
    let row = sqlx::query!(
        "select
           id,
           incident,
           title,
           query,
           from_at,
           until_at,
           step_ms,
           data,
           frozen_at
         from incident_graph
         where id = $1
           and (incident = $2
                or exists (select 1
                           from incident_entry
                           where incident_entry.incident = $2
                             and incident_entry.origin = incident_graph.incident
                             and incident_entry.kind = 'graph'
                             and incident_entry.body @> jsonb_build_object('graph', incident_graph.id)))",
        graph.0,
        incident.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Frozen {
        id: GraphId(row.id),
        incident: IncidentId(row.incident),
        title: row.title,
        query: row.query,
        from: Time::from_utc(row.from_at),
        until: Time::from_utc(row.until_at),
        step_ms: row.step_ms,
        data: row.data,
        frozen_at: Time::from_utc(row.frozen_at),
    }))
}

/// Graphs that were kept in this incident, the oldest first.
pub(crate) async fn of(tx: &mut Tx, incident: IncidentId, limit: i64) -> Result<Vec<Frozen>, Error> {
    let rows = sqlx::query!(
        "select
           id,
           incident,
           title,
           query,
           from_at,
           until_at,
           step_ms,
           data,
           frozen_at
         from incident_graph
         where incident = $1
         order by id
         limit $2",
        incident.0,
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    let read = rows.into_iter().map(|row| Frozen {
        id: GraphId(row.id),
        incident: IncidentId(row.incident),
        title: row.title,
        query: row.query,
        from: Time::from_utc(row.from_at),
        until: Time::from_utc(row.until_at),
        step_ms: row.step_ms,
        data: row.data,
        frozen_at: Time::from_utc(row.frozen_at),
    });
    Ok(read.collect())
}
