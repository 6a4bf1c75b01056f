//! `incident_entry` and `incident_pin`.

use super::corrupt;
use crate::error::Error;
use crate::incident::By;
use crate::timeline::{Entry, EntryId, EntryKind, Line, Pin, TimelineFilter};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::{IncidentId, PersonId};
use serde_json::Value;
use uuid::Uuid;

struct Row {
    id: i64,
    incident: i64,
    origin: i64,
    at: DateTime<Utc>,
    written_at: DateTime<Utc>,
    kind: String,
    author: String,
    author_person: Option<Uuid>,
    text: String,
    body: Value,
    corrects: Option<i64>,
    corrected_by: Option<i64>,
    pinned_by: Option<String>,
    pinned_at: Option<DateTime<Utc>>,
}

fn read(row: Row) -> Result<Entry, Error> {
    let kind: EntryKind =
        EntryKind::from_word(&row.kind).ok_or_else(|| corrupt("incident_entry", "kind", &row.id.to_string(), &row.kind))?;
    let pin: Option<Pin> = match (row.pinned_by, row.pinned_at) {
        (Some(by), Some(at)) => Some(Pin { by, at: Time::from_utc(at) }),
        _ => None,
    };
    Ok(Entry {
        id: EntryId(row.id),
        incident: IncidentId(row.incident),
        origin: IncidentId(row.origin),
        at: Time::from_utc(row.at),
        written_at: Time::from_utc(row.written_at),
        kind,
        by: By { name: row.author, person: row.author_person.map(PersonId) },
        text: row.text,
        body: row.body,
        corrects: row.corrects.map(EntryId),
        corrected_by: row.corrected_by.map(EntryId),
        pin,
    })
}

/// Writes a line; `None` when what it tells of was told already.
pub(crate) async fn add(tx: &mut Tx, incident: IncidentId, line: &Line, now: Time) -> Result<Option<EntryId>, Error> {
    let id: Option<i64> = sqlx::query_scalar!(
        "insert into incident_entry
           (incident, origin, at, written_at, kind, author, author_person, text, body, source, corrects)
         values ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (origin, source) where source is not null do nothing
         returning id",
        incident.0,
        line.at.to_utc(),
        now.to_utc(),
        line.kind.as_str(),
        line.by.name,
        line.by.person.map(|person| person.0),
        line.text,
        line.body,
        line.source.as_deref(),
        line.corrects.map(|id| id.0),
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(EntryId))
}

/// Lines of a timeline, the newest first: what stands in it, and what was written in it and stands elsewhere now.
pub(crate) async fn list(tx: &mut Tx, incident: IncidentId, filter: &TimelineFilter, limit: i64) -> Result<Vec<Entry>, Error> {
    let kinds: Vec<String> = filter.kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        r#"select
           line.id as "id!",
           line.incident as "incident!",
           line.origin as "origin!",
           line.at as "at!",
           line.written_at as "written_at!",
           line.kind as "kind!",
           line.author as "author!",
           line.author_person as "author_person?",
           line.text as "text!",
           line.body as "body!",
           line.corrects as "corrects?",
           (select max(later.id) from incident_entry later where later.corrects = line.id) as "corrected_by?",
           incident_pin.pinned_by as "pinned_by?",
           incident_pin.pinned_at as "pinned_at?"
         from incident_entry line
         left join incident_pin on incident_pin.entry = line.id
         where (line.incident = $1 or line.origin = $1)
           and (cardinality($2::text[]) = 0 or line.kind = any($2))
           and (not $3 or incident_pin.entry is not null)
           and ($4::timestamptz is null or (line.at, line.id) < ($4, $5))
           and ($6::timestamptz is null or line.at <= $6)
         order by line.at desc, line.id desc
         limit $7"#,
        incident.0,
        &kinds[..],
        filter.only_pinned,
        filter.before.map(|(at, _)| at.to_utc()),
        filter.before.map_or(0, |(_, id)| id.0),
        super::utc(filter.until),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

/// How many lines there are in a timeline.
pub(crate) async fn count(tx: &mut Tx, incident: IncidentId) -> Result<i64, Error> {
    let n: i64 =
        sqlx::query_scalar!(r#"select count(*) as "n!" from incident_entry where incident = $1 or origin = $1"#, incident.0,)
            .fetch_one(&mut **tx)
            .await?;
    Ok(n)
}

/// When the first and the last line of a timeline happened.
pub(crate) async fn span(tx: &mut Tx, incident: IncidentId) -> Result<Option<(Time, Time)>, Error> {
    let row = sqlx::query!(
        r#"select
           min(at) as "first?",
           max(at) as "last?"
         from incident_entry
         where incident = $1 or origin = $1"#,
        incident.0,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(super::time(row.first).zip(super::time(row.last)))
}

/// Whether a line stands in this timeline.
pub(crate) async fn is_in(tx: &mut Tx, incident: IncidentId, entry: EntryId) -> Result<bool, Error> {
    let found: Option<i64> =
        sqlx::query_scalar!("select id from incident_entry where id = $1 and incident = $2", entry.0, incident.0)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(found.is_some())
}

/// Pins a line. `false` when it was pinned already.
pub(crate) async fn pin(tx: &mut Tx, entry: EntryId, by: &str, at: Time) -> Result<bool, Error> {
    let done = sqlx::query!(
        "insert into incident_pin (entry, pinned_by, pinned_at)
         values ($1, $2, $3)
         on conflict (entry) do nothing",
        entry.0,
        by,
        at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a pin away. `false` when there was none.
pub(crate) async fn unpin(tx: &mut Tx, entry: EntryId) -> Result<bool, Error> {
    let done = sqlx::query!("delete from incident_pin where entry = $1", entry.0).execute(&mut **tx).await?;
    Ok(done.rows_affected() == 1)
}
