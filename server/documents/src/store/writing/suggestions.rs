//! `doc_suggestion`.

use super::time;
use crate::error::Error;
use crate::writing::anchors::Anchors;
use crate::writing::suggestions::{State, Suggestion};
use crate::writing::threads::Settled;
use crate::writing::{By, SuggestionId};
use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::Time;
use model::ids::{DocumentId, PersonId};
use uuid::Uuid;

/// Suggestions that one list shows, the newest ones.
const MOST_LISTED: i64 = 1_000;

struct Row {
    id: i64,
    doc: Uuid,
    anchor_start: Vec<u8>,
    anchor_end: Vec<u8>,
    original: String,
    replacement: String,
    note: String,
    made_by: String,
    made_person: Option<Uuid>,
    made_at: DateTime<Utc>,
    state: String,
    settled_by: Option<String>,
    settled_person: Option<Uuid>,
    settled_at: Option<DateTime<Utc>>,
    settled_seq: Option<i64>,
}

impl Row {
    fn into_suggestion(self) -> Result<Suggestion, Error> {
        let state: State = State::from_word(&self.state).ok_or_else(|| Error::Corrupt {
            table: "doc_suggestion",
            column: "state",
            row: self.id.to_string(),
            expected: "open, accepted or rejected",
        })?;
        let person: Option<PersonId> = self.settled_person.map(PersonId);
        let settled: Option<Settled> =
            time(self.settled_at).zip(self.settled_by).map(|(at, name)| Settled { by: By { name, person }, at });
        Ok(Suggestion {
            id: SuggestionId(self.id),
            doc: DocumentId(self.doc),
            anchors: Anchors { start: self.anchor_start, end: self.anchor_end },
            original: self.original,
            replacement: self.replacement,
            note: self.note,
            by: By { name: self.made_by, person: self.made_person.map(PersonId) },
            at: Time::from_utc(self.made_at),
            state,
            settled,
            settled_seq: self.settled_seq,
            span: None,
            is_outdated: false,
        })
    }
}

/// Suggestions of a text in the order in which they were made: those that are open, or the newest of all.
pub(crate) async fn of(db: &Db, doc: DocumentId, with_settled: bool) -> Result<Vec<Suggestion>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select
           id,
           doc,
           anchor_start,
           anchor_end,
           original,
           replacement,
           note,
           made_by,
           made_person,
           made_at,
           state,
           settled_by,
           settled_person,
           settled_at,
           settled_seq
         from doc_suggestion
         where doc = $1
           and ($2 or state = 'open')
         order by id desc
         limit $3",
        doc.0,
        with_settled,
        MOST_LISTED,
    )
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().rev().map(Row::into_suggestion).collect()
}

/// One of them; nobody else settles it before the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: SuggestionId) -> Result<Option<Suggestion>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select
           id,
           doc,
           anchor_start,
           anchor_end,
           original,
           replacement,
           note,
           made_by,
           made_person,
           made_at,
           state,
           settled_by,
           settled_person,
           settled_at,
           settled_seq
         from doc_suggestion
         where id = $1
         for no key update",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(Row::into_suggestion).transpose()
}

/// The text that a suggestion is about.
pub(crate) async fn doc_of(db: &Db, id: SuggestionId) -> Result<Option<DocumentId>, Error> {
    let doc = sqlx::query_scalar!("select doc from doc_suggestion where id = $1", id.0).fetch_optional(db.pool()).await?;
    Ok(doc.map(DocumentId))
}

/// How many of a text wait for an answer.
pub(crate) async fn count_open(tx: &mut Tx, doc: DocumentId) -> Result<usize, Error> {
    let n: i64 = sqlx::query_scalar!(r#"select count(*) as "n!" from doc_suggestion where doc = $1 and state = 'open'"#, doc.0)
        .fetch_one(&mut **tx)
        .await?;
    Ok(usize::try_from(n).unwrap_or_default())
}

/// Writes a new one; the number of the one that is given is not looked at.
pub(crate) async fn add(tx: &mut Tx, new: &Suggestion) -> Result<SuggestionId, Error> {
    let id: i64 = sqlx::query_scalar!(
        "insert into doc_suggestion (doc, anchor_start, anchor_end, original, replacement, note, made_by, made_person, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         returning id",
        new.doc.0,
        &new.anchors.start[..],
        &new.anchors.end[..],
        new.original,
        new.replacement,
        new.note,
        new.by.name,
        new.by.person.map(|person| person.0),
        new.at.to_utc(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(SuggestionId(id))
}

/// Writes what became of one.
pub(crate) async fn settle(
    tx: &mut Tx,
    id: SuggestionId,
    state: State,
    settled: &Settled,
    seq: Option<i64>,
) -> Result<(), Error> {
    sqlx::query!(
        "update doc_suggestion
         set
           state = $2,
           settled_by = $3,
           settled_person = $4,
           settled_at = $5,
           settled_seq = $6
         where id = $1",
        id.0,
        state.as_str(),
        settled.by.name,
        settled.by.person.map(|person| person.0),
        settled.at.to_utc(),
        seq,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
