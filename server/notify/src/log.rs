//! The delivery log: who was told what, by which channel, when, how often, and what the provider said.

use crate::deliveries::{DeliveryId, State, Withdrawal};
use crate::error::Error;
use crate::page::Kind;
use crate::store;
use kernel::Db;
use model::Time;
use model::ids::AlertId;
use std::collections::HashMap;

/// Deliveries of one list.
pub const MOST: i64 = 500;

/// One delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryRow {
    pub id: DeliveryId,
    /// Its place in the log: the next screenful begins before it.
    pub seq: i64,
    /// The idempotency key.
    pub key: String,
    pub group: String,
    pub kind: Kind,
    /// The channel the route named.
    pub origin: String,
    /// The channel it goes to: another one when it was passed on.
    pub channel: String,
    pub alerts: Vec<AlertId>,
    /// Why it was asked for.
    pub why: String,
    pub state: State,
    /// Of a superseded one: why.
    pub withdrawn: Option<Withdrawal>,
    /// When it was asked for.
    pub at: Time,
    /// When it is tried next, or when its worker is given up; `None` when it is over.
    pub due_at: Option<Time>,
    pub attempts: i32,
    /// What the last attempt failed of.
    pub last_error: Option<String>,
    /// What the provider said to the last attempt that came to an end, or we about it.
    pub answer: Option<String>,
    pub ended_at: Option<Time>,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    pub attempt: i32,
    /// Which process made it.
    pub worker: String,
    pub began_at: Time,
    pub ended_at: Option<Time>,
    /// `sent`, `retry`, `refused`, `unknown` or `lost`; `None` while it runs.
    pub outcome: Option<String>,
    /// What the provider said.
    pub detail: Option<String>,
    pub took_ms: Option<i64>,
}

/// A delivery with everything that was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryDetail {
    pub row: DeliveryRow,
    pub attempts: Vec<AttemptRow>,
}

/// A selection of deliveries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub id: Option<DeliveryId>,
    pub state: Option<State>,
    pub kind: Option<Kind>,
    pub channel: Option<String>,
    pub group: Option<String>,
    pub alert: Option<AlertId>,
    /// Asked for at this moment or later.
    pub from: Option<Time>,
    /// Asked for at this moment or earlier.
    pub to: Option<Time>,
    /// Only places below: the next screenful.
    pub before: Option<i64>,
    /// At most [`MOST`] are listed.
    pub limit: i64,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            id: None,
            state: None,
            kind: None,
            channel: None,
            group: None,
            alert: None,
            from: None,
            to: None,
            before: None,
            limit: 50,
        }
    }
}

/// Deliveries of a selection, the newest first.
pub(crate) async fn list(db: &Db, filter: &Filter) -> Result<Vec<DeliveryRow>, Error> {
    let mut rows: Vec<DeliveryRow> = store::log::list(db, filter, filter.limit.clamp(0, MOST)).await?;
    let ids: Vec<DeliveryId> = rows.iter().map(|row| row.id).collect();
    let mut answers: HashMap<DeliveryId, String> = store::log::answers(db, &ids).await?;
    for row in &mut rows {
        row.answer = answers.remove(&row.id);
    }
    Ok(rows)
}

/// One delivery with its attempts.
pub(crate) async fn detail(db: &Db, id: DeliveryId) -> Result<Option<DeliveryDetail>, Error> {
    let filter = Filter { id: Some(id), ..Filter::default() };
    let Some(mut row) = store::log::list(db, &filter, 1).await?.pop() else {
        return Ok(None);
    };
    let attempts: Vec<AttemptRow> = store::log::attempts(db, id).await?;
    row.answer = attempts.iter().rev().find_map(|attempt| attempt.detail.clone());
    Ok(Some(DeliveryDetail { row, attempts }))
}
