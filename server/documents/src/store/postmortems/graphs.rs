//! `postmortem_graph`.

use crate::error::Error;
use crate::postmortems::graph::{Named, Snapshot};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::DocumentId;
use serde_json::Value;

struct Row {
    id: String,
    title: String,
    query: String,
    from_at: DateTime<Utc>,
    until_at: DateTime<Utc>,
    step_ms: i64,
    data: Value,
    svg: String,
    taken_at: DateTime<Utc>,
    taken_by: String,
}

fn read(row: Row) -> Snapshot {
    Snapshot {
        id: row.id,
        title: row.title,
        query: row.query,
        from: Time::from_utc(row.from_at),
        until: Time::from_utc(row.until_at),
        step_ms: row.step_ms,
        data: row.data,
        svg: row.svg,
        taken_at: Time::from_utc(row.taken_at),
        taken_by: row.taken_by,
    }
}

/// Keeps a graph with a document. One that is there stays as it is.
pub(crate) async fn add(tx: &mut Tx, doc: DocumentId, graph: &Snapshot) -> Result<(), Error> {
    sqlx::query!(
        "insert into postmortem_graph (doc, id, title, query, from_at, until_at, step_ms, data, svg, taken_at, taken_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (doc, id) do nothing",
        doc.0,
        graph.id,
        graph.title,
        graph.query,
        graph.from.to_utc(),
        graph.until.to_utc(),
        graph.step_ms,
        graph.data,
        graph.svg,
        graph.taken_at.to_utc(),
        graph.taken_by,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Those of these ids that belong to a document.
pub(crate) async fn of(tx: &mut Tx, doc: DocumentId, ids: &[String]) -> Result<Vec<Snapshot>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           title,
           query,
           from_at,
           until_at,
           step_ms,
           data,
           svg,
           taken_at,
           taken_by
         from postmortem_graph
         where doc = $1 and id = any($2)
         order by taken_at, id",
        doc.0,
        ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// A document's graphs, by name.
pub(crate) async fn named(tx: &mut Tx, doc: DocumentId) -> Result<Vec<Named>, Error> {
    let rows = sqlx::query!("select id, title, taken_at from postmortem_graph where doc = $1 order by taken_at, id", doc.0)
        .fetch_all(&mut **tx)
        .await?;
    Ok(rows.into_iter().map(|row| Named { id: row.id, title: row.title, taken_at: Time::from_utc(row.taken_at) }).collect())
}
