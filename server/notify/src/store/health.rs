//! `delivery` in figures.

use super::time;
use crate::error::Error;
use crate::health::{ChannelHealth, Queue};
use kernel::Db;
use model::Time;

/// What waits, and for how long.
pub(crate) async fn queue(db: &Db, now: Time) -> Result<Queue, Error> {
    let row = sqlx::query!(
        r#"select
             count(*) filter (where state = 'due') as "due!",
             count(*) filter (where state = 'sending') as "sending!",
             min(due_at) filter (where due_at <= $1) as "oldest_due?",
             min(at) filter (where kind in ('fired', 'again') and at <= $1) as "oldest_unsent_page?"
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

/// Every channel with how it did since `since`.
pub(crate) async fn channels(db: &Db, since: Time) -> Result<Vec<ChannelHealth>, Error> {
    let rows = sqlx::query!(
        r#"select
             channel.name,
             channel.kind,
             channel.enabled,
             recent.sent as "sent!",
             recent.failed as "failed!",
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
             ) as "last_error?"
           from channel
           cross join lateral (
             select
               count(*) filter (where state = 'sent') as sent,
               count(*) filter (where state = 'failed') as failed,
               percentile_cont(0.5) within group (order by (extract(epoch from ended_at - at) * 1000)::double precision)
                 filter (where state = 'sent') as p50_ms,
               percentile_cont(0.99) within group (order by (extract(epoch from ended_at - at) * 1000)::double precision)
                 filter (where state = 'sent') as p99_ms
             from delivery
             where delivery.channel = channel.name
               and delivery.ended_at >= $1
           ) as recent
           order by channel.name"#,
        since.to_utc(),
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
            p50_ms: row.p50_ms,
            p99_ms: row.p99_ms,
            last_sent_at: time(row.last_sent_at),
            last_failed_at: time(row.last_failed_at),
            last_error: row.last_error,
        });
    }
    Ok(channels)
}
