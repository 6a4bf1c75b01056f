//! `incident_alert`.

use crate::alerts::LinkedAlert;
use crate::error::Error;
use kernel::{Db, Tx};
use model::Time;
use model::ids::{AlertId, IncidentId};
use std::collections::HashMap;

/// Links an alert that belongs to none. `false` when it belongs to one already.
pub(crate) async fn link(tx: &mut Tx, incident: IncidentId, alert: AlertId, by: &str, now: Time) -> Result<bool, Error> {
    let done = sqlx::query!(
        "insert into incident_alert (alert, incident, origin, linked_at, linked_by)
         values ($1, $2, $2, $3, $4)
         on conflict (alert) do nothing",
        alert.0,
        incident.0,
        now.to_utc(),
        by,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes an alert out of an incident. `false` when it was not in it.
pub(crate) async fn unlink(tx: &mut Tx, incident: IncidentId, alert: AlertId) -> Result<bool, Error> {
    let done = sqlx::query!("delete from incident_alert where alert = $1 and incident = $2", alert.0, incident.0)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// The incident an alert belongs to.
pub(crate) async fn incident_of(tx: &mut Tx, alert: AlertId) -> Result<Option<IncidentId>, Error> {
    let id: Option<i64> =
        sqlx::query_scalar!("select incident from incident_alert where alert = $1", alert.0).fetch_optional(&mut **tx).await?;
    Ok(id.map(IncidentId))
}

/// The incidents that these alerts belong to.
pub(crate) async fn incidents_of(db: &Db, alerts: &[i64]) -> Result<HashMap<i64, IncidentId>, Error> {
    let rows = sqlx::query!(
        "select
           alert,
           incident
         from incident_alert
         where alert = any($1)",
        alerts,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(|row| (row.alert, IncidentId(row.incident))).collect())
}

/// Alerts of an incident, and those that were linked to it and moved on.
pub(crate) async fn of(tx: &mut Tx, incident: IncidentId) -> Result<Vec<LinkedAlert>, Error> {
    let rows = sqlx::query!(
        "select
           alert,
           incident,
           origin,
           linked_at,
           linked_by
         from incident_alert
         where incident = $1 or origin = $1
         order by linked_at, alert",
        incident.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    let linked = rows.into_iter().map(|row| LinkedAlert {
        alert: AlertId(row.alert),
        incident: IncidentId(row.incident),
        origin: IncidentId(row.origin),
        linked_at: Time::from_utc(row.linked_at),
        linked_by: row.linked_by,
    });
    Ok(linked.collect())
}

/// How many alerts an incident has.
pub(crate) async fn count(tx: &mut Tx, incident: IncidentId) -> Result<i64, Error> {
    let n: i64 = sqlx::query_scalar!(r#"select count(*) as "n!" from incident_alert where incident = $1"#, incident.0)
        .fetch_one(&mut **tx)
        .await?;
    Ok(n)
}

/// Linked alerts whose history was not read yet, with their incidents.
pub(crate) async fn unread(db: &Db, limit: i64) -> Result<Vec<(AlertId, IncidentId)>, Error> {
    let rows = sqlx::query!(
        "select
           alert,
           incident
         from incident_alert
         where read_at is null
         order by linked_at, alert
         limit $1",
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(|row| (AlertId(row.alert), IncidentId(row.incident))).collect())
}

/// Its history was read.
pub(crate) async fn note_read(tx: &mut Tx, alert: AlertId, now: Time) -> Result<(), Error> {
    sqlx::query!("update incident_alert set read_at = $2 where alert = $1", alert.0, now.to_utc()).execute(&mut **tx).await?;
    Ok(())
}
