//! `dashboard_draft`.

use super::decoded;
use crate::error::Error;
use dashboard::Dashboard;
use kernel::Tx;
use model::Time;
use model::ids::PersonId;

/// A draft as it is kept.
pub(crate) struct Kept {
    pub(crate) dashboard: Dashboard,
    pub(crate) base: i64,
    /// What it was before its last steps, the newest last.
    pub(crate) earlier: Vec<Dashboard>,
    pub(crate) changed_at: Time,
}

/// A person's draft, locked until the transaction ends.
pub(crate) async fn one(tx: &mut Tx, person: PersonId, slug: &str) -> Result<Option<Kept>, Error> {
    let found = sqlx::query!(
        "select
           base,
           definition,
           earlier,
           changed_at
         from dashboard_draft
         where person = $1
           and slug = $2
         for update",
        person.0,
        slug,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = found else { return Ok(None) };
    Ok(Some(Kept {
        dashboard: decoded(row.definition, "dashboard_draft", "definition", slug)?,
        base: row.base,
        earlier: decoded(row.earlier, "dashboard_draft", "earlier", slug)?,
        changed_at: Time::from_utc(row.changed_at),
    }))
}

/// Keeps a draft in the place of the one before.
pub(crate) async fn put(tx: &mut Tx, person: PersonId, slug: &str, kept: &Kept) -> Result<(), Error> {
    sqlx::query!(
        "insert into dashboard_draft (person, slug, base, definition, earlier, changed_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (person, slug) do update
         set base = excluded.base,
             definition = excluded.definition,
             earlier = excluded.earlier,
             changed_at = excluded.changed_at",
        person.0,
        slug,
        kept.base,
        serde_json::to_value(&kept.dashboard)?,
        serde_json::to_value(&kept.earlier)?,
        kept.changed_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets a draft.
pub(crate) async fn drop(tx: &mut Tx, person: PersonId, slug: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from dashboard_draft where person = $1 and slug = $2", person.0, slug).execute(&mut **tx).await?;
    Ok(())
}

/// Forgets the drafts that nobody has touched since before then. Says how many.
pub(crate) async fn drop_old(tx: &mut Tx, before: Time) -> Result<u64, sqlx::Error> {
    let gone = sqlx::query!("delete from dashboard_draft where changed_at < $1", before.to_utc()).execute(&mut **tx).await?;
    Ok(gone.rows_affected())
}
