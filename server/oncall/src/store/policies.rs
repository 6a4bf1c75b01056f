//! `oncall_policy`.

use super::corrupt;
use crate::error::Error;
use crate::policies::Policy;
use crate::policies::keeping::PolicyRow;
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use serde_json::Value;

/// Any number that no other advisory lock of the product uses: "policy" in ASCII.
const LOCK: i64 = 0x70_6f_6c_69_63_79;

struct Row {
    name: String,
    version: i64,
    definition: Value,
    is_from_file: bool,
    changed_by: String,
    changed_at: DateTime<Utc>,
}

/// Lets one change at a time.
pub(crate) async fn lock(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock($1)", LOCK).execute(&mut **tx).await?;
    Ok(())
}

/// Every policy by name, or the one of that name.
pub(crate) async fn list(tx: &mut Tx, name: Option<&str>) -> Result<Vec<PolicyRow>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           name,
           version,
           definition,
           is_from_file,
           changed_by,
           changed_at
         from oncall_policy
         where $1::text is null
            or name = $1
         order by name",
        name,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<PolicyRow, Error> {
    let policy: Result<Policy, serde_json::Error> = serde_json::from_value(row.definition);
    let policy: Policy = policy.map_err(|error| corrupt("oncall_policy", "definition", &row.name, &error.to_string()))?;
    Ok(PolicyRow {
        policy,
        version: row.version,
        is_from_file: row.is_from_file,
        changed_by: row.changed_by,
        changed_at: Time::from_utc(row.changed_at),
    })
}

/// Writes a policy over the one of its name, or for the first time.
pub(crate) async fn write(tx: &mut Tx, row: &PolicyRow) -> Result<(), Error> {
    let definition: Value = serde_json::to_value(&row.policy).map_err(Error::Encode)?;
    sqlx::query!(
        "insert into oncall_policy (name, version, definition, is_from_file, changed_by, changed_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (name) do update
         set version = excluded.version,
             definition = excluded.definition,
             is_from_file = excluded.is_from_file,
             changed_by = excluded.changed_by,
             changed_at = excluded.changed_at",
        row.policy.name,
        row.version,
        definition,
        row.is_from_file,
        row.changed_by,
        row.changed_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes a policy away.
pub(crate) async fn remove(tx: &mut Tx, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from oncall_policy where name = $1", name).execute(&mut **tx).await?;
    Ok(())
}
