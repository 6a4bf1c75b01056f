//! `postmortem` and `postmortem_event`.

use super::{locale, time, utc};
use crate::error::Error;
use crate::postmortems::reading::Impact;
use crate::postmortems::{Facets, Happening, Postmortem, Signed, Waived};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::ids::{DocumentId, IncidentId, PersonId};
use model::postmortem::{Act, Detection, Factor, State, Template, Trigger};
use model::{Actor, Time};
use serde_json::Value;
use uuid::Uuid;

struct Row {
    incident: i64,
    version: i64,
    doc: Option<Uuid>,
    template: String,
    locale: String,
    state: String,
    owner: Option<Uuid>,
    made_at: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
    approved_by: Option<String>,
    approved_at: Option<DateTime<Utc>>,
    approved_seq: Option<i64>,
    published_by: Option<String>,
    published_at: Option<DateTime<Utc>>,
    published_seq: Option<i64>,
    waived_by: Option<String>,
    waived_at: Option<DateTime<Utc>>,
    waived_reason: Option<String>,
    set_off_by: Option<String>,
    detected_by: Option<String>,
    factors: Vec<String>,
    tags: Vec<String>,
    scope: String,
    impacts: Value,
    lessons: Vec<String>,
}

fn corrupt(incident: i64, column: &'static str, expected: &'static str) -> Error {
    Error::Corrupt { table: "postmortem", column, row: incident.to_string(), expected }
}

fn signed(by: Option<String>, at: Option<DateTime<Utc>>, seq: Option<i64>) -> Option<Signed> {
    let (by, at) = (by?, at?);
    Some(Signed { by, at: Time::from_utc(at), seq: seq.unwrap_or_default() })
}

fn read(row: Row) -> Result<Postmortem, Error> {
    let id: i64 = row.incident;
    let state: State = State::from_word(&row.state).ok_or_else(|| corrupt(id, "state", "one of the six states"))?;
    let template: Template = Template::from_word(&row.template).ok_or_else(|| corrupt(id, "template", "a template"))?;
    let impacts: Vec<Impact> = serde_json::from_value(row.impacts).map_err(|_| corrupt(id, "impacts", "figures as JSON"))?;
    let waived: Option<Waived> = match (row.waived_by, row.waived_at, row.waived_reason) {
        (Some(by), Some(at), Some(reason)) => Some(Waived { by, at: Time::from_utc(at), reason }),
        _ => None,
    };
    Ok(Postmortem {
        incident: IncidentId(id),
        version: row.version,
        doc: row.doc.map(DocumentId),
        template,
        locale: locale(&row.locale),
        state,
        made_at: Time::from_utc(row.made_at),
        approved: signed(row.approved_by, row.approved_at, row.approved_seq),
        published: signed(row.published_by, row.published_at, row.published_seq),
        waived,
        facets: Facets {
            owner: row.owner.map(PersonId),
            due_at: time(row.due_at),
            trigger: row.set_off_by.as_deref().and_then(Trigger::from_word),
            detection: row.detected_by.as_deref().and_then(Detection::from_word),
            // A word that a later release took away is none.
            factors: row.factors.iter().filter_map(|word| Factor::from_word(word)).collect(),
            tags: row.tags,
            scope: row.scope,
        },
        impacts,
        lessons: row.lessons,
    })
}

/// The one of an incident, locked.
pub(crate) async fn lock(tx: &mut Tx, incident: IncidentId) -> Result<Option<Postmortem>, Error> {
    sqlx::query_scalar!("select incident from postmortem where incident = $1 for update", incident.0)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(of(tx, &[incident]).await?.pop())
}

