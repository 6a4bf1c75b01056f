//! `delivery` as workers claim it and say how it ended.

use super::{kind, withdrawal};
use crate::deliveries::{DeliveryId, Next, Outcome, State, Withdrawal};
use crate::error::Error;
use crate::page::Kind;
use crate::store::outbox::Taken;
use kernel::Tx;
use model::Time;
use serde_json::Value;
use uuid::Uuid;

/// A delivery in the hands of one worker.
#[derive(Clone, Debug)]
pub(crate) struct Claimed {
    pub(crate) id: DeliveryId,
    /// The idempotency key.
    pub(crate) key: String,
    pub(crate) group: String,
    pub(crate) kind: Kind,
    pub(crate) channel: String,
    pub(crate) alerts: Vec<i64>,
    pub(crate) withdrawn: Vec<i64>,
    pub(crate) words: Value,
    /// 1 for the first attempt.
    pub(crate) attempt: i32,
    /// Fences every later write.
    pub(crate) token: Uuid,
}

/// What is claimed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'a> {
    pub(crate) limit: i64,
    /// Channels that get nothing more now.
    pub(crate) busy: &'a [String],
    pub(crate) now: Time,
    pub(crate) lease_until: Time,
}

/// A claimed delivery as it stands when its attempt is over, in nobody else's hands until the transaction ends.
#[derive(Clone, Debug)]
pub(crate) struct Locked {
    pub(crate) at: Time,
    pub(crate) first_attempt_at: Time,
    pub(crate) pass_on_at: Option<Time>,
    /// Why nothing of it is needed any more, if so.
    pub(crate) withdrawn: Option<Withdrawal>,
}

/// Claims deliveries that are due, those that waited longest first: waiting ones, and those whose worker's lease has ended.
///
/// A notice waits as long as an earlier word about the same alerts is on its way to the same channel, because "it is over" must not
/// arrive before "it burns". A page waits only while such a word is being sent.
pub(crate) async fn claim(tx: &mut Tx, wish: &Wish<'_>) -> Result<Vec<Claimed>, Error> {
    let token: Uuid = kernel::ids::new_uuid();
    let rows = sqlx::query!(
        r#"with due as (
             select id
             from delivery
             where state in ('due', 'sending')
               and due_at <= $1
               and channel <> all($2)
               and not (cardinality(alerts) > 0 and alerts <@ withdrawn)
               and not exists (
                 select 1
                 from delivery as earlier
                 where earlier.group_key = delivery.group_key
                   and earlier.channel = delivery.channel
                   and earlier.seq < delivery.seq
                   and earlier.state in ('due', 'sending')
                   and earlier.alerts && delivery.alerts
                   and (earlier.state = 'sending' or delivery.kind in ('acknowledged', 'updated', 'resolved'))
               )
             order by due_at
             limit $3
             for update skip locked
           )
           update delivery
           set state = 'sending',
               lease_token = $4,
               due_at = $5,
               attempts = delivery.attempts + 1,
               first_attempt_at = coalesce(delivery.first_attempt_at, $1)
           from due
           where delivery.id = due.id
           returning
             delivery.id,
             delivery.key,
             delivery.group_key,
             delivery.kind,
             delivery.channel,
             delivery.alerts,
             delivery.withdrawn,
             delivery.words,
             delivery.attempts"#,
        wish.now.to_utc(),
        wish.busy,
        wish.limit,
        token,
        wish.lease_until.to_utc(),
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut claimed: Vec<Claimed> = Vec::with_capacity(rows.len());
    for row in rows {
        claimed.push(Claimed {
            kind: kind(&row.id.to_string(), &row.kind)?,
            id: DeliveryId(row.id),
            key: row.key,
            group: row.group_key,
            channel: row.channel,
            alerts: row.alerts,
            withdrawn: row.withdrawn,
            words: row.words,
            attempt: row.attempts,
            token,
        });
    }
    Ok(claimed)
}

