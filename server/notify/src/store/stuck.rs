//! `delivery` as far as channels did not take it.

use super::time;
use crate::deliveries::DeliveryId;
use crate::stuck::Stuck;
use chrono::{DateTime, Utc};
use kernel::Db;
use model::Time;
use std::collections::BTreeMap;

/// The channels in use, and when something last got through each: at the beginning of time where nothing ever did.
struct Used {
    names: Vec<String>,
    sent_at: Vec<DateTime<Utc>>,
}

/// Every channel in use that has pages nobody took, by name: those that wait for another attempt, and those that were refused for good
/// since `since` and since something last got through.
pub(crate) async fn list(db: &Db, since: Time) -> Result<Vec<Stuck>, sqlx::Error> {
    let used: Used = used(db).await?;
    let mut found: Vec<Stuck> = waiting(db, &used).await?;
    found.extend(refused(db, &used, since).await?);
    let mut by_channel: BTreeMap<String, Stuck> = BTreeMap::new();
    for one in found {
        let both: Stuck = match by_channel.remove(&one.channel) {
            Some(other) => other.and(one),
            None => one,
        };
        by_channel.insert(both.channel.clone(), both);
    }
    Ok(by_channel.into_values().collect())
}

async fn used(db: &Db) -> Result<Used, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select
             name,
             (
               select ended_at
               from delivery
               where delivery.channel = channel.name
                 and delivery.state = 'sent'
               order by ended_at desc
               limit 1
             ) as "sent_at?"
           from channel
           where enabled
           order by name"#,
    )
    .fetch_all(db.pool())
    .await?;
    let mut used = Used { names: Vec::with_capacity(rows.len()), sent_at: Vec::with_capacity(rows.len()) };
    for row in rows {
        used.names.push(row.name);
        used.sent_at.push(row.sent_at.unwrap_or_else(|| Time(0).to_utc()));
    }
    Ok(used)
}

/// Of pages that were tried while others got through, nothing is said of the channel: these have no `failing_since`.
async fn waiting(db: &Db, used: &Used) -> Result<Vec<Stuck>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select distinct on (delivery.channel)
             delivery.channel,
             delivery.id,
             delivery.at,
             delivery.last_error as "last_error!",
             count(*) over of_channel as "n!",
             min(delivery.due_at) filter (where delivery.state = 'due') over of_channel as "next_at?",
             min(delivery.first_attempt_at) filter (where delivery.first_attempt_at > used.sent_at) over of_channel
               as "failing_since?"
           from unnest($1::text[], $2::timestamptz[]) as used (name, sent_at)
           join delivery on delivery.channel = used.name
           where delivery.state in ('due', 'sending')
             and delivery.kind in ('fired', 'again', 'breached')
             and delivery.last_error is not null
             and not (cardinality(delivery.alerts) > 0 and delivery.alerts <@ delivery.withdrawn)
           window of_channel as (partition by delivery.channel)
           order by delivery.channel, delivery.at, delivery.seq"#,
        &used.names,
        &used.sent_at,
    )
    .fetch_all(db.pool())
    .await?;
    let mut found: Vec<Stuck> = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(Stuck {
            channel: row.channel,
            waiting: row.n,
            refused: 0,
            oldest: DeliveryId(row.id),
            asked_at: Time::from_utc(row.at),
            error: row.last_error,
            next_at: time(row.next_at),
            failing_since: time(row.failing_since),
        });
    }
    Ok(found)
}

async fn refused(db: &Db, used: &Used, since: Time) -> Result<Vec<Stuck>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select distinct on (delivery.channel)
             delivery.channel,
             delivery.id,
             delivery.at,
             delivery.last_error,
             count(*) over of_channel as "n!",
             greatest(min(delivery.first_attempt_at) over of_channel, used.sent_at) as "failing_since!"
           from unnest($1::text[], $2::timestamptz[]) as used (name, sent_at)
           join delivery on delivery.channel = used.name
           where delivery.state = 'failed'
             and delivery.kind in ('fired', 'again', 'breached')
             and delivery.ended_at >= $3
             and delivery.ended_at > used.sent_at
           window of_channel as (partition by delivery.channel)
           order by delivery.channel, delivery.at, delivery.seq"#,
        &used.names,
        &used.sent_at,
        since.to_utc(),
    )
    .fetch_all(db.pool())
    .await?;
    let mut found: Vec<Stuck> = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(Stuck {
            channel: row.channel,
            waiting: 0,
            refused: row.n,
            oldest: DeliveryId(row.id),
            asked_at: Time::from_utc(row.at),
            // What is refused without a word is refused all the same.
            error: row.last_error.unwrap_or_default(),
            next_at: None,
            failing_since: Some(Time::from_utc(row.failing_since)),
        });
    }
    Ok(found)
}
