//! `alert_silence`.

use super::{corrupt, time};
use crate::calendar::Calendar;
use crate::error::Error;
use crate::routes::matchers::{Matcher, read_all};
use crate::silences::{Kind, MAX_ALIVE, NewSilence, Silence, SilenceId};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::ids::PersonId;
use model::{Actor, Time};
use serde_json::{Value, json};
use uuid::Uuid;

/// Any number that no other advisory lock of the product uses: "silence" in ASCII.
const COUNT_LOCK: i64 = 0x73_69_6c_65_6e_63_65;

struct Row {
    id: i64,
    kind: String,
    matchers: Value,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    calendar: Option<Value>,
    comment: String,
    created_by: String,
    created_person: Option<Uuid>,
    created_at: DateTime<Utc>,
    expired_at: Option<DateTime<Utc>>,
    expired_by: Option<String>,
    file_name: Option<String>,
}

/// Those that are not over at `now`, the newest first.
pub(crate) async fn alive(tx: &mut Tx, now: Time) -> Result<Vec<Silence>, Error> {
    let ids: Vec<i64> =
        sqlx::query_scalar!("select id from alert_silence where expired_at is null and ends_at > $1", now.to_utc())
            .fetch_all(&mut **tx)
            .await?;
    read(tx, &ids).await
}

/// Those that are over at `now`, the newest first, below a number if one is given.
pub(crate) async fn over(tx: &mut Tx, now: Time, before: Option<SilenceId>, limit: i64) -> Result<Vec<Silence>, Error> {
    let ids: Vec<i64> = sqlx::query_scalar!(
        "select id
         from alert_silence
         where (expired_at is not null or ends_at <= $1)
           and ($2::bigint is null or id < $2)
         order by id desc
         limit $3",
        now.to_utc(),
        before.map(|before| before.0),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    read(tx, &ids).await
}

/// One, locked until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: SilenceId) -> Result<Option<Silence>, Error> {
    let locked: Vec<i64> =
        sqlx::query_scalar!("select id from alert_silence where id = $1 for update", id.0).fetch_all(&mut **tx).await?;
    // Whoever held it has committed: this statement sees what they left.
    Ok(read(tx, &locked).await?.pop())
}

/// These, the newest first. Asks nothing for none: that is how it is at most looks of the notifier.
async fn read(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Silence>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           kind,
           matchers,
           starts_at,
           ends_at,
           calendar,
           comment,
           created_by,
           created_person,
           created_at,
           expired_at,
           expired_by,
           file_name
         from alert_silence
         where id = any($1)
         order by id desc",
        ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(silence).collect()
}

/// Whether there is room for another. Whoever asks holds the count until the transaction ends.
pub(crate) async fn has_room(tx: &mut Tx, now: Time) -> Result<bool, sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock($1)", COUNT_LOCK).execute(&mut **tx).await?;
    let n: i64 = sqlx::query_scalar!(
        r#"select count(*) as "n!" from alert_silence where expired_at is null and ends_at > $1"#,
        now.to_utc(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(n < MAX_ALIVE)
}

/// Adds one and gives it its number.
pub(crate) async fn add(
    tx: &mut Tx,
    wanted: &NewSilence,
    file_name: Option<&str>,
    actor: &Actor,
    now: Time,
) -> Result<SilenceId, sqlx::Error> {
    let matchers: Vec<String> = wanted.matchers.iter().map(ToString::to_string).collect();
    let id: i64 = sqlx::query_scalar!(
        "insert into alert_silence (
           kind, matchers, starts_at, ends_at, calendar, comment, created_by, created_person, created_at, file_name
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         returning id",
        wanted.kind.as_str(),
        json!(matchers),
        wanted.from.to_utc(),
        wanted.until.to_utc(),
        wanted.calendar.as_ref().map(|calendar| json!(calendar)),
        wanted.comment,
        actor.name(),
        actor.person_id().map(|person| person.0),
        now.to_utc(),
        file_name,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(SilenceId(id))
}

/// Ends one.
pub(crate) async fn expire(tx: &mut Tx, id: SilenceId, by: &str, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update alert_silence
         set
           expired_at = $2,
           expired_by = $3
         where id = $1
           and expired_at is null",
        id.0,
        now.to_utc(),
        by,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn silence(row: Row) -> Result<Silence, Error> {
    let wrong = |column: &'static str, value: &str| corrupt("alert_silence", column, &row.id.to_string(), value);
    let texts: Vec<String> = serde_json::from_value(row.matchers).map_err(|error| wrong("matchers", &error.to_string()))?;
    let matchers: Vec<Matcher> = read_all(&texts).map_err(|error| wrong("matchers", &error.to_string()))?;
    let calendar: Option<Calendar> = match row.calendar {
        None => None,
        Some(json) => Some(serde_json::from_value(json).map_err(|error| wrong("calendar", &error.to_string()))?),
    };
    let kind: Kind = Kind::from_word(&row.kind).ok_or_else(|| wrong("kind", &row.kind))?;
    let (from, until) = (Time::from_utc(row.starts_at), Time::from_utc(row.ends_at));
    Ok(Silence {
        id: SilenceId(row.id),
        wanted: NewSilence { kind, matchers, from, until, calendar, comment: row.comment },
        by: row.created_by,
        person: row.created_person.map(PersonId),
        made_at: Time::from_utc(row.created_at),
        expired_at: time(row.expired_at),
        expired_by: row.expired_by,
        name: row.file_name,
    })
}