/// Writes down that these attempts begin, and that earlier ones without an end were lost.
pub(crate) async fn begin_attempts(tx: &mut Tx, claimed: &[Claimed], worker: &str, now: Time) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = claimed.iter().map(|one| one.id.0).collect();
    let attempts: Vec<i32> = claimed.iter().map(|one| one.attempt).collect();
    sqlx::query!(
        "update delivery_attempt
         set ended_at = $2,
             outcome = 'lost'
         where delivery = any($1)
           and ended_at is null",
        &ids,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into delivery_attempt (delivery, attempt, worker, began_at)
         select
           begun.delivery,
           begun.attempt,
           $3,
           $4
         from unnest($1::uuid[], $2::integer[]) as begun (delivery, attempt)",
        &ids,
        &attempts,
        worker,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Locks a claimed delivery, unless it is another's by now.
pub(crate) async fn lock(tx: &mut Tx, claimed: &Claimed) -> Result<Option<Locked>, Error> {
    let row = sqlx::query!(
        r#"select
             at,
             first_attempt_at as "first_attempt_at!",
             pass_on_at,
             withdrawn_why,
             (cardinality(alerts) > 0 and alerts <@ withdrawn) as "is_withdrawn!"
           from delivery
           where id = $1
             and lease_token = $2
           for update"#,
        claimed.id.0,
        claimed.token,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let why: Option<Withdrawal> = withdrawal(&claimed.id.to_string(), row.withdrawn_why.as_deref())?;
    Ok(Some(Locked {
        at: Time::from_utc(row.at),
        first_attempt_at: Time::from_utc(row.first_attempt_at),
        pass_on_at: super::time(row.pass_on_at),
        withdrawn: row.is_withdrawn.then_some(why).flatten(),
    }))
}

/// Writes what becomes of a delivery. How many rows that changed: 1, or 0 when it is another's by now.
pub(crate) async fn settle(
    tx: &mut Tx,
    claimed: &Claimed,
    next: &Next,
    outcome: &Outcome,
    now: Time,
) -> Result<u64, sqlx::Error> {
    let (reference, error): (Option<&str>, Option<&str>) = match outcome {
        Outcome::Sent { reference, .. } => (reference.as_deref(), None),
        other => (None, Some(other.detail())),
    };
    let ended_at: Option<Time> = (next.state != State::Due).then_some(now);
    let done = sqlx::query!(
        "update delivery
         set state = $3,
             lease_token = null,
             due_at = $4,
             pass_on_at = $5,
             reference = coalesce($6, reference),
             last_error = $7,
             ended_at = $8
         where id = $1
           and lease_token = $2",
        claimed.id.0,
        claimed.token,
        next.state.as_str(),
        next.due_at.to_utc(),
        super::utc(next.pass_on_at),
        reference,
        error,
        super::utc(ended_at),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

/// Writes how an attempt ended, also one whose delivery is another's by now: that it went out twice is worth knowing.
pub(crate) async fn end_attempt(
    tx: &mut Tx,
    claimed: &Claimed,
    outcome: &Outcome,
    took_ms: i64,
    now: Time,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update delivery_attempt
         set ended_at = $3,
             outcome = $4,
             detail = $5,
             took_ms = $6
         where delivery = $1
           and attempt = $2",
        claimed.id.0,
        claimed.attempt,
        now.to_utc(),
        outcome.as_str(),
        outcome.detail(),
        took_ms,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends deliveries that were withdrawn while their worker sent them, and died of it.
pub(crate) async fn close_withdrawn(tx: &mut Tx, now: Time) -> Result<Vec<(Taken, Withdrawal)>, Error> {
    let rows = sqlx::query!(
        "with gone as (
           select id
           from delivery
           where state = 'sending'
             and due_at <= $1
             and cardinality(alerts) > 0
             and alerts <@ withdrawn
           order by due_at
           limit 100
           for update skip locked
         )
         update delivery
         set state = 'superseded',
             lease_token = null,
             pass_on_at = null,
             ended_at = $1
         from gone
         where delivery.id = gone.id
         returning
           delivery.id,
           delivery.kind,
           delivery.channel,
           delivery.alerts,
           delivery.withdrawn_why",
        now.to_utc(),
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut closed: Vec<(Taken, Withdrawal)> = Vec::with_capacity(rows.len());
    for row in rows {
        let id: String = row.id.to_string();
        let why: Option<Withdrawal> = withdrawal(&id, row.withdrawn_why.as_deref())?;
        let kind: Kind = kind(&id, &row.kind)?;
        let (id, channel, alerts) = (DeliveryId(row.id), row.channel, row.alerts);
        let taken = Taken { id, kind, channel, alerts, pass_on_at: None, is_superseded: true };
        closed.push((taken, why.unwrap_or(Withdrawal::Newer)));
    }
    Ok(closed)
}

/// Removes deliveries that ended before `before`, at most a thousand, and says how many.
pub(crate) async fn purge(tx: &mut Tx, before: Time) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from delivery
         where id in (
           select id
           from delivery
           where ended_at < $1
             and pass_on_at is null
           order by ended_at
           limit 1000
           for update skip locked
         )",
        before.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}
