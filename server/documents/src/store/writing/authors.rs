//! `doc_author`, and how far it goes.

use crate::error::Error;
use crate::writing::stretches::Stretch;
use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::Time;
use model::ids::{DocumentId, PersonId};
use uuid::Uuid;

struct Row {
    client: i64,
    clock: i64,
    until: i64,
    person: Option<Uuid>,
    at: DateTime<Utc>,
}

impl Row {
    fn into_stretch(self, doc: DocumentId) -> Result<Stretch, Error> {
        let corrupt = |column: &'static str| Error::Corrupt {
            table: "doc_author",
            column,
            row: doc.to_string(),
            expected: "a number that Yjs may give",
        };
        Ok(Stretch {
            client: u64::try_from(self.client).map_err(|_| corrupt("client"))?,
            clock: u32::try_from(self.clock).map_err(|_| corrupt("clock"))?,
            until: u32::try_from(self.until).map_err(|_| corrupt("until"))?,
            person: self.person.map(PersonId),
            at: Time::from_utc(self.at),
        })
    }
}

/// All that is remembered of a text, at most so much.
pub(crate) async fn of(db: &Db, doc: DocumentId, limit: i64) -> Result<Vec<Stretch>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select
           client,
           clock,
           until,
           person,
           at
         from doc_author
         where doc = $1
         order by at desc, client, clock desc
         limit $2",
        doc.0,
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(|row| row.into_stretch(doc)).collect()
}

/// The last stretch of each of these editors.
pub(crate) async fn last(tx: &mut Tx, doc: DocumentId, clients: &[i64]) -> Result<Vec<Stretch>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select distinct on (client)
           client,
           clock,
           until,
           person,
           at
         from doc_author
         where doc = $1
           and client = any($2)
         order by client, clock desc",
        doc.0,
        clients,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(|row| row.into_stretch(doc)).collect()
}

/// Remembers stretches that are new or grew.
pub(crate) async fn remember(tx: &mut Tx, doc: DocumentId, stretches: &[Stretch]) -> Result<(), Error> {
    let clients: Vec<i64> = stretches.iter().map(|stretch| i64::try_from(stretch.client).unwrap_or(i64::MAX)).collect();
    let clocks: Vec<i64> = stretches.iter().map(|stretch| i64::from(stretch.clock)).collect();
    let untils: Vec<i64> = stretches.iter().map(|stretch| i64::from(stretch.until)).collect();
    let people: Vec<Option<Uuid>> = stretches.iter().map(|stretch| stretch.person.map(|person| person.0)).collect();
    let times: Vec<DateTime<Utc>> = stretches.iter().map(|stretch| stretch.at.to_utc()).collect();
    sqlx::query!(
        "insert into doc_author (doc, client, clock, until, person, at)
         select $1, went.client, went.clock, went.until, went.person, went.at
         from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::timestamptz[])
           as went (client, clock, until, person, at)
         on conflict (doc, client, clock) do update set until = excluded.until",
        doc.0,
        &clients[..],
        &clocks[..],
        &untils[..],
        &people[..] as &[Option<Uuid>],
        &times[..],
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Says up to which change writers are remembered.
pub(crate) async fn reached(tx: &mut Tx, doc: DocumentId, seq: i64, now: Time) -> Result<(), Error> {
    sqlx::query!("update doc_writing set authored_seq = $2, authored_at = $3 where doc = $1", doc.0, seq, now.to_utc())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Texts with changes whose writers are not remembered: those that rest since then, and those where it was done last before `long`.
pub(crate) async fn behind(db: &Db, resting: Time, long: Time, limit: i64) -> Result<Vec<DocumentId>, Error> {
    let ids = sqlx::query_scalar!(
        "select body.id
         from collab_doc as body
         left join doc_writing as known on known.doc = body.id
         where body.head_seq > coalesce(known.authored_seq, 0)
           and body.deleted_at is null
           and exists (
             select 1
             from collab_update as change
             where change.doc_id = body.id
               and change.seq > coalesce(known.authored_seq, 0)
           )
           and (body.edited_at <= $1 or coalesce(known.authored_at, body.made_at) <= $2)
         order by body.edited_at
         limit $3",
        resting.to_utc(),
        long.to_utc(),
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(ids.into_iter().map(DocumentId).collect())
}

/// Who made changes after one and up to another.
pub(crate) async fn between(tx: &mut Tx, doc: DocumentId, after: i64, until: i64) -> Result<Vec<PersonId>, Error> {
    let people = sqlx::query_scalar!(
        r#"select distinct actor_id as "person!"
           from collab_update
           where doc_id = $1
             and seq > $2
             and seq <= $3
             and actor_id is not null"#,
        doc.0,
        after,
        until,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(people.into_iter().map(PersonId).collect())
}

/// When the first change after one was made, as far as the log still has it.
pub(crate) async fn first_after(tx: &mut Tx, doc: DocumentId, after: i64) -> Result<Option<Time>, Error> {
    let at = sqlx::query_scalar!(
        "select at
         from collab_update
         where doc_id = $1
           and seq > $2
         order by seq
         limit 1",
        doc.0,
        after,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(at.map(Time::from_utc))
}

/// The number of the change that is `most` changes after that one, or of the last; `None` when there is none after it.
pub(crate) async fn some_further(tx: &mut Tx, doc: DocumentId, after: i64, most: i64) -> Result<Option<i64>, Error> {
    let until = sqlx::query_scalar!(
        "select max(seq)
         from (
           select seq
           from collab_update
           where doc_id = $1
             and seq > $2
           order by seq
           limit $3
         ) as further",
        doc.0,
        after,
        most,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(until)
}
