//! `postmortem_setup` and `postmortem_work`.

use crate::error::Error;
use kernel::Tx;
use model::Time;
use model::postmortem::Policy;
use serde_json::Value;

/// The policy and its version; `None` before anybody changed it.
pub(crate) async fn policy(tx: &mut Tx) -> Result<Option<(i64, Policy)>, Error> {
    let row = sqlx::query!("select version, definition from postmortem_setup").fetch_optional(&mut **tx).await?;
    row.map(|row| Ok((row.version, serde_json::from_value(row.definition)?))).transpose()
}

/// Writes it, if it is still of that version (0: none yet).
pub(crate) async fn save(tx: &mut Tx, version: i64, policy: &Policy, by: &str, now: Time) -> Result<bool, Error> {
    let definition: Value = serde_json::to_value(policy)?;
    let done = sqlx::query!(
        "insert into postmortem_setup as mine (version, definition, changed_by, changed_at)
         values ($1::bigint + 1, $2, $3, $4)
         on conflict (is_the_one) do update
         set version = excluded.version,
             definition = excluded.definition,
             changed_by = excluded.changed_by,
             changed_at = excluded.changed_at
         where mine.version = $1",
        version,
        definition,
        by,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether nobody has looked since then; whoever is told so looks now.
pub(crate) async fn begin_look(tx: &mut Tx, since: Time, now: Time) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update postmortem_work
         set looked_at = $2
         where looked_at <= $1",
        since.to_utc(),
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
