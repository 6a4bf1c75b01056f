//! `oncall_shift_fact` and `oncall_schedule`, as far as pay asks: who stood by for what.

use crate::pay::reckoning::Standby;
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::PersonId;
use model::rota::Span;
use uuid::Uuid;

struct Row {
    person: Uuid,
    name: String,
    role: String,
    start_at: DateTime<Utc>,
    end_at: DateTime<Utc>,
}

/// What was written down of a stretch of time, schedules that are gone included, in the order of time.
pub(crate) async fn within(tx: &mut Tx, within: Span) -> Result<Vec<Standby>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        r#"select
             fact.person as "person!",
             schedule.name,
             fact.role,
             fact.start_at,
             fact.end_at
           from oncall_shift_fact as fact
           join oncall_schedule as schedule on schedule.id = fact.schedule
           where fact.person is not null
             and fact.end_at > $1
             and fact.start_at < $2
           order by fact.start_at, fact.id"#,
        within.start.to_utc(),
        within.end.to_utc(),
    )
    .fetch_all(&mut **tx)
    .await?;
    let standby = |row: Row| Standby {
        person: PersonId(row.person),
        schedule: row.name,
        role: row.role,
        span: Span::new(Time::from_utc(row.start_at), Time::from_utc(row.end_at)),
    };
    Ok(rows.into_iter().map(standby).collect())
}

/// Until when everything is written down; `None` where there is no schedule.
pub(crate) async fn written_until(tx: &mut Tx) -> Result<Option<Time>, sqlx::Error> {
    let until: Option<DateTime<Utc>> =
        sqlx::query_scalar!("select min(final_until) from oncall_schedule where removed_at is null").fetch_one(&mut **tx).await?;
    Ok(until.map(Time::from_utc))
}
