//! `oncall_shift_fact`: written once, never rewritten; the database refuses it.

use crate::schedules::definition::{ScheduleId, role_of, role_word};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::{LayerId, OverrideId, PersonId};
use model::rota::{Segment, Source, Span, Who};
use uuid::Uuid;

struct Row {
    role: String,
    person: Option<Uuid>,
    is_gap: bool,
    start_at: DateTime<Utc>,
    end_at: DateTime<Utc>,
    by_layer: Option<Uuid>,
    by_override: Option<Uuid>,
}

/// What was in force in a window, in the order of its writing: pieces of a shift that went on follow each other.
pub(crate) async fn within(tx: &mut Tx, schedule: ScheduleId, window: Span) -> Result<Vec<Segment>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           role,
           person,
           is_gap,
           start_at,
           end_at,
           by_layer,
           by_override
         from oncall_shift_fact
         where schedule = $1
           and end_at > $2
           and start_at < $3
         order by role, start_at, id",
        schedule.0,
        window.start.to_utc(),
        window.end.to_utc(),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(read).collect())
}

fn read(row: Row) -> Segment {
    let who: Who = match row.person {
        Some(person) => Who::Person(PersonId(person)),
        None if row.is_gap => Who::Gap,
        None => Who::Nobody,
    };
    let source: Option<Source> = match (row.by_layer, row.by_override) {
        (Some(layer), _) => Some(Source::Layer(LayerId(layer))),
        (None, Some(change)) => Some(Source::Override(OverrideId(change))),
        (None, None) => None,
    };
    let (start, end): (Time, Time) = (Time::from_utc(row.start_at), Time::from_utc(row.end_at));
    Segment { role: role_of(&row.role), start, end, who, source }
}

/// Writes down what was in force, in one statement.
pub(crate) async fn append(tx: &mut Tx, schedule: ScheduleId, segments: &[Segment], now: Time) -> Result<(), sqlx::Error> {
    let roles: Vec<String> = segments.iter().map(|segment| role_word(&segment.role).to_owned()).collect();
    let people: Vec<Option<Uuid>> = segments.iter().map(|segment| segment.person().map(|person| person.0)).collect();
    let gaps: Vec<bool> = segments.iter().map(|segment| segment.who == Who::Gap).collect();
    let starts: Vec<DateTime<Utc>> = segments.iter().map(|segment| segment.start.to_utc()).collect();
    let ends: Vec<DateTime<Utc>> = segments.iter().map(|segment| segment.end.to_utc()).collect();
    let layers: Vec<Option<Uuid>> = segments.iter().map(|segment| layer(segment.source)).collect();
    let overrides: Vec<Option<Uuid>> = segments.iter().map(|segment| change(segment.source)).collect();
    sqlx::query!(
        "insert into oncall_shift_fact (schedule, role, person, is_gap, start_at, end_at, by_layer, by_override, recorded_at)
         select
           $1::uuid,
           was.role,
           was.person,
           was.is_gap,
           was.start_at,
           was.end_at,
           was.by_layer,
           was.by_override,
           $9::timestamptz
         from unnest($2::text[], $3::uuid[], $4::boolean[], $5::timestamptz[], $6::timestamptz[], $7::uuid[], $8::uuid[])
           as was (role, person, is_gap, start_at, end_at, by_layer, by_override)",
        schedule.0,
        &roles[..],
        &people[..] as &[Option<Uuid>],
        &gaps[..],
        &starts[..],
        &ends[..],
        &layers[..] as &[Option<Uuid>],
        &overrides[..] as &[Option<Uuid>],
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn layer(source: Option<Source>) -> Option<Uuid> {
    match source {
        Some(Source::Layer(layer)) => Some(layer.0),
        Some(Source::Override(_)) | None => None,
    }
}

fn change(source: Option<Source>) -> Option<Uuid> {
    match source {
        Some(Source::Override(change)) => Some(change.0),
        Some(Source::Layer(_)) | None => None,
    }
}
