//! `alert_routing`: what was applied, the newest in force.

use super::corrupt;
use crate::error::Error;
use crate::routes::file::Definition;
use crate::routing::looking::Revision;
use kernel::Tx;
use model::Time;
use serde_json::Value;

/// Any number that no other advisory lock of the product uses: "routes" in ASCII.
const APPLY_LOCK: i64 = 0x72_6f_75_74_65_73;

/// Lets one `apply` at a time.
pub(crate) async fn lock(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock($1)", APPLY_LOCK).execute(&mut **tx).await?;
    Ok(())
}

/// The number of what is in force; 0 while nothing was applied.
pub(crate) async fn revision(tx: &mut Tx) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select coalesce(max(revision), 0) as "revision!" from alert_routing"#).fetch_one(&mut **tx).await
}

/// What is in force, with its number; nothing and 0 while nothing was applied.
pub(crate) async fn newest(tx: &mut Tx) -> Result<(i64, Definition), Error> {
    let row = sqlx::query!(
        "select
           revision,
           definition
         from alert_routing
         order by revision desc
         limit 1",
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else {
        return Ok((0, Definition::default()));
    };
    let read: Result<Definition, serde_json::Error> = serde_json::from_value(row.definition);
    let definition: Definition =
        read.map_err(|error| corrupt("alert_routing", "definition", &row.revision.to_string(), &error.to_string()))?;
    Ok((row.revision, definition))
}

/// What was applied, the newest first: its number, when, and by whom.
pub(crate) async fn history(tx: &mut Tx, limit: i64) -> Result<Vec<Revision>, sqlx::Error> {
    let rows = sqlx::query!(
        "select
           revision,
           applied_at,
           applied_by
         from alert_routing
         order by revision desc
         limit $1",
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    let revisions =
        rows.into_iter().map(|row| Revision { number: row.revision, at: Time::from_utc(row.applied_at), by: row.applied_by });
    Ok(revisions.collect())
}

/// Puts another in force, and says its number.
pub(crate) async fn add(tx: &mut Tx, definition: &Definition, by: &str, now: Time) -> Result<i64, Error> {
    let json: Value =
        serde_json::to_value(definition).map_err(|source| Error::Encode { rule: "of routes".to_owned(), source })?;
    let revision: i64 = sqlx::query_scalar!(
        "insert into alert_routing (definition, applied_at, applied_by)
         values ($1, $2, $3)
         returning revision",
        json,
        now.to_utc(),
        by,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(revision)
}