/// Those of these incidents.
pub(crate) async fn of(tx: &mut Tx, incidents: &[IncidentId]) -> Result<Vec<Postmortem>, Error> {
    let ids: Vec<i64> = incidents.iter().map(|incident| incident.0).collect();
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           incident,
           version,
           doc,
           template,
           locale,
           state,
           owner,
           made_at,
           due_at,
           approved_by,
           approved_at,
           approved_seq,
           published_by,
           published_at,
           published_seq,
           waived_by,
           waived_at,
           waived_reason,
           set_off_by,
           detected_by,
           factors,
           tags,
           scope,
           impacts,
           lessons
         from postmortem
         where incident = any($1)
         order by incident desc",
        &ids[..],
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

/// The incident whose postmortem a document is.
pub(crate) async fn incident_of(tx: &mut Tx, doc: DocumentId) -> Result<Option<IncidentId>, Error> {
    let incident: Option<i64> =
        sqlx::query_scalar!("select incident from postmortem where doc = $1", doc.0).fetch_optional(&mut **tx).await?;
    Ok(incident.map(IncidentId))
}

/// Those of these documents whose text nobody writes in: they are published.
pub(crate) async fn sealed(tx: &mut Tx, docs: &[Uuid]) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select doc as "doc!"
           from postmortem
           where doc = any($1)
             and state = 'published'"#,
        docs,
    )
    .fetch_all(&mut **tx)
    .await
}

/// Incidents with a postmortem in one of these states (of none: in any), the newest first, below that number.
pub(crate) async fn list(
    tx: &mut Tx,
    states: &[State],
    before: Option<IncidentId>,
    limit: i64,
) -> Result<Vec<IncidentId>, Error> {
    let words: Vec<String> = states.iter().map(|state| state.as_str().to_owned()).collect();
    let ids: Vec<i64> = sqlx::query_scalar!(
        "select incident
         from postmortem
         where (cardinality($1::text[]) = 0 or state = any($1))
           and ($2::bigint is null or incident < $2)
         order by incident desc
         limit $3",
        &words[..],
        before.map(|incident| incident.0),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(IncidentId).collect())
}

/// A place in the order of what is due.
pub(crate) type Due = (Time, IncidentId);

/// Those that are not over and due before then, the longest overdue first; those behind a place, if one is named.
pub(crate) async fn due(tx: &mut Tx, before: Time, behind: Option<Due>, limit: i64) -> Result<Vec<Due>, Error> {
    let rows = sqlx::query!(
        r#"select
             incident,
             due_at as "due_at!"
           from postmortem
           where state not in ('published', 'not_required')
             and due_at < $1
             and ($2::timestamptz is null or (due_at, incident) > ($2, $3::bigint))
           order by due_at, incident
           limit $4"#,
        before.to_utc(),
        behind.map(|(at, _)| at.to_utc()),
        behind.map(|(_, incident)| incident.0),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (Time::from_utc(row.due_at), IncidentId(row.incident))).collect())
}

/// What is written of one that is new.
pub(crate) struct New {
    pub(crate) incident: IncidentId,
    pub(crate) owner: Option<PersonId>,
    pub(crate) due_at: Option<Time>,
}

