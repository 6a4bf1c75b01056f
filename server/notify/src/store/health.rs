//! `delivery` in figures.

use super::{state, time};
use crate::deliveries::DeliveryId;
use crate::error::Error;
use crate::health::{ChannelHealth, Ended, ProcessHealth, Queue, Speed};
use chrono::{DateTime, Utc};
use kernel::Db;
use model::Time;
use uuid::Uuid;

/// Processes that are listed: each start of one is another.
const MOST_PROCESSES: i64 = 20;

/// What waits, and for how long.
pub(crate) async fn queue(db: &Db, now: Time) -> Result<Queue, Error> {
    let row = sqlx::query!(
        r#"select
             count(*) filter (where state = 'due') as "due!",
             count(*) filter (where state = 'sending') as "sending!",
             min(due_at) filter (where due_at <= $1) as "oldest_due?",
             min(at) filter (where kind in ('fired', 'again', 'breached') and at <= $1) as "oldest_unsent_page?"
           from delivery
           where state in ('due', 'sending')"#,
        now.to_utc(),
    )
    .fetch_one(db.pool())
    .await?;
    Ok(Queue {
        due: row.due,
        sending: row.sending,
        oldest_due: time(row.oldest_due),
        oldest_unsent_page: time(row.oldest_unsent_page),
    })
}

/// Every channel with how it did since `day` and since `week`.
pub(crate) async fn channels(db: &Db, day: Time, week: Time) -> Result<Vec<ChannelHealth>, Error> {
    let rows = sqlx::query!(
        r#"select
             channel.name,
             channel.kind,
             channel.enabled,
             recent.sent as "sent!",
             recent.failed as "failed!",
             recent.sent_week as "sent_week!",
             recent.failed_week as "failed_week!",
             recent.p50_ms as "p50_ms?",
             recent.p99_ms as "p99_ms?",
             (
               select ended_at
               from delivery
               where delivery.channel = channel.name
                 and delivery.state = 'sent'
               order by ended_at desc
               limit 1
             ) as "last_sent_at?",
             (
               select ended_at
               from delivery
               where delivery.channel = channel.name
                 and delivery.state = 'failed'
               order by ended_at desc
               limit 1
             ) as "last_failed_at?",
             (
               select last_error
               from delivery
               where delivery.channel = channel.name
                 and delivery.last_error is not null
               order by seq desc
               limit 1
             ) as "last_error?",
             newest.id as "last_id?",
             newest.state as "last_state?",
             newest.ended_at as "last_ended_at?",
             tested.id as "test_id?",
             tested.state as "test_state?",
             tested.ended_at as "test_ended_at?"
           from channel
           cross join lateral (
             select
               count(*) filter (where state = 'sent' and ended_at >= $1) as sent,
               count(*) filter (where state = 'failed' and ended_at >= $1) as failed,
               count(*) filter (where state = 'sent') as sent_week,
               count(*) filter (where state = 'failed') as failed_week,
               percentile_cont(0.5) within group (order by (extract(epoch from ended_at - at) * 1000)::double precision)
                 filter (where state = 'sent' and ended_at >= $1) as p50_ms,
               percentile_cont(0.99) within group (order by (extract(epoch from ended_at - at) * 1000)::double precision)
                 filter (where state = 'sent' and ended_at >= $1) as p99_ms
             from delivery
             where delivery.channel = channel.name
               and delivery.ended_at >= $2
           ) as recent
           left join lateral (
             select id, state, ended_at
             from delivery
             where delivery.channel = channel.name
               and delivery.state in ('sent', 'failed')
             order by ended_at desc
             limit 1
           ) as newest on true
           left join lateral (
             select id, state, ended_at
             from delivery
             where delivery.channel = channel.name
               and delivery.kind = 'test'
               and delivery.state in ('sent', 'failed')
               and delivery.ended_at >= $2
             order by ended_at desc
             limit 1
           ) as tested on true
           order by channel.name"#,
        day.to_utc(),
        week.to_utc(),
    )
    .fetch_all(db.pool())
    .await?;
    let mut channels: Vec<ChannelHealth> = Vec::with_capacity(rows.len());
    for row in rows {
        channels.push(ChannelHealth {
            name: row.name,
            kind: row.kind,
            enabled: row.enabled,
            sent: row.sent,
            failed: row.failed,
            sent_week: row.sent_week,
            failed_week: row.failed_week,
            p50_ms: row.p50_ms,
            p99_ms: row.p99_ms,
            last_sent_at: time(row.last_sent_at),
            last_failed_at: time(row.last_failed_at),
            last_error: row.last_error,
            last: ended(row.last_id, row.last_state.as_deref(), row.last_ended_at)?,
            last_test: ended(row.test_id, row.test_state.as_deref(), row.test_ended_at)?,
            stuck: None,
        });
    }
    Ok(channels)
}

/// Of an outer join: all there or nothing.
fn ended(id: Option<Uuid>, word: Option<&str>, at: Option<DateTime<Utc>>) -> Result<Option<Ended>, Error> {
    let (Some(id), Some(word), Some(at)) = (id, word, at) else {
        return Ok(None);
    };
    Ok(Some(Ended { id: DeliveryId(id), state: state(&id.to_string(), word)?, at: Time::from_utc(at) }))
}

/// How long pages that were sent since `since` took, from asking to the provider's yes.
pub(crate) async fn speed(db: &Db, since: Time) -> Result<Speed, Error> {
    let row = sqlx::query!(
        r#"select
             count(*) as "n!",
             percentile_cont(0.5) within group (order by (extract(epoch from ended_at - at) * 1000)::double precision) as "p50_ms?",
             percentile_cont(0.99) within group (order by (extract(epoch from ended_at - at) * 1000)::double precision) as "p99_ms?"
           from delivery
           where state = 'sent'
             and kind in ('fired', 'again', 'breached')
             and ended_at >= $1"#,
        since.to_utc(),
    )
    .fetch_one(db.pool())
    .await?;
    Ok(Speed { n: row.n, p50_ms: row.p50_ms, p99_ms: row.p99_ms })
}

/// Which processes made the attempts of deliveries that ended since `since`, the last one first.
pub(crate) async fn processes(db: &Db, since: Time) -> Result<Vec<ProcessHealth>, Error> {
    let rows = sqlx::query!(
        r#"select
             delivery_attempt.worker as "worker!",
             count(*) as "attempts!",
             count(*) filter (where delivery_attempt.outcome = 'lost') as "lost!",
             max(delivery_attempt.began_at) as "last_attempt_at!"
           from delivery
           join delivery_attempt on delivery_attempt.delivery = delivery.id
           where delivery.ended_at >= $1
           group by delivery_attempt.worker
           order by max(delivery_attempt.began_at) desc
           limit $2"#,
        since.to_utc(),
        MOST_PROCESSES,
    )
    .fetch_all(db.pool())
    .await?;
    let mut processes: Vec<ProcessHealth> = Vec::with_capacity(rows.len());
    for row in rows {
        processes.push(ProcessHealth {
            name: row.worker,
            attempts: row.attempts,
            lost: row.lost,
            last_attempt_at: Time::from_utc(row.last_attempt_at),
        });
    }
    Ok(processes)
}
