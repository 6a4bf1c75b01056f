//! `incident_setup`.

use super::corrupt;
use crate::error::Error;
use crate::scheme::{Definition, SetUp};
use kernel::Tx;
use model::Time;
use serde_json::Value;

/// Any number that no other advisory lock of the product uses: "levels" in ASCII.
const LOCK: i64 = 0x6c_65_76_65_6c_73;

/// Lets one change at a time.
pub(crate) async fn lock(tx: &mut Tx) -> Result<(), Error> {
    sqlx::query!("select pg_advisory_xact_lock($1)", LOCK).execute(&mut **tx).await?;
    Ok(())
}

/// What is set up.
pub(crate) async fn read(tx: &mut Tx) -> Result<SetUp, Error> {
    let row = sqlx::query!(
        "select
           version,
           definition,
           changed_by,
           changed_at
         from incident_setup",
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else {
        return Ok(SetUp { definition: Definition::default(), version: 0, changed_by: None, changed_at: None });
    };
    let read: Result<Definition, serde_json::Error> = serde_json::from_value(row.definition);
    let definition: Definition = read.map_err(|error| corrupt("incident_setup", "definition", "1", &error.to_string()))?;
    Ok(SetUp {
        definition,
        version: row.version,
        changed_by: Some(row.changed_by),
        changed_at: Some(Time::from_utc(row.changed_at)),
    })
}

/// Writes it over what was there.
pub(crate) async fn write(tx: &mut Tx, definition: &Definition, version: i64, by: &str, now: Time) -> Result<(), Error> {
    let written: Value = serde_json::to_value(definition).map_err(Error::Encode)?;
    sqlx::query!(
        "insert into incident_setup (version, definition, changed_by, changed_at)
         values ($1, $2, $3, $4)
         on conflict (is_the_one) do update
         set version = excluded.version,
             definition = excluded.definition,
             changed_by = excluded.changed_by,
             changed_at = excluded.changed_at",
        version,
        written,
        by,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
