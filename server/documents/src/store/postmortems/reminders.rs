//! `postmortem_reminder`.

use crate::error::Error;
use kernel::Tx;
use model::Time;
use model::ids::IncidentId;
use std::collections::HashSet;

/// All that was sent about these.
pub(crate) async fn of(tx: &mut Tx, incidents: &[IncidentId]) -> Result<HashSet<(IncidentId, String)>, Error> {
    let ids: Vec<i64> = incidents.iter().map(|incident| incident.0).collect();
    let rows = sqlx::query!(
        "select
           incident,
           key
         from postmortem_reminder
         where incident = any($1)",
        &ids[..],
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (IncidentId(row.incident), row.key)).collect())
}

/// Whether this is the first time.
pub(crate) async fn note(tx: &mut Tx, incident: IncidentId, key: &str, now: Time) -> Result<bool, Error> {
    let done = sqlx::query!(
        "insert into postmortem_reminder (incident, key, at)
         values ($1, $2, $3)
         on conflict (incident, key) do nothing",
        incident.0,
        key,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
