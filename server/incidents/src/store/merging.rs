//! What hangs on an incident, moved to another: `incident_entry`, `incident_alert`, `incident_task`, `incident_follow_up`, `incident_clock`
//! and `incident_follower`.

use crate::error::Error;
use crate::timeline::EntryId;
use kernel::Tx;
use model::ids::{AlertId, IncidentId};

/// How much was moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) n_entries: u64,
    pub(crate) n_alerts: u64,
}

/// An incident and all that are part of it, directly or through others.
pub(crate) async fn family(tx: &mut Tx, id: IncidentId) -> Result<Vec<i64>, Error> {
    let ids: Vec<i64> = sqlx::query_scalar!(
        r#"with recursive part as (
             select id from incident where id = $1
             union
             select incident.id from incident join part on incident.merged_into = part.id
           )
           select id as "id!" from part order by id"#,
        id.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// Incidents that are part of this one, directly.
pub(crate) async fn parts_of(tx: &mut Tx, id: IncidentId) -> Result<Vec<IncidentId>, Error> {
    let ids: Vec<i64> =
        sqlx::query_scalar!("select id from incident where merged_into = $1 order by id", id.0).fetch_all(&mut **tx).await?;
    Ok(ids.into_iter().map(IncidentId).collect())
}

/// Incidents that were part of this one.
pub(crate) async fn split_off(tx: &mut Tx, id: IncidentId) -> Result<Vec<IncidentId>, Error> {
    let ids: Vec<i64> =
        sqlx::query_scalar!("select id from incident where split_from = $1 order by id", id.0).fetch_all(&mut **tx).await?;
    Ok(ids.into_iter().map(IncidentId).collect())
}

/// Moves what stands in one incident to another: of these origins, or all of it. Where it came from stays written.
pub(crate) async fn carry(tx: &mut Tx, from: IncidentId, to: IncidentId, origins: Option<&[i64]>) -> Result<Moved, Error> {
    let entries = sqlx::query!(
        "update incident_entry
         set incident = $2
         where incident = $1
           and ($3::bigint[] is null or origin = any($3))",
        from.0,
        to.0,
        origins,
    )
    .execute(&mut **tx)
    .await?;
    let alerts = sqlx::query!(
        "update incident_alert
         set incident = $2
         where incident = $1
           and ($3::bigint[] is null or origin = any($3))",
        from.0,
        to.0,
        origins,
    )
    .execute(&mut **tx)
    .await?;
    carry_work(tx, from, to, origins).await?;
    Ok(Moved { n_entries: entries.rows_affected(), n_alerts: alerts.rows_affected() })
}

async fn carry_work(tx: &mut Tx, from: IncidentId, to: IncidentId, origins: Option<&[i64]>) -> Result<(), Error> {
    sqlx::query!(
        "update incident_task
         set incident = $2
         where incident = $1
           and ($3::bigint[] is null or origin = any($3))",
        from.0,
        to.0,
        origins,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update incident_follow_up
         set incident = $2
         where incident = $1
           and ($3::bigint[] is null or origin = any($3))",
        from.0,
        to.0,
        origins,
    )
    .execute(&mut **tx)
    .await?;
    // The clock of a follow-up goes with it.
    sqlx::query!(
        "update incident_clock
         set incident = incident_follow_up.incident
         from incident_follow_up
         where incident_follow_up.id = incident_clock.follow_up
           and incident_follow_up.incident = $1
           and incident_clock.incident <> $1",
        to.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Who follows one follows the other too.
pub(crate) async fn carry_followers(tx: &mut Tx, from: IncidentId, to: IncidentId) -> Result<(), Error> {
    sqlx::query!(
        "insert into incident_follower (incident, person)
         select
           $2,
           person
         from incident_follower
         where incident = $1
         on conflict do nothing",
        from.0,
        to.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Moves these alerts, all lines about them, and these lines to another incident.
pub(crate) async fn carry_some(
    tx: &mut Tx,
    from: IncidentId,
    to: IncidentId,
    alerts: &[AlertId],
    entries: &[EntryId],
) -> Result<Moved, Error> {
    let alerts: Vec<i64> = alerts.iter().map(|alert| alert.0).collect();
    let entries: Vec<i64> = entries.iter().map(|entry| entry.0).collect();
    let moved_alerts = sqlx::query!(
        "update incident_alert
         set incident = $2
         where incident = $1
           and alert = any($3)",
        from.0,
        to.0,
        &alerts[..],
    )
    .execute(&mut **tx)
    .await?;
    let moved_entries = sqlx::query!(
        "update incident_entry
         set incident = $2
         where incident = $1
           and (id = any($4)
                or (kind in ('alert', 'page', 'escalation') and (body ->> 'alert')::bigint = any($3)))",
        from.0,
        to.0,
        &alerts[..],
        &entries[..],
    )
    .execute(&mut **tx)
    .await?;
    Ok(Moved { n_entries: moved_entries.rows_affected(), n_alerts: moved_alerts.rows_affected() })
}