/// Writes one that nobody has begun. `false` when there is one.
pub(crate) async fn add(tx: &mut Tx, new: &New, now: Time) -> Result<bool, Error> {
    let done = sqlx::query!(
        "insert into postmortem
           (incident, version, template, locale, state, owner, made_at, due_at, factors, tags, scope, impacts, lessons)
         values ($1, 1, 'report', 'ja', 'draft', $2, $3, $4, '{}', '{}', '', '[]', '{}')
         on conflict (incident) do nothing",
        new.incident.0,
        new.owner.map(|person| person.0),
        now.to_utc(),
        utc(new.due_at),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes it as it is now. The caller holds its lock.
pub(crate) async fn save(tx: &mut Tx, postmortem: &Postmortem) -> Result<(), Error> {
    save_work(tx, postmortem).await?;
    save_facets(tx, postmortem).await
}

async fn save_work(tx: &mut Tx, postmortem: &Postmortem) -> Result<(), Error> {
    let (approved, published) = (postmortem.approved.as_ref(), postmortem.published.as_ref());
    let waived: Option<&Waived> = postmortem.waived.as_ref();
    sqlx::query!(
        "update postmortem
         set version = $2,
             doc = $3,
             template = $4,
             locale = $5,
             state = $6,
             approved_by = $7,
             approved_at = $8,
             approved_seq = $9,
             published_by = $10,
             published_at = $11,
             published_seq = $12,
             waived_by = $13,
             waived_at = $14,
             waived_reason = $15
         where incident = $1",
        postmortem.incident.0,
        postmortem.version,
        postmortem.doc.map(|doc| doc.0),
        postmortem.template.as_str(),
        postmortem.locale.as_str(),
        postmortem.state.as_str(),
        approved.map(|signed| signed.by.as_str()),
        approved.map(|signed| signed.at.to_utc()),
        approved.map(|signed| signed.seq),
        published.map(|signed| signed.by.as_str()),
        published.map(|signed| signed.at.to_utc()),
        published.map(|signed| signed.seq),
        waived.map(|waived| waived.by.as_str()),
        waived.map(|waived| waived.at.to_utc()),
        waived.map(|waived| waived.reason.as_str()),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn save_facets(tx: &mut Tx, postmortem: &Postmortem) -> Result<(), Error> {
    let facets: &Facets = &postmortem.facets;
    let factors: Vec<String> = facets.factors.iter().map(|factor| factor.as_str().to_owned()).collect();
    let impacts: Value = serde_json::to_value(&postmortem.impacts)?;
    sqlx::query!(
        "update postmortem
         set owner = $2,
             due_at = $3,
             set_off_by = $4,
             detected_by = $5,
             factors = $6,
             tags = $7,
             scope = $8,
             impacts = $9,
             lessons = $10
         where incident = $1",
        postmortem.incident.0,
        facets.owner.map(|person| person.0),
        utc(facets.due_at),
        facets.trigger.map(Trigger::as_str),
        facets.detection.map(Detection::as_str),
        &factors[..],
        &facets.tags[..],
        facets.scope,
        impacts,
        &postmortem.lessons[..],
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The text as it was read when it was approved.
pub(crate) async fn approved_text(tx: &mut Tx, incident: IncidentId) -> Result<Option<String>, Error> {
    let text: Option<Option<String>> =
        sqlx::query_scalar!("select approved_text from postmortem where incident = $1", incident.0)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(text.flatten())
}

/// Keeps the text that was read with an approval; `None` where there is none any more. The caller holds its lock.
pub(crate) async fn set_approved_text(tx: &mut Tx, incident: IncidentId, text: Option<&str>) -> Result<(), Error> {
    sqlx::query!("update postmortem set approved_text = $2 where incident = $1", incident.0, text).execute(&mut **tx).await?;
    Ok(())
}

/// Writes down who moved it on.
pub(crate) async fn add_happening(
    tx: &mut Tx,
    incident: IncidentId,
    actor: &Actor,
    act: Act,
    states: (State, State),
    reason: &str,
    now: Time,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into postmortem_event (incident, at, author, person, act, from_state, to_state, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        incident.0,
        now.to_utc(),
        actor.name(),
        actor.person_id().map(|person| person.0),
        act.as_str(),
        states.0.as_str(),
        states.1.as_str(),
        reason,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What happened to one, the newest first.
pub(crate) async fn happenings(tx: &mut Tx, incident: IncidentId, limit: i64) -> Result<Vec<Happening>, Error> {
    let rows = sqlx::query!(
        "select
           at,
           author,
           act,
           to_state,
           reason
         from postmortem_event
         where incident = $1
         order by id desc
         limit $2",
        incident.0,
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    let read = rows.into_iter().filter_map(|row| {
        let (act, to) = (Act::from_word(&row.act)?, State::from_word(&row.to_state)?);
        Some(Happening { at: Time::from_utc(row.at), by: row.author, act, to, reason: row.reason })
    });
    Ok(read.collect())
}
