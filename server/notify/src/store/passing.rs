//! `delivery` as it is passed on to the next channel.

use super::{kind, state};
use crate::deliveries::{DeliveryId, State};
use crate::error::Error;
use crate::store::outbox::Row;
use kernel::Tx;
use model::Time;

/// Passed on in one transaction.
const AT_ONCE: i64 = 20;

/// A page that is to be passed on, in nobody else's hands until the transaction ends.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) row: Row,
    pub(crate) state: State,
}

/// The pages whose time has come, those that waited longest first.
pub(crate) async fn waiting(tx: &mut Tx, now: Time) -> Result<Vec<Waiting>, Error> {
    let rows = sqlx::query!(
        "select
           id,
           key,
           group_key,
           kind,
           origin,
           channel,
           next,
           tried,
           alerts,
           withdrawn,
           words,
           why,
           state,
           at
         from delivery
         where pass_on_at <= $1
         order by pass_on_at, seq
         limit $2
         for update skip locked",
        now.to_utc(),
        AT_ONCE,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut waiting: Vec<Waiting> = Vec::with_capacity(rows.len());
    for row in rows {
        let id: String = row.id.to_string();
        let state: State = state(&id, &row.state)?;
        let row = Row {
            kind: kind(&id, &row.kind)?,
            id: DeliveryId(row.id),
            key: row.key,
            group: row.group_key,
            origin: row.origin,
            channel: row.channel,
            next: row.next,
            tried: row.tried,
            alerts: row.alerts,
            withdrawn: row.withdrawn,
            words: row.words,
            why: row.why,
            at: Time::from_utc(row.at),
            pass_on_at: None,
            superseded: None,
        };
        waiting.push(Waiting { row, state });
    }
    Ok(waiting)
}

/// Notes that it was passed on, or can't be.
pub(crate) async fn settle(tx: &mut Tx, id: DeliveryId) -> Result<(), sqlx::Error> {
    sqlx::query!("update delivery set pass_on_at = null where id = $1", id.0).execute(&mut **tx).await?;
    Ok(())
}
