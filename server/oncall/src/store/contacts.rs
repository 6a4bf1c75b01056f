//! `oncall_contact`.

use super::corrupt;
use crate::contacts::{ContactId, ContactKind, ContactRow};
use crate::error::Error;
use chrono::{DateTime, Utc};
use figures::Locale;
use kernel::{Db, Tx};
use model::Time;
use model::ids::PersonId;
use uuid::Uuid;

/// A contact as it lies in the database.
#[derive(Clone)]
pub(crate) struct Stored {
    pub(crate) row: ContactRow,
    pub(crate) sealed: Vec<u8>,
    pub(crate) mark: Vec<u8>,
    pub(crate) code: Option<Vec<u8>>,
    pub(crate) code_sent_at: Option<Time>,
    pub(crate) codes_sent: i32,
    pub(crate) guesses: i32,
}

struct Row {
    id: Uuid,
    person: Uuid,
    kind: String,
    label: String,
    shown: String,
    sealed: Vec<u8>,
    mark: Vec<u8>,
    locale: String,
    zone: String,
    made_at: DateTime<Utc>,
    verified_at: Option<DateTime<Utc>>,
    code: Option<Vec<u8>>,
    code_until: Option<DateTime<Utc>>,
    code_sent_at: Option<DateTime<Utc>>,
    codes_sent: i32,
    guesses: i32,
    last_ok_at: Option<DateTime<Utc>>,
    last_fail_at: Option<DateTime<Utc>>,
    last_error: Option<String>,
}

fn read(row: Row) -> Result<Stored, Error> {
    let id: String = row.id.to_string();
    let kind: Option<ContactKind> = ContactKind::from_word(&row.kind);
    let locale: Option<Locale> = Locale::from_tag(&row.locale);
    let shown = ContactRow {
        id: ContactId(row.id),
        person: PersonId(row.person),
        kind: kind.ok_or_else(|| corrupt("oncall_contact", "kind", &id, &row.kind))?,
        label: row.label,
        shown: row.shown,
        locale: locale.ok_or_else(|| corrupt("oncall_contact", "locale", &id, &row.locale))?,
        zone: row.zone,
        made_at: Time::from_utc(row.made_at),
        verified_at: super::time(row.verified_at),
        code_until: super::time(row.code_until),
        last_ok_at: super::time(row.last_ok_at),
        last_fail_at: super::time(row.last_fail_at),
        last_error: row.last_error,
    };
    Ok(Stored {
        row: shown,
        sealed: row.sealed,
        mark: row.mark,
        code: row.code,
        code_sent_at: super::time(row.code_sent_at),
        codes_sent: row.codes_sent,
        guesses: row.guesses,
    })
}

/// The contacts of these people, the oldest first.
pub(crate) async fn of_people(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<Stored>, Error> {
    let people: Vec<Uuid> = people.iter().map(|person| person.0).collect();
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           person,
           kind,
           label,
           shown,
           sealed,
           mark,
           locale,
           zone,
           made_at,
           verified_at,
           code,
           code_until,
           code_sent_at,
           codes_sent,
           guesses,
           last_ok_at,
           last_fail_at,
           last_error
         from oncall_contact
         where person = any($1)
         order by made_at, id",
        &people,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

/// Locks a contact, if it is there.
pub(crate) async fn lock(tx: &mut Tx, id: ContactId) -> Result<Option<Stored>, Error> {
    let row: Option<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           person,
           kind,
           label,
           shown,
           sealed,
           mark,
           locale,
           zone,
           made_at,
           verified_at,
           code,
           code_until,
           code_sent_at,
           codes_sent,
           guesses,
           last_ok_at,
           last_fail_at,
           last_error
         from oncall_contact
         where id = $1
         for update",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(read).transpose()
}

/// From here to the end of the transaction nobody else adds contacts for this person.
pub(crate) async fn lock_person(tx: &mut Tx, person: PersonId) -> Result<(), sqlx::Error> {
    let number: i64 = i64::from_be_bytes(last_eight(person.0));
    sqlx::query!("select pg_advisory_xact_lock($1)", number).execute(&mut **tx).await?;
    Ok(())
}

/// The random half of a UUID v7.
fn last_eight(id: Uuid) -> [u8; 8] {
    let mut eight: [u8; 8] = [0; 8];
    eight.copy_from_slice(&id.as_bytes()[8..]);
    eight
}

/// Writes a contact. `false` when this person has one with this address.
pub(crate) async fn insert(tx: &mut Tx, stored: &Stored) -> Result<bool, sqlx::Error> {
    let row: &ContactRow = &stored.row;
    let done = sqlx::query!(
        "insert into oncall_contact (id, person, kind, label, shown, sealed, mark, locale, zone, made_at, verified_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (person, kind, mark) do nothing",
        row.id.0,
        row.person.0,
        row.kind.as_str(),
        row.label,
        row.shown,
        stored.sealed,
        stored.mark,
        row.locale.as_str(),
        row.zone,
        row.made_at.to_utc(),
        super::utc(row.verified_at),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a code went there.
pub(crate) async fn note_code(tx: &mut Tx, id: ContactId, code: &[u8], until: Time, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_contact
         set code = $2,
             code_until = $3,
             code_sent_at = $4,
             codes_sent = codes_sent + 1,
             guesses = 0
         where id = $1",
        id.0,
        code,
        until.to_utc(),
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes that a wrong code was typed.
pub(crate) async fn note_guess(tx: &mut Tx, id: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!("update oncall_contact set guesses = guesses + 1 where id = $1", id.0).execute(&mut **tx).await?;
    Ok(())
}

/// Notes that it is its person's.
pub(crate) async fn verify(tx: &mut Tx, id: ContactId, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_contact
         set verified_at = $2,
             code = null,
             code_until = null
         where id = $1",
        id.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes that a provider took a message.
pub(crate) async fn note_ok(tx: &mut Tx, id: ContactId, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("update oncall_contact set last_ok_at = $2 where id = $1", id.0, now.to_utc()).execute(&mut **tx).await?;
    Ok(())
}

/// Notes that a message did not get through.
pub(crate) async fn note_failure(tx: &mut Tx, id: ContactId, reason: Option<&str>, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_contact
         set last_fail_at = $2,
             last_error = $3
         where id = $1",
        id.0,
        now.to_utc(),
        reason,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes a contact.
pub(crate) async fn remove(tx: &mut Tx, id: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from oncall_contact where id = $1", id.0).execute(&mut **tx).await?;
    Ok(())
}

/// Whether anybody has a verified contact.
pub(crate) async fn is_any_verified(db: &Db) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select exists (select 1 from oncall_contact where verified_at is not null) as "any!""#)
        .fetch_one(db.pool())
        .await
}
