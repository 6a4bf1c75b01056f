//! `delivery_personal`, and what is taken back from its deliveries.

use super::corrupt;
use super::outbox::{Taken, TakenRow, taken};
use crate::deliveries::{DeliveryId, Withdrawal};
use crate::error::Error;
use crate::personal::{NewPersonal, Reach, Stored};
use figures::Locale;
use kernel::{Db, Tx};
use model::Time;
use model::ids::PersonId;
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

struct Row {
    person: Uuid,
    contact: Uuid,
    kind: String,
    place: String,
    sealed: Vec<u8>,
    locale: String,
    zone: String,
}

/// Writes where a delivery goes.
pub(crate) async fn insert(tx: &mut Tx, id: DeliveryId, page: &NewPersonal) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into delivery_personal (delivery, person, contact, kind, place, sealed, locale, zone)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id.0,
        page.person.0,
        page.contact,
        page.reach.as_str(),
        page.place,
        page.sealed,
        page.locale.as_str(),
        page.zone.name(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Where a delivery goes, if it goes to a person's own contact.
pub(crate) async fn one(db: &Db, id: DeliveryId) -> Result<Option<Stored>, Error> {
    let mut connection = db.pool().acquire().await?;
    read(&mut connection, id).await
}

/// The same in a transaction.
pub(crate) async fn one_in(tx: &mut Tx, id: DeliveryId) -> Result<Option<Stored>, Error> {
    read(tx, id).await
}

async fn read(connection: &mut PgConnection, id: DeliveryId) -> Result<Option<Stored>, Error> {
    let row: Option<Row> = sqlx::query_as!(
        Row,
        "select
           person,
           contact,
           kind,
           place,
           sealed,
           locale,
           zone
         from delivery_personal
         where delivery = $1",
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let wrong = |column: &'static str, value: &str| corrupt("delivery_personal", column, &id.to_string(), value);
    Ok(Some(Stored {
        reach: Reach::from_word(&row.kind).ok_or_else(|| wrong("kind", &row.kind))?,
        locale: Locale::from_tag(&row.locale).ok_or_else(|| wrong("locale", &row.locale))?,
        person: PersonId(row.person),
        contact: row.contact,
        place: row.place,
        sealed: row.sealed,
        zone: row.zone,
    }))
}

/// Whom these deliveries go to, as far as they go to people's own contacts.
pub(crate) async fn people(db: &Db, ids: &[DeliveryId]) -> Result<HashMap<DeliveryId, PersonId>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        "select
           delivery,
           person
         from delivery_personal
         where delivery = any($1)",
        &ids,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(|row| (DeliveryId(row.delivery), PersonId(row.person))).collect())
}

/// Takes `alerts` back from the deliveries with these keys that may still be sent. One that waits and has none left is over; one that is
/// being sent is over when its attempt did not get through.
pub(crate) async fn withdraw(
    tx: &mut Tx,
    keys: &[String],
    alerts: &[i64],
    why: Withdrawal,
    now: Time,
) -> Result<Vec<Taken>, Error> {
    let rows: Vec<TakenRow> = sqlx::query_as!(
        TakenRow,
        r#"with open as (
           select
             id,
             pass_on_at,
             alerts <@ (withdrawn || $2::bigint[]) as is_needless
           from delivery
           where key = any($1)
             and kind <> 'test'
             and (state in ('due', 'sending') or pass_on_at is not null)
             and alerts && $2::bigint[]
           order by seq
           for update
         )
         update delivery
         set withdrawn = array(select unnest(delivery.withdrawn || $2::bigint[]) intersect select unnest(delivery.alerts)),
             withdrawn_why = case when open.is_needless then $3 else delivery.withdrawn_why end,
             pass_on_at = case when open.is_needless then null else delivery.pass_on_at end,
             state = case when open.is_needless and delivery.state = 'due' then 'superseded' else delivery.state end,
             ended_at = case when open.is_needless and delivery.state = 'due' then $4 else delivery.ended_at end
         from open
         where delivery.id = open.id
         returning
           delivery.id,
           delivery.kind,
           delivery.channel,
           delivery.alerts,
           delivery.state,
           open.pass_on_at as "pass_on_at?""#,
        keys,
        alerts,
        why.as_str(),
        now.to_utc(),
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(taken).collect()
}
