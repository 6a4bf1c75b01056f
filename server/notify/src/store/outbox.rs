//! `delivery` as it is asked for and taken back.

use super::kind;
use crate::deliveries::{DeliveryId, Withdrawal};
use crate::error::Error;
use crate::page::Kind;
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use serde_json::Value;
use uuid::Uuid;

/// A delivery before its first attempt.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) id: DeliveryId,
    pub(crate) key: String,
    pub(crate) group: String,
    pub(crate) kind: Kind,
    pub(crate) origin: String,
    pub(crate) channel: String,
    pub(crate) next: Vec<String>,
    pub(crate) tried: Vec<String>,
    pub(crate) alerts: Vec<i64>,
    pub(crate) withdrawn: Vec<i64>,
    pub(crate) words: Value,
    pub(crate) why: String,
    pub(crate) at: Time,
    pub(crate) pass_on_at: Option<Time>,
    /// Needless from the beginning: why, and since when.
    pub(crate) superseded: Option<(Withdrawal, Time)>,
}

/// Which deliveries are taken back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) group: Option<&'a str>,
    /// The channel the route named.
    pub(crate) origin: Option<&'a str>,
    pub(crate) channel: Option<&'a str>,
    /// Leaves notices alone.
    pub(crate) only_summons: bool,
}

/// A delivery some of whose alerts were taken back.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) id: DeliveryId,
    pub(crate) kind: Kind,
    pub(crate) channel: String,
    pub(crate) alerts: Vec<i64>,
    /// When it was to be passed on.
    pub(crate) pass_on_at: Option<Time>,
    /// Whether nothing is left of it: it is over.
    pub(crate) is_superseded: bool,
}

/// The same as it lies in the database.
pub(super) struct TakenRow {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) channel: String,
    pub(super) alerts: Vec<i64>,
    pub(super) state: String,
    pub(super) pass_on_at: Option<DateTime<Utc>>,
}

pub(super) fn taken(row: TakenRow) -> Result<Taken, Error> {
    Ok(Taken {
        kind: kind(&row.id.to_string(), &row.kind)?,
        id: DeliveryId(row.id),
        channel: row.channel,
        alerts: row.alerts,
        pass_on_at: super::time(row.pass_on_at),
        is_superseded: row.state == "superseded",
    })
}

/// Whether this was asked for before.
pub(crate) async fn is_known(tx: &mut Tx, key: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select exists (select 1 from delivery where key = $1) as "known!""#, key).fetch_one(&mut **tx).await
}

/// Writes a delivery. `false` when its key is known.
pub(crate) async fn insert(tx: &mut Tx, row: &Row) -> Result<bool, sqlx::Error> {
    let state: &str = if row.superseded.is_some() { "superseded" } else { "due" };
    let done = sqlx::query!(
        "insert into delivery (
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
           withdrawn_why,
           words,
           why,
           state,
           at,
           due_at,
           pass_on_at,
           ended_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16, $17)
         on conflict (key) do nothing",
        row.id.0,
        row.key,
        row.group,
        row.kind.as_str(),
        row.origin,
        row.channel,
        &row.next,
        &row.tried,
        &row.alerts,
        &row.withdrawn,
        row.superseded.map(|(why, _)| why.as_str()),
        row.words,
        row.why,
        state,
        row.at.to_utc(),
        super::utc(row.pass_on_at),
        row.superseded.map(|(_, at)| at.to_utc()),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes `alerts` back from every delivery of the scope that may still be sent. One that waits and has none left is over; one that is
/// being sent is over when its attempt did not get through. In the order of `seq`, so that two who do this don't wait for each other.
pub(crate) async fn withdraw(
    tx: &mut Tx,
    scope: &Scope<'_>,
    alerts: &[i64],
    why: Withdrawal,
    now: Time,
) -> Result<Vec<Taken>, Error> {
    let rows: Vec<TakenRow> = sqlx::query_as!(
        TakenRow,
        r#"with open as (
             select
               id,
               pass_on_at
             from delivery
             where ($1::text is null or group_key = $1)
               and ($2::text is null or origin = $2)
               and ($3::text is null or channel = $3)
               and kind <> 'test'
               -- What goes to people's own contacts is taken back by whoever asked for it.
               and channel not like '@%'
               and (not $4 or kind in ('fired', 'again'))
               and (state in ('due', 'sending') or pass_on_at is not null)
               and alerts && $5::bigint[]
             order by seq
             for update
           )
           update delivery
           set withdrawn = array(select unnest(delivery.withdrawn || $5::bigint[]) intersect select unnest(delivery.alerts)),
               withdrawn_why = case
                 when delivery.alerts <@ (delivery.withdrawn || $5::bigint[]) then $6
                 else delivery.withdrawn_why
               end,
               pass_on_at = case
                 when delivery.alerts <@ (delivery.withdrawn || $5::bigint[]) then null
                 else delivery.pass_on_at
               end,
               state = case
                 when delivery.state = 'due' and delivery.alerts <@ (delivery.withdrawn || $5::bigint[]) then 'superseded'
                 else delivery.state
               end,
               ended_at = case
                 when delivery.state = 'due' and delivery.alerts <@ (delivery.withdrawn || $5::bigint[]) then $7
                 else delivery.ended_at
               end
           from open
           where delivery.id = open.id
           returning
             delivery.id,
             delivery.kind,
             delivery.channel,
             delivery.alerts,
             delivery.state,
             open.pass_on_at as "pass_on_at?""#,
        scope.group,
        scope.origin,
        scope.channel,
        scope.only_summons,
        alerts,
        why.as_str(),
        now.to_utc(),
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(taken).collect()
}

/// The channels by which somebody may have been summoned for one of `alerts` in this group, when the route named `origin`.
pub(crate) async fn told(tx: &mut Tx, group: &str, origin: &str, alerts: &[i64]) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select distinct channel
         from delivery
         where group_key = $1
           and origin = $2
           and kind in ('fired', 'again')
           and attempts > 0
           and alerts && $3::bigint[]
           and (state <> 'failed'
                or exists (
                  select 1
                  from delivery_attempt
                  where delivery_attempt.delivery = delivery.id
                    and delivery_attempt.outcome in ('unknown', 'lost')
                ))
         order by channel",
        group,
        origin,
        alerts,
    )
    .fetch_all(&mut **tx)
    .await
}
